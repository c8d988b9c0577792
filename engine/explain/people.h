#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "history/history.h"
#include "model/model.h"

/// Who owns what in a history at hand.
namespace plumb::explain {

/// The deals that a person owns at an instant and that are not closed then, those with most events first; all deals for
/// nobody. `book`: whose stages close a deal.
std::vector<std::string> deals_owned(const model::Rulebook& book, const history::History& history,
                                     const std::string& person, time::Instant at);
/// The deals in which a person did something by then and that are not closed, those with most of it first.
std::vector<std::string> deals_worked_in(const model::Rulebook& book, const history::History& history,
                                         const std::string& person, time::Instant at);
/// Those who are in the team on the day of an instant.
std::vector<std::string> members_of(const history::History& history, const std::string& team, time::Instant at);
/// Who owns a deal at an instant. Missing: empty.
std::string owner_of(const history::History& history, std::uint32_t deal, time::Instant at);
/// What was last stated of a field of a deal by an instant, as a cell has it. Missing: `history::missing`.
std::int64_t field_of_deal(const history::History& history, std::uint32_t deal, std::string_view field,
                           time::Instant at);
/// The deal that a row of the timeline of deals is of.
std::string deal_of(const history::History& history, std::uint32_t index);
/// When a deal comes to be, as far as its rows say. Missing: unknown where they do not, or there is none.
time::Instant begin_of(const history::History& history, std::string_view deal);
/// The first of all people. Missing: empty.
std::string anybody_at(const history::History& history);

}  // namespace plumb::explain
