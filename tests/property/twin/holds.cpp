#include "property/twin/holds.h"

#include <algorithm>

#include "property/twin/day.h"

namespace plumb::twin {

// Whether a deal is on hold: in a stage that is, or while the condition of its process holds.
Tri Look::on_hold(const Moment& m) const {
  Tri any = Tri::no;
  for (std::size_t i = 0; i < book().processes.size(); ++i) {
    const Id<model::Process> id{i};
    if (may_follow(id) == Tri::no) continue;
    const model::Process& process = book().processes[id];
    for (const Id<model::Stage> each : process.stages) {
      if (!book().stages[each].on_hold) continue;
      any = either(any, in_stages({each}, m));
    }
    if (process.on_hold_while) any = either(any, holds(process.on_hold_while, m));
  }
  return any == Tri::yes && process_known() != Tri::yes ? Tri::unknown : any;
}

namespace {

// One that begins and ends on one day, or breaks off for a part of it, by what has dates alone.
void add_passing(const Look& look, std::vector<Hold>& holds) {
  const Clock& days = look.world().usual();
  std::vector<Instant> starts;
  for (const Fact& fact : look.deal().facts) {
    if (fact.by_day && fact.at.known() && fact.of != Class::created) starts.push_back(fact.at);
  }
  std::ranges::sort(starts);
  starts.erase(std::ranges::unique(starts).begin(), starts.end());
  for (const Instant at : starts) {
    const Instant from = std::max(at, look.created()), over = days.end_of(days.day_of(at));
    if (from >= over) continue;
    Moment m;
    m.now = from, m.clock = &days;
    const Tri with = look.on_hold(m);
    m.by_the_clock = true;
    const auto ask = [&](const Moment& then) { return look.on_hold(then); };
    const Tri any = in_every_reading(look, ask, m, false, false);
    const std::vector<bool> all(look.deal().facts.size() + 1 + look.world().tables.contacts.rows.size(), true);
    m.later = &all;
    const Tri without = look.on_hold(m);
    if (with != without || with == Tri::unknown || any == with) continue;
    const auto ask_then = [&](Moment then) {
      then.clock = &days;
      return look.on_hold(then);
    };
    const bool sure = with == Tri::yes || so_in_passing(look, ask_then, {}, {from, over, nullptr, nullptr, true});
    std::vector<Hold> cut;
    Instant left = from;  // of it
    for (Hold each : holds) {
      if (each.until > from && each.from < over) {
        if (with == Tri::yes) {
          if (each.from < from) cut.push_back({each.from, from, each.is, each.in_part});
          each.from = std::max(from, std::min(each.until, over));
          if (each.from < each.until) cut.push_back(each);
          continue;
        }
        if (left < each.from) cut.push_back({left, each.from, Tri::unknown, sure});
        left = std::max(left, std::min(over, each.until));
      }
      cut.push_back(each);
    }
    if (left < over) cut.push_back({left, over, Tri::unknown, sure});
    std::ranges::sort(cut, {}, &Hold::from);
    holds = cut;
  }
}

// A hold that begins or ends on a date without a time of day does so at any instant of that day.
std::vector<Hold> by_day(const Look& look, const std::vector<Hold>& holds) {
  std::vector<Hold> all;
  const auto add = [&](Hold hold) {
    if (!all.empty()) hold.from = std::max(hold.from, all.back().until);
    if (hold.from < hold.until) all.push_back(hold);
  };
  // Where it is what has a date alone that turns it.
  const auto end_of_day = [&](Instant at) {
    const Clock& days = look.world().usual();
    // On the day of the creation it begins or ends after that; a move of that date stands where the deal was created.
    const Instant start = at == look.created() ? days.start_of(days.day_of(at)) : at;
    const Instant latest = std::max({at, latest_turn(look, start), latest_turn(look, at)});
    Moment m;
    m.now = at, m.clock = &look.world().usual();
    const Tri with = look.on_hold(m);
    const auto turns = [&](Instant without) {
      Moment then = m;
      then.without = without;
      return look.on_hold(then) != with;
    };
    const bool by_date = turns(start) || turns(at);
    m.by_the_clock = true;
    return latest == at || (!by_date && look.on_hold(m) == with) ? at : Instant{latest.micros + 1};
  };
  for (const Hold& hold : holds) {
    const bool told = hold.is == Tri::yes;
    const Instant first = end_of_day(hold.from);
    add({hold.from, std::min(first, hold.until), Tri::unknown, told});
    add({first, hold.until, hold.is, hold.in_part});
    if (hold.until != Instant::max()) add({hold.until, end_of_day(hold.until), Tri::unknown, told});
  }
  add_passing(look, all);
  return all;
}

}  // namespace

std::vector<Hold> holds_of(const Look& look) {
  const model::Rulebook& book = look.book();
  std::vector<Instant> turns;
  const Instant horizon = look.world().horizon;
  for (const model::Process& process : book.processes) {
    const bool some_stage = std::any_of(process.stages.begin(), process.stages.end(),
                                        [&](Id<model::Stage> each) { return book.stages[each].on_hold; });
    if (!some_stage && !process.on_hold_while) continue;
    const auto some = look.turns(process.on_hold_while, look.created(), horizon, look.world().usual());
    turns.insert(turns.end(), some.begin(), some.end());
  }
  std::sort(turns.begin(), turns.end());
  std::vector<Hold> all;
  Tri before = Tri::no;
  for (const Instant at : turns) {
    Moment m;
    m.now = at, m.clock = &look.world().usual();
    const Tri now = look.on_hold(m);
    if (now == before) continue;
    if (before != Tri::no) all.back().until = at;
    if (now != Tri::no) all.push_back({at, Instant::max(), now});
    before = now;
  }
  return by_day(look, all);
}

Instant latest_turn(const Look& look, Instant at) {
  for (const Fact& fact : look.deal().facts) {
    if (fact.by_day && at.known() && fact.at == at) return fact.latest;
  }
  return at;
}

bool told_later(const std::vector<Hold>& holds, Instant from, Instant later) {
  return later != Instant::max() && std::all_of(holds.begin(), holds.end(), [&](const Hold& hold) {
           return hold.is == Tri::yes || hold.in_part || hold.until <= from || hold.from >= later;
         });
}

void unsettle(Told& told, const std::vector<Hold>& holds, Instant opened, Instant sooner, Instant later,
              Instant horizon) {
  if (!told_later(holds, opened, later)) return settle(told, "cannot tell", Instant::unknown(), sooner);
  if (later > horizon) return settle(told, "due", Instant::unknown(), Instant::unknown());
  settle(told, "cannot tell", Instant::unknown(), later);
}

std::vector<Hold> written(const std::vector<Hold>& holds, const Clock& clock, const Clock& usual, Duration d) {
  if (&clock == &usual || by_the_clock(d)) return holds;
  const auto moved = [&](Instant at) {
    // Whether a doubtful day of the usual calendar begins or ends there.
    const bool date = std::ranges::any_of(holds, [&](const Hold& hold) {
      return hold.in_part && (hold.from == at || hold.until == at) && usual.start_of(usual.day_of(at)) == at;
    });
    return date ? clock.start_of(usual.day_of(at)) : at;
  };
  std::vector<Hold> all;
  for (const Hold& hold : holds) {
    Hold one = hold;
    one.from = moved(hold.from);
    if (hold.until != Instant::max()) one.until = moved(hold.until);
    if (!all.empty() && all.back().until > one.from) {
      (hold.in_part ? all.back().until : one.from) = hold.in_part ? one.from : all.back().until;
    }
    if (one.from < one.until) all.push_back(one);
  }
  std::erase_if(all, [](const Hold& hold) { return hold.from >= hold.until; });
  return all;
}

std::vector<Hold> reading(const std::vector<Hold>& holds, bool perhaps, Duration clock) {
  std::vector<Hold> all;
  for (const Hold& each : holds) {
    const bool counts = perhaps || (each.in_part && !by_the_clock(clock));
    if (each.is == Tri::unknown && !counts) continue;
    if (!all.empty() && all.back().until == each.from) {
      all.back().until = each.until;
    } else {
      all.push_back({each.from, each.until, Tri::yes});
    }
  }
  return all;
}

namespace {

std::int64_t worked(const Clock& clock, Instant from, Instant until) {
  std::int64_t sum = 0;
  for (Day day = clock.day_of(from); clock.start_of(day) < until; day = day + 1) {
    for (const Interval& shift : clock.shifts_of(day)) {
      const Instant a = std::max(shift.from, from), b = std::min(shift.until, until);
      if (a < b) sum += b.micros - a.micros;
    }
  }
  return sum;
}

// The end moves by what is on hold before it, hold after hold.
Instant run_off(const Clock& clock, Duration d, Instant at, const std::vector<Hold>& holds) {
  const bool working = d.unit == time::Unit::working_hours;
  std::int64_t wanted = d.count * (d.unit == time::Unit::minutes ? 60'000'000 : time::micros_per_hour);
  Instant end = clock.within(d, at);
  for (const Hold& hold : holds) {
    if (hold.until <= at) continue;
    if (hold.from >= end) break;
    if (hold.until == Instant::max()) return hold.until;
    const Instant from = std::max(hold.from, at);
    wanted += working ? worked(clock, from, hold.until) : hold.until.micros - from.micros;
    end = working ? clock.worked_from(at, wanted) : Instant{at.micros + wanted};
  }
  return end;
}

// A day of which any part is on hold is not counted.
Instant by_days(const Clock& clock, std::int64_t count, bool business, Instant at, const std::vector<Hold>& holds) {
  Day day = clock.day_of(at);
  if (count > 0) day = day + 1;
  for (std::int64_t left = std::max<std::int64_t>(count, 1);; day = day + 1) {
    bool still = false;
    for (const Hold& hold : holds) {
      if (hold.from >= clock.end_of(day) || hold.until <= std::max(at, clock.start_of(day))) continue;
      if (hold.until == Instant::max()) return hold.until;
      still = true;
    }
    if (still || (business && !clock.is_business_day(day))) continue;
    if (--left == 0) return clock.end_of(day);
  }
}

}  // namespace

Instant within(const Clock& clock, Duration d, Instant at, const std::vector<Hold>& holds) {
  const Instant plain = clock.within(d, at);
  if (!plain.known()) return plain;
  if (by_the_clock(d)) return run_off(clock, d, at, holds);
  if (d.unit == time::Unit::business_days) return by_days(clock, d.count, true, at, holds);
  const Day first = clock.day_of(at), last = clock.day_of({plain.micros - 1});
  return by_days(clock, last - first, false, at, holds);
}

}  // namespace plumb::twin
