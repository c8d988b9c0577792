#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "PlumbParser.h"
#include "syntax/antlr/recovery.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using P = PlumbParser;
using diagnostics::Diagnostic;
using diagnostics::diag::UnexpectedEnd;
using diagnostics::diag::UnexpectedWord;

constexpr std::size_t longest_list = 8;
constexpr std::size_t longest_choice = 24;  // where every word is the first of a declaration, a clause or a type
constexpr std::size_t longest_word = 60;
constexpr std::size_t nearest_other = 2;  // words: two that changed places are one mistake

/// The kinds of word that are no keyword, as a person calls them.
std::string_view kind_of(std::size_t type) {
  switch (type) {
    case P::ORDINAL: return "`1st`";
    case P::CALENDAR_DATE: return "a date";
    case P::CLOCK: return "a time of day";
    case P::CLOCK_OFFSET: return "";  // said by `a time of day`
    case P::VERSION_NUMBER: return "a version";
    case P::PERCENTAGE: return "a percentage";
    case P::NUMERAL: return "a number";
    case P::CURRENCY: return "a currency";
    case P::IDENT: return "a name";
    case P::STRING: return "a text in quotes";
    case P::ARROW: return "`->`";
    case P::BRACE_OPEN: return "`{`";
    case P::BRACE_CLOSE: return "`}`";
    case P::PAREN_OPEN: return "`(`";
    case P::PAREN_CLOSE: return "`)`";
    case P::COMMA: return "`,`";
    case P::DOT: return "`.`";
    case antlr4::Token::EOF: return "the end of the file";
    default: return "";
  }
}

bool is_value_position(const std::set<std::size_t>& expected) {
  return expected.count(P::IDENT) > 0 && expected.count(P::COUNT) > 0 && expected.count(P::NUMERAL) > 0;
}

bool is_type_position(const std::set<std::size_t>& expected) {
  return expected.count(P::MONEY) > 0 && expected.count(P::INSTANT) > 0 && expected.count(P::IDENT) == 0;
}

/// Behind the first value of a condition.
bool is_comparison_position(const std::set<std::size_t>& expected) {
  const bool is_name = expected.count(P::IDENT) > 0;  // and a name may be any keyword
  return !is_name && expected.count(P::IS) > 0 && expected.count(P::HAS) > 0 && expected.count(P::DIFFERS) > 0;
}

/// Where a name may stand every keyword may, too, or nearly; a name is what a person expects to read of.
std::set<std::size_t> without_names(antlr4::Parser& parser, const std::set<std::size_t>& expected) {
  if (expected.count(P::IDENT) == 0) return expected;
  std::set<std::size_t> rest = expected;
  const antlr4::atn::ATN& atn = parser.getATN();
  const auto remove = [&](std::size_t rule) {
    const auto names = atn.nextTokens(atn.ruleToStartState[rule]).toList();
    const bool all = std::all_of(names.begin(), names.end(), [&](std::ptrdiff_t type) {
      return expected.count(static_cast<std::size_t>(type)) > 0;
    });
    if (!all) return;
    for (const std::ptrdiff_t type : names) rest.erase(static_cast<std::size_t>(type));
  };
  for (const std::size_t rule : {P::RuleAnyName, P::RuleWord, P::RulePlainWord, P::RuleUnitWord}) remove(rule);
  rest.insert(P::IDENT);
  return rest;
}

std::vector<std::string> shown(const std::set<std::size_t>& types) {
  std::vector<std::string> items;
  for (const std::size_t type : types) {
    const std::string_view word = keyword_of(type);
    if (!word.empty()) items.push_back(fmt::format("`{}`", word));
    if (word.empty() && !kind_of(type).empty()) items.emplace_back(kind_of(type));
  }
  return items;
}

/// a, b or c
std::string list_of(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " or " : ", ";
    text += items[i];
  }
  return text;
}

