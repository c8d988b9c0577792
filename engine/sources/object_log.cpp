#include "sources/object_log.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

#include "time/parse_time.h"

namespace plumb::sources {

namespace {

constexpr std::uint32_t no_line = 0;

Gathered begun(const Scratch& scratch, std::span<const char* const> names) {
  Gathered table(scratch);
  for (const char* name : names) table.column(name);
  return table;
}

Gathered::Row row_of(std::initializer_list<std::string_view> texts) {
  Gathered::Row row;
  for (const std::string_view text : texts) row.emplace_back(row.size(), text);
  return row;
}

// Times of one file may be written with different offsets. What has none was there at first; what has one that cannot
// be read stands last, as a change, of which that will be said.
std::int64_t instant_of(const std::string& text) {
  const auto read = time::parse_reading(text, time::Zone::utc());
  if (!read) return text.empty() ? INT64_MIN : INT64_MAX;
  return read->at.known() ? read->at.micros : time::Zone::utc().start_of(read->day).micros;
}

constexpr std::array<const char*, 5> of_changes{"object", "attribute", "before", "value", "time"};
constexpr std::array<const char*, 2> of_objects{"object", "object_type"};
constexpr std::array<const char*, 7> of_events{"event",       "activity",  "timestamp", "object",
                                               "object type", "qualifier", "relation"};

// An attribute that is called like one of a table's own columns is another.
std::string called(const std::string& attribute, std::span<const char* const> own) {
  return std::ranges::find(own, attribute) == own.end() ? attribute : attribute + " (attribute)";
}

}  // namespace

ObjectLogBuilder::ObjectLogBuilder(const Scratch& scratch)
    : log_{begun(scratch, of_objects), begun(scratch, of_events), begun(scratch, of_changes)} {}

void ObjectLogBuilder::add_object(const std::string& id, const std::string& type, std::vector<Value> values) {
  const std::uint32_t number = ids_.add(id);
  if (number >= type_of_.size()) type_of_.resize(number + 1, history::Dictionary::none);
  if (type_of_[number] == history::Dictionary::none) type_of_[number] = types_.add(type);
  Gathered::Row row = row_of({id, type});
  std::stable_sort(values.begin(), values.end(),
                   [](const Value& a, const Value& b) { return instant_of(a.time) < instant_of(b.time); });
  std::map<std::string, std::string> now;
  for (const Value& value : values) {
    const auto [at, first] = now.emplace(value.attribute, value.value);
    if (first) {
      row.emplace_back(log_.objects.column(called(value.attribute, of_objects)), value.value);
    } else if (at->second != value.value) {
      log_.changes.add_row(no_line, row_of({id, value.attribute, at->second, value.value, value.time}));
      at->second = value.value;
    }
  }
  log_.objects.add_row(no_line, row);
}

void ObjectLogBuilder::add_event(const std::string& id, const std::string& activity, const std::string& time,
                                 const Attributes& attributes, const std::vector<Relation>& relations) {
  const auto add = [&](const Relation& relation, const std::string& named) {
    const std::uint32_t object = ids_.find(relation.object);
    const bool is_known = object < type_of_.size() && type_of_[object] != history::Dictionary::none;
    const std::string_view type = is_known ? types_[type_of_[object]] : std::string_view();
    Gathered::Row row = row_of({id, activity, time, relation.object, type, relation.qualifier, named});
    for (const auto& [name, value] : attributes) row.emplace_back(log_.events.column(called(name, of_events)), value);
    log_.events.add_row(no_line, row);
  };
  if (relations.empty()) add({}, "");
  for (const Relation& relation : relations)
    add(relation, relation.qualifier.empty() ? id : id + ' ' + relation.qualifier);
}

}  // namespace plumb::sources
