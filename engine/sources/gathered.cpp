#include "sources/gathered.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "history/write.h"

namespace plumb::sources {

namespace {

void put_number(std::string& text, std::size_t number) {
  const auto small = static_cast<std::uint32_t>(number);
  char bytes[sizeof small];
  std::memcpy(bytes, &small, sizeof small);
  text.append(bytes, sizeof small);
}

/// Rows as `add_row` puts them aside: the line, how many cells, and of each its column, its size and its text.
class PutAside {
 public:
  explicit PutAside(const Bytes& bytes) : bytes_(bytes) {}

  bool is_at_end() const { return at_ == bytes_.size(); }
  Result<std::uint32_t> number() {
    std::uint32_t number = 0;
    const Result<std::string_view> bytes = take(sizeof number);
    if (!bytes) return Failure{bytes.error()};
    std::memcpy(&number, bytes->data(), sizeof number);
    return number;
  }
  /// Good until the next.
  Result<std::string_view> take(std::size_t size) {
    if (at_ - begin_ + size > held_.size()) {
      constexpr std::size_t at_once = std::size_t{1} << 18U;
      begin_ = at_;
      held_.resize(std::min(std::max(size, at_once), bytes_.size() - at_));
      const Result<std::size_t> read = bytes_.read(at_, held_.data(), held_.size());
      if (!read) return Failure{read.error()};
    }
    const std::string_view text = std::string_view(held_).substr(at_ - begin_, size);
    at_ += size;
    return text;
  }

 private:
  const Bytes& bytes_;
  std::string held_;
  std::size_t begin_ = 0, at_ = 0;  // of what is held, and of the next
};

std::uint32_t lines_in(std::string_view text) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    count += text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) ? 1 : 0;
  }
  return count;
}

}  // namespace

void append_row(std::string& text, const std::vector<std::string_view>& row) {
  const std::size_t start = text.size();
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) text += ',';
    history::append_cell(text, row[i]);
  }
  if (text.size() == start) text += "\"\"";
}

std::size_t Gathered::column(const std::string& name) {
  const auto [at, is_new] = column_of_.emplace(name, header_.size());
  if (is_new) header_.push_back(name);
  return at->second;
}

void Gathered::add_row(std::uint32_t line, const Row& row) {
  row_.clear();
  put_number(row_, line);
  put_number(row_, row.size());
  for (const auto& [column, text] : row) {
    put_number(row_, column);
    put_number(row_, text.size());
    row_ += text;
  }
  rows_.append(row_);
  ++size_;
}

/// The text of tables.
class Gathered::Writing {
 public:
  Writing(std::vector<std::string> header, const Scratch& scratch)
      : header_(std::move(header)), texts_(header_.size()), cells_(header_.size()), text_(scratch) {
    put({header_.begin(), header_.end()}, 0);
  }

  std::optional<Failure> add(const Bytes& bytes) {
    for (PutAside rows(bytes); !rows.is_at_end();) {
      if (auto wrong = add_row(rows)) return wrong;
      if (text_.size() > most_bytes)
        return Failure{
            fmt::format("as a table of {} columns it is larger than {} MB", header_.size(), most_bytes / 1'000'000)};
    }
    return std::nullopt;
  }

  Result<Bytes> finish() { return text_.finish(); }

 private:
  std::optional<Failure> add_row(PutAside& rows) {
    const Result<std::uint32_t> line = rows.number();
    const Result<std::uint32_t> count = line ? rows.number() : line;
    if (!count) return Failure{count.error()};
    std::fill(cells_.begin(), cells_.end(), std::string_view());
    for (std::uint32_t i = 0; i < *count; ++i) {
      const Result<std::uint32_t> of = rows.number();
      const Result<std::uint32_t> size = of ? rows.number() : of;
      const Result<std::string_view> cell = size ? rows.take(*size) : Result<std::string_view>(Failure{size.error()});
      if (!cell) return Failure{cell.error()};
      cells_[*of] = texts_[*of].assign(*cell);
    }
    put(cells_, *line);
    return std::nullopt;
  }

  void put(const std::vector<std::string_view>& row, std::uint32_t line) {
    written_.clear();
    for (; line_ < line; ++line_) written_ += '\n';
    const std::size_t start = written_.size();
    append_row(written_, row);
    line_ += lines_in(std::string_view(written_).substr(start)) + 1;
    written_ += '\n';
    text_.append(written_);
  }

  const std::vector<std::string> header_;
  std::vector<std::string> texts_;  // of the row, as the header
  std::vector<std::string_view> cells_;
  std::uint32_t line_ = 1;  // of the next row
  std::string written_;     // written over
  Aside text_;
};

Result<Bytes> Gathered::text(const Scratch& scratch) {
  const Result<Bytes> rows = rows_.finish();
  if (!rows) return Failure{rows.error()};
  Writing writing(header_, scratch);
  if (auto wrong = writing.add(*rows)) return *wrong;
  return writing.finish();
}

}  // namespace plumb::sources
