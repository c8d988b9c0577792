#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The files that a pattern names. Nothing outside of project/ includes it.
namespace plumb::project {

/// Whether a relative path fits a pattern: `*` is any part of one name, `**` any folders, or none. Cost: the product of
/// the lengths at most.
bool matches(std::string_view pattern, std::string_view path);

/// What a folder holds.
struct Listing {
  std::vector<std::string> files;       // relative to it, sorted by bytes
  std::vector<std::string> unreadable;  // folders, as they are named to the user, and why
  bool whole = true;                    // false: more than Limits says
};

/// All files in a folder and below. Left out: what begins with a point; folders that are packages of their own; what
/// lies behind a link to a folder, which may lead in a circle.
Listing list_below(const std::string& folder);

/// The names in one folder, sorted by bytes. Missing: nothing of a folder that cannot be read.
std::vector<std::string> list_directly(const std::string& folder);

}  // namespace plumb::project
