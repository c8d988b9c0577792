#pragma once

#include <string>
#include <vector>

#include "report/report.h"

/// What the words about facts, where they come from and where they would be written share. Nothing else includes this.
namespace plumb::report {

using Keys = std::vector<std::string>;

/// Missing: nullptr for no field.
const model::Field* field_of(const Input& input, Id<model::Field> field);
/// What of a waiver nobody can read, or nobody knows: the columns that narrow it, else when it was made or recorded.
Keys waiver_lacks(const Input& input, eval::EventRef ref);
const history::Kind& kind_of_row(const Input& input, eval::EventRef ref);
/// Whether some row about a person leaves open whether he is there.
bool may_be_there(const Input& input, std::uint32_t person);
/// What a history calls the fact, the most particular first.
Keys keys_of(const Input& input, const eval::Fact& fact);

}  // namespace plumb::report
