#include "plumb/find_part.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace plumb::tool {

namespace {

using Words = std::vector<std::string>;

bool is_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '-' || byte >= 0x80U;
}

/// The words of a text in lower case; what stands between them divides them and is dropped.
Words words_in(std::string_view text) {
  Words words;
  bool in_word = false;
  for (const char c : text) {
    if (is_letter(c)) {
      if (!in_word) words.emplace_back();
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    in_word = is_letter(c);
  }
  return words;
}

bool contains(const Words& words, const Words& phrase) {
  return std::search(words.begin(), words.end(), phrase.begin(), phrase.end()) != words.end();
}

/// `checklist` asks for `Checklists`.
bool is_plural_of(const std::string& one, const std::string& many) { return many == one + "s"; }

bool is_title(const Words& title, const Words& phrase) {
  if (title == phrase) return true;
  if (title.size() != phrase.size() || title.empty()) return false;
  if (!std::equal(title.begin(), title.end() - 1, phrase.begin())) return false;
  return is_plural_of(phrase.back(), title.back());
}

/// One place of a syntax line: the words of which one is written there.
struct Place {
  Words words;
  bool filled_in = false;  // a word in capitals, which stands for what people write
};

std::vector<Place> places_in(std::string_view line) {
  std::vector<Place> places;
  bool in_word = false, one_more = false;
  for (const char c : line) {
    if (is_letter(c)) {
      if (!in_word && !one_more) places.push_back({{}, std::isupper(static_cast<unsigned char>(c)) != 0});
      if (!in_word) places.back().words.emplace_back();
      places.back().words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    in_word = is_letter(c);
    one_more = c == '|' && !places.empty();
  }
  return places;
}

Fit fit_of_syntax(std::string_view line, const Words& phrase) {
  const std::vector<Place> places = places_in(line);
  const auto has = [](const Place& place, const std::string& word) {
    return std::find(place.words.begin(), place.words.end(), word) != place.words.end();
  };
  const auto at = std::search(places.begin(), places.end(), phrase.begin(), phrase.end(), has);
  if (at == places.end()) return Fit::none;
  const bool first = std::all_of(places.begin(), at, [](const Place& place) { return place.filled_in; });
  return first ? Fit::begins_syntax : Fit::in_syntax;
}

Fit fit_of_fences(const Part& part, const Words& phrase) {
  Fit best = Fit::none;
  for (const Fence& fence : fences_of(part)) {
    for (const std::string_view line : fence.lines) {
      if (fence.info == "syntax") {
        best = std::max(best, fit_of_syntax(line, phrase));
      } else if (contains(words_in(line), phrase)) {
        best = std::max(best, Fit::in_code);
      }
    }
  }
  return best;
}

/// Running text as a whole, since a phrase may be broken over lines; what stands in code counts more.
Fit fit_of_text(const Part& part, const Words& phrase) {
  std::string text, code;
  bool in_fence = false, in_code = false;
  for (const std::string_view line : part.lines) {
    if (line.starts_with("```")) in_fence = !in_fence;
    if (in_fence) continue;
    for (const char c : line) {
      if (c == '`') in_code = !in_code;
      text += c == '`' ? ' ' : c;
      // A mark no phrase has keeps apart what stands in different pairs of backticks.
      code += c == '`' ? '\n' : in_code ? c : '\n';
    }
    text += ' ';
    code += in_code ? ' ' : '\n';
  }
  for (std::size_t begin = 0; begin < code.size();) {
    const std::size_t end = std::min(code.find('\n', begin), code.size());
    if (contains(words_in(std::string_view(code).substr(begin, end - begin)), phrase)) return Fit::in_code;
    begin = end + 1;
  }
  return contains(words_in(text), phrase) ? Fit::in_text : Fit::none;
}

Fit fit_of(const Part& part, const Words& phrase) {
  const Words title = words_in(part.title);
  if (is_title(title, phrase)) return Fit::is_title;
  const Fit by_fences = fit_of_fences(part, phrase);
  if (by_fences >= Fit::in_syntax) return by_fences;
  if (contains(title, phrase)) return Fit::in_title;
  return std::max(by_fences, fit_of_text(part, phrase));
}

}  // namespace

std::vector<Found> find_parts(const std::vector<Part>& parts, std::string_view phrase) {
  std::vector<Found> found;
  const Words words = words_in(phrase);
  if (words.empty()) return found;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].level < 2) continue;
    if (const Fit fit = fit_of(parts[i], words); fit != Fit::none) found.push_back({i, fit});
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.fit > b.fit; });
  if (!found.empty() && found.front().fit >= Fit::in_title) {
    std::erase_if(found, [](const Found& one) { return one.fit < Fit::in_title; });
  }
  return found;
}

std::vector<std::string> words_of(const std::vector<Part>& parts) {
  std::set<std::string> known;
  for (const Part& part : parts) {
    if (part.level >= 2) known.insert(part.title);
    for (const Fence& fence : fences_of(part)) {
      if (fence.info != "syntax") continue;
      for (const std::string_view line : fence.lines) {
        for (std::string& word : words_in(line)) known.insert(std::move(word));
      }
    }
  }
  return {known.begin(), known.end()};
}

}  // namespace plumb::tool
