#include "eval/naming.h"

#include <algorithm>

#include "eval/day.h"
#include "eval/known_people.h"

namespace plumb::eval {

namespace {

const history::Timeline& timeline_of(const Plan& plan, EventRef ref) {
  return ref.of_person ? plan.history.person_events : plan.history.deal_events;
}

bool says(std::int64_t cell) { return history::is_value(cell) || cell == history::unreadable; }

// The day that a row names. Missing: `missing` or `unobserved` where it names none.
std::int64_t named_day(const Plan& plan, EventRef ref) {
  const history::Timeline& timeline = timeline_of(plan, ref);
  const history::Column* column = plan.naming[timeline.kind[ref.index]];
  return column ? column->values[timeline.row[ref.index]] : history::missing;
}

}  // namespace

namespace {

// Whether a row of the kind says something in a column, and is there.
bool any_says(const Plan& plan, std::size_t kind, const history::Column& column) {
  const auto says_in = [&](const history::Timeline& events, bool of_deals) {
    const history::ByKind& by_kind = events.by_kind;
    if (kind + 1 >= by_kind.first.size()) return false;
    for (std::uint32_t i = by_kind.first[kind]; i < by_kind.first[kind + 1]; ++i) {
      const std::uint32_t row = by_kind.rows[i];
      if (!says(column.values[events.row[row]]) || events.at[row] >= plan.horizon) continue;
      if (plan.recorded_by_then(events.recorded[row]) == Truth::no) continue;
      if (!of_deals || !is_later(plan, history::owner_of_row(events.first, row))) return true;
    }
    return false;
  };
  return says_in(plan.history.deal_events, true) || says_in(plan.history.person_events, false);
}

}  // namespace

std::vector<const history::Column*> naming_columns(const Plan& plan) {
  std::vector<const history::Column*> columns(plan.history.kinds.size());
  for (std::size_t kind = 0; kind < columns.size(); ++kind) {
    if (plan.history.kinds[kind].of != history::KindClass::record) continue;
    for (const history::Column& column : plan.history.kinds[kind].columns) {
      const bool days = column.name == "opened" && column.type == history::ValueType::date;
      if (days && any_says(plan, kind, column)) columns[kind] = &column;
    }
  }
  return columns;
}

bool names_periods(const Plan& plan, Id<model::Event> id) {
  const model::Event& event = plan.book.events[id];
  if (event.kind == model::EventKind::record) {
    const int kind = plan.records[event.record.index()].kind;
    return kind >= 0 && plan.naming[static_cast<std::size_t>(kind)] != nullptr;
  }
  return std::ranges::any_of(event.parts, [&](Id<model::Event> part) { return names_periods(plan, part); });
}

Id<model::Event> naming_event(const Plan& plan, Id<model::Expr> id) {
  const model::Expr& expr = plan.book.exprs[id];
  if (expr.tails.any()) return {};
  if (expr.op == model::Op::measure) return naming_event(plan, plan.book.measures[expr.measure].value);
  const Id<model::Event> event = expr.aggregate ? expr.aggregate->event : expr.event;
  const bool counts = expr.op == model::Op::happened || (expr.aggregate && !expr.aggregate->tails.any());
  if (counts && event && names_periods(plan, event)) return event;
  for (const Id<model::Expr> arg : expr.args) {
    if (const Id<model::Event> found = naming_event(plan, arg)) return found;
  }
  return {};
}

Named named_under(std::array<const model::Tails*, 2> tails, model::SubjectKind kind, const Context& context) {
  Context untraced = context;
  untraced.trace = nullptr;
  Named named{.any = true};
  std::optional<Counted> left = Counted{};
  for (const model::Tails* of : tails) {
    if (!of || !left) continue;
    if (of->last != 0) return {};
    named.periods |= of->last_periods != 0;
    left = narrowed(*left, *of, kind, untraced);
  }
  if (named.periods || !left) return named;
  named.from = left->from, named.surely_from = left->surely_from, named.clock = left->clock;
  return named;
}

namespace {

// Until when what belongs to a period counts for it. `due`: when that is over.
struct Counting {
  Instant limit, due;
};

// Missing: nullopt where the day is of none of the periods that are asked about.
std::optional<Counting> counting(const Context& context, const Counted& counted, Instant named) {
  const Counting now{context.cut, context.deadline};
  if (counted.named.periods) {
    const bool in = named >= counted.from && named < counted.until;
    return in ? std::optional(Counting{context.cut, Instant::max()}) : std::nullopt;
  }
  auto window = std::ranges::upper_bound(context.windows, named, {}, &Window::period);
  if (window == context.windows.begin() || named >= context.period.until) return std::nullopt;
  const Instant due = (--window)->until;
  return Counting{window + 1 == context.windows.end() ? now.limit : std::min(now.limit, due), due};
}

// Whether what counts from then on lies in the time that a tail leaves.
Truth left_by_tails(const Context& context, const Named& named, Instant when, bool by_day) {
  if (!named.from.known()) return Truth::yes;
  Context any_time = context;
  any_time.deadline = any_time.window_from = Instant::unknown();
  const Truth in = lies_in(any_time, when, by_day, named.from, named.clock);
  return named.told() || when >= named.surely_from ? in : both(in, Truth::unknown);
}

}  // namespace

std::optional<Truth> counts_by_name(const Context& context, const Counted& counted, EventRef ref) {
  const Plan& plan = context.view.plan();
  const std::int64_t day = named_day(plan, ref);
  if (!says(day)) return std::nullopt;
  const history::Timeline& timeline = timeline_of(plan, ref);
  const Instant at = timeline.at[ref.index], when = counts_from(plan, timeline, ref.index, context.timely);
  const bool readable = day != history::unreadable;
  Counting until{context.cut, context.deadline};
  if (readable) {
    const auto found =
        counting(context, counted, context.calendar->start_of(time::Day{static_cast<std::int32_t>(day)}));
    if (!found) return Truth::no;
    until = *found;
  }
  if (!when.known()) return truth(!at.known() || at < until.limit) == Truth::no ? Truth::no : Truth::unknown;
  if (when >= until.limit) return Truth::no;
  // With a date alone it may have come before or after a point within its day.
  const bool by_day = when == at && timeline.by_day[ref.index] != 0;
  const bool either = by_day && when < until.due && last_of_day(plan, when) >= until.due;
  return both(left_by_tails(context, counted.named, when, by_day), either || !readable ? Truth::unknown : Truth::yes);
}

Id<model::Field> period_untold(const Plan& plan, EventRef ref) {
  if (ref == no_event || named_day(plan, ref) != history::unreadable) return {};
  const int kind = timeline_of(plan, ref).kind[ref.index];
  for (std::size_t i = 0; i < plan.book.fields.size(); ++i) {
    const model::Field& field = plan.book.fields[Id<model::Field>(i)];
    const bool of_record = field.owner == model::OwnerKind::record && field.name == "opened";
    if (of_record && plan.records[field.record.index()].kind == kind) return Id<model::Field>(i);
  }
  return {};
}

}  // namespace plumb::eval
