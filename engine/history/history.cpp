#include "history/history.h"

#include <algorithm>

namespace plumb::history {

int Subjects::column(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

const time::Interval& Coverage::at(std::string_view what) const {
  const auto found = of.find(std::string(what));
  return found == of.end() ? everything : found->second;
}

namespace {

// A planned leave is no event that anything has to be judged by.
bool counts(const History& history, const Timeline& timeline, std::size_t index) {
  const Kind& kind = history.kinds[timeline.kind[index]];
  return timeline.at[index].known() && !(kind.of == KindClass::activity && kind.name == leave_start);
}

}  // namespace

bool tells(const Column* column) {
  const auto told = [](std::int64_t value) { return value != unobserved; };
  return column && std::any_of(column->values.begin(), column->values.end(), told);
}

// Those of a subject are in order, those of unknown instant before the others.
Instant History::last_event() const {
  Instant last = Instant::unknown();
  for (const Timeline* events : {&deal_events, &person_events}) {
    for (std::size_t s = 0; s + 1 < events->first.size(); ++s) {
      for (std::uint32_t i = events->first[s + 1]; i > events->first[s] && events->at[i - 1] > last; --i) {
        if (counts(*this, *events, i - 1)) last = events->at[i - 1];
      }
    }
  }
  return last;
}

Instant History::first_event() const {
  Instant first = Instant::max();
  for (const Timeline* events : {&deal_events, &person_events}) {
    for (std::size_t s = 0; s + 1 < events->first.size(); ++s) {
      for (std::uint32_t i = events->first[s]; i < events->first[s + 1] && events->at[i] < first; ++i) {
        if (counts(*this, *events, i)) first = events->at[i];
      }
    }
  }
  return first == Instant::max() ? Instant::unknown() : first;
}

}  // namespace plumb::history
