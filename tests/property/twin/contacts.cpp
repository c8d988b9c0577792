#include "property/twin/look.h"

/// With whom a deal is done (grammar/README.md, Deals, people and contacts).
namespace plumb::twin {

// Those who have been added by then; without a list of them nobody knows of any.
Value Look::of_contacts(const model::Aggregate& of, const Moment& m) const {
  std::vector<Member> members;
  for (const Fact& contact : contacts_of(world_, deal_)) {
    Member member;
    member.counts = contact.at.known() ? sees(contact, m, true) : Tri::yes;
    if (!contact.at.known() && m.stated_by_then && contact.recorded) member.counts = sure(*contact.recorded <= m.now);
    if (member.counts == Tri::no) continue;
    Moment asked = m;
    asked.contact = contact.row;
    const Tri narrowed = of.where ? holds(of.where, asked) : Tri::yes;
    const bool share = of.function == model::AggregateFunction::share;
    (share ? member.part : member.counts) = share ? narrowed : both(member.counts, narrowed);
    if (member.counts != Tri::no) members.push_back(member);
  }
  const Span& span = world_.observed("contact");
  const bool observed = !world_.tables.contacts.columns.empty() && m.now >= span.from && m.now < span.until;
  return aggregate_of(of, members, !observed);
}

Value Look::contact_field(const model::Field& field, const Moment& m) const {
  const property::Table& table = world_.tables.contacts;
  const Span& span = world_.observed(field.name);
  if (m.contact == SIZE_MAX || !table.has(field.name) || m.now < span.from || m.now >= span.until) return {};
  return read_cell(table.cell(m.contact, field.name), field.type, field.choices);
}

}  // namespace plumb::twin
