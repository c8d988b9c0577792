#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "graph/render.h"
#include "plumb/child.h"
#include "plumb/command.h"
#include "plumb/compile.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/given.h"

namespace plumb::tool {

namespace {

struct GraphOptions {
  std::string rulebook;
  SearchOptions search;
  std::string process;
  std::string format = "dot";
  std::string output;
};

/// The process by its name, or the only one. Errors: none, several and none chosen, or no such name.
Result<Id<model::Process>> choose_process(const model::Rulebook& rulebook, const std::string& name) {
  std::vector<std::string> names;
  for (const model::Process& process : rulebook.processes) names.push_back(process.name);
  if (names.empty()) return Failure{"this rulebook has no process to draw"};
  if (name.empty() && names.size() == 1) return Id<model::Process>(0);
  if (name.empty()) {
    return Failure{fmt::format("this rulebook has {} processes: say which with --process ({})", names.size(),
                               fmt::join(names, ", "))};
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return Id<model::Process>(i);
  }
  return Failure{fmt::format("there is no process `{}`{}", name, did_you_mean(name, names))};
}

/// Errors: Graphviz is not installed, or refuses.
Result<std::string> to_svg(const std::string& dot) {
  Result<ChildEnd> end = run_child({"dot", "-Tsvg"}, dot);
  if (!end) {
    return Failure{
        fmt::format("{}: an SVG is drawn by Graphviz (apt-get install graphviz); --format dot and "
                    "--format mermaid need nothing",
                    end.error())};
  }
  if (end->exit_code == 0 && !end->output.empty()) return std::move(end->output);
  std::string said = end->errors.substr(0, end->errors.find('\n'));
  if (said.empty()) said = "it said nothing";
  return Failure{fmt::format("Graphviz could not draw this (exit code {}): {}", end->exit_code, said)};
}

Result<std::string> draw(const model::Rulebook& rulebook, Id<model::Process> process, const std::string& format) {
  if (format == "mermaid") return graph::to_mermaid(rulebook, process);
  std::string dot = graph::to_dot(rulebook, process);
  if (format == "dot") return dot;
  return to_svg(dot);
}

int draw_graph(const GraphOptions& options) {
  source::Map texts;
  diagnostics::Sink sink;
  const auto rulebook = compile(options.rulebook, Depth::checked, texts, sink, options.search);
  if (!rulebook) {
    complain(rulebook.error());
    return bad_input;
  }
  show(sink, texts);
  if (sink.has_errors()) return does_not_compile;
  const auto process = choose_process(*rulebook, options.process);
  if (!process) {
    complain(process.error());
    return bad_input;
  }
  const Result<std::string> picture = draw(*rulebook, *process, options.format);
  if (!picture) {
    complain(picture.error());
    return bad_input;
  }
  if (was_read(texts, options.output)) {
    complain(fmt::format("cannot write `{}`: it is one of the files that were read", options.output));
    return bad_input;
  }
  if (const auto written = write_output(options.output, *picture); !written) {
    complain(written.error());
    return bad_input;
  }
  return all_well;
}

}  // namespace

void add_graph(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("graph", "Draw the stages of a process and how a deal may move");
  auto options = std::make_shared<GraphOptions>();
  command->add_option("RULEBOOK", options->rulebook, "The rulebook, or the folder of a package")->required();
  add_search_options(*command, options->search);
  command->add_option("--process", options->process, "Which process, when there are several")->type_name("NAME");
  command->add_option("--format", options->format, "dot, mermaid or svg (svg needs Graphviz)")
      ->check(CLI::IsMember({"dot", "mermaid", "svg"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  add_output_option(*command, options->output);
  command->footer(
      "Stages that no deal may skip have a double border. What `check` says of a process that nobody can\n"
      "win or leave is no hindrance: the picture shows why.\n\n"
      "Example:\n"
      "  plumb graph rules.plumb --format svg --output process.svg");
  command->callback([options, &chosen] { chosen = [options] { return draw_graph(*options); }; });
}

}  // namespace plumb::tool
