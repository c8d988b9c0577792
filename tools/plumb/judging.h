#pragma once

#include <string>

#include "base/result.h"
#include "history/history.h"
#include "model/model.h"
#include "source/source.h"
#include "time/calendar.h"

/// What the commands that hold a history against a rulebook share.
namespace plumb::tool {

/// True when the rulebook can be evaluated. What cannot be evaluated yet is said in either case.
bool may_run(const model::Rulebook& rulebook, const source::Map& texts, bool skip);

/// True when the rule that was asked for is there, or none was; said otherwise, with the nearest name.
bool has_rule(const model::Rulebook& rulebook, const std::string& name);

/// True when the rule that was asked for, if any, is left after what cannot be evaluated was taken out.
bool is_evaluated(const model::Rulebook& evaluated, const std::string& name);

/// What an option that is a time says; a date means the end of that day. Missing: unknown when it is not given. Errors:
/// it is no date; the message names the option.
Result<time::Instant> asked_time(const std::string& option, const std::string& text, const time::Zone& zone);

/// As of just after the last event, which is said. Errors: no event has a date.
Result<time::Instant> end_of(const history::History& history);

}  // namespace plumb::tool
