#include "unit/format/random_program.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "base/assert.h"

namespace plumb::format {

namespace {

constexpr int endless = 1'000;

std::string without_comments(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.compare(at, 2, "//") == 0) at = std::min(text.find('\n', at), text.size());
    if (at < text.size()) result += text[at];
  }
  return result;
}

/// Names, quoted texts and single marks.
std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t end = at + 1;
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      at = end;
      continue;
    }
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
    } else if (c == '\'') {
      end = std::min(text.find('\'', end), text.size() - 1) + 1;
    }
    pieces.push_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

std::size_t below(std::mt19937& random, std::size_t bound) { return random() % bound; }

template <std::size_t n>
std::string one_of(const std::array<std::string_view, n>& words, std::mt19937& random) {
  return std::string(words[below(random, n)]);
}

/// A text for a token that has many. Missing: empty for one that has a text of its own.
std::string sample(const std::string& token, std::mt19937& random) {
  static constexpr std::array<std::string_view, 6> names{"amount", "segment", "needs_analysis", "visit", "ana", "größe"};
  static constexpr std::array<std::string_view, 4> texts{R"("Agree the date.")", R"("a \"b\" c")", R"("Größe")", R"("x")"};
  static constexpr std::array<std::string_view, 4> numbers{"1", "3", "20", "4"};
  static constexpr std::array<std::string_view, 3> shares{"60%", "12.5%", "100%"};
  static constexpr std::array<std::string_view, 3> days{"2026-02-01", "2026-03-02", "2027-12-31"};
  static constexpr std::array<std::string_view, 3> clocks{"09:00", "16:30", "23:59"};
  static constexpr std::array<std::string_view, 3> ordinals{"1st", "2nd", "3rd"};
  if (token == "IDENT") return one_of(names, random);
  if (token == "STRING") return one_of(texts, random);
  if (token == "NUMERAL") return one_of(numbers, random);
  if (token == "PERCENTAGE") return one_of(shares, random);
  if (token == "CALENDAR_DATE") return one_of(days, random);
  if (token == "CLOCK") return one_of(clocks, random);
  if (token == "CLOCK_OFFSET") return one_of(clocks, random) + "+01:00";
  if (token == "ORDINAL") return one_of(ordinals, random);
  if (token == "CURRENCY") return "EUR";
  return token == "VERSION_NUMBER" ? "3.1.0" : "";
}

}  // namespace

/// What is left of the parser's file while its rules are read.
class Grammar::Reading {
 public:
  explicit Reading(const std::string& text) : pieces_(pieces_of(text)) {}

  bool done() const { return at_ >= pieces_.size(); }
  const std::string& next() const {
    PLUMB_ASSERT(!done(), "a grammar's rule is closed by its mark");
    return pieces_[at_];
  }
  std::string take() {
    const std::string piece = next();
    ++at_;
    return piece;
  }
  void skip_until(const std::string& mark) {
    while (take() != mark) {
    }
  }

  std::unique_ptr<Node> choice() {
    auto node = std::make_unique<Node>();
    node->kind = Node::Kind::choice;
    node->parts.push_back(sequence());
    while (next() == "|") {
      take();
      node->parts.push_back(sequence());
    }
    return node;
  }

 private:
  std::unique_ptr<Node> sequence() {
    auto node = std::make_unique<Node>();
    while (next() != "|" && next() != ")" && next() != ";") {
      if (next() == "#") {  // a label: the generated code's business
        take();
        take();
      } else {
        node->parts.push_back(repeated(element()));
      }
    }
    return node;
  }

  std::unique_ptr<Node> element() {
    const std::string piece = take();
    if (piece == "(") {
      auto inner = choice();
      take();
      return inner;
    }
    auto node = std::make_unique<Node>();
    node->kind = std::isupper(static_cast<unsigned char>(piece.front())) != 0 ? Node::Kind::token : Node::Kind::rule;
    node->name = piece;
    return node;
  }

  std::unique_ptr<Node> repeated(std::unique_ptr<Node> element) {
    const std::string& mark = next();
    if (mark != "?" && mark != "*" && mark != "+") return element;
    auto node = std::make_unique<Node>();
    node->kind = Node::Kind::repeat;
    node->may_be_none = mark != "+";
    node->may_be_many = mark != "?";
    node->parts.push_back(std::move(element));
    take();
    return node;
  }

  std::vector<std::string> pieces_;
  std::size_t at_ = 0;
};

struct Grammar::Writing {
  std::mt19937& random;
  std::set<std::string>& through;
  std::string text;

  void word(const std::string& word) {
    static constexpr std::array<std::string_view, 12> gaps{" ", " ", " ", " ", " ", " ", " ", "\n", "\n\n", "   ", " ",
                                                           " # said beside\n"};
    text += word;
    text += gaps[below(random, gaps.size())];
  }
};

