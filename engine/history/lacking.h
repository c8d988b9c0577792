#pragma once

#include <string>
#include <string_view>

namespace plumb::history {

/// What History::supplier calls the column, or the file, from which a mapping would read a fact if it were there:
/// `column `AccountId` of Opportunity.csv, which the file does not have`. Missing: nothing of the mapping would.
inline std::string lacking_key(std::string_view fact) { return "lacking: " + std::string(fact); }

/// What it calls to what a field changes, where rows say so.
inline std::string changed_key(std::string_view field) { return "to of " + std::string(field); }

/// What it calls the instants of moves into a stage as a mapping calls it, or of those whose stage a column says
/// (empty), each column of them by itself: the key goes on with what tells these apart.
inline std::string entry_key(std::string_view stage) { return "at of stage " + std::string(stage) + ": "; }

}  // namespace plumb::history
