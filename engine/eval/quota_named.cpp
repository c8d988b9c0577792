#include <algorithm>

#include "eval/day.h"
#include "eval/members.h"
#include "eval/quota.h"
#include "eval/take.h"

/// Records that name the period that they belong to: only they can be late, and they count in no other.
namespace plumb::eval {

namespace {

using model::SubjectKind;

// One record that the condition may count.
struct Row {
  EventRef ref;
  Instant at;
  bool certain;
};

std::vector<Row> rows_of(const RuleRun& run, View& view, const Context& context) {
  std::vector<Row> rows;
  const Instant horizon = run.plan.horizon;
  // What is about a deal, or a person, stands in the subject's own history.
  if (context.subject == SubjectKind::deal || context.subject == SubjectKind::person) {
    for (const Occurrence& one : view.occurrences(run.plan.book.exprs[run.rule.expect].event)) {
      if (!one.at.known() || one.at < horizon) rows.push_back({view.ref(one.index), one.at, one.certain});
    }
  }
  if (context.subject == SubjectKind::deal) return rows;
  const MemberList& list = view.members()->list(context.subject, run.rule.expect);
  const std::uint32_t key = list_key(context.subject, context);
  for (const MemberList::Range& range : {list.undated(key), list.between(key, Instant::unknown(), horizon)}) {
    for (const MemberList::Row* row = range.begin; row != range.end; ++row) {
      if (row->where() == Truth::no) continue;
      rows.push_back({{row->of_person != 0, row->index}, row->at, row->plain()});
    }
  }
  return rows;
}

// The day that a record names. Missing: `missing` or `unobserved` where it names none.
std::int64_t named_day(const history::History& history, EventRef ref) {
  const history::Timeline& timeline = ref.of_person ? history.person_events : history.deal_events;
  const history::Kind& kind = history.kinds[timeline.kind[ref.index]];
  if (kind.of != history::KindClass::record) return history::missing;
  for (const history::Column& column : kind.columns) {
    if (column.name == "opened") return column.values[timeline.row[ref.index]];
  }
  return history::missing;
}

}  // namespace

Named named(const RuleRun& run, View& view, const Quota& quota, const Context& context, Truth outcome) {
  Named found;
  const model::Expr& expr = run.plan.book.exprs[run.rule.expect];
  if (expr.op != model::Op::happened || expr.tails.any() || !happens_as_record(run.plan.book, expr.event)) return found;
  const history::History& history = run.plan.history;
  bool possible = false;
  for (const Row& row : rows_of(run, view, context)) {
    const std::int64_t day = named_day(history, row.ref);
    found.any |= history::is_value(day);
    const history::Timeline& timeline = row.ref.of_person ? history.person_events : history.deal_events;
    const Instant when = counts_from(run.plan, timeline, row.ref.index, context.timely);
    // With a date alone it may have come before or after a point within its day.
    const bool by_day = row.at.known() && when == row.at && timeline.by_day[row.ref.index] != 0;
    const bool either = by_day && when < quota.deadline && last_of_day(run.plan, when) >= quota.deadline;
    const bool certain = row.certain && row.at.known() && when.known() && !either;
    if (history::is_value(day)) {
      const Instant start = quota.calendar->start_of(time::Day{static_cast<std::int32_t>(day)});
      if (start < quota.period.from || start >= quota.period.until) continue;
      if (certain && when >= quota.deadline && (!found.late.known() || when < found.late)) {
        found.late = when, found.late_by = row.ref;
      }
    } else if (certain && when < quota.window_from()) {
      continue;
    }
    if (certain && when >= context.cut) continue;
    if (!certain || day == history::unreadable) {
      possible = true;
    } else if (!found.at.known() || when < found.at) {
      found.at = std::max(when, quota.period.from), found.by = row.ref;
    }
  }
  const Truth others = possible || outcome == Truth::unknown ? Truth::unknown : Truth::no;
  found.outcome = found.at.known() ? Truth::yes : others;
  return found;
}

void judge_named(RuleRun& run, const Named& named, Instant gone, Obligation duty) {
  const Id<model::Event> event = run.plan.book.exprs[run.rule.expect].event;
  const bool passed = duty.deadline.known() && duty.deadline <= run.plan.horizon;
  const auto decide = [&](Verdict verdict, Instant settled, Ground ground) {
    duty.verdict = verdict, duty.settled = settled;
    const std::int64_t by = verdict == Verdict::late ? settled.micros - duty.deadline.micros : 0;
    const bool condition = ground == Ground::unknown || ground == Ground::left_filter;
    run.trace.reasons.push_back({ground, condition ? run.rule.expect : Id<model::Expr>(), event, by, 0});
  };
  if (named.outcome == Truth::yes) {
    run.trace.use(named.by);
    decide(Verdict::kept, named.at, Ground::happened);
  } else if (gone.known()) {
    const bool deal = run.rule.subject.kind == SubjectKind::deal;
    decide(Verdict::excused, gone, deal ? Ground::closed_first : Ground::left_filter);
  } else if (passed && named.outcome == Truth::unknown) {
    decide(Verdict::cannot_tell, duty.deadline, Ground::unknown);
    if (run.trace.facts.empty()) run.trace.lack({FactKind::event, {}, event});
  } else if (passed && named.late.known()) {
    run.trace.use(named.late_by);
    decide(Verdict::late, named.late, Ground::happened_late);
  } else if (passed) {
    decide(Verdict::missed, duty.deadline, Ground::nothing_happened);
  }
  emit(run, duty);
}

}  // namespace plumb::eval
