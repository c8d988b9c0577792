#include "diagnostics/render.h"
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
  if (character.value < 0x20 || character.value == 0x7F) {
    return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character.value));
  }
  return std::string(text.substr(at, character.size));
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const source::Character character = source::decode(text, at);
    result += escaped(text, at, character);
    at += character.size;
  }
  return result + '"';
}

std::string place(source::Span span, const source::Map& texts) {
  if (!span.known()) return R"("file":null,"line":null,"column":null,"end_line":null,"end_column":null)";
  const source::Place begin = texts.begin(span);
  const source::Place end = texts.end(span);
  return fmt::format(R"("file":{},"line":{},"column":{},"end_line":{},"end_column":{})",
                     quoted(texts[span.text].path()), begin.line, begin.column, end.line, end.column);
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
    return fmt::format("{{{},\"text\":{}}}", place(item.span, texts), quoted(item.text));
  };
  return fmt::format(R"({{"code":{},"severity":"{}","message":{},{},"labels":{},"help":{},"suggestions":{}}})",
                     quoted(diagnostic.code), to_text(diagnostic.severity), quoted(diagnostic.message),
                     place(diagnostic.span, texts), array(diagnostic.labels, placed_text),
                     array(diagnostic.help, quoted), array(diagnostic.suggestions, placed_text));
}

}  // namespace plumb::diagnostics
