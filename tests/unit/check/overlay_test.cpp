#include <gtest/gtest.h>

#include <iterator>
#include <utility>

#include "checking.h"

namespace plumb::check::testing {

namespace {

namespace ast = syntax::ast;

/// Rulebooks that build on each other, the base first and the own last, joined and checked. Rows: their names are
/// `book1`, `book2` …
struct Joined {
  source::Map texts;
  diagnostics::Sink sink;
  model::Rulebook book;

  explicit Joined(std::vector<std::string> written) {
    syntax::Stores stores;
    ast::File joined;
    for (std::size_t i = 0; i < written.size(); ++i) {
      const std::string name = fmt::format("book{}", i + 1);
      const Id<source::Text> id = texts.add(name + ".plumb", std::move(written[i]));
      ast::File file = syntax::parse(texts, id, sink, stores);
      const bool own = i + 1 == written.size();
      joined.sources.push_back({id, own ? ast::Role::own : ast::Role::base, name});
      std::ranges::move(file.declarations, std::back_inserter(joined.declarations));
      joined.text = id;
      if (own) joined.rulebook = std::move(file.rulebook);
      if (!own && file.rulebook) joined.bases.insert(joined.bases.begin(), std::move(*file.rulebook));
    }
    joined.exprs = std::move(stores.exprs);
    joined.events = std::move(stores.events);
    book = check(joined, texts, sink);
  }

  Strings said() const {
    Strings result;
    for (const diagnostics::Diagnostic& each : sink.sorted()) {
      result.push_back(fmt::format("{} `{}`", each.code, texts.words(each.span)));
    }
    return result;
  }

  std::vector<model::Rule> rules(std::string_view name) const {
    std::vector<model::Rule> result;
    std::ranges::copy_if(book.rules, std::back_inserter(result), [&](const model::Rule& rule) { return rule.name == name; });
    return result;
  }

