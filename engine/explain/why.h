#pragma once

#include <string>

#include "explain/case.h"

/// Why no change is offered.
namespace plumb::explain {

/// Where there was nothing to try: what the condition speaks of that nobody could state.
std::string why_nothing(const Case& c);
/// Where an obligation that is due lasts as long as its deal, and that has no end. Missing: empty where it may have.
std::string why_endless(const Case& c, const Decided& decided);
/// Where so many changes were tried.
std::string why_none_keeps(const Case& c, std::size_t tried);

}  // namespace plumb::explain
