#include "property/told.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::property {

std::string to_text(const Told& told) {
  return fmt::format("{} {} (owed by {}): {}{}; opened {}, deadline {}, settled {}, period {}", told.rule, told.subject,
                     told.owed_by.empty() ? "nobody" : told.owed_by, told.verdict,
                     told.why.empty() ? std::string() : " (" + told.why + ")", time::to_text_utc({told.opened}),
                     time::to_text_utc({told.deadline}), time::to_text_utc({told.settled}),
                     time::to_text_utc({told.period}));
}

std::string to_text(const std::vector<Told>& all) {
  std::string text;
  for (const Told& told : all) text += to_text(told) + "\n";
  return text;
}

std::string difference(const std::vector<Told>& a, const std::vector<Told>& b, const char* of_a, const char* of_b) {
  std::vector<Told> only_a, only_b;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only_a));
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(only_b));
  std::string text;
  const auto add = [&](const std::vector<Told>& all, const char* of) {
    for (std::size_t i = 0; i < all.size() && i < 8; ++i) text += fmt::format("{}: {}\n", of, to_text(all[i]));
    if (all.size() > 8) text += fmt::format("{}: and {} more\n", of, all.size() - 8);
  };
  add(only_a, of_a);
  add(only_b, of_b);
  return text;
}

}  // namespace plumb::property
