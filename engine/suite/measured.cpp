#include "suite/measured.h"

#include <fmt/format.h>

#include "eval/measure.h"
#include "report/words.h"

namespace plumb::suite {

namespace {

using eval::Rational;
using model::TypeKind;

/// Rounded to six digits after the point, as many as numbers of a rulebook have; a percentage has four.
Decimal decimal_of(Rational number) {
  const auto twice = number.n * Decimal::scale * 2 / number.d;
  return {static_cast<std::int64_t>((twice + (number.n < 0 ? -1 : 1)) / 2)};
}

std::string number_text(const eval::Value& value, Rational number, TypeKind type, const history::History& history) {
  switch (type) {
    case TypeKind::percent: return to_text(Decimal{decimal_of(number).millionths * 100}) + "%";
    case TypeKind::money: return fmt::format("{} {}", to_text(decimal_of(number)), history.words[value.currency]);
    case TypeKind::duration: return report::length_text(static_cast<std::int64_t>(number.n / number.d));
    default: return to_text(decimal_of(number));
  }
}

std::string value_text(const eval::Value& value, TypeKind type, const history::History& history) {
  if (value.state == eval::Value::State::missing) return "nothing";
  if (!value.known()) return {};
  const std::string low = number_text(value, value.low, type, history);
  const std::string high = number_text(value, value.high, type, history);
  return low == high ? low : fmt::format("between {} and {}", low, high);
}

model::SubjectKind kind_of(const model::Test& test, const model::TestExpectation& expectation) {
  if (expectation.subject == model::the_company) return model::SubjectKind::company;
  switch (test.cast[expectation.subject].kind) {
    case model::CastMember::Kind::person: return model::SubjectKind::person;
    case model::CastMember::Kind::team: return model::SubjectKind::team;
    default: return model::SubjectKind::deal;
  }
}

}  // namespace

void judge_measure(const model::Rulebook& book, const TestHistory& told, const model::Test& test,
                   const model::TestExpectation& expectation, const eval::Options& options, Checked& checked) {
  const std::string subject =
      expectation.subject == model::the_company ? std::string() : test.cast[expectation.subject].name;
  const Result<eval::Measured> measured = eval::measure_as_of(book, told.history, options, expectation.measure,
                                                              expectation.value, kind_of(test, expectation), subject);
  if (!measured) {
    checked.outcome = Outcome::not_evaluated;
    checked.found = measured.error();
    return;
  }
  const TypeKind type = book.exprs[book.measures[expectation.measure].value].type.kind;
  const std::string found = value_text(measured->value, type, told.history);
  // A third has no end: what is written to the last digit that a number has is it.
  const bool to_the_last = type != TypeKind::duration && measured->is == eval::Truth::no &&
                           found == value_text(measured->asked, type, told.history);
  checked.outcome = measured->is == eval::Truth::yes || to_the_last ? Outcome::passed : Outcome::failed;
  if (checked.outcome == Outcome::passed) return;
  checked.found = found.empty() ? std::string("it cannot be told") : fmt::format("it is {}", found);
}

}  // namespace plumb::suite
