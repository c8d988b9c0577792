#include "eval/waivers.h"

#include <algorithm>

namespace plumb::eval {

namespace {

using history::Dictionary;

// The columns of the one kind of record that waives.
struct Columns {
  const history::Column *rule = nullptr, *deal = nullptr, *owed_by = nullptr;
  const history::Column *opened = nullptr, *from = nullptr, *to = nullptr;
};

int waiver_kind(const history::History& history) {
  for (std::size_t i = 0; i < history.kinds.size(); ++i) {
    const history::Kind& kind = history.kinds[i];
    if (kind.of == history::KindClass::record && kind.name == "waiver") return static_cast<int>(i);
  }
  return -1;
}

Columns columns_of(const history::Kind& kind) {
  const auto column = [&](std::string_view name) -> const history::Column* {
    const auto found = std::find_if(kind.columns.begin(), kind.columns.end(),
                                    [&](const history::Column& one) { return one.name == name; });
    return found == kind.columns.end() ? nullptr : &*found;
  };
  return {column("rule"), column("deal"), column("owed_by"), column("opened"), column("from"), column("to")};
}

// What a cell narrows the waiver to. Missing: nothing where it is empty; `readable` is cleared where it cannot be read.
std::int64_t narrowing(const history::Column* column, std::uint32_t row, Waiver& waiver) {
  if (!column) return history::missing;
  if (column->values[row] == history::unreadable) waiver.readable = false;
  return column->values[row];
}

std::uint32_t word(const history::Column* column, std::uint32_t row, Waiver& waiver) {
  const std::int64_t found = narrowing(column, row, waiver);
  return history::is_value(found) ? static_cast<std::uint32_t>(found) : Dictionary::none;
}

time::Day day(const history::Column* column, std::uint32_t row, Waiver& waiver) {
  const std::int64_t found = narrowing(column, row, waiver);
  return history::is_value(found) ? time::Day{static_cast<std::int32_t>(found)} : time::Day::unknown();
}

// A date without a time of day: at some instant of that day.
void take_recorded(const history::Timeline& timeline, std::uint32_t index, const time::Calendar& days, Waiver& waiver) {
  waiver.recorded = waiver.recorded_at_latest = timeline.recorded[index];
  if (timeline.by_day[index] && waiver.recorded == timeline.at[index]) {
    waiver.recorded_at_latest = days.end_of(days.day_of(waiver.recorded));
  }
}

struct Reading {
  const history::History& history;
  const time::Calendar& days;
  Instant known_at, horizon;
  int kind;
  Columns columns;
};

void read(const Reading& from, bool of_person, Waivers& out) {
  const history::History& history = from.history;
  const history::Timeline& timeline = of_person ? history.person_events : history.deal_events;
  const history::Array<std::uint32_t>& subjects = of_person ? history.people.names.ids : history.deals.ids;
  for (std::uint32_t subject = 0; subject + 1 < timeline.first.size(); ++subject) {
    for (std::uint32_t index = timeline.first[subject]; index < timeline.first[subject + 1]; ++index) {
      if (timeline.kind[index] != from.kind || timeline.at[index] >= from.horizon) continue;
      if (timeline.recorded[index].known() && timeline.recorded[index] >= from.known_at) continue;
      Waiver waiver;
      const std::uint32_t row = timeline.row[index];
      waiver.row = {of_person, index};
      waiver.rule = word(from.columns.rule, row, waiver);
      waiver.deal = word(from.columns.deal, row, waiver);
      waiver.person = word(from.columns.owed_by, row, waiver);
      if (!of_person) waiver.deal = subjects[subject];
      // Nobody lets himself off: what he states of himself is about the rule or the deal that it names.
      const bool of_himself = of_person && timeline.actor[index] == subject;
      if (of_himself) waiver.by = subjects[subject];
      if (of_person && !of_himself && waiver.person == Dictionary::none) waiver.person = subjects[subject];
      const std::int64_t opened = narrowing(from.columns.opened, row, waiver);
      if (history::is_value(opened)) waiver.opened = Instant{opened};
      waiver.since = timeline.at[index];
      waiver.from = day(from.columns.from, row, waiver), waiver.to = day(from.columns.to, row, waiver);
      take_recorded(timeline, index, from.days, waiver);
      out.add(waiver);
    }
  }
}

bool fits(const Waiver& waiver, const Waivable& asked) {
  const auto narrows = [](std::uint32_t word) { return word != Dictionary::none; };
  if (narrows(waiver.deal) && waiver.deal != asked.deal) return false;
  if (narrows(waiver.person) && waiver.person != asked.person && waiver.person != asked.debtor) return false;
  if (narrows(waiver.rule) && waiver.rule != asked.rule) return false;
  if (narrows(waiver.by) && (waiver.by == asked.person || waiver.by == asked.debtor)) return false;
  return !waiver.opened.known() || waiver.opened == asked.opened;
}

bool is_in_time(const Waiver& waiver, const Waivable& asked) {
  return waiver.recorded.known() && waiver.recorded_at_latest <= asked.settled;
}

Truth holds(const Waiver& waiver, const Waivable& asked) {
  const bool begun = waiver.from.known() ? asked.day >= waiver.from : asked.covered >= waiver.since;
  if (!begun || (waiver.to.known() && asked.day > waiver.to)) return Truth::no;
  if (waiver.recorded.known() && waiver.recorded >= asked.settled) return Truth::no;
  const bool since_told = waiver.from.known() || waiver.since.known();
  return is_in_time(waiver, asked) && waiver.readable && since_told ? Truth::yes : Truth::unknown;
}

}  // namespace

// One that names nothing lets nobody off.
void Waivers::add(const Waiver& waiver) {
  if (waiver.deal != Dictionary::none) {
    by_deal_[waiver.deal].push_back(waiver);
  } else if (waiver.person != Dictionary::none) {
    by_person_[waiver.person].push_back(waiver);
  } else if (waiver.rule != Dictionary::none) {
    by_rule_[waiver.rule].push_back(waiver);
  }
}

Waived Waivers::find(const Waivable& asked) const {
  Waived found;
  const auto take = [&](const ByWord& waivers, std::uint32_t word) {
    const auto rows = word == Dictionary::none ? waivers.end() : waivers.find(word);
    if (rows == waivers.end()) return;
    for (const Waiver& waiver : rows->second) {
      if (found.holds == Truth::yes || !fits(waiver, asked)) continue;
      const Truth now = eval::holds(waiver, asked);
      if (now > found.holds) found = {now, waiver.row, is_in_time(waiver, asked)};
    }
  };
  take(by_deal_, asked.deal);
  take(by_person_, asked.person);
  if (asked.debtor != asked.person) take(by_person_, asked.debtor);
  take(by_rule_, asked.rule);
  return found;
}

Waivers waivers_of(const history::History& history, const time::Calendar& days, Instant horizon, Instant known_at) {
  Waivers out;
  const int kind = waiver_kind(history);
  if (kind < 0) return out;
  const std::vector<history::Column>& all = history.kinds[static_cast<std::size_t>(kind)].columns;
  if (!all.empty() && all.front().values.empty()) return out;  // none was recorded
  const Reading reading{history, days, known_at,
                        horizon, kind, columns_of(history.kinds[static_cast<std::size_t>(kind)])};
  read(reading, false, out);
  read(reading, true, out);
  return out;
}

}  // namespace plumb::eval
