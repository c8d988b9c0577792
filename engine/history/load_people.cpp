#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "history/load_finish.h"
#include "history/load_named.h"
#include "history/who_is_there.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

// Examples for people.
constexpr std::size_t most_strangers = 5;

struct Crowd {
  WordIndex index;  // word → its place in `words`, later its number
  std::vector<std::uint32_t> words;

  void add(std::int64_t word) {
    if (!is_value(word) || index.find(static_cast<std::uint32_t>(word)) != nobody) return;
    index.set(static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(words.size()));
    words.push_back(static_cast<std::uint32_t>(word));
  }
  bool has(std::uint32_t word) const { return index.find(word) != nobody; }
};

bool stands(const RawEvents& events, std::size_t i) { return events.subject(i) != nobody; }

// Of whom records are.
void add_subjects(const Raw& raw, Crowd& crowd) {
  for (std::size_t i = 0; i < raw.person_events.size(); ++i) crowd.add(raw.person_events.subject(i));
}

// Whoever acts, owns, manages or is spoken of, and whom a field of people names.
void add_everybody(const Raw& raw, const Schema& schema, Crowd& crowd) {
  each_named(raw, schema, [&](std::int64_t word, std::string_view, auto) { crowd.add(word); });
  add_subjects(raw, crowd);
  for (const RawLeave& leave : raw.leave) crowd.add(leave.word);
}

void refuse_stranger(Raw& raw, Place place, std::uint32_t word) {
  raw.refuse(place);
  raw.complain(place, true, [&] { return fmt::format("no row says that {} is a person", in_ticks(raw.words[word])); });
}

// What is said about somebody whom no person row names.
void refuse_strangers(Raw& raw, const Crowd& crowd) {
  for (std::size_t i = 0; i < raw.person_events.size(); ++i) {
    const std::uint32_t subject = raw.person_events.subject(i);
    if (crowd.has(subject)) continue;
    refuse_stranger(raw, raw.person_events.place(i), subject);
    raw.person_events.leave_out(i);
  }
  const auto gone = std::remove_if(raw.leave.begin(), raw.leave.end(), [&](const RawLeave& leave) {
    if (crowd.has(leave.word)) return false;
    refuse_stranger(raw, leave.place, leave.word);
    return true;
  });
  raw.leave.erase(gone, raw.leave.end());
}

// Somebody whom the data names and no row describes, where that is said first.
struct Named {
  Place place;
  std::string_view as;
  std::uint32_t word = 0;
};

std::vector<Named> find_strangers(const Raw& raw, const Schema& schema, const Crowd& crowd) {
  Crowd known;
  std::vector<Named> strangers;
  each_named(raw, schema, [&](std::int64_t word, std::string_view as, auto place) {
    if (!is_value(word) || crowd.has(static_cast<std::uint32_t>(word))) return;
    known.add(word);
    const std::uint32_t at = known.index.find(static_cast<std::uint32_t>(word));
    const Named here{place(), as, static_cast<std::uint32_t>(word)};
    if (at == strangers.size()) {
      strangers.push_back(here);
    } else if (here.place < strangers[at].place) {
      strangers[at] = here;
    }
  });
  std::sort(strangers.begin(), strangers.end(), [&](const Named& a, const Named& b) {
    return a.place != b.place ? a.place < b.place : raw.words[a.word] < raw.words[b.word];
  });
  return strangers;
}

// Where rows list people each is said once who is none of them; where none do, that all of them are nobody.
void report_strangers(Raw& raw, const Schema& schema, const Crowd& crowd, bool listed) {
  const std::vector<Named> strangers = find_strangers(raw, schema, crowd);
  raw.strangers.people = strangers.size();
  for (std::size_t i = 0; i < strangers.size() && i < most_strangers; ++i) {
    const Origin origin = raw.origin(strangers[i].place);
    raw.strangers.first.push_back(
        {std::string(raw.words[strangers[i].word]), std::string(strangers[i].as), origin.file, origin.line});
  }
  for (const Named& one : strangers) {
    raw.complain(one.place, false, [&] {
      const std::string who = fmt::format("{} {}", in_ticks(raw.words[one.word]), one.as);
      if (listed) return fmt::format("{}, and no row says that this is a person", who);
      return fmt::format(
          "{}, and no row of the mapping is a person ({} so): to the rules that is nobody; say `people: {{ actors: "
          "true }}` in the mapping, or which rows are people (`is: person`)",
          who, strangers.size() == 1 ? "1 is named" : fmt::format("{} are named", strangers.size()));
    });
    if (!listed) return;
  }
}

bool acts(const RawEvents& events, std::uint32_t actor) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events.actor(i) == actor && stands(events, i)) return true;
  }
  return false;
}

bool is_told_of(const RawEvents& events, std::uint32_t person) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events.subject(i) == person) return true;
  }
  return false;
}

