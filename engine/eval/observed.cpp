#include "eval/day.h"
#include "eval/ordinal.h"

namespace plumb::eval {

namespace {

bool covers(const time::Interval& observed, Instant from, Instant until) {
  const bool from_start = !observed.from.known() || (from.known() && observed.from <= from);
  return from_start && observed.until >= until;
}

}  // namespace

namespace {

// `stages`: gives when the stages are told; asked only by who reads them.
template <class Stages>
bool is_observed(const Plan& plan, const Stages& stages, Id<model::Event> id, Instant from, Instant until) {
  const model::Event& event = plan.book.events[id];
  switch (event.kind) {
    case model::EventKind::activity: return covers(plan.activities[event.activity.index()].observed, from, until);
    case model::EventKind::record: return covers(plan.records[event.record.index()].observed, from, until);
    case model::EventKind::changed:
    case model::EventKind::moved_period: return covers(plan.fields[event.field.index()].changes_observed, from, until);
    case model::EventKind::created: return covers(plan.history.coverage.at("created"), from, until);
    case model::EventKind::starts_leave: return covers(plan.leave_observed, from, until);
    case model::EventKind::won:
    case model::EventKind::lost:
    case model::EventKind::reopened:
    case model::EventKind::enters:
    case model::EventKind::leaves: return covers(stages(), from, until);
    default: break;
  }
  // There is no second of what comes once, seen or not.
  const bool never = event.kind == model::EventKind::ordinal && event.nth > 1 && !event.for_each_account &&
                     at_most_once(plan.book, event.parts.front());
  if (never) return true;
  for (Id<model::Event> part : event.parts) {
    if (!is_observed(plan, stages, part, from, until)) return false;
  }
  return true;
}

}  // namespace

bool is_observed(const Plan& plan, Id<model::Event> id, Instant from, Instant until) {
  return is_observed(
      plan, [&] { return plan.stages_observed; }, id, from, until);
}

namespace {

// A move from where nobody knows follows others that nobody recorded, unless it is the first.
time::Interval stages_told(const View& view) {
  time::Interval told = view.stages_observed();
  const Plan& plan = view.plan();
  if (view.of_person() || !plan.move_from) return told;
  const std::span<const std::uint32_t> moves = view.of_kind(plan.moved_kind);
  const history::Timeline& timeline = view.timeline();
  for (std::size_t i = moves.size(); i > 1; --i) {
    const std::uint32_t move = moves[i - 1];
    if (!timeline.at[moves[i - 2]].known()) break;
    if (plan.move_from->values[timeline.row[move]] != history::unreadable) continue;
    told.from = std::max(told.from, timeline.at[move]);
    break;
  }
  return told;
}

}  // namespace

bool is_observed(const View& view, Id<model::Event> id, Instant from, Instant until) {
  return is_observed(
      view.plan(), [&] { return stages_told(view); }, id, from, until);
}

Instant told_since(const View& view, Id<model::Event> id) {
  const model::Event& event = view.plan().book.events[id];
  Instant since = Instant::unknown();
  switch (event.kind) {
    case model::EventKind::won:
    case model::EventKind::lost:
    case model::EventKind::reopened:
    case model::EventKind::enters:
    case model::EventKind::leaves: since = view.stages_observed().from; break;
    default:
      for (Id<model::Event> part : event.parts) since = std::max(since, told_since(view, part));
      return since;
  }
  return since > view.plan().stages_observed.from ? since : Instant::unknown();
}

Instant last_counted(const Context& context) {
  return context.deadline.known() ? std::min(context.cut, context.deadline) : context.cut;
}

Truth lies_in(const Context& context, Instant when, bool by_day, Instant from, bool clock) {
  // On the day of the creation it came after that.
  if (by_day && from.known() && from == context.view.created()) {
    when = std::min(std::max(when, from), last_of_day(context.view.plan(), when));
  }
  const Instant cut = last_counted(context);
  const bool in = when < cut && (!from.known() || when >= from);
  if (!by_day || !(clock || context.window_from.known())) return truth(in);
  const Instant latest = last_of_day(context.view.plan(), when);
  const auto within_day = [&](Instant end) { return end > when && end <= latest; };
  const bool either_side = clock || from == context.window_from;
  if (either_side && within_day(from)) return when < cut ? Truth::unknown : Truth::no;
  // Also before the window has ended: it may still come to lie behind it.
  return in && context.deadline.known() && within_day(context.deadline) ? Truth::unknown : truth(in);
}

}  // namespace plumb::eval
