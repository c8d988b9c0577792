#include "unit/format/random_program.h"

#include <fstream>
#include <sstream>

#include "unit/format/formatting.h"

namespace plumb::format {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(std::string(PLUMB_REPOSITORY) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What the grammar accepts and the reader does not (a clause twice, an event where none belongs) is passed over, so the
// test also says how much of the grammar the rest went through.
TEST(RandomPrograms, AreFormattedToTheSameMeaningAndStaySo) {
  const Grammar grammar(read("grammar/PlumbLexer.g4"), read("grammar/PlumbParser.g4"));
  std::mt19937 random(20'260'201);
  std::set<std::string> covered;
  std::size_t whole = 0;
  for (int i = 0; i < 6'000; ++i) {
    std::set<std::string> through;
    const std::string text = grammar.program("declaration", random, through);
    if (!formatted(text).whole) continue;
    ++whole;
    well_formatted(text);
    covered.merge(through);
    if (HasFailure()) FAIL() << text;
  }
  EXPECT_GE(whole, 1'500u);
  std::string left_out;
  std::size_t uncovered = 0;
  for (const std::string& rule : grammar.rules()) {
    if (covered.contains(rule)) continue;
    ++uncovered;
    left_out += " " + rule;
  }
  EXPECT_LE(uncovered * 50, grammar.rules().size()) << "no program went through" << left_out;
}

}  // namespace
}  // namespace plumb::format
