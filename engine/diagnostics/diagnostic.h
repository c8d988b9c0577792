#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "source/source.h"

namespace plumb::diagnostics {

enum class Severity : std::uint8_t { error, warning, note };

/// `error`, `warning`, `note`.
std::string_view to_text(Severity severity);

/// A kind of message, for life. All of them stand in catalog.def.
struct Code {
  std::string_view name;  // kebab-case: unknown-field
  Severity severity;
  std::string_view format;  // fmt: the observed fact, lower case, no final stop, the user's words in backticks
};

namespace diag {
#define PLUMB_DIAGNOSTIC(identifier, name, severity, format) \
  inline constexpr Code identifier{name, Severity::severity, format};
#include "diagnostics/catalog.def"
#undef PLUMB_DIAGNOSTIC
}  // namespace diag

/// Every code of the catalog, in its order.
const std::vector<Code>& catalog();

struct Label {
  source::Span span;
  std::string text;
};

/// Replace the words at `span` by `text`; safe to apply without a person looking.
struct Suggestion {
  source::Span span;
  std::string text;
};

struct Diagnostic {
  std::string_view code;
  Severity severity = Severity::error;
  source::Span span;
  std::string message;
  std::vector<Label> labels;      // other places that matter
  std::vector<std::string> help;  // what would be right here
  std::vector<Suggestion> suggestions;

  Diagnostic& label(source::Span at, std::string text);
  Diagnostic& suggest(source::Span at, std::string text);
  template <class... Args>
  Diagnostic& hint(fmt::format_string<Args...> format, Args&&... args) {
    help.push_back(fmt::format(format, std::forward<Args>(args)...));
    return *this;
  }
};

/// Collects what a pass has to say. Rows: in the order of the reports; `sorted()` by text, place, code.
class Sink {
 public:
  template <class... Args>
  Diagnostic& report(source::Span span, const Code& code, const Args&... args) {
    return add(span, code, fmt::vformat(code.format, fmt::make_format_args(args...)));
  }

  const std::vector<Diagnostic>& all() const { return diagnostics_; }
  /// The report of that row, to say more of it.
  Diagnostic& again(std::size_t row) { return diagnostics_[row]; }
  std::vector<Diagnostic> sorted() const;
  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }

 private:
  Diagnostic& add(source::Span span, const Code& code, std::string message);

  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

/// The candidate nearest to `word` by edit distance (transpositions count one), within a third of its length; case and
/// the difference between `_`, `-` and blank cost nothing. Missing: empty when none is near. Ties: the first.
std::string_view nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace plumb::diagnostics
