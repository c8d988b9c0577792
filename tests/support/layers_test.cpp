// engine/LAYERS says which module may include which. These tests hold the sources against it.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "support/golden/test_file.h"
#include "support/house.h"

namespace plumb::house {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> sources = {".h", ".cpp", ".def", ".inc"};

using Layers = std::map<std::string, std::set<std::string>>;

Layers read_layers(const std::string& text) {
  Layers layers;
  for (const std::string& line : golden::lines_of(text)) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    EXPECT_NE(colon, std::string::npos) << "LAYERS has a line without a colon: " << line;
    if (colon == std::string::npos) continue;
    std::istringstream words(line.substr(colon + 1));
    std::set<std::string>& allowed = layers[line.substr(0, colon)];
    for (std::string word; words >> word;) allowed.insert(word);
  }
  return layers;
}

struct Include {
  std::string path;
  int line = 0;
};

std::vector<Include> includes_of(const std::string& text) {
  static const std::regex include(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  std::vector<Include> found;
  int number = 0;
  for (const std::string& line : golden::lines_of(text)) {
    ++number;
    std::smatch match;
    if (std::regex_search(line, match, include)) found.push_back({match[1].str() + match[2].str(), number});
  }
  return found;
}

// What is wrong with the includes of one file of a module, one sentence each. `path` counts from engine/.
std::vector<std::string> forbidden_includes(const fs::path& path, const std::string& text, const Layers& layers) {
  std::vector<std::string> wrong;
  const std::string module = *path.begin();
  const auto allowed = layers.find(module);
  if (allowed == layers.end()) return {fmt::format("{}: LAYERS has no module `{}`", path.string(), module)};
  // Generated headers have no folder; the room of the parser generator is the only one that has some.
  const bool has_generated_headers = path.string().starts_with("syntax/antlr/");
  for (const Include& include : includes_of(text)) {
    if (include.path.front() != '"') continue;
    const fs::path target = include.path.substr(1);
    const std::string of = *target.begin();
    const bool names_a_folder = target.has_parent_path();
    if (!names_a_folder && has_generated_headers) continue;
    if (names_a_folder && (of == module || allowed->second.contains(of))) continue;
    wrong.push_back(
        fmt::format("engine/{}:{}: `{}` may not include \"{}\"", path.string(), include.line, module, target.string()));
  }
  return wrong;
}

// A module that reaches itself, by a way of includes that LAYERS allows; empty when there is none.
std::string find_cycle(const Layers& layers) {
  for (const auto& [start, ignored] : layers) {
    std::set<std::string> seen;
    std::vector<std::string> open = {start};
    while (!open.empty()) {
      const std::string module = open.back();
      open.pop_back();
      const auto found = layers.find(module);
      if (found == layers.end()) continue;
      for (const std::string& next : found->second) {
        if (next == start) return start;
        if (seen.insert(next).second) open.push_back(next);
      }
    }
  }
  return {};
}

struct Room {
  std::string_view library;
  std::string_view include;             // a regular expression
  std::vector<std::string_view> doors;  // folders that may include it
};

const std::vector<Room>& rooms() {
  static const std::vector<Room> all = {
      {"ANTLR", "[<\"](antlr4-|antlr4/|Plumb(Lexer|Parser)).*", {"engine/syntax/antlr/"}},
      {"Boost", "[<\"]boost/.*", {"engine/graph/"}},
      {"yaml-cpp", "[<\"]yaml-cpp/.*", {"engine/yaml/"}},
      {"date", "[<\"]date/.*", {"engine/time/", "tests/property/twin/"}},
      {"simdjson", "[<\"]simdjson.*", {"engine/history/"}},
      {"zlib", "[<\"]zlib\\.h.*", {"engine/sources/"}},
      {"libxml2", "[<\"]libxml/.*", {"engine/sources/"}},
      {"SQLite", "[<\"]sqlite3.*", {"engine/sources/"}},
      {"CLI11", "[<\"]CLI/.*", {"tools/plumb/"}},
  };
  return all;
}

std::vector<std::string> out_of_their_room(const std::string& path, const std::string& text) {
  std::vector<std::string> wrong;
  for (const Room& room : rooms()) {
    const bool inside =
        std::any_of(room.doors.begin(), room.doors.end(), [&](auto door) { return path.starts_with(door); });
    if (inside) continue;
    const std::regex library{std::string(room.include)};
    for (const Include& include : includes_of(text)) {
      if (!std::regex_match(include.path, library)) continue;
      wrong.push_back(
          fmt::format("{}:{}: {} stays in {}", path, include.line, room.library, fmt::join(room.doors, ", ")));
    }
  }
  return wrong;
}

Layers layers_of_the_house() { return read_layers(text_of(repository() / "engine" / "LAYERS")); }

TEST(Layers, GrantEveryInclude) {
  const fs::path engine = repository() / "engine";
  const Layers layers = layers_of_the_house();
  for (const fs::path& file : files_below(engine, sources)) {
    for (const std::string& wrong : forbidden_includes(fs::relative(file, engine), text_of(file), layers)) {
      ADD_FAILURE() << wrong;
    }
  }
}

TEST(Layers, NameEveryModuleAndNoOther) {
  const Layers layers = layers_of_the_house();
  for (const auto& entry : fs::directory_iterator(repository() / "engine")) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(layers.contains(entry.path().filename())) << "LAYERS lacks the module " << entry.path().filename();
  }
  for (const auto& [module, allowed] : layers) {
    EXPECT_TRUE(fs::is_directory(repository() / "engine" / module)) << "there is no folder for the module " << module;
    for (const std::string& other : allowed) {
      EXPECT_TRUE(layers.contains(other)) << module << " may include " << other << ", which LAYERS does not name";
    }
  }
}

