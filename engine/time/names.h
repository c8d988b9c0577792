#pragma once

#include <array>
#include <cstddef>
#include <string_view>

/// What weekdays and months are called.
namespace plumb::time {

/// `weekday`: 1 is Monday, 7 Sunday.
constexpr std::string_view weekday_name(int weekday) {
  constexpr std::array<std::string_view, 7> names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                  "Friday", "Saturday", "Sunday"};
  return names[static_cast<std::size_t>(weekday - 1)];
}

/// As the language writes it.
constexpr std::string_view weekday_word(int weekday) {
  constexpr std::array<std::string_view, 7> words{"monday", "tuesday",  "wednesday", "thursday",
                                                  "friday", "saturday", "sunday"};
  return words[static_cast<std::size_t>(weekday - 1)];
}

/// `month`: 1 is January.
constexpr std::string_view month_name(int month) {
  constexpr std::array<std::string_view, 12> names{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
  return names[static_cast<std::size_t>(month - 1)];
}

/// The first three letters.
constexpr std::string_view short_name(std::string_view name) { return name.substr(0, 3); }

}  // namespace plumb::time
