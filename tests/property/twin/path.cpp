#include "property/twin/judge.h"

/// PROCESS.path: every move is one that the process allows.
namespace plumb::twin {

namespace {

const model::Stage* stage_named(const Bench& bench, const model::Process& process, const std::string& name) {
  for (const Id<model::Stage> each : process.stages) {
    if (bench.book().stages[each].name == name) return &bench.book().stages[each];
  }
  return nullptr;
}

Tri holds_or_unsaid(const Look& look, Id<model::Expr> when, const Moment& m) {
  return when ? look.holds(when, m) : Tri::yes;
}

// Whether `to` can be reached from `from` along the path, over stages that may all be skipped.
Tri by_path(const Bench& bench, const Look& look, const model::Process& process, const std::string& from,
            const std::string& to, const Moment& m, int depth = 0) {
  if (depth > 20) return Tri::no;
  Tri any = Tri::no;
  for (const model::Move& move : process.moves) {
    if (move.kind != model::MoveKind::path || bench.book().stages[move.from].name != from) continue;
    const model::Stage& next = bench.book().stages[move.to];
    const Tri allowed = holds_or_unsaid(look, move.when, m);
    if (next.name == to) any = either(any, allowed);
    if (!next.may_be_skipped) continue;
    const Tri skipped = both(allowed, holds_or_unsaid(look, next.may_be_skipped_when, m));
    if (skipped == Tri::no) continue;
    any = either(any, both(skipped, by_path(bench, look, process, next.name, to, m, depth + 1)));
  }
  return any;
}

struct Step {
  std::string from, to;
};

Tri allows(const Bench& bench, const Look& look, const model::Process& process, const Step& step,
           const std::vector<Step>& life, const Moment& m) {
  if (step.from.empty()) {
    const model::Stage* first = stage_named(bench, process, step.to);
    if (first == nullptr) return Tri::no;
    if (!process.path.empty() && bench.book().stages[process.path.front()].name == step.to) return Tri::yes;
    return first->may_be_first ? holds_or_unsaid(look, first->may_be_first_when, m) : Tri::no;
  }
  Tri any = by_path(bench, look, process, step.from, step.to, m);
  for (const model::Move& move : process.moves) {
    if (move.kind == model::MoveKind::path) continue;
    if (bench.book().stages[move.from].name != step.from || bench.book().stages[move.to].name != step.to) continue;
    Tri allowed = holds_or_unsaid(look, move.when, m);
    if (move.at_most_times) {
      std::int64_t before = 0;
      for (const Step& each : life) before += each.from == step.from && each.to == step.to ? 1 : 0;
      if (before >= *move.at_most_times) allowed = Tri::no;
    }
    any = either(any, allowed);
  }
  return any;
}

void judge_deal(Bench& bench, const model::Rule& rule, const Look& look) {
  const model::Process& process = bench.book().processes[rule.subject.process];
  const Tri follows = look.follows(rule.subject.process);
  if (follows == Tri::no) return;
  const Instant in_force = in_force_from(bench.world, rule);
  std::vector<Step> life;
  for (const Fact& fact : look.deal().facts) {
    if (fact.of != Class::move || fact.implied) continue;
    if (!fact.at.known()) {
      Told told = twin::told(rule, look.deal().id, debtor_of(look, rule, bench.world.horizon).person, fact.at);
      settle(told, "cannot tell", fact.at, fact.at);
      bench.add(told, &fact);
      continue;
    }
    const std::optional<std::string> before = look.stage_before(fact);
    if (before && *before == fact.to) continue;
    if (before && !before->empty()) {
      const model::Stage* from = stage_named(bench, process, *before);
      if (follows == Tri::yes && from != nullptr && from->end != model::StageEnd::open) {  // a new life
        life.clear();
        continue;
      }
    }
    Moment m;
    m.now = fact.latest, m.clock = &bench.world.usual(), m.opener = &fact;
    const Step step{before.value_or(""), fact.to};
    const bool foreign = stage_named(bench, process, step.to) == nullptr ||
                         (!step.from.empty() && stage_named(bench, process, step.from) == nullptr);
    Tri allowed = both(follows, !before || foreign ? Tri::unknown : allows(bench, look, process, step, life, m));
    life.push_back(step);
    if (in_force.known() && fact.at < in_force) continue;
    const Debtor debtor = debtor_of(look, rule, fact.latest);
    Told told = twin::told(rule, look.deal().id, debtor.person, fact.at);
    if (follows == Tri::unknown) allowed = Tri::unknown;
    settle(told, allowed == Tri::yes ? "kept" : allowed == Tri::no ? "missed" : "cannot tell", fact.at, fact.at);
    bench.add(told, &fact);
  }
}

}  // namespace

void judge_path(Bench& bench, const model::Rule& rule) {
  for (const Deal& deal : bench.world.deals) judge_deal(bench, rule, Look(bench.world, deal));
}

}  // namespace plumb::twin
