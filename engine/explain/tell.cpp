#include "explain/tell.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "base/decimal.h"
#include "explain/units.h"
#include "report/escape.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using model::TypeKind;

// As a decimal where it is one, else as a fraction.
std::string number_text(eval::Rational r, bool percent) {
  if (!r.exact()) return "unknown";
  eval::Wide scaled;
  const std::string unit = percent ? "%" : "";
  if (__builtin_mul_overflow(r.n, eval::Wide{Decimal::scale} * (percent ? 100 : 1), &scaled)) return "very much";
  if (scaled % r.d == 0) return plumb::to_text(Millionths{scaled / r.d}) + unit;
  // Two decimals are enough for people.
  constexpr std::int64_t hundredth = Decimal::scale / 100;
  return "about " + plumb::to_text(Millionths{scaled / (r.d * hundredth) * hundredth}) + unit;
}

// A day and a moment is more than a day: what is left out may be what decides.
std::string length_text(std::int64_t micros) {
  constexpr std::int64_t second = time::micros_per_second;
  std::int64_t unit = second, below = second;  // the largest unit that is told, and the one below it
  for (const std::int64_t larger : {60 * second, 3'600 * second, 86'400 * second}) {
    if (micros >= larger) below = unit, unit = larger;
  }
  const std::int64_t left_out = micros % below;
  const bool more = micros >= second && left_out > 0 && (left_out < second || micros % unit < below);
  return (more ? "more than " : "") + report::length_text(micros);
}

// In the unit in which it is measured, where that is not a stretch of the clock.
std::string duration_text(eval::Rational r, time::Unit unit) {
  const bool elapsed = unit == time::Unit::minutes || unit == time::Unit::hours || unit == time::Unit::days;
  if (elapsed || !r.exact()) return r.exact() ? length_text(static_cast<std::int64_t>(r.n / r.d)) : "unknown";
  const eval::Rational count = divide(r, eval::exact_length({1, unit}).low);
  const bool one = compare(count, eval::rational(1, 1)) == 0;
  return number_text(count, false) + time::to_text(time::Duration{one ? 1 : 2, unit}).substr(1);
}

std::string amount_text(const Teller& teller, eval::Rational r, const model::Type& type, std::uint32_t currency) {
  if (type.kind == TypeKind::duration) return duration_text(r, type.unit);
  const std::string text = number_text(r, type.kind == TypeKind::percent);
  return currency && currency < teller.history.words.size() ? fmt::format("{} {}", text, teller.history.words[currency])
                                                            : text;
}

std::string id_text(const Teller& teller, TypeKind kind, std::int64_t id) {
  const time::Calendar& calendar = teller.view.calendar;
  switch (kind) {
    case TypeKind::date:
      return report::day_text(teller.view, calendar.start_of(time::Day{static_cast<std::int32_t>(id)}));
    case TypeKind::instant:
    case TypeKind::duration: return report::minute_text(teller.view, Instant{id});
    case TypeKind::boolean: return id != 0 ? "yes" : "no";
    default: {
      const bool word = id >= 0 && static_cast<std::size_t>(id) < teller.history.words.size();
      return std::string(word ? teller.history.words[static_cast<std::uint32_t>(id)]
                              : "a word that the history does not have");
    }
  }
}

bool names_value(const history::Column& column, std::uint32_t row) { return history::is_value(column.values[row]); }

std::string_view source_word(history::Source source) {
  static constexpr std::array<std::string_view, 5> words{"nobody", "claim", "third_party", "buyer", "system"};
  return words[static_cast<std::size_t>(source)];
}

// Whose attributes the rows of a kind have.
Owner owner_of(const history::Kind& kind) {
  switch (kind.of) {
    case history::KindClass::activity: return {model::OwnerKind::activity, kind.name};
    case history::KindClass::record: return {model::OwnerKind::record, kind.name};
    default: return {model::OwnerKind::deal};
  }
}

