#include <algorithm>
#include <span>
#include <tuple>

#include "eval/asked.h"
#include "eval/points.h"
#include "eval/take.h"

/// When a condition may turn by what happens with others: with all deals of a person, a team or the company.
namespace plumb::eval {

namespace {

using model::SubjectKind;

bool is_read(const Points& points, SubjectKind kind, std::uint32_t key) {
  if (key == anybody || kind == SubjectKind::company) return true;
  if (!points.who.any()) return std::ranges::find(points.teams, key) != points.teams.end();
  if (kind == SubjectKind::person) return key == points.who.person;
  return points.who.team == nobody ? std::ranges::find(points.teams, key) != points.teams.end()
                                   : key == points.who.team;
}

std::vector<std::uint32_t> teams_of(const Plan& plan, std::uint32_t person) {
  std::vector<std::uint32_t> teams;
  const history::People& people = plan.history.people;
  const history::Column* team = plan.team ? plan.fields[plan.team.index()].dated : nullptr;
  for (std::uint32_t row = people.first[person]; team && row < people.first[person + 1]; ++row) {
    if (history::is_value(team->values[row])) teams.push_back(static_cast<std::uint32_t>(team->values[row]));
  }
  return teams;
}

// The teams that those were ever in who own the loaded deal, or did.
std::vector<std::uint32_t> teams_of_owners(const View& view) {
  const Plan& plan = view.plan();
  std::vector<std::uint32_t> teams;
  if (!plan.owner || view.of_person()) return teams;
  const auto take = [&](const history::Column* words, std::uint32_t row) {
    const std::uint32_t owner = words ? plan.person(words->values[row]) : nobody;
    if (owner == nobody) return;
    for (const std::uint32_t team : teams_of(plan, owner)) teams.push_back(team);
  };
  const FieldBinding& field = plan.fields[plan.owner.index()];
  take(field.initial, view.subject());
  for (const std::uint32_t index : view.of_kind(field.change_kind)) {
    take(field.change_from, view.timeline().row[index]), take(field.change_to, view.timeline().row[index]);
  }
  return teams;
}

// Those of the lists that are read.
std::vector<const MemberList::OfKey*> read_of(Points& points, const MemberList& list, SubjectKind kind) {
  if (!points.who.any() && points.teams.empty()) points.teams = teams_of_owners(points.view);
  std::vector<const MemberList::OfKey*> found;
  for (const auto& of : list.lists()) {
    if (is_read(points, kind, of->key)) found.push_back(of.get());
  }
  return found;
}

// What the first rows of deals leave out, and when it lies behind what counts.
void take_untold(Points& points, const MemberList::OfKey& of, const std::vector<time::Duration>& clocks) {
  std::vector<MemberList::Untold> all;
  of.untold(Instant{INT64_MIN + 1}, points.until, SIZE_MAX, all);
  for (const MemberList::Untold& one : all) {
    points.take(one.from), points.take(one.until);
    for (const time::Duration& clock : clocks) take_end(points, clock, one.until);
  }
}

// From where on what happens, or the end of a clock that it starts, may lie at `points.from` or later: with more than
// the longest break between two times of work.
Instant reach(const Points& points, const std::vector<time::Duration>& clocks) {
  constexpr std::int64_t margin = 62 * 24 * time::micros_per_hour;
  Instant first = points.from;
  for (const time::Duration& clock : clocks) {
    const Instant start = points.calendar.ahead_of(clock, points.from);
    if (!start.known() || start.micros < INT64_MIN + 2 * margin) return Instant::unknown();
    first = std::min(first, Instant{start.micros - margin});
  }
  return first;
}

// `stated`: what is recorded later counts from then on.
void take_rows(Points& points, const MemberList::OfKey& of, const std::vector<time::Duration>& clocks, bool stated) {
  const std::vector<MemberList::Row>& rows = of.in_order();
  // Each row that has a date alone is noted.
  const Instant first = points.by_day || stated ? Instant::unknown() : reach(points, clocks);
  const auto begin = std::ranges::lower_bound(rows, first, {}, &MemberList::Row::at);
  for (const MemberList::Row& row : std::ranges::subrange(begin, rows.end())) {
    if (!points.by_day && row.at >= points.until) break;
    const EventRef ref{row.of_person != 0, row.index};
    points.take(row.at), points.note(ref);
    if (!row.at.known()) continue;
    if (stated) take_recorded(points, ref);
    for (const time::Duration& clock : clocks) take_ends_of(points, clock, ref);
  }
  take_untold(points, of, clocks);
}

// When deals come to stand there, and cease to. What begins or ends with the last instant of a day shows when that is
// over.
void take_stretches(Points& points, const MemberList::OfKey& of) {
  for (const MemberList::Upon& upon : of.upon_in_order()) {
    const bool over = upon.second.known();
    points.take(over && upon.row.at.micros + 1 == upon.second.micros ? upon.second : upon.row.at);
    points.take(over && upon.first.micros + 1 == upon.second.micros ? upon.second : upon.first);
  }
  take_untold(points, of, {});
}

// Before when those without an instant have not come: an n-th needs so many others.
void take_bounds(Points& points, const MemberList::OfKey& of, Id<model::Event> event) {
  if (!event || of.undated() == 0 || points.view.plan().book.events[event].kind != model::EventKind::ordinal) return;
  View& view = *points.view.members()->view;
  for (const MemberList::Row& row : std::span(of.in_order()).first(of.undated())) {
    row.of_person ? view.load_person(row.subject) : view.load_deal(row.subject);
    for (const Occurrence& one : view.occurrences(event)) {
      if (one.index == row.index && one.not_before != UINT32_MAX) points.take(view.timeline().at[one.not_before]);
    }
  }
}

// A subject of rows, each once.
struct Subject {
  bool of_person;
  std::uint32_t number;
  friend auto operator<=>(const Subject&, const Subject&) = default;
};

void take_subject(Points& points, View& view, const Subject& one, std::initializer_list<Id<model::Expr>> conditions) {
  one.of_person ? view.load_person(one.number) : view.load_deal(one.number);
  // What is asked of it reads what is found of it, and nothing of whoever asks.
  const Who itself = one.of_person ? Who{one.number, one.number, nobody} : Who{};
  Points of{view, points.calendar, points.from, points.until, points.out, itself};
  of.by_day = points.by_day, of.subject = points.subject;
  take_events(of);
  for (const Id<model::Expr> id : conditions) take_clocks(of, id, SubjectKind::deal, {});
}

// A deal that stands comes, goes and changes hands by any of its rows.
void note_rows(Points& points, const std::vector<Subject>& subjects) {
  const history::Timeline& events = points.view.plan().history.deal_events;
  for (const Subject& one : subjects) {
    for (std::uint32_t row = events.first[one.number]; row < events.first[one.number + 1]; ++row) {
      points.note({false, row});
    }
  }
}

}  // namespace

void take_lists(Points& points, Id<model::Expr> id, SubjectKind kind, const Under& under) {
  const Members* members = points.view.members();
  if (!members || kind == SubjectKind::deal) return;
  for (const Id<model::Event> event : under.events) take_latest(points, event, kind, under.clocks);
  const Plan& plan = points.view.plan();
  const model::Expr& expr = plan.book.exprs[id];
  const model::Aggregate* of = expr.aggregate ? &*expr.aggregate : nullptr;
  const auto beyond = [&](Id<model::Expr> read) { return read && !plan.only_event[read.index()]; };
  const bool of_deal = of && (beyond(of->where) || beyond(of->value));
  const bool stands = of && !of->event;
  const bool stated =
      points.timely && !stands && ((of && of->where) || happens_as_record(plan.book, of ? of->event : expr.event));
  std::vector<Subject> subjects;
  for (const MemberList::OfKey* list : read_of(points, members->list(kind, id), kind)) {
    if (stands) {
      take_stretches(points, *list);
      for (const MemberList::Row& row : list->in_order()) {
        if (of_deal || points.by_day) subjects.push_back({false, row.subject});
      }
      continue;
    }
    take_rows(points, *list, under.clocks, stated);
    take_bounds(points, *list, of ? of->event : expr.event);
    for (const MemberList::Upon& upon : list->upon_in_order()) {
      points.take(upon.first), points.take(upon.second);
      const EventRef row{upon.row.of_person != 0, upon.row.index};
      if (of->followed_by && upon.row.at.known()) take_ends_of(points, *of->followed_within, row);
    }
    for (const MemberList::Row& row : list->in_order()) {
      if (of_deal) subjects.push_back({row.of_person != 0, row.subject});
    }
  }
  std::ranges::sort(subjects);
  subjects.erase(std::ranges::unique(subjects).begin(), subjects.end());
  if (stands) note_rows(points, subjects);
  for (const Subject& one : subjects) {
    if (of_deal) take_subject(points, *members->view, one, {of->where, of->value});
  }
}

void take_latest(Points& points, Id<model::Event> event, SubjectKind kind, const std::vector<time::Duration>& clocks) {
  const Members* members = points.view.members();
  if (!members || !event || kind == SubjectKind::deal) return;
  for (const MemberList::OfKey* list : read_of(points, members->latest(kind, event), kind)) {
    take_rows(points, *list, clocks, points.timely && happens_as_record(points.view.plan().book, event));
    take_bounds(points, *list, event);
  }
}

void take_people(Points& points, const model::Aggregate& aggregate, SubjectKind kind) {
  const Members* members = points.view.members();
  if (!members || !aggregate.where) return;
  const Plan& plan = points.view.plan();
  std::vector<std::uint32_t> people = ever_in(plan, nobody);
  if (kind == SubjectKind::team && points.who.any()) {
    people.clear();
    for (const std::uint32_t team : points.teams) {
      const std::vector<std::uint32_t> some = ever_in(plan, team);
      people.insert(people.end(), some.begin(), some.end());
    }
  }
  for (const std::uint32_t person : people) {
    View& view = *members->people;
    view.load_person(person);
    Points of{view, points.calendar, points.from, points.until, points.out, {person, person, nobody}};
    of.by_day = points.by_day, of.subject = points.subject;
    take_events(of);
    take_clocks(of, aggregate.where, SubjectKind::person, {});
  }
}

namespace {

// The days on which somebody comes, goes, or becomes another, as each calendar has them.
void take_days_of(Points& points, std::uint32_t person) {
  const Plan& plan = points.view.plan();
  const history::People& people = plan.history.people;
  const auto take = [&](time::Day day) {
    for (const time::Calendar& calendar : plan.calendars) {
      if (day.known()) points.take(calendar.start_of(day));
    }
  };
  take(people.joined[person]), take(people.left[person]);
  for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) take(people.from[row]);
}

}  // namespace

