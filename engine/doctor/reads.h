#pragma once

#include <map>
#include <set>
#include <vector>

#include "model/model.h"

namespace plumb::doctor {

/// What a rule reads of a history, through measures, targets and conditions: without what it reads of other rules'
/// verdicts.
struct Reads {
  std::set<Id<model::Field>> fields;
  std::map<Id<model::Activity>, Id<model::Event>> activities;  // with an event that stands for it
  std::map<Id<model::Record>, Id<model::Event>> records;
  bool stage = false;
};

/// Rows: the rulebook's rules. Cost: linear in the rulebook, for each rule.
std::vector<Reads> reads_of_rules(const model::Rulebook& rulebook);

}  // namespace plumb::doctor
