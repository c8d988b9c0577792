#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "base/decimal.h"
#include "plumb/command.h"
#include "plumb/compile.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/given.h"
#include "plumb/inputs.h"
#include "suite/render.h"

namespace plumb::tool {

namespace {

struct TestOptions {
  std::vector<std::string> paths;
  std::string filter;
  std::string format = "human";
  std::string output;
  std::string color = "auto";
  std::string min_coverage;
  bool coverage = false;
  SearchOptions search;
};

constexpr const char* test_footer =
    "A folder with a plumb.yaml is one package; any other folder is every *.plumb and every package below it.\n"
    "Only the tests of the rulebooks that are named are run, not those of what they use or extend.\n\n"
    "Exit code: 0 every test passed; 2 wrong usage (such as a --filter that no test has), or an input cannot be\n"
    "read or the output not be written; 3 a rulebook has errors; 4 a test failed, the coverage is too low, or\n"
    "there is no test at all. 2 comes before 3, and 3 before 4.\n\n"
    "Examples:\n"
    "  plumb test rules.plumb\n"
    "  plumb test . --format junit --output tests.xml --min-coverage 80%\n"
    "  plumb test rules.plumb --filter \"next step\" --coverage";

/// What came of all inputs.
struct Session {
  source::Map texts;
  std::vector<suite::Ran> all;
  std::size_t tests_written = 0;  // chosen by the filter or not
  bool unreadable = false;
  bool broken = false;
};

/// Whether a declaration stands in one of the rulebook's own texts.
std::function<bool(source::Span)> own_part(const Input& input, source::Map& texts) {
  diagnostics::Sink unused;  // what is wrong with a package was said when it was compiled
  const Result<std::vector<std::string>> files = own_files(input.path, texts, unused);
  std::vector<std::string> own = files ? *files : std::vector<std::string>();
  own.push_back(input.name);
  return [own = std::move(own), &texts](source::Span span) {
    return span.known() && std::find(own.begin(), own.end(), texts[span.text].path()) != own.end();
  };
}

suite::Ran run_input(const Input& input, const TestOptions& options, Session& session) {
  suite::Ran ran{input.name, input.trouble, {}, {}};
  diagnostics::Sink sink;
  std::optional<model::Rulebook> rulebook;
  if (ran.trouble.empty()) {
    Result<model::Rulebook> compiled = compile(input.path, Depth::analysed, session.texts, sink, options.search);
    if (compiled) {
      rulebook = std::move(*compiled);
    } else {
      ran.trouble = compiled.error();
    }
  }
  show(sink, session.texts);
  if (!rulebook) {
    complain(ran.trouble);
    session.unreadable = true;
    return ran;
  }
  if (sink.has_errors()) {
    ran.trouble = "it has errors, so that its tests cannot be run";
    session.broken = true;
    return ran;
  }
  session.tests_written += rulebook->tests.size();
  ran.suite = suite::run(*rulebook, session.texts, {options.filter});
  ran.coverage = suite::coverage_of(*rulebook, ran.suite.exercised, own_part(input, session.texts));
  return ran;
}

std::string page_of(const Session& session, const TestOptions& options, bool gaps) {
  if (options.format == "json") return suite::render_json(session.all, session.texts);
  if (options.format == "junit") return suite::render_junit(session.all, session.texts);
  const bool colour = wants_colour(options.output.empty() ? STDOUT_FILENO : -1, options.color);
  return suite::render_human(session.all, session.texts, {colour, gaps});
}

/// Errors: it cannot be written, or would be written over what was read.
Result<Written> put(const std::string& page, const std::vector<Input>& inputs, const Session& session,
                    const TestOptions& options) {
  const auto is_output = [&](const Input& input) { return same_file(input.path, options.output); };
  if (!options.output.empty() &&
      (was_read(session.texts, options.output) || std::any_of(inputs.begin(), inputs.end(), is_output))) {
    return Failure{fmt::format("cannot write `{}`: it is one of the files that were read", options.output)};
  }
  return write_output(options.output, page);
}

/// `80%`, `80`, `82.5%`. Errors: it is no share.
Result<Decimal> share_of(std::string text) {
  if (text.ends_with('%')) text.pop_back();
  const std::optional<Decimal> share = parse_decimal(text);
  if (share && *share >= Decimal::of(0) && *share <= Decimal::of(100)) return *share;
  return Failure{fmt::format("--min-coverage: `{}` is no share; say a number from 0 to 100, such as 80%", text)};
}

bool is_too_low(const suite::Total& total, Decimal least) {
  if (total.points == 0) return false;
  const auto exercised = static_cast<std::int64_t>(total.exercised), points = static_cast<std::int64_t>(total.points);
  return exercised * 100 * Decimal::scale < points * least.millionths;
}

/// What no report shows: that there was nothing to run. Missing: all_well when there was.
int say_if_none(const Session& session, const suite::Total& total, const TestOptions& options) {
  if (total.tests > 0 || session.unreadable || session.broken) return all_well;
  if (session.tests_written > 0) {
    complain(fmt::format("--filter: none of {} has `{}` in its title", counted(session.tests_written, "test", "tests"),
                         options.filter));
    return bad_input;
  }
  complain("there is no test: a rulebook says `test \"…\" { … }`");
  return tests_failed;
}

int run_tests(const TestOptions& options) {
  const Result<Decimal> least = options.min_coverage.empty() ? Decimal::of(0) : share_of(options.min_coverage);
  if (!least) {
    complain(least.error());
    return bad_input;
  }
  const std::vector<Input> inputs = find_inputs(options.paths);
  Session session;
  for (const Input& input : inputs) session.all.push_back(run_input(input, options, session));
  const suite::Total total = suite::total(session.all);
  const bool too_low = is_too_low(total, *least);
  if (const auto written = put(page_of(session, options, options.coverage || too_low), inputs, session, options);
      !written) {
    complain(written.error());
    return bad_input;
  }
  if (too_low) {
    complain(fmt::format("the tests exercise {}, less than the {}% of --min-coverage",
                         suite::percent_text(total.per_mille()), to_text(*least)));
  }
  const int none = say_if_none(session, total, options);
  if (session.unreadable || none == bad_input) return bad_input;
  if (session.broken) return does_not_compile;
  return total.failed() > 0 || too_low ? tests_failed : none;
}

}  // namespace

void add_test(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("test", "Run the tests that rulebooks carry");
  auto options = std::make_shared<TestOptions>();
  command->add_option("PATH", options->paths, "Rulebooks, packages, folders of them; - reads standard input")
      ->required();
  command->add_option("--filter", options->filter, "Only tests with this in their title, in any case of letters")
      ->type_name("TEXT");
  command->add_flag("--coverage", options->coverage, "List what no test exercises, and why");
  command
      ->add_option("--min-coverage", options->min_coverage,
                   "Exit with 4 when the tests exercise less than this share of what can be tested")
      ->type_name("PERCENT");
  command->add_option("--format", options->format, "human, json or junit")
      ->check(CLI::IsMember({"human", "json", "junit"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  add_output_option(*command, options->output);
  command->add_option("--color", options->color, "In colour: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN")
      ->capture_default_str();
  add_search_options(*command, options->search);
  command->footer(test_footer);
  command->callback([options, &chosen] { chosen = [options] { return run_tests(*options); }; });
}

}  // namespace plumb::tool
