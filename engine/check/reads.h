#pragma once

#include <string_view>

#include "check/expr.h"

/// Whose fields what is written once and read in several places asks about.
namespace plumb::check {

/// Whether it asks about a deal, or about a person. Missing: not where there is no expression.
bool reads_a(const Context& context, ExprId id, model::OwnerKind owner);
/// Reports what needs a deal and reads a field of a person besides.
void report_reads_both(Context& context, Span span, std::string_view words);

}  // namespace plumb::check
