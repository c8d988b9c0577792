#include "eval/answers.h"

#include <algorithm>
#include <utility>

#include "eval/asked.h"
#include "eval/by_stage.h"
#include "eval/day.h"

namespace plumb::eval {

namespace {

// Whether a condition is true at an instant alone, whatever is so behind it: what cannot be told otherwise a move may
// tell just then.
bool is_true_just_then(const RuleRun& run, const View& view, Instant point, Truth is) {
  const bool by_move = is == Truth::unknown && !run.rule.each_its_own;
  return is == Truth::yes || (by_move && just_then(view, run.rule.expect, point) == Truth::yes);
}

}  // namespace

Context response_context(const RuleRun& run, View& view, const Opened& opened, Instant cut) {
  Context context{.view = view,
                  .cut = cut,
                  .timely = true,
                  .opening = opened.trigger,
                  .person = run.who.any() || !view.of_person() ? run.who.person : view.subject(),
                  .team = run.who.team,
                  .subject = run.rule.subject.kind,
                  .calendar = opened.calendar};
  const time::Calendar& days = run.plan.calendars.front();
  const bool by_date = view.by_day() && opened.calendar != &days && run.rule.within && !is_clock(run.rule.within->unit);
  // Where what has a date alone stands it is that day, also where it has not begun in the calendar.
  if (by_date && opened.calendar->day_of(context.now()) < days.day_of(context.now()) &&
      !view.rows_by_day(context.now()).empty())
    context.written = days.day_of(context.now());
  if (!by_date || opened.deadline == Instant::max() || cut > opened.deadline) return context;
  // The day behind the deadline's has begun in the default calendar, but by what is written it is behind the deadline.
  const Instant behind = days.start_of(opened.calendar->day_of(Instant{opened.deadline.micros - 1}) + 1);
  if (behind < cut) context.day_cut = behind, context.written_later = true;
  return context;
}

ConditionAnswers::ConditionAnswers(RuleRun& run, View& view)
    : run_(run),
      view_(view),
      by_day_(view.by_day() && !run.who.any()),
      within_day_(by_day_ && run.rule.within && is_clock(run.rule.within->unit)),
      points_(run.instants) {
  points_.clear();
}

void ConditionAnswers::ask(const Who& who) {
  if (run_.who == who) return;
  run_.who = who;
  run_.members = who.team == nobody ? std::vector<std::uint32_t>() : ever_in(run_.plan, who.team);
  calendar_ = true_of_ = nullptr, used_until_ = perhaps_used_until_ = Instant::unknown();
}

// Strictly, a date without a time of day counts when its day is over; leniently at once.
Context ConditionAnswers::context(const Opened& opened, Instant cut, bool lenient) const {
  Context context = response_context(run_, view_, opened, cut);
  if (!lenient && by_day_ && !context.written_later) {
    const time::Calendar& days = run_.plan.calendars.front();
    context.day_cut = days.start_of(days.day_of(context.now()));
  }
  return context;
}

// Strictly, what a date alone decides is told when it is the same whether that has come or not: `amount is missing` is
// not true because the amount of that day is not counted yet.
Truth ConditionAnswers::at(const Opened& opened, Instant cut, bool lenient, Truth missing) const {
  Context then = context(opened, cut, lenient);
  then.missing = missing;
  return asked(opened, then, !lenient && by_day_ && !then.written_later);
}

// On the day on which the deal was closed and moved on behind that, those moves have come that closed it.
Truth ConditionAnswers::asked(const Opened& opened, Context then, bool strictly) const {
  const auto ask = [&](const Context& now) { return holds(run_.rule.expect, now); };
  DayReading moves(opened.closing + 1);
  up_to_close(opened, then, moves);
  if (!strictly) return ask(then);
  if (!then.reading) return in_every_order(then, ask);
  // So many of them may have come so far.
  const Truth all = in_every_order(then, ask, opened.closing + 1);
  const history::Timeline& timeline = view_.timeline();
  const bool same = std::ranges::all_of(view_.rows_by_day(timeline.at[opened.closing]), [&](std::uint32_t row) {
    const bool one = timeline.kind[row] == run_.plan.moved_kind && row <= opened.closing;
    return !one || in_every_order(then, ask, row) == all;
  });
  return same ? all : Truth::unknown;
}

void ConditionAnswers::up_to_close(const Opened& opened, Context& then, DayReading& moves) const {
  const time::Calendar& days = run_.plan.calendars.front();
  const time::Day day = days.day_of(then.now());
  const bool that_day = opened.closing != UINT32_MAX && !then.written_later &&
                        days.day_of(view_.timeline().at[opened.closing]) == day;
  if (that_day) then.day_cut = days.start_of(day), then.reading = &moves;
}

// Whether it may be true there: where a value is known to be missing no comparison with that is, nor is its opposite.
bool ConditionAnswers::may_be_true(const Opened& opened, Instant cut) const {
  // What alone has the date with which it was reached has come.
  const time::Calendar& days = run_.plan.calendars.front();
  const bool reached = opened.by_day && opened.trigger == UINT32_MAX &&
                       days.day_of(opened.at) == days.day_of(Instant{cut.micros - 1}) &&
                       view_.rows_by_day(opened.at).size() == 1;
  const Truth is = at(opened, cut, reached);
  return is == Truth::yes || (is == Truth::unknown && at(opened, cut, reached, Truth::no) != Truth::no &&
                              at(opened, cut, reached, Truth::yes) != Truth::no);
}

// Where hours are counted: whether it has been true since the obligation opened, by the end of the day that is over
// then, whatever came on the day that begins.
bool ConditionAnswers::by_day_end(const Opened& opened, Instant over) const {
  const time::Calendar& days = run_.plan.calendars.front();
  if (!within_day_ || over <= opened.at || over <= used_until_ || days.start_of(days.day_of(over)) != over)
    return false;
  return at(opened, over, true) == Truth::yes || passes(opened, Instant{over.micros - 1}, over, true);
}

// Whether something may lie between two turns of the day that begins at `start`: of what has a date alone, and is
// alone, nothing does but what turns by itself within the day, or with the day and before that came.
bool ConditionAnswers::in_parts(const Opened& opened, Instant start, Instant until) const {
  if (several_by_day(view_, start, until)) return true;
  if (view_.rows_by_day(start).empty()) return false;
  const auto inside = std::ranges::upper_bound(points_, start);
  if (inside != points_.end() && *inside < until) return true;
  if (!run_.plan.uses_today[run_.rule.expect.index()]) return false;
  DayReading reading;
  reading.say(DayReading::Says::none);
  Context before = response_context(run_, view_, opened, Instant{start.micros + 1});
  before.day_cut = start, before.reading = &reading;
  return holds(run_.rule.expect, before) == Truth::yes;
}

// Whether it is true at some instant of the day of `at`, from the opening on and before `until`, in whatever order what
// has a date alone came; `whole`: all of it that stands before that has come.
bool ConditionAnswers::passes(const Opened& opened, Instant at, Instant until, bool whole) const {
  const time::Calendar& days = run_.plan.calendars.front();
  const time::Day day = days.day_of(at);
  const Instant start = days.start_of(day), over = days.end_of(day);
  if (!by_day_ || run_.rule.each_its_own) return false;
  DayPart part{std::max(start, opened.at), std::min({over, until, opened.seen})};
  const history::Timeline& timeline = view_.timeline();
  // What a date alone reached is asked of what came behind that, and not of what was so before on its day.
  if (opened.by_day && opened.trigger == UINT32_MAX && days.day_of(opened.at) == day) return false;
  const bool begins = opened.by_day && opened.trigger != UINT32_MAX;
  if (begins && days.day_of(timeline.at[opened.trigger]) == day) part.opening = opened.trigger;
  for (const Life& life : view_.lives()) {
    const bool closes = opened.close.known() && life.end == opened.close && life.closing != UINT32_MAX;
    if (closes && timeline.by_day[life.closing] != 0 && timeline.at[life.closing] < part.until)
      part.closing = life.closing;
  }
  // It has come by the end of its day, or where that day stands at the close.
  const bool that_day =
      opened.closing != UINT32_MAX && timeline.at[opened.closing] >= start && timeline.at[opened.closing] < over;
  if (that_day && (part.closing != UINT32_MAX || whole || part.until == over)) part.closing = opened.closing;
  // Of one alone there is nothing in between, but for what is so as it closes the deal.
  const bool several = in_parts(opened, start, std::min(over, until));
  if (!several && (part.closing == UINT32_MAX || at >= opened.deadline)) return false;
  part.whole = whole;
  const Context then = response_context(run_, view_, opened, part.from);
  course_.emplace(then, part, points_, [&](const Context& point) {
    Context asked = response_context(run_, view_, opened, point.cut);
    if (asked.written_later) return holds(run_.rule.expect, asked);
    asked.day_cut = point.day_cut, asked.reading = point.reading;
    return holds(run_.rule.expect, asked);
  });
  return course_->passes();
}

// Likewise by a point of that day: where hours are counted for certain, else where a date counts at once.
bool ConditionAnswers::passes_by(const Opened& opened, Instant point) const {
  return passes(opened, point, Instant{point.micros + 1}, !within_day_);
}

const Context* ConditionAnswers::passed(const Opened& opened, const Answer& answer, const Context& context) {
  if (!answer.certain.known() || holds(run_.rule.expect, context) == Truth::yes) return nullptr;
  const bool is = passes(opened, context.now(), context.cut, true);
  return is ? &course_->witness() : nullptr;
}

void ConditionAnswers::find_points(const Opened& opened) {
  if (calendar_ == opened.calendar) return;
  calendar_ = opened.calendar;
  points_.clear();
  next_ = 0;
  false_from_ = false_until_ = Instant::unknown();
  any_unknown_ = false;
  if (run_.who.any())
    return change_points_of(run_, view_, *calendar_, {run_.rule.expect}, opened.at, run_.plan.horizon, points_, true);
  change_points(view_, *calendar_, {run_.rule.expect}, opened.at, run_.plan.horizon, within_day_, points_, true);
  if (within_day_) points_.push_back(run_.plan.horizon);  // the day that it ends is over then
  if (!within_day_ || calendar_ == &run_.plan.calendars.front()) return;
  // A day of which only the date is known is one of the default calendar.
  const history::Timeline& timeline = view_.timeline();
  for (std::uint32_t index = view_.dated(); index < view_.end(); ++index) {
    const Instant over{last_of_day(run_.plan, timeline.at[index]).micros + 1};
    if (timeline.by_day[index] != 0 && over >= opened.at && over < run_.plan.horizon) points_.push_back(over);
  }
  std::sort(points_.begin(), points_.end());
}

// A condition about nothing but the event that opened changes when something about that is stated.
void ConditionAnswers::find_own_points(const Opened& opened) {
  const history::Timeline& timeline = view_.timeline();
  points_.assign(1, opened.at);
  next_ = 0;
  calendar_ = nullptr;
  const auto take = [&](Instant at) {
    if (at > opened.at && at < opened.seen) points_.push_back(at);
  };
  take(timeline.recorded[opened.trigger]);
  const std::uint32_t row = timeline.row[opened.trigger];
  for (const history::Column& column : view_.plan().history.kinds[timeline.kind[opened.trigger]].columns) {
    if (row < column.recorded.size()) take(column.recorded[row]);
  }
  std::sort(points_.begin(), points_.end());
}

// Whether it may have been true at some instant before the deadline, or cannot be told as that decides.
bool ConditionAnswers::perhaps(const Opened& opened) const {
  const bool closed_first = opened.close.known() && opened.close < opened.deadline;
  if (!closed_first && at(opened, opened.deadline, !within_day_) == Truth::unknown) return true;
  return (by_day_ || any_unknown_) && perhaps_since(opened).known();
}

// Whether it was true before the deadline in whatever order things of one day came that have no time of day: at an
// instant whichever of them had come, or when the day was over.
bool ConditionAnswers::in_any_order(const Opened& opened, std::size_t from) const {
  const time::Calendar& days = run_.plan.calendars.front();
  const Instant until = std::min(opened.deadline, opened.seen);
  for (std::size_t i = from; i < points_.size() && points_[i] < until; ++i) {
    const Instant over = days.end_of(days.day_of(points_[i]));
    if (is_true_just_then(run_, view_, points_[i], at(opened, Instant{points_[i].micros + 1}, false))) return true;
    Context end = context(opened, std::min(over, until), true);
    // What has that date came on it, also where the next day has begun in the calendar.
    const time::Day day = days.day_of(points_[i]);
    const bool dated = !view_.rows_by_day(days.start_of(day)).empty() || !view_.rows_by_day(points_[i]).empty();
    if (by_date_ && dated) end.written = day;
    if (asked(opened, end, false) == Truth::yes) return true;
  }
  time::Day last = time::Day::unknown();
  for (std::size_t i = from; i < points_.size() && points_[i] < until; ++i) {
    const time::Day day = days.day_of(points_[i]);
    if (day == std::exchange(last, day)) continue;
    if (passes(opened, points_[i], until, until >= days.end_of(day))) return true;
  }
  return false;
}

Instant ConditionAnswers::perhaps_since(const Opened& opened) const {
  const Instant until = std::min(opened.deadline, opened.seen);
  const auto may_be = [&](Instant at) { return at >= used_until_ && may_be_true(opened, Instant{at.micros + 1}); };
  auto point = std::lower_bound(points_.begin(), points_.end(), opened.at);
  // What is asked from an instant on at which nothing happens may be so then.
  const bool within = point != points_.begin() && (point == points_.end() || *point != opened.at);
  if (within && opened.at < until && may_be(opened.at)) return opened.at;
  for (; point != points_.end() && *point < until; ++point) {
    if (may_be(*point)) return *point;
  }
  return Instant::unknown();
}

// The first instant at which it is in doubt, else the deadline.
Context ConditionAnswers::in_doubt(const Opened& opened) const {
  const auto from = std::lower_bound(points_.begin(), points_.end(), opened.at);
  for (auto point = from; point != points_.end() && *point < std::min(opened.deadline, opened.seen); ++point) {
    const Instant cut{point->micros + 1};
    if (at(opened, cut, false) == Truth::unknown && at(opened, cut, true) != Truth::unknown)
      return context(opened, cut, false);
  }
  return context(opened, opened.deadline, false);
}

std::vector<Instant> ConditionAnswers::turns(Instant after, Instant until) const {
  const auto from = std::upper_bound(points_.begin(), points_.end(), after);
  return {from, std::lower_bound(from, points_.end(), until)};
}

std::size_t ConditionAnswers::point_from(Instant at) const {
  return static_cast<std::size_t>(std::lower_bound(points_.begin(), points_.end(), at) - points_.begin());
}

// It is false for every obligation from a point until the next.
void ConditionAnswers::keep_false(Instant point, std::size_t next) {
  if (point != false_until_) false_from_ = point;
  false_until_ = next < points_.size() ? points_[next] : Instant::max();
}

// The first point from `from` on at which the condition is true and not used up, or the last that can be seen.
std::size_t ConditionAnswers::answered(const Opened& opened, std::size_t from) {
  const auto is_true = [&](Instant point) {
    if (point < used_until_) return by_day_end(opened, point);
    const Truth then = at(opened, Instant{point.micros + 1}, !within_day_);
    any_unknown_ |= then == Truth::unknown;
    return is_true_just_then(run_, view_, point, then) || by_day_end(opened, point) || passes_by(opened, point);
  };
  const bool its = run_.plan.uses_its[run_.rule.expect.index()], anew = run_.rule.each_its_own;
  // What a move closed that others of its day lie behind is asked for itself.
  const bool apart = opened.closing != UINT32_MAX;
  if (by_date_ && !anew && !its && !apart) return answered_by_date(opened, from);
  Opened any = opened;
  any.trigger = UINT32_MAX;
  // Behind the day on which hours began, and before that of the close, it is the same for all that began by a date.
  const time::Calendar& days = run_.plan.calendars.front();
  const bool begun_by_day = within_day_ && opened.by_day && !its;
  const time::Day own = days.day_of(opened.at), closes = days.day_of(opened.close.known() ? opened.close : opened.seen);
  while (from < points_.size() && points_[from] < opened.seen) {
    const Instant point = points_[from];
    // On its own day what has begun them has come, as it has not for certain for those of a day before.
    const bool own_day = begun_by_day && days.day_of(point) == own;
    if (!own_day && !apart && point >= false_from_ && point < false_until_) {
      from = point_from(false_until_);
      continue;
    }
    // What is false whatever opened the obligation is so for all of them.
    const bool never = its && !by_day_ && !anew && at(any, Instant{point.micros + 1}, true) == Truth::no;
    if (!never && is_true(point)) return from;
    ++from;
    const bool for_all = begun_by_day && days.day_of(point) > own && days.day_of(point) < closes;
    if (never || (for_all && !apart)) keep_false(point, from);
  }
  return from;
}

// The same by what is written: but for what lies between the end of the deadline's day here and the deadline it is so
// for every obligation, and is asked once.
std::size_t ConditionAnswers::answered_by_date(const Opened& opened, std::size_t from) {
  Opened any = opened;
  any.deadline = Instant::max();
  Instant own = opened.deadline;
  if (own != Instant::max()) {
    const time::Day last = opened.calendar->day_of(Instant{own.micros - 1});
    own = run_.plan.calendars.front().start_of(last + 1);
  }
  const auto is_true = [&](const Opened& of, Instant point) {
    return is_true_just_then(run_, view_, point, at(of, Instant{point.micros + 1}, true));
  };
  while (from < points_.size() && points_[from] < opened.seen) {
    const Instant point = points_[from];
    const bool of_its_own = point >= own && point < opened.deadline;
    if (of_its_own && is_true(opened, point)) return from;
    if (point >= false_from_ && point < false_until_) {
      from = point_from(of_its_own    ? Instant{point.micros + 1}
                        : point < own ? std::min(false_until_, own)
                                      : false_until_);
      continue;
    }
    const bool so = is_true(any, point);
    if (so && !of_its_own) return from;
    ++from;
    if (!so) keep_false(point, from);
  }
  return from;
}

// When it was true for certain, as `answered` found it. Missing: unknown where it is so at no point that can be seen.
Instant ConditionAnswers::came(const Opened& opened, std::size_t point) const {
  if (point >= points_.size() || points_[point] > opened.seen) return Instant::unknown();
  const Instant at = points_[point];
  const bool last = at == opened.seen || at == opened.deadline;
  // With the day that ends there what can be seen ends, too, or what is in time.
  if (last && by_day_end(opened, at)) return Instant{at.micros - 1};
  return at < opened.seen ? at : Instant::unknown();
}

// The first point from `from` on at which the condition is not true any more. Missing: max. Many obligations ask it of
// one stretch: without dates it is the same for all of them.
Instant ConditionAnswers::ceases(const Opened& opened, std::size_t from) {
  if (from >= points_.size()) return Instant::max();
  const Instant begin = points_[from];
  if (true_of_ == opened.calendar && begin >= true_from_ && begin < true_until_) return true_until_;
  while (from < points_.size() && at(opened, Instant{points_[from].micros + 1}, !within_day_) == Truth::yes) ++from;
  const Instant end = from < points_.size() ? points_[from] : Instant::max();
  if (!by_day_) true_of_ = opened.calendar, true_from_ = begin, true_until_ = end;
  return end;
}

void ConditionAnswers::use(const Opened& opened, const Answer& answer) {
  if (!answer.certain.known() || run_.plan.uses_its[run_.rule.expect.index()]) return;
  const auto point = std::lower_bound(points_.begin(), points_.end(), answer.certain);
  used_until_ = std::max(used_until_, ceases(opened, static_cast<std::size_t>(point - points_.begin())));
}

void ConditionAnswers::use_perhaps(const Opened& opened, const Answer& answer) {
  if (run_.plan.uses_its[run_.rule.expect.index()]) return;
  const Instant first = next_ < points_.size() ? points_[next_] : Instant::max();
  const Instant from = answer.certain.known() ? answer.certain : first;
  if (from >= opened.seen) return;
  const auto point = std::lower_bound(points_.begin(), points_.end(), from);
  perhaps_used_until_ =
      std::max(perhaps_used_until_, ceases(opened, static_cast<std::size_t>(point - points_.begin())));
  if (!answer.perhaps_used) perhaps_user_ = opened;
}

Answer ConditionAnswers::first(const Opened& opened) {
  const std::size_t condition = run_.rule.expect.index();
  if (run_.plan.only_its[condition]) {
    find_own_points(opened);
  } else {
    find_points(opened);
    // By what is written a date alone may be before one deadline and behind another.
    by_date_ = by_day_ && !within_day_ && calendar_ != &run_.plan.calendars.front();
    // Hours that began at some time of a day are asked of from several instants of it.
    const bool begun_by_day = within_day_ && opened.by_day;
    if (run_.plan.uses_its[condition] || by_date_ || begun_by_day) next_ = 0;
    // What is asked from an instant on at which nothing happened is asked as of that instant, too.
    const auto ask_at = [&](Instant at) {
      const auto place = std::lower_bound(points_.begin(), points_.end(), at);
      const bool passed = place - points_.begin() < static_cast<std::ptrdiff_t>(next_);
      if (!passed && (place == points_.end() || *place != at)) points_.insert(place, at);
    };
    ask_at(opened.at);
    if (by_date_ && opened.deadline < run_.plan.horizon) ask_at(opened.deadline);
  }
  const auto from = std::lower_bound(points_.begin() + static_cast<std::ptrdiff_t>(next_), points_.end(), opened.at);
  next_ = static_cast<std::size_t>(from - points_.begin());
  next_ = answered(opened, next_);
  Answer answer;
  answer.certain = came(opened, next_);
  std::size_t certain = next_;
  if (answer.certain.known() && answer.certain < perhaps_used_until_) {
    answer.perhaps_used = answer.certain < opened.deadline;
    const auto unused = std::lower_bound(points_.begin(), points_.end(), perhaps_used_until_);
    certain = answered(opened, static_cast<std::size_t>(unused - points_.begin()));
    answer.certain = came(opened, certain);
  }
  bool in_time = answer.certain.known() && answer.certain < opened.deadline;
  if (in_time && by_day_ && !within_day_ && !in_any_order(opened, certain)) {
    answer.certain = Instant::unknown();
    in_time = false;
  }
  const bool decided = opened.deadline <= run_.plan.horizon || opened.close.known();
  if (!in_time && decided && (answer.perhaps_used || perhaps(opened))) {
    answer.possible = opened.at;
  }
  // What is asked next may have begun before that, or be asked of what came behind the close.
  if ((within_day_ && opened.by_day) || opened.closing != UINT32_MAX) next_ = 0;
  return answer;
}

}  // namespace plumb::eval
