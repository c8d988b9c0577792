#pragma once

#include <string>
#include <vector>

#include "eval/obligation.h"

/// Of which people, teams or the company a rule asks something, and from when until when.
namespace plumb::eval {

/// Whether a person is employed on the day of an instant and one of those whom the rule is about; fills the trace with
/// the reason when that is unknown. `days`: whose days, the person's or those of the obligation.
Truth included(RuleRun& run, View& view, std::uint32_t person, const time::Calendar& days, Instant at);
/// Whether a person is employed on a day; likewise.
Truth is_there(RuleRun& run, std::uint32_t person, time::Day day);
/// The first day from one on, and before another, on which nobody knows whether a person is gone. Missing: unknown.
time::Day perhaps_gone(const Plan& plan, std::uint32_t person, time::Day from, time::Day until);
/// Whether a team has anybody on a day, of these; likewise.
Truth is_staffed(RuleRun& run, std::uint32_t team, const std::vector<std::uint32_t>& people, time::Day day);
/// Whether the rule is about a team or the company, looked at from a context; likewise.
Truth includes_group(RuleRun& run, Context context);

/// Whether the history has begun before an instant, so that anything is asked then; likewise.
Truth has_begun(RuleRun& run, Instant before);

/// Whether the rule is about whoever is asked at hand, at an instant: the view's deal as `applies` has it; a person as
/// long as he is employed, a team as long as somebody belongs to it. Fills the trace with the reason when that is
/// unknown. `calendar`: by whose days it is asked of a deal; nullptr: by those of whoever owes it then.
Truth about_at(RuleRun& run, View& view, Instant at, const time::Calendar* calendar = nullptr);
/// Whoever owes what is asked of whoever is asked at hand. Missing: nobody.
std::uint32_t debtor_of(const RuleRun& run, View& view, Instant at);
/// Who is asked at hand, as verdicts number it.
std::uint32_t subject_of(const RuleRun& run, const View& view);
/// The rows without a time of day that stand at an instant and may have made something turn. Missing: empty.
std::vector<EventRef> rows_by_day(const RuleRun& run, const View& view, Instant at);
/// Whether any such row may have.
bool by_day(const RuleRun& run, const View& view);

/// All teams, by their names in their order: a team's place is its number in verdicts.
std::vector<std::string> team_names(const Plan& plan);
/// Everybody who was ever in a team (a dictionary word); `nobody`: all people.
std::vector<std::uint32_t> ever_in(const Plan& plan, std::uint32_t team);

}  // namespace plumb::eval
