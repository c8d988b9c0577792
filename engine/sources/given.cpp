#include "sources/given.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "history/header_again.h"
#include "history/words.h"
#include "sources/gathered.h"
#include "sources/names.h"

namespace plumb::sources {

using history::CsvFault;
using history::CsvReader;
using history::Text;
using history::loading::Piece;
using history::loading::Pieces;

namespace {

constexpr std::size_t piece_size = std::size_t{1} << 19U;

}  // namespace

std::vector<std::size_t> wanted_of(const std::vector<std::string>& header, const Wanted& wanted) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (!wanted || std::any_of(wanted->begin(), wanted->end(),
                               [&](const std::string& name) { return column_in(header, name) == static_cast<int>(i); }))
      columns.push_back(i);
  }
  return columns;
}

LongIdsOf::LongIdsOf(const std::vector<LongIds>& steps, const std::vector<std::string>& header) : steps_(steps) {
  std::size_t most = 0;
  for (const LongIds& step : steps_) {
    std::vector<std::size_t> columns;
    for (const std::string& name : step.columns) {
      const int column = column_in(header, name);
      if (column >= 0)
        columns.push_back(static_cast<std::size_t>(column));  // whether it must be there is said elsewhere
    }
    most += columns.size();
    compiled_.push_back({std::move(columns), Condition(step.where, header)});
  }
  texts_.resize(most);
}

void LongIdsOf::run(std::vector<std::string_view>& row) {
  std::size_t text = 0;
  for (const Step& step : compiled_) {
    const std::size_t own = text;
    text += step.columns.size();
    if (!step.condition.counts([&](int column) { return cell(row, column); })) continue;
    for (std::size_t i = 0; i < step.columns.size(); ++i) {
      if (step.columns[i] >= row.size() || !may_be_id(row[step.columns[i]])) continue;
      texts_[own + i] = long_id(row[step.columns[i]]);
      row[step.columns[i]] = texts_[own + i];
    }
  }
}

namespace {

/// Reads a text for the first time.
class FirstReading {
 public:
  FirstReading(const Table& table, const Reading& how) : table_(table), how_(how), given_(std::make_shared<Given>()) {
    own_ = header_of(table);
    cells_.header = own_;
    call_columns(how.also_called, cells_.header);
    for (std::size_t i = 0; i < own_.size(); ++i) {
      if (own_[i] != cells_.header[i]) cells_.taken[cells_.header[i]] = {table.name, {own_[i]}, nullptr, nullptr};
    }
    given_->table = table;
    given_->long_ids = how.long_ids;
    by_ = column_in(cells_.header, how.ordered_by);
    held_ = wanted_of(cells_.header, how.wanted);
  }

  Result<Cells> read() {
    LongIdsOf long_ids(how_.long_ids, cells_.header);
    std::vector<std::string_view> row;
    const auto wrong = each_row([&](const CsvReader& reader) {
      row.assign(reader.cells().begin(), reader.cells().end());
      note_order(row);
      long_ids.run(row);
      take(row, reader.line());
    });
    if (wrong) return *wrong;
    cells_.close();
    if (how_.newest_first || !is_in_order_) {
      if (const auto changed = put_in_order()) return *changed;
    }
    cells_.give(given_);
    return std::move(cells_);
  }

 private:
  /// Behind the header.
  template <class Take>
  std::optional<Failure> each_row(Take&& take) {
    Pieces pieces(table_.text.reader(), table_.text.size(), table_.delimiter);
    Piece piece;
    std::uint32_t line = 1;
    begin_ = 0;
    for (bool header = true;;) {
      const Result<bool> more = pieces.next(piece, piece_size);
      if (auto gone = unread(table_)) return gone;
      if (!more) return Failure{more.error()};
      if (!*more) return std::nullopt;
      begin_ += piece.from;
      CsvReader reader(piece.begin(), piece.end(), table_.delimiter, line);
      for (;;) {
        row_begin_ = begin_ + static_cast<std::size_t>(reader.rest() - piece.begin());
        if (!reader.next()) break;
        if (reader.fault() != CsvFault::none) return wrong_quotes(reader);
        if (!header) take(reader);
        header = false;
      }
      begin_ += piece.size;
      line = reader.next_line();
    }
  }

  Failure wrong_quotes(const CsvReader& reader) const {
    return Failure{fmt::format("`{}`: the quotes of line {} do not fit: {}", table_.name, reader.line(),
                               reader.fault() == CsvFault::quote_never_closed
                                   ? "one is opened and never closed; is the end of the file missing?"
                                   : "text follows a closing quote; a quote inside a quoted cell is written twice")};
  }

