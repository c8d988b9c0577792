#include <algorithm>

#include "eval/condition.h"
#include "eval/day.h"
#include "eval/lack.h"
#include "eval/lasting.h"
#include "eval/untold_order.h"

/// In which stage a deal is at an instant, as far as its moves say.
namespace plumb::eval {

bool may_be_in(const View& view, const std::vector<Id<model::Stage>>& stages) {
  const model::Rulebook& book = view.plan().book;
  return std::any_of(stages.begin(), stages.end(),
                     [&](Id<model::Stage> stage) { return view.may_follow(book.stages[stage].process); });
}

namespace {

using Place = std::vector<Visit>::const_iterator;

// Behind the moves that have been made. Those from `except` on do not count, nor do those of a day that may lie behind
// the cut.
Place place_at(const Context& context, bool& unknown) {
  const Plan& plan = context.view.plan();
  const history::Timeline& timeline = context.view.timeline();
  const std::vector<Visit>& visits = context.view.visits();
  const bool move = context.except != UINT32_MAX && timeline.kind[context.except] == plan.moved_kind;
  const std::uint32_t until = move ? context.except : UINT32_MAX;
  auto after = std::partition_point(visits.begin(), visits.end(), [&](const Visit& visit) {
    return visit.at < context.cut && (visit.index < until || !visit.at.known());
  });
  for (; after != visits.begin() && (after - 1)->at >= context.day_cut; --after) {
    const Visit& last = *(after - 1);
    const bool by_then = last.by.known() && last.by < context.cut;
    const Truth come = by_then ? Truth::yes : has_come(context, last.index);
    unknown |= come == Truth::unknown;
    if (come != Truth::no) break;
  }
  return after;
}

// Moves that nobody recorded and that may have been made since, before the next one. Missing: nullptr.
const Hidden* hidden_at(const Context& context, Place after) {
  const std::vector<Visit>& visits = context.view.visits();
  const Hidden* others = after != visits.end() ? context.view.hidden_before(after->index) : nullptr;
  return others && context.now() >= others->from ? others : nullptr;
}

}  // namespace

Stood stood_at(const Context& context) {
  const time::Interval observed = context.view.stages_observed();
  Stood at;
  at.unknown = context.view.stage_unknown() || context.view.process_unknown() || outside(observed, context.now());
  const std::vector<Visit>& visits = context.view.visits();
  const Place after = place_at(context, at.unknown);
  at.others = hidden_at(context, after);
  if (after == visits.begin()) {
    at.unknown |= observed.from.known() && context.view.created() < observed.from;
    return at;
  }
  // A stage that the rulebook does not have may be any of its stages by another name.
  at.stage = (after - 1)->stage;
  at.unknown |= context.view.process() && !at.stage;
  return at;
}

Id<model::Stage> stage_at(const Context& context, bool& unknown) {
  const Stood at = stood_at(context);
  unknown = at.unknown || at.others;
  return at.stage;
}

Truth open_as_rows_say(const Context& context) {
  const View& view = context.view;
  const time::Interval& covered = view.plan().stages_observed;
  const Instant now = context.now();
  bool unknown = view.stage_unknown() || view.process_unknown() || outside(covered, now);
  const Place after = place_at(context, unknown);
  const bool before_all = after == view.visits().begin() && covered.from.known() && view.created() < covered.from;
  const bool untold = hidden_at(context, after) || outside(view.stages_observed(), now);
  return unknown || before_all || !untold ? Truth::unknown : open_after(view, now);
}

void lack_stage(const Context& context) {
  if (!context.trace) return;
  const bool of_process = context.view.process() || context.view.plan().book.processes.empty();
  if (!of_process && !context.view.of_person()) return lack_lives(context.view, *context.trace);
  bool unknown = false;
  Context untraced = context;
  untraced.trace = nullptr;
  const Place after = place_at(untraced, unknown);
  const bool only_hidden = !context.view.stage_unknown() && hidden_at(untraced, after);
  const bool any_order = after != context.view.visits().begin() && order_untold(context.view, (after - 1)->index);
  if (any_order) lack_time(context, (after - 1)->index);
  if (any_order) return;
  if (only_hidden) return context.trace->lack({.kind = FactKind::origin, .member = context.view.ref(after->index)});
  context.trace->lack({.kind = FactKind::stage});
}

}  // namespace plumb::eval
