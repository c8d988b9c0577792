#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "history/load.h"

/// A loaded history in one file, which is mapped into memory when it is read again: nothing is parsed, sorted or
/// copied.
///
/// The file: a header of 64 bytes (`snapshot_layout.h`), the head (numbers, texts, where each array lies), and behind
/// it the arrays as they lie in memory, each at a multiple of 64 bytes. It belongs to the declarations and the default
/// calendar's zone that it was made for, to one byte order, and to one version of this layout.
namespace plumb::history {

/// The bytes of a snapshot in pieces, so that a large history is not copied to be written. They are good as long as the
/// history is.
struct SnapshotBytes {
  std::string front;                   // header and head
  std::vector<std::string_view> rows;  // behind it
  std::uint64_t size() const;
};

/// Cost: one pass over the history for its checksum, no copy of it.
SnapshotBytes snapshot_of(const Loaded& loaded, const Schema& schema, const time::Zone& default_zone);

/// Whether a file begins as a snapshot does. Missing: false, also for what cannot be read.
bool is_snapshot(const std::string& path);

/// The same history, borrowing its rows from the mapped file. Errors: it cannot be read; it is no snapshot, damaged,
/// cut short, of another version or byte order; it was made for other declarations or another zone, and which. The
/// message begins where "the history `NAME` …" goes on. Cost: one pass over the file for its checksum and the bounds of
/// all ids.
Result<Loaded> read_snapshot(const std::string& path, const Schema& schema, const LoadOptions& options);

}  // namespace plumb::history