// Who did what stands in a file without a column for it is whoever nobody knows, where another row of its kind tells;
// of what none tells nothing is told, of anybody: then none of its rows stands out.
void settle_unsaid_actors(Raw& raw) {
  const std::uint32_t word = raw.words.find(unsaid);
  if (word == Dictionary::none) return;
  std::vector<std::uint8_t> told(raw.kinds.size());
  for (RawEvents* events : {&raw.deal_events, &raw.person_events}) {
    for (std::size_t i = 0; i < events->size(); ++i) {
      const std::uint32_t actor = events->actor(i);
      if (actor != nobody && actor != word && stands(*events, i)) told[events->kind(i)] = 1;
    }
  }
  const std::uint32_t unknown = raw.words.add(not_known);
  for (RawEvents* events : {&raw.deal_events, &raw.person_events}) {
    for (std::size_t i = 0; i < events->size(); ++i) {
      if (events->actor(i) == word) events->set_actor(i, told[events->kind(i)] != 0 ? unknown : nobody);
    }
  }
}

Crowd find_people(Raw& raw, const Mapping& mapping, const Schema& schema) {
  Crowd crowd;
  const bool listed = has_rows(mapping, RowKind::person);
  for (const RawPersonRow& row : raw.person_rows) crowd.add(row.word);
  settle_unsaid_actors(raw);
  const std::uint32_t unknown = raw.words.find(not_known);
  const bool somebody =
      unknown != Dictionary::none &&
      (acts(raw.deal_events, unknown) || acts(raw.person_events, unknown) || is_told_of(raw.person_events, unknown));
  if (somebody) crowd.add(unknown);
  const std::uint32_t unnamed = raw.words.find(mapping.unnamed_actor);
  if (unnamed != 0 && (acts(raw.deal_events, unnamed) || acts(raw.person_events, unnamed))) crowd.add(unnamed);
  if (mapping.actors_are_people) {
    add_everybody(raw, schema, crowd);
  } else if (listed) {
    refuse_strangers(raw, crowd);
  } else {
    add_subjects(raw, crowd);
    for (const RawLeave& leave : raw.leave) crowd.add(leave.word);
  }
  if (!mapping.actors_are_people) report_strangers(raw, schema, crowd, listed);
  return crowd;
}

void number(Crowd& crowd, const Words& words, Subjects& names) {
  for (std::uint32_t old : by_text(words, crowd.words)) {
    names.ids.push_back(crowd.words[old]);
    crowd.index.set(crowd.words[old], static_cast<std::uint32_t>(names.ids.size() - 1));
  }
  names.origin.resize(names.ids.size());
}

bool says(const Column& column, std::uint32_t row) {
  return column.values[row] != unobserved && column.values[row] != unreadable;
}

// Whether two rows of a table say the same wherever both say anything: of what nobody knows by the one, whose file may
// have no column for it, the other tells.
bool agree(const Table& table, std::uint32_t row, std::uint32_t other) {
  return std::ranges::all_of(table.columns, [&](const Column& column) {
    if (!says(column, row) || !says(column, other)) return true;
    if (column.values[row] != column.values[other]) return false;
    if (!column.currency.empty() && column.currency[row] != column.currency[other]) return false;
    return column.recorded.empty() || column.recorded[row] == column.recorded[other];
  });
}

void take_what_it_says(Table& table, std::uint32_t row, std::uint32_t from) {
  for (Column& column : table.columns) {
    if (says(column, row) || !says(column, from)) continue;
    column.values.set(row, column.values[from]);
    if (!column.currency.empty()) column.currency[row] = column.currency[from];
    if (!column.recorded.empty()) column.recorded[row] = column.recorded[from];
  }
}

// Two rows about a person from the same day on: those that differ in no value are one, which tells of each day that
// either tells of; of others the first in the files stands.
bool stands_beside(Raw& raw, std::uint32_t row, std::uint32_t other) {
  const RawPersonRow& a = raw.person_rows[row];
  const RawPersonRow& b = raw.person_rows[other];
  if (a.word != b.word || a.from != b.from) return true;
  if (agree(raw.people, row, other) && a.joined == b.joined && a.left == b.left) {
    RawPersonRow& stands = raw.person_rows[other];
    take_what_it_says(raw.people, other, row);
    stands.joined_unsaid &= a.joined_unsaid, stands.left_unsaid &= a.left_unsaid;
    raw.merge(a.place, b.place);
    return false;
  }
  raw.refuse(a.place);
  raw.complain(a.place, true, [&] {
    const std::string since = a.from.known() ? " from " + time::to_text(a.from) + " on" : "";
    return fmt::format("{}{} already stands at {} with other values", in_ticks(raw.words[a.word]), since,
                       raw.cite(b.place));
  });
  return false;
}

// The rows that stand, by person and day.
std::vector<std::uint32_t> order_rows(Raw& raw, const Crowd& crowd) {
  const auto& rows = raw.person_rows;
  std::vector<std::uint32_t> sorted(rows.size()), kept;
  std::iota(sorted.begin(), sorted.end(), 0u);
  const auto key = [&](std::uint32_t i) {
    return std::tuple(crowd.index.find(rows[i].word), rows[i].from, rows[i].place);
  };
  std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  for (std::uint32_t row : sorted) {
    if (kept.empty() || stands_beside(raw, row, kept.back())) kept.push_back(row);
  }
  return kept;
}

