#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "sources/object_log.h"

namespace plumb::sources {

namespace {

using Json = nlohmann::json;

constexpr int most_levels = 64;

bool is_too_deep(std::string_view bytes) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > most_levels) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  // An unreadable character was refused when the text was parsed.
  return value.dump();
}

std::string member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string() : text_of(*found);
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
  for (const auto& [name, value] : found->items()) result.emplace_back(name, text_of(value));
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
    for (const Json& object : list(event, "ocel:omap")) relations.push_back({text_of(object), ""});
    builder.add_event(id, member(event, "ocel:activity"), member(event, "ocel:timestamp"), entries(event, "ocel:vmap"),
                      relations);
  }
  return builder.finish();
}

}  // namespace

Result<ObjectLog> read_ocel_json(std::string_view bytes) {
  if (is_too_deep(bytes)) return Failure{fmt::format("it is nested more than {} levels deep", most_levels)};
  Json log;
  try {
    log = Json::parse(bytes);
  } catch (const Json::parse_error& error) {
    const std::string_view said = error.what();
    const std::size_t at = said.find("parse error ");
    return Failure{fmt::format("it is no JSON: {}", said.substr(at == std::string_view::npos ? 0 : at))};
  }
  if (log.is_object() && log.contains("events") && log.contains("objects")) return read_second(log);
  if (log.is_object() && log.contains("ocel:events") && log.contains("ocel:objects")) return read_first(log);
  return Failure{"it is JSON, but no object-centric event log: it has no `events` and `objects`"};
}

}  // namespace plumb::sources
