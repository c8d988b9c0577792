#include "support/golden/run_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "support/golden/carets.h"
#include "support/golden/process.h"

namespace plumb::golden {

namespace fs = std::filesystem;

namespace {

// From here on an exit code is no answer to the user's text: a wrong command line, or our bug.
constexpr int first_code_of_trouble = 64;

using Findings = std::map<std::string, std::vector<Finding>>;

struct Bench {
  const fs::path& plumb;
  Folder folder;
};

bool can_hold_carets(const Section& file) {
  const std::string extension = fs::path(file.argument).extension();
  return file.kind == Kind::file && (extension == ".plumb" || extension == ".yaml" || extension == ".yml");
}

bool is_annotated(const Section& file) { return can_hold_carets(file) && has_carets(file.body); }

Result<fs::path> path_inside(const Bench& bench, const std::string& name) {
  const fs::path path = fs::path(name).lexically_normal();
  const bool leaves = path.is_absolute() || path.empty() || *path.begin() == "..";
  if (leaves) return Failure{fmt::format("`{}` is no path inside the test's folder", name)};
  return bench.folder.inside() / path;
}

Result<bool> write_files(const Test& test, const Bench& bench) {
  for (const Section& file : test.files) {
    const auto content = content_of(file);
    if (!content) return Failure{content.error()};
    const auto path = path_inside(bench, file.argument);
    if (!path) return Failure{path.error()};
    if (const auto written = write_file(*path, *content); !written) return written;
  }
  return true;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string without_folder(std::string text, const Bench& bench) {
  return replaced(std::move(text), bench.folder.inside().string(), "<dir>");
}

// A child that did not end by itself has failed, whatever the test expects.
Result<Outcome> outcome_of(Command command, const Bench& bench) {
  command.program = bench.plumb;
  auto outcome = run(command, bench.folder);
  if (!outcome) return outcome;
  switch (outcome->end) {
    case End::exited: break;
    case End::signalled:
      return Failure{fmt::format("died of signal {} ({})", outcome->number, strsignal(outcome->number))};
    case End::timed_out: return Failure{fmt::format("hangs: killed after {} s", command.patience.count() / 1000)};
    case End::flooded: return Failure{"prints without end: killed"};
  }
  outcome->output = without_folder(std::move(outcome->output), bench);
  outcome->errors = without_folder(std::move(outcome->errors), bench);
  return outcome;
}

bool sets_environment(std::string_view word) {
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  return equals != std::string_view::npos && equals > 0 &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

Result<Outcome> run_step(const Step& step, const Bench& bench) {
  auto words = split_words(step.run.argument);
  if (!words) return Failure{words.error()};
  const auto command_begins = std::find_if_not(words->begin(), words->end(), sets_environment);
  Command command;
  command.environment.assign(words->begin(), command_begins);
  command.arguments.assign(command_begins, words->end());
  if (step.input) command.input = step.input->body;
  return outcome_of(std::move(command), bench);
}

// The arguments of each check that the caret lines are compared with.
Result<std::vector<std::vector<std::string>>> checks_of(const Test& test) {
  std::vector<std::vector<std::string>> checks;
  for (const std::string& check : test.checks) {
    auto words = split_words(check);
    if (!words) return Failure{words.error()};
    checks.push_back(std::move(*words));
  }
  if (!checks.empty()) return checks;
  for (const Section& file : test.files) {
    if (is_annotated(file)) checks.push_back({file.argument});
  }
  return checks;
}

Result<std::vector<Reported>> run_check(const std::vector<std::string>& arguments, const Bench& bench) {
  Command command;
  command.arguments = {"check", "--format", "json"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  const auto outcome = outcome_of(std::move(command), bench);
  if (!outcome) return Failure{outcome.error()};
  const bool says_nothing = outcome->number != 0 && outcome->output.empty();
  if (says_nothing || outcome->number >= first_code_of_trouble) {
    return Failure{fmt::format("ends with exit code {}:\n{}{}", outcome->number, outcome->output, outcome->errors)};
  }
  return read_reported(outcome->output);
}

Result<const Section*> file_of(const Reported& reported, const Test& test, const std::vector<std::string>& arguments) {
  std::string name = reported.file.starts_with("<dir>/") ? reported.file.substr(6) : reported.file;
  // What is of no text is told of the file that was asked about.
  if (name.empty()) name = arguments.empty() ? "" : arguments.front();
  name = fs::path(name).lexically_normal();
  for (const Section& file : test.files) {
    if (fs::path(file.argument).lexically_normal() == name && can_hold_carets(file)) return &file;
  }
  return Failure{
      fmt::format("reports `{}` in `{}`, where no caret line can stand; use a run instead", reported.words, name)};
}

// Several checks may report the same finding, so the most that one of them reports counts.
Result<Findings> find_all(const Test& test, const Bench& bench) {
  std::map<std::pair<std::string, Finding>, std::size_t> most;
  const auto checks = checks_of(test);
  if (!checks) return Failure{checks.error()};
  for (const std::vector<std::string>& arguments : *checks) {
    std::map<std::pair<std::string, Finding>, std::size_t> here;
    const auto reported = run_check(arguments, bench);
    if (!reported) return Failure{fmt::format("check {}: {}", fmt::join(arguments, " "), reported.error())};
    for (const Reported& one : *reported) {
      const auto file = file_of(one, test, arguments);
      if (!file) return Failure{fmt::format("check {}: {}", fmt::join(arguments, " "), file.error())};
      ++here[{(*file)->argument, finding_of(one, (*file)->body)}];
    }
    for (const auto& [what, count] : here) most[what] = std::max(most[what], count);
  }
  Findings findings;
  for (const auto& [what, count] : most) {
    for (std::size_t i = 0; i < count; ++i) findings[what.first].push_back(what.second);
  }
  return findings;
}

// The file as --update would write it; the findings' lines are those of the file with its present caret lines.
std::string rewritten(std::string_view body, std::vector<Finding> findings) {
  const std::vector<std::string> lines = lines_of(body);
  for (Finding& finding : findings) {
    std::uint32_t line = 0;
    for (std::uint32_t i = 0; i < finding.line; ++i) line += has_carets(lines[i]) ? 0 : 1;
    finding.line = line;
  }
  return insert_carets(strip_carets(body), std::move(findings));
}

void compare_carets(const Test& test, const Bench& bench, Problems& problems) {
  auto actual = find_all(test, bench);
  if (!actual) {
    problems.push_back(actual.error());
    return;
  }
  for (const Section& file : test.files) {
    if (!can_hold_carets(file)) continue;
    auto expected = read_carets(file.body);
    if (!expected) {
      problems.push_back(fmt::format("{}, {}", file.argument, expected.error()));
      continue;
    }
    std::vector<Finding>& found = (*actual)[file.argument];
    std::sort(expected->begin(), expected->end());
    if (*expected == found) continue;
    const std::string heading = fmt::format("{}: its caret lines are not what a check reports\n", file.argument);
    problems.push_back(heading + difference(file.body, rewritten(file.body, found)));
  }
}

void compare_text(std::string_view what, const Step& step, std::string_view expected, std::string_view actual,
                  Problems& problems) {
  if (expected == actual) return;
  problems.push_back(fmt::format("line {}: {} of `{}` is another\n{}", step.run.line, what, step.run.argument,
                                 difference(expected, actual)));
}

Result<std::string> written_by(const Section& file, const Bench& bench) {
  const auto path = path_inside(bench, file.argument);
  if (!path) return Failure{path.error()};
  auto content = read_file(*path);
  if (!content) return Failure{fmt::format("`{}` has not been written", file.argument)};
  return without_folder(std::move(*content), bench);
}

void compare_step(const Step& step, const Bench& bench, Problems& problems) {
  const auto outcome = run_step(step, bench);
  if (!outcome) {
    problems.push_back(fmt::format("line {}: `{}` {}", step.run.line, step.run.argument, outcome.error()));
    return;
  }
  if (outcome->number != step.exit) {
    problems.push_back(fmt::format("line {}: `{}` ends with exit code {}, not {}\n", step.run.line, step.run.argument,
                                   outcome->number, step.exit));
  }
  compare_text("stdout", step, step.output, outcome->output, problems);
  compare_text("stderr", step, step.errors, outcome->errors, problems);
  for (const Section& file : step.wrote) {
    const auto content = written_by(file, bench);
    if (!content) {
      problems.push_back(fmt::format("line {}: {}\n", file.line, content.error()));
    } else {
      compare_text(file.argument, step, file.body, *content, problems);
    }
  }
}

Result<bool> update_carets(Test& test, const fs::path& plumb) {
  Test bare = test;
  bool stripped = false;
  // The names are kept before the carets go, since it is the carets that ask for a check.
  for (const Section& file : test.files) {
    if (test.checks.empty() && is_annotated(file)) bare.checks.push_back(fmt::format("\"{}\"", file.argument));
  }
  for (Section& file : bare.files) {
    if (!is_annotated(file)) continue;
    file.body = strip_carets(file.body);
    stripped = true;
  }
  if (bare.checks.empty() && !stripped) return true;
  const Bench bench{plumb, {}};
  if (const auto written = write_files(bare, bench); !written) return written;
  auto findings = find_all(bare, bench);
  if (!findings) return Failure{findings.error()};
  for (std::size_t i = 0; i < test.files.size(); ++i) {
    const auto found = findings->find(test.files[i].argument);
    const bool has_some = found != findings->end() && can_hold_carets(test.files[i]);
    test.files[i].body = has_some ? insert_carets(bare.files[i].body, found->second) : bare.files[i].body;
  }
  return true;
}

Result<bool> update_step(Step& step, const Bench& bench) {
  auto outcome = run_step(step, bench);
  if (!outcome) return Failure{fmt::format("`{}` {}", step.run.argument, outcome.error())};
  step.exit = outcome->number;
  step.output = std::move(outcome->output);
  step.errors = std::move(outcome->errors);
  for (Section& file : step.wrote) {
    auto content = written_by(file, bench);
    if (!content) return Failure{content.error()};
    file.body = std::move(*content);
  }
  return true;
}

}  // namespace

Problems run_test(const Test& test, const fs::path& plumb) {
  Problems problems;
  const Bench bench{plumb, {}};
  const bool has_carets = std::any_of(test.files.begin(), test.files.end(), is_annotated);
  const bool checks = has_carets || !test.checks.empty();
  if (!checks && test.steps.empty()) {
    return {"this test runs nothing: it has no `--- run`, no `--- check` and no caret lines"};
  }
  if (const auto written = write_files(test, bench); !written) return {written.error()};
  if (checks) compare_carets(test, bench, problems);
  for (const Step& step : test.steps) compare_step(step, bench, problems);
  return problems;
}

Result<Test> update_test(Test test, const fs::path& plumb) {
  if (const auto done = update_carets(test, plumb); !done) return Failure{done.error()};
  const Bench bench{plumb, {}};
  if (const auto written = write_files(test, bench); !written) return Failure{written.error()};
  for (Step& step : test.steps) {
    if (const auto done = update_step(step, bench); !done) return Failure{done.error()};
  }
  return test;
}

}  // namespace plumb::golden
