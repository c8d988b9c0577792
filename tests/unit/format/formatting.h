#pragma once

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "diagnostics/diagnostic.h"
#include "format/format.h"
#include "source/source.h"
#include "syntax/parse.h"
#include "unit/format/meaning.h"

namespace plumb::format {

struct Formatted {
  bool whole = false;  // the text was read without a mistake
  std::string text;
  std::string meaning;
  std::size_t comments = 0;
};

inline Formatted formatted(std::string text) {
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> id = texts.add("rules.plumb", std::move(text));
  const syntax::ast::File file = syntax::parse(texts, id, sink);
  return {file.whole, format(file, texts), meaning(file), file.comments.size()};
}

/// Formats a text that has no mistakes, and expects of the result that it means the same, has the same comments, and
/// stays as it is.
inline std::string well_formatted(const std::string& text) {
  const Formatted once = formatted(text);
  EXPECT_TRUE(once.whole) << text;
  const Formatted twice = formatted(once.text);
  EXPECT_TRUE(twice.whole) << once.text;
  EXPECT_EQ(once.meaning, twice.meaning) << once.text;
  EXPECT_EQ(once.comments, twice.comments) << once.text;
  EXPECT_EQ(once.text, twice.text);
  return once.text;
}

}  // namespace plumb::format
