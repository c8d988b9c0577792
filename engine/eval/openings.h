#pragma once

#include "eval/obligation.h"

namespace plumb::eval {

bool in_force(const RuleRun& run, Instant at);
/// Whether a stage's `to move on` asks anything of this move: forward by path or skip, not a return and not a loss.
bool moves_on(const RuleRun& run, const View& view, std::uint32_t move);

template <class Open>
void for_each_opening(RuleRun& run, View& view, Open open) {
  const bool stage_left = run.rule.origin == model::RuleOrigin::to_move_on;
  for (const Occurrence& trigger : view.occurrences(run.rule.trigger)) {
    run.trace.clear();
    run.trace.use(view.ref(trigger.index));
    if (stage_left && !moves_on(run, view, trigger.index)) continue;
    const Instant at = trigger.at.known() ? trigger.at : view.plan().horizon;
    if (trigger.at.known() && !in_force(run, at)) continue;
    if (trigger.at.known() && !run.rule.even_when_closed && !view.life_at(at)) continue;
    const Truth about = applies(run, view, at, trigger.index);
    if (about == Truth::no) continue;
    if (!trigger.at.known()) {
      run.trace.reasons = {{Ground::undated, {}, run.rule.trigger, 0, 0}};
      run.trace.lack({FactKind::event_time, {}, run.rule.trigger});
      emit_untold(run, view, Instant::unknown());
    } else if (about == Truth::unknown) {
      emit_untold(run, view, at);
    } else if (!trigger.certain) {
      run.trace.reasons.push_back({Ground::unknown, {}, run.rule.trigger, 0, 0});
      run.trace.lack({FactKind::event, {}, run.rule.trigger});
      emit_untold(run, view, at);
    } else {
      open(trigger);
    }
  }
}

}  // namespace plumb::eval
