#pragma once

#include "eval/members.h"
#include "eval/obligation.h"

/// Collecting the instants at which a condition may turn. Only points.cpp and list_points.cpp include this.
namespace plumb::eval {

/// Whose conditions, in which calendar, and where the instants are put.
struct Points {
  View& view;
  const time::Calendar& calendar;
  Instant from, until;
  std::vector<Instant>& out;
  Who who = {};                            // of whom lists are read; nobody: of all
  std::vector<std::uint32_t> teams = {};   // a person's, whenever
  std::vector<DayTurn>* by_day = nullptr;  // where what has a date alone is noted
  std::uint32_t subject = nobody;          // of those
  bool timely = false;                     // what was stated counts from when it was recorded

  void take(Instant at) {
    if (at.known() && at >= from && at < until) out.push_back(at);
  }
  void note(EventRef row) {
    const history::History& history = view.plan().history;
    const history::Timeline& events = row.of_person ? history.person_events : history.deal_events;
    if (by_day && events.by_day[row.index] != 0) by_day->push_back({events.at[row.index], row, subject});
  }
};

/// What a condition stands under: the clocks of its tails, and the events that they look back to.
struct Under {
  std::vector<time::Duration> clocks;
  std::vector<Id<model::Event>> events;
};

/// All that is told of the loaded subject: when it happened, and when it was recorded.
void take_events(Points& points);
/// What a condition reads besides: clocks and thresholds, targets, verdicts, others' lists. `kind`: of whose lists.
void take_clocks(Points& points, Id<model::Expr> id, model::SubjectKind kind, const Under& under);
/// All that conditions read besides the subject's own events, and the ends of coverage; with midnights where one reads
/// the day. Sorts what was found.
void take_conditions(Points& points, std::initializer_list<Id<model::Expr>> conditions, model::SubjectKind kind,
                     bool midnights);
/// When what a row says was recorded: it itself, and its fields.
void take_recorded(Points& points, EventRef row);
/// When so much time has passed since an instant, and just after; of working hours when work goes on.
void take_end(Points& points, const time::Duration& passed, Instant since);
/// Likewise since a row; with a date alone since the start or the end of its day, of a record also since it was stated
/// where that matters.
void take_ends_of(Points& points, const time::Duration& passed, EventRef row);

/// What an aggregate or a `happened` condition counts of others: when it came, when clocks since then run off, and
/// whatever changes what is read of its deal.
void take_lists(Points& points, Id<model::Expr> id, model::SubjectKind kind, const Under& under);
/// The latest of others: when it came, and when clocks since then run off.
void take_latest(Points& points, Id<model::Event> event, model::SubjectKind kind,
                 const std::vector<time::Duration>& clocks);
/// What people are counted by.
void take_people(Points& points, const model::Aggregate& aggregate, model::SubjectKind kind);

}  // namespace plumb::eval
