#include "diagnostics/render.h"
#include "diagnostics/shown.h"

namespace plumb::diagnostics {

std::string render_plain(const Diagnostic& diagnostic, const source::Map& texts) {
  std::string line;
  if (diagnostic.span.known()) {
    const source::Place place = texts.begin(diagnostic.span);
    line = fmt::format("{}:{}:{}: ", shown(texts[diagnostic.span.text].path()), place.line, place.column);
  }
  line += fmt::format("{}: {} [{}]", to_text(diagnostic.severity), shown(diagnostic.message), diagnostic.code);
  for (const std::string& help : diagnostic.help) line += fmt::format(" - {}", shown(help));
  return line;
}

}  // namespace plumb::diagnostics
