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

// What the history calls a stage. Missing: nullopt where nobody knows it, or it may be any by another name.
std::optional<std::string> Look::told_stage(const std::string& name) const {
  // Without a process no stage closes a deal, whichever it is.
  if (book().processes.empty()) return name;
  const bool foreign = process_known() == Tri::yes && open_in(name) == Tri::unknown;
  return foreign || name == "?" ? std::nullopt : std::optional(name);
}

std::vector<std::optional<std::string>> Look::possible_stages(const Moment& m) const {
  const Span span = observed_stages();
  if (m.now < span.from || m.now >= span.until || process_known() == Tri::unknown) return {std::nullopt};
  const Fact* next = nullptr;
  std::vector<std::optional<std::string>> all, perhaps;  // where a certain move left it, and uncertain ones since
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move || fact.implied) continue;
    if (!fact.at.known()) return {std::nullopt};
    Tri there = sees(fact, m, false);
    if (m.except != nullptr && m.except->of == Class::move && fact.order > m.except->order) there = Tri::no;
    const std::optional<std::string> to = fact.any_order ? std::nullopt : told_stage(fact.to);
    if (there == Tri::yes) all = {to}, perhaps.clear(), next = nullptr;
    if (there == Tri::unknown) perhaps.push_back(to);
    if (there != Tri::yes && next == nullptr) next = &fact;
  }
  if (all.empty()) {
    const Instant begin = created();
    const bool told = !span.from.known() || (begin.known() && span.from <= begin);
    if (next && !next->from.empty() && next->from != "?") {
      all.push_back(told_stage(next->from));
    } else {
      all.push_back(told ? std::optional<std::string>("") : std::nullopt);
    }
  }
  all.insert(all.end(), perhaps.begin(), perhaps.end());
  const std::vector<Hidden> others = hidden();
  const Hidden* open = next ? hidden_before(others, *next) : nullptr;
  if (open == nullptr || m.now < open->from) return all;
  if (open->never.empty()) {
    all.emplace_back();
    return all;
  }
  for (const Id<model::Stage> each : book().processes[Id<model::Process>{0}].stages) {
    const std::string& name = book().stages[each].name;
    if (!open->never.contains(name)) all.emplace_back(name);
  }
  return all;
}

std::optional<std::string> Look::stage(const Moment& m) const {
  const auto all = possible_stages(m);
  const bool one = std::all_of(all.begin(), all.end(), [&](const auto& each) { return each == all.front(); });
  return one ? all.front() : std::nullopt;
}

bool Look::may_lead_there(const Fact& move) const {
  // One to a stage that nobody knows leads anywhere but where it came from.
  const auto leads_there = [&](const Fact& fact) {
    return fact.to == move.to || (fact.to == "?" && stage_before(fact) != move.to);
  };
  const Fact* last = nullptr;
  bool there = false;
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move || fact.implied || &fact == &move) continue;
    const bool with_it = move.any_order && fact.any_order && fact.at == move.at;
    if (!fact.at.known() || !move.at.known() || with_it) there |= leads_there(fact);
    if (fact.order < move.order && !with_it) last = &fact;
  }
  for (const Fact& fact : deal_.facts) {
    if (last != nullptr && last->any_order && fact.any_order && fact.at == last->at) there |= leads_there(fact);
  }
  return there || (last != nullptr && leads_there(*last));
}

namespace {

// Whether nobody knows from where a move came: the only one that came from nowhere was the first.
bool from_unknown(const Deal& deal, const Fact& move) {
  const auto from_nowhere = std::count_if(deal.facts.begin(), deal.facts.end(), [](const Fact& fact) {
    return fact.of == Class::move && !fact.implied && fact.from.empty();
  });
  return move.from == "?" || (move.from.empty() && from_nowhere > 1);
}

}  // namespace

std::optional<std::string> Look::stage_before(const Fact& move) const {
  if (move.implied) return std::string();
  const auto stage = [](const std::string& name) { return name == "?" ? std::nullopt : std::optional(name); };
  const Fact* before = nullptr;
  std::size_t moves = 0;
  bool undated = false, passed = false;
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move || fact.implied) continue;
    ++moves, undated |= !fact.at.known(), passed |= &fact == &move;
    if (!passed) before = &fact;
  }
  // One without an instant leaves open where it and the others came from, but for what their rows say.
  if (undated && moves > 1) {
    return from_unknown(deal_, move) ? std::nullopt : stage(move.from);
  }
  // Nor does one of a day of which nobody knows the order, or the first behind that day.
  if (move.any_order || (before != nullptr && before->any_order)) {
    return move.from.empty() ? std::nullopt : stage(move.from);
  }
  const std::vector<Hidden> others = hidden();
  if (hidden_before(others, move) != nullptr) return std::nullopt;
  const Span span = observed_stages();
  const Instant begin = created();
  // Of what nobody observed since the move before it a row says itself where the deal came from, or nobody knows.
  const Instant since = before ? before->at : begin;
  const bool told = move.at < span.until && (!span.from.known() || since >= span.from);
  if (!told) return move.from.empty() ? std::nullopt : stage(move.from);
  if (before) return stage(before->to == "?" && !move.from.empty() ? move.from : before->to);
  if (!move.from.empty() && move.from != "?") return stage(move.from);
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

