#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "history/write.h"

namespace plumb::tool {

/// Where `write_folder` would put one, as far as that can be told before: what a link leads to in its place. Errors: as
/// there.
Result<std::string> folder_to_write(const std::string& path, const std::vector<std::string>& ours);

/// Puts files into a folder of their own, whole or not at all: whoever looks meanwhile sees the old folder, or none. A
/// folder that is there is replaced when it holds nothing but files called like one of `ours`. `write` hands over the
/// files, piece by piece; a signal that ends the program (Ctrl-C) stops it at the next piece and leaves nothing of
/// them. Errors: with the path; what the system says; the folder holds something else, which would be lost; those of
/// `write`.
Result<bool> write_folder(const std::string& path, const std::vector<std::string>& ours,
                          const std::function<Result<bool>(const history::TakePiece&)>& write);

}  // namespace plumb::tool
