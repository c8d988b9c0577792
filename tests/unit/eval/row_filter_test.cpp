#include "eval/row_filter.h"

#include <gtest/gtest.h>

#include "eval/condition.h"
#include "unit/eval/random_history.h"

namespace plumb::eval::testing {
namespace {

constexpr const char* rules = R"(
fields deal { size one of big, small }
activity meeting {}
activity call { channel one of phone, mail }
event e1 is call where channel is phone
event e2 is call where not channel is phone
event e3 is call where channel is not mail
event e4 is call where channel is one of phone, mail
event e5 is call where channel is known
event e6 is call where channel is missing
event e7 is call where (channel is phone or channel is missing)
event e8 is call where (channel is known and not (channel is mail))
process p { stage a {} stage won { won } stage lost { lost } }
must r1 { for each deal  after any of (e1, e2, e3, e4)  expect meeting  within 1 day }
must r2 { for each deal  after any of (e5, e6, e7, e8)  expect meeting  within 1 day }
)";

TEST(RowFilter, SaysOfManyRowsWhatTheConditionSaysOfEach) {
  const model::Rulebook book = rulebook(rules);
  Rows rows;
  for (int deal = 0; deal < 40; ++deal) {
    rows.deals.push_back(fmt::format("D{},2026-03-01T00:00:00Z,,,big,", deal));
    for (int call = 0; call < 7; ++call) {
      const char* channel[] = {"phone", "mail", "", "pigeon"};
      rows.events.push_back(fmt::format("D{},2026-03-0{}T0{}:00:00Z,,activity,call,,,,{}", deal, 2 + call % 3, call,
                                        channel[(deal * 5 + call * call) % 4]));
    }
  }
  const history::History history = load(rows, book);
  const auto plan = bind(book, history, day(28));
  ASSERT_TRUE(plan.ok());
  View view(*plan);
  std::size_t compared = 0;
  for (const model::Event& event : book.events) {
    if (event.kind != model::EventKind::filtered) continue;
    ASSERT_TRUE(plan->filters[event.where.index()]) << event.name;
    for (std::uint32_t step = 0; step < 40; ++step) {
      const std::uint32_t deal = step < 20 ? step : step * 17 % 40;  // in order, then here and there
      view.load_deal(deal);
      for (std::uint32_t index : view.of_kind(plan->activities.back().kind)) {
        const Context context{.view = view, .cut = day(28), .candidate = index, .calendar = &plan->calendars.front()};
        EXPECT_EQ(view.filtered(event.where, index), holds(event.where, context)) << event.name << " row " << index;
        ++compared;
      }
    }
  }
  EXPECT_GE(compared, 8u * 40 * 7);
}

TEST(RowFilter, IsNotMadeOfWhatIsNoWordOfTheEvent) {
  const model::Rulebook book = rulebook(R"(
fields deal { size one of big, small }
activity meeting { minutes count }
event long is meeting where minutes is at least 30
event of_big is meeting where size is big
process p { stage a {} stage won { won } stage lost { lost } }
must r { for each deal  after any of (long, of_big)  expect meeting  within 1 day }
)");
  Rows rows;
  rows.deals = {"D1,2026-03-01T00:00:00Z,,,big,"};
  rows.events = {"D1,2026-03-02T00:00:00Z,,activity,meeting,,,,"};
  const history::History history = load(rows, book);
  const auto plan = bind(book, history, day(28));
  ASSERT_TRUE(plan.ok());
  for (const RowFilter& filter : plan->filters) EXPECT_FALSE(filter);
}

}  // namespace
}  // namespace plumb::eval::testing
