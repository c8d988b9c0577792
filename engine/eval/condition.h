#pragma once

#include <algorithm>
#include <optional>
#include <span>

#include "eval/leave.h"
#include "eval/view.h"

/// Conditions as functions of time, in Kleene's three-valued logic.
namespace plumb::eval {

/// What the evaluation of a condition used and missed; filled only when asked for.
struct Trace {
  std::vector<EventRef> evidence;
  std::vector<Fact> facts;
  std::vector<Reason> reasons;

  void clear() { evidence.clear(), facts.clear(), reasons.clear(); }
  void use(EventRef event);
  void lack(Fact fact);
};

class DayReading;

/// One of the periods that a quota judges.
struct Window {
  Instant from, until;  // what happens there counts
  Instant period;       // where the period starts: which case of a target governs is decided there
};

/// One way in which fields of a deal may have what they may have: each that is read where nobody knows which of several
/// values it has takes one of them. Goes through all ways.
class Choice {
 public:
  explicit Choice(const View& of) : of_(of) {}
  /// What is asked: of a field, by which row of the timeline, from where, and of which facts (none: of all).
  struct Question {
    Id<model::Field> field;
    std::uint32_t row = UINT32_MAX;
    Instant cut = Instant::unknown();
    const model::Tails* tails = nullptr;
    friend bool operator==(const Question&, const Question&) = default;
  };
  /// Which of so many it is in this way: the same wherever the same is asked. There is more than one.
  std::size_t pick(const Question& of, std::size_t many) {
    const auto begin = picks_.begin(), end = begin + static_cast<std::ptrdiff_t>(next_);
    const auto same = [&](const Pick& pick) { return pick.of == of && pick.many == many; };
    if (const auto found = std::find_if(begin, end, same); found != end) return found->which;
    if (next_ == picks_.size()) picks_.push_back({of, 0, many});
    return picks_[next_++].which;
  }
  /// Goes on to the next way. False where all have been gone through.
  bool next() {
    next_ = 0;
    while (!picks_.empty() && ++picks_.back().which == picks_.back().many) picks_.pop_back();
    return !picks_.empty();
  }
  bool any() const { return !picks_.empty(); }
  /// Whether the fields that are read there are those that it chooses for.
  bool is_of(const View& view) const { return &view == &of_; }

 private:
  struct Pick {
    Question of;
    std::size_t which, many;
  };
  const View& of_;
  std::vector<Pick> picks_;
  std::size_t next_ = 0;
};

/// From where a condition is looked at. Facts with `at` before `cut` are seen: an instant with all that happened in it
/// is cut = instant + 1 µs; the last instant before a deadline is cut = deadline.
struct Context {
  View& view;
  Instant cut;
  /// What was stated counts from the later of at and recorded (`before`, `within`, `by`).
  bool timely = false;
  /// The event that opened the obligation, for `its`; UINT32_MAX: none.
  std::uint32_t opening = UINT32_MAX;
  /// An event that does not count although it lies before the cut (`before E`: E itself).
  std::uint32_t except = UINT32_MAX;
  /// Date-only facts count only when their day began before this (a `before` within one day cannot be told), or where
  /// the reading says that they have come.
  Instant day_cut = Instant::max();
  DayReading* reading = nullptr;
  /// What lies behind the day cut has not come: by its date as it is written it is behind the deadline.
  bool written_later = false;
  /// The candidate inside an event's `where`.
  std::uint32_t candidate = UINT32_MAX;
  /// Quotas: the period, from where on events count, and who is asked.
  time::Interval period{};
  Instant window_from = Instant::unknown();
  Instant deadline = Instant::unknown();  // at which the window ends, where the cut is it
  /// Quotas: the periods that are judged together, in order; `averaged over` several. Empty: no period is judged.
  std::span<const Window> windows = {};
  std::uint32_t person = nobody;  // people
  std::uint32_t team = nobody;    // a dictionary word
  model::SubjectKind subject = model::SubjectKind::deal;
  const Share* share = nullptr;  // quotas: how much of a total's threshold is left; nullptr: all of `periods`
  const time::Calendar* calendar = nullptr;  // the obligation's; never null
  Trace* trace = nullptr;
  /// What a condition says of the facts that count, for the aggregates of the measure that it compares.
  const model::Tails* tails = nullptr;
  /// The contact that is counted, into History::contacts.
  std::uint32_t contact = nobody;
  /// The currency in which amounts are added up, a dictionary word; 0: that of the amounts.
  std::uint32_t currency = 0;

  /// Asked is whether a rule is about the deal then: where moves may be hidden it is open or closed as its rows say.
  bool as_rows_say = false;

  /// Which of several values a field of the deal has, where it may have any of them; nullptr: then it is unknown.
  Choice* choice = nullptr;

  /// What a comparison with a value that is missing comes to: unknown, and never true.
  Truth missing = Truth::unknown;

  /// The day of what is looked at where it has a date alone: as it is written, whatever zone the calendar is in.
  time::Day written = time::Day::unknown();

