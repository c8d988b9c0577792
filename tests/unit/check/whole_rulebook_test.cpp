#include <gtest/gtest.h>

#include "unit/check/checking.h"
#include "unit/syntax/examples.h"

namespace plumb::check::testing {
namespace {

using plumb::syntax::acme;
using plumb::syntax::globex;

using model::EventKind;
using model::Op;
using model::Shape;

TEST(WholeRulebook, HasNoErrors) {
  EXPECT_EQ(Checked(acme).said(), Strings{"200 `services_mix` target-gap"});  // a note: it begins in May
  EXPECT_EQ(Checked(globex).said(), Strings{});
}

TEST(WholeRulebook, HeaderAndCalendar) {
  const Checked checked(acme);
  EXPECT_EQ(checked.book.name, "acme.new_business");
  EXPECT_EQ(checked.book.version, "3.1.0");
  EXPECT_EQ(time::to_text(*checked.book.header.review_by), "2027-01-31");
  ASSERT_EQ(checked.book.responses.size(), 1u);
  EXPECT_EQ(checked.book.responses[0].by, "manager");
  ASSERT_NE(checked.book.default_calendar(), nullptr);
  const time::CalendarSpec& spec = checked.book.default_calendar()->spec;
  EXPECT_EQ(spec.zone, "America/New_York");
  EXPECT_EQ(spec.fiscal_year_starts_month, 2);
  EXPECT_EQ(spec.holidays.size(), 2u);
  ASSERT_EQ(spec.week[4].size(), 1u);
  EXPECT_EQ(spec.week[4][0].from, 9 * 60);
  EXPECT_EQ(spec.week[4][0].until, 17 * 60 + 30);
  EXPECT_TRUE(spec.week[5].empty());
}

TEST(WholeRulebook, RulesAndThenStageClauses) {
  EXPECT_EQ(
      Checked(acme).rule_names(),
      (Strings{"agreed_next_step", "close_date_moves", "weekly_report", "goal_before_meeting", "no_standstill",
               "phone_first", "first_meetings", "services_sold", "video_first",
               "new_business.prospecting.to_move_on", "new_business.prospecting.at_most",
               "new_business.qualification.to_move_on", "new_business.qualification.at_most",
               "new_business.needs.to_move_on", "new_business.needs.at_most", "new_business.proposal.to_enter",
               "new_business.proposal.while_in", "new_business.proposal.at_most", "new_business.negotiation.at_most",
               "new_business.lost.to_enter", "new_business.path", "bant.money", "bant.money.2", "bant.decider"}));
}

TEST(WholeRulebook, EverythingIsInTheModel) {
  const Checked checked(acme);
  EXPECT_EQ(checked.unevaluated(), Strings{"use std.hygiene"});  // what was not read
  ASSERT_EQ(checked.book.targets.size(), 1u);
  const model::Target& mix = checked.book.targets[Id<model::Target>(0)];
  EXPECT_EQ(mix.type.kind, model::TypeKind::percent);
  ASSERT_EQ(mix.cases.size(), 2u);
  EXPECT_EQ(time::to_text(*mix.cases[1].from), "2026-08-01");
  EXPECT_TRUE(mix.basis && mix.basis->judgement);
  EXPECT_EQ(checked.book.exprs[checked.book.exprs[checked.rule("services_sold").expect].args[1]].op, Op::target);
  const model::Expr& first_meetings = checked.book.exprs[checked.rule("first_meetings").expect];
  EXPECT_EQ(checked.book.exprs[first_meetings.args[1]].op, Op::quota);
}

TEST(WholeRulebook, ChecklistWithWhatItNeeds) {
  const Checked checked(acme);
  ASSERT_EQ(checked.book.checklists.size(), 1u);
  EXPECT_EQ(checked.book.checklists[Id<model::Checklist>(0)].levels, (Strings{"open", "heard", "confirmed"}));
  const model::Rule& heard = checked.rule("bant.money");
  EXPECT_EQ(heard.origin, model::RuleOrigin::needs);
  EXPECT_EQ(heard.shape, Shape::at);
  EXPECT_EQ(checked.book.events[heard.trigger].kind, EventKind::enters);
  EXPECT_EQ(checked.book.exprs[heard.expect].words, "budget is known");
  const model::Rule& confirmed = checked.rule("bant.money.2");
  EXPECT_EQ(confirmed.shape, Shape::while_);
  EXPECT_EQ(checked.book.exprs[confirmed.expect].words, "budget is known and budget is known from buyer or better");
}

TEST(WholeRulebook, ProcessWithItsMoves) {
  const Checked checked(acme);
  ASSERT_EQ(checked.book.processes.size(), 1u);
  const model::Process& process = checked.book.processes[Id<model::Process>(0)];
  EXPECT_EQ(checked.names_of(process.path),
            (Strings{"lead", "prospecting", "qualification", "needs", "proposal", "negotiation", "won"}));
  EXPECT_EQ(checked.book.exprs[process.for_deals_where].words, "record_type is \"New Business\"");
  EXPECT_EQ(process.moves.size(), 6u + 1u + 6u);
  const auto back = std::ranges::find(process.moves, model::MoveKind::back, &model::Move::kind);
  ASSERT_NE(back, process.moves.end());
  EXPECT_EQ(back->at_most_times, 1);
  const model::Expr& when = checked.book.exprs[back->when];
  EXPECT_EQ(when.op, Op::known);
  EXPECT_EQ(checked.book.events[when.tails.since].kind, EventKind::enters);
  const model::Stage& needs = checked.book.stages[process.stages[3]];
  EXPECT_TRUE(needs.may_be_skipped);
  EXPECT_EQ(checked.book.exprs[needs.may_be_skipped_when].op, Op::compare);
  EXPECT_EQ(needs.label, "Needs Analysis");
  EXPECT_EQ(checked.book.stages[process.stages[7]].end, model::StageEnd::lost);
}

TEST(WholeRulebook, ResponseRule) {
  const Checked checked(acme);
  const model::Rule& rule = checked.rule("agreed_next_step");
  EXPECT_EQ(rule.shape, Shape::after);
  EXPECT_EQ(rule.right, model::Right::time);
  EXPECT_EQ(checked.names_of(rule.subject.stages), (Strings{"qualification", "needs", "proposal", "negotiation"}));
  EXPECT_TRUE(rule.subject.process);
  const model::Event& trigger = checked.book.events[rule.trigger];
  EXPECT_EQ(trigger.name, "held_meeting");
  EXPECT_EQ(trigger.kind, EventKind::filtered);
  const model::Expr& filter = checked.book.exprs[trigger.where];
  EXPECT_EQ(checked.book.exprs[filter.args[0]].op, Op::event_field);
  EXPECT_EQ(checked.book.exprs[filter.args[1]].choice, 1u);
  EXPECT_EQ(rule.within, (time::Duration{2, time::Unit::business_days}));
  EXPECT_EQ(checked.book.exprs[rule.expect].op, Op::and_);
  ASSERT_EQ(rule.responses.size(), 2u);
  EXPECT_EQ(checked.book.records[rule.responses[1].recorded_as].name, "cause");
}

TEST(WholeRulebook, EventsOfSeveralActivities) {
  const Checked checked(acme);
  const model::Rule& rule = checked.rule("phone_first");
  const model::Expr& share = checked.book.exprs[checked.book.exprs[rule.expect].args[0]];
  ASSERT_EQ(share.op, Op::aggregate);
  EXPECT_EQ(share.type.kind, model::TypeKind::percent);
  const model::Event& first = checked.book.events[share.aggregate->event];
  EXPECT_EQ(first.kind, EventKind::ordinal);
  EXPECT_EQ(checked.book.events[first.parts[0]].kind, EventKind::any_of);
  const model::Expr& channel = checked.book.exprs[checked.book.exprs[share.aggregate->where].args[0]];
  EXPECT_EQ(channel.op, Op::event_field);
  EXPECT_EQ(checked.book.fields[channel.field].name, "channel");
  ASSERT_EQ(rule.given.size(), 1u);
  EXPECT_EQ(rule.given[0].count, 20);
  EXPECT_EQ(checked.book.exprs[rule.given[0].population].aggregate->event, share.aggregate->event);
}

TEST(WholeRulebook, OverTheLastOnes) {
  const Checked checked(acme);
  const model::Rule& rule = checked.rule("no_standstill");
  const model::Expr& count = checked.book.exprs[checked.book.exprs[rule.expect].args[0]];
  ASSERT_EQ(count.op, Op::aggregate);
  EXPECT_EQ(count.aggregate->tails.last, 2);
  EXPECT_EQ(count.aggregate->tails.last_of, rule.trigger);
}

TEST(WholeRulebook, StageClausesAreRules) {
  const Checked checked(acme);
  const model::Rule& enter = checked.rule("new_business.proposal.to_enter");
  EXPECT_EQ(enter.origin, model::RuleOrigin::to_enter);
  EXPECT_EQ(enter.shape, Shape::at);
  EXPECT_EQ(checked.book.events[enter.trigger].kind, EventKind::enters);
  const model::Rule& leave = checked.rule("new_business.needs.to_move_on");
  EXPECT_EQ(checked.book.events[leave.trigger].kind, EventKind::leaves);
  EXPECT_EQ(checked.book.stages[leave.stage].name, "needs");
  const model::Rule& stay = checked.rule("new_business.proposal.while_in");
  EXPECT_EQ(checked.names_of(checked.book.exprs[stay.while_condition].stages), Strings{"proposal"});
  const model::Rule& limit = checked.rule("new_business.proposal.at_most");
  EXPECT_EQ(limit.shape, Shape::after);
  EXPECT_EQ(checked.book.events[limit.expect_event].kind, EventKind::leaves);
  EXPECT_EQ(limit.within, (time::Duration{20, time::Unit::business_days}));
}

TEST(WholeRulebook, EachRuleIsOneSentence) {
  const Checked checked(acme);
  EXPECT_EQ(
      checked.sentence("agreed_next_step"),
      "After each held_meeting, for each deal in qualification or later: next_step_on is known and next_step_on is "
      "after today, within 2 business days; owed by the deal's owner.");
  EXPECT_EQ(checked.sentence("close_date_moves"),
            "Throughout, for each deal: count of pushed is at most 2; owed by the deal's owner.");
  EXPECT_EQ(checked.sentence("weekly_report"),
            "Every week by monday 16:30 of the week after or the next business day, for each person where role is "
            "account_executive: report has happened; owed by the person.");
  EXPECT_EQ(checked.sentence("goal_before_meeting"),
            "Before each held_meeting, for each deal in qualification or later: its goal is known; owed by the deal's "
            "owner.");
  EXPECT_EQ(
      checked.sentence("phone_first"),
      "Every month, for each person where role is account_executive: share of first_touch where channel is phone is "
      "at least 60%, given at least 20 first_touch; owed by the person.");
  EXPECT_EQ(
      checked.sentence("new_business.proposal.to_enter"),
      "At each entry into proposal, for each deal of new_business: amount is known and close_date is known; owed by "
      "the deal's owner.");
  EXPECT_EQ(
      checked.sentence("new_business.needs.to_move_on"),
      "At each move on from needs, for each deal of new_business: champion is known and second_meeting has happened; "
      "owed by the deal's owner.");
  EXPECT_EQ(
      checked.sentence("new_business.proposal.while_in"),
      "While in proposal, for each deal of new_business: close_date is not before today; owed by the deal's owner.");
  EXPECT_EQ(
      checked.sentence("new_business.needs.at_most"),
      "After each entry into needs, for each deal of new_business: leaves needs, within 25 business days; owed by "
      "the deal's owner.");
}

TEST(WholeRulebook, ADifferenceLeavesUnknownNamesToItsBase) {
  const Checked checked(globex);
  EXPECT_EQ(checked.rule_names(), Strings{"partner_named"});
  EXPECT_EQ(checked.unevaluated().front(), "extends acme.new_business");
}

}  // namespace
}  // namespace plumb::check::testing
