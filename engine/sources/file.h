#pragma once

#include <cstddef>

#include "base/result.h"

namespace plumb::sources {

/// A file that is open, closed with its owner.
class File {
 public:
  explicit File(int descriptor = -1) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  bool is_open() const { return descriptor_ >= 0; }
  int number() const { return descriptor_; }
  /// All of `size` bytes. Errors: what the system says; it has less.
  Result<std::size_t> read(std::size_t at, char* into, std::size_t size) const;
  /// Errors: what the system says.
  Result<std::size_t> write(std::size_t at, const char* from, std::size_t size) const;

 private:
  int descriptor_;
};

}  // namespace plumb::sources
