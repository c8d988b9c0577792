#pragma once

#include <algorithm>
#include <optional>

#include "eval/condition.h"
#include "eval/day_course.h"
#include "eval/who.h"

/// Finding when what a response expects came about, for all obligations of one rule and deal.
namespace plumb::eval {

struct RuleRun;

/// An obligation on its way: when it opened, until when it can be kept, and until when anybody can still do it.
struct Opened {
  std::uint32_t trigger;
  Instant at;
  Instant deadline;
  Instant close;  // unknown: the deal has not closed, or the rule does not ask
  Instant seen;   // facts before it count: the horizon, or just after the close
  const time::Calendar* calendar;
  bool by_day = false;  // what opened it has a date alone
  std::uint32_t closing = UINT32_MAX;  // the move at `close`, where others of its day lie behind it
};

/// When what was expected came about: for certain, and when it may have.
struct Answer {
  Instant certain;
  Instant possible;
  std::uint32_t index = UINT32_MAX;     // the event
  std::uint32_t position = UINT32_MAX;  // for EventAnswers::use
  std::uint32_t by_day = UINT32_MAX;    // one with a date alone that may have come in time, and may not
  bool perhaps_used = false;            // a condition: in time, and an older obligation may have used it up
  bool other_first = false;             // an event: another may have come in time before the one that did for certain
  std::uint32_t other = UINT32_MAX;     // the position of the first such, where it answered if it is one

  void maybe(Instant at) {
    if (!possible.known() || at < possible) possible = at;
  }
};

/// Answers of an expected event. Obligations are asked in the order in which they opened. Its buffers serve one deal
/// after the other.
class EventAnswers {
 public:
  /// Takes what the loaded deal has.
  void find(const RuleRun& run, View& view);
  /// The first occurrence from the trigger on; another event at the trigger's own instant counts.
  Answer first(const Opened& opened) const;
  /// Uses a response up (`each its own`), by its position.
  void use(std::uint32_t position);
  /// The same where an older obligation, of which it cannot be told, may have used it up.
  void use_perhaps(const Answer& answer);
  /// What the obligations of an earlier version of the rule used up, or may have.
  void use_as(const EventAnswers& earlier);
  /// Whether what is expected is that the deal leaves the stage that it entered: then only what came later answers.
  bool is_next_move() const { return next_move_; }

 private:
  void find_certain();
  struct Row {
    Instant when;   // from when it counts
    Instant until;  // a date without a time of day: the end of its day; else `when`
    std::uint32_t index;
    bool certain;
    Instant since;  // as Occurrence::since
    bool move = false;

    bool only_perhaps() const { return !certain && !since.known(); }
  };
  bool is_answer(const Opened& opened, std::uint32_t index) const;
  std::uint32_t unused(std::uint32_t position) const;
  void take_untimed(const Opened& opened, Answer& answer) const;

