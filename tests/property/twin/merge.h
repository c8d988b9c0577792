#pragma once

#include <vector>

#include "property/twin/judge.h"

/// One answer of those that are given in each order in which moves of a deal may have come.
namespace plumb::twin {

/// What each rule, by its row, says of a deal.
using Answers = std::vector<std::vector<Said>>;

/// What is so in all of them, as far as it can be told.
Answers merged(const model::Rulebook& book, const std::vector<Answers>& worlds);

/// Whether a rule about deals reads what belongs to people, teams or the company.
bool reads_of_people(const model::Rulebook& book);

/// Whether a rule, or that to which it responds, is about deals.
bool is_about_deals(const model::Rulebook& book, const model::Rule& rule);

}  // namespace plumb::twin
