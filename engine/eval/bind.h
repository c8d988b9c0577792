#pragma once

#include <string_view>
#include <vector>

#include "eval/plan.h"

/// The parts of `bind`, each of which fills some members of the plan. Nothing but `bind` and they include this.
namespace plumb::eval {

/// Missing: nullptr for none of that name.
inline const history::Column* find_column(const std::vector<history::Column>& columns, std::string_view name) {
  for (const history::Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

/// What each expression reads: today, fields of its event, nothing else.
void bind_reads(Plan& plan);
/// Whether anything holds a deal's clocks; after `bind_reads`.
void bind_holds(Plan& plan);

/// The kinds whose rows say who acted; after the fields and activities.
void bind_actors(Plan& plan);
/// Of which account each deal is.
void bind_accounts(Plan& plan);
/// The `where` that are decided for many rows at once; after the words.
void bind_filters(Plan& plan);

/// Who is said to be active.
void bind_active(Plan& plan);
/// The calendar that each row of a person names.
void bind_calendars(Plan& plan);

}  // namespace plumb::eval
