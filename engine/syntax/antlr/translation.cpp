#include "syntax/antlr/translation.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

constexpr std::size_t longest_line = 200;  // words: nobody looks farther back for what a line is about

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_in_any_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

/// The type of one word of Plumb: a keyword, a number, a date, a name.
std::size_t type_of(const std::string& word) {
  if (const auto keyword = type_of_keyword(word)) return *keyword;
  const bool number = std::isdigit(static_cast<unsigned char>(word.front())) != 0;
  if (!number)
    return word.size() == 3 && std::isupper(static_cast<unsigned char>(word[1])) != 0 ? L::CURRENCY : L::IDENT;
  if (word.back() == '%') return L::PERCENTAGE;
  if (word.find(':') != std::string::npos) return L::CLOCK;
  if (word.find('-') != std::string::npos) return L::CALENDAR_DATE;
  return std::isalpha(static_cast<unsigned char>(word.back())) != 0 ? L::ORDINAL : L::NUMERAL;
}

template <class Each>
void for_each_word(std::string_view words, const Each& each) {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    each(words.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace

bool Translation::is_unit_word(std::size_t type) {
  switch (type) {
    case L::MINUTE:
    case L::MINUTES:
    case L::HOUR:
    case L::HOURS:
    case L::DAY:
    case L::DAYS:
    case L::WEEK:
    case L::WEEKS:
    case L::MONTH:
    case L::MONTHS:
    case L::QUARTER:
    case L::QUARTERS:
    case L::YEAR:
    case L::YEARS: return true;
    default: return false;
  }
}

source::Span Translation::span(std::size_t first, std::size_t last) const {
  return source::join(reader.offsets.span(*raw[first]), reader.offsets.span(*raw[last]));
}

std::string_view Translation::text_of(source::Span span) const {
  return reader.text.content().substr(span.begin, span.end - span.begin);
}

std::size_t Translation::matches(std::string_view phrase) const {
  std::size_t next = at;
  bool all = true;
  for_each_word(phrase, [&](std::string_view word) {
    all = all && (next == at ? next < raw.size() : on_line(next)) && same_in_any_case(raw[next]->getText(), word);
    ++next;
  });
  return all ? next - 1 : none;
}

bool Translation::in_line_of(std::size_t keyword) const {
  if (starts_line[at]) return here().getType() == keyword;
  // A text of one line is asked this for each of its words.
  const std::size_t farthest = tokens.size() - std::min(tokens.size(), longest_line);
  for (std::size_t i = tokens.size(); i-- > farthest;) {
    if (tokens[i]->getType() == keyword) return true;
    if (facts[i].starts_line) return false;
  }
  return false;
}

void Translation::replace(std::size_t before, std::size_t last, std::string_view words) {
  const std::size_t kept = tokens.size() - before;
  const std::size_t start = before > 0 ? tokens[kept]->getStartIndex() : here().getStartIndex();
  const bool first_of_line = before > 0 ? facts[kept].starts_line : starts_line[at];
  tokens.resize(kept);
  facts.resize(kept);
  report_reaches_next = false;
  for_each_word(words, [&](std::string_view word) {
    auto token = stand_in(here(), type_of(std::string(word)), std::string(word));
    token->setStartIndex(start);
    token->setStopIndex(raw[last]->getStopIndex());
    TokenFacts fact;
    fact.starts_line = first_of_line && tokens.size() == kept;
    fact.reported = true;
    tokens.push_back(std::move(token));
    facts.push_back(fact);
  });
  at = last;
}

void rewrite(Translation& t, std::size_t before, std::size_t last, std::string_view words, bool certain) {
  source::Span span = t.span(t.at, last);
  if (before > 0) span = source::join(t.reader.offsets.span(*t.tokens[t.tokens.size() - before]), span);
  if (auto* said = t.say(span, diagnostics::diag::ForeignSpelling, t.text_of(span))) {
    said->hint("write `{}`", words);
    if (certain) said->suggest(span, std::string(words));
  }
  t.replace(before, last, words);
}

}  // namespace plumb::syntax::antlr
