#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/facts.h"
#include "time/time.h"

/// Values and truth, as the twin knows them.
namespace plumb::twin {

enum class Tri : std::uint8_t { no, unknown, yes };

Tri operator!(Tri a);
Tri both(Tri a, Tri b);
Tri either(Tri a, Tri b);
inline Tri sure(bool b) { return b ? Tri::yes : Tri::no; }

/// An exact number.
__extension__ typedef __int128 Wide;
struct Ratio {
  Wide over = 0, under = 1;  // under > 0
  friend bool operator==(const Ratio& a, const Ratio& b) { return a.over * b.under == b.over * a.under; }
  friend bool operator<(const Ratio& a, const Ratio& b) { return a.over * b.under < b.over * a.under; }
};
Ratio millionths(std::int64_t n);
Ratio plus(const Ratio& a, const Ratio& b);
Ratio minus(const Ratio& a, const Ratio& b);
Ratio times(const Ratio& a, const Ratio& b);
Ratio divided(const Ratio& a, const Ratio& b);  // b is not 0
Ratio whole_below(const Ratio& a);
Ratio whole_above(const Ratio& a);
std::string to_text(const Ratio& a);

/// Without end: more than anything is compared with.
inline constexpr Ratio endless{1'000'000'000'000, 1};

/// What a field holds or an expression comes to. `unknown`: outside coverage, unreadable, or undecided; `missing`:
/// observed and empty.
struct Value {
  enum class Is : std::uint8_t { unknown, missing, text, number, money, day, instant } is = Is::unknown;
  std::string text;        // text; money: the currency, empty for an amount of nothing
  Ratio number;            // number, money; a span of time counts microseconds. Of a range: the least
  bool range = false;      // number: it may be anything from `number` to `most`
  Ratio most;              // of a range
  bool no_such = false;    // missing: the event is of a kind that has no such attribute
  std::int64_t point = 0;  // day: days since 1970; instant: microseconds

  bool known() const { return is != Is::unknown && is != Is::missing; }
};
bool same(const Value& a, const Value& b);
bool is_quantity(const Value& v);
/// A number stands for all from its least to its most.
Ratio most(const Value& v);
/// What a span of time is compared with: exact hours, days of 24. Missing: unknown for other units.
Value length_of(time::Duration d);
std::string to_text(const Value& a);

/// A cell of a column of that type. Missing: `missing` for an empty one, `unknown` for one that cannot be read.
Value read_cell(const std::string& cell, const model::Type& type, const std::vector<std::string>& choices);

/// A time as a canonical file has it. Missing: at unknown for an empty or unreadable cell.
struct When {
  time::Instant at;  // of a day alone: unknown
  time::Day day;     // of a day alone
  bool empty = true;
};
When read_time(const std::string& cell);

}  // namespace plumb::twin
