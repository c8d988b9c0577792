#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumb::tool {

struct ChildEnd {
  int exit_code = 0;  // 128 + the signal when it died of one
  std::string output;
  std::string errors;
};

/// Runs a program that is found by PATH, without a shell, gives it `input` and waits for its end. Errors: it is not
/// installed, or cannot be started.
Result<ChildEnd> run_child(const std::vector<std::string>& command, std::string_view input);

}  // namespace plumb::tool
