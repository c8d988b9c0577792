#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "history/load.h"

namespace plumb::history {

/// How far a load is, for whoever waits for it: written by the loading threads a piece at a time, read by any other.
struct Progress {
  std::atomic<std::uint64_t> bytes{0}, of_bytes{0};  // of all files
  std::atomic<std::uint64_t> rows{0}, refused{0};
};

/// `load`, which says meanwhile how far it is.
Result<Loaded> load(const std::string& folder, const Mapping& mapping, const Schema& schema, const LoadOptions& options,
                    Progress& progress);
Result<Loaded> load_texts(const std::vector<TextFile>& texts, const Mapping& mapping, const Schema& schema,
                          const LoadOptions& options, Progress& progress);

}  // namespace plumb::history