Owner owner_of(const history::Revision& revision) {
  using What = history::Revision::What;
  switch (revision.what) {
    case What::alters_account: return {model::OwnerKind::account};
    case What::alters_person: return {model::OwnerKind::person};
    case What::new_contact:
    case What::alters_contact: return {model::OwnerKind::contact};
    case What::happens: break;
    default: return {model::OwnerKind::deal};
  }
  if (revision.of == history::KindClass::activity) return {model::OwnerKind::activity, revision.kind};
  if (revision.of == history::KindClass::record) return {model::OwnerKind::record, revision.kind};
  return {model::OwnerKind::deal};
}

std::string cell_text(const Teller& teller, const history::Kind& kind, const history::Column& column,
                      std::uint32_t row) {
  const std::int64_t value = column.values[row];
  if (value == history::missing) return "nothing";
  if (!history::is_value(value)) return "what cannot be read";
  history::Stated stated{column.name, column.type, value, {}};
  if (column.type == history::ValueType::text) stated.word = teller.history.words[static_cast<std::uint32_t>(value)];
  if (!column.currency.empty()) stated.word = teller.history.words[column.currency[row]];
  const bool change = kind.of == history::KindClass::change;
  return field_text(teller, owner_of(kind), change ? kind.name : column.name, stated);
}

std::string with_values(const Teller& teller, const Owner& owner, const std::vector<history::Stated>& values) {
  std::string text;
  for (const history::Stated& stated : values) {
    text += fmt::format("{}{} {}", text.empty() ? " with " : " and ", stated.field,
                        field_text(teller, owner, stated.field, stated));
  }
  return text;
}

// From one instant to another; whole days are called by their names.
std::string span_text(const Teller& teller, Instant since, Instant until) {
  const time::Zone& zone = teller.view.calendar.zone();
  const auto starts_day = [&](Instant at) { return zone.start_of(zone.day_of(at)) == at; };
  if (starts_day(since) && starts_day(until)) {
    const std::string first = report::day_text(teller.view, since);
    const std::string last = report::day_text(teller.view, Instant{until.micros - 1});
    return first == last ? "on " + first : fmt::format("between {} and {}", first, last);
  }
  return fmt::format("between {} and {}", report::minute_text(teller.view, since), deadline_text(teller.view, until));
}

// When a fact has to be: just before a bound is before it.
std::string when_text(const Teller& teller, Instant at, const Bounds& bounds) {
  constexpr std::int64_t minute = 60 * time::micros_per_second;
  if (bounds.since.known() && report::is_date(bounds.until)) return span_text(teller, bounds.since, bounds.until);
  const std::int64_t just = bounds.any_time ? 120 * minute : minute;
  const bool before = report::is_date(bounds.until) && at < bounds.until && bounds.until.micros - at.micros <= just;
  const bool literal = before && !bounds.windowed;
  return literal ? "before " + deadline_text(teller.view, bounds.until) : "at " + report::minute_text(teller.view, at);
}

std::string about_text(const history::Revision& revision) {
  if (revision.subject == "new deal") return "";
  return (revision.of_person ? " about " : " in ") + revision.subject;
}

// What happens, once, without when.
std::string happening_text(const Teller& teller, const history::Revision& revision, bool several) {
  switch (revision.of) {
    case history::KindClass::change: {
      const history::Stated& to = revision.values.front();
      const std::string from =
          revision.source == history::Source::none ? "" : fmt::format(" from {}", source_word(revision.source));
      const std::string what = fmt::format("{} of {}", revision.kind, revision.subject);
      if (to.value == history::missing) return fmt::format("{} emptied{}", what, from);
      return fmt::format("{} stated as {}{}", what, field_text(teller, owner_of(revision), revision.kind, to), from);
    }
    case history::KindClass::move:
      return fmt::format("{} moved to {}", revision.subject, stated_text(teller, revision.values.front()));
    default: break;
  }
  const bool contact = revision.what == history::Revision::What::new_contact;
  return fmt::format("{}{}{}{}", several ? "" : "one more ", contact ? "contact" : revision.kind,
                     with_values(teller, owner_of(revision), revision.values), about_text(revision));
}

