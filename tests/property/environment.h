#pragma once

#include <cstdint>
#include <cstdlib>

namespace plumb::property {

/// A number that the environment gives, for long runs. Missing: `otherwise`.
inline std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace plumb::property
