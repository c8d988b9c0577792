#include "bench/rulebook.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace plumb::bench {

namespace {

constexpr std::string_view vocabulary = R"(# Written by tests/bench/rulebook.cpp.
rulebook acme.all_lines {
  title "All lines of business"
  version 1.0.0
  effective from 2025-01-01
}

calendar office {
  zone "America/New_York"
  work monday to friday 09:00 to 17:30
  holiday 2025-07-04 "Independence Day"
  holiday 2025-11-27 "Thanksgiving"
  holiday 2025-12-25 "Christmas Day"
  fiscal year starts february
}

fields account { industry text   headcount number }

fields deal of account {
  amount         money
  discount       percent
  record_type    text
  segment        one of smb, mid_market, enterprise
  product_line   one of hardware, services, training
  close_date     date
  next_step_on   date
  budget         money
  authority      text
  need           text
  timing         date
  champion       text
  competitor     text
  lost_reason    one of price, product, timing, no_decision, competitor
}

fields person { role one of account_executive, manager }

activity call { channel one of phone, video   direction one of made, received }
activity email { direction one of sent, received }
activity meeting with buyer {
  goal           one of agree_problem, agree_criteria, agree_offer, agree_close
  status         one of planned, held, no_show, cancelled
  outcome        one of order, advance, continuation, no_sale
}

record report { first_meetings count   new_deals count }

event held_meeting is meeting where status is held
event touch is any of (call, email, held_meeting)
event first_meeting is 1st held_meeting for each account
event pushed is close_date moved to a later quarter
)";

constexpr std::array<std::string_view, 6> facts{"budget", "authority", "need", "timing", "champion", "competitor"};
constexpr std::array<std::string_view, 6> stages{"contacted", "qualified",  "analysed",
                                                 "offered",   "negotiated", "agreed"};
constexpr std::array<std::string_view, 3> lines_of_business{"hardware", "services", "training"};
constexpr std::array<std::string_view, 3> segments{"smb", "mid_market", "enterprise"};
constexpr std::array<std::string_view, 4> goals{"agree_problem", "agree_criteria", "agree_offer", "agree_close"};
constexpr std::array<std::string_view, 5> periods{"week", "month", "quarter", "month", "half year"};

/// One of several, a different one as `row` grows.
template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& words, std::size_t row) {
  return words[row % N];
}

std::string condition(std::size_t row) {
  const std::string_view fact = pick(facts, row);
  switch (row % 8) {
    case 0: return fmt::format("{} is known", fact);
    case 1: return fmt::format("amount is at least {},000 USD and {} is known", row + 1, fact);
    case 2: return fmt::format("segment is {} or {} is known", pick(segments, row / 8), fact);
    case 3: return "at least 3 of (budget is known, authority is known, need is known, timing is known)";
    case 4: return fmt::format("count of held_meeting is at least {} and close_date is known", row % 3 + 1);
    case 5:
      return fmt::format("product_line is one of {}, {}", lines_of_business[0], pick(lines_of_business, 1 + row % 2));
    case 6: return fmt::format("(amount is more than {},000 USD or segment is enterprise) and {} is known", row, fact);
    default: return fmt::format("close_date is after today and not {} is missing", fact);
  }
}

std::string process(std::size_t row) {
  std::string text =
      fmt::format("\nprocess line_{} \"Line {}\" {{\n  for deals where record_type is \"Line {}\"\n\n", row, row, row);
  std::string path = "  path ";
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const std::string name = fmt::format("{}_{}", stages[i], row);
    text +=
        fmt::format("  stage {} as \"{} in line {}\" {{\n    buyer \"Agrees to step {}\"\n", name, stages[i], row, i);
    text += fmt::format("    {} {}\n", i % 2 == 0 ? "to move on" : "to enter", condition(row * stages.size() + i));
    text += fmt::format("    at most {} business days\n", 10 + (row + i) % 20);
    if (i == 2) text += fmt::format("    may be skipped when amount is less than {},000 USD\n", 10 + row);
    text += "  }\n";
    path += name + " -> ";
  }
  text += fmt::format("  stage won_{} as \"Won in line {}\" {{ won }}\n", row, row);
  text +=
      fmt::format("  stage lost_{} as \"Lost in line {}\" {{ lost   to enter lost_reason is known }}\n\n", row, row);
  text += fmt::format("{}won_{}\n  back offered_{} -> analysed_{}\n", path, row, row, row);
  return text + fmt::format("  from any open stage -> lost_{}\n}}\n", row);
}

