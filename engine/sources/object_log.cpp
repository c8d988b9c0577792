#include "sources/object_log.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "time/parse_time.h"

namespace plumb::sources {

namespace {

constexpr int object_column = 3;
constexpr std::size_t type_column = 4;

void put(Cells& cells, const std::string& header, const std::string& value) {
  const auto at = std::find(cells.header.begin(), cells.header.end(), header);
  const std::size_t column =
      at == cells.header.end() ? cells.add_column(header) : static_cast<std::size_t>(at - cells.header.begin());
  cells.put(cells.size() - 1, column, value);
}

void add_row(Cells& cells, std::initializer_list<std::string_view> texts) {
  cells.add_row();
  std::size_t column = 0;
  for (const std::string_view text : texts) cells.put(cells.size() - 1, column++, text);
}

void begin(Cells& cells, std::initializer_list<const char*> names) {
  for (const char* name : names) cells.add_column(name);
}

// Times of one file may be written with different offsets. What has none was there at first; what has one that cannot
// be read stands last, as a change, of which that will be said.
std::int64_t instant_of(const std::string& text) {
  const auto read = time::parse_reading(text, time::Zone::utc());
  if (!read) return text.empty() ? INT64_MIN : INT64_MAX;
  return read->at.known() ? read->at.micros : time::Zone::utc().start_of(read->day).micros;
}

}  // namespace

ObjectLogBuilder::ObjectLogBuilder() {
  begin(log_.objects, {"object", "object_type"});
  begin(log_.events, {"event", "activity", "timestamp", "object", "object type", "qualifier", "relation"});
  begin(log_.changes, {"object", "attribute", "before", "value", "time"});
}

void ObjectLogBuilder::add_object(const std::string& id, const std::string& type, std::vector<Value> values) {
  type_of_.emplace(id, type);
  add_row(log_.objects, {id, type});
  std::stable_sort(values.begin(), values.end(),
                   [](const Value& a, const Value& b) { return instant_of(a.time) < instant_of(b.time); });
  std::map<std::string, std::string> now;
  for (const Value& value : values) {
    const auto [at, first] = now.emplace(value.attribute, value.value);
    if (first) {
      put(log_.objects, value.attribute, value.value);
    } else if (at->second != value.value) {
      add_row(log_.changes, {id, value.attribute, at->second, value.value, value.time});
      at->second = value.value;
    }
  }
}

void ObjectLogBuilder::add_event(const std::string& id, const std::string& activity, const std::string& time,
                                 const Attributes& attributes, const std::vector<Relation>& relations) {
  const auto add = [&](const Relation& relation, const std::string& named) {
    add_row(log_.events, {id, activity, time, relation.object, "", relation.qualifier, named});
    for (const auto& [name, value] : attributes) put(log_.events, name, value);
  };
  if (relations.empty()) add({}, "");
  for (const Relation& relation : relations)
    add(relation, relation.qualifier.empty() ? id : id + ' ' + relation.qualifier);
}

ObjectLog ObjectLogBuilder::finish() {
  for (std::size_t row = 0; row < log_.events.size(); ++row) {
    const auto type = type_of_.find(std::string(log_.events.at(row, object_column)));
    if (type != type_of_.end()) log_.events.put(row, type_column, type->second);
  }
  return std::move(log_);
}

}  // namespace plumb::sources
