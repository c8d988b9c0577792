#include "project/paths.h"

#include <filesystem>
#include <system_error>

namespace plumb::project {

namespace fs = std::filesystem;

std::string inside(const std::string& folder, const std::string& path) {
  return (fs::path(folder) / path).lexically_normal().string();
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

bool is_there(const std::string& path) {
  std::error_code error;
  // A link that leads nowhere is there, and cannot be read: that is to be said.
  const fs::file_status status = fs::symlink_status(path, error);
  return !error && fs::exists(status) && !is_folder(path);
}

std::string identity(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  return error ? path : real.string();
}

}  // namespace plumb::project
