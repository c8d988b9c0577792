#include <algorithm>
#include <deque>

#include "property/twin/by_stage.h"
#include "property/twin/party.h"
#include "property/twin/quota.h"
#include "property/twin/share.h"

/// `every P [by POINT] expect C`.
namespace plumb::twin {

namespace {

using model::SubjectKind;

struct Window {
  Interval period;
  Instant from, deadline;
  const Clock* clock = nullptr;
  std::vector<Part> parts = {};
  std::deque<Share> shares = {};
  Instant behind = {};  // known: what has the date of the day that starts then comes after all that counts

  bool adjusted() const { return !shares.empty(); }
  bool nothing_asked() const {
    return adjusted() && std::ranges::all_of(shares, [](const Share& each) {
             return each.known && each.most == Ratio{0, 1};
           });
  }
};

// In which life a deal is when a period begins. What closes it on the date with which that begins comes later, as it is
// written, in whatever zone, and also where it was reopened on that day.
std::optional<Life> life_when_begun(const Party& asked, Instant begin, const Clock& clock) {
  const Instant date = asked.bench.world.usual().start_of(clock.day_of(begin));
  for (const Life& life : asked.look.lives()) {
    if (life.closes_by_day && life.close == date) return life;
  }
  return asked.look.life_at(begin);
}

Life life_of(const Party& asked, const Window& window) {
  const bool any = !asked.deal || asked.rule.even_when_closed;
  return any ? Life{} : life_when_begun(asked, window.period.from, *window.clock).value_or(Life{});
}

// The deal may have closed, and excused what is asked, before what decides.
void may_have_closed(const Life& life, Told& told) {
  const bool decided = told.verdict == "kept" || told.verdict == "missed";
  if (decided && told.settled > life.doubt.micros) told.verdict = "cannot tell";
}

// When it is certain that it is no longer asked, after the period began.
Instant leaves(const Party& asked, const Window& window) {
  if (asked.deal) {
    const Life life = life_of(asked, window);
    const Day day = life.closes_by_day ? asked.bench.world.usual().day_of(life.close) : Day::unknown();
    return day.known() && window.clock->start_of(day) >= window.deadline ? Instant::max()
                                                                         : std::max(life.close, window.period.from);
  }
  if (asked.person == nullptr) return Instant::max();
  const Clock& clock = *window.clock;
  const Instant end = std::min(window.deadline, window.period.until);
  for (Day day = clock.day_of(window.period.from); clock.start_of(day) < end; day = day + 1) {
    const Instant at = clock.start_of(day);
    if (at > window.period.from && is_asked(asked, at, clock) == Tri::no) return at;
  }
  return Instant::max();
}

// The start of the first day on which nobody knows whether the person is still asked.
Instant perhaps_leaves(const Party& asked, const Window& window) {
  if (asked.person == nullptr) return Instant::max();
  const Clock& clock = *window.clock;
  const Instant end = std::min({window.deadline, window.period.until, asked.bench.world.horizon});
  for (Day day = clock.day_of(window.period.from) + 1; clock.start_of(day) < end; day = day + 1) {
    const Tri is = is_asked(asked, clock.start_of(day), clock);
    if (is == Tri::no) break;
    if (is == Tri::unknown) return clock.start_of(day);
  }
  return Instant::max();
}

// Those whose holidays and leave take something off: the person, or who belongs to the team when the period starts.
std::vector<std::string> members(const Party& asked, Instant at) {
  if (asked.person) return {asked.name};
  const World& world = asked.bench.world;
  std::vector<std::string> all;
  const bool team = asked.rule.subject.kind == SubjectKind::team;
  for (const Person& each : world.people) {
    if (each.rows.empty() || !employed(world, each, world.usual().day_of(at))) continue;
    if (!team || person_text(world, each.id, "team", world.usual().day_of(at)) == asked.name) all.push_back(each.id);
  }
  if (all.empty()) all.emplace_back();  // nobody, who has no leave
  return all;
}

// Each of the periods that are judged together by itself.
void adjust(const Party& asked, Window& window) {
  if (asked.rule.adjusted_for.empty()) return;
  const std::vector<std::string> people = members(asked, window.period.from);
  for (Part& part : window.parts) {
    const Interval period = window.clock->period_of(*asked.rule.period, part.period);
    window.shares.push_back(share_of(asked.bench.world, asked.rule, people, *window.clock, period));
    part.share = &window.shares.back();
  }
}

Moment moment(const Party& asked, const Window& window, Instant now) {
  Moment m;
  m.now = now, m.since = window.from, m.clock = window.clock, m.stated_by_then = asked.rule.point.has_value();
  m.parts = window.parts;
  m.period = window.period.from, m.period_end = window.period.until;
  m.of_period = true;
  m.point = window.deadline;
  m.without = window.behind;
  return m;
}

std::vector<Instant> instants(const Party& asked, Instant from, Instant until) {
  std::vector<Instant> all;
  if (from < until) all.push_back(from);
  const auto add = [&](const std::vector<Fact>& facts) {
    for (const Fact& fact : facts) {
      for (const Instant at : {fact.at, fact.latest, fact.recorded.value_or(Instant::unknown())}) {
        if (at.known() && at >= from && at < until) all.push_back(at);
      }
    }
  };
  for (const Deal& deal : asked.bench.world.deals) add(deal.facts);
  for (const Person& person : asked.bench.world.people) add(person.facts);
  std::sort(all.begin(), all.end());
  return all;
}

// Whether a condition counts, under no tail, what names the period that it belongs to.
bool names_periods(const World& world, Id<model::Expr> id) {
  const model::Expr& expr = world.book.exprs[id];
  if (expr.tails.any()) return false;
  if (expr.op == model::Op::measure) return names_periods(world, world.book.measures[expr.measure].value);
  const bool counts = expr.op == model::Op::happened || (expr.aggregate && !expr.aggregate->tails.any());
  const Id<model::Event> event = expr.aggregate ? expr.aggregate->event : expr.event;
  return (counts && event && world.names_periods(event)) ||
         std::ranges::any_of(expr.args, [&](Id<model::Expr> arg) { return names_periods(world, arg); });
}

bool enough(const Party& asked, const Window& window, Instant now) {
  for (const model::Given& given : asked.rule.given) {
    const Value count = asked.look.value(given.population, moment(asked, window, now));
    if (!count.known() || count.number < Ratio{given.count, 1}) return false;
  }
  return true;
}

// What was missed by then may be excused, since nobody knows whether the person was asked up to then, and so may what
// was not so before; the day on which he is gone counts no more.
void may_have_left(const Party& asked, Window window, Told& told) {
  const Instant perhaps = perhaps_leaves(asked, window), before{perhaps.micros - 1};
  if (perhaps == Instant::max()) return;
  // What has the date of that day is not so yet, also where the day has begun by the usual calendar.
  const Instant day = asked.bench.world.usual().start_of(window.clock->day_of(perhaps));
  if (day < perhaps) window.behind = day;
  const Instant missed = told.verdict == "late" ? window.deadline : Instant{told.settled};
  const bool undone = (told.verdict == "missed" || told.verdict == "late") && perhaps <= missed;
  const auto by_then = [&] {
    return enough(asked, window, before) &&
           asked.look.holds(asked.rule.expect, moment(asked, window, before)) == Tri::yes;
  };
  if (undone) told.verdict = "cannot tell", told.settled = missed.micros;
  if (told.verdict == "kept" && !by_then()) told.verdict = "cannot tell";
}

// Whether the deal is open, or the person employed, when something is done after the deadline.
bool still_there(const Party& asked, const Window& window, Instant at) {
  if (asked.person) return employed(asked.bench.world, *asked.person, window.clock->day_of(at));
  return at <= life_of(asked, window).close;
}

// By the way says whether what settles it has a date alone.
void judge_period(const Party& asked, Window window, Told& told, bool& by_day) {
  const Instant horizon = asked.bench.world.horizon;
  const Instant left = leaves(asked, window);
  const bool leaves_first = left < window.deadline && left < horizon;
  const auto held = [&](Instant at) { return asked.look.holds(asked.rule.expect, moment(asked, window, at)); };
  const bool early = asked.rule.given.empty() && !window.adjusted();
  const int direction =
      early ? twin::direction(asked.bench.book(), asked.rule.expect, asked.rule.point.has_value()) : 0;
  // What closes a deal still counts; the day on which a person is gone does not.
  const Instant last_counted{asked.deal ? left.micros : left.micros - 1};
  const Instant end =
      std::min({window.deadline, horizon, leaves_first ? Instant{last_counted.micros + 1} : Instant::max()});
  // A date is that day in whatever zone: it is behind the end where the day is that begins with it.
  const Clock& usual = asked.bench.world.usual();
  const Day next = window.clock->day_of(end);
  if (window.clock != &usual && window.clock->start_of(next) == end && usual.start_of(next) < end)
    window.behind = usual.start_of(next);
  // What names the period counts from where that begins, also before its window does.
  const bool named = names_periods(asked.bench.world, asked.rule.expect);
  const Instant from = named ? std::min(window.from, window.period.from) : window.from;
  for (const Instant at : direction == 0 ? std::vector<Instant>() : instants(asked, from, end)) {
    const Tri now = held(at);
    Moment without = moment(asked, window, at);
    without.without = at;
    by_day = now != asked.look.holds(asked.rule.expect, without);
    const Instant settled = std::max(at, window.period.from);  // it may have been so before the period began
    by_day &= settled == at;
    if (direction > 0 && now == Tri::yes) return settle(told, "kept", window.deadline, settled);
    if (direction < 0 && now == Tri::no) return settle(told, "missed", window.deadline, settled);
  }
  by_day = leaves_first && asked.deal && moves_by_day(asked.look, left);
  if (leaves_first) {
    const Tri then = enough(asked, window, last_counted) ? held(last_counted) : Tri::unknown;
    if (then == Tri::yes && !window.nothing_asked()) return settle(told, "kept", window.deadline, left);
    return settle(told, "excused", window.deadline, left, asked.deal ? "closed" : "left");
  }
  if (window.deadline > horizon) return settle(told, "due", window.deadline, Instant::unknown());
  if (window.nothing_asked()) {
    return settle(told, "excused", window.deadline, window.deadline, "nothing asked");
  }
  const Instant end_of_it{window.deadline.micros - 1};
  const Tri last = enough(asked, window, end_of_it) ? held(end_of_it) : Tri::unknown;
  settle(told,
         last == Tri::yes  ? "kept"
         : last == Tri::no ? "missed"
                           : "cannot tell",
         window.deadline, window.deadline);
  // Only what names its period can be late.
  const bool doubted = life_of(asked, window).doubt < window.deadline;
  if (!named || doubted || last != Tri::no || direction <= 0 || asked.rule.averaged_over) return;
  window.behind = {};
  for (const Instant at : instants(asked, window.deadline, horizon)) {
    if (!still_there(asked, window, at)) return;
    if (held(at) != Tri::yes) continue;
    Moment without = moment(asked, window, at);
    without.without = at;
    by_day = asked.look.holds(asked.rule.expect, without) != Tri::yes;
    return settle(told, "late", window.deadline, at);
  }
}

// By whose calendar a period that starts then is a period.
const Clock& clock_at(const Party& asked, Instant at, const Clock& clock) {
  const World& world = asked.bench.world;
  if (asked.person) return clock_of(world, asked.name, clock.day_of(at));
  return asked.deal ? clock_of(world, debtor(asked, at), clock.day_of(at)) : world.usual();
}

// Whether the first move that stands at an instant has a date alone.
bool moves_by_day_alone(const Party& asked, Instant at) {
  const auto stands = [&](const Fact& fact) { return fact.of == Class::move && !fact.implied && fact.at == at; };
  const auto first = std::ranges::find_if(asked.deal->facts, stands);
  return first != asked.deal->facts.end() && first->by_day;
}

// Whether a period that starts then is one of those of which it is asked.
Tri asks_in(const Party& asked, Instant from, const Clock& clock) {
  if (asked.deal && asked.look.created() > from) return Tri::no;
  // With a date alone it is created at some time of that day, as it is written.
  const auto that_day = [&](const Fact& fact) {
    const Clock& usual = asked.bench.world.usual();
    return fact.of == Class::created && fact.by_day && clock.start_of(usual.day_of(fact.at)) == from;
  };
  if (asked.deal && std::ranges::any_of(asked.deal->facts, that_day)) return Tri::no;
  const bool lives = asked.deal && !asked.rule.even_when_closed;
  const Life now = lives ? life_when_begun(asked, from, clock).value_or(Life{}) : Life{};
  const Clock& days = asked.bench.world.usual();
  const auto all = lives ? asked.look.lives() : std::vector<Life>();
  // What has a time may have closed it then, and still belongs to the life before.
  const bool still = std::ranges::any_of(all, [&](const Life& life) {
    return !life.closed && life.close == now.begin && life.doubt == from && !moves_by_day_alone(asked, from);
  });
  const bool begins = lives && !still && now.begins_by_day && clock.start_of(days.day_of(now.begin)) == from;
  const auto is_now = [&](const Life& life) { return life.begin == now.begin && life.close == now.close; };
  const auto own = std::ranges::find_if(all, is_now);
  if (begins && (own == all.begin() || reopens(asked.look, *std::prev(own)))) return Tri::no;
  Tri is = is_asked(asked, from, clock);
  if (begins) is = both(is, Tri::unknown);
  if (lives && now.closes_by_day && now.close == days.start_of(clock.day_of(from))) {
    Moment m;
    m.now = from, m.clock = &clock;
    const bool perhaps = asked.look.lives_unknown() || now.perhaps;
    is = both(about(asked.look, asked.rule, m), perhaps ? Tri::unknown : Tri::yes);
  }
  return now.doubt <= from ? both(is, Tri::unknown) : is;
}

void judge_started(const Party& asked, Window window) {
  const Instant from = window.period.from;
  Tri is = asks_in(asked, from, *window.clock);
  const Life life = life_of(asked, window);
  if (is == Tri::no) return;
  // Only the last of its periods without a break in which it was asked.
  for (std::size_t i = window.parts.size() - 1; is == Tri::yes && i-- > 0;) {
    const Tri then = asks_in(asked, window.parts[i].period, *window.clock);
    if (then == Tri::unknown) is = then;
    if (then != Tri::no) continue;
    window.parts.erase(window.parts.begin(), window.parts.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    window.from = window.parts.front().from;
    break;
  }
  const auto judged = [&](Window one, bool& by_day) {
    Told told = twin::told(asked.rule, asked.name, debtor(asked, from), from);
    told.period = from.micros;
    adjust(asked, one);
    judge_period(asked, one, told, by_day);
    may_have_left(asked, one, told);
    may_have_closed(life, told);
    return told;
  };
  // The first window of whoever was not asked of the period before begins with its period.
  Window anew = window;
  anew.from = anew.parts.front().from = anew.parts.front().period;
  const Interval first = window.clock->period_of(*asked.rule.period, anew.from);
  const Instant last = window.clock->previous(*asked.rule.period, first).from;
  const bool again = !asked.rule.point || !last.known() || !in_force(asked.bench.world, asked.rule, last);
  const Tri before = again || window.from == anew.from ? Tri::yes : asks_in(asked, last, *window.clock);
  bool by_day = false, other_by_day = false;
  Told told = twin::told(asked.rule, asked.name, debtor(asked, from), from);
  told.period = from.micros;
  if (is == Tri::yes) told = judged(before == Tri::no ? anew : window, by_day);
  if (is == Tri::yes && before == Tri::unknown) {
    const Told other = judged(anew, other_by_day);
    if (other.verdict != told.verdict || other.settled != told.settled) is = Tri::unknown;
  }
  if (is == Tri::unknown) settle(told, "cannot tell", window.deadline, from);
  asked.bench.add(told, nullptr, by_day && is == Tri::yes);
}

// The periods of one calendar, from that which holds the first that is known.
void judge_by(const Party& asked, const Clock& clock, Instant first) {
  const World& world = asked.bench.world;
  const model::Rule& rule = asked.rule;
  const std::size_t together = rule.averaged_over ? static_cast<std::size_t>(rule.averaged_over->first) : 1;
  Interval period = clock.period_of(*rule.period, first);
  if (!period.from.known()) period = clock.next(*rule.period, {first, first});
  Instant point_before;
  std::vector<Part> parts;
  for (; period.from.known() && period.from < world.horizon; period = clock.next(*rule.period, period)) {
    if (!in_force(world, rule, period.from)) continue;
    Window window{period, period.from, period.until, &clock};
    if (rule.point) {
      window.deadline = point_of(rule, clock, period);
      if (point_before.known()) window.from = point_before;
      point_before = window.deadline;
    }
    parts.push_back({period.from, window.from, window.deadline});
    if (window.from >= window.deadline) continue;  // there is no time in which it could be done
    const bool whole = !asked.deal || period.from >= first;
    if (!whole || parts.size() < together || &clock_at(asked, period.from, clock) != &clock) continue;
    window.parts.assign(parts.end() - static_cast<std::ptrdiff_t>(together), parts.end());
    window.from = window.parts.front().from;
    judge_started(asked, window);
  }
}

void judge_subject(const Party& asked) {
  const World& world = asked.bench.world;
  const Instant first = asked.begin();
  if (!first.known()) return;
  // What begins with a day does so wherever days are counted.
  const Day day = world.usual().day_of(first);
  const bool with_day = !asked.deal && world.usual().start_of(day) == first;
  for (const Clock& clock : world.clocks) judge_by(asked, clock, with_day ? clock.start_of(day) : first);
}

}  // namespace

void judge_quotas(Bench& bench, const model::Rule& rule) { for_each_party(bench, rule, judge_subject); }

}  // namespace plumb::twin
