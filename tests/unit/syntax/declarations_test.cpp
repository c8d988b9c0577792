#include <gtest/gtest.h>

#include "unit/syntax/examples.h"
#include "unit/syntax/shown.h"

namespace plumb::syntax {
namespace {

using Lines = std::vector<std::string>;
constexpr std::int64_t hour = 3'600'000'000;

TEST(Examples, AcmeIsReadWhole) {
  const Parsed result = parsed(acme);
  ASSERT_EQ(said(result), Lines{});
  const ast::File& file = result.file;
  ASSERT_TRUE(file.rulebook);
  EXPECT_EQ(file.rulebook->name.text, "acme.new_business");
  EXPECT_EQ(file.rulebook->version->text, "3.1.0");
  EXPECT_EQ(file.rulebook->title->text, "Winning new customers");
  EXPECT_EQ(to_text(*file.rulebook->header.effective_from), "2026-02-01");
  EXPECT_EQ(file.rulebook->responses.size(), 1u);
  EXPECT_EQ(file.comments.size(), 11u);
  EXPECT_EQ(count<ast::Calendar>(file), 1u);
  EXPECT_EQ(count<ast::Fields>(file), 4u);
  EXPECT_EQ(count<ast::Activity>(file), 3u);
  EXPECT_EQ(count<ast::Record>(file), 3u);
  EXPECT_EQ(count<ast::EventDecl>(file), 6u);
  EXPECT_EQ(count<ast::Process>(file), 1u);
  EXPECT_EQ(count<ast::Measure>(file), 4u);
  EXPECT_EQ(count<ast::Rule>(file), 9u);
  EXPECT_EQ(count<ast::Prove>(file), 4u);
  EXPECT_EQ(count<ast::Test>(file), 2u);
  EXPECT_EQ(count<ast::Use>(file), 1u);
  EXPECT_EQ(count<ast::Checklist>(file), 1u);
  EXPECT_EQ(count<ast::Target>(file), 1u);
  EXPECT_EQ(count<ast::Plan>(file), 1u);
  EXPECT_EQ(count<ast::Ladder>(file), 1u);
}

TEST(Examples, GlobexIsADifference) {
  const Parsed result = parsed(globex);
  ASSERT_EQ(said(result), Lines{});
  EXPECT_EQ(count<ast::Extends>(result.file), 1u);
  EXPECT_EQ(count<ast::Change>(result.file), 4u);
  EXPECT_EQ(count<ast::Remove>(result.file), 1u);
  EXPECT_EQ(count<ast::Rule>(result.file), 1u);
  EXPECT_EQ(count<ast::Fields>(result.file), 1u);
  const auto& first_change = std::get<ast::Change>(result.file.declarations[1]);
  EXPECT_EQ(std::get<ast::Rule>(first_change.to).name.text, "agreed_next_step");
}

TEST(Examples, TheProcessOfAcme) {
  const Parsed result = parsed(acme);
  const auto& process = only<ast::Process>(result.file);
  EXPECT_EQ(shown(result.file, process.for_deals_where), "(is record_type 'New Business')");
  ASSERT_EQ(process.stages.size(), 8u);
  ASSERT_EQ(process.moves.size(), 3u);
  EXPECT_EQ(process.moves[0].stages.size(), 7u);
  EXPECT_EQ(process.moves[1].kind, ast::Move::Kind::back);
  EXPECT_EQ(process.moves[1].at_most_times, 1);
  EXPECT_EQ(shown(result.file, process.moves[1].when), "(known back_reason since:[enters proposal])");
  EXPECT_EQ(process.moves[2].kind, ast::Move::Kind::from_any);
  const ast::Stage& needs = process.stages[3];
  EXPECT_EQ(needs.label->text, "Needs Analysis");
  EXPECT_TRUE(needs.may_be_skipped);
  EXPECT_EQ(shown(result.file, needs.may_be_skipped_when), "(less-than amount 10,000USD)");
  EXPECT_EQ(to_text(needs.at_most.front().at_most.duration), "25 business days");
  EXPECT_TRUE(process.stages[6].won);
  EXPECT_TRUE(process.stages[7].lost);
  EXPECT_EQ(shown(result.file, process.stages[7].to_enter.front().condition), "(known lost_reason)");
}

TEST(Rules, EveryClause) {
  const Parsed result = parsed(R"(must a "title" {
  right way
  for each deal of p in qualification or later where amount is more than 5 USD
  after 1st meeting for each account
  expect x is known
  within 2 business days
  at least 3 hours ahead
  lapse at most 4 days at a time
  each its own
  even when closed
  given at least 20 first_touch where channel is phone
  averaged over 4 weeks
  adjusted for holidays, leave longer than 2 business days
  late counts as kept
  owed by manager
  because "why"
  if missed "m" recorded as cause by owner within 1 day
  if cannot tell "c" by manager within 2 days
  ladder humane
  based on 214 deals until 2026-01-01
  author "x"
  proposed by "y" on 2026-02-10
  effective from 2026-02-11
  review by 2026-07-31
  sealed
  tighten only
})");
  ASSERT_EQ(said(result), Lines{});
  const auto& rule = only<ast::Rule>(result.file);
  EXPECT_EQ(rule.title->text, "title");
  EXPECT_EQ(rule.right->text, "way");
  EXPECT_EQ(rule.subject->process->text, "p");
  EXPECT_EQ(rule.subject->stage->text, "qualification");
  EXPECT_TRUE(rule.subject->or_later);
  EXPECT_EQ(shown(result.file, rule.subject->where), "(more-than amount 5USD)");
  EXPECT_EQ(rule.shape->shape, ast::Shape::after);
  EXPECT_EQ(shown(result.file, rule.shape->event), "[#1 [meeting] each:account]");
  EXPECT_EQ(shown(result.file, rule.expect), "(known x)");
  EXPECT_EQ(to_text(rule.within->duration), "2 business days");
  EXPECT_EQ(to_text(rule.at_least_ahead->duration), "3 hours");
  EXPECT_EQ(to_text(rule.lapse_at_most->duration), "4 days");
  EXPECT_TRUE(rule.each_its_own && rule.even_when_closed && rule.header.sealed && rule.header.tighten_only);
  ASSERT_EQ(rule.given.size(), 1u);
  EXPECT_EQ(rule.given[0].count, 20);
  EXPECT_EQ(shown(result.file, rule.given[0].where), "(is channel phone)");
  EXPECT_EQ(rule.averaged_over->count, 4);
  EXPECT_EQ(rule.averaged_over->period, time::Period::week);
  EXPECT_EQ(rule.owed_by->text, "manager");
  EXPECT_EQ(rule.because->text, "why");
  ASSERT_EQ(rule.responses.size(), 2u);
  EXPECT_EQ(rule.responses[0].recorded_as->text, "cause");
  EXPECT_EQ(rule.responses[1].verdict.text, "cannot tell");
  EXPECT_EQ(rule.ladder->text, "humane");
  EXPECT_EQ(rule.header.proposed_by->text, "y");
  EXPECT_EQ(to_text(*rule.header.proposed_on), "2026-02-10");
  EXPECT_EQ(to_text(*rule.header.review_by), "2026-07-31");
  ASSERT_EQ(rule.adjusted->adjustments.size(), 2u);
  EXPECT_EQ(rule.adjusted->adjustments[1].name.text, "leave");
  EXPECT_EQ(to_text(rule.adjusted->adjustments[1].longer_than->duration), "2 business days");
  EXPECT_EQ(rule.late_counts_as->text, "kept");
  EXPECT_EQ(rule.basis->count, 214);
  EXPECT_EQ(shown(result.file, rule.basis->thing.event), "[deals]");
  EXPECT_EQ(to_text(*rule.basis->until), "2026-01-01");
}

TEST(Rules, EveryShape) {
  const auto shape = [](const std::string& clause) {
    const Parsed result = parsed("must a \"b\" { expect x is known " + clause + " }");
    EXPECT_EQ(said(result), Lines{}) << clause;
    return *only<ast::Rule>(result.file).shape;
  };
  EXPECT_EQ(shape("after call").shape, ast::Shape::after);
  EXPECT_EQ(shape("before call").shape, ast::Shape::before);
  EXPECT_EQ(shape("at enters proposal").shape, ast::Shape::at);
  EXPECT_EQ(shape("while open and in needs").shape, ast::Shape::while_);
  EXPECT_EQ(shape("every quarter").period, time::Period::quarter);
  EXPECT_EQ(shape("throughout").shape, ast::Shape::throughout);
  const ast::ShapeClause weekly = shape("every week by monday 16:30 of the week after or the next business day");
  EXPECT_EQ(weekly.point->weekday, 1);
  EXPECT_EQ(weekly.point->micros_of_day, 16 * hour + hour / 2);
  EXPECT_TRUE(weekly.point->of_period_after && weekly.point->or_next_business_day);
  EXPECT_FALSE(weekly.point->business);
  const ast::ShapeClause monthly = shape("every month by business day 5");
  EXPECT_TRUE(monthly.point->business);
  EXPECT_EQ(monthly.point->day_number, 5);
}

TEST(Rules, ClausesStandInAnyOrder) {
  const Parsed result = parsed(R"(must a "b" { because "x" within 2 days expect x is known  after call  for each deal
    right time })");
  ASSERT_EQ(said(result), Lines{});
  const auto& rule = only<ast::Rule>(result.file);
  EXPECT_TRUE(rule.because && rule.within && rule.expect && rule.shape && rule.subject && rule.right);
  EXPECT_LT(rule.within->span.begin, rule.shape->span.begin);
}

