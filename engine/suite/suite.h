#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "eval/beyond.h"
#include "eval/verdict.h"
#include "model/model.h"
#include "source/source.h"
#include "suite/test_history.h"

/// The tests that a rulebook carries: each is a small history, held against the rules of the rulebook.
namespace plumb::suite {

/// A fact that a verdict rests on.
struct Evidence {
  source::Span line;  // of the test
  std::string text;   // meeting, Tue 3 Mar 2026 10:00
};

/// An obligation as it turned out. Texts are for people, in the default calendar's zone.
struct Turned {
  eval::Verdict verdict = eval::Verdict::due;
  time::Instant opened, deadline, settled;
  std::string owed_by;  // empty: nobody is known to
  std::string clock;    // opened Tue 3 Mar 2026 10:00, due by the end of Thu 5 Mar 2026
  std::vector<std::string> reasons;
  std::vector<std::string> missing;  // the facts that would have to be known
  std::vector<Evidence> evidence;
};

/// `not_evaluated`: this version cannot say. It counts as failed.
enum class Outcome : std::uint8_t { passed, failed, not_evaluated };

/// What came of one expectation.
struct Checked {
  source::Span line;
  std::string expected;  // in the words of the test
  Outcome outcome = Outcome::failed;
  std::string found;           // one sentence; empty when it passed
  std::vector<Turned> turned;  // the obligations that it is about, when it did not pass; the first few
  std::size_t untold = 0;      // how many more there are
};

struct TestRun {
  std::string title;
  source::Span line;
  std::vector<Trouble> troubles;  // not empty: nothing was judged
  std::vector<Checked> checked;   // in the order of the text

  bool passed() const;
};

/// A condition that was looked at, and what it was.
struct SeenAtom {
  Id<model::Expr> atom;
  bool held = false;
};

/// A rule that an expectation is about. Missing: no verdict where it expects that the rule asks nothing.
struct Exercise {
  std::uint32_t rule = 0;  // into Rulebook::rules
  std::optional<eval::Verdict> verdict;
  std::vector<SeenAtom> atoms;  // that decided the verdict, and those of the rule's `where`
};

/// What the tests of a rulebook looked at; made by `run`, read by `coverage_of`.
struct Exercised {
  std::vector<Exercise> rules;
  std::vector<ToldMove> moves;  // of deals of tests, before the last instant that is looked at
};

/// A declaration that this version does not evaluate, and the words of it for which it is. Missing: no words where it
/// is all of it.
struct LeftOut {
  model::Unevaluated declaration;
  std::vector<eval::Beyond> words;
};

struct SuiteRun {
  std::vector<TestRun> tests;
  std::vector<LeftOut> left_out;
  Exercised exercised;
};

struct Options {
  std::string filter;  // only tests whose title holds it, in any case of letters; empty: all
};

/// Whether the test is one of those asked for.
bool is_chosen(const model::Test& test, const Options& options);

/// Runs the rulebook's tests. The rulebook has no errors; `texts` are those it was read from.
SuiteRun run(const model::Rulebook& rulebook, const source::Map& texts, const Options& options);

}  // namespace plumb::suite
