#pragma once

#include "base/id.h"
#include "diagnostics/diagnostic.h"
#include "history/mapping.h"
#include "source/source.h"

/// The exports of CRM systems, by mapping files. The mapping language is described in grammar/README.md.
namespace plumb::adapters {

/// The most bytes that a mapping may have, and how deep its lists and maps may be nested: far above what people write,
/// and small enough that a hostile file costs little.
inline constexpr std::size_t largest_mapping = 1'000'000;
inline constexpr std::size_t deepest_mapping = 32;

/// What a mapping file says, as far as it can be understood.
/// Errors: all mistakes are reported, each where it stands; after an error the result is not to be loaded with.
history::Mapping read_mapping(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink);

}  // namespace plumb::adapters
