#include "sources/bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace plumb::sources {

struct Bytes::Mapped {
  void* at = nullptr;
  std::size_t size = 0;
  Mapped(void* begin, std::size_t bytes) : at(begin), size(bytes) {}
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() { ::munmap(at, size); }
};

Result<Bytes> Bytes::of_file(const std::string& path, std::size_t size) {
  Bytes bytes;
  if (size == 0) return bytes;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failure{std::strerror(errno)};
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  const int error = errno;
  ::close(file);
  if (at == MAP_FAILED) return Failure{std::strerror(error)};
  bytes.mapped_ = std::make_shared<const Mapped>(at, size);
  bytes.text_ = {static_cast<const char*>(at), size};
  return bytes;
}

Bytes Bytes::from(std::size_t begin) const {
  Bytes rest = *this;
  rest.text_.remove_prefix(begin);
  return rest;
}

void Bytes::let_go() const {
  if (mapped_) ::madvise(mapped_->at, mapped_->size, MADV_DONTNEED);
}

history::TextReader Bytes::reader() const {
  constexpr std::size_t let_go_after = std::size_t{16} << 20U;
  return [bytes = *this, at = std::size_t{0}, behind = std::size_t{0}](char* into, std::size_t room) mutable {
    const std::size_t size = std::min(room, bytes.size() - at);
    if (size > 0) std::memcpy(into, bytes.view().data() + at, size);
    at += size, behind += size;
    if (behind >= let_go_after || at == bytes.size()) bytes.let_go(), behind = 0;
    return size;
  };
}

}  // namespace plumb::sources