// The last row that says when somebody joined or left counts; two that differ are said.
void settle_day(Raw& raw, const RawPersonRow& row, Day said, Day& known, std::string_view what) {
  if (!said.known()) return;
  if (known.known() && known != said) {
    raw.complain(row.place, false, [&] {
      return fmt::format("{} {} on {} here and on {} in an earlier row; this one counts", in_ticks(raw.words[row.word]),
                         what, time::to_text(said), time::to_text(known));
    });
  }
  known = said;
}

// Whether nobody knows since when somebody is there, or until when: no row of his tells.
std::vector<std::uint8_t> whose_days_are_unsaid(const Raw& raw, const Crowd& crowd,
                                                const std::vector<std::uint32_t>& rows) {
  constexpr std::uint8_t joined = 1, left = 2, unsaid = 4, first = 8;
  std::vector<std::uint8_t> said(crowd.words.size());
  for (const std::uint32_t i : rows) {
    const RawPersonRow& row = raw.person_rows[i];
    std::uint8_t& person = said[crowd.index.find(row.word)];
    // The first row says since when somebody is there, where it begins on a day; those after it what changed.
    if (!row.joined_unsaid || (row.from.known() && (person & first) == 0)) person |= joined;
    if (!row.left_unsaid) person |= left;
    person |= first;
    if (row.joined_unsaid || row.left_unsaid) person |= unsaid;
  }
  for (std::uint8_t& person : said) person = (person & unsaid) != 0 && (person & (joined | left)) != (joined | left);
  return said;
}

// That nobody knows whether somebody is there is what `active` says then, unless it says something itself.
void settle_unsaid_days(Raw& raw, const Crowd& crowd, const std::vector<std::uint32_t>& rows) {
  const std::vector<std::uint8_t> unsaid = whose_days_are_unsaid(raw, crowd, rows);
  if (std::find(unsaid.begin(), unsaid.end(), 1) == unsaid.end()) return;
  const int declared = raw.people.find(who_is_there);
  const bool otherwise =
      declared >= 0 && raw.people.columns[static_cast<std::size_t>(declared)].type != ValueType::boolean;
  const std::string_view name = otherwise ? who_is_there_besides : who_is_there;
  Column& active = raw.people.columns[raw.people.column(name, ValueType::boolean)];
  for (const std::uint32_t i : rows) {
    if (unsaid[crowd.index.find(raw.person_rows[i].word)] != 0 && !is_value(active.values[i]))
      active.values.set(i, unreadable);
  }
}

void fill_rows(Raw& raw, const Crowd& crowd, const std::vector<std::uint32_t>& rows, People& people) {
  people.first.assign(people.names.size() + 1, 0);
  people.joined.resize(people.names.size());
  people.left.resize(people.names.size());
  for (std::uint32_t i : rows) {
    const RawPersonRow& row = raw.person_rows[i];
    const std::uint32_t person = crowd.index.find(row.word);
    ++people.first[person + 1];
    people.from.push_back(row.from);
    settle_day(raw, row, row.joined, people.joined[person], "joined");
    settle_day(raw, row, row.left, people.left[person], "left");
    if (people.names.origin[person].file == UINT32_MAX) people.names.origin[person] = raw.origin(row.place);
  }
  std::partial_sum(people.first.begin(), people.first.end(), people.first.begin());
  const std::vector<Instant> no_time(rows.size());
  for (std::size_t c = 0; c < raw.people.columns.size(); ++c) {
    people.columns.push_back(gather(raw.people.columns[c], raw.people.own_time[c], rows, no_time));
  }
}

void fill_leave(Raw& raw, const Crowd& crowd, People& people) {
  const auto key = [&](const RawLeave& l) {
    return std::tuple(crowd.index.find(l.word), l.from, l.to, l.recorded, l.place);
  };
  std::sort(raw.leave.begin(), raw.leave.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const RawLeave* last = nullptr;
  for (const RawLeave& leave : raw.leave) {
    const bool same = last && last->word == leave.word && last->from == leave.from && last->to == leave.to &&
                      last->recorded == leave.recorded;
    if (same) {
      raw.merge(leave.place, last->place);
      continue;
    }
    people.leave.push_back(
        {leave.recorded, crowd.index.find(leave.word), leave.from, leave.to, raw.origin(leave.place)});
    last = &leave;
  }
}

}  // namespace

WordIndex finish_people(Raw& raw, const Mapping& mapping, const Schema& schema, History& history) {
  Crowd crowd = find_people(raw, mapping, schema);
  number(crowd, raw.words, history.people.names);
  const std::vector<std::uint32_t> rows = order_rows(raw, crowd);
  settle_unsaid_days(raw, crowd, rows);
  fill_rows(raw, crowd, rows, history.people);
  fill_leave(raw, crowd, history.people);
  return std::move(crowd.index);
}

}  // namespace plumb::history::loading
