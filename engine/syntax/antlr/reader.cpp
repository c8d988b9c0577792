#include "syntax/antlr/reader.h"

#include <algorithm>

#include "syntax/parse.h"

namespace plumb::syntax::antlr {

Offsets::Offsets(Id<source::Text> text, std::string_view content, std::uint32_t first_byte)
    : text_(text), first_byte_(first_byte), size_(static_cast<std::uint32_t>(content.size())) {
  if (std::all_of(content.begin(), content.end(), [](unsigned char c) { return c < 0x80; })) return;
  for (std::uint32_t i = 0; i < content.size(); ++i) {
    if ((static_cast<unsigned char>(content[i]) & 0xC0) != 0x80) bytes_.push_back(i);
  }
}

std::uint32_t Offsets::byte(std::size_t code_point) const {
  if (bytes_.empty()) return first_byte_ + std::min(static_cast<std::uint32_t>(code_point), size_);
  return first_byte_ + (code_point < bytes_.size() ? bytes_[code_point] : size_);
}

source::Span Offsets::span(std::size_t start, std::size_t stop) const {
  return source::Span{text_, byte(start), byte(stop + 1)};
}

source::Span Offsets::span(const antlr4::Token& token) const {
  if (token.getType() == antlr4::Token::EOF) return source::Span{text_, first_byte_ + size_, first_byte_ + size_};
  return span(token.getStartIndex(), token.getStopIndex());
}

source::Span Offsets::span(const antlr4::ParserRuleContext& context) const {
  if (context.start == nullptr) return source::Span{text_, first_byte_, first_byte_};
  const source::Span start = span(*context.start);
  // A rule that matched nothing stops before it starts.
  if (context.stop == nullptr || context.stop->getTokenIndex() < context.start->getTokenIndex()) return start;
  return source::join(start, span(*context.stop));
}

bool Reader::may_report() {
  had_errors = true;
  return ++syntax_errors <= Limits::syntax_errors;
}

}  // namespace plumb::syntax::antlr
