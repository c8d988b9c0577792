#pragma once

#include <string_view>
#include <vector>

#include "suite/judge.h"

/// Which conditions of a rule were looked at, and what they were. Nothing outside of suite/ includes this.
namespace plumb::suite {

/// By its id. Missing: `nobody`.
std::uint32_t find_subject(const history::History& history, const history::Subjects& subjects, std::string_view id);

/// The conditions that `condition` joins by `and`, `or`, `not` and `at least N of`.
std::vector<Id<model::Expr>> atoms_of(const model::Rulebook& book, Id<model::Expr> condition);

/// What decided an obligation; of what came late also what was not so at the deadline, and of what lapsed what was so
/// again; and what the conditions of the rule's `where` and `while` were when it opened (and when a stretch of `while`
/// ended).
std::vector<SeenAtom> atoms_of_verdict(const Evaluated& evaluated, std::size_t row);

/// What the conditions of the rule's `where` and `while` are for somebody, just before an instant. Missing: empty for a
/// team and the company, of whom nothing is asked there.
std::vector<SeenAtom> atoms_of_subject(const Evaluated& evaluated, std::uint32_t rule, std::string_view subject,
                                       time::Instant before);

}  // namespace plumb::suite
