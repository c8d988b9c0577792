#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "history/load_tables.h"

/// What a history says that it tells whole, and of what names it may say so.
namespace plumb::history::loading {

/// What coverage may speak of: every name that the rulebook declares, what every history has, and of each stage the
/// last moves into it.
class ObservableNames {
 public:
  explicit ObservableNames(const Schema& schema);
  bool has(const std::string& name) const;
  /// The one that was meant, where a name is none of those. Missing: empty.
  std::string_view near(const std::string& name) const;
  /// That `what`, which speaks of such a name, has no effect.
  std::string unknown(std::string_view what, const std::string& name) const;

 private:
  std::vector<std::string> names_, stages_;
};

/// What the mapping and the rows of coverage say; `complete_until` of History, which the rows can only bring forward.
void finish_coverage(Raw& raw, const Mapping& mapping, const Schema& schema, Coverage& coverage,
                     Instant& complete_until);

}  // namespace plumb::history::loading
