#include "corpus/mutations.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "corpus/reading.h"
#include "unit/syntax/examples.h"

namespace plumb::corpus {

namespace {

struct Word {
  std::size_t begin = 0, end = 0;
};

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The words, texts and marks of a rulebook, comments apart.
std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
      ++at;
      continue;
    }
    if (text[at] == '"') end = std::min(text.find('"', at + 1), text.size() - 1) + 1;
    if (text.substr(at, 2) == "->") end = at + 2;
    if (is_letter(text[at])) {
      // 10,000 and 09:00 and 2026-03-02 and 50% are one word.
      const bool number = std::isdigit(static_cast<unsigned char>(text[at])) != 0;
      const auto goes_on = [&](std::size_t i) {
        return is_letter(text[i]) ||
               (number && (text[i] == '%' || (std::string_view(",.:-").find(text[i]) != std::string_view::npos &&
                                              i + 1 < text.size() && is_letter(text[i + 1]))));
      };
      while (end < text.size() && goes_on(end)) ++end;
    }
    words.push_back({at, end});
    at = end;
  }
  return words;
}

/// The same numbers on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t count) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>((state_ >> 33) % count);
  }

 private:
  std::uint64_t state_;
};

bool fits(Change change, std::string_view word) {
  switch (change) {
    case Change::leave_out_brace: return word == "{" || word == "}";
    case Change::leave_out_quote: return word.front() == '"' && word.size() > 2;
    case Change::fat_arrow: return word == "->";
    case Change::misspell: return word.size() > 3 && std::isalpha(static_cast<unsigned char>(word[0])) != 0;
    case Change::leave_out:
    case Change::double_it: return word != "{" && word != "}";
    default: return true;
  }
}

std::string misspelt(std::string word, Dice& dice) {
  const std::size_t at = 1 + dice.below(word.size() - 2);
  switch (dice.below(3)) {
    case 0: word.erase(at, 1); break;
    case 1: word.insert(at, 1, word[at]); break;
    default: std::swap(word[at], word[at + 1]);
  }
  return word;
}

std::string changed(std::string text, Change change, const std::vector<Word>& words, std::size_t i, Dice& dice) {
  const Word word = words[i];
  const std::string written = text.substr(word.begin, word.end - word.begin);
  const auto replace = [&](const std::string& with) { text.replace(word.begin, written.size(), with); };
  switch (change) {
    case Change::leave_out:
    case Change::leave_out_brace: replace(""); break;
    case Change::double_it: replace(written + " " + written); break;
    case Change::misspell: replace(misspelt(written, dice)); break;
    case Change::leave_out_quote:
      replace(dice.below(2) == 0 ? written.substr(1) : written.substr(0, written.size() - 1));
      break;
    case Change::fat_arrow: replace("=>"); break;
    case Change::stray_character: {
      static constexpr std::array strays{"?", "$", "~", "@", ";", "`", "\\", "…"};
      replace(written + strays[dice.below(strays.size())]);
      break;
    }
    case Change::swap_with_next: {
      const Word next = words[i + 1];
      const std::string other = text.substr(next.begin, next.end - next.begin);
      text.replace(next.begin, other.size(), written);
      replace(other);
      break;
    }
  }
  return text;
}

/// The block that every block of declarations stands behind.
std::string prelude_of(const std::vector<std::string>& lines) {
  std::string text;
  for (auto line = std::ranges::find(lines, "```plumb prelude"); line != lines.end() && *++line != "```";) {
    text += *line + "\n";
  }
  return text;
}

void add_blocks(std::vector<Good>& found) {
  const std::vector<std::string> lines = lines_of(read_file("grammar/README.md"));
  const std::string prelude = prelude_of(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("```plumb")) continue;
    const std::string kind = lines[i].substr(8);
    const std::size_t first = i + 1;
    std::string text;
    while (++i < lines.size() && lines[i] != "```") text += lines[i] + "\n";
    const bool declarations = kind.starts_with(" declarations");
    if (!declarations && !kind.empty() && kind != " prelude") continue;
    found.push_back({"grammar/README.md:" + std::to_string(first), (declarations ? prelude : "") + text});
  }
}

}  // namespace

std::string_view to_text(Change change) {
  static constexpr std::array<std::string_view, changes> texts{
      "left out",        "doubled",   "swapped with the next", "misspelt", "left out",
      "without a quote", "made `=>`", "with a stray character"};
  return texts[static_cast<std::size_t>(change)];
}

std::vector<Good> good_rulebooks() {
  std::vector<Good> all;
  for (const char* path :
       {"tests/corpus/base.plumb", "examples/new_business/rules.plumb",
        "examples/realistic_rules/people_and_rules.plumb",
        "examples/realistic_rules/process_and_meetings.plumb", "examples/realistic_rules/prospecting_and_plan.plumb",
        "tests/reference/bpic2012/rules.plumb", "tests/reference/maven_crm/rules.plumb", "stdlib/hygiene.plumb",
        "stdlib/methods/buying_group.plumb", "stdlib/methods/qualification_set.plumb"}) {
    all.push_back({path, read_file(path)});
  }
  all.push_back({"acme in tests/unit/syntax/examples.h", syntax::acme});
  all.push_back({"globex in tests/unit/syntax/examples.h", syntax::globex});
  add_blocks(all);
  return all;
}

std::vector<Mutant> mutants_of(const std::vector<Good>& rulebooks, std::size_t count) {
  std::vector<Mutant> mutants;
  for (const Good& good : rulebooks) {
    const std::vector<Word> words = words_of(good.text);
    Dice dice(good.text.size());
    for (std::size_t n = 0, tries = 0; n < count && tries < 40 * count; ++tries) {
      const auto change = static_cast<Change>(n % changes);
      const std::size_t i = dice.below(words.size() - 1);
      const std::string_view word = std::string_view(good.text).substr(words[i].begin, words[i].end - words[i].begin);
      if (!fits(change, word) && tries % 40 != 39) continue;
      ++n;
      if (!fits(change, word)) continue;  // a rulebook may have no path
      std::string text = changed(good.text, change, words, i, dice);
      if (text == good.text) continue;
      const auto line = static_cast<std::uint32_t>(
          1 + std::count(good.text.begin(), good.text.begin() + static_cast<std::ptrdiff_t>(words[i].begin), '\n'));
      mutants.push_back({good.name, change, line, std::string(word), std::move(text)});
    }
  }
  return mutants;
}

}  // namespace plumb::corpus
