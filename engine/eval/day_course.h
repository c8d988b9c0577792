#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "eval/day.h"
#include "eval/day_changes.h"

/// One civil day from one thing to the next, in every order in which those may have come that have a date alone: what
/// is so only between two of them is seen, too.
namespace plumb::eval {

/// What of a day is looked at.
struct DayPart {
  Instant from;                        // from then on it is asked, at the instants of `points` and as each row came
  Instant until;                       // and before then; at the latest the end of that day
  std::uint32_t opening = UINT32_MAX;  // with a date alone: it is asked from that row on
  std::uint32_t closing = UINT32_MAX;  // with a date alone: it is asked up to that row
  bool whole = false;                  // at the end all has come that stands before it
};

class DayCourse {
 public:
  using Ask = std::function<Truth(const Context&)>;

  /// `points`: in order, where the answer may turn otherwise. `context`: that of the question, but for what a point of
  /// the day says.
  DayCourse(const Context& context, const DayPart& part, const std::vector<Instant>& points, Ask ask);

  /// Whether the answer is yes at some point of the day, in whatever order all came. Cost: one evaluation for each
  /// point and order, up to a limit behind which the answer is no.
  bool passes() { return go_through(false); }
  /// Whether it is, or may be, yes at any point in any order. Cost: likewise, and behind the limit it is yes.
  bool may_pass() { return go_through(true); }
  /// Where it was yes in one of the orders, if it passes. Good as long as this is.
  const Context& witness() const { return witness_; }

 private:
  using Row = DayReading::Row;
  // Changes of one field on that day.
  struct Field {
    int kind;
    std::vector<std::uint32_t> rows;
    ChangesOfDay day;
    std::vector<std::size_t> so_far;

    std::size_t place_of(std::uint32_t row) const;
  };

  bool has_come(const Row& row) const;
  bool may_come(const Row& row, std::size_t cut) const;
  std::optional<std::size_t> go_to(std::size_t cut);
  bool come(const Row& row);
  void take_back(std::size_t size);
  bool take(const std::vector<Row>& rows);
  bool is_over(std::size_t cut) const;
  bool go_through(bool any);
  bool goes_on(std::size_t cut);
  Field* field_of(std::uint32_t row);

  Context context_;
  DayPart part_;
  Ask ask_;
  Instant start_;
  std::vector<Instant> cuts_;  // the instants that are gone through
  std::vector<Row> rows_;      // that have a date alone and are asked for
  std::vector<Row> so_far_;    // what has come, with all that has a time
  std::vector<Field> fields_;
  std::size_t looks_ = 0;
  bool any_ = false;  // looks for one point in place of one in each order
  bool more_rows_ = false, passed_ = false;
  std::vector<Row> witness_rows_;
  std::optional<DayReading> witness_reading_;
  Context witness_;
};

}  // namespace plumb::eval
