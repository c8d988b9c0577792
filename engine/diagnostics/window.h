#pragma once

#include <cstddef>
#include <string_view>

/// How much of a user's line is shown. Nothing outside of diagnostics/ includes it.
namespace plumb::diagnostics {

inline constexpr std::size_t narrowest = 20;  // columns for words: with less, lines are better too long than cut to bits

/// How much is shown of a user's line, in columns.
struct Cut {
  std::size_t most = 110;
  std::size_t most_before = 70;  // of them before the span, while the line's begin can still be shown
  std::size_t some_before = 30;  // of them before the span otherwise
};

/// What there is room for in lines of `width` columns, 0 for lines without a limit, behind a gutter.
Cut cut_to(std::size_t width, std::size_t gutter);

/// The part of a line that is shown, in bytes from the line's begin.
struct Window {
  std::size_t begin;
  std::size_t end;
};

/// The whole line if there is room for it, else what lies around the byte `focus`. Cost: that of what is shown.
Window window_around(std::string_view line, std::size_t focus, const Cut& cut);

}  // namespace plumb::diagnostics
