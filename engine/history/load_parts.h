#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "history/load_pieces.h"
#include "history/load_program.h"
#include "history/progress.h"

namespace plumb::history::loading {

/// What is the same for all rows of a file.
struct RowsOf {
  const FileSpec& spec;
  const std::vector<std::string>& header;
  std::vector<std::string> written;  // of the header what stands in the file; empty: steps added the column
  std::uint32_t file;                // into Raw::files
  const Mapping& mapping;
  const LoadOptions& options;
  std::size_t bytes = 0;         // about as many as this file and those behind it have
  Progress* progress = nullptr;  // null: nobody waits
};

/// The size of a piece that is read at a time, unless a row is longer. Unit: bytes.
inline constexpr std::size_t piece_size = std::size_t{1} << 19U;

/// Runs the program over the rows behind the header: those of `first`, the first of which begins in `line`, and those
/// of all further pieces. A file that is longer than a piece and whose rows are events alone is read by several
/// threads. What is gathered is the same with any number of them. False when some piece is no text; nothing of the file
/// is to be used then. Errors: the file cannot be read to its end.
Result<bool> run_pieces(const FileProgram& program, const RowsOf& of, Piece first, std::uint32_t line, Pieces& pieces,
                        Raw& raw);

/// Whether what is left of a file is text.
Result<bool> rest_is_text(Piece piece, Pieces& pieces);

}  // namespace plumb::history::loading
