#pragma once

#include <string>
#include <string_view>

#include "report/sections.h"

/// Texts of a rulebook with places for values: `{amount}`, `{its goal}`, `{industry of account}`, `{role of owner}`.
namespace plumb::report {

/// The text as it is said of the obligation in a row: each place has the value as of when its verdict was reached, or,
/// while it is due, as of the horizon, of what was known then. `{{` and `}}` are braces. Missing: `no amount` where
/// none was stated, `unknown amount` where nobody can tell. Cost: the text's length; a place looks through the facts of
/// its deal.
std::string filled(const View& view, std::string_view text, std::size_t row);
/// What would keep the obligation in a row, in the rulebook's own words.
std::string expected_of(const View& view, std::size_t row);
/// The sentence of the obligation's rule, in which stands what is to be done where it responds to another.
std::string sentence_of(const View& view, std::size_t row);
/// The text as it stands for every obligation of a rule: its places are named, `{{` and `}}` are braces.
std::string as_agreed(std::string_view text);

}  // namespace plumb::report
