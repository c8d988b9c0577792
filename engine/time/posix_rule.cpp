#include "time/posix_rule.h"

#include "time/time.h"

namespace plumb::time {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// What is left to read; every take_… removes what it reads from the front.
struct Reader {
  std::string_view rest;

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }

  std::optional<int> take_number(int at_most) {
    int value = 0;
    std::size_t used = 0;
    while (used < rest.size() && used < 4 && is_digit(rest[used])) value = value * 10 + (rest[used++] - '0');
    if (used == 0 || value > at_most) return std::nullopt;
    rest.remove_prefix(used);
    return value;
  }

  bool take_name() {
    const bool quoted = take('<');
    std::size_t used = 0;
    while (used < rest.size() && (quoted ? rest[used] != '>' : is_letter(rest[used]))) ++used;
    rest.remove_prefix(used);
    return used >= 3 && (!quoted || take('>'));
  }

  // [+-]h[:mm[:ss]] in seconds.
  std::optional<int> take_time() {
    const bool negative = take('-');
    if (!negative) take('+');
    const auto hours = take_number(167);
    if (!hours) return std::nullopt;
    int seconds = *hours * 3'600;
    for (int unit : {60, 1}) {
      if (!take(':')) break;
      const auto part = take_number(59);
      if (!part) return std::nullopt;
      seconds += *part * unit;
    }
    return negative ? -seconds : seconds;
  }
};

std::optional<YearlyChange> take_weekday_of_month(Reader& in) {
  const auto month = in.take_number(12);
  if (!month || *month < 1 || !in.take('.')) return std::nullopt;
  const auto week = in.take_number(5);
  if (!week || *week < 1 || !in.take('.')) return std::nullopt;
  const auto weekday = in.take_number(6);
  if (!weekday) return std::nullopt;
  YearlyChange change;
  change.month = *month;
  change.week = *week;
  change.weekday = *weekday;
  return change;
}

std::optional<YearlyChange> take_change(Reader& in) {
  std::optional<YearlyChange> change;
  if (in.take('M')) {
    change = take_weekday_of_month(in);
  } else {
    const bool without_leap = in.take('J');
    const auto day = in.take_number(365);
    if (!day || (without_leap && *day < 1)) return std::nullopt;
    change.emplace();
    change->form = without_leap ? YearlyChange::Form::day_without_leap : YearlyChange::Form::day_with_leap;
    change->day = *day;
  }
  if (change && in.take('/')) {
    const auto seconds = in.take_time();
    if (!seconds) return std::nullopt;
    change->seconds = *seconds;
  }
  return change;
}

Day day_in(const YearlyChange& change, int year) {
  const Day new_year = *day_of(year, 1, 1);
  if (change.form == YearlyChange::Form::day_with_leap) return new_year + change.day;
  if (change.form == YearlyChange::Form::day_without_leap) {
    const bool after_leap_day = change.day >= 60 && day_of(year, 2, 29).has_value();
    return new_year + (change.day - 1 + (after_leap_day ? 1 : 0));
  }
  const Day first = *day_of(year, change.month, 1);
  Day found = first + (change.weekday - weekday_of(first) % 7 + 7) % 7 + 7 * (change.week - 1);
  while (parts_of(found).month != change.month) found = found - 7;
  return found;
}

}  // namespace

std::optional<PosixRule> parse_posix_rule(std::string_view text) {
  Reader in{text};
  PosixRule rule;
  if (!in.take_name()) return std::nullopt;
  // POSIX counts hours west.
  const auto west = in.take_time();
  if (!west) return std::nullopt;
  rule.offset = -*west;
  if (in.rest.empty()) return rule;
  if (!in.take_name()) return std::nullopt;
  PosixRule::Summer summer;
  summer.offset = rule.offset + 3'600;
  if (!in.rest.empty() && in.rest.front() != ',') {
    const auto summer_west = in.take_time();
    if (!summer_west) return std::nullopt;
    summer.offset = -*summer_west;
  }
  for (YearlyChange* change : {&summer.begins, &summer.ends}) {
    const auto read = in.take(',') ? take_change(in) : std::nullopt;
    if (!read) return std::nullopt;
    *change = *read;
  }
  if (!in.rest.empty()) return std::nullopt;
  rule.summer = summer;
  return rule;
}

std::array<OffsetChange, 2> changes_in(const PosixRule::Summer& summer, int standard_offset, int year) {
  const auto instant = [year](const YearlyChange& change, int offset_before) {
    return day_in(change, year).days * std::int64_t{86'400} + change.seconds - offset_before;
  };
  const OffsetChange begins{instant(summer.begins, standard_offset), summer.offset};
  const OffsetChange ends{instant(summer.ends, summer.offset), standard_offset};
  return begins.at < ends.at ? std::array{begins, ends} : std::array{ends, begins};
}

}  // namespace plumb::time
