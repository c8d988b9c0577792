#pragma once

#include <cstdint>
#include <vector>

#include "history/history.h"

namespace plumb::eval {

/// What a few words of the dictionary stand for: persons, stages. Rows: one for each word from the first of them to the
/// last.
class WordTable {
 public:
  static constexpr std::uint32_t nothing = UINT32_MAX;

  /// A word that the history does not have stands for nothing.
  void set(std::uint32_t word, std::uint32_t meaning) {
    if (word == history::Dictionary::none) return;
    if (meanings_.empty()) first_ = word;
    if (word < first_) meanings_.insert(meanings_.begin(), first_ - word, nothing), first_ = word;
    if (word - first_ >= meanings_.size()) meanings_.resize(word - first_ + std::size_t{1}, nothing);
    meanings_[word - first_] = meaning;
  }

  /// Missing: `nothing`, also for what is no value.
  std::uint32_t operator[](std::int64_t word) const {
    const auto row = static_cast<std::uint64_t>(word) - first_;
    return row < meanings_.size() ? meanings_[row] : nothing;
  }

 private:
  std::uint32_t first_ = 0;
  std::vector<std::uint32_t> meanings_;
};

}  // namespace plumb::eval
