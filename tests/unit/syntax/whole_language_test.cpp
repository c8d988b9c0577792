#include <gtest/gtest.h>

#include "unit/syntax/shown.h"

namespace plumb::syntax {
namespace {

using Lines = std::vector<std::string>;
using ast::ClauseKind;

/// A text without a mistake.
Parsed read(const std::string& text) {
  Parsed result = parsed(text);
  EXPECT_EQ(said(result), Lines{}) << text;
  return result;
}

std::string joined(const std::vector<ast::Name>& names) {
  std::string text;
  for (const ast::Name& name : names) text += (text.empty() ? "" : " ") + name.text;
  return text;
}

TEST(Rulebooks, HeaderAndClauses) {
  const Parsed result = read(R"(rulebook a.b {
  title "t" version 1.2.3 calendar office ladder humane because "why" sealed
  if missed "m" by manager within 1 day
})");
  const ast::Rulebook& book = *result.file.rulebook;
  EXPECT_EQ(book.calendar->text, "office");
  EXPECT_EQ(book.ladder->text, "humane");
  EXPECT_EQ(book.because->text, "why");
  EXPECT_TRUE(book.header.sealed);
  EXPECT_EQ(book.body.clauses.size(), 7u);
}

TEST(Rulebooks, WhatTheyBuildOn) {
  const Parsed result = read("use std.hygiene\nextends acme.sales");
  EXPECT_EQ(only<ast::Use>(result.file).name.text, "std.hygiene");
  EXPECT_EQ(only<ast::Extends>(result.file).name.text, "acme.sales");
}

TEST(Headers, StandInEveryDeclaration) {
  const Lines texts = {"calendar c { sealed zone \"UTC\" }",
                       "fields deal { sealed a text }",
                       "activity a { sealed b text }",
                       "record r { sealed b text }",
                       "event e is a { sealed }",
                       "process p { sealed stage a { won } }",
                       "checklist l { sealed item a }",
                       "must r \"t\" { sealed }",
                       "measure m is a { sealed }",
                       "target t { sealed is 4 }",
                       "plan p { sealed }",
                       "ladder l { sealed }",
                       "prove \"p\" every path to a passes b { sealed }",
                       "remove must r because \"b\" { sealed }"};
  for (const std::string& text : texts) {
    const Parsed result = read(text);
    ASSERT_EQ(result.file.declarations.size(), 1u) << text;
    const bool sealed = std::visit(
        [](const auto& declaration) {
          if constexpr (requires { declaration.header; }) return declaration.header.sealed;
          return false;
        },
        result.file.declarations.front());
    EXPECT_TRUE(sealed) << text;
  }
}

TEST(Bodies, HoldTheirClausesInTheOrderOfTheText) {
  const Parsed result = read("process p { path a -> b  stage a as \"A\" { at most 2 days  buyer \"x\" }  stage b }");
  const ast::Body& body = only<ast::Process>(result.file).body;
  ASSERT_EQ(body.clauses.size(), 3u);
  EXPECT_EQ(body.clauses[0].kind, ClauseKind::path);
  EXPECT_EQ(result.texts.words(body.clauses[0].span), "path a -> b");
  EXPECT_EQ(body.clauses[1].kind, ClauseKind::stage);
  ASSERT_EQ(body.clauses[1].body.clauses.size(), 2u);
  EXPECT_EQ(body.clauses[1].body.clauses[0].kind, ClauseKind::at_most);
  EXPECT_EQ(result.texts.words(body.clauses[1].body.span), "{ at most 2 days  buyer \"x\" }");
  EXPECT_FALSE(body.clauses[2].body.span.known());
}

TEST(Checklists, ItemsLevelsAndNeeds) {
  const Parsed result = read(R"(checklist bant "worth it" {
  for deals where segment is enterprise
  levels open, heard, confirmed
  item money "There is money" {
    level heard when budget is known from buyer or better
    needs heard to enter proposal
    needs confirmed while in negotiation or later
    because "why"
    if missed "ask" by owner within 2 days
  }
  item decider
})");
  const auto& list = only<ast::Checklist>(result.file);
  EXPECT_EQ(list.title->text, "worth it");
  EXPECT_EQ(shown(result.file, list.for_deals_where), "(is segment enterprise)");
  EXPECT_EQ(joined(list.levels), "open heard confirmed");
  ASSERT_EQ(list.items.size(), 2u);
  const ast::Item& money = list.items[0];
  EXPECT_EQ(money.title->text, "There is money");
  EXPECT_EQ(money.levels[0].name.text, "heard");
  EXPECT_EQ(shown(result.file, money.levels[0].when), "(known budget from:buyer+)");
  ASSERT_EQ(money.needs.size(), 2u);
  EXPECT_FALSE(money.needs[0].while_in || money.needs[0].or_later);
  EXPECT_EQ(money.needs[0].stage.text, "proposal");
  EXPECT_TRUE(money.needs[1].while_in && money.needs[1].or_later);
  EXPECT_EQ(money.because->text, "why");
  EXPECT_EQ(money.responses.size(), 1u);
}

