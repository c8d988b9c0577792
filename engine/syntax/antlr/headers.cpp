#include "syntax/antlr/headers.h"

#include <algorithm>
#include <array>

#include "PlumbLexer.h"

namespace plumb::syntax::antlr {

namespace {

using L = PlumbLexer;

constexpr std::array declarations{
    L::RULEBOOK, L::USE,  L::EXTENDS, L::CALENDAR, L::FIELDS, L::ACTIVITY, L::RECORD, L::EVENT, L::PROCESS,
    L::CHECKLIST, L::MUST, L::SHOULD,  L::TRIAL,    L::MEASURE, L::TARGET,  L::PLAN,   L::LADDER, L::PROVE,
    L::TEST,     L::CHANGE, L::REMOVE};

/// Declarations with a body, and what has one inside of them.
constexpr std::array with_body{L::RULEBOOK, L::CALENDAR, L::FIELDS, L::ACTIVITY, L::RECORD, L::PROCESS, L::CHECKLIST,
                               L::MUST,     L::SHOULD,   L::TRIAL,  L::TARGET,   L::PLAN,   L::LADDER,  L::TEST,
                               L::STAGE,    L::ITEM,     L::RUNG,   L::PERSON,   L::DEAL,   L::CONTACT, L::ACCOUNT,
                               L::TEAM,     L::CALENDAR_DATE};

constexpr std::array continuations{L::AND,   L::OR,    L::AS,         L::OF,          L::WITH, L::WHERE, L::STRING,
                                   L::COMMA, L::ARROW, L::PAREN_OPEN, L::PAREN_CLOSE, L::DOT,  L::PLUS,  L::MINUS,
                                   L::RECORDED};

template <class List>
bool is_in(const List& list, std::size_t type) {
  return std::any_of(list.begin(), list.end(), [type](auto each) { return std::size_t{each} == type; });
}

std::size_t type_at(const Tokens& tokens, std::size_t i) {
  return i < tokens.size() ? tokens[i]->getType() : antlr4::Token::EOF;
}

/// The words before the name: `test` has none, and what happens in a test begins with when and to whom.
std::size_t words_before_title(const Tokens& tokens, std::size_t first) {
  const std::size_t type = type_at(tokens, first);
  if (type == L::TEST) return first + 1;
  if (type != L::CALENDAR_DATE) return first + 2;
  const bool has_clock = type_at(tokens, first + 1) == L::CLOCK || type_at(tokens, first + 1) == L::CLOCK_OFFSET;
  const std::size_t deed = first + (has_clock ? 3 : 2);
  return deed + (type_at(tokens, deed) == L::RECORDS ? 2 : 1);
}

}  // namespace

bool begins_declaration(const antlr4::Token& token) {
  return token.getCharPositionInLine() == 0 && is_in(declarations, token.getType());
}

bool continues_line(const antlr4::Token& token) { return is_in(continuations, token.getType()); }

std::size_t end_of_header(const Tokens& tokens, std::size_t first) {
  if (!is_in(with_body, type_at(tokens, first))) return SIZE_MAX;
  std::size_t place = words_before_title(tokens, first);
  for (;;) {
    const std::size_t type = type_at(tokens, place);
    if (type == L::STRING) {
      ++place;
    } else if (type == L::DOT || type == L::OF || type == L::WITH || type == L::AS) {
      place += 2;
    } else if (type == L::FOR && type_at(tokens, place + 1) == L::EACH && type_at(tokens, first) == L::LADDER) {
      place += 3;
    } else {
      return place <= tokens.size() ? place : SIZE_MAX;
    }
  }
}

}  // namespace plumb::syntax::antlr
