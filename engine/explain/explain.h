#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eval/run.h"
#include "eval/value.h"
#include "eval/verdict.h"
#include "history/revise.h"
#include "report/report.h"
#include "time/calendar.h"

/// Why a verdict is what it is, as a value: semantics.md §9.
namespace plumb::explain {

using time::Instant;

/// One fact that the verdict rests on, or that came too late for it.
struct FactLine {
  Instant at;
  Instant recorded;     // unknown: nobody said
  bool by_day = false;  // only the day is known
  bool opened = false;  // it opened the obligation
  std::string words;    // `next_step_on set to 4 Mar 2026`
  std::string where;    // events.csv:12; empty: from no file
};

/// One part of the condition at the instant that decides. Rows of Explanation::atoms: as in the text, those inside
/// `and`, `or`, `at least k of` and `not` deeper.
struct Atom {
  std::size_t depth = 0;
  std::string words;
  eval::Truth truth = eval::Truth::unknown;
  std::string left, right;  // what its two sides were worth; empty for a side that is written in the rule, or is none
};

/// Days of one kind on the clock's way, first and last included.
struct Step {
  time::Day first, last;
  std::int64_t number = 0;  // of the (last) day, counted; 0: not counted
  std::string why;  // a day that is not counted: `no work`, `holiday (Memorial Day)`; hours: how much was worked
};
struct Walk {
  std::vector<Step> steps;   // long walks are without their middle
  std::size_t left_out = 0;  // steps between the first and the last few
  std::string clock_change;  // where the zone's clock changes on the way
  std::string calendar;      // its name; empty: the rulebook declares none
  std::string zone;
  time::Day written;  // the date alone that it starts from; unknown: an instant
};

/// What came nearest to keeping it, and why it did not.
struct Candidate {
  std::string words;
  std::string where;
};

/// What follows in a deal may be at any time after its first fact.
inline constexpr std::int64_t at_any_time_after = INT64_MAX / 4;

/// When the facts of a change may be, as it is told: each of them anywhere between two instants, a new deal's creation
/// before what happens in it.
struct Told {
  Instant since;  // unknown: as early as there is somewhere to put them; where they lie ahead, from now on
  Instant until;  // before which they have to be; unknown: each of them just when it is
  std::int64_t within =
      0;                  // how soon what follows in a deal has to follow upon its first fact, in microseconds; 0: any
  bool any_time = false;  // something may still be done, from now on
};

/// The smallest change found that would have kept, or would still keep, the obligation; verified by evaluating again.
struct Change {
  std::vector<history::Revision> revisions;  // of Explanation::part; none: it is kept as things stand
  std::vector<std::string> words;            // one for each fact, or for several that are alike
  Told told;                                 // when they may be, as the words say
  Instant as_of;                             // as of when it was evaluated again
  bool still = false;                        // it can still be done
  std::string becomes;                       // kept; or what is said of an obligation that is then asked no more
};

/// What is known where no change is offered.
enum class Hope : std::uint8_t {
  none_found,   // a change that keeps it may be there
  undone_only,  // of what may still be done nothing that was tried does: it would be kept with another past
  never,        // no fact that the history could hold keeps it, which is proved
};

struct Fact {
  std::string words;
  std::string supplied_by;  // the column that supplies it; empty: none of this history's files does
  std::string remedy;       // where it would have to be written down then, or what else would tell it
};

struct Explanation {
  std::size_t row = 0;              // into the evaluation's verdicts
  std::string sentence;             // the rule's
  std::vector<std::string> values;  // `services_mix is 20%`: what stands by name in the condition
  std::vector<FactLine> facts;
  bool more_facts = false;  // of what is counted or added up only the first are among the facts
  Instant decided_at;       // when the condition was asked; unknown: it was not
  Instant counts_from;      // only what happens from then on counts; unknown: no window is asked
  std::vector<Atom> atoms;
  std::optional<Walk> walk;
  std::string owed_because;  // `owner since Mon 2 Mar 2026 09:00 (deals.csv:2)`
  std::optional<Candidate> nearest;
  std::optional<Change> change;
  std::string no_change;  // why none is offered
  Hope hope = Hope::none_found;
  std::vector<Fact> missing;
  std::shared_ptr<const history::History> part;  // the deals and facts that the change is about
};

/// How hard to look for a change. Cost: each attempt evaluates the obligation's deals again.
struct Effort {
  std::size_t attempts = 600;
  std::size_t steps = 40;  // of a change that is found one after the other
};

/// All obligations of a rule about one subject, looked at in one evaluation.
struct Together;

/// Explains the obligations of one evaluation, one after the other. `options`: those of the evaluation. Cost: what is
/// asked of one subject by one rule is evaluated once where its rows are asked for one after the other; a search for a
/// change evaluates again with each attempt.
class Explainer {
 public:
  Explainer(const report::Input& input, const eval::Options& options, Effort effort = {});
  ~Explainer();
  /// The obligation in this row of the verdicts. Deterministic.
  Explanation explain(std::size_t row);

 private:
  const Together& together(std::size_t row, bool whole_history);

  std::unique_ptr<Together> together_[2];  // by `whole_history`; the last that was asked for
  const report::Input& input_;
  eval::Options options_;
  Effort effort_;
  time::Calendar calendar_;  // the default: its zone is that of every date shown
};

/// Why there is no obligation of a rule for a subject (a deal's or person's id): one sentence for each ground.
std::vector<std::string> why_none(const report::Input& input, const eval::Options& options, std::uint32_t rule,
                                  std::uint32_t subject);

std::string human(const report::Input& input, const Explanation& explanation, bool colour);
/// One JSON object on a line.
std::string json(const report::Input& input, const Explanation& explanation);

}  // namespace plumb::explain
