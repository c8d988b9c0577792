#pragma once

#include "check/context.h"

/// Comparisons that are written as elsewhere: the text knows how they are said of quantities, and the types of what.
namespace plumb::check {

/// What was said of a comparison that is written as elsewhere, `between` its sides. Missing: nullptr.
Diagnostic* foreign_comparison(Context& context, Span between);
/// Makes its repair one that the left side has: `is before` of a date, in place of `is less than`. False where that has
/// none: then there is no repair any more, nor a help.
bool mend_foreign_comparison(Diagnostic& said, TypeKind left);

}  // namespace plumb::check
