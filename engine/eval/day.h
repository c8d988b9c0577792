#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "eval/condition.h"

/// Facts that have a date and no time of day. They happened at some instant of their civil day in the default calendar,
/// and stand at its start (semantics.md §1): an order within the day, and a clock that runs within it, cannot be told.
namespace plumb::eval {

/// The last instant of the civil day that holds `at`.
inline Instant last_of_day(const Plan& plan, Instant at) {
  const time::Calendar& days = plan.calendars.front();
  const Instant end = days.end_of(days.day_of(at));
  return end.known() ? Instant{end.micros - 1} : at;
}

/// From where a calendar counts the days that something with a date alone starts: that date as it is written, whatever
/// zone the calendar is in (semantics.md §1: it is never turned into an instant of one).
inline Instant as_written(const Plan& plan, Instant at, const time::Calendar& calendar) {
  const time::Calendar& days = plan.calendars.front();
  return &calendar == &days || !at.known() ? at : calendar.start_of(days.day_of(at));
}

/// One way in which what has a date alone may have come within its day. Rows: those that a condition has asked for, in
/// the order in which it first did. Cost: constant for rows that are asked for in the order of the first time, or of
/// the timeline; else linear in them.
class DayReading {
 public:
  enum class Of : std::uint8_t { event, move, contact, stated };  // stated: the fields of an event
  struct Row {
    Of of;
    std::uint32_t index;
    friend bool operator==(const Row&, const Row&) = default;
  };
  /// What is said of rows: what this way comes to, that none has come, or that of none it can be told.
  enum class Says : std::uint8_t { way, none, nothing };

  /// `at_move`: it is read when that row was made, so that the moves before it have come and those behind it have not.
  /// `ahead_of`: it is read from a point some hours ahead of that row, of whose day that point may be.
  explicit DayReading(std::uint32_t at_move = UINT32_MAX, std::uint32_t ahead_of = UINT32_MAX)
      : at_move_(at_move), ahead_of_(ahead_of) {}

  /// A point of its day: so far these have come, in this order, all that has a time included. The rest has not.
  explicit DayReading(const std::vector<Row>& so_far) : DayReading() { so_far_ = &so_far; }
  /// All that has come so far on the day of such a point, in this order. Missing: nullptr where this is none.
  const std::vector<Row>* so_far() const { return so_far_; }
  /// What was asked for and has not come so far.
  const std::vector<Row>& to_come() const { return to_come_; }
  /// Which of several changes came last so far. Missing: nullopt where this is no such point, or none of them has come
  /// on that day.
  std::optional<std::uint32_t> last_of(std::span<const std::uint32_t> changes) const;

  bool ahead_of(std::uint32_t index) const { return ahead_of_ == index; }
  /// Whether a row has come so far. The moves of a day come in their order.
  Truth has_come(Of of, std::uint32_t index);
  /// Goes on to the next way. False where all have been gone through.
  bool next();
  /// What it says from now on; begins anew.
  void say(Says what) { says_ = what, next_ = 0; }
  /// So many rows have been asked for.
  std::size_t size() const { return looks_.size(); }

