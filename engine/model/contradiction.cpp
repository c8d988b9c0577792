#include "model/contradiction.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "model/comparison.h"

namespace plumb::model {

namespace {

/// What one comparison with a number, a day or an instant allows. Unit: as it is compared; whole numbers apart by one.
struct Bounds {
  std::optional<std::int64_t> low, high;  // of the values that are left, inclusive
};

/// A number on the right of a comparison. Missing: nullopt for what is calculated, or told apart by more than a number.
std::optional<std::int64_t> number_of(const Expr& expr) {
  switch (expr.op) {
    case Op::number:
    case Op::percent:
    case Op::money: return expr.decimal.millionths;
    case Op::date: return expr.day.days;
    case Op::instant: return expr.at.micros;
    case Op::duration: return expr.duration.count;
    default: return std::nullopt;
  }
}

/// What tells numbers apart that are not compared with each other: a currency, a unit of time.
std::string unit_of(const Expr& expr) {
  if (expr.op == Op::money) return expr.text;
  return expr.op == Op::duration ? std::string(time::to_text(time::Duration{2, expr.duration.unit})) : std::string();
}

/// What is counted, and a share and a length of time, is not less than nothing.
std::optional<std::int64_t> least_of(const Expr& left) {
  const bool counted = left.op == Op::aggregate && left.aggregate->function == AggregateFunction::count;
  const bool share = left.op == Op::aggregate && left.aggregate->function == AggregateFunction::share;
  const bool length = left.op == Op::time_since || left.op == Op::total_time_in;
  return counted || share || length ? std::optional<std::int64_t>(0) : std::nullopt;
}

/// One part of an `and`, with what it says something of, as it is written.
struct Said : Part {
  const Expr* expr;
  std::string about;
};

/// Whether values of the type are whole numbers: between two that follow each other there is none.
bool is_whole(const Expr& left) { return left.type.kind == TypeKind::count || left.type.kind == TypeKind::date; }

std::int64_t step_of(const Expr& left) { return left.type.kind == TypeKind::count ? Decimal::scale : 1; }

/// The values that a comparison leaves. Missing: nullopt where it says nothing that could be held against another.
std::optional<Bounds> bounds_of(const Expr& left, Comparison c, std::int64_t value) {
  Bounds bounds;
  const std::int64_t by = is_whole(left) ? step_of(left) : 1;
  switch (c) {
    case Comparison::is: bounds.low = bounds.high = value; break;
    case Comparison::at_least:
    case Comparison::not_before: bounds.low = value; break;
    case Comparison::more_than:
    case Comparison::after: bounds.low = value + by; break;
    case Comparison::at_most:
    case Comparison::not_after: bounds.high = value; break;
    case Comparison::less_than:
    case Comparison::before: bounds.high = value - by; break;
    default: return std::nullopt;
  }
  return bounds;
}

/// A comparison with one number: of what, in which unit, and what it leaves.
struct Range {
  std::string of;
  Bounds bounds;
};

std::optional<Range> range_of(const Rulebook& book, const Said& part) {
  const Expr& atom = *part.expr;
  if (atom.op != Op::compare || atom.args.size() != 2) return std::nullopt;
  const Expr& left = book.exprs[atom.args[0]];
  const Expr& right = book.exprs[atom.args[1]];
  const std::optional<std::int64_t> value = number_of(right);
  if (!value) return std::nullopt;
  const auto bounds = bounds_of(left, part.denied ? opposite(atom.comparison) : atom.comparison, *value);
  return bounds ? std::optional(Range{part.about + '\n' + unit_of(right), *bounds}) : std::nullopt;
}

/// The words that a field may be. Missing: nullopt for what no words say.
std::optional<std::set<std::string>> words_of(const Rulebook& book, const Said& part) {
  const Expr& atom = *part.expr;
  const bool one_of = atom.comparison == Comparison::is || atom.comparison == Comparison::is_one_of;
  if (atom.op != Op::compare || !one_of || part.denied) return std::nullopt;
  std::set<std::string> words;
  for (std::size_t i = 1; i < atom.args.size(); ++i) {
    const Expr& right = book.exprs[atom.args[i]];
    if (right.op != Op::text && right.op != Op::choice) return std::nullopt;
    words.insert(right.words);
  }
  return words;
}

template <class T>
bool apart(const std::set<T>& a, const std::set<T>& b) {
  return std::none_of(a.begin(), a.end(), [&](const T& one) { return b.contains(one); });
}

bool apart(const Bounds& a, const Bounds& b) {
  return (a.low && b.high && *a.low > *b.high) || (b.low && a.high && *b.low > *a.high);
}

/// The stages in which a part leaves a deal. Missing: nullopt for one that speaks of no stage.
std::optional<std::set<Id<Stage>>> stages_of(const Rulebook& book, const Said& part) {
  const Expr& atom = *part.expr;
  if (atom.op != Op::in_stage && atom.op != Op::state) return std::nullopt;
  std::set<Id<Stage>> stages;
  for (std::size_t i = 0; i < book.stages.size(); ++i) {
    const Id<Stage> id(i);
    const StageEnd end = book.stages[id].end;
    const bool open = end == StageEnd::open;
    bool in = std::ranges::find(atom.stages, id) != atom.stages.end();
    if (atom.op == Op::state) {
      in = atom.state == DealState::open     ? open
           : atom.state == DealState::closed ? !open
           : atom.state == DealState::won    ? end == StageEnd::won
                                             : end == StageEnd::lost;
    }
    if (in != part.denied) stages.insert(id);
  }
  return stages;
}

/// A value is not known and missing at once, and what is missing is not compared.
bool known_and_missing(const Said& a, const Said& b) {
  const auto missing = [](const Said& p) {
    return (p.expr->op == Op::missing && !p.denied) || (p.expr->op == Op::known && p.denied);
  };
  const auto known = [](const Said& p) {
    return (p.expr->op == Op::known && !p.denied) || (p.expr->op == Op::missing && p.denied) ||
           p.expr->op == Op::compare;
  };
  return a.about == b.about && ((missing(a) && known(b)) || (missing(b) && known(a)));
}

/// Whether two parts are never true of the same deal at the same time.
bool exclude(const Rulebook& book, const Said& a, const Said& b) {
  if (a.denied != b.denied && a.expr->words == b.expr->words && !a.expr->words.empty()) return true;
  if (known_and_missing(a, b)) return true;
  const auto range_a = range_of(book, a), range_b = range_of(book, b);
  if (range_a && range_b) return range_a->of == range_b->of && apart(range_a->bounds, range_b->bounds);
  const auto words_a = words_of(book, a), words_b = words_of(book, b);
  if (words_a && words_b) return a.about == b.about && apart(*words_a, *words_b);
  const auto stages_a = stages_of(book, a), stages_b = stages_of(book, b);
  return stages_a && stages_b && apart(*stages_a, *stages_b);
}

/// What the tails of both parts let count has to be the same.
std::string about(const Rulebook& book, const Expr& atom) {
  if (atom.args.empty() || atom.tails.any()) return atom.words;
  return book.exprs[atom.args.front()].words;
}

void add_parts(const Rulebook& book, Id<Expr> id, bool denied, std::vector<Said>& out) {
  const Expr& expr = book.exprs[id];
  if (expr.op == Op::not_) return add_parts(book, expr.args.front(), !denied, out);
  const bool divides = expr.op == (denied ? Op::or_ : Op::and_);
  if (!divides) return out.push_back({{id, denied}, &expr, about(book, expr)});
  for (Id<Expr> arg : expr.args) add_parts(book, arg, denied, out);
}

}  // namespace

std::optional<std::pair<Part, Part>> excluding(const Rulebook& book, Id<Expr> condition, bool denied) {
  std::vector<Said> parts;
  add_parts(book, condition, denied, parts);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (exclude(book, parts[j], parts[i])) return std::pair<Part, Part>(parts[j], parts[i]);
    }
  }
  return std::nullopt;
}

bool is_less_than_nothing(const Rulebook& book, Id<Expr> comparison, bool denied) {
  const Expr& expr = book.exprs[comparison];
  if (expr.op != Op::compare) return false;
  const std::optional<Range> range = range_of(book, {{comparison, denied}, &expr, about(book, expr)});
  const std::optional<std::int64_t> least = range ? least_of(book.exprs[expr.args[0]]) : std::nullopt;
  return least && range->bounds.high && *range->bounds.high < *least;
}

}  // namespace plumb::model
