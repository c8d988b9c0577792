#include "property/twin/lasting.h"

#include <algorithm>

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

Begin begin_of(const Look& look, const model::Rule& rule) {
  const Instant start = in_force_from(look.world(), rule);
  Begin begin{start, start};
  for (const std::size_t row : versions_before(look.world(), rule)) {
    const std::vector<Stretch> all = stretches(look, look.book().rules[row]);
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

}  // namespace

std::vector<Stretch> stretches(const Look& look, const model::Rule& rule) {
  const World& world = look.world();
  const Instant horizon = world.horizon;
  const Begin version = begin_of(look, rule);
  const Instant begin = std::max(look.created(), version.perhaps);
  if (begin >= horizon) return {};
  std::vector<Instant> turns;
  for (const Id<model::Expr> each : {rule.while_condition, rule.expect, rule.subject.where}) {
    if (!each) continue;
    const std::vector<Instant> some = look.turns(each, begin, horizon, world.usual());
    turns.insert(turns.end(), some.begin(), some.end());
  }
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
      m.clock = who.clock;
      Tri asked = both(look.holds(rule.while_condition, m), about(look, rule, m));
      if (!rule.even_when_closed) asked = both(asked, look.open_at(turns[i]));
      return turns[i] < version.certain ? both(asked, Tri::unknown) : asked;
    };
    if (before == Tri::no) debtor = debtor_of(look, rule, turns[i]);
    Tri asked = asked_of(debtor, before != Tri::no);
    if (doubted && before == Tri::unknown && asked == Tri::yes) asked = Tri::unknown;  // it still may be
    const bool anew = asked != before;
    const Tri goes_on = asked;
    const bool doubt = asked == Tri::unknown || before == Tri::unknown;
    const bool tail = before != Tri::no && !in_force(world, rule, turns[i]) && (anew ? doubt : was_tail);
    if (anew && before != Tri::no && !tail) {  // what was asked ends; what begins is asked of whoever it is now
      debtor = debtor_of(look, rule, turns[i]);
      asked = asked_of(debtor, false);
    }
    if (anew) doubted = turns[i] < version.certain;
    const Tri held = look.holds(rule.expect, m);
    const Instant until = i + 1 < turns.size() ? turns[i + 1] : horizon;
    all.push_back({turns[i], until, asked, held, anew, goes_on, tail});
    before = asked, was_tail = tail;
  }
  return all;
}

}  // namespace plumb::twin
