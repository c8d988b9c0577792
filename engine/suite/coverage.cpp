#include "suite/coverage.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "eval/run.h"
#include "suite/atoms.h"

namespace plumb::suite {

namespace {

using eval::Verdict;
using model::Rule;

struct Covering {
  const model::Rulebook& book;
  const Exercised& exercised;
  const std::function<bool(source::Span)>& is_own;
  Coverage out;
};

/// What the expectations about one rule saw of it.
struct Seen {
  bool expected = false, expected_none = false;
  bool met = false, passed = false;
  std::set<std::pair<std::string, bool>> atoms;  // by their words
};

Seen seen_of(const Covering& covering, std::uint32_t rule) {
  Seen seen;
  for (const Exercise& exercise : covering.exercised.rules) {
    if (exercise.rule != rule) continue;
    (exercise.verdict ? seen.expected : seen.expected_none) = true;
    seen.met |= exercise.verdict == Verdict::kept;
    seen.passed |= exercise.verdict == Verdict::missed || exercise.verdict == Verdict::late;
    for (const SeenAtom& atom : exercise.atoms) {
      seen.atoms.emplace(covering.book.exprs[atom.atom].words, atom.held);
    }
  }
  return seen;
}

void add(Covering& covering, Point point, std::string why) {
  if (!point.exercised) point.why = std::move(why);
  covering.out.points.push_back(std::move(point));
}

/// What of a rule a test must have been about at all. Missing: empty when one was.
std::string why_untouched(const Covering& covering, const Rule& rule, const Seen& seen) {
  if (!eval::evaluated(covering.book, rule)) return "this version does not evaluate it yet";
  if (seen.expected) return {};
  return seen.expected_none ? "tests only expect that it asks nothing" : "no test expects anything of it";
}

void add_condition(Covering& covering, const Rule& rule, const Seen& seen, Id<model::Expr> condition, bool filters,
                   std::set<std::string>& said) {
  for (const Id<model::Expr> atom : atoms_of(covering.book, condition)) {
    const model::Expr& expr = covering.book.exprs[atom];
    if (!said.insert(expr.words).second) continue;
    for (const bool held : {true, false}) {
      Point point{Part::condition,
                  rule.name,
                  expr.words,
                  held ? "true" : "false",
                  expr.span,
                  seen.atoms.contains({expr.words, held}),
                  {}};
      const std::string untouched = why_untouched(covering, rule, seen);
      // That nothing is asked says something of a filter.
      const bool touched = untouched.empty() || (filters && seen.expected_none);
      const char* side = held ? "true" : "false";
      add(covering, std::move(point),
          !touched  ? untouched
          : filters ? fmt::format("no test expects something where it is {}", side)
                    : fmt::format("no expected verdict rests on its being {}", side));
    }
  }
}

bool has_deadline(const Rule& rule) { return rule.within || rule.lapse || rule.shape == model::Shape::every; }

void add_rule(Covering& covering, std::uint32_t index) {
  const Rule& rule = covering.book.rules[index];
  const Seen seen = seen_of(covering, index);
  const std::string untouched = why_untouched(covering, rule, seen);
  add(covering, {Part::rule, rule.name, {}, {}, rule.span, seen.expected, {}}, untouched);
  std::set<std::string> said;
  add_condition(covering, rule, seen, rule.subject.where, true, said);
  add_condition(covering, rule, seen, rule.while_condition, true, said);
  add_condition(covering, rule, seen, rule.expect, false, said);
  if (!has_deadline(rule)) return;
  add(covering, {Part::deadline, rule.name, {}, "met", rule.span, seen.met, {}},
      untouched.empty() ? "in no test it is kept" : untouched);
  add(covering, {Part::deadline, rule.name, {}, "passed", rule.span, seen.passed, {}},
      untouched.empty() ? "in no test it is missed or late" : untouched);
}

void add_stage(Covering& covering, const model::Process& process, Id<model::Stage> id) {
  const model::Stage& stage = covering.book.stages[id];
  const auto& moves = covering.exercised.moves;
  const bool entered =
      std::any_of(moves.begin(), moves.end(), [&](const ToldMove& move) { return move.to == id || move.from == id; });
  add(covering, {Part::stage, process.name + "." + stage.name, {}, {}, stage.span, entered, {}},
      fmt::format("no test has a deal in `{}`", stage.name));
}

void add_move(Covering& covering, const model::Process& process, const model::Move& move,
              std::set<std::pair<Id<model::Stage>, Id<model::Stage>>>& said) {
  if (!said.insert({move.from, move.to}).second) return;
  const auto& moves = covering.exercised.moves;
  const bool made = std::any_of(moves.begin(), moves.end(),
                                [&](const ToldMove& told) { return told.from == move.from && told.to == move.to; });
  const std::string& from = covering.book.stages[move.from].name;
  const std::string& to = covering.book.stages[move.to].name;
  add(covering, {Part::move, process.name, fmt::format("{} -> {}", from, to), {}, move.span, made, {}},
      fmt::format("no test moves a deal from `{}` to `{}`", from, to));
}

void add_process(Covering& covering, const model::Process& process) {
  for (const Id<model::Stage> stage : process.stages) {
    if (covering.is_own(covering.book.stages[stage].span)) add_stage(covering, process, stage);
  }
  std::set<std::pair<Id<model::Stage>, Id<model::Stage>>> said;
  for (const model::Move& move : process.moves) {
    if (covering.is_own(move.span)) add_move(covering, process, move, said);
  }
}

/// What is written as something that is asked. What is done about a verdict belongs to the rule that says it.
bool is_asked(const Rule& rule) {
  using model::RuleOrigin;
  static constexpr std::array asked{RuleOrigin::rule,     RuleOrigin::to_enter, RuleOrigin::to_move_on,
                                    RuleOrigin::while_in, RuleOrigin::at_most,  RuleOrigin::path,
                                    RuleOrigin::needs};
  return std::find(asked.begin(), asked.end(), rule.origin) != asked.end();
}

/// A rule that this rulebook changes is its own, wherever it was written first.
bool is_own_rule(const Covering& covering, const Rule& rule) {
  const std::string& name = covering.book.name;
  return covering.is_own(rule.span) || (!name.empty() && rule.governed_by.starts_with(name));
}

}  // namespace

std::string_view to_text(Part part) {
  static constexpr std::array<std::string_view, 5> words{"rule", "stage", "move", "condition", "deadline"};
  return words[static_cast<std::size_t>(part)];
}

std::size_t Coverage::exercised() const {
  return static_cast<std::size_t>(
      std::count_if(points.begin(), points.end(), [](const Point& point) { return point.exercised; }));
}

std::size_t Coverage::per_mille() const { return points.empty() ? 1000 : exercised() * 1000 / points.size(); }

Coverage coverage_of(const model::Rulebook& book, const Exercised& exercised,
                     const std::function<bool(source::Span)>& is_own) {
  Covering covering{book, exercised, is_own, {}};
  for (std::uint32_t rule = 0; rule < book.rules.size(); ++rule) {
    if (is_asked(book.rules[rule]) && is_own_rule(covering, book.rules[rule])) add_rule(covering, rule);
  }
  for (const model::Process& process : book.processes) add_process(covering, process);
  return std::move(covering.out);
}

}  // namespace plumb::suite
