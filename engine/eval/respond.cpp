#include "eval/respond.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "eval/answers.h"
#include "eval/asked.h"
#include "eval/closing.h"
#include "eval/day.h"
#include "eval/lack.h"
#include "eval/own_calendar.h"
#include "eval/reached.h"
#include "eval/standing.h"

namespace plumb::eval {

namespace {

using model::Shape;

// A verdict that is responded to: its row, and when it was reached (unknown: nobody can say).
struct Finding {
  std::size_t row;
  Instant reached;
  EventRef by_day = no_event;  // what has a date alone and reached it
};

// What answered a response, for certain and perhaps.
struct Done {
  Instant certain, possible;
  Ground how = Ground::unanswered;
  std::optional<EventRef> by;
  Id<model::Record> record;
  bool came_about = false;                                // what was expected has become true
  bool stated = false, closed = false, expected = false;  // what is in doubt
  EventRef untimed = no_event;                            // for want of whose time of day
  bool gone = false;                                      // nobody knows whether whoever owes it has left

  void take(Instant at, Ground ground) {
    if (certain.known() && certain <= at) return;
    certain = at, how = ground, by.reset(), record = {}, came_about = false;
  }
  void maybe(Instant at, bool Done::*doubt) {
    this->*doubt = true;
    if (!possible.known() || at < possible) possible = at;
  }
};

Verdict verdict_named(const std::string& word) {
  for (std::size_t i = 0; i < verdict_count; ++i) {
    if (to_text(static_cast<Verdict>(i)) == word) return static_cast<Verdict>(i);
  }
  PLUMB_ASSERT(false, "a response names a verdict");
  return Verdict::missed;
}

// What is late was missed first, and stays so for whoever had to do something about that.
std::vector<Finding> findings(const RuleRun& run, const Verdicts& of, std::size_t first_row) {
  const Verdict named = verdict_named(run.rule.responses.front().verdict);
  std::vector<Finding> found;
  for (std::size_t row = first_row; row < of.size(); ++row) {
    if (named == Verdict::missed && of.verdict[row] == Verdict::late) {
      found.push_back({row, of.deadline[row], no_event});
    } else if (of.verdict[row] == named) {
      found.push_back({row, of.settled[row], no_event});
    }
  }
  std::stable_sort(found.begin(), found.end(), [&](const Finding& a, const Finding& b) {
    const std::uint32_t one = of.subject[a.row], other = of.subject[b.row];
    return one != other ? one < other : a.reached < b.reached;
  });
  return found;
}

// What an evaluation of responses to one rule and subject shares.
class Responding {
 public:
  Responding(RuleRun& run, const RuleRun& to, View& view, const Statements& statements)
      : run_(run),
        to_(to),
        view_(view),
        statements_(statements),
        asked_(asked(run, to)),
        asking_(asking(run, to, asked_)),
        conditions_(asking_, view) {
    for (std::size_t i = 0; i < run.plan.book.records.size(); ++i) {
      if (run.plan.book.records[Id<model::Record>(i)].name == "action") action_ = Id<model::Record>(i);
    }
  }

  void respond(Finding finding);

 private:
  static model::Rule asked(const RuleRun& run, const RuleRun& to) {
    model::Rule rule = to.rule;
    rule.within = run.rule.within;
    return rule;
  }
  static RuleRun asking(const RuleRun& run, const RuleRun& to, const model::Rule& asked) {
    RuleRun asking(run.plan, to.rule_index, asked);
    asking.who = to.who, asking.members = to.members;
    return asking;
  }
  const model::Response& clause() const { return run_.rule.responses.front(); }
  bool is_deal() const { return to_.rule.subject.kind == model::SubjectKind::deal; }
  void emit_unplaced(const Finding& finding);
  void emit_untold(const Finding& finding, std::uint32_t owner);
  bool over_untold(const Finding& finding) const;
  bool by_some_deadline(const Finding& finding) const;
  void lack_begin(const Finding& finding);
  EventRef began_by_day(const Finding& finding) const;
  void lack_deadline(const Finding& finding);
  Instant deadline_at(const Finding& finding, const time::Calendar& calendar, Doubt doubt) const;
  Opened opening(const Finding& finding, std::uint32_t owner) const;
  Matter matter(const Finding& finding, std::uint32_t owner) const;
  void take_statements(Id<model::Record> record, const Matter& matter, const Opened& opened, Done& done);
  void take_close(const Opened& opened, Done& done);
  void ask_of(const Finding& finding);
  void take_late(const Finding& finding, const Opened& opened, Done& done);
  void take_expected(const Finding& finding, const Opened& opened, Done& done);
  Verdict decide(const Opened& opened, const Done& done, Instant left, Instant& settled) const;
  Done done_by(const Finding& finding, const Opened& opened, const Matter& about);
  Verdict agreed(const Finding& finding, const Opened& opened, Instant sooner, const Matter& about, Instant left,
                 Instant& settled);
  void lack(const Opened& opened, const Done& done);
  void give_reasons(const Opened& opened, const Done& done, const Matter& about, Verdict verdict);

