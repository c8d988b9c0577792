#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "doctor/subject.h"
#include "report/words.h"
#include "time/names.h"

/// Work on days that the calendar calls free, and work days on which nobody works.
namespace plumb::doctor {

namespace {

/// What was done on one day.
struct Work {
  std::uint64_t rows = 0;
  std::set<std::uint32_t> people;
};
using Days = std::map<time::Day, Work>;

// Who goes on leave does no work by it.
bool is_work(const history::Kind& kind) {
  const bool activity = kind.of == history::KindClass::activity && kind.name != history::leave_start;
  return activity || kind.of == history::KindClass::move;
}

struct Seen {
  Days days;
  Finding free;
  std::array<std::uint64_t, 8> by_weekday{};  // the last: holidays
  bool with_actors = false;                   // most rows say who did it
};

Seen look(const Subject& subject) {
  Seen seen;
  std::uint64_t acted = 0;
  const history::Timeline& events = subject.events();
  for (std::uint32_t event = 0; event < events.size(); ++event) {
    if (!is_work(subject.kind(event)) || !events.at[event].known() || !subject.seen(event)) continue;
    const time::Day day = subject.calendar.day_of(events.at[event]);
    if (!day.known()) continue;
    Work& work = seen.days[day];
    ++work.rows, ++seen.free.of;
    if (events.actor[event] != UINT32_MAX) ++acted, work.people.insert(events.actor[event]);
    if (subject.calendar.is_business_day(day)) continue;
    const int weekday = time::weekday_of(day);
    const auto row = static_cast<std::size_t>(weekday - 1);
    ++seen.free.count;
    ++seen.by_weekday[subject.calendar.spec().week[row].empty() ? row : 7];
    add_example(seen.free, subject.where(event),
                [&] { return fmt::format("{}, a {}", subject.when(event), time::weekday_name(weekday)); });
  }
  seen.with_actors = acted * 2 > seen.free.of;
  return seen;
}

std::string_view calendar_name(const Subject& subject) { return subject.rulebook.default_calendar()->name; }

void tell_free_days(const Subject& subject, Seen& seen, Findings& findings) {
  Finding& found = seen.free;
  if (found.count == 0) return;
  found.kind = Kind::work_on_free_days;
  std::vector<std::string> days;
  for (int weekday = 1; weekday <= 7; ++weekday) {
    const std::uint64_t rows = seen.by_weekday[static_cast<std::size_t>(weekday - 1)];
    if (rows > 0) days.push_back(fmt::format("{} on {}s", report::number_text(rows), time::weekday_name(weekday)));
  }
  if (seen.by_weekday[7] > 0) days.push_back(fmt::format("{} on holidays", report::number_text(seen.by_weekday[7])));
  found.says = fmt::format("{} of {} {} on days on which nobody works by the calendar `{}`: {}.",
                           report::number_text(found.count),
                           report::count_text(found.of, "move and activity", "moves and activities"),
                           found.count == 1 ? "lies" : "lie", calendar_name(subject), names_text(days));
  found.to_do = fmt::format(
      "If people work then, give these days hours in the calendar. If they do not, look at the zones: times are shown "
      "here in {}, and a time that is read in another zone than it was written in falls on another day.",
      subject.calendar.zone().name());
  findings.push_back(std::move(found));
}

// ---- holidays -------------------------------------------------------------------------------------------------------

constexpr std::size_t days_around = 10;  // on each side
constexpr std::uint64_t usual_for_nothing = 8, usual_for_little = 20, little = 10;

std::uint64_t measure_of(const Seen& seen, time::Day day) {
  const auto found = seen.days.find(day);
  if (found == seen.days.end()) return 0;
  return seen.with_actors ? found->second.people.size() : found->second.rows;
}

/// The median of the work days around one of them.
std::uint64_t usual_around(const std::vector<std::uint64_t>& measures, std::size_t i) {
  std::vector<std::uint64_t> around;
  const std::size_t first = i < days_around ? 0 : i - days_around,
                    last = std::min(measures.size(), i + days_around + 1);
  for (std::size_t j = first; j < last; ++j) {
    if (j != i) around.push_back(measures[j]);
  }
  if (around.empty()) return 0;
  const auto middle = around.begin() + static_cast<std::ptrdiff_t>(around.size() / 2);
  std::nth_element(around.begin(), middle, around.end());
  return *middle;
}

/// Of what is usually eight or more, nothing is no chance; of twenty and more, a tenth is none.
bool is_free(std::uint64_t measure, std::uint64_t usual) {
  return measure == 0 ? usual >= usual_for_nothing : usual >= usual_for_little && measure * little <= usual;
}

void tell_holidays(const Subject& subject, const Seen& seen, Findings& findings) {
  if (seen.days.empty()) return;
  std::vector<time::Day> days;
  std::vector<std::uint64_t> measures;
  for (time::Day day = seen.days.begin()->first; day <= seen.days.rbegin()->first; day = day + 1) {
    if (!subject.calendar.is_business_day(day)) continue;
    days.push_back(day);
    measures.push_back(measure_of(seen, day));
  }
  for (std::size_t i = 0; i < days.size(); ++i) {
    const std::uint64_t usual = usual_around(measures, i);
    if (!is_free(measures[i], usual)) continue;
    Finding found{Kind::missing_holiday, time::to_text(days[i]), 1, days.size(), {}, {}, {}, {}};
    const std::string_view what = seen.with_actors ? "people at work" : "moves and activities";
    found.says = fmt::format(
        "{} {} is a work day of the calendar `{}`, and the history has {} {} on it; usual around that day are {}.",
        time::weekday_name(time::weekday_of(days[i])), found.about, calendar_name(subject),
        measures[i] == 0 ? "no" : report::number_text(measures[i]), what, report::number_text(usual));
    found.to_do = fmt::format(
        "If it was a holiday, add `holiday {}` to the calendar: a deadline then does not count it. If it was not, look "
        "whether the export lacks that day.",
        found.about);
    findings.push_back(std::move(found));
  }
}

}  // namespace

void look_at_calendar(const Subject& subject, Findings& findings) {
  const std::array<std::vector<time::WorkHours>, 7>& week = subject.calendar.spec().week;
  const bool works = std::any_of(week.begin(), week.end(), [](const auto& hours) { return !hours.empty(); });
  if (!subject.rulebook.default_calendar() || !works) return;
  Seen seen = look(subject);
  tell_holidays(subject, seen, findings);
  tell_free_days(subject, seen, findings);
}

}  // namespace plumb::doctor