std::string shortened(std::string word) {
  if (word.size() <= longest_word) return word;
  std::size_t end = longest_word;
  while ((static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;
  return word.substr(0, end) + "…";
}

bool add_nearest(Diagnostic& said, const std::string& word, const std::set<std::size_t>& expected) {
  std::vector<std::string> keywords;
  for (const std::size_t type : expected) {
    if (!keyword_of(type).empty()) keywords.emplace_back(keyword_of(type));
  }
  const std::string nearest(diagnostics::nearest(word, keywords));
  if (nearest.empty() || nearest == word) return false;
  said.hint("did you mean `{}`?", nearest).suggest(said.span, nearest);
  return true;
}

void add_expected(Diagnostic& said, antlr4::Parser& parser, const antlr4::Token* before,
                  const std::set<std::size_t>& expected) {
  const std::string place = before == nullptr ? "here" : fmt::format("after `{}`", shortened(before->getText()));
  if (is_value_position(expected)) {
    said.hint("{} a value may stand: a name, a number, a date, `today`, or something counted", place);
    return;
  }
  if (is_comparison_position(expected)) {
    said.hint("{} belongs what is said of it, such as `is known` or `is at least 5`", place);
    return;
  }
  if (is_type_position(expected)) {
    said.hint(
        "{} a type may stand: `money`, `text`, `date`, `instant`, `count`, `number`, `percent`, `note`, `person`, "
        "`stage`, a unit such as `days`, or `one of` and the choices",
        place);
    return;
  }
  const auto items = shown(without_names(parser, expected));
  const bool keywords = expected.count(P::IDENT) == 0 && expected.count(P::NUMERAL) == 0;
  const std::size_t longest = keywords ? longest_choice : longest_list;
  if (!items.empty() && items.size() <= longest) said.hint("{} may stand {}", place, list_of(items));
}

bool is_connecting_word(antlr4::Parser& parser, std::size_t type) {
  return parser.getATN().nextTokens(parser.getATN().ruleToStartState[P::RuleReservedWord]).contains(type) ||
         type == P::FROM || type == P::TO || type == P::DEALS;
}

/// The last `(` before a token that waits for its `)`. Missing: null.
antlr4::Token* open_parenthesis(antlr4::Parser& parser, std::size_t index) {
  std::size_t closed = 0;
  while (index-- > 0) {
    antlr4::Token* token = parser.getTokenStream()->get(index);
    if (token->getType() == P::PAREN_CLOSE) ++closed;
    if (token->getType() == P::PAREN_OPEN && closed-- == 0) return token;
    if (token->getType() == P::BRACE_OPEN || token->getType() == P::BRACE_CLOSE) return nullptr;
  }
  return nullptr;
}

/// A clause that begins, or a body that ends, where a `)` could stand: it was forgotten.
bool add_unclosed(Diagnostic& said, const Reader& reader, antlr4::Parser& parser, const antlr4::Token& offending,
                  const std::set<std::size_t>& expected) {
  const std::size_t index = offending.getTokenIndex();
  const bool ends = reader.facts[index].starts_line || offending.getType() == P::BRACE_CLOSE;
  antlr4::Token* opened = ends && expected.count(P::PAREN_CLOSE) > 0 ? open_parenthesis(parser, index) : nullptr;
  if (opened == nullptr) return false;
  said.label(reader.offsets.span(*opened), "nothing closes this")
      .hint("write `)` after `{}`", shortened(parser.getTokenStream()->get(index - 1)->getText()));
  return true;
}

/// `time is known`: the word before was taken for what it means inside conditions, and was meant as a field.
bool is_meant_as_field(const antlr4::Token* before, const antlr4::Token& offending) {
  constexpr std::array words{P::TIME, P::COUNT, P::SHARE, P::SUM, P::MEAN, P::MEDIAN, P::ITS, P::ANY};
  const std::size_t type = offending.getType();
  if (before == nullptr || (type != P::IS && type != P::HAS && type != P::DIFFERS)) return false;
  return std::find(words.begin(), words.end(), before->getType()) != words.end();
}

/// A comma or full stop at the end of a clause, as in a sentence.
bool add_left_out(Diagnostic& said, const Reader& reader, antlr4::Parser& parser, const antlr4::Token& offending) {
  if (offending.getType() != P::COMMA && offending.getType() != P::DOT) return false;
  const std::size_t next = offending.getTokenIndex() + 1;
  antlr4::TokenStream& stream = *parser.getTokenStream();
  // What lies ahead may not have been read yet: only LA reads on.
  const auto ahead = static_cast<std::ptrdiff_t>(next) - static_cast<std::ptrdiff_t>(stream.index()) + 1;
  const std::size_t type = ahead > 0 ? stream.LA(ahead) : stream.get(next)->getType();
  const bool ends = reader.facts[next].starts_line || type == P::BRACE_CLOSE;
  if (!ends) return false;
  said.hint("nothing stands between clauses; leave it out").suggest(said.span, "");
  return true;
}

/// Where too much may stand to list it.
void add_any(Diagnostic& said, const antlr4::Token* before, const std::set<std::size_t>& expected) {
  const std::string place = before == nullptr ? "here" : fmt::format("after `{}`", shortened(before->getText()));
  if (expected.count(P::AND) > 0 && expected.count(P::OR) > 0) {
    said.hint("{} the condition may go on with `and` or `or`, or the next clause begins", place);
  } else if (expected.count(P::BRACE_CLOSE) > 0) {
    said.hint("{} the next clause begins, with its own keyword, or `}}` ends the body", place);
  } else {
    said.hint("{} something else is wanted; the language reference has the form of each line", place);
  }
}

/// The words that begin the declaration around the parser: process new_business.
std::string declaration_around(antlr4::Parser& parser) {
  antlr4::ParserRuleContext* found = parser.getContext();
  for (antlr4::tree::ParseTree* at = found; at != nullptr; at = at->parent) {
    auto* context = static_cast<antlr4::ParserRuleContext*>(at);
    if (context->getRuleIndex() != P::RuleFile) found = context;
  }
  std::string words = found->start->getText();
  const std::size_t second = found->start->getTokenIndex() + 1;
  antlr4::Token* next = parser.getTokenStream()->get(second);
  if (next->getType() != antlr4::Token::EOF && next->getType() != P::BRACE_OPEN) words += " " + next->getText();
  return words;
}

}  // namespace

void report_unexpected(Reader& reader, antlr4::Parser& parser, antlr4::Token& offending,
                       const std::set<std::size_t>& expected) {
  const std::size_t index = offending.getTokenIndex();
  antlr4::Token* before = index > 0 ? parser.getTokenStream()->get(index - 1) : nullptr;
  // What stands beside something that was reported is most likely its consequence.
  const bool beside = reader.last_offence < index && index - reader.last_offence <= nearest_other;
  const bool follows = beside || reader.facts[index].reported || (index > 0 && reader.facts[index - 1].reported);
  reader.last_offence = index;
  if (follows || !reader.may_report()) return;
  if (const antlr4::Token* extra = too_much_in_deed(reader, parser, index)) {
    Diagnostic& said = reader.sink.report(reader.offsets.span(*extra), UnexpectedWord, shortened(extra->getText()));
    return hint_deed(reader, parser, *extra, said);
  }
  if (offending.getType() == antlr4::Token::EOF) {
    const source::Span end = reader.offsets.span(*before);
    Diagnostic& said = reader.sink.report(end, UnexpectedEnd, "`" + declaration_around(parser) + "`");
    return add_expected(said, parser, before, expected);
  }
  const std::string word = offending.getText();
  Diagnostic& said = reader.sink.report(reader.offsets.span(offending), UnexpectedWord, shortened(word));
  if (add_habit(reader, *parser.getTokenStream(), offending, expected, said)) return;
  if (add_slip(reader, *parser.getTokenStream(), offending, expected, said)) return;
  // A keyword that starts a line is the next clause, not a misspelling.
  const bool keyword = !keyword_of(offending.getType()).empty() && !reader.facts[index].starts_line;
  const bool name_wanted = expected.count(P::IDENT) > 0 && is_connecting_word(parser, offending.getType());
  const bool named = name_wanted && !reader.facts[index].starts_line;
  const bool wordlike = offending.getType() == P::IDENT || offending.getType() == P::CURRENCY || keyword;
  if (wordlike && !named && add_nearest(said, word, expected)) return;
  if (add_unclosed(said, reader, parser, offending, expected)) return;
  if (is_meant_as_field(before, offending)) {
    const std::string name = before->getText();
    said.hint("`{}` is a connecting word; a field that is called so is written in quotes: `\"{}\"`", name, name);
    return;
  }
  if (named) {
    said.hint("`{}` is a connecting word; a name that is spelt so is written in quotes: `\"{}\"`", word, word);
    return;
  }
  if (add_rule_habit(reader, *parser.getTokenStream(), offending, expected, said)) return;
  if (add_left_out(said, reader, parser, offending)) return;
  add_expected(said, parser, before, expected);
  if (said.help.empty()) add_any(said, before, expected);
}

}  // namespace plumb::syntax::antlr
