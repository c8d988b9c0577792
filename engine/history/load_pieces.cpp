#include "history/load_pieces.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace plumb::history::loading {

std::size_t Pieces::read(char* into, std::size_t bytes) {
  if (!made_) bytes = std::min(bytes, size() - read_);
  if (bytes == 0) return 0;
  if (made_) {
    bytes = made_(into, bytes);
  } else if (file_.file) {
    bytes = std::fread(into, 1, bytes, file_.file.get());
  } else {
    std::memcpy(into, text_.data() + read_, bytes);
  }
  read_ += bytes;
  return bytes;
}

void Pieces::make_room(Piece& piece, std::size_t held, std::size_t bytes) {
  if (piece.bytes.bytes && piece.bytes.size >= bytes) return;
  Text larger = Text::of_size(bytes);
  if (held > 0) std::memcpy(larger.bytes.get(), piece.bytes.bytes.get(), held);
  piece.bytes = std::move(larger);
}

Result<bool> Pieces::next(Piece& piece, std::size_t wanted) {
  std::size_t held = 0, cut = 0;
  const bool first = read_ == 0;
  for (std::size_t room = left_.size() + wanted; cut == 0; room = 2 * piece.bytes.size) {
    make_room(piece, held, room);
    char* const bytes = piece.bytes.bytes.get();
    if (held == 0 && !left_.empty()) std::memcpy(bytes, left_.data(), held = left_.size());
    const std::size_t more = read(bytes + held, piece.bytes.size - held);
    held += more;
    piece.from = first && std::string_view(bytes, held).starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    if (made_ ? more == 0 : read_ == size()) {
      const std::string changed = file_.file ? how_changed(file_.state, ::fileno(file_.file.get())) : std::string();
      if (!changed.empty()) return Failure{fmt::format("`{}`: {}", file_.name, changed)};
      cut = held;
      break;
    }
    if (more == 0) {
      const std::string changed = how_changed(file_.state, ::fileno(file_.file.get()));
      return Failure{
          fmt::format("`{}` cannot be read to its end{}{}", file_.name, changed.empty() ? "" : ": ", changed)};
    }
    cut = end_of_last_row({bytes + piece.from, held - piece.from}, delimiter_);
    if (cut > 0) cut += piece.from;
  }
  piece.size = cut - piece.from;
  left_.assign(piece.bytes.bytes.get() + cut, held - cut);
  return held > 0;
}

}  // namespace plumb::history::loading
