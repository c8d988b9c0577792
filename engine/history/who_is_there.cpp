#include "history/who_is_there.h"

#include <algorithm>

namespace plumb::history {

const Column* who_is_there_in(const People& people) {
  const auto found = std::find_if(people.columns.begin(), people.columns.end(), [](const Column& column) {
    return column.type == ValueType::boolean && (column.name == who_is_there || column.name == who_is_there_besides);
  });
  return found == people.columns.end() ? nullptr : &*found;
}

}  // namespace plumb::history
