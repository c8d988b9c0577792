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
  if (when && !m.now.known()) return Tri::unknown;  // nobody knows when it was made
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

// How often a move was made before: at least and at most.
struct Times {
  std::int64_t least = 0, most = 0;
};

Tri allows(const Bench& bench, const Look& look, const model::Process& process, const Step& step, Times before,
           const Moment& m) {
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
    if (move.at_most_times && before.most >= *move.at_most_times) {
      allowed = before.least >= *move.at_most_times ? Tri::no : both(allowed, Tri::unknown);
    }
    any = either(any, allowed);
  }
  return any;
}

struct Made {
  const Fact* fact;
  Step step;
  std::size_t life;
  bool hidden;  // in this life there were moves of which nobody knows from where to where
};

Times times_before(const Look& look, const std::vector<Made>& all, const Made& move) {
  Times times;
  for (const Made& each : all) {
    if (each.fact == move.fact || each.step.from != move.step.from || each.step.to != move.step.to) continue;
    if (!each.fact->at.known() || !move.fact->at.known() || look.lives_unknown()) {
      ++times.most;
    } else if (each.life == move.life && each.fact->order < move.fact->order) {
      ++times.least, ++times.most;
    }
  }
  if (move.hidden) times.most = INT64_MAX;
  return times;
}

// It says so, and the row before it does not tell either.
bool comes_from_unknown(const Look& look, const Fact& fact) {
  return fact.from == "?" && look.stage_before(fact).value_or("").empty();
}

void judge_deal(Bench& bench, const model::Rule& rule, const Look& look) {
  const model::Process& process = bench.book().processes[rule.subject.process];
  const Tri follows = look.follows(rule.subject.process);
  if (follows == Tri::no) return;
  std::vector<Made> all;
  std::size_t life = 0;
  bool hidden = false;
  for (const Fact& fact : look.deal().facts) {
    if (fact.of != Class::move || fact.implied) continue;
    const std::optional<std::string> before = look.stage_before(fact);
    if (before && *before == fact.to) continue;
    const model::Stage* from = before && !before->empty() ? stage_named(bench, process, *before) : nullptr;
    const bool reopened = follows == Tri::yes && from != nullptr && from->end != model::StageEnd::open;
    if (reopened) hidden = false;
    hidden |= comes_from_unknown(look, fact);
    if (reopened && fact.at.known()) ++life;
    if (!reopened) all.push_back({&fact, {before.value_or(""), fact.to}, life, hidden});
    hidden |= fact.to == "?";
  }
  for (const Made& each : all) {
    const Fact& fact = *each.fact;
    const Step& step = each.step;
    if (fact.at.known() && !in_force(bench.world, rule, fact.at)) continue;
    const bool foreign = stage_named(bench, process, step.to) == nullptr ||
                         (!step.from.empty() && stage_named(bench, process, step.from) == nullptr);
    Moment m;
    m.now = fact.latest, m.clock = &bench.world.usual(), m.opener = &fact;
    const bool from_somewhere = look.stage_before(fact).has_value() && !comes_from_unknown(look, fact);
    const bool told = from_somewhere && !foreign && follows == Tri::yes;
    const Tri allowed = told ? allows(bench, look, process, step, times_before(look, all, each), m) : Tri::unknown;
    const Instant whose = fact.at.known() ? fact.latest : bench.world.horizon;
    Told said = twin::told(rule, look.deal().id, debtor_of(look, rule, whose).person, fact.at);
    const Instant end = fact.by_day ? Instant{fact.latest.micros + 1} : fact.at;
    settle(said, allowed == Tri::yes ? "kept" : allowed == Tri::no ? "missed" : "cannot tell", end, fact.at);
    if (fact.by_day && fact.latest >= bench.world.horizon) settle(said, "due", end, Instant::unknown());
    bench.add(said, &fact, fact.by_day);
  }
}

}  // namespace

void judge_path(Bench& bench, const model::Rule& rule) {
  for (const Deal& deal : bench.world.judged()) judge_deal(bench, rule, Look(bench.world, deal));
}

}  // namespace plumb::twin
