#pragma once

#include <string>
#include <vector>

#include "eval/condition.h"
#include "explain/case.h"
#include "history/revise.h"

/// Changes that may make a condition true, or false. None is verified: whoever asks evaluates again.
namespace plumb::explain {

using Revisions = std::vector<history::Revision>;

inline const model::Rulebook& book_of(const eval::Context& context) { return context.view.plan().book; }

/// Where and when facts may be put.
struct Put {
  const Case& c;
  Instant at;
  Instant from;                             // several of one kind are spread over [from, at]; unknown: a minute apart
  std::vector<std::string> deals;           // that may get events, the best first
  std::string person;                       // who owns what is new, and whom records are about; empty: nobody
  bool others = false;                      // the deals are other people's: a new one may be better
  bool of_deal = true;                      // one deal is asked; else people, to whom new deals may be given
  Instant not_before = Instant::unknown();  // what has happened stays so; unknown: it may be otherwise
};

/// What a fact may say: in the event itself, of the deal that it belongs to, of the deal's account, and of a contact.
struct Fields {
  std::vector<history::Stated> event = {}, deal = {}, account = {}, contact = {};
};
/// All that either says; of one field what the second says.
Fields both_of(Fields a, const Fields& b);

/// No change has more facts.
inline constexpr std::int64_t most_facts = 50'000;
/// From so many on few ways are tried.
inline constexpr std::int64_t many_facts = 100;

/// Rows: smallest first, each once; at most some 40.
using Ways = std::vector<Revisions>;

/// How `condition`, as it is looked at in `context`, may become `wanted`. Missing: empty when no fact does.
Ways ways_to(Id<model::Expr> condition, bool wanted, const eval::Context& context, const Put& put);
/// How `event` may happen so many times more, each time with one of these fields.
Ways ways_to_happen(Id<model::Event> event, const std::vector<Fields>& fields, std::int64_t times,
                    const eval::Context& context, const Put& put);
/// How a deal may come to be, so many times, which nobody has had yet.
Ways ways_to_begin(const std::vector<Fields>& fields, std::int64_t times, const eval::Context& context, const Put& put);
/// How the verdict on another rule may be as it is wanted of a subject (a deal's or person's id): what it asked is kept
/// after all, or was not.
Ways ways_to_be_judged(const model::Expr& verdict, bool wanted, const std::string& subject,
                       const eval::Context& context, const Put& put);
/// How a comparison of numbers may come out as wanted: more, fewer or other things that they are made of.
Ways ways_to_weigh(const model::Expr& compare, bool wanted, const eval::Context& context, const Put& put);
/// How a count may have so many more. Missing: empty where nothing can be added to it.
Ways ways_to_grow(Id<model::Expr> count, std::int64_t by, const eval::Context& context, const Put& put);
/// How the last `from` … `until` of these rows may be left out.
Ways ways_to_leave_out(const std::vector<eval::EventRef>& counted, std::int64_t from, std::int64_t until);
/// What an event and its deal may say so that `where` is true, as far as they alone decide it.
std::vector<Fields> fields_for(Id<model::Expr> where, bool wanted, const eval::Context& context, const Put& put);

/// The rows that a value or condition was made of: those that count, those of which it cannot be told, or both. The
/// first of many; the evaluation lists no more.
enum class Rows : std::uint8_t { counted, undecided, possible };
std::vector<eval::EventRef> rows_of(Id<model::Expr> id, const eval::Context& context, Rows which);

/// A value of the field that satisfies `comparison` with the expression `right`; one for a field that only has to be
/// known.
std::vector<history::Stated> values_for(const eval::Context& context, Id<model::Field> field,
                                        model::Comparison comparison, Id<model::Expr> right);
/// Who or what is not `word`, in a field without choices: `anybody but ana`.
std::string another_than(const model::Field& field, const std::string& word);
history::Stated any_value(const eval::Context& context, Id<model::Field> field, Instant at);
/// What the evaluation counts one of a duration's units as: a cell says how many of them there are. 1 for other types.
eval::Rational one_of(const model::Type& type);

/// What is said of a new deal in several places said once, from the first of them on.
Revisions folded(const Revisions& way);
/// Both of two ways, or each of either.
Ways all_of(const Ways& a, const Ways& b);
void add_ways(Ways& to, Ways more);
/// Smallest first, each once, cut to what anybody would try.
Ways sorted(Ways ways);

}  // namespace plumb::explain