TEST(Targets, CasesAndBasis) {
  const Parsed result = read(R"(target mix "share" {
  is 20%
  is 40% of goal in proposal or later where segment is smb and won from 2026-08-01
  based on judgement
  because "why"
})");
  const auto& target = only<ast::Target>(result.file);
  ASSERT_EQ(target.cases.size(), 2u);
  EXPECT_EQ(shown(result.file, target.cases[0].value), "0.2p");
  const ast::TargetCase& late = target.cases[1];
  EXPECT_EQ(shown(result.file, late.value), "(* 0.4p goal)");
  EXPECT_EQ(late.stage->text, "proposal");
  EXPECT_TRUE(late.or_later);
  EXPECT_EQ(shown(result.file, late.where), "(and (is segment smb) (state won))");
  EXPECT_EQ(to_text(*late.from), "2026-08-01");
  EXPECT_TRUE(target.basis);
  EXPECT_FALSE(target.basis->count);
}

TEST(Plans, EveryLine) {
  const Parsed result = read(R"(plan quota "what it takes" {
  target 240,000 USD of won deals
  every quarter for each person where role is ae
  a deal is worth mean amount of won deals over last 4 quarters given at least 30 won deals,
    else of team, else 20,000 USD
  work back from won to proposal to second_meeting
  rates over last 4 quarters given at least 30 deals, else of team, else 40%, 60%
  reached within 2 quarters
  lead time median
  ramp 0%, 50%, 100% by month
  adjusted for holidays, leave longer than 2 business days
  based on 20 held_meeting until 2026-01-01
})");
  const auto& plan = only<ast::Plan>(result.file);
  EXPECT_EQ(shown(result.file, plan.target->value), "240,000USD");
  EXPECT_EQ(plan.target->population.state->text, "won");
  EXPECT_EQ(plan.period, time::Period::quarter);
  EXPECT_EQ(shown(result.file, plan.subject->where), "(is role ae)");
  EXPECT_EQ(result.texts.words(plan.subject->span), "for each person where role is ae");
  EXPECT_EQ(shown(result.file, plan.worth->value), "(mean field:amount won-deals last:4 quarters)");
  EXPECT_EQ(plan.worth->given->count, 30);
  ASSERT_EQ(plan.worth->fallbacks.size(), 2u);
  EXPECT_EQ(plan.worth->fallbacks[0].of->text, "team");
  EXPECT_EQ(shown(result.file, plan.worth->fallbacks[1].values.front()), "20,000USD");
  EXPECT_EQ(joined(plan.work_back), "won proposal second_meeting");
  EXPECT_EQ(plan.rates->count, 4);
  EXPECT_EQ(plan.rates->fallbacks[1].values.size(), 2u);
  EXPECT_EQ(to_text(plan.reached_within->duration), "2 quarters");
  EXPECT_EQ(plan.lead_time->average, ast::AggregateFunction::median);
  EXPECT_EQ(plan.ramp->steps.size(), 3u);
  EXPECT_EQ(plan.adjusted->adjustments.size(), 2u);
  EXPECT_EQ(shown(result.file, plan.basis->thing.event), "[held_meeting]");
}

