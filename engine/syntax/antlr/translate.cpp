#include <algorithm>
#include <array>
#include <cctype>

#include "syntax/antlr/translation.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::Diagnostic;
using diagnostics::diag::ForeignSpelling;

/// What a foreign sign is here; no words: it is left out.
struct Spelling {
  std::size_t type;
  std::vector<std::size_t> tokens;
  std::string_view words;
};

const std::vector<Spelling>& spellings() {
  static const std::vector<Spelling> all = {
      {L::FOREIGN_AT_LEAST, {L::IS, L::AT, L::LEAST}, "is at least"},
      {L::FOREIGN_AT_MOST, {L::IS, L::AT, L::MOST}, "is at most"},
      {L::FOREIGN_IS, {L::IS}, "is"},
      {L::FOREIGN_IS_NOT, {L::IS, L::NOT}, "is not"},
      {L::FOREIGN_MORE, {L::IS, L::MORE_WORD, L::THAN}, "is more than"},
      {L::FOREIGN_LESS, {L::IS, L::LESS, L::THAN}, "is less than"},
      {L::FOREIGN_AND, {L::AND}, "and"},
      {L::FOREIGN_OR, {L::OR}, "or"},
      {L::FOREIGN_NOT, {L::NOT}, "not"},
      {L::FOREIGN_ARROW, {L::ARROW}, "->"},
      {L::FOREIGN_PLUS, {L::PLUS}, "plus"},
      {L::FOREIGN_MINUS, {L::MINUS}, "minus"},
      {L::FOREIGN_DIVIDED, {L::DIVIDED, L::BY}, "divided by"},
      {L::FOREIGN_BRACKET_OPEN, {L::PAREN_OPEN}, "("},
      {L::FOREIGN_BRACKET_CLOSE, {L::PAREN_CLOSE}, ")"},
  };
  return all;
}

constexpr std::size_t longest_condition = 200;  // words: nobody looks farther back for what a sign is part of

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// With the blanks that it needs between the words around it.
std::string spaced(const Translation& t, std::string_view words) {
  const std::string_view content = t.reader.text.content();
  const source::Span span = t.span();
  std::string text(words);
  if (span.begin > 0 && !is_blank(content[span.begin - 1])) text.insert(0, " ");
  if (span.end < content.size() && !is_blank(content[span.end])) text += " ";
  return text;
}

void translate_sign(Translation& t, const Spelling& spelling) {
  std::vector<std::size_t> types = spelling.tokens;
  std::string_view words = spelling.words;
  // `within <= 2 days`: it is the most by itself.
  if (t.before(1) == L::WITHIN && spelling.type == L::FOREIGN_AT_MOST) {
    if (Diagnostic* said = t.say(t.span(), ForeignSpelling, t.here().getText())) {
      said->hint("`within` says so already; leave it out").suggest(t.span(), "");
    }
    return t.drop();
  }
  // `is >= 5` has its `is` already, and some clauses need none.
  const std::size_t before = t.before(1);
  const bool has_is = before == L::IS || before == L::LAPSE || before == L::GIVEN || before == L::BY;
  if (has_is && types.front() == L::IS && types.size() > 1) {
    types.erase(types.begin());
    words.remove_prefix(3);
  }
  if (Diagnostic* said = t.say(t.span(), ForeignSpelling, t.here().getText())) {
    said->hint("write `{}`", words).suggest(t.span(), spaced(t, words));
  }
  for (const std::size_t type : types) {
    const std::string_view keyword = keyword_of(type);
    t.emit(type, keyword.empty() ? std::string(words) : std::string(keyword));
  }
}

/// Whether the words before are those of a path, so that any dash or arrowhead is meant as `->`.
bool is_in_path(const Translation& t) {
  for (std::size_t i = t.tokens.size(); i-- > 0;) {
    const antlr4::Token& token = *t.tokens[i];
    const std::size_t type = token.getType();
    const bool begins = type == L::PATH || type == L::BACK || type == L::FROM;
    const std::size_t behind = i > 0 ? t.tokens[i - 1]->getType() : std::size_t{L::BRACE_OPEN};
    const bool clause = t.facts[i].starts_line || behind == L::BRACE_OPEN || behind == L::BRACE_CLOSE;
    if (begins && clause) return i + 1 < t.tokens.size();
    const bool name = is_word(token) || type == L::STRING || type == L::ARROW || type == L::COMMA;
    if (!name || type == L::WHEN || type == L::WHERE || type == L::WHILE) return false;
  }
  return false;
}

