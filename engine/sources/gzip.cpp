#include "sources/gzip.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <zlib.h>

#include <fmt/format.h>

namespace plumb::sources {

namespace {

constexpr std::size_t at_once = std::size_t{1} << 18U;

class Inflater {
 public:
  Inflater(const Bytes& packed, const Scratch& scratch) : packed_(packed), text_(scratch) {
    ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK;  // 16: a gzip header
  }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Result<Bytes> all(std::size_t most) {
    if (!ready_) return Failure{"there is not enough memory to unpack it"};
    for (int state = Z_OK;;) {
      if (const auto wrong = take_more()) return *wrong;
      // A gzip file may be several, one behind the other, and NULs behind the last that fill it up.
      if (state == Z_STREAM_END && (!is_gzip(given()) || inflateReset(&stream_) != Z_OK)) return end();
      stream_.next_out = reinterpret_cast<Bytef*>(room_.data());
      stream_.avail_out = static_cast<uInt>(room_.size());
      state = inflate(&stream_, Z_NO_FLUSH);
      text_.append(std::string_view(room_).substr(0, room_.size() - stream_.avail_out));
      if (text_.size() > most) return Failure{fmt::format("it unpacks to more than {} MB", most / 1'000'000)};
      if (state == Z_STREAM_END) continue;
      if (state == Z_BUF_ERROR || (state == Z_OK && is_at_end() && stream_.avail_out > 0))
        return Failure{"the packed file ends too early: it was not copied to its end"};
      if (state != Z_OK) return Failure{"the packed file is damaged"};
    }
  }

 private:
  std::string_view given() const { return {reinterpret_cast<const char*>(stream_.next_in), stream_.avail_in}; }
  Result<Bytes> end() {
    while (given().find_first_not_of('\0') == std::string_view::npos) {
      if (at_ == packed_.size()) return text_.finish();
      stream_.avail_in = 0;
      if (const auto wrong = take_more()) return *wrong;
    }
    return Failure{"behind the end of what is packed stands something else: the packed file is damaged"};
  }

  bool is_at_end() const { return stream_.avail_in == 0 && at_ == packed_.size(); }

  /// So much that the beginning of a member can be told. Errors: it cannot be read.
  std::optional<Failure> take_more() {
    if (stream_.avail_in >= 2 || at_ == packed_.size()) return std::nullopt;
    std::string next(given());
    const std::size_t left = next.size();
    next.resize(left + std::min(at_once, packed_.size() - at_));
    const Result<std::size_t> size = packed_.read(at_, next.data() + left, next.size() - left);
    if (!size) return Failure{size.error()};
    at_ += *size;
    held_ = std::move(next);
    stream_.next_in = reinterpret_cast<Bytef*>(held_.data());
    stream_.avail_in = static_cast<uInt>(held_.size());
    return std::nullopt;
  }

  const Bytes& packed_;
  std::size_t at_ = 0;  // behind what is held
  std::string held_;
  std::string room_ = std::string(at_once, '\0');
  Aside text_;
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

bool is_gzip(std::string_view start) { return start.starts_with("\x1F\x8B"); }

Result<Bytes> gunzip(const Bytes& packed, std::size_t most, const Scratch& scratch) {
  return Inflater(packed, scratch).all(most);
}

}  // namespace plumb::sources
