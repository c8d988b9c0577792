#pragma once

#include "diagnostics/diagnostic.h"
#include "source/source.h"
#include "yaml/read.h"

namespace plumb::yaml {

/// Whether a text is fit to be parsed: of bounded size, UTF-8, without control characters, not indented by tabs.
/// Errors: the first thing that is wrong is reported.
bool is_plain_text(const source::Map& texts, Id<source::Text> text, const Purpose& purpose, diagnostics::Sink& sink);

}  // namespace plumb::yaml
