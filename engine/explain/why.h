#pragma once

#include <string>

#include "explain/case.h"

/// Why no change is offered.
namespace plumb::explain {

/// Where there was nothing to try: what the condition speaks of that nobody could state.
std::string why_nothing(const Case& c);
/// Where so many changes were tried.
std::string why_none_keeps(const Case& c, std::size_t tried);

}  // namespace plumb::explain
