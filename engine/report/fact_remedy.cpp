#include <fmt/format.h>

#include "history/lacking.h"
#include "report/fact_parts.h"
#include "report/words.h"

namespace plumb::report {

namespace {

using eval::FactKind;
using model::EventKind;
using model::OwnerKind;

std::string quoted(std::string_view words) { return fmt::format("`{}`", words); }

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

/// Where a row says when it happened, or was recorded.
Place place_of_row(const Input& input, eval::EventRef ref, const std::string& column) {
  const history::Kind& kind = kind_of_row(input, ref);
  const std::string name(kind.name);
  switch (kind.of) {
    case history::KindClass::created: {
      const std::string key = column == "at" ? "created" : column;
      return {"deal", key, "deals.csv", key};
    }
    case history::KindClass::move: return {"move", column, "events.csv", column};
    case history::KindClass::change: return {"change of " + name, column, "events.csv", column};
    case history::KindClass::activity: return {"activity " + name, column, "events.csv", column};
    case history::KindClass::record: break;
  }
  return {"record " + name, column, ref.of_person ? "records.csv" : "events.csv", column};
}

/// Missing: no rows, where no file could supply it.
Place place_of(const Input& input, const eval::Fact& fact) {
  const model::Field* field = field_of(input, fact.field);
  if (fact.kind == FactKind::target || fact.kind == FactKind::periods || fact.kind == FactKind::process) return {};
  if (fact.kind == FactKind::rate && field) return place_of_field(input, *field);
  if (fact.kind == FactKind::rate && fact.currency == 0) return {};
  if (fact.kind == FactKind::rate) return {"rate", "", "rates.csv", "rate"};
  if (fact.kind == FactKind::time_of_day && fact.contact != eval::nobody) {
    return {"contact", "created", "contacts.csv", "created"};
  }
  if (fact.kind == FactKind::time_of_day && fact.member == eval::no_event)
    return {"activity", "at", "events.csv", "at"};
  if (fact.kind == FactKind::time_of_day) return place_of_row(input, fact.member, "at");
  if (fact.kind == FactKind::event_time && !fact.event) return {"move", "at", "events.csv", "at"};
  if (fact.kind == FactKind::stage) return {"move", "", "events.csv", "to"};
  if (fact.kind == FactKind::origin) return {"move", "from", "events.csv", "from"};
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
    if (!field && fact.member != eval::no_event) return place_of_row(input, fact.member, "recorded");
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

/// The column or file from which the mapping would read the fact. Missing: empty.
std::string lacking_source(const Input& input, const eval::Fact& fact) {
  for (const std::string& key : keys_of(input, fact)) {
    const auto found = input.history.supplier.find(history::lacking_key(key));
    if (found != input.history.supplier.end()) return found->second;
  }
  return {};
}

/// What an event is made of, as a mapping's `told by` calls it. Missing: empty.
std::string told_name(const Input& input, Id<model::Event> event) {
  if (!event) return {};
  const model::Event& e = input.rulebook.events[event];
  switch (e.kind) {
    case EventKind::won:
    case EventKind::lost:
    case EventKind::reopened:
    case EventKind::enters:
    case EventKind::leaves: return "stage";
    case EventKind::changed:
    case EventKind::moved_period: return e.field ? input.rulebook.fields[e.field].name : "";
    case EventKind::activity: return e.activity ? input.rulebook.activities[e.activity].name : "";
    case EventKind::record: return e.record ? input.rulebook.records[e.record].name : "";
    case EventKind::created:
    case EventKind::starts_leave:
    case EventKind::error: return {};
    case EventKind::ordinal:
    case EventKind::any_of:
    case EventKind::filtered: break;
  }
  for (const Id<model::Event> part : e.parts) {
    if (std::string name = told_name(input, part); !name.empty()) return name;
  }
  return {};
}

/// The other export that would tell the fact, by the mapping. Missing: empty.
std::string told_elsewhere(const Input& input, const eval::Fact& fact) {
  std::string name;
  switch (fact.kind) {
    case FactKind::stage:
    case FactKind::origin: name = "stage"; break;
    case FactKind::event:
    case FactKind::event_time: name = fact.event ? told_name(input, fact.event) : "stage"; break;
    case FactKind::members:
      if (fact.event) name = told_name(input, fact.event);
      break;
    default: break;
  }
  const bool value = fact.kind == FactKind::deal_field || fact.kind == FactKind::account_field ||
                     fact.kind == FactKind::contact_field || fact.kind == FactKind::person_field ||
                     fact.kind == FactKind::attribute || fact.kind == FactKind::members;
  if (const model::Field* field = value && name.empty() ? field_of(input, fact.field) : nullptr) name = field->name;
  const auto found = input.history.supplier.find(history::told_key(name));
  return found == input.history.supplier.end() ? std::string() : found->second;
}

}  // namespace

std::string fact_remedy(const Input& input, const eval::Fact& fact) {
  if (fact.kind == FactKind::target) return "a case of the target would say it";
  if (fact.kind == FactKind::process) return "a process whose `for deals where` holds for it would say it";
  const std::string source = fact_source(input, fact);
  if (const std::string other = told_elsewhere(input, fact); !other.empty()) {
    const std::string read = source.empty() ? "" : fmt::format("; what is read of it stands in {}", source);
    return fmt::format("{} would tell it{}", other, read);
  }
  if (!source.empty()) return {};
  if (fact.kind == FactKind::rate && fact.currency == 0) return "`20000 USD` in its cell would say it";
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
