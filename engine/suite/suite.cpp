#include "suite/suite.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "eval/run.h"
#include "suite/atoms.h"
#include "suite/judge.h"
#include "suite/measured.h"

namespace plumb::suite {

namespace {

using model::TestExpectation;
using time::Instant;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::string folded(std::string_view words) {
  std::string result;
  for (const char c : words) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank) {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  return result;
}

/// One rulebook's tests being run.
struct Running {
  const model::Rulebook& whole;        // with all its rules
  model::Rulebook book;                // what can be evaluated of it
  std::vector<std::uint32_t> rule_of;  // by the rules of `book`: those of `whole`
  const source::Map& texts;
  SuiteRun out;
};

/// Missing: empty, when nothing of that name is left out.
std::string why_left_out(const Running& running, const std::string& name) {
  for (const LeftOut& left_out : running.out.left_out) {
    if (left_out.declaration.name != name) continue;
    return fmt::format("`{}` is not evaluated by this version yet{}", name,
                       eval::beyond_text(left_out.words, running.texts));
  }
  return {};
}

/// Missing: empty, when the expectation can be judged.
std::string why_not_evaluated(const Running& running, const TestExpectation& expectation) {
  if (expectation.measure) return why_left_out(running, running.whole.measures[expectation.measure].name);
  for (const model::Rule& rule : running.whole.rules) {
    if (rule.name != expectation.rule || eval::evaluated(running.whole, rule)) continue;
    // What is done about a verdict needs the rule that has it.
    const std::string& of = rule.responds_to ? running.whole.rules[rule.responds_to->rule].name : rule.name;
    return of == rule.name ? why_left_out(running, of) : fmt::format("`{}`: {}", rule.name, why_left_out(running, of));
  }
  for (const LeftOut& left_out : running.out.left_out) {
    const std::string& keyword = left_out.declaration.keyword;
    if (keyword != "process" && keyword != "on hold") continue;
    return fmt::format("the process `{}` is not evaluated as it is written by this version yet{}",
                       left_out.declaration.name, eval::beyond_text(left_out.words, running.texts));
  }
  return {};
}

/// Missing: empty, when the test tells enough. Which moves a process allows is a matter of where they lead.
std::string why_untold(const model::Rulebook& book, const TestExpectation& expectation, const TestHistory& told) {
  const bool path = std::any_of(book.rules.begin(), book.rules.end(), [&](const model::Rule& rule) {
    return rule.name == expectation.rule && rule.origin == model::RuleOrigin::path;
  });
  if (!path || !told.went_elsewhere(book, expectation.subject)) return {};
  return "a line says that the deal leaves a stage, and none where to: nothing can be said of its moves";
}

void note_exercise(Running& running, const Evaluated& evaluated, const model::Test& test,
                   const TestExpectation& expectation) {
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  if (!expectation.none) {
    for (const std::size_t row : meant(evaluated, test, expectation)) {
      Exercise exercise{running.rule_of[verdicts.rule[row]], verdicts.verdict[row], atoms_of_verdict(evaluated, row)};
      running.out.exercised.rules.push_back(std::move(exercise));
    }
    return;
  }
  for (std::uint32_t rule = 0; rule < evaluated.book.rules.size(); ++rule) {
    if (evaluated.book.rules[rule].name != expectation.rule) continue;
    const std::string name = expectation.subject == model::the_company ? "" : test.cast[expectation.subject].name;
    running.out.exercised.rules.push_back(
        {running.rule_of[rule], std::nullopt, atoms_of_subject(evaluated, rule, name, expectation.as_of)});
  }
}

eval::Options options_of(const TestExpectation& expectation) {
  eval::Options options;
  options.as_of = expectation.as_of;
  options.known_at = expectation.known_at.value_or(Instant::max());
  options.threads = 1;  // a test is a few rows
  return options;
}

/// Evaluations of one test's history, each made once.
class Evaluations {
 public:
  Evaluations(const model::Rulebook& book, const TestHistory& told) : book_(book), told_(told) {}

  const Result<eval::Evaluation>& of(const eval::Options& options) {
    const std::pair asked(options.as_of, options.known_at);
    const auto found = made_.find(asked);
    if (found != made_.end()) return found->second;
    return made_.emplace(asked, eval::run(book_, told_.history, options)).first->second;
  }

 private:
  const model::Rulebook& book_;
  const TestHistory& told_;
  std::map<std::pair<Instant, Instant>, Result<eval::Evaluation>> made_;  // as of, known at
};

Checked check(Running& running, const model::Test& test, const TestExpectation& expectation, const TestHistory& told,
              Evaluations& evaluations) {
  Checked checked{expectation.span, folded(running.texts.words(expectation.span)), Outcome::failed, {}, {}};
  if (std::string why = why_not_evaluated(running, expectation); !why.empty()) {
    checked.outcome = Outcome::not_evaluated;
    checked.found = std::move(why);
    return checked;
  }
  if (const std::string why = why_untold(running.book, expectation, told); !why.empty()) {
    checked.found = why;
    return checked;
  }
  const eval::Options options = options_of(expectation);
  if (expectation.measure) {
    judge_measure(running.book, told, test, expectation, options, checked);
    return checked;
  }
  const Result<eval::Evaluation>& evaluation = evaluations.of(options);
  if (!evaluation) {
    checked.found = evaluation.error();
    return checked;
  }
  const Evaluated evaluated{running.book, told, *evaluation};
  judge(evaluated, test, expectation, checked);
  note_exercise(running, evaluated, test, expectation);
  return checked;
}

void note_moves(Running& running, const model::Test& test, const TestHistory& told) {
  Instant last = Instant::unknown();
  for (const TestExpectation& expectation : test.expectations) last = std::max(last, expectation.as_of);
  for (const ToldMove& move : told.moves) {
    if (move.at < last) running.out.exercised.moves.push_back(move);
  }
}

TestRun run_test(Running& running, const model::Test& test) {
  TestRun out{test.title, test.span, {}, {}};
  TestHistory told = history_of(running.book, test);
  out.troubles = std::move(told.troubles);
  if (!out.troubles.empty()) return out;
  Evaluations evaluations(running.book, told);
  for (const TestExpectation& expectation : test.expectations) {
    out.checked.push_back(check(running, test, expectation, told, evaluations));
  }
  note_moves(running, test, told);
  return out;
}

}  // namespace

bool TestRun::passed() const {
  return troubles.empty() &&
         std::all_of(checked.begin(), checked.end(), [](const Checked& one) { return one.outcome == Outcome::passed; });
}

bool is_chosen(const model::Test& test, const Options& options) {
  return lower(test.title).find(lower(options.filter)) != std::string::npos;
}

SuiteRun run(const model::Rulebook& rulebook, const source::Map& texts, const Options& options) {
  Running running{rulebook, for_tests(eval::evaluated_part(rulebook)), {}, texts, {}};
  for (model::Unevaluated& declaration : eval::unevaluated(rulebook)) {
    std::vector<eval::Beyond> words = eval::words_beyond(rulebook, declaration);
    running.out.left_out.push_back({std::move(declaration), std::move(words)});
  }
  for (std::uint32_t i = 0; i < rulebook.rules.size(); ++i) {
    if (eval::evaluated(rulebook, rulebook.rules[i])) running.rule_of.push_back(i);
  }
  for (const model::Test& test : rulebook.tests) {
    if (is_chosen(test, options)) running.out.tests.push_back(run_test(running, test));
  }
  return std::move(running.out);
}

}  // namespace plumb::suite
