#include "support/golden/test_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace plumb::golden {

namespace {

constexpr std::string_view no_line_break = "\\ no newline at the end";

constexpr std::array<std::pair<Kind, std::string_view>, 9> kinds = {{
    {Kind::file, "file"},
    {Kind::bytes, "bytes"},
    {Kind::check, "check"},
    {Kind::run, "run"},
    {Kind::input, "stdin"},
    {Kind::exit, "exit"},
    {Kind::output, "stdout"},
    {Kind::errors, "stderr"},
    {Kind::wrote, "wrote"},
}};

std::string_view word_of(Kind kind) {
  return std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == kind; })->second;
}

bool needs_argument(Kind kind) { return kind != Kind::input && kind != Kind::output && kind != Kind::errors; }

bool has_body(Kind kind) { return kind != Kind::check && kind != Kind::run && kind != Kind::exit; }

bool is_head(std::string_view line) { return line.starts_with("--- "); }

// A line that would be taken for a section's head, or for the escape of one, is written with one more backslash.
bool is_escapable(std::string_view line) {
  const std::size_t slashes = std::min(line.find_first_not_of('\\'), line.size());
  return is_head(line.substr(slashes));
}

std::string trimmed(std::string_view words) {
  const std::size_t begin = words.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string(words.substr(begin, words.find_last_not_of(" \t\r") - begin + 1));
}

Failure at_line(std::uint32_t line, std::string_view message) { return {fmt::format("line {}: {}", line, message)}; }

Result<Section> parse_head(std::string_view line, std::uint32_t number) {
  const std::string words = trimmed(line.substr(4));
  const std::string_view word = std::string_view(words).substr(0, words.find(' '));
  const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.second == word; });
  if (kind == kinds.end()) {
    return at_line(number, fmt::format("there is no section `{}`; a line of text is written `\\{}`", word, line));
  }
  Section section{kind->first, trimmed(std::string_view(words).substr(word.size())), "", number};
  if (needs_argument(section.kind) == section.argument.empty()) {
    return at_line(
        number, fmt::format("`--- {}` stands {} an argument", word, needs_argument(section.kind) ? "with" : "without"));
  }
  return section;
}

void add_line(Section& section, std::string_view line) {
  if (line == no_line_break && !section.body.empty()) {
    section.body.pop_back();
    return;
  }
  const bool escaped = line.starts_with('\\') && is_escapable(line);
  section.body += line.substr(escaped ? 1 : 0);
  section.body += '\n';
}

Result<bool> check_head_comment(std::string_view why) {
  bool says_why = false;
  std::uint32_t number = 0;
  for (const std::string& line : lines_of(why)) {
    ++number;
    if (line.starts_with("# ")) says_why = true;
    if (!line.empty() && line.front() != '#') return at_line(number, "only comments stand before the first section");
  }
  if (!says_why) return at_line(1, "a test begins with a comment that says why it is there");
  return true;
}

Result<bool> add_expectation(Step& step, Section section) {
  if (section.kind == Kind::input) step.input = section;
  if (section.kind == Kind::output) step.output = section.body;
  if (section.kind == Kind::errors) step.errors = section.body;
  if (section.kind == Kind::wrote) step.wrote.push_back(section);
  if (section.kind == Kind::exit) {
    const char* const end = section.argument.data() + section.argument.size();
    const auto read = std::from_chars(section.argument.data(), end, step.exit);
    if (read.ec != std::errc() || read.ptr != end) return at_line(section.line, "the exit code is no number");
  }
  return true;
}

Result<bool> add_section(Test& test, Section section) {
  const std::uint32_t line = section.line;
  if (!has_body(section.kind) && !trimmed(section.body).empty()) {
    return at_line(line + 1, fmt::format("`--- {}` is one line only", word_of(section.kind)));
  }
  if (section.kind == Kind::run) {
    test.steps.push_back({std::move(section), {}, 0, "", "", {}});
    return true;
  }
  const bool belongs_to_run = section.kind != Kind::file && section.kind != Kind::bytes && section.kind != Kind::check;
  if (belongs_to_run) {
    if (test.steps.empty()) return at_line(line, fmt::format("`--- {}` stands after a run", word_of(section.kind)));
    return add_expectation(test.steps.back(), std::move(section));
  }
  if (!test.steps.empty()) return at_line(line, fmt::format("`--- {}` stands before the runs", word_of(section.kind)));
  if (section.kind == Kind::check) {
    test.checks.push_back(section.argument);
  } else {
    test.files.push_back(std::move(section));
  }
  return true;
}

void print_body(std::string& out, std::string_view body) {
  for (const std::string& line : lines_of(body)) {
    if (is_escapable(line)) out += '\\';
    out += line;
    out += '\n';
  }
  if (!body.empty() && body.back() != '\n') out += fmt::format("{}\n", no_line_break);
}

void print_section(std::string& out, Kind kind, std::string_view argument, std::string_view body) {
  out += fmt::format("--- {}{}{}\n", word_of(kind), argument.empty() ? "" : " ", argument);
  print_body(out, body);
}

void print_step(std::string& out, const Step& step) {
  print_section(out, Kind::run, step.run.argument, "");
  if (step.input) print_section(out, Kind::input, "", step.input->body);
  if (step.exit != 0) print_section(out, Kind::exit, fmt::format("{}", step.exit), "");
  if (!step.output.empty()) print_section(out, Kind::output, "", step.output);
  if (!step.errors.empty()) print_section(out, Kind::errors, "", step.errors);
  for (const Section& file : step.wrote) print_section(out, Kind::wrote, file.argument, file.body);
}

}  // namespace

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Result<Test> parse_test(std::string_view text) {
  Test test;
  std::optional<Section> open;
  std::uint32_t number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    if (!is_head(line)) {
      if (open) {
        add_line(*open, line);
      } else {
        test.why += fmt::format("{}\n", line);
      }
      continue;
    }
    if (open) {
      if (const auto added = add_section(test, *std::move(open)); !added) return Failure{added.error()};
    }
    auto head = parse_head(line, number);
    if (!head) return Failure{head.error()};
    open = std::move(*head);
  }
  if (open) {
    if (const auto added = add_section(test, *std::move(open)); !added) return Failure{added.error()};
  }
  if (const auto head = check_head_comment(test.why); !head) return Failure{head.error()};
  return test;
}

std::string print_test(const Test& test) {
  std::string out = test.why;
  for (const Section& file : test.files) print_section(out, file.kind, file.argument, file.body);
  for (const std::string& check : test.checks) print_section(out, Kind::check, check, "");
  for (const Step& step : test.steps) print_step(out, step);
  return out;
}

}  // namespace plumb::golden
