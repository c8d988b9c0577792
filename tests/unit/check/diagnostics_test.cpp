#include <gtest/gtest.h>

#include "unit/check/checking.h"

// What is said of each mistake, and where; the wording is in tests/golden/check.

namespace plumb::check::testing {
namespace {

struct Mistake {
  const char* text;
  Strings said;
};

class Said : public ::testing::TestWithParam<Mistake> {};

TEST_P(Said, OnceAtItsWords) { EXPECT_EQ(Checked(GetParam().text).said(), GetParam().said) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    Names, Said,
    ::testing::Values(
        Mistake{"event a is won\nactivity a", {"1 `a` duplicate-name"}},
        Mistake{"fields deal { a one of x, x }", {"1 `x` duplicate-choice"}},
        Mistake{"fields person { manager text }", {"1 `manager` built-in-field"}},
        Mistake{"fields deal { a text }\nmust r { for each deal at won expect b is known }", {"2 `b` unknown-field"}},
        Mistake{"fields line { a text }", {"1 `line` unknown-owner"}},
        Mistake{"fields deal { a one of x, y }\nmust r { for each deal at won expect a is z }",
                {"2 `z` unknown-choice"}},
        Mistake{"must r { for each deal at call expect won }", {"1 `call` unknown-event"}},
        Mistake{"must r { for each deal at enters lead expect won }", {"1 `lead` unknown-stage"}},
        Mistake{"process p { stage a { won } }\nprocess q { stage a { won } }\nevent e is enters a",
                {"3 `a` ambiguous-stage"}},
        Mistake{"must r { for each deal of p at won expect won }", {"1 `p` unknown-process"}},
        Mistake{
            "must r { for each deal at won expect won if missed \"Say.\" recorded as excuse by owner within 2 days }",
            {"1 `excuse` unknown-record"}},
        Mistake{"must r { for each deal at won expect at least 2 of bant are heard }", {"1 `bant` unknown-checklist"}},
        Mistake{"must r { for each deal at won expect owner is known from friend }", {"1 `friend` unknown-source"}},
        Mistake{"calendar c { zone \"Mars/Base\" }", {"1 `\"Mars/Base\"` unknown-zone"}},
        Mistake{"must r { for each deal at won expect won }\nmust q { for each deal at won expect r is good }",
                {"2 `good` unknown-verdict"}},
        Mistake{"must r { for each deal at won expect won owed by team }", {"1 `team` unknown-debtor"}},
        Mistake{"event a is 1st b\nevent b is 1st a", {"2 `a` circular-definition"}}));

INSTANTIATE_TEST_SUITE_P(
    Types, Said,
    ::testing::Values(
        Mistake{"activity call\nmust r { for each deal at won expect call is 3 }", {"2 `call` event-as-value"}},
        Mistake{"must r { for each deal at won expect won and owner }", {"1 `owner` not-a-condition"}},
        Mistake{"fields deal { a money }\nmust r { for each deal at won expect a is (a is known) }",
                {"2 `a is known` not-a-value"}},
        Mistake{"fields deal { a money }\nmust r { for each deal at won expect a is 5 }", {"2 `a is 5` types-differ"}},
        Mistake{"record p { x text }\nrecord q { x date }\nevent e is any of (p, q) where x is known",
                {"3 `x` attributes-differ"}},
        Mistake{"calendar c { work monday 09:00 to 17:00 }\n"
                "process p { stage a stage b { won } path a -> b }\n"
                "must r { for each deal at won expect total time in a is at most 3 working hours }",
                {"3 `total time in a is at most 3 working hours` units-differ"}},
        Mistake{"fields deal { a text }\nmust r { for each deal at won expect a is before today }",
                {"2 `a` wrong-comparison"}},
        Mistake{"fields deal { a note }\nmust r { for each deal at won expect a is known }", {"2 `a` note-tested"}},
        Mistake{"activity call\nmust r { for each deal at won expect call is known }", {"2 `call` not-a-field"}},
        Mistake{"fields deal { a text }\nmeasure m is mean a of won deals", {"2 `a` not-a-quantity"}},
        Mistake{"fields deal { a text }\nevent e is a moved to a later month", {"2 `a` not-a-date"}},
        Mistake{"measure m is share of won deals", {"1 `share of won deals` share-without-part"}},
        Mistake{"fields deal { a count }\nmust r { for each deal at won expect a plus a is 4 }",
                {"2 `a plus a` calculation-outside-measure"}},
        Mistake{"fields deal { a count }\nmeasure m is a plus a\nmust r { for the company every year expect m is 4 }",
                {"3 `m` measure-of-other"}},
        Mistake{"must r { for each deal at won expect at least 2 of (won) }",
                {"1 `at least 2 of (won)` more-than-there-are"}},
        Mistake{"event e is 0th won", {"1 `0th won` zero-count"}},
        Mistake{"calendar c { zone \"Europe/Berlin\" }\nfields deal { a instant }\n"
                "must r { for each deal at won expect a is 2026-03-29 02:30 }",
                {"3 `2026-03-29 02:30` time-twice-or-never"}},
        Mistake{"must r { for each person every week expect its goal is known }", {"1 `its goal` its-without-event"}}));

INSTANTIATE_TEST_SUITE_P(
    UnitsAndCalendars, Said,
    ::testing::Values(
        Mistake{"process p { stage a { won at most 2 business days } }", {"1 `2 business days` no-work-hours"}},
        Mistake{"must r { for each person every term expect told has happened }", {"1 `every term` no-terms"}},
        Mistake{"calendar c { work monday 17:00 to 09:00 }", {"1 `work monday 17:00 to 09:00` work-ends-first"}},
        Mistake{"calendar c {\nwork monday 09:00 to 12:00\nwork monday to friday 11:00 to 17:00\n}",
                {"3 `work monday to friday 11:00 to 17:00` work-overlaps"}},
        Mistake{"calendar c { work friday to monday 09:00 to 17:00 }",
                {"1 `work friday to monday 09:00 to 17:00` weekdays-reversed"}},
        Mistake{"calendar c { term \"t\" 2026-02-01 to 2026-01-01 }",
                {"1 `term \"t\" 2026-02-01 to 2026-01-01` term-ends-first"}},
        Mistake{"calendar c {\nterm \"b\" 2026-03-01 to 2026-06-01\nterm \"a\" 2026-01-01 to 2026-03-01\n}",
                {"2 `term \"b\" 2026-03-01 to 2026-06-01` terms-overlap"}},
        Mistake{"calendar c {\nholiday 2026-01-01\nholiday 2026-01-01\n}",
                {"3 `holiday 2026-01-01` duplicate-holiday"}}));

INSTANTIATE_TEST_SUITE_P(
    ProcessesAndRules, Said,
    ::testing::Values(
        Mistake{"process p { stage a { won lost } }", {"1 `a` won-and-lost"}},
        Mistake{"process p { stage a stage b path a -> b -> a }", {"1 `a` stage-twice-on-path"}},
        Mistake{"must r { at won expect won }", {"1 `r` missing-subject"}},
        Mistake{"must r { for each deal expect won }", {"1 `r` missing-shape"}},
        Mistake{"must r { for each deal at won }", {"1 `r` missing-expect"}},
        Mistake{"must r { for each deal after won expect won }", {"1 `after won` missing-within"}},
        Mistake{"must r { for each deal at won expect won within 3 days }", {"1 `3 days` misplaced-clause"}},
        Mistake{"must r { for each deal throughout expect won }", {"1 `won` not-a-limit"}},
        Mistake{"activity call\nmust r { for each deal at won expect call }", {"2 `call` event-expected"}},
        Mistake{"must r { for each person every year by friday expect told has happened }",
                {"1 `by friday` point-outside-period"}},
        Mistake{"process p { stage a { won } }\nmust r { for each person in a every year expect told has happened }",
                {"2 `a` stage-of-no-deal"}},
        Mistake{"must r { for each person every year expect told has happened even when closed }",
                {"1 `r` clause-without-effect"}}));

TEST(Said, NothingIsMissingWhereTheReaderLostIt) {
  const Checked checked("must r { for each deal at won expect won is }\nmust q { for every deal at won expect won }");
  for (const std::string& said : checked.said()) EXPECT_EQ(said.find("missing-"), std::string::npos) << said;
  EXPECT_FALSE(checked.said().empty());
}

}  // namespace
}  // namespace plumb::check::testing
