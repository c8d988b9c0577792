#include <algorithm>

#include "check/expr.h"

namespace plumb::check {

namespace {

/// The activities, records and other happenings that an event may turn out to be.
void add_alternatives(const Context& context, EventId id, std::vector<EventId>& to) {
  const model::Event& event = context.book.events[id];
  if (event.parts.empty()) {
    to.push_back(id);
    return;
  }
  for (const EventId part : event.parts) add_alternatives(context, part, to);
}

const std::vector<Id<model::Field>>& fields_of_event(const Context& context, const model::Event& event) {
  static const std::vector<Id<model::Field>> none;
  if (event.activity) return context.book.activities[event.activity].fields;
  return event.record ? context.book.records[event.record].fields : none;
}

}  // namespace

Attribute attribute_of(const Context& context, EventId event, const std::string& name) {
  Attribute result;
  std::vector<EventId> alternatives;
  add_alternatives(context, event, alternatives);
  for (const EventId id : alternatives) {
    const model::Event& alternative = context.book.events[id];
    result.broken |= alternative.kind == model::EventKind::error;
    Id<model::Field> found;
    for (const Id<model::Field> field : fields_of_event(context, alternative)) {
      if (context.book.fields[field].name == name) found = field;
    }
    if (!found) {
      result.lacking.push_back(id);
    } else if (std::ranges::find(result.fields, found) == result.fields.end()) {
      result.fields.push_back(found);
    }
  }
  return result;
}

std::vector<std::string> attribute_names(const Context& context, EventId event) {
  std::vector<std::string> result;
  std::vector<EventId> alternatives;
  add_alternatives(context, event, alternatives);
  for (const EventId id : alternatives) {
    for (const Id<model::Field> field : fields_of_event(context, context.book.events[id])) {
      const std::string& name = context.book.fields[field].name;
      if (std::ranges::find(result, name) == result.end()) result.push_back(name);
    }
  }
  return result;
}

std::string event_words(const Context& context, EventId id) {
  const model::Event& event = context.book.events[id];
  if (!event.name.empty()) return event.name;
  if (event.activity) return context.book.activities[event.activity].name;
  return event.record ? context.book.records[event.record].name : event.words;
}

}  // namespace plumb::check
