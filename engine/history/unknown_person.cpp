#include "history/unknown_person.h"

#include <algorithm>

#include "history/mapping.h"

namespace plumb::history {

std::uint32_t unknown_person(const History& history) {
  const Array<std::uint32_t>& ids = history.people.names.ids;
  const std::uint32_t word = history.words.find(not_known);
  const auto found = word == Dictionary::none ? ids.end() : std::find(ids.begin(), ids.end(), word);
  return found == ids.end() ? UINT32_MAX : static_cast<std::uint32_t>(found - ids.begin());
}

std::size_t count_people(const History& history) {
  return history.people.names.size() - (unknown_person(history) == UINT32_MAX ? 0 : 1);
}

}  // namespace plumb::history
