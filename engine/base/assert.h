#pragma once

#include <stdexcept>
#include <string>

namespace plumb {

/// Thrown by a violated assertion: our bug, never a user's mistake. Only the tools catch it (exit code 70).
struct Bug : std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] void violated(const char* condition, const char* promise, const char* file, int line);

}  // namespace plumb

/// Checked in release builds too. `promise` says what should have held, as a sentence.
#define PLUMB_ASSERT(condition, promise) \
  ((condition) ? static_cast<void>(0) : ::plumb::violated(#condition, promise, __FILE__, __LINE__))
