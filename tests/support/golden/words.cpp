#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "support/golden/test_file.h"

namespace plumb::golden {

namespace {

// Enough for any limit that the product has; a slip of the finger does not fill the disk.
constexpr std::size_t largest_file = 512 * 1024 * 1024;

struct Words {
  std::vector<std::string> done;
  std::string word;
  bool open = false;
  char quote = 0;

  void add(char c) {
    word += c;
    open = true;
  }
  void close() {
    if (open) done.push_back(std::exchange(word, {}));
    open = false;
  }
};

void take_character(Words& words, char c) {
  const bool is_quote = c == '\'' || c == '"';
  if (words.quote != 0) {
    if (c == words.quote) {
      words.quote = 0;
    } else {
      words.add(c);
    }
  } else if (is_quote) {
    words.quote = c;
    words.open = true;
  } else if (c == ' ' || c == '\t') {
    words.close();
  } else {
    words.add(c);
  }
}

Result<std::string> expanded(std::string_view text);

// `{N:TEXT}`: the text N times.
Result<std::string> repeated(std::string_view inside) {
  std::size_t times = 0;
  const std::size_t colon = inside.find(':');
  if (colon == std::string_view::npos) return Failure{"a repetition is written `\\{1000:text}`"};
  const auto read = std::from_chars(inside.data(), inside.data() + colon, times);
  if (read.ec != std::errc() || read.ptr != inside.data() + colon) {
    return Failure{fmt::format("`{}` is no number of times", inside.substr(0, colon))};
  }
  auto once = expanded(inside.substr(colon + 1));
  if (!once) return once;
  if (!once->empty() && times > largest_file / once->size()) return Failure{"the repetition is too large for a test"};
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += *once;
  return all;
}

struct Escape {
  std::string text;
  std::size_t size = 0;
};

// The escape whose backslash stands before `rest`.
Result<Escape> escape(std::string_view rest) {
  const char kind = rest.empty() ? '\0' : rest.front();
  if (kind == 'n') return Escape{"\n", 1};
  if (kind == 'r') return Escape{"\r", 1};
  if (kind == 't') return Escape{"\t", 1};
  if (kind == '\\' || kind == '}') return Escape{std::string(1, kind), 1};
  if (kind == 'x' && rest.size() >= 3) {
    unsigned value = 0;
    const auto read = std::from_chars(rest.data() + 1, rest.data() + 3, value, 16);
    if (read.ptr == rest.data() + 3) return Escape{std::string(1, static_cast<char>(value)), 3};
  }
  if (kind == '{') {
    std::size_t end = 1;
    while (end < rest.size() && rest[end] != '}') end += rest[end] == '\\' ? 2 : 1;
    if (end >= rest.size()) return Failure{"a repetition ends with `}` on its own line"};
    auto text = repeated(rest.substr(1, end - 1));
    if (!text) return Failure{text.error()};
    return Escape{std::move(*text), end + 1};
  }
  return Failure{fmt::format("there is no escape `\\{}`", rest.substr(0, 1))};
}

Result<std::string> expanded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      out += text[at];
      continue;
    }
    auto found = escape(text.substr(at + 1));
    if (!found) return Failure{found.error()};
    out += found->text;
    at += found->size;
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view command) {
  Words words;
  for (std::size_t at = 0; at < command.size(); ++at) {
    const bool escapes = command[at] == '\\' && words.quote != '\'' && at + 1 < command.size();
    if (escapes) {
      words.add(command[++at]);
    } else {
      take_character(words, command[at]);
    }
  }
  if (words.quote != 0) return Failure{fmt::format("a quote {} is not closed in `{}`", words.quote, command)};
  words.close();
  return std::move(words.done);
}

Result<std::string> content_of(const Section& file) {
  if (file.kind != Kind::bytes) return file.body;
  std::string all;
  for (const std::string& line : lines_of(file.body)) {
    auto text = expanded(line);
    if (!text) return Failure{fmt::format("{}: {}", file.argument, text.error())};
    all += *text;
  }
  return all;
}

}  // namespace plumb::golden
