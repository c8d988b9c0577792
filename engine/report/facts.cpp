#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "history/who_is_there.h"
#include "report/fact_parts.h"
#include "report/words.h"

namespace plumb::report {

const model::Field* field_of(const Input& input, Id<model::Field> field) {
  return field ? &input.rulebook.fields[field] : nullptr;
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

const history::Kind& kind_of_row(const Input& input, eval::EventRef ref) {
  const history::Timeline& events = ref.of_person ? input.history.person_events : input.history.deal_events;
  return input.history.kinds[events.kind[ref.index]];
}

bool may_be_there(const Input& input, std::uint32_t person) {
  const history::People& people = input.history.people;
  const history::Column* active = history::who_is_there_in(people);
  for (std::uint32_t row = people.first[person]; active != nullptr && row < people.first[person + 1]; ++row) {
    if (active->values[row] == history::unreadable) return true;
  }
  return false;
}

std::string currency_text(const model::Rulebook& book, const history::History& history, std::uint32_t word) {
  if (word == 0) return "another currency";
  if (word < history.words.size()) return std::string(history.words[word]);
  return book.exprs[Id<model::Expr>(history::Dictionary::none - 1 - word)].text;
}

namespace {

using eval::FactKind;
using model::OwnerKind;

std::string quoted(std::string_view words) { return fmt::format("`{}`", words); }

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

std::string rate_text(const Input& input, const eval::Fact& fact) {
  const model::Field* field = field_of(input, fact.field);
  if (fact.currency == 0) return field ? "the currency of " + field_text(input, *field) : "the currency of an amount";
  const std::string on = fact.day.known() ? " on " + time::to_text(fact.day) : "";
  const auto word = [&](std::uint32_t id) { return currency_text(input.rulebook, input.history, id); };
  return fmt::format("the rate from {} to {}{}", word(fact.currency), word(fact.into), on);
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
    case FactKind::process: return "which stages close a deal that follows no process";
    case FactKind::origin: return "from where the deal came";
    case FactKind::rate: return rate_text(input, fact);
    case FactKind::leave: return "leave of the person";
    case FactKind::departure:
      if (fact.person == eval::nobody) return "whether each of the people is there";
      if (may_be_there(input, fact.person))
        return fmt::format("whether {} is there{}", person_name(input, fact.person),
                           row_text(input, input.history.people.names.origin[fact.person]));
      return fmt::format("since when {} is no longer there", person_name(input, fact.person));
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
  const history::Timeline& events = ref.of_person ? history.person_events : history.deal_events;
  const history::Array<std::uint32_t>& ids = ref.of_person ? history.people.names.ids : history.deals.ids;
  return history.words[ids[history::owner_of_row(events.first, ref.index)]];
}

std::string contact_text(const Input& input, std::uint32_t contact) {
  const history::Contacts& contacts = input.history.contacts;
  const std::uint32_t deal = input.history.deals.ids[history::owner_of_row(contacts.first, contact)];
  return fmt::format("the contact {} of {}", input.history.words[contacts.ids[contact]], input.history.words[deal]);
}

}  // namespace

std::optional<time::Instant> may_follow_until(const Input& input, const time::Calendar& calendar, std::size_t row,
                                              const eval::Fact& fact) {
  if (fact.kind != FactKind::event || fact.member == eval::no_event || fact_source(input, fact).empty()) return {};
  const time::Instant settled = input.evaluation.verdicts.settled[row], at = evidence_row(input, fact.member).at;
  const time::Instant horizon = input.evaluation.horizon,
                      decided = settled.known() ? std::min(settled, horizon) : horizon;
  if (!at.known()) return {};
  for (std::size_t i = 0; i < input.rulebook.exprs.size(); ++i) {
    const auto& aggregate = input.rulebook.exprs[Id<model::Expr>(i)].aggregate;
    if (!aggregate || aggregate->followed_by != fact.event || !aggregate->followed_within) continue;
    const time::Instant until = calendar.within(*aggregate->followed_within, at);
    if (until > decided) return until;
  }
  return {};
}

std::string not_over_text(const Input& input, time::Instant until, std::string_view when) {
  const bool runs = until > input.evaluation.horizon;
  return fmt::format("nothing is lacking, {} until {}", runs ? "it may still do so" : "its time ran on", when);
}

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
  if (fact.kind == FactKind::origin) return fmt::format("from where {} came{}", subject, at);
  if (fact.kind == FactKind::waiver || fact.kind == FactKind::whose) return text + at;
  if (fact.kind == FactKind::account) return fmt::format("the account of {}", subject);
  const bool named =
      field && field->owner == OwnerKind::deal && fact.kind != FactKind::recorded && fact.kind != FactKind::source;
  return fmt::format("{}{} of {}{}", text, named ? "" : ",", subject, at);
}

}  // namespace plumb::report
