#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/bytes.h"

namespace plumb::sources {

class AsideBlocks;

/// Where texts are put aside that are not read where they stand: what was packed or in another encoding, and tables
/// that are made of records. The first of it is held in memory; what is more, in a file without a name, which is gone
/// with the program. Copies share it.
class Scratch {
 public:
  static constexpr std::size_t block_size = std::size_t{1} << 16U;

  /// `folder`: of the file. Unit: bytes, what is held in memory.
  explicit Scratch(std::string folder = "/tmp", std::size_t in_memory = std::size_t{64} << 20U);

 private:
  friend class Aside;
  friend class AsideBlocks;
  class Blocks;
  std::shared_ptr<Blocks> blocks_;
};

/// A text that is put aside from its beginning to its end. Cost: a block of memory until it is finished.
class Aside {
 public:
  explicit Aside(const Scratch& scratch);
  Aside(Aside&&) noexcept;
  Aside& operator=(Aside&&) noexcept;
  ~Aside();

  /// What is put after there was no more room is lost, which `finish` says.
  void append(std::string_view text);
  std::size_t size() const { return size_; }
  /// Errors: there was no room for it, and where.
  Result<Bytes> finish();

 private:
  void store(const char* block);

  std::shared_ptr<AsideBlocks> kept_;
  std::string last_;  // less than a block
  std::size_t size_ = 0;
  std::string wrong_;
};

}  // namespace plumb::sources
