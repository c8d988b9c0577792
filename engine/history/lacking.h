#pragma once

#include <string>
#include <string_view>

namespace plumb::history {

/// What History::supplier calls the column, or the file, from which a mapping would read a fact if it were there:
/// `column `AccountId` of Opportunity.csv, which the file does not have`. Missing: nothing of the mapping would.
inline std::string lacking_key(std::string_view fact) { return "lacking: " + std::string(fact); }

/// What it calls to what a field changes, where rows say so.
inline std::string changed_key(std::string_view field) { return "to of " + std::string(field); }

}  // namespace plumb::history
