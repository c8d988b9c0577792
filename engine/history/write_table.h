#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "history/mapping.h"
#include "history/write.h"

/// What the files of a canonical folder are written with.
namespace plumb::history::writing {

/// The rows of one file, handed over in pieces of a megabyte: cells are put one after the other.
class Table {
 public:
  Table(std::string file, const TakePiece& take) : file_(std::move(file)), take_(take) {}

  void put(std::string_view cell) {
    if (std::exchange(begun_, true)) text_ += ',';
    append_cell(text_, cell);
  }
  /// Ends a row. False when nothing more is taken.
  bool end() {
    text_ += '\n';
    begun_ = false;
    if (text_.size() >= piece_size) hand_over();
    return taken_.ok();
  }
  /// Hands over the rest. Errors: what TakePiece says.
  Result<bool> finish() {
    if (taken_ && !text_.empty()) hand_over();
    return taken_;
  }

 private:
  static constexpr std::size_t piece_size = std::size_t{1} << 20U;

  void hand_over() {
    if (taken_) taken_ = take_(file_, text_);
    text_.clear();
  }

  std::string file_, text_;
  const TakePiece& take_;
  Result<bool> taken_ = true;
  bool begun_ = false;
};

struct Writer {
  const History& history;
  time::Zone zone;
  const TakePiece& take;
  std::vector<std::uint8_t> kept;  // per deal

  std::string_view word(std::uint32_t id) const { return history.words[id]; }
  bool supplied(std::string_view fact) const { return history.supplier.count(std::string(fact)) > 0; }

  std::string at_cell(Instant at, bool by_day) const {
    if (!at.known()) return {};
    return by_day ? time::to_text(zone.day_of(at)) : time::to_text_utc(at);
  }
  // What nobody recorded is no `recorded is at`.
  static std::string recorded_cell(Instant recorded, Instant at) {
    if (recorded == at) return {};
    return recorded.known() ? time::to_text_utc(recorded) : std::string(not_known);
  }
};

std::string_view source_word(Source source);

/// A deal's creation stands in the row of the deal, the start of a leave in that of the leave.
bool has_row(const Kind& kind);

/// A column of a file, made of the columns of one name in several tables.
struct Header {
  std::string name;
  bool own_time = false;
  bool only_changes = false;  // of a deal: nothing tells what it was created with
};

/// `kind`: the record whose column it is; what several things may be called is supplied under both names.
void add_header(std::vector<Header>& headers, const Writer& writer, const Column& column, const std::string& kind = {});
std::vector<Header> headers_of(const Writer& writer, const std::vector<Column>& columns);
void put_headers(Table& table, const std::vector<Header>& headers);
/// The cells of a row under the headers; empty where `columns` lacks one.
void put_fields(Table& table, const Writer& writer, const std::vector<Header>& headers,
                const std::vector<Column>& columns, std::uint32_t row);

/// Digits without groups: 240000.5.
std::string number_cell(std::int64_t millionths);

Result<bool> events_file(const Writer& writer);
Result<bool> records_file(const Writer& writer);

}  // namespace plumb::history::writing
