#pragma once

#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "unit/eval/evaluating.h"

namespace plumb::eval::testing {

/// Rules of every shape over the fields that `load` writes.
inline const char* const every_shape = R"(
calendar office {
  zone "America/New_York"
  work monday to friday 09:00 to 17:00
  holiday 2026-03-17 "A holiday"
}
fields account { industry text }
fields deal of account { size one of big, small  next_step text }
fields person { role one of seller, manager  team text }
activity meeting {}
activity call { channel one of phone, mail }
record report {}
event by_phone is call where channel is phone
event second is 2nd meeting on another day
event first_call is 1st by_phone for each account
process sales {
  for deals where size is known
  stage talk { at most 4 days }
  stage offer { to enter next_step is known   while in call has happened in 40 hours }
  stage won { won }
  stage lost { lost }
  path talk -> offer -> won
  back offer -> talk at most 1 time when next_step is known
  from any open stage -> lost
}
must r_event { for each deal in offer  after meeting  expect call  within 1 business day }
must r_each { for each deal  after meeting  expect by_phone  within 20 hours  each its own }
must r_field { for each deal  after call  expect next_step is known  within 9 working hours }
must r_always { for each deal  after any of (won, lost)  expect meeting  within 2 days  even when closed }
must r_second { for each deal  after second  expect size is big and next_step is known  within 1 day }
must r_account { for each deal  after first_call  expect meeting  within 1 day }
must p_before { for each deal where size is big  before meeting  expect call has happened since enters talk }
must p_ahead { for each deal  before enters offer  expect next_step is known  at least 1 business day ahead }
must c_at { for each deal  at next_step changed  expect in talk or time since meeting is at most 30 hours }
must i_lapse { for each deal  while in talk  expect next_step is known  lapse at most 1 day at a time }
must i_today { for each deal  while open  expect time since meeting is at most 3 days }
must l_life { for each deal  throughout  expect count of by_phone is at most 2 }
must q_floor { for each person where role is seller  every week  expect count of call is at least 2 }
must q_ceiling { for each person  every week  expect count of by_phone by actor is at most 1 }
must q_share { for each person  every month  expect share of call where channel is phone is at least 50% }
must q_point { for each person  every week by monday 12:00 of the week after  expect report has happened }
must q_average { for each person  every week  expect count of meeting is at least 1  averaged over 2 weeks }
must q_team { for each team  every week  expect count of meeting is at least 2 }
must q_company { for the company  every week  expect count of won is at least 1 }
must q_deal { for each deal  every week  expect call has happened }
)";

/// Small histories full of ties: a month in which little happens at many times. Equal seeds give equal histories.
class RandomHistory {
 public:
  struct Options {
    bool doubts = true;  // undated and date-only rows, unreadable cells, late recording
    bool late = false;   // late recording without the other doubts
  };
  RandomHistory(std::uint32_t seed, Options options) : random_(seed), options_(options) {}

  Rows rows() {
    Rows rows;
    for (int deal = 1; deal <= 4; ++deal) {
      rows.deals.push_back(fmt::format("D{},{},{},{},{},{}", deal, at(0, 5), one_of({"ana", "ben", "ana", ""}),
                                       one_of({"A", "B", ""}), one_of({"big", "small", "small", ""}),
                                       one_of({"call", "", ""})));
      const int events = below(14);
      for (int i = 0; i < events; ++i) rows.events.push_back(event(deal));
    }
    rows.people = {
        "ana,2026-01-01,2026-01-01,,seller,north,max",
        fmt::format("ana,2026-03-{:02},,,{},south,", 2 + below(25), one_of({"seller", "manager"})),
        fmt::format("ben,2026-01-01,2026-03-{:02},2026-03-{:02},seller,north,max", 1 + below(9), 15 + below(14)),
        "max,2026-01-01,2026-01-01,,manager,south,"};
    for (int i = 0; i < 4; ++i) {
      rows.records.push_back(fmt::format("{},report,{}", one_of({"ana", "ben"}), at(0, 30)));
    }
    return rows;
  }

  /// On a grid of three hours, so that things coincide. Days of March 2026, [from, until).
  std::string at(int from, int until) {
    const int hours = 24 * from + 3 * below(8 * (until - from));
    return fmt::format("2026-03-{:02}T{:02}:00:00Z", 1 + hours / 24, hours % 24);
  }
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint32_t>(n)); }

 private:
  std::string one_of(const std::vector<std::string>& words) {
    return words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
  }

  std::string event(int deal) {
    std::string when = at(0, 30), recorded;
    if (options_.doubts && below(20) == 0) when.clear();
    if (options_.doubts && !when.empty() && below(12) == 0) when = when.substr(0, 10);
    if ((options_.doubts || options_.late) && below(6) == 0) recorded = at(0, 30);
    const std::string head = fmt::format("D{},{},{}", deal, when, recorded);
    switch (below(10)) {
      case 0:
      case 1: return fmt::format("{},activity,meeting,,,{},", head, one_of({"ana", "ben", ""}));
      case 2:
      case 3:
      case 4:
        return fmt::format("{},activity,call,,,{},{}", head, one_of({"ana", "ben"}),
                           one_of({"phone", "phone", "mail", options_.doubts ? "pigeon" : "mail"}));
      case 5: return fmt::format("{},change,next_step,,{},,", head, one_of({"call", "write", ""}));
      case 6: return fmt::format("{},change,owner,,{},,", head, one_of({"ana", "ben"}));
      case 7: return fmt::format("{},change,size,,{},,", head, one_of({"big", "small"}));
      default: return fmt::format("{},move,,,{},,", head, one_of({"talk", "offer", "offer", "won", "lost"}));
    }
  }

  std::mt19937 random_;
  Options options_;
};

inline Instant day(int day) { return {(std::int64_t{20513} + day - 1) * 24 * time::micros_per_hour}; }  // of March 2026

}  // namespace plumb::eval::testing