  RuleRun& run_;
  const RuleRun& to_;
  View& view_;
  const Statements& statements_;
  model::Rule asked_;  // what the rule asks, within the time of the response
  RuleRun asking_;
  ConditionAnswers conditions_;
  bool found_events_ = false;
  Id<model::Record> action_;
};

// What has a date alone, and began the hours within which it had to be kept. Missing: no_event.
EventRef Responding::began_by_day(const Finding& finding) const {
  const Verdicts& of = to_.verdicts;
  const std::size_t first = of.evidence_first[finding.row];
  const bool hours = to_.rule.shape == Shape::after && is_clock(to_.rule.within->unit) && first < of.evidence.size();
  const EventRef trigger = hours ? of.evidence[first] : no_event;
  if (trigger == no_event) return trigger;
  const history::History& history = run_.plan.history;
  const history::Timeline& timeline = trigger.of_person ? history.person_events : history.deal_events;
  return timeline.by_day[trigger.index] != 0 ? trigger : no_event;
}

// What would tell by which of several deadlines it was missed.
void Responding::lack_deadline(const Finding& finding) {
  const EventRef began = began_by_day(finding);
  began == no_event ? lack_holds(run_, view_) : lack_time(run_, began);
}

void Responding::emit_unplaced(const Finding& finding) {
  // What opened at an instant that is known was missed at one of several deadlines.
  const bool several = run_.plan.any_holds || began_by_day(finding) != no_event;
  if (is_deal() && several && to_.verdicts.opened[finding.row].known()) {
    lack_deadline(finding);
    return emit_untold(finding, nobody);
  }
  run_.trace.reasons.push_back({Ground::undated, {}, to_.rule.trigger, 0, 0});
  if (to_.rule.trigger) run_.trace.lack({FactKind::event_time, {}, to_.rule.trigger});
  emit_untold(finding, nobody);
}

// It cannot be told from the start.
void Responding::emit_untold(const Finding& finding, std::uint32_t owner) {
  emit(run_, {run_.rule_index,
              to_.verdicts.subject[finding.row],
              owner,
              finding.reached,
              Instant::unknown(),
              finding.reached,
              Verdict::cannot_tell,
              {},
              0,
              static_cast<std::uint32_t>(finding.row)});
}

// The clock of a response to a deal's verdict stands still while the deal is on hold. Days count from a date as
// written.
Instant Responding::deadline_at(const Finding& finding, const time::Calendar& calendar, Doubt doubt) const {
  if (!run_.rule.within) return Instant::max();
  const bool by_day = finding.by_day != no_event;
  const Instant reached = by_day ? as_written(run_.plan, finding.reached, calendar) : finding.reached;
  return is_deal() ? deadline_of(run_, view_, *run_.rule.within, reached, calendar, doubt)
                   : calendar.within(*run_.rule.within, reached);
}

Opened Responding::opening(const Finding& finding, std::uint32_t owner) const {
  const Plan& plan = run_.plan;
  const time::Calendar& calendar = plan.calendar_at(owner, finding.reached);
  const Instant deadline = deadline_at(finding, calendar, Doubt::stands);
  // What a date alone had reached on the day of its creation was so no sooner than that.
  const Instant at = is_deal() && to_.rule.expect ? std::max(finding.reached, view_.created()) : finding.reached;
  Opened opened{UINT32_MAX, at, deadline, Instant::unknown(), plan.horizon, &calendar};
  opened.by_day = finding.by_day != no_event;
  const std::uint32_t first = to_.verdicts.evidence_first[finding.row];
  const std::size_t rows = to_.verdicts.size();
  const std::size_t last =
      finding.row + 1 < rows ? to_.verdicts.evidence_first[finding.row + 1] : to_.verdicts.evidence.size();
  if (to_.rule.trigger && first < last) opened.trigger = to_.verdicts.evidence[first].index;
  if (is_deal()) {
    // What closed the deal just then is no answer, unless it was the deadline that was reached, whatever happened at
    // its instant; reopened it may close again.
    const Verdict verdict = to_.verdicts.verdict[finding.row];
    const bool undone = verdict == Verdict::missed || verdict == Verdict::late;
    const bool by_clock =
        to_.rule.shape == model::Shape::after && undone && to_.verdicts.deadline[finding.row] == finding.reached;
    // One with a date alone came behind what was missed as its day began, or by a row before it, and behind what could
    // not be told from its opening on.
    const Verdict named = verdict_named(clause().verdict);
    const bool untold = named == Verdict::cannot_tell && to_.verdicts.opened[finding.row] == finding.reached;
    const bool missed = named == Verdict::missed && to_.rule.shape != Shape::throughout;
    const bool before = (missed || untold) && !to_.rule.even_when_closed;
    const auto on_that_day = [&](const Life& life) {
      const bool by_day = life.closing != UINT32_MAX && view_.timeline().by_day[life.closing] != 0;
      return before && by_day && (opened.trigger == UINT32_MAX || opened.trigger < life.closing);
    };
    Instant latest = Instant::unknown();
    for (const Life& life : view_.lives()) {
      const bool then = life.end == finding.reached && (by_clock || on_that_day(life));
      const bool answers = life.end > finding.reached || then;
      if (!opened.close.known() && answers) opened.close = life.end, latest = latest_end(view_, life);
    }
    // What is done on the day on which it closes may have been done before.
    if (latest.known()) opened.seen = std::min(Instant{latest.micros + 1}, plan.horizon);
  } else if (view_.of_person() && to_.rule.subject.kind == model::SubjectKind::person) {
    const Instant left = left_at(run_.plan, view_.subject(), finding.reached);
    if (left > finding.reached && left < plan.horizon) opened.close = left, opened.seen = Instant{left.micros + 1};
  }
  return opened;
}

Matter Responding::matter(const Finding& finding, std::uint32_t owner) const {
  const Plan& plan = run_.plan;
  const Verdicts& of = to_.verdicts;
  Matter matter{to_.rule.subject.kind,
                of.subject[finding.row],
                plan.history.words.find(to_.rule.name),
                plan.history.words.find(run_.rule.name),
                of.owed_by[finding.row],
                owner,
                {}};
  if (matter.kind == model::SubjectKind::team) matter.subject = plan.history.words.find(of.teams[matter.subject]);
  const time::Interval& period = of.period[finding.row];
  const Instant opened = period.from.known() ? period.from : of.opened[finding.row];
  if (!opened.known()) return matter;
  const time::Calendar& own = own_calendar(plan, period, of.calendar[finding.row], matter.owed_by, opened);
  matter.opened = period.from.known() ? own.day_of(opened) : day_in(plan, own, opened);
  return matter;
}

void Responding::take_statements(Id<model::Record> record, const Matter& matter, const Opened& opened, Done& done) {
  const Instant horizon = run_.plan.horizon;
  statements_.for_each(record, matter, view_, [&](const Statement& statement, Truth about) {
    const Instant earliest = std::max(opened.at, statement.happened);
    if (!statement.counts.known()) {
      if (earliest < horizon) done.maybe(earliest, &Done::stated);
      return;
    }
    const bool by_day = statement.until != statement.counts;
    if (statement.counts >= horizon || (by_day ? statement.until <= opened.at : statement.counts < opened.at)) return;
    const Instant when = std::max(statement.counts, opened.at);
    const bool within_day = by_day && when < opened.deadline && statement.until > opened.deadline;
    if (about != Truth::yes || within_day) return done.maybe(when, &Done::stated);
    if (done.certain.known() && done.certain <= when) return;
    done.take(when, Ground::recorded);
    done.by = statement.ref, done.record = record;
  });
  const KindBinding& told = run_.plan.records[record.index()];
  const time::Interval& observed = told.observed;
  if (!is_deal() && !told.about_people) done.maybe(opened.at, &Done::stated);
  const bool since = !observed.from.known() || observed.from <= opened.at;
  if (!since || observed.until < std::min(opened.deadline, horizon)) done.maybe(opened.at, &Done::stated);
}

void Responding::take_close(const Opened& opened, Done& done) {
  if (!is_deal()) {
    if (opened.close.known()) done.take(opened.close, Ground::subject_closed);
    const bool of_one = view_.of_person() && to_.rule.subject.kind == model::SubjectKind::person;
    if (!of_one || opened.deadline == Instant::max()) return;
    // It may have left before.
    const time::Calendar& days = run_.plan.calendars.front();
    const time::Day next = days.day_of(opened.at) + 1, last = days.day_of(Instant{opened.deadline.micros - 1});
    const time::Day day = perhaps_gone(run_.plan, view_.subject(), next, last + 1);
    if (day.known()) done.maybe(days.start_of(day), &Done::closed);
    return;
  }
  Instant certain = opened.close;
  for (const Life& life : view_.lives()) {
    const Instant latest = latest_end(view_, life);
    if (latest == life.end || latest <= opened.at) continue;
    // With a date alone it may have come before the response was asked for, or after its time.
    const bool before = life.end < opened.at;
    const bool after = life.end == opened.close && life.end < opened.deadline && latest >= opened.deadline;
    if (!before && !after) continue;
    done.maybe(std::max(life.end, opened.at), &Done::closed);
    done.untimed = view_.ref(life.closing);
    if (after) certain = latest < run_.plan.horizon ? latest : Instant::unknown();
  }
  if (certain.known()) done.take(certain, Ground::subject_closed);
  const Life* life = view_.life_at(opened.at);
  if (view_.lives_unknown()) done.maybe(opened.at, &Done::closed);
  if (life && life->doubt.known()) done.maybe(std::max(opened.at, life->doubt), &Done::closed);
}

// Something that lasts is asked of several teams.
void Responding::ask_of(const Finding& finding) {
  if (!to_.who.any()) return;
  Who who = to_.who;
  who.subject = to_.verdicts.subject[finding.row];
  if (who.team != nobody) who.team = run_.plan.history.words.find(to_.verdicts.teams[who.subject]);
  conditions_.ask(who);
}

// What was late has come about. With a date alone it may have come within the time of the response, or later.
void Responding::take_late(const Finding& finding, const Opened& opened, Done& done) {
  const Instant settled = to_.verdicts.settled[finding.row];
  const bool by_hours = to_.rule.shape == Shape::after && to_.rule.expect && is_clock(to_.rule.within->unit);
  const Instant earliest = by_hours ? earliest_of(view_, settled) : settled;
  const EventRef by_day = reached_by_day(to_, finding.row, Verdict::late, view_);
  const Instant latest = by_day != no_event ? last_of_day(run_.plan, settled) : settled;
  if (earliest < opened.deadline && latest >= opened.deadline) {
    done.maybe(earliest, &Done::expected);
    done.untimed = by_day != no_event ? by_day : view_.ref(view_.rows_by_day(earliest).front());
  }
  if (settled < opened.deadline && latest >= opened.deadline) return;
  done.take(settled, Ground::happened);
  done.came_about = to_.rule.expect.operator bool();
}

// When what the rule expects came about after all. What was kept or late is so already; what was asked of a period that
// is over comes about only where it is late.
void Responding::take_expected(const Finding& finding, const Opened& opened, Done& done) {
  const Verdict found = to_.verdicts.verdict[finding.row];
  const model::Rule& rule = to_.rule;
  const Verdict named = verdict_named(clause().verdict);
  if (named == Verdict::kept || named == Verdict::late) return;
  if (found == Verdict::late) return take_late(finding, opened, done);
  const bool lasting = rule.shape == Shape::every || rule.shape == Shape::throughout;
  // What is missed has not come about for certain, or it would be late; whether it may have has to be looked at.
  const bool looked = rule.shape == Shape::after && found == Verdict::missed;
  if (lasting || (!rule.expect && !rule.expect_event)) return;
  if (rule.shape != Shape::while_ && opened.trigger == UINT32_MAX) return;
  if (rule.expect && opened.trigger == UINT32_MAX && run_.plan.only_its[rule.expect.index()]) return;
  ask_of(finding);
  if (rule.expect_event && !std::exchange(found_events_, true)) asking_.answers.find(asking_, view_);
  const Answer answer = rule.expect ? conditions_.first(opened) : asking_.answers.first(opened);
  if (answer.possible.known()) done.maybe(answer.possible, &Done::expected);
  const Instant until = std::min({opened.deadline, opened.seen, run_.plan.horizon});
  if (rule.expect_event && !is_observed(view_, rule.expect_event, opened.at, until)) {
    done.maybe(opened.at, &Done::expected);
  }
  if (looked || !answer.certain.known() || (done.certain.known() && done.certain <= answer.certain)) return;
  // What has a date alone may have come later on its day.
  const bool later = asking_.who.any() && answer.certain < opened.deadline &&
                     last_of_day(run_.plan, answer.certain) >= opened.deadline &&
                     !rows_by_day(asking_, view_, answer.certain).empty();
  if (later) return done.maybe(answer.certain, &Done::expected);
  done.take(answer.certain, Ground::happened);
  done.came_about = rule.expect.operator bool();
  if (answer.index != UINT32_MAX) done.by = view_.ref(answer.index);
}

Verdict Responding::decide(const Opened& opened, const Done& done, Instant left, Instant& settled) const {
  const Instant gone = left.known() ? std::max(left, opened.at) : Instant::unknown();
  const bool gone_first = gone.known() && gone < done.certain;
  if (done.certain.known() && done.certain < opened.deadline && !gone_first) {
    return settled = done.certain, Verdict::kept;
  }
  if (gone.known() && gone < opened.deadline && gone < run_.plan.horizon) return settled = gone, Verdict::excused;
  if (opened.deadline > run_.plan.horizon) return Verdict::due;
  settled = opened.deadline;
  if (done.gone || (done.possible.known() && done.possible < opened.deadline)) return Verdict::cannot_tell;
  if (done.certain.known()) return settled = done.certain, Verdict::late;
  return Verdict::missed;
}

Done Responding::done_by(const Finding& finding, const Opened& opened, const Matter& about) {
  Done done;
  if (clause().recorded_as) {
    take_statements(clause().recorded_as, about, opened, done);
  } else {
    take_expected(finding, opened, done);
    take_close(opened, done);
    take_statements(action_, about, opened, done);
  }
  const Instant end = opened.deadline == Instant::max() ? opened.at : Instant{opened.deadline.micros - 1};
  const time::Day day = opened.calendar->day_of(opened.at), last = opened.calendar->day_of(std::max(end, opened.at));
  done.gone = about.answered_by != nobody && perhaps_gone(run_.plan, about.answered_by, day, last + 1).known();
  const Instant first = to_.verdicts.opened[finding.row];
  if (owed_by_nobody_known(clause().by, to_.rule, about.owed_by, view_, first, opened.at))
    done.gone = anybody_may_have_left(run_.plan, opened.at, std::min(opened.deadline, run_.plan.horizon));
  return done;
}

// Where the deal may have been on hold, both readings have to agree.
Verdict Responding::agreed(const Finding& finding, const Opened& opened, Instant sooner, const Matter& about,
                           Instant left, Instant& settled) {
  const Done done = done_by(finding, opened, about);
  const Verdict verdict = decide(opened, done, left, settled);
  Opened other = opened;
  other.deadline = sooner;
  Instant other_settled = Instant::unknown();
  const bool one = sooner == opened.deadline;
  if (one || decide(other, done_by(finding, other, about), left, other_settled) == verdict) {
    give_reasons(opened, done, about, verdict);
    if (verdict == Verdict::due && run_.rule.within && opened.deadline == Instant::max()) {
      run_.trace.reasons.push_back({Ground::on_hold, {}, {}, 0, 0});
    }
    return verdict;
  }
  lack_holds(run_, view_);
  const Unsettled unsettled = eval::unsettled(run_, view_, opened.at, sooner, opened.deadline);
  settled = unsettled.settled;
  return unsettled.due ? Verdict::due : Verdict::cannot_tell;
}

// Of what might have answered it what is not known.
void Responding::lack(const Opened& opened, const Done& done) {
  Trace& trace = run_.trace;
  const model::Rule& rule = to_.rule;
  if (done.untimed != no_event) return trace.lack({.kind = FactKind::time_of_day, .member = done.untimed});
  if (done.expected && rule.expect_event) trace.lack({FactKind::event, {}, rule.expect_event});
  if (done.expected && rule.expect) {
    Context context = response_context(asking_, view_, opened, opened.deadline);
    const bool before = holds(rule.expect, context) != Truth::unknown;
    if (const Instant since = conditions_.perhaps_since(opened); before && since.known())
      context.cut = {since.micros + 1};
    context.trace = &trace;
    holds(rule.expect, context);
  }
  if (done.closed && is_deal()) lack_lives(view_, trace);
  if (done.closed && !is_deal()) trace.lack({.kind = FactKind::departure, .person = view_.subject()});
  const Id<model::Record> wanted = clause().recorded_as ? clause().recorded_as : action_;
  // What is recorded about people stands elsewhere; about whom is no matter.
  const std::uint32_t somebody = is_deal() ? nobody : 0;
  if (done.stated || trace.facts.empty()) {
    trace.lack({.kind = FactKind::statement, .record = wanted, .person = somebody});
  }
}

void Responding::give_reasons(const Opened& opened, const Done& done, const Matter& about, Verdict verdict) {
  Trace& trace = run_.trace;
  const Id<model::Record> wanted = clause().recorded_as;
  const auto number = [](Id<model::Record> id) { return id ? static_cast<std::int64_t>(id.index()) : -1; };
  if (verdict == Verdict::excused) return trace.reasons.push_back({Ground::debtor_left, {}, {}, 0, 0});
  if (verdict == Verdict::cannot_tell) {
    trace.reasons.push_back({done.gone ? Ground::unknown_subject : Ground::unknown_answer, {}, {}, number(wanted), 0});
    if (done.gone && about.answered_by == nobody)
      return trace.lack({.kind = FactKind::deal_field, .field = run_.plan.owner});
    if (done.gone) return trace.lack({.kind = FactKind::departure, .person = about.answered_by});
    return lack(opened, done);
  }
  if (verdict != Verdict::kept && verdict != Verdict::late) {
    const Verdict named = verdict_named(clause().verdict);
    const bool came = named == Verdict::kept || named == Verdict::late;
    return trace.reasons.push_back({Ground::unanswered, to_.rule.expect, to_.rule.expect_event,
                                    number(came && !wanted ? action_ : wanted), verdict == Verdict::due ? 1 : 0});
  }
  const bool late = verdict == Verdict::late;
  const Id<model::Event> event = done.how == Ground::happened ? to_.rule.expect_event : Id<model::Event>();
  if (done.by) trace.use(*done.by);
  if (done.came_about) {
    Context context = response_context(asking_, view_, opened, Instant{done.certain.micros + 1});
    context.trace = &trace;
    explain(to_.rule.expect, context, Truth::yes);
  } else if (!late || !event) {
    trace.reasons.push_back({done.how, {}, event, number(done.record), is_deal() ? 0 : 1});
  }
  if (!late) return;
  const history::History& history = run_.plan.history;
  const bool by_day =
      done.by     ? (done.by->of_person ? history.person_events : history.deal_events).by_day[done.by->index] != 0
      : is_deal() ? came_by_day(view_, done.certain, true)
                  : !rows_by_day(asking_, view_, done.certain).empty();
  const std::int64_t by = by_day ? -1 : done.certain.micros - opened.deadline.micros;
  trace.reasons.push_back({Ground::happened_late, {}, event, by, 0});
}

// A tolerance that began on a day is over at nobody knows which hour.
bool Responding::over_untold(const Finding& finding) const {
  const Verdicts& of = to_.verdicts;
  const Verdict found = of.verdict[finding.row];
  const bool by_deadline = found == Verdict::missed || found == Verdict::cannot_tell;
  return by_deadline && to_.rule.shape == Shape::while_ && !of.deadline[finding.row].known() && by_day(to_, view_) &&
         of.opened[finding.row] != finding.reached && run_.rule.within && is_clock(run_.rule.within->unit);
}

// A deadline that is one of several, since nobody knows whether the deal was on hold, or when it began.
bool Responding::by_some_deadline(const Finding& finding) const {
  const Verdicts& of = to_.verdicts;
  return to_.rule.shape == Shape::after && of.verdict[finding.row] == Verdict::missed &&
         !of.deadline[finding.row].known();
}

// What has a date alone, and made the tolerance begin that was over by then.
void Responding::lack_begin(const Finding& finding) {
  const time::Calendar& days = run_.plan.calendars.front();
  const auto began = [&](Instant at) {
    const Instant over{last_of_day(run_.plan, at).micros + 1};
    return to_.rule.lapse && days.within(*to_.rule.lapse, over) == finding.reached;
  };
  for (const DayTurn& turn : to_.by_day) {
    if (turn.subject == to_.verdicts.subject[finding.row] && began(turn.at)) lack_time(run_, turn.row);
  }
  for (std::uint32_t row = view_.dated(); row < view_.end() && !to_.who.any(); ++row) {
    if (view_.timeline().by_day[row] != 0 && began(view_.timeline().at[row])) lack_time(run_, view_.ref(row));
  }
}

void Responding::respond(Finding finding) {
  run_.trace.clear();
  if (!finding.reached.known()) return emit_unplaced(finding);
  const Verdicts& of = to_.verdicts;
  const std::uint32_t owner =
      responsible(run_.plan, clause().by, to_.rule.subject.kind, of.owed_by[finding.row], view_, finding.reached);
  const bool clock = run_.rule.within && is_clock(run_.rule.within->unit);
  const EventRef by_day =
      run_.plan.by_day ? reached_by_day(to_, finding.row, verdict_named(clause().verdict), view_) : no_event;
  finding.by_day = by_day;
  // By the end of a day it was reached: on that date.
  const time::Calendar& days = run_.plan.calendars.front();
  if (by_day != no_event && finding.reached == last_of_day(run_.plan, finding.reached)) {
    const Instant start = days.start_of(days.day_of(finding.reached));
    finding.reached = is_deal() ? std::max(start, view_.created()) : start;
  }
  if (clock && by_day != no_event) {
    run_.trace.use(by_day);
    run_.trace.lack({.kind = FactKind::time_of_day, .member = by_day});
    run_.trace.reasons.push_back({Ground::day_only, {}, {}, by_day.index, by_day.of_person ? 1 : 0});
    return emit_untold(finding, owner);
  }
  if (over_untold(finding)) {
    run_.trace.reasons.push_back({Ground::unknown, to_.rule.expect, {}, 0, 0});
    lack_begin(finding);
    return emit_untold(finding, owner);
  }
  if (by_some_deadline(finding)) {
    lack_deadline(finding);
    return emit_untold(finding, owner);
  }
  const Opened opened = opening(finding, owner);
  if (opened.trigger != UINT32_MAX) run_.trace.use(view_.ref(opened.trigger));
  const Matter about = matter(finding, owner);
  Instant settled = Instant::unknown();
  const Instant sooner = deadline_at(finding, *opened.calendar, Doubt::runs);
  const Verdict verdict = agreed(finding, opened, sooner, about, left_at(run_.plan, owner, finding.reached), settled);
  const bool held = run_.rule.within && opened.deadline == Instant::max();
  emit(run_, {run_.rule_index,
              of.subject[finding.row],
              owner,
              finding.reached,
              held || sooner != opened.deadline ? Instant::unknown() : opened.deadline,
              settled,
              verdict,
              {},
              0,
              static_cast<std::uint32_t>(finding.row)});
}

}  // namespace

void run_responses(RuleRun& run, const RuleRun& to, std::size_t first_row, View& view, const Statements& statements) {
  const std::vector<Finding> found = findings(run, to.verdicts, first_row);
  if (found.empty()) return;
  Responding responding(run, to, view, statements);
  for (const Finding& finding : found) responding.respond(finding);
}

}  // namespace plumb::eval
