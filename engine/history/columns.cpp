#include "history/columns.h"

namespace plumb::history {

void Cells::widen() {
  if (is_wide()) return;
  wide.reserve(narrow.capacity());
  for (const std::int32_t value : std::as_const(narrow)) wide.push_back(widened(value));
  narrow = {};
}

void Cells::resize(std::size_t size, std::int64_t value) {
  if (!is_wide() && size > narrow.size() && !fits(value)) widen();
  if (is_wide()) {
    wide.resize(size, value);
  } else {
    narrow.resize(size, size > narrow.size() ? narrowed(value) : 0);
  }
}

void Cells::extend(std::size_t count, bool of_wide) {
  if (of_wide) widen();
  if (of_wide || is_wide()) {
    wide.extend(count);
  } else {
    narrow.extend(count);
  }
}

bool Cells::fits(std::size_t count, bool of_wide) const {
  const bool same = of_wide == is_wide() || !of_wide || empty();
  return same && (of_wide || is_wide() ? wide.capacity() : narrow.capacity()) >= size() + count;
}

void Cells::reserve(std::size_t size, bool of_wide) {
  if (of_wide || is_wide()) {
    wide.reserve(size);
  } else {
    narrow.reserve(size);
  }
}

}  // namespace plumb::history
