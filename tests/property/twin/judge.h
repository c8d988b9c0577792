#pragma once

#include <optional>
#include <string>
#include <vector>

#include "property/told.h"
#include "property/twin/look.h"
#include "property/twin/world.h"

/// The six shapes (semantics.md §4), one file each.
namespace plumb::twin {

using property::Told;

/// Where verdicts go, and what every shape needs.
struct Bench {
  const World& world;
  std::vector<Told>& all;

  const model::Rulebook& book() const { return world.book; }
};

/// Who owes it: fixed when it opens.
struct Debtor {
  std::string person;  // "" for nobody
  const Clock* clock = nullptr;
};
Debtor debtor_of(const Look& look, const model::Rule& rule, Instant at);

/// A field of a person on the day of an instant: "" where there is none.
std::string person_text(const World& world, const std::string& person, const std::string& field, Instant at);
const Clock& clock_of(const World& world, const std::string& person, Instant at);

/// Whether it is measured by the clock, and not in days.
bool exact(Duration d);

/// From when on the rule asks anything. Missing: unknown, since always.
Instant in_force_from(const World& world, const model::Rule& rule);

/// Whether the deal is open at an instant, its closing instant counted as open.
Tri open_for_asking(const Look& look, Instant at);
/// Whether the rule is about the deal as it is then.
Tri about(const Look& look, const model::Rule& rule, const Moment& m);

/// One time that a rule asks something of a deal on account of an event.
struct Opening {
  const Fact* fact = nullptr;
  Instant at;           // unknown: nobody can say when
  Tri asks = Tri::yes;  // unknown: cannot tell, from the start
  Debtor debtor;
};
std::vector<Opening> openings(const Look& look, const model::Rule& rule);

Told told(const model::Rule& rule, const std::string& subject, const std::string& owed_by, Instant opened);
void settle(Told& told, const char* verdict, Instant deadline, Instant settled);

void judge_responses(Bench& bench, const model::Rule& rule);
void judge_precedence(Bench& bench, const model::Rule& rule);
void judge_checks(Bench& bench, const model::Rule& rule);
void judge_invariants(Bench& bench, const model::Rule& rule);
void judge_limits(Bench& bench, const model::Rule& rule);
void judge_quotas(Bench& bench, const model::Rule& rule);
void judge_path(Bench& bench, const model::Rule& rule);

}  // namespace plumb::twin
