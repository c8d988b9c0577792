#include "history/csv.h"

#include <cstring>
#include <utility>

namespace plumb::history {

namespace {

std::uint32_t lines_in(const char* from, const char* until) {
  std::uint32_t count = 0;
  for (const char* at = from; at != until; ++at) {
    const bool first_of_two = *at == '\r' && at + 1 != until && at[1] == '\n';
    count += *at == '\n' || (*at == '\r' && !first_of_two);
  }
  return count;
}

}  // namespace

Text Text::copy_of(std::string_view text) {
  Text result{std::unique_ptr<char[]>(new char[text.size() + 1]), text.size()};
  if (!text.empty()) std::memcpy(result.bytes.get(), text.data(), text.size());
  return result;
}

CsvReader::CsvReader(Text text, char delimiter)
    : text_(std::move(text)), at_(text_.bytes.get()), end_(at_ + text_.size), delimiter_(delimiter) {
  for (char c : {delimiter, '\n', '\r'}) stop_[static_cast<unsigned char>(c)] = true;
  if (text_.view().substr(0, 3) == "\xEF\xBB\xBF") at_ += 3;
}

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
  cells_.clear();
  fault_ = CsvFault::none;
  row_line_ = line_;
  for (;;) {
    if (at_ != end_ && *at_ == '"') {
      read_quoted();
    } else {
      read_plain();
    }
    if (at_ == end_) return;
    const char stop = *at_++;
    if (stop == delimiter_) continue;
    if (stop == '\r' && at_ != end_ && *at_ == '\n') ++at_;
    ++line_;
    return;
  }
}

void CsvReader::skip_to_stop() {
  while (at_ != end_ && !stops(*at_)) ++at_;
}

void CsvReader::read_plain() {
  const char* begin = at_;
  skip_to_stop();
  cells_.emplace_back(begin, static_cast<std::size_t>(at_ - begin));
}

void CsvReader::read_quoted() {
  char* const begin = ++at_;
  char* out = begin;
  for (;;) {
    auto* quote = static_cast<char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
    const bool closed = quote != nullptr;
    if (!closed) quote = end_;
    line_ += lines_in(at_, quote);
    // Only behind a doubled quote the cell is shorter than its spelling.
    if (out != at_) std::memmove(out, at_, static_cast<std::size_t>(quote - at_));
    out += quote - at_;
    at_ = closed ? quote + 1 : end_;
    if (!closed) fault_ = CsvFault::quote_never_closed;
    if (!closed || at_ == end_ || *at_ != '"') break;
    *out++ = *at_++;
  }
  cells_.emplace_back(begin, static_cast<std::size_t>(out - begin));
  while (at_ != end_ && *at_ == ' ' && delimiter_ != ' ') ++at_;
  if (at_ != end_ && !stops(*at_)) {
    fault_ = CsvFault::text_after_quote;
    skip_to_stop();
  }
}

}  // namespace plumb::history