// When several facts have to be: each, where there are few that do not stand together, else from the first to the last.
std::string between_text(const Teller& teller, const std::vector<Instant>& times, const Bounds& bound) {
  constexpr std::size_t most_named = 8;
  const Instant first = times.front(), last = times.back();
  if (bound.since.known() && report::is_date(bound.until)) return span_text(teller, bound.since, bound.until);
  const std::string from = report::day_text(teller.view, first), until = report::day_text(teller.view, last);
  if (from != until && times.size() <= most_named) {
    std::string named = "at ";
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (i > 0) named += i + 1 == times.size() ? " and " : ", ";
      named += report::minute_text(teller.view, times[i]);
    }
    return named;
  }
  if (from != until) return fmt::format("between {} and {}", from, until);
  const std::string before = when_text(teller, last, bound);
  if (before.starts_with("before ")) return before;
  return fmt::format("between {} and {}", report::minute_text(teller.view, first),
                     report::minute_text(teller.view, last));
}

}  // namespace

std::string value_text(const Teller& teller, const model::Type& type, const eval::Value& value) {
  switch (value.state) {
    case eval::Value::State::missing: return "missing";
    case eval::Value::State::absent: return "no such attribute";
    case eval::Value::State::unknown: return "unknown";
    case eval::Value::State::known: break;
  }
  const bool number = type.kind == TypeKind::money || type.kind == TypeKind::percent || type.kind == TypeKind::count ||
                      type.kind == TypeKind::number || (type.kind == TypeKind::duration && value.id == 0);
  if (!number) return id_text(teller, type.kind, value.id);
  const std::string low = amount_text(teller, value.low, type, value.currency);
  if (!value.low.exact() || !value.high.exact() || compare(value.low, value.high) == 0) return low;
  // Where it is not observed there may be any number.
  constexpr std::int64_t countless = 1'000'000'000;
  if (type.kind == TypeKind::count && value.high.n / value.high.d >= countless) {
    return value.low.n == 0 ? "unknown" : "at least " + low;
  }
  return fmt::format("between {} and {}", low, amount_text(teller, value.high, type, value.currency));
}

std::string stated_text(const Teller& teller, const history::Stated& stated) {
  if (stated.value == history::missing) return "nothing";
  switch (stated.type) {
    case history::ValueType::text: return stated.word;
    case history::ValueType::decimal: return plumb::to_text(Decimal{stated.value});
    case history::ValueType::money: {
      const std::string amount = plumb::to_text(Decimal{stated.value});
      return stated.word.empty() ? amount : amount + " " + stated.word;
    }
    case history::ValueType::date: return id_text(teller, TypeKind::date, stated.value);
    case history::ValueType::instant: return id_text(teller, TypeKind::instant, stated.value);
    case history::ValueType::boolean: return stated.value != 0 ? "yes" : "no";
  }
  return {};
}

std::string field_text(const Teller& teller, const Owner& owner, std::string_view name, const history::Stated& stated) {
  const bool number = stated.type == history::ValueType::decimal && history::is_value(stated.value);
  for (std::size_t i = 0; number && i < teller.book.fields.size(); ++i) {
    const model::Field& field = teller.book.fields[Id<model::Field>(i)];
    const bool own = field.owner == owner.kind && field.name == name &&
                     (!field.activity || teller.book.activities[field.activity].name == owner.name) &&
                     (!field.record || teller.book.records[field.record].name == owner.name);
    // A percentage is a fraction in its cell.
    if (own && field.type.kind == TypeKind::percent) {
      return number_text(eval::rational(stated.value, Decimal::scale), true);
    }
  }
  return stated_text(teller, stated);
}

