#include <algorithm>

#include "eval/bind.h"
#include "history/who_is_there.h"

namespace plumb::eval {

namespace {

// As all that is said of somebody it holds from its row on until the next one, which may name none. Where he is, the
// first of his days may begin on the day before.
std::uint16_t named_calendar(const Plan& plan, std::uint32_t person, time::Day day) {
  if (!plan.person_calendar || person == UINT32_MAX) return Plan::no_calendar;
  std::uint32_t row = person_row(plan.history.people, person, day);
  if (row == UINT32_MAX) row = person_row(plan.history.people, person, day + 1);
  return row == UINT32_MAX ? Plan::no_calendar : plan.row_calendar[row];
}

}  // namespace

void bind_active(Plan& plan) { plan.active = history::who_is_there_in(plan.history.people); }

// Where there is one calendar only, one that nobody knows is that.
void bind_calendars(Plan& plan) {
  const history::Column* column = find_column(plan.history.people.columns, "calendar");
  const bool several = plan.calendars.size() > 1;
  bool any = false;
  for (std::size_t row = 0; column && row < column->values.size(); ++row) {
    const std::int64_t word = column->values[row];
    const bool unknown = history::is_value(word) || (word == history::unreadable && several);
    std::uint16_t calendar = unknown ? Plan::unknown_calendar : Plan::no_calendar;
    for (std::size_t i = 0; history::is_value(word) && i < plan.calendar_names.size(); ++i) {
      const bool named = plan.history.words[static_cast<std::uint32_t>(word)] == plan.calendar_names[i];
      if (named) calendar = static_cast<std::uint16_t>(i);
    }
    plan.calendars_told &= calendar != Plan::unknown_calendar;
    any |= calendar != Plan::no_calendar;
    plan.row_calendar.push_back(calendar);
  }
  if (any) plan.person_calendar = column;
}

std::uint32_t person_row(const history::People& people, std::uint32_t person, time::Day day) {
  std::uint32_t found = UINT32_MAX;
  for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
    if (people.from[row].known() && people.from[row] > day) break;
    found = row;
  }
  return found;
}

std::uint32_t team_of(const Plan& plan, std::uint32_t person, time::Day day) {
  const history::Column* team = plan.team ? plan.fields[plan.team.index()].dated : nullptr;
  const std::uint32_t row = team ? person_row(plan.history.people, person, day) : UINT32_MAX;
  if (row == UINT32_MAX || !history::is_value(team->values[row])) return UINT32_MAX;
  return static_cast<std::uint32_t>(team->values[row]);
}

bool works(const time::Calendar& calendar) {
  return std::ranges::any_of(calendar.spec().week, [](const auto& hours) { return !hours.empty(); });
}

bool Plan::calendar_told(std::uint32_t person, Instant at) const {
  return calendars_told || named_calendar(*this, person, calendars.front().day_of(at)) != unknown_calendar;
}

const time::Calendar& Plan::calendar_of(std::uint32_t person, time::Day day) const {
  const std::uint16_t found = named_calendar(*this, person, day);
  return found < calendars.size() ? calendars[found] : calendars.front();
}

}  // namespace plumb::eval
