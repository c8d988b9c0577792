#pragma once

#include <string>

#include "eval/statements.h"

/// What is done about a verdict: `if missed … by WHO within D` (semantics.md §5).
namespace plumb::eval {

/// Writes down the responses of `run` to the obligations of `to` from `first_row` on, all of the subject that the view
/// holds. Cost: linear in the findings and in what was recorded about them.
void run_responses(RuleRun& run, const RuleRun& to, std::size_t first_row, View& view, const Statements& statements);

/// Who owes a response to an obligation of a subject of this kind, owed by `owed_by`, at an instant: the owner, that
/// person, his manager, the manager of his team, or who has a role. Missing: nobody.
std::uint32_t responsible(const Plan& plan, const std::string& by, model::SubjectKind kind, std::uint32_t owed_by,
                          const View& view, Instant at);

/// Whether nobody knows who that is, since nobody knows who owns the deal then or, of `person`, when what the rule asks
/// opened.
bool owed_by_nobody_known(const std::string& by, const model::Rule& rule, std::uint32_t owed_by, const View& view,
                          Instant opened, Instant at);
/// The first day from `from` on on which a person is employed no more, by `left` or by an `active` that says no from a
/// day on, be it that he comes back; one before it by `left`. Missing: unknown, where there is none or nobody knows
/// which (`gone` tells).
time::Day gone_from(const Plan& plan, std::uint32_t person, time::Day from);
/// Since when a person is not there any more: the start of the first such day, not before that of `since`. Missing:
/// unknown, he is there.
Instant left_at(const Plan& plan, std::uint32_t person, Instant since);
/// Whether there is anybody who may have left by `since`, or before `until`.
bool anybody_may_have_left(const Plan& plan, Instant since, Instant until);

/// The one manager of all members of a team on a day. Missing: nobody, also where they have several.
std::uint32_t team_manager_of(const Plan& plan, std::uint32_t team, time::Day day);
/// The one person with a role in the team, else the one with it at all. Missing: nobody.
std::uint32_t holder_of(const Plan& plan, const std::string& role, std::uint32_t team, time::Day day);

}  // namespace plumb::eval
