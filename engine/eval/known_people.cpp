#include "eval/known_people.h"

#include <cstdint>
#include <unordered_map>

namespace plumb::eval {

namespace {

struct Known {
  const history::History& history;
  std::unordered_map<std::int64_t, std::uint32_t> of_word;
  std::vector<bool> known;

  void name(std::int64_t word) {
    const auto found = history::is_value(word) ? of_word.find(word) : of_word.end();
    if (found != of_word.end()) known[found->second] = true;
  }
  void names(const history::Column* column, std::uint32_t row) {
    if (column && row < column->values.size()) name(column->values[row]);
  }
};

const history::Column* column_of(const std::vector<history::Column>& columns, std::string_view name) {
  for (const history::Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

void list(Known& all) {
  const history::People& people = all.history.people;
  for (std::size_t person = 0; person < people.names.size(); ++person) {
    const bool rows = people.first[person] < people.first[person + 1];
    if (rows || people.joined[person].known() || people.left[person].known()) all.known[person] = true;
  }
  for (const history::People::Leave& leave : people.leave) all.known[leave.person] = true;
  if (const history::Column* manager = column_of(people.columns, "manager")) {
    for (const std::int64_t word : manager->values) all.name(word);
  }
}

// The rows of one timeline. Facts without an instant may be of any time.
void act(Known& all, const history::Timeline& timeline, bool of_people, history::Instant horizon) {
  const history::Column* owner = column_of(all.history.deals.columns, "owner");
  for (std::uint32_t subject = 0; subject + 1 < timeline.first.size(); ++subject) {
    for (std::uint32_t i = timeline.first[subject]; i < timeline.first[subject + 1]; ++i) {
      if (timeline.at[i] >= horizon) break;
      if (timeline.actor[i] != UINT32_MAX) all.known[timeline.actor[i]] = true;
      if (of_people) all.known[subject] = true;
      const history::Kind& kind = all.history.kinds[timeline.kind[i]];
      if (kind.of == history::KindClass::created) all.names(owner, subject);
      if (kind.of != history::KindClass::change || kind.name != "owner") continue;
      for (const history::Column& column : kind.columns) all.names(&column, timeline.row[i]);
    }
  }
}

}  // namespace

std::vector<bool> known_people(const history::History& history, history::Instant horizon) {
  Known all{history, {}, std::vector<bool>(history.people.names.size())};
  for (std::uint32_t person = 0; person < history.people.names.size(); ++person) {
    all.of_word.emplace(history.people.names.ids[person], person);
  }
  list(all);
  act(all, history.deal_events, false, horizon);
  act(all, history.person_events, true, horizon);
  return all.known;
}

}  // namespace plumb::eval
