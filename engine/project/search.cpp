#include "project/search.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "project/glob.h"
#include "project/header.h"
#include "project/package.h"
#include "project/paths.h"

namespace plumb::project {

namespace {

constexpr std::string_view standard = "std.";
constexpr std::string_view ending = ".plumb";

/// `a.b` → `a/b`. Missing: empty for a name that is no path of plain names.
std::string as_path(const std::string& name) {
  if (name.find('/') != std::string::npos || name.find('\0') != std::string::npos) return {};
  if (name.starts_with('.') || name.ends_with('.') || name.find("..") != std::string::npos) return {};
  std::string path = name;
  std::replace(path.begin(), path.end(), '.', '/');
  return path;
}

std::optional<Location> first_of(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (is_there(path)) return Location{path, path};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Location> Search::find(const std::string& name, const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    if (auto found = find_in(name, folder)) return found;
  }
  return find_standard(name);
}

std::optional<Location> Search::find_in(const std::string& name, const std::string& folder) {
  if (const std::string path = as_path(name); !path.empty()) {
    const std::string package = '/' + std::string(package_file);
    auto found = first_of({inside(folder, path + std::string(ending)), inside(folder, name + std::string(ending)),
                           inside(folder, path + package), inside(folder, name + package)});
    if (found) return found;
  }
  for (const auto& [called, path] : headers_in(folder)) {
    if (called != name) continue;
    // The header may be that of a package whose folder this is.
    const std::string package = inside(folder, std::string(package_file));
    const std::string& whole = is_package_called(package, name) ? package : path;
    return Location{whole, whole};
  }
  return std::nullopt;
}

bool Search::is_package_called(const std::string& package, const std::string& name) const {
  if (!is_there(package)) return false;
  Result<std::string> content = options_.read_file(package);
  if (!content) return false;
  // Its mistakes are reported when it is read as what was asked for.
  source::Map texts;
  diagnostics::Sink sink;
  const auto read = read_package(texts.add(package, std::move(*content)), texts, sink);
  return read && read->name.text == name;
}

std::vector<std::string> Search::where_looked(const std::string& name, const std::vector<std::string>& folders) const {
  std::vector<std::string> result;
  if (const std::string path = as_path(name); !path.empty()) {
    std::string files = fmt::format("`{}.plumb`", path);
    if (path != name) files += fmt::format(", `{}.plumb`", name);
    files += fmt::format(", `{}/{}`", path, package_file);
    if (path != name) files += fmt::format(", `{}/{}`", name, package_file);
    result.push_back(fmt::format("looked for {}, and for files that say `rulebook {}`, in `{}`", files, name,
                                 fmt::join(folders, "`, `")));
  }
  if (!name.starts_with(standard)) {
    result.push_back("`search` in plumb.yaml and `--search` name more folders");
  } else if (options_.stdlib.empty()) {
    result.push_back("the standard library is not there; `--stdlib` says where it lies");
  }
  return result;
}

std::optional<Location> Search::find_standard(const std::string& name) const {
  if (!name.starts_with(standard) || options_.stdlib.empty()) return std::nullopt;
  const std::string below = as_path(name.substr(standard.size()));
  if (below.empty()) return std::nullopt;
  const std::string file = below + std::string(ending);
  const std::string path = inside(options_.stdlib, file);
  if (!is_there(path)) return std::nullopt;
  return Location{path, "std/" + file};
}

const std::vector<std::pair<std::string, std::string>>& Search::headers_in(const std::string& folder) {
  const auto [known, is_new] = headers_.try_emplace(folder);
  if (!is_new) return known->second;
  std::size_t bytes = 0;
  std::size_t files = 0;
  for (const std::string& name : list_directly(folder)) {
    if (!name.ends_with(ending) || name.starts_with('.')) continue;
    if (++files > Limits::files || bytes > Limits::bytes) break;
    const std::string path = inside(folder, name);
    const Result<std::string> content = options_.read_file(path);
    if (!content) continue;  // whoever asks for it by its path hears why
    bytes += content->size();
    if (std::string called = name_in_header(*content); !called.empty()) {
      known->second.emplace_back(std::move(called), path);
    }
  }
  return known->second;
}

/// Adds what `x.y` leads to in the folder `x`, or in the one whose name is nearest to it.
void Search::add_below(const std::string& name, const std::string& folder, std::vector<std::string>& names) {
  std::string path = folder;
  std::string parts;
  std::size_t at = 0;
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', at)) {
    std::vector<std::string> below = list_directly(path);
    std::erase_if(below, [&](const auto& each) { return each.starts_with('.') || !is_folder(inside(path, each)); });
    const std::string_view near = diagnostics::nearest(name.substr(at, dot - at), below);
    if (near.empty()) return;
    path = inside(path, std::string(near));
    parts += std::string(near) + '.';
    for (const auto& [called, file] : headers_in(path)) {
      // What its file is not called after would not be found here.
      const std::string_view own = called.starts_with(parts) ? std::string_view(called).substr(parts.size()) : "";
      if (file == inside(path, std::string(own) + std::string(ending))) names.push_back(called);
    }
    at = dot + 1;
  }
}

std::vector<std::string> Search::names(const std::string& name, const std::vector<std::string>& folders) {
  std::vector<std::string> result;
  for (const std::string& folder : folders) {
    add_below(name, folder, result);
    for (const auto& [called, path] : headers_in(folder)) result.push_back(called);
    for (const std::string& below : list_directly(folder)) {
      if (is_there(inside(folder, below + '/' + std::string(package_file)))) result.push_back(below);
    }
  }
  if (!options_.stdlib.empty()) {
    for (std::string file : list_below(options_.stdlib).files) {
      if (!file.ends_with(ending)) continue;
      file.resize(file.size() - ending.size());
      std::replace(file.begin(), file.end(), '/', '.');
      result.push_back(std::string(standard) + file);
    }
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace plumb::project