std::string origin_text(const history::History& history, history::Origin origin) {
  return origin.file < history.files.size() ? fmt::format("{}:{}", history.files[origin.file], origin.line)
                                            : std::string();
}

std::string event_text(const Teller& teller, eval::EventRef ref) {
  const history::History& history = teller.history;
  const history::Timeline& events = ref.of_person ? history.person_events : history.deal_events;
  const history::Kind& kind = history.kinds[events.kind[ref.index]];
  const std::uint32_t row = events.row[ref.index];
  switch (kind.of) {
    case history::KindClass::created: return "created";
    case history::KindClass::move: return fmt::format("moved to {}", cell_text(teller, kind, kind.columns[1], row));
    case history::KindClass::change: {
      const bool emptied = kind.columns[1].values[row] == history::missing;
      return emptied ? kind.name + " emptied"
                     : fmt::format("{} set to {}", kind.name, cell_text(teller, kind, kind.columns[1], row));
    }
    default: break;
  }
  std::string text = kind.name;
  for (const history::Column& column : kind.columns) {
    if (names_value(column, row)) text += fmt::format(", {} {}", column.name, cell_text(teller, kind, column, row));
  }
  return text;
}

FactLine fact_line(const Teller& teller, eval::EventRef ref) {
  const history::Timeline& events = ref.of_person ? teller.history.person_events : teller.history.deal_events;
  FactLine line;
  line.at = events.at[ref.index];
  line.recorded = events.recorded[ref.index];
  line.by_day = events.by_day[ref.index] != 0;
  line.words = event_text(teller, ref);
  line.where = origin_text(teller.history, events.origin[ref.index]);
  // What an attribute says may have been stated at another time than the rest.
  const history::Kind& kind = teller.history.kinds[events.kind[ref.index]];
  for (const history::Column& column : kind.columns) {
    if (column.recorded.empty() || !names_value(column, events.row[ref.index])) continue;
    const Instant own = column.recorded[events.row[ref.index]];
    if (own == line.recorded || !own.known()) continue;
    line.words += fmt::format(" ({} stated {})", column.name, report::minute_text(teller.view, own));
  }
  return line;
}

std::string revision_text(const Teller& teller, const history::Revision& revision, const Bounds& bound) {
  using What = history::Revision::What;
  const auto kind_of_row = [&]() -> const history::Kind& {
    const history::Timeline& events = revision.of_person ? teller.history.person_events : teller.history.deal_events;
    return teller.history.kinds[events.kind[revision.index]];
  };
  const auto row = [&] {
    const FactLine line = fact_line(teller, {revision.of_person, revision.index});
    const history::Kind& kind = kind_of_row();
    std::string name = kind.of == history::KindClass::move     ? "move"
                       : kind.of == history::KindClass::change ? "change of " + kind.name
                                                               : kind.name;
    return fmt::format("the {} of {}{}", name, report::minute_text(teller.view, line.at),
                       line.where.empty() ? "" : " (" + line.where + ")");
  };
  switch (revision.what) {
    case What::happens: {
      // A value that is stated early stands as long as nobody states another.
      const bool stated = revision.of == history::KindClass::change;
      const Bounds own = stated ? Bounds{bound.since, bound.until, false, bound.any_time} : bound;
      return fmt::format("{} {}", happening_text(teller, revision, false), when_text(teller, revision.at, own));
    }
    case What::leaves_out: return row() + " not having happened";
    case What::alters: {
      const history::Kind& kind = kind_of_row();
      if (revision.values.front().field == "to") {
        return fmt::format("{} gone to {} instead", row(),
                           field_text(teller, owner_of(kind), kind.name, revision.values.front()));
      }
      return fmt::format("{}{}, stated {}", row(), with_values(teller, owner_of(kind), revision.values),
                         when_text(teller, revision.recorded, {{}, bound.until}));
    }
    case What::new_deal:
      return fmt::format("{}{}, created {}", revision.subject, with_values(teller, owner_of(revision), revision.values),
                         when_text(teller, revision.at, bound));
    case What::alters_account:
      return fmt::format("the account {}{}", revision.subject,
                         with_values(teller, owner_of(revision), revision.values));
    case What::new_contact:
      return fmt::format("{} {}", happening_text(teller, revision, false), when_text(teller, revision.at, bound));
    case What::alters_contact:
      return fmt::format("the contact {} of {}{}", revision.kind, revision.subject,
                         with_values(teller, owner_of(revision), revision.values));
    case What::no_contact: return fmt::format("{} being no contact of {}", revision.kind, revision.subject);
    case What::leaves: {
      const time::Day day{static_cast<std::int32_t>(revision.values.front().value)};
      return fmt::format("{} being with the company no more from {} on", revision.subject,
                         report::day_text(teller.view, teller.view.calendar.start_of(day)));
    }
    case What::alters_person:
      return fmt::format("{}{}", revision.subject, with_values(teller, owner_of(revision), revision.values));
  }
  return {};
}

