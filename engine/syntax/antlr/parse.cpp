#include "syntax/parse.h"

#include "PlumbLexer.h"
#include "PlumbParser.h"
#include "syntax/antlr/lower.h"
#include "syntax/antlr/recovery.h"
#include "syntax/antlr/tokens.h"

namespace plumb::syntax {

namespace {

using antlr::PlumbLexer;
using antlr::PlumbParser;
using antlr4::atn::ParserATNSimulator;
using antlr4::atn::PredictionMode;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t max_rule_depth = 2'000;
// Exact prediction is slow where it is needed at all; no rulebook that a person wrote is longer.
constexpr std::size_t max_exact_words = 50'000;

/// Rules may nest without a bracket (`a where b where …`); the stack is finite.
class DepthGuard : public antlr4::tree::ParseTreeListener {
 public:
  void enterEveryRule(antlr4::ParserRuleContext*) override {
    if (++depth_ > max_rule_depth) throw antlr4::CancellationException("too deep");
  }
  void exitEveryRule(antlr4::ParserRuleContext*) override { --depth_; }
  void visitTerminal(antlr4::tree::TerminalNode*) override {}
  void visitErrorNode(antlr4::tree::ErrorNode*) override {}

 private:
  std::size_t depth_ = 0;
};

/// Quick where there is no mistake. Missing: null at the first error, which the thorough pass may not have.
PlumbParser::FileContext* parse_quickly(PlumbParser& parser) {
  parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  parser.getInterpreter<ParserATNSimulator>()->setPredictionMode(PredictionMode::SLL);
  try {
    return parser.file();
  } catch (const antlr4::ParseCancellationException&) {
    return nullptr;
  }
}

PlumbParser::FileContext* parse_thoroughly(PlumbParser& parser, antlr::Reader& reader) {
  parser.reset();
  parser.setErrorHandler(std::make_shared<antlr::Recovery>(reader));
  const bool exact = parser.getTokenStream()->size() <= max_exact_words;
  parser.getInterpreter<ParserATNSimulator>()->setPredictionMode(exact ? PredictionMode::LL : PredictionMode::SLL);
  return parser.file();
}

void parse_tokens(antlr::Reader& reader, antlr::Tokens tokens) {
  antlr4::ListTokenSource source(std::move(tokens));
  antlr4::CommonTokenStream stream(&source);
  PlumbParser parser(&stream);
  parser.removeErrorListeners();
  DepthGuard guard;
  parser.addParseListener(&guard);
  try {
    PlumbParser::FileContext* tree = parse_quickly(parser);
    if (tree == nullptr) tree = parse_thoroughly(parser, reader);
    antlr::lower_file(reader, *tree);
  } catch (const antlr4::CancellationException&) {
    reader.sink.report(reader.offsets.span(*parser.getCurrentToken()), diagnostics::diag::TooDeep, Limits::depth);
  }
}

void parse_into(ast::File& file, const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink) {
  antlr::Reader reader{texts[text], text, sink, file, {}, {}, 0, false};
  if (antlr::unreadable(reader)) return;
  std::string_view content = texts[text].content();
  const bool marked = content.substr(0, byte_order_mark.size()) == byte_order_mark;
  if (marked) content.remove_prefix(byte_order_mark.size());
  reader.offsets = antlr::Offsets(text, content, marked ? byte_order_mark.size() : 0);

  antlr4::ANTLRInputStream input{std::string(content)};
  PlumbLexer lexer(&input);
  lexer.removeErrorListeners();
  if (auto tokens = antlr::read_tokens(reader, lexer)) parse_tokens(reader, std::move(*tokens));
}

}  // namespace

ast::File parse(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink) {
  ast::File file;
  file.text = text;
  const std::size_t reported = sink.all().size();
  parse_into(file, texts, text, sink);
  file.whole = sink.all().size() == reported;
  return file;
}

}  // namespace plumb::syntax
