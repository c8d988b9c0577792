#include "yaml/plain_text.h"

#include <string_view>

#include "source/utf8.h"

namespace plumb::yaml {

namespace diag = diagnostics::diag;

namespace {

bool is_control(char32_t c) { return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F; }

unsigned byte_at(std::string_view content, std::size_t at) { return static_cast<unsigned char>(content[at]); }

// The parser takes some control characters for the end of its input, and would read half a file without a word.
bool is_text(const source::Map& texts, Id<source::Text> text, const Purpose& purpose, diagnostics::Sink& sink) {
  const std::string_view content = texts[text].content();
  for (std::size_t at = 0; at < content.size();) {
    const source::Character character = source::decode(content, at);
    const auto offset = static_cast<std::uint32_t>(at);
    const source::Span span{text, offset, offset + character.size};
    if (!character.valid) {
      sink.report(span, diag::NotUtf8, at + 1, byte_at(content, at)).hint("save the {} as UTF-8 text", purpose.name);
      return false;
    }
    if (is_control(character.value)) {
      sink.report(span, diag::MappingControlCharacter, at + 1, byte_at(content, at))
          .hint("a {} is a text file; is this the right file?", purpose.name);
      return false;
    }
    at += character.size;
  }
  return true;
}

// YAML forbids tabs there, but the parser swallows some of them and then sees another structure than the reader.
bool is_indented_by_blanks(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink) {
  const source::Text& lines = texts[text];
  for (std::uint32_t number = 1; number <= lines.line_count(); ++number) {
    const std::string_view line = lines.line(number);
    const std::size_t tab = line.find_first_not_of(' ');
    const std::size_t word = line.find_first_not_of(" \t");
    if (word == std::string_view::npos || line[word] == '#' || line[tab] != '\t') continue;
    const std::uint32_t start = lines.line_start(number);
    const source::Span span{text, start + static_cast<std::uint32_t>(tab), start + static_cast<std::uint32_t>(word)};
    sink.report(span, diag::MappingTab).hint("indent with blanks; two for each level do");
    return false;
  }
  return true;
}

}  // namespace

bool is_plain_text(const source::Map& texts, Id<source::Text> text, const Purpose& purpose, diagnostics::Sink& sink) {
  const std::size_t size = texts[text].content().size();
  if (size > most_bytes) {
    sink.report({text, 0, 0}, diag::MappingTooLarge, size, most_bytes, purpose.name)
        .hint("{}; is this the right file?", purpose.is_not);
    return false;
  }
  return is_text(texts, text, purpose, sink) && is_indented_by_blanks(texts, text, sink);
}

}  // namespace plumb::yaml