  Instant now() const { return Instant{cut.micros - 1}; }
  time::Day today() const { return written.known() ? written : calendar->day_of(now()); }
};

Truth holds(Id<model::Expr> condition, const Context& context);
Value value(Id<model::Expr> expr, const Context& context);

/// The value of a deal's, account's or person's field, of the changes that the context's tails let count.
Value field_value(Id<model::Field> field, const Context& context);
/// A field of the person whom a value names, as of the instant that is looked from.
Value field_of_person(Id<model::Field> field, const Value& person, const Context& context);
/// An attribute of one activity or record, where the context's tails let that count.
Value attribute_value(Id<model::Field> field, std::uint32_t index, const Context& context);
/// An aggregate over the subject's own events, or over the members of a quota's window; of `E has happened` how often.
Value aggregate_value(Id<model::Expr> expr, const Context& context);
/// A written duration as a value. Unit: microseconds of exact time, a day of it 24 hours, and of working hours; else
/// so many business days, months, quarters or years, which compare with their own only.
Value exact_length(time::Duration duration);
/// Nothing is compared with what is missing: says so in the trace where a value is.
void lack_missing(Id<model::Expr> id, const Value& found, const Context& context);
/// What a field's value has to be known of, for what is lacking.
FactKind fact_of(const model::Rulebook& book, const model::Expr& expr);
/// Whether the deal is on hold at the cut.
Truth on_hold(const Context& context);
/// Where a deal stands at the cut, as far as its moves say. Missing: no stage.
struct Stood {
  Id<model::Stage> stage;
  bool unknown = false;            // it cannot be told for another reason than the next one
  const Hidden* others = nullptr;  // moves that nobody recorded, which may have led elsewhere since
};
Stood stood_at(const Context& context);
/// The stage at the cut. Missing: none; `unknown` tells a deal of which it cannot be told.
Id<model::Stage> stage_at(const Context& context, bool& unknown);
/// Whether `is` holds of the stage at the cut (or of none), be it also in each into which moves that nobody recorded
/// may have led.
template <class Is>
Truth stage_is(const Context& context, const Is& is) {
  const Stood at = stood_at(context);
  if (at.unknown || (at.others && at.others->never == 0)) return Truth::unknown;
  const bool then = is(at.stage);
  if (!at.others) return truth(then);
  const Plan& plan = context.view.plan();
  const bool same = std::ranges::all_of(plan.book.processes[plan.only_process].stages, [&](Id<model::Stage> stage) {
    return (bit_of(stage) & at.others->never) != 0 || is(stage) == then;
  });
  return same ? truth(then) : Truth::unknown;
}
/// Whether the deal counts as open at the cut where nobody knows its stage, since moves may be hidden then, or its
/// history begins with a row that says where it stood. Missing: unknown, where its stage is so for another reason.
Truth open_as_rows_say(const Context& context);
/// Says in the trace what would tell the stage at the cut.
void lack_stage(const Context& context);
/// Whether the deal follows, or may follow, the process of one of these stages.
bool may_be_in(const View& view, const std::vector<Id<model::Stage>>& stages);

/// Adds to the trace the atoms that make `condition` what it is (`outcome`), each with its reason.
void explain(Id<model::Expr> condition, const Context& context, Truth outcome);

/// What the case of a target that governs comes to: chosen where the period that is judged starts, else at the instant
/// that is looked from. Where several may govern, all that lies between them. Missing: unknown before the first case.
Value target_value(Id<model::Target> id, const Context& context);
/// The duration that an expression says; of a target that of the case that governs. Missing: nullopt where it says none
/// in a whole number of its unit, or that cannot be told.
std::optional<time::Duration> duration_value(Id<model::Expr> id, const Context& context);

/// Whether a value is a count or a sum, or made of such: over several periods it is the sum of all of them.
bool is_total(const model::Rulebook& book, Id<model::Expr> id);
/// The left side of a comparison, and the right sides, as they are compared: totals over all periods that are judged
/// together.
Value left_side(const model::Expr& comparison, const Context& context);
Value right_side(const model::Expr& comparison, std::size_t arg, const Context& context);

/// Whether a duration of the unit ends at an instant, and not with a day.
bool is_clock(time::Unit unit);

/// Whether everything that the event is made of is observed in [from, until); from unknown: since ever.
bool is_observed(const Plan& plan, Id<model::Event> event, Instant from, Instant until);
/// The same of the view's subject, whose stages may be told from later on.
bool is_observed(const View& view, Id<model::Event> event, Instant from, Instant until);

/// The latest occurrence before the cut, of the subject's own and of those that belong to it. Missing: `at` is unknown
/// where there is none.
struct Latest {
  Instant at;
  bool undecided = false;  // which it is, or whether there is any, cannot be told
  bool by_day = false;     // it has a date and no time of day
};
Latest latest_before(Id<model::Event> event, const Context& context);

/// Before it has to have happened what counts: the cut, or where a quota's window has ended before that its end.
Instant last_counted(const Context& context);

/// Whether what counts from `when` on lies in [from, last_counted). A date without a time of day may lie before or
/// behind the ends of a quota's window that are within its day, and before or behind `from` where that is so many hours
/// ago (`clock`).
Truth lies_in(const Context& context, Instant when, bool by_day, Instant from, bool clock = false);

/// From when an occurrence counts: `at`, or for what was stated and asked in time the later of at and recorded. Unknown
/// where that is needed and nobody said.
Instant counts_from(const Plan& plan, const history::Timeline& timeline, std::uint32_t index, bool timely);
inline Instant counts_from(const View& view, std::uint32_t index, bool timely) {
  return counts_from(view.plan(), view.timeline(), index, timely);
}

}  // namespace plumb::eval
