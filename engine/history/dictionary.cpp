#include "history/dictionary.h"

#include <cstring>

#include "base/assert.h"

namespace plumb::history {

namespace {

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Eight bytes at a time, multiplied and folded (the idea of wyhash). The last byte is only added: ids that follow one
// another stand beside each other in the table, ten of them in a line of the cache or two. A snapshot holds these:
// changing the function changes its version.
std::uint32_t hash_of(std::string_view text) {
  const std::uint32_t last = text.empty() ? 0 : static_cast<unsigned char>(text.back());
  if (!text.empty()) text.remove_suffix(1);
  constexpr std::uint64_t first = 0xA0761D6478BD642FU, second = 0xE7037ED1A0B428DBU;
  std::uint64_t hash = mixed(text.size() ^ first, second);
  const auto take = [&](std::size_t at, std::size_t bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, bytes);
    hash = mixed(hash ^ word, second);
  };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) take(at, 8);
  if (at < text.size()) take(at, text.size() - at);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32U)) + last;
}

}  // namespace

Dictionary::Dictionary() {
  parts_.slots.resize(16);
  add({});
}

// Where the text stands, or would. Neighbours are tried until one is free; half of them are.
std::size_t Dictionary::slot_of(std::string_view text, std::uint32_t hash) const {
  const Array<Slot>& slots = parts_.slots;
  const std::size_t mask = slots.size() - 1;
  std::size_t at = hash & mask;
  while (slots[at].id != none && (slots[at].hash != hash || (*this)[slots[at].id] != text)) at = (at + 1) & mask;
  return at;
}

void Dictionary::widen() {
  Array<Slot> slots(parts_.slots.size() * 2);
  const std::size_t mask = slots.size() - 1;
  for (const Slot& slot : std::as_const(parts_.slots)) {
    if (slot.id == none) continue;
    std::size_t at = slot.hash & mask;
    while (slots[at].id != none) at = (at + 1) & mask;
    slots[at] = slot;
  }
  parts_.slots = std::move(slots);
}

std::uint32_t Dictionary::add(std::string_view text) {
  const std::uint32_t hash = hash_of(text);
  std::size_t slot = slot_of(text, hash);
  if (const std::uint32_t id = std::as_const(parts_.slots)[slot].id; id != none) return id;
  PLUMB_ASSERT(size() < INT32_MAX, "a dictionary holds fewer than 2^31 texts");
  if (2 * (size() + 1) > parts_.slots.size()) {
    widen();
    slot = slot_of(text, hash);
  }
  const auto id = static_cast<std::uint32_t>(size());
  parts_.bytes.append(text.data(), text.size());
  parts_.ends.push_back(parts_.bytes.size());
  parts_.slots[slot] = {hash, id};
  return id;
}

std::uint32_t Dictionary::find(std::string_view text) const {
  // One that was moved away knows nothing.
  return parts_.slots.empty() ? none : parts_.slots[slot_of(text, hash_of(text))].id;
}

}  // namespace plumb::history
