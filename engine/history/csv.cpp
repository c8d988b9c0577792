#include "history/csv.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace plumb::history {

std::string_view column_name(std::string_view cell) {
  constexpr std::string_view unseen[] = {" ",
                                         "\t",
                                         "\r",
                                         "\n",
                                         "\xC2\xA0",
                                         "\xE2\x80\x8B",
                                         "\xE2\x80\x8C",
                                         "\xE2\x80\x8D",
                                         "\xE2\x81\xA0",
                                         byte_order_mark};
  for (bool shorter = true; shorter;) {
    shorter = false;
    for (const std::string_view one : unseen) {
      if (cell.starts_with(one)) cell.remove_prefix(one.size()), shorter = true;
      if (cell.ends_with(one)) cell.remove_suffix(one.size()), shorter = true;
    }
  }
  return cell;
}

namespace {

std::uint32_t lines_in(const char* from, const char* until) {
  std::uint32_t count = 0;
  for (const char* at = from; at != until; ++at) {
    const bool first_of_two = *at == '\r' && at + 1 != until && at[1] == '\n';
    count += *at == '\n' || (*at == '\r' && !first_of_two);
  }
  return count;
}

bool stops(char c, char delimiter) { return c == delimiter || c == '\n' || c == '\r'; }

// The first delimiter or line end; `end` when there is none.
const char* next_stop(const char* at, const char* end, char delimiter) {
#ifdef __SSE2__
  static_assert(text_slack >= sizeof(__m128i));
  const __m128i mark = _mm_set1_epi8(delimiter), feed = _mm_set1_epi8('\n'), carriage = _mm_set1_epi8('\r');
  for (; at < end; at += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i line_end = _mm_or_si128(_mm_cmpeq_epi8(bytes, feed), _mm_cmpeq_epi8(bytes, carriage));
    const int found = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, mark), line_end));
    if (found == 0) continue;
    at += std::countr_zero(static_cast<unsigned>(found));
    return at < end ? at : end;
  }
  return end;
#else
  while (at != end && !stops(*at, delimiter)) ++at;
  return at;
#endif
}

// Which of the next bytes are a delimiter or end a line, one bit each. Behind the end some may.
constexpr std::size_t looked_at = text_slack;
unsigned stops_in(const char* at, char delimiter) {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i feed = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
                carriage = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'));
  const __m128i mark = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(delimiter));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(mark, _mm_or_si128(feed, carriage))));
#else
  unsigned bits = 0;
  for (std::size_t i = 0; i < looked_at; ++i) bits |= (stops(at[i], delimiter) ? 1U : 0U) << i;
  return bits;
#endif
}

const char* quote_or_end(const char* at, const char* end) {
  const void* quote = std::memchr(at, '"', static_cast<std::size_t>(end - at));
  return quote != nullptr ? static_cast<const char*>(quote) : end;
}

// Behind the cell that begins at `at`. Missing: null when it does not end.
const char* behind_cell(const char* at, const char* end, char delimiter) {
  if (at == end || *at != '"') return next_stop(at, end, delimiter);
  do {
    at = quote_or_end(at + 1, end);
    if (at == end || ++at == end) return nullptr;
  } while (*at == '"');
  return next_stop(at, end, delimiter);
}

std::size_t behind_last_line_end(std::string_view text) {
  if (const std::size_t feed = text.rfind('\n'); feed != std::string_view::npos) return feed + 1;
  // A CR at the very end may be the first half of a CRLF.
  const std::size_t carriage = text.substr(0, text.empty() ? 0 : text.size() - 1).rfind('\r');
  return carriage == std::string_view::npos ? 0 : carriage + 1;
}

}  // namespace

Text Text::of_size(std::size_t size) {
  Text text{std::unique_ptr<char[]>(new char[size + text_slack]), size};
  std::memset(text.bytes.get() + size, 0, text_slack);
  return text;
}

Text Text::copy_of(std::string_view text) {
  Text result = of_size(text.size());
  if (!text.empty()) std::memcpy(result.bytes.get(), text.data(), text.size());
  return result;
}

CsvReader::CsvReader(Text text, char delimiter)
    : text_(std::move(text)), at_(text_.bytes.get()), end_(at_ + text_.size), delimiter_(delimiter) {
  if (text_.view().starts_with(byte_order_mark)) at_ += byte_order_mark.size();
}

CsvReader::CsvReader(char* begin, char* end, char delimiter, std::uint32_t line)
    : at_(begin), end_(end), delimiter_(delimiter), line_(line) {}

bool CsvReader::next() {
  while (at_ != end_ && (*at_ == '\n' || *at_ == '\r')) {
    at_ += *at_ == '\r' && at_ + 1 != end_ && at_[1] == '\n' ? 2 : 1;
    ++line_;
  }
  if (at_ == end_) return false;
  read_row();
  return true;
}

void CsvReader::read_row() {
  count_ = 0;
  fault_ = CsvFault::none;
  row_line_ = line_;
  const char delimiter = delimiter_;
  char* at = at_;
  char* const end = end_;
  // The bytes that are looked at, and the stops among them that are not yet passed by.
  char* block = at;
  unsigned found = at == end ? 0 : stops_in(block, delimiter);
  for (;;) {
    if (at != end && *at == '"') {
      at_ = at;
      read_quoted();
      block = at = at_;
      found = at == end ? 0 : stops_in(block, delimiter);
      found &= found - 1;  // the one behind the quotes
    } else {
      char* const begin = at;
      while (found == 0 && static_cast<std::size_t>(end - block) > looked_at) {
        block += looked_at;
        found = stops_in(block, delimiter);
      }
      at = found == 0 ? end : std::min(end, block + std::countr_zero(found));
      found &= found - 1;
      add_cell(begin, at);
    }
    if (at == end) break;
    const char stop = *at++;
    if (stop == delimiter) continue;
    if (stop == '\r' && at != end && *at == '\n') ++at;
    ++line_;
    break;
  }
  at_ = at;
}

void CsvReader::read_quoted() {
  char* const begin = ++at_;
  char* out = begin;
  for (;;) {
    char* const quote = at_ + (quote_or_end(at_, end_) - at_);
    const bool closed = quote != end_;
    line_ += lines_in(at_, quote);
    // Only behind a doubled quote the cell is shorter than its spelling.
    if (out != at_) std::memmove(out, at_, static_cast<std::size_t>(quote - at_));
    out += quote - at_;
    at_ = closed ? quote + 1 : end_;
    if (!closed) fault_ = CsvFault::quote_never_closed;
    if (!closed || at_ == end_ || *at_ != '"') break;
    *out++ = *at_++;
  }
  add_cell(begin, out);
  while (at_ != end_ && *at_ == ' ' && delimiter_ != ' ') ++at_;
  if (at_ != end_ && !stops(*at_, delimiter_)) {
    fault_ = CsvFault::text_after_quote;
    at_ += next_stop(at_, end_, delimiter_) - at_;
  }
}

std::size_t end_of_last_row(std::string_view text, char delimiter) {
  if (text.find('"') == std::string_view::npos) return behind_last_line_end(text);
  const char* const end = text.data() + text.size();
  const char* row = text.data();
  for (const char* at = row;;) {
    at = behind_cell(at, end, delimiter);
    // What goes on behind the end may change the last byte's meaning.
    if (at == nullptr || at == end || at + 1 == end) return static_cast<std::size_t>(row - text.data());
    const char stop = *at++;
    if (stop == delimiter) continue;
    if (stop == '\r' && *at == '\n') ++at;
    row = at;
  }
}

}  // namespace plumb::history
