#pragma once

#include <cstdint>

#include "history/history.h"
#include "time/time.h"

/// The values that conditions are made of, inside the evaluator.
namespace plumb::eval {

/// Kleene's three values, ordered so that `and` is min, `or` is max.
enum class Truth : std::uint8_t { no = 0, unknown = 1, yes = 2 };

inline Truth both(Truth a, Truth b) { return a < b ? a : b; }
inline Truth either(Truth a, Truth b) { return a < b ? b : a; }
inline Truth negate(Truth a) { return static_cast<Truth>(2 - static_cast<int>(a)); }
inline Truth truth(bool b) { return b ? Truth::yes : Truth::no; }

__extension__ typedef __int128 Wide;

/// An exact fraction in lowest terms, d > 0; d = 0 for what is too large to be held, and for all that comes of it.
struct Rational {
  Wide n = 0;
  Wide d = 1;
  bool exact() const { return d != 0; }
};
Rational rational(Wide n, Wide d);  // d != 0
Rational add(Rational a, Rational b);
Rational subtract(Rational a, Rational b);
Rational multiply(Rational a, Rational b);
Rational divide(Rational a, Rational b);  // b is not zero
/// < 0, 0, > 0; both are exact.
int compare(Rational a, Rational b);

/// What an expression is worth at an instant. Text, choice, person: `id` is a dictionary word. Date: `id` is Day::days.
/// Instant: Instant::micros. Numbers, money, percent, durations (microseconds): between `low` and `high`, equal when
/// exactly known.
struct Value {
  enum class State : std::uint8_t { known, missing, absent, unknown };
  State state = State::unknown;
  std::int64_t id = 0;
  Rational low, high;
  std::uint32_t currency = 0;

  bool known() const { return state == State::known; }
  static Value unknown() { return Value{}; }
  static Value missing() { return Value{State::missing, 0, {}, {}, 0}; }
  /// The event is of a kind that has no such attribute: an email has no channel, and is none by phone.
  static Value absent() { return Value{State::absent, 0, {}, {}, 0}; }
  static Value of_id(std::int64_t id) { return Value{State::known, id, {}, {}, 0}; }
  static Value of(Rational r, std::uint32_t currency = 0) {
    return r.exact() ? Value{State::known, 0, r, r, currency} : unknown();
  }
  static Value between(Rational low, Rational high) {
    return low.exact() && high.exact() ? Value{State::known, 0, low, high, 0} : unknown();
  }
  /// Nothing is nothing in every currency.
  bool zero() const { return low.n == 0 && high.n == 0; }
};

/// A cell of a column as a Value; `unreadable` and `unobserved` cells are unknown.
Value cell(const history::Column& column, std::uint32_t row);

}  // namespace plumb::eval
