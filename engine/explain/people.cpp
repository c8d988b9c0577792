#include "explain/people.h"

#include <algorithm>
#include <utility>

#include "explain/case.h"
#include "time/calendar.h"

namespace plumb::explain {

namespace {

using history::KindClass;

// The last value of the changes of one kind up to an instant. Missing: `otherwise`.
std::int64_t last_to(const history::History& history, std::uint32_t deal, KindClass of, std::string_view name,
                     time::Instant at, std::int64_t otherwise) {
  const history::Timeline& events = history.deal_events;
  std::int64_t last = otherwise;
  for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1] && events.at[i] <= at; ++i) {
    const history::Kind& kind = history.kinds[events.kind[i]];
    if (kind.of != of || (of == KindClass::change && kind.name != name)) continue;
    for (const history::Column& column : kind.columns) {
      if (column.name == "to") last = column.values[events.row[i]];
    }
  }
  return last;
}

std::string word_of(const history::History& history, std::int64_t word) {
  return history::is_value(word) ? std::string(history.words[static_cast<std::uint32_t>(word)]) : std::string();
}

bool is_closed(const model::Rulebook& book, const std::string& stage) {
  return std::any_of(book.stages.begin(), book.stages.end(),
                     [&](const model::Stage& s) { return s.name == stage && s.end != model::StageEnd::open; });
}

}  // namespace

std::vector<std::string> deals_owned(const model::Rulebook& book, const history::History& history,
                                     const std::string& person, time::Instant at) {
  std::vector<std::pair<std::uint32_t, std::string>> found;
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    if (!person.empty() && owner_of(history, deal, at) != person) continue;
    if (is_closed(book, word_of(history, last_to(history, deal, KindClass::move, {}, at, history::missing)))) continue;
    const std::uint32_t first = history.deal_events.first[deal], last = history.deal_events.first[deal + 1];
    if (first < last && history.deal_events.at[first] > at) continue;
    found.emplace_back(last - first, history.words[history.deals.ids[deal]]);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> deals;
  for (auto& [events, id] : found) deals.push_back(std::move(id));
  return deals;
}

std::vector<std::string> deals_worked_in(const model::Rulebook& book, const history::History& history,
                                         const std::string& person, time::Instant at) {
  const std::uint32_t word = history.words.find(person);
  const auto& names = history.people.names.ids;
  const auto number = static_cast<std::uint32_t>(std::find(names.begin(), names.end(), word) - names.begin());
  std::vector<std::pair<std::uint32_t, std::string>> found;
  const history::Timeline& events = history.deal_events;
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    std::uint32_t own = 0;
    for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1] && events.at[i] <= at; ++i) {
      own += events.actor[i] == number;
    }
    if (own == 0) continue;
    if (is_closed(book, word_of(history, last_to(history, deal, KindClass::move, {}, at, history::missing)))) continue;
    found.emplace_back(own, history.words[history.deals.ids[deal]]);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> deals;
  for (auto& [count, id] : found) deals.push_back(std::move(id));
  return deals;
}

std::vector<std::string> members_of(const history::History& history, const std::string& team, time::Instant at) {
  const history::People& people = history.people;
  std::vector<std::string> members;
  const auto column = std::find_if(people.columns.begin(), people.columns.end(),
                                   [](const history::Column& c) { return c.name == "team"; });
  if (column == people.columns.end()) return members;
  const time::Day day = time::Zone::utc().day_of(at);
  for (std::uint32_t person = 0; person < people.names.size(); ++person) {
    std::string is;
    for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
      if (!people.from[row].known() || people.from[row] <= day) is = word_of(history, column->values[row]);
    }
    if (is == team) members.emplace_back(history.words[people.names.ids[person]]);
  }
  return members;
}

std::int64_t field_of_deal(const history::History& history, std::uint32_t deal, std::string_view field,
                           time::Instant at) {
  const int column = history.deals.column(field);
  std::int64_t initial =
      column < 0 ? history::missing : history.deals.columns[static_cast<std::size_t>(column)].values[deal];
  // A change that says from what it leads tells what was there first.
  const history::Timeline& events = history.deal_events;
  for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
    const history::Kind& kind = history.kinds[events.kind[i]];
    if (kind.of != KindClass::change || kind.name != field) continue;
    for (const history::Column& each : kind.columns) {
      if (each.name == "from" && history::is_value(each.values[events.row[i]])) initial = each.values[events.row[i]];
    }
    break;
  }
  return last_to(history, deal, KindClass::change, field, at, initial);
}

std::string owner_of(const history::History& history, std::uint32_t deal, time::Instant at) {
  return word_of(history, field_of_deal(history, deal, "owner", at));
}

time::Instant begin_of(const history::History& history, std::string_view deal) {
  const std::uint32_t row = find_deal(history, deal);
  if (row == UINT32_MAX) return time::Instant::unknown();
  const history::Timeline& events = history.deal_events;
  time::Instant first = time::Instant::unknown();
  for (std::uint32_t i = events.first[row]; i < events.first[row + 1]; ++i) {
    if (!events.at[i].known()) continue;
    // What happened before it was written down says that it was there.
    if (!first.known()) first = events.at[i];
    if (history.kinds[events.kind[i]].of == KindClass::created) return std::min(first, events.at[i]);
  }
  return first;
}

std::string deal_of(const history::History& history, std::uint32_t index) {
  return std::string(history.words[history.deals.ids[history::owner_of_row(history.deal_events.first, index)]]);
}

std::string anybody_at(const history::History& history) {
  const auto& names = history.people.names;
  return names.size() == 0 ? std::string() : std::string(history.words[names.ids.front()]);
}

}  // namespace plumb::explain
