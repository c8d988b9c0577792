// Answers questions about business days, one a line, for business_days_test.py. Days are numbers since 1970-01-01.
//
//   calendar ZONE 1111100 DAY,DAY,…   the work week from Monday on, the holidays
//   is DAY · after DAY N · between DAY DAY · within DAY N · ahead DAY N

#include <iostream>
#include <sstream>
#include <string>

#include "time/calendar.h"

namespace {

using namespace plumb::time;

Calendar read_calendar(std::istream& line) {
  CalendarSpec spec;
  std::string week, holidays;
  line >> spec.zone >> week >> holidays;
  for (std::size_t i = 0; i < 7; ++i) {
    if (week.at(i) == '1') spec.week[i] = {{9 * 60, 17 * 60}};
  }
  std::istringstream days(holidays);
  for (std::string day; std::getline(days, day, ',');) spec.holidays.push_back(Day{std::stoi(day)});
  const auto made = Calendar::make(spec);
  if (!made) throw std::runtime_error(made.error());
  return *made;
}

// The last day before an instant.
Day before(const Calendar& calendar, Instant at) {
  return at.known() ? calendar.day_of(Instant{at.micros - 1}) : Day::unknown();
}

std::string answer(const Calendar& calendar, const std::string& question, Day day, std::int64_t n) {
  const auto shown = [](Day found) { return found.known() ? std::to_string(found.days) : "unknown"; };
  const Instant noon{calendar.start_of(day).micros + 12 * micros_per_hour};
  if (question == "is") return calendar.is_business_day(day) ? "1" : "0";
  if (question == "after") return shown(calendar.business_day_after(day, n));
  if (question == "between") {
    return std::to_string(calendar.business_days_between(day, Day{static_cast<std::int32_t>(n)}));
  }
  const Duration duration{n, Unit::business_days};
  if (question == "within") return shown(before(calendar, calendar.within(duration, noon)));
  return shown(before(calendar, calendar.ahead_of(duration, noon)));
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  Calendar calendar;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string question;
    words >> question;
    if (question == "calendar") {
      calendar = read_calendar(words);
      continue;
    }
    Day day;
    std::int64_t n = 0;
    words >> day.days >> n;
    std::cout << answer(calendar, question, day, n) << '\n';
  }
}
