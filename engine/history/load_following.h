#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "history/array.h"

namespace plumb::history::loading {

/// Numbers of rows, most of which are one more than that of the row before: only where one is not it takes room, until
/// there are so many of these that all are better written down.
class Following {
 public:
  std::uint32_t size() const { return size_; }
  std::uint32_t operator[](std::size_t row) const {
    if (!all_.empty()) return all_[row];
    if (leaps_.size() == 1) return leaps_.front().value_of(row);
    const auto behind = std::upper_bound(leaps_.begin(), leaps_.end(), row,
                                         [](std::size_t wanted, const Leap& leap) { return wanted < leap.row; });
    return std::prev(behind)->value_of(row);
  }
  void push_back(std::uint32_t value) {
    if (!all_.empty()) {
      all_.push_back(value);
    } else if (leaps_.empty() || value != leaps_.back().value_of(size_)) {
      leap(value);
    }
    ++size_;
  }
  /// The numbers of other rows, each of them `more` higher.
  void append(const Following& others, std::uint32_t more) {
    if (!all_.empty() || !others.all_.empty() || too_many(leaps_.size() + others.leaps_.size())) {
      for (std::uint32_t row = 0; row < others.size_; ++row) push_back(others[row] + more);
      return;
    }
    for (const Leap& other : others.leaps_) {
      const Leap moved{size_ + other.row, other.value + more};
      if (leaps_.empty() || moved.value != leaps_.back().value_of(moved.row)) leaps_.push_back(moved);
    }
    size_ += others.size_;
  }
  void clear() { leaps_.clear(), all_.clear(), size_ = 0; }

 private:
  struct Leap {
    std::uint32_t row, value;
    std::uint32_t value_of(std::size_t other) const { return value + (static_cast<std::uint32_t>(other) - row); }
  };
  bool too_many(std::size_t leaps) const { return leaps >= 256 && leaps >= size_ / 4; }

  void leap(std::uint32_t value) {
    leaps_.push_back({size_, value});
    if (!too_many(leaps_.size())) return;
    all_.reserve(2 * std::size_t{size_});
    for (std::size_t i = 0; i < leaps_.size(); ++i) {
      const std::uint32_t end = i + 1 < leaps_.size() ? leaps_[i + 1].row : size_;
      for (std::uint32_t row = leaps_[i].row; row < end; ++row) all_.push_back(leaps_[i].value_of(row));
    }
    all_.push_back(value);
    leaps_ = {};
  }

  std::vector<Leap> leaps_;
  Array<std::uint32_t> all_;
  std::uint32_t size_ = 0;
};

}  // namespace plumb::history::loading
