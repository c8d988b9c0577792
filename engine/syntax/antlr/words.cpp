#include "syntax/antlr/words.h"

#include <array>
#include <unordered_map>

#include "PlumbLexer.h"
#include "antlr4-runtime.h"
#include "syntax/keywords.h"

namespace plumb::syntax::antlr {

namespace {

std::vector<std::string> spelt_keywords() {
  antlr4::ANTLRInputStream nothing("");
  const PlumbLexer lexer(&nothing);
  std::vector<std::string> words(PlumbLexer::ARROW);
  for (std::size_t type = 1; type < words.size(); ++type) {
    const std::string quoted = lexer.getVocabulary().getLiteralName(type);  // 'expect'
    if (quoted.size() > 2) words[type] = quoted.substr(1, quoted.size() - 2);
  }
  return words;
}

const std::vector<std::string>& keywords() {
  static const std::vector<std::string> words = spelt_keywords();
  return words;
}

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int number = 0;
  for (std::size_t i = at; i < at + digits && i < text.size(); ++i) number = number * 10 + (text[i] - '0');
  return number;
}

}  // namespace

std::string_view keyword_of(std::size_t type) {
  return type < keywords().size() ? std::string_view(keywords()[type]) : std::string_view();
}

std::optional<std::size_t> type_of_keyword(std::string_view word) {
  static const auto types = [] {
    std::unordered_map<std::string_view, std::size_t> map;
    for (std::size_t type = 1; type < keywords().size(); ++type) map.emplace(keywords()[type], type);
    return map;
  }();
  const auto found = types.find(word);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

std::optional<time::Day> read_date(std::string_view text) {
  return time::day_of(number_at(text, 0, 4), number_at(text, 5, 2), number_at(text, 8, 2));
}

std::optional<std::int64_t> read_clock(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const int hours = number_at(text, 0, colon);
  const int minutes = number_at(text, colon + 1, 2);
  const bool has_seconds = colon + 3 < text.size() && text[colon + 3] == ':';
  const int seconds = has_seconds ? number_at(text, colon + 4, 2) : 0;
  const bool midnight = hours == 24 && minutes == 0 && seconds == 0;  // the end of a day
  if ((hours > 23 && !midnight) || minutes > 59 || seconds > 59) return std::nullopt;
  return ((hours * 60 + minutes) * 60LL + seconds) * time::micros_per_second;
}

std::optional<int> read_offset(std::string_view text) {
  if (text.back() == 'Z') return 0;
  const std::size_t sign = text.find_first_of("+-");
  const int hours = number_at(text, sign + 1, 2);
  const int minutes = number_at(text, sign + 4, 2);
  if (hours > 14 || minutes > 59) return std::nullopt;
  const int seconds = (hours * 60 + minutes) * 60;
  return text[sign] == '-' ? -seconds : seconds;
}

}  // namespace plumb::syntax::antlr

bool plumb::syntax::is_keyword(std::string_view word) { return antlr::type_of_keyword(word).has_value(); }
