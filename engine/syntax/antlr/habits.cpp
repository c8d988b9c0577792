#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "PlumbParser.h"
#include "syntax/antlr/recovery.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using P = PlumbParser;
using diagnostics::Diagnostic;

bool is_within(antlr4::Parser& parser, std::size_t rule) {
  for (antlr4::tree::ParseTree* at = parser.getContext(); at != nullptr; at = at->parent) {
    if (static_cast<antlr4::ParserRuleContext*>(at)->getRuleIndex() == rule) return true;
  }
  return false;
}

bool is_weekday(std::size_t type) {
  constexpr std::array days{P::MONDAY, P::TUESDAY, P::WEDNESDAY, P::THURSDAY, P::FRIDAY, P::SATURDAY, P::SUNDAY};
  return std::find(days.begin(), days.end(), type) != days.end();
}

std::string_view period_of(std::string_view adverb) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> periods{{{"daily", "day"},
                                                                                  {"weekly", "week"},
                                                                                  {"monthly", "month"},
                                                                                  {"quarterly", "quarter"},
                                                                                  {"yearly", "year"},
                                                                                  {"annually", "year"}}};
  const auto* found =
      std::find_if(periods.begin(), periods.end(), [&](const auto& each) { return each.first == adverb; });
  return found == periods.end() ? std::string_view() : found->second;
}

/// The last token of the line at which reading stopped. A line that began well takes the first word of the next one
/// with it: the word that begins a name, or `as` of `as of`. Missing: none where the line before it is not meant.
std::optional<std::size_t> last_of_line(const Reader& reader, antlr4::TokenStream& stream, std::size_t index) {
  if (index == 0) return std::nullopt;
  if (reader.facts[index].starts_line) return index - 1;
  const bool as_of = stream.get(index)->getType() == P::OF && stream.get(index - 1)->getType() == P::AS;
  if (as_of && reader.facts[index - 1].starts_line && index > 1) return index - 2;
  return index;
}

}  // namespace

antlr4::Token* too_much_in_deed(const Reader& reader, antlr4::Parser& parser, std::size_t index) {
  if (!is_within(parser, P::RuleTestBody)) return nullptr;
  antlr4::TokenStream& stream = *parser.getTokenStream();
  const auto last = last_of_line(reader, stream, index);
  if (!last) return nullptr;
  std::size_t at = *last;
  while (at > 0 && !reader.facts[at].starts_line) --at;
  if (stream.get(at++)->getType() != P::CALENDAR_DATE) return nullptr;
  const auto type = [&](std::size_t token) { return stream.get(token)->getType(); };
  if (at <= *last && (type(at) == P::CLOCK || type(at) == P::CLOCK_OFFSET)) ++at;
  const std::size_t verb = at + 1, next = at + 2;  // D1 VERB …
  if (next > *last) return nullptr;
  constexpr std::array known{P::ENTERS, P::LEAVES, P::SETS, P::RECORDS};
  const bool has_form = std::find(known.begin(), known.end(), type(verb)) != known.end();
  return has_form || type(next) == P::BRACE_OPEN || type(next) == P::RECORDED ? nullptr : stream.get(next);
}

void hint_deed(const Reader& reader, antlr4::Parser& parser, const antlr4::Token& extra, Diagnostic& said) {
  antlr4::TokenStream& stream = *parser.getTokenStream();
  const antlr4::Token& verb = *stream.get(extra.getTokenIndex() - 1);
  const std::string subject = stream.get(extra.getTokenIndex() - 2)->getText(), word = verb.getText();
  constexpr std::array<std::string_view, 6> moves{"moves", "moved", "goes", "enter", "entered", "reaches"};
  const bool goes = std::find(moves.begin(), moves.end(), word) != moves.end();
  const std::string near(goes ? "enters" : diagnostics::nearest(word, {"enters", "leaves", "sets", "records"}));
  if (!near.empty()) {
    said.hint("did you mean `{}`?", near).suggest(reader.offsets.span(verb), near);
    return;
  }
  const std::string more = extra.getText();
  if (more == "expect") {
    said.hint("what is expected is so as of a day: `as of 2026-03-05 expect …`");
    return;
  }
  if (more == "with") {
    said.hint("with whom stands in braces: `{} {} {{ contact C1 }}`, of a contact in the cast", subject, word);
    return;
  }
  if (more == "by") {
    said.hint("whoever owns the deal then does it: `deal {} {{ owner … }}`, or `{} sets owner to …` before", subject,
              subject);
    return;
  }
  said.hint("a field changes with `{} sets {} to {}`; what is known of an activity stands in braces: `{} {} {{ … }}`",
            subject, word, extra.getText(), subject, word);
}