TEST(Rules, SubjectsAndStrengths) {
  const Parsed result = parsed("should a \"b\" { for the company }\ntrial c \"d\" { for each team where size is 3 }");
  ASSERT_EQ(said(result), Lines{});
  const auto& company = std::get<ast::Rule>(result.file.declarations[0]);
  const auto& team = std::get<ast::Rule>(result.file.declarations[1]);
  EXPECT_EQ(company.strength, ast::Strength::should);
  EXPECT_EQ(company.subject->kind, ast::SubjectKind::company);
  EXPECT_EQ(team.strength, ast::Strength::trial);
  EXPECT_EQ(team.subject->kind, ast::SubjectKind::team);
}

TEST(Stages, EveryClause) {
  const Parsed result = parsed(R"(process p {
  on hold while paused is yes
  stage a as "A" {
    buyer "b"
    manager "m"
    to move on x is known
    to enter y is known
    while in z is known
    at most 3 weeks
    may be skipped
    may be first when first_stage is known
    on hold
    was old, older
  }
  stage c
  from any open stage -> lost, dead
})");
  ASSERT_EQ(said(result), Lines{});
  const auto& process = only<ast::Process>(result.file);
  EXPECT_EQ(shown(result.file, process.on_hold_while), "(is paused yes)");
  ASSERT_EQ(process.stages.size(), 2u);
  const ast::Stage& stage = process.stages.front();
  EXPECT_TRUE(stage.may_be_skipped && stage.may_be_first && stage.on_hold);
  EXPECT_FALSE(stage.may_be_skipped_when);
  EXPECT_EQ(shown(result.file, stage.may_be_first_when), "(known first_stage)");
  EXPECT_EQ(stage.to_enter.size() + stage.to_move_on.size() + stage.while_in.size() + stage.at_most.size(), 4u);
  ASSERT_EQ(stage.was.size(), 2u);
  EXPECT_EQ(stage.was[1].text, "older");
  EXPECT_EQ(process.moves.front().stages.size(), 2u);
}

