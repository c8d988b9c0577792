#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plumb/compile.h"
#include "time/parse_time.h"

/// What the commands that hold a history against a rulebook are given: the options that they share.
namespace plumb::tool {

/// How an export is to be read, in place of what its adapter says. Missing: empty.
struct ReadingOptions {
  std::string zone;      // of times without an offset
  std::string encoding;  // of its tables
  std::string dates;     // the order of day, month and year
  bool any() const { return !zone.empty() || !encoding.empty() || !dates.empty(); }
};

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

/// `--zone`, `--encoding`, `--dates`.
void add_reading_options(CLI::App& command, ReadingOptions& reading);
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

/// What `--dates` says. Missing: nullopt for no such order.
std::optional<time::DateOrder> order_named(const std::string& dates);
/// What is asked for that there is not. Missing: empty.
std::string wrong_with(const ReadingOptions& reading);

/// What is wrong with the options before anything is read: one without a value, an output that is an input. Missing:
/// empty.
std::string wrong_with(const HistoryOptions& options);

}  // namespace plumb::tool
