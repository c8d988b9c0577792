// A thousand good rulebooks with one word changed: nothing crashes, nothing is said twice, no internals are shown.

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "corpus/mutations.h"
#include "corpus/reading.h"
#include "format/format.h"
#include "syntax/parse.h"
#include "unit/format/meaning.h"

namespace plumb::corpus {
namespace {

using diagnostics::Diagnostic;

constexpr std::uint32_t next_to = 2;  // lines
// Of the mistakes, those that give one error, there. README.md says what the rest are.
constexpr double least_share = 0.95;

bool is_near(const Reading& reading, source::Span span, std::uint32_t line) {
  const std::uint32_t first = reading.texts.begin(span).line, last = reading.texts.end(span).line;
  return first <= line + next_to && line <= last + next_to;
}

/// Where it is said, or where a label shows it: a forgotten `}` is reported at its `{`.
bool is_near(const Reading& reading, const Diagnostic& said, std::uint32_t line) {
  return is_near(reading, said.span, line) || std::ranges::any_of(said.labels, [&](const diagnostics::Label& label) {
           return is_near(reading, label.span, line);
         });
}

bool is_one_error_there(const Reading& reading, std::uint32_t line) {
  return reading.sink.errors() == 1 && std::ranges::any_of(reading.sink.all(), [&](const Diagnostic& said) {
           return said.severity == diagnostics::Severity::error && is_near(reading, said, line);
         });
}

void expect_sound(const Mutant& mutant, const Reading& reading) {
  const auto lines = static_cast<std::uint32_t>(lines_of(mutant.text).size());
  for (const Diagnostic& said : reading.sink.all()) {
    EXPECT_EQ(internals_in(said.message), "") << mutant.source << ":" << mutant.line << "\n" << reading.shown();
    for (const std::string& help : said.help) EXPECT_EQ(internals_in(help), "") << reading.shown();
    EXPECT_LE(reading.first_line(said), lines) << reading.shown();
    EXPECT_GE(reading.first_line(said), 1u) << reading.shown();
    const bool points = said.message.find('`') != std::string::npos || said.code == "open-string";
    EXPECT_TRUE(points || !said.help.empty()) << reading.shown();
  }
}

/// What is still a rulebook is formatted without a change of its meaning.
void expect_formattable(const Mutant& mutant) {
  source::Map texts;
  diagnostics::Sink sink;
  const auto file = syntax::parse(texts, texts.add("rules.plumb", mutant.text), sink);
  if (!file.whole) return;
  const auto again = syntax::parse(texts, texts.add("again.plumb", format::format(file, texts)), sink);
  EXPECT_TRUE(again.whole) << mutant.source << ":" << mutant.line << " `" << mutant.words << "` "
                           << to_text(mutant.change);
  EXPECT_EQ(format::meaning(file), format::meaning(again)) << mutant.source << ":" << mutant.line;
}

TEST(Mutations, BeginWithoutAMistake) {
  std::vector<std::string> sources;
  std::size_t blocks = 0;
  for (const Good& good : good_rulebooks()) {
    const Reading reading(good.text);
    EXPECT_FALSE(reading.sink.has_errors()) << good.name << "\n" << reading.shown();
    if (good.name.starts_with("grammar/README.md:")) {
      ++blocks;
    } else {
      sources.push_back(good.name);
    }
  }
  const std::vector<std::string> expected{
      "tests/corpus/base.plumb",
      "examples/new_business/rules.plumb",
      "examples/realistic_rules/people_and_rules.plumb",
      "examples/realistic_rules/process_and_meetings.plumb",
      "examples/realistic_rules/prospecting_and_plan.plumb",
      "tests/reference/bpic2012/rules.plumb",
      "tests/reference/maven_crm/rules.plumb",
      "stdlib/hygiene.plumb",
      "stdlib/methods/buying_group.plumb",
      "stdlib/methods/qualification_set.plumb",
      "acme in tests/unit/syntax/examples.h",
      "globex in tests/unit/syntax/examples.h",
  };
  EXPECT_EQ(sources, expected);
  EXPECT_GE(blocks, 40u);
}

TEST(Mutations, AreReportedOnceWhereTheyAre) {
  const std::vector<Good> good = good_rulebooks();
  const std::vector<Mutant> mutants = mutants_of(good, 72);
  EXPECT_GE(mutants.size(), 1000u);
  std::size_t wrong = 0, right = 0;
  std::map<std::string, std::string> worst;
  for (const Mutant& mutant : mutants) {
    const Reading reading(mutant.text);
    expect_sound(mutant, reading);
    if (reading.whole) expect_formattable(mutant);
    if (!reading.sink.has_errors()) continue;
    ++wrong;
    if (is_one_error_there(reading, mutant.line)) {
      ++right;
    } else {
      worst[fmt::format("{}:{} `{}` {}", mutant.source, mutant.line, mutant.words, to_text(mutant.change))] =
          reading.shown();
    }
  }
  std::string shown;
  for (const auto& [mutant, said] : worst) shown += mutant + "\n" + said + "\n";
  EXPECT_GE(wrong, 600u);
  EXPECT_GE(static_cast<double>(right), least_share * static_cast<double>(wrong))
      << right << " of " << wrong << " mistakes; the others:\n"
      << shown;
}

}  // namespace
}  // namespace plumb::corpus
