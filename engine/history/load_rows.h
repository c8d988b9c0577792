#pragma once

#include "history/csv.h"
#include "history/load_program.h"

namespace plumb::history::loading {

/// Runs the program over the rows that are left in `reader` and adds what they say to `raw`. `file` indexes Raw::files.
/// Cost: one pass; one hash per subject, name and text cell that differs from the row above.
void run(FileProgram& program, const FileSpec& spec, std::size_t columns, CsvReader& reader, std::uint32_t file,
         Raw& raw, const Mapping& mapping, const LoadOptions& options);

}  // namespace plumb::history::loading
