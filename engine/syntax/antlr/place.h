#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "PlumbParser.h"
#include "syntax/antlr/reader.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

using P = PlumbParser;
using Words = std::initializer_list<std::string_view>;

inline bool is_one_of(std::string_view word, Words words) { return std::ranges::find(words, word) != words.end(); }

inline bool is_wordlike(const antlr4::Token& token) {
  return token.getType() == P::IDENT || !keyword_of(token.getType()).empty();
}

/// A word that cannot stand where it does, with what stands around it.
struct Place {
  const Reader& reader;
  antlr4::TokenStream& stream;
  const antlr4::Token& offending;
  const std::set<std::size_t>& expected;
  diagnostics::Diagnostic& said;

  std::size_t index() const { return offending.getTokenIndex(); }
  std::string word() const { return offending.getText(); }
  /// The so-many-th token before it. Missing: null.
  const antlr4::Token* before(std::size_t back = 1) const {
    return index() >= back ? stream.get(index() - back) : nullptr;
  }
  std::string text_before(std::size_t back = 1) const {
    return before(back) != nullptr ? before(back)->getText() : std::string();
  }
  bool follows(std::size_t type, std::size_t back = 1) const {
    return before(back) != nullptr && before(back)->getType() == type;
  }
  bool follows_one_of(std::initializer_list<std::size_t> types, std::size_t back = 1) const {
    return std::ranges::any_of(types, [&](std::size_t type) { return follows(type, back); });
  }
  /// The sort of the token behind it, which may not have been read yet.
  std::size_t type_behind() const {
    const auto ahead = static_cast<std::ptrdiff_t>(index()) - static_cast<std::ptrdiff_t>(stream.index()) + 2;
    return ahead > 0 ? stream.LA(ahead) : stream.get(index() + 1)->getType();
  }
  bool clause_may_begin() const { return expected.count(P::EVERY) > 0 && expected.count(P::EXPECT) > 0; }
  bool declaration_may_begin() const { return expected.count(P::MUST) > 0 && expected.count(P::FIELDS) > 0; }
  /// Behind the first value of a condition.
  bool comparison_may_begin() const { return expected.count(P::IS) > 0 && expected.count(P::HAS) > 0; }
};

}  // namespace plumb::syntax::antlr
