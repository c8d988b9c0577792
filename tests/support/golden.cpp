// Runs the `.test` files of tests/golden; tests/golden/README.md says what they hold.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "support/golden/process.h"
#include "support/golden/run_test.h"

namespace plumb::golden {
namespace {

namespace fs = std::filesystem;

// Several folders are tested at the same time by ctest, and a build machine is small.
constexpr std::size_t most_at_once = 2;

struct Options {
  fs::path self;
  fs::path plumb;
  bool update = false;
  std::vector<fs::path> places;
};

struct Verdict {
  Problems problems;
  bool rewritten = false;
};

Result<Options> read_options(const std::vector<std::string>& words) {
  Options options;
  options.self = words[0];
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "--update") {
      options.update = true;
    } else if (words[i] == "--plumb" && i + 1 < words.size()) {
      options.plumb = fs::absolute(words[++i]);
    } else if (words[i].starts_with("-")) {
      return Failure{fmt::format("there is no option {}", words[i])};
    } else {
      options.places.emplace_back(words[i]);
    }
  }
  if (options.plumb.empty() || options.places.empty()) {
    return Failure{"usage: golden --plumb BINARY [--update] FOLDER-OR-FILE…"};
  }
  return options;
}

Result<std::vector<fs::path>> find_tests(const std::vector<fs::path>& places) {
  std::vector<fs::path> tests;
  for (const fs::path& place : places) {
    const std::size_t before = tests.size();
    if (fs::is_regular_file(place)) tests.push_back(place);
    if (fs::is_directory(place)) {
      for (const auto& entry : fs::recursive_directory_iterator(place)) {
        if (entry.path().extension() == ".test") tests.push_back(entry.path());
      }
    }
    if (tests.size() == before) return Failure{fmt::format("{} holds no .test file", place.string())};
  }
  std::sort(tests.begin(), tests.end());
  return tests;
}

Result<Test> read_test(const fs::path& path) {
  const auto text = read_file(path);
  if (!text) return Failure{text.error()};
  return parse_test(*text);
}

Verdict run_one(const fs::path& path, const Options& options) {
  auto test = read_test(path);
  if (!test) return {{test.error()}, false};
  if (!options.update) return {run_test(*test, options.plumb), false};
  const auto updated = update_test(std::move(*test), options.plumb);
  if (!updated) return {{updated.error()}, false};
  const std::string text = print_test(*updated);
  const bool differs = text != *read_file(path);
  if (differs) {
    if (const auto written = write_file(path, text); !written) return {{written.error()}, false};
  }
  // What was written down must hold in the next run too; if not, the order or the clock leaks into the output.
  auto again = parse_test(text);
  if (!again) return {{again.error()}, differs};
  Problems problems = run_test(*again, options.plumb);
  for (std::string& problem : problems) problem = fmt::format("not stable after --update: {}", problem);
  return {std::move(problems), differs};
}

std::vector<Verdict> run_all(const std::vector<fs::path>& tests, const Options& options) {
  std::vector<Verdict> verdicts(tests.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < tests.size(); i = next++) {
      try {
        verdicts[i] = run_one(tests[i], options);
      } catch (const std::exception& error) {
        verdicts[i].problems.push_back(fmt::format("the runner itself failed: {}", error.what()));
      }
    }
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < std::min(most_at_once, tests.size()); ++i) workers.emplace_back(work);
  workers.clear();
  return verdicts;
}

void print_failure(const fs::path& path, const Problems& problems, const Options& options) {
  fmt::print("FAILED {}\n", path.string());
  for (const std::string& problem : problems) {
    for (const std::string& line : lines_of(problem)) fmt::print("  {}\n", line);
  }
  if (options.update) return;
  fmt::print("  (-: expected, +: actual) If the actual is right: {} --plumb {} --update {}\n\n", options.self.string(),
             options.plumb.string(), path.string());
}

int report(const std::vector<fs::path>& tests, const std::vector<Verdict>& verdicts, const Options& options) {
  std::size_t failed = 0, rewritten = 0;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    if (verdicts[i].rewritten) fmt::print("rewritten {}\n", tests[i].string());
    if (!verdicts[i].problems.empty()) print_failure(tests[i], verdicts[i].problems, options);
    rewritten += verdicts[i].rewritten ? 1 : 0;
    failed += verdicts[i].problems.empty() ? 0 : 1;
  }
  fmt::print("{} tests, {} failed", tests.size(), failed);
  if (options.update) fmt::print(", {} rewritten", rewritten);
  fmt::print("\n");
  return failed == 0 ? 0 : 1;
}

int run_golden(const std::vector<std::string>& words) {
  const auto options = read_options(words);
  if (!options) {
    fmt::print(stderr, "{}\n", options.error());
    return 2;
  }
  const auto tests = find_tests(options->places);
  if (!tests) {
    fmt::print(stderr, "{}\n", tests.error());
    return 2;
  }
  return report(*tests, run_all(*tests, *options), *options);
}

}  // namespace
}  // namespace plumb::golden

int main(int argc, char** argv) {
  try {
    return plumb::golden::run_golden({argv, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "golden: {}\n", error.what());
    return 70;
  }
}
