#include <algorithm>
#include <compare>
#include <set>
#include <variant>

#include "check/overlay_parts.h"

namespace plumb::check {

namespace {

using Order = std::optional<std::strong_ordering>;

// Conditions within conditions are tried against each other; what takes longer than this is not decided.
constexpr int most_steps = 20'000;

/// What a comparison says of its left side: at least or at most so much, and whether just so much will do.
struct Limit {
  bool lower = false;
  bool itself = false;
};

std::optional<Limit> limit_of(ast::Comparison comparison) {
  switch (comparison) {
    case ast::Comparison::at_least:
    case ast::Comparison::not_before: return Limit{true, true};
    case ast::Comparison::more_than:
    case ast::Comparison::after: return Limit{true, false};
    case ast::Comparison::at_most:
    case ast::Comparison::not_after: return Limit{false, true};
    case ast::Comparison::less_than:
    case ast::Comparison::before: return Limit{false, false};
    case ast::Comparison::is:
    case ast::Comparison::is_not:
    case ast::Comparison::is_one_of: break;
  }
  return std::nullopt;
}

/// Whether a limit leaves no more room than another, given how their bounds compare.
bool within(Limit a, Limit b, std::strong_ordering bounds) {
  if (a.lower != b.lower) return false;
  if (bounds == std::strong_ordering::equal) return !a.itself || b.itself;
  return a.lower ? bounds == std::strong_ordering::greater : bounds == std::strong_ordering::less;
}

class Reasoning {
 public:
  Reasoning(const ast::File& file, const source::Map& texts) : file_(file), texts_(texts) {}

  bool implies(ast::ExprId a, ast::ExprId b) {
    if (!a || !b || ++steps_ > most_steps) return false;
    if (same(a, b)) return true;
    if (const auto* all = as<ast::And>(b)) return every(all->operands, [&](ast::ExprId part) { return implies(a, part); });
    if (const auto* any = as<ast::Or>(a)) return every(any->operands, [&](ast::ExprId part) { return implies(part, b); });
    if (some_part(a, b)) return true;
    return std::visit([&](const auto& from, const auto& to) { return node(from, to); }, file_.exprs[a].is,
                      file_.exprs[b].is);
  }

 private:
  template <class T>
  const T* as(ast::ExprId id) const {
    return std::get_if<T>(&file_.exprs[id].is);
  }
  bool same(ast::ExprId a, ast::ExprId b) const {
    return a == b || (file_.exprs[a].span.known() && same_words(texts_, file_.exprs[a].span, file_.exprs[b].span));
  }
  template <class Holds>
  static bool every(const std::vector<ast::ExprId>& parts, Holds holds) {
    return !parts.empty() && std::ranges::all_of(parts, holds);
  }

  bool some_part(ast::ExprId a, ast::ExprId b) {
    if (const auto* all = as<ast::And>(a)) {
      if (std::ranges::any_of(all->operands, [&](ast::ExprId part) { return implies(part, b); })) return true;
    }
    if (const auto* any = as<ast::Or>(b)) {
      if (std::ranges::any_of(any->operands, [&](ast::ExprId part) { return implies(a, part); })) return true;
    }
    const auto* some = as<ast::AtLeastOf>(b);
    if (!some || some->checklist || as<ast::AtLeastOf>(a)) return false;
    return std::ranges::count_if(some->conditions, [&](ast::ExprId part) { return implies(a, part); }) >= some->least;
  }

