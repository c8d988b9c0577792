#include <algorithm>

#include "eval/day.h"
#include "eval/standing.h"
#include "eval/take.h"

namespace plumb::eval {

using model::SubjectKind;

namespace {

// What made the condition on somebody so.
void gather_evidence(Id<model::Expr> where, Context at, std::vector<EventRef>& out) {
  Trace own;
  at.trace = &own;
  holds(where, at);
  out.insert(out.end(), own.evidence.begin(), own.evidence.end());
}

}  // namespace

void take_people(SubjectKind kind, const Context& context, Tallier& tallier) {
  const Plan& plan = context.view.plan();
  std::vector<EventRef> evidence;
  View& view = *context.view.members()->people;
  const time::Day day = context.calendar->day_of(context.now());
  const std::uint32_t team = kind == SubjectKind::team ? list_key(kind, context) : nobody;
  for (std::uint32_t person = 0; person < plan.history.people.names.size(); ++person) {
    const Truth there = present(plan, person, day);
    if (there == Truth::no) continue;
    const std::uint32_t of = team_of(plan, person, day);
    const bool told = kind != SubjectKind::team || team_told(plan, person, day);
    if (kind == SubjectKind::team && told && of != team) continue;
    view.load_person(person);
    const Context at{.view = view,
                     .cut = context.cut,
                     .period = context.period,
                     .window_from = context.window_from,
                     .windows = context.windows,
                     .person = person,
                     .team = of,
                     .subject = SubjectKind::person,
                     .calendar = context.calendar,
                     .missing = context.missing};
    Candidate candidate{no_event, context.now(), told && there == Truth::yes, Truth::unknown, false};
    candidate.person = person, candidate.whose = told;
    tallier.take(candidate, at);
    if (context.trace && tallier.aggregate.where) gather_evidence(tallier.aggregate.where, at, evidence);
  }
  const auto earlier = [](const EventRef& a, const EventRef& b) {
    return a.of_person != b.of_person ? b.of_person : a.index < b.index;
  };
  std::sort(evidence.begin(), evidence.end(), earlier);
  evidence.erase(std::unique(evidence.begin(), evidence.end()), evidence.end());
  for (const EventRef& ref : evidence) {
    if (context.trace) context.trace->evidence.push_back(ref);
  }
}

// ---- contacts -------------------------------------------------------------------------------------------------------

namespace {

// Nobody may know since when he is one.
Truth truth_of_since(const history::Contacts& contacts, std::uint32_t contact) {
  return contacts.by_day[contact] == 2 ? Truth::unknown : Truth::yes;
}

// Whether a contact counts: from when it was added on, and where that matters from when it was written down.
Truth contact_counts(std::uint32_t contact, const Context& context) {
  const history::Contacts& contacts = context.view.plan().history.contacts;
  const Instant since = contacts.since[contact], recorded = contacts.recorded[contact];
  if (since.known() && since >= context.cut) return Truth::no;
  Truth come = truth_of_since(contacts, contact);
  if (contacts.by_day[contact] == 1 && since >= context.day_cut) {
    come = context.reading ? context.reading->has_come(DayReading::Of::contact, contact) : Truth::no;
    if (context.trace) context.trace->lack({.kind = FactKind::time_of_day, .contact = contact});
    if (come == Truth::no) return come;
  }
  const Truth there = both(come, context.view.plan().recorded_by_then(recorded));
  if (there == Truth::no || !context.timely) return there;
  const Truth stated = recorded.known() ? truth(recorded < context.cut) : since.known() ? Truth::unknown : Truth::yes;
  return both(there, stated);
}

}  // namespace

void take_contacts(const Context& context, Tallier& tallier) {
  const history::Contacts& contacts = context.view.plan().history.contacts;
  const std::uint32_t deal = context.view.subject();
  if (context.view.of_person() || deal + 1 >= contacts.first.size()) return;
  for (std::uint32_t contact = contacts.first[deal]; contact < contacts.first[deal + 1]; ++contact) {
    const Truth counts = contact_counts(contact, context);
    if (counts == Truth::no) continue;
    Context at = context;
    at.trace = nullptr, at.tails = nullptr;
    at.contact = contact;
    Candidate candidate{no_event, contacts.since[contact], counts == Truth::yes, Truth::unknown, false};
    candidate.contact = contact;
    tallier.take(candidate, at);
  }
}

bool contacts_observed(const Context& context) {
  const history::History& history = context.view.plan().history;
  const time::Interval& observed = history.coverage.at("contact");
  const bool from_start = !observed.from.known() || observed.from <= context.now();
  const bool all = history.supplier.count("contact") > 0 && from_start && context.cut <= observed.until;
  if (!all && context.trace) context.trace->lack({.kind = FactKind::contact_field});
  return all;
}

}  // namespace plumb::eval
