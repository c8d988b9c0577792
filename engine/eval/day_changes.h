#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "eval/view.h"

/// The changes of one field on one civil day, of which some have a date alone: nobody knows in which order those came.
namespace plumb::eval {

/// What a field was, and its currency.
struct Was {
  std::int64_t value;
  std::uint32_t currency;

  bool told() const { return history::is_value(value) || value == history::missing; }
  friend bool operator==(const Was&, const Was&) = default;
};

Was was(const history::Column& column, std::uint32_t row);

/// The orders in which they may have come: those with a time in theirs, those with a date alone anywhere, and each from
/// what the one before it made of the field, where it says from what. Where none begins with what the field was
/// before, it may have been anything then; where none goes on like that, what they come from tells nothing. Of those
/// that say the same the first as they stand came first. Cost: linear where no row says from what; else what follows
/// from one another is tried, of more than a few with hardly a choice: of many orders what they come from tells nothing.
class ChangesOfDay {
 public:
  /// `rows`: all of that day, as they stand; `before`: the field was one of these when the day began.
  ChangesOfDay(const View& view, const FieldBinding& field, std::span<const std::uint32_t> rows,
               std::vector<Was> before);

  /// Of those that count the ones that may have been the last: places in the rows, the last that stands first.
  std::vector<std::size_t> last(const std::function<bool(std::size_t)>& counts) const;
  /// Those that may have been the first.
  std::vector<std::size_t> first() const;
  std::size_t size() const { return to_.size(); }
  /// Whether the i-th may be the next where so many have come, in this order.
  bool may_come_next(const std::vector<std::size_t>& so_far, std::size_t i) const;
  /// What the i-th may have found.
  std::vector<Was> found(std::size_t i) const;
  /// What the field may be when the day is over.
  std::vector<Was> left() const;

 private:
  using Order = std::vector<std::uint16_t>;

  void find_orders();
  void find_twins();
  bool try_next(Order& order, std::span<const Was> now, std::size_t& looks);
  bool fits(std::size_t i, std::span<const Was> now) const;

  const FieldBinding& field_;
  std::vector<Was> before_, from_, to_;
  std::vector<bool> open_;     // it may stand behind those that stand behind it
  std::vector<Order> orders_;  // none: any that `open_` allows
  // Only while orders are looked for.
  std::vector<std::size_t> twin_;  // the one before it that says the same; itself: none
  std::vector<bool> left_;         // still to be placed
};

/// Those of the day of changes[one], which has an instant: all that stand from `begin` on.
struct DayOfChanges {
  std::size_t begin;
  ChangesOfDay day;
};
DayOfChanges changes_of_day(const View& view, const FieldBinding& field, std::span<const std::uint32_t> changes,
                            std::size_t one);

/// Of changes[last] and those of its day that stand before it, the ones that may have been the last of those that
/// count; it does itself. Rows, the last that stands first. Cost: constant where it is the only one.
std::vector<std::uint32_t> may_have_come_last(
    const View& view, const FieldBinding& field, std::span<const std::uint32_t> changes, std::size_t last,
    const std::function<bool(std::uint32_t)>& counts = [](std::uint32_t) { return true; });
/// Those of all changes that may have been the first; there is one. Rows, in order.
std::vector<std::uint32_t> may_have_come_first(const View& view, const FieldBinding& field,
                                               std::span<const std::uint32_t> changes);

}  // namespace plumb::eval
