#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace plumb::history::loading {

/// What short texts came to, as far as it is remembered: the cells of a column repeat one another. Cost: some 5 ns, no
/// allocation after the first.
class Remembered {
 public:
  static constexpr std::size_t longest = 32;

  const std::int64_t* find(std::string_view text) {
    if (entries_.empty() || text.size() > longest) return nullptr;
    const Key key = key_of(text);
    // The row before, most often, whose place is at hand; others may have to be fetched from far.
    if (entries_[last_].key == key) return &entries_[last_].value;
    const std::size_t slot = slot_of(key);
    if (entries_[slot].key != key) return nullptr;
    last_ = slot;
    return &entries_[slot].value;
  }
  /// May push out another.
  void keep(std::string_view text, std::int64_t value) {
    if (text.size() > longest) return;
    if (entries_.empty()) entries_.resize(slots);
    const Key key = key_of(text);
    last_ = slot_of(key);
    entries_[last_] = {key, value};
  }

 private:
  // All bytes of the text, some twice, and how many there are.
  struct Key {
    std::array<std::uint64_t, 4> words{};
    std::uint64_t size = 0;  // and one, so that no text is that of a free place
    friend bool operator==(const Key& a, const Key& b) {
      return ((a.words[0] ^ b.words[0]) | (a.words[1] ^ b.words[1]) | (a.words[2] ^ b.words[2]) |
              (a.words[3] ^ b.words[3]) | (a.size ^ b.size)) == 0;
    }
  };
  struct Entry {
    Key key;
    std::int64_t value = 0;
  };
  // A column of a few hundred people or accounts finds room.
  static constexpr std::size_t slots = 1024;

  static std::uint64_t load(const char* from, std::size_t bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, bytes);
    return word;
  }
  static std::uint64_t few(std::string_view text) {
    const std::size_t size = text.size();
    if (size >= 4) return load(text.data(), 4) | load(text.data() + size - 4, 4) << 32U;
    if (size == 0) return 0;
    return static_cast<unsigned char>(text.front()) |
           static_cast<std::uint64_t>(static_cast<unsigned char>(text[size / 2])) << 8U |
           static_cast<std::uint64_t>(static_cast<unsigned char>(text.back())) << 16U;
  }
  static Key key_of(std::string_view text) {
    const std::size_t size = text.size();
    Key key;
    key.size = size + 1;
    if (size < 8) {
      key.words[0] = few(text);
      return key;
    }
    key.words[0] = load(text.data(), 8);
    key.words[1] = load(text.data() + size - 8, 8);
    if (size > 16) key.words[2] = load(text.data() + 8, 8), key.words[3] = load(text.data() + size - 16, 8);
    return key;
  }
  static std::size_t slot_of(const Key& key) {
    const std::uint64_t mixed = (key.words[0] * 0x9E3779B97F4A7C15U) ^ (key.words[1] * 0xC2B2AE3D27D4EB4FU) ^
                                (key.words[2] * 0x165667B19E3779F9U) ^ key.size;
    return (mixed * 0x9E3779B97F4A7C15U) >> 54U;
  }

  std::vector<Entry> entries_;
  std::size_t last_ = 0;  // what was found or kept last
};

}  // namespace plumb::history::loading
