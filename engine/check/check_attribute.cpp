#include <algorithm>
#include <set>

#include "check/expr.h"

namespace plumb::check {

namespace {

/// The activities, records and other happenings that an event may turn out to be, each once, in the order of the text.
std::vector<EventId> alternatives_of(const Context& context, EventId event) {
  std::vector<EventId> result;
  std::vector<EventId> open{event};
  std::set<EventId> seen;
  while (!open.empty()) {
    const EventId id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    const std::vector<EventId>& parts = context.book.events[id].parts;
    if (parts.empty()) result.push_back(id);
    open.insert(open.end(), parts.rbegin(), parts.rend());
  }
  return result;
}

const std::vector<Id<model::Field>>& fields_of_event(const Context& context, const model::Event& event) {
  static const std::vector<Id<model::Field>> none;
  if (event.activity) return context.book.activities[event.activity].fields;
  return event.record ? context.book.records[event.record].fields : none;
}

}  // namespace

Attribute attribute_of(const Context& context, EventId event, const std::string& name) {
  Attribute result;
  for (const EventId id : alternatives_of(context, event)) {
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
  for (const EventId id : alternatives_of(context, event)) {
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