std::string events(std::size_t row) {
  const std::string_view goal = pick(goals, row);
  return fmt::format(
      "\n# What happens in line {0}.\n"
      "event review_{0} is held_meeting where goal is {1}\n"
      "event first_review_{0} is 1st review_{0} for each account\n"
      "event first_touch_{0} is 1st of (call where direction is made, email where direction is sent,\n"
      "  review_{0})\n"
      "event answer_{0} is any of (call where (direction is made and channel is {2}), review_{0}, enters offered_{0})\n"
      "\n"
      "measure share_{0} \"Share of {3}\" is share of amount of created deals where product_line is {3}\n"
      "measure reviews_{0} is count of review_{0} over last {4} quarters\n"
      "measure weight_{0} is sum amount of won deals where (segment is {5}) divided by {6}\n",
      row, goal, row % 2 == 0 ? "phone" : "video", pick(lines_of_business, row), row % 3 + 1, pick(segments, row),
      row + 2);
}

std::string rule(std::size_t row, std::size_t line) {
  const std::string_view strength = row % 3 == 0 ? "should" : row % 7 == 0 ? "trial" : "must";
  std::string text = fmt::format("\n{} rule_{}_{} \"Number {} of line {}\" {{\n", strength, line, row, row, line);
  switch (row % 8) {
    case 0:
      text += fmt::format("  right time\n  for each deal in qualified_{} or later\n  after review_{}\n", line, line);
      text += fmt::format("  expect next_step_on is known and next_step_on is after today\n  within {} business days\n",
                          row % 4 + 1);
      text += "  if missed \"Agree the date with the buyer.\" by owner within 2 business days\n";
      break;
    case 1:
      text += fmt::format("  right time\n  for each deal\n  while in qualified_{} or later\n", line);
      text += fmt::format("  expect {}\n  lapse at most {} business days at a time\n", condition(line * 8 + row),
                          row % 5 + 1);
      break;
    case 2:
      text += fmt::format("  right time\n  for each deal in offered_{}\n  throughout\n", line);
      text += fmt::format("  expect count of pushed is at most {}\n", row % 3 + 1);
      break;
    case 3:
      text += "  right time\n  for each person where role is account_executive\n";
      text += "  every week by monday 16:30 of the week after or the next business day\n  expect report has happened\n";
      break;
    case 4:
      text += fmt::format(
          "  right way\n  for each deal in contacted_{} or later\n  before review_{}\n  expect its goal is known\n",
          line, line);
      break;
    case 5:
      text += fmt::format("  right way\n  for each deal\n  at review_{}\n", line);
      text += fmt::format(
          "  expect count of (review_{} where outcome is continuation) over last 2 review_{} is at most 1\n", line,
          line);
      break;
    case 6:
      text += fmt::format("  right way\n  for each person where role is account_executive\n  every {}\n",
                          pick(periods, row + line));
      text += fmt::format("  expect share of first_touch_{} where channel is phone is at least {}%\n", line, 20 + row);
      text += fmt::format("  given at least 10 first_touch_{}\n", line);
      break;
    default:
      text += fmt::format("  right thing\n  for each person where role is account_executive\n  every {}\n",
                          pick(periods, row + line));
      text += fmt::format("  expect share_{} is at least {}%\n  given at least 5 created deals\n", line, 10 + row);
      break;
  }
  return text + fmt::format("  because \"Line {} has learned this the hard way, {} times.\"\n}}\n", line, row + 2);
}

}  // namespace

std::string make_rulebook(std::size_t lines) {
  constexpr std::size_t rules_per_line = 12;
  std::string text(vocabulary);
  for (std::size_t row = 0; static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) < lines; ++row) {
    text += process(row) + events(row);
    for (std::size_t i = 0; i < rules_per_line; ++i) text += rule(i + row, row);
  }
  return text;
}

std::string small_rulebook() {
  return R"(rulebook acme.small { version 1.0.0 }
fields deal { amount money }
activity call { direction one of made, received }
process p {
  stage open_one { at most 5 days }
  stage won_one { won }
  stage lost_one { lost }
  path open_one -> won_one
  from any open stage -> lost_one
}
)";
}

}  // namespace plumb::bench
