#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/assert.h"

namespace plumb {

/// What went wrong in the world (a file, a zone, a number): one sentence for the user, lower case, no final stop.
struct Failure {
  std::string message;
};

/// A T, or why there is none. Errors: `value()` on a failure is our bug.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Failure failure) : state_(std::move(failure)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() {
    PLUMB_ASSERT(ok(), "a result is asked for its value only when it has one");
    return std::get<0>(state_);
  }
  const T& value() const { return const_cast<Result&>(*this).value(); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const std::string& error() const {
    PLUMB_ASSERT(!ok(), "a result is asked for its error only when it has one");
    return std::get<1>(state_).message;
  }

 private:
  std::variant<T, Failure> state_;
};

}  // namespace plumb
