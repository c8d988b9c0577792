#include "eval/naming.h"

#include <algorithm>

#include "eval/day.h"

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

std::vector<const history::Column*> naming_columns(const history::History& history) {
  std::vector<const history::Column*> columns;
  for (const history::Kind& kind : history.kinds) {
    columns.push_back(nullptr);
    if (kind.of != history::KindClass::record) continue;
    for (const history::Column& column : kind.columns) {
      const bool days = column.name == "opened" && column.type == history::ValueType::date;
      if (days && std::ranges::any_of(column.values, says)) columns.back() = &column;
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

std::optional<Truth> counts_by_name(const Context& context, EventRef ref) {
  const Plan& plan = context.view.plan();
  const std::int64_t day = named_day(plan, ref);
  if (!says(day)) return std::nullopt;
  const history::Timeline& timeline = timeline_of(plan, ref);
  const Instant at = timeline.at[ref.index], when = counts_from(plan, timeline, ref.index, context.timely);
  Instant limit = context.cut, deadline = context.deadline;
  if (day != history::unreadable) {
    const Instant named = context.calendar->start_of(time::Day{static_cast<std::int32_t>(day)});
    auto window = std::ranges::upper_bound(context.windows, named, {}, &Window::period);
    if (window == context.windows.begin() || named >= context.period.until) return Truth::no;
    deadline = (--window)->until;
    if (window + 1 != context.windows.end()) limit = std::min(limit, deadline);
  }
  if (!when.known()) return truth(!at.known() || at < limit) == Truth::no ? Truth::no : Truth::unknown;
  if (when >= limit) return Truth::no;
  // With a date alone it may have come before or after a point within its day.
  const bool by_day = when == at && timeline.by_day[ref.index] != 0;
  const bool either = by_day && when < deadline && last_of_day(plan, when) >= deadline;
  return either || day == history::unreadable ? Truth::unknown : Truth::yes;
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