// What a move makes of a deal. Those of a day of which nobody knows the order do so all alike, or it cannot be told.
Tri Look::open_by(const Fact& move) const {
  std::optional<Tri> all;
  for (const Fact& fact : deal_.facts) {
    const bool one = &fact == &move || (move.any_order && fact.any_order && fact.at == move.at);
    if (!one || stage_before(fact) == fact.to) continue;
    const Tri open = open_in(fact.to);
    all = open == all.value_or(open) ? open : Tri::unknown;
  }
  return all.value_or(Tri::unknown);
}

// Whether it says where the deal stands, and the one before it went to a stage that nobody knows.
bool Look::stands_behind_unknown(const Fact& fact) const {
  const Fact* before = nullptr;
  for (const Fact& other : deal_.facts) {
    const bool row = other.of == Class::move && !other.implied;
    if (row && !other.at.known()) return false;
    if (row && other.order < fact.order) before = &other;
  }
  return before != nullptr && before->to == "?" && fact.from == fact.to && stage_before(fact) == fact.to;
}

// One move after the other. The one that closes a deal still belongs to its life; a later one may reopen it.
std::vector<Life> Look::lives() const {
  std::vector<Life> all;
  Life life;
  bool living = true;
  for (const Fact& fact : deal_.facts) {
    if (fact.implied && open_in(fact.to) == Tri::no) {
      // It was open when it was created, and closed by the time of the row that says so.
      living = false;
      const auto row = std::find_if(deal_.facts.begin(), deal_.facts.end(), [&](const Fact& other) {
        return other.of == Class::move && !other.implied && other.from == fact.to;
      });
      Instant told = row == deal_.facts.end() ? Instant::unknown() : row->at;
      if (told.known() && told <= created()) told = row->latest;
      if (told.known() && created() <= told) {
        life.close = life.latest = told;
        life.doubt = created().known() ? created() : Instant{INT64_MIN + 1};
        all.push_back(life);
      }
    }
    if (fact.implied && open_in(fact.to) == Tri::unknown) life.doubt = Instant{INT64_MIN + 1};
    if (fact.of != Class::move || !fact.at.known()) continue;
    // One to where it is already tells of an open stage that it was not closed by one before that nobody knows.
    const bool tells = stands_behind_unknown(fact) && open_in(fact.to) != Tri::no;
    if (!tells && stage_before(fact) == fact.to) continue;
    const Tri open = tells ? open_in(fact.to) : open_by(fact);
    if (living && open == Tri::unknown) {
      if (life.doubt == Instant::max()) life.doubt = fact.at;
    } else if (living && (open == Tri::no || life.doubt != Instant::max())) {
      life.close = fact.at, life.closed = open == Tri::no;
      life.closes_by_day = life.closed && fact.by_day;
      if (life.closed) life.closing = &fact;
      life.latest = life.closes_by_day ? fact.latest : fact.at;
      all.push_back(life);
      living = false;
    }
    if (living || open == Tri::no) continue;
    if (!all.empty() && all.back().closed) all.back().reopening = &fact;
    life = Life{};
    life.begin = fact.at, life.begins_by_day = fact.by_day;
    // With a date alone it may have been reopened as late as on any instant of that day.
    const Instant reopened = fact.by_day && !all.empty() && all.back().closes_by_day ? fact.latest : fact.at;
    if (!all.empty() && reopened < all.back().latest) all.back().latest = std::max(reopened, all.back().close);
    if (open == Tri::unknown) life.doubt = fact.at, life.perhaps = all.empty() || all.back().close != fact.at;
    living = true;
  }
  if (living) all.push_back(life);
  return all;
}