  void note_order(const std::vector<std::string_view>& row) {
    if (by_ < 0 || !is_in_order_) return;
    const std::string_view text = cell(row, by_);
    is_in_order_ = cells_.size() == 0 || !lower_id(text, last_);
    last_ = text;
  }

  void take(const std::vector<std::string_view>& row, std::uint32_t line) {
    const std::size_t number = cells_.size();
    cells_.add_row();
    cells_.lines.push_back(line);
    if (row.size() != cells_.header.size()) {
      cells_.cut_row(number, row.size());
    } else if (history::is_header_again(row, own_)) {
      cells_.cut_row(number, 1);  // steps pass over it, and the loader refuses it
      cells_.wrong.emplace(static_cast<std::uint32_t>(number), history::header_again);
    }
    for (const std::size_t column : held_) cells_.put(number, column, cell(row, static_cast<int>(column)));
  }

  std::optional<Failure> put_in_order() {
    std::vector<std::uint32_t> order(cells_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::string keys;
    std::vector<std::size_t> ends{0};
    const auto wrong = each_row([&](const CsvReader& reader) {
      given_->starts.push_back(row_begin_);
      if (is_in_order_) return;
      const auto row = reader.cells();
      if (static_cast<std::size_t>(by_) < row.size()) keys += row[static_cast<std::size_t>(by_)];
      ends.push_back(keys.size());
    });
    if (wrong) return wrong;
    if (given_->starts.size() != order.size())
      return Failure{fmt::format("`{}` was changed while it was read", table_.name)};
    given_->starts.push_back(table_.text.size());
    if (!is_in_order_) {
      const auto key = [&](std::uint32_t row) {
        return std::string_view(keys).substr(ends[row], ends[row + 1] - ends[row]);
      };
      const auto before = [&](std::uint32_t a, std::uint32_t b) { return lower_id(key(a), key(b)); };
      std::stable_sort(order.begin(), order.end(), before);
    }
    if (how_.newest_first) std::reverse(order.begin(), order.end());
    cells_.put_in_order(order);
    given_->order = std::move(order);
    return std::nullopt;
  }

  const Table& table_;
  const Reading& how_;
  std::vector<std::string> own_;  // the header as the file has it
  std::shared_ptr<Given> given_;
  Cells cells_;
  int by_ = -1;
  std::vector<std::size_t> held_;
  bool is_in_order_ = true;
  std::string last_;
  std::size_t begin_ = 0, row_begin_ = 0;  // of the piece and of the row, in the text
};

}  // namespace

Result<Cells> cells_of(const Table& table, const Reading& how) { return FirstReading(table, how).read(); }

WholeRows::WholeRows(const Cells& cells) : cells_(cells) {
  const Given* const given = cells.given();
  if (given == nullptr) return;
  if (given->of) {
    of_ = std::make_unique<WholeRows>(*given->of);
    if (given->groups) groups_.emplace(*given->groups);
    return;
  }
  long_ids_.emplace(given->long_ids, cells.header);
  if (given->starts.empty()) {
    pieces_.emplace(given->table.text.reader(), given->table.text.size(), given->table.delimiter);
  }
}

bool WholeRows::next() {
  if (at_ == cells_.size()) return false;
  const Given* const given = cells_.given();
  if (given == nullptr) {
    row_.assign(cells_.width(at_), {});
  } else if (groups_ ? !next_grouped() : given->of ? !next_turned() : pieces_ ? !next_of_text() : !next_ordered()) {
    if (wrong_.empty()) wrong_ = fmt::format("`{}` was changed while it was read", cells_.stands_in);
    return false;
  }
  if (!cells_.is_whole(at_)) row_.resize(cells_.width(at_));
  put_held();
  ++at_;
  return true;
}

bool WholeRows::next_of_text() {
  for (;;) {
    if (reader_ && reader_->next()) {
      if (std::exchange(at_header_, false)) continue;
      row_.assign(reader_->cells().begin(), reader_->cells().end());
      long_ids_->run(row_);
      return true;
    }
    const Result<bool> more = pieces_->next(piece_, piece_size);
    if (const auto gone = unread(cells_.given()->table)) wrong_ = gone->message;
    if (!more || !*more) return false;
    reader_.emplace(piece_.begin(), piece_.end(), cells_.given()->table.delimiter);
  }
}

bool WholeRows::next_ordered() {
  const Given& given = *cells_.given();
  const std::uint32_t row = given.order[at_];
  const std::uint64_t begin = given.starts[row], size = given.starts[row + 1] - begin;
  if (text_.size < size) text_ = Text::of_size(size);
  if (const auto read = given.table.text.read(begin, text_.bytes.get(), size); !read) {
    wrong_ = unread(given.table)->message;
    return false;
  }
  reader_.emplace(text_.bytes.get(), text_.bytes.get() + size, given.table.delimiter);
  if (!reader_->next()) return false;
  row_.assign(reader_->cells().begin(), reader_->cells().end());
  long_ids_->run(row_);
  return true;
}

bool WholeRows::next_turned() {
  const Given& given = *cells_.given();
  if (turn_ == 0 && text_at_ == 0) {
    do {
      if (!next_of()) return false;
    } while (!given.of->is_whole(of_row_++));  // refused where the table itself is read
  }
  const auto& [column, name] = given.turned[turn_];
  if (text_at_ == 0) texts_in(of_->cells()[column], given.between, given.without, texts_);
  row_.clear();
  for (const std::size_t kept : given.kept) row_.push_back(of_->cells()[kept]);
  row_.push_back(name);
  row_.push_back(texts_[text_at_]);
  row_.resize(cells_.width(at_));
  text_at_ = (text_at_ + 1) % texts_.size();
  if (text_at_ == 0) turn_ = (turn_ + 1) % given.turned.size();
  return true;
}

bool WholeRows::next_of() {
  if (of_->next()) return true;
  wrong_ = of_->wrong();
  return false;
}

bool WholeRows::next_grouped() {
  while (!groups_->next(row_)) {
    if (!next_of()) return false;
    groups_->begin(of_->cells());
  }
  return true;
}

void WholeRows::put_held() {
  const std::size_t own = row_.size(), columns = cells_.header.size();
  const std::size_t added = cells_.own_ == 0 ? columns : cells_.own_;
  for (std::size_t column = 0; column < std::min(own, added) && column < cells_.columns_.size(); ++column) {
    const Cells::Column& held = cells_.columns_[column];
    if (held.held && !held.given) row_[column] = cells_.at(at_, static_cast<int>(column));
  }
  for (std::size_t column = added; column < columns; ++column) row_.push_back(cells_.at(at_, static_cast<int>(column)));
}

std::optional<Failure> hold_all(Cells& cells) {
  Cells held;
  for (const std::string& name : cells.header) held.add_column(name);
  WholeRows rows(cells);
  for (std::size_t row = 0; rows.next(); ++row) {
    held.add_row();
    for (std::size_t i = 0; i < std::min(rows.cells().size(), held.header.size()); ++i)
      held.put(row, i, rows.cells()[i]);
    if (!cells.is_whole(row)) held.cut_row(row, cells.width(row));
  }
  if (!rows.wrong().empty()) return Failure{rows.wrong()};
  held.close();
  held.lines = std::move(cells.lines), held.wrong = std::move(cells.wrong), held.taken = std::move(cells.taken);
  held.stands_in = std::move(cells.stands_in);
  cells = std::move(held);
  return std::nullopt;
}

namespace {

/// The text of a table, made while it is read.
class Writing {
 public:
  explicit Writing(std::shared_ptr<const Cells> cells) : cells_(std::move(cells)), rows_(*cells_) {
    append_row(text_, {cells_->header.begin(), cells_->header.end()});
    text_ += '\n';
  }

