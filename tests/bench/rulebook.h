#pragma once

#include <cstddef>
#include <string>

namespace plumb::bench {

/// A rulebook as a large company might write it, which checks clean: one vocabulary, then process after process with
/// its events, measures and rules until there are at least `lines` lines. The same text on every machine.
std::string make_rulebook(std::size_t lines);

/// The smallest rulebook that says something; ten lines.
std::string small_rulebook();

}  // namespace plumb::bench
