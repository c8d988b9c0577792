#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "eval/answers.h"
#include "eval/asked.h"
#include "eval/owned.h"

/// Events that answer an obligation.
namespace plumb::eval {

namespace {

bool leaves_entered_stage(const RuleRun& run) {
  const model::Event& trigger = run.plan.book.events[run.rule.trigger];
  const model::Event& expected = run.plan.book.events[run.rule.expect_event];
  return trigger.kind == model::EventKind::enters && expected.kind == model::EventKind::leaves &&
         trigger.stage == expected.stage;
}

// Of several that may be the n-th and have one date alone: that, one of them was it by the end of that day. Missing:
// unknown, what may be it is something else, or may have come before anybody told of it.
Instant one_of_a_day(const RuleRun& run, View& view) {
  const model::Event& event = run.plan.book.events[run.rule.expect_event];
  const std::vector<Occurrence>& all = view.occurrences(run.rule.expect_event);
  const bool nth = event.kind == model::EventKind::ordinal && !event.for_each_account && !event.for_each_contact;
  if (!nth || run.rule.each_its_own || all.size() < 2 || !all.back().at_the_latest) return Instant::unknown();
  const Instant at = all.front().at;
  const bool same = std::ranges::all_of(
      all, [&](const Occurrence& one) { return one.at == at && view.timeline().by_day[one.index] != 0; });
  const Instant over = last_of(view, all.back().index);
  const bool told = at.known() && is_observed(view, event.parts.front(), view.created(), over);
  return same && told ? at : Instant::unknown();
}

}  // namespace

void EventAnswers::find(const RuleRun& run, View& view) {
  days_ = &run.plan.calendars.front();
  next_move_ = leaves_entered_stage(run);
  by_date_ = run.rule.within && !is_clock(run.rule.within->unit);
  by_day_ = false;
  bool certain = true;
  rows_.clear();
  untimed_.clear();
  const auto take = [&](const Occurrence& occurrence, bool his) {
    const Instant when = counts_from(view, occurrence.index, true);
    if (!occurrence.at.known() || !when.known()) return untimed_.push_back(occurrence);
    const bool by_day = view.timeline().by_day[occurrence.index] != 0 && when == occurrence.at;
    const bool sure = occurrence.certain && his;
    by_day_ |= by_day;
    certain &= sure;
    rows_.emplace_back(when, by_day ? days_->end_of(days_->day_of(when)) : when, occurrence.index, sure,
                       his ? occurrence.since : Instant::unknown(),
                       view.timeline().kind[occurrence.index] == run.plan.moved_kind);
  };
  for (const Occurrence& occurrence : view.occurrences(run.rule.expect_event)) take(occurrence, true);
  const Instant by_then = view.by_day() ? one_of_a_day(run, view) : Instant::unknown();
  if (by_then.known() && !rows_.empty() && rows_.back().when == by_then) rows_.back().since = by_then;
  for (const Occurrence& occurrence : of_nobody_known(view, run.rule.expect_event)) take(occurrence, false);
  const auto earlier = [](const Row& a, const Row& b) { return std::tie(a.when, a.index) < std::tie(b.when, b.index); };
  if (!std::is_sorted(rows_.begin(), rows_.end(), earlier)) std::sort(rows_.begin(), rows_.end(), earlier);
  next_unused_.clear();
  if (!certain) find_certain();
}

void EventAnswers::find_certain() {
  const auto size = static_cast<std::uint32_t>(rows_.size());
  next_certain_.resize(size + 1);
  next_certain_[size] = size;
  for (std::uint32_t i = size; i-- > 0;) next_certain_[i] = rows_[i].only_perhaps() ? next_certain_[i + 1] : i;
}

bool EventAnswers::is_answer(const Opened& opened, std::uint32_t index) const {
  return index != opened.trigger && !(next_move_ && index < opened.trigger);
}

std::uint32_t EventAnswers::unused(std::uint32_t position) const {
  if (next_unused_.empty()) return position;
  std::uint32_t found = position;
  while (next_unused_[found] != found) found = next_unused_[found];
  while (next_unused_[position] != found) position = std::exchange(next_unused_[position], found);
  return found;
}

void EventAnswers::use(std::uint32_t position) {
  if (next_unused_.empty()) {
    next_unused_.resize(rows_.size() + 1);
    std::iota(next_unused_.begin(), next_unused_.end(), 0u);
  }
  next_unused_[position] = position + 1;
}

void EventAnswers::use_perhaps(const Answer& answer) {
  rows_[answer.position].certain = false;
  rows_[answer.position].since = Instant::unknown();
  find_certain();
}

void EventAnswers::use_as(const EventAnswers& earlier) {
  for (std::uint32_t i = 0; i < earlier.rows_.size(); ++i) {
    const Row& old = earlier.rows_[i];
    const auto same = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.index == old.index; });
    if (same == rows_.end()) continue;
    Answer answer;
    answer.position = static_cast<std::uint32_t>(same - rows_.begin());
    if (!earlier.next_unused_.empty() && earlier.next_unused_[i] != i) {
      use(answer.position);
    } else if (same->certain && !old.certain) {
      use_perhaps(answer);
    }
  }
}

