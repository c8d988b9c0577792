#include "report/places.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/decimal.h"
#include "report/escape.h"
#include "report/words.h"

namespace plumb::report {

namespace {

using history::History;
using history::KindClass;
using model::OwnerKind;
using time::Instant;

/// A cell as it stood at an instant. Missing: `value` says which way.
struct Cell {
  std::int64_t value = history::unobserved;
  std::uint32_t currency = 0;
};

/// Whose value a place has, and as of when.
struct Reading {
  const View& view;
  std::size_t row;
  Instant at;  // with all that happened then

  const History& history() const { return view.input.history; }
  const model::Rulebook& book() const { return view.input.rulebook; }
  std::uint32_t subject() const { return view.verdicts().subject[row]; }
  bool was_known(Instant recorded) const { return !recorded.known() || recorded < view.input.evaluation.known_at; }
};

Cell cell_at(const history::Column& column, std::uint32_t row) {
  return {column.values[row], column.currency.empty() ? 0 : column.currency[row]};
}

const history::Column* column_named(const std::vector<history::Column>& columns, std::string_view name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

Cell of_deal(const Reading& r, std::uint32_t deal, std::string_view field) {
  const History& history = r.history();
  const int initial = history.deals.column(field);
  Cell cell;
  if (initial >= 0) cell = cell_at(history.deals.columns[static_cast<std::size_t>(initial)], deal);
  const history::Timeline& events = history.deal_events;
  bool first = true;
  for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
    const history::Kind& kind = history.kinds[events.kind[i]];
    if (kind.of != KindClass::change || kind.name != field || !r.was_known(events.recorded[i])) continue;
    const history::Column* from = column_named(kind.columns, "from");
    const history::Column* to = column_named(kind.columns, "to");
    // A change that says from what it leads tells what was there first.
    if (std::exchange(first, false) && from && history::is_value(from->values[events.row[i]])) {
      cell = cell_at(*from, events.row[i]);
    }
    if (!events.at[i].known()) return {};
    if (events.at[i] > r.at) break;
    if (to) cell = cell_at(*to, events.row[i]);
  }
  return cell;
}

Cell of_person(const Reading& r, std::uint32_t person, std::string_view field) {
  const history::People& people = r.history().people;
  const history::Column* column = column_named(people.columns, field);
  if (!column || person >= people.names.size()) return {};
  const time::Day day = r.view.calendar.zone().day_of(r.at);
  Cell cell;
  for (std::uint32_t i = people.first[person]; i < people.first[person + 1]; ++i) {
    if (people.from[i].known() && people.from[i] > day) break;
    cell = cell_at(*column, i);
  }
  return cell;
}

Cell of_account(const Reading& r, std::string_view field) {
  const std::uint32_t account = r.history().account_of(r.subject());
  const history::Column* column = column_named(r.history().accounts.columns, field);
  if (account == history::no_account) return {history::missing, 0};
  return column && history::is_account(account) ? cell_at(*column, account) : Cell{};
}

/// The event that opened the obligation stands in its evidence. Missing: nobody can tell, where none of them has it.
Cell of_event(const Reading& r, std::string_view field) {
  const eval::Verdicts& v = r.view.verdicts();
  const History& history = r.history();
  for (std::uint32_t i = v.evidence_first[r.row]; i < v.evidence_first[r.row + 1]; ++i) {
    const eval::EventRef ref = v.evidence[i];
    const history::Timeline& events = ref.of_person ? history.person_events : history.deal_events;
    if (events.at[ref.index] != v.opened[r.row]) continue;
    const history::Kind& kind = history.kinds[events.kind[ref.index]];
    if (kind.of != KindClass::activity && kind.of != KindClass::record) continue;
    if (const history::Column* column = column_named(kind.columns, field))
      return cell_at(*column, events.row[ref.index]);
  }
  return {};
}

std::string number_text(const model::Type& type, std::int64_t value) {
  if (type.kind == model::TypeKind::percent) return plumb::to_text(Millionths{value} * 100) + "%";
  const std::string number = plumb::to_text(Decimal{value});
  if (type.kind != model::TypeKind::duration) return number;
  return number + time::to_text(time::Duration{value == Decimal::scale ? 1 : 2, type.unit}).substr(1);
}

std::string cell_text(const Reading& r, const model::Field& field, Cell cell) {
  if (cell.value == history::missing) return "no " + field.name;
  if (!history::is_value(cell.value)) return "unknown " + field.name;
  switch (field.type.kind) {
    case model::TypeKind::date:
      return day_text(r.view, r.view.calendar.start_of(time::Day{static_cast<std::int32_t>(cell.value)}));
    case model::TypeKind::instant: return minute_text(r.view, Instant{cell.value});
    case model::TypeKind::boolean: return cell.value != 0 ? "yes" : "no";
    case model::TypeKind::money: {
      const std::string amount = plumb::to_text(Decimal{cell.value});
      return cell.currency ? fmt::format("{} {}", amount, r.history().words[cell.currency]) : amount;
    }
    case model::TypeKind::number:
    case model::TypeKind::count:
    case model::TypeKind::percent:
    case model::TypeKind::duration: return number_text(field.type, cell.value);
    default: return std::string(r.history().words[static_cast<std::uint32_t>(cell.value)]);
  }
}

/// The field of an owner; of activities and records that of any. Missing: nullptr.
const model::Field* field_named(const model::Rulebook& book, std::string_view name, OwnerKind owner) {
  const bool event = owner == OwnerKind::activity;
  for (std::size_t i = 0; i < book.fields.size(); ++i) {
    const model::Field& field = book.fields[Id<model::Field>(i)];
    const bool own = field.owner == owner || (event && field.owner == OwnerKind::record);
    if (own && field.name == name) return &field;
  }
  return nullptr;
}

std::optional<std::uint32_t> person_named(const History& history, Cell cell) {
  if (!history::is_value(cell.value)) return std::nullopt;
  const auto& names = history.people.names.ids;
  const auto found = std::find(names.begin(), names.end(), static_cast<std::uint32_t>(cell.value));
  return found == names.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(found - names.begin()));
}

/// `{role of owner}`.
Cell of_whom(const Reading& r, std::string_view field, std::string_view whom) {
  const bool own = r.view.rule(r.row).subject.kind == model::SubjectKind::person;
  const Cell who = own ? of_person(r, r.subject(), whom) : of_deal(r, r.subject(), whom);
  const auto person = person_named(r.history(), who);
  return person ? of_person(r, *person, field) : Cell{};
}

/// Missing: nullopt where the place names nothing that the obligation's subject has.
std::optional<std::string> place_text(const Reading& r, std::string_view place) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < place.size();) {
    const std::size_t begin = place.find_first_not_of(" \t", at);
    if (begin == std::string_view::npos) break;
    at = std::min(place.find_first_of(" \t", begin), place.size());
    words.push_back(place.substr(begin, at - begin));
  }
  const model::SubjectKind kind = r.view.rule(r.row).subject.kind;
  const bool person = kind == model::SubjectKind::person, deal = kind == model::SubjectKind::deal;
  const auto said = [&](OwnerKind owner, std::string_view name, auto read) -> std::optional<std::string> {
    const model::Field* field = field_named(r.book(), name, owner);
    return field ? std::optional(cell_text(r, *field, read())) : std::nullopt;
  };
  if (words.size() == 1 && deal) {
    return said(OwnerKind::deal, words[0], [&] { return of_deal(r, r.subject(), words[0]); });
  }
  if (words.size() == 1 && person) {
    return said(OwnerKind::person, words[0], [&] { return of_person(r, r.subject(), words[0]); });
  }
  if (words.size() == 2 && words[0] == "its") {
    return said(OwnerKind::activity, words[1], [&] { return of_event(r, words[1]); });
  }
  if (words.size() != 3 || words[1] != "of" || !(deal || person)) return std::nullopt;
  if (words[2] == "account" && deal) return said(OwnerKind::account, words[0], [&] { return of_account(r, words[0]); });
  return said(OwnerKind::person, words[0], [&] { return of_whom(r, words[0], words[2]); });
}

