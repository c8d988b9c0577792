#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yaml/read.h"

/// What every part of a document is read with. All of these report what does not fit, once, and go on.
namespace plumb::yaml {

struct Reading {
  const source::Map& texts;
  diagnostics::Sink& sink;
};

struct Entry {
  const Node* key = nullptr;
  const Node* value = nullptr;
  const std::string& name() const { return key->text; }
};

/// In backticks.
std::string quoted(std::string_view words);

/// The entries of a map whose keys are the user's (columns, cells, names); `what` names it in messages: `` `names` ``.
/// Errors: no map; a key that is no text; a key that is given twice, of which the first counts.
std::vector<Entry> entries_of(const Node& node, std::string_view what, const Reading& reading);

/// A map whose keys are ours. `what` names it in messages: `a deal row`.
/// Errors: as `entries_of`; a key that is none of `keys`.
class Table {
 public:
  Table(const Node& node, std::string what, const std::vector<std::string>& keys, const Reading& reading);

  /// False when it was no map at all, which was reported.
  bool usable() const { return usable_; }
  const Node& node() const { return node_; }
  const std::string& what() const { return what_; }
  /// Missing: nullptr for a key that is not given.
  const Node* find(std::string_view key) const;
  source::Span key_span(std::string_view key) const;
  /// As `find`. Errors: a key that is not given, unless one that was refused looks like it; `help` says what to write.
  const Node* need(std::string_view key, std::string_view help) const;
  /// Errors: both are given.
  void only_one_of(std::string_view a, std::string_view b) const;

 private:
  const Node& node_;
  std::string what_;
  const Reading& reading_;
  std::vector<Entry> entries_;
  std::vector<std::string> misspelt_;  // the keys that the refused ones look like
  bool usable_ = false;
};

/// `node`, which is `what`, should have been `wanted`.
diagnostics::Diagnostic& report_kind(const Node& node, std::string_view what, std::string_view wanted,
                                     const Reading& reading);

/// `said` is none of the words that may stand under `called`.
void report_word(const Node& node, std::string_view called, const std::vector<std::string>& words,
                 const Reading& reading);

/// Missing: nullopt for what is no text or an empty one.
std::optional<std::string> read_text(const Node& node, std::string_view called, const Reading& reading);

/// One text, or a list of them; they may be empty.
std::vector<std::string> read_texts(const Node& node, std::string_view called, const Reading& reading);

/// One of the words that may stand under a key, as what it means.
template <class T>
std::optional<T> read_word(const Node& node, std::string_view called,
                           std::initializer_list<std::pair<std::string_view, T>> words, const Reading& reading) {
  const std::optional<std::string> said = read_text(node, called, reading);
  if (!said) return std::nullopt;
  std::vector<std::string> allowed;
  for (const auto& [word, meaning] : words) {
    if (word == *said) return meaning;
    allowed.emplace_back(word);
  }
  report_word(node, called, allowed, reading);
  return std::nullopt;
}

bool read_yes(const Node* node, std::string_view called, const Reading& reading);

/// `` `a`, `b` and `c` ``.
std::string listed(const std::vector<std::string>& words, std::string_view last = "and");

}  // namespace plumb::yaml