namespace {

bool is_name(const antlr4::Token& token) { return token.getType() == P::IDENT || token.getType() == P::CURRENCY; }

/// `product is GTX Basic`, `one of GTX Basic, …`: of a name of several words only the first was read.
bool add_several_words(const Reader& reader, antlr4::TokenStream& stream, std::size_t index,
                       const std::set<std::size_t>& expected, Diagnostic& said) {
  const bool in_condition = expected.count(P::AND) > 0 && expected.count(P::OR) > 0;
  const bool in_choices = expected.count(P::MONEY) > 0 && expected.count(P::INSTANT) > 0;
  const std::size_t second = in_condition ? index : index - 1;  // a choice's second word was taken for a field
  if (index < 3 || (!in_condition && !in_choices) || reader.facts[second].starts_line) return false;
  const antlr4::Token &first = *stream.get(second - 1), &ahead = *stream.get(second - 2);
  if (!is_name(first) || !is_name(*stream.get(second))) return false;
  std::string word = stream.get(second)->getText();  // `GTX AND`
  std::ranges::transform(word, word.begin(), [](unsigned char letter) { return std::tolower(letter); });
  if (std::ranges::any_of(expected, [&](std::size_t type) { return keyword_of(type) == word; })) return false;
  constexpr std::array behind{P::IS, P::OF, P::COMMA, P::NOT};
  if (std::find(behind.begin(), behind.end(), ahead.getType()) == behind.end()) return false;
  if (in_choices && ahead.getType() != P::OF && ahead.getType() != P::COMMA) return false;
  said.hint("what has several words is written in quotes: `\"{} {}\"`", first.getText(), stream.get(second)->getText());
  return true;
}

}  // namespace

bool add_habit(const Reader& reader, antlr4::TokenStream& stream, const antlr4::Token& offending,
               const std::set<std::size_t>& expected, Diagnostic& said) {
  const std::string word = offending.getText();
  const std::size_t index = offending.getTokenIndex();
  const antlr4::Token* const before = index > 0 ? stream.get(index - 1) : nullptr;
  if (add_several_words(reader, stream, index, expected, said)) return true;
  constexpr std::array sorts{P::OPEN, P::WON, P::LOST, P::CLOSED};
  const bool of_deals = offending.getType() == P::DEALS && index > 1 && before != nullptr &&
                        std::find(sorts.begin(), sorts.end(), before->getType()) != sorts.end();
  if (of_deals && stream.get(index - 2)->getType() == P::PAREN_OPEN) {
    said.hint("deals are counted without parentheses: `count of {} deals where …`", before->getText());
    return true;
  }
  const bool clause = reader.facts[offending.getTokenIndex()].starts_line && expected.count(P::EVERY) > 0;
  const bool line = expected.count(P::CALENDAR_DATE) > 0 && reader.facts[offending.getTokenIndex()].starts_line;
  if (line && offending.getType() == P::EXPECT) {
    said.hint("what is expected stands behind its day: `as of 2026-03-05 expect …`");
    return true;
  }
  const bool dated = before != nullptr && reader.facts[before->getTokenIndex()].starts_line;
  if (dated && before->getText() == "on" && offending.getType() == P::CALENDAR_DATE) {
    said.hint("a line begins with its date: leave out `on`");
    return true;
  }
  const std::string_view period = clause ? period_of(word) : std::string_view();
  if (!period.empty()) {
    said.hint("write `every {}`", period).suggest(said.span, fmt::format("every {}", period));
    return true;
  }
  if (before != nullptr && before->getType() == P::EVERY && is_weekday(offending.getType())) {
    said.hint("write `every week by {}`", word).suggest(said.span, fmt::format("week by {}", word));
    return true;
  }
  return false;
}

}  // namespace plumb::syntax::antlr
