#include "plumb/manual.h"

#include <algorithm>

#include <sys/ioctl.h>
#include <unistd.h>

namespace plumb::tool {

namespace {

constexpr std::string_view fence_mark = "```";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// 0: the line is no heading.
std::size_t level_of(std::string_view line) {
  const std::size_t marks = std::min(line.find_first_not_of('#'), line.size());
  return marks > 0 && marks < line.size() && line[marks] == ' ' ? marks : 0;
}

std::string without_ticks(std::string_view text) {
  std::string plain(text);
  plain.erase(std::remove(plain.begin(), plain.end(), '`'), plain.end());
  return plain;
}

}  // namespace

std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts;
  bool in_fence = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(fence_mark)) in_fence = !in_fence;
    const std::size_t level = in_fence ? 0 : level_of(line);
    if (level > 0) {
      parts.push_back({level, without_ticks(trimmed(line.substr(level))), {}});
    } else if (!parts.empty()) {
      parts.back().lines.push_back(line);
    }
  }
  return parts;
}

std::vector<Fence> fences_of(const Part& part) {
  std::vector<Fence> fences;
  bool in_fence = false;
  for (const std::string_view line : part.lines) {
    if (line.starts_with(fence_mark)) {
      in_fence = !in_fence;
      if (in_fence) fences.push_back({trimmed(line.substr(fence_mark.size())), {}});
    } else if (in_fence) {
      fences.back().lines.push_back(line);
    }
  }
  return fences;
}

std::size_t text_width() {
  constexpr std::size_t usual = 80, narrowest = 40, widest = 100;
  winsize size{};
  if (::isatty(STDOUT_FILENO) != 1 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return std::clamp<std::size_t>(size.ws_col, narrowest, widest);
}

std::string underlined(std::string_view title, char with) {
  const auto width = std::count_if(title.begin(), title.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return std::string(title) + '\n' + std::string(static_cast<std::size_t>(width), with) + '\n';
}

}  // namespace plumb::tool
