#include "history/load_cells.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/decimal.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

struct Amount {
  std::string_view number, currency;
};

// 20000 USD · USD 20000 · 20000
Amount split(std::string_view text) {
  std::size_t front = 0, back = text.size();
  while (front < text.size() && is_letter(text[front])) ++front;
  while (back > front && is_letter(text[back - 1])) --back;
  if (front == 3 && back == text.size()) return {trimmed(text.substr(3)), text.substr(0, 3)};
  if (front == 0 && text.size() - back == 3) return {trimmed(text.substr(0, back)), text.substr(back)};
  return {text, {}};
}

struct Upper {
  explicit Upper(std::string_view currency) {
    for (std::size_t i = 0; i < 3 && i < currency.size(); ++i) {
      const char c = currency[i];
      letters[i] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  std::string_view view() const { return {letters, 3}; }
  char letters[3] = {' ', ' ', ' '};
};

bool is_currency(std::string_view text) { return text.size() == 3 && std::all_of(text.begin(), text.end(), is_letter); }

}  // namespace

std::string_view CellReader::other_text(const CellPlan& plan) const {
  if (!plan.given) return {};
  const std::string_view text =
      plan.column >= 0 ? trimmed(cells[static_cast<std::size_t>(plan.column)]) : plan.constant;
  if (plan.empty_words) {
    for (const std::string& word : *plan.empty_words) {
      if (text == word) return {};
    }
  }
  return text;
}

std::string_view CellReader::plain_text(const CellPlan& plan) const {
  std::string_view text = this->text(plan);
  if (text.size() > 1 && text.front() == '\'') text.remove_prefix(1);
  return text;
}

bool CellReader::renamed(const CellPlan& plan, std::string_view& text) {
  if (plan.rename.empty() && !plan.rename_all) return true;
  const auto found = plan.rename.find(text);
  if (found != plan.rename.end()) {
    text = found->second;
    return true;
  }
  if (!plan.rename_all || text.empty()) return true;
  why = fmt::format("{}: the mapping does not say what {} is", plan.label, in_ticks(text));
  return false;
}

std::int64_t CellReader::word(CellPlan& plan) {
  std::string_view text = this->text(plan);
  if (plan.escapes && text.starts_with('\\') && needs_escape(text)) text.remove_prefix(1);
  if (const std::int64_t* known = plan.known.find(text)) return *known;
  const bool plain = plan.rename.empty() && !plan.rename_all && !plan.choices;
  const std::int64_t value = plain ? (text.empty() ? missing : words.add(text, plan.next)) : look_up(plan, text);
  if (plain && value != missing) plan.next = static_cast<std::uint32_t>(value) + 1;
  if (value != unreadable) plan.known.keep(text, value);
  return value;
}

std::int64_t CellReader::look_up(const CellPlan& plan, std::string_view text) {
  std::string_view ours = text;
  if (!renamed(plan, ours)) return unreadable;
  if (plan.choices && !ours.empty()) {
    const auto same = [&](const std::string& choice) { return same_letters(choice, ours); };
    const auto exact = std::find(plan.choices->begin(), plan.choices->end(), ours);
    const auto found =
        exact != plan.choices->end() ? exact : std::find_if(plan.choices->begin(), plan.choices->end(), same);
    if (found == plan.choices->end()) {
      why = fmt::format("{}: {} is none of {}", plan.label, in_ticks(text), listed(*plan.choices));
      return unreadable;
    }
    ours = *found;
  }
  return ours.empty() ? missing : words.add(ours);
}

namespace {

// Whether it would be a number if its digits were smaller ones.
bool is_too_large(std::string_view number, const CellPlan& plan) {
  std::string small(number);
  for (char& c : small) {
    if (c == plan.point) break;
    if (c >= '0' && c <= '9') c = '0';
  }
  return !parse_decimal(number, plan.point, plan.group) && parse_decimal(small, plan.point, plan.group);
}

// What could not be read tells how the others, which can be read either way, are meant.
std::string_view other_marks(std::string_view number, const CellPlan& plan) {
  const bool comma = plan.point == '.';
  if (!parse_decimal(number, comma ? ',' : '.', comma ? '.' : ',')) return {};
  return comma
             ? "; with a decimal comma it is one: if numbers are written so here, `decimal: comma` says it, and others "
               "such as `1.000` are read wrong until then"
             : "; with a decimal point it is one: if numbers are written so here, `decimal: point` says it, and others "
               "such as `1,000` are read wrong until then";
}

}  // namespace

std::int64_t CellReader::too_large(const CellPlan& plan, std::string_view text) {
  why = fmt::format("{}: {} is too large: numbers go up to {}", plan.label, in_ticks(text),
                    to_text(Decimal{INT64_MAX / Decimal::scale * Decimal::scale}));
  return unreadable;
}

std::int64_t CellReader::decimal(const CellPlan& plan, std::string_view text) {
  const bool percent = text.back() == '%';
  const std::string_view number = percent ? trimmed(text.substr(0, text.size() - 1)) : text;
  const std::optional<Decimal> value = parse_decimal(number, plan.point, plan.group);
  if (value && !percent && plan.whole && value->millionths % Decimal::scale != 0) {
    why = fmt::format("{}: {} is no whole number, and what it is read for counts", plan.label, in_ticks(text));
    return unreadable;
  }
  if (value && !percent && !plan.percent) return value->millionths;
  if (is_too_large(number, plan)) return too_large(plan, text);
  if (value && value->millionths % 100 == 0) return value->millionths / 100;
  why = fmt::format("{}: {} is no number with at most six decimals{}", plan.label, in_ticks(text),
                    other_marks(number, plan));
  return unreadable;
}

Cell CellReader::money(CellPlan& plan, std::string_view text) {
  const Amount amount = split(text);
  const std::optional<Decimal> value = parse_decimal(amount.number, plan.point, plan.group);
  if (!value && is_too_large(amount.number, plan)) return {too_large(plan, text), 0, false};
  if (!value) {
    why = fmt::format("{}: {} is no amount of money such as 20000 or 20000 USD{}", plan.label, in_ticks(text),
                      other_marks(amount.number, plan));
    return {unreadable, 0, false};
  }
  std::string_view beside;
  for (std::size_t i = 0; i < plan.currency_columns.size() && beside.empty(); ++i) {
    beside = trimmed(cells[static_cast<std::size_t>(plan.currency_columns[i])]);
  }
  if (!beside.empty() && !is_currency(beside)) {
    why = fmt::format("{}: {} beside {} is no currency such as USD", plan.label, in_ticks(beside), in_ticks(text));
    return {unreadable, 0, false};
  }
  if (!beside.empty() && !amount.currency.empty() && !same_letters(beside, amount.currency)) {
    why = fmt::format("{}: {} stands beside the currency {}", plan.label, in_ticks(text), in_ticks(beside));
    return {unreadable, 0, false};
  }
  const std::string_view own = amount.currency.empty() ? beside : amount.currency;
  return {value->millionths, own.empty() ? plan.currency : words.add(Upper(own).view()), false};
}

std::int64_t CellReader::boolean(std::string_view text) {
  for (std::string_view yes : {"true", "yes", "1", "t", "y"}) {
    if (same_letters(text, yes)) return 1;
  }
  for (std::string_view no : {"false", "no", "0", "f", "n"}) {
    if (same_letters(text, no)) return 0;
  }
  return unreadable;
}

void CellReader::note_offset(const CellPlan& plan, std::string_view text, bool has_offset) {
  if (plan.column < 0) return;
  OffsetUse& use = offsets[static_cast<std::size_t>(plan.column)];
  std::uint32_t& first = has_offset ? use.with : use.without;
  if (first != UINT32_MAX) return;
  first = row;
  (has_offset ? use.with_text : use.without_text) = in_ticks(text);
  if (!has_offset) use.zone = plan.zone.name();
}

namespace {

// What stands before the time of day.
std::string_view day_in(std::string_view text) { return text.substr(0, text.find_first_of("T ")); }

/// What settles in which order a date was written that is none in the order asked for. Missing: empty for what is a
/// date in no order, and for a canonical folder, where the year is first.
std::string which_order(const CellPlan& plan, std::string_view text) {
  using time::DateOrder;
  if (plan.mark_is_unknown) return {};
  const auto reads = [&](DateOrder order) { return time::parse_reading(day_in(text), time::Zone::utc(), order).ok(); };
  if (reads(plan.order)) return {};  // it is the time of day that is wrong
  const bool day = reads(DateOrder::day_month_year), month = reads(DateOrder::month_day_year);
  constexpr std::string_view there = "in the mapping";
  if (day && month) return fmt::format("; --dates day or --dates month says what comes first, or `dates` {}", there);
  if (!day && !month) return {};
  return fmt::format("; --dates {0} reads it, or `dates: {0} first` {1}", day ? "day" : "month", there);
}

// In a canonical folder what is not known is an empty cell or a `?`.
bool is_none(const CellPlan& plan, const time::Reading& reading) {
  constexpr std::int64_t second_of_1970 = 24LL * 3600 * time::micros_per_second;
  const bool later = reading.at.known() && reading.at.micros > second_of_1970;  // nearly all
  return !later && !plan.mark_is_unknown && time::stands_for_none(reading, plan.zone);
}

}  // namespace

Moment CellReader::no_moment(const CellPlan& plan, std::string_view text) {
  why = fmt::format("{}: {} is what systems write that have no time, and was none", plan.label, in_ticks(text));
  return {Moment::Got::unreadable, {}, false};
}

Moment CellReader::moment(CellPlan& plan) {
  std::string_view text = plain_text(plan);
  if (!renamed(plan, text)) return {Moment::Got::unreadable, {}, false};
  if (text.empty()) return {};
  if (time::Reading common; !plan.day_alone && plan.times.read(text, plan.zone, common)) {
    if (is_none(plan, common)) return no_moment(plan, text);
    note_offset(plan, text, common.has_offset);
    return {Moment::Got::value, common.at, false};
  }
  const Result<time::Reading> reading =
      time::parse_reading(plan.day_alone ? day_in(text) : text, plan.zone, plan.order);
  if (!reading) {
    why = fmt::format("{}: {}{}", plan.label, reading.error(), which_order(plan, text));
    return {Moment::Got::unreadable, {}, false};
  }
  if (is_none(plan, *reading)) return no_moment(plan, text);
  if (reading->at.known()) {
    note_offset(plan, text, reading->has_offset);
    return {Moment::Got::value, reading->at, false};
  }
  return {Moment::Got::value, default_zone.start_of(reading->day), true};
}

std::int64_t CellReader::instant(CellPlan& plan) {
  const Moment moment = this->moment(plan);
  if (moment.got == Moment::Got::empty) return missing;
  if (moment.got == Moment::Got::unreadable) return unreadable;
  if (!moment.by_day) return moment.at.micros;
  why = fmt::format("{}: {} is a day without a time of day", plan.label, in_ticks(text(plan)));
  return unreadable;
}

std::int64_t CellReader::day(CellPlan& plan) {
  std::string_view text = plain_text(plan);
  if (const std::int64_t* known = plan.known.find(text)) return *known;
  const std::string_view cell = text;
  if (!renamed(plan, text)) return unreadable;
  if (text.empty()) return missing;
  // The day stays the one that is written: read in UTC, where every time of day exists, whatever the zone.
  Result<time::Reading> reading = time::parse_reading(text, time::Zone::utc(), plan.order);
  if (reading && reading->at.known()) {
    const time::Instant at = reading->at;
    reading = time::parse_reading(day_in(text), time::Zone::utc(), plan.order);
    if (reading && reading->at.known()) reading->day = time::Zone::utc().day_of(at);  // milliseconds since 1970
  }
  if (!reading) {
    why = fmt::format("{}: {}{}", plan.label, reading.error(), which_order(plan, text));
    return unreadable;
  }
  plan.known.keep(cell, reading->day.days);
  return reading->day.days;
}

bool CellReader::is_unknown(CellPlan& plan) {
  if (!plan.mark_is_unknown) return false;
  const std::string_view text = this->text(plan);
  const auto renamed = plan.rename.find(text);
  return (renamed == plan.rename.end() ? text : renamed->second) == not_known;
}

Cell CellReader::read(CellPlan& plan) {
  Cell cell;
  if (!plan.given) {
    cell.value = plan.unsaid ? unreadable : unobserved;
    cell.known_unknown = true;
    return cell;
  }
  why.clear();
  if (is_unknown(plan)) {
    cell.value = unreadable, cell.known_unknown = true;
    return cell;
  }
  if (plan.mark_is_unknown && plan.blank_is_unsaid && this->text(plan) == nothing) return cell;
  std::string_view text;
  switch (plan.type) {
    case ValueType::text: cell.value = word(plan); break;
    case ValueType::date: cell.value = day(plan); break;
    case ValueType::instant: cell.value = instant(plan); break;
    default:
      text = plan.type == ValueType::boolean ? this->text(plan) : plain_text(plan);
      if (!renamed(plan, text)) {
        cell.value = unreadable;
      } else if (text.empty()) {
        cell.value = missing;
      } else if (plan.type == ValueType::money) {
        cell = money(plan, text);
      } else if (plan.type == ValueType::decimal) {
        cell.value = decimal(plan, text);
      } else {
        cell.value = boolean(text);
        if (cell.value == unreadable) why = fmt::format("{}: {} is neither yes nor no", plan.label, in_ticks(text));
      }
  }
  if (cell.value == missing && plan.blank_is_unsaid) cell.value = unobserved;
  // With `rename_all` a text that the mapping does not list is not this cell's affair only.
  cell.refused = cell.value == unreadable && plan.rename_all;
  return cell;
}

}  // namespace plumb::history::loading
