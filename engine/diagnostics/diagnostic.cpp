#include "diagnostics/diagnostic.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace plumb::diagnostics {

std::string_view to_text(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

const std::vector<Code>& catalog() {
  static const std::vector<Code> codes = {
#define PLUMB_DIAGNOSTIC(identifier, name, severity, format) diag::identifier,
#include "diagnostics/catalog.def"
#undef PLUMB_DIAGNOSTIC
  };
  return codes;
}

Diagnostic& Diagnostic::label(source::Span at, std::string text) {
  labels.push_back({at, std::move(text)});
  return *this;
}

Diagnostic& Diagnostic::suggest(source::Span at, std::string text) {
  suggestions.push_back({at, std::move(text)});
  return *this;
}

std::vector<Diagnostic> Sink::sorted() const {
  const auto key = [](const Diagnostic& d) { return std::tie(d.span.text, d.span.begin, d.span.end, d.code); };
  std::vector<Diagnostic> result = diagnostics_;
  std::stable_sort(result.begin(), result.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  return result;
}

Diagnostic& Sink::add(source::Span span, const Code& code, std::string message) {
  if (code.severity == Severity::error) ++errors_;
  if (code.severity == Severity::warning) ++warnings_;
  Diagnostic diagnostic;
  diagnostic.code = code.name;
  diagnostic.severity = code.severity;
  diagnostic.span = span;
  diagnostic.message = std::move(message);
  return diagnostics_.emplace_back(std::move(diagnostic));
}

}  // namespace plumb::diagnostics
