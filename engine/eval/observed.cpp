#include <algorithm>
#include <iterator>

#include "eval/day.h"
#include "eval/ordinal.h"

namespace plumb::eval {

namespace {

bool covers(const time::Interval& observed, Instant from, Instant until) {
  const bool from_start = !observed.from.known() || (from.known() && observed.from <= from);
  return from_start && observed.until >= until;
}

// There is no second of what comes once, seen or not.
bool never_comes(const model::Rulebook& book, const model::Event& event) {
  return event.kind == model::EventKind::ordinal && event.nth > 1 && !event.for_each_account &&
         at_most_once(book, event.parts.front());
}

// Whether moves that nobody recorded may be such an event, by the stages into which none of them led: out of a stage
// they may have led in any case.
bool may_be(const View& view, const Hidden& others, const model::Event& event) {
  if (others.never == 0) return true;
  const Plan& plan = view.plan();
  return std::ranges::any_of(plan.book.processes[plan.only_process].stages, [&](Id<model::Stage> stage) {
    if ((bit_of(stage) & others.never) != 0) return false;
    switch (event.kind) {
      case model::EventKind::enters: return stage == event.stage;
      case model::EventKind::won: return plan.book.stages[stage].end == model::StageEnd::won;
      case model::EventKind::lost: return plan.book.stages[stage].end == model::StageEnd::lost;
      default: return true;
    }
  });
}

// `told`: whether what the deal's stages tell of an event, or its creation, is told; asked only by who reads them.
template <class Told>
bool is_observed(const Plan& plan, const Told& told, Id<model::Event> id, Instant from, Instant until) {
  const model::Event& event = plan.book.events[id];
  switch (event.kind) {
    case model::EventKind::activity: return covers(plan.activities[event.activity.index()].observed, from, until);
    case model::EventKind::record: return covers(plan.records[event.record.index()].observed, from, until);
    case model::EventKind::changed:
    case model::EventKind::moved_period: return covers(plan.fields[event.field.index()].changes_observed, from, until);
    case model::EventKind::starts_leave: return covers(plan.leave_observed, from, until);
    case model::EventKind::created:
    case model::EventKind::won:
    case model::EventKind::lost:
    case model::EventKind::reopened:
    case model::EventKind::enters:
    case model::EventKind::leaves: return told(event, from, until);
    default: break;
  }
  if (never_comes(plan.book, event)) return true;
  for (Id<model::Event> part : event.parts) {
    if (!is_observed(plan, told, part, from, until)) return false;
  }
  return true;
}

}  // namespace

bool is_observed(const Plan& plan, Id<model::Event> id, Instant from, Instant until) {
  const auto told = [&](const model::Event& event, Instant begin, Instant end) {
    const bool created = event.kind == model::EventKind::created;
    return covers(created ? plan.history.coverage.at("created") : plan.stages_observed, begin, end);
  };
  return is_observed(plan, told, id, from, until);
}

bool is_observed(const View& view, Id<model::Event> id, Instant from, Instant until) {
  const auto told = [&](const model::Event& event, Instant begin, Instant end) {
    // A deal is created once, and its row is there.
    const bool created = event.kind == model::EventKind::created;
    if (created && !view.of_kind(view.plan().created_kind).empty()) return true;
    if (created) return covers(view.plan().history.coverage.at("created"), begin, end);
    return covers(view.stages_observed(), begin, end) && std::ranges::none_of(view.hidden(), [&](const Hidden& others) {
             return others.from < end && others.until > begin && may_be(view, others, event);
           });
  };
  return is_observed(view.plan(), told, id, from, until);
}

bool reads_moves(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  if (never_comes(book, event)) return false;
  switch (event.kind) {
    case model::EventKind::won:
    case model::EventKind::lost:
    case model::EventKind::reopened:
    case model::EventKind::enters:
    case model::EventKind::leaves: return true;
    default: return std::ranges::any_of(event.parts, [&](Id<model::Event> part) { return reads_moves(book, part); });
  }
}

namespace {

bool may_be_any(const View& view, const Hidden& others, Id<model::Event> id) {
  const model::Event& event = view.plan().book.events[id];
  if (event.parts.empty()) return may_be(view, others, event);
  return std::ranges::any_of(event.parts, [&](Id<model::Event> part) { return may_be_any(view, others, part); });
}

}  // namespace

std::vector<Hidden> untold_of(const View& view, Id<model::Event> id) {
  if (!reads_moves(view.plan().book, id)) return {};
  std::vector<Hidden> all;
  std::ranges::copy_if(view.hidden(), std::back_inserter(all),
                       [&](const Hidden& others) { return may_be_any(view, others, id); });
  const Instant told = view.stages_observed().from;
  if (told <= view.plan().stages_observed.from) return all;
  const auto moves = view.of_kind(view.plan().moved_kind);
  const auto row = std::ranges::find_if(moves, [&](std::uint32_t move) { return view.timeline().at[move] == told; });
  all.insert(all.begin(), {Instant::unknown(), told, *row});
  return all;
}

Instant first_untold(const View& view, Id<model::Event> id, Instant from) {
  for (const Hidden& others : untold_of(view, id)) {
    if (others.until > from) return std::max(others.from, from);
  }
  return Instant::max();
}

Instant last_counted(const Context& context) {
  return context.deadline.known() ? std::min(context.cut, context.deadline) : context.cut;
}

Truth lies_in(const Context& context, Instant when, bool by_day, Instant from, bool clock) {
  if (by_day && context.written_later && when >= context.day_cut) return Truth::no;
  // On the day of the creation it came after that.
  const Instant created = context.view.created();
  if (by_day && from.known() && from <= created)
    when = std::max(when, std::min(created, last_of_day(context.view.plan(), when)));
  const Instant cut = last_counted(context);
  bool in = when < cut && (!from.known() || when >= from);
  const time::Calendar& usual = context.view.plan().calendars.front();
  if (!by_day || !(clock || context.window_from.known())) {
    // So many days back from now, which are those of the calendar: a date is one of them as it is written.
    // Of what happened since then those are looked at that stand there or behind it.
    const bool of_days = from.known() && context.calendar->start_of(context.calendar->day_of(from)) == from;
    const bool days_back = by_day && of_days && from != context.view.created() && context.calendar != &usual;
    if (days_back) in = when < cut && as_written(context.view.plan(), when, *context.calendar) >= from;
    return truth(in);
  }
  const time::Day day = usual.day_of(when);
  // What counts from no period on, but from when a rule holds or a deal was reopened, does so by the same days.
  const bool written = !clock && context.calendar != &usual && !context.windows.empty();
  Instant first = written ? context.calendar->start_of(day) : when;
  if (written && when != usual.start_of(day)) first = std::max(first, when);  // behind something of its day
  const Instant latest{(written ? *context.calendar : usual).end_of(day).micros - 1};
  if (written) {
    in = when < context.cut && (!context.deadline.known() || first < context.deadline) &&
         (!from.known() || first >= from);
  }
  const auto within_day = [&](Instant end) { return end > first && end <= latest; };
  const bool either_side = clock || from == context.window_from;
  if (either_side && within_day(from)) return when < cut ? Truth::unknown : Truth::no;
  // Also before the window has ended: it may still come to lie behind it.
  return in && context.deadline.known() && within_day(context.deadline) ? Truth::unknown : truth(in);
}

}  // namespace plumb::eval
