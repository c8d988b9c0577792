#pragma once

#include "property/chance.h"
#include "property/rulebooks.h"
#include "property/tables.h"

namespace plumb::property {

/// Random histories over the vocabulary of the random rulebooks: small, and full of ties.
struct Doubts {
  bool foreign = true;  // stages that nobody declared
  bool waivers = true;
  bool leave = true;
  bool calendars = true;   // people have their own
  bool unknown = false;    // stages that nobody knows, `?`
  bool named = false;      // reports that name their period
  bool unreadable = true;  // cells that cannot be read
  bool recorded = true;    // late and early times of recording
  bool untold = true;      // unknown ones
  bool undated = true;     // facts without an instant
  bool day_only = true;    // facts with a date alone
  bool gaps = true;        // coverage that begins late or ends early
  bool lacking = true;     // files that lack a column
};
Tables random_history(Chance& chance, const Draft& draft, const Doubts& doubts);

/// An instant to look from: within the history, at its end, at a fact, at midnight.
time::Instant random_as_of(Chance& chance, const Draft& draft, const Tables& tables);

}  // namespace plumb::property
