// Times the way from a rulebook's text to what `plumb check` prints: step by step within one process, the first time
// and later, and the whole command by starting it again and again. README.md says how to read the numbers.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>

#include "bench/rulebook.h"
#include "bench/timing.h"
#include "check/check.h"
#include "diagnostics/render.h"
#include "graph/analyse.h"
#include "syntax/parse.h"

namespace plumb::bench {

namespace {

constexpr std::size_t lines = 5'000;
constexpr std::size_t warm_runs = 15;
constexpr std::size_t starts = 25;

constexpr std::array<std::string_view, 8> steps{"lex",   "parse", "lower",  "free tree",
                                                "check", "graph", "render", "all"};
using Row = std::array<double, steps.size()>;

/// Called once at the end of each step.
class Watch {
 public:
  void passed(std::size_t step) {
    const double now = computing_time();
    row_[step] = now - last_;
    row_.back() += now - last_;
    last_ = now;
  }
  const Row& row() const { return row_; }

 private:
  Row row_{};
  double last_ = computing_time();
};

/// One walk through the front end. Errors: a rulebook that does not check clean ends the program.
Row walk(const std::string& rulebook) {
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> text = texts.add("rulebook.plumb", rulebook);
  Watch watch;
  const syntax::ast::File file =
      syntax::parse(texts, text, sink, [&](syntax::Step step) { watch.passed(static_cast<std::size_t>(step)); });
  watch.passed(3);
  const model::Rulebook book = check::check(file, texts, sink);
  watch.passed(4);
  if (!sink.has_errors()) graph::analyse(book, sink);
  watch.passed(5);
  std::string page;
  for (const diagnostics::Diagnostic& said : sink.sorted()) page += diagnostics::render_human(said, texts, {});
  watch.passed(6);
  if (!page.empty()) {
    std::fputs(("bench: the rulebook does not check clean\n" + page).c_str(), stderr);
    std::exit(2);
  }
  return watch.row();
}

void show_steps(const std::string& rulebook) {
  const Row cold = walk(rulebook);
  std::array<Timings, steps.size()> warm;
  for (std::size_t i = 0; i < warm_runs; ++i) {
    const Row row = walk(rulebook);
    for (std::size_t step = 0; step < steps.size(); ++step) warm[step].add(row[step]);
  }
  fmt::print("  {:<12} {:>11}  {:>11}  (half of the runs)\n", "step", "first time", "later");
  for (std::size_t step = 0; step < steps.size(); ++step) {
    fmt::print("  {:<12} {:8.2f} ms  {}\n", steps[step], cold[step], warm[step].shown());
  }
}

void show_command(std::string_view name, const std::vector<std::string>& command) {
  const Starts taken = time_starts(command, starts);
  fmt::print("  {:<24} elapsed {}   computing {}\n", name, taken.elapsed.shown(), taken.computing.shown());
}

/// A file in the folder for temporary files, as long as this lives.
class TemporaryFile {
 public:
  TemporaryFile(std::string_view name, const std::string& text)
      : path_(std::filesystem::temp_directory_path() / fmt::format("plumb_bench_{}_{}", ::getpid(), name)) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

void show_commands(const std::string& plumb, const std::string& rulebook) {
  const TemporaryFile large("large.plumb", rulebook);
  const TemporaryFile small("small.plumb", small_rulebook());
  fmt::print("\nThe whole command, {} starts each\n", starts);
  show_command("plumb --version", {plumb, "--version"});
  show_command("plumb check, 10 lines", {plumb, "check", small.path()});
  show_command(fmt::format("plumb check, {} lines", lines), {plumb, "check", large.path()});
}

int run(int argc, char** argv) {
  const std::string rulebook = make_rulebook(lines);
  if (argc == 2 && std::string_view(argv[1]) == "--print") {
    std::fputs(rulebook.c_str(), stdout);
    return 0;
  }
  if (argc != 2) {
    std::fputs(
        "usage: front_end PLUMB     time the front end and the command PLUMB\n"
        "       front_end --print   print the rulebook that is timed\n",
        stderr);
    return 2;
  }
  fmt::print("A rulebook of {} lines that checks clean, computing time by step\n", lines);
  show_steps(rulebook);
  show_commands(argv[1], rulebook);
  return 0;
}

}  // namespace

}  // namespace plumb::bench

int main(int argc, char** argv) { return plumb::bench::run(argc, argv); }
