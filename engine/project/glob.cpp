#include "project/glob.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "project/paths.h"
#include "project/project.h"

namespace plumb::project {

namespace fs = std::filesystem;

namespace {

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// One name against a pattern with `*`: the last star takes one character more whenever the rest does not fit.
bool fits(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, after_star = std::string_view::npos, taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      taken = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (after_star != std::string_view::npos) {
      p = after_star;
      n = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

class Walk {
 public:
  explicit Walk(std::string root) : root_(std::move(root)) {}

  Listing take() {
    look_into("", 0);
    std::sort(listing_.files.begin(), listing_.files.end());
    return std::move(listing_);
  }

 private:
  std::string shown(const std::string& below) const { return below.empty() ? root_ : inside(root_, below); }

  void look_into(const std::string& below, std::size_t depth) {
    if (depth > Limits::folders_deep) listing_.whole = false;
    if (!listing_.whole) return;
    std::error_code error;
    fs::directory_iterator entry(shown(below), error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) take(*entry, below, depth);
    if (error) listing_.unreadable.push_back(fmt::format("the folder `{}` cannot be read", shown(below)));
  }

  void take(const fs::directory_entry& entry, const std::string& below, std::size_t depth) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || !listing_.whole) return;
    if (++entries_ > Limits::entries) listing_.whole = false;
    std::error_code error;
    const std::string path = below.empty() ? name : below + '/' + name;
    if (!entry.is_directory(error)) {
      listing_.files.push_back(path);
    } else if (!entry.is_symlink(error) && !is_there(inside(shown(path), std::string(package_file)))) {
      look_into(path, depth + 1);
    }
  }

  std::string root_;
  Listing listing_;
  std::size_t entries_ = 0;
};

}  // namespace

bool matches(std::string_view pattern, std::string_view path) {
  const std::vector<std::string_view> wanted = parts_of(pattern);
  const std::vector<std::string_view> parts = parts_of(path);
  // reached[i]: the pattern's parts so far fit the first i parts of the path.
  std::vector<bool> reached(parts.size() + 1, false);
  reached[0] = true;
  for (const std::string_view part : wanted) {
    std::vector<bool> next(parts.size() + 1, false);
    bool any = false;
    for (std::size_t i = 0; i <= parts.size(); ++i) {
      any = any || reached[i];
      if (part == "**") {
        next[i] = any;
      } else if (i > 0) {
        next[i] = reached[i - 1] && fits(part, parts[i - 1]);
      }
    }
    reached = std::move(next);
  }
  return reached[parts.size()];
}

Listing list_below(const std::string& folder) { return Walk(folder).take(); }

std::vector<std::string> list_directly(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator() && names.size() < Limits::entries; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace plumb::project
