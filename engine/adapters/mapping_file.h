#pragma once

#include "base/id.h"
#include "diagnostics/diagnostic.h"
#include "history/mapping.h"
#include "source/source.h"
#include "sources/fit.h"

/// The exports of CRM systems, by mapping files. The mapping language is described in grammar/README.md.
namespace plumb::adapters {

/// What a mapping file says, as far as it can be understood.
/// Errors: all mistakes are reported, each where it stands; after an error the result is not to be loaded with.
sources::Adapter read_adapter(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink);

/// The same without what is done to the files before their rows are read.
history::Mapping read_mapping(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink);

}  // namespace plumb::adapters
