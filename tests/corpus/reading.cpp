#include "corpus/reading.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "check/check.h"
#include "diagnostics/render.h"
#include "graph/analyse.h"
#include "syntax/parse.h"

namespace plumb::corpus {

Reading::Reading(std::string text) {
  const Id<source::Text> id = texts.add("rules.plumb", std::move(text));
  const syntax::ast::File file = syntax::parse(texts, id, sink);
  whole = file.whole;
  const model::Rulebook rulebook = check::check(file, texts, sink);
  if (!sink.has_errors()) graph::analyse(rulebook, sink);
}

std::string Reading::shown() const {
  std::string all;
  for (const diagnostics::Diagnostic& said : sink.sorted()) {
    all += diagnostics::render_plain(said, texts);
    for (const std::string& help : said.help) all += "\n    help: " + help;
    for (const diagnostics::Suggestion& one : said.suggestions) all += "\n    suggests: `" + one.text + "`";
    all += '\n';
  }
  return all;
}

std::string repaired(const std::string& text, const Reading& reading) {
  std::vector<diagnostics::Suggestion> all;
  for (const diagnostics::Diagnostic& said : reading.sink.all()) {
    all.insert(all.end(), said.suggestions.begin(), said.suggestions.end());
  }
  // From the end on, so that the places before stay where they are.
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.span.begin > b.span.begin; });
  std::string result = text;
  for (const diagnostics::Suggestion& one : all) {
    result.replace(one.span.begin, one.span.end - one.span.begin, one.text);
  }
  return result;
}

std::string internals_in(std::string_view message) {
  static constexpr std::array<std::string_view, 16> internals{
      "<EOF>",       "mismatched input", "extraneous",    "no viable",     "IDENT",     "NUMERAL",
      "PAREN_",      "BRACE_",           "FOREIGN_",      "CALENDAR_DATE", "plainWord", "bareOperand",
      "OPEN_STRING", "Context",          "missing token", "nullptr"};
  for (const std::string_view internal : internals) {
    if (message.find(internal) != std::string_view::npos) return std::string(internal);
  }
  return {};
}

std::string read_file(const std::string& path_in_repository) {
  std::ifstream file(std::string(PLUMB_REPOSITORY) + "/" + path_in_repository, std::ios::binary);
  if (!file) throw std::runtime_error("there is no " + path_in_repository);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace plumb::corpus
