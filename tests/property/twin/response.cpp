#include <algorithm>

#include "property/twin/by_stage.h"
#include "property/twin/day.h"
#include "property/twin/holds.h"
#include "property/twin/judge.h"
#include "property/twin/response.h"

/// `after E expect C within D`.
namespace plumb::twin {

namespace {

// When an event counts from: a record from when it was stated.
Instant counts_from(const Fact& fact) {
  if (!Look::is_stated(fact)) return fact.at;
  if (!fact.recorded || !fact.at.known()) return Instant::unknown();
  return std::max(fact.at, *fact.recorded);
}

}  // namespace

Moment moment(const Asked& asked, Instant now) {
  Moment m;
  m.now = now, m.stated_by_then = true, m.opener = asked.opening.fact, m.clock = asked.opening.debtor.clock;
  m.by_the_clock = twin::by_the_clock(*asked.rule.within);
  // Up to the end of a day no date behind it counts, also where that day has begun by the usual calendar.
  if (!m.by_the_clock && now < asked.deadline && asked.deadline != Instant::max()) {
    const Day last = m.clock->day_of({asked.deadline.micros - 1});
    m.without = asked.look.world().usual().start_of(last + 1);
  }
  // What has a date alone is of that day, also where it has not begun by the debtor's calendar.
  const Day here = asked.look.world().usual().day_of(now);
  const auto stands = [&](const Fact& fact) { return fact.by_day && fact.at == now; };
  if (!m.by_the_clock && m.clock->day_of(now) < here && std::ranges::any_of(asked.look.deal().facts, stands))
    m.written = here;
  m.last_move = asked.closing;
  return m;
}

namespace {

// A move may tell what is so just as it is made, though nobody knows what is so behind it.
bool true_just_then(const Asked& asked, Instant at) {
  return !asked.rule.each_its_own && just_then(asked.look, asked.rule.expect, at) == Tri::yes;
}

// Whether it is true between two things of the day of an instant, before another and no sooner than it was asked.
bool in_passing(const Asked& asked, Instant at, Instant until, bool whole) {
  const Clock& days = asked.look.world().usual();
  const Day day = days.day_of(at);
  const Instant over = days.end_of(day);
  if (asked.rule.each_its_own) return false;
  if (asked.reached_by_day && asked.opening.fact == nullptr && days.day_of(asked.opening.at) == day) return false;
  Hours hours{std::max(days.start_of(day), asked.opening.at), std::min({over, until, asked.horizon})};
  const Fact* opener = asked.opening.fact;
  if (opener != nullptr && opener->by_day && days.day_of(opener->at) == day) hours.opener = opener;
  for (const Fact& fact : asked.look.deal().facts) {
    const bool closes = fact.of == Class::move && fact.by_day && fact.at == asked.close && fact.at < hours.until;
    if (closes && asked.look.open_in(fact.to) == Tri::no && hours.closer == nullptr) hours.closer = &fact;
  }
  // Behind the deadline what closes it has come when its day is over, as all that has a date alone.
  const auto of_day = [&](const Fact& fact) { return fact.at.known() && days.day_of(fact.at) == day; };
  const bool alone = std::ranges::count_if(asked.look.deal().facts, of_day) == 1;
  if (hours.closer != nullptr && alone && at >= asked.deadline) return false;
  // It has come by the end of its day, or where that day stands at the close.
  const bool that_day = asked.closing != nullptr && days.day_of(asked.closing->at) == day;
  if (that_day && (hours.closer != nullptr || whole || hours.until == over)) hours.closer = asked.closing;
  hours.whole = whole;
  const auto ask = [&](const Moment& point) {
    Moment m = moment(asked, point.now);
    m.by_the_clock = point.by_the_clock, m.later = point.later, m.came = point.came;
    return asked.look.holds(asked.rule.expect, m);
  };
  const Instant end = std::min(asked.horizon, over);
  return so_in_passing(asked.look, ask,
                       asked.look.turns(asked.rule.expect, asked.opening.at, end, *asked.opening.debtor.clock), hours);
}

// Of the day of the creation nothing has a date alone that came before that.
Instant no_sooner(const Asked& asked, Instant from) {
  const Clock& usual = asked.look.world().usual();
  const Instant created = asked.look.created();
  return created > from && usual.day_of(created) == usual.day_of(from) ? created : from;
}

}  // namespace

Instant first_true(const Asked& asked, Instant from, Instant until) {
  const Instant end = std::min(until, asked.horizon);
  from = no_sooner(asked, from);
  for (const Instant at : asked.look.turns(asked.rule.expect, from, end, *asked.opening.debtor.clock)) {
    if (at < asked.used_until) continue;
    Moment m = moment(asked, at);
    if (true_just_then(asked, at)) return at;
    if (in_every_reading(asked.look, asked.rule.expect, m, true) != Tri::yes) {
      if (in_passing(asked, at, {at.micros + 1}, !m.by_the_clock)) return at;
      const Clock& days = asked.look.world().usual();
      const bool ends = at.micros + 1 == days.end_of(days.day_of(at)).micros;  // the day is over
      if (ends && in_passing(asked, at, {at.micros + 1}, true))
        return at.micros + 1 >= end.micros ? at : Instant{at.micros + 1};
      const bool over = m.by_the_clock && days.start_of(days.day_of(at)) == at && at > asked.opening.at;
      if (over && in_passing(asked, {at.micros - 1}, at, true)) return at;
      continue;
    }
    // What has a date alone has come for certain when its day is over.
    m.day_over = true;
    const bool before = in_every_reading(asked.look, asked.rule.expect, m, true) == Tri::yes;
    return before || at.micros + 1 >= end.micros ? at : Instant{at.micros + 1};
  }
  return Instant::unknown();
}

namespace {

bool has_days(const Asked& asked) {
  const auto by_day = [](const Fact& fact) { return fact.by_day; };
  return std::ranges::any_of(asked.look.deal().facts, by_day) ||
         std::ranges::any_of(contacts_of(asked.look.world(), asked.look.deal()), by_day);
}

// What is compared with a value that is known to be missing is not true, nor is the opposite.
bool may_be_true(const Asked& asked, Moment m) {
  // What alone has the date with which it was reached has come.
  const auto stands = [&](const Fact& fact) { return fact.by_day && fact.at == asked.opening.at; };
  const Clock& days = asked.look.world().usual();
  if (asked.reached_by_day && asked.opening.fact == nullptr && days.day_of(asked.opening.at) == days.day_of(m.now) &&
      std::ranges::count_if(asked.look.deal().facts, stands) == 1)
    m.by_the_clock = false;
  const auto is = [&](Tri missing) {
    m.missing = missing;
    return in_every_reading(asked.look, asked.rule.expect, m, true);
  };
  const Tri found = is(Tri::unknown);
  return found == Tri::yes || (found == Tri::unknown && is(Tri::no) != Tri::no && is(Tri::yes) != Tri::no);
}

}  // namespace

bool may_have_been(const Asked& asked) {
  const Instant end = std::min(asked.last_chance(), asked.horizon);
  const Instant from = no_sooner(asked, asked.opening.at);
  for (const Instant at : asked.look.turns(asked.rule.expect, from, end, *asked.opening.debtor.clock)) {
    if (at < asked.used_until) continue;
    Moment m = moment(asked, at);
    m.by_the_clock = true;  // what may come later in its day may be there, and may not
    if (may_be_true(asked, m)) return true;
  }
  return false;
}

bool in_any_order(const Asked& asked, Instant from, Instant until) {
  if (!has_days(asked) || twin::by_the_clock(*asked.rule.within)) return true;
  const Instant end = std::min(until, asked.horizon);
  for (const Instant at : asked.look.turns(asked.rule.expect, from, end, *asked.opening.debtor.clock)) {
    Moment m = moment(asked, at);
    m.by_the_clock = true;
    if (in_every_reading(asked.look, asked.rule.expect, m, true) == Tri::yes) return true;
    if (true_just_then(asked, at)) return true;
    const Clock& days = asked.look.world().usual();
    const Instant over = std::min(days.end_of(days.day_of(at)), end);
    if (asked.look.holds(asked.rule.expect, moment(asked, {over.micros - 1})) == Tri::yes) return true;
    if (in_passing(asked, at, end, end >= days.end_of(days.day_of(at)))) return true;
  }
  return false;
}

namespace {

void judge_condition(const Asked& asked, Told& told) {
  const Instant begin = asked.opening.at;
  const Instant kept = first_true(asked, begin, asked.last_chance());
  const bool ordered = !kept.known() || in_any_order(asked, kept, asked.last_chance());
  if (kept.known() && ordered) return settle(told, "kept", asked.deadline, kept);
  if (asked.close < asked.deadline && asked.close < asked.horizon) {
    if (!ordered || may_have_been(asked)) return settle(told, "cannot tell", asked.deadline, asked.close);
    return settle(told, "excused", asked.deadline, asked.close, "closed");
  }
  if (asked.deadline > asked.horizon) return settle(told, "due", asked.deadline, Instant::unknown());
  Tri last = in_every_reading(asked.look, asked.rule.expect, moment(asked, {asked.deadline.micros - 1}), true);
  if (!ordered || may_have_been(asked)) last = Tri::unknown;
  if (last == Tri::unknown) return settle(told, "cannot tell", asked.deadline, asked.deadline);
  const Instant end = asked.close == Instant::max() ? asked.horizon : Instant{asked.close.micros + 1};
  const Instant late = first_true(asked, asked.deadline, end);
  settle(told, late.known() ? "late" : "missed", asked.deadline, late.known() ? late : asked.deadline);
}

// `at most D` in a stage is asked of each visit.
bool leaves_what_was_entered(const Asked& asked) {
  const model::Event& trigger = asked.look.book().events[asked.rule.trigger];
  const model::Event& expected = asked.look.book().events[asked.rule.expect_event];
  return trigger.kind == model::EventKind::enters && expected.kind == model::EventKind::leaves &&
         trigger.stage == expected.stage;
}

}  // namespace

namespace {

// Of several that may be the n-th and have one date alone one was it by the end of that day: then the last of them.
const Fact* last_of_a_day(const Asked& asked, const std::vector<Occurrence>& all) {
  const model::Event& event = asked.look.book().events[asked.rule.expect_event];
  const bool nth = event.kind == model::EventKind::ordinal && !event.for_each_account && !event.for_each_contact;
  if (!nth || asked.rule.each_its_own || all.size() < 2) return nullptr;
  const Fact& first = *all.front().fact;
  const bool same = std::ranges::all_of(all, [&](const Occurrence& each) {
    return each.is == Tri::unknown && each.fact->by_day && each.fact->at == first.at;
  });
  if (!same || asked.look.gap(event.parts.front(), asked.look.created(), first.latest)) return nullptr;
  Moment m;
  m.now = first.latest, m.clock = &asked.look.world().usual();
  return asked.look.ordinal_so_far(event, m).least >= event.nth ? all.back().fact : nullptr;
}

}  // namespace

std::vector<Answer> answers(const Asked& asked, bool late_at_best) {
  std::vector<Answer> all;
  std::vector<Occurrence> occurrences = asked.look.occurrences(asked.rule.expect_event);
  if (const Fact* last = last_of_a_day(asked, occurrences); last && counts_from(*last) == last->at)
    occurrences.back().since = last->at;
  for (const Occurrence& each : occurrences) {
    if (each.fact == asked.opening.fact) continue;
    const bool earlier_visit = each.fact->at.known() && each.fact->order < asked.opening.fact->order;
    if (leaves_what_was_entered(asked) && earlier_visit) continue;
    if (asked.closing && each.fact->of == Class::move && each.fact->order > asked.closing->order) continue;
    Answer answer{each.fact, counts_from(*each.fact), Tri::unknown};
    const bool record = Look::is_stated(*each.fact);
    const bool by_day = each.fact->by_day && answer.at == each.fact->at;
    const bool dates = by_day && !twin::by_the_clock(*asked.rule.within);
    const Day written = dates ? asked.look.world().usual().day_of(each.fact->at) : Day::unknown();
    // On the day of it where that is counted, too.
    const bool that_day =
        dates && !asked.opening.fact->by_day && asked.opening.debtor.clock->day_of(asked.opening.at) <= written;
    if (record && !by_day ? answer.at.known() && answer.at < asked.opening.at
                          : each.fact->at.known() && each.fact->latest < asked.opening.at && !that_day) {
      continue;  // before it
    }
    // By then one has come, behind what opened it.
    const bool by_then = each.since.known() && each.since >= asked.opening.at;
    const Tri is = by_then ? Tri::yes : each.is;
    if (answer.at.known()) {
      answer.at = std::max(answer.at, asked.opening.at);
      Instant latest = std::max(answer.at, each.fact->latest);
      if (dates) {
        // By what is written it is before the end of a day or not, whatever the zone.
        const bool before = asked.opening.debtor.clock->start_of(written) < asked.deadline;
        const Instant last{asked.deadline.micros - 1};
        answer.at = before ? std::min(answer.at, last) : std::max(answer.at, asked.deadline);
        latest = answer.at;
      }
      answer.in_time = latest < asked.deadline ? is : answer.at < asked.deadline ? Tri::unknown : Tri::no;
    }
    if (is == Tri::unknown && answer.in_time == Tri::yes) answer.in_time = Tri::unknown;
    const bool open = is == Tri::unknown || !answer.at.known();
    if (!answer.at.known() && each.fact->at >= asked.deadline) answer.in_time = Tri::no;  // it is stated later still
    if ((answer.in_time == Tri::no && open) != late_at_best) continue;
    if (answer.in_time == Tri::unknown)
      answer.perhaps = answer.at.known() ? answer.at : std::max(asked.opening.at, each.fact->at);
    if (by_then) answer.perhaps = std::min(each.since, answer.perhaps.known() ? answer.perhaps : each.since);
    all.push_back(answer);
  }
  std::stable_sort(all.begin(), all.end(), [](const Answer& a, const Answer& b) { return a.at < b.at; });
  return all;
}

namespace {

// When it may have been kept first.
Instant first_perhaps(const Asked& asked, const std::vector<Answer>& all) {
  Instant first = Instant::max();
  const Instant end = std::min(asked.last_chance(), asked.horizon);
  if (asked.rule.expect) {
    const Instant from = no_sooner(asked, asked.opening.at);
    for (const Instant at : asked.look.turns(asked.rule.expect, from, end, *asked.opening.debtor.clock)) {
      if (at < asked.used_until) continue;
      Moment m = moment(asked, at);
      m.by_the_clock = true;
      if (may_be_true(asked, m)) return at;
    }
    return Instant::unknown();
  }
  for (const Answer& each : all) {
    if (each.perhaps.known() && each.perhaps < end) first = std::min(first, each.perhaps);
  }
  std::vector<Instant> gaps{asked.opening.at};
  const auto add = [&](const Span& span) { gaps.push_back(span.from), gaps.push_back(span.until); };
  add(asked.look.world().everything);
  for (const auto& [name, span] : asked.look.world().coverage) add(span);
  for (const Hidden& others : asked.look.hidden()) gaps.push_back(std::max(others.from, asked.opening.at));
  for (const Instant at : gaps) {
    const bool within = at.known() && at >= asked.opening.at && at < end;
    if (within && asked.look.gap(asked.rule.expect_event, asked.opening.at, at, asked.opening.fact))
      first = std::min(first, at);
  }
  return first == Instant::max() ? Instant::unknown() : first;
}

void judge_event(const Asked& asked, Told& told, const std::vector<Answer>& all) {
  bool perhaps = false, before_close = false;
  const Answer* late = nullptr;
  for (const Answer& each : all) {
    if (each.in_time == Tri::unknown) perhaps = true, before_close |= each.perhaps <= asked.close;
    if (!each.at.known() || each.at > asked.close || each.at >= asked.horizon) continue;
    if (each.in_time == Tri::yes) return settle(told, "kept", asked.deadline, each.at);
    if (each.in_time == Tri::no && late == nullptr) late = &each;
  }
  if (asked.close < asked.deadline && asked.close < asked.horizon) {
    before_close |= asked.look.gap(asked.rule.expect_event, asked.opening.at, asked.close, asked.opening.fact);
    if (before_close) return settle(told, "cannot tell", asked.deadline, asked.close);
    return settle(told, "excused", asked.deadline, asked.close, "closed");
  }
  if (asked.deadline > asked.horizon) return settle(told, "due", asked.deadline, Instant::unknown());
  const Instant last{asked.deadline.micros - 1};
  if (asked.look.gap(asked.rule.expect_event, asked.opening.at, last, asked.opening.fact)) perhaps = true;
  if (perhaps) return settle(told, "cannot tell", asked.deadline, asked.deadline);
  settle(told, late ? "late" : "missed", asked.deadline, late ? late->at : asked.deadline);
}

// Whether the close kept it, whenever that was: the deal was in its stage by then.
bool kept_by_closing(const Asked& asked, const Life& life) {
  const std::string closed = asked.rule.expect ? closed_in(asked.look, life) : "";
  return !closed.empty() && asked.look.process_known() == Tri::yes &&
         by_stage(asked.look, asked.rule.expect, closed) == Tri::yes;
}

// The deal may have closed, and excused what is asked, before what decides came about.
void may_have_closed(const Asked& asked, const Life& life, Told& told) {
  if (life.doubt >= asked.deadline || told.verdict == "due") return;
  Instant settled = asked.deadline;
  if (told.verdict == "kept") {
    settled = {told.settled};
    if (settled <= life.doubt || kept_by_closing(asked, life)) return;
  }
  const bool by_close = told.verdict == "excused" || (told.verdict != "kept" && told.settled == asked.close.micros);
  if (by_close && life.closed) return;
  if (settled > asked.horizon) return settle(told, "due", asked.deadline, Instant::unknown());
  settle(told, "cannot tell", asked.deadline, settled);
}

// The own `at most` of a stage on hold runs.
std::vector<Hold> holds_for(const Look& look, const model::Rule& rule) {
  const bool own = rule.origin == model::RuleOrigin::at_most && look.book().stages[rule.stage].on_hold;
  return own ? std::vector<Hold>() : holds_of(look);
}

// What has answered an obligation, with `each its own`.
struct Used {
  std::vector<const Fact*> facts, perhaps;
  Instant until, perhaps_until;
};

// A condition that answered has to cease before it answers again.
Instant ceases(const Asked& asked, Instant from) {
  for (const Instant at : asked.look.turns(asked.rule.expect, from, asked.horizon, *asked.opening.debtor.clock)) {
    if (in_every_reading(asked.look, asked.rule.expect, moment(asked, at), true) != Tri::yes) return at;
  }
  return Instant::max();
}

// What cannot be told may have been answered by the first that was true, also after the deadline.
void may_use_up(Asked asked, Used& used_up) {
  const Instant end = asked.close == Instant::max() ? asked.horizon : Instant{asked.close.micros + 1};
  Instant first = first_true(asked, asked.opening.at, end);
  asked.used_until = used_up.until;
  if (!first.known()) first = first_true(asked, asked.opening.at, end);
  if (first.known()) used_up.perhaps_until = std::max(used_up.perhaps_until, ceases(asked, first));
}

// Uses up what answered. What may have come before that and is an answer, if it is one, is used up in its place.
void use_event(const Asked& asked, const std::vector<Answer>& all, const Told& told, Used& used_up) {
  const bool done = told.verdict == "kept" || told.verdict == "late", untold = told.verdict == "cannot tell";
  const Answer *answer = nullptr, *other = nullptr;
  for (const Answer& each : all) {
    if (each.in_time == Tri::unknown && other == nullptr) other = &each;
    if (each.in_time == Tri::unknown || answer != nullptr) continue;
    if (done ? each.at.micros == told.settled : each.at <= asked.close && each.at < asked.horizon) answer = &each;
  }
  if (!done && !untold) answer = nullptr;
  if (answer && other && answer < other) other = nullptr;
  Instant until = std::min(asked.last_chance(), asked.horizon);
  if (answer && answer->at < until) until = {answer->at.micros + 1};
  const bool seen = !asked.look.gap(asked.rule.expect_event, asked.opening.at, {until.micros - 1});
  // What was late came first of all that did, or may have.
  bool all_seen = seen;
  if (answer && answer->at >= asked.deadline) {
    all_seen = seen && !asked.look.gap(asked.rule.expect_event, asked.opening.at, answer->at);
    for (const Answer& each : answers(asked, true)) {
      const Instant first = each.at.known() ? each.at : std::max(asked.opening.at, each.fact->at);
      const bool used = std::ranges::find(used_up.facts, each.fact) != used_up.facts.end();
      all_seen &= used || first > answer->at || (first == answer->at && each.fact->order > answer->fact->order);
    }
  }
  const bool surely = done && other == nullptr && all_seen;
  if (answer) (surely ? used_up.facts : used_up.perhaps).push_back(answer->fact);
  // It is one for certain, only its time is not.
  const auto is = [&](const Fact* fact) {
    const bool perhaps = std::ranges::find(used_up.perhaps, fact) != used_up.perhaps.end();
    return std::ranges::any_of(asked.look.occurrences(asked.rule.expect_event), [&](const Occurrence& each) {
      return each.fact == fact && each.is == Tri::yes && !perhaps;
    });
  };
  if (other == nullptr || !seen || told.verdict == "due" || told.verdict == "excused") return;
  if (other->at.known() && !other->fact->by_day && !is(other->fact)) used_up.facts.push_back(other->fact);
}

Told judge_opening(Asked asked, Used& used_up, Instant& perhaps_since) {
  const model::Rule& rule = asked.rule;
  std::vector<const Fact*>& used = used_up.facts;
  Told told = twin::told(rule, asked.look.deal().id, asked.opening.debtor.person, asked.opening.at);
  if (rule.expect) {
    if (rule.each_its_own) asked.used_until = used_up.until;
    perhaps_since = first_perhaps(asked, {});
    judge_condition(asked, told);
    if (!rule.each_its_own) return told;
    if (used_up.perhaps_until > used_up.until) {
      // An older obligation may have used it up, of which nobody can tell.
      const Told unused = told;
      asked.used_until = used_up.perhaps_until;
      judge_condition(asked, told);
      const bool missed = told.verdict == "missed" || told.verdict == "late";
      if (unused.verdict == "kept" && missed) settle(told, "cannot tell", asked.deadline, asked.deadline);
    }
    if (told.verdict == "kept" || told.verdict == "late") used_up.until = ceases(asked, {told.settled});
    if (told.verdict == "cannot tell") may_use_up(asked, used_up);
    return told;
  }
  std::vector<Answer> all = answers(asked);
  if (rule.each_its_own) {
    std::erase_if(all,
                  [&](const Answer& each) { return std::find(used.begin(), used.end(), each.fact) != used.end(); });
  }
  if (rule.each_its_own) {
    // An older obligation may have used it up, of which nobody can tell.
    const auto perhaps = [&](const Answer& each) {
      return std::find(used_up.perhaps.begin(), used_up.perhaps.end(), each.fact) != used_up.perhaps.end();
    };
    std::erase_if(all, [&](const Answer& each) { return perhaps(each) && each.in_time == Tri::no; });  // late at best
    for (Answer& each : all) {
      if (!perhaps(each)) continue;
      each.in_time = Tri::unknown;
      if (each.at.known() && !each.perhaps.known()) each.perhaps = each.at;
    }
  }
  perhaps_since = first_perhaps(asked, all);
  judge_event(asked, told, all);
  if (rule.each_its_own) use_event(asked, all, told, used_up);
  return told;
}

// Whether what settled it has a date alone: the event that answered, what made the condition true, or the close.
bool settled_by_day(const Asked& asked, const Told& told) {
  const Instant at{told.settled};
  const bool done = told.verdict == "kept" || told.verdict == "late" || told.verdict == "cannot tell";
  if (told.settled == told.deadline && told.verdict != "late") return false;
  const bool untold_close = told.verdict == "cannot tell" && at == asked.close && at < asked.deadline;
  if (told.verdict == "excused" || untold_close) return moves_by_day(asked.look, at);
  if (!done || (asked.deadline == at && told.verdict != "late")) return false;
  if (asked.rule.expect) {
    Moment m = moment(asked, at);
    m.by_the_clock = true;
    // Where hours are counted it is there when its day is over.
    const Clock& days = asked.look.world().usual();
    const bool over = days.start_of(days.day_of(at)) == at && at > asked.opening.at;
    if (twin::by_the_clock(*asked.rule.within) && over && in_passing(asked, {at.micros - 1}, at, true)) return false;
    const bool opens = asked.opening.fact->by_day && at == asked.opening.at;
    const bool told = true_just_then(asked, at) || in_every_reading(asked.look, asked.rule.expect, m, true) == Tri::yes;
    return opens || !told;
  }
  bool by_day = false, timed = false;
  for (const Answer& each : answers(asked)) {
    if (each.at != at || each.in_time == Tri::unknown) continue;
    const bool stated = each.fact->record && each.fact->recorded && *each.fact->recorded > each.fact->at;
    (each.fact->by_day && !stated ? by_day : timed) = true;
  }
  return by_day && !timed;
}

// As it is if the move that closed the deal, with a date alone, was the first thing of its day and if it was the last.
// What has to be due, or cannot be told, is disputed.
Told judge_closing(Asked asked, const Life& life, Used& used, bool& disputed, Instant& perhaps_since) {
  const Used before = used;
  disputed = false;
  if (life.latest == life.close || asked.close != life.close) return judge_opening(asked, used, perhaps_since);
  Instant latest = life.latest;
  if (!twin::by_the_clock(*asked.rule.within)) {
    // Its date as it is written is before the end of a day or not, whatever the zone.
    const Instant written = asked.opening.debtor.clock->start_of(asked.look.world().usual().day_of(life.close));
    if (written >= asked.deadline) {
      asked.close = std::max(asked.close, written);
    } else {
      latest = std::max(asked.close, std::min(latest, Instant{asked.deadline.micros - 1}));
    }
  }
  Told told = judge_opening(asked, used, perhaps_since);
  Used by_then = before;
  asked.close = latest < asked.horizon ? latest : Instant::max();
  Told later = judge_opening(asked, by_then, perhaps_since);
  if (later.verdict == "cannot tell" && later.verdict == told.verdict)
    told.settled = std::max(told.settled, later.settled);
  if (later.verdict == told.verdict) return told;
  const auto either = [&](const char* verdict) { return told.verdict == verdict || later.verdict == verdict; };
  if (either("missed") && either("late")) return used = by_then, later;
  disputed = true;
  used = before;
  used.perhaps_until = std::max({used.perhaps_until, by_then.until, by_then.perhaps_until});
  // What answered it by one reading answers nothing else for certain.
  used.perhaps.insert(used.perhaps.end(), by_then.facts.begin() + static_cast<std::ptrdiff_t>(before.facts.size()),
                      by_then.facts.end());
  const bool due = either("due");
  Instant settled = due ? Instant::unknown() : Instant{std::max(told.settled, later.settled)};
  if (!due && either("late")) settled = std::max(settled, asked.deadline);  // it was missed then
  settle(later, due ? "due" : "cannot tell", asked.deadline, settled);
  return later;
}

// The move that closes the deal, where others of its day lie behind it by a date alone.
const Fact* closed_before_others(const Look& look, const Life& life) {
  const Fact* closing = life.closing;
  if (closing == nullptr || !closing->by_day || closing->any_order) return nullptr;
  const bool others = std::ranges::any_of(look.deal().facts, [&](const Fact& fact) {
    return fact.of == Class::move && fact.by_day && fact.at == closing->at && fact.order > closing->order;
  });
  return others ? closing : nullptr;
}

// Hours that began at some time of a day: missed by all that may have been in time, excused where it closed before any
// was over, whenever they began, kept by what is in time whenever they began, which is asked of each turn of that day.
void judge_whenever(Bench& bench, const model::Rule& rule, const Look& look, const Opening& opening, const Life& life,
                    const std::vector<Hold>& holds) {
  const Clock& usual = look.world().usual();
  const Instant horizon = look.world().horizon, next = usual.start_of(usual.day_of(opening.at) + 1);
  const Instant created = look.created();
  const Instant first = created.known() ? std::min(std::max(opening.at, created), {next.micros - 1}) : opening.at;
  const auto deadline = [&](Instant from, bool perhaps) {
    const auto of_clock = written(holds, *opening.debtor.clock, usual, *rule.within);
    return within(*opening.debtor.clock, *rule.within, from, reading(of_clock, perhaps, *rule.within));
  };
  const auto soonest = [&](Instant from) { return std::min(deadline(from, false), deadline(from, true)); };
  const Instant sooner = soonest(first), later = std::max(deadline(next, false), deadline(next, true));
  Instant since;
  bool by_day = false;
  // As it is where they began at one time and are over at another. Missing: unless it is one of these verdicts.
  const auto judged = [&](Instant from, Instant until, std::initializer_list<const char*> verdicts,
                          Instant& perhaps) -> std::optional<Told> {
    Opening begun = opening;
    begun.at = from;
    const Asked asked{look, rule, begun, until, life.close, horizon, {}, closed_before_others(look, life)};
    Used unused;
    bool disputed = false;
    Told told = judge_closing(asked, life, unused, disputed, perhaps);
    if (!disputed) may_have_closed(asked, life, told);
    const auto is = [&](const char* verdict) { return told.verdict == verdict; };
    if (disputed || std::ranges::none_of(verdicts, is)) return std::nullopt;
    by_day = settled_by_day(asked, told);
    return told;
  };
  Instant any;
  const auto kept_by_all = [&]() -> std::optional<Told> {
    if (!rule.expect && !leaves_what_was_entered({look, rule, opening, sooner, life.close, horizon}))
      return judged(next, sooner, {"kept"}, any);
    std::optional<Told> last = judged(first, sooner, {"kept"}, any);
    if (!rule.expect || !last) return last;
    Instant last_from = first;
    const Instant end = life.close == Instant::max() ? next : std::min(next, {life.close.micros + 1});
    for (const Instant at : look.turns(rule.expect, first, end, *opening.debtor.clock)) {
      const bool so_far = by_day;
      const std::optional<Told> one = judged(at, soonest(at), {"kept"}, any);
      if (!one) return one;
      one->settled > last->settled ? void(last = one), void(last_from = at) : void(by_day = so_far);
    }
    if (last->settled == next.micros) {  // what is so by the end of the day came on it
      const bool so_far = by_day;
      const std::optional<Told> one = judged(last_from, next, {"kept"}, any);
      one ? void(last = one) : void(by_day = so_far);
    }
    const Instant day_end{next.micros - 1}, last_begun = std::min(life.close, day_end);
    if (last->settled > last_begun.micros) return last;
    by_day |= last->settled == day_end.micros;
    last->settled = last_begun.micros;
    by_day |= last_begun == day_end;  // in some of them it was so before
    return last;
  };
  // Of a condition it is asked at each deadline whether it is so then, or cannot be told.
  const auto undone_by_all = [&]() -> std::optional<Told> {
    const std::optional<Told> last = judged(first, later, {"missed", "late"}, since);
    if (!last || !rule.expect) return last;
    const bool day = by_day;
    std::vector<Instant> overs{sooner};
    for (const Instant at : look.turns(rule.expect, sooner, later, *opening.debtor.clock)) {
      if (at.micros + 1 < later.micros) overs.push_back({at.micros + 1});
    }
    for (const Instant over : overs) {
      if (!judged(first, over, {"missed", "late"}, any)) return std::nullopt;
    }
    by_day = day;
    return last;
  };
  std::optional<Told> decided = undone_by_all();
  Opening begun = opening;
  begun.at = first;
  const Asked longest{look, rule, begun, later, life.close, horizon, {}, closed_before_others(look, life)};
  for (const Answer& each : rule.expect ? std::vector<Answer>() : answers(longest)) {
    const bool kept = each.in_time == Tri::yes && each.at <= life.latest && each.at < horizon;
    if (kept) since = since.known() ? std::min(since, each.at) : each.at;
  }
  if (!decided) decided = judged(first, sooner, {"excused"}, any);
  if (!decided) decided = kept_by_all();
  Told found = twin::told(rule, look.deal().id, opening.debtor.person, opening.at);
  // Where it may have been on hold for nobody knows how long it cannot be told from the first of them on.
  const Instant last = told_later(holds, first, later) ? later : sooner;
  const Instant until = std::min(life.close == Instant::max() ? last : life.latest, last);
  const bool due = last > horizon && until >= horizon;
  if (decided) {
    settle(found, decided->verdict.c_str(), Instant::unknown(), Instant{decided->settled}, decided->why.c_str());
  } else {
    settle(found, due ? "due" : "cannot tell", Instant::unknown(), due ? Instant::unknown() : until);
  }
  const bool closes_last = !decided && !due && life.closes_by_day && until == life.latest;
  bench.add(found, opening.fact, closes_last || (decided && by_day));
  bench.all.back().kept_since = since, bench.all.back().missed_since = sooner, bench.all.back().either = opening.either;
  bench.all.back().surely_missed = later;
}

void judge_deal(Bench& bench, const model::Rule& rule, const Look& look, Used& used) {
  const std::vector<Hold> holds = holds_for(look, rule);
  const std::size_t from = bench.all.size();
  for (const Opening& opening : openings(look, rule)) {
    const bool by_hours_of_day = opening.fact->by_day && twin::by_the_clock(*rule.within);
    if (opening.asks == Tri::unknown || !opening.at.known() || (by_hours_of_day && rule.each_its_own)) {
      Told told = twin::told(rule, look.deal().id, opening.debtor.person, opening.at);
      settle(told, "cannot tell", Instant::unknown(), opening.at);
      bench.add(told, opening.fact, opening.fact->by_day);
      bench.all.back().either = opening.either;
      if (!rule.each_its_own || by_hours_of_day || !opening.at.known()) continue;
    }
    const Life life = rule.even_when_closed ? Life{} : look.life_of(*opening.fact).value_or(Life{});
    if (by_hours_of_day) {
      judge_whenever(bench, rule, look, opening, life, holds);
      continue;
    }
    const auto deadline = [&](bool perhaps) {
      const Clock& clock = *opening.debtor.clock;
      const bool by_date = opening.fact->by_day && !twin::by_the_clock(*rule.within);  // as it is written
      const Instant from = by_date ? clock.start_of(look.world().usual().day_of(opening.at)) : opening.at;
      const auto of_clock = written(holds, clock, look.world().usual(), *rule.within);
      return within(clock, *rule.within, from, reading(of_clock, perhaps, *rule.within));
    };
    Asked asked{look, rule, opening, deadline(false), life.close, look.world().horizon};
    asked.closing = closed_before_others(look, life);
    const Instant sooner = asked.deadline, later = deadline(true);
    Used by_then = used;
    bool by_close = false;
    Instant perhaps_since;
    if (opening.asks == Tri::unknown) {
      // Where nobody knows whether it is asked what would answer it may be free for the next.
      asked.deadline = later;
      judge_closing(asked, life, by_then, by_close, perhaps_since);
      for (const Fact* fact : by_then.facts) {
        if (std::ranges::find(used.facts, fact) == used.facts.end()) used.perhaps.push_back(fact);
      }
      used.perhaps.insert(used.perhaps.end(), by_then.perhaps.begin(), by_then.perhaps.end());
      used.perhaps_until = std::max({used.perhaps_until, by_then.until, by_then.perhaps_until});
      continue;
    }
    const Told by_sooner = judge_closing(asked, life, by_then, by_close, perhaps_since);
    asked.deadline = later;
    Told told = judge_closing(asked, life, used, by_close, perhaps_since);
    const bool disputed = told.verdict != by_sooner.verdict && !by_close;
    // Where the deal may have been on hold, both readings have to agree.
    if (disputed) {
      unsettle(told, holds, opening.at, sooner, later, look.world().horizon);
    } else if (!by_close) {
      may_have_closed(asked, life, told);
    }
    if (sooner != later) told.deadline = Instant::unknown().micros;
    if (told.verdict == "due" && later == Instant::max()) told.why = "on hold";
    bench.add(told, opening.fact, !disputed && !by_close && settled_by_day(asked, told));
    bench.all.back().kept_since = perhaps_since, bench.all.back().either = opening.either;
    if (sooner != later) bench.all.back().missed_since = sooner, bench.all.back().surely_missed = later;
  }
  agree(bench, from, look, rule);
}

// What answered an earlier version that expects it in the same words answers nothing else.
Used used_before(const World& world, const model::Rule& rule, const Look& look) {
  Used all;
  for (const std::size_t row : rule.each_its_own ? versions_before(world, rule) : std::vector<std::size_t>()) {
    const model::Rule& before = world.book.rules[row];
    const auto words = [&](const model::Rule& of) { return of.expect ? world.book.exprs[of.expect].words : ""; };
    if (!before.each_its_own || before.shape != rule.shape || words(before) != words(rule)) continue;
    Used used = used_before(world, before, look);
    std::vector<Said> said;
    Bench other{world, said};
    judge_deal(other, before, look, used);
    all.facts.insert(all.facts.end(), used.facts.begin(), used.facts.end());
    all.perhaps.insert(all.perhaps.end(), used.perhaps.begin(), used.perhaps.end());
    all.until = std::max(all.until, used.until);
    all.perhaps_until = std::max(all.perhaps_until, used.perhaps_until);
  }
  return all;
}

}  // namespace

void judge_responses(Bench& bench, const model::Rule& rule) {
  for (const Deal& deal : bench.world.judged()) {
    const Look look(bench.world, deal);
    Used used = used_before(bench.world, rule, look);
    judge_deal(bench, rule, look, used);
  }
}

}  // namespace plumb::twin