/// The text with what `fill` says for each place, or with the place where it says nothing.
template <class Fill>
std::string with_places(std::string_view text, Fill fill) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool brace = text[at] == '{' || text[at] == '}';
    if (brace && at + 1 < text.size() && text[at + 1] == text[at]) {
      out += text[at++];
      continue;
    }
    const std::size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += text[at];
      continue;
    }
    const std::optional<std::string> value = fill(text.substr(at + 1, close - at - 1));
    out += value ? *value : std::string(text.substr(at, close + 1 - at));
    at = close;
  }
  return out;
}

}  // namespace

std::string filled(const View& view, std::string_view text, std::size_t row) {
  if (text.find_first_of("{}") == std::string_view::npos) return std::string(text);
  const Instant settled = view.verdicts().settled[row], horizon = view.input.evaluation.horizon;
  const Reading reading{view, row, is_date(settled) ? std::min(settled, horizon) : horizon};
  return with_places(text, [&](std::string_view place) { return place_text(reading, place); });
}

std::string expected_of(const View& view, std::size_t row) {
  const model::Rule& rule = view.rule(row);
  const std::string text = expectation_text(view.input.rulebook, rule);
  // A condition is nobody's text.
  return rule.responds_to ? filled(view, text, row) : text;
}

std::string sentence_of(const View& view, std::size_t row) {
  const model::Rule& rule = view.rule(row);
  return rule.responds_to ? filled(view, rule.sentence, row) : rule.sentence;
}

std::string as_agreed(std::string_view text) {
  if (text.find_first_of("{}") == std::string_view::npos) return std::string(text);
  return with_places(text, [](std::string_view) { return std::optional<std::string>(); });
}

}  // namespace plumb::report
