#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "history/load.h"
#include "report/report.h"

/// What a history lacks for the rulebook that is held against it, and what would help: for each finding how often,
/// where, and what to do about it. It looks at data and never at how well anybody works.
namespace plumb::doctor {

/// What there is to do about a finding. In the order in which they are told.
enum class Remedy : std::uint8_t {
  supply,      // a column, rows or rates that no file has
  say,         // something that the rulebook, its calendar or the mapping has to say
  read_again,  // the export itself: rows that it lacks, or has wrong
  clear_up,    // where the data is kept
};

/// In the order in which they are told within their remedy.
enum class Kind : std::uint8_t {
  missing_column,         // about a fact that no file says and a rule reads
  currency_without_rate,  // about two currencies
  empty_column,           // about a field that a file has a column for, and no value
  nothing_of_a_kind,      // about an activity of which there is no row
  unknown_fact,           // about a fact that a file says, and not where a rule needs it
  undecided,              // about a rule that cannot tell for a reason that no column would change
  unknown_stage,          // about a stage's name
  same_instant,           // rows of one deal whose order the time does not say
  stage_with_activity,    // a move and an activity of one deal at one instant
  bulk_edit,              // many deals moved at one instant
  work_on_free_days,      // events on weekends and holidays
  missing_holiday,        // about a day
  unlisted_people,        // named in the data, and described by no row
  refused_rows,           // about a file; likewise the next two
  unreadable_cells,
  identical_rows,
  truncated,       // deals whose first stage row is not their creation
  without_stage,   // deals without any
  broken_chain,    // about `stage` or a field
  nothing_lost,    // deals were won, and none was lost
  after_closing,   // events of closed deals
  owner_had_left,  // deals given to somebody who had left
  owner_left,      // open deals of somebody who left
  backdated,       // facts recorded on a later day
};
inline constexpr std::size_t kind_count = 24;

/// The name of a finding for programs: `unknown-stage`. These names are for life.
std::string_view name_of(Kind kind);
Remedy remedy_for(Kind kind);
std::string_view name_of(Remedy remedy);

struct Example {
  std::string where;  // `events.csv:12`; empty: of no row
  std::string says;
};

struct Finding {
  Kind kind = Kind::missing_column;
  std::string about;  // empty: the whole history
  std::uint64_t count = 0;
  std::uint64_t of = 0;  // of how many; 0: of nothing that could be counted
  std::string says;      // sentences: what is so
  std::string to_do;     // sentences
  std::vector<Example> examples;
  std::vector<std::string> rules;  // that it keeps from being decided, or that read it
};

/// Rows: one for each rule, in the rulebook's order, then those that this version does not evaluate.
struct RuleState {
  std::string name;
  bool evaluated = true;
  std::uint64_t obligations = 0;
  std::uint64_t cannot_tell = 0;
};

struct Examination {
  std::vector<RuleState> rules;
  std::vector<Finding> findings;  // by remedy, kind, then what they are about
};

/// Everything the doctor looks at; all references outlive it.
struct Input {
  const report::Input& judged;
  const history::LoadReport& load;
  std::vector<std::string> left_out;  // rules that this version does not evaluate
};

/// Looks a history over. Only what lies before the horizon counts. Cost: some passes over the events.
Examination examine(const Input& input);

/// For people: what was found, by what there is to do. Width about 100 columns; colour on request.
std::string human(const Input& input, const Examination& examination, bool colour);
/// One JSON document; grammar/README.md says what stands in it.
std::string json(const Input& input, const Examination& examination);

}  // namespace plumb::doctor
