#include "diagnostics/json_writer.h"

#include <utility>

#include <fmt/format.h>

#include "source/utf8.h"

namespace plumb::diagnostics {

namespace {

std::string escaped(std::string_view text, std::size_t at, source::Character character) {
  switch (character.value) {
    case U'"': return "\\\"";
    case U'\\': return "\\\\";
    case U'\n': return "\\n";
    case U'\r': return "\\r";
    case U'\t': return "\\t";
    default: break;
  }
  if (!character.valid) return "\xEF\xBF\xBD";
  const bool is_control = character.value < 0x20 || (character.value >= 0x7F && character.value <= 0x9F);
  // Some readers take these two for the end of a line.
  if (is_control || character.value == 0x2028 || character.value == 0x2029) {
    return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character.value));
  }
  return std::string(text.substr(at, character.size));
}

}  // namespace

std::string json_quoted(std::string_view text) {
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const source::Character character = source::decode(text, at);
    result += escaped(text, at, character);
    at += character.size;
  }
  return result + '"';
}

void JsonWriter::indent() {
  if (!out_.empty()) out_ += '\n';
  out_.append(2 * depth_, ' ');
}

void JsonWriter::begin(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  indent();
  if (!name.empty()) out_ += fmt::format("{}: ", json_quoted(name));
}

void JsonWriter::member(std::string_view name, std::string_view value) {
  begin(name);
  out_ += value;
}

void JsonWriter::open(std::string_view name, char bracket) {
  begin(name);
  out_ += bracket;
  ++depth_;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  if (!first_) indent();
  out_ += bracket;
  first_ = false;
}

std::string JsonWriter::take() {
  out_ += '\n';
  return std::exchange(out_, {});
}

}  // namespace plumb::diagnostics
