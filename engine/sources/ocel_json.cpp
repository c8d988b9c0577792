#include "sources/ocel_json.h"

#include <algorithm>

#include <fmt/format.h>

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

ObjectLogBuilder::Attributes entries(const Json& object, const char* key) {
  ObjectLogBuilder::Attributes result;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_object()) return result;
  for (const auto& [name, value] : found->items()) result.emplace_back(name, json_text(value));
  return result;
}

/// Puts the objects and events of a log into its tables; `wrong` is what makes one of them none of the form.
class Log {
 public:
  explicit Log(const Scratch& scratch) : builder_(scratch) {}
  virtual ~Log() = default;
  virtual bool add_object(const std::string& name, const Json& object) = 0;
  virtual bool add_event(const std::string& name, const Json& event) = 0;

  ObjectLog finish() { return builder_.finish(); }
  std::string wrong;

 protected:
  bool fail(std::string why) {
    wrong = std::move(why);
    return false;
  }
  ObjectLogBuilder builder_;
};

class Second : public Log {
 public:
  using Log::Log;
  bool add_object(const std::string&, const Json& object) override {
    ++objects_;
    if (!object.is_object() || member(object, "id").empty())
      return fail(fmt::format("object {} has no `id`", objects_));
    std::vector<ObjectLogBuilder::Value> values;
    for (const Json& value : list(object, "attributes")) {
      if (value.is_object()) values.push_back({member(value, "name"), member(value, "value"), member(value, "time")});
    }
    builder_.add_object(member(object, "id"), member(object, "type"), std::move(values));
    return true;
  }
  bool add_event(const std::string&, const Json& event) override {
    ++events_;
    if (!event.is_object() || member(event, "id").empty()) return fail(fmt::format("event {} has no `id`", events_));
    std::vector<ObjectLogBuilder::Relation> relations;
    for (const Json& relation : list(event, "relationships")) {
      if (relation.is_object()) relations.push_back({member(relation, "objectId"), member(relation, "qualifier")});
    }
    builder_.add_event(member(event, "id"), member(event, "type"), member(event, "time"), attributes_of(event),
                       relations);
    return true;
  }

 private:
  std::size_t objects_ = 0, events_ = 0;
};

/// OCEL 1.0: maps by id, which carry no times for the objects' attributes.
class First : public Log {
 public:
  using Log::Log;
  bool add_object(const std::string& id, const Json& object) override {
    if (!object.is_object()) return fail(fmt::format("the object `{}` is no map", id));
    std::vector<ObjectLogBuilder::Value> values;
    for (auto& [name, value] : entries(object, "ocel:ovmap")) values.push_back({name, value, ""});
    builder_.add_object(id, member(object, "ocel:type"), std::move(values));
    return true;
  }
  bool add_event(const std::string& id, const Json& event) override {
    if (!event.is_object()) return fail(fmt::format("the event `{}` is no map", id));
    std::vector<ObjectLogBuilder::Relation> relations;
    for (const Json& object : list(event, "ocel:omap")) relations.push_back({json_text(object), ""});
    builder_.add_event(id, member(event, "ocel:activity"), member(event, "ocel:timestamp"), entries(event, "ocel:vmap"),
                       relations);
    return true;
  }
};

/// The text is read once where the objects stand before the events, as they do if a program wrote it.
Result<ObjectLog> read(const Bytes& bytes, const Outline& outline, const std::string& objects,
                       const std::string& events, Log& log) {
  const auto take = [&](const std::string& key, const std::string& name, const Json& value) {
    return key == objects ? log.add_object(name, value) : log.add_event(name, value);
  };
  const bool in_order = outline.member(objects) < outline.member(events);
  std::vector<std::vector<std::string>> readings{{objects, events}};
  if (!in_order) readings = {{objects}, {events}};
  for (const std::vector<std::string>& keys : readings) {
    const auto wrong = each_value(bytes, keys, false, take);
    if (!log.wrong.empty()) return Failure{log.wrong};
    if (wrong) return *wrong;
  }
  return log.finish();
}

}  // namespace

bool is_object_log(const Outline& outline) {
  const auto has = [&](const char* one, const char* other) {
    return outline.member(one) != nullptr && outline.member(other) != nullptr;
  };
  return has("events", "objects") || has("ocel:events", "ocel:objects");
}

Result<ObjectLog> read_object_log(const Bytes& bytes, const Outline& outline, const Scratch& scratch) {
  if (outline.member("events") != nullptr) {
    Second log(scratch);
    return read(bytes, outline, "objects", "events", log);
  }
  First log(scratch);
  return read(bytes, outline, "ocel:objects", "ocel:events", log);
}

}  // namespace plumb::sources
