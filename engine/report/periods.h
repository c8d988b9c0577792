#pragma once

#include <cstddef>
#include <string>

#include "report/sections.h"

/// What people call the period of a quota.
namespace plumb::report {

/// `week of 2 Mar 2026`, `March 2026`, `Q1 2026` (of a year that begins in another month than January `Q1 FY2026`), `H1
/// 2026`, `2026`, `term 2026-1`. Missing: empty for what has no period, or one of a day, which its deadline
/// says. Cost: a calendar other than the default one is made anew.
std::string period_text(const View& view, std::size_t row);

/// The same behind a comma, or nothing.
std::string beside_period(const View& view, std::size_t row);

}  // namespace plumb::report
