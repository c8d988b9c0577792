#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "history/csv.h"
#include "history/load.h"
#include "history/load_file.h"

namespace plumb::history::loading {

/// A part of a text that begins and ends with whole rows. Its memory is used again for the next one.
struct Piece {
  Text bytes;
  std::size_t from = 0, size = 0;  // of `bytes`: what the piece is; a size of 0: there is no more

  char* begin() { return bytes.bytes.get() + from; }
  char* end() { return begin() + size; }
  std::string_view text() const { return bytes.view().substr(from, size); }
};

/// Cuts a file, a text in memory or one that is made while it is read into pieces; a byte order mark at its beginning
/// is left out. Cost: every byte is copied once. Memory: that of the longest row.
class Pieces {
 public:
  Pieces(OpenFile file, char delimiter) : file_(std::move(file)), delimiter_(delimiter) {}
  /// `text` outlives it.
  Pieces(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}
  /// `about`: how many bytes it may have.
  Pieces(TextReader made, std::size_t about, char delimiter)
      : made_(std::move(made)), about_(about), delimiter_(delimiter) {}

  /// The next piece, of about `wanted` bytes unless a row is longer. Errors: the file cannot be read to its end.
  Result<bool> next(Piece& piece, std::size_t wanted);
  /// Unit: bytes, of all pieces; about, where the text is made.
  std::size_t size() const { return made_ ? about_ : file_.file ? file_.size : text_.size(); }

 private:
  std::size_t read(char* into, std::size_t bytes);
  void make_room(Piece& piece, std::size_t held, std::size_t bytes);

  OpenFile file_;
  std::string_view text_;
  TextReader made_;
  std::size_t about_ = 0;
  char delimiter_;
  std::string left_;      // read, and not given out: the beginning of a row
  std::size_t read_ = 0;  // bytes in all
};

}  // namespace plumb::history::loading
