#pragma once

#include <optional>

#include "eval/condition.h"

/// Amounts in several currencies, and what is calculated with values that are ranges.
namespace plumb::eval {

/// `amount` in the currency of `like`, at the rate of the day that is looked from; nothing is nothing in every
/// currency. Missing: nullopt where the history has no rate, which is then in the trace.
std::optional<Value> converted(const Value& amount, const Value& like, const Context& context);
/// The same into a currency, at the rate of a day. `into`: 0 for any.
std::optional<Value> converted(const Value& amount, std::uint32_t into, time::Day day, const Context& context);

/// Says of the amounts without a currency that the trace lacks one of which field and row they are.
void name_currency(const Context& context, Id<model::Expr> amount, EventRef of = no_event);

/// The row that gives the rate of a day, as it is written or the other way round. Missing: nullptr where none does.
const history::Rate* rate_between(const Plan& plan, std::uint32_t from, std::uint32_t into, time::Day day);

/// The currency of two amounts of which at most one has another.
std::uint32_t common_currency(const Value& a, const Value& b);

/// All that two values can come to. Missing: unknown where one is, where a divisor may be nothing, or without a rate.
Value combined(const Value& a, const Value& b, model::Arithmetic operation, const Context& context);

}  // namespace plumb::eval
