// Measures one history and rulebook inside one process: loading, evaluating and reporting apart, and beside them the
// loop that one would write by hand for the rule `r1` of tests/reference/bpic2012. run.sh calls it.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <sys/resource.h>

#include <fmt/format.h>

#include "adapters/mapping_file.h"
#include "bench/history/loop.h"
#include "bench/timing.h"
#include "check/check.h"
#include "eval/run.h"
#include "history/load.h"
#include "report/report.h"
#include "report/words.h"
#include "syntax/parse.h"
#include "time/parse_time.h"

namespace plumb::bench {

namespace {

struct Arguments {
  std::string rulebook, history, mapping, as_of;
  unsigned threads = 1;
  int runs = 1;
};

[[noreturn]] void give_up(const std::string& why) {
  std::fputs(("bench: " + why + "\n").c_str(), stderr);
  std::exit(2);
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) give_up("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

model::Rulebook compile(const std::string& path) {
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> text = texts.add(path, read(path));
  model::Rulebook book = check::check(syntax::parse(texts, text, sink), texts, sink);
  if (sink.has_errors()) give_up(path + " does not compile");
  return book;
}

history::History load(const Arguments& arguments, const model::Rulebook& book) {
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> text = texts.add(arguments.mapping, read(arguments.mapping));
  const history::Mapping mapping = adapters::read_mapping(texts, text, sink);
  history::LoadOptions options;
  options.default_zone = report::default_calendar(book).zone();
  options.threads = arguments.threads;
  auto loaded = history::load(arguments.history, mapping, eval::schema_of(book), options);
  if (!loaded) give_up(loaded.error());
  if (sink.has_errors() || !loaded->mapping_problems.empty()) give_up("the mapping does not fit");
  return std::move(loaded->history);
}

model::Rulebook only(const model::Rulebook& book, std::string_view name) {
  model::Rulebook one = book;
  std::erase_if(one.rules, [&](const model::Rule& rule) { return rule.name != name; });
  return one;
}

eval::Evaluation evaluate(const model::Rulebook& book, const history::History& history, const eval::Options& options) {
  auto evaluation = eval::run(book, history, options);
  if (!evaluation) give_up(evaluation.error());
  return std::move(*evaluation);
}

// One line a run: a word, milliseconds by the clock and computing milliseconds of all threads.
template <class Work>
void time(std::string_view what, int runs, Work work) {
  for (int i = 0; i < runs; ++i) {
    const double begin = clock_time(), computed = computing_time();
    work();
    fmt::print("{} {:.3f} {:.3f}\n", what, clock_time() - begin, computing_time() - computed);
  }
}

void show_counts(std::string_view rule, const eval::Counts& counts) {
  fmt::print("count {} {}\n", rule, fmt::join(counts, " "));
}

// Unit: MiB.
void show_peak() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  fmt::print("peak {:.1f}\n", static_cast<double>(used.ru_maxrss) / 1024);
}

int run(const Arguments& arguments) {
  const model::Rulebook book = compile(arguments.rulebook), first = only(book, "r1");
  history::History history;
  time("load", 1, [&] { history = load(arguments, book); });
  fmt::print("events {}\n", history.deal_events.size() + history.person_events.size());
  const time::Calendar calendar = report::default_calendar(book);  // shared with every evaluation, as in a run
  const auto as_of = time::parse_reading(arguments.as_of, calendar.zone());
  if (!as_of) give_up(as_of.error());
  eval::Options options{as_of->at};
  options.threads = arguments.threads;
  eval::Evaluation evaluation;
  for (int i = 0; i < arguments.runs; ++i) {
    evaluation = {};  // a run evaluates once
    time("evaluate", 1, [&] { evaluation = evaluate(book, history, options); });
  }
  const auto counts = eval::count_by_rule(evaluation.verdicts, book.rules.size());
  for (std::size_t i = 0; i < counts.size(); ++i) show_counts(book.rules[i].name, counts[i]);
  show_peak();
  const report::Input input{book,  history, evaluation,       arguments.rulebook, arguments.history,
                            false, {},      arguments.threads};
  time("report_csv", 1, [&] { report::csv(input); });
  time("report_json", 1, [&] { report::json_lines(input); });
  evaluation = {};
  options.threads = 1;
  time("evaluate_r1", arguments.runs, [&] { evaluation = evaluate(first, history, options); });
  eval::Counts loop{};
  time("loop_r1", arguments.runs, [&] { loop = offers_called(history, as_of->at); });
  if (loop != eval::count_by_rule(evaluation.verdicts, 1).front()) give_up("the loop counts other verdicts for r1");
  return 0;
}

}  // namespace

}  // namespace plumb::bench

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs("usage: bench_history RULEBOOK HISTORY MAPPING AS-OF THREADS RUNS\n", stderr);
    return 2;
  }
  return plumb::bench::run(
      {argv[1], argv[2], argv[3], argv[4], static_cast<unsigned>(std::atoi(argv[5])), std::max(1, std::atoi(argv[6]))});
}
