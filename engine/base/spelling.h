#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumb {

/// How people write a name of ours: `closed_won` is `Closed Won`, `Closed won` and `closed won`. Other letters than
/// those of ASCII stay as they are. Missing: none where that is the name itself.
std::vector<std::string> spelled_out(std::string_view name);

}  // namespace plumb
