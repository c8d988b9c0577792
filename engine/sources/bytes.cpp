#include "sources/bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "history/load_file.h"
#include "sources/file.h"

namespace plumb::sources {

namespace {

class InMemory : public Bytes::Held {
 public:
  explicit InMemory(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::size_t at, char* into, std::size_t size) const override {
    return text_.copy(into, size, at);
  }

 private:
  std::string text_;
};

class OnDisk : public Bytes::Held {
 public:
  OnDisk(File file, std::size_t size, std::shared_ptr<BytesRead> read)
      : file_(std::move(file)), before_(history::loading::state_of(file_.number())), read_(std::move(read)) {
    before_.size = size;  // as whoever opens it knows it
  }
  Result<std::size_t> read(std::size_t at, char* into, std::size_t size) const override {
    if (read_) *read_ += size;
    return file_.read(at, into, size);
  }
  std::string changed() const override { return history::loading::how_changed(before_, file_.number()); }

 private:
  File file_;
  history::loading::FileState before_;
  std::shared_ptr<BytesRead> read_;
};

}  // namespace

Bytes::Bytes(std::string text) : size_(text.size()) { held_ = std::make_shared<InMemory>(std::move(text)); }

Result<Bytes> Bytes::of_file(const std::string& path, std::size_t size, std::shared_ptr<BytesRead> read) {
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == EMFILE)
    return Failure{"a program may have no more files open: put some of these together, or allow more (`ulimit -n`)"};
  if (!file.is_open()) return Failure{std::strerror(errno)};
  return Bytes(std::make_shared<OnDisk>(std::move(file), size, std::move(read)), size);
}

Result<std::size_t> Bytes::read(std::size_t at, char* into, std::size_t room) const {
  const std::size_t size = at < size_ ? std::min(room, size_ - at) : 0;
  if (size == 0) return size;
  Result<std::size_t> read = held_->read(begin_ + at, into, size);
  const std::lock_guard lock(held_->mutex_);
  if (!read && held_->wrong_.empty()) held_->wrong_ = read.error();
  return read;
}

std::string Bytes::wrong() const {
  const std::lock_guard lock(held_->mutex_);
  if (held_->wrong_.empty()) held_->wrong_ = held_->changed();
  return held_->wrong_;
}

std::string Bytes::beginning(std::size_t most) const {
  std::string text(std::min(most, size_), '\0');
  const Result<std::size_t> size = read(0, text.data(), text.size());
  text.resize(size ? *size : 0);
  return text;
}

Bytes Bytes::from(std::size_t begin) const {
  Bytes rest = *this;
  rest.begin_ += begin, rest.size_ -= begin;
  return rest;
}

history::TextReader Bytes::reader() const {
  return [bytes = *this, at = std::size_t{0}](char* into, std::size_t room) mutable {
    const Result<std::size_t> size = bytes.read(at, into, room);
    at += size ? *size : 0;
    return size ? *size : 0;
  };
}

}  // namespace plumb::sources
