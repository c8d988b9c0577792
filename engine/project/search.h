#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "project/project.h"

/// Where a rulebook of a name lies. Nothing outside of project/ includes it.
namespace plumb::project {

/// A rulebook or a plumb.yaml.
struct Location {
  std::string path;
  std::string shown;  // as the user would type it; of the standard library: `std/hygiene.plumb`
};

/// Looks in folders, and remembers what it saw there: a search of another name costs no second look.
class Search {
 public:
  explicit Search(const Options& options) : options_(options) {}

  /// Missing: nothing when none of the folders, in this order, nor the standard library has it.
  std::optional<Location> find(const std::string& name, const std::vector<std::string>& folders);
  /// Where `find` looked, for the user: one sentence each.
  std::vector<std::string> where_looked(const std::string& name, const std::vector<std::string>& folders) const;
  /// The names that there are in these folders, in those below them that `name` nearly leads to, and in the standard
  /// library, sorted.
  std::vector<std::string> names(const std::string& name, const std::vector<std::string>& folders);

 private:
  std::optional<Location> find_in(const std::string& name, const std::string& folder);
  std::optional<Location> find_standard(const std::string& name) const;
  void add_below(const std::string& name, const std::string& folder, std::vector<std::string>& names);
  bool is_package_called(const std::string& package, const std::string& name) const;
  const std::vector<std::pair<std::string, std::string>>& headers_in(const std::string& folder);

  const Options& options_;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> headers_;  // folder → name and path
};

}  // namespace plumb::project
