#include "time/parse_time.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

namespace plumb::time {

namespace {

constexpr int first_year = 1900;
constexpr int last_year = 2200;
constexpr std::int64_t micros_per_minute = 60 * micros_per_second;

// No place is or was farther from Greenwich; more is a typing error.
constexpr int largest_offset_minutes = 18 * 60;

// What can be wrong with a text. The sentence is made only when it is needed: reading a good text allocates nothing.
enum class Wrong : std::uint8_t {
  nothing,
  no_date,
  no_time,
  placeholder,
  no_such_day,
  year,
  midnight_as_24,
  leap_second,
  no_such_time,
  offset,
  junk,
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Parts {
  int year = 0, month = 0, day = 0;
  bool has_time = false;
  std::int64_t time = 0;  // microseconds since midnight
  bool has_offset = false;
  int offset_minutes = 0;  // east
};

// What is left to read; every take_… removes what it reads from the front.
struct Reader {
  std::string_view rest;

  bool at_digit() const { return !rest.empty() && is_digit(rest.front()); }

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }

  // A number of `least` to `most` digits that no further digit follows; -1 if there is none.
  int take_number(std::size_t least, std::size_t most) {
    int value = 0;
    std::size_t used = 0;
    while (used < rest.size() && used < most && is_digit(rest[used])) value = value * 10 + (rest[used++] - '0');
    if (used < least) return -1;
    rest.remove_prefix(used);
    return value;
  }
};

Wrong take_year_first(Reader& in, Parts& parts) {
  parts.year = in.take_number(4, 4);
  if (parts.year < 0 || !in.take('-')) return Wrong::no_date;
  parts.month = in.take_number(2, 2);
  if (parts.month < 0 || !in.take('-')) return Wrong::no_date;
  parts.day = in.take_number(2, 2);
  return parts.day < 0 ? Wrong::no_date : Wrong::nothing;
}

Wrong take_year_last(Reader& in, Parts& parts, DateOrder order) {
  const int first = in.take_number(1, 2);
  if (first < 0 || in.rest.empty()) return Wrong::no_date;
  const char mark = in.rest.front();
  if ((mark != '/' && mark != '.' && mark != '-') || !in.take(mark)) return Wrong::no_date;
  const int second = in.take_number(1, 2);
  if (second < 0 || !in.take(mark)) return Wrong::no_date;
  parts.year = in.take_number(4, 4);
  if (parts.year < 0) return Wrong::no_date;
  parts.day = order == DateOrder::day_month_year ? first : second;
  parts.month = order == DateOrder::day_month_year ? second : first;
  return Wrong::nothing;
}

Wrong take_date(Reader& in, Parts& parts, DateOrder order) {
  const bool year_first = in.rest.size() > 4 && in.rest[4] == '-' && is_digit(in.rest[2]) && is_digit(in.rest[3]);
  const Wrong wrong =
      order == DateOrder::year_month_day || year_first ? take_year_first(in, parts) : take_year_last(in, parts, order);
  return wrong == Wrong::nothing && in.at_digit() ? Wrong::no_date : wrong;
}

// Up to nine digits; what is finer than a microsecond is dropped. False when there is no digit or there are too many.
bool take_fraction(Reader& in, std::int64_t& micros) {
  int digits = 0;
  std::int64_t unit = micros_per_second / 10;
  for (; in.at_digit(); in.rest.remove_prefix(1), unit /= 10, ++digits) micros += (in.rest.front() - '0') * unit;
  return digits >= 1 && digits <= 9;
}

// ` PM`, `PM`, also behind the blanks that some systems write there. False where neither half of the day is named.
bool take_half(Reader& in, bool& afternoon) {
  Reader ahead = in;
  for (const std::string_view blank : {" ", "\xC2\xA0", "\xE2\x80\xAF"}) {
    if (ahead.rest.starts_with(blank)) ahead.rest.remove_prefix(blank.size());
  }
  const auto is = [&](std::size_t at, char letter) {
    return at < ahead.rest.size() && (ahead.rest[at] == letter || ahead.rest[at] == letter - 'A' + 'a');
  };
  afternoon = is(0, 'P');
  if ((!afternoon && !is(0, 'A')) || !is(1, 'M')) return false;
  ahead.rest.remove_prefix(2);
  in = ahead;
  return true;
}

// `loose`: as people and their spreadsheets write it, with an hour of one digit and a clock of twelve hours.
Wrong take_time(Reader& in, Parts& parts, bool loose) {
  int hour = in.take_number(loose ? 1 : 2, 2);
  if (hour < 0 || !in.take(':')) return Wrong::no_time;
  const int minute = in.take_number(2, 2);
  if (minute < 0) return Wrong::no_time;
  int second = 0;
  std::int64_t micros = 0;
  if (in.take(':')) {
    second = in.take_number(2, 2);
    if (second < 0 || (in.take('.') && !take_fraction(in, micros))) return Wrong::no_time;
  }
  if (in.at_digit()) return Wrong::no_time;
  bool afternoon = false;
  if (loose && take_half(in, afternoon)) {
    if (hour < 1 || hour > 12) return Wrong::no_such_time;
    hour = hour % 12 + (afternoon ? 12 : 0);
  }
  if (hour == 24 && minute == 0 && second == 0 && micros == 0) return Wrong::midnight_as_24;
  if (second == 60 && hour <= 23 && minute <= 59) return Wrong::leap_second;
  if (hour > 23 || minute > 59 || second > 59) return Wrong::no_such_time;
  parts.has_time = true;
  parts.time = (hour * 60 + minute) * micros_per_minute + second * micros_per_second + micros;
  return Wrong::nothing;
}

// `Z`, `+01:00`, `+0100`, `+01`, with or without a space before.
Wrong take_offset(Reader& in, Parts& parts) {
  in.take(' ');
  parts.has_offset = true;
  if (in.take('Z')) return Wrong::nothing;
  const bool west = in.take('-');
  if (!west && !in.take('+')) return Wrong::junk;
  const int hours = in.take_number(2, 2);
  if (hours < 0) return Wrong::offset;
  const bool needs_minutes = in.take(':');
  const int minutes = needs_minutes || in.at_digit() ? in.take_number(2, 2) : 0;
  if (minutes < 0 || minutes > 59 || hours * 60 + minutes > largest_offset_minutes) return Wrong::offset;
  parts.offset_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
  return Wrong::nothing;
}

bool is_placeholder(const Parts& parts) {
  return (parts.year == 0 && parts.month == 0 && parts.day == 0) ||
         (parts.year == 1 && parts.month == 1 && parts.day == 1) ||
         (parts.year == 9999 && parts.month == 12 && parts.day == 31);
}

Wrong take_all(Reader& in, Parts& parts, DateOrder order, std::optional<Day>& day) {
  if (const Wrong wrong = take_date(in, parts, order); wrong != Wrong::nothing) return wrong;
  if (is_placeholder(parts)) return Wrong::placeholder;
  if (!in.rest.empty()) {
    const bool loose = order != DateOrder::year_month_day;
    if (loose && in.rest.starts_with(", ")) in.take(',');
    if (!in.take('T') && !in.take(' ')) return Wrong::junk;
    if (!in.at_digit()) return Wrong::junk;
    if (const Wrong wrong = take_time(in, parts, loose); wrong != Wrong::nothing) return wrong;
    if (!in.rest.empty()) {
      if (const Wrong wrong = take_offset(in, parts); wrong != Wrong::nothing) return wrong;
    }
    if (!in.rest.empty()) return Wrong::junk;
  }
  day = day_of(parts.year, parts.month, parts.day);
  if (parts.year < first_year || parts.year > last_year) return Wrong::year;
  return day ? Wrong::nothing : Wrong::no_such_day;
}

// The numbers of eight characters that are two digits, a mark, two digits, a mark and two digits. False for others.
bool take_pairs(const char* text, char mark, int& first, int& second, int& third) {
  // Each byte becomes the value of its digit, each mark nothing: the first character is the lowest byte.
  const std::uint64_t marks = static_cast<std::uint64_t>(static_cast<unsigned char>(mark)) * 0x0000010000010000U;
  std::uint64_t bytes = 0;
  for (int i = 0; i < 8; ++i) bytes |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])) << (8 * i);
  const std::uint64_t digits = bytes ^ (0x3030003030003030U | marks);
  if (((digits | (digits + 0x0606000606000606U)) & 0xF0F0FFF0F0FFF0F0U) != 0) return false;
  const auto pair = [&](int shift) {
    return static_cast<int>((digits >> shift & 0xFFU) * 10 + (digits >> (shift + 8) & 0xFFU));
  };
  first = pair(0), second = pair(24), third = pair(48);
  return true;
}

