#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/id.h"
#include "diagnostics/diagnostic.h"
#include "source/source.h"
#include "syntax/ast.h"

namespace plumb::syntax {

/// The most that a rulebook may have; more is reported and not read.
struct Limits {
  static constexpr std::size_t bytes = 8u << 20;
  static constexpr std::size_t words = 1'000'000;   // words and marks
  static constexpr std::size_t depth = 200;         // of braces and parentheses
  static constexpr std::size_t list = 300;          // parts in one parenthesis
  static constexpr std::size_t operators = 1'000;   // `not`, `plus`, `minus`, `divided by` in one body: each nests
  static constexpr std::size_t syntax_errors = 20;  // reported for one file
};

/// What `parse` does one after the other. A step that a text does not come to is not passed.
enum class Step : std::uint8_t {
  words,    // the text is divided into words and marks
  tree,     // they are a tree of the grammar's rules
  lowered,  // the tree is an AST
};
/// Told when a step has been passed; for whoever measures them.
using Passed = std::function<void(Step)>;

/// Reads one text. What is not understood is reported once each and left out: the file that comes back holds every
/// clause that was understood, and never a half one. Cost: linear in the text, except where lookahead is long. Errors:
/// all into `sink`, with the codes of the groups "source and lexing" and "syntax".
ast::File parse(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink, const Passed& passed = {});

/// What texts that make one rulebook share, so that every id is of one thing.
struct Stores {
  Store<ast::Expr> exprs;
  Store<ast::Event> events;
};

/// The same for a further text of a rulebook: what its file refers to is added to `stores`, its own stores stay empty.
ast::File parse(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink, Stores& stores);

}  // namespace plumb::syntax
