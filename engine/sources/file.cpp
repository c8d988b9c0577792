#include "sources/file.h"

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace plumb::sources {

namespace {

/// A read or a write goes on where the one before ended.
template <class Move>
Result<std::size_t> all_of(std::size_t size, const char* none, Move&& move) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t moved = move(done);
    if (moved < 0 && errno == EINTR) continue;
    if (moved < 0) return Failure{std::strerror(errno)};
    if (moved == 0) return Failure{none};
    done += static_cast<std::size_t>(moved);
  }
  return size;
}

}  // namespace

File::~File() {
  if (is_open()) ::close(descriptor_);
}

Result<std::size_t> File::read(std::size_t at, char* into, std::size_t size) const {
  return all_of(size, "it was made shorter while it was read", [&](std::size_t done) {
    return ::pread(descriptor_, into + done, size - done, static_cast<off_t>(at + done));
  });
}

Result<std::size_t> File::write(std::size_t at, const char* from, std::size_t size) const {
  return all_of(size, "nothing more can be written", [&](std::size_t done) {
    return ::pwrite(descriptor_, from + done, size - done, static_cast<off_t>(at + done));
  });
}

}  // namespace plumb::sources
