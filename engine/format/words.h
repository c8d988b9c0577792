#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "source/source.h"
#include "syntax/ast.h"

/// The words of a file with what stands between them. Nothing outside of format/ includes it.
namespace plumb::format {

namespace ast = syntax::ast;

struct Comment {
  std::string text;
  bool trailing = false;     // on the line of the word before it
  bool after_blank = false;  // a blank line stands before it
};

/// A word or mark, and what stands before it.
struct Word {
  std::string text;  // as it is to be written: quotes that a name does not need are gone
  std::uint32_t begin = 0;
  std::vector<Comment> comments;
  bool on_new_line = false;
  bool after_blank = false;  // a blank line stands right before it
};

/// The words from `first` on, `end` excluded.
struct Range {
  std::size_t first = 0, end = 0;
  std::size_t size() const { return end - first; }
};

class Words {
 public:
  Words(const ast::File& file, const source::Map& texts);

  std::size_t size() const { return words_.size() - 1; }
  /// The last one is the end of the file: no text, but comments.
  const Word& operator[](std::size_t i) const { return words_[i]; }
  Range within(source::Span span) const;
  /// The comment on the line of a word, behind it. Missing: null.
  const Comment* behind(std::size_t word) const;
  /// The comments on lines of their own before a word.
  std::span<const Comment> before(std::size_t word) const;
  /// Comments between a head and its `{` go behind the `{`, since a line begins with none.
  void move_behind(std::size_t brace);

 private:
  bool behind_at(std::size_t gap) const {
    return !words_[gap].comments.empty() && words_[gap].comments.front().trailing;
  }
  std::vector<Word> words_;
};

}  // namespace plumb::format
