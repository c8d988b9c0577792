#pragma once

#include "check/expr.h"

/// How the clauses of a rule go together: which shape allows which. Nothing outside of check/ includes this.
namespace plumb::check {

/// Reports clauses that the rule's shape has no use for, and those it cannot do without.
void check_shape(Context& context, const ast::Rule& written, const model::Rule& rule);

/// Reports a point that no such period has.
std::optional<model::Point> check_point(Context& context, const ast::ShapeClause& written);

/// Whether the reader reported something inside the span: what is missing there may have been lost to it.
bool was_reported_in(const Context& context, Span span);

}  // namespace plumb::check
