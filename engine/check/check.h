#pragma once

#include "diagnostics/diagnostic.h"
#include "model/model.h"
#include "source/source.h"
#include "syntax/ast.h"

namespace plumb::check {

/// What a file means: every name resolved, every expression typed, units and shapes checked. Rows: as model.h says.
/// Missing: what this version does not evaluate is listed in `unevaluated`, its rules are left out of `rules`. Errors:
/// go to the sink, one per mistake; the rulebook is then good for looking at only. Cost: one walk over the file, names
/// are looked up in trees.
model::Rulebook check(const syntax::ast::File& file, const source::Map& texts, diagnostics::Sink& sink);

}  // namespace plumb::check
