#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "time/time.h"

/// Text as other programs take it, appended to a buffer. The texts come from files that anybody may have written:
/// whatever the bytes, the result is valid UTF-8.
namespace plumb::report {

/// Reports have millions of rows: a buffer is handed on as the result, never copied.
using Buffer = std::string;

inline void append(Buffer& out, std::string_view text) { out.append(text); }

/// A JSON string with its quotes. A byte that is no UTF-8 becomes U+FFFD.
void append_json(Buffer& out, std::string_view text);

/// An instant as a JSON string in UTC. Missing: null, also for `Instant::max()`, which stands for no date at all.
void append_json(Buffer& out, time::Instant at);

/// A CSV cell, quoted where RFC 4180 asks for it. A cell that a spreadsheet would take for a formula gets an
/// apostrophe in front.
void append_csv(Buffer& out, std::string_view text);

/// Whether a text is a CSV cell as it stands.
bool is_csv(std::string_view text);

/// A CSV cell that `write` appends piece by piece.
template <class Write>
void append_csv_of(Buffer& out, Write write) {
  const std::size_t begin = out.size();
  write();
  if (is_csv(std::string_view(out).substr(begin))) return;
  const std::string cell = out.substr(begin);
  out.resize(begin);
  append_csv(out, cell);
}

/// `2026-03-02T09:00:00Z`, with a fraction where it is not zero. Missing: nothing.
void append_utc(Buffer& out, time::Instant at);

/// True when the instant is one that a calendar has.
inline bool is_date(time::Instant at) { return at.known() && at != time::Instant::max(); }

/// What a terminal may be shown: control characters and bytes that are no UTF-8 are `�`, a line break is a blank.
std::string shown(std::string_view text);

/// The number of characters. Unit: code points.
std::size_t width_of(std::string_view text);

}  // namespace plumb::report
