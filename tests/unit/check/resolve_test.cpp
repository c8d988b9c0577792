#include <gtest/gtest.h>

#include "unit/check/checking.h"

namespace plumb::check::testing {
namespace {

using model::Op;
using model::TypeKind;

constexpr const char* calendar = R"(
calendar office { zone "Europe/Berlin" work monday to friday 09:00 to 17:30 }
)";

TEST(Resolve, BlocksOfFieldsAreOne) {
  const Checked checked(R"(
fields deal { amount money }
fields deal { close_date date }
must a { for each deal at created expect amount is known and close_date is known }
)");
  EXPECT_EQ(checked.said(), Strings{});
  EXPECT_EQ(checked.rule_names(), Strings{"a"});
}

TEST(Resolve, BuiltInFieldsAndRecords) {
  const Checked checked(R"(
must a { for each deal at created expect owner is known and account is known }
must b { for each person where role is "seller" and team is "north" every month expect told has happened }
)");
  EXPECT_EQ(checked.said(), Strings{});
  const model::Expr& both = checked.book.exprs[checked.rule("a").expect];
  const model::Expr& owner = checked.book.exprs[checked.book.exprs[both.args[0]].args[0]];
  EXPECT_EQ(owner.type.kind, TypeKind::person);
  EXPECT_TRUE(checked.book.fields[owner.field].built_in);
}

TEST(Resolve, ADeclaredRoleIsAChoice) {
  const Checked checked(R"(
fields person { role one of seller, manager }
must a { for each person where role is manager every month expect told has happened }
)");
  EXPECT_EQ(checked.said(), Strings{});
  const model::Expr& filter = checked.book.exprs[checked.rule("a").subject.where];
  EXPECT_EQ(checked.book.exprs[filter.args[1]].op, Op::choice);
  EXPECT_EQ(checked.book.exprs[filter.args[1]].choice, 1u);
}

TEST(Resolve, AttributesHideFieldsOfTheDeal) {
  const Checked checked(R"(
fields deal { status text amount money }
activity meeting { status one of held, planned }
event big is meeting where (status is held and amount is at least 10 USD)
)");
  EXPECT_EQ(checked.said(), Strings{});
  const model::Event& big = checked.book.events[Id<model::Event>(checked.book.events.size() - 1)];
  EXPECT_EQ(big.name, "big");
  const model::Expr& both = checked.book.exprs[big.where];
  EXPECT_EQ(checked.book.exprs[checked.book.exprs[both.args[0]].args[0]].op, Op::event_field);
  EXPECT_EQ(checked.book.exprs[checked.book.exprs[both.args[1]].args[0]].op, Op::subject_field);
}

TEST(Resolve, AnAttributeOfSeveralActivitiesHasAllItsFields) {
  const Checked checked(R"(
activity call { direction one of made, received }
activity email { direction one of sent, received }
event touch is any of (call, email) where direction is sent
must a { for each deal before any of (call, email) expect its direction is known }
)");
  EXPECT_EQ(checked.said(), Strings{});
  const model::Expr& known = checked.book.exprs[checked.rule("a").expect];
  const model::Expr& its = checked.book.exprs[known.args[0]];
  EXPECT_EQ(its.op, Op::its_field);
  ASSERT_EQ(its.args.size(), 1u);
  EXPECT_NE(checked.book.exprs[its.args[0]].field, its.field);
}

TEST(Resolve, TheOrderOfTheTextDoesNotMatter) {
  const Checked checked(R"(
must a { for each deal in offer or later after second_call expect win_rate_is is known within 2 days }
event second_call is 2nd long_call
event long_call is call where minutes_long is at least 10
activity call { minutes_long count }
process p { stage lead stage offer stage won { won } }
fields deal { win_rate_is percent }
)");
  EXPECT_EQ(checked.said(), Strings{});
  EXPECT_EQ(checked.names_of(checked.rule("a").subject.stages), Strings{"offer"});
}

TEST(Resolve, LaterIsOnThePath) {
  const Checked checked(R"(
process p {
  stage parked { on hold }
  stage offer
  stage lead
  stage won { won }
  path lead -> offer -> won
}
fields deal { amount money }
must a { for each deal in lead or later at created expect amount is known }
must b { for each deal in parked or later at created expect amount is known }
must c { for each deal at created expect in offer or later }
)");
  EXPECT_EQ(checked.said(), Strings{});
  EXPECT_EQ(checked.names_of(checked.rule("a").subject.stages), (Strings{"lead", "offer"}));
  EXPECT_EQ(checked.names_of(checked.rule("b").subject.stages), Strings{"parked"});
  EXPECT_EQ(checked.names_of(checked.book.exprs[checked.rule("c").expect].stages), Strings{"offer"});
}

TEST(Resolve, SeveralClausesOfAStageAreNumbered) {
  const Checked checked(R"(
fields deal { amount money need text }
process p {
  stage lead {
    to enter amount is known
    to enter need is known
    at most 5 days
  }
  stage won { won }
}
)");
  EXPECT_EQ(checked.said(), Strings{});
  EXPECT_EQ(checked.rule_names(), (Strings{"p.lead.to_enter", "p.lead.to_enter.2", "p.lead.at_most"}));
}

TEST(Resolve, WordsAreFoldedAndWithoutComments) {
  const Checked checked(R"(
fields deal { record_type text need text }
must a { for each deal at created
  expect record_type is "New  # Business"   # the two blanks are the CRM's
     and ( need   is known )
}
)");
  EXPECT_EQ(checked.said(), Strings{});
  EXPECT_EQ(checked.book.exprs[checked.rule("a").expect].words,
            "record_type is \"New  # Business\" and (need is known)");
}

TEST(Resolve, InstantsAreReadInTheDefaultZone) {
  const Checked checked(std::string(calendar) + R"(
fields deal { decided instant }
must a { for each deal at created expect decided is after 2026-07-01 12:00 }
must b { for each deal at created expect decided is after 2026-07-01 12:00 -05:00 }
)");
  EXPECT_EQ(checked.said(), Strings{});
  const auto instant = [&](std::string_view rule) {
    return time::to_text_utc(checked.book.exprs[checked.book.exprs[checked.rule(rule).expect].args[1]].at);
  };
  EXPECT_EQ(instant("a"), "2026-07-01T10:00:00Z");
  EXPECT_EQ(instant("b"), "2026-07-01T17:00:00Z");
}

TEST(Resolve, DealsAsAPopulation) {
  const Checked checked(R"(
fields deal { amount money product_line one of hardware, services }
measure services is share of amount of created deals where product_line is services
measure rate is share of closed deals where won
measure sold is sum amount of won deals
must a { for each person every month expect services is at least 20% and rate is at least 10% and sold is at least 5 USD }
)");
  EXPECT_EQ(checked.said(), Strings{});
  const auto& services = *checked.book.exprs[checked.book.measures[Id<model::Measure>(0)].value].aggregate;
  EXPECT_EQ(services.population, model::PopulationKind::deals);
  EXPECT_EQ(checked.book.events[services.event].kind, model::EventKind::created);
  EXPECT_EQ(checked.book.exprs[services.value].type.kind, TypeKind::money);
  const auto& rate = *checked.book.exprs[checked.book.measures[Id<model::Measure>(1)].value].aggregate;
  EXPECT_EQ(rate.deals_in, model::DealState::closed);
  EXPECT_EQ(checked.book.exprs[checked.book.measures[Id<model::Measure>(2)].value].type.kind, TypeKind::money);
}

TEST(Resolve, WhatIsNotEvaluatedIsInTheModelAllTheSame) {
  const Checked checked(R"(
activity call
event third is 3rd call for each contact
measure quick is share of call followed by won within 30 days
must on_event { for each deal at third expect in_time is known }
must on_measure { for each person every month expect quick is at least 5% }
must on_verdict { for each deal at won expect on_event is kept }
must whole { for each deal at won expect in_time is known }
fields deal { in_time text }
)");
  EXPECT_EQ(checked.said(), Strings{});
  EXPECT_EQ(checked.rule_names(), (Strings{"on_event", "on_measure", "on_verdict", "whole"}));
  EXPECT_EQ(checked.unevaluated(), Strings{});
  EXPECT_TRUE(checked.book.events[checked.rule("on_event").trigger].for_each_contact);
  EXPECT_EQ(checked.book.exprs[checked.rule("on_verdict").expect].op, model::Op::verdict);
  EXPECT_EQ(checked.book.exprs[checked.rule("on_verdict").expect].text, "on_event");
}

TEST(Resolve, NamesOfARulebookThatIsUsed) {
  const Checked checked(R"(
use std.meetings
fields deal { amount money }
must near { for each deal at created expect amout is known }
must far { for each deal at first_meeting expect amount is known }
)");
  EXPECT_EQ(checked.said(), Strings{"4 `amout` unknown-field"});
  EXPECT_EQ(checked.unevaluated(), Strings{"use std.meetings"});
}

TEST(Resolve, SuggestionsCanBeApplied) {
  const Checked checked(
      "fields deal { \"close date\" date }\nmust a { for each deal at created expect closedate is known }\n");
  ASSERT_EQ(checked.sink.all().size(), 1u);
  const diagnostics::Diagnostic& diagnostic = checked.sink.all()[0];
  ASSERT_EQ(diagnostic.suggestions.size(), 1u);
  EXPECT_EQ(diagnostic.suggestions[0].text, "\"close date\"");
  EXPECT_EQ(checked.texts.words(diagnostic.suggestions[0].span), "closedate");
  EXPECT_EQ(diagnostic.message, "deals have no field `closedate`");
}

TEST(Resolve, WhatIsBrokenIsReportedOnce) {
  const Checked checked(R"(
activity call { length minutes }
event long is cal where lenght is at least 5
event again is 2nd long
measure odd is count of again plus sum lngth of long
must a { for each deal after again expect odd is at least 3 and its length is known within 2 days }
)");
  EXPECT_EQ(checked.said(), (Strings{"3 `cal` unknown-event"}));
}

TEST(Resolve, TimeSinceAnEventHasTheUnitItIsComparedIn) {
  const Checked checked(std::string(calendar) + R"(
must a { for each deal at won expect time since created is at most 5 business days }
must b { for each deal at won expect time since created is at most 36 hours }
)");
  EXPECT_EQ(checked.said(), Strings{});
}

/// `event e0 is any of (e1, e1)` and so on, the last one `call`.
std::string doubling_events(int count) {
  std::string text = "activity call { length count }\n";
  for (int i = 0; i < count; ++i) text += fmt::format("event e{0} is any of (e{1}, e{1})\n", i, i + 1);
  return text + fmt::format("event e{} is call\n", count);
}

TEST(Resolve, DefinitionsThatDoubleAreReadOnce) {
  const Checked checked(doubling_events(90) + "must a { for each deal at e0 expect its length is at least 3 }\n");
  EXPECT_EQ(checked.said(), Strings{"83 `e81` event-too-large"});  // nobody could look for it in a history
  EXPECT_TRUE(checked.book.exprs[checked.book.exprs[checked.rule("a").expect].args[0]].args.empty());
}

TEST(Resolve, DefinitionsAreFollowedToADepth) {
  EXPECT_EQ(Checked(doubling_events(150)).said(), (Strings{"101 `e100` too-deep", "143 `e141` event-too-large"}));
}

TEST(Resolve, LongConditionsAreQuotedInPart) {
  std::string text = "fields deal { amount money }\nmust a { for each deal at created expect amount is known";
  for (int i = 0; i < 1000; ++i) text += " and amount is known";
  const Checked checked(text + " }\n");
  EXPECT_EQ(checked.said(), Strings{});
  const std::string& words = checked.book.exprs[checked.rule("a").expect].words;
  EXPECT_LT(words.size(), 4100u);
  EXPECT_TRUE(words.ends_with("…"));
}

}  // namespace
}  // namespace plumb::check::testing
