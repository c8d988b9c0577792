#pragma once

#include "eval/members.h"
#include "eval/tails.h"
#include "eval/tally.h"

/// The members of an aggregate as they are taken into its tally: the subject's own in aggregate.cpp, those of people,
/// teams and the company by their lists.
namespace plumb::eval {

/// Whether an event is made of what people state, which may count from later than it happened.
bool happens_as_record(const model::Rulebook& book, Id<model::Event> id);
/// The source that an aggregate asks for, or the condition that it stands in. Missing: nullptr.
const model::Tails* asked_source(const model::Aggregate& aggregate, const Context& context);
/// What comes from a source that nobody names may count.
Truth from_asked(const model::Aggregate& aggregate, const history::Timeline& timeline, std::uint32_t index,
                 const Context& context);
/// Whether how many there are is all that is asked.
bool is_plain_count(const Tallier& tallier);
/// Whether numbers of members are, and nothing else is asked of each than a condition.
bool counts_only(const Tallier& tallier);
/// From where the fields of what is counted are read: at the end, or `at created`, `at won`.
Context member_context(View& view, Instant cut, std::uint32_t index, const Context& context);
/// Where that is: before everything where the deal has not come so far. Missing: unknown, where nobody knows when that
/// was; then nothing can be told of what is read there.
Instant read_cut(View& view, const model::Aggregate& aggregate, std::uint32_t index, const Context& context);

/// The members of a person, team or the company, and the deals of theirs that stand. False when it cannot be told whose
/// they are.
bool take_lists(Id<model::Expr> id, model::SubjectKind kind, const Counted& counted, const Context& context,
                Tallier& tallier);
bool take_standing(Id<model::Expr> id, model::SubjectKind kind, const Context& context, Tallier& tallier);

/// Those who are there on the day that is looked from: everybody, or those of the context's team.
void take_people(model::SubjectKind kind, const Context& context, Tallier& tallier);
/// The contacts of the deal that is loaded.
void take_contacts(const Context& context, Tallier& tallier);
/// A history without a list of contacts says nothing of them.
bool contacts_observed(const Context& context);

}  // namespace plumb::eval
