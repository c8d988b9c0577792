#include "plumb/compile.h"

#include <utility>

#include "check/check.h"
#include "graph/analyse.h"
#include "plumb/files.h"
#include "syntax/ast.h"
#include "syntax/parse.h"

namespace plumb::tool {

Result<model::Rulebook> compile(const std::string& path, Depth depth, source::Map& texts, diagnostics::Sink& sink) {
  Result<std::string> content = read_file(path);
  if (!content) return Failure{content.error()};
  const std::size_t errors_before = sink.errors();
  const Id<source::Text> text = texts.add(path, std::move(*content));
  const syntax::ast::File file = syntax::parse(texts, text, sink);
  model::Rulebook rulebook = check::check(file, texts, sink);
  // A graph with broken stages would be analysed into mistakes that follow from those already reported.
  if (depth == Depth::analysed && sink.errors() == errors_before) graph::analyse(rulebook, sink);
  return rulebook;
}

}  // namespace plumb::tool
