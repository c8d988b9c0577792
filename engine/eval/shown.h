#pragma once

#include <optional>

#include "eval/value.h"
#include "model/model.h"

/// Numbers as people read them.
namespace plumb::eval {

/// A number in millionths of its unit, as it is shown: itself where it has no more than six decimals (of an amount of
/// money: two), else rounded to two, of a percentage to hundredths of a per cent. What is less or more than `asked`
/// never looks like it: 66.6667% of at least 66.67% is 66.66%. Units: millionths; both are exact.
Wide shown(Rational number, std::optional<Rational> asked, const model::Type& type);
/// The next multiple of the step in which numbers of the type are shown, up or down.
Wide stepped(Rational number, Wide step, bool up);

}  // namespace plumb::eval
