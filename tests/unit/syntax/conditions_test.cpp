#include <gtest/gtest.h>

#include "unit/syntax/shown.h"

namespace plumb::syntax {
namespace {

TEST(Conditions, AndBindsTighterThanOr) {
  EXPECT_EQ(condition("a is b or c is d and e is f"), "(or (is a b) (and (is c d) (is e f)))");
  EXPECT_EQ(condition("a is b and c is d or e is f"), "(or (and (is a b) (is c d)) (is e f))");
}

TEST(Conditions, NotBindsTightest) {
  EXPECT_EQ(condition("not a is b and c is d"), "(and (not (is a b)) (is c d))");
  EXPECT_EQ(condition("not (a is b and c is d)"), "(not (and (is a b) (is c d)))");
  EXPECT_EQ(condition("not not won"), "(not (not (state won)))");
}

TEST(Conditions, EveryComparison) {
  EXPECT_EQ(condition("a is at least 3"), "(at-least a 3)");
  EXPECT_EQ(condition("a is at most 10,000 USD"), "(at-most a 10,000USD)");
  EXPECT_EQ(condition("a is more than 12.5%"), "(more-than a 0.125p)");
  EXPECT_EQ(condition("a is less than 9 working hours"), "(less-than a <9 working hours>)");
  EXPECT_EQ(condition("a is before today"), "(before a today)");
  EXPECT_EQ(condition("a is after 2026-03-02"), "(after a 2026-03-02)");
  EXPECT_EQ(condition("a is not before 2026-03-02 09:00"), "(not-before a 2026-03-02@32400s)");
  EXPECT_EQ(condition("a is not after 2026-03-02 09:00+01:00"), "(not-after a 2026-03-02@32400s+3600s)");
  EXPECT_EQ(condition("a is not b"), "(is-not a b)");
  EXPECT_EQ(condition("a is one of b, c"), "(one-of a b c)");
  EXPECT_EQ(condition("a is not one of b, c"), "(not (one-of a b c))");
  EXPECT_EQ(condition("a is at most 30 days after created"), "(apart a at-most 30 days after created)");
  EXPECT_EQ(condition("a is at least 2 weeks before b"), "(apart a at-least 2 weeks before b)");
  EXPECT_EQ(condition("a differs from b by at most 1"), "(differs a b 1)");
}

TEST(Conditions, KnownAndHappenedTakeTails) {
  EXPECT_EQ(condition("budget is known from buyer or better"), "(known budget from:buyer+)");
  EXPECT_EQ(condition("budget is missing since enters needs"), "(missing budget since:[enters needs])");
  EXPECT_EQ(condition("call has happened in 2 weeks"), "(happened [call] in:2 weeks)");
  EXPECT_EQ(condition("call has happened over last 4 quarters"), "(happened [call] last:4 quarters)");
  EXPECT_EQ(condition("x is known from buyer and y is known"), "(and (known x from:buyer) (known y))");
  EXPECT_EQ(condition("x is known from buyer or y is known"), "(or (known x from:buyer) (known y))");
}

TEST(Conditions, StatesAndStages) {
  EXPECT_EQ(condition("open"), "(state open)");
  EXPECT_EQ(condition("closed or won or lost"), "(or (state closed) (state won) (state lost))");
  EXPECT_EQ(condition("in proposal or later and won"), "(and (in proposal+) (state won))");
  EXPECT_EQ(condition("won has happened"), "(happened [won])");
}

TEST(Conditions, AtLeastOf) {
  EXPECT_EQ(condition("at least 2 of (a is known, b is c or d is e, won)"),
            "(at-least 2 (known a) (or (is b c) (is d e)) (state won))");
  EXPECT_EQ(condition("at least 2 of (a is one of b, c, d is known)"), "(at-least 2 (one-of a b c) (known d))");
  EXPECT_EQ(condition("at least 2 of ((a is b), (call where c is d) has happened, not e is f)"),
            "(at-least 2 (is a b) (happened [[call] | (is c d)]) (not (is e f)))");
  EXPECT_EQ(condition("at least 6 of bant are confirmed"), "(at-least 6 of bant are confirmed)");
  EXPECT_EQ(condition("money of bant is at least heard"), "(at-least bant.money heard)");
}

TEST(Conditions, VerdictsAreFacts) {
  EXPECT_EQ(condition("right thing is missed"), "(verdict 'right thing' missed)");
  EXPECT_EQ(condition("effort is not kept"), "(not (verdict 'effort' kept))");
  EXPECT_EQ(condition("phone_first is kept"), "(is phone_first kept)");
  EXPECT_EQ(condition("p.proposal.to_enter is cannot tell"), "(is p.proposal.to_enter cannot tell)");
}

TEST(Conditions, QuotedAndBareNamesAreOne) {
  EXPECT_EQ(condition("\"since\" is known"), "(known since)");
  EXPECT_EQ(condition("\"Joined Sales\" is known"), "(known Joined Sales)");
  EXPECT_EQ(condition("record_type is \"New Business\""), "(is record_type 'New Business')");
  EXPECT_EQ(condition(R"(a is "say \"yes\" \\ no")"), R"((is a 'say "yes" \ no'))");
}

TEST(Conditions, Aggregates) {
  EXPECT_EQ(condition("count of call is at least 3"), "(at-least (count [call]) 3)");
  EXPECT_EQ(condition("count of contact where role is economic is at least 1"),
            "(at-least (count contact where:(is role economic)) 1)");
  EXPECT_EQ(condition("count of (a where b is c) over last 2 a is at most 1"),
            "(at-most (count [[a] | (is b c)] last:2 of:[a]) 1)");
  EXPECT_EQ(condition("share of closed deals where won is at least 40%"),
            "(at-least (share closed-deals where:(state won)) 0.4p)");
  EXPECT_EQ(condition("count of call where channel is phone in 2 weeks is at least 3"),
            "(at-least (count [call] where:(is channel phone) in:2 weeks) 3)");
  EXPECT_EQ(condition("count of sent by actor is at least 10"), "(at-least (count [sent] by-actor) 10)");
  EXPECT_EQ(condition("share of person where right thing is kept is at least 80%"),
            "(at-least (share person where:(verdict 'right thing' kept)) 0.8p)");
  EXPECT_EQ(condition("amount of won deals of team is at least 5 USD"),
            "(at-least (sum field:amount won-deals of:team) 5USD)");
  EXPECT_EQ(condition("rate of team is at least 5"), "(at-least team.rate 5)");
  EXPECT_EQ(condition("sum amount of created deals at won is at least 5"),
            "(at-least (sum field:amount created-deals at:won) 5)");
  EXPECT_EQ(condition("time since call is at most 2 weeks"), "(at-most (time-since [call]) <2 weeks>)");
  EXPECT_EQ(condition("total time in needs is at most 2 days"), "(at-most (total-time needs) <2 days>)");
  EXPECT_EQ(condition("count of a is at least quota for b"), "(at-least (count [a]) (quota b))");
  EXPECT_EQ(condition("median days from created to won of won deals is at most 90"),
            "(at-most (median between:[created]..[won] won-deals) 90)");
}

TEST(Conditions, WhereTakesOneConditionOrAParenthesis) {
  EXPECT_EQ(condition("count of a where (b is c and d is e) is at least 1"),
            "(at-least (count [a] where:(and (is b c) (is d e))) 1)");
  EXPECT_EQ(condition("count of a where b is c is at least 1 and d is e"),
            "(and (at-least (count [a] where:(is b c)) 1) (is d e))");
}

TEST(Conditions, AnEventAloneIsExpectedAnew) {
  EXPECT_EQ(condition("held_meeting"), "[held_meeting]");
  EXPECT_EQ(condition("leaves needs"), "[leaves needs]");
  EXPECT_EQ(condition("(call where channel is video)"), "[[call] | (is channel video)]");
  EXPECT_EQ(condition("(call where channel is video) has happened"), "(happened [[call] | (is channel video)])");
}

TEST(Conditions, Calculations) {
  const Parsed result = parsed("measure m is (a plus 5 USD) divided by 2 minus 40% of b");
  EXPECT_TRUE(result.sink.all().empty());
  EXPECT_EQ(shown(result.file, only<ast::Measure>(result.file).value), "(- (/ (+ a 5USD) 2) (* 0.4p b))");
}

TEST(Conditions, SharesAndRatesOverTime) {
  const Parsed result =
      parsed("measure a is share of b followed by c within 30 days\nmeasure d is e per quarter over last 4 quarters");
  ASSERT_TRUE(result.sink.all().empty());
  const auto& first = std::get<ast::Measure>(result.file.declarations[0]);
  const auto& second = std::get<ast::Measure>(result.file.declarations[1]);
  EXPECT_EQ(shown(result.file, first.value), "(share [b] then:[c]/30 days)");
  EXPECT_EQ(shown(result.file, second.value), "(sum field:e per:quarter last:4 quarters)");
}

TEST(Events, EveryForm) {
  EXPECT_EQ(event("meeting where status is held"), "[[meeting] | (is status held)]");
  EXPECT_EQ(event("1st held_meeting for each account"), "[#1 [held_meeting] each:account]");
  EXPECT_EQ(event("2nd held_meeting on another day"), "[#2 [held_meeting] another-day]");
  EXPECT_EQ(event("1st of (call where a is b, email)"), "[#1 [any [[call] | (is a b)] [email]]]");
  EXPECT_EQ(event("any of (created, call)"), "[any [created] [call]]");
  EXPECT_EQ(event("close_date moved to a later quarter"), "[moved close_date later quarter]");
  EXPECT_EQ(event("close_date moved to an earlier month"), "[moved close_date earlier month]");
  EXPECT_EQ(event("owner changed"), "[changed owner]");
  EXPECT_EQ(event("owner starts leave"), "[leave owner]");
  EXPECT_EQ(event("enters won"), "[enters won]");
  EXPECT_EQ(event("leaves needs"), "[leaves needs]");
  EXPECT_EQ(event("reopened"), "[reopened]");
  EXPECT_EQ(event("21st call where a is b"), "[#21 [[call] | (is a b)]]");
}

}  // namespace
}  // namespace plumb::syntax
