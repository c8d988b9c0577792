#include <algorithm>

#include <fmt/format.h>

#include "history/lacking.h"
#include "history/who_is_there.h"
#include "model/stage_names.h"
#include "report/fact_parts.h"
#include "report/words.h"

namespace plumb::report {

namespace {

using eval::FactKind;
using model::EventKind;
using model::OwnerKind;

/// What a history calls the facts of which a row is one.
std::string key_of_row(const Input& input, eval::EventRef ref) {
  const history::Kind& kind = kind_of_row(input, ref);
  if (ref.of_person) return history::person_key(kind.name);
  if (kind.of == history::KindClass::created) return "created";
  return kind.of == history::KindClass::move ? "stage" : std::string(kind.name);
}

/// What a history calls the instants of a row.
std::string time_key_of_row(const Input& input, eval::EventRef ref) {
  const history::Kind& kind = kind_of_row(input, ref);
  if (kind.of == history::KindClass::created) return "created";
  if (kind.name == history::leave_start) return "leave";
  return history::time_key(key_of_row(input, ref));
}

/// What a history calls the instants of contacts, or of everything.
void add_time_keys(const Input& input, bool of_contacts, Keys& keys) {
  const std::string contacts = history::time_key("contact");
  if (of_contacts) return keys.push_back(contacts);
  const std::string any = history::time_key("");
  for (const auto& [key, column] : input.history.supplier) {
    if (key.starts_with(any) && key != contacts) keys.push_back(key);
  }
}

/// A record's name, or what a history calls those about people; of no row in particular both.
void add_record_keys(const std::string& name, eval::EventRef of, Keys& keys) {
  if (of == eval::no_event || !of.of_person) keys.push_back(name);
  if (of == eval::no_event || of.of_person) keys.push_back(history::person_key(name));
}

/// The names of an attribute with what it is one of.
void add_attribute_keys(const Input& input, const model::Field& field, eval::EventRef of, Keys& keys) {
  Keys kinds;
  if (field.activity) kinds.push_back(input.rulebook.activities[field.activity].name);
  if (field.record) add_record_keys(input.rulebook.records[field.record].name, of, kinds);
  for (const std::string& kind : kinds) keys.push_back(kind + "." + field.name);
}

void add_field_keys(const Input& input, const model::Field& field, eval::EventRef of, Keys& keys) {
  add_attribute_keys(input, field, of, keys);
  const bool changes =
      field.owner == OwnerKind::deal && of != eval::no_event && kind_of_row(input, of).of == history::KindClass::change;
  keys.push_back(changes ? history::changed_key(field.name) : field.name);
}

/// When a value was stated: its own time, else that of its row.
void add_recorded_keys(const Input& input, const model::Field& field, eval::EventRef of, Keys& keys) {
  Keys facts;
  if (field.owner == OwnerKind::deal) {
    const bool some = of != eval::no_event;
    const bool created = some && kind_of_row(input, of).of == history::KindClass::created;
    if (!some || created) facts.push_back(history::created_key(field.name));
    if (!some || !created) facts.push_back(field.name);
  } else {
    add_attribute_keys(input, field, of, facts);
    if (field.activity) facts.push_back(input.rulebook.activities[field.activity].name);
    if (field.record) add_record_keys(input.rulebook.records[field.record].name, of, facts);
  }
  for (const std::string& fact : facts) keys.push_back(history::recorded_key(fact));
}

/// Whence a value comes, its row says.
void add_source_keys(const Input& input, const model::Field& field, eval::EventRef of, Keys& keys) {
  if (field.owner == OwnerKind::contact) keys.push_back(history::source_key("contact"));
  if (field.activity) keys.push_back(history::source_key(input.rulebook.activities[field.activity].name));
  Keys records;
  if (field.record) add_record_keys(input.rulebook.records[field.record].name, of, records);
  for (const std::string& record : records) keys.push_back(history::source_key(record));
  if (field.owner != OwnerKind::deal) return;
  const bool created = of != eval::no_event && kind_of_row(input, of).of == history::KindClass::created;
  keys.push_back(history::source_key(created ? "created" : field.name));
}

/// The stages into which a deal moves by an event of one kind. Missing: none, where it may be any.
std::vector<Id<model::Stage>> stages_entered(const model::Rulebook& book, const model::Event& event) {
  std::vector<Id<model::Stage>> stages;
  for (std::size_t i = 0; i < book.stages.size(); ++i) {
    const model::StageEnd end = book.stages[Id<model::Stage>(i)].end;
    const bool entered = (event.kind == EventKind::won && end == model::StageEnd::won) ||
                         (event.kind == EventKind::lost && end == model::StageEnd::lost) ||
                         (event.kind == EventKind::enters && event.stage == Id<model::Stage>(i));
    if (entered) stages.emplace_back(i);
  }
  return stages;
}

/// What a history calls the instants of moves into the stages, those first that a mapping makes of other columns than
/// the moves into all others. Missing: none.
void add_entry_keys(const Input& input, const std::vector<Id<model::Stage>>& stages, Keys& keys) {
  const auto& supplier = input.history.supplier;
  const auto add = [&](std::string_view stage) {
    const std::string key = history::entry_key(stage);
    for (auto at = supplier.lower_bound(key); at != supplier.end() && at->first.starts_with(key); ++at) {
      keys.push_back(at->first);
    }
  };
  for (const Id<model::Stage> stage : stages) add(input.rulebook.stages[stage].name);
  for (const auto& [text, stage] : model::other_names(input.rulebook, stages)) add(text);
  if (keys.empty() && !stages.empty()) add({});
}

/// What a history calls the facts that an event is made of, or `when` it happened.
void add_event_keys(const Input& input, Id<model::Event> event, eval::EventRef of, bool when, Keys& keys) {
  if (!event) return;
  const model::Event& e = input.rulebook.events[event];
  switch (e.kind) {
    case EventKind::created: keys.emplace_back("created"); break;
    case EventKind::won:
    case EventKind::lost:
    case EventKind::reopened:
    case EventKind::enters:
    case EventKind::leaves: {
      Keys entries;
      if (when) add_entry_keys(input, stages_entered(input.rulebook, e), entries);
      if (entries.empty()) entries.emplace_back("stage");
      keys.insert(keys.end(), entries.begin(), entries.end());
      break;
    }
    case EventKind::starts_leave: keys.emplace_back("leave"); break;
    case EventKind::changed:
    case EventKind::moved_period:
      if (e.field) keys.push_back(input.rulebook.fields[e.field].name);
      break;
    case EventKind::activity:
      if (e.activity) keys.push_back(input.rulebook.activities[e.activity].name);
      break;
    case EventKind::record:
      if (e.record) add_record_keys(input.rulebook.records[e.record].name, of, keys);
      break;
    case EventKind::ordinal:
    case EventKind::any_of:
    case EventKind::filtered:
      for (const Id<model::Event> part : e.parts) add_event_keys(input, part, of, when, keys);
      break;
    case EventKind::error: break;
  }
}

/// The columns that would say whether somebody is there, or since when he is not: those that do not say it. Of nobody in
/// particular those of each of whom one does not.
void add_presence_keys(const Input& input, std::uint32_t person, Keys& keys) {
  const history::People& people = input.history.people;
  if (person == eval::nobody) {
    for (std::uint32_t each = 0; each < people.names.size(); ++each) {
      if (may_be_there(input, each)) add_presence_keys(input, each, keys);
    }
    if (keys.empty()) keys.emplace_back("left");
    return;
  }
  const bool open = may_be_there(input, person);
  if (open && !people.joined[person].known()) keys.emplace_back("joined");
  if (!open || !people.left[person].known()) keys.emplace_back("left");
  if (open) keys.emplace_back(history::who_is_there);
}

/// What a history calls what would supply a fact that is no value.
void add_keys_about(const Input& input, const eval::Fact& fact, Keys& keys) {
  const model::Field* field = field_of(input, fact.field);
  const bool of_contact = fact.contact != eval::nobody;
  Keys events;
  add_event_keys(input, fact.event, fact.member, false, events);
  const auto add = [&](std::string (*key)(std::string_view)) {
    for (const std::string& event : events) keys.push_back(key(event));
  };
  switch (fact.kind) {
    case FactKind::recorded:
      if (of_contact) return keys.push_back(history::recorded_key("contact"));
      if (field) return add_recorded_keys(input, *field, fact.member, keys);
      if (!fact.event && fact.member != eval::no_event)
        return keys.push_back(history::recorded_key(key_of_row(input, fact.member)));
      return fact.event ? add(history::recorded_key) : keys.push_back("recorded");
    case FactKind::source:
      if (of_contact) return keys.push_back(history::source_key("contact"));
      return field ? add_source_keys(input, *field, fact.member, keys) : add(history::source_key);
    case FactKind::actor: return add(history::actor_key);
    case FactKind::contact: return keys.push_back("contact of events");
    case FactKind::stage: return keys.push_back("stage");
    case FactKind::origin: return keys.push_back(history::origin_key("stage"));
    case FactKind::leave:
    case FactKind::leave_from: return keys.push_back("leave");
    case FactKind::leave_until: return keys.push_back(history::until_key("leave"));
    case FactKind::leave_recorded: return keys.push_back(history::recorded_key("leave"));
    case FactKind::calendar: return keys.push_back("calendar");
    case FactKind::since: return keys.push_back(history::time_key("contact"));
    case FactKind::whose:
      for (const std::string& event : events) keys.push_back(history::subject_key(event));
      return;
    case FactKind::departure: return add_presence_keys(input, fact.person, keys);
    case FactKind::account: return keys.push_back("account");
    case FactKind::statement:
      if (fact.person != eval::nobody)
        return keys.push_back(history::person_key(input.rulebook.records[fact.record].name));
      return add_record_keys(input.rulebook.records[fact.record].name, fact.member, keys);
    case FactKind::contact_field:
      if (!field) keys.emplace_back("contact");
      return;
    case FactKind::rate:
      if (fact.currency != 0) keys.emplace_back("rates");
      return;
    default: return;
  }
}

void add_waiver_keys(const Input& input, eval::EventRef of, Keys& keys) {
  const std::string kind = of.of_person ? history::person_key("waiver") : "waiver";
  for (const std::string& column : waiver_lacks(input, of)) {
    keys.push_back(column == "recorded" ? history::recorded_key(kind)
                   : column == "at"     ? history::time_key(kind)
                                        : kind + "." + column);
  }
}

}  // namespace

Keys keys_of(const Input& input, const eval::Fact& fact) {
  Keys keys;
  add_keys_about(input, fact, keys);
  const bool when = fact.kind == FactKind::time_of_day || (fact.kind == FactKind::event_time && !fact.event);
  if (when && fact.member != eval::no_event) keys.push_back(time_key_of_row(input, fact.member));
  if (fact.kind == FactKind::time_of_day && fact.member == eval::no_event) {
    add_time_keys(input, fact.contact != eval::nobody, keys);
  }
  if (fact.kind == FactKind::waiver) add_waiver_keys(input, fact.member, keys);
  const bool about_the_value = fact.kind != FactKind::recorded && fact.kind != FactKind::source &&
                               fact.kind != FactKind::actor && fact.kind != FactKind::contact &&
                               fact.kind != FactKind::whose;
  const model::Field* field = field_of(input, fact.field);
  if (field && about_the_value) add_field_keys(input, *field, fact.member, keys);
  // A column of values says nothing of when they changed.
  const bool which = fact.kind == FactKind::event || fact.kind == FactKind::members;
  const Id<model::Field> changed = which && fact.event ? input.rulebook.events[fact.event].field : Id<model::Field>();
  if (const model::Field* of = field_of(input, changed)) {
    if (input.history.supplier.count(history::time_key(of->name)) > 0) keys.push_back(history::changed_key(of->name));
  } else if (about_the_value) {
    add_event_keys(input, fact.event, fact.member, fact.kind == FactKind::event_time, keys);
  }
  return keys;
}

std::string fact_source(const Input& input, const eval::Fact& fact) {
  const model::Field* field = field_of(input, fact.field);
  std::vector<std::string_view> sources;
  for (const std::string& key : keys_of(input, fact)) {
    auto found = input.history.supplier.end();
    // The column of a name says that something happened, another when.
    if (fact.kind == FactKind::event_time) found = input.history.supplier.find(history::time_key(key));
    if (found == input.history.supplier.end()) found = input.history.supplier.find(key);
    if (found == input.history.supplier.end() || found->second.empty()) continue;
    if (std::find(sources.begin(), sources.end(), found->second) == sources.end()) sources.push_back(found->second);
    // The particular key of a field comes first and is enough; of an event each part has its own.
    if (field) break;
  }
  return fmt::format("{}", fmt::join(sources, "; "));
}

}  // namespace plumb::report
