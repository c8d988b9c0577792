#pragma once

#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "eval/run.h"
#include "history/load.h"
#include "model/model.h"

namespace plumb::explain::testing {

/// What `every_shape` of the evaluation's tests leaves out: holds, waivers, responses, targets, amounts, calculations,
/// sources, tails, ordinals, what is followed by something, and numbers that leave lowers.
inline const char* const every_clause = R"(
calendar office {
  zone "America/New_York"
  work monday to friday 09:00 to 17:00
  holiday 2026-03-17 "A holiday"
}
fields account { industry text }
fields deal of account {
  amount money   budget money   close_date date   next_on date   size one of big, small   next_step text   seats count
}
fields person { role one of seller, manager  team text }
activity call { channel one of phone, mail  minutes count }
activity meeting { status one of planned, held  goal text }
record report { deals_seen count }
record cause { what note }
event held is meeting where status is held
event by_phone is call where channel is phone
event second_held is 2nd held on another day
event touch is any of (by_phone, held)
event big_won is won where size is big
event pushed is close_date moved to a later month
target silence { is 3 days  is 2 days from 2026-03-16 }
target calls_asked { is 2 from 2026-01-01  is 3 where role is manager from 2026-01-01 }
measure touches is count of held plus count of by_phone
measure phone_rate is count of by_phone divided by count of call
process sales {
  stage talk { at most 6 business days }
  stage parked { on hold   at most 10 days }
  stage offer { to enter amount is known   to move on second_held has happened }
  stage won { won }
  stage lost { lost   to enter next_step is known }
}
must h_days {
  for each deal
  after held
  expect next_step is known
  within 2 business days
  if missed "Agree it." by owner within 2 business days
  if missed "Say why." recorded as cause by manager within 5 business days
}
must h_hours { for each deal  after by_phone  expect held  within 20 working hours }
must a_sum { for each deal  after enters offer  expect sum minutes of call is at least 60  within 5 days }
must a_mean { for each deal  at enters offer  expect mean minutes of call is at least 15 }
must a_median { for each deal  before won  expect median minutes of call is at least 10 }
must a_most { for each deal  throughout  expect sum minutes of call is at most 60 }
must d_apart { for each deal  at close_date changed  expect close_date is at most 5 business days after next_on }
must d_differs { for each deal  before enters offer  expect amount differs from budget by at most 10 USD }
must d_amount { for each deal where size is big  at next_step changed  expect amount is at most budget }
must s_long { for each deal  before won  expect total time in talk is at least 3 days }
must s_short { for each deal  at enters offer  expect total time in talk is at most 4 days }
must t_target { for each deal  while open  expect time since touch is at most silence  lapse at most 1 day at a time }
must k_some {
  for each deal
  at enters offer
  expect at least 2 of (amount is known, seats is at least 3, next_step is known from buyer or better)
}
must k_since { for each deal  after held  expect next_step is known since held  within 3 days }
must k_last { for each deal  before won  expect count of by_phone over last 3 call is at least 2 }
must k_not { for each deal  before won  expect not (count of call is less than 2 or size is small) }
must k_goal { for each deal  before held  expect its goal is known }
must l_pushed { for each deal  throughout  expect count of pushed is at most 1 }
must q_target { for each person  every week  expect count of call is at least calls_asked }
must q_measure { for each person  every week  expect touches is at least 2 }
must q_rate { for each team  every month  expect phone_rate is at least 0.5 }
must q_won { for each person  every month  expect sum amount of won deals is at least 1,000 USD }
must q_big { for the company  every month  expect share of amount of created deals where size is big is at least 40% }
must q_big_won { for the company  every month  expect count of big_won is at least 2 }
must q_followed {
  for each person
  every month
  expect share of by_phone followed by held within 5 days is at least 50%
}
must q_open { for each person  every month  expect count of open deals is at least 2 }
must q_second { for each person  every month  expect count of second_held is at least 1 }
must q_given { for each person  every month  expect share of call where channel is phone is at least 60%  given at least 2 call }
must q_seen {
  for each person
  every week by monday 12:00 of the week after
  expect sum deals_seen of report is at least 3
}
must q_adjusted { for each person  every week  expect count of call is at least 3  adjusted for holidays, leave }
must q_span { for the company  every month  expect median days from created to won of won deals is at most 10 days }
must q_most { for each person  every week  expect count of call by actor is at most 2 }
)";

/// A month of four deals for `every_clause`. Equal seeds give equal histories.
class RandomDeals {
 public:
  explicit RandomDeals(std::uint32_t seed) : random_(seed) {}

