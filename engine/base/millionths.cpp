#include <cstdint>

#include <fmt/format.h>

#include "base/decimal.h"

namespace plumb {

std::string to_text(Millionths millionths) {
  __extension__ typedef unsigned __int128 Magnitude;
  const Magnitude magnitude =
      millionths < 0 ? 0 - static_cast<Magnitude>(millionths) : static_cast<Magnitude>(millionths);
  const Magnitude thousands = magnitude / Decimal::scale / 1'000;
  // What a decimal holds is spelt by it; what stands above, in groups of three digits.
  std::string text = to_text(Decimal{static_cast<std::int64_t>(magnitude - thousands * Decimal::scale * 1'000)});
  if (thousands > 0) {
    const std::size_t digits = text.find_first_of(".") == std::string::npos ? text.size() : text.find('.');
    text = std::string(3 - digits, '0') + text;
    std::string above = fmt::format("{}", thousands);
    for (std::size_t at = above.size(); at > 3; at -= 3) above.insert(at - 3, ",");
    text = above + "," + text;
  }
  return millionths < 0 ? "-" + text : text;
}

}  // namespace plumb
