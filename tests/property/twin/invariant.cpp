#include <algorithm>
#include <optional>
#include <string_view>

#include "property/twin/by_stage.h"
#include "property/twin/holds.h"
#include "property/twin/judge.h"
#include "property/twin/lasting.h"

/// `while A expect B [lapse at most D at a time]` and `throughout expect M is at most V`.
namespace plumb::twin {

namespace {

// A stretch of one value.
struct Run {
  Instant from, until;
  Tri held;
};

struct Judged {
  Bench& bench;
  const model::Rule& rule;
  const std::string& name;
  const Look& look;
  Debtor debtor;
  Instant begin, end;  // of the interval; `ended`: A ended there, else the horizon
  bool ended = false;

  std::vector<Hold> holds = {};
  std::vector<Said>* into = nullptr;
  Instant since = Instant::unknown();  // B is not known to have been true before the first run, which may be asked for
  bool lapses_on = false;              // nor since a lapse of what was asked for

  Instant allowed(Instant lapse, bool perhaps) const {
    if (!rule.lapse) return lapse;
    const auto of_clock = written(holds, *debtor.clock, look.world().usual(), *rule.lapse);
    return within(*debtor.clock, *rule.lapse, lapse, reading(of_clock, perhaps, *rule.lapse));
  }
  void tell(Instant opened, const char* verdict, Instant deadline, Instant settled, const char* why = "") {
    Told told = twin::told(rule, name, debtor.person, opened);
    settle(told, verdict, deadline, settled, why);
    into->push_back({told});
  }
};

// Whether what has a date alone, and stands at an instant, may be why something turned there: the creation and a
// move always may, and anything where there is a filter; else where one of the conditions is another without it.
bool turns_by_day(const Judged& of, Instant at) {
  const model::Rule& rule = of.rule;
  const std::vector<Fact>& facts = of.look.deal().facts;
  const auto stands = [&](const Fact& fact) { return fact.by_day && fact.at == at; };
  const auto moves = [&](const Fact& fact) {
    return stands(fact) && (fact.of == Class::move || fact.of == Class::created);
  };
  if (std::ranges::none_of(facts, stands)) return false;
  if (rule.subject.kind != model::SubjectKind::deal || rule.subject.where || std::ranges::any_of(facts, moves))
    return true;
  for (const Id<model::Expr> condition : {rule.while_condition, rule.expect}) {
    if (!condition) continue;
    Moment m = moment_of(of.look, at);
    m.clock = of.debtor.clock, m.as_rows_say = condition == rule.while_condition;
    const Tri with = of.look.holds(condition, m);
    m.by_the_clock = true;
    if (with == Tri::unknown || in_every_reading(of.look, condition, m) != with) return true;
  }
  return false;
}

// The first and the last instant at which something may have turned that did so at an instant: by days of a calendar
// elsewhere a date alone is that day of it.
bool by_written_days(const Judged& of) {
  return of.rule.lapse && !by_the_clock(*of.rule.lapse) && of.debtor.clock != &of.look.world().usual();
}
Instant first_turn(const Judged& of, Instant at) {
  const bool dated = at.known() && by_written_days(of) && turns_by_day(of, at);
  return dated ? of.debtor.clock->start_of(of.look.world().usual().day_of(at)) : at;
}
Instant latest_turn(const Judged& of, Instant at) {
  const Instant last = turns_by_day(of, at) ? latest_turn(of.look, at) : at;
  if (last == at || !by_written_days(of)) return last;
  return {of.debtor.clock->end_of(of.look.world().usual().day_of(at)).micros - 1};
}

struct Settled {
  const char* verdict;
  Instant at;
};

// A lapse as it was, or as long or short as it may have been.
struct Lapse {
  Instant from;
  Instant ended;  // it is not known to last any more
  Instant over;   // certainly: mended, or nothing is asked any more
  bool goes_on;   // at the horizon
  bool asked_no_more;
  bool doubted;  // before it was a stretch, longer than what is allowed, of which nobody can say what it was
};

// What becomes of a lapse. One that took no time is none.
Settled settled_lapse(const Judged& of, const Lapse& lapse, Instant deadline) {
  if (!of.rule.lapse && lapse.from == lapse.ended) {
    if (lapse.goes_on) return {"due", Instant::unknown()};
    return {lapse.doubted || lapse.over != lapse.ended ? "cannot tell" : "kept", lapse.ended};
  }
  if (!lapse.goes_on && lapse.over < deadline) return {lapse.doubted ? "cannot tell" : "kept", lapse.over};
  if (deadline > of.look.world().horizon) return {"due", Instant::unknown()};
  if (lapse.ended < deadline) return {"cannot tell", deadline};
  return {lapse.asked_no_more || lapse.goes_on ? "missed" : "late",
          lapse.asked_no_more || lapse.goes_on ? deadline : lapse.over};
}

bool is(const Settled& settled, std::string_view verdict) { return settled.verdict == verdict; }

// By one reading of the deal's holds the longest and the shortest that it may have been have to agree.
Settled by_reading(const Judged& of, const Lapse& longest, const Lapse& shortest, Instant over, bool perhaps) {
  Instant decided = Instant::unknown();  // by then its time was over by both, or the lapse before that
  for (const Lapse& each : {longest, shortest}) {
    const Instant end = of.allowed(each.from, perhaps);
    decided = std::max(decided, !each.goes_on && each.over < end ? shortest.over : end);
  }
  const Settled one = settled_lapse(of, longest, of.allowed(longest.from, perhaps));
  const Settled other = settled_lapse(of, shortest, of.allowed(shortest.from, perhaps));
  if (is(one, "due") || is(other, "due")) return {"due", Instant::unknown()};
  if (!is(one, other.verdict)) return {"cannot tell", decided};
  return {one.verdict, is(one, "kept") || is(one, "late") ? over : decided};
}

// It began or ended with a date alone, so that it may have been longer or shorter. False where no time is allowed and
// that is no matter.
bool judge_by_day(Judged& of, Instant opened, const Lapse& longest, const Lapse& shortest, Instant over) {
  const Instant first = of.allowed(longest.from, false);
  const Instant last = of.allowed(shortest.from, true);
  const Settled sooner = by_reading(of, longest, shortest, over, false);
  const Settled later = by_reading(of, longest, shortest, over, true);
  const bool at_once = !of.rule.lapse && !is(sooner, "due");
  if (at_once && is(settled_lapse(of, longest, first), settled_lapse(of, shortest, last).verdict)) return false;
  // Nobody can tell from the sooner on where the deal may have been on hold for nobody knows how long.
  const bool for_good = first != last && !told_later(of.holds, longest.from, last) && !is(sooner, "due");
  Settled all{sooner.verdict, std::max(sooner.at, later.at)};
  if (!is(sooner, later.verdict)) {
    all.verdict = !for_good && (is(sooner, "due") || is(later, "due")) ? "due" : "cannot tell";
  }
  if (is(all, "cannot tell") && for_good) all.at = sooner.at;
  const bool due = is(all, "due");
  of.tell(opened, all.verdict, first == last ? last : Instant::unknown(), due ? Instant::unknown() : all.at,
          due && last == Instant::max() ? "on hold" : "");
  if (first != last) of.into->back().missed_since = first, of.into->back().surely_missed = last;
  return true;
}

// Where the deal may have been on hold, both readings have to agree. `over`: by then it is over for certain.
void judge_lapse(Judged& of, Instant opened, const Run& run, Instant over, bool doubted) {
  Lapse lapse{run.from, run.until, over, false, false, doubted};
  lapse.goes_on = lapse.over == of.end && !of.ended;
  lapse.asked_no_more = lapse.over == of.end;
  Instant from = latest_turn(of, lapse.from);
  Lapse longest = lapse, shortest = lapse;
  longest.ended = latest_turn(of, lapse.ended);
  if (!lapse.goes_on) longest.over = latest_turn(of, lapse.over), shortest.over = first_turn(of, lapse.over);
  shortest.ended = first_turn(of, lapse.ended);
  const bool starts = from != lapse.from;
  if (starts && of.rule.lapse && by_the_clock(*of.rule.lapse)) ++from.micros;
  longest.from = std::min(first_turn(of, lapse.from), shortest.ended);
  shortest.from = std::min(from, shortest.ended);
  const bool by_day = starts || longest.ended != lapse.ended || longest.over != lapse.over;
  if (by_day && judge_by_day(of, opened, longest, shortest, lapse.over)) return;
  const Instant sooner = of.allowed(lapse.from, false), later = of.allowed(lapse.from, true);
  const Settled by_sooner = settled_lapse(of, lapse, sooner);
  const Settled settled = settled_lapse(of, lapse, later);
  const bool due = std::string_view(settled.verdict) == "due";
  if (std::string_view(settled.verdict) == by_sooner.verdict) {
    // What cannot be told by either could not be told from the sooner deadline on.
    const bool since_sooner =
        std::string_view(settled.verdict) == "cannot tell" && !told_later(of.holds, lapse.from, later);
    of.tell(opened, settled.verdict, sooner == later ? later : Instant::unknown(),
            since_sooner ? by_sooner.at : settled.at, due && later == Instant::max() ? "on hold" : "");
    if (sooner != later) of.into->back().missed_since = sooner, of.into->back().surely_missed = later;
    return;
  }
  Told told = twin::told(of.rule, of.name, of.debtor.person, opened);
  unsettle(told, of.holds, lapse.from, sooner, later, of.look.world().horizon);
  of.into->push_back({told});
  of.into->back().missed_since = sooner, of.into->back().surely_missed = later;
}

// What was decided first: late is what was missed before.
std::int64_t decided(const Told& told) {
  const bool late = told.verdict == "late" && told.deadline != Instant::unknown().micros;
  return late ? told.deadline : told.settled;
}

bool may_lapse_on(const std::vector<Run>& runs, std::size_t i) {
  return i + 2 < runs.size() && runs[i].held == Tri::no && runs[i + 1].held == Tri::unknown &&
         runs[i + 2].held == Tri::no;
}

// Since then B cannot be told for longer than is allowed: it may have been false all the time, once more.
void may_hide_another(Judged& of, Instant from) {
  const Instant sooner = of.allowed(from, false), later = of.allowed(from, true);
  if (sooner > of.look.world().horizon) return;
  of.tell(from, "cannot tell", sooner == later ? later : Instant::unknown(), sooner);
  if (sooner != later) of.into->back().missed_since = sooner;
}

void judge_interval(Judged& of, const std::vector<Run>& runs) {
  bool lapsed = false, unknown_too_long = false;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool after_lapse = i > 0 && runs[i - 1].held == Tri::no;
    const bool sooner = i == 0 && of.since.known();
    const Instant from = sooner ? of.since : runs[i].from;
    const bool too_long = runs[i].held == Tri::unknown && !after_lapse &&
                          latest_turn(of, runs[i].until) > of.allowed(first_turn(of, from), false);
    unknown_too_long |= too_long;
    const bool part_of_next = i + 1 < runs.size() && runs[i + 1].held == Tri::no;
    if (too_long && lapsed && !part_of_next) may_hide_another(of, runs[i].from);
    if (runs[i].held != Tri::no) continue;
    // Behind a time of which nobody knows what it was, it may still go on.
    std::size_t last = i;
    while (may_lapse_on(runs, last)) last += 2;
    if (last + 1 < runs.size() && runs[last + 1].held == Tri::unknown) ++last;
    const Instant over = runs[last].until;
    const bool ends = over != of.end || of.ended;
    // Where nobody knows what it was before, it may have begun then, or before it was asked for.
    const bool untold = i > 0 && runs[i - 1].held == Tri::unknown && !(i > 1 && runs[i - 2].held == Tri::no);
    const Instant begun = untold ? (i == 1 && of.since.known() ? of.since : runs[i - 1].from) : from;
    const Instant longest = of.allowed(first_turn(of, begun), false);
    const bool may_be_longer = (sooner || untold) && !(ends && first_turn(of, over) < longest);
    const bool perhaps_one = i >= 2 && may_lapse_on(runs, i - 2);
    const bool of_before = of.lapses_on && !lapsed && (i == 0 || (i == 1 && runs[0].held == Tri::unknown));
    judge_lapse(of, lapsed ? runs[i].from : of.begin, runs[i], over, unknown_too_long || may_be_longer);
    Told& told = of.into->back().told;
    // It may be one with the lapse before.
    if ((perhaps_one || of_before) && (told.verdict == "missed" || told.verdict == "late")) {
      told.settled = decided(told), told.verdict = "cannot tell";
    }
    unknown_too_long = false;
    lapsed = true;
  }
  if (lapsed) return;
  if (!of.ended) return of.tell(of.begin, "due", Instant::max(), Instant::unknown());
  of.tell(of.begin, unknown_too_long ? "cannot tell" : "kept", of.end, of.end);
}

// Since when B is not known to be true where a stretch begins, as long as it may have been asked for.
Instant since_before(const std::vector<Stretch>& all, std::size_t i) {
  Instant since = Instant::unknown();
  for (; i > 0 && may_go_on(all, i - 1) && all[i - 1].held != Tri::yes; --i) since = all[i - 1].from;
  return since;
}

// Whether what was asked for was false, and may not have been true since, where a stretch begins.
bool lapses_before(const std::vector<Stretch>& all, std::size_t i) {
  bool untold = false;
  for (; i > 0 && may_go_on(all, i - 1) && all[i - 1].held != Tri::yes; --i) {
    untold |= all[i - 1].asked == Tri::unknown;
    if (untold && all[i - 1].asked == Tri::yes && all[i - 1].held == Tri::no) return true;
  }
  return false;
}

// Where the stretches begin in which it may have been asked without a break up to this one.
std::size_t since_asked(const std::vector<Stretch>& all, std::size_t i) {
  while (i > 0 && may_go_on(all, i - 1)) --i;
  return i;
}

// The limit counts from where it begins, or perhaps from before that.
void judge_limited(Judged& of, const Party& party, Instant perhaps_from) {
  Tri always = Tri::yes;
  for (const Instant at : turns_of(party, of.begin)) {
    if (at >= of.end) break;
    Moment m = moment_of(of.look, at);
    m.clock = of.debtor.clock, m.since = of.begin;
    Tri held = of.look.holds(of.rule.expect, m);
    m.since = perhaps_from;
    if (held == Tri::yes && of.look.holds(of.rule.expect, m) != Tri::yes) held = Tri::unknown;
    always = both(always, held);
    if (held == Tri::no) return of.tell(of.begin, "missed", Instant::unknown(), at);
  }
  if (!of.ended) return of.tell(of.begin, "due", Instant::max(), Instant::unknown());
  of.tell(of.begin, always == Tri::yes ? "kept" : "cannot tell", of.end, of.end);
}

// What has a date alone turned with that day of whoever owes it, as it is written: what lies between that day's start
// there and where the date stands has no length.
void drop_without_length(const Judged& of, std::vector<Run>& runs) {
  const Clock& usual = of.look.world().usual();
  const auto written = [&](Instant at) {
    const bool date = std::ranges::any_of(of.look.deal().facts, [&](const Fact& f) { return f.by_day && f.at == at; });
    return date ? of.debtor.clock->start_of(usual.day_of(at)) : at;
  };
  for (std::size_t i = 0; i < runs.size() && of.debtor.clock != &usual;) {
    const Run one = runs[i];
    if (runs.size() == 1 || one.from == one.until || written(one.from) != written(one.until)) {
      ++i;
      continue;
    }
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i));
    if (i == 0) {
      runs.front().from = one.from;
      continue;
    }
    runs[i - 1].until = one.until;
    if (i == runs.size() || runs[i].held != runs[i - 1].held) continue;
    runs[i - 1].until = runs[i].until;
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// What an obligation comes to if A may have ended at any of several instants.
Told by_all(const std::vector<Told>& worlds) {
  Told told = worlds.front();
  const auto count = [&](std::string_view verdict) {
    return std::ranges::count_if(worlds, [&](const Told& each) { return each.verdict == verdict; });
  };
  const auto size = std::ssize(worlds);
  for (const Told& each : worlds) {
    if (each.deadline != told.deadline) told.deadline = Instant::unknown().micros;
    told.settled = std::max(told.settled, each.settled);
  }
  const auto on_hold = [](const Told& each) { return each.why == "on hold"; };
  if (count("due") > 0) {
    const std::int64_t deadline = told.deadline;
    told = *std::ranges::find(worlds, "due", &Told::verdict);
    told.deadline = deadline;
    if (std::ranges::any_of(worlds, on_hold)) told.why = "on hold";
  } else if (count(told.verdict) == size) {
    return told;
  } else if (count("missed") + count("late") == size) {
    told.verdict = "late";
  } else {
    told.verdict = "cannot tell", told.settled = INT64_MIN;
    for (const Told& each : worlds) told.settled = std::max(told.settled, decided(each));
  }
  return told;
}

// Since when it may have been missed in any of them, where nobody knows the deadline.
Instant missed_since(const std::vector<Said>& worlds, const Told& told) {
  if (Instant{told.deadline}.known()) return Instant::unknown();
  Instant first = Instant::max();
  for (const Said& each : worlds) {
    const Instant since = each.missed_since.known() ? each.missed_since : Instant{each.told.deadline};
    if (since.known()) first = std::min(first, since);
  }
  return first == Instant::max() ? Instant::unknown() : first;
}

// And since when it was missed in all of them.
Instant surely_missed(const std::vector<Said>& worlds, const Told& told) {
  Instant last = Instant::unknown();
  for (const Said& each : worlds) {
    const Instant since = Instant{each.told.deadline}.known() ? Instant{each.told.deadline} : each.surely_missed;
    if (!since.known() || Instant{told.deadline}.known()) return Instant::unknown();
    last = std::max(last, since);
  }
  return last;
}

// Whether in stretches [i, end) it cannot be told if anything is asked any more, or already, and B is true all the
// time: whatever is asked there is part of what is asked before or after them, and kept.
bool is_part_of_another(const Party& party, const std::vector<Stretch>& all, std::size_t i, std::size_t end) {
  const model::Rule& rule = party.rule;
  if (all[i].asked != Tri::unknown || rule.shape != model::Shape::while_) return false;
  if (!versions_before(party.bench.world, rule).empty()) return false;
  for (std::size_t j = i; j < end; ++j) {
    if (all[j].held != Tri::yes) return false;
  }
  if (i > 0 && all[i - 1].asked == Tri::yes && may_go_on(all, i - 1)) return true;
  return end < all.size() && all[end].asked == Tri::yes && may_go_on(all, end - 1);
}

void judge_party(const Party& party) {
  const model::Rule& rule = party.rule;
  const Look& look = party.look;
  const std::vector<Stretch> all = stretches(party);
  const std::vector<Hold> holds = rule.lapse && party.deal ? holds_of(look) : std::vector<Hold>();
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i + 1;
    while (end < all.size() && all[end].asked == all[i].asked && !all[end].anew) ++end;
    if (all[i].tail || is_part_of_another(party, all, i, end)) {
      i = end;
      continue;
    }
    // Where A may have ended: at the end, and as long as it may go on behind each stretch of which nobody knows.
    std::vector<std::size_t> ends{end};
    for (std::size_t j = end; all[i].asked == Tri::yes && j < all.size() && may_go_on(all, j - 1); ++j) {
      const bool last = j + 1 == all.size() || !may_go_on(all, j);
      if (all[j].asked == Tri::unknown || last) ends.push_back(j + 1);
    }
    std::vector<std::vector<Said>> worlds;
    for (const std::size_t until : ends) {
      std::vector<Said>& told = worlds.emplace_back();
      Judged of{party.bench,
                rule,
                party.name,
                look,
                debtor_at(party, all[i].from),
                all[i].from,
                all[until - 1].until,
                until < all.size(),
                holds,
                &told,
                since_before(all, i),
                lapses_before(all, i)};
      if (all[i].asked == Tri::unknown) of.tell(of.begin, "cannot tell", Instant::unknown(), of.begin);
      if (all[i].asked != Tri::yes) continue;
      if (rule.shape == model::Shape::throughout) {
        judge_limited(of, party, all[since_asked(all, i)].from);
        continue;
      }
      std::vector<Run> runs;
      for (std::size_t j = i; j < until; ++j) {
        if (!runs.empty() && runs.back().held == all[j].held) {
          runs.back().until = all[j].until;
        } else {
          runs.push_back({all[j].from, all[j].until, all[j].held});
        }
      }
      if (party.deal) drop_without_length(of, runs);
      judge_interval(of, runs);
    }
    for (std::size_t number = 0; number < worlds.front().size(); ++number) {
      std::vector<Said> all_said;
      std::vector<Told> each;
      for (const std::vector<Said>& world : worlds) {
        if (number < world.size()) all_said.push_back(world[number]), each.push_back(world[number].told);
      }
      party.bench.add(by_all(each));
      party.bench.all.back().missed_since = missed_since(all_said, party.bench.all.back().told);
      party.bench.all.back().surely_missed = surely_missed(all_said, party.bench.all.back().told);
    }
    i = end;
  }
}

