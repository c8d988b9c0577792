#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "history/load_cells.h"
#include "history/load_program.h"

/// What one row of a file says.
namespace plumb::history::loading {

/// What became of a row, or of one of the facts that are made of it.
enum class Fate : std::uint8_t { ignored, used, merged, refused };

/// The rows of one file, and the present one.
struct Run {
  FileProgram& program;
  const FileSpec& spec;
  const Mapping& mapping;
  Raw& raw;
  CellReader reader;
  Place place;
  std::uint32_t unnamed_actor = 0;  // a word; 0: nobody
  std::vector<RowPlan*> unknown;    // of the present row: whose name is not declared
  std::uint32_t source_word = 0;    // the last that was a source; 0: none was
  Source source = Source::none;     // which it was
};

/// Says why a row, or what is made of it, is left out.
Fate refuse(Run& run, const std::string& message);
/// Makes the fact of the present row that a plan says, and adds it to `run.raw`.
Fate run_row(Run& run, RowPlan& plan);

}  // namespace plumb::history::loading
