#pragma once

#include <string_view>
#include <vector>

#include "eval/run.h"
#include "eval/value.h"

namespace plumb::eval {

/// What a measure comes to for somebody as of an instant, over all that happened before it, and whether that is what
/// was asked. Missing: an unknown value where it cannot be told; Truth::unknown then.
struct Measured {
  Value value;
  Value asked;  // the literal
  Truth is = Truth::unknown;
};

/// `subject`: a deal's or person's id, a team's word; empty for the company. `asked`: a literal of the measure's type.
/// Errors: this version does not evaluate the measure for such a subject; there is no such subject; a calendar that
/// cannot be made. Cost: that of a run.
Result<Measured> measure_as_of(const model::Rulebook& rulebook, const history::History& history, const Options& options,
                               Id<model::Measure> measure, Id<model::Expr> asked, model::SubjectKind kind,
                               std::string_view subject);

/// What conditions of a rule come to for one of its subjects (as above), of what happened before an instant. Rows: the
/// conditions. Missing: unknown, also where there is no such subject and for conditions that read verdicts. Cost: that
/// of a run.
std::vector<Truth> conditions_as_of(const model::Rulebook& rulebook, const history::History& history, Instant horizon,
                                    const std::vector<Id<model::Expr>>& conditions, model::SubjectKind kind,
                                    std::string_view subject, Instant before);

}  // namespace plumb::eval