TEST(Calendars, EveryClause) {
  const Parsed result = parsed(R"(calendar office {
  zone "America/New_York"
  work monday to friday 09:00 to 12:00
  work saturday 10:00 to 24:00
  holiday 2026-05-25 "Memorial Day"
  holiday 2026-07-03
  term "2026-1" 2026-01-01 to 2026-04-15
  fiscal year starts may
  week starts sunday
})");
  ASSERT_EQ(said(result), Lines{});
  const auto& calendar = only<ast::Calendar>(result.file);
  EXPECT_EQ(calendar.zone->text, "America/New_York");
  ASSERT_EQ(calendar.work.size(), 2u);
  EXPECT_EQ(calendar.work[0].to_weekday, 5);
  EXPECT_EQ(calendar.work[1].from_weekday, 6);
  EXPECT_EQ(calendar.work[1].to_weekday, 6);
  EXPECT_EQ(calendar.work[1].until_micros, 24 * hour);
  ASSERT_EQ(calendar.holidays.size(), 2u);
  EXPECT_FALSE(calendar.holidays[1].name);
  EXPECT_EQ(calendar.terms.front().name.text, "2026-1");
  EXPECT_EQ(to_text(calendar.terms.front().to), "2026-04-15");
  EXPECT_EQ(calendar.fiscal_year_starts_month, 5);
  EXPECT_EQ(calendar.week_starts_weekday, 7);
}

TEST(Fields, TypesAndChoices) {
  const Parsed result =
      parsed("fields deal of account { amount money  due business days  kind one of a, b  note note }");
  ASSERT_EQ(said(result), Lines{});
  const auto& fields = only<ast::Fields>(result.file);
  EXPECT_EQ(fields.parent->text, "account");
  ASSERT_EQ(fields.fields.size(), 4u);
  EXPECT_EQ(fields.fields[1].type.text, "business days");
  EXPECT_TRUE(fields.fields[2].type.text.empty());
  EXPECT_EQ(fields.fields[2].choices.size(), 2u);
  EXPECT_EQ(fields.fields[3].type.text, "note");
}

TEST(Files, SpansAreBytesAndCommentsAreKept) {
  const Parsed result = parsed("\xEF\xBB\xBF# größe\nevent e is größe changed # Ende\n");
  ASSERT_EQ(said(result), Lines{});
  const auto& event = only<ast::EventDecl>(result.file);
  EXPECT_EQ(result.texts.words(event.span), "event e is größe changed");
  ASSERT_EQ(result.file.comments.size(), 2u);
  EXPECT_EQ(result.texts.words(result.file.comments[1].span), "# Ende");
}

}  // namespace
}  // namespace plumb::syntax
