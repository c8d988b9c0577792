#include "corpus/cases.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "corpus/reading.h"

namespace plumb::corpus {

namespace {

/// A case while its lines are read.
struct Draft {
  Case made;
  std::vector<std::string> old, with;
  std::string at;  // words of the expected line
  bool ended = false;

  [[noreturn]] void fail(std::string_view why) const {
    throw std::runtime_error(fmt::format("{}:{}: `{}` {}", made.file, made.line, made.name, why));
  }
};

std::string joined(const std::vector<std::string>& lines) { return fmt::format("{}", fmt::join(lines, "\n")); }

/// `<U+00A0>` is the character of that number, so that a case shows what cannot be seen.
std::string decoded(std::string text) {
  for (std::size_t at = text.find("<U+"); at != std::string::npos; at = text.find("<U+", at)) {
    const std::size_t end = text.find('>', at);
    unsigned value = 0;
    std::from_chars(text.data() + at + 3, text.data() + end, value, 16);
    std::string utf8;
    if (value < 0x80) {
      utf8 = static_cast<char>(value);
    } else if (value < 0x800) {
      utf8 = {static_cast<char>(0xC0 | (value >> 6)), static_cast<char>(0x80 | (value & 0x3F))};
    } else {
      utf8 = {static_cast<char>(0xE0 | (value >> 12)), static_cast<char>(0x80 | ((value >> 6) & 0x3F)),
              static_cast<char>(0x80 | (value & 0x3F))};
    }
    text.replace(at, end + 1 - at, utf8);
    at += utf8.size();
  }
  return text;
}

std::uint32_t line_at(std::string_view text, std::size_t offset) {
  return 1 +
         static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

/// Where `words` stand in `text`, once.
std::size_t only_place(const Draft& draft, const std::string& text, const std::string& words) {
  const std::size_t at = text.find(words);
  if (at == std::string::npos) draft.fail(fmt::format("looks for `{}`, which is not there", words));
  if (text.find(words, at + 1) != std::string::npos) draft.fail(fmt::format("finds `{}` twice", words));
  return at;
}

/// The rulebook of the case, and the line where its mistake is expected.
Case finished(const std::string& base, Draft draft) {
  if (draft.made.code.empty()) draft.fail("does not say what is reported");
  if (draft.made.helps.empty() && !draft.made.fixed) draft.fail("does not say what would be right");
  const std::string old = joined(draft.old), with = decoded(joined(draft.with));
  std::size_t place = base.size();
  draft.made.text = base;
  if (!draft.old.empty()) {
    place = only_place(draft, base, old);
    draft.made.text.replace(place, old.size(), with);
  } else {
    draft.made.text += "\n" + with + "\n";
    ++place;
  }
  if (draft.made.text == base) draft.fail("changes nothing");
  if (!draft.at.empty()) place = only_place(draft, draft.made.text, decoded(draft.at));
  draft.made.expected_line = line_at(draft.made.text, place);
  return std::move(draft.made);
}

void read_line(Draft& draft, const std::string& line) {
  const std::string_view key = std::string_view(line).substr(0, line.find(' '));
  const std::string rest = key.size() < line.size() ? line.substr(key.size() + 1) : "";
  if (key == "-") {
    draft.old.push_back(rest);
  } else if (key == "+") {
    draft.with.push_back(rest);
  } else if (key == "at") {
    draft.at = rest;
  } else if (key == "says") {
    draft.made.says.push_back(decoded(rest));
  } else if (key == "help") {
    draft.made.helps.push_back(decoded(rest));
  } else if (key == "error" || key == "warning") {
    draft.made.code = rest;
  } else if (key == "fixed") {
    draft.made.fixed = true;
  } else {
    draft.fail(fmt::format("has a line that is none: `{}`", line));
  }
}

void read_cases(const std::string& file, const std::string& base, std::vector<Case>& cases) {
  Draft draft;
  std::size_t number = 0;
  const auto finish = [&] {
    if (!draft.made.name.empty()) cases.push_back(finished(base, std::move(draft)));
    draft = Draft{};
  };
  for (const std::string& line : lines_of(read_file(file))) {
    ++number;
    if (line.starts_with("=== ")) {
      finish();
      draft.made.file = file;
      draft.made.line = number;
      draft.made.name = line.substr(4);
    } else if (!line.empty() && !line.starts_with("#")) {
      read_line(draft, line);
    }
  }
  finish();
}

}  // namespace

std::vector<Case> read_cases() {
  const std::string base = read_file("tests/corpus/base.plumb");
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(PLUMB_REPOSITORY "/tests/corpus/mistakes")) {
    files.push_back("tests/corpus/mistakes/" + entry.path().filename().string());
  }
  std::ranges::sort(files);
  std::vector<Case> cases;
  for (const std::string& file : files) read_cases(file, base, cases);
  return cases;
}

}  // namespace plumb::corpus
