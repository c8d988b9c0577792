#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "history/load.h"

namespace plumb::sources {

/// How many bytes of files, or of the answers of a database, were read so far, for whoever waits: it may be looked at
/// at any time. What is read twice counts twice.
using BytesRead = std::atomic<std::uint64_t>;

/// Of one file, unpacked, and of one table.
inline constexpr std::size_t most_bytes = 4'000'000'000;

/// A text that is held in memory, a file, or what was put aside (`Scratch`): its bytes are read when somebody looks at
/// them. Copies share it. A file has to stay as it was: that it did not is said by whoever reads what is gone, and by
/// `wrong`, which has to be asked when all is read.
class Bytes {
 public:
  /// Where bytes can be had.
  class Held {
   public:
    Held() = default;
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    virtual ~Held() = default;
    /// All of `size` bytes, which are there. Errors: what the system says, that they are not there any more.
    virtual Result<std::size_t> read(std::size_t at, char* into, std::size_t size) const = 0;
    /// How it came to be other than it was. Missing: empty when it did not.
    virtual std::string changed() const { return {}; }

   private:
    friend class Bytes;
    mutable std::mutex mutex_;
    mutable std::string wrong_;  // with the first that could not be read
  };

  Bytes(std::string text = {});                          // NOLINT: a text is bytes
  Bytes(const char* text) : Bytes(std::string(text)) {}  // NOLINT
  Bytes(std::shared_ptr<const Held> held, std::size_t size) : held_(std::move(held)), size_(size) {}
  /// `read`: counts. Errors: what the system says.
  static Result<Bytes> of_file(const std::string& path, std::size_t size, std::shared_ptr<BytesRead> read = nullptr);

  std::size_t size() const { return size_; }
  /// Puts what stands from `at` on, as much as there is room for, and says how much: less only at its end. Errors: as
  /// `Held::read`. Threads may read at the same time.
  Result<std::size_t> read(std::size_t at, char* into, std::size_t room) const;
  /// At most so many bytes of its beginning. Missing: less also where they cannot be read.
  std::string beginning(std::size_t most) const;
  /// Without so many bytes at the beginning.
  Bytes from(std::size_t begin) const;
  /// Reads it from its beginning. What cannot be read is its end, which `wrong` says.
  history::TextReader reader() const;
  /// Why some of it could not be read, or is not what it was. Missing: empty while all is well. Cost: of a file, a
  /// question to the system.
  std::string wrong() const;

 private:
  std::shared_ptr<const Held> held_;
  std::size_t begin_ = 0, size_ = 0;
};

}  // namespace plumb::sources
