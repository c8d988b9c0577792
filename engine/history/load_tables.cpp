#include "history/load_tables.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "history/words.h"

namespace plumb::history::loading {

int Table::find(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

std::uint32_t Table::column(std::string_view name, ValueType type) {
  const int found = find(name);
  if (found >= 0) return static_cast<std::uint32_t>(found);
  Column added;
  added.name = name;
  added.type = type;
  added.values.resize(rows, unobserved);
  if (type == ValueType::money) added.currency.resize(rows, 0);
  columns.push_back(std::move(added));
  own_time.push_back(0);
  return static_cast<std::uint32_t>(columns.size() - 1);
}

void Table::give_own_time(std::uint32_t column) {
  if (own_time[column]) return;
  own_time[column] = 1;
  columns[column].recorded.resize(rows, as_row);
}

void Table::discard() {
  for (Column& column : columns) {
    column.values.resize(rows);
    if (column.currency.size() > rows) column.currency.resize(rows);
    if (column.recorded.size() > rows) column.recorded.resize(rows);
  }
}

void Table::clear() {
  rows = 0;
  discard();
}

Table Table::empty() const {
  Table made;
  made.own_time = own_time;
  for (const Column& column : columns) {
    Column& fresh = made.columns.emplace_back();
    fresh.name = column.name;
    fresh.type = column.type;
  }
  return made;
}

void Table::extend(const Table& like) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    columns[c].values.extend(like.rows, like.columns[c].values.is_wide());
    if (columns[c].type == ValueType::money) columns[c].currency.extend(like.rows);
    if (own_time[c]) columns[c].recorded.extend(like.rows);
  }
  rows += like.rows;
}

bool Table::fits(const Table& like) const {
  const std::size_t size = std::size_t{rows} + like.rows;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Column& column = columns[c];
    if (!column.values.fits(like.rows, like.columns[c].values.is_wide())) return false;
    if (!column.currency.empty() && column.currency.capacity() < size) return false;
    if (!column.recorded.empty() && column.recorded.capacity() < size) return false;
  }
  return true;
}

void Table::reserve(std::size_t size, const Table& like) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    columns[c].values.reserve(size, like.columns[c].values.is_wide());
    if (columns[c].type == ValueType::money) columns[c].currency.reserve(size);
    if (own_time[c]) columns[c].recorded.reserve(size);
  }
}

bool Table::same(const Table& other, std::uint32_t row, std::uint32_t other_row) const {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Column& a = columns[c];
    const Column& b = other.columns[c];
    if (a.values[row] != b.values[other_row]) return false;
    if (!a.currency.empty() && a.currency[row] != b.currency[other_row]) return false;
    if (!a.recorded.empty() && a.recorded[row] != b.recorded[other_row]) return false;
  }
  return true;
}

std::uint32_t Lines::last() const {
  if (!given_.empty()) return *std::max_element(given_.begin(), given_.end());
  return size() == 0 ? 0 : of_[size() - 1];
}

void Problems::add(Place place, bool refused, std::string message) {
  ++count_;
  if (limit_ == 0) return;
  noted_.push_back({place, refused, std::move(message)});
  if (noted_.size() <= limit_) {
    latest_ = std::max(latest_, place);
  } else if (noted_.size() > 2 * limit_) {
    shrink();
  }
}

void Problems::shrink() {
  std::sort(noted_.begin(), noted_.end());
  if (noted_.size() > limit_) noted_.resize(limit_);
  if (!noted_.empty()) latest_ = noted_.back().place;
}

std::vector<Problems::Noted> Problems::sorted() {
  shrink();
  return noted_;
}

namespace {

std::uint16_t add_kind(Raw& raw, RawKind kind) {
  PLUMB_ASSERT(raw.kinds.size() < UINT16_MAX, "a rulebook declares fewer than 65535 kinds of event");
  const auto index = static_cast<std::uint16_t>(raw.kinds.size());
  if (raw.kind_of.emplace(std::pair(kind.of, kind.name), index).second) raw.kinds.push_back(std::move(kind));
  return index;
}

void add_change(Raw& raw, const SchemaField& field) {
  RawKind kind{field.name, KindClass::change, &field, nullptr, {}};
  kind.table.column("from", field.type);
  kind.table.column("to", field.type);
  add_kind(raw, std::move(kind));
}

void add_declared(Raw& raw, KindClass of, const SchemaKind& declared) {
  RawKind kind{declared.name, of, nullptr, &declared.fields, {}};
  for (const SchemaField& field : declared.fields) kind.table.column(field.name, field.type);
  add_kind(raw, std::move(kind));
}

}  // namespace

