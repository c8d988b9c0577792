#pragma once

#include <array>
#include <optional>
#include <vector>

#include "eval/tails.h"

/// Records that name, in `opened`, a day of the period that they belong to: they count in that one and in no other, and
/// only they can be late (semantics.md §4, Quota).
namespace plumb::eval {

/// By kind: the column of the days that such records name. Missing: nullptr where none names one that is there as of the
/// horizon and the known-at.
std::vector<const history::Column*> naming_columns(const Plan& plan);

/// Whether an event is made of records of which some name their period.
bool names_periods(const Plan& plan, Id<model::Event> event);
/// The first such event that a condition counts, or asks whether it has happened, with no tail. Missing: none.
Id<model::Event> naming_event(const Plan& plan, Id<model::Expr> condition);

/// Whether a row counts in the periods that the context judges, by the day that it names. Missing: nullopt where it
/// names none and counts by when it was made.
std::optional<Truth> counts_by_name(const Context& context, const Counted& counted, EventRef ref);
/// By what such rows are looked at under tails (nullptr: none). Missing: `any` is false where none are, behind `over
/// last N EVENT`.
Named named_under(std::array<const model::Tails*, 2> tails, model::SubjectKind kind, const Context& context);
/// The field that would tell which period a row belongs to, where that cannot be read. Missing: none where it can.
Id<model::Field> period_untold(const Plan& plan, EventRef ref);

}  // namespace plumb::eval
