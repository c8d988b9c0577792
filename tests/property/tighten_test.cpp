#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "check/check.h"
#include "eval/run.h"
#include "property/laws.h"
#include "property/pen.h"
#include "property/rulebooks.h"

/// The eighth law: what a client may change where the base says `tighten only` never turns missed into kept. Random
/// rulebooks are changed at random; what the checker lets through has to be as strict as it says.
namespace plumb::property {
namespace {

// A rulebook of which every rule may only be tightened.
std::string guarded(const Draft& draft) {
  std::string text = "rulebook base { version 1.0.0 }\n";
  for (std::string each : draft.declarations) {
    if (each.starts_with("must ")) each.insert(each.find('{') + 1, " tighten only ");
    text += each + "\n";
  }
  return text;
}

// A base and the changes to it. Missing: nullptr where the checker does not allow them.
std::unique_ptr<model::Rulebook> changed(const std::string& base_text, const std::string& changes) {
  source::Map texts;
  diagnostics::Sink sink;
  const std::string own = "rulebook own { version 1.0.0 }\nextends base\n" + changes;
  auto book = std::make_unique<model::Rulebook>(check::check(joined(base_text, own, texts, sink), texts, sink));
  for (const diagnostics::Diagnostic& said : sink.sorted()) {
    if (said.severity == diagnostics::Severity::error) return nullptr;
  }
  return book;
}

std::string line_of(const std::string& rule, const std::string& clause) {
  const std::size_t from = rule.find("\n  " + clause + " ");
  if (from == std::string::npos) return {};
  return rule.substr(from + 3, rule.find('\n', from + 1) - from - 3);
}

// One number of a clause, a little more or less.
std::string with_another_number(Chance& chance, const std::string& clause) {
  std::vector<std::size_t> all;
  for (std::size_t i = 1; i < clause.size(); ++i) {
    const bool begins = clause[i - 1] == ' ' && clause[i] >= '0' && clause[i] <= '9';
    if (begins && clause.find_first_not_of("0123456789", i) != std::string::npos) all.push_back(i);
    if (begins && clause.find_first_not_of("0123456789", i) == std::string::npos) all.push_back(i);
  }
  if (all.empty()) return clause;
  const std::size_t at = chance.of(all);
  std::size_t end = clause.find_first_not_of("0123456789", at);
  if (end == std::string::npos) end = clause.size();
  if (end < clause.size() && clause[end] == '-') return clause;  // a date
  const int number = std::stoi(clause.substr(at, end - at)) + chance.between(-2, 2);
  return clause.substr(0, at) + fmt::format("{}", std::max(0, number)) + clause.substr(end);
}

// A change of a rule, stricter or not.
std::string random_change(Chance& chance, Pen& pen, const std::string& rule) {
  std::vector<std::string> clauses;
  for (const char* name : {"within", "lapse", "at", "given", "averaged", "expect"}) {
    const std::string line = line_of(rule, name);
    if (!line.empty() && (std::string(name) != "at" || line.starts_with("at least"))) clauses.push_back(line);
  }
  std::string clause = clauses.empty() ? "even when closed" : chance.of(clauses);
  const bool plain = clause.starts_with("expect ") && rule.find("\n  within") == std::string::npos;
  switch (chance.below(plain ? 4 : 3)) {
    case 0: clause = chance.word({"each its own", "even when closed", "given at least 3 call"}); break;
    case 3: clause = fmt::format("expect ({} and {})", clause.substr(7), pen.some_condition()); break;
    default: clause = with_another_number(chance, clause);
  }
  const std::size_t name = rule.find(' ') + 1;
  return fmt::format("change must {} {{ {} }}\n", rule.substr(name, rule.find(' ', name) - name), clause);
}

// What stands for itself: an obligation of a rule, by what it is about. Lapses open as they come, so that a deal's are
// one.
using Key = std::tuple<std::string, std::string, std::int64_t, std::int64_t>;
struct Tally {
  int all = 0, missed = 0, kept = 0;
};

std::map<Key, Tally> tallied(const Drawn& drawn, const std::vector<Told>& all) {
  std::map<Key, Tally> tallies;
  for (const Told& told : all) {
    const bool lapses = drawn.rule(told).shape == model::Shape::while_;
    Tally& tally = tallies[{told.rule, told.subject, lapses ? 0 : told.opened, told.period}];
    ++tally.all;
    tally.missed += told.verdict == "missed" || told.verdict == "late";
    tally.kept += told.verdict == "kept";
  }
  return tallies;
}

TEST(Laws, WhatIsTightenedIsNeverKeptWhereItWasMissed) {
  int allowed = 0, felt = 0;
  for_random_cases(Doubts{}, [&](Drawn& drawn) -> std::string {
    const std::string base_text = guarded(drawn.of.draft);
    const auto base = changed(base_text, "");
    if (!base) return "the base alone is refused";
    const std::map<Key, Tally> before = tallied(drawn, drawn.told(*base, drawn.of.tables));
    Pen pen(drawn.chance, drawn.of.draft.era, drawn.of.draft.declarations.front().starts_with("calendar"));
    for (const std::string& rule : drawn.of.draft.declarations) {
      if (!rule.starts_with("must ")) continue;
      const std::string change = random_change(drawn.chance, pen, rule);
      const auto stricter = changed(base_text, change);
      if (!stricter || !eval::unevaluated(*stricter).empty()) continue;
      ++allowed;
      bool differs = false;
      for (const auto& [key, now] : tallied(drawn, drawn.told(*stricter, drawn.of.tables))) {
        const auto found = before.find(key);
        if (found == before.end()) continue;
        const Tally& was = found->second;
        differs |= was.kept != now.kept;
        const bool lapses = std::get<2>(key) == 0;
        const bool broken =
            lapses ? was.missed > 0 && now.kept == now.all : was.missed + now.kept > std::max(was.all, now.all);
        if (broken)
          return fmt::format("{}is allowed, and {} of {} is kept\n", change, std::get<0>(key), std::get<1>(key));
      }
      felt += differs;
    }
    return {};
  });
  fmt::print("{} changes allowed, {} of them felt\n", allowed, felt);
  EXPECT_GT(allowed, 0);
  EXPECT_GT(felt, 0);
}

}  // namespace
}  // namespace plumb::property