Grammar::Grammar(const std::string& lexer, const std::string& parser) {
  const std::vector<std::string> pieces = pieces_of(without_comments(lexer));
  for (std::size_t i = 0; i + 3 < pieces.size(); ++i) {
    if (pieces[i + 1] != ":" || pieces[i + 2].front() != '\'' || pieces[i + 3] != ";") continue;
    words_[pieces[i]] = pieces[i + 2].substr(1, pieces[i + 2].size() - 2);
  }
  Reading reading(without_comments(parser));
  reading.skip_until("}");  // `parser grammar …; options { … }`
  while (!reading.done()) {
    const std::string name = reading.take();
    reading.take();  // :
    rules_[name] = reading.choice();
    reading.take();  // ;
  }
  find_depths();
}

int Grammar::depth_of(const Node& node) const {
  switch (node.kind) {
    case Node::Kind::token: return 0;
    case Node::Kind::rule: {
      PLUMB_ASSERT(rules_.contains(node.name), "a rule names rules of the grammar");
      const auto found = depths_.find(node.name);
      return found == depths_.end() ? endless : found->second + 1;
    }
    case Node::Kind::repeat: return node.may_be_none ? 0 : depth_of(*node.parts.front());
    case Node::Kind::sequence: {
      int deepest = 0;
      for (const auto& part : node.parts) deepest = std::max(deepest, depth_of(*part));
      return deepest;
    }
    case Node::Kind::choice: break;
  }
  int least = endless;
  for (const auto& part : node.parts) least = std::min(least, depth_of(*part));
  return least;
}

void Grammar::find_depths() {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [name, node] : rules_) {
      const int depth = depth_of(*node);
      const auto known = depths_.find(name);
      if (depth >= endless || (known != depths_.end() && known->second <= depth)) continue;
      depths_[name] = depth;
      changed = true;
    }
  }
}

void Grammar::write_choice(const Node& node, int room, Writing& writing, std::set<std::size_t>& used) const {
  std::vector<std::size_t> possible;
  std::size_t shortest = 0;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    if (depth_of(*node.parts[i]) < depth_of(*node.parts[shortest])) shortest = i;
    if (depth_of(*node.parts[i]) <= room && !used.contains(i)) possible.push_back(i);
  }
  const std::size_t taken = possible.empty() ? shortest : possible[below(writing.random, possible.size())];
  used.insert(taken);
  write(*node.parts[taken], room, writing);
}

/// Several of a choice of clauses: each kind once, for most may not stand twice.
void Grammar::write_repeat(const Node& node, int room, Writing& writing) const {
  const Node* part = node.parts.front().get();
  if (depth_of(*part) > room && node.may_be_none) return;
  const std::size_t least = node.may_be_none ? 0 : 1;
  std::size_t times = least + below(writing.random, node.may_be_many ? 4 : 2 - least);
  const Node* clauses = part;
  while (clauses->kind == Node::Kind::rule) clauses = rules_.at(clauses->name).get();
  if (clauses->parts.size() < 2 || clauses->kind != Node::Kind::choice) {
    for (; times > 0; --times) write(*part, room, writing);
    return;
  }
  std::set<std::size_t> used;
  times = std::min(times, clauses->parts.size());
  for (; times > 0; --times) {
    if (part->kind == Node::Kind::rule) writing.through.insert(part->name);
    write_choice(*clauses, room - 1, writing, used);
  }
}

void Grammar::write(const Node& node, int room, Writing& writing) const {
  switch (node.kind) {
    case Node::Kind::token: {
      if (node.name == "EOF") return;
      const std::string text = sample(node.name, writing.random);
      PLUMB_ASSERT(!text.empty() || words_.contains(node.name), "every token has a text");
      return writing.word(text.empty() ? words_.at(node.name) : text);
    }
    case Node::Kind::rule:
      writing.through.insert(node.name);
      return write(*rules_.at(node.name), room - 1, writing);
    case Node::Kind::sequence:
      for (const auto& part : node.parts) write(*part, room, writing);
      return;
    case Node::Kind::repeat: return write_repeat(node, room, writing);
    case Node::Kind::choice: break;
  }
  std::set<std::size_t> used;
  write_choice(node, room, writing, used);
}

std::string Grammar::program(const std::string& rule, std::mt19937& random, std::set<std::string>& through) const {
  Writing writing{random, through, {}};
  through.insert(rule);
  write(*rules_.at(rule), depths_.at(rule) + 4 + static_cast<int>(below(random, 18)), writing);
  return writing.text;
}

std::vector<std::string> Grammar::rules() const {
  std::vector<std::string> names;
  for (const auto& [name, node] : rules_) names.push_back(name);
  return names;
}

}  // namespace plumb::format
