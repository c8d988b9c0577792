#include "property/twin/value.h"

#include <cstdio>
#include <cstdlib>
#include <numeric>

#include <date/date.h>
#include <fmt/format.h>

namespace plumb::twin {

namespace {

constexpr std::int64_t day_length = 24 * time::micros_per_hour;

}  // namespace

Tri operator!(Tri a) {
  if (a == Tri::unknown) return a;
  return a == Tri::yes ? Tri::no : Tri::yes;
}
Tri both(Tri a, Tri b) { return a < b ? a : b; }
Tri either(Tri a, Tri b) { return a < b ? b : a; }

namespace {

Wide gcd(Wide a, Wide b) {
  if (a < 0) a = -a;
  while (b != 0) {
    const Wide rest = a % b;
    a = b, b = rest;
  }
  return a == 0 ? 1 : a;
}

Ratio lowest(Wide over, Wide under) {
  if (under < 0) over = -over, under = -under;
  const Wide by = gcd(over, under);
  return {over / by, under / by};
}

}  // namespace

Ratio millionths(std::int64_t n) { return lowest(n, 1'000'000); }
Ratio plus(const Ratio& a, const Ratio& b) { return lowest(a.over * b.under + b.over * a.under, a.under * b.under); }
Ratio minus(const Ratio& a, const Ratio& b) { return lowest(a.over * b.under - b.over * a.under, a.under * b.under); }
Ratio times(const Ratio& a, const Ratio& b) { return lowest(a.over * b.over, a.under * b.under); }
Ratio divided(const Ratio& a, const Ratio& b) { return lowest(a.over * b.under, a.under * b.over); }
Ratio whole_below(const Ratio& a) { return {a.over / a.under - (a.over % a.under < 0 ? 1 : 0), 1}; }
Ratio whole_above(const Ratio& a) { return {a.over / a.under + (a.over % a.under > 0 ? 1 : 0), 1}; }
std::string to_text(const Ratio& a) {
  return fmt::format("{}/{}", static_cast<std::int64_t>(a.over), static_cast<std::int64_t>(a.under));
}

bool same(const Value& a, const Value& b) {
  return a.is == b.is && a.text == b.text && a.number == b.number && a.point == b.point;
}

bool is_quantity(const Value& v) { return v.is == Value::Is::number || v.is == Value::Is::money; }

Ratio most(const Value& v) { return v.range ? v.most : v.number; }

Value length_of(time::Duration d) {
  std::int64_t unit = 0;
  switch (d.unit) {
    case time::Unit::minutes: unit = 60'000'000; break;
    case time::Unit::hours: unit = time::micros_per_hour; break;
    case time::Unit::days: unit = day_length; break;
    case time::Unit::weeks: unit = 7 * day_length; break;
    default: return {};
  }
  Value value;
  value.is = Value::Is::number;
  value.number = {d.count * unit, 1};
  return value;
}

std::string to_text(const Value& a) {
  switch (a.is) {
    case Value::Is::unknown: return "unknown";
    case Value::Is::missing: return "missing";
    case Value::Is::text: return a.text;
    case Value::Is::number: return to_text(a.number);
    case Value::Is::money: return to_text(a.number) + " " + a.text;
    case Value::Is::day: return time::to_text(time::Day{static_cast<std::int32_t>(a.point)});
    case Value::Is::instant: return time::to_text_utc({a.point});
  }
  return {};
}

namespace {

// Digits with a point: all that the generator writes.
bool read_number(std::string text, Ratio& number) {
  const bool percent = !text.empty() && text.back() == '%';
  if (percent) text.pop_back();
  if (text.empty()) return false;
  std::int64_t n = 0, scale = 1;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      n = n * 10 + (c - '0');
      if (point) scale *= 10;
    } else {
      return false;
    }
  }
  number = lowest(n, static_cast<Wide>(scale) * (percent ? 100 : 1));
  return true;
}

}  // namespace

Value read_cell(const std::string& cell, const model::Type& type, const std::vector<std::string>& choices) {
  Value value;
  if (cell.empty()) {
    value.is = Value::Is::missing;
    return value;
  }
  switch (type.kind) {
    case model::TypeKind::money: {
      const std::size_t blank = cell.find(' ');
      if (!read_number(cell.substr(0, blank), value.number)) return value;
      if (blank != std::string::npos) value.text = cell.substr(blank + 1);
      if (value.number.over == 0) value.text.clear();
      value.is = Value::Is::money;
      return value;
    }
    case model::TypeKind::percent:
    case model::TypeKind::count:
    case model::TypeKind::number:
      if (read_number(cell, value.number)) value.is = Value::Is::number;
      return value;
    case model::TypeKind::date: {
      const When when = read_time(cell);
      if (!when.day.known()) return value;
      value.is = Value::Is::day;
      value.point = when.day.days;
      return value;
    }
    case model::TypeKind::instant: {
      const When when = read_time(cell);
      if (!when.at.known()) return value;
      value.is = Value::Is::instant;
      value.point = when.at.micros;
      return value;
    }
    default: break;
  }
  if (!choices.empty()) {
    for (const std::string& word : choices) {
      if (word != cell) continue;
      value.is = Value::Is::text;
      value.text = word;
    }
    return value;
  }
  value.is = Value::Is::text;
  value.text = cell;
  return value;
}

When read_time(const std::string& cell) {
  When when;
  when.empty = cell.empty();
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, read = 0;
  double second = 0;
  if (std::sscanf(cell.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &read) != 3 || read != 10) return when;
  const date::sys_days on = date::year{year} / month / day;
  if (cell.size() == 10) {
    when.day = time::Day{static_cast<std::int32_t>(on.time_since_epoch().count())};
    return when;
  }
  if (std::sscanf(cell.c_str() + 10, "T%2d:%2d:%lfZ%n", &hour, &minute, &second, &read) != 3) return when;
  const auto micros = static_cast<std::int64_t>(second * 1e6 + 0.5);
  when.at = {(on.time_since_epoch().count() * 86'400 + hour * 3'600 + minute * 60) * 1'000'000LL + micros};
  return when;
}

}  // namespace plumb::twin
