// Loads a canonical folder, as `plumb run` does before it evaluates. run.sh calls it.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/resource.h>

#include <fmt/format.h>

#include "bench/timing.h"
#include "check/check.h"
#include "eval/run.h"
#include "history/load.h"
#include "syntax/parse.h"

namespace plumb::bench {

namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fputs(("bench: " + why + "\n").c_str(), stderr);
  std::exit(2);
}

history::Schema schema_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> text = texts.add(path, {std::istreambuf_iterator<char>(in), {}});
  const model::Rulebook book = check::check(syntax::parse(texts, text, sink), texts, sink);
  if (sink.has_errors()) give_up(path + " does not compile");
  return eval::schema_of(book);
}

// Unit: milliseconds by the clock, computing milliseconds of all threads; MiB.
void load(const history::Schema& schema, const std::string& folder, unsigned threads) {
  history::LoadOptions options;
  options.threads = threads;
  const double begin = clock_time(), computed = computing_time();
  const auto loaded = history::load(folder, history::canonical_mapping(), schema, options);
  if (!loaded) give_up(loaded.error());
  fmt::print("load {:.3f} {:.3f}\n", clock_time() - begin, computing_time() - computed);
  std::uint64_t refused = 0;
  for (const history::FileReport& file : loaded->report.files) refused += file.refused;
  if (refused > 0) give_up("rows are refused");
  fmt::print("events {}\n", loaded->history.deal_events.size());
}

}  // namespace

}  // namespace plumb::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bench_load RULEBOOK FOLDER THREADS\n", stderr);
    return 2;
  }
  plumb::bench::load(plumb::bench::schema_of(argv[1]), argv[2], static_cast<unsigned>(std::max(1, std::atoi(argv[3]))));
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  fmt::print("peak {:.1f}\n", static_cast<double>(used.ru_maxrss) / 1024);
  return 0;
}
