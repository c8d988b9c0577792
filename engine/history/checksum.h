#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace plumb::history {

/// A checksum of bytes that come in pieces; where they are cut does not matter. A change of one word always shows, any
/// other change but once in 2^64. It guards against damage, not against somebody who means harm. Cost: about 0.1 ns a
/// byte.
class Checksum {
 public:
  void take(std::string_view bytes) {
    size_ += bytes.size();
    if (held_ > 0) {
      const std::size_t more = bytes.size() < stripe - held_ ? bytes.size() : stripe - held_;
      std::memcpy(rest_.data() + held_, bytes.data(), more);
      held_ += more;
      bytes.remove_prefix(more);
      if (held_ < stripe) return;
      mix(rest_.data());
      held_ = 0;
    }
    for (; bytes.size() >= stripe; bytes.remove_prefix(stripe)) mix(bytes.data());
    if (bytes.empty()) return;
    std::memcpy(rest_.data(), bytes.data(), bytes.size());
    held_ = bytes.size();
  }

  std::uint64_t value() const {
    Checksum whole = *this;
    std::memset(whole.rest_.data() + held_, 0, stripe - held_);
    whole.mix(whole.rest_.data());
    std::uint64_t sum = size_;
    for (const std::uint64_t lane : whole.lanes_) {
      sum = (sum ^ lane) * factor;
      sum ^= sum >> 32U;
    }
    return sum;
  }

 private:
  static constexpr std::size_t stripe = 32;
  static constexpr std::uint64_t factor = 0x9E3779B97F4A7C15U;  // odd, so that multiplying loses nothing

  void mix(const char* from) {
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), from, stripe);
    for (std::size_t i = 0; i < 4; ++i) lanes_[i] = std::rotl((lanes_[i] ^ words[i]) * factor, 29);
  }

  std::array<std::uint64_t, 4> lanes_{1, 2, 3, 4};
  std::array<char, stripe> rest_{};
  std::size_t held_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace plumb::history
