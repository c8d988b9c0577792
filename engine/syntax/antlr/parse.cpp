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

/// The words of one text. They refer to the text that they were read from, which lives as long.
struct Words {
  explicit Words(std::string_view content) : input(std::string(content)), lexer(&input) {
    lexer.removeErrorListeners();
  }
  antlr4::ANTLRInputStream input;
  PlumbLexer lexer;
};

/// One parser over the words of one text.
struct Parsing {
  explicit Parsing(antlr::Tokens tokens) : source(std::move(tokens)), stream(&source), parser(&stream) {
    parser.removeErrorListeners();
    parser.addParseListener(&guard);
  }
  antlr4::ListTokenSource source;
  antlr4::CommonTokenStream stream;
  PlumbParser parser;
  DepthGuard guard;
};

/// A text without a mistake is read for what it says: what looks like another language's way (`3 percent`, where an
/// event is called so) is none there. Missing: false where anything is to be said of its words or the grammar does not
/// accept them; nothing has been said or kept then.
bool read_without_mistakes(antlr::Reader& reader, std::string_view content, const Passed& passed) {
  diagnostics::Sink unsaid;
  ast::File words;
  antlr::Reader trial{reader.text, reader.id, unsaid, words, reader.offsets, {}, 0, false, false};
  Words source(content);
  auto tokens = antlr::read_tokens(trial, source.lexer);
  if (!tokens || !unsaid.all().empty()) return false;
  if (passed) passed(Step::words);
  Parsing parsing(std::move(*tokens));
  try {
    PlumbParser::FileContext* tree = parse_quickly(parsing.parser);
    if (tree == nullptr) return false;
    if (passed) passed(Step::tree);
    reader.file.comments = std::move(words.comments);
    reader.file.words = std::move(words.words);
    reader.facts = std::move(trial.facts);
    antlr::lower_file(reader, *tree);
  } catch (const antlr4::CancellationException&) {
    return false;
  }
  if (passed) passed(Step::lowered);
  return true;
}

void read_with_mistakes(antlr::Reader& reader, std::string_view content) {
  Words source(content);
  auto tokens = antlr::read_tokens(reader, source.lexer);
  if (!tokens) return;
  Parsing parsing(std::move(*tokens));
  try {
    PlumbParser::FileContext* tree = parse_quickly(parsing.parser);
    if (tree == nullptr) tree = parse_thoroughly(parsing.parser, reader);
    antlr::lower_file(reader, *tree);
  } catch (const antlr4::CancellationException&) {
    const antlr4::Token& place = *parsing.parser.getCurrentToken();
    reader.sink.report(reader.offsets.span(place), diagnostics::diag::TooDeep, Limits::depth)
        .hint("give a part of it a name of its own: an `event`, a `measure`");
  }
}

void parse_into(ast::File& file, const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink,
                const Passed& passed) {
  antlr::Reader reader{texts[text], text, sink, file, {}, {}, 0, false};
  if (antlr::unreadable(reader)) return;
  std::string_view content = texts[text].content();
  const bool marked = content.substr(0, byte_order_mark.size()) == byte_order_mark;
  if (marked) content.remove_prefix(byte_order_mark.size());
  reader.offsets = antlr::Offsets(text, content, marked ? byte_order_mark.size() : 0);
  if (!read_without_mistakes(reader, content, passed)) read_with_mistakes(reader, content);
}

}  // namespace

ast::File parse(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink, const Passed& passed) {
  ast::File file;
  file.text = text;
  const std::size_t reported = sink.all().size();
  parse_into(file, texts, text, sink, passed);
  file.whole = sink.all().size() == reported;
  return file;
}

ast::File parse(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink, Stores& stores) {
  ast::File file;
  file.text = text;
  // While it is lowered the file has the stores, as it does when it is read alone.
  std::swap(file.exprs, stores.exprs);
  std::swap(file.events, stores.events);
  const std::size_t reported = sink.all().size();
  parse_into(file, texts, text, sink, {});
  file.whole = sink.all().size() == reported;
  std::swap(file.exprs, stores.exprs);
  std::swap(file.events, stores.events);
  return file;
}

}  // namespace plumb::syntax
