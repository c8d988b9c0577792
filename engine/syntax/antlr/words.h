#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "time/time.h"

namespace plumb::syntax::antlr {

/// The keyword that a token type spells. Missing: empty for every other token.
std::string_view keyword_of(std::size_t type);
/// Missing: nullopt for what is no keyword.
std::optional<std::size_t> type_of_keyword(std::string_view word);

/// `2026-03-02`, of the shape the lexer has checked. Missing: a day that no calendar has.
std::optional<time::Day> read_date(std::string_view text);
/// `09:00`, `9:00:30`, `24:00`. Unit: microseconds since midnight. Missing: a time that no day has.
std::optional<std::int64_t> read_clock(std::string_view text);
/// The offset at the end of `09:00+01:00`, `09:00Z`. Unit: seconds east. Missing: an offset that no zone has.
std::optional<int> read_offset(std::string_view text);

}  // namespace plumb::syntax::antlr