// What may have happened, or been stated, at any instant from `at` on.
void EventAnswers::take_untimed(const Opened& opened, Answer& answer) const {
  for (const Occurrence& occurrence : untimed_) {
    const Instant earliest = std::max(opened.at, occurrence.at);
    // What nobody dated stands before everything else, and may have come after it.
    const bool may_answer =
        occurrence.at.known() ? is_answer(opened, occurrence.index) : occurrence.index != opened.trigger;
    if (!may_answer || earliest >= opened.seen) continue;
    answer.possible = earliest;
    return;
  }
}

Answer EventAnswers::first(const Opened& opened) const {
  Answer answer;
  take_untimed(opened, answer);
  const Instant untimed = answer.possible;
  bool other_late = false;
  bool first_in_time = !(untimed.known() && untimed < opened.deadline);  // of those that may have been
  // A date without a time of day ties with the whole of its day, in the zone in which days are counted as in the
  // default.
  const time::Day here = days_->day_of(opened.at);
  const bool of_both = by_date_ && !opened.by_day && opened.calendar != days_;
  const time::Day first_day = of_both ? std::min(here, opened.calendar->day_of(opened.at)) : here;
  const Instant from = by_day_ ? days_->start_of(first_day) : opened.at;
  Answer late;  // by what is written
  const auto begin = std::partition_point(rows_.begin(), rows_.end(), [&](const Row& row) { return row.when < from; });
  const auto size = static_cast<std::uint32_t>(rows_.size());
  for (auto i = unused(static_cast<std::uint32_t>(begin - rows_.begin())); i < size; i = unused(i + 1)) {
    const Row& row = rows_[i];
    if (answer.possible.known() && answer.possible <= row.when && row.only_perhaps()) {
      i = next_certain_[i] - 1;
      continue;
    }
    // Behind what is late already, by more than zones are apart, nothing is in time.
    if (late.certain.known() && row.when.micros - late.certain.micros > 48 * time::micros_per_hour) break;
    const bool by_day = row.until != row.when;
    if (by_day ? row.until <= opened.at && row.when < from : row.when < opened.at) continue;
    Instant when = std::max(row.when, opened.at);
    if (when >= opened.seen) break;
    const bool behind_close = opened.closing != UINT32_MAX && row.move && row.index > opened.closing;
    if (behind_close || !is_answer(opened, row.index)) continue;
    const bool by_date = by_day && by_date_;
    if (by_date && opened.calendar->start_of(days_->day_of(row.when)) < opened.deadline) {
      when = std::min(when, Instant{opened.deadline.micros - 1});
    } else if (by_date) {
      // Something that has a time may be in time all the same.
      when = std::max(when, opened.deadline);
      const bool told = row.certain || row.since >= opened.at;
      if (told && when < opened.seen && (!late.certain.known() || when < late.certain)) {
        late.certain = when, late.index = row.index, late.position = i;
      }
      other_late |= !told && !late.certain.known();
      continue;
    }
    const bool either = by_day && !by_date && when < opened.deadline && row.until > opened.deadline;
    const bool by_then = !row.certain && row.since >= opened.at, sure = (row.certain || by_then) && !either;
    if (by_then) answer.maybe(row.since);
    if (either && answer.by_day == UINT32_MAX) answer.by_day = row.index;
    if (sure) {
      answer.certain = when, answer.index = row.index, answer.position = i;
      break;
    }
    answer.maybe(when);
    const bool timed = !by_day && !row.since.known();
    if (first_in_time && timed && when < opened.deadline) answer.other = i;
    first_in_time &= when >= opened.deadline, answer.other_first = true;
  }
  if (late.certain.known() && !(answer.certain.known() && answer.certain <= late.certain))
    answer.certain = late.certain, answer.index = late.index, answer.position = late.position;
  answer.other_first |= untimed.known() && !(answer.certain < untimed);
  answer.other_first |= other_late && answer.certain >= opened.deadline;
  return answer;
}

}  // namespace plumb::eval
