#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explain/case.h"
#include "explain/tell.h"

/// The parts of an explanation, each found where the evaluation decides.
namespace plumb::explain {

/// The condition's atoms with what they were worth, as it was looked at.
std::vector<Atom> atoms_of(const Teller& teller, const Looked& looked);
/// What stands by name in the condition: targets, measures, what a plan asks.
std::vector<std::string> named_values(const Teller& teller, const Looked& looked);

/// The way from an instant to the deadline of `within D of at`, while the clock stands still in `holds`. Missing:
/// nullopt for a clock that counts no days.
std::optional<Walk> walk_of(const model::Rulebook& book, const std::vector<time::Calendar>& calendars,
                            const time::Calendar& calendar, const time::Duration& within, Instant at, Instant deadline,
                            const std::vector<eval::Hold>& holds);
/// The days on the way to the point of a period at which a quota is due: those that are counted, or gone past because
/// nobody works; without a point none, in a calendar other than the default. Missing: nullopt where neither is so.
std::optional<Walk> walk_to_point(const model::Rulebook& book, const std::vector<time::Calendar>& calendars,
                                  const time::Calendar& calendar, const model::Rule& rule, time::Interval period,
                                  Instant deadline);
/// The way back from an instant, of `at least D ahead`.
std::optional<Walk> walk_ahead(const model::Rulebook& book, const std::vector<time::Calendar>& calendars,
                               const time::Calendar& calendar, const time::Duration& ahead, Instant at);

/// The rows that say what the deal's fields in the condition were, where no change before the deciding instant does:
/// that of the deal, or the first change, which says what was before it.
std::vector<FactLine> first_values(const Teller& teller, const Looked& looked);

/// Why it is owed by whom it is: the owner at that instant, since when, and which row says so.
std::string owed_because(const Teller& teller, const model::Rule& rule, const Decided& decided);

/// What came nearest to keeping the obligation and did not. Missing: nullopt where nothing came near.
std::optional<Candidate> nearest_to(const Teller& teller, const model::Rule& rule, const Decided& decided);

}  // namespace plumb::explain
