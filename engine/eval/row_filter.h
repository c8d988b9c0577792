#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/id.h"
#include "eval/value.h"
#include "model/model.h"

namespace plumb::eval {

struct Plan;

/// A condition about nothing but words of the event it is asked of, as `kind is sent`: over the columns of that event's
/// kind, many rows at once.
class RowFilter {
 public:
  /// Missing: a filter that is false, where the condition reads anything else, or a column that is not always observed;
  /// then each event has to be asked. `kind`: into History::kinds.
  static RowFilter make(const Plan& plan, Id<model::Expr> where, int kind);

  explicit operator bool() const { return !steps_.empty(); }
  /// Rows of the kind.
  std::size_t rows() const { return rows_; }
  /// What rows [first, first + count) are worth. Cost: some ns a row and comparison.
  void judge(std::size_t first, std::size_t count, Truth* out) const;

 private:
  struct Making;
  enum class Test : std::uint8_t { always, one_of, none_of, known, missing, all, any, negation };
  // Children stand before their parent; the last step is the whole condition.
  struct Step {
    Test test = Test::always;
    Truth worth = Truth::yes;              // always
    const std::int32_t* values = nullptr;  // the column, of words
    std::vector<std::int32_t> words;       // one_of, none_of
    std::vector<std::size_t> parts;        // all, any, negation
  };

  void judge(const Step& step, std::size_t first, std::size_t count, Truth* out) const;
  void combine(const Step& step, std::size_t first, std::size_t count, Truth* out) const;

  std::vector<Step> steps_;
  std::size_t rows_ = 0;
};

}  // namespace plumb::eval
