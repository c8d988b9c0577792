#include <algorithm>
#include <utility>

#include "eval/day.h"
#include "eval/day_course.h"
#include "eval/obligation.h"

namespace plumb::eval {

namespace {

bool has_holds(const model::Rulebook& book, const model::Process& process) {
  return std::any_of(process.stages.begin(), process.stages.end(),
                     [&](Id<model::Stage> stage) { return book.stages[stage].on_hold; });
}

Truth stage_holds(const model::Process& process, const Context& context) {
  const model::Rulebook& book = context.view.plan().book;
  if (!has_holds(book, process)) return Truth::no;
  const Truth held = stage_is(context, [&](Id<model::Stage> stage) { return stage && book.stages[stage].on_hold; });
  if (held == Truth::unknown) lack_stage(context);
  return held;
}

}  // namespace

Truth on_hold(const Context& context) {
  const View& view = context.view;
  const model::Rulebook& book = view.plan().book;
  Truth any = Truth::no;
  for (Id<model::Process> id : view.processes()) {
    const model::Process& process = book.processes[id];
    any = either(any, stage_holds(process, context));
    if (process.on_hold_while) any = either(any, eval::holds(process.on_hold_while, context));
  }
  return view.process_unknown() && any == Truth::yes ? Truth::unknown : any;
}

const std::vector<Hold>& View::hold_times() {
  if (holds_for_ == loads_) return holds_;
  holds_for_ = loads_;
  holds_.clear();
  if (plan_.any_holds && !of_person_ && dated_ != end_) find_holds();
  return holds_;
}

// Whether the deal is on hold changes with its stage, and wherever the conditions of its process may change.
void View::find_holds() {
  std::vector<Instant> points;
  const time::Calendar& calendar = plan_.calendars.front();
  const Instant first = timeline_->at[dated_];
  for (Id<model::Process> id : processes_) {
    const Id<model::Expr> condition = plan_.book.processes[id].on_hold_while;
    if (condition) change_points(*this, calendar, {condition}, first, plan_.horizon, false, points);
  }
  points.push_back(first);
  for (const Instant end : plan_.coverage_ends) {
    if (end > first && end < plan_.horizon) points.push_back(end);
  }
  // From a row on that says where the deal stood already its stages are told.
  if (const Instant told = stages_observed().from; told > first && told < plan_.horizon) points.push_back(told);
  for (const Visit& visit : visits()) {
    if (visit.at.known()) points.push_back(visit.at);
  }
  for (const Hidden& others : hidden()) {
    if (others.from >= first) points.push_back(others.from);
  }
  std::sort(points.begin(), points.end());
  Truth last = Truth::no;
  for (const Instant point : points) {
    const Truth now =
        on_hold({.view = *this, .cut = Instant{point.micros + 1}, .person = nobody, .calendar = &calendar});
    if (now == last) continue;
    if (last != Truth::no) holds_.back().until = point;
    if (now != Truth::no) holds_.push_back({point, Instant::max(), now == Truth::unknown});
    last = now;
  }
  std::erase_if(holds_, [](const Hold& hold) { return hold.from == hold.until; });
  if (by_day_) blur_holds();
  // What has a date alone stands at the start of its day, and may so stand before the creation.
  for (Hold& hold : holds_) hold.from = std::max(hold.from, begins());
  std::erase_if(holds_, [](const Hold& hold) { return hold.from >= hold.until; });
}

std::vector<std::uint32_t> View::rows_by_day(Instant at) const {
  std::vector<std::uint32_t> rows;
  if (!by_day_) return rows;
  const auto begin = timeline_->at.begin();
  for (auto i = std::lower_bound(begin + dated_, begin + end_, at); i != begin + end_ && *i == at; ++i) {
    const auto index = static_cast<std::uint32_t>(i - begin);
    if (timeline_->by_day[index] != 0) rows.push_back(index);
  }
  return rows;
}

namespace {

// It lies between the others, or where it `breaks` them off in their place.
void add_passing_hold(Hold hold, bool breaks, std::vector<Hold>& holds) {
  std::vector<Hold> out;
  for (const Hold& other : holds) {
    const bool beside = other.until <= hold.from || other.from >= hold.until;
    if (!beside && !breaks && hold.from < other.from) out.push_back({hold.from, other.from, true, hold.in_part});
    if (!beside && !breaks) hold.from = std::min(hold.until, other.until);
    if (beside || !breaks) {
      out.push_back(other);
      continue;
    }
    if (other.from < hold.from) out.push_back({other.from, hold.from, other.perhaps, other.in_part});
    if (hold.until < other.until) out.push_back({hold.until, other.until, other.perhaps, other.in_part});
  }
  if (hold.from < hold.until) out.push_back(hold);
  std::ranges::sort(out, {}, &Hold::from);
  holds = std::move(out);
}

// Those that begin and end with what has a date alone on one day, or break off for a part of it.
void add_passing_holds(View& view, std::vector<Hold>& holds) {
  const history::Timeline& timeline = view.timeline();
  const time::Calendar& days = view.plan().calendars.front();
  const auto read = [](const Context& then) { return on_hold(then); };
  Instant last = Instant::unknown();
  for (std::uint32_t row = view.dated(); row < view.end(); ++row) {
    const Instant at = timeline.at[row], from = std::max(at, view.begins());
    const Instant start = days.start_of(days.day_of(at)), over = days.end_of(days.day_of(at));
    if (timeline.by_day[row] == 0 || std::exchange(last, at) == at || from >= over) continue;
    if (!several_by_day(view, start, Instant{at.micros + 1})) continue;
    Context then{.view = view, .cut = Instant{from.micros + 1}, .calendar = &days};
    const Truth behind = on_hold(then);
    then.day_cut = start;
    const Truth before = on_hold(then);
    if (before != behind || before == Truth::unknown || in_every_order(then, read) == behind) continue;
    const DayPart part{.from = from, .until = over, .whole = true};
    const bool sure = behind == Truth::yes || DayCourse(then, part, {}, read).passes();
    add_passing_hold({from, over, true, sure}, behind == Truth::yes, holds);
  }
}

}  // namespace

// A hold that begins or ends with a fact that has no time of day does so at any instant of that day.
void View::blur_holds() {
  const time::Calendar& days = plan_.calendars.front();
  // Whether it is what has a date alone that turns it.
  const auto decides = [&](Instant at) {
    Context then{.view = *this, .cut = Instant{at.micros + 1}, .calendar = &days};
    const Truth with = on_hold(then);
    then.day_cut = days.start_of(days.day_of(at));
    return on_hold(then) != with || in_every_order(then, [](const Context& read) { return on_hold(read); }) != with;
  };
  // Where its stages are told from a row on that has a date alone, they are told when its day is over.
  const Instant told = stages_observed().from;
  // On the day of the creation it came after that.
  const auto some_time = [&](Instant at) {
    return std::max(at, begins()).micros + 1 < days.end_of(days.day_of(at)).micros;
  };
  const auto by_day = [&](Instant at) {
    return !rows_by_day(at).empty() && some_time(at) && (at == told || decides(at));
  };
  std::vector<Hold> out;
  const auto put = [&](Hold hold) {
    if (!out.empty()) hold.from = std::max(hold.from, out.back().until);
    if (hold.from < hold.until) out.push_back(hold);
  };
  for (const Hold& hold : holds_) {
    const Instant first = by_day(hold.from) ? days.end_of(days.day_of(hold.from)) : hold.from;
    put({hold.from, std::min(first, hold.until), true, !hold.perhaps});
    put({first, hold.until, hold.perhaps, hold.in_part});
    if (hold.until != Instant::max() && by_day(hold.until)) {
      put({hold.until, days.end_of(days.day_of(hold.until)), true, !hold.perhaps});
    }
  }
  holds_ = std::move(out);
  add_passing_holds(*this, holds_);
}

}  // namespace plumb::eval
