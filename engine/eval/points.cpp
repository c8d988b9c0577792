#include <algorithm>

#include "eval/day.h"
#include "eval/points.h"
#include "eval/verdict_facts.h"

namespace plumb::eval {

Value total_time_value(const model::Expr& expr, const Context& context);  // total_time.cpp

namespace {

using model::Op;

// Whether a change with a time is one of a day on which something has a date alone.
bool may_be_outdone(const View& view, std::uint32_t index) {
  const history::Timeline& timeline = view.timeline();
  const bool change = view.plan().history.kinds[timeline.kind[index]].of == history::KindClass::change;
  return change && timeline.by_day[index] == 0 && day_in_doubt(view, index);
}

// An n-th for each account that has no instant, or a date alone, may have come as soon as another deal had so many.
void take_others(Points& points) {
  const model::Rulebook& book = points.view.plan().book;
  for (std::size_t i = 0; i < book.events.size(); ++i) {
    const Id<model::Event> event(i);
    if (!book.events[event].for_each_account) continue;
    for (const Occurrence& one : points.view.occurrences(event)) {
      if (one.not_before != UINT32_MAX) points.take(points.view.timeline().at[one.not_before]);
    }
  }
}

// What the deal was created with may have been stated later than that; contacts are added and written down.
void take_initial(Points& points) {
  if (points.view.of_person()) return;
  for (const history::Column& column : points.view.plan().history.deals.columns) {
    if (!column.recorded.empty()) points.take(column.recorded[points.view.subject()]);
  }
  const history::Contacts& contacts = points.view.plan().history.contacts;
  const std::uint32_t deal = points.view.subject();
  if (deal + 1 >= contacts.first.size()) return;
  for (std::uint32_t contact = contacts.first[deal]; contact < contacts.first[deal + 1]; ++contact) {
    points.take(contacts.since[contact]);
    points.take(contacts.recorded[contact]);
  }
}

}  // namespace

void take_recorded(Points& points, EventRef row) {
  const history::History& history = points.view.plan().history;
  const history::Timeline& timeline = row.of_person ? history.person_events : history.deal_events;
  if (timeline.recorded[row.index] != timeline.at[row.index]) points.take(timeline.recorded[row.index]);
  for (const history::Column& column : history.kinds[timeline.kind[row.index]].columns) {
    if (timeline.row[row.index] < column.recorded.size()) points.take(column.recorded[timeline.row[row.index]]);
  }
}

void take_events(Points& points) {
  const View& view = points.view;
  const history::Timeline& timeline = view.timeline();
  for (std::uint32_t index = view.dated(); index < view.end(); ++index) {
    points.take(timeline.at[index]);
    points.note(view.ref(index));
    // At its very instant a change is what it says; then one with a date alone may come behind it.
    if (view.by_day() && may_be_outdone(view, index)) points.take(Instant{timeline.at[index].micros + 1});
    take_recorded(points, view.ref(index));
  }
  for (const Hidden& others : view.hidden()) points.take(others.from);
  if (view.by_day() || view.dated() != view.begin()) take_others(points);
  if (view.by_day() && !view.of_person()) points.take(view.stages_observed().from);
  take_initial(points);
}

void take_end(Points& points, const time::Duration& passed, Instant since) {
  Instant end = points.calendar.within(passed, since);
  points.take(end);
  if (passed.unit == time::Unit::working_hours) {
    const time::Duration hour{1, time::Unit::working_hours};
    end = points.calendar.ahead_of(hour, points.calendar.within(hour, end));
  }
  if (end.known()) points.take(Instant{end.micros + 1});
}

void take_ends_of(Points& points, const time::Duration& passed, EventRef row) {
  const history::History& history = points.view.plan().history;
  const history::Timeline& timeline = row.of_person ? history.person_events : history.deal_events;
  const Instant at = timeline.at[row.index];
  const Plan& plan = points.view.plan();
  take_end(points, passed, at);
  if (const Instant counts = counts_from(plan, timeline, row.index, points.timely); counts != at)
    take_end(points, passed, counts);
  if (timeline.by_day[row.index] == 0) return;
  take_end(points, passed, is_clock(passed.unit) ? last_of_day(plan, at) : as_written(plan, at, points.calendar));
}

namespace {

void take_midnights(Points& points, const time::Calendar& calendar) {
  const time::Day first = calendar.day_of(points.from);
  for (time::Day day = first.known() ? first + 1 : first_tabulated;; day = day + 1) {
    const Instant start = calendar.start_of(day);
    if (!start.known() || start >= points.until) return;
    points.take(start);
  }
}

// What is known of somebody is known by his own day, whoever owes what reads it.
void take_days_of_people(Points& points, const model::Expr& expr) {
  const Plan& plan = points.view.plan();
  if (!plan.person_calendar) return;
  const bool field = expr.op == Op::person_field || expr.op == Op::subject_field;
  const bool of_person = field && plan.book.fields[expr.field].owner == model::OwnerKind::person;
  const bool away = expr.op == Op::situation && expr.situation == model::Situation::on_leave;
  if (!of_person && !away) return;
  for (const time::Calendar& calendar : plan.calendars) {
    if (&calendar != &points.calendar) take_midnights(points, calendar);
  }
}

// `in 36 hours`: what happened ceases to count just after.
void take_ends(Points& points, const time::Duration& back) {
  if (!is_clock(back.unit)) return;
  for (std::uint32_t index = points.view.dated(); index < points.view.end(); ++index) {
    take_ends_of(points, back, points.view.ref(index));
  }
  for (const Hidden& others : points.view.hidden()) {
    if (others.from.known()) take_end(points, back, others.from);
  }
}

// `time since E is at most 36 hours`: turns when the hours are over, or just after.
void take_elapsed(Points& points, Id<model::Event> event, model::SubjectKind kind, const time::Duration& asked) {
  take_latest(points, event, kind, is_clock(asked.unit) ? std::vector{asked} : std::vector<time::Duration>());
  if (!is_clock(asked.unit)) return;
  for (const Occurrence& occurrence : points.view.occurrences(event)) {
    if (occurrence.at.known()) take_ends_of(points, asked, points.view.ref(occurrence.index));
  }
}

// `total time in S is at most 3 days`: turns when so much has been spent there, and just after.
void take_total(Points& points, Id<model::Stage> stage, const Value& asked) {
  if (points.view.stage_unknown()) return;
  Wide left = asked.low.n / asked.low.d;
  const std::vector<Visit>& visits = points.view.visits();
  for (std::size_t i = 0; i < visits.size(); ++i) {
    if (visits[i].stage != stage || !visits[i].at.known()) continue;
    const Instant end = i + 1 < visits.size() ? visits[i + 1].at : points.until;
    const Wide length = Wide{end.micros} - visits[i].at.micros;
    if (length > left) {
      const Instant turn{static_cast<std::int64_t>(visits[i].at.micros + left)};
      points.take(turn);
      return points.take(Instant{turn.micros + 1});
    }
    left -= length;
  }
}

// Where it is a range, since moves have a date alone or others may be hidden: by as little and as much as it may be.
void take_total_of_range(Points& points, const model::Expr& of, const Value& asked) {
  const auto take_from = [&](Instant at) {
    const Value spent = total_time_value(of, {.view = points.view, .cut = Instant{at.micros + 1}});
    if (!spent.known()) return;
    for (const Rational& so_far : {spent.low, spent.high}) {
      const Instant turn{at.micros + static_cast<std::int64_t>(asked.low.n / asked.low.d - so_far.n)};
      points.take(turn);
      points.take(Instant{turn.micros + 1});
    }
  };
  if (points.view.created().known()) take_from(points.view.created());
  // Also of a row that changes nothing: behind it others may be hidden.
  const history::Timeline& timeline = points.view.timeline();
  for (const std::uint32_t move : points.view.of_kind(points.view.plan().moved_kind)) {
    const Instant at = timeline.at[move];
    if (!at.known()) continue;
    take_from(at);
    if (timeline.by_day[move] != 0) take_from(last_of_day(points.view.plan(), at));
  }
}

// The durations that a threshold may be: the one that is written, or those of a target's cases.
template <class Take>
void each_duration(const model::Rulebook& book, Id<model::Expr> id, Take take) {
  const model::Expr& expr = book.exprs[id];
  if (expr.op == Op::duration) return take(id);
  if (expr.op == Op::measure) return each_duration(book, book.measures[expr.measure].value, take);
  if (expr.op != Op::target) return;
  for (const model::TargetCase& one : book.targets[expr.target].cases) each_duration(book, one.value, take);
}

// Where what is measured comes to be as long as a threshold.
void take_thresholds(Points& points, Id<model::Expr> measured, Id<model::Expr> threshold, model::SubjectKind kind) {
  const model::Rulebook& book = points.view.plan().book;
  const model::Expr& of = book.exprs[measured];
  if (of.op == Op::measure)
    return take_thresholds(points, book.measures[of.measure].value, threshold, kind_of(of.text, kind));
  each_duration(book, threshold, [&](Id<model::Expr> one) {
    const Context context{.view = points.view, .cut = points.until, .calendar = &points.calendar};
    if (of.op == Op::time_since) take_elapsed(points, of.event, kind, book.exprs[one].duration);
    if (of.op != Op::total_time_in) return;
    const Value asked = value(one, context);
    if (!asked.known()) return;
    const bool ranges = points.view.by_day() || !points.view.hidden().empty();
    ranges ? take_total_of_range(points, of, asked) : take_total(points, of.stage, asked);
  });
}

// The days from which its cases hold.
void take_target(Points& points, const model::Target& target, model::SubjectKind kind) {
  for (const model::TargetCase& one : target.cases) {
    if (one.from) points.take(points.calendar.start_of(*one.from));
    take_clocks(points, one.value, kind, {});
    take_clocks(points, one.where, kind, {});
  }
}

// `followed by E within D`: as long as the time runs it is open.
void take_followed(Points& points, const model::Aggregate& aggregate) {
  for (const Occurrence& occurrence : points.view.occurrences(aggregate.event)) {
    if (occurrence.at.known()) take_ends_of(points, *aggregate.followed_within, points.view.ref(occurrence.index));
  }
}

// What a condition with these tails stands under.
Under below(Points& points, const model::Tails& tails, const Under& under) {
  Under all = under;
  if (tails.in) take_ends(points, *tails.in);
  if (tails.in && is_clock(tails.in->unit)) {
    all.clocks.push_back(*tails.in);
    // All that counts is observed so much later.
    for (const Instant end : points.view.plan().coverage_ends) take_end(points, *tails.in, end);
  }
  for (const Id<model::Event> event : {tails.since, tails.last_of}) {
    if (event) all.events.push_back(event);
  }
  return all;
}

void take_aggregate(Points& points, Id<model::Expr> id, const model::Aggregate& aggregate, model::SubjectKind kind,
                    const Under& under) {
  const model::SubjectKind whose = kind_of(aggregate.of, kind);
  if (aggregate.population == model::PopulationKind::people) return take_people(points, aggregate, whose);
  const Under all = below(points, aggregate.tails, under);
  if (aggregate.per && !aggregate.event) return take_clocks(points, aggregate.value, whose, all);
  if (aggregate.population != model::PopulationKind::contacts) take_lists(points, id, whose, all);
  // What is one's own is read from one's own history.
  if (whose != kind || kind == model::SubjectKind::team) return;
  if (aggregate.followed_by) take_followed(points, aggregate);
  if (kind != model::SubjectKind::deal) return;
  take_clocks(points, aggregate.value, kind, {});
  take_clocks(points, aggregate.where, kind, {});
}

void take_verdicts(Points& points, const model::Expr& expr) {
  std::vector<Instant> turns;
  verdict_points(expr, points.view, points.who, turns);
  for (Instant at : turns) points.take(at);
}

}  // namespace

void take_clocks(Points& points, Id<model::Expr> id, model::SubjectKind kind, const Under& under) {
  if (!id) return;
  const model::Rulebook& book = points.view.plan().book;
  const model::Expr& expr = book.exprs[id];
  const Under all = below(points, expr.tails, under);
  take_days_of_people(points, expr);
  if (expr.op == Op::happened) take_lists(points, id, kind, all);
  if (expr.aggregate) take_aggregate(points, id, *expr.aggregate, kind, all);
  if (expr.op == Op::compare) take_thresholds(points, expr.args[0], expr.args[1], kind);
  if (expr.op == Op::time_since) take_latest(points, expr.event, kind, {});
  if (expr.op == Op::target) take_target(points, book.targets[expr.target], kind);
  if (expr.op == Op::verdict) take_verdicts(points, expr);
  if (expr.op == Op::measure) {
    take_clocks(points, book.measures[expr.measure].value, kind_of(expr.text, kind), all);
  }
  if (expr.op == Op::situation && expr.situation == model::Situation::on_hold) {
    for (const model::Process& process : book.processes) take_clocks(points, process.on_hold_while, kind, {});
  }
  for (Id<model::Expr> arg : expr.args) take_clocks(points, arg, kind, all);
}

void take_conditions(Points& points, std::initializer_list<Id<model::Expr>> conditions, model::SubjectKind kind,
                     bool midnights) {
  const Plan& plan = points.view.plan();
  const std::vector<Instant>& ends = plan.coverage_ends;
  for (auto end = std::lower_bound(ends.begin(), ends.end(), points.from); end != ends.end() && *end < points.until;
       ++end) {
    points.take(*end);
  }
  for (Id<model::Expr> condition : conditions) {
    take_clocks(points, condition, kind, {});
    midnights |= condition && plan.uses_today[condition.index()];
  }
  if (midnights) take_midnights(points, points.calendar);
  std::sort(points.out.begin(), points.out.end());
  points.out.erase(std::unique(points.out.begin(), points.out.end()), points.out.end());
}

void change_points(View& view, const time::Calendar& calendar, std::initializer_list<Id<model::Expr>> conditions,
                   Instant from, Instant until, bool midnights, std::vector<Instant>& out, bool timely) {
  Points points{view, calendar, from, until, out};
  points.timely = timely;
  take_events(points);
  take_conditions(points, conditions, view.of_person() ? model::SubjectKind::person : model::SubjectKind::deal,
                  midnights);
}

}  // namespace plumb::eval