/// Whether `=>` is meant as `is at least`: the nearest word before that begins something begins no path.
bool is_at_least(const Translation& t) {
  if (t.here().getText() != "=>") return false;
  constexpr std::array conditions{L::EXPECT, L::WHERE, L::WHEN, L::WHILE, L::AND,        L::OR, L::NOT,
                                  L::IS,     L::ENTER, L::ON,   L::OF,    L::PAREN_OPEN, L::IN};
  for (std::size_t n = 1; n <= longest_condition && n <= t.tokens.size(); ++n) {
    const std::size_t type = t.before(n);
    if (type == L::PATH || type == L::BACK || (type == L::ANY && t.before(n + 1) == L::FROM)) return false;
    if (std::find(conditions.begin(), conditions.end(), type) != conditions.end()) return true;
  }
  return false;
}

/// The arrow of a path in whatever signs are left of it: `-`, `>`, `–>`, `- >`.
bool translate_arrow(Translation& t) {
  const auto is_dash = [&t](std::size_t i) {
    return t.raw[i]->getType() == L::FOREIGN_MINUS || t.raw[i]->getType() == L::FOREIGN_DASH;
  };
  const auto is_head = [&t](std::size_t i) { return t.raw[i]->getType() == L::FOREIGN_MORE; };
  if (!(is_dash(t.at) || is_head(t.at)) || !is_in_path(t)) return false;
  std::size_t last = t.at;
  while (last + 1 < t.raw.size() && (is_dash(last + 1) || is_head(last + 1))) ++last;
  const source::Span span = source::join(t.span(), t.reader.offsets.span(*t.raw[last]));
  const std::string_view written = t.reader.text.content().substr(span.begin, span.end - span.begin);
  suggest(t.say(span, ForeignSpelling, written), span, "->");
  t.emit(L::ARROW, "->");
  t.at = last;
  return true;
}

/// Whether a name stands anywhere in the text, as far as it has been read or will be.
bool occurs(const Translation& t, const std::string& name) {
  const std::string_view content = t.reader.text.content();
  const auto continues = [&](std::size_t at) {
    return at < content.size() && (std::isalnum(static_cast<unsigned char>(content[at])) != 0 || content[at] == '_');
  };
  for (std::size_t at = content.find(name); at != std::string_view::npos; at = content.find(name, at + 1)) {
    if ((at == 0 || !continues(at - 1)) && !continues(at + name.size())) return true;
  }
  return false;
}

/// `close-date`: one name, which needs quotes, or another mark.
bool translate_hyphens(Translation& t) {
  if (t.tokens.empty() || t.at + 1 >= t.raw.size() || t.tokens.back()->getType() == L::STRING) return false;
  const antlr4::Token& first = *t.tokens.back();
  if (!is_word(first) || !adjacent(first, t.here())) return false;
  std::string name = first.getText();
  std::size_t last = t.at;
  while (last + 1 < t.raw.size() && t.raw[last]->getType() == L::FOREIGN_MINUS &&
         adjacent(*t.raw[last], *t.raw[last + 1]) &&
         (is_word(*t.raw[last + 1]) || t.raw[last + 1]->getType() == L::NUMERAL)) {
    name += "-" + t.raw[last + 1]->getText();
    last += 2;
    if (last >= t.raw.size() || !adjacent(*t.raw[last - 1], *t.raw[last])) break;
  }
  if (last == t.at) return false;
  std::string plain = name;
  std::replace(plain.begin(), plain.end(), '-', '_');
  const bool declared = occurs(t, plain);
  auto token = stand_in(first, L::IDENT, declared ? plain : name);
  token->setStopIndex(t.raw[last - 1]->getStopIndex());
  const source::Span span = t.reader.offsets.span(*token);
  Diagnostic* said = t.say(span, ForeignSpelling, name);
  if (declared) {
    suggest(said, span, plain);
  } else if (said != nullptr) {
    said->hint("a name with other marks than `_` is written in quotes: `\"{}\"`", name)
        .suggest(span, "\"" + name + "\"");
  }
  t.tokens.back() = std::move(token);
  t.facts.back().reported = true;
  t.at = last - 1;
  return true;
}

