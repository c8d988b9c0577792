#pragma once

#include <string>

#include "explain/case.h"

/// Why no change is offered.
namespace plumb::explain {

/// Where there was nothing to try: what the condition speaks of that nobody could state.
std::string why_nothing(const Case& c);
/// Where so many changes were tried. `cut`: there were more, and none of them was.
std::string why_none_keeps(const Case& c, std::size_t tried, bool cut);

}  // namespace plumb::explain
