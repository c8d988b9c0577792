#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "time/calendar.h"
#include "time/time.h"

namespace plumb::time {

/// How the parts of a numeric date are ordered in a text.
enum class DateOrder : std::uint8_t { year_month_day, day_month_year, month_day_year };

/// A date or an instant as a file or the command line gives it.
struct Reading {
  Instant at;               // known when a time of day was given
  Day day;                  // known when only a date was given
  bool has_offset = false;  // the text carried Z or an offset; otherwise the zone passed in was used
};

/// Reads `2026-03-02`, `2026-03-02 09:00`, `2026-03-02T09:00:00.123456Z`, `…+01:00`, `…+0100`, `…+01` (a space before
/// the offset is allowed); with another `order` also `25/05/2026`, `25.05.2026` or `25-05-2026` (one- or two-digit
/// parts, a four-digit year), each with an optional time of day, which may then have an hour of one digit, a comma
/// before it and `AM` or `PM` behind. Fractions have up to nine digits; what is finer than a
/// microsecond is dropped; 13 digits are milliseconds since 1970, ten are seconds. A local time is in `zone`. No allocation; 30 to 60 ns
/// Errors: what is no date, what no calendar has (2026-02-30), 24:00 and leap seconds, a local time that does not exist
/// or exists twice (each said as such), years outside 1900 … 2200 (`0000-00-00`, `0001-01-01` and `9999-12-31` are
/// called placeholders in the message), spaces around and anything after.
Result<Reading> parse_reading(std::string_view text, const Zone& zone, DateOrder order = DateOrder::year_month_day);

/// What systems write where they have no time: the first day of 1900 or of 1970, also with midnight in UTC or in `zone`.
bool stands_for_none(const Reading& reading, const Zone& zone);

/// Reads what nearly every export writes, `2026-03-02 09:00:30` with a `T`, a fraction of up to six digits or a `Z` or
/// without, and remembers the last date: the rows of a file mostly follow one another. Cost: some 10 ns.
class CommonTimes {
 public:
  /// As parse_reading gives it. False for any other text and whatever may be wrong with this one: ask parse_reading.
  bool read(std::string_view text, const Zone& zone, Reading& reading);

 private:
  std::uint64_t date_ = 0;  // the first eight characters of the last date, and the two behind them
  std::uint16_t end_of_date_ = 0;
  Zone zone_;
  Day day_;
  std::optional<std::int64_t> offset_;  // of the day in the zone
};

}  // namespace plumb::time
