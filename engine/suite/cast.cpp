#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "suite/telling.h"

namespace plumb::suite {

namespace {

using Kind = model::CastMember::Kind;
using time::Day;
using time::Instant;

bool is_built_in(const Telling& telling, const model::Fact& fact, std::string_view name) {
  const model::Field& field = telling.book.fields[fact.field];
  return field.built_in && field.name == name;
}

// ---- deals ----------------------------------------------------------------------------------------------------------

/// When a deal was created: at an instant, or on a day of which nobody knows the time.
struct Created {
  Instant at;
  std::optional<Day> day;
  std::optional<Instant> recorded;
};

void take_first(const model::Deed& deed, std::optional<Created>& first) {
  if (!first || deed.at < first->at) first = Created{deed.at, deed.day, std::nullopt};
}

// The start of the first day that anything is expected of: the test says of no time but that.
Created before_expectations(const Telling& telling) {
  Instant first = Instant::max();
  for (const model::TestExpectation& expectation : telling.test.expectations)
    first = std::min(first, expectation.as_of);
  return {telling.zone.start_of(telling.zone.day_of(Instant{first.micros - 1})), std::nullopt, std::nullopt};
}

Created created_of(Telling& telling, std::uint32_t deal) {
  std::optional<Created> said, own, any;
  for (const model::Deed& deed : telling.test.deeds) {
    take_first(deed, any);
    if (deed.subject != deal) continue;
    take_first(deed, own);
    if (deed.kind != model::Deed::Kind::happens || deed.happened != model::EventKind::created) continue;
    if (said) {
      telling.troubles.push_back(
          {deed.span, fmt::format("`{}` is created twice", telling.member(deal).name), "keep one of the two lines"});
    }
    said = Created{deed.at, deed.day, deed.recorded};
  }
  if (said) return *said;
  return own ? *own : any ? *any : before_expectations(telling);
}

void tell_deal(Telling& telling, std::uint32_t row) {
  const model::CastMember& deal = telling.member(row);
  const Created created = created_of(telling, row);
  const std::string at = time_cell(created.at, created.day);
  Cells cells{{"deal", deal.name}, {"created", at}, {"recorded", time_cell(created.recorded)}};
  for (const model::Fact& fact : deal.facts) {
    if (is_built_in(telling, fact, "owner") || is_built_in(telling, fact, "account")) {
      const std::string& name = telling.book.fields[fact.field].name;
      cells.emplace_back(name, fact.value.word);
      if (fact.recorded) cells.emplace_back(recorded_column(name), time_cell(fact.recorded));
    } else if (fact.source == model::SourceRank::none) {
      add_fact(telling, fact, cells);
    } else if (const std::optional<std::string> value = cell_of(telling, fact)) {
      // A row of its own says where the value comes from. One that was written down at once changes nothing; what was
      // written down later was not there before.
      telling.events.add(fact.span, {{"kind", "change"},
                                     {"deal", deal.name},
                                     {"at", at},
                                     {"recorded", time_cell(fact.recorded ? fact.recorded : created.recorded)},
                                     {"name", telling.book.fields[fact.field].name},
                                     {"from", fact.recorded ? std::string() : *value},
                                     {"to", *value},
                                     {"source", std::string(source_word(fact.source))}});
    }
  }
  telling.deals.add(deal.span, cells);
}

// ---- people ---------------------------------------------------------------------------------------------------------

/// A fact about a person, in force from a day on (unknown: always) until another (unknown: for good).
struct InForce {
  const model::Fact* fact;
  Day from, until;
};

// What is known of people is known by the day.
std::vector<InForce> facts_in_force(const Telling& telling, std::uint32_t person) {
  std::vector<InForce> all;
  const auto day = [&](Instant at) { return telling.zone.day_of(at); };
  for (const model::Fact& fact : telling.member(person).facts) {
    if (!fact.field) continue;
    // An end within a day leaves that day to what was in force; one at its start belongs to the day before.
    const Day until = fact.to ? day(Instant{fact.to->micros - 1}) + 1 : Day::unknown();
    all.push_back({&fact, fact.from ? day(*fact.from) : Day::unknown(), until});
  }
  for (const model::Deed& deed : telling.test.deeds) {
    if (deed.kind != model::Deed::Kind::sets || deed.subject != person) continue;
    for (const model::Fact& fact : deed.facts) all.push_back({&fact, day(deed.at), Day::unknown()});
  }
  return all;
}

void tell_person(Telling& telling, std::uint32_t row) {
  const model::CastMember& person = telling.member(row);
  const std::vector<InForce> all = facts_in_force(telling, row);
  std::set<Day> days{Day::unknown()};
  for (const InForce& one : all) days.insert({one.from, one.until});
  for (const Day day : days) {
    // Of several the one that began last holds; of two of one day the one written last.
    std::map<Id<model::Field>, const InForce*> holds;
    for (const InForce& one : all) {
      const bool begun = !one.from.known() || (day.known() && one.from <= day);
      if (!begun || (one.until.known() && day.known() && day >= one.until)) continue;
      const InForce*& known = holds[one.fact->field];
      if (!known || one.from >= known->from) known = &one;
    }
    // Of whom all is said from some day on, nothing was known before, as in a history whose first row has a day.
    if (!day.known() && holds.empty() && days.size() > 1) continue;
    Cells cells{{"person", person.name}, {"from", day.known() ? time::to_text(day) : std::string()}};
    for (const auto& [field, one] : holds) add_fact(telling, *one->fact, cells);
    for (const model::Fact& fact : person.facts) {
      if (!fact.field) add_fact(telling, fact, cells);
    }
    telling.people.add(person.span, cells);
  }
}

void tell_leave(Telling& telling, const model::TestLeave& leave) {
  const auto day = [&](Instant at) { return time::to_text(telling.zone.day_of(at)); };
  telling.leave.add(leave.span, {{"person", telling.member(leave.person).name},
                                 {"from", day(leave.from)},
                                 {"to", day(Instant{leave.to.micros - 1})},
                                 {"recorded", time_cell(leave.recorded)}});
}

void tell_account(Telling& telling, std::uint32_t row) {
  Cells cells{{"account", telling.member(row).name}};
  for (const model::Fact& fact : telling.member(row).facts) add_fact(telling, fact, cells);
  telling.accounts.add(telling.member(row).span, cells);
}

void tell_contact(Telling& telling, std::uint32_t row) {
  const model::CastMember& contact = telling.member(row);
  Cells cells{{"contact", contact.name}, {"deal", contact.of ? telling.member(*contact.of).name : std::string()}};
  for (const model::Fact& fact : contact.facts) add_fact(telling, fact, cells);
  add_source(telling, contact.facts, cells);
  telling.contacts.add(contact.span, cells);
}

}  // namespace

void tell_cast(Telling& telling) {
  for (std::uint32_t row = 0; row < telling.test.cast.size(); ++row) {
    switch (telling.member(row).kind) {
      case Kind::deal: tell_deal(telling, row); break;
      case Kind::person: tell_person(telling, row); break;
      case Kind::account: tell_account(telling, row); break;
      case Kind::contact: tell_contact(telling, row); break;
      case Kind::team: break;  // a team is known by its people
    }
  }
  for (const model::TestLeave& leave : telling.test.leaves) tell_leave(telling, leave);
}

}  // namespace plumb::suite