TEST(Layers, HaveNoCycle) { EXPECT_EQ(find_cycle(layers_of_the_house()), ""); }

TEST(ThirdParties, StayInOneRoomEach) {
  for (const char* folder : {"engine", "tools"}) {
    for (const fs::path& file : files_below(repository() / folder, sources)) {
      const std::string path = fs::relative(file, repository());
      for (const std::string& wrong : out_of_their_room(path, text_of(file))) ADD_FAILURE() << wrong;
    }
  }
}

// That the tests above can fail.
TEST(Layers, AreHeldAgainstEachInclude) {
  const Layers layers = read_layers("# comment\nbase:\nsource: base\nsyntax: base source\n");
  const auto count = [&](const char* path, const char* text) { return forbidden_includes(path, text, layers).size(); };
  EXPECT_EQ(count("source/a.cpp", "#include <vector>\n#include \"base/id.h\"\n#include \"source/a.h\"\n"), 0u);
  EXPECT_EQ(count("source/a.cpp", "#include \"syntax/ast.h\"\n  #  include \"eval/x.h\"\n"), 2u);
  EXPECT_EQ(count("base/a.h", "#include \"source/source.h\"\n"), 1u);
  EXPECT_EQ(count("base/a.h", "#include \"id.h\"\n"), 1u) << "an include names its module";
  EXPECT_EQ(count("syntax/antlr/a.cpp", "#include \"PlumbLexer.h\"\n"), 0u);
  EXPECT_EQ(count("lost/a.h", ""), 1u);
}

TEST(Layers, ShowACycle) {
  EXPECT_EQ(find_cycle(read_layers("a: b\nb: c\nc: a\n")), "a");
  EXPECT_EQ(find_cycle(read_layers("a:\nb: b\n")), "b");
  EXPECT_EQ(find_cycle(read_layers("a:\nb: a\nc: a b\n")), "");
}

TEST(ThirdParties, AreSeenOutOfTheirRoom) {
  EXPECT_EQ(out_of_their_room("engine/eval/a.cpp", "#include <boost/graph/graph.hpp>\n#include <date/tz.h>\n").size(),
            2u);
  EXPECT_EQ(out_of_their_room("engine/syntax/parse.cpp", "#include \"antlr4-runtime.h\"\n").size(), 1u);
  EXPECT_EQ(out_of_their_room("engine/syntax/parse.cpp", "#include \"PlumbParser.h\"\n").size(), 1u);
  EXPECT_EQ(out_of_their_room("tools/lsp/main.cpp", "#include <CLI/CLI.hpp>\n#include \"yaml-cpp/yaml.h\"\n").size(),
            2u);
  EXPECT_EQ(out_of_their_room("engine/check/a.cpp", "#include <simdjson.h>\n").size(), 1u);
  EXPECT_EQ(out_of_their_room("engine/graph/a.cpp", "#include <boost/graph/graph.hpp>\n").size(), 0u);
}

}  // namespace
}  // namespace plumb::house
