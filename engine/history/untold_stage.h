#pragma once

#include <string_view>

namespace plumb::history {

/// Whether a stage is one that an adapter makes where an export does not tell in which a deal was, as `before the flow
/// tells`: none that a process could have.
inline bool is_untold_stage(std::string_view name) {
  return name.starts_with("before the ") && (name.ends_with(" tells") || name.ends_with(" tell"));
}

}  // namespace plumb::history
