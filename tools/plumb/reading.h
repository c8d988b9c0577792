#pragma once

#include <string>
#include <vector>

#include "sources/fit.h"
#include "sources/read.h"

namespace CLI {
class App;
}

/// How an export is to be read, in place of what its adapter says.
namespace plumb::tool {

/// Missing: empty.
struct ReadingOptions {
  std::string zone;  // of times without an offset
  /// Of tables, and the order of day, month and year: of all files, or `FILE=…` of one.
  std::vector<std::string> encodings, dates;
};

/// Whether anything is said of how to read an export.
inline bool is_asked(const ReadingOptions& reading) {
  return !reading.zone.empty() || !reading.encodings.empty() || !reading.dates.empty();
}

/// `--zone`, `--encoding`, `--dates`.
void add_reading_options(CLI::App& command, ReadingOptions& reading);

/// What is asked for that there is not. Missing: empty.
std::string wrong_with(const ReadingOptions& reading);

/// In which encodings files are: what the options say, and else `adapter`, where it is known already (nullptr: not).
sources::Encodings encodings_of(const ReadingOptions& reading, const sources::Adapter* adapter = nullptr);

/// What the options say of all files holds for the adapter.
void take_reading(const ReadingOptions& reading, sources::Adapter& adapter);
/// What they say of single ones, once it is known which table is which file. Errors: there is no such file.
Result<bool> take_reading(const ReadingOptions& reading, const std::vector<sources::Table>& tables,
                          const sources::Fit& fit, sources::Adapter& adapter);

}  // namespace plumb::tool
