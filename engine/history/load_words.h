#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "history/dictionary.h"

namespace plumb::history::loading {

/// The words of what is loaded. A part of a file has its own on top of those that were known before the file; their ids
/// follow on from those.
class Words {
 public:
  Words() = default;
  /// `known` outlives it and does not change meanwhile.
  explicit Words(const Dictionary& known)
      : known_(&known), begin_(static_cast<std::uint32_t>(known.size()) - 1) {}  // the empty text is known

  std::uint32_t add(std::string_view text) {
    if (known_ != nullptr) {
      if (const std::uint32_t id = known_->find(text); id != Dictionary::none) return id;
    }
    return begin_ + own_.add(text);
  }
  /// The same, where the text is likely to be the word `guess`, as the next of a list is. Cost: far less when it is.
  std::uint32_t add(std::string_view text, std::uint32_t guess) {
    return guess < size() && (*this)[guess] == text ? guess : add(text);
  }
  /// Missing: Dictionary::none. Only of what has no other words below.
  std::uint32_t find(std::string_view text) const { return own_.find(text); }
  std::string_view operator[](std::uint32_t id) const {
    return id <= begin_ && known_ != nullptr ? (*known_)[id] : own_[id - begin_];
  }
  std::size_t size() const { return begin_ + own_.size(); }
  const Dictionary& known() const { return own_; }
  Dictionary take() { return std::move(own_); }

 private:
  const Dictionary* known_ = nullptr;
  std::uint32_t begin_ = 0;
  Dictionary own_;
};

}  // namespace plumb::history::loading
