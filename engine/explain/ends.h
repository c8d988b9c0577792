#pragma once

#include <string>

#include "explain/gathering.h"

/// How what is asked as long as it lasts comes to an end.
namespace plumb::explain {

/// Offers what ends it for an obligation that is due and has no deadline: the deal is closed, it is no longer as the
/// rule asks about, or whoever is asked is with the company no more.
void gather_ends(Gathering& g, const Decided& decided, const Looked& looked);

/// Why an obligation that is due, lasts and has no deadline has no end. Missing: empty where it may have.
std::string why_endless(const Case& c, const Decided& decided);

}  // namespace plumb::explain
