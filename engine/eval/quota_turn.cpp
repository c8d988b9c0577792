#include <algorithm>

#include "eval/day.h"
#include "eval/members.h"
#include "eval/naming.h"
#include "eval/quota.h"
#include "eval/written.h"

namespace plumb::eval {

using model::Op;
using model::SubjectKind;

Context context_of(const RuleRun& run, View& view, const Asked& asked, const Quota& quota, Instant cut) {
  Context context{.view = view,
                  .cut = cut,
                  .timely = run.rule.point.has_value(),
                  .period = quota.period,
                  .window_from = quota.window_from(),
                  .deadline = quota.deadline,
                  .windows = quota.windows,
                  .person = asked.person,
                  .team = asked.team,
                  .subject = run.rule.subject.kind,
                  .calendar = quota.calendar};
  end_by_date(context, cut);
  return context;
}

Instant counted_from(const RuleRun& run, const Quota& quota) {
  const bool named = bool(naming_event(run.plan, run.rule.expect));
  return named ? std::min(quota.window_from(), quota.period.from) : quota.window_from();
}

namespace {

// Where members of the condition's aggregates happened, from `from` on.
void find_members(const RuleRun& run, Id<model::Expr> id, const Context& context, Instant from,
                  std::vector<Turned>& out) {
  const model::Expr& expr = run.plan.book.exprs[id];
  if (expr.op == Op::aggregate || expr.op == Op::happened) {
    const SubjectKind kind = expr.aggregate ? list_kind(*expr.aggregate, context) : context.subject;
    const history::History& history = run.plan.history;
    // By a point a record of any time may count, from when it was stated.
    const Instant first = context.timely ? Instant::unknown() : from;
    const MemberList& list = context.view.members()->list(kind, id);
    const auto range = list.between(list_key(kind, context), first, context.cut);
    for (const MemberList::Row* row = range.begin; row != range.end; ++row) {
      const history::Timeline& timeline = row->of_person ? history.person_events : history.deal_events;
      const Instant when = counts_from(run.plan, *row, context.timely);
      const bool by_day = when == row->at && timeline.by_day[row->index] != 0;
      if (when >= from && when < context.cut) out.push_back({when, by_day});
    }
    // What nobody dated has come by the row that shows it.
    const auto undated = list.undated(list_key(kind, context));
    for (const MemberList::Row* row = undated.begin; row != undated.end; ++row) {
      const history::Timeline& timeline = row->of_person ? history.person_events : history.deal_events;
      const Instant at = timeline.at[row->index];
      const Instant by = at.known() && timeline.by_day[row->index] != 0 ? last_of_day(run.plan, at) : at;
      if (by.known() && by >= from && by < context.cut) out.push_back({by, false});
    }
  }
  if (expr.op == Op::measure) find_members(run, run.plan.book.measures[expr.measure].value, context, from, out);
  for (Id<model::Expr> arg : expr.args) find_members(run, arg, context, from, out);
}

}  // namespace

Turned turned(const RuleRun& run, View& view, const Asked& asked, const Quota& quota, Instant cut, Truth to) {
  const Instant from = counted_from(run, quota);
  std::vector<Turned> all{{from, false}};
  const bool lists = run.rule.subject.kind != SubjectKind::deal;
  if (lists) find_members(run, run.rule.expect, context_of(run, view, asked, quota, cut), from, all);
  for (std::uint32_t index = view.dated(); index < view.end(); ++index) {
    const Instant at = counts_from(view, index, run.rule.point.has_value());
    const history::Timeline& timeline = view.timeline();
    if (at >= from && at < cut) all.push_back({at, at == timeline.at[index] && timeline.by_day[index] != 0});
  }
  std::ranges::sort(all, {}, &Turned::at);
  const auto first = std::ranges::partition_point(all, [&](const Turned& one) {
    Context then = context_of(run, view, asked, quota, Instant{one.at.micros + 1});
    end_by_date(then, cut);
    return holds(run.rule.expect, then) != to;
  });
  if (first == all.end()) return {Instant{cut.micros - 1}, false};
  const auto same = std::ranges::equal_range(all, first->at, {}, &Turned::at);
  return {first->at, std::ranges::any_of(same, &Turned::by_day)};
}

}  // namespace plumb::eval
