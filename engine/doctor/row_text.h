#pragma once

#include <string>

#include "history/mapping.h"

namespace plumb::doctor {

/// Calls `look` with each value of a row that a column or a constant gives.
template <class Look>
void for_each_value(const history::RowSpec& row, Look look) {
  for (const history::ValueFrom* value :
       {&row.subject, &row.name, &row.at, &row.recorded, &row.actor, &row.source, &row.sequence, &row.from, &row.to,
        &row.account, &row.owner, &row.joined, &row.left, &row.deal, &row.contact, &row.rate, &row.id}) {
    if (value->given()) look(*value);
  }
  for (const auto& [name, value] : row.fields) {
    if (value.given()) look(value);
  }
}

/// `Each row where `field` is `stage` is a move: the deal is in `deal_id`, …`: what a row becomes, in sentences.
std::string row_text(const history::RowSpec& row);

}  // namespace plumb::doctor
