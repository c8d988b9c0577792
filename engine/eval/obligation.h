#pragma once

#include <initializer_list>
#include <vector>

#include "eval/answers.h"
#include "eval/condition.h"
#include "eval/standing.h"
#include "eval/who.h"

/// What the six shapes share: who is asked, from when, and how an obligation is written down.
namespace plumb::eval {

struct Obligation {
  std::uint32_t rule = 0;
  std::uint32_t subject = 0;
  std::uint32_t owed_by = nobody;
  Instant opened;
  Instant deadline;
  Instant settled;
  Verdict verdict = Verdict::due;
  time::Interval period;
  std::uint32_t calendar = 0;                   // that made the period, into Plan::calendars
  std::uint32_t responds_to = no_row;           // a response: into the verdicts of the rule that it responds to
  Instant perhaps_kept = Instant::unknown();    // as Earlier::kept
  Instant perhaps_missed = Instant::unknown();  // as Earlier::missed
  Instant surely_missed = Instant::unknown();   // as Earlier::surely_missed
};

struct Watch;

/// A row that has a date and no time of day, and may make something turn that is asked of a subject.
struct DayTurn {
  Instant at;  // the start of its day
  EventRef row;
  std::uint32_t subject;  // as verdicts number it
};

/// Everything one rule needs while it runs over the subjects. `verdicts` holds this rule's rows only.
struct RuleRun {
  const Plan& plan;
  std::uint32_t rule_index;
  const model::Rule& rule;
  Verdicts verdicts;
  Trace trace;                               // of the obligation at hand
  std::vector<Instant> instants;             // scratch
  EventAnswers answers;                      // of the deal at hand
  const Watch* watch = nullptr;              // who is told how verdicts come about
  Who who;                                   // whom something that lasts is asked of at hand, where that is no deal
  std::vector<std::uint32_t> members;        // of a team at hand: everybody who was ever in it
  std::vector<DayTurn> by_day;               // of those who were asked last
  std::vector<Obligation>* tried = nullptr;  // where they are only noted, and nothing is written down

  RuleRun(const Plan& plan, std::uint32_t index) : RuleRun(plan, index, plan.book.rules[index]) {}
  RuleRun(const Plan& plan, std::uint32_t index, const model::Rule& rule) : plan(plan), rule_index(index), rule(rule) {}
};

/// Writes an obligation down, as excused where a waiver covers it.
void emit(RuleRun& run, const Obligation& obligation);

/// When the clock of a duration that starts at `at` runs off: a deal's stands still while the deal is on hold, save
/// that of the `at most` of a stage on hold. Missing: `Instant::max()` while it stands still at the horizon.
Instant deadline_of(const RuleRun& run, View& view, time::Duration d, Instant at, const time::Calendar& calendar,
                    Doubt doubt);
/// Says that whether the deal was on hold decides, and which facts would tell it.
void lack_holds(RuleRun& run, View& view);
/// What becomes of an obligation of which the readings of a deal's holds say different things: it cannot be told, from
/// the sooner of its deadlines on. Where only times of day are missing each of them will pass, and it is due till then.
struct Unsettled {
  bool due;
  Instant settled;
};
Unsettled unsettled(const RuleRun& run, View& view, Instant opened, Instant sooner, Instant later);
/// Says that the time of day is missing of what has a date alone and made a condition turn at an instant.
void lack_turn(RuleRun& run, View& view, Instant turn, Id<model::Expr> condition);

/// Whether the rule is about the view's subject at an instant; fills the trace with the reason when that is unknown.
/// `calendar`: that of the obligation where it has opened already; without it, that of whoever owes it then.
Truth applies(RuleRun& run, View& view, Instant at, std::uint32_t opening, const time::Calendar* calendar = nullptr);

/// Who owes an obligation that opens at `at`. Missing: nobody.
std::uint32_t debtor(const Plan& plan, const model::Rule& rule, View& view, Instant at);
/// A person's manager on a day. Missing: nobody.
std::uint32_t manager_of(const Plan& plan, std::uint32_t person, time::Day day);
/// Those who belong to a team (a dictionary word) on a day and are employed; `nobody`: everybody of whom anything is
/// known.
std::vector<std::uint32_t> members_of(const Plan& plan, std::uint32_t team, time::Day day);
/// The manager whom all of them have. Missing: nobody.
std::uint32_t manager_of_all(const Plan& plan, const std::vector<std::uint32_t>& people, time::Day day);

/// Says of what has a date and no time of day, and does not count in this context for that, that its time is missing.
/// False where there is none.
bool lack_times(RuleRun& run, Context strict);
/// Likewise of one row.
void lack_time(RuleRun& run, EventRef row);

/// What `expect` is worth; an expected event has happened once it occurred at all.
Truth expectation(const model::Rule& rule, const Context& context);
/// Adds to the trace what made the expectation so.
void explain_expectation(const model::Rule& rule, const Context& context, Truth outcome);

/// An obligation that cannot be told from the start, because its opening cannot. `as_of`: whoever has to do with the
/// subject then owes it; without it, when it opened.
void emit_untold(RuleRun& run, View& view, Instant opened, Instant as_of = Instant::unknown());

/// The instants in [from, until) at which the conditions about the subject may change, sorted, each once: its events,
/// what was recorded, ends of coverage and of the conditions' own clocks, and local midnights where one reads the day
/// or `midnights` asks for them. `timely`: what was stated counts from when it was recorded. Cost: once per rule and
/// subject; it is linear in the events and days.
void change_points(View& view, const time::Calendar& calendar, std::initializer_list<Id<model::Expr>> conditions,
                   Instant from, Instant until, bool midnights, std::vector<Instant>& out, bool timely = false);
/// The same of whoever the run asks: also of what belongs to them, and of the days on which they come and go. Notes in
/// `run.by_day` what has a date alone. Cost: linear in the rows of the lists that the conditions read, and in the
/// events of the deals whose fields they read.
void change_points_of(RuleRun& run, View& view, const time::Calendar& calendar,
                      std::initializer_list<Id<model::Expr>> conditions, Instant from, Instant until,
                      std::vector<Instant>& out, bool timely = false);

void run_response(RuleRun& run, View& view);                    // after
void run_precedence(RuleRun& run, View& view);                  // before
void run_check(RuleRun& run, View& view);                       // at
void run_invariant(RuleRun& run, View& view);                   // while
void run_path(RuleRun& run, View& view);                        // a process's path: every move is one that it allows
void run_limit(RuleRun& run, View& view);                       // throughout, deals
void run_lasting_limit(RuleRun& run, View& view);               // throughout, people, teams and the company
void run_quota(RuleRun& run, View& view, Instant begin);        // every, for whom the view is loaded
void run_group_quota(RuleRun& run, View& view, Instant begin);  // every, teams and the company

}  // namespace plumb::eval