  const time::Calendar* days_ = nullptr;
  bool next_move_ = false;  // leaving the stage that was entered
  bool by_day_ = false;
  bool by_date_ = false;   // a deadline at the end of a day: by what is written a date alone is before it or not
  std::vector<Row> rows_;  // by when, index
  std::vector<std::uint32_t> next_certain_;  // by row: it or the next that is certain; good only where some are not
  mutable std::vector<std::uint32_t> next_unused_;  // by row, with paths shortened on the way; empty: none is used
  std::vector<Occurrence> untimed_;                 // nobody said when, or when it was stated
};

/// Answers of an expected condition. Obligations are asked in the order in which they opened.
class ConditionAnswers {
 public:
  ConditionAnswers(RuleRun& run, View& view);
  /// From now on obligations are those of somebody else, who is asked something that lasts.
  void ask(const Who& who);
  Answer first(const Opened& opened);
  /// Uses a response up (`each its own`): until it becomes true anew the condition answers nothing else. One that reads
  /// what opened the obligation is each obligation's own anyway.
  void use(const Opened& opened, const Answer& answer);
  /// The same where an older obligation, of which it cannot be told, may have used it up.
  void use_perhaps(const Opened& opened, const Answer& answer);
  /// What the obligations of an earlier version of the rule, which expects the same, used up, or may have.
  void use_as(const ConditionAnswers& earlier) {
    used_until_ = std::max(used_until_, earlier.used_until_);
    if (earlier.perhaps_used_until_ <= perhaps_used_until_) return;
    perhaps_used_until_ = earlier.perhaps_used_until_, perhaps_user_ = earlier.perhaps_user_;
  }
  /// The first instant before the deadline at which it may have been true. Missing: unknown. Cost: one evaluation for
  /// each instant up to it.
  Instant perhaps_since(const Opened& opened) const;
  /// From where a date without a time of day leaves it in doubt: the first such instant before the deadline, else that.
  Context in_doubt(const Opened& opened) const;
  /// Where it was true that is not so any more in that context: between two things of a day, whatever their order.
  /// Missing: nullptr. Good until it is asked again.
  const Context* passed(const Opened& opened, const Answer& answer, const Context& context);
  /// On the day of the move at the close that others lie behind: lets a context have it by `moves`, which is a reading
  /// at the first of those.
  void up_to_close(const Opened& opened, Context& then, DayReading& moves) const;
  /// Where it may change between two instants, of which `first` was asked from the one before on. In order.
  std::vector<Instant> turns(Instant after, Instant until) const;
  /// What the condition was for the older obligation that may have used it up, as that was due.
  Context by_older() const { return context(perhaps_user_, perhaps_user_.deadline, true); }

 private:
  std::size_t answered(const Opened& opened, std::size_t from);
  std::size_t point_from(Instant at) const;
  void keep_false(Instant point, std::size_t next);
  std::size_t answered_by_date(const Opened& opened, std::size_t from);
  Instant ceases(const Opened& opened, std::size_t from);
  void find_points(const Opened& opened);
  void find_own_points(const Opened& opened);
  Truth at(const Opened& opened, Instant cut, bool lenient, Truth missing = Truth::unknown) const;
  Truth asked(const Opened& opened, Context then, bool strictly) const;
  bool may_be_true(const Opened& opened, Instant cut) const;
  bool by_day_end(const Opened& opened, Instant over) const;
  Instant came(const Opened& opened, std::size_t point) const;
  Context context(const Opened& opened, Instant cut, bool lenient) const;
  bool perhaps(const Opened& opened) const;
  bool in_any_order(const Opened& opened, std::size_t from) const;
  bool in_parts(const Opened& opened, Instant start, Instant until) const;
  bool passes(const Opened& opened, Instant at, Instant until, bool whole) const;
  bool passes_by(const Opened& opened, Instant point) const;

  RuleRun& run_;
  View& view_;
  bool by_day_;                               // the subject's own facts may have a date alone
  bool within_day_;                           // the deadline may lie within a day of which a fact has a date alone
  const time::Calendar* calendar_ = nullptr;  // that `points_` were found for
  std::vector<Instant>& points_;              // where the condition may change
  bool by_date_ = false;                      // a date alone may be before one deadline and behind another
  bool any_unknown_ = false;                  // at some point that was looked at it cannot be told
  Instant false_from_ = Instant::unknown(), false_until_ = Instant::unknown();  // where it is true for none of them
  std::size_t next_ = 0;                     // before it no point is true, from the last trigger on
  Instant used_until_ = Instant::unknown();  // before it the condition has been used up
  Instant perhaps_used_until_ = Instant::unknown();
  Opened perhaps_user_ = {};
  const time::Calendar* true_of_ = nullptr;  // for which it is true from one point on until another; nullptr: not known
  Instant true_from_ = Instant::unknown(), true_until_ = Instant::unknown();
  mutable std::optional<DayCourse> course_;  // the last that was gone through
};

/// The context in which a response's condition is looked at.
Context response_context(const RuleRun& run, View& view, const Opened& opened, Instant cut);

}  // namespace plumb::eval
