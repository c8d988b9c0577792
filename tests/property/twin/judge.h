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

/// An obligation, and the fact that opened it, where one did.
struct Said {
  Told told;
  const Fact* opener = nullptr;
  bool by_day = false;   // what settled it has a date alone
  Instant kept_since;    // known: from then on it may have been kept already, though it is due
  Instant missed_since;  // known: from then on it may have been missed, by a deadline that nobody knows
  bool either = false;   // as in Opening
  bool untold = false;   // a limit: nobody can tell whether it is asked at all
  Instant surely_missed = Instant::unknown();  // known: the last of those deadlines; what is late then was missed
  std::size_t responds_to = 0;  // a response: the row, of what was said by its rule, to which it responds
};

/// Where verdicts go, and what every shape needs.
struct Bench {
  const World& world;
  std::vector<Said>& all;

  void add(const Told& told, const Fact* opener = nullptr, bool by_day = false) {
    all.push_back({told, opener, by_day});
  }

  const model::Rulebook& book() const { return world.book; }
};

/// Who owes it: fixed when it opens.
struct Debtor {
  std::string person;  // "" for nobody
  const Clock* clock = nullptr;
};
Debtor debtor_of(const Look& look, const model::Rule& rule, Instant at);

/// A field of a person on a day, or on the day of an instant by his own calendar: "" where there is none.
std::string person_text(const World& world, const std::string& person, const std::string& field, Day day);
std::string person_text(const World& world, const std::string& person, const std::string& field, Instant at);
/// The calendar that somebody has on a day, or at an instant by the default calendar's day.
const Clock& clock_of(const World& world, const std::string& person, Day day);
const Clock& clock_of(const World& world, const std::string& person, Instant at);
/// The day that it is for somebody: as it is written, else by his own calendar.
Day day_of(const World& world, const std::string& person, const Moment& m);

/// From when on the rule asks anything. Missing: unknown, since always.
Instant in_force_from(const World& world, const model::Rule& rule);
/// Whether what begins at an instant is judged by this version of the rule.
bool in_force(const World& world, const model::Rule& rule, Instant at);
/// The versions of the rule before it, as rows of Rulebook::rules.
std::vector<std::size_t> versions_before(const World& world, const model::Rule& rule);

/// Whether a move that has a date alone is made at an instant, which closes the deal or opens it.
bool moves_by_day(const Look& look, Instant at);
/// Whether the deal is open at an instant, its closing instant counted as open; `fact`: what happens to it then.
Tri open_for_asking(const Look& look, Instant at, const Fact* fact = nullptr);
/// Whether the rule is about the deal as it is then.
Tri about(const Look& look, const model::Rule& rule, const Moment& m);

/// One time that a rule asks something of a deal on account of an event.
struct Opening {
  const Fact* fact = nullptr;
  Instant at;           // unknown: nobody can say when
  Tri asks = Tri::yes;  // unknown: cannot tell, from the start
  Debtor debtor;
  bool either = false;  // one of several of a day, of which one is the n-th: they all have to come to the same
};
std::vector<Opening> openings(const Look& look, const model::Rule& rule);

/// Makes one of what is said, from a row on, of each of several that may be the n-th of a day.
void agree(Bench& bench, std::size_t from, const Look& look, const model::Rule& rule);

Told told(const model::Rule& rule, const std::string& subject, const std::string& owed_by, Instant opened);
void settle(Told& told, const char* verdict, Instant deadline, Instant settled, const char* why = "");

void judge_responses(Bench& bench, const model::Rule& rule);
void judge_precedence(Bench& bench, const model::Rule& rule);
void judge_checks(Bench& bench, const model::Rule& rule);
void judge_invariants(Bench& bench, const model::Rule& rule);
void judge_limits(Bench& bench, const model::Rule& rule);
void judge_quotas(Bench& bench, const model::Rule& rule);
void judge_path(Bench& bench, const model::Rule& rule);
/// What is done about the verdicts on another rule.
void judge_remedies(Bench& bench, const model::Rule& response, const std::vector<Said>& verdicts);

}  // namespace plumb::twin
