#include "format/words.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "syntax/keywords.h"

namespace plumb::format {

namespace {

bool is_letter(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/// Whether a name needs no quotes wherever it stands. A keyword needs them in some places, three capitals are a
/// currency after a number, and `effort` and `result` without quotes are what a verdict is asked of.
bool is_plain(std::string_view name) {
  if (name.empty() || !is_letter(name.front())) return false;
  const bool letters = std::ranges::all_of(name, [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
  const bool currency = name.size() == 3 && std::ranges::all_of(name, is_capital);
  return letters && !currency && name != "effort" && name != "result" && !syntax::is_keyword(name);
}

std::size_t line_breaks(std::string_view between) {
  std::size_t breaks = 0;
  for (std::size_t i = 0; i < between.size(); ++i) {
    const bool pair = between[i] == '\r' && i + 1 < between.size() && between[i + 1] == '\n';
    if ((between[i] == '\n' || between[i] == '\r') && !pair) ++breaks;
  }
  return breaks;
}

std::string without_blanks_behind(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

}  // namespace

Words::Words(const ast::File& file, const source::Map& texts) {
  const std::string_view content = texts[file.text].content();
  std::unordered_set<std::uint32_t> unquoted;
  for (const ast::Name& name : file.quoted_names) {
    if (is_plain(name.text)) unquoted.insert(name.span.begin);
  }
  std::size_t at = 0;  // behind the last word or comment
  auto comment = file.comments.begin();
  for (std::size_t i = 0; i <= file.words.size(); ++i) {
    const bool end = i == file.words.size();
    const std::size_t begin = end ? content.size() : file.words[i].begin;
    Word word;
    word.begin = static_cast<std::uint32_t>(begin);
    for (; comment != file.comments.end() && comment->span.begin < begin; ++comment) {
      const std::size_t breaks = line_breaks(content.substr(at, comment->span.begin - at));
      word.comments.push_back({without_blanks_behind(comment->text), i > 0 && breaks == 0, breaks > 1});
      at = comment->span.end;
    }
    const std::size_t breaks = line_breaks(content.substr(at, begin - at));
    word.on_new_line = breaks > 0;
    word.after_blank = breaks > 1;
    if (!end) {
      word.text = std::string(texts.words(file.words[i]));
      if (unquoted.contains(word.begin)) word.text = word.text.substr(1, word.text.size() - 2);
      at = file.words[i].end;
    }
    words_.push_back(std::move(word));
  }
}

Range Words::within(source::Span span) const {
  const auto last = words_.end() - 1;
  const auto first = std::ranges::lower_bound(words_.begin(), last, span.begin, {}, &Word::begin);
  const auto end = std::ranges::lower_bound(first, last, span.end, {}, &Word::begin);
  return {static_cast<std::size_t>(first - words_.begin()), static_cast<std::size_t>(end - words_.begin())};
}

const Comment* Words::behind(std::size_t word) const {
  return behind_at(word + 1) ? &words_[word + 1].comments.front() : nullptr;
}

std::span<const Comment> Words::before(std::size_t word) const {
  const std::span<const Comment> all = words_[word].comments;
  return behind_at(word) ? all.subspan(1) : all;
}

void Words::move_behind(std::size_t brace) {
  std::vector<Comment>& before = words_[brace].comments;
  std::vector<Comment>& after = words_[brace + 1].comments;
  if (before.empty()) return;
  for (Comment& comment : after) comment.trailing = false;
  after.insert(after.begin(), before.begin(), before.end());
  before.clear();
}

}  // namespace plumb::format
