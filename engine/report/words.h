#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/verdict.h"
#include "report/report.h"

/// What the numbers of an evaluation are called. Every rendering takes its words from here, so that they agree.
namespace plumb::report {

/// Rows: one per rule; true for the rules that the input asks for, and for what responds to them.
std::vector<bool> chosen_rules(const Input& input);

/// Who or what the obligation is about: the deal's or person's id, the team, or `the company`.
std::string_view subject_of(const Input& input, std::size_t row);

/// Missing: empty when the data does not say who owes it.
std::string_view owed_by(const Input& input, std::size_t row);

/// `D1, owed by ana`; a person who owes something himself is named once.
std::string who_text(const Input& input, std::size_t row);

std::string_view person_name(const Input& input, std::uint32_t person);
/// ` (people.csv:2)`. Missing: empty where no row says it.
std::string row_text(const Input& input, history::Origin origin);

/// `thing`, `way`, `time`. Missing: empty.
std::string_view right_word(model::Right right);

/// One clause without a final stop: "`next_step_on is known` was not true". `verdict`: for which it is a reason; what
/// was counted is said to be so by then, or while it is due so far.
std::string reason_text(const Input& input, const eval::Reason& reason, eval::Verdict verdict);

/// The leave that a reason speaks of: evidence that stands in no timeline. Missing: nullptr.
const history::People::Leave* leave_of(const Input& input, const eval::Reason& reason);

/// `ana on leave from Mon 2 Mar 2026 to Tue 3 Mar 2026: 2 working days`, for a reason that speaks of leave.
std::string away_text(const Input& input, const eval::Reason& reason);

/// A currency of an amount or of a missing rate, which may be one that only the rulebook has. Missing: `another
/// currency`.
std::string currency_text(const model::Rulebook& book, const history::History& history, std::uint32_t word);

/// What a fact is called: `amount`, `goal of meeting`, `when held_meeting happened`, `amount of D7 (deals.csv:8)`.
std::string fact_text(const Input& input, const eval::Fact& fact);

/// The file and column that supply a fact. Missing: empty when no file of this history does.
std::string fact_source(const Input& input, const eval::Fact& fact);

/// Where a fact would have to be written down that no file supplies: a key of the mapping, or a column of the canonical
/// files; or what else would tell it, as the mapping says (`told by`). Missing: empty where a file supplies it and the
/// mapping says nothing of the sort. Where there is one it goes before the `fact_source`.
std::string fact_remedy(const Input& input, const eval::Fact& fact);

/// Until when what is to follow a member of a share may do so, where that was not over when the verdict was decided:
/// then no file lacks it. Missing: nullopt for all other facts.
std::optional<time::Instant> may_follow_until(const Input& input, const time::Calendar& calendar, std::size_t row,
                                              const eval::Fact& fact);
/// What is said of such a fact in place of where it would stand. `when`: the instant in words.
std::string not_over_text(const Input& input, time::Instant until, std::string_view when);

/// One row of the history that a verdict rests on.
struct EvidenceRow {
  time::Instant at;
  std::string_view kind;  // created · the field's name · moved · the activity's or record's name
  std::string_view file;  // empty: not from a file
  std::uint32_t line = 0;
  bool by_day = false;                             // only the day is known
  std::uint32_t kind_number = 0, file_number = 0;  // into History::kinds, History::files
};
EvidenceRow evidence_row(const Input& input, eval::EventRef ref);
/// What happened, as `the change of amount`.
std::string row_words(const Input& input, eval::EventRef ref);
/// Where a move went to. Missing: empty for what is no move, or when the source did not say.
std::string_view stage_moved_to(const Input& input, eval::EventRef ref);

/// `events.csv:12`. Missing: empty.
std::string where_text(const EvidenceRow& row);
void append_where(std::string& out, const EvidenceRow& row);

/// `Say why it happened. (recorded as cause)`.
std::string response_text(const model::Rulebook& rulebook, const model::Response& response);

/// Whether the rulebook has the rule more than once: its versions, and its parts for some of its subjects.
bool is_one_of_several(const model::Rulebook& rulebook, std::size_t rule);
/// The rule's name; of one of several also whose it is and when: `answered (globex 2.0.0, from 2026-03-10)`.
std::string name_apart(const model::Rulebook& rulebook, std::size_t rule);

/// What would keep an obligation of this rule, in the rulebook's own words. Missing: empty for a broken rule.
std::string expectation_text(const model::Rulebook& rulebook, const model::Rule& rule);

/// The rulebook's calendars, in its order; UTC alone where it declares none.
using Calendars = std::vector<time::Calendar>;
Calendars calendars_of(const model::Rulebook& rulebook);

/// The period of a quota by its short name: `2026-W10`. Missing: empty for what has none.
std::string period_name(const Calendars& calendars, const eval::Verdicts& verdicts, const model::Rule& rule,
                        std::size_t row);

/// The default calendar. Missing: UTC without business days when none is declared or its zone is not known.
time::Calendar default_calendar(const model::Rulebook& rulebook);

/// `1 day`, `3 hours 20 minutes`: the two largest units that are not zero; of nothing `no time`.
std::string length_text(std::int64_t micros);

/// `12 times`, `1 time`; thousands are grouped.
std::string count_text(std::uint64_t count, std::string_view one, std::string_view many);
std::string number_text(std::uint64_t count);

}  // namespace plumb::report
