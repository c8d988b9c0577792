#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "history/load.h"

namespace plumb::sources {

/// A text that is held in memory, or a file that is mapped into it, whose bytes the system reads as they are looked at.
/// Copies share it.
class Bytes {
 public:
  Bytes(std::string text = {})  // NOLINT: a text is bytes
      : held_(std::make_shared<const std::string>(std::move(text))), text_(*held_) {}
  Bytes(const char* text) : Bytes(std::string(text)) {}  // NOLINT
  /// Errors: what the system says.
  static Result<Bytes> of_file(const std::string& path, std::size_t size);

  std::string_view view() const { return text_; }
  std::size_t size() const { return text_.size(); }
  /// Without so many bytes at the beginning.
  Bytes from(std::size_t begin) const;
  /// What was looked at of a file takes no memory any more until it is looked at again.
  void let_go() const;
  /// Reads it from its beginning, and keeps little of a file in memory.
  history::TextReader reader() const;

 private:
  struct Mapped;
  std::shared_ptr<const std::string> held_;
  std::shared_ptr<const Mapped> mapped_;
  std::string_view text_;
};

}  // namespace plumb::sources
