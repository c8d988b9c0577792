#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "eval/verdict.h"
#include "time/time.h"

/// How reasons, days and what people wrote follow one another in a text.
namespace plumb::report {

bool same_reason(const eval::Reason& a, const eval::Reason& b);

/// Whether the row has the reason of this number before: one row of the data may reduce several averaged periods.
bool is_told_before(const eval::Verdicts& verdicts, std::size_t row, std::uint32_t reason);

/// What somebody wrote, with a full stop where it ends without one, so that more can follow it.
std::string as_sentence(std::string text);

/// `Thu 5 Mar 2026`, of a day that is known.
std::string day_words(time::Day day);

}  // namespace plumb::report
