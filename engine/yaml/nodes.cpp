#include "yaml/nodes.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace plumb::yaml {

namespace diag = diagnostics::diag;

namespace {

// Of mistakes of one sort in one map: a file that is something else altogether would give a hundred thousand.
constexpr std::size_t most_alike = 20;

std::string_view kind_in_words(const Node& node) {
  switch (node.kind) {
    case NodeKind::empty: return "nothing";
    case NodeKind::text: return node.text.empty() ? "an empty text" : "a text";
    case NodeKind::list: return node.items.empty() ? "an empty list" : "a list";
    case NodeKind::map: return "a map of keys";
  }
  return "nothing";
}

void report_repeated(const Entry& again, source::Span first, const Reading& reading) {
  reading.sink.report(again.key->span, diag::RepeatedMappingKey, again.name())
      .label(first, "first here")
      .hint("a key stands once; leave one of the two");
}

/// Returns what the key was probably meant to be. Missing: empty.
std::string report_unknown(const Node& key, const std::string& what, const std::vector<std::string>& keys,
                           const Reading& reading) {
  diagnostics::Diagnostic& said = reading.sink.report(key.span, diag::UnknownMappingKey, what, key.text);
  const std::string_view near = diagnostics::nearest(key.text, keys);
  if (!near.empty()) said.hint("did you mean `{}`?", near).suggest(key.span, std::string(near));
  said.hint("what {} may say: {}", what, listed(keys));
  return std::string(near);
}

}  // namespace

std::string quoted(std::string_view words) { return fmt::format("`{}`", words); }

std::string listed(const std::vector<std::string>& words, std::string_view last) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) result += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    result += quoted(words[i]);
  }
  return result;
}

diagnostics::Diagnostic& report_kind(const Node& node, std::string_view what, std::string_view wanted,
                                     const Reading& reading) {
  return reading.sink.report(node.span, diag::MappingKind, what, kind_in_words(node), wanted);
}

void report_word(const Node& node, std::string_view called, const std::vector<std::string>& words,
                 const Reading& reading) {
  diagnostics::Diagnostic& said = reading.sink.report(node.span, diag::UnknownMappingWord, called, node.text);
  const std::string_view near = diagnostics::nearest(node.text, words);
  if (!near.empty()) said.hint("did you mean `{}`?", near).suggest(node.span, std::string(near));
  said.hint("what `{}` may be: {}", called, listed(words, "or"));
}

std::vector<Entry> entries_of(const Node& node, std::string_view what, const Reading& reading) {
  std::vector<Entry> result;
  if (node.kind != NodeKind::map) {
    report_kind(node, what, "a map of keys", reading);
    return result;
  }
  std::unordered_map<std::string_view, source::Span> seen;
  std::size_t repeated = 0;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Entry entry{&node.keys[i], &node.items[i]};
    if (entry.key->kind == NodeKind::list || entry.key->kind == NodeKind::map) {
      report_kind(*entry.key, fmt::format("a key of {}", what), "a text", reading);
    } else if (const auto [first, added] = seen.emplace(entry.name(), entry.key->span); !added) {
      if (++repeated <= most_alike) report_repeated(entry, first->second, reading);
    } else {
      result.push_back(entry);
    }
  }
  return result;
}

Table::Table(const Node& node, std::string what, const std::vector<std::string>& keys, const Reading& reading)
    : node_(node), what_(std::move(what)), reading_(reading), usable_(node.kind == NodeKind::map) {
  for (const Entry& entry : entries_of(node, what_, reading)) {
    if (std::find(keys.begin(), keys.end(), entry.name()) == keys.end()) {
      if (misspelt_.size() >= most_alike) continue;
      misspelt_.push_back(report_unknown(*entry.key, what_, keys, reading));
    } else {
      entries_.push_back(entry);
    }
  }
}

const Node* Table::find(std::string_view key) const {
  for (const Entry& entry : entries_) {
    if (entry.name() == key) return entry.value;
  }
  return nullptr;
}

source::Span Table::key_span(std::string_view key) const {
  for (const Entry& entry : entries_) {
    if (entry.name() == key) return entry.key->span;
  }
  return node_.span;
}

const Node* Table::need(std::string_view key, std::string_view help) const {
  const Node* node = find(key);
  const bool misspelt = std::find(misspelt_.begin(), misspelt_.end(), key) != misspelt_.end();
  if (node == nullptr && usable_ && !misspelt) {
    reading_.sink.report(node_.span, diag::MissingMappingKey, what_, key).hint("{}", help);
  }
  return node;
}

void Table::only_one_of(std::string_view a, std::string_view b) const {
  if (find(a) == nullptr || find(b) == nullptr) return;
  const source::Span first = key_span(a);
  const source::Span second = key_span(b);
  reading_.sink
      .report(std::max(first, second, [](auto x, auto y) { return x.begin < y.begin; }), diag::MappingConflict, what_,
              a, b)
      .hint("leave one of the two");
}

std::optional<std::string> read_text(const Node& node, std::string_view called, const Reading& reading) {
  if (node.kind == NodeKind::text && !node.text.empty()) return node.text;
  report_kind(node, quoted(called), "a text", reading);
  return std::nullopt;
}

std::vector<std::string> read_texts(const Node& node, std::string_view called, const Reading& reading) {
  if (node.kind == NodeKind::text) return {node.text};
  std::vector<std::string> result;
  if (node.kind != NodeKind::list) {
    report_kind(node, quoted(called), "a text or a list of texts", reading);
    return result;
  }
  for (const Node& item : node.items) {
    if (item.kind == NodeKind::text) {
      result.push_back(item.text);
    } else {
      report_kind(item, quoted(called), "a text", reading);
    }
  }
  if (node.items.empty()) report_kind(node, quoted(called), "at least one text", reading);
  return result;
}

bool read_yes(const Node* node, std::string_view called, const Reading& reading) {
  if (node == nullptr) return false;
  return read_word<bool>(*node, called, {{"true", true}, {"false", false}}, reading).value_or(false);
}

}  // namespace plumb::yaml