/// Signs that nothing of Plumb corresponds to: left out, with a word about what to do.
void translate_nothing(Translation& t) {
  const std::string text = t.here().getText();
  const bool comment = t.here().getType() == L::FOREIGN_COMMENT;
  Diagnostic* said = t.say(t.span(), ForeignSpelling, comment ? text.substr(0, 2) : text);
  t.drop();
  if (said == nullptr) return;
  const std::size_t type = t.here().getType();
  if (type == L::FOREIGN_SEPARATOR) {
    said->hint("nothing stands between clauses; leave it out").suggest(t.span(), "");
  } else if (type == L::FOREIGN_COMMENT) {
    said->hint("a comment starts with `#`").suggest(t.span(), "#" + text.substr(2));
  } else if (type == L::FOREIGN_TIMES) {
    said->hint("a part of something is written `40% of amount`");
  } else {
    said->hint("a range is written with `to`, a subtraction with `minus`");
  }
}

void translate_one(Translation& t) {
  const std::size_t type = t.here().getType();
  if (t.silent.count(t.at) > 0) return t.drop();
  if (t.mended.count(t.at) > 0) return t.emit(std::move(t.raw[t.at]), true);
  const bool guesses = t.reader.guesses;
  if (guesses && translate_marks(t)) return;
  const bool number = type == L::NUMERAL || type == L::CURRENCY || type == L::CLOCK || type == L::VERSION_NUMBER;
  if (guesses && (number || is_word(t.here())) &&
      (translate_words(t) || translate_amount(t) || translate_time_words(t)))
    return;
  if (type < L::FOREIGN_AT_LEAST && type != L::FOREIGN_DATE) {
    check_literal(t);
    return t.emit(std::move(t.raw[t.at]), false);
  }
  switch (type) {
    case L::FOREIGN_MINUS:
      if (translate_hyphens(t) || translate_arrow(t)) return;
      break;
    case L::FOREIGN_DASH:
    case L::FOREIGN_MORE:
      if (translate_arrow(t)) return;
      break;
    case L::FOREIGN_PERCENT: return translate_percent(t);
    case L::FOREIGN_MONEY: return translate_money(t);
    case L::FOREIGN_GLUED: return translate_glued(t);
    case L::FOREIGN_DATE: return translate_date(t);
    case L::FOREIGN_INSTANT: return translate_instant(t);
    case L::FOREIGN_STRING: return translate_string(t);
    case L::OPEN_STRING: return translate_open_string(t);
    case L::STRAY:
    case L::FOREIGN_QUOTE: return translate_stray(t);
    default: break;
  }
  const std::size_t meant = type == L::FOREIGN_ARROW && is_at_least(t) ? std::size_t{L::FOREIGN_AT_LEAST} : type;
  for (const Spelling& spelling : spellings()) {
    if (spelling.type == meant) return translate_sign(t, spelling);
  }
  translate_nothing(t);
}

}  // namespace

bool is_word(const antlr4::Token& token) {
  const std::size_t type = token.getType();
  return type == L::IDENT || type == L::CURRENCY || !keyword_of(type).empty();
}

bool adjacent(const antlr4::Token& a, const antlr4::Token& b) { return a.getStopIndex() + 1 == b.getStartIndex(); }

void suggest(Diagnostic* said, source::Span span, const std::string& text) {
  if (said != nullptr) said->hint("write `{}`", text).suggest(span, text);
}

Tokens translate(Reader& reader, Tokens raw) {
  std::vector<bool> starts_line(raw.size(), true);
  for (std::size_t i = 1; i < raw.size(); ++i) starts_line[i] = raw[i]->getLine() != raw[i - 1]->getLine();
  Translation t{reader, std::move(raw), std::move(starts_line), 0, {}, {}, false, {}};
  mend_texts(t);
  for (; t.at < t.raw.size(); ++t.at) translate_one(t);
  reader.facts = std::move(t.facts);
  return std::move(t.tokens);
}

}  // namespace plumb::syntax::antlr
