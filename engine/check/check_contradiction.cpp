#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "check/expr.h"

namespace plumb::check {

namespace {

using model::Comparison;
using model::Expr;
using model::Op;

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
  const bool counted = left.op == Op::aggregate && left.aggregate->function == model::AggregateFunction::count;
  const bool share = left.op == Op::aggregate && left.aggregate->function == model::AggregateFunction::share;
  const bool length = left.op == Op::time_since || left.op == Op::total_time_in;
  return counted || share || length ? std::optional<std::int64_t>(0) : std::nullopt;
}

/// One part of an `and`.
struct Part {
  const Expr* atom;
  bool negated;
  std::string about;  // what it says something of, as it is written
};

/// Whether values of the type are whole numbers: between two that follow each other there is none.
bool is_whole(const Expr& left) {
  return left.type.kind == model::TypeKind::count || left.type.kind == model::TypeKind::date;
}

std::int64_t step_of(const Expr& left) { return left.type.kind == model::TypeKind::count ? Decimal::scale : 1; }

Comparison negated(Comparison c) {
  switch (c) {
    case Comparison::at_least: return Comparison::less_than;
    case Comparison::less_than: return Comparison::at_least;
    case Comparison::at_most: return Comparison::more_than;
    case Comparison::more_than: return Comparison::at_most;
    case Comparison::before: return Comparison::not_before;
    case Comparison::not_before: return Comparison::before;
    case Comparison::after: return Comparison::not_after;
    case Comparison::not_after: return Comparison::after;
    case Comparison::is: return Comparison::is_not;
    case Comparison::is_not:
    case Comparison::is_one_of: return Comparison::is;
  }
  return c;
}

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

std::optional<Range> range_of(const model::Rulebook& book, const Part& part) {
  const Expr& atom = *part.atom;
  if (atom.op != Op::compare || atom.args.size() != 2) return std::nullopt;
  const Expr& left = book.exprs[atom.args[0]];
  const Expr& right = book.exprs[atom.args[1]];
  const std::optional<std::int64_t> value = number_of(right);
  if (!value) return std::nullopt;
  const auto bounds = bounds_of(left, part.negated ? negated(atom.comparison) : atom.comparison, *value);
  return bounds ? std::optional(Range{part.about + '\n' + unit_of(right), *bounds}) : std::nullopt;
}

/// The words that a field may be. Missing: nullopt for what no words say.
std::optional<std::set<std::string>> words_of(const model::Rulebook& book, const Part& part) {
  const Expr& atom = *part.atom;
  const bool one_of = atom.comparison == Comparison::is || atom.comparison == Comparison::is_one_of;
  if (atom.op != Op::compare || !one_of || part.negated) return std::nullopt;
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
std::optional<std::set<Id<model::Stage>>> stages_of(const model::Rulebook& book, const Part& part) {
  const Expr& atom = *part.atom;
  if (atom.op != Op::in_stage && atom.op != Op::state) return std::nullopt;
  std::set<Id<model::Stage>> stages;
  for (std::size_t i = 0; i < book.stages.size(); ++i) {
    const Id<model::Stage> id(i);
    const model::StageEnd end = book.stages[id].end;
    const bool open = end == model::StageEnd::open;
    bool in = std::ranges::find(atom.stages, id) != atom.stages.end();
    if (atom.op == Op::state) {
      in = atom.state == model::DealState::open     ? open
           : atom.state == model::DealState::closed ? !open
           : atom.state == model::DealState::won    ? end == model::StageEnd::won
                                                    : end == model::StageEnd::lost;
    }
    if (in != part.negated) stages.insert(id);
  }
  return stages;
}

/// A value is not known and missing at once, and what is missing is not compared.
bool known_and_missing(const Part& a, const Part& b) {
  const auto missing = [](const Part& p) {
    return (p.atom->op == Op::missing && !p.negated) || (p.atom->op == Op::known && p.negated);
  };
  const auto known = [](const Part& p) {
    return (p.atom->op == Op::known && !p.negated) || (p.atom->op == Op::missing && p.negated) ||
           p.atom->op == Op::compare;
  };
  return a.about == b.about && ((missing(a) && known(b)) || (missing(b) && known(a)));
}

/// Whether two parts are never true of the same deal at the same time.
bool exclude(const model::Rulebook& book, const Part& a, const Part& b) {
  if (a.negated != b.negated && a.atom->words == b.atom->words && !a.atom->words.empty()) return true;
  if (known_and_missing(a, b)) return true;
  const auto range_a = range_of(book, a), range_b = range_of(book, b);
  if (range_a && range_b) return range_a->of == range_b->of && apart(range_a->bounds, range_b->bounds);
  const auto words_a = words_of(book, a), words_b = words_of(book, b);
  if (words_a && words_b) return a.about == b.about && apart(*words_a, *words_b);
  const auto stages_a = stages_of(book, a), stages_b = stages_of(book, b);
  return stages_a && stages_b && apart(*stages_a, *stages_b);
}

/// What the tails of both parts let count has to be the same.
std::string about(const model::Rulebook& book, const Expr& atom) {
  if (atom.args.empty() || atom.tails.any()) return atom.words;
  return book.exprs[atom.args.front()].words;
}

void add_parts(const model::Rulebook& book, Id<model::Expr> id, bool negated, std::vector<Part>& out) {
  const Expr& expr = book.exprs[id];
  if (expr.op == Op::not_) return add_parts(book, expr.args.front(), !negated, out);
  const bool divides = expr.op == (negated ? Op::or_ : Op::and_);
  if (!divides) return out.push_back({&expr, negated, about(book, expr)});
  for (Id<model::Expr> arg : expr.args) add_parts(book, arg, negated, out);
}

class Contradictions {
 public:
  explicit Contradictions(Context& context) : context_(context), book_(context.book) {}

  void of(Id<model::Expr> id) {
    const Expr& expr = book_.exprs[id];
    if (expr.op == Op::and_) of_all(id);
    if (expr.op == Op::compare) of_one(expr);
  }

 private:
  void of_all(Id<model::Expr> id) {
    std::vector<Part> parts;
    add_parts(book_, id, false, parts);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (!exclude(book_, parts[j], parts[i])) continue;
        report(book_.exprs[id], parts[j], parts[i]);
        return;
      }
    }
  }
  void of_one(const Expr& expr) {
    const std::optional<Range> range = range_of(book_, {&expr, false, about(book_, expr)});
    const std::optional<std::int64_t> least = range ? least_of(book_.exprs[expr.args[0]]) : std::nullopt;
    if (!least || !expr.span.known() || !range->bounds.high || *range->bounds.high >= *least ||
        !said_.insert(key(expr)).second)
      return;
    context_.sink.report(expr.span, diag::NeverTrue, fmt::format("`{}` is", expr.words))
        .hint("`{}` is never less than nothing", book_.exprs[expr.args[0]].words);
  }
  static std::string said(const Part& part) { return (part.negated ? "not " : "") + part.atom->words; }
  /// A rule that is changed for a part of its subjects is asked of the others: that `and` stands in no text.
  static bool holds(const Expr& all, const Expr& one) {
    return all.span.text == one.span.text && all.span.begin <= one.span.begin && one.span.end <= all.span.end;
  }
  void report(const Expr& all, const Part& a, const Part& b) {
    const Expr& first = *a.atom;
    const Expr& second = *b.atom;
    if (!holds(all, first) || !holds(all, second)) return;
    if (!first.span.known() || !second.span.known() || !said_.insert(key(second)).second) return;
    context_.sink.report(second.span, diag::NeverTrue, fmt::format("`{}` and `{}` are", said(a), said(b)))
        .label(first.span, "the other is here")
        .hint(
            "where either is enough they stand with `or`; else one of the two says something else than it is meant to");
  }
  /// A condition of what several rules name is read once for each.
  static std::pair<std::size_t, std::uint32_t> key(const Expr& expr) {
    return {expr.span.text.index(), expr.span.begin};
  }

  Context& context_;
  const model::Rulebook& book_;
  std::set<std::pair<std::size_t, std::uint32_t>> said_;
};

}  // namespace

void check_contradictions(Context& context) {
  if (context.sink.has_errors()) return;
  Contradictions contradictions(context);
  for (std::size_t i = 0; i < context.book.exprs.size(); ++i) contradictions.of(Id<model::Expr>(i));
}

}  // namespace plumb::check
