#include "sources/scratch.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "sources/file.h"

namespace plumb::sources {

/// Blocks of one size, which are used again when nobody needs them any more.
class Scratch::Blocks {
 public:
  Blocks(std::string folder, std::size_t in_memory)
      : folder_(std::move(folder)), most_in_memory_(in_memory / block_size) {}

  /// Errors: there is no room for it.
  Result<std::uint32_t> store(const char* block) {
    const std::lock_guard lock(mutex_);
    const std::uint32_t number = free_.empty() ? count_ : free_.back();
    if (number < most_in_memory_) {
      if (number == memory_.size()) memory_.push_back(std::make_unique<char[]>(block_size));
      std::memcpy(memory_[number].get(), block, block_size);
    } else if (const Result<std::size_t> written = write(number, block); !written) {
      return Failure{
          fmt::format("what does not fit into memory cannot be put aside in `{}`: {}; say with TMPDIR which "
                      "folder has room for it",
                      folder_, written.error())};
    }
    free_.empty() ? void(++count_) : free_.pop_back();
    return number;
  }

  Result<std::size_t> read(std::uint32_t number, std::size_t from, char* into, std::size_t size) const {
    if (number >= most_in_memory_) return file_->read(place_of(number) + from, into, size);
    const std::lock_guard lock(mutex_);
    std::memcpy(into, memory_[number].get() + from, size);
    return size;
  }

  void release(const std::vector<std::uint32_t>& numbers) {
    const std::lock_guard lock(mutex_);
    // Those in memory, and at the beginning of the file, are the next.
    free_.insert(free_.end(), numbers.rbegin(), numbers.rend());
  }

 private:
  std::size_t place_of(std::uint32_t number) const { return (number - most_in_memory_) * block_size; }

  Result<std::size_t> write(std::uint32_t number, const char* block) {
    if (!file_) {
      std::string path = folder_ + "/plumb.XXXXXX";
      const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
      if (descriptor < 0) return Failure{std::strerror(errno)};
      ::unlink(path.c_str());
      file_.emplace(descriptor);
    }
    return file_->write(place_of(number), block, block_size);
  }

  const std::string folder_;
  const std::size_t most_in_memory_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<char[]>> memory_;
  std::optional<File> file_;
  std::uint32_t count_ = 0;
  std::vector<std::uint32_t> free_;
};

Scratch::Scratch(std::string folder, std::size_t in_memory)
    : blocks_(std::make_shared<Blocks>(std::move(folder), in_memory)) {}

/// The blocks of one text, and what is behind the last of them.
class AsideBlocks : public Bytes::Held {
 public:
  explicit AsideBlocks(std::shared_ptr<Scratch::Blocks> all) : all_(std::move(all)) {}
  ~AsideBlocks() override { all_->release(numbers_); }

  Result<std::size_t> read(std::size_t at, char* into, std::size_t size) const override {
    for (std::size_t done = 0; done < size;) {
      const std::size_t block = (at + done) / Scratch::block_size, from = (at + done) % Scratch::block_size;
      const std::size_t part = std::min(size - done, Scratch::block_size - from);
      if (block < numbers_.size()) {
        const Result<std::size_t> read = all_->read(numbers_[block], from, into + done, part);
        if (!read) return read;
      } else {
        last_.copy(into + done, part, from);
      }
      done += part;
    }
    return size;
  }

  Result<std::uint32_t> store(const char* block) {
    Result<std::uint32_t> number = all_->store(block);
    if (number) numbers_.push_back(*number);
    return number;
  }
  void end_with(std::string last) { last_ = std::move(last); }

 private:
  std::shared_ptr<Scratch::Blocks> all_;
  std::vector<std::uint32_t> numbers_;
  std::string last_;
};

Aside::Aside(const Scratch& scratch) : kept_(std::make_shared<AsideBlocks>(scratch.blocks_)) {}
Aside::Aside(Aside&&) noexcept = default;
Aside& Aside::operator=(Aside&&) noexcept = default;
Aside::~Aside() = default;

void Aside::append(std::string_view text) {
  size_ += text.size();
  while (!text.empty() && wrong_.empty()) {
    if (last_.empty() && text.size() >= Scratch::block_size) {
      store(text.data());
      text.remove_prefix(Scratch::block_size);
      continue;
    }
    const std::size_t part = std::min(text.size(), Scratch::block_size - last_.size());
    last_.append(text.substr(0, part));
    text.remove_prefix(part);
    if (last_.size() < Scratch::block_size) continue;
    store(last_.data());
    last_.clear();
  }
}

void Aside::store(const char* block) {
  if (const auto stored = kept_->store(block); !stored) wrong_ = stored.error();
}

Result<Bytes> Aside::finish() {
  if (!wrong_.empty()) return Failure{wrong_};
  kept_->end_with(std::move(last_));
  return Bytes(std::move(kept_), size_);
}

}  // namespace plumb::sources
