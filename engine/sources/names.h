#pragma once

#include <string>
#include <string_view>

#include "sources/steps.h"

/// What files are called that are one table; inside of this module and of what asks for the headers of such files.
namespace plumb::sources {

/// In the order of names in which numbers count as such: `Tasks 2.csv` is before `Tasks 10.csv`.
bool comes_before(std::string_view a, std::string_view b);

/// In the order of ids: numbers by what they count, before all texts, which stand by their bytes but for numbers between
/// `_`: `__export__.lead_9_c4` is before `__export__.lead_10_a1`.
bool lower_id(std::string_view a, std::string_view b);

/// Whether two files are called alike but for numbers, and for what programs put behind names (`accountData.csv`).
/// Lists within files (`deals.json: amount`) stand under the same key besides: one with a number is another.
bool akin(const std::string& a, const std::string& b);

/// Whether a table is called so, whatever the case; of a file that holds several, whether the file is, unless it has to
/// be the `whole` name.
bool is_called(const PartNames& part, std::string_view table, bool whole = false);

}  // namespace plumb::sources
