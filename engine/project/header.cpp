#include "project/header.h"

#include <algorithm>

namespace plumb::project {

namespace {

constexpr std::string_view ends_a_word = " \t\r\n\"#{}.,()";

/// Takes a text apart into what matters for its header.
class Words {
 public:
  explicit Words(std::string_view rest) : rest_(rest) {}

  /// The next word, mark or quoted text (with its opening quote). Missing: empty at the end.
  std::string_view next() {
    skip_blanks();
    if (rest_.empty()) return {};
    std::size_t size = 1;
    if (rest_[0] == '"') {
      size = std::min(rest_.find_first_of("\"\r\n", 1), rest_.size());
      const std::string_view text = rest_.substr(0, size);
      rest_.remove_prefix(std::min(size + 1, rest_.size()));
      return text;
    }
    if (ends_a_word.find(rest_[0]) == std::string_view::npos) {
      size = std::min(rest_.find_first_of(ends_a_word), rest_.size());
    }
    const std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return word;
  }

 private:
  void skip_blanks() {
    for (;;) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
      if (!rest_.starts_with('#')) return;
      rest_.remove_prefix(std::min(rest_.find_first_of("\r\n"), rest_.size()));
    }
  }

  std::string_view rest_;
};

std::string unquoted(std::string_view word) { return std::string(word.starts_with('"') ? word.substr(1) : word); }

}  // namespace

std::string name_in_header(std::string_view content) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (content.starts_with(byte_order_mark)) content.remove_prefix(byte_order_mark.size());
  Words words(content);
  std::size_t depth = 0;
  // What stands before the header outside of braces is `use x.y`, `extends x.y` and the heads of declarations, in which
  // a name may be the word `rulebook`, too: behind a header comes a name, and before it no keyword that wants one.
  std::string_view before;
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    if (word == "{") ++depth;
    if (word == "}" && depth > 0) --depth;
    if (word == "rulebook" && depth == 0 && before != "." && before != "use" && before != "extends") {
      std::string name = unquoted(words.next());
      for (word = words.next(); word == "."; word = words.next()) name += '.' + unquoted(words.next());
      return name;
    }
    before = word;
  }
  return {};
}

}  // namespace plumb::project
