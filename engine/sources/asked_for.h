#pragma once

#include <string>
#include <vector>

#include "history/mapping.h"
#include "sources/steps.h"

/// The columns that a mapping asks for; inside of this module only.
namespace plumb::sources {

using Alternatives = std::vector<std::string>;  // one of these headers

/// Those that the rows and steps of a file ask for: which must be there, or which may be absent.
std::vector<Alternatives> asked_for(const history::FileSpec& file, const Steps& steps, bool optional);

bool has(const std::vector<std::string>& header, const Alternatives& names);

}  // namespace plumb::sources
