#include <cstddef>
#include <cstdint>

#include "fuzz/front_end.h"

/// What libFuzzer calls. The first byte of a mapping is `%`, which begins no rulebook: one corpus serves both.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!bytes.empty() && bytes.front() == '%') {
    plumb::fuzz::feed_mapping(bytes.substr(1));
  } else {
    plumb::fuzz::feed_front_end(bytes);
  }
  return 0;
}
