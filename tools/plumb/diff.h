#pragma once

#include <string>
#include <string_view>

namespace plumb::tool {

/// What changes from one text to the other, as `diff -u` shows it and `patch` reads it. Missing: empty for two that are
/// the same. Cost: lines times lines between the first and the last that differ; beyond a few million the whole of that
/// is shown as one change.
std::string unified_diff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace plumb::tool
