#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "check/overlay_parts.h"

namespace plumb::check {

namespace {

/// The words of the texts, to be looked at by stretches.
class Words {
 public:
  Words(const ast::File& file, const source::Map& texts) : texts_(texts) {
    for (const Span word : file.words) by_text_[word.text].push_back(word);
    for (auto& [text, words] : by_text_) std::ranges::sort(words, {}, &Span::begin);
    for (const ast::Declaration& declaration : file.declarations) std::visit([&](const auto& one) { note(one); }, declaration);
  }

  /// Everything within the span that may be a name, apart from the one that is declared there.
  std::set<std::string> within(Span span, Span declared) const {
    std::set<std::string> result;
    const auto words = by_text_.find(span.text);
    if (words == by_text_.end()) return result;
    const std::vector<Span>& all = words->second;
    const auto first = std::ranges::lower_bound(all, span.begin, {}, &Span::begin);
    for (auto at = static_cast<std::size_t>(first - all.begin()); at < all.size() && all[at].begin < span.end; ++at) {
      if (all[at] != declared && !is_choice(all, at)) result.emplace(name_at(all, at));
    }
    return result;
  }

 private:
  template <class T>
  void note(const T& declaration) {
    if constexpr (requires { declaration.fields; }) {
      for (const ast::Field& field : declaration.fields) {
        for (const ast::Name& choice : field.choices) choices_.emplace(field.name.text, choice.text);
      }
    }
  }

  std::string name_at(const std::vector<Span>& all, std::size_t at) const {
    std::string_view word = texts_.words(all[at]);
    if (word.size() > 1 && word.front() == '"') word = word.substr(1, word.size() - 2);
    return std::string(word);
  }

  /// `segment is smb`, `segment is not one of smb, enterprise`: a choice of that field is no other name.
  bool is_choice(const std::vector<Span>& all, std::size_t at) const {
    const auto before = [&](std::size_t back) { return at >= back ? texts_.words(all[at - back]) : std::string_view(); };
    const std::string word = name_at(all, at);
    while (before(1) == "," && at >= 2) at -= 2;
    if (before(1) == "of" && before(2) == "one") at -= 2;
    if (before(1) == "not") at -= 1;
    return at >= 2 && before(1) == "is" && choices_.contains({name_at(all, at - 2), word});
  }

  const source::Map& texts_;
  std::map<Id<source::Text>, std::vector<Span>> by_text_;
  std::set<std::pair<std::string, std::string>> choices_;  // by the names of their fields
};

/// What events, measures and targets are made of, by their names.
using Definitions = std::map<std::string, Span>;

Definitions definitions(const ast::File& file) {
  Definitions result;
  for (const ast::Declaration& declaration : file.declarations) {
    if (const auto* event = std::get_if<ast::EventDecl>(&declaration)) result.emplace(event->name.text, event->span);
    if (const auto* measure = std::get_if<ast::Measure>(&declaration)) result.emplace(measure->name.text, measure->span);
    if (const auto* target = std::get_if<ast::Target>(&declaration)) result.emplace(target->name.text, target->span);
  }
  return result;
}

/// The rules, the stages and the items of the file.
std::vector<Place> expectations(const ast::File& file) {
  std::vector<Place> result;
  for (std::size_t row = 0; row < file.declarations.size(); ++row) {
    if (std::holds_alternative<ast::Rule>(file.declarations[row])) result.push_back({row, std::nullopt});
    const auto* process = std::get_if<ast::Process>(&file.declarations[row]);
    const auto* list = std::get_if<ast::Checklist>(&file.declarations[row]);
    const std::size_t parts = process ? process->stages.size() : list ? list->items.size() : 0;
    for (std::size_t part = 0; part < parts; ++part) result.push_back({row, part});
  }
  return result;
}

void hold(const Words& words, const Definitions& definitions, Span span, const Held& by,
          std::map<std::string, Held>& result) {
  std::vector<Span> open{span};
  while (!open.empty()) {
    const Span next = open.back();
    open.pop_back();
    for (const std::string& word : words.within(next, by.span)) {
      // What is held already was followed, and what is sealed came first.
      if (!result.try_emplace(word, by).second) continue;
      if (const auto defined = definitions.find(word); defined != definitions.end()) open.push_back(defined->second);
    }
  }
}

}  // namespace

std::map<std::string, Held> held_names(const ast::File& file, const source::Map& texts, std::size_t rank) {
  std::map<std::string, Held> result;
  std::optional<Words> words;
  const Definitions defined = definitions(file);
  for (const Guard guard : {Guard::sealed, Guard::tighten_only}) {
    for (const Place& place : expectations(file)) {
      if (rank_of(file, name_span(file, place)) >= rank || !guarded(file, place, guard).is) continue;
      if (!words) words.emplace(file, texts);
      const Span name = name_span(file, place);
      hold(*words, defined, span_of(file, place), {guard, std::string(texts.words(name)), name}, result);
    }
  }
  return result;
}

}  // namespace plumb::check
