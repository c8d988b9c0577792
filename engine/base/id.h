#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace plumb {

/// The index of a T in its Store. Missing: `none()`, which no store holds.
template <class T>
struct Id {
  std::uint32_t value = UINT32_MAX;

  constexpr Id() = default;
  constexpr explicit Id(std::size_t v) : value(static_cast<std::uint32_t>(v)) {}
  static constexpr Id none() { return Id(); }
  constexpr explicit operator bool() const { return value != UINT32_MAX; }
  constexpr std::size_t index() const { return value; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

/// Owns every T of one kind; an Id is handed out once and stays good. Rows are in the order of `add`.
template <class T>
class Store {
 public:
  Id<T> add(T item) {
    PLUMB_ASSERT(items_.size() < UINT32_MAX, "a store holds fewer items than there are ids");
    items_.push_back(std::move(item));
    return Id<T>(items_.size() - 1);
  }
  T& operator[](Id<T> id) {
    PLUMB_ASSERT(id.index() < items_.size(), "an id is used with the store that gave it out");
    return items_[id.index()];
  }
  const T& operator[](Id<T> id) const { return const_cast<Store&>(*this)[id]; }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<T> items_;
};

}  // namespace plumb

template <class T>
struct std::hash<plumb::Id<T>> {
  std::size_t operator()(plumb::Id<T> id) const noexcept { return id.value; }
};