// A move that closes or reopens it has no instant.
bool Look::lives_unknown() const {
  const std::vector<Life> told = lives();
  const bool closes = told.size() != 1 || told.front().close != Instant::max();
  return std::any_of(deal_.facts.begin(), deal_.facts.end(), [&](const Fact& fact) {
    if (fact.of != Class::move || fact.at.known() || fact.implied) return false;
    // Where nobody knows from where it came it may have reopened a deal that had closed.
    if (from_unknown(deal_, fact) && closes) return true;
    return open_in(fact.to) != Tri::yes || (!fact.from.empty() && open_in(fact.from) == Tri::no);
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

std::optional<Life> Look::life_of(const Fact& fact) const {
  const bool in_order = fact.of == Class::move || fact.of == Class::created;
  const Fact* closed = nullptr;  // by it the deal was closed before the fact came
  for (const Life& life : lives()) {
    const bool then = fact.of == Class::move ? life.close <= fact.at : life.close == fact.at;
    if (!in_order || !life.closing || !then) continue;
    if (life.close == fact.at && fact.order <= life.closing->order) return life;
    closed = life.closing;
  }
  const auto reopens = [&](const Fact& move) {
    return move.of == Class::move && move.order > closed->order && move.order <= fact.order &&
           open_in(move.to) != Tri::no;
  };
  if (closed != nullptr && std::ranges::none_of(deal_.facts, reopens)) return std::nullopt;
  return life_at(fact.at);
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

namespace {

// What holds of all that it may be.
template <class Of>
Tri of_all(const std::vector<std::optional<std::string>>& all, Of of) {
  const Tri first = all.front() ? of(*all.front()) : Tri::unknown;
  const bool agreed = std::all_of(all.begin(), all.end(), [&](const auto& each) { return each && of(*each) == first; });
  return agreed ? first : Tri::unknown;
}

}  // namespace

Tri Look::is_state(model::DealState state, const Moment& m) const {
  if (process_known() == Tri::unknown) return Tri::unknown;
  // Which stages close a deal that follows no process nobody says.
  const auto is_move = [&](const Fact& fact) {
    return fact.of == Class::move && !fact.implied && fact.at.known() && fact.at <= m.now;
  };
  const bool moved = std::any_of(deal_.facts.begin(), deal_.facts.end(), is_move);
  const bool follows_none = process_known() == Tri::no || book().processes.empty();
  if (follows_none && moved) return Tri::unknown;
  const Tri by_stage = of_all(possible_stages(m), [&](const std::string& at) {
    switch (state) {
      case model::DealState::open: return ends(at, model::StageEnd::open);
      case model::DealState::closed: return !ends(at, model::StageEnd::open);
      case model::DealState::won: return ends(at, model::StageEnd::won);
      case model::DealState::lost: return ends(at, model::StageEnd::lost);
    }
    return Tri::unknown;
  });
  if (by_stage != Tri::unknown || !m.as_rows_say || !only_untold(m)) return by_stage;
  const Tri open = open_at(m.now);
  switch (state) {
    case model::DealState::open: return open;
    case model::DealState::closed: return !open;
    case model::DealState::won:
    case model::DealState::lost: return open == Tri::yes ? Tri::no : Tri::unknown;
  }
  return Tri::unknown;
}

// Whether nobody knows the stage for no other reason than that moves may be hidden, or that the history of the deal
// begins with a row that says where it stood.
bool Look::only_untold(const Moment& m) const {
  const Span covered = world_.observed("stage");
  if (m.now < covered.from || m.now >= covered.until) return false;
  const Fact* next = nullptr;
  bool any = false;
  for (const Fact& fact : deal_.facts) {
    if (fact.of != Class::move || fact.implied) continue;
    if (!fact.at.known()) return false;
    const Tri there = sees(fact, m, false);
    if (there == Tri::unknown) return false;
    any |= there == Tri::yes;
    if (there == Tri::no && next == nullptr) next = &fact;
  }
  if (!any && covered.from.known() && created() < covered.from) return false;
  if (m.now < observed_stages().from) return true;
  const std::vector<Hidden> others = hidden();
  const Hidden* open = next ? hidden_before(others, *next) : nullptr;
  return open != nullptr && m.now >= open->from;
}

Tri Look::in_stages(const std::vector<Id<model::Stage>>& stages, const Moment& m) const {
  Tri may = Tri::no;
  for (const Id<model::Stage> each : stages) may = either(may, follows(book().stages[each].process));
  if (may == Tri::no) return may;
  return of_all(possible_stages(m), [&](const std::string& at) {
    Tri any = Tri::no;
    for (const Id<model::Stage> each : stages) {
      const model::Stage& stage = book().stages[each];
      any = either(any, both(follows(stage.process), sure(at == stage.name)));
    }
    return any;
  });
}

}  // namespace plumb::twin