  template <class From, class To>
  bool node(const From&, const To&) {
    return false;
  }
  bool node(const ast::Not& a, const ast::Not& b) { return implies(b.operand, a.operand); }
  bool node(const ast::Compare& a, const ast::Compare& b) {
    if (!same(a.left, b.left) || !same_words(texts_, a.tails.span, b.tails.span)) return false;
    const auto from = limit_of(a.comparison);
    const auto to = limit_of(b.comparison);
    if (from && to && a.right.size() == 1 && b.right.size() == 1) {
      const Order bounds = order(file_, a.right[0], b.right[0]);
      if (bounds) return within(*from, *to, *bounds);
      return same(a.right[0], b.right[0]) && within(*from, *to, std::strong_ordering::equal);
    }
    return names_values(a) && names_values(b) && every(a.right, [&](ast::ExprId value) {
      return std::ranges::any_of(b.right, [&](ast::ExprId other) { return same(value, other); });
    });
  }
  bool node(const ast::Apart& a, const ast::Apart& b) {
    if (a.at_most != b.at_most || a.after != b.after || !same(a.left, b.left) || !same(a.right, b.right)) return false;
    const Order by = check::order(a.by.duration, b.by.duration);
    return by && within({!a.at_most, true}, {!b.at_most, true}, *by);
  }
  bool node(const ast::Differs& a, const ast::Differs& b) {
    if (!same(a.left, b.left) || !same(a.right, b.right)) return false;
    const Order by = order(file_, a.at_most, b.at_most);
    return by && *by != std::strong_ordering::greater;
  }
  /// Of what is asked for in `b`, as many must hold as it wants, even if all that only `a` asks for holds.
  bool node(const ast::AtLeastOf& a, const ast::AtLeastOf& b) {
    if (a.checklist || b.checklist) return a.checklist && b.checklist && of_one_list(a, b);
    std::vector<ast::ExprId> left = b.conditions;
    std::int64_t others = 0;
    for (const ast::ExprId condition : a.conditions) {
      const auto found = std::ranges::find_if(left, [&](ast::ExprId other) { return implies(condition, other); });
      if (found == left.end()) ++others;
      if (found != left.end()) left.erase(found);
    }
    return a.least - others >= b.least;
  }
  static bool of_one_list(const ast::AtLeastOf& a, const ast::AtLeastOf& b) {
    return a.checklist->text == b.checklist->text && a.level && b.level && a.level->text == b.level->text &&
           a.least >= b.least;
  }
  static bool names_values(const ast::Compare& compare) {
    return compare.comparison == ast::Comparison::is || compare.comparison == ast::Comparison::is_one_of;
  }

  const ast::File& file_;
  const source::Map& texts_;
  int steps_ = 0;
};

template <class T>
const T* literal(const ast::File& file, ast::ExprId id) {
  return id ? std::get_if<T>(&file.exprs[id].is) : nullptr;
}

/// How many of the smallest unit of its kind; units of two kinds do not compare.
struct Measured {
  int kind = 0;
  std::int64_t count = 0;
};

Measured measured(const time::Duration& duration) {
  switch (duration.unit) {
    case time::Unit::minutes: return {0, duration.count};
    case time::Unit::hours: return {0, duration.count * 60};
    case time::Unit::days: return {1, duration.count};
    case time::Unit::weeks: return {1, duration.count * 7};
    case time::Unit::months: return {2, duration.count};
    case time::Unit::quarters: return {2, duration.count * 3};
    case time::Unit::years: return {2, duration.count * 12};
    case time::Unit::business_days: return {3, duration.count};
    case time::Unit::working_hours: return {4, duration.count};
  }
  return {};
}

}  // namespace

std::optional<std::strong_ordering> order(const time::Duration& a, const time::Duration& b) {
  // No deadline is that long; the product would not fit either.
  constexpr std::int64_t longest = 1'000'000'000;
  if (a.count > longest || b.count > longest) return std::nullopt;
  const Measured from = measured(a);
  const Measured to = measured(b);
  if (from.kind != to.kind) return std::nullopt;
  return from.count <=> to.count;
}

std::optional<std::strong_ordering> order(const ast::File& file, ast::ExprId a, ast::ExprId b) {
  const auto* number = literal<ast::NumberLit>(file, a);
  const auto* other_number = literal<ast::NumberLit>(file, b);
  if (number && other_number) return number->value <=> other_number->value;
  const auto* percent = literal<ast::PercentLit>(file, a);
  const auto* other_percent = literal<ast::PercentLit>(file, b);
  if (percent && other_percent) return percent->fraction <=> other_percent->fraction;
  const auto* money = literal<ast::MoneyLit>(file, a);
  const auto* other_money = literal<ast::MoneyLit>(file, b);
  if (money && other_money && money->currency.text == other_money->currency.text)
    return money->value <=> other_money->value;
  const auto* date = literal<ast::DateLit>(file, a);
  const auto* other_date = literal<ast::DateLit>(file, b);
  if (date && other_date) return date->day <=> other_date->day;
  const auto* duration = literal<ast::DurationValue>(file, a);
  const auto* other_duration = literal<ast::DurationValue>(file, b);
  if (duration && other_duration) return order(duration->duration.duration, other_duration->duration.duration);
  return std::nullopt;
}

bool same_words(const source::Map& texts, Span a, Span b) { return whole_words(texts, a) == whole_words(texts, b); }

bool implies(const ast::File& file, const source::Map& texts, ast::ExprId a, ast::ExprId b) {
  return Reasoning(file, texts).implies(a, b);
}

Direction direction(const ast::File& file, const source::Map& texts, ast::ExprId from, ast::ExprId to) {
  const bool stronger = implies(file, texts, to, from);
  const bool weaker = implies(file, texts, from, to);
  if (stronger) return weaker ? Direction::same : Direction::stricter;
  return weaker ? Direction::looser : Direction::undecided;
}

}  // namespace plumb::check
