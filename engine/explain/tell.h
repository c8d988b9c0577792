#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "eval/condition.h"
#include "explain/case.h"
#include "report/sections.h"

/// What values, rows and changes are called.
namespace plumb::explain {

/// Who tells: dates are the default calendar's.
struct Teller {
  report::View view;
  const model::Rulebook& book;
  const history::History& history;
};

/// `20,000 USD`, `Thu 5 Mar 2026`, `missing`, `unknown`. Numbers that are not settled: `between 2 and 4`. What is
/// rounded looks neither like `asked`, nor as if it were on its other side.
std::string value_text(const Teller& teller, const model::Type& type, const eval::Value& value,
                       std::optional<eval::Rational> asked = std::nullopt);
std::string stated_text(const Teller& teller, const history::Stated& stated);
/// Whose a field is: of a deal, its account, a contact or a person; or of the activity or record of this name.
struct Owner {
  model::OwnerKind kind;
  std::string_view name = {};
};
/// Whose attributes the rows of a kind have.
Owner owner_of(const history::Kind& kind);
/// What is stated of a field, in its type: `60%`.
std::string field_text(const Teller& teller, const Owner& owner, std::string_view name, const history::Stated& stated);
/// `next_step_on set to Wed 4 Mar 2026`, `meeting, status held`, `moved to proposal`.
std::string event_text(const Teller& teller, eval::EventRef ref);
/// events.csv:12. Missing: empty for a row that is in no file.
std::string origin_text(const history::History& history, history::Origin origin);
FactLine fact_line(const Teller& teller, eval::EventRef ref);
/// When the facts of a change have to be.
struct Bounds {
  Instant since;            // from when on they may be; unknown: at any time, or only when they are
  Instant until;            // before which they have to be; a fact just before it is said to be before it
  bool windowed = false;    // what happens too early does not count
  bool any_time = false;    // a fact in the last hours before `until` may as well be at any time before it
  bool example = false;     // it may be in another deal as well, as far as anybody knows
  bool by_whom = false;     // it matters who does it
  bool on_hold = false;     // what may be at any time from now on may be so while the deal is on hold
  std::int64_t within = 0;  // how soon what follows in a deal has to follow upon its first fact; 0: at any time
};
/// The facts of a change, those that are alike together: `28 more task with type call_offer in D1 between Mon 2 Mar
/// 2026 and Sun 8 Mar 2026`.
std::vector<std::string> change_texts(const Teller& teller, const std::vector<history::Revision>& revisions,
                                      const Bounds& bounds);
/// `Thu 5 Mar 2026 24:00` for the end of a day, so that nobody looks for it on the next; else as `minute_text`.
std::string deadline_text(const report::View& view, Instant at);

/// Thu 5; with the month where it is another than that of `after`.
std::string short_day(time::Day day, time::Day after);

}  // namespace plumb::explain
