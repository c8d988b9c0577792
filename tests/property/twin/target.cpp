#include <algorithm>
#include <utility>

#include "property/twin/look.h"

/// Numbers with a name, and which of their cases governs (grammar/README.md, Targets).
namespace plumb::twin {

using model::Expr;
using model::Op;

namespace {

// The more, the more particular: a stage and a condition before one of them before none, then the latest day.
std::pair<int, Day> particular(const model::TargetCase& one) {
  return {(one.stages.empty() ? 0 : 1) + (one.where ? 1 : 0), one.from.value_or(Day{INT32_MIN + 1})};
}

}  // namespace

// All that may be the one that governs: of those that claim equally each may, and so may one of which nobody can tell
// whether it holds. `certain`: one of them does.
std::vector<Id<Expr>> Look::governing(const model::Target& target, const Moment& m, bool& certain) const {
  Moment then = m;
  if (m.of_period) {
    then.now = std::max(m.period, created());  // before that there is no deal
    then.since = then.point = Instant::unknown();
    then.parts.clear();
  }
  std::optional<std::pair<int, Day>> told;
  std::vector<std::pair<std::pair<int, Day>, Id<Expr>>> may;
  for (const model::TargetCase& each : target.cases) {
    Tri is = sure(!each.from || *each.from <= then.clock->day_of(then.now));
    if (!each.stages.empty()) is = both(is, in_stages(each.stages, then));
    if (each.where) is = both(is, holds(each.where, then));
    if (is == Tri::no) continue;
    may.emplace_back(particular(each), each.value);
    if (is == Tri::yes && (!told || *told < particular(each))) told = particular(each);
  }
  certain = told.has_value();
  std::vector<Id<Expr>> all;
  for (const auto& [claim, value] : may) {
    if (!told || !(claim < *told)) all.push_back(value);
  }
  return all;
}

Value Look::target(const model::Target& target, const Moment& m) const {
  bool certain = false;
  Value range;
  for (const Id<Expr> each : governing(target, m, certain)) {
    const Value one = value(each, m);
    if (!is_quantity(one)) return {};
    if (!range.known()) {
      range = one, range.most = most(one);
      continue;
    }
    if (!range.text.empty() && !one.text.empty() && range.text != one.text) return {};
    if (range.text.empty()) range.text = one.text;
    range.number = std::min(range.number, one.number), range.most = std::max(range.most, most(one));
  }
  if (!certain) return {};
  range.range = range.number < range.most;
  return range;
}

std::optional<Duration> Look::length(Id<Expr> id, const Moment& m) const {
  const Expr& expr = book().exprs[id];
  if (expr.op == Op::duration) return expr.duration;
  if (expr.op != Op::target) return std::nullopt;
  bool certain = false;
  std::optional<Duration> found;
  for (const Id<Expr> each : governing(book().targets[expr.target], m, certain)) {
    const std::optional<Duration> one = length(each, m);
    if (!one || (found && *found != *one)) return std::nullopt;
    found = one;
  }
  return certain ? found : std::nullopt;
}

}  // namespace plumb::twin
