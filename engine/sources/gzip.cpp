#include "sources/gzip.h"

#include <algorithm>
#include <limits>

#include <zlib.h>

#include <fmt/format.h>

namespace plumb::sources {

namespace {

class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK; }  // 16: a gzip header
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool ready() const { return ready_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

Result<std::string> gunzip(std::string_view bytes, std::size_t most) {
  Inflater inflater;
  if (!inflater.ready()) return Failure{"there is not enough memory to unpack it"};
  z_stream& stream = inflater.stream();
  std::string text;
  std::string piece(1 << 18, '\0');
  int state = Z_OK;
  while (state != Z_STREAM_END || !bytes.empty()) {
    // A gzip file may be several, one behind the other; what is behind the last and is none is padding.
    if (state == Z_STREAM_END && (!is_gzip(bytes) || inflateReset(&stream) != Z_OK)) break;
    const std::size_t given = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(given);
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(piece, 0, piece.size() - stream.avail_out);
    bytes.remove_prefix(given - stream.avail_in);
    if (text.size() > most) return Failure{fmt::format("it unpacks to more than {} MB", most / 1'000'000)};
    if (state == Z_STREAM_END) continue;
    if (state == Z_BUF_ERROR || (state == Z_OK && bytes.empty() && stream.avail_out > 0)) {
      return Failure{"the packed file ends too early: it was not copied to its end"};
    }
    if (state != Z_OK) return Failure{"the packed file is damaged"};
  }
  return text;
}

}  // namespace plumb::sources
