#pragma once

#include <cstddef>
#include <string>

#include "report/sections.h"
#include "report/words.h"

/// What people call the period of a quota.
namespace plumb::report {

/// `week of 2 Mar 2026`, `March 2026`, `Q1 2026` (of a year that begins in another month than January `Q1 FY2026`), `H1
/// 2026`, `2026`, `term 2026-1`. Missing: empty for what has no period, or one of a day, which its deadline
/// says. Cost: a calendar other than the default one is made anew.
std::string period_text(const View& view, std::size_t row);

/// The same behind a comma, or nothing.
std::string beside_period(const View& view, std::size_t row);

/// Whether an obligation opened on a day: a period on its first day in its own calendar, everything else, and a period
/// as well, on the day that it was in the default calendar. `calendars`: those of the rulebook.
bool opened_on(const Calendars& calendars, const eval::Verdicts& verdicts, const model::Rule& rule, std::size_t row,
               time::Day day);

}  // namespace plumb::report
