#pragma once

#include <functional>

namespace CLI {
class App;
}

/// The command line. Each command has a file of its own, which declares its options and sets `chosen` to what is to be
/// done when it is the one that was asked for.
namespace plumb::tool {

/// What the process returns. These numbers are for life: scripts read them.
enum Exit : int {
  all_well = 0,
  findings = 1,   // only as --fail-on asks
  bad_input = 2,  // wrong usage, or what cannot be read or written
  does_not_compile = 3,
  tests_failed = 4,
  our_bug = 70,
};

using Chosen = std::function<int()>;

void add_run(CLI::App& app, Chosen& chosen);
void add_import(CLI::App& app, Chosen& chosen);
void add_snapshot(CLI::App& app, Chosen& chosen);
void add_check(CLI::App& app, Chosen& chosen);
void add_explain(CLI::App& app, Chosen& chosen);
void add_doctor(CLI::App& app, Chosen& chosen);
void add_test(CLI::App& app, Chosen& chosen);
void add_graph(CLI::App& app, Chosen& chosen);
void add_fmt(CLI::App& app, Chosen& chosen);
void add_explain_code(CLI::App& app, Chosen& chosen);
void add_help(CLI::App& app, Chosen& chosen);

}  // namespace plumb::tool
