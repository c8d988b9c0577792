#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "time/calendar.h"
#include "time/parse_time.h"

namespace plumb::time {

inline Zone zone(std::string_view name) {
  const auto found = Zone::find(name);
  EXPECT_TRUE(found) << name;
  return found ? *found : Zone::utc();
}

inline Day day(std::string_view text) {
  const auto reading = parse_reading(text, Zone::utc());
  EXPECT_TRUE(reading) << text;
  return reading ? reading->day : Day::unknown();
}

/// A local time of the calendar's zone, or any with an offset.
inline Instant at(const Calendar& calendar, std::string_view text) {
  const auto reading = parse_reading(text, calendar.zone());
  EXPECT_TRUE(reading) << text;
  return reading ? reading->at : Instant::unknown();
}

inline Instant utc(std::string_view text) {
  const auto reading = parse_reading(text, Zone::utc());
  EXPECT_TRUE(reading) << text;
  return reading ? reading->at : Instant::unknown();
}

inline std::vector<WorkHours> hours(int from, int until) { return {{from * 60, until * 60}}; }

/// Monday to Friday, 09:00 to 17:00.
inline CalendarSpec office(std::string zone_name) {
  CalendarSpec spec;
  spec.zone = std::move(zone_name);
  for (std::size_t weekday = 0; weekday < 5; ++weekday) spec.week[weekday] = hours(9, 17);
  return spec;
}

inline Calendar make(const CalendarSpec& spec) {
  auto calendar = Calendar::make(spec);
  EXPECT_TRUE(calendar) << spec.zone;
  return *calendar;
}

}  // namespace plumb::time
