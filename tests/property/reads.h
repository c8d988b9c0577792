#pragma once

#include "model/model.h"

namespace plumb::property {

/// Whether a rule's verdicts may depend on a field of the deal, through whatever it names. The processes' own
/// conditions count for every rule about deals.
bool reads(const model::Rulebook& book, const model::Rule& rule, Id<model::Field> field);

/// Whether a rule reads verdicts of others.
bool reads_verdicts(const model::Rulebook& book, const model::Rule& rule);

/// Whether a rule counts over all deals of an account.
bool reads_accounts(const model::Rulebook& book, const model::Rule& rule);

/// Whether a rule counts what belongs to others than its subject, or to who did it.
bool reads_others(const model::Rulebook& book, const model::Rule& rule);

}  // namespace plumb::property
