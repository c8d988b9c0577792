#include "property/twin/by_stage.h"

#include <algorithm>

namespace plumb::twin {

Tri by_stage(const Look& look, Id<model::Expr> id, const std::string& stage) {
  const model::Expr& expr = look.book().exprs[id];
  switch (expr.op) {
    case model::Op::not_: return !by_stage(look, expr.args.front(), stage);
    case model::Op::and_:
    case model::Op::or_: {
      Tri all = by_stage(look, expr.args.front(), stage);
      for (const Id<model::Expr> arg : expr.args) {
        const Tri one = by_stage(look, arg, stage);
        all = expr.op == model::Op::and_ ? both(all, one) : either(all, one);
      }
      return all;
    }
    case model::Op::measure: return by_stage(look, look.book().measures[expr.measure].value, stage);
    case model::Op::state: {
      if (expr.state == model::DealState::closed) return !look.ends(stage, model::StageEnd::open);
      return look.ends(stage, expr.state == model::DealState::open  ? model::StageEnd::open
                              : expr.state == model::DealState::won ? model::StageEnd::won
                                                                    : model::StageEnd::lost);
    }
    case model::Op::in_stage:
      return sure(std::ranges::any_of(expr.stages, [&](Id<model::Stage> each) {
        return look.book().stages[each].name == stage && look.follows(look.book().stages[each].process) == Tri::yes;
      }));
    default: return Tri::unknown;
  }
}

Tri just_then(const Look& look, Id<model::Expr> id, Instant at) {
  const auto is_move = [](const Fact& fact) { return fact.of == Class::move && !fact.implied; };
  const bool undated =
      std::ranges::any_of(look.deal().facts, [&](const Fact& fact) { return is_move(fact) && !fact.at.known(); });
  const Span span = look.observed_stages();
  if (!undated || look.process_known() != Tri::yes || at < span.from || at >= span.until) return Tri::unknown;
  const Fact* last = nullptr;
  for (const Fact& fact : look.deal().facts) {
    if (is_move(fact) && fact.at == at && look.stage_before(fact) != fact.to) last = &fact;
  }
  Moment m;
  m.now = at, m.clock = &look.world().usual();
  if (last == nullptr || last->by_day || look.sees(*last, m, false) != Tri::yes || !look.told_stage(last->to))
    return Tri::unknown;
  for (const Fact& fact : look.deal().facts) {
    if (!is_move(fact) || fact.at.known()) continue;
    if (fact.from.empty() || fact.from == "?" || fact.from == last->to) return Tri::unknown;
  }
  return by_stage(look, id, last->to);
}

std::string closed_in(const Look& look, const Life& life) {
  const std::vector<Fact>& facts = look.deal().facts;
  for (const Fact& fact : facts) {
    if (!fact.implied || look.open_in(fact.to) != Tri::no || life.closed || life.begin.known()) continue;
    const bool told = std::ranges::any_of(facts, [&](const Fact& other) {
      return other.of == Class::move && !other.implied && other.from == fact.to && other.at == life.close;
    });
    if (told) return fact.to;
  }
  return {};
}

bool reopens(const Look& look, const Life& before) { return before.closed || !closed_in(look, before).empty(); }

}  // namespace plumb::twin
