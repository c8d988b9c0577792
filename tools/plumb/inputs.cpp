#include "plumb/inputs.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <fmt/format.h>

namespace plumb::tool {

namespace {

namespace fs = std::filesystem;

constexpr const char* package_file = "plumb.yaml";

/// What a path leads to, whatever it is called. Missing: the name alone, of what is not there.
struct Identity {
  dev_t device = 0;
  ino_t number = 0;
  std::string name;

  friend auto operator<=>(const Identity&, const Identity&) = default;
};

Identity identity_of(const std::string& path) {
  struct stat status {};
  if (path == "-" || ::stat(path.c_str(), &status) != 0) return {0, 0, path};
  return {status.st_dev, status.st_ino, ""};
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

bool is_package(const fs::path& folder) {
  std::error_code error;
  return is_folder(folder) && fs::is_regular_file(folder / package_file, error);
}

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

Input input_of(const std::string& path) { return {path, path == "-" ? standard_input_name : path, ""}; }

Input trouble_with(const std::string& folder, const std::string& why) {
  return {folder, folder, fmt::format("cannot read `{}`: {}", folder, why)};
}

std::string reason(const std::error_code& error) {
  return error == std::errc::permission_denied ? "you have no permission for it"
                                               : fmt::format("the system says: {}", error.message());
}

/// What lies below a folder, each folder by itself, so that no stack grows with their depth.
class Walk {
 public:
  std::vector<Input> below(const std::string& folder) {
    open_ = {folder};
    while (!open_.empty()) {
      const std::string next = std::move(open_.back());
      open_.pop_back();
      if (entered_.insert(identity_of(next)).second) enter(next);
    }
    std::sort(found_.begin(), found_.end(), [](const Input& a, const Input& b) { return a.path < b.path; });
    return std::move(found_);
  }

 private:
  void enter(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> folders;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      // In the folder that is the current one, names stand alone.
      const fs::path path = folder == "." ? entry->path().filename() : entry->path();
      if (!is_hidden(path)) see(path, folders);
    }
    if (error) found_.push_back(trouble_with(folder, reason(error)));
    // The first in order is entered first, and names what two paths lead to.
    std::sort(folders.rbegin(), folders.rend());
    open_.insert(open_.end(), folders.begin(), folders.end());
  }

  void see(const fs::path& path, std::vector<std::string>& folders) {
    if (is_package(path)) {
      found_.push_back(input_of(path.string()));
    } else if (is_folder(path)) {
      folders.push_back(path.string());
    } else if (path.extension() == ".plumb") {
      found_.push_back(input_of(path.string()));
    }
  }

  std::vector<std::string> open_;
  std::set<Identity> entered_;
  std::vector<Input> found_;
};

std::vector<Input> expand(const std::string& path) {
  if (path == "-" || !is_folder(path)) {
    const fs::path folder = fs::path(path).parent_path();
    if (fs::path(path).filename() != package_file) return {input_of(path)};
    const std::string package = folder.empty() ? "." : folder.string();
    return {is_package(package) ? input_of(package) : input_of(path)};
  }
  const std::string folder = without_slash(path);
  if (is_package(folder)) return {input_of(folder)};
  std::vector<Input> found = Walk().below(folder);
  if (found.empty()) found.push_back(trouble_with(folder, "there is no file *.plumb below it"));
  return found;
}

}  // namespace

std::vector<Input> find_inputs(const std::vector<std::string>& paths) {
  std::vector<Input> inputs;
  std::set<Identity> seen;
  for (const std::string& path : paths) {
    for (Input& input : expand(path)) {
      if (seen.insert(identity_of(input.path)).second) inputs.push_back(std::move(input));
    }
  }
  return inputs;
}

bool is_given(const std::vector<Input>& inputs, const std::string& path) {
  const auto is_named = [&](const Input& input) { return input.path == "-" && input.name == path; };
  if (std::any_of(inputs.begin(), inputs.end(), is_named)) return true;
  std::error_code error;
  // What comes with the program has a name like a path, and no file.
  if (!fs::is_regular_file(path, error)) return false;
  const auto leads_to = [&](const std::string& other) {
    const Identity wanted = identity_of(other);
    return std::any_of(inputs.begin(), inputs.end(),
                       [&](const Input& input) { return input.trouble.empty() && identity_of(input.path) == wanted; });
  };
  if (leads_to(path)) return true;
  fs::path folder = fs::weakly_canonical(path, error).parent_path();
  if (error) return false;
  while (!is_package(folder) && folder != folder.parent_path()) folder = folder.parent_path();
  return is_package(folder) && leads_to(folder.string());
}

}  // namespace plumb::tool
