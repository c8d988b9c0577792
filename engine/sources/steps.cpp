#include "sources/steps.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "history/words.h"
#include "time/parse_time.h"

namespace plumb::sources {

namespace {

using Row = std::vector<std::string>;

std::string_view cell(const Row& row, int column) {
  return column >= 0 && static_cast<std::size_t>(column) < row.size()
             ? std::string_view(row[static_cast<std::size_t>(column)])
             : std::string_view();
}

/// A row that has not the header's cells keeps too few or too many, so that it is refused when it is read.
void append(Cells& cells, std::size_t row, std::string value) { cells.rows[row].push_back(std::move(value)); }

std::optional<StepFailure> lacks(const Cells& cells, const std::string& column, history::MappingPlace place) {
  if (cells.column(column) >= 0) return std::nullopt;
  return StepFailure{fmt::format("the file has no column `{}`; it has {}", column, history::listed(cells.header)),
                     place};
}

// Parts of a key must not run into each other.
std::string key_of(const Row& row, const std::vector<int>& columns) {
  std::string key;
  for (int column : columns) {
    const std::string_view text = history::trimmed(cell(row, column));
    if (text.empty()) return {};  // what is not said agrees with nothing
    key += fmt::format("{}:{}", text.size(), text);
  }
  return key;
}

std::vector<int> columns_of(const Cells& cells, const std::vector<std::string>& names) {
  std::vector<int> result;
  for (const std::string& name : names) result.push_back(cells.column(name));
  return result;
}

/// Which rows of two tables belong to each other.
class Agreement {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  Agreement(const Pairs& same, const Pairs& where, const Cells& theirs, const Cells& ours)
      : same_(same), where_(where), theirs_(theirs), ours_(ours) {
    for (const auto& [here, there] : same) {
      our_columns_.push_back(ours.column(here));
      their_columns_.push_back(theirs.column(there));
    }
    for (const auto& [there, text] : where) where_columns_.push_back(theirs.column(there));
  }

  std::optional<StepFailure> wrong(history::MappingPlace place) const {
    for (const auto& [here, there] : same_) {
      if (auto wrong = lacks(ours_, here, place)) return wrong;
    }
    if (theirs_.header.empty()) return std::nullopt;  // a file that may be absent
    for (const auto& [here, there] : same_) {
      if (auto wrong = lacks(theirs_, there, place)) return wrong;
    }
    for (const auto& [there, text] : where_) {
      if (auto wrong = lacks(theirs_, there, place)) return wrong;
    }
    return std::nullopt;
  }

  bool counts(const Row& theirs) const {
    for (std::size_t i = 0; i < where_.size(); ++i) {
      if (history::trimmed(cell(theirs, where_columns_[i])) != where_[i].second) return false;
    }
    return true;
  }

  std::string their_key(const Row& row) const { return key_of(row, their_columns_); }
  std::string our_key(const Row& row) const { return key_of(row, our_columns_); }

 private:
  const Pairs &same_, &where_;
  const Cells &theirs_, &ours_;
  std::vector<int> our_columns_, their_columns_, where_columns_;
};

struct Moments {
  std::vector<std::int64_t> at;

  Moments(const Cells& cells, int column, const Times& times) {
    for (const Row& row : cells.rows) at.push_back(read(history::trimmed(cell(row, column)), times));
  }