namespace {

// Several of the same, one after the other.
std::string several_text(const Teller& teller, std::span<const Revisions> units, const Bounds& bound) {
  const Revisions& first = units.front();
  const history::Revision& what = first.front();
  std::vector<Instant> times;
  for (const Revisions& unit : units) times.push_back(unit.back().at);
  const std::string many = report::number_text(units.size()), when = between_text(teller, times, bound);
  if (what.what != history::Revision::What::new_deal) {
    const std::string more =
        what.of == history::KindClass::activity || what.of == history::KindClass::record ? " more" : "";
    return fmt::format("{}, {}{} times {}", happening_text(teller, what, true), many, more, when);
  }
  std::string text = fmt::format("{} new deals{}", many, with_values(teller, owner_of(what), what.values));
  for (std::size_t i = 1; i < first.size(); ++i) {
    history::Revision fact = first[i];
    const bool moved = fact.of == history::KindClass::move;
    fact.subject = moved ? "each" : "new deal";
    text += (moved ? ", " : ", each with ") + happening_text(teller, fact, false);
  }
  return fmt::format("{}, {}", text, when);
}

}  // namespace

std::vector<std::string> change_texts(const Teller& teller, const std::vector<history::Revision>& revisions,
                                      const Bounds& bound) {
  std::vector<Revisions> units = units_of(revisions);
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < units.size();) {
    std::size_t end = at + 1;
    while (end < units.size() && are_alike(units[at], units[end])) ++end;
    if (end - at > 1) {
      texts.push_back(several_text(teller, std::span(units).subspan(at, end - at), bound));
    } else {
      // What happens in a new deal may happen there again.
      texts.push_back(revision_text(teller, units[at].front(), bound));
      for (std::size_t i = units[at].size(); i > 1; --i) {
        units.insert(units.begin() + static_cast<std::ptrdiff_t>(end), {units[at][i - 1]});
      }
    }
    at = end;
  }
  return texts;
}

std::string deadline_text(const report::View& view, Instant at) {
  const time::Zone& zone = view.calendar.zone();
  const time::Day day = zone.day_of(at);
  if (!report::is_date(at) || zone.start_of(day) != at) return report::minute_text(view, at);
  return report::day_text(view, zone.start_of(day - 1)) + " 24:00";
}

std::string short_day(time::Day day, time::Day after) {
  static constexpr std::array<const char*, 7> weekdays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const time::YearMonthDay date = time::parts_of(day);
  const char* weekday = weekdays[static_cast<std::size_t>(time::weekday_of(day) - 1)];
  const bool same = after.known() && time::parts_of(after).month == date.month;
  return same ? fmt::format("{} {}", weekday, date.day)
              : fmt::format("{} {} {}", weekday, date.day, months[static_cast<std::size_t>(date.month - 1)]);
}

}  // namespace plumb::explain
