#include "explain/tell.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/decimal.h"
#include "eval/shown.h"
#include "report/escape.h"
#include "report/words.h"
#include "time/names.h"

namespace plumb::explain {

namespace {

using model::TypeKind;

std::string number_text(eval::Rational r, const model::Type& type, std::optional<eval::Rational> asked) {
  if (!r.exact()) return "unknown";
  const auto millionths = [](eval::Rational number) {
    return eval::multiply(number, eval::rational(Decimal::scale, 1));
  };
  const eval::Rational number = millionths(r);
  if (!number.exact()) return "very much";
  if (asked) asked = asked->exact() ? std::optional(millionths(*asked)) : std::nullopt;
  const bool percent = type.kind == TypeKind::percent;
  const Millionths shown = eval::shown(number, asked && asked->exact() ? asked : std::nullopt, type);
  return plumb::to_text(shown * (percent ? 100 : 1)) + (percent ? "%" : "");
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
std::string duration_text(eval::Rational r, const model::Type& type, std::optional<eval::Rational> asked) {
  const time::Unit unit = type.unit;
  const bool elapsed = unit == time::Unit::minutes || unit == time::Unit::hours || unit == time::Unit::days;
  if (elapsed || !r.exact()) return r.exact() ? length_text(static_cast<std::int64_t>(r.n / r.d)) : "unknown";
  const eval::Rational one = eval::exact_length({1, unit}).low;
  if (asked) asked = asked->exact() ? std::optional(divide(*asked, one)) : std::nullopt;
  const eval::Rational count = divide(r, one);
  const bool single = compare(count, eval::rational(1, 1)) == 0;
  return number_text(count, type, asked) + time::to_text(time::Duration{single ? 1 : 2, unit}).substr(1);
}

std::string amount_text(const Teller& teller, eval::Rational r, const model::Type& type, std::uint32_t currency,
                        std::optional<eval::Rational> asked) {
  if (type.kind == TypeKind::duration) return duration_text(r, type, asked);
  const std::string text = number_text(r, type, asked);
  return currency ? fmt::format("{} {}", text, report::currency_text(teller.book, teller.history, currency)) : text;
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

}  // namespace

Owner owner_of(const history::Kind& kind) {
  switch (kind.of) {
    case history::KindClass::activity: return {model::OwnerKind::activity, kind.name};
    case history::KindClass::record: return {model::OwnerKind::record, kind.name};
    default: return {model::OwnerKind::deal};
  }
}

std::string value_text(const Teller& teller, const model::Type& type, const eval::Value& value,
                       std::optional<eval::Rational> asked) {
  switch (value.state) {
    case eval::Value::State::missing: return "missing";
    case eval::Value::State::absent: return "no such attribute";
    case eval::Value::State::unknown: return "unknown";
    case eval::Value::State::known: break;
  }
  const bool number = type.kind == TypeKind::money || type.kind == TypeKind::percent || type.kind == TypeKind::count ||
                      type.kind == TypeKind::number || (type.kind == TypeKind::duration && value.id == 0);
  if (!number) return id_text(teller, type.kind, value.id);
  const std::string low = amount_text(teller, value.low, type, value.currency, asked);
  if (!value.low.exact() || !value.high.exact() || compare(value.low, value.high) == 0) return low;
  // Where it is not observed there may be any number.
  constexpr std::int64_t countless = 1'000'000'000;
  if (type.kind == TypeKind::count && value.high.n / value.high.d >= countless) {
    return value.low.n == 0 ? "unknown" : "at least " + low;
  }
  return fmt::format("between {} and {}", low, amount_text(teller, value.high, type, value.currency, asked));
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
      return number_text(eval::rational(stated.value, Decimal::scale), field.type, std::nullopt);
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

std::string deadline_text(const report::View& view, Instant at) {
  const time::Zone& zone = view.calendar.zone();
  const time::Day day = zone.day_of(at);
  if (!report::is_date(at) || zone.start_of(day) != at) return report::minute_text(view, at);
  return report::day_text(view, zone.start_of(day - 1)) + " 24:00";
}

std::string short_day(time::Day day, time::Day after) {
  const time::YearMonthDay date = time::parts_of(day);
  const std::string_view weekday = time::short_name(time::weekday_name(time::weekday_of(day)));
  const bool same = after.known() && time::parts_of(after).month == date.month;
  return same ? fmt::format("{} {}", weekday, date.day)
              : fmt::format("{} {} {}", weekday, date.day, time::short_name(time::month_name(date.month)));
}

}  // namespace plumb::explain
