#include "eval/row_filter.h"

#include <algorithm>
#include <optional>

#include "eval/plan.h"

namespace plumb::eval {

namespace {

using model::Comparison;
using model::Op;

// Small enough that what a part of a condition is worth stays in the nearest cache.
constexpr std::size_t block = 1024;

// Where the processor compares several values at once, and the compiler knows how to ask it.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define PLUMB_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define PLUMB_WIDE
#endif

constexpr std::int32_t missing = history::Cells::narrowed(history::missing);

inline Truth told(std::int32_t value, bool holds) {
  return value > history::Cells::last_no_value ? truth(holds) : Truth::unknown;
}
inline Truth stated(std::int32_t value, bool holds) {
  return value > history::Cells::last_no_value || value == missing ? truth(holds) : Truth::unknown;
}

// A word as a column has it; one that nobody uses is none of its values.
std::int32_t in_column(std::uint32_t word) {
  return word < history::Dictionary::none ? static_cast<std::int32_t>(word) : missing;
}

PLUMB_WIDE void is_word(const std::int32_t* values, std::size_t count, std::int32_t word, Truth* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = told(values[i], values[i] == word);
}

PLUMB_WIDE void is_not_word(const std::int32_t* values, std::size_t count, std::int32_t word, Truth* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = told(values[i], values[i] != word);
}

PLUMB_WIDE void is_missing(const std::int32_t* values, std::size_t count, bool asked, Truth* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = stated(values[i], (values[i] == missing) == asked);
}

void is_one_of(const std::int32_t* values, std::size_t count, const std::vector<std::int32_t>& words, Truth* out) {
  is_word(values, count, words.front(), out);
  Truth other[block];
  for (std::size_t word = 1; word < words.size(); ++word) {
    is_word(values, count, words[word], other);
    for (std::size_t i = 0; i < count; ++i) out[i] = either(out[i], other[i]);
  }
}

bool always_observed(const time::Interval& observed) {
  return !observed.from.known() && observed.until == Instant::max();
}

}  // namespace

struct RowFilter::Making {
  const Plan& plan;
  std::size_t kind;
  std::vector<Step> steps;

  std::optional<std::size_t> add(Step step) {
    steps.push_back(std::move(step));
    return steps.size() - 1;
  }

  // The column of an event's attribute; false where it has to be asked row by row.
  bool column_of(Id<model::Expr> id, const history::Column*& column) const {
    const model::Expr& expr = plan.book.exprs[id];
    if (expr.op != Op::event_field || !expr.field) return false;
    const FieldBinding& field = plan.fields[expr.field.index()];
    if (kind >= field.attribute.size()) return false;
    column = field.attribute[kind];
    // What was stated later than its row may not be there yet.
    if (column && !column->recorded.empty() && plan.known_at != Instant::max()) return false;
    return !column || (column->type == history::ValueType::text && always_observed(field.observed));
  }

  std::optional<std::size_t> compare(const model::Expr& expr) {
    const bool is = expr.comparison == Comparison::is || expr.comparison == Comparison::is_one_of;
    const bool is_not = expr.comparison == Comparison::is_not && expr.args.size() == 2;
    const history::Column* column = nullptr;
    if (!(is || is_not) || expr.tails.any() || !column_of(expr.args.front(), column)) return std::nullopt;
    // An event of a kind without the attribute is none of those that have it so.
    if (!column) return add({.test = Test::always, .worth = truth(is_not)});
    Step step{.test = is ? Test::one_of : Test::none_of, .values = column->values.narrow.data()};
    for (std::size_t i = 1; i < expr.args.size(); ++i) {
      const model::Expr& word = plan.book.exprs[expr.args[i]];
      if (word.op == Op::text) {
        step.words.push_back(in_column(plan.literal[expr.args[i].index()]));
      } else if (word.op == Op::choice) {
        step.words.push_back(in_column(plan.choice_words[word.field.index()][word.choice]));
      } else {
        return std::nullopt;
      }
    }
    return add(std::move(step));
  }

  std::optional<std::size_t> known(const model::Expr& expr) {
    const history::Column* column = nullptr;
    if (expr.tails.any() || !column_of(expr.args.front(), column)) return std::nullopt;
    if (!column) return add({.test = Test::always, .worth = Truth::no});
    return add({.test = expr.op == Op::known ? Test::known : Test::missing, .values = column->values.narrow.data()});
  }

  std::optional<std::size_t> several(const model::Expr& expr) {
    Step step{.test = expr.op == Op::and_ ? Test::all : expr.op == Op::or_ ? Test::any : Test::negation};
    for (Id<model::Expr> arg : expr.args) {
      const auto part = make(arg);
      if (!part) return std::nullopt;
      step.parts.push_back(*part);
    }
    return add(std::move(step));
  }

  std::optional<std::size_t> make(Id<model::Expr> id) {
    const model::Expr& expr = plan.book.exprs[id];
    switch (expr.op) {
      case Op::and_:
      case Op::or_:
      case Op::not_: return several(expr);
      case Op::compare: return compare(expr);
      case Op::known:
      case Op::missing: return known(expr);
      default: return std::nullopt;
    }
  }
};

RowFilter RowFilter::make(const Plan& plan, Id<model::Expr> where, int kind) {
  RowFilter filter;
  if (kind < 0) return filter;
  const history::Kind& of = plan.history.kinds[static_cast<std::size_t>(kind)];
  Making making{plan, static_cast<std::size_t>(kind), {}};
  if (of.columns.empty() || !making.make(where)) return filter;
  filter.steps_ = std::move(making.steps);
  filter.rows_ = of.columns.front().values.size();
  return filter;
}

void RowFilter::judge(std::size_t first, std::size_t count, Truth* out) const {
  for (std::size_t done = 0; done < count; done += block) {
    judge(steps_.back(), first + done, std::min(block, count - done), out + done);
  }
}

void RowFilter::judge(const Step& step, std::size_t first, std::size_t count, Truth* out) const {
  const std::int32_t* const values = step.values + (step.values ? first : 0);
  switch (step.test) {
    case Test::always: std::fill_n(out, count, step.worth); return;
    case Test::known:
    case Test::missing: return is_missing(values, count, step.test == Test::missing, out);
    case Test::one_of: return is_one_of(values, count, step.words, out);
    case Test::none_of: return is_not_word(values, count, step.words.front(), out);
    case Test::all:
    case Test::any:
    case Test::negation: return combine(step, first, count, out);
  }
}

void RowFilter::combine(const Step& step, std::size_t first, std::size_t count, Truth* out) const {
  judge(steps_[step.parts.front()], first, count, out);
  if (step.test == Test::negation) {
    for (std::size_t i = 0; i < count; ++i) out[i] = negate(out[i]);
    return;
  }
  Truth other[block];
  for (std::size_t part = 1; part < step.parts.size(); ++part) {
    judge(steps_[step.parts[part]], first, count, other);
    if (step.test == Test::all) {
      for (std::size_t i = 0; i < count; ++i) out[i] = both(out[i], other[i]);
    } else {
      for (std::size_t i = 0; i < count; ++i) out[i] = either(out[i], other[i]);
    }
  }
}

}  // namespace plumb::eval