// The limit of one life of a deal, asked from an instant on.
void judge_life(Bench& bench, const model::Rule& rule, const Look& look, Instant begin, const Life& life, bool whole) {
  const Debtor debtor = debtor_of(look, rule, begin);
  Told told = twin::told(rule, look.deal().id, debtor.person, begin);
  const Instant horizon = look.world().horizon;
  const bool closed = life.close < horizon;
  // Within the day of a move with a date alone the deal may have gone on.
  const bool some_time = closed && life.latest != life.close && life.latest < Instant::max();
  const Instant end = closed ? std::min(Instant{(some_time ? life.latest : life.close).micros + 1}, horizon) : horizon;
  Moment m = moment_of(look, begin);
  m.clock = debtor.clock;
  Tri held = about(look, rule, m);
  if (held == Tri::no) return;
  if (held == Tri::unknown || life.doubt <= begin || (look.lives_unknown() && !rule.even_when_closed)) {
    settle(told, "cannot tell", Instant::unknown(), begin);
    // What is so as the deal is created at a time came about by no date, unless that put it in doubt.
    const bool at_creation = whole && life.doubt > begin && std::ranges::any_of(look.deal().facts, [&](const Fact& fact) {
      return fact.of == Class::created && !fact.by_day && fact.at == begin;
    });
    bench.add(told, nullptr, !at_creation && moves_by_day(look, begin));
    bench.all.back().untold = true;
    return;
  }
  if (!whole) m.since = begin;
  m.except = life.reopening;  // it belongs to the next
  // What came on the day of a reopening that has a date alone may have come before it.
  const Clock& usual = look.world().usual();
  const bool since_some_time = !whole && life.begins_by_day && begin == life.begin;
  const Instant day_over{usual.end_of(usual.day_of(begin)).micros - 1};
  const Instant since_at_last = life.closed ? std::min(day_over, std::max(life.latest, begin)) : day_over;
  const auto limited = [&](Moment then) {
    const Tri all = look.holds(rule.expect, then);
    if (!since_some_time || all != Tri::no) return all;
    then.since = since_at_last;
    return look.holds(rule.expect, then) == Tri::no ? Tri::no : Tri::unknown;
  };
  settle(told, "due", closed ? life.close : Instant::max(), Instant::unknown());
  Tri always = Tri::yes;
  bool by_day = false;
  Instant perhaps;  // the first instant of the closing day at which it may be too much
  for (const Instant at : look.turns(rule.expect, begin, end, *debtor.clock)) {
    if (at > life.doubt) break;  // from then on nobody can tell
    m.now = at;
    held = limited(m);
    const bool closing_day = some_time && at >= life.close;
    if (closing_day && at > life.close && held == Tri::unknown && always == Tri::yes && !perhaps.known()) perhaps = at;
    if (!closing_day || at == life.close) always = both(always, held);
    if (held != Tri::no) continue;
    if (closing_day) {
      settle(told, "cannot tell", Instant::unknown(), at);
      bench.add(told, nullptr, moves_by_day(look, at));
      return;
    }
    const Clock& days = look.world().usual();
    if (closed && life.closed && days.day_of(at) == days.day_of(life.close)) {
      // Too much by then without what may have come later on that day.
      Moment strict = m;
      strict.without = days.start_of(days.day_of(at));
      const Instant surely = life.closes_by_day ? life.close : end;
      const std::vector<Instant> all = look.turns(rule.expect, at, surely, *debtor.clock);
      const bool sure = std::ranges::any_of(all, [&](Instant then) {
        strict.now = then;
        return limited(strict) == Tri::no;
      });
      if (!sure) {
        settle(told, "cannot tell", Instant::unknown(), at);
        bench.add(told, nullptr, moves_by_day(look, at));
        return;
      }
    }
    settle(told, "missed", Instant::unknown(), at);
    // Whether something else exceeds it as well as what has that date alone, wherever on its day that stands.
    for (const Instant date : {at, usual.start_of(usual.day_of(at))}) {
      m.without = date;
      by_day |= limited(m) != Tri::no;
    }
    break;
  }
  if (told.verdict == "due" && some_time && life.latest >= horizon && life.doubt >= horizon) {
    settle(told, "due", Instant::unknown(), Instant::unknown());
    bench.add(told);
    return;
  }
  if (told.verdict == "due" && perhaps.known()) {
    settle(told, "cannot tell", Instant::unknown(), perhaps);
    bench.add(told, nullptr, moves_by_day(look, perhaps));
    return;
  }
  if (told.verdict == "due" && closed)
    settle(told, always == Tri::yes ? "kept" : "cannot tell", life.close, life.close);
  if (told.verdict != "missed") by_day = moves_by_day(look, {told.settled});
  if (life.perhaps_same && told.verdict == "missed") settle(told, "cannot tell", Instant::max(), {told.settled});
  if (life.doubt < horizon && (told.verdict == "due" || told.settled > life.doubt.micros)) {
    settle(told, "cannot tell", Instant::max(), life.doubt);
    by_day = moves_by_day(look, life.doubt);
  }
  bench.add(told, nullptr, by_day);
}

