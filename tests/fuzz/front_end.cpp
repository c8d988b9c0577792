#include "fuzz/front_end.h"

#include "adapters/mapping_file.h"
#include "base/assert.h"
#include "check/check.h"
#include "diagnostics/render.h"
#include "format/format.h"
#include "graph/analyse.h"
#include "syntax/parse.h"

namespace plumb::fuzz {

namespace {

void show_all(const diagnostics::Sink& sink, const source::Map& texts) {
  for (const diagnostics::Diagnostic& diagnostic : sink.sorted()) {
    (void)diagnostics::render_human(diagnostic, texts, {});
    (void)diagnostics::render_plain(diagnostic, texts);
    (void)diagnostics::render_json(diagnostic, texts);
    (void)diagnostics::render_github(diagnostic, texts);
    const auto size = diagnostic.span.known() ? texts[diagnostic.span.text].content().size() : 0;
    PLUMB_ASSERT(diagnostic.span.begin <= diagnostic.span.end && diagnostic.span.end <= size,
                 "a diagnostic points into its text");
  }
}

/// The text formatted. Missing: empty where it was not read whole.
std::string formatted(std::string text) {
  source::Map texts;
  diagnostics::Sink sink;
  const syntax::ast::File file = syntax::parse(texts, texts.add("input.plumb", text), sink);
  std::string result = format::format(file, texts);
  PLUMB_ASSERT(file.whole || result == text, "what cannot be read is left as it is");
  return file.whole ? result : std::string();
}

}  // namespace

void feed_front_end(std::string_view bytes) {
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> text = texts.add("input.plumb", std::string(bytes));
  const syntax::ast::File file = syntax::parse(texts, text, sink);
  const model::Rulebook rulebook = check::check(file, texts, sink);
  if (!sink.has_errors()) graph::analyse(rulebook, sink);
  show_all(sink, texts);
  const std::string once = formatted(std::string(bytes));
  if (!file.whole || once.empty()) return;
  PLUMB_ASSERT(formatted(once) == once, "a formatted text stays as it is");
}

void feed_mapping(std::string_view bytes) {
  source::Map texts;
  diagnostics::Sink sink;
  (void)adapters::read_mapping(texts, texts.add("mapping.yaml", std::string(bytes)), sink);
  show_all(sink, texts);
}

}  // namespace plumb::fuzz
