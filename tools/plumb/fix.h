#pragma once

#include <vector>

#include "plumb/compile.h"
#include "plumb/files.h"
#include "plumb/inputs.h"

namespace plumb::tool {

enum class FixTo { files, diff };

/// Applies what the diagnostics suggest to the inputs, as often as there is something to apply (at most ten times), and
/// writes each file whole or not at all, or shows what would change. Of suggestions that overlap the first is applied;
/// what would bring more errors than there were is not, and neither is what touches a file that was not given. Standard
/// input goes to standard output, and stays among the stand-ins as it is to be checked. Errors: said; false when
/// something could not be written.
bool fix(const std::vector<Input>& inputs, const SearchOptions& search, FixTo to, StandIns& stand_ins);

}  // namespace plumb::tool
