#include <algorithm>

#include "property/twin/look.h"

/// The process and the stages of a deal, and when it is open.
namespace plumb::twin {

// Whether the process's own condition is true when the deal is created.
Tri Look::may_follow(Id<model::Process> process) const {
  const Id<model::Expr> where = book().processes[process].for_deals_where;
  if (!where) return Tri::yes;
  Moment m;
  m.now = created(), m.clock = &world_.usual();
  return m.now.known() ? holds(where, m) : Tri::unknown;
}

Tri Look::process_known() const {
  int may = 0;
  for (std::size_t i = 0; i < book().processes.size(); ++i) {
    const Tri one = may_follow(Id<model::Process>{i});
    if (one == Tri::unknown) return Tri::unknown;
    may += one == Tri::yes;
  }
  return may > 1 ? Tri::unknown : sure(may == 1);
}

Tri Look::follows(Id<model::Process> process) const {
  const Tri mine = may_follow(process);
  return mine == Tri::no ? mine : process_known();
}

std::optional<std::string> Look::stage(const Moment& m) const {
  const Span& span = world_.observed("stage");
  if (m.now < span.from || m.now >= span.until) return std::nullopt;
  if (process_known() == Tri::unknown) return std::nullopt;
  const Fact* last = nullptr;
  const Fact* next = nullptr;
  bool by_day = false;
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move) continue;
    if (!fact.at.known()) return std::nullopt;
    const Tri there = sees(fact, m, false);
    if (there == Tri::yes) last = &fact, by_day = false;
    if (there == Tri::unknown && fact.to != (last ? last->to : std::string())) by_day = true;
    if (there == Tri::no && next == nullptr) next = &fact;
  }
  if (by_day) return std::nullopt;
  if (last) {
    // A stage that no process has may be any of its stages by another name.
    return process_known() == Tri::yes && open_in(last->to) == Tri::unknown ? std::nullopt : std::optional(last->to);
  }
  if (next && !next->from.empty()) return next->from;
  const Instant begin = created();
  if (!span.from.known() || (begin.known() && span.from <= begin)) return std::string();
  return std::nullopt;
}

std::optional<std::string> Look::stage_before(const Fact& move) const {
  const Fact* before = nullptr;
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move) continue;
    if (!fact.at.known()) return std::nullopt;
    if (&fact == &move) break;
    before = &fact;
  }
  if (before) return before->to;
  if (!move.from.empty()) return move.from;
  const Span& span = world_.observed("stage");
  const Instant begin = created();
  if (!span.from.known() || (begin.known() && span.from <= begin)) return std::string();
  return std::nullopt;
}

// By the first of the processes it may follow that has the stage. A rulebook without processes says nothing of stages.
Tri Look::open_in(const std::string& stage) const {
  if (stage.empty() || book().processes.empty()) return Tri::yes;
  for (std::size_t i = 0; i < book().processes.size(); ++i) {
    const Id<model::Process> process{i};
    if (may_follow(process) == Tri::no) continue;
    for (const Id<model::Stage> each : book().processes[process].stages) {
      if (book().stages[each].name == stage) return sure(book().stages[each].end == model::StageEnd::open);
    }
  }
  return Tri::unknown;
}

// One move after the other. The one that closes a deal still belongs to its life; a later one may reopen it.
std::vector<Life> Look::lives() const {
  std::vector<Life> all;
  Life life;
  bool living = true;
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move || !fact.at.known()) continue;
    const Tri open = open_in(fact.to);
    if (living && open == Tri::unknown) {
      if (life.doubt == Instant::max()) life.doubt = fact.at;
    } else if (living && (open == Tri::no || life.doubt != Instant::max())) {
      life.close = fact.at, life.closed = open == Tri::no;
      all.push_back(life);
      living = false;
    }
    if (living || open == Tri::no) continue;
    life = Life{};
    life.begin = fact.at;
    if (open == Tri::unknown) life.doubt = fact.at;
    living = true;
  }
  if (living) all.push_back(life);
  return all;
}

// A move that closes or reopens it has no instant.
bool Look::lives_unknown() const {
  return std::any_of(deal_.facts.begin(), deal_.facts.end(), [&](const Fact& fact) {
    return fact.of == Class::move && !fact.at.known() &&
           (open_in(fact.to) != Tri::yes || (!fact.from.empty() && open_in(fact.from) == Tri::no));
  });
}

std::optional<Life> Look::life_at(Instant at) const {
  std::optional<Life> found;
  for (const Life& life : lives()) {
    if (!life.begin.known() || life.begin <= at) found = life;
  }
  if (found && found->close < at) found.reset();
  return found;
}

Tri Look::open_at(Instant at) const {
  if (lives_unknown()) return Tri::unknown;
  const std::optional<Life> life = life_at(at);
  if (!life || life->close <= at) return Tri::no;
  return life->doubt <= at ? Tri::unknown : Tri::yes;
}

Tri Look::ends(const std::string& stage, model::StageEnd end) const {
  if (stage.empty() || book().processes.empty()) return sure(end == model::StageEnd::open);
  bool some_yes = false, some_no = false;
  for (std::size_t i = 0; i < book().processes.size(); ++i) {
    const Id<model::Process> process{i};
    if (follows(process) == Tri::no) continue;
    for (const Id<model::Stage> each : book().processes[process].stages) {
      if (book().stages[each].name == stage) (book().stages[each].end == end ? some_yes : some_no) = true;
    }
  }
  if (some_yes == some_no) return Tri::unknown;
  return sure(some_yes);
}

Tri Look::is_state(model::DealState state, const Moment& m) const {
  const std::optional<std::string> at = stage(m);
  if (!at || (process_known() != Tri::yes && !book().processes.empty())) return Tri::unknown;
  switch (state) {
    case model::DealState::open: return ends(*at, model::StageEnd::open);
    case model::DealState::closed: return !ends(*at, model::StageEnd::open);
    case model::DealState::won: return ends(*at, model::StageEnd::won);
    case model::DealState::lost: return ends(*at, model::StageEnd::lost);
  }
  return Tri::unknown;
}

Tri Look::in_stages(const std::vector<Id<model::Stage>>& stages, const Moment& m) const {
  const std::optional<std::string> at = stage(m);
  Tri any = Tri::no;
  for (const Id<model::Stage> each : stages) {
    const model::Stage& stage = book().stages[each];
    const Tri here = at ? sure(*at == stage.name) : Tri::unknown;
    any = either(any, both(follows(stage.process), here));
  }
  return any;
}

}  // namespace plumb::twin
