#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "history/lacking.h"
#include "report/words.h"

namespace plumb::report {

namespace {

using eval::FactKind;
using model::EventKind;
using model::OwnerKind;
using Keys = std::vector<std::string>;

std::string quoted(std::string_view words) { return fmt::format("`{}`", words); }

const model::Field* field_of(const Input& input, Id<model::Field> field) {
  return field ? &input.rulebook.fields[field] : nullptr;
}

std::string field_text(const Input& input, const model::Field& field) {
  switch (field.owner) {
    case OwnerKind::account: return field.name + " of the account";
    case OwnerKind::contact: return field.name + " of the contact";
    case OwnerKind::person: return field.name + " of the person";
    case OwnerKind::activity:
      return field.activity ? fmt::format("{} of {}", field.name, input.rulebook.activities[field.activity].name)
                            : field.name;
    case OwnerKind::record:
      return field.record ? fmt::format("{} of {}", field.name, input.rulebook.records[field.record].name) : field.name;
    case OwnerKind::deal: break;
  }
  return field.name;
}

std::string event_text(const Input& input, Id<model::Event> event) {
  if (!event) return "what was expected";
  const model::Event& e = input.rulebook.events[event];
  return quoted(e.name.empty() ? e.words : e.name);
}

/// The text after `when` or `whether`: a declared name as it is, an expression as it was written.
std::string happening(const Input& input, Id<model::Event> event) {
  if (!event) return "it happened";
  const model::Event& e = input.rulebook.events[event];
  return fmt::format("{} happened", e.name.empty() ? quoted(e.words) : e.name);
}

std::string currency_text(const Input& input, std::uint32_t word) {
  return word == 0 || word >= input.history.words.size() ? std::string("another currency")
                                                         : std::string(input.history.words[word]);
}

std::string rate_text(const Input& input, const eval::Fact& fact) {
  const model::Field* field = field_of(input, fact.field);
  if (fact.currency == 0) return field ? "the currency of " + field_text(input, *field) : "the currency of an amount";
  const std::string on = fact.day.known() ? " on " + time::to_text(fact.day) : "";
  return fmt::format("the rate from {} to {}{}", currency_text(input, fact.currency), currency_text(input, fact.into),
                     on);
}

/// What of a waiver nobody can read, or nobody knows: the columns that narrow it, else when it was made or recorded.
Keys waiver_lacks(const Input& input, eval::EventRef ref) {
  if (ref == eval::no_event) return {"recorded"};
  const history::History& history = input.history;
  const history::Timeline& events = ref.of_person ? history.person_events : history.deal_events;
  Keys names;
  for (const history::Column& column : history.kinds[events.kind[ref.index]].columns) {
    const bool narrows = column.name != "why" && column.values[events.row[ref.index]] == history::unreadable;
    if (narrows) names.push_back(column.name);
  }
  if (names.empty()) names.emplace_back(events.at[ref.index].known() ? "recorded" : "at");
  return names;
}

std::string waiver_fact_text(const Input& input, eval::EventRef ref) {
  const Keys lacks = waiver_lacks(input, ref);
  if (lacks.front() == "recorded") return "when the waiver was recorded";
  if (lacks.front() == "at") return "when the waiver was made";
  return fmt::format("{} of the waiver", quoted(fmt::format("{}", fmt::join(lacks, "`, `"))));
}

std::string kind_text(const Input& input, const eval::Fact& fact) {
  const model::Field* field = field_of(input, fact.field);
  switch (fact.kind) {
    case FactKind::deal_field:
    case FactKind::account_field:
    case FactKind::contact_field:
    case FactKind::person_field:
    case FactKind::attribute:
      if (fact.kind == FactKind::contact_field && !field) return "the contacts of the deal";
      return field ? field_text(input, *field) : "a field";
    case FactKind::event: return "whether " + happening(input, fact.event);
    case FactKind::event_time: return "when " + happening(input, fact.event);
    case FactKind::time_of_day:
      return fact.member == eval::no_event ? "the time of day of what has a date alone"
                                           : "the time of day of " + row_words(input, fact.member);
    case FactKind::recorded:
      if (field) return fmt::format("when {} was recorded", field_text(input, *field));
      if (!fact.event && fact.contact == eval::nobody && fact.member != eval::no_event)
        return fmt::format("when {} was recorded", row_words(input, fact.member));
      return fact.event ? fmt::format("when {} was recorded", event_text(input, fact.event)) : "when it was recorded";
    case FactKind::actor: return "who did " + event_text(input, fact.event);
    case FactKind::contact: return "with whom of the deal " + event_text(input, fact.event) + " was";
    case FactKind::account: return "of which account each deal is";
    case FactKind::source:
      return fmt::format("where {} comes from", field ? field_text(input, *field) : event_text(input, fact.event));
    case FactKind::stage: return "the stage of the deal";
    case FactKind::rate: return rate_text(input, fact);
    case FactKind::leave: return "leave of the person";
    case FactKind::departure: return fmt::format("since when {} is no longer there", person_name(input, fact.person));
    case FactKind::leave_from: return fmt::format("since when {} is on leave", person_name(input, fact.person));
    case FactKind::leave_until: return fmt::format("until when {} is on leave", person_name(input, fact.person));
    case FactKind::leave_recorded: return fmt::format("when leave of {} was recorded", person_name(input, fact.person));
    case FactKind::calendar: return fmt::format("the calendar of {}", person_name(input, fact.person));
    case FactKind::since: return "since when that is a contact";
    case FactKind::whose: return "whose " + event_text(input, fact.event) + " is";
    case FactKind::waiver: return waiver_fact_text(input, fact.member);
    case FactKind::statement: return fmt::format("whether {} was recorded", input.rulebook.records[fact.record].name);
    case FactKind::members:
      if (field) return field_text(input, *field);
      return fact.event ? "which of the events are " + event_text(input, fact.event) : "which cases count";
    case FactKind::target: return fmt::format("what {} is then", quoted(input.rulebook.targets[fact.target].name));
    case FactKind::periods: return "what happened before the history, or the deal, begins";
  }
  return {};
}

/// Whose timeline a row belongs to: the deal's or the person's id.
std::string_view subject_of_row(const Input& input, eval::EventRef ref) {
  const history::History& history = input.history;
  const history::Array<std::uint32_t>& first = (ref.of_person ? history.person_events : history.deal_events).first;
  const auto subject = std::upper_bound(first.begin(), first.end(), ref.index) - first.begin() - 1;
  const history::Array<std::uint32_t>& ids = ref.of_person ? history.people.names.ids : history.deals.ids;
  return history.words[ids[static_cast<std::size_t>(subject)]];
}

const history::Kind& kind_of_row(const Input& input, eval::EventRef ref) {
  const history::Timeline& events = ref.of_person ? input.history.person_events : input.history.deal_events;
  return input.history.kinds[events.kind[ref.index]];
}

/// What a history calls the instants of a row.
std::string time_key_of_row(const Input& input, eval::EventRef ref) {
  const history::Kind& kind = kind_of_row(input, ref);
  if (kind.of == history::KindClass::created) return "created";
  if (kind.name == history::leave_start) return "leave";
  if (ref.of_person) return history::time_key(history::person_key(kind.name));
  return history::time_key(kind.of == history::KindClass::move ? std::string_view("stage") : kind.name);
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

std::string contact_text(const Input& input, std::uint32_t contact) {
  const history::Contacts& contacts = input.history.contacts;
  const auto after = std::upper_bound(contacts.first.begin(), contacts.first.end(), contact);
  const std::uint32_t deal = input.history.deals.ids[static_cast<std::size_t>(after - contacts.first.begin() - 1)];
  return fmt::format("the contact {} of {}", input.history.words[contacts.ids[contact]], input.history.words[deal]);
}

// ---- where facts come from ------------------------------------------------------------------------------------------

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
  keys.push_back(field.name);
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

/// What a history calls the facts that an event is made of.
void add_event_keys(const Input& input, Id<model::Event> event, eval::EventRef of, Keys& keys) {
  if (!event) return;
  const model::Event& e = input.rulebook.events[event];
  switch (e.kind) {
    case EventKind::created: keys.emplace_back("created"); break;
    case EventKind::won:
    case EventKind::lost:
    case EventKind::reopened:
    case EventKind::enters:
    case EventKind::leaves: keys.emplace_back("stage"); break;
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
      for (const Id<model::Event> part : e.parts) add_event_keys(input, part, of, keys);
      break;
    case EventKind::error: break;
  }
}

// ---- where they would have to be written ----------------------------------------------------------------------------

/// A key of rows of a mapping, and a column of a canonical file.
struct Place {
  std::string rows;  // deal, activity call
  std::string key;   // empty: the rows themselves
  std::string file, column;
};

Place place_of_field(const Input& input, const model::Field& field) {
  switch (field.owner) {
    case OwnerKind::deal: return {"deal", field.name, "deals.csv", field.name};
    case OwnerKind::account: return {"account", field.name, "accounts.csv", field.name};
    case OwnerKind::contact: return {"contact", field.name, "contacts.csv", field.name};
    case OwnerKind::person: return {"person", field.name, "people.csv", field.name};
    case OwnerKind::activity:
      return {"activity " + (field.activity ? input.rulebook.activities[field.activity].name : ""), field.name,
              "events.csv", field.name};
    case OwnerKind::record: break;
  }
  return {"record " + (field.record ? input.rulebook.records[field.record].name : ""), field.name, "events.csv",
          field.name};
}

/// Of the first thing that an event is made of.
Place place_of_event(const Input& input, Id<model::Event> event, bool when) {
  const model::Event& e = input.rulebook.events[event];
  const std::string at = when ? "at" : "";
  switch (e.kind) {
    case EventKind::created: return {"deal", "created", "deals.csv", "created"};
    case EventKind::activity: return {"activity " + input.rulebook.activities[e.activity].name, at, "events.csv", "at"};
    case EventKind::record: {
      const model::Record& record = input.rulebook.records[e.record];
      const bool of_people = input.history.supplier.count(history::person_key(record.name)) > 0;
      return {"record " + record.name, at, of_people ? "records.csv" : "events.csv", "at"};
    }
    case EventKind::changed:
    case EventKind::moved_period: return {"change of " + input.rulebook.fields[e.field].name, at, "events.csv", "at"};
    case EventKind::starts_leave: return {"leave", at, "leave.csv", "from"};
    case EventKind::ordinal:
    case EventKind::any_of:
    case EventKind::filtered:
      if (!e.parts.empty()) return place_of_event(input, e.parts.front(), when);
      break;
    default: break;
  }
  return {"move", at, "events.csv", when ? "at" : "to"};
}

/// Missing: no rows, where no file could supply it.
Place place_of(const Input& input, const eval::Fact& fact) {
  const model::Field* field = field_of(input, fact.field);
  if (fact.kind == FactKind::target || fact.kind == FactKind::periods) return {};
  if (fact.kind == FactKind::rate && field) return place_of_field(input, *field);
  if (fact.kind == FactKind::rate) return {"rate", "", "rates.csv", "rate"};
  if (fact.kind == FactKind::time_of_day && fact.contact != eval::nobody) {
    return {"contact", "created", "contacts.csv", "created"};
  }
  if (fact.kind == FactKind::time_of_day && fact.member == eval::no_event)
    return {"activity", "at", "events.csv", "at"};
  if (fact.kind == FactKind::time_of_day) {
    const bool created = kind_of_row(input, fact.member).of == history::KindClass::created;
    return created ? Place{"deal", "created", "deals.csv", "created"}
                   : Place{"activity", "at", fact.member.of_person ? "records.csv" : "events.csv", "at"};
  }
  if (fact.kind == FactKind::event_time && !fact.event) return {"move", "at", "events.csv", "at"};
  if (fact.kind == FactKind::stage) return {"move", "", "events.csv", "to"};
  if (fact.kind == FactKind::leave || fact.kind == FactKind::leave_from) return {"leave", "", "leave.csv", "from"};
  if (fact.kind == FactKind::leave_until) return {"leave", "to", "leave.csv", "to"};
  if (fact.kind == FactKind::leave_recorded) return {"leave", "recorded", "leave.csv", "recorded"};
  if (fact.kind == FactKind::calendar) return {"person", "calendar", "people.csv", "calendar"};
  if (fact.kind == FactKind::since) return {"contact", "created", "contacts.csv", "created"};
  if (fact.kind == FactKind::departure) return {"person", "left", "people.csv", "left"};
  if (fact.kind == FactKind::statement) {
    return {"record " + input.rulebook.records[fact.record].name, "", "records.csv", "name"};
  }
  if (fact.kind == FactKind::account) return {"deal", "account", "deals.csv", "account"};
  if (fact.kind == FactKind::actor || fact.kind == FactKind::contact) {
    const std::string key = fact.kind == FactKind::actor ? "actor" : "contact";
    const Place rows = place_of_event(input, fact.event, false);
    return {rows.rows, key, rows.file, key};
  }
  if (fact.kind == FactKind::waiver) {
    const std::string column = waiver_lacks(input, fact.member).front();
    return {"record waiver", column, fact.member.of_person ? "records.csv" : "events.csv", column};
  }
  if (fact.kind == FactKind::whose)
    return {place_of_event(input, fact.event, false).rows, "person", "records.csv", "person"};
  if (fact.kind == FactKind::recorded && fact.contact != eval::nobody)
    return {"contact", "recorded", "contacts.csv", "recorded"};
  if (fact.kind == FactKind::contact_field && !field) return {"contact", "", "contacts.csv", "contact"};
  if (fact.kind == FactKind::recorded) {
    if (fact.event) {
      const Place rows = place_of_event(input, fact.event, false);
      return {rows.rows, "recorded", rows.file, "recorded"};
    }
    if (!field && fact.member != eval::no_event) return {"move", "recorded", "events.csv", "recorded"};
    const std::string rows = field ? place_of_field(input, *field).rows : "activity";
    return {rows, "recorded", field && field->owner == OwnerKind::deal ? "deals.csv" : "events.csv", "recorded"};
  }
  if (fact.kind == FactKind::source) {
    const bool contact = field && field->owner == OwnerKind::contact;
    const bool deal = field && field->owner == OwnerKind::deal;
    const std::string rows = deal    ? "change of " + field->name
                             : field ? place_of_field(input, *field).rows
                                     : place_of_event(input, fact.event, false).rows;
    return {rows, "source", contact ? "contacts.csv" : "events.csv", "source"};
  }
  if (field) return place_of_field(input, *field);
  return fact.event ? place_of_event(input, fact.event, fact.kind == FactKind::event_time) : Place{};
}

}  // namespace

std::string fact_text(const Input& input, const eval::Fact& fact) {
  const model::Field* field = field_of(input, fact.field);
  if (fact.person != eval::nobody && field) {
    return fmt::format("{} of {}", field->name, person_name(input, fact.person));
  }
  if (fact.contact != eval::nobody && field) {
    return fmt::format("{} of {}", field->name, contact_text(input, fact.contact));
  }
  if (fact.contact != eval::nobody && fact.kind == FactKind::since) {
    return fmt::format("since when {} is one", contact_text(input, fact.contact));
  }
  if (fact.contact != eval::nobody && fact.kind == FactKind::recorded) {
    return fmt::format("when {} was recorded", contact_text(input, fact.contact));
  }
  if (fact.contact != eval::nobody && fact.kind == FactKind::time_of_day) {
    return fmt::format("the time of day at which {} was added", contact_text(input, fact.contact));
  }
  const std::string text = kind_text(input, fact);
  if (fact.member == eval::no_event) return text;
  const std::string_view subject = subject_of_row(input, fact.member);
  const std::string where = where_text(evidence_row(input, fact.member));
  const std::string at = where.empty() ? "" : fmt::format(" ({})", where);
  if (fact.kind == FactKind::stage) return fmt::format("the stage of {}{}", subject, at);
  if (fact.kind == FactKind::waiver || fact.kind == FactKind::whose) return text + at;
  if (fact.kind == FactKind::account) return fmt::format("the account of {}", subject);
  const bool named =
      field && field->owner == OwnerKind::deal && fact.kind != FactKind::recorded && fact.kind != FactKind::source;
  return fmt::format("{}{} of {}{}", text, named ? "" : ",", subject, at);
}

namespace {

/// What a history calls what would supply a fact that is no value.
void add_keys_about(const Input& input, const eval::Fact& fact, Keys& keys) {
  const model::Field* field = field_of(input, fact.field);
  const bool of_contact = fact.contact != eval::nobody;
  Keys events;
  add_event_keys(input, fact.event, fact.member, events);
  const auto add = [&](std::string (*key)(std::string_view)) {
    for (const std::string& event : events) keys.push_back(key(event));
  };
  switch (fact.kind) {
    case FactKind::recorded:
      if (of_contact) return keys.push_back(history::recorded_key("contact"));
      if (field) return add_recorded_keys(input, *field, fact.member, keys);
      if (!fact.event && fact.member != eval::no_event) return keys.push_back(history::recorded_key("stage"));
      return fact.event ? add(history::recorded_key) : keys.push_back("recorded");
    case FactKind::source:
      if (of_contact) return keys.push_back(history::source_key("contact"));
      return field ? add_source_keys(input, *field, fact.member, keys) : add(history::source_key);
    case FactKind::actor: return add(history::actor_key);
    case FactKind::contact: return keys.push_back("contact of events");
    case FactKind::stage: return keys.push_back("stage");
    case FactKind::leave:
    case FactKind::leave_from: return keys.push_back("leave");
    case FactKind::leave_until: return keys.push_back(history::until_key("leave"));
    case FactKind::leave_recorded: return keys.push_back(history::recorded_key("leave"));
    case FactKind::calendar: return keys.push_back("calendar");
    case FactKind::since: return keys.push_back(history::time_key("contact"));
    case FactKind::whose:
      for (const std::string& event : events) keys.push_back(history::subject_key(event));
      return;
    case FactKind::departure: return keys.push_back("left");
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

/// What a history calls the fact, the most particular first.
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
  const bool change = fact.kind == FactKind::event && fact.event && input.rulebook.events[fact.event].field &&
                      input.history.supplier.count(
                          history::time_key(input.rulebook.fields[input.rulebook.events[fact.event].field].name)) == 0;
  if (about_the_value && !change) add_event_keys(input, fact.event, fact.member, keys);
  return keys;
}

/// The column or file from which the mapping would read the fact. Missing: empty.
std::string lacking_source(const Input& input, const eval::Fact& fact) {
  for (const std::string& key : keys_of(input, fact)) {
    const auto found = input.history.supplier.find(history::lacking_key(key));
    if (found != input.history.supplier.end()) return found->second;
  }
  return {};
}

}  // namespace

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

std::string fact_remedy(const Input& input, const eval::Fact& fact) {
  if (fact.kind == FactKind::target) return "a case of the target would say it";
  if (!fact_source(input, fact).empty()) return {};
  const Place place = place_of(input, fact);
  if (place.rows.empty()) return {};
  if (!input.history.mapped) {
    return fmt::format("no file says it; a column {} of {} would", quoted(place.column), place.file);
  }
  if (const std::string lacking = lacking_source(input, fact); !lacking.empty())
    return fmt::format("it would come from {}", lacking);
  const std::string rows = quoted("is: " + place.rows);
  if (place.key.empty()) return fmt::format("the mapping makes it of nothing; rows that are {} would say it", rows);
  return fmt::format("the mapping makes it of nothing; the key {} of {} would say it", quoted(place.key), rows);
}

}  // namespace plumb::report