  /// Each of the rules of this name: its sentence, and what governs it.
  Strings governed(std::string_view name) const {
    Strings result;
    for (const model::Rule& rule : rules(name)) result.push_back(rule.sentence + " | " + rule.governed_by);
    return result;
  }
};

/// What is said of a change of a rule `r`, `tighten only`, with these clauses.
Strings judged(std::string clauses, std::string changed) {
  return Joined({"rulebook book1 { version 1.0.0 }\n"
                 "fields deal { a text b text c text d count e date f one of x, y, z }\n"
                 "activity m { goal text }\n"
                 "must r \"R\" { tighten only for each deal " +
                     clauses + " }",
                 "change must r { " + changed + " }"})
      .said();
}

bool allowed(std::string before, std::string after) {
  return judged("at created expect " + before, "expect " + after).empty();
}

std::string code_of(std::string clauses, std::string changed) {
  const Strings said = judged(std::move(clauses), std::move(changed));
  return said.size() == 1 ? said.front().substr(0, said.front().find(' ')) : fmt::format("{} messages", said.size());
}

TEST(Strictness, StrongerConditionsAreStricter) {
  EXPECT_TRUE(allowed("a is known", "a is known"));
  EXPECT_TRUE(allowed("a is known", "a   is\n known"));
  EXPECT_TRUE(allowed("a is known", "b is known and a is known"));
  EXPECT_TRUE(allowed("a is known and b is known", "b is known and a is known"));
  EXPECT_TRUE(allowed("a is known or b is known", "a is known"));
  EXPECT_TRUE(allowed("a is known or b is known or c is known", "c is known or a is known"));
  EXPECT_TRUE(allowed("not (a is known and b is known)", "not (a is known)"));
  EXPECT_TRUE(allowed("d is at least 10", "d is at least 11"));
  EXPECT_TRUE(allowed("d is at least 10", "d is more than 10"));
  EXPECT_TRUE(allowed("d is at most 10", "d is less than 10"));
  EXPECT_TRUE(allowed("e is before 2026-03-02", "e is before 2026-03-01"));
  EXPECT_TRUE(allowed("f is one of x, y", "f is x"));
  EXPECT_TRUE(allowed("at least 2 of (a is known, b is known, c is known)",
                      "at least 3 of (a is known, b is known, c is known)"));
  EXPECT_TRUE(allowed("at least 2 of (a is known, b is known, c is known)", "at least 2 of (a is known, b is known)"));
  EXPECT_TRUE(allowed("at least 2 of (a is known, b is known, c is known)", "a is known and c is known"));
  EXPECT_TRUE(allowed("e is at most 10 days after today", "e is at most 1 week after today"));
}

TEST(Strictness, AllOtherConditionsAreNot) {
  EXPECT_FALSE(allowed("a is known and b is known", "a is known"));
  EXPECT_FALSE(allowed("a is known", "a is known or b is known"));
  EXPECT_FALSE(allowed("a is known", "b is known"));
  EXPECT_FALSE(allowed("not (a is known)", "not (a is known and b is known)"));
  EXPECT_FALSE(allowed("d is at least 10", "d is at least 9"));
  EXPECT_FALSE(allowed("d is more than 10", "d is at least 10"));
  EXPECT_FALSE(allowed("d is at least 10", "d is at most 11"));
  EXPECT_FALSE(allowed("f is x", "f is one of x, y"));
  EXPECT_FALSE(allowed("f is not x", "f is y"));
  EXPECT_FALSE(allowed("at least 2 of (a is known, b is known)", "at least 2 of (a is known, b is known, c is known)"));
  EXPECT_FALSE(allowed("at least 2 of (a is known, b is known, c is known)",
                       "at least 2 of (a is known, b is known, d is known)"));
  EXPECT_FALSE(allowed("a is known", "a is known from buyer"));
  EXPECT_FALSE(allowed("e is at most 10 days after today", "e is at most 10 business days after today"));
}

TEST(Strictness, DeadlinesCompareWithinOneKindOfUnit) {
  const std::string base = "after m expect a is known within ";
  EXPECT_EQ(code_of(base + "2 days", "within 1 day"), "0 messages");
  EXPECT_EQ(code_of(base + "2 weeks", "within 14 days"), "0 messages");
  EXPECT_EQ(code_of(base + "2 hours", "within 90 minutes"), "0 messages");
  EXPECT_EQ(code_of(base + "2 days", "within 3 days"), "loosened");
  EXPECT_EQ(code_of(base + "2 days", "within 24 hours"), "strictness-undecided");
}

TEST(Strictness, OfSubjectsMoreIsStricter) {
  const std::string base = "in s or later where a is known at created expect b is known";
  const auto subject = [&](std::string text) {
    Joined joined({"fields deal { a text b text } process p { stage s { } stage w { won } path s -> w }\n"
                   "must r \"R\" { tighten only for each deal " + base + " }",
                   "change must r { for each deal " + text + " }"});
    return joined.said();
  };
  EXPECT_EQ(subject("in s or later"), Strings{});
  EXPECT_EQ(subject("where a is known"), Strings{});
  EXPECT_EQ(subject(""), Strings{});
  EXPECT_EQ(subject("where a is known or b is known"), Strings{});
  EXPECT_EQ(subject("in s where a is known"), Strings{"loosened `for each deal in s where a is known`"});
  EXPECT_EQ(subject("where b is known"), Strings{"strictness-undecided `for each deal where b is known`"});
}

TEST(Overlay, AChangeReplacesTheClausesItSays) {
  const Joined joined({"rulebook book1 { version 2.0.0 }\n"
                       "activity m fields deal { a text b text }\n"
                       "must r \"R\" { for each deal after m expect a is known within 2 days }\n"
                       "must other \"O\" { for each deal at created expect a is known }",
                       "change should r { expect b is known }\n"
                       "must mine \"M\" { for each deal at created expect b is known }"});
  EXPECT_EQ(joined.said(), Strings{});
  ASSERT_EQ(joined.rules("r").size(), 1U);
  EXPECT_EQ(joined.rules("r").front().strength, model::Strength::should);
  EXPECT_EQ(joined.book.exprs[joined.rules("r").front().expect].words, "b is known");
  EXPECT_EQ(joined.rules("r").front().within->count, 2);
  EXPECT_EQ(joined.rules("r").front().governed_by, "book2");
  EXPECT_EQ(joined.rules("other").front().governed_by, "book1 2.0.0");
  EXPECT_EQ(joined.rules("mine").front().governed_by, "");
}

TEST(Overlay, APartOfTheSubjectsIsTakenOutOfTheRest) {
  const Joined joined({"fields deal { a text b text } must r \"R\" { for each deal where a is known at created expect b is known }",
                       "change must r for each deal where b is known { even when closed }\n"
                       "change must r for each deal where a is missing or b is missing { because \"X\" }"});
  EXPECT_EQ(joined.said(), Strings{});
  Strings subjects;
  for (const model::Rule& rule : joined.rules("r")) {
    subjects.push_back(joined.book.exprs[rule.subject.where].words + " | " + rule.governed_by);
  }
  const Strings expected{
      "a is known and not (b is known) and not (a is missing or b is missing) | book1",
      "a is known and b is known and not (a is missing or b is missing) | book2, for each deal where b is known",
      "a is known and (a is missing or b is missing) | book2, for each deal where a is missing or b is missing"};
  EXPECT_EQ(subjects, expected);
  EXPECT_FALSE(joined.rules("r")[0].even_when_closed);
  EXPECT_TRUE(joined.rules("r")[1].even_when_closed);
  EXPECT_FALSE(joined.rules("r")[2].even_when_closed);
}

TEST(Overlay, ChangesGoOnFromRulebookToRulebook) {
  const Joined joined({"rulebook book1 { version 1.0.0 } fields deal { a text b text }\n"
                       "must r \"R\" { for each deal at created expect a is known }",
                       "rulebook book2 { version 2.0.0 } change must r for each deal where b is known { even when closed }",
                       "change must r { because \"All of them.\" }"});
  EXPECT_EQ(joined.said(), Strings{});
  ASSERT_EQ(joined.rules("r").size(), 2U);
  EXPECT_EQ(joined.rules("r")[0].because, "All of them.");
  EXPECT_EQ(joined.rules("r")[1].because, "All of them.");
  EXPECT_EQ(joined.rules("r")[0].governed_by, "book3");
  EXPECT_EQ(joined.rules("r")[1].governed_by, "book3, for each deal where b is known");
}

TEST(Overlay, TheHeaderIsInheritedFromTheNearestBase) {
  const Joined joined({"rulebook book1 { effective from 2026-01-01 if missed \"One.\" by owner within 1 day }\n"
                       "calendar first { work monday to friday 09:00 to 17:00 }",
                       "rulebook book2 { effective from 2026-02-01 calendar second }\n"
                       "calendar second { work monday to friday 08:00 to 16:00 }",
                       "rulebook book3 { version 1.0.0 } calendar third { work monday to friday 07:00 to 15:00 }"});
  EXPECT_EQ(joined.said(), Strings{});
  EXPECT_EQ(joined.book.default_calendar()->name, "second");
  ASSERT_TRUE(joined.book.header.effective_from);
  EXPECT_EQ(time::to_text(*joined.book.header.effective_from), "2026-02-01");
  ASSERT_EQ(joined.book.responses.size(), 1U);
  EXPECT_EQ(joined.book.responses.front().text, "One.");
}

TEST(Overlay, ARemovedRuleMayBeDeclaredAnew) {
  const Joined joined({"fields deal { a text } must r \"R\" { for each deal at created expect a is known }",
                       "remove must r because \"Another.\"\n"
                       "should r \"Mine\" { for each deal at won expect a is known }"});
  EXPECT_EQ(joined.said(), Strings{});
  ASSERT_EQ(joined.rules("r").size(), 1U);
  EXPECT_EQ(joined.rules("r").front().title, "Mine");
}

TEST(Overlay, ClausesOfStagesSayWhoseTheyAre) {
  const Joined joined({"rulebook book1 { version 1.0.0 } fields deal { a text }\n"
                       "process p { stage s { to enter a is known at most 5 days } stage w { won } path s -> w }",
                       "change stage s in p { at most 3 days }"});
  EXPECT_EQ(joined.said(), Strings{});
  EXPECT_EQ(joined.rules("p.s.to_enter").front().governed_by, "book1 1.0.0");
  EXPECT_EQ(joined.rules("p.s.at_most").front().governed_by, "book2");
  EXPECT_EQ(joined.rules("p.s.at_most").front().within->count, 3);
  EXPECT_EQ(joined.rules("p.path").front().governed_by, "book1 1.0.0");
}

/// From when to when each version is in force, and how many days it gives.
Strings versions(const Joined& joined) {
  const auto day = [](const std::optional<time::Day>& each) { return each ? time::to_text(*each) : std::string("always"); };
  Strings result;
  for (const model::Rule& rule : joined.rules("r")) {
    result.push_back(
        fmt::format("{} to {}: {}", day(rule.effective_from), day(rule.effective_until), rule.within->count));
  }
  return result;
}

constexpr const char* base_rule =
    "fields deal { a text b text } must r { for each deal after created expect a is known within 9 days }\n";

TEST(Overlay, AChangeOnADayLeavesTheRuleAsItWasUntilThen) {
  const Joined own(
      {base_rule, "rulebook book2 { version 1.0.0 } change must r { within 5 days effective from 2026-03-01 }"});
  EXPECT_EQ(own.said(), Strings{});
  EXPECT_EQ(versions(own), (Strings{"always to 2026-03-01: 9", "2026-03-01 to always: 5"}));
  const Joined by_header({std::string("rulebook book1 { effective from 2026-01-01 }") + base_rule,
                          "rulebook book2 { effective from 2026-03-01 } change must r { within 5 days }"});
  EXPECT_EQ(versions(by_header), (Strings{"2026-01-01 to 2026-03-01: 9", "2026-03-01 to always: 5"}));
  EXPECT_EQ(by_header.rules("r").front().governed_by, "book1");
  const Joined earlier({std::string("rulebook book1 { effective from 2026-01-01 }") + base_rule,
                        "change must r { within 5 days effective from 2025-03-01 }"});
  EXPECT_EQ(versions(earlier), (Strings{"2025-03-01 to always: 5"}));
}

TEST(Overlay, WhatAClientDoesNotChangeKeepsTheDayOfItsBase) {
  const Joined joined({std::string("rulebook book1 { effective from 2026-01-01 }") + base_rule,
                       "rulebook book2 { effective from 2026-03-01 } must s { for each deal at won expect a is known }"});
  EXPECT_EQ(versions(joined), (Strings{"2026-01-01 to always: 9"}));
  EXPECT_EQ(time::to_text(*joined.rules("s").front().effective_from), "2026-03-01");
  const Joined undated({base_rule, "rulebook book2 { effective from 2026-03-01 }"});
  EXPECT_EQ(versions(undated), (Strings{"always to always: 9"}));
}

TEST(Overlay, VersionsOfVersionsStandInTheOrderOfTheirDays) {
  const Strings texts{base_rule, "change must r { within 5 days effective from 2026-03-01 }"};
  const auto with = [&](const char* change) {
    Strings all = texts;
    all.emplace_back(change);
    return versions(Joined(all));
  };
  EXPECT_EQ(with("change must r { within 3 days effective from 2026-05-01 }"),
            (Strings{"always to 2026-03-01: 9", "2026-03-01 to 2026-05-01: 5", "2026-05-01 to always: 3"}));
  EXPECT_EQ(with("change must r { within 3 days effective from 2026-02-01 }"),
            (Strings{"always to 2026-02-01: 9", "2026-02-01 to 2026-03-01: 3", "2026-03-01 to always: 3"}));
  EXPECT_EQ(with("change must r { within 3 days }"),
            (Strings{"always to 2026-03-01: 3", "2026-03-01 to always: 3"}));
}

TEST(Overlay, APartMayChangeOnADay) {
  const Joined joined({base_rule, "change must r for each deal where b is known { within 5 days effective from 2026-03-01 }"});
  EXPECT_EQ(joined.said(), Strings{});
  EXPECT_EQ(versions(joined), (Strings{"always to 2026-03-01: 9", "2026-03-01 to always: 9", "2026-03-01 to always: 5"}));
  const Joined both({base_rule,
                     "change must r for each deal where b is known { within 5 days }\n"
                     "change must r { within 7 days effective from 2026-03-01 }"});
  EXPECT_EQ(both.said(), Strings{});
  EXPECT_EQ(versions(both), (Strings{"always to 2026-03-01: 9", "always to 2026-03-01: 5", "2026-03-01 to always: 7",
                                     "2026-03-01 to always: 5"}));
  const Joined twice({base_rule,
                      "change must r for each deal where b is known { within 5 days effective from 2026-03-01 }\n"
                      "change must r for each deal where a is known { within 3 days effective from 2026-04-01 }"});
  EXPECT_EQ(twice.said(), Strings{});
  EXPECT_EQ(versions(twice), (Strings{"always to 2026-03-01: 9", "2026-03-01 to 2026-04-01: 9",
                                      "2026-03-01 to 2026-04-01: 5", "2026-04-01 to always: 9",
                                      "2026-04-01 to always: 5", "2026-04-01 to always: 3"}));
  const Joined later({base_rule, "change must r for each deal where b is known { within 5 days effective from 2026-03-01 }",
                      "change must r { within 2 days effective from 2026-04-01 }"});
  EXPECT_EQ(later.said(), Strings{});
  EXPECT_EQ(versions(later), (Strings{"always to 2026-03-01: 9", "2026-03-01 to 2026-04-01: 9",
                                      "2026-03-01 to 2026-04-01: 5", "2026-04-01 to always: 2", "2026-04-01 to always: 2"}));
}

TEST(Overlay, EachVersionComesBehindThoseThatAreOver) {
  const Joined joined({base_rule, "change must r for each deal where b is known { within 5 days effective from 2026-03-01 }"});
  const std::vector<model::Rule> rules = joined.rules("r");
  ASSERT_EQ(rules.size(), 3u);
  EXPECT_FALSE(rules[0].same_as);
  EXPECT_TRUE(rules[1].same_as);
  EXPECT_EQ(*rules[2].same_as, *rules[1].same_as + 1);
}

TEST(Overlay, WhatWasNotFollowedIsLeftAsItIs) {
  const Checked checked("extends acme change must r { within 1 day } remove should q because \"No.\"");
  EXPECT_EQ(checked.said(), Strings{});
  EXPECT_EQ(checked.unevaluated(), (Strings{"extends acme", "change r", "remove q"}));
}

}  // namespace

}  // namespace plumb::check::testing
