#include "diagnostics/wrap.h"

#include <algorithm>

#include "diagnostics/shown.h"

namespace plumb::diagnostics {

std::size_t columns_of(std::string_view shown) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < shown.size();) {
    const Cell cell = cell_at(shown, at);
    columns += cell.width;
    at += cell.size;
  }
  return columns;
}

std::vector<std::string> wrap(std::string_view shown, std::size_t first, std::size_t room) {
  if (room == 0) return {std::string(shown)};
  std::vector<std::string> lines(1);
  std::size_t used = 0;
  for (bool begins = true; begins || !shown.empty(); begins = false) {
    const std::size_t end = std::min(shown.find(' '), shown.size());
    const std::string_view word = shown.substr(0, end);
    shown.remove_prefix(std::min(end + 1, shown.size()));
    const std::size_t columns = columns_of(word);
    if (!begins && used + 1 + columns > (lines.size() == 1 ? first : room)) {
      lines.emplace_back();
      used = 0;
    } else if (!begins) {
      lines.back() += ' ';
      ++used;
    }
    lines.back() += word;
    used += columns;
  }
  return lines;
}

}  // namespace plumb::diagnostics