// `2026-03-02`. Missing: unknown where it is written otherwise, or there is no such day.
Day take_common_date(const char* text) {
  int century = 0, month = 0, day = 0;
  const bool year = is_digit(text[0]) && is_digit(text[1]);
  if (!year || !take_pairs(text + 2, '-', century, month, day)) return {};
  const int of_all = ((text[0] - '0') * 10 + (text[1] - '0')) * 100 + century;
  if (of_all < first_year || of_all > last_year) return {};
  return day_of(of_all, month, day).value_or(Day{});
}

// What stands behind a second: a fraction, a Z, both or nothing.
bool take_common_end(std::string_view text, std::int64_t& micros, bool& has_offset) {
  if (!text.empty() && text.front() == '.') {
    std::int64_t unit = micros_per_second;
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return false;
    for (; !text.empty() && is_digit(text.front()) && unit > 1; text.remove_prefix(1))
      micros += (text.front() - '0') * (unit /= 10);
  }
  has_offset = !text.empty() && text.front() == 'Z';
  return text.size() == (has_offset ? 1 : 0);
}

// The user's text, cut before a character at 40 bytes; control characters would garble a terminal.
std::string shown(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::size_t length = std::min(text.size(), longest);
  const bool cut = length < text.size();
  while (cut && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  std::string out(text.substr(0, length));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return cut ? out + "…" : out;
}

std::string_view form_of(DateOrder order) {
  switch (order) {
    case DateOrder::day_month_year: return "25/05/2026 or 2026-05-25";
    case DateOrder::month_day_year: return "05/25/2026 or 2026-05-25";
    case DateOrder::year_month_day: break;
  }
  return "2026-05-25";
}

// `46073` or `46073.4166`: a day of 1954 to 2119 as a spreadsheet keeps it.
bool counts_days(std::string_view text) {
  constexpr std::size_t whole = 5;
  const bool fits = text.size() >= whole && text.front() >= '2' && text.front() <= '8';
  if (!fits || !std::all_of(text.begin(), text.begin() + whole, is_digit)) return false;
  if (text.size() == whole) return true;
  const std::string_view part = text.substr(whole + 1);
  return (text[whole] == '.' || text[whole] == ',') && std::all_of(part.begin(), part.end(), is_digit);
}

std::string explain(Wrong wrong, std::string_view text, const Parts& parts, DateOrder order) {
  switch (wrong) {
    case Wrong::no_date:
      if (counts_days(text)) {
        return fmt::format(
            "`{}` is a number, by which spreadsheets count days: let the column have the form of a date, such as {}, "
            "before it is saved as CSV",
            shown(text), form_of(order));
      }
      return fmt::format("`{}` is not a date such as {}", shown(text), form_of(order));
    case Wrong::no_time: return fmt::format("`{}` has no time of day such as 09:00 or 09:00:30", shown(text));
    case Wrong::placeholder: return fmt::format("`{}` is a placeholder and not a date", shown(text));
    case Wrong::no_such_day:
      if (order != DateOrder::year_month_day && text.find('-') != 4 && parts.month > 12 && parts.day <= 12 &&
          day_of(parts.year, parts.day, parts.month)) {
        return fmt::format(
            "`{}` names month {}, and a year has 12: are dates written with the {} first here? Then the others are "
            "read "
            "wrong, too",
            shown(text), parts.month, order == DateOrder::day_month_year ? "month" : "day");
      }
      if (parts.month < 1 || parts.month > 12) {
        return fmt::format("`{}` names month {}, and a year has 12", shown(text), parts.month);
      }
      return fmt::format("`{}` does not exist: {:04}-{:02} has no day {}", shown(text), parts.year, parts.month,
                         parts.day);
    case Wrong::year: return fmt::format("`{}` is outside the years {} to {}", shown(text), first_year, last_year);
    case Wrong::midnight_as_24: return fmt::format("`{}` says 24:00; write 00:00 of the next day", shown(text));
    case Wrong::leap_second: return fmt::format("`{}` has a leap second, which is not supported", shown(text));
    case Wrong::no_such_time: return fmt::format("`{}` has a time of day that no clock shows", shown(text));
    case Wrong::offset: return fmt::format("`{}` has no offset such as Z or +01:00", shown(text));
    case Wrong::junk: return fmt::format("`{}` goes on after the date in a way that is not understood", shown(text));
    case Wrong::nothing: break;
  }
  return "";
}

std::string offset_text(int seconds) {
  const int minutes = std::abs(seconds) / 60;
  return fmt::format("{}{:02}:{:02}", seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

Result<Reading> read_local(Reading reading, Day day, std::int64_t time, std::string_view text, const Zone& zone) {
  const Zone::Found found = zone.local(day, time);
  switch (found.how) {
    case Zone::Local::once: reading.at = found.at; return reading;
    case Zone::Local::never:
      return Failure{fmt::format("`{}` does not exist in {}: the clock is set forward past it; give an offset",
                                 shown(text), zone.name())};
    case Zone::Local::twice: break;
  }
  return Failure{fmt::format("`{}` occurs twice in {}, when the clock is set back; give an offset such as {} or {}",
                             shown(text), zone.name(), offset_text(zone.offset_seconds(found.at)),
                             offset_text(zone.offset_seconds(found.second)))};
}

}  // namespace

namespace {

// `1767690000000` and `1767690000`: milliseconds and seconds since 1970 in UTC, of the years that have thirteen and ten
// digits, from 2001 to 2200.
std::optional<Instant> take_count(std::string_view text) {
  const std::int64_t unit = text.size() == 13 ? 1000 : text.size() == 10 ? micros_per_second : 0;
  if (unit == 0 || text.front() == '0' || !std::all_of(text.begin(), text.end(), is_digit)) return {};
  std::int64_t count = 0;
  for (const char c : text) count = count * 10 + (c - '0');
  const std::optional<Day> end = day_of(last_year + 1, 1, 1);
  const Instant at{count * unit};
  if (!end || at.micros >= end->days * 24 * micros_per_hour) return {};
  return at;
}

}  // namespace

Result<Reading> parse_reading(std::string_view text, const Zone& zone, DateOrder order) {
  Reader in{text};
  Parts parts;
  std::optional<Day> day;
  if (const auto at = take_count(text)) {
    Reading reading;
    reading.at = *at;
    reading.has_offset = true;
    return reading;
  }
  const Wrong wrong = take_all(in, parts, order, day);
  if (wrong != Wrong::nothing) return Failure{explain(wrong, text, parts, order)};
  Reading reading;
  if (!parts.has_time) {
    reading.day = *day;
    return reading;
  }
  if (!parts.has_offset) return read_local(reading, *day, parts.time, text, zone);
  reading.has_offset = true;
  reading.at = Instant{day->days * 24 * micros_per_hour + parts.time - parts.offset_minutes * micros_per_minute};
  return reading;
}

bool stands_for_none(const Reading& reading, const Zone& zone) {
  static const Day first_of_1900 = *day_of(1900, 1, 1), first_of_1970 = *day_of(1970, 1, 1);
  if (!reading.at.known()) return reading.day == first_of_1900 || reading.day == first_of_1970;
  const auto begins = [&](const Zone& of) {
    return reading.at == of.start_of(first_of_1900) || reading.at == of.start_of(first_of_1970);
  };
  return begins(Zone::utc()) || begins(zone);
}

bool CommonTimes::read(std::string_view text, const Zone& zone, Reading& reading) {
  if (text.size() < 19 || (text[10] != ' ' && text[10] != 'T')) return false;
  std::uint64_t date = 0;
  std::uint16_t end_of_date = 0;
  std::memcpy(&date, text.data(), sizeof date);
  std::memcpy(&end_of_date, text.data() + sizeof date, sizeof end_of_date);
  if (!day_.known() || date != date_ || end_of_date != end_of_date_ || !(zone == zone_)) {
    const Day day = take_common_date(text.data());
    if (!day.known()) return false;
    date_ = date, end_of_date_ = end_of_date, zone_ = zone, day_ = day, offset_ = zone.offset_all_day(day);
  }
  int hour = 0, minute = 0, second = 0;
  std::int64_t micros = 0;
  if (!take_pairs(text.data() + 11, ':', hour, minute, second)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  if (!take_common_end(text.substr(19), micros, reading.has_offset)) return false;
  micros += (hour * 60 + minute) * micros_per_minute + second * micros_per_second;
  if (reading.has_offset || offset_) {
    const std::int64_t offset = reading.has_offset ? 0 : *offset_;
    reading.at = Instant{day_.days * 24 * micros_per_hour + micros - offset};
    return true;
  }
  const Zone::Found found = zone.local(day_, micros);
  reading.at = found.at;
  return found.how == Zone::Local::once;
}

}  // namespace plumb::time
