#include <algorithm>
#include <array>
#include <variant>

#include "check/context.h"

namespace plumb::check {

namespace {

// The connecting words of language.md, and what the grammar keeps for itself inside conditions.
constexpr std::string_view reserved[]{
    "after",      "and",    "any",   "at",     "because", "before", "better", "by",       "count",  "deals",   "each",
    "earlier",    "enters", "every", "expect", "for",     "from",   "given",  "happened", "has",    "if",      "in",
    "is",         "its",    "known", "later",  "least",   "leaves", "less",   "mean",     "median", "missing", "more",
    "most",       "not",    "of",    "one",    "or",      "over",   "per",    "share",    "since",  "sum",     "than",
    "throughout", "time",   "to",    "today",  "when",    "where",  "while",  "within"};

// Every nested condition keeps its words, so their length is bounded.
constexpr std::size_t longest_words = 4000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The no-break space and the byte order mark are blanks of the language too.
std::size_t wide_blank(std::string_view rest) {
  if (rest.starts_with("\xC2\xA0")) return 2;
  return rest.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

bool is_word_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || byte >= 0x80;
}

std::size_t end_of_text(std::string_view written, std::size_t at) {
  for (++at; at < written.size() && written[at] != '"'; ++at) {
    if (written[at] == '\\') ++at;
  }
  return std::min(at + 1, written.size());
}

std::size_t end_of_line(std::string_view written, std::size_t at) {
  return std::min(written.find_first_of("\r\n", at), written.size());
}

/// Blanks folded and comments dropped.
std::string folded(std::string_view written) {
  std::string result;
  bool gap = false;
  for (std::size_t at = 0; at < written.size();) {
    const std::size_t wide = wide_blank(written.substr(at));
    if (is_blank(written[at]) || wide != 0 || written[at] == '#') {
      at = written[at] == '#' ? end_of_line(written, at) : at + std::max<std::size_t>(wide, 1);
      gap = true;
      continue;
    }
    if (gap && !result.empty() && !result.ends_with('(') && written[at] != ')') result += ' ';
    gap = false;
    const std::size_t end = written[at] == '"' ? end_of_text(written, at) : at + 1;
    result += written.substr(at, end - at);
    at = end;
  }
  return result;
}

/// In parentheses where it would be read otherwise within `and`.
std::string operand_words(const Context& context, ast::ExprId id) {
  const std::string said = words(context, id);
  return std::holds_alternative<ast::Or>(context.file.exprs[id].is) ? fmt::format("({})", said) : said;
}

}  // namespace

std::string words(const source::Map& texts, Span span) {
  const std::string_view written = texts.words(span);
  if (written.size() <= longest_words) return folded(written);
  std::size_t end = longest_words;
  while (end > 0 && (static_cast<unsigned char>(written[end]) & 0xC0) == 0x80) --end;
  return folded(written.substr(0, end)) + " …";
}

std::string words(const Context& context, Span span) { return words(context.texts, span); }

std::string whole_words(const source::Map& texts, Span span) { return folded(texts.words(span)); }

std::string words(const Context& context, ast::ExprId condition) {
  const ast::Expr& written = context.file.exprs[condition];
  if (written.span.known()) return words(context, written.span);
  if (const auto* operand = std::get_if<ast::Not>(&written.is))
    return fmt::format("not ({})", words(context, operand->operand));
  if (const auto* in = std::get_if<ast::InStage>(&written.is))
    return fmt::format("in {}{}", spelled(in->stage.text), in->or_later ? " or later" : "");
  std::string result;
  const auto* all = std::get_if<ast::And>(&written.is);
  for (std::size_t i = 0; all && i < all->operands.size(); ++i) {
    if (i > 0) result += " and ";
    result += operand_words(context, all->operands[i]);
  }
  return result;
}

void add_words(std::string_view written, std::set<std::string, std::less<>>& found) {
  for (std::size_t at = 0; at < written.size();) {
    std::size_t end = at;
    while (end < written.size() && is_word_character(written[end])) ++end;
    if (end > at) found.emplace(written.substr(at, end - at));
    at = end + 1;
  }
}

std::string spelled(std::string_view name) {
  const bool plain =
      !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, is_word_character);
  const bool connects = std::ranges::find(reserved, name) != std::end(reserved);
  return plain && !connects ? std::string(name) : fmt::format("\"{}\"", name);
}

std::string listed(const std::vector<std::string>& names, std::string_view last) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) result += i + 1 == names.size() ? fmt::format(" {} ", last) : ", ";
    result += fmt::format("`{}`", names[i]);
  }
  return result;
}

std::string_view described(model::Type type) {
  static constexpr std::array<std::string_view, 15> words{
      "something broken", "money",  "a percentage", "a count",    "a number", "text",    "a note",     "a choice",
      "yes or no",        "a date", "an instant",   "a duration", "a person", "a stage", "a condition"};
  return words[static_cast<std::size_t>(type.kind)];
}

std::string_view plural(model::OwnerKind owner) {
  static constexpr std::array<std::string_view, 6> words{"deals",  "accounts",   "contacts",
                                                         "people", "activities", "records"};
  return words[static_cast<std::size_t>(owner)];
}

}  // namespace plumb::check