 private:
  struct Look {
    Of of;
    std::uint32_t index;
    bool come, forced;
  };
  std::vector<Look> looks_;
  std::size_t next_ = 0;                       // of `looks_`: the one that is asked for next if all goes as before
  std::array<std::uint32_t, 4> highest_ = {};  // by Of: above all indexes of its looks
  std::uint32_t at_move_, ahead_of_;
  Says says_ = Says::way;
  const std::vector<Row>* so_far_ = nullptr;
  std::vector<Row> to_come_;
};

/// What a question about the context's condition comes to in whatever order what has a date alone came within the day
/// from `day_cut` on, each by itself; unknown where that differs. `at_move`, `ahead_of`: as those of a DayReading.
/// Cost: one evaluation for each way, up to 256; of many rows three, where it is the same if they have come or not and
/// needs none of them, or is not.
template <class Ask>
Truth in_every_order(Context context, Ask ask, std::uint32_t at_move = UINT32_MAX,
                     std::uint32_t ahead_of = UINT32_MAX) {
  constexpr int most_ways = 256;
  constexpr std::size_t few = 8;  // so many rows come in so many ways
  DayReading reading(at_move, ahead_of);
  context.reading = &reading, context.trace = nullptr;
  const auto by = [&](DayReading::Says what) {
    reading.say(what);
    const Truth found = ask(context);
    reading.say(DayReading::Says::way);
    return found;
  };
  const Truth first = ask(context);
  if (first != Truth::unknown && reading.size() > few) {
    if (by(DayReading::Says::none) != first) return Truth::unknown;
    if (by(DayReading::Says::nothing) == first) return first;
  }
  for (int ways = 1; first != Truth::unknown && reading.next(); ++ways) {
    if (ways == most_ways) return by(DayReading::Says::nothing) == first ? first : Truth::unknown;
    if (ask(context) != first) return Truth::unknown;
  }
  return first;
}

/// Whether on the civil day of a row something has a date alone. The row has an instant. Cost: linear in the rows of
/// that day.
bool day_in_doubt(const View& view, std::uint32_t row);

/// Whether of the view's subject several things have a date alone in [from, until), or one that is followed by another.
bool several_by_day(const View& view, Instant from, Instant until);

/// What a question comes to as of when a row came, at whatever time of its day that was where it has a date alone, and
/// in whatever order what has a date alone came on that day; unknown where that differs. `points`: in order, where the
/// answer may turn otherwise. The row has an instant. Cost: one evaluation for each point of the day and each way.
template <class Ask>
Truth whenever_it_came(Context context, std::uint32_t row, const std::vector<Instant>& points, Ask ask) {
  const Plan& plan = context.view.plan();
  const history::Timeline& timeline = context.view.timeline();
  const bool move = timeline.kind[row] == plan.moved_kind;
  const Instant at = timeline.at[row];
  const bool first_of_all = timeline.kind[row] == plan.created_kind;
  const Instant from = std::max(at, context.view.created());
  const Instant last = first_of_all ? at : std::min(last_of(context.view, row), Instant{plan.horizon.micros - 1});
  const time::Calendar& days = plan.calendars.front();
  context.day_cut = days.start_of(days.day_of(at));
  const auto as_of = [&](Instant point) {
    context.cut = Instant{point.micros + 1};
    return in_every_order(context, ask, move ? row : UINT32_MAX);
  };
  const Truth first = as_of(from);
  if (first == Truth::unknown || last <= from) return first;
  for (auto point = std::ranges::upper_bound(points, from); point != points.end() && *point <= last; ++point) {
    if (as_of(*point) != first) return Truth::unknown;
  }
  return first;
}

/// Whether a row has come that may lie behind the cut within its day, as the context reads that day.
Truth has_come(const Context& context, std::uint32_t index);

/// Where hours are counted what has a date alone is there for certain when its day is over, or with the last instant of
/// it: where the first such row of the view's subject on a day that ends then stands, when it may first have been there.
/// Missing: `settled` itself.
Instant earliest_of(const View& view, Instant settled);
/// Whether something of the view's subject that has a date alone stands at an instant; where hours are counted and the
/// instant ends a day, anywhere on that day.
bool came_by_day(const View& view, Instant settled, bool hours);

/// A row of a subject that stands at an instant and has a date alone. Missing: no_event. Cost: O(log n), and the rows
/// of that instant.
EventRef row_by_day(const history::History& history, bool of_person, std::uint32_t subject, Instant at);

/// Says that the time of day of a row would have to be known.
inline void lack_time(const Context& context, std::uint32_t index) {
  if (context.trace) context.trace->lack({.kind = FactKind::time_of_day, .member = context.view.ref(index)});
}

}  // namespace plumb::eval
