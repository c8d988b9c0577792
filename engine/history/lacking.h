#pragma once

#include <string>
#include <string_view>

namespace plumb::history {

/// What History::supplier calls the column, or the file, from which a mapping would read a fact if it were there:
/// `column `AccountId` of Opportunity.csv, which the file does not have`. Missing: nothing of the mapping would.
inline std::string lacking_key(std::string_view fact) { return "lacking: " + std::string(fact); }

/// What it calls the export that would tell more of a field, an activity, a record or `stage` than this one does, where
/// a mapping says so: `a report of the type Opportunity History`.
inline std::string told_key(std::string_view name) { return "told by: " + std::string(name); }

/// What it calls to what a field changes, where rows say so.
inline std::string changed_key(std::string_view field) { return "to of " + std::string(field); }

/// What it calls the instants of moves into a stage as a mapping calls it, or of those whose stage a column says
/// (empty), each column of them by itself: the key goes on with what tells these apart.
inline std::string entry_key(std::string_view stage) { return "at of stage " + std::string(stage) + ": "; }

}  // namespace plumb::history
