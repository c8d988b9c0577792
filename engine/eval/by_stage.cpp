#include "eval/by_stage.h"

#include <algorithm>

#include "eval/openings.h"

namespace plumb::eval {

bool is_state(model::StageEnd end, model::DealState state) {
  switch (state) {
    case model::DealState::open: return end == model::StageEnd::open;
    case model::DealState::closed: return end != model::StageEnd::open;
    case model::DealState::won: return end == model::StageEnd::won;
    case model::DealState::lost: return end == model::StageEnd::lost;
  }
  return false;
}

namespace {

using model::Op;

// Whether a move of which nobody knows when it was made may have led on from a stage.
bool may_be_left(const View& view, std::int64_t word) {
  const Plan& plan = view.plan();
  return std::ranges::any_of(view.of_kind(plan.moved_kind), [&](std::uint32_t move) {
    const std::int64_t from = plan.move_from ? plan.move_from->values[view.timeline().row[move]] : history::unobserved;
    return !view.timeline().at[move].known() && (!history::is_value(from) || from == word);
  });
}

}  // namespace

Truth in_stage_alone(const model::Rulebook& book, Id<model::Expr> condition, Id<model::Stage> stage) {
  const model::Expr& expr = book.exprs[condition];
  const auto of = [&](Id<model::Expr> arg) { return in_stage_alone(book, arg, stage); };
  switch (expr.op) {
    case Op::not_: return negate(of(expr.args.front()));
    case Op::and_: {
      Truth all = Truth::yes;
      for (Id<model::Expr> arg : expr.args) all = both(all, of(arg));
      return all;
    }
    case Op::or_: {
      Truth any = Truth::no;
      for (Id<model::Expr> arg : expr.args) any = either(any, of(arg));
      return any;
    }
    case Op::measure: return of(book.measures[expr.measure].value);
    case Op::state: return truth(is_state(book.stages[stage].end, expr.state));
    case Op::in_stage: return truth(std::ranges::find(expr.stages, stage) != expr.stages.end());
    default: return Truth::unknown;
  }
}

Truth just_then(const View& view, Id<model::Expr> condition, Instant at) {
  if (!view.stage_unknown() || !view.process() || view.process_unknown()) return Truth::unknown;
  const std::vector<Visit>& visits = view.visits();
  const auto after = std::ranges::upper_bound(visits, at, {}, &Visit::at);
  if (after == visits.begin() || (after - 1)->at != at) return Truth::unknown;
  const Visit& last = *(after - 1);
  const time::Interval observed = view.stages_observed();
  const bool told = last.stage && view.timeline().by_day[last.index] == 0 && !view.doubtful(last.index) &&
                    (!observed.from.known() || at >= observed.from) && at < observed.until;
  if (!told || may_be_left(view, last.word)) return Truth::unknown;
  return in_stage_alone(view.plan().book, condition, last.stage);
}

Id<model::Stage> closed_in(const View& view, const Life& life) {
  const Visit& first = view.visits().front();
  const bool told = life.end.known() && life.closing == UINT32_MAX && &life == &view.lives().front() &&
                    is_implied(view, first) && view.told_by(first.index) == life.end;
  const bool closed =
      told && first.stage && is_state(view.plan().book.stages[first.stage].end, model::DealState::closed);
  return closed ? first.stage : Id<model::Stage>();
}

}  // namespace plumb::eval
