#pragma once

#include <functional>
#include <string>

#include "property/twin/judge.h"

/// Whoever a rule is asked of: a deal, a person, a team or the company.
namespace plumb::twin {

struct Party {
  Bench& bench;
  const model::Rule& rule;
  std::string name;                // as it is told
  const Look& look;                // what its conditions are about
  const Person* person = nullptr;  // for each person
  const Deal* deal = nullptr;      // for each deal

  /// From when on anything is known of it.
  Instant begin() const { return deal ? look.created() : bench.world.first_event(); }
};

/// All that the rule may ask anything of.
void for_each_party(Bench& bench, const model::Rule& rule, const std::function<void(const Party&)>& take);

/// Whether it is asked something at an instant: employed, staffed, open, and one of those whom the rule is about.
Tri is_asked(const Party& party, Instant at, const Clock& clock);
/// From when a person joined, else from the first that is known of him.
bool employed(const World& world, const Person& person, Day day);
/// Who owes what opens then: "" for nobody.
std::string debtor(const Party& party, Instant at);

}  // namespace plumb::twin
