#pragma once

#include "eval/verdict.h"

namespace plumb::eval {

/// Whom something that lasts is asked of: a person, a team or the company. Missing: all `nobody`, the deal at hand.
struct Who {
  std::uint32_t subject = nobody;  // as verdicts number it
  std::uint32_t person = nobody;
  std::uint32_t team = nobody;  // a dictionary word

  bool any() const { return subject != nobody; }
  friend bool operator==(const Who&, const Who&) = default;
};

}  // namespace plumb::eval
