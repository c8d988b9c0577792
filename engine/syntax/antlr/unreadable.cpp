#include <fmt/format.h>

#include "syntax/antlr/tokens.h"
#include "syntax/parse.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::diag::FileTooLarge;
using diagnostics::diag::NotUtf8;
using diagnostics::diag::StrayCharacter;

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

/// The length of the UTF-8 sequence at `at`, after RFC 3629. Missing: 0 for what is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const auto second = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0;
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !continues(text, at + 1)) return 0;
  if (first < 0xE0) return 2;
  if (!continues(text, at + 2)) return 0;
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
  if (first < 0xF0) return 3;
  if (!continues(text, at + 3) || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return 4;
}

bool is_control(unsigned char c) { return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F; }

source::Span at_byte(const Reader& reader, std::size_t at, std::size_t length) {
  return source::Span{reader.id, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + length)};
}

}  // namespace

bool unreadable(Reader& reader) {
  const std::string_view text = reader.text.content();
  if (text.size() > Limits::bytes) {
    reader.sink.report(at_byte(reader, 0, 0), FileTooLarge, text.size(), Limits::bytes)
        .hint("a rulebook is written by people; is this the right file?");
    return true;
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    if (length == 0) {
      auto& said = reader.sink.report(at_byte(reader, at, 1), NotUtf8, at + 1, byte);
      const bool marked = at == 0 && (byte == 0xFF || byte == 0xFE);
      said.hint("{}", marked ? "this looks like UTF-16; save the file as UTF-8" : "save the file as UTF-8");
      return true;
    }
    if (is_control(byte)) {
      const bool every_other = byte == 0 && at < 2 && text.find('\0', at + 1) == at + 2;
      reader.sink.report(at_byte(reader, at, 1), StrayCharacter, fmt::format("U+{:04X}", byte))
          .hint("{}", every_other ? "this looks like UTF-16; save the file as UTF-8" : "a rulebook is plain text");
      return true;
    }
    at += length;
  }
  return false;
}

}  // namespace plumb::syntax::antlr
