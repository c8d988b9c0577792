#include <fmt/format.h>

#include "sources/json_text.h"
#include "sources/object_log.h"

namespace plumb::sources {

namespace {

std::string member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string() : json_text(*found);
}

const Json& list(const Json& object, const char* key) {
  static const Json none = Json::array();
  const auto found = object.find(key);
  return found == object.end() || !found->is_array() ? none : *found;
}

ObjectLogBuilder::Attributes attributes_of(const Json& event) {
  ObjectLogBuilder::Attributes result;
  for (const Json& attribute : list(event, "attributes")) {
    if (attribute.is_object()) result.emplace_back(member(attribute, "name"), member(attribute, "value"));
  }
  return result;
}

/// Errors: what makes a member of the list none of the form.
Result<ObjectLog> read_second(const Json& log) {
  ObjectLogBuilder builder;
  std::size_t number = 0;
  for (const Json& object : log["objects"]) {
    ++number;
    if (!object.is_object() || member(object, "id").empty())
      return Failure{fmt::format("object {} has no `id`", number)};
    std::vector<ObjectLogBuilder::Value> values;
    for (const Json& value : list(object, "attributes")) {
      if (value.is_object()) values.push_back({member(value, "name"), member(value, "value"), member(value, "time")});
    }
    builder.add_object(member(object, "id"), member(object, "type"), std::move(values));
  }
  number = 0;
  for (const Json& event : log["events"]) {
    ++number;
    if (!event.is_object() || member(event, "id").empty()) return Failure{fmt::format("event {} has no `id`", number)};
    std::vector<ObjectLogBuilder::Relation> relations;
    for (const Json& relation : list(event, "relationships")) {
      if (relation.is_object()) relations.push_back({member(relation, "objectId"), member(relation, "qualifier")});
    }
    builder.add_event(member(event, "id"), member(event, "type"), member(event, "time"), attributes_of(event),
                      relations);
  }
  return builder.finish();
}

ObjectLogBuilder::Attributes entries(const Json& object, const char* key) {
  ObjectLogBuilder::Attributes result;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_object()) return result;
  for (const auto& [name, value] : found->items()) result.emplace_back(name, json_text(value));
  return result;
}

/// OCEL 1.0: maps by id, which carry no times for the objects' attributes.
Result<ObjectLog> read_first(const Json& log) {
  ObjectLogBuilder builder;
  for (const auto& [id, object] : log["ocel:objects"].items()) {
    if (!object.is_object()) return Failure{fmt::format("the object `{}` is no map", id)};
    std::vector<ObjectLogBuilder::Value> values;
    for (auto& [name, value] : entries(object, "ocel:ovmap")) values.push_back({name, value, ""});
    builder.add_object(id, member(object, "ocel:type"), std::move(values));
  }
  for (const auto& [id, event] : log["ocel:events"].items()) {
    if (!event.is_object()) return Failure{fmt::format("the event `{}` is no map", id)};
    std::vector<ObjectLogBuilder::Relation> relations;
    for (const Json& object : list(event, "ocel:omap")) relations.push_back({json_text(object), ""});
    builder.add_event(id, member(event, "ocel:activity"), member(event, "ocel:timestamp"), entries(event, "ocel:vmap"),
                      relations);
  }
  return builder.finish();
}

}  // namespace

bool is_object_log(const Json& json) {
  const auto has = [&](const char* one, const char* other) { return json.contains(one) && json.contains(other); };
  return json.is_object() && (has("events", "objects") || has("ocel:events", "ocel:objects"));
}

Result<ObjectLog> read_object_log(const Json& log) {
  return log.contains("events") ? read_second(log) : read_first(log);
}

}  // namespace plumb::sources
