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
    key += fmt::format("{}:{}", text.size(), text);
  }
  return key;
}

std::vector<int> columns_of(const Cells& cells, const std::vector<std::string>& names) {
  std::vector<int> result;
  for (const std::string& name : names) result.push_back(cells.column(name));
  return result;
}

struct Moments {
  std::vector<std::int64_t> at;

  Moments(const Cells& cells, int column, const time::Zone& zone) {
    for (const Row& row : cells.rows) at.push_back(read(history::trimmed(cell(row, column)), zone));
  }

  // What is no time stands behind all others: it is refused when it is read.
  static std::int64_t read(std::string_view text, const time::Zone& zone) {
    const auto read = time::parse_reading(text, zone);
    if (!read) return INT64_MAX;
    return read->at.known() ? read->at.micros : zone.start_of(read->day).micros;
  }
};

}  // namespace

std::vector<std::string> Steps::added() const {
  std::vector<std::string> names;
  if (unpivot) names = {unpivot->name, unpivot->value};
  for (const LookUp& step : look_ups) {
    for (const auto& [here, there] : step.columns) names.push_back(here);
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
  std::vector<std::string> names;
  for (const LookUp& step : look_ups) {
    for (const auto& [here, there] : step.same) names.push_back(here);
  }
  if (!row_before) return names;
  names.push_back(row_before->same);
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

std::optional<StepFailure> look_up(const LookUp& step, const Cells& in, Cells& cells) {
  std::vector<std::string> ours, theirs;
  for (const auto& [here, there] : step.same) {
    if (auto wrong = lacks(cells, here, step.place)) return wrong;
    if (auto wrong = lacks(in, there, step.place)) return wrong;
    ours.push_back(here);
    theirs.push_back(there);
  }
  std::unordered_map<std::string, std::size_t> row_of;
  const std::vector<int> their_columns = columns_of(in, theirs);
  const auto counts = [&](const Row& row) {
    return std::all_of(step.where.begin(), step.where.end(), [&](const auto& pair) {
      return history::trimmed(cell(row, in.column(pair.first))) == pair.second;
    });
  };
  for (std::size_t row = 0; row < in.rows.size(); ++row) {
    if (counts(in.rows[row])) row_of.emplace(key_of(in.rows[row], their_columns), row);
  }
  const std::vector<int> our_columns = columns_of(cells, ours);
  for (const auto& [here, there] : step.columns) cells.header.push_back(here);
  for (std::size_t row = 0; row < cells.rows.size(); ++row) {
    const auto found = row_of.find(key_of(cells.rows[row], our_columns));
    for (const auto& [here, there] : step.columns) {
      append(cells, row,
             found == row_of.end() ? std::string() : std::string(cell(in.rows[found->second], in.column(there))));
    }
  }
  return std::nullopt;
}

std::optional<StepFailure> row_before(const RowBefore& step, const history::Mapping& mapping, Cells& cells) {
  if (auto wrong = lacks(cells, step.same, step.place)) return wrong;
  if (auto wrong = lacks(cells, step.by, step.place)) return wrong;
  const auto zone = time::Zone::find(mapping.zone);
  const Moments moments(cells, cells.column(step.by), zone ? *zone : time::Zone::utc());
  std::vector<std::size_t> order(cells.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return moments.at[a] < moments.at[b]; });
  std::unordered_map<std::string, std::size_t> last;
  std::vector<std::size_t> before(cells.rows.size(), cells.rows.size());
  const std::vector<int> same = columns_of(cells, {step.same});
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

Result<Cells> unpivot(const Unpivot& step, const Cells& of) {
  const std::size_t star = step.columns.find('*');
  const std::string_view head = std::string_view(step.columns).substr(0, star);
  const std::string_view tail = std::string_view(step.columns).substr(star + 1);
  std::vector<std::size_t> kept;
  std::vector<std::pair<std::size_t, std::string>> turned;  // a column, and what the star stands for
  Cells made;
  for (std::size_t i = 0; i < of.header.size(); ++i) {
    const std::string_view header = of.header[i];
    const bool fits = header.size() > head.size() + tail.size() &&
                      history::same_letters(header.substr(0, head.size()), head) &&
                      history::same_letters(header.substr(header.size() - tail.size()), tail);
    if (fits) {
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
