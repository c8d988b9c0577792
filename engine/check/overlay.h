#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "diagnostics/diagnostic.h"
#include "source/source.h"
#include "syntax/ast.h"

/// A client's rulebook as a difference: the first pass of all. Nothing outside of check/ includes it.
namespace plumb::check {

/// What a rulebook took away: "the event", and the `remove` that did it.
struct Removed {
  std::string as;
  source::Span span;
};

/// A rulebook in which every change has been made. Its declarations stand where they stood; a rule that is changed for
/// a part of its subjects stands there several times, the part marked.
struct Overlaid {
  syntax::ast::File file;
  std::multimap<std::string, Removed> removed;  // by name
};

/// Whether there is anything for `overlay` to do.
bool is_overlaid(const syntax::ast::File& file);

/// Makes every change and removal of a joined file, each rulebook's on those before it, and gives the header what it
/// has from its bases. Missing: what may belong to a rulebook that was not followed stays in the file as it is. Errors:
/// go to the sink; a change that is not allowed is made all the same, so that what follows is checked as it was meant.
Overlaid overlay(const syntax::ast::File& file, const source::Map& texts, diagnostics::Sink& sink);

/// From when on a clause is in force that says no day of its own, by the rulebook that wrote it. Missing: nothing where
/// that says none.
std::optional<time::Day> day_of_text(const syntax::ast::File& file, source::Span written);

/// Whether two rules of an overlaid file were written as one: versions of it, or its parts.
bool is_same_rule(const syntax::ast::Rule& one, const syntax::ast::Rule& other);

/// The rulebook of the first, where the second belongs to another one. Missing: empty for one and the same.
std::string_view another_rulebook(const syntax::ast::File& file, source::Span first, source::Span second);

/// What governs something that was written in a text: `acme.new_business 3.1.0`. Missing: empty for the rulebook itself.
std::string governing(const syntax::ast::File& file, source::Span written);
/// The same for something that may stand in a declaration of another text, and then is a change of it.
std::string governing(const syntax::ast::File& file, source::Span written, source::Span declaration);
/// The same for a rule: also for which part of its subjects.
std::string governing(const syntax::ast::File& file, const source::Map& texts, const syntax::ast::Rule& rule);

}  // namespace plumb::check
