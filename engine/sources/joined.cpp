#include "sources/joined.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "sources/names.h"

namespace plumb::sources {

namespace {

template <class Value>
std::shared_ptr<const std::vector<Value>> part_of(const std::shared_ptr<const std::vector<Value>>& all,
                                                  const std::vector<std::uint32_t>& rows) {
  if (all == nullptr) return nullptr;
  auto part = std::make_shared<std::vector<Value>>();
  part->reserve(rows.size());
  for (const std::uint32_t row : rows) part->push_back((*all)[row]);
  return part;
}

void put_rows(const Cells& part, std::size_t number, Joined& joined) {
  std::vector<std::pair<int, std::size_t>> columns;  // of the part and of all
  for (std::size_t i = 0; i < part.header.size(); ++i) {
    const int at = joined.cells.column(part.header[i]);
    if (part.is_held(i) && part.column(part.header[i]) == static_cast<int>(i))
      columns.emplace_back(static_cast<int>(i), static_cast<std::size_t>(at));
  }
  for (std::size_t row = 0; row < part.size(); ++row) {
    const std::size_t own = joined.cells.size();
    joined.cells.add_row();
    joined.cells.lines.push_back(row < part.lines.size() ? part.lines[row] : 0);
    joined.cells.file_of.push_back(static_cast<std::uint16_t>(number));
    joined.from.push_back({static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(row)});
    if (!part.is_whole(row)) joined.cells.cut_row(own, part.width(row));
    for (const auto& [here, there] : columns) joined.cells.put(own, there, part.at(row, here));
  }
}

template <class Value>
void permute(const std::vector<std::uint32_t>& order, std::vector<Value>& values) {
  std::vector<Value> sorted;
  sorted.reserve(order.size());
  for (const std::uint32_t row : order) sorted.push_back(values[row]);
  values = std::move(sorted);
}

void put_all_in_order(const std::string& column, bool newest_first, Joined& joined) {
  const int by = joined.cells.column(column);
  if (by < 0) return;
  std::vector<std::uint32_t> order(joined.cells.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto text = [&](std::uint32_t row) { return joined.cells.at(row, by); };
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return newest_first ? lower_id(text(b), text(a)) : lower_id(text(a), text(b));
  });
  joined.cells.put_in_order(order);
  permute(order, joined.cells.file_of), permute(order, joined.from);
}

}  // namespace

Joined join(const std::vector<const Cells*>& parts, const std::string& ordered_by, bool newest_first) {
  Joined joined;
  joined.cells.stands_in = parts.front()->stands_in;
  for (const Cells* part : parts) {
    joined.cells.files.push_back(part->stands_in);
    for (const std::string& name : part->header) {
      if (joined.cells.column(name) < 0) joined.cells.header.push_back(name);
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t part = newest_first ? parts.size() - 1 - i : i;
    put_rows(*parts[part], part, joined);
  }
  if (!ordered_by.empty()) put_all_in_order(ordered_by, newest_first, joined);
  joined.cells.close();
  joined.cells.settle();
  return joined;
}

void give_back(const Joined& joined, std::vector<Cells>& parts) {
  const std::vector<std::vector<std::uint32_t>> ranks = ranks_of(joined, parts.size());
  for (std::size_t number = 0; number < parts.size(); ++number) {
    Cells& part = parts[number];
    const std::vector<std::uint32_t>& rows = ranks[number];
    const std::size_t own = part.header.size();
    for (std::size_t column = 0; column < joined.cells.header.size(); ++column) {
      const std::string& name = joined.cells.header[column];
      const int known = part.column(name);
      const bool added = column >= joined.cells.own_columns();
      if (!added && (known < 0 || !joined.cells.is_changed(column))) continue;
      const std::size_t to = added ? part.add_column(name) : static_cast<std::size_t>(known);
      for (std::size_t row = 0; row < rows.size(); ++row) {
        const std::string_view text = joined.cells.at(rows[row], static_cast<int>(column));
        if (!text.empty() || to < own) part.put(row, to, text);
      }
    }
    for (const auto& [name, from] : joined.cells.taken) {
      part.taken[name] = {from.file,  from.columns,          part_of(from.which, rows), part_of(from.lines, rows),
                          from.files, part_of(from.of, rows)};
      if (from.lines == nullptr && !from.columns.empty()) part.taken[name].file = part.stands_in;
    }
  }
}

std::vector<std::vector<std::uint32_t>> ranks_of(const Joined& joined, std::size_t parts) {
  std::vector<std::vector<std::uint32_t>> ranks(parts);
  for (std::uint32_t i = 0; i < joined.from.size(); ++i) {
    std::vector<std::uint32_t>& of = ranks[joined.from[i].part];
    if (of.size() <= joined.from[i].row) of.resize(joined.from[i].row + 1);
    of[joined.from[i].row] = i;
  }
  return ranks;
}

}  // namespace plumb::sources
