#include "property/twin/lasting.h"

#include <algorithm>
#include <optional>

#include "property/twin/day.h"

namespace plumb::twin {

Moment moment_of(const Look& look, Instant now) {
  Moment m;
  m.now = now, m.clock = &look.world().usual();
  return m;
}

bool may_go_on(const std::vector<Stretch>& all, std::size_t from) {
  const Stretch &one = all[from], &next = all[from + 1];
  if (one.asked == Tri::no || next.asked == Tri::no) return false;
  return one.asked == Tri::unknown || !next.anew || next.goes_on == Tri::unknown;
}

namespace {

// From when on a version asks: until `certain` an earlier one does, or until `perhaps` for certain.
struct Begin {
  Instant perhaps, certain;
};

Begin begin_of(const Party& party) {
  const World& world = party.bench.world;
  const Instant start = in_force_from(world, party.rule);
  Begin begin{start, start};
  for (const std::size_t row : versions_before(world, party.rule)) {
    const Party earlier{party.bench, world.book.rules[row], party.name, party.look, party.person, party.deal};
    const std::vector<Stretch> all = stretches(earlier);
    for (std::size_t i = 0; i < all.size();) {
      std::size_t end = i + 1;
      while (end < all.size() && !all[end].anew) ++end;
      std::size_t last = end;  // as long as it may have gone on
      while (last < all.size() && may_go_on(all, last - 1)) ++last;
      const auto until = [&](std::size_t at) { return at < all.size() ? all[at - 1].until : Instant::max(); };
      const bool asked = all[i].asked != Tri::no && all[i].from < start;
      if (asked && until(last) > start) begin.certain = std::max(begin.certain, until(last));
      if (all[i].asked == Tri::yes && asked && until(end) > start) begin.perhaps = std::max(begin.perhaps, until(end));
      i = end;
    }
  }
  return begin;
}

// Whether the rule asks anything of it then, whatever the condition is.
Tri asks(const Party& party, const Moment& m) {
  if (!party.deal) return is_asked(party, m.now, clock_of(party.bench.world, party.person ? party.name : "", m.now));
  const Tri is = about(party.look, party.rule, m);
  return party.rule.even_when_closed ? is : both(is, party.look.open_at(m.now));
}

// What B is between two things that stand at one start of a day, where it is the same before and behind them. Missing:
// nullopt where it is never another.
std::optional<Tri> in_between(const Party& party, const Moment& m, Tri before, Tri behind) {
  if (before != behind && before != Tri::unknown && behind != Tri::unknown) return std::nullopt;
  const Tri held = behind == Tri::unknown ? before : behind;
  const auto stands = [&](const Fact& fact) { return fact.by_day && fact.at == m.now; };
  if (held == Tri::unknown || std::ranges::count_if(party.look.deal().facts, stands) < 2) return std::nullopt;
  const auto another = [&](const Moment& point) {
    Moment then = m;
    then.now = point.now, then.by_the_clock = true, then.later = point.later, then.came = point.came;
    const Tri is = party.look.holds(party.rule.expect, then);
    return held == Tri::yes ? !is : is;
  };
  const Hours hours{std::max(m.now, party.look.created()), {m.now.micros + 1}, nullptr, nullptr, true};
  if (so_in_passing(party.look, another, {}, hours)) return !held;
  const bool may = before == behind && may_be_in_passing(party.look, another, {}, hours);
  return may ? std::optional(Tri::unknown) : std::nullopt;
}

}  // namespace

Debtor debtor_at(const Party& party, Instant at) {
  if (party.deal) return debtor_of(party.look, party.rule, at);
  Debtor owes{debtor(party, at), nullptr};
  owes.clock = &clock_of(party.bench.world, owes.person, at);
  return owes;
}

std::vector<Instant> turns_of(const Party& party, Instant begin) {
  const World& world = party.bench.world;
  std::vector<Instant> turns;
  for (const Id<model::Expr> each : {party.rule.while_condition, party.rule.expect, party.rule.subject.where}) {
    if (!each) continue;
    const std::vector<Instant> some = party.look.turns(each, begin, world.horizon, world.usual());
    turns.insert(turns.end(), some.begin(), some.end());
  }
  std::sort(turns.begin(), turns.end());
  turns.erase(std::unique(turns.begin(), turns.end()), turns.end());
  return turns;
}

std::vector<Stretch> stretches(const Party& party) {
  const Look& look = party.look;
  const model::Rule& rule = party.rule;
  const World& world = look.world();
  const Instant horizon = world.horizon;
  const Begin version = begin_of(party);
  const Instant begin = std::max(party.begin(), version.perhaps);
  if (!party.begin().known() || begin >= horizon) return {};
  std::vector<Instant> turns = turns_of(party, begin);
  if (version.certain > begin && version.certain < horizon) turns.push_back(version.certain);
  std::sort(turns.begin(), turns.end());
  turns.erase(std::unique(turns.begin(), turns.end()), turns.end());
  std::vector<Stretch> all;
  Debtor debtor;
  Tri before = Tri::no;
  bool was_tail = false;
  bool doubted = false;  // since it began it may be that an earlier version asks
  for (std::size_t i = 0; i < turns.size(); ++i) {
    Moment m = moment_of(look, turns[i]);
    const auto asked_of = [&](const Debtor& who, bool goes_on) {
      if (!goes_on && !in_force(world, rule, turns[i])) return Tri::no;
      m.clock = who.clock, m.as_rows_say = true;
      const Tri about = rule.while_condition ? look.holds(rule.while_condition, m) : Tri::yes;
      m.as_rows_say = false;
      const Tri asked = both(about, asks(party, m));
      return turns[i] < version.certain ? both(asked, Tri::unknown) : asked;
    };
    if (before == Tri::no) debtor = debtor_at(party, turns[i]);
    Tri asked = asked_of(debtor, before != Tri::no);
    if (doubted && before == Tri::unknown && asked == Tri::yes) asked = Tri::unknown;  // it still may be
    const bool anew = asked != before;
    const Tri goes_on = asked;
    const bool doubt = asked == Tri::unknown || before == Tri::unknown;
    const bool tail = before != Tri::no && !in_force(world, rule, turns[i]) && (anew ? doubt : was_tail);
    if (anew && before != Tri::no && !tail) {  // what was asked ends; what begins is asked of whoever it is now
      debtor = debtor_at(party, turns[i]);
      asked = asked_of(debtor, false);
    }
    if (anew) doubted = turns[i] < version.certain;
    const Tri held = look.holds(rule.expect, m);
    const Instant until = i + 1 < turns.size() ? turns[i + 1] : horizon;
    const bool goes = party.deal && !anew && !all.empty();
    if (const auto between = goes ? in_between(party, m, all.back().held, held) : std::nullopt)
      all.push_back({turns[i], turns[i], asked, *between, false, goes_on, tail});
    all.push_back({turns[i], until, asked, held, anew, goes_on, tail});
    before = asked, was_tail = tail;
  }
  return all;
}

}  // namespace plumb::twin