TEST(Ladders, EveryLine) {
  const Parsed result = read(R"(ladder humane "kind" for each person where role is ae {
  starts when right way is missed in 2 of 3 months
  rung notice "say it" { manager tells person within 1 business day }
  rung coach { manager holds 2 session within 4 weeks }
  rung interval { person owes report every business day for at most 2 weeks }
  rung decide { manager records decision within 10 days only after help_refused }
  climbs when missed again in the next month
  waits while person is on leave or manager owes a step
  waits at coach while effort is kept
  clears after 2 months kept
})");
  using Act = ast::RungStep::Act;
  const auto& ladder = only<ast::Ladder>(result.file);
  EXPECT_EQ(shown(result.file, ladder.subject->where), "(is role ae)");
  EXPECT_EQ(ladder.starts->of, ast::LadderStart::Of::right);
  EXPECT_EQ(ladder.starts->what.text, "right way");
  EXPECT_EQ(ladder.starts->missed, 2);
  EXPECT_EQ(ladder.starts->out_of, 3);
  EXPECT_EQ(ladder.starts->period, time::Period::month);
  ASSERT_EQ(ladder.rungs.size(), 4u);
  const ast::RungStep& tells = ladder.rungs[0].steps.front();
  EXPECT_EQ(tells.act, Act::tells);
  EXPECT_EQ(tells.who.text + " " + tells.what.text + " " + to_text(tells.within->duration),
            "manager person 1 business day");
  EXPECT_EQ(ladder.rungs[1].steps.front().act, Act::holds);
  EXPECT_EQ(ladder.rungs[1].steps.front().times, 2);
  const ast::RungStep& owes = ladder.rungs[2].steps.front();
  EXPECT_EQ(owes.act, Act::owes);
  EXPECT_TRUE(owes.every_business_day && !owes.every);
  EXPECT_EQ(to_text(owes.at_most->duration), "2 weeks");
  EXPECT_EQ(ladder.rungs[3].steps.front().act, Act::records);
  EXPECT_EQ(ladder.rungs[3].steps.front().only_after->text, "help_refused");
  EXPECT_EQ(ladder.climbs_in_next, time::Period::month);
  ASSERT_EQ(ladder.waits.size(), 2u);
  EXPECT_EQ(ladder.waits[1].at->text, "coach");
  EXPECT_EQ(shown(result.file, ladder.waits[1].condition), "(verdict 'effort' kept)");
  EXPECT_EQ(ladder.clears->count, 2);
}

TEST(Ladders, StartWithTheSameRightOrARule) {
  const Parsed same = read("ladder l { starts when the same right is missed in 2 of 3 months }");
  EXPECT_EQ(only<ast::Ladder>(same.file).starts->of, ast::LadderStart::Of::same_right);
  const Parsed rule = read("ladder l for each team { starts when weekly_report is missed in 1 of 2 weeks }");
  EXPECT_EQ(only<ast::Ladder>(rule.file).starts->what.text, "weekly_report");
}

TEST(Proofs, EveryForm) {
  const auto prove = [](const std::string& text) { return only<ast::Prove>(read("prove \"p\" " + text).file); };
  const auto passes = std::get<ast::PathPasses>(prove("every path to won passes talk").is);
  EXPECT_EQ(passes.to.text + " " + passes.passes.text, "won talk");
  const ast::Prove reaches = prove("from every stage won or lost is reachable in process p { author \"x\" }");
  EXPECT_EQ(joined(std::get<ast::StageReaches>(reaches.is).stages), "won lost");
  EXPECT_EQ(reaches.process->text, "p");
  EXPECT_EQ(reaches.header.author->text, "x");
  const auto before = std::get<ast::RungBefore>(prove("in ladder humane coach comes before decide").is);
  EXPECT_EQ(before.ladder.text + " " + before.first.text + " " + before.second.text, "humane coach decide");
  const auto longest =
      std::get<ast::LongestPath>(prove("longest path from a to b without going back is at most 125 business days").is);
  EXPECT_TRUE(longest.without_going_back);
  EXPECT_EQ(to_text(longest.at_most.duration), "125 business days");
}

