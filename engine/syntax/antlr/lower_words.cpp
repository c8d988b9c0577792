#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

std::string unquoted(const std::string& quoted) {
  std::string text;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    const bool escapes = quoted[i] == '\\' && i + 2 < quoted.size() && (quoted[i + 1] == '"' || quoted[i + 1] == '\\');
    text += quoted[escapes ? ++i : i];
  }
  return text;
}

bool is_quoted(antlr4::ParserRuleContext& name) { return name.start->getType() == P::STRING; }

namespace {

void append_name(Reader& reader, const antlr4::tree::ParseTree& node, std::string& text) {
  for (antlr4::tree::ParseTree* child : node.children) {
    auto* terminal = dynamic_cast<antlr4::tree::TerminalNode*>(child);
    if (terminal == nullptr) {
      append_name(reader, *child, text);
      continue;
    }
    const std::size_t type = terminal->getSymbol()->getType();
    const bool apart = !text.empty() && text.back() != '.' && type != P::DOT;  // cannot tell
    if (apart) text += ' ';
    if (type != P::STRING) {
      text += terminal->getText();
      continue;
    }
    reader.file.quoted_names.push_back({unquoted(terminal->getText()), reader.offsets.span(*terminal->getSymbol())});
    text += reader.file.quoted_names.back().text;
  }
}

}  // namespace

ast::Name lower_name(Reader& reader, antlr4::ParserRuleContext& name) {
  std::string text;
  append_name(reader, name, text);
  return ast::Name{std::move(text), reader.offsets.span(name)};
}

std::optional<ast::Name> lower_name(Reader& reader, antlr4::ParserRuleContext* name) {
  return name == nullptr ? std::nullopt : std::optional(lower_name(reader, *name));
}

ast::Name name_of_tokens(Reader& reader, std::string text, antlr4::ParserRuleContext& place) {
  return ast::Name{std::move(text), reader.offsets.span(place)};
}

ast::Text lower_text(Reader& reader, P::TextContext& text) {
  return ast::Text{unquoted(text.getText()), reader.offsets.span(text)};
}

std::optional<ast::Text> lower_text(Reader& reader, P::TextContext* text) {
  return text == nullptr ? std::nullopt : std::optional(lower_text(reader, *text));
}

bool is_repeated(Reader& reader, bool there_already, antlr4::ParserRuleContext& clause, std::string_view keyword) {
  if (!there_already) return false;
  if (reader.may_report()) {
    reader.sink.report(reader.offsets.span(*clause.start), diagnostics::diag::RepeatedClause, keyword)
        .hint("leave out one of the two");
  }
  return true;
}

}  // namespace plumb::syntax::antlr