void change_points_of(RuleRun& run, View& view, const time::Calendar& calendar,
                      std::initializer_list<Id<model::Expr>> conditions, Instant from, Instant until,
                      std::vector<Instant>& out, bool timely) {
  const Plan& plan = run.plan;
  Points points{view, calendar, from, until, out, run.who};
  points.timely = timely;
  points.by_day = plan.by_day ? &run.by_day : nullptr, points.subject = run.who.subject;
  if (run.who.person != nobody) points.teams = teams_of(plan, run.who.person);
  if (run.who.team != nobody) points.teams = {run.who.team};
  points.take(from);
  take_events(points);
  if (run.who.person != nobody) take_days_of(points, run.who.person);
  for (const std::uint32_t member : run.members) take_days_of(points, member);
  take_conditions(points, conditions, run.rule.subject.kind, false);
  const auto earlier = [](const DayTurn& a, const DayTurn& b) {
    return std::tuple(a.subject, a.at, a.row.of_person, a.row.index) <
           std::tuple(b.subject, b.at, b.row.of_person, b.row.index);
  };
  std::ranges::sort(run.by_day, earlier);
  const auto again = std::ranges::unique(
      run.by_day, [](const DayTurn& a, const DayTurn& b) { return a.subject == b.subject && a.row == b.row; });
  run.by_day.erase(again.begin(), again.end());
}

}  // namespace plumb::eval
