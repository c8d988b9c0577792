#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "model/model.h"
#include "property/tables.h"
#include "property/twin/clock.h"
#include "property/twin/value.h"

/// A history as lists of facts.
namespace plumb::twin {

using property::Tables;

enum class Class : std::uint8_t { created, change, move, activity };  // activities and records are one class

struct Fact {
  Class of = Class::activity;
  bool record = false;
  bool implied = false;         // into the stage that the deal was in before its first move, nobody knows when
  std::string name;             // the field, activity or record
  std::size_t deal = SIZE_MAX;  // SIZE_MAX: about a person
  std::string person;
  Instant at;  // unknown: nobody said when; of a day alone: its start
  bool by_day = false;
  bool any_order = false;           // a move: nobody knows where among those of its day it came
  bool day_before = false;          // a move of the day before its deal's creation, put behind that
  std::optional<Instant> recorded;  // nullopt: nobody knows
  std::string actor, source, from, to;
  const property::Table* table = nullptr;
  std::size_t row = 0;
  std::size_t order = 0;  // among the facts of its subject

  /// The last instant of its day, for a fact that has no time of day; else its instant.
  Instant latest;
};

struct Deal {
  std::string id;
  std::string account;
  std::size_t row = 0;      // of deals.csv
  std::vector<Fact> facts;  // in order; those without an instant first
  /// Where nobody knows in which order moves of a day came: the facts in each. Missing: none, or too many.
  std::vector<std::vector<Fact>> orders;
};

struct Person {
  std::string id;
  std::vector<std::size_t> rows;  // of people.csv, in the order of `from`
  Day joined, left;
  std::vector<Fact> facts;  // records about the person
};

struct Span {
  Instant from = Instant::unknown(), until = Instant::max();
};

struct Said;

/// Everything there is to look at as of a horizon.
struct World {
  const model::Rulebook& book;
  const Tables& tables;
  Instant horizon;
  std::vector<Clock> clocks;  // rows: Rulebook::calendars; UTC where there is none
  std::vector<Deal> deals;    // in the order of their ids
  std::vector<Person> people;
  Span everything;
  std::map<std::string, Span> coverage;
  /// What a rule (a row of Rulebook::rules) has said, for what reads its verdicts.
  std::function<const std::vector<Said>&(std::size_t)> said_by;
  std::size_t only = SIZE_MAX;  // the deal that is judged; SIZE_MAX: all

  const Clock& usual() const { return clocks.front(); }
  /// The deals that are judged.
  std::span<const Deal> judged() const {
    return only == SIZE_MAX ? std::span(deals) : std::span(deals).subspan(only, 1);
  }
  const Person* person(const std::string& id) const;
  const Span& observed(const std::string& name) const;
  /// Whether an event is made of records of which some name the period that they belong to.
  bool names_periods(Id<model::Event> event) const;
  /// The first event of all; unknown when there is none.
  Instant first_event() const;
};

/// The contacts of a deal, each as the fact that it was added.
std::vector<Fact> contacts_of(const World& world, const Deal& deal);

World look_at(const model::Rulebook& book, const Tables& tables, Instant horizon);

/// Only what was recorded before an instant. Missing: what nobody knows the recording of stays.
Tables known_by(const Tables& tables, Instant known_at);

/// The number that orders facts of one instant. Missing: -1.
std::int64_t sequence_of(const Fact& fact);

}  // namespace plumb::twin
