#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/values.h"

namespace plumb::adapters {

/// What holds for all rows of a file.
struct RowContext {
  Defaults defaults;
  std::vector<std::pair<std::string, std::string>> stages;  // label → stage
  bool file_order_is_sequence = false;
  std::vector<std::pair<std::string, source::Span>>*
      as_of_export;  // collects the fields that only the export's day knows
};

/// One item of `rows`. Missing: nullopt when it does not say what a row is, which is reported.
std::optional<history::RowSpec> read_row(const Node& node, const RowContext& context, const Reading& reading);

}  // namespace plumb::adapters
