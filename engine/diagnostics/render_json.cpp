#include "diagnostics/json_writer.h"
#include "diagnostics/render.h"

namespace plumb::diagnostics {

namespace {

std::string place(source::Span span, const source::Map& texts) {
  if (!span.known()) return R"("file":null,"line":null,"column":null,"end_line":null,"end_column":null)";
  const source::Place begin = texts.begin(span);
  const source::Place end = texts.end(span);
  return fmt::format(R"("file":{},"line":{},"column":{},"end_line":{},"end_column":{})",
                     json_quoted(texts[span.text].path()), begin.line, begin.column, end.line, end.column);
}

template <class Item, class Render>
std::string array(const std::vector<Item>& items, const Render& render) {
  std::vector<std::string> rendered;
  for (const Item& item : items) rendered.push_back(render(item));
  return fmt::format("[{}]", fmt::join(rendered, ","));
}

}  // namespace

std::string render_json(const Diagnostic& diagnostic, const source::Map& texts) {
  const auto placed_text = [&](const auto& item) {
    return fmt::format("{{{},\"text\":{}}}", place(item.span, texts), json_quoted(item.text));
  };
  return fmt::format(R"({{"code":{},"severity":"{}","message":{},{},"labels":{},"help":{},"suggestions":{}}})",
                     json_quoted(diagnostic.code), to_text(diagnostic.severity), json_quoted(diagnostic.message),
                     place(diagnostic.span, texts), array(diagnostic.labels, placed_text),
                     array(diagnostic.help, json_quoted), array(diagnostic.suggestions, placed_text));
}

}  // namespace plumb::diagnostics