constexpr const char* test_text = R"(test "t" {
  person ana { role a from 2026-01-01 leave from 2026-01-02 to 2026-01-03 }
  contact c of D1 { role "x y" }
  2026-01-01 09:00Z D1 sets amount to 5 USD from buyer recorded 2026-01-02
  2026-01-02 D1 meeting { status held goal g recorded 2026-01-02 10:00 } recorded 2026-01-03
  2026-01-03 ana records report { new_deals 4 }
  ana on leave from 2026-01-01 to 2026-01-05
  8 times from 2026-03-02 every business day 10:00 D1 call { status held }
  as of 2026-01-01 known at 2026-01-02 10:00 expect no x for D1
  as of 2026-01-01 expect p.a.at_most is cannot tell for D1 opened 2026-01-01 09:00 because x is missing
  as of 2026-01-01 expect m is 60% for ana
})";

TEST(Tests, CastAndLines) {
  const Parsed result = read(test_text);
  const auto& test = only<ast::Test>(result.file);
  ASSERT_EQ(test.cast.size(), 2u);
  EXPECT_EQ(test.cast[0].facts[0].name.text, "role");
  EXPECT_EQ(to_text(test.cast[0].facts[0].from->day), "2026-01-01");
  EXPECT_EQ(to_text(test.cast[0].leaves[0].to.day), "2026-01-03");
  EXPECT_EQ(test.cast[1].of->text, "D1");
  EXPECT_EQ(shown(result.file, test.cast[1].facts[0].value), "'x y'");
  ASSERT_EQ(test.lines.size(), 5u);
  const auto& sets = std::get<ast::DatedLine>(test.lines[0]);
  EXPECT_EQ(sets.at.offset_seconds, 0);
  EXPECT_EQ(sets.deed.kind, ast::Deed::Kind::sets);
  EXPECT_EQ(sets.deed.what.text + " " + shown(result.file, sets.deed.value) + " " + sets.deed.source->text,
            "amount 5USD buyer");
  EXPECT_EQ(to_text(sets.recorded->day), "2026-01-02");
  const auto& meeting = std::get<ast::DatedLine>(test.lines[1]);
  EXPECT_FALSE(meeting.at.micros_of_day);
  EXPECT_EQ(meeting.deed.what.text, "meeting");
  EXPECT_EQ(meeting.deed.facts[1].recorded->micros_of_day, 36'000'000'000);
  EXPECT_TRUE(meeting.recorded);
  EXPECT_EQ(std::get<ast::DatedLine>(test.lines[2]).deed.kind, ast::Deed::Kind::records);
  EXPECT_EQ(std::get<ast::Leave>(test.lines[3]).who->text, "ana");
  const auto& calls = std::get<ast::RepeatedLine>(test.lines[4]);
  EXPECT_EQ(calls.times, 8);
  EXPECT_TRUE(calls.business_days);
  EXPECT_EQ(calls.deed.facts.size(), 1u);
}

TEST(Tests, Expectations) {
  const Parsed result = read(test_text);
  const auto& test = only<ast::Test>(result.file);
  ASSERT_EQ(test.expectations.size(), 3u);
  EXPECT_TRUE(test.expectations[0].none);
  EXPECT_EQ(to_text(test.expectations[0].known_at->day), "2026-01-02");
  const ast::Expectation& told = test.expectations[1];
  EXPECT_EQ(told.of.text + " " + told.verdict->text + " " + told.subject.text, "p.a.at_most cannot tell D1");
  EXPECT_TRUE(told.opened);
  EXPECT_EQ(shown(result.file, told.because), "(missing x)");
  EXPECT_EQ(shown(result.file, test.expectations[2].value), "0.6p");
  EXPECT_EQ(test.body.clauses.size(), 10u);
  EXPECT_EQ(test.body.clauses[3].body.clauses.size(), 2u);
}

TEST(Changes, HoldWhatIsSaidAnew) {
  const auto change = [](const std::string& text) { return only<ast::Change>(read("change " + text).file); };
  const ast::Change rule = change("must first_meetings for each person where won { averaged over 6 weeks sealed }");
  EXPECT_EQ(rule.kind.text, "must");
  EXPECT_EQ(std::get<ast::Rule>(rule.to).averaged_over->count, 6);
  EXPECT_TRUE(std::get<ast::Rule>(rule.to).subject->where);
  EXPECT_TRUE(std::get<ast::Rule>(rule.to).header.sealed);
  EXPECT_EQ(std::get<ast::Rule>(change("trial p.a.at_most { within 1 day }").to).name.text, "p.a.at_most");
  const ast::Change stage = change("stage proposal in sales { at most 10 days }");
  EXPECT_EQ(stage.in->text, "sales");
  EXPECT_EQ(std::get<ast::Stage>(stage.to).at_most.size(), 1u);
  EXPECT_EQ(stage.body.clauses.front().kind, ClauseKind::at_most);
  EXPECT_EQ(std::get<ast::Item>(change("item a in b { level c when won }").to).levels.size(), 1u);
  EXPECT_EQ(std::get<ast::Rung>(change("rung a in b { manager tells person }").to).steps.size(), 1u);
  EXPECT_EQ(std::get<ast::Target>(change("target t { is 10% based on judgement }").to).cases.size(), 1u);
  EXPECT_TRUE(std::get<ast::Measure>(change("measure m is a plus b { sealed }").to).header.sealed);
  EXPECT_TRUE(std::get<ast::EventDecl>(change("event e is call where won").to).event);
  EXPECT_TRUE(std::get<ast::Plan>(change("plan p { lead time 90 days }").to).lead_time->fixed);
  EXPECT_TRUE(std::get<ast::Ladder>(change("ladder l { clears after 3 months kept }").to).clears);
  EXPECT_EQ(std::get<ast::Checklist>(change("checklist l { levels a, b }").to).levels.size(), 2u);
  EXPECT_EQ(std::get<ast::Process>(change("process p { path a -> b }").to).moves.size(), 1u);
  EXPECT_EQ(std::get<ast::Calendar>(change("calendar c { holiday 2026-01-01 }").to).holidays.size(), 1u);
  EXPECT_EQ(std::get<ast::Fields>(change("fields deal { a text }").to).of.text, "deal");
  EXPECT_EQ(std::get<ast::Activity>(change("activity call { a text }").to).fields.size(), 1u);
  EXPECT_EQ(std::get<ast::Record>(change("record r { a text b text }").to).fields.size(), 2u);
}

TEST(Changes, RemoveSaysWhy) {
  const Parsed result = read("remove stage a in p because \"b\" { author \"x\" }");
  const auto& remove = only<ast::Remove>(result.file);
  EXPECT_EQ(remove.kind.text + " " + remove.name.text + " " + remove.in->text, "stage a p");
  EXPECT_EQ(remove.because.text, "b");
  EXPECT_EQ(remove.header.author->text, "x");
}

TEST(Files, HoldTheirWordsAndQuotedNames) {
  const Parsed result = read("event \"my call\" is call # rest\nwhere \"channel\" is \"phone\"");
  ASSERT_EQ(result.file.words.size(), 8u);
  EXPECT_EQ(result.texts.words(result.file.words[4]), "where");
  ASSERT_EQ(result.file.quoted_names.size(), 2u);  // what is compared with is a text
  EXPECT_EQ(result.file.quoted_names[0].text, "my call");
  EXPECT_EQ(result.texts.words(result.file.quoted_names[1].span), "\"channel\"");
}

}  // namespace
}  // namespace plumb::syntax