  // What is no time stands behind all others: it is refused when it is read.
  static std::int64_t read(std::string_view text, const Times& times) {
    const auto read = time::parse_reading(text, times.zone, times.order);
    if (!read) return INT64_MAX;
    return read->at.known() ? read->at.micros : times.zone.start_of(read->day).micros;
  }
};

}  // namespace

std::vector<std::string> Steps::added() const {
  std::vector<std::string> names;
  if (unpivot) names = {unpivot->name, unpivot->value};
  if (groups) names = groups->keep, names.insert(names.end(), groups->each.begin(), groups->each.end());
  for (const LookUp& step : look_ups) {
    for (const Taken& column : step.columns) names.push_back(column.here);
  }
  for (const AtFirst& step : at_first) {
    for (const auto& [here, there] : step.columns) names.push_back("first " + here);
  }
  if (!row_before) return names;
  names.emplace_back("first");
  for (const std::string& column : row_before->columns) {
    names.push_back("before " + column);
    names.push_back(column + " changed");
  }
  return names;
}

std::vector<std::string> Steps::needed() const {
  std::vector<std::string> names = merges ? merges->columns : std::vector<std::string>();
  for (const LookUp& step : look_ups) {
    for (const auto& [here, there] : step.same) names.push_back(here);
  }
  for (const AtFirst& step : at_first) {
    for (const auto& [here, there] : step.same) names.push_back(here);
    for (const auto& [here, there] : step.columns) names.push_back(here);
  }
  if (!row_before) return names;
  names.insert(names.end(), row_before->same.begin(), row_before->same.end());
  names.push_back(row_before->by);
  names.insert(names.end(), row_before->columns.begin(), row_before->columns.end());
  return names;
}

std::string long_id(std::string_view id) {
  const auto is_alphanumeric = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  std::string result(id);
  if (id.size() != 15 || !std::all_of(id.begin(), id.end(), is_alphanumeric)) return result;
  for (std::size_t part = 0; part < 15; part += 5) {
    unsigned capitals = 0;
    for (std::size_t i = 0; i < 5; ++i) capitals |= (id[part + i] >= 'A' && id[part + i] <= 'Z' ? 1U : 0U) << i;
    result += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[capitals];
  }
  return result;
}

std::optional<StepFailure> long_ids_of(const LongIds& ids, Cells& cells) {
  for (const std::string& name : ids.columns) {
    const int column = cells.column(name);
    if (column < 0) continue;  // whether a file must have it is said where it is read
    for (Row& row : cells.rows) {
      if (static_cast<std::size_t>(column) < row.size()) {
        std::string& id = row[static_cast<std::size_t>(column)];
        id = long_id(id);
      }
    }
  }
  return std::nullopt;
}

void turn_round(Cells& cells) {
  std::reverse(cells.rows.begin(), cells.rows.end());
  cells.lines.clear();
}

std::optional<StepFailure> merge(const Merges& step, const Cells& in, Cells& cells) {
  for (const std::string& theirs : {step.from, step.to}) {
    if (in.header.empty()) break;  // a file that may be absent
    if (auto wrong = lacks(in, theirs, step.place)) return wrong;
  }
  std::unordered_map<std::string, std::string> into;
  for (const Row& row : in.rows) {
    const std::string_view from = history::trimmed(cell(row, in.column(step.from)));
    const std::string_view to = history::trimmed(cell(row, in.column(step.to)));
    if (!from.empty() && !to.empty() && from != to) into.emplace(from, to);
  }
  for (const std::string& name : step.columns) {
    if (auto wrong = lacks(cells, name, step.place)) return wrong;
    const auto column = static_cast<std::size_t>(cells.column(name));
    for (Row& row : cells.rows) {
      if (column >= row.size()) continue;
      // What is left may have been merged in its turn.
      std::string id(history::trimmed(row[column]));
      std::size_t steps = 0;
      for (auto found = into.find(id); found != into.end() && steps <= into.size(); found = into.find(id)) {
        id = found->second;
        ++steps;
      }
      if (steps > into.size()) {
        return StepFailure{fmt::format("the merges of `{}` lead in a circle", row[column]), step.place};
      }
      if (steps > 0) row[column] = id;
    }
  }
  return std::nullopt;
}

std::optional<StepFailure> look_up(const LookUp& step, const Cells& in, Cells& cells) {
  const Agreement agreement(step.same, step.where, in, cells);
  if (auto wrong = agreement.wrong(step.place)) return wrong;
  for (const Taken& column : step.columns) {
    if (column.optional || in.header.empty()) continue;
    if (auto wrong = lacks(in, column.there, step.place)) return wrong;
  }
  std::unordered_map<std::string, std::size_t> row_of;
  for (std::size_t row = 0; row < in.rows.size(); ++row) {
    std::string key = agreement.their_key(in.rows[row]);
    if (!key.empty() && agreement.counts(in.rows[row])) row_of.emplace(std::move(key), row);
  }
  for (const Taken& column : step.columns) cells.header.push_back(column.here);
  for (std::size_t row = 0; row < cells.rows.size(); ++row) {
    const auto found = row_of.find(agreement.our_key(cells.rows[row]));
    for (const Taken& column : step.columns) {
      append(
          cells, row,
          found == row_of.end() ? std::string() : std::string(cell(in.rows[found->second], in.column(column.there))));
    }
  }
  return std::nullopt;
}

std::optional<StepFailure> at_first(const AtFirst& step, const Cells& in, const Times& times, Cells& cells) {
  const Agreement agreement(step.same, step.where, in, cells);
  if (auto wrong = agreement.wrong(step.place)) return wrong;
  for (const std::string& theirs : {step.by, step.name, step.was}) {
    if (auto wrong = lacks(in, theirs, step.place)) return wrong;
  }
  for (const auto& [here, there] : step.columns) {
    if (auto wrong = lacks(cells, here, step.place)) return wrong;
  }
  const Moments moments(in, in.column(step.by), times);
  const int name = in.column(step.name), was = in.column(step.was);
  // By what changed, then whose: the row of the earliest change.
  std::unordered_map<std::string, std::unordered_map<std::string, std::size_t>> first;
  for (const auto& [here, there] : step.columns) first[there];
  for (std::size_t row = 0; row < in.rows.size(); ++row) {
    const auto of = first.find(std::string(history::trimmed(cell(in.rows[row], name))));
    if (of == first.end() || moments.at[row] == INT64_MAX || !agreement.counts(in.rows[row])) continue;
    std::string key = agreement.their_key(in.rows[row]);
    if (key.empty()) continue;
    const auto [at, is_new] = of->second.emplace(std::move(key), row);
    if (!is_new && moments.at[row] < moments.at[at->second]) at->second = row;
  }
  for (const auto& [here, there] : step.columns) {
    const int column = cells.column(here);
    const auto& rows = first[there];
    for (std::size_t row = 0; row < cells.rows.size(); ++row) {
      const auto found = rows.find(agreement.our_key(cells.rows[row]));
      append(cells, row,
             std::string(found == rows.end() ? cell(cells.rows[row], column) : cell(in.rows[found->second], was)));
    }
    cells.header.push_back("first " + here);
  }
  return std::nullopt;
}

std::optional<StepFailure> row_before(const RowBefore& step, const Times& times, Cells& cells) {
  for (const std::string& same : step.same) {
    if (auto wrong = lacks(cells, same, step.place)) return wrong;
  }
  if (auto wrong = lacks(cells, step.by, step.place)) return wrong;
  const Moments moments(cells, cells.column(step.by), times);
  std::vector<std::size_t> order(cells.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return moments.at[a] < moments.at[b]; });
  std::unordered_map<std::string, std::size_t> last;
  std::vector<std::size_t> before(cells.rows.size(), cells.rows.size());
  const std::vector<int> same = columns_of(cells, step.same);
  const std::size_t width = cells.header.size();
  for (std::size_t row : order) {
    // What will be refused was no row before.
    if (cells.rows[row].size() != width || moments.at[row] == INT64_MAX) continue;
    const auto [at, first] = last.emplace(key_of(cells.rows[row], same), row);
    if (!first) before[row] = std::exchange(at->second, row);
  }
  const std::vector<int> columns = columns_of(cells, step.columns);
  cells.header.emplace_back("first");
  for (const std::string& column : step.columns) {
    cells.header.push_back("before " + column);
    cells.header.push_back(column + " changed");
  }
  for (std::size_t row = 0; row < cells.rows.size(); ++row) {
    const bool first = before[row] == cells.rows.size();
    append(cells, row, first ? "yes" : "");
    for (int column : columns) {
      const std::string was(first ? std::string_view() : cell(cells.rows[before[row]], column));
      const bool changed = !first && was != cell(cells.rows[row], column);
      append(cells, row, was);
      append(cells, row, changed ? "yes" : "");
    }
  }
  return std::nullopt;
}

