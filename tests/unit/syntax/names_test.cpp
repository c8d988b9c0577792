#include <gtest/gtest.h>

#include "unit/syntax/shown.h"

namespace plumb::syntax {
namespace {

// Every keyword of the language, so that a new one is added here on purpose.
const std::vector<std::string> keywords = {
    "a",        "account",  "activity", "actor",     "adjusted", "after",     "again",     "ahead",      "an",
    "and",      "another",  "any",      "april",     "are",      "as",        "at",        "august",     "author",
    "averaged", "back",     "based",    "be",        "because",  "before",    "better",    "business",   "buyer",
    "by",       "calendar", "cannot",   "change",    "changed",  "checklist", "clears",    "climbs",     "closed",
    "comes",    "company",  "contact",  "count",     "counts",   "created",   "date",      "day",        "days",
    "deal",     "deals",    "december", "differs",   "divided",  "each",      "earlier",   "effective",  "else",
    "enter",    "enters",   "even",     "event",     "every",    "expect",    "extends",   "february",   "fields",
    "first",    "fiscal",   "followed", "for",       "friday",   "from",      "given",     "going",      "half",
    "happened", "has",      "hold",     "holds",     "holiday",  "holidays",  "hour",      "hours",      "if",
    "in",       "instant",  "is",       "item",      "its",      "january",   "judgement", "july",       "june",
    "kept",     "known",    "ladder",   "lapse",     "last",     "late",      "later",     "lead",       "least",
    "leave",    "leaves",   "less",     "level",     "levels",   "longer",    "longest",   "lost",       "manager",
    "march",    "may",      "mean",     "measure",   "median",   "minus",     "minute",    "minutes",    "missed",
    "missing",  "monday",   "money",    "month",     "months",   "more",      "most",      "move",       "moved",
    "must",     "needs",    "next",     "no",        "not",      "note",      "november",  "number",     "october",
    "of",       "on",       "one",      "only",      "open",     "opened",    "or",        "over",       "owed",
    "owes",     "own",      "owner",    "passes",    "path",     "per",       "percent",   "person",     "plan",
    "plus",     "process",  "proposed", "prove",     "quarter",  "quarters",  "ramp",      "rates",      "reachable",
    "reached",  "record",   "recorded", "records",   "remove",   "review",    "right",     "rulebook",   "rung",
    "same",     "saturday", "sealed",   "september", "sets",     "share",     "should",    "since",      "skipped",
    "stage",    "starts",   "step",     "sum",       "sunday",   "target",    "team",      "tell",       "tells",
    "term",     "terms",    "test",     "text",      "than",     "the",       "thing",     "throughout", "thursday",
    "tighten",  "time",     "times",    "title",     "to",       "today",     "total",     "trial",      "tuesday",
    "until",    "use",      "version",  "waits",     "was",      "way",       "wednesday", "week",       "weeks",
    "when",     "where",    "while",    "with",      "within",   "without",   "won",       "work",       "working",
    "worth",    "year",     "years",    "zone"};

const std::vector<std::string> reserved = {
    "and",   "or",    "not",     "is",     "has",        "in",     "of",    "where",  "since",  "at",       "least",
    "most",  "more",  "less",    "than",   "count",      "share",  "sum",   "mean",   "median", "known",    "missing",
    "today", "any",   "each",    "every",  "later",      "before", "after", "enters", "leaves", "happened", "one",
    "its",   "time",  "earlier", "within", "because",    "expect", "if",    "given",  "better", "for",      "by",
    "when",  "while", "over",    "per",    "throughout", "from",   "to",    "deals"};

bool is_reserved(const std::string& word) {
  return std::find(reserved.begin(), reserved.end(), word) != reserved.end();
}

TEST(Names, EveryKeywordMayBeDeclared) {
  for (const std::string& word : keywords) {
    const Parsed result =
        parsed("activity " + word + " { " + "goal text }\nprocess p { stage " + word + " { won } path a -> " + word +
               " }\nmust " + word + " \"x\" { }\ncalendar " + word + " { }");
    EXPECT_EQ(said(result), std::vector<std::string>{}) << word;
    EXPECT_EQ(only<ast::Activity>(result.file).name.text, word);
    EXPECT_EQ(only<ast::Process>(result.file).stages.front().name.text, word);
    EXPECT_EQ(only<ast::Rule>(result.file).name.text, word);
  }
}

TEST(Names, EveryKeywordMayBeAField) {
  for (const std::string& word : keywords) {
    const bool quoted = word == "sealed" || word == "tighten";  // header words stand among the fields
    const Parsed result =
        parsed("fields deal { " + (quoted ? "\"" + word + "\"" : word) + " text  after_it one of " + word + ", b }");
    EXPECT_EQ(said(result), std::vector<std::string>{}) << word;
    ASSERT_EQ(only<ast::Fields>(result.file).fields.size(), 2u) << word;
    EXPECT_EQ(only<ast::Fields>(result.file).fields.front().name.text, word);
    EXPECT_EQ(only<ast::Fields>(result.file).fields.back().choices.front().text, word);
  }
}

TEST(Names, OnlyConnectingWordsAreReservedInConditions) {
  for (const std::string& word : keywords) {
    if (is_reserved(word)) continue;
    EXPECT_EQ(condition(word + " is known"), "(known " + word + ")");
    EXPECT_EQ(condition("a is " + word), "(is a " + word + ")");
  }
}

TEST(Names, ConnectingWordsAreQuoted) {
  for (const std::string& word : reserved) {
    EXPECT_EQ(condition("\"" + word + "\" is known"), "(known " + word + ")");
    if (word == "today") continue;  // a value by itself
    const Parsed bare = parsed("must a \"b\" { expect " + word + " is known }");
    EXPECT_FALSE(bare.sink.all().empty()) << word;
  }
}

TEST(Names, LettersOfAllAlphabets) { EXPECT_EQ(condition("größe is żółty"), "(is größe żółty)"); }

TEST(Names, CurrenciesAreNamesElsewhere) {
  EXPECT_EQ(condition("USD is ABC"), "(is USD ABC)");
  EXPECT_EQ(condition("count of x over last 3 ABC is at most 1"), "(at-most (count [x] last:3 of:[ABC]) 1)");
}

}  // namespace
}  // namespace plumb::syntax
