#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "check/check.h"
#include "diagnostics/diagnostic.h"
#include "model/model.h"
#include "source/source.h"
#include "syntax/parse.h"

namespace plumb::check::testing {

/// A text that was read and checked, with all that was said about it.
struct Checked {
  source::Map texts;
  diagnostics::Sink sink;
  model::Rulebook book;

  explicit Checked(std::string text) {
    const Id<source::Text> id = texts.add("rules.plumb", std::move(text));
    book = check(syntax::parse(texts, id, sink), texts, sink);
  }

  /// What was said, each as "3 `amout` unknown-field": line, words, code.
  std::vector<std::string> said() const {
    std::vector<std::string> result;
    for (const diagnostics::Diagnostic& diagnostic : sink.sorted()) {
      result.push_back(
          fmt::format("{} `{}` {}", texts.begin(diagnostic.span).line, texts.words(diagnostic.span), diagnostic.code));
    }
    return result;
  }

  /// Missing: a rule of no name.
  const model::Rule& rule(std::string_view name) const {
    static const model::Rule none;
    const auto found = std::ranges::find(book.rules, name, &model::Rule::name);
    return found == book.rules.end() ? none : *found;
  }

  std::string sentence(std::string_view rule_name) const { return rule(rule_name).sentence; }

  /// Without those that responses are.
  std::vector<std::string> rule_names() const {
    std::vector<std::string> result;
    for (const model::Rule& each : book.rules) {
      if (!each.responds_to) result.push_back(each.name);
    }
    return result;
  }

  std::vector<std::string> unevaluated() const {
    std::vector<std::string> result;
    for (const model::Unevaluated& each : book.unevaluated)
      result.push_back(fmt::format("{} {}", each.keyword, each.name));
    return result;
  }

  std::vector<std::string> names_of(const std::vector<Id<model::Stage>>& stages) const {
    std::vector<std::string> result;
    for (const Id<model::Stage> stage : stages) result.push_back(book.stages[stage].name);
    return result;
  }
};

using Strings = std::vector<std::string>;

}  // namespace plumb::check::testing
