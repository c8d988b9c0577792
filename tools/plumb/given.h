#pragma once

#include <string>
#include <string_view>

#include "plumb/compile.h"
#include "plumb/reading.h"

/// What the commands that hold a history against a rulebook are given: the options that they share.
namespace plumb::tool {

struct HistoryOptions {
  std::string rulebook;
  SearchOptions search;
  std::string history, mapping, from;
  ReadingOptions reading;
  std::string output;
  std::string empty_option;  // the first that was given without a value
};

struct JudgingOptions : HistoryOptions {
  std::string as_of, known_at;
  std::string rule;
  bool skip_unevaluated = false;
};

/// RULEBOOK, `--search`, `--stdlib`, `--history`, `--mapping`, `--from`, and those of reading.
void add_history_options(CLI::App& command, HistoryOptions& options);
/// These, and `--as-of`, `--known-at`, `--rule`, `--skip-unevaluated`.
void add_judging_options(CLI::App& command, JudgingOptions& options);
/// `--as-of`.
void add_as_of_option(CLI::App& command, std::string& as_of);
/// `--output`, for a command that else writes to standard output.
void add_output_option(CLI::App& command, std::string& output);

/// The first option that was given without a value, as an unset variable of a script does. Missing: empty.
std::string given_empty(const CLI::App& command);

/// What is wrong with the options before anything is read: one without a value, an output that is an input. Missing:
/// empty.
std::string wrong_with(const HistoryOptions& options);

}  // namespace plumb::tool
