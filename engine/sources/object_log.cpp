#include "sources/object_log.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "time/parse_time.h"

namespace plumb::sources {

namespace {

constexpr std::size_t object_column = 3;
constexpr std::size_t type_column = 4;

void put(Cells& cells, std::vector<std::string>& row, const std::string& header, const std::string& value) {
  auto at = std::find(cells.header.begin(), cells.header.end(), header);
  if (at == cells.header.end()) at = cells.header.insert(at, header);
  const auto column = static_cast<std::size_t>(at - cells.header.begin());
  if (row.size() <= column) row.resize(column + 1);
  row[column] = value;
}

// Times of one file may be written with different offsets. What is no time stands first, where it shows.
std::int64_t instant_of(const std::string& text) {
  const auto read = time::parse_reading(text, time::Zone::utc());
  if (!read) return INT64_MIN;
  return read->at.known() ? read->at.micros : time::Zone::utc().start_of(read->day).micros;
}

void square(Cells& cells) {
  for (auto& row : cells.rows) row.resize(cells.header.size());
}

}  // namespace

ObjectLogBuilder::ObjectLogBuilder() {
  log_.objects.header = {"object", "object_type"};
  log_.events.header = {"event", "activity", "timestamp", "object", "object type", "qualifier", "relation"};
  log_.changes.header = {"object", "attribute", "before", "value", "time"};
}

void ObjectLogBuilder::add_object(const std::string& id, const std::string& type, std::vector<Value> values) {
  type_of_.emplace(id, type);
  std::vector<std::string> row = {id, type};
  std::stable_sort(values.begin(), values.end(),
                   [](const Value& a, const Value& b) { return instant_of(a.time) < instant_of(b.time); });
  std::map<std::string, std::string> now;
  for (const Value& value : values) {
    const auto [at, first] = now.emplace(value.attribute, value.value);
    if (first) {
      put(log_.objects, row, value.attribute, value.value);
    } else if (at->second != value.value) {
      log_.changes.rows.push_back({id, value.attribute, at->second, value.value, value.time});
      at->second = value.value;
    }
  }
  log_.objects.rows.push_back(std::move(row));
}

void ObjectLogBuilder::add_event(const std::string& id, const std::string& activity, const std::string& time,
                                 const Attributes& attributes, const std::vector<Relation>& relations) {
  std::vector<std::string> row = {id, activity, time, "", "", "", ""};
  for (const auto& [name, value] : attributes) put(log_.events, row, name, value);
  if (relations.empty()) log_.events.rows.push_back(row);
  for (const Relation& relation : relations) {
    row[object_column] = relation.object;
    row[type_column + 1] = relation.qualifier;
    row[type_column + 2] = relation.qualifier.empty() ? id : id + ' ' + relation.qualifier;
    log_.events.rows.push_back(row);
  }
}

ObjectLog ObjectLogBuilder::finish() {
  for (auto& row : log_.events.rows) {
    const auto type = type_of_.find(row[object_column]);
    if (type != type_of_.end()) row[type_column] = type->second;
  }
  square(log_.objects);
  square(log_.events);
  return std::move(log_);
}

}  // namespace plumb::sources
