#include "diagnostics/window.h"

#include <algorithm>

#include "diagnostics/shown.h"
#include "source/utf8.h"

namespace plumb::diagnostics {

namespace {

// A character without a width still counts, so that a heap of combining marks is cut too.
std::size_t weight(std::string_view line, std::size_t at) { return std::max<std::size_t>(1, cell_at(line, at).width); }

std::size_t walk_back(std::string_view line, std::size_t at, std::size_t room) {
  while (at > 0) {
    const std::size_t before = source::previous(line, at);
    const std::size_t cost = weight(line, before);
    if (cost > room) break;
    room -= cost;
    at = before;
  }
  return at;
}

std::size_t walk_on(std::string_view line, std::size_t at, std::size_t room) {
  while (at < line.size()) {
    const std::size_t cost = weight(line, at);
    if (cost > room) break;
    room -= cost;
    at += cell_at(line, at).size;
  }
  return at;
}

}  // namespace

Cut cut_to(std::size_t width, std::size_t gutter) {
  if (width == 0) return {};
  const std::size_t frame = gutter + 5;  // ` | ` and two `…`
  const std::size_t most = std::max(narrowest, width - std::min(width, frame));
  return {most, most * 7 / 11, most * 3 / 11};
}

Window window_around(std::string_view line, std::size_t focus, const Cut& cut) {
  const bool reaches_begin = walk_back(line, focus, cut.most) == 0;
  if (reaches_begin && walk_on(line, 0, cut.most) == line.size()) return {0, line.size()};
  const bool begin_is_near = walk_back(line, focus, cut.most_before) == 0;
  const std::size_t begin = begin_is_near ? 0 : walk_back(line, focus, cut.some_before);
  return {begin, walk_on(line, begin, cut.most)};
}

}  // namespace plumb::diagnostics
