#include "eval/written.h"

#include <algorithm>

#include "eval/day.h"

namespace plumb::eval {

void end_by_date(Context& context, Instant end) {
  const Plan& plan = context.view.plan();
  const time::Calendar& days = plan.calendars.front();
  if (!plan.by_day || context.calendar == &days || !end.known() || end == Instant::max()) return;
  const time::Day day = context.calendar->day_of(end);
  if (context.calendar->start_of(day) != end) return;
  const Instant behind = days.start_of(day);
  if (behind < end) context.day_cut = behind, context.written_later = true;
}

OwnDay day_of(const Context& context, std::uint32_t person) {
  if (context.written.known()) return {context.written, context.written};
  const Plan& plan = context.view.plan();
  const Instant now = context.now();
  const time::Day usual = plan.calendars.front().day_of(now);
  if (!plan.person_calendar) return {usual, usual};
  const time::Calendar& own = plan.calendar_of(person, usual);
  // On the day on which he gets another calendar whatever is said of him with it holds as well.
  const bool another = &own != &plan.calendar_of(person, usual + -1);
  const time::Day day = another ? std::max(own.day_of(now), usual) : own.day_of(now);
  OwnDay out{day, day};
  if (plan.calendar_told(person, now)) return out;
  for (const time::Calendar& each : plan.calendars) {
    out.first = std::min(out.first, each.day_of(now)), out.last = std::max(out.last, each.day_of(now));
  }
  return out;
}

std::vector<Hold> as_written(const Plan& plan, const std::vector<Hold>& holds, const time::Calendar& calendar) {
  const time::Calendar& days = plan.calendars.front();
  std::vector<Hold> out = holds;
  // The creation may cut off the first of them within its day.
  const auto written = [&](Instant at) {
    return at == days.start_of(days.day_of(at)) ? as_written(plan, at, calendar) : at;
  };
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!out[i].in_part) continue;
    const Instant from = written(out[i].from), until = written(out[i].until);
    if (i > 0) out[i - 1].until = out[i - 1].until == out[i].from ? from : std::min(out[i - 1].until, from);
    if (i + 1 < out.size())
      out[i + 1].from = out[i + 1].from == out[i].until ? until : std::max(out[i + 1].from, until);
    out[i].from = from, out[i].until = until;
  }
  std::erase_if(out, [](const Hold& hold) { return hold.from >= hold.until; });
  return out;
}

}  // namespace plumb::eval