// A life that an earlier version limits is not limited anew; where it cannot be told whether one does, neither can
// this.
void judge_by_version(Bench& bench, const model::Rule& rule, const Look& look, Instant from, const Life& life,
                      bool whole) {
  Tri limited = Tri::no;
  for (const std::size_t row : versions_before(bench.world, rule)) {
    std::vector<Said> said;
    Bench other{bench.world, said};
    judge_limits(other, bench.book().rules[row]);
    for (const Said& each : said) {
      if (each.told.subject != look.deal().id) continue;
      if (life.begin.known() && each.told.opened < life.begin.micros) continue;
      if (each.told.opened > life.close.micros) continue;
      limited = either(limited, each.untold ? Tri::unknown : Tri::yes);
    }
  }
  if (limited == Tri::yes) return;
  if (limited == Tri::no) return judge_life(bench, rule, look, from, life, whole);
  std::vector<Said> said;
  Bench other{bench.world, said};
  judge_life(other, rule, look, from, life, whole);
  for (Said& each : said) {
    settle(each.told, "cannot tell", Instant::unknown(), from);
    bench.add(each.told, nullptr, moves_by_day(look, from));
    bench.all.back().untold = true;
  }
}

}  // namespace

void judge_invariants(Bench& bench, const model::Rule& rule) { for_each_party(bench, rule, judge_party); }

void judge_limits(Bench& bench, const model::Rule& rule) {
  if (rule.subject.kind != model::SubjectKind::deal) return for_each_party(bench, rule, judge_party);
  const Instant in_force = in_force_from(bench.world, rule);
  for (const Deal& deal : bench.world.judged()) {
    const Look look(bench.world, deal);
    bool first = true;
    std::optional<Life> before;
    for (const Life& each : rule.even_when_closed ? std::vector<Life>(1) : look.lives()) {
      const Instant begin = first ? look.created() : std::max(each.begin, look.created());
      const Instant from = in_force.known() && in_force > begin ? in_force : begin;
      Life life = each;
      if (first) life.begin = Instant::unknown(), life.begins_by_day = false;
      // Where nobody knows whether the life before it ended this one may be that.
      life.perhaps_same = before && !reopens(look, *before);
      if (begin.known() && from < bench.world.horizon && from <= each.close &&
          twin::in_force(bench.world, rule, from)) {
        judge_by_version(bench, rule, look, from, life, first && from == begin);
      }
      first = false, before = each;
    }
  }
}

}  // namespace plumb::twin
