#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "history/array.h"

namespace plumb::history::loading {

/// Numbers most of which are `step` more than the one before: only where one is not it takes room, until there are so
/// many of these that all are better written down. Cost: to find one, O(log n) of the rows where it is not.
template <class T, T step>
class Stepping {
 public:
  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T operator[](std::size_t row) const {
    if (!all_.empty()) return all_[row];
    return leap_at(row)->value_of(row);
  }
  void push_back(T value) { push_back(value, 1); }
  /// So many numbers, of which each is `step` more than the one before.
  void push_back(T value, std::uint32_t count) {
    if (all_.empty() && (leaps_.empty() || value != leaps_.back().value_of(size_))) leap(value);
    if (!all_.empty()) write_down(value, count);
    size_ += count;
  }
  /// The numbers of other rows, each of them `more` higher.
  void append(const Stepping& others, T more) {
    if (!all_.empty() && !others.all_.empty()) {
      std::transform(others.all_.begin(), others.all_.end(), all_.extend(others.size_),
                     [&](T other) { return static_cast<T>(other + more); });
      size_ += others.size_;
      return;
    }
    others.for_each_run(0, others.size_, [&](std::uint32_t, T value, std::uint32_t count) {
      push_back(static_cast<T>(value + more), count);
    });
  }
  /// Calls `use(row, value, count)` for rows [begin, end) in their order: `count` of them step on from there.
  template <class Use>
  void for_each_run(std::uint32_t begin, std::uint32_t end, const Use& use) const {
    if (begin == end) return;
    for (std::uint32_t row = begin; !all_.empty() && row < end; ++row) use(row, all_[row], 1U);
    if (!all_.empty()) return;
    for (auto leap = leap_at(begin); begin < end; ++leap) {
      const auto next = std::next(leap);
      const std::uint32_t until = next == leaps_.end() ? end : std::min(end, next->row);
      use(begin, leap->value_of(begin), until - begin);
      begin = until;
    }
  }
  /// Room for so many numbers, where each is written down here or in `like`.
  void reserve(std::size_t size, const Stepping& like) {
    if (!all_.empty() || !like.all_.empty()) all_.reserve(size);
  }
  void clear() { leaps_.clear(), all_.clear(), size_ = 0; }

 private:
  struct Leap {
    std::uint32_t row;
    T value;
    T value_of(std::size_t other) const {
      return static_cast<T>(value + step * static_cast<T>(static_cast<std::uint32_t>(other) - row));
    }
  };

  auto leap_at(std::size_t row) const {
    if (leaps_.size() == 1) return leaps_.begin();
    return std::prev(std::upper_bound(leaps_.begin(), leaps_.end(), row,
                                      [](std::size_t wanted, const Leap& leap) { return wanted < leap.row; }));
  }
  void leap(T value) {
    leaps_.push_back({size_, value});
    if (leaps_.size() < std::max<std::size_t>(1024, size_ / 1024)) return;
    all_.reserve(2 * std::size_t{size_});
    for (std::size_t i = 0; i + 1 < leaps_.size(); ++i) write_down(leaps_[i].value, leaps_[i + 1].row - leaps_[i].row);
    leaps_ = {};
  }
  void write_down(T value, std::uint32_t count) {
    T* const out = all_.extend(count);
    for (std::uint32_t i = 0; i < count; ++i) out[i] = static_cast<T>(value + step * static_cast<T>(i));
  }

  std::vector<Leap> leaps_;
  Array<T> all_;
  std::uint32_t size_ = 0;
};

/// Numbers of rows, most of which are one more than that of the row before.
using Following = Stepping<std::uint32_t, 1>;
/// What is mostly said of many rows in turn.
template <class T>
using Unchanging = Stepping<T, 0>;

}  // namespace plumb::history::loading
