#include <algorithm>
#include <memory>
#include <set>

#include "property/twin/crowd.h"
#include "property/twin/judge.h"

/// `every P [by POINT] expect C`.
namespace plumb::twin {

namespace {

using model::Comparison;
using model::Op;
using model::SubjectKind;

// Whoever is asked, period by period.
struct Asked {
  Bench& bench;
  const model::Rule& rule;
  std::string name;                // as it is told
  const Look& look;                // what its conditions are about
  const Person* person = nullptr;  // for each person
  const Deal* deal = nullptr;      // for each deal
};

struct Window {
  Interval period;
  Instant from, deadline;
  const Clock* clock = nullptr;
};

Instant clock_time(const Clock& clock, Day day, std::int64_t micros) {
  // The first instant of the day at which the clock on the wall shows that time, or a later one.
  for (const Offset& offset : offsets_of(clock.spec().zone)) {
    const Instant at{std::max(offset.from, day.days * std::int64_t{86'400'000'000} + micros - offset.east)};
    if (at.micros < offset.until) return at;
  }
  return Instant::unknown();
}

Instant point_of(const model::Rule& rule, const Clock& clock, Interval period) {
  const model::Point& point = *rule.point;
  if (point.of_period_after) period = clock.next(*rule.period, period);
  if (!period.from.known()) return Instant::unknown();
  const Day first = clock.day_of(period.from), last = clock.day_of({period.until.micros - 1});
  Day day = first;
  if (point.weekday) {
    while (weekday(day) != *point.weekday) day = day + 1;
  } else if (point.business) {
    std::int64_t number = 0;
    for (Day each = first; each <= last && number < *point.day_number; each = each + 1) {
      if (clock.is_business_day(each)) day = each, ++number;
    }
    if (number == 0) day = last;
  } else {
    day = std::min(first + static_cast<int>(*point.day_number - 1), last);
  }
  if (point.or_next_business_day) day = clock.business_day(day, 0);
  return point.micros_of_day ? clock_time(clock, day, *point.micros_of_day) : clock.end_of(day);
}

// From when a person joined, else from the first that is known of him.
bool employed(const World& world, const Person& person, Day day) {
  Day since = person.joined;
  if (!since.known() && !person.rows.empty())
    since = read_time(world.tables.people.cell(person.rows.front(), "from")).day;
  return (!since.known() || since <= day) && (!person.left.known() || day < person.left);
}

bool staffed(const World& world, const std::string& team, Day day, Instant at) {
  return std::any_of(world.people.begin(), world.people.end(), [&](const Person& each) {
    return employed(world, each, day) && person_text(world, each.id, "team", at) == team;
  });
}

Tri is_asked(const Asked& asked, Instant at, const Clock& clock) {
  if (asked.person && !employed(asked.bench.world, *asked.person, clock.day_of(at))) return Tri::no;
  if (asked.rule.subject.kind == SubjectKind::team && !staffed(asked.bench.world, asked.name, clock.day_of(at), at)) {
    return Tri::no;
  }
  Moment m;
  m.now = at, m.clock = &clock;
  Tri is = asked.deal ? about(asked.look, asked.rule, m) : Tri::yes;
  if (asked.person && asked.rule.subject.where) is = asked.look.holds(asked.rule.subject.where, m);
  if (asked.deal && !asked.rule.even_when_closed) is = both(is, open_for_asking(asked.look, at));
  return is;
}

// When it is certain that it is no longer asked, after the period began.
Instant leaves(const Asked& asked, const Window& window) {
  if (asked.deal) {
    return asked.rule.even_when_closed ? Instant::max() : asked.look.life_at(window.period.from).value_or(Life{}).close;
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

// Whether a filter reads nothing but the event itself: then whoever counts, counts for good.
bool only_event(const model::Rulebook& book, Id<model::Expr> id) {
  if (!id) return true;
  const model::Expr& expr = book.exprs[id];
  const bool other = expr.op == Op::subject_field || expr.op == Op::account_field || expr.op == Op::state ||
                     expr.op == Op::in_stage || expr.op == Op::happened || expr.op == Op::aggregate ||
                     expr.op == Op::today || expr.op == Op::measure || expr.op == Op::time_since ||
                     expr.op == Op::total_time_in || expr.op == Op::its_field;
  return !other &&
         std::all_of(expr.args.begin(), expr.args.end(), [&](Id<model::Expr> a) { return only_event(book, a); });
}

// Whether it only ever grows towards being true (1), or away from it (-1).
int direction(const model::Rulebook& book, Id<model::Expr> id) {
  const model::Expr& expr = book.exprs[id];
  if (expr.op == Op::happened) return expr.tails.any() ? 0 : 1;
  if (expr.op == Op::and_ || expr.op == Op::or_) {
    const int all = direction(book, expr.args.front());
    const bool alike = std::all_of(expr.args.begin(), expr.args.end(),
                                   [&](Id<model::Expr> arg) { return direction(book, arg) == all; });
    return alike ? all : 0;
  }
  if (expr.op != Op::compare || expr.tails.any() || book.exprs[expr.args[1]].op != Op::number) return 0;
  const model::Expr* left = &book.exprs[expr.args.front()];
  while (left->op == Op::measure) left = &book.exprs[book.measures[left->measure].value];
  if (!left->aggregate || left->aggregate->function != model::AggregateFunction::count) return 0;
  if (left->aggregate->tails.any() || !only_event(book, left->aggregate->where)) return 0;
  if (expr.comparison == Comparison::at_least || expr.comparison == Comparison::more_than) return 1;
  return expr.comparison == Comparison::at_most || expr.comparison == Comparison::less_than ? -1 : 0;
}

Moment moment(const Asked& asked, const Window& window, Instant now) {
  Moment m;
  m.now = now, m.since = window.from, m.clock = window.clock, m.stated_by_then = asked.rule.point.has_value();
  m.times = asked.rule.averaged_over ? asked.rule.averaged_over->first : 1;
  m.period = window.period.from;
  return m;
}

std::vector<Instant> instants(const Asked& asked, Instant from, Instant until) {
  std::vector<Instant> all = {from};
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

bool enough(const Asked& asked, const Window& window, Instant now) {
  for (const model::Given& given : asked.rule.given) {
    const Value count = asked.look.value(given.population, moment(asked, window, now));
    if (!count.known() || count.number < Ratio{given.count, 1}) return false;
  }
  return true;
}

void judge_period(const Asked& asked, const Window& window, Told& told) {
  const Instant horizon = asked.bench.world.horizon;
  const Instant left = leaves(asked, window);
  const bool leaves_first = left < window.deadline && left < horizon;
  const auto held = [&](Instant at) { return asked.look.holds(asked.rule.expect, moment(asked, window, at)); };
  const bool early = !asked.rule.averaged_over && asked.rule.given.empty();
  const int direction = early ? twin::direction(asked.bench.book(), asked.rule.expect) : 0;
  // What closes a deal still counts; the day on which a person is gone does not.
  const Instant last_counted{asked.deal ? left.micros : left.micros - 1};
  const Instant end =
      std::min({window.deadline, horizon, leaves_first ? Instant{last_counted.micros + 1} : Instant::max()});
  for (const Instant at : direction == 0 ? std::vector<Instant>() : instants(asked, window.from, end)) {
    const Tri now = held(at);
    if (direction > 0 && now == Tri::yes) return settle(told, "kept", window.deadline, at);
    if (direction < 0 && now == Tri::no) return settle(told, "missed", window.deadline, at);
  }
  if (leaves_first) {
    const Tri then = enough(asked, window, last_counted) ? held(last_counted) : Tri::unknown;
    return settle(told, then == Tri::yes ? "kept" : "excused", window.deadline, left);
  }
  if (window.deadline > horizon) return settle(told, "due", window.deadline, Instant::unknown());
  const Instant end_of_it{window.deadline.micros - 1};
  const Tri last = enough(asked, window, end_of_it) ? held(end_of_it) : Tri::unknown;
  settle(told,
         last == Tri::yes  ? "kept"
         : last == Tri::no ? "missed"
                           : "cannot tell",
         window.deadline, window.deadline);
}

std::string debtor(const Asked& asked, Instant at) {
  const World& world = asked.bench.world;
  const bool manager = asked.rule.owed_by == "manager";
  if (asked.deal) return debtor_of(asked.look, asked.rule, at).person;
  if (asked.person) return manager ? person_text(world, asked.name, "manager", at) : asked.name;
  if (asked.rule.subject.kind == SubjectKind::company) return {};
  std::set<std::string> managers;
  for (const Person& person : world.people) {
    if (person_text(world, person.id, "team", at) == asked.name && employed(world, person, world.usual().day_of(at))) {
      managers.insert(person_text(world, person.id, "manager", at));
    }
  }
  return managers.size() == 1 ? *managers.begin() : std::string();
}

const Clock& clock_at(const Asked& asked, Instant at) {
  const World& world = asked.bench.world;
  if (asked.person) return clock_of(world, asked.name, at);
  return asked.deal ? clock_of(world, debtor(asked, at), at) : world.usual();
}

void judge_subject(const Asked& asked) {
  const World& world = asked.bench.world;
  const Instant first = asked.deal ? asked.look.created() : world.first_event();
  if (!first.known()) return;
  const Instant in_force = in_force_from(world, asked.rule);
  const Clock* clock = &clock_at(asked, first);
  Interval period = clock->period_of(*asked.rule.period, first);
  if (!period.from.known()) period = clock->next(*asked.rule.period, {first, first});
  Instant point_before;
  std::vector<Instant> starts;
  while (period.from.known() && period.from < world.horizon) {
    const Clock& own = clock_at(asked, period.from);
    if (&own != clock) {
      const Day day = clock->day_of(period.from);
      clock = &own;
      period = clock->period_of(*asked.rule.period, clock->start_of(day));
    }
    Window window{period, period.from, period.until, clock};
    if (asked.rule.point) {
      window.deadline = point_of(asked.rule, *clock, period);
      if (point_before.known()) window.from = point_before;
      point_before = window.deadline;
    }
    const bool forced = !in_force.known() || period.from >= in_force;
    const bool whole = !asked.deal || period.from >= first;
    const Tri is = forced && whole ? is_asked(asked, period.from, *clock) : Tri::no;
    if (forced) starts.push_back(window.from);
    const std::size_t back = asked.rule.averaged_over ? static_cast<std::size_t>(asked.rule.averaged_over->first) : 1;
    if (is != Tri::no && starts.size() >= back) {
      window.from = starts[starts.size() - back];
      Told told = twin::told(asked.rule, asked.name, debtor(asked, period.from), period.from);
      told.period = period.from.micros;
      if (is == Tri::unknown) {
        settle(told, "cannot tell", window.deadline, period.from);
      } else {
        judge_period(asked, window, told);
      }
      asked.bench.all.push_back(told);
    }
    period = clock->next(*asked.rule.period, period);
  }
}

}  // namespace

void judge_quotas(Bench& bench, const model::Rule& rule) {
  const World& world = bench.world;
  switch (rule.subject.kind) {
    case SubjectKind::deal:
      for (const Deal& deal : world.deals) {
        judge_subject({bench, rule, deal.id, Look(world, deal), nullptr, &deal});
      }
      return;
    case SubjectKind::person:
      for (const Person& person : world.people) {
        judge_subject({bench, rule, person.id, CrowdLook(world, {rule.subject.kind, person.id}), &person, nullptr});
      }
      return;
    case SubjectKind::team: {
      std::set<std::string> teams;
      for (std::size_t row = 0; row < world.tables.people.rows.size(); ++row) {
        teams.insert(world.tables.people.cell(row, "team"));
      }
      teams.erase("");
      for (const std::string& team : teams)
        judge_subject({bench, rule, team, CrowdLook(world, {rule.subject.kind, team})});
      return;
    }
    case SubjectKind::company: judge_subject({bench, rule, "the company", CrowdLook(world, {})}); return;
  }
}

}  // namespace plumb::twin
