#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "history/csv.h"
#include "history/load_program.h"

namespace plumb::history::loading {

/// A program that is run over the rows of a file, one piece after the other, and what it has learned from them. What
/// they say is added to `raw`. `header`: as RowsOf::written, it
/// outlives this; a row that says it again is refused. `file` indexes Raw::files. Cost: one pass; one hash per subject,
/// name and text cell that differs from those seen lately.
class Running {
 public:
  Running(FileProgram program, const FileSpec& spec, const std::vector<std::string>& header, std::uint32_t file,
          Raw& raw, const Mapping& mapping, const LoadOptions& options);

  /// Over the rows that are left in `reader`.
  void run(CsvReader& reader);
  /// The next row counts as the first again. Gives how the times of the rows so far say their offset.
  std::vector<OffsetUse> restart();

 private:
  FileProgram program_;
  const FileSpec& spec_;
  const Mapping& mapping_;
  Raw& raw_;
  Place place_;
  const std::vector<std::string>& header_;
  time::Zone zone_;
  std::vector<OffsetUse> offsets_;  // per column of the file
  std::uint32_t unnamed_actor_ = 0;
};

/// Columns in which some times carry an offset and some do not.
void report_offsets(Raw& raw, std::uint32_t file, const std::vector<std::string>& header,
                    const std::vector<OffsetUse>& offsets);

}  // namespace plumb::history::loading
