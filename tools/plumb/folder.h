#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "history/load.h"

namespace plumb::tool {

/// Puts files into a folder of their own, whole or not at all: whoever looks meanwhile sees the old folder, or none. A
/// folder that is there is replaced when it holds nothing but files called like one of `ours`. Errors: with the path;
/// what the system says; it holds something else, which would be lost.
Result<bool> write_folder(const std::string& path, const std::vector<history::TextFile>& files,
                          const std::vector<std::string>& ours);

}  // namespace plumb::tool
