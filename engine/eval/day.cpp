#include "eval/day.h"

#include <algorithm>

namespace plumb::eval {

Truth DayReading::has_come(Of of, std::uint32_t index) {
  if (so_far_) {
    const bool come = std::ranges::find(*so_far_, Row{of, index}) != so_far_->end();
    if (!come) to_come_.push_back({of, index});
    return truth(come);
  }
  if (of == Of::move && at_move_ != UINT32_MAX) return truth(index < at_move_);
  if (says_ != Says::way) return says_ == Says::none ? Truth::no : Truth::unknown;
  const auto is_it = [&](const Look& look) { return look.of == of && look.index == index; };
  if (next_ < looks_.size() && is_it(looks_[next_])) return truth(looks_[next_++].come);
  std::uint32_t& highest = highest_[static_cast<std::size_t>(of)];
  if (index < highest) {
    const auto found = std::ranges::find_if(looks_, is_it);
    if (found != looks_.end()) return next_ = static_cast<std::size_t>(found - looks_.begin()) + 1, truth(found->come);
  }
  Look look{of, index, true, false};
  for (const Look& other : of == Of::move ? std::span<const Look>(looks_) : std::span<const Look>()) {
    // A later move has come only after this one, and this one only after an earlier.
    if (other.of != of || other.come != (other.index > index)) continue;
    look.come = other.come, look.forced = true;
  }
  looks_.push_back(look);
  next_ = looks_.size(), highest = std::max(highest, index + 1);
  return truth(look.come);
}

std::optional<std::uint32_t> DayReading::last_of(std::span<const std::uint32_t> changes) const {
  if (!so_far_) return std::nullopt;
  for (auto row = so_far_->rbegin(); row != so_far_->rend(); ++row) {
    if (row->of == Of::event && std::ranges::find(changes, row->index) != changes.end()) return row->index;
  }
  return std::nullopt;
}

bool DayReading::next() {
  while (!looks_.empty() && (looks_.back().forced || !looks_.back().come)) looks_.pop_back();
  next_ = 0;
  if (looks_.empty()) return false;
  looks_.back().come = false;
  return true;
}

Truth has_come(const Context& context, std::uint32_t index) {
  const history::Timeline& timeline = context.view.timeline();
  const bool itself = index == context.opening || index == context.candidate;
  const bool open = timeline.by_day[index] != 0 && timeline.at[index] >= context.day_cut && !itself;
  if (!open) return Truth::yes;
  if (context.written_later) return Truth::no;
  lack_time(context, index);
  if (!context.reading) return Truth::no;
  const bool move = timeline.kind[index] == context.view.plan().moved_kind;
  return context.reading->has_come(move ? DayReading::Of::move : DayReading::Of::event, index);
}

bool day_in_doubt(const View& view, std::uint32_t row) {
  const history::Timeline& timeline = view.timeline();
  if (timeline.by_day[row] != 0) return true;
  const time::Calendar& days = view.plan().calendars.front();
  const time::Day day = days.day_of(timeline.at[row]);
  const Instant start = days.start_of(day), over = days.end_of(day);
  const auto begin = timeline.at.begin() + view.dated(), end = timeline.at.begin() + view.end();
  for (auto at = std::lower_bound(begin, end, start); at != end && *at < over; ++at) {
    if (timeline.by_day[static_cast<std::size_t>(at - timeline.at.begin())] != 0) return true;
  }
  return false;
}

bool several_by_day(const View& view, Instant from, Instant until) {
  const history::Timeline& timeline = view.timeline();
  const auto begin = timeline.at.begin();
  auto at = std::lower_bound(begin + view.dated(), begin + view.end(), from);
  int rows = 0, by_day = 0;
  for (; at != begin + view.end() && *at < until && (rows < 2 || by_day == 0); ++at) {
    ++rows, by_day += timeline.by_day[static_cast<std::size_t>(at - begin)] != 0;
  }
  return rows > 1 && by_day > 0;
}

namespace {

// Where the first of the view's rows in [from, until) that has a date alone stands. Missing: unknown.
Instant first_by_day(const View& view, Instant from, Instant until) {
  const history::Timeline& timeline = view.timeline();
  const auto begin = timeline.at.begin();
  auto at = std::lower_bound(begin + view.dated(), begin + view.end(), from);
  while (at != begin + view.end() && *at < until && timeline.by_day[static_cast<std::size_t>(at - begin)] == 0) ++at;
  return at != begin + view.end() && *at < until ? *at : Instant::unknown();
}

}  // namespace

Instant earliest_of(const View& view, Instant settled) {
  if (!view.by_day() || !settled.known()) return settled;
  const time::Calendar& days = view.plan().calendars.front();
  const time::Day day = days.day_of(Instant{settled.micros - 1});
  const Instant before = days.start_of(day), over = days.end_of(day);
  const bool ends_day = settled == over || settled.micros + 1 == over.micros;
  const Instant first = ends_day ? first_by_day(view, before, settled) : Instant::unknown();
  return first.known() ? first : settled;
}

bool came_by_day(const View& view, Instant settled, bool hours) {
  if (!view.by_day() || !settled.known()) return false;
  if (!view.rows_by_day(settled).empty()) return true;
  const time::Calendar& days = view.plan().calendars.front();
  const time::Day day = days.day_of(Instant{settled.micros - 1});
  const bool ends_day = settled == days.end_of(day) || settled.micros + 1 == days.end_of(day).micros;
  return hours && ends_day && first_by_day(view, days.start_of(day), settled).known();
}

EventRef row_by_day(const history::History& history, bool of_person, std::uint32_t subject, Instant at) {
  const history::Timeline& timeline = of_person ? history.person_events : history.deal_events;
  const auto last = timeline.at.begin() + timeline.first[subject + 1];
  auto row = std::lower_bound(timeline.at.begin() + timeline.first[subject], last, at);
  for (; row != last && *row == at; ++row) {
    const auto index = static_cast<std::uint32_t>(row - timeline.at.begin());
    if (timeline.by_day[index] != 0) return {of_person, index};
  }
  return no_event;
}

}  // namespace plumb::eval
