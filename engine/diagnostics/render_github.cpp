#include "diagnostics/path.h"
#include "diagnostics/render.h"
#include "diagnostics/shown.h"

namespace plumb::diagnostics {

namespace {

std::string replaced(std::string_view text, bool in_property) {
  std::string result;
  for (const char c : text) {
    const bool is_special = c == '%' || c == '\r' || c == '\n' || (in_property && (c == ':' || c == ','));
    result += is_special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return result;
}

std::string property(std::string_view text) { return replaced(shown(text), true); }

std::string place(source::Span span, const source::Map& texts) {
  if (!span.known()) return {};
  const source::Place begin = texts.begin(span);
  const source::Place end = texts.end(span);
  const std::string file = property(without_dot(texts[span.text].path()));
  if (begin.line != end.line) return fmt::format("file={},line={},endLine={},", file, begin.line, end.line);
  return fmt::format("file={},line={},col={},endLine={},endColumn={},", file, begin.line, begin.column, end.line,
                     end.column);
}

std::string_view command(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "notice";
}

}  // namespace

std::string render_github(const Diagnostic& diagnostic, const source::Map& texts) {
  std::string words = shown(diagnostic.message);
  for (const std::string& help : diagnostic.help) words += "\n" + shown(help);
  return fmt::format("::{} {}title={}::{}", command(diagnostic.severity), place(diagnostic.span, texts),
                     property(diagnostic.code), replaced(words, false));
}

std::string render_github(std::string_view path, std::string_view unreadable) {
  return fmt::format("::error file={},title=unreadable::{}", property(without_dot(path)),
                     replaced(shown(unreadable), false));
}

}  // namespace plumb::diagnostics
