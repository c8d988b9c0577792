#include "eval/lasting.h"

#include <algorithm>

#include "eval/day.h"
#include "eval/day_course.h"
#include "eval/openings.h"

namespace plumb::eval {

Context context_at(const RuleRun& run, View& view, Instant cut, const time::Calendar& calendar) {
  return {.view = view,
          .cut = cut,
          .person = run.who.person,
          .team = run.who.team,
          .subject = run.rule.subject.kind,
          .calendar = &calendar};
}

Truth open_after(const View& view, Instant now) {
  if (view.lives_unknown()) return Truth::unknown;
  const Life* life = view.life_at(now);
  if (!life || (life->end.known() && life->end <= now)) return Truth::no;
  return life->doubtful(now) ? Truth::unknown : Truth::yes;
}

Truth asked_at(RuleRun& run, View& view, Instant now, const time::Calendar& calendar, bool running) {
  if (!running && !in_force(run, now)) return Truth::no;
  const Truth open = run.rule.even_when_closed || run.who.any() ? Truth::yes : open_after(view, now);
  if (open == Truth::no) return Truth::no;
  const std::size_t reasons = run.trace.reasons.size();
  const Truth about = both(open, about_at(run, view, now, &calendar));
  run.trace.reasons.resize(reasons);
  if (about == Truth::no || !run.rule.while_condition) return about;
  Context context = context_at(run, view, Instant{now.micros + 1}, calendar);
  context.as_rows_say = true;
  return both(about, holds(run.rule.while_condition, context));
}

const time::Calendar& calendar_at(const RuleRun& run, View& view, Instant at) {
  if (!run.plan.person_calendar) return run.plan.calendars.front();
  return run.plan.calendar_at(debtor_of(run, view, at), at);
}

Instant turn_as_written(const RuleRun& run, const View& view, Instant at, const time::Calendar& calendar) {
  if (&calendar == &run.plan.calendars.front() || !at.known() || rows_by_day(run, view, at).empty()) return at;
  return as_written(run.plan, at, calendar);
}

bool may_go_on(const Interval& one, const Interval& next) {
  return one.until == next.from && (one.perhaps_ended || one.asked == Truth::unknown);
}

namespace {

// Where people have calendars of their own, the day and the ends of clocks change with who is asked.
void find_instants(RuleRun& run, View& view, Instant first) {
  run.instants.clear();
  const std::size_t calendars = run.plan.person_calendar ? run.plan.calendars.size() : 1;
  for (std::size_t i = 0; i < calendars; ++i) {
    const time::Calendar& calendar = run.plan.calendars[i];
    const auto conditions = {run.rule.while_condition, run.rule.expect, run.rule.subject.where};
    if (run.who.any()) {
      change_points_of(run, view, calendar, conditions, first, run.plan.horizon, run.instants);
    } else {
      change_points(view, calendar, conditions, first, run.plan.horizon, false, run.instants);
    }
  }
}

// What the versions before one ask, the earliest first.
struct AskedBefore {
  time::Day until;
  std::vector<Interval> intervals;
};

// From when on this version asks anything of the subject: from its day, or where an earlier one is asking then, when
// that ends; perhaps sooner, where it cannot be told whether an earlier one is. Missing: unknown where it has always
// done.
struct Begin {
  Instant perhaps = Instant::unknown(), certain = Instant::unknown();
};

Begin begins_to_ask(const RuleRun& run, const std::vector<AskedBefore>& earlier) {
  if (!run.rule.effective_from) return {};
  const Instant start = run.plan.calendars.front().start_of(*run.rule.effective_from);
  Begin begin{start, start};
  for (const AskedBefore& version : earlier) {
    if (version.until > *run.rule.effective_from) continue;
    for (std::size_t i = 0; i < version.intervals.size(); ++i) {
      const Interval& one = version.intervals[i];
      const Interval whole = gone_on(version.intervals, i);
      if (one.from >= start || whole.until <= start) continue;
      const auto end = [](const Interval& interval) { return interval.ended ? interval.until : Instant::max(); };
      begin.certain = std::max(begin.certain, end(whole));
      if (one.asked == Truth::yes && one.until > start) begin.perhaps = std::max(begin.perhaps, end(one));
    }
  }
  return begin;
}

// From when on B is not known to be true, up to the end of an interval. Missing: unknown, B is true there.
Instant lapse_at_end(const std::vector<Interval>& all, std::size_t i) {
  Instant since = Instant::unknown();
  while (true) {
    const std::vector<Stretch>& kept = all[i].kept;
    for (auto stretch = kept.rbegin(); stretch != kept.rend(); ++stretch) {
      if (stretch->holds == Truth::yes) return since;
      since = stretch->from;
    }
    if (i == 0 || !may_go_on(all[i - 1], all[i])) return since;
    --i;
  }
}

// Whether an interval ends with a lapse of what was asked for, or may go on from one that does.
bool lapses_at_end(const Interval& one) {
  const auto stretch = std::ranges::find_if(one.kept.rbegin(), one.kept.rend(),
                                            [](const Stretch& each) { return each.holds != Truth::unknown; });
  if (stretch == one.kept.rend()) return one.may_lapse_on;
  if (stretch->holds == Truth::yes) return false;
  const auto kept = [](const Stretch& each) { return each.holds == Truth::yes; };
  return one.asked == Truth::yes || (one.may_lapse_on && std::ranges::none_of(one.kept, kept));
}

void find_lapses_before(std::vector<Interval>& all) {
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (!may_go_on(all[i - 1], all[i])) continue;
    all[i].lapsed_since = lapse_at_end(all, i - 1);
    all[i].may_lapse_on = lapses_at_end(all[i - 1]);
  }
}

// What begins with the end of a day, as a calendar has it, and ends with what has the date of the next, or the other
// way round, has no length: these are one instant as they are written.
void drop_without_length(const RuleRun& run, const View& view, const time::Calendar& calendar,
                         std::vector<Stretch>& kept) {
  const auto written = [&](Instant at) { return turn_as_written(run, view, at, calendar); };
  for (std::size_t i = 0; i < kept.size();) {
    const Stretch one = kept[i];
    const bool in_between = one.from == one.until;
    if (kept.size() == 1 || in_between || written(one.from) != written(one.until)) {
      ++i;
      continue;
    }
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
    if (i == 0) {
      kept.front().from = one.from;
      continue;
    }
    kept[i - 1].until = one.until;
    if (i == kept.size() || kept[i].holds != kept[i - 1].holds) continue;
    kept[i - 1].until = kept[i].until;
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// What B was for a moment between two things of a day that have the date alone, though it is the same before and behind
// them, or cannot be told there on one side: unknown where it was not so in whatever order they came. Missing: nullopt,
// it was always the same, or that cannot be told either.
std::optional<Truth> in_between(const RuleRun& run, View& view, Instant now, const time::Calendar& calendar,
                                Truth before, Truth kept) {
  const Truth told = kept == Truth::unknown ? before : kept;
  const bool turns = before != kept && before != Truth::unknown && kept != Truth::unknown;
  if (run.who.any() || turns || told == Truth::unknown || view.rows_by_day(now).size() < 2) return std::nullopt;
  const auto other = [&](const Context& then) {
    const Truth is = holds(run.rule.expect, then);
    return told == Truth::yes ? negate(is) : is;
  };
  const DayPart part{.from = std::max(now, view.begins()), .until = Instant{now.micros + 1}, .whole = true};
  DayCourse course(context_at(run, view, Instant{now.micros + 1}, calendar), part, {}, other);
  if (course.passes()) return negate(told);
  return before == kept && course.may_pass() ? std::optional(Truth::unknown) : std::nullopt;
}

// Whoever owes it when it opens, by his calendar it is asked until it ends.
std::vector<Interval> intervals(RuleRun& run, View& view, const std::vector<AskedBefore>& earlier) {
  if (!run.who.any() && view.dated() == view.end()) return {};
  const Instant first = run.who.any() ? run.plan.began.perhaps : view.begins();
  find_instants(run, view, first);
  const Begin begin = begins_to_ask(run, earlier);
  const Instant begun = run.who.any() ? run.plan.began.surely : Instant::unknown();
  for (const Instant at : {begin.perhaps, begin.certain, begun}) {
    if (at > first && at < run.plan.horizon) run.instants.push_back(at);
  }
  std::sort(run.instants.begin(), run.instants.end());
  run.instants.erase(std::unique(run.instants.begin(), run.instants.end()), run.instants.end());
  const auto asked_now = [&](Instant now, const time::Calendar& calendar, bool goes_on) {
    const Truth asked = asked_at(run, view, now, calendar, goes_on);
    return now < begin.certain ? both(asked, Truth::unknown) : asked;
  };
  std::vector<Interval> out;
  bool open = false, only_goes_on = false;
  const time::Calendar* calendar = nullptr;
  for (Instant now : run.instants) {
    if (now < begin.perhaps) continue;
    if (!open) calendar = &calendar_at(run, view, now), only_goes_on = false;
    Truth asked = asked_now(now, *calendar, open);
    // An earlier version may have been asking since before this one's day.
    const bool goes_on = open && out.back().doubted && out.back().asked == Truth::unknown && asked == Truth::yes;
    if (goes_on) asked = Truth::unknown;
    if (open && asked != out.back().asked) {
      out.back().until = now, out.back().ended = true;
      out.back().perhaps_ended = asked == Truth::unknown;
      open = false;
      only_goes_on = !in_force(run, now) && (asked == Truth::unknown || out.back().asked == Truth::unknown);
      if (!only_goes_on) calendar = &calendar_at(run, view, now);
      asked = asked_now(now, *calendar, only_goes_on);
    }
    if (asked == Truth::no) continue;
    if (!open) {
      out.push_back({now, run.plan.horizon, asked, false, now < begin.certain, {}});
      out.back().only_goes_on = only_goes_on;
      open = true;
    }
    if (run.rule.shape == model::Shape::throughout) continue;  // what is limited counts from where the interval begins
    const Truth kept = holds(run.rule.expect, context_at(run, view, Instant{now.micros + 1}, *calendar));
    std::vector<Stretch>& stretches = out.back().kept;
    const std::optional<Truth> before = stretches.empty() ? std::nullopt : std::optional(stretches.back().holds);
    const std::optional<Truth> between = before ? in_between(run, view, now, *calendar, *before, kept) : std::nullopt;
    if (before == kept && !between) continue;
    if (between) stretches.back().until = now, stretches.push_back({now, now, *between});
    if (!stretches.empty()) stretches.back().until = now;
    stretches.push_back({now, run.plan.horizon, kept});
  }
  for (Interval& interval : out) {
    if (interval.kept.empty()) continue;
    interval.kept.back().until = interval.until;
    if (!run.plan.person_calendar || !by_day(run, view)) continue;
    drop_without_length(run, view, calendar_at(run, view, interval.from), interval.kept);
  }
  find_lapses_before(out);
  return out;
}

std::vector<AskedBefore> earlier_of(const RuleRun& run, View& view) {
  std::vector<AskedBefore> all;
  for (const std::uint32_t row : earlier_versions(run)) {
    RuleRun earlier(run.plan, row);
    earlier.who = run.who, earlier.members = run.members;
    std::vector<Interval> found = intervals(earlier, view, all);
    all.push_back({*earlier.rule.effective_until, std::move(found)});
  }
  return all;
}

}  // namespace

Interval gone_on(const std::vector<Interval>& all, std::size_t i) {
  Interval whole = all[i];
  for (; i + 1 < all.size() && may_go_on(all[i], all[i + 1]); ++i) {
    for (const Stretch& stretch : all[i + 1].kept) {
      if (!whole.kept.empty() && whole.kept.back().holds == stretch.holds) {
        whole.kept.back().until = stretch.until;
      } else {
        whole.kept.push_back(stretch);
      }
    }
  }
  whole.until = all[i].until, whole.ended = all[i].ended;
  return whole;
}

std::vector<Interval> lasting(RuleRun& run, View& view) { return intervals(run, view, earlier_of(run, view)); }

}  // namespace plumb::eval