  history::History load(const model::Rulebook& book) {
    const std::vector<history::TextFile> files{{"deals.csv", deals()},
                                               {"events.csv", events()},
                                               {"people.csv", people()},
                                               {"records.csv", records()},
                                               {"leave.csv", leave()}};
    history::LoadOptions options;
    options.default_zone = *time::Zone::find("America/New_York");
    auto loaded = history::load_texts(files, history::canonical_mapping(), eval::schema_of(book), options);
    if (!loaded) {
      ADD_FAILURE() << loaded.error();
      return {};
    }
    for (const history::Problem& problem : loaded->report.problems) {
      if (problem.refused) ADD_FAILURE() << problem.message;
    }
    return std::move(loaded->history);
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint32_t>(n)); }
  std::string of(std::initializer_list<const char*> words) {
    return *(words.begin() + below(static_cast<int>(words.size())));
  }
  std::string day(int from, int until) { return fmt::format("2026-03-{:02}", 1 + from + below(until - from)); }
  // On a grid of three hours, so that things coincide.
  std::string at(int from, int until) { return fmt::format("{}T{:02}:00:00Z", day(from, until), 3 * below(8)); }

  std::string deals() {
    std::string text = "deal,created,owner,account,amount,budget,close_date,next_on,size,next_step,seats\n";
    for (int deal = 1; deal <= 4; ++deal) {
      text += fmt::format("D{},{},{},{},{},{},{},{},{},{},{}\n", deal, at(0, 5), of({"ana", "ben", "ana", ""}),
                          of({"A", "B", ""}), of({"100 USD", "250 USD", "", ""}), of({"100 USD", "95 USD", ""}),
                          day(0, 30), of({"2026-03-20", "2026-04-02", ""}), of({"big", "small", ""}),
                          of({"call", "", ""}), of({"2", "4", ""}));
    }
    return text;
  }

  std::string event(int deal) {
    const std::string when = at(0, 30);
    const std::string head = fmt::format("D{},{},{}", deal, when, below(8) == 0 ? at(0, 30) : "");
    const std::string who = of({"ana", "ben", ""});
    const std::string source = of({"claim", "buyer", "", "system"});
    switch (below(12)) {
      case 0:
      case 1:
      case 2:
        return fmt::format("{},activity,call,,,{},{},{},{},,,", head, who, source, of({"phone", "phone", "mail"}),
                           of({"5", "10", "30", ""}));
      case 3:
      case 4:
        return fmt::format("{},activity,meeting,,,{},{},,,{},{},", head, who, source, of({"held", "held", "planned"}),
                           of({"agree", ""}));
      case 5: return fmt::format("{},change,next_step,,{},,{},,,,,", head, of({"call", "write", ""}), source);
      case 6: return fmt::format("{},change,owner,,{},,,,,,,", head, of({"ana", "ben"}));
      case 7: return fmt::format("{},change,close_date,,2026-0{}-{:02},,,,,,,", head, 3 + below(4), 1 + below(28));
      case 8: return fmt::format("{},change,amount,,{},,,,,,,", head, of({"90 USD", "300 USD", ""}));
      case 9:
        if (below(3) == 0) return fmt::format("{},record,waiver,,,max,,,,,,{}", head, of({"h_days", "k_goal", ""}));
        return fmt::format("{},record,cause,,,max,,,,,,h_days", head);
      default: return fmt::format("{},move,,,{},,,,,,,", head, of({"talk", "parked", "offer", "offer", "won", "lost"}));
    }
  }

  std::string events() {
    std::string text = "deal,at,recorded,kind,name,from,to,actor,source,channel,minutes,status,goal,rule\n";
    for (int deal = 1; deal <= 4; ++deal) {
      for (int i = below(16); i > 0; --i) text += event(deal) + "\n";
    }
    return text;
  }

  std::string people() {
    return "person,from,joined,left,role,team,manager\nana,2026-01-01,2026-01-01,,seller,north,max\n" +
           fmt::format("ana,{},,,{},south,\n", day(2, 27), of({"seller", "manager"})) +
           "ben,2026-01-01,2026-01-01,,seller,north,max\nmax,2026-01-01,2026-01-01,,manager,south,\n";
  }

  std::string records() {
    std::string text = "person,name,at,deals_seen\n";
    for (int i = 0; i < 4; ++i) text += fmt::format("{},report,{},{}\n", of({"ana", "ben"}), at(0, 30), below(4));
    return text;
  }

  std::string leave() { return fmt::format("person,from,to\nana,{},{}\n", day(2, 10), day(10, 20)); }

  std::mt19937 random_;
};

}  // namespace plumb::explain::testing