  std::size_t read(char* into, std::size_t room) {
    std::size_t put = 0;
    while (put < room) {
      if (at_ == text_.size()) {
        text_.clear(), at_ = 0;
        if (!rows_.next()) break;
        append_row(text_, rows_.cells());
        text_ += '\n';
      }
      const std::size_t size = text_.copy(into + put, room - put, at_);
      put += size, at_ += size;
    }
    return put;
  }

 private:
  std::shared_ptr<const Cells> cells_;
  WholeRows rows_;
  std::string text_;
  std::size_t at_ = 0;
};

/// By the first rows.
std::size_t about_how_long(const Cells& cells) {
  constexpr std::size_t looked_at = 1000, enough = std::size_t{1} << 18U;
  WholeRows rows(cells);
  std::string text;
  std::size_t count = 0;
  for (; count < looked_at && text.size() < enough && rows.next(); ++count)
    append_row(text, rows.cells()), text += '\n';
  return count == 0 ? 1 : text.size() * cells.size() / count + 1;
}

}  // namespace

history::TextFile streamed(const std::string& name, std::shared_ptr<const Cells> cells) {
  history::TextFile file{name, {}, cells->stands_in, cells->lines, cells->wrong, cells->taken};
  file.about = about_how_long(*cells);
  file.open = [cells = std::move(cells)]() -> history::TextReader {
    return [writing = std::make_shared<Writing>(cells)](char* into, std::size_t room) {
      return writing->read(into, room);
    };
  };
  return file;
}

}  // namespace plumb::sources
