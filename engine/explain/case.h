#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eval/condition.h"
#include "eval/run.h"
#include "explain/explain.h"
#include "history/history.h"
#include "model/model.h"
#include "report/report.h"
#include "time/calendar.h"

/// One obligation apart: its rule, and the part of the history that it was judged by.
namespace plumb::explain {

/// What tells an obligation from others in any history that holds it.
struct Key {
  std::string rule, subject;
  Instant opened, period;
  std::size_t nth = 0;  // of those alike in all of this
  friend bool operator==(const Key&, const Key&) = default;
};
/// The obligation in a row of verdicts. `nth` counts the rows before it. Cost: linear in the rows alike.
Key key_of(const report::Input& input, std::size_t row);

/// One time that an evaluation looked at a condition, or for an event, to decide. Good while the evaluation goes on.
struct Looked {
  Id<model::Expr> condition;
  Id<model::Event> event;
  eval::Context context;
};
/// What the evaluation knows at the moment at which it writes an obligation down.
struct Decided {
  const history::History& history;
  const eval::Verdicts& verdicts;
  std::size_t row;
  const std::vector<Looked>& looked;  // at conditions for this obligation, in order; the last one decides
};

struct Case {
  model::Rulebook book;  // the rule, with those that its condition asks about
  std::size_t rule = 0;  // its row there
  history::History part;
  eval::Options options;
  Key key;
  std::map<Id<model::Expr>, Id<model::Expr>> wholes = {};  // of a share: the count of what it is a share of
  bool may_undo = false;                                   // what has happened, although something may still be done
  bool by_actor = false;                                   // something is counted by who did it
  std::size_t read_by = 0;                                 // how many rules stand between it and what is explained
  // How often verdicts that it reads were worked out again, to see what would make them others.
  std::shared_ptr<std::size_t> read = std::make_shared<std::size_t>(0);
};

/// The rule of a row with all that it reads, and the deals that its verdict can depend on.
Case case_of(const report::Input& input, const eval::Options& options, std::size_t row, bool whole_history);

/// Leaves only those rules (rows of the book's) in the case's book, `c.rule` among them; each of them with what it is a
/// version of or responds to.
void keep_rules(Case& c, const std::vector<bool>& kept);

/// Events of the case's part, and one.
std::size_t events_of(const Case& c);

/// From when on what answers an obligation comes behind its opening for certain, and before when it has to come: of hours
/// that a date alone starts, from the next day on until the first of the deadlines that may be its own. Missing:
/// `until` is unknown where none can be told.
time::Interval surely_in_time(const Case& c, const Decided& decided);

struct Outcome {
  eval::Verdict verdict;
  Instant settled, deadline;
  Instant until = Instant::unknown();  // as `surely_in_time` has it
};
struct Judged {
  std::optional<Outcome> outcome;  // nullopt: the history holds no such obligation
  std::size_t unkept = 0;          // obligations of the rule and subject that are missed, late or cannot be told
  // Where it is not kept: at which instant the condition was asked that decided so. Max: it is, or none is left.
  Instant decided = Instant::max();
  std::size_t lacks = 0;  // facts that are named as lacking where it cannot be told
  bool untold = false;    // it cannot be told, and no fact says so that is stated later than it
};
/// What the case's obligation becomes with another history and as-of. `decided` is called as it is written down; where
/// a lapse has never begun, of the next that is not kept.
Judged evaluate(const Case& c, const history::History& history, Instant as_of,
                const std::function<void(const Decided&)>& decided = {});

/// One obligation of the case's rule and subject: what tells it from the others, and what became of it.
struct Each {
  Instant opened, period;
  std::size_t nth = 0;
  Outcome outcome;
};
/// All obligations of the case's rule and subject in one evaluation. `decided` is called as each is written down, which
/// is the one that is counted by `opened`, `period` and `nth`.
std::vector<Each> evaluate_all(const Case& c, Instant as_of,
                               const std::function<void(const Decided&, const Each&)>& decided);

/// The number of a subject. Missing: UINT32_MAX.
std::uint32_t find_deal(const history::History& history, std::string_view id);
std::uint32_t find_person(const history::History& history, std::string_view id);

}  // namespace plumb::explain