Raw::Raw(const Schema& schema, std::size_t max_problems) : problems(max_problems) {
  owner.name = "owner";
  add_kind(*this, {"created", KindClass::created, nullptr, nullptr, {}});
  RawKind moved{"moved", KindClass::move, nullptr, nullptr, {}};
  moved.table.column("from", ValueType::text);
  moved.table.column("to", ValueType::text);
  add_kind(*this, std::move(moved));
  for (const SchemaField& field : schema.deal_fields) {
    deals.column(field.name, field.type);
    add_change(*this, field);
  }
  add_change(*this, owner);
  for (const SchemaField& field : schema.account_fields) accounts.column(field.name, field.type);
  for (const SchemaField& field : schema.person_fields) people.column(field.name, field.type);
  for (const SchemaKind& kind : schema.activities) add_declared(*this, KindClass::activity, kind);
  for (const SchemaKind& kind : schema.records) add_declared(*this, KindClass::record, kind);
}

Raw::Raw(const Raw& whole, std::uint32_t file)
    : words(whole.words.known()),
      kinds(),
      kind_of(whole.kind_of),
      owner(whole.owner),
      deals(whole.deals.empty()),
      accounts(whole.accounts.empty()),
      people(whole.people.empty()),
      contacts(whole.contacts.empty()),
      problems(whole.problems.limit()) {
  for (const RawKind& kind : whole.kinds) {
    const SchemaField* const field = kind.field == &whole.owner ? &owner : kind.field;
    kinds.push_back({kind.name, kind.of, field, kind.fields, kind.table.empty()});
  }
  while (files.size() <= file) begin_file();
}

FileRows& Raw::begin_file() {
  std::uint32_t rows = 0;
  for (const FileRows& file : files) rows += file.line.size();
  deal_events.begin_file(rows), person_events.begin_file(rows);
  return files.emplace_back();
}

Origins Raw::origins() const {
  Origins origins;
  std::uint32_t lines = 0;
  for (const FileRows& file : files) origins.lines_before.push_back(std::exchange(lines, lines + file.line.last() + 1));
  return origins;
}

void Raw::refuse(Place place) {
  PLUMB_ASSERT(files[place.file].facts[place.row] > 0, "only a fact that stands is taken back");
  --files[place.file].facts[place.row];
  files[place.file].fate[place.row] |= FileRows::refused_bit;
}

void FileRows::note_twin(std::uint32_t row, Place of) {
  constexpr std::size_t most = 64;
  const std::pair twin(row, of);
  const auto at = std::lower_bound(twins.begin(), twins.end(), twin);
  if (at == twins.end() && twins.size() == most) return;
  twins.insert(at, twin);
  if (twins.size() > most) twins.pop_back();
}

void Raw::merge(Place place, Place kept) {
  PLUMB_ASSERT(files[place.file].facts[place.row] > 0, "only a fact that stands is taken back");
  --files[place.file].facts[place.row];
  files[place.file].fate[place.row] |= FileRows::merged_bit;
  files[place.file].note_twin(place.row, kept);
}

std::vector<std::string> Raw::names_of(KindClass of) const {
  std::vector<std::string> names;
  for (const RawKind& kind : kinds) {
    if (kind.of == of) names.push_back(kind.name);
  }
  return names;
}

std::string_view Raw::declared(KindClass of, std::string_view name) const {
  std::string_view alike;
  bool several = false;
  for (const RawKind& kind : kinds) {
    if (kind.of != of || !same_letters(kind.name, name)) continue;
    if (kind.name == name) return kind.name;
    several = several || !alike.empty();
    alike = kind.name;
  }
  return several ? std::string_view{} : alike;
}

std::string Raw::cite(Place place) const {
  return fmt::format("{}:{}", files[place.file].stands_in, files[place.file].line[place.row]);
}

}  // namespace plumb::history::loading
