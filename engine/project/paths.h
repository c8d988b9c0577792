#pragma once

#include <string>
#include <string_view>

/// Paths as people write them. Nothing outside of project/ includes it.
namespace plumb::project {

inline constexpr std::string_view package_file = "plumb.yaml";

/// `pkg` and `a.plumb` → `pkg/a.plumb`; the folder of the caller is not named: `.` and `a.plumb` → `a.plumb`.
std::string inside(const std::string& folder, const std::string& path);
/// The folder that a path is in; `.` for a bare name.
std::string folder_of(const std::string& path);
bool is_folder(const std::string& path);
bool is_there(const std::string& path);
/// The same for all paths that lead to one file. Missing: the path itself for what is not there.
std::string identity(const std::string& path);

}  // namespace plumb::project
