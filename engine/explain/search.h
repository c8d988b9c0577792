#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explain/case.h"
#include "explain/ways.h"

/// The smallest change that keeps an obligation.
namespace plumb::explain {

struct Found {
  bool found = false;
  Revisions revisions;  // none: it is kept as things stand
  Instant as_of;
  std::optional<Outcome> outcome;  // nullopt: nothing is asked any more
  std::size_t attempts = 0;
  std::size_t before = 0;  // obligations of the subject that were not kept
  Hope hope = Hope::none_found;
  std::string why;  // where none was found
};

/// Looks for changes, the smaller ones first as grammar/README.md has it, and evaluates again with each until one keeps
/// the case's obligation; then for one of fewer facts, and for numbers that are nearer to what stands there.
/// An obligation that lasts as long as its deal, and a quota that is missed before its time is over, may become due.
/// Missing: not `found`, and `why`; where a change of what has happened keeps it, the revisions are that.
Found search(const Case& c, const Outcome& now, const Effort& effort);

/// How often a case may be evaluated: one for a whole company takes long.
std::size_t affordable(const Case& c, const Effort& effort);

/// Whether an outcome is what a change is for. `before`: the obligations of the subject that were not kept.
bool keeps(const Case& c, eval::Verdict was, const Judged& judged, std::size_t before);

}  // namespace plumb::explain
