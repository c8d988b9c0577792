#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "history/array.h"

namespace plumb::history {

/// Every distinct text once, fewer than 2^31. An id is an index, 0 is the empty text. Ids depend on the order of
/// reading: never print, sort or hash by them. Cost: about 20 ns to add or find, no allocation per text.
class Dictionary {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  /// The texts one behind the other, where each ends, and a hash table of their ids: what a snapshot keeps.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t id = none;  // `none`: free
  };
  struct Parts {
    Array<char> bytes;
    Array<std::uint64_t> ends;
    Array<Slot> slots;  // a power of two of them, at most half of them taken
  };

  Dictionary();
  /// Parts that belonged to one.
  explicit Dictionary(Parts parts) : parts_(std::move(parts)) {}
  std::uint32_t add(std::string_view text);
  /// Missing: `none` for a text that was never added.
  std::uint32_t find(std::string_view text) const;
  /// Good until the next text is added.
  std::string_view operator[](std::uint32_t id) const {
    const std::uint64_t from = id == 0 ? 0 : parts_.ends[id - 1];
    return {parts_.bytes.data() + from, static_cast<std::size_t>(parts_.ends[id] - from)};
  }
  std::size_t size() const { return parts_.ends.size(); }
  const Parts& parts() const { return parts_; }

 private:
  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void widen();

  Parts parts_;
};

}  // namespace plumb::history