Result<Cells> regroup(const Groups& step, const Cells& of) {
  Cells made;
  made.header = step.keep;
  made.header.insert(made.header.end(), step.each.begin(), step.each.end());
  const std::size_t kept = step.keep.size(), size = step.each.size();
  for (std::size_t r = 0; r < of.rows.size(); ++r) {
    Row cells = of.rows[r];
    // A spreadsheet fills the shorter rows up to the longest.
    while (cells.size() > kept && cells.back().empty()) cells.pop_back();
    if (cells.size() < kept) cells.resize(kept);
    while ((cells.size() - kept) % size != 0 && cells.size() < of.rows[r].size()) cells.emplace_back();
    if ((cells.size() - kept) % size != 0) {
      return Failure{
          fmt::format("line {}: behind the first {} cells stand {}, which is no whole number of groups of {}",
                      r < of.lines.size() ? of.lines[r] : r + 2, kept, cells.size() - kept, size)};
    }
    for (std::size_t begin = kept; begin < cells.size(); begin += size) {
      Row row(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(kept));
      row.insert(row.end(), cells.begin() + static_cast<std::ptrdiff_t>(begin),
                 cells.begin() + static_cast<std::ptrdiff_t>(begin + size));
      made.rows.push_back(std::move(row));
    }
  }
  return made;
}

bool fits(const Unpivot& step, std::string_view header) {
  const std::size_t star = step.columns.find('*');
  const std::string_view head = std::string_view(step.columns).substr(0, star);
  const std::string_view tail = std::string_view(step.columns).substr(star + 1);
  return header.size() > head.size() + tail.size() && history::same_letters(header.substr(0, head.size()), head) &&
         history::same_letters(header.substr(header.size() - tail.size()), tail);
}

Result<Cells> unpivot(const Unpivot& step, const Cells& of) {
  const std::size_t star = step.columns.find('*');
  const std::string_view head = std::string_view(step.columns).substr(0, star);
  const std::string_view tail = std::string_view(step.columns).substr(star + 1);
  std::vector<std::size_t> kept;
  std::vector<std::pair<std::size_t, std::string>> turned;  // a column, and what the star stands for
  Cells made;
  for (std::size_t i = 0; i < of.header.size(); ++i) {
    const std::string_view header = of.header[i];
    if (fits(step, header)) {
      turned.emplace_back(i, header.substr(head.size(), header.size() - head.size() - tail.size()));
    } else {
      kept.push_back(i);
      made.header.emplace_back(header);
    }
  }
  if (turned.empty())
    return Failure{
        fmt::format("the file has no column like `{}`; it has {}", step.columns, history::listed(of.header))};
  made.header.push_back(step.name);
  made.header.push_back(step.value);
  for (std::size_t r = 0; r < of.rows.size(); ++r) {
    if (of.rows[r].size() != of.header.size()) continue;  // refused where the file itself is read
    for (const auto& [column, name] : turned) {
      Row row;
      for (std::size_t i : kept) row.push_back(of.rows[r][i]);
      row.push_back(name);
      row.push_back(of.rows[r][column]);
      made.rows.push_back(std::move(row));
    }
  }
  return made;
}

}  // namespace plumb::sources
