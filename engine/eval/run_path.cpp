#include <algorithm>
#include <map>
#include <utility>

#include "eval/openings.h"
#include "eval/untold_order.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

using model::Move;
using model::MoveKind;

constexpr std::int64_t any_number = INT32_MAX;

// One move of a deal, and how often the same was made before in the deal's life.
struct Made {
  std::uint32_t index;
  Instant at, last;  // last: of its day, where it has a date alone
  Id<model::Stage> from, to;
  std::int64_t times = 0;
  std::int64_t perhaps = 0;  // so often more, since nobody knows when that was
};

Context context_at(RuleRun& run, View& view, Instant at) {
  const Instant cut = at.known() ? Instant{at.micros + 1} : run.plan.horizon;
  return {.view = view, .cut = cut, .calendar = &run.plan.calendars.front(), .trace = &run.trace};
}

// Of a move without an instant nobody knows what held then.
Truth when(RuleRun& run, View& view, Id<model::Expr> condition, Instant at) {
  if (condition && !at.known()) return Truth::unknown;
  return condition ? holds(condition, context_at(run, view, at)) : Truth::yes;
}

// A deal begins on the path's first stage, or where a stage says that it may be first.
Truth may_begin(RuleRun& run, View& view, const model::Process& process, const Made& move) {
  const model::Stage& stage = run.plan.book.stages[move.to];
  if (process.path.front() == move.to) return Truth::yes;
  return stage.may_be_first ? when(run, view, stage.may_be_first_when, move.last) : Truth::no;
}

// Whether a deal may come from one stage to the others forward, past stages that may each be skipped.
struct Forward {
  std::vector<Truth> reached, skipped;  // by the stages' places in the process
};

std::size_t place_of(const model::Process& process, Id<model::Stage> stage) {
  return static_cast<std::size_t>(std::find(process.stages.begin(), process.stages.end(), stage) -
                                  process.stages.begin());
}

Forward forward_from(RuleRun& run, View& view, const model::Process& process, const Made& move) {
  Forward all{std::vector<Truth>(process.stages.size(), Truth::no),
              std::vector<Truth>(process.stages.size(), Truth::no)};
  const std::size_t from = place_of(process, move.from);
  if (from == process.stages.size()) return all;
  // Each round goes one arrow further.
  for (bool changed = true; changed;) {
    changed = false;
    for (const Move& arrow : process.moves) {
      if (arrow.kind != MoveKind::path) continue;
      const std::size_t at = place_of(process, arrow.from), to = place_of(process, arrow.to);
      const Truth here = at == from ? Truth::yes : both(all.reached[at], all.skipped[at]);
      if (here == Truth::no || all.reached[to] == Truth::yes) continue;
      const Truth there = either(all.reached[to], both(here, when(run, view, arrow.when, move.last)));
      const model::Stage& next = run.plan.book.stages[arrow.to];
      const bool first = all.reached[to] == Truth::no && there != Truth::no;
      if (first && next.may_be_skipped) all.skipped[to] = when(run, view, next.may_be_skipped_when, move.last);
      changed |= std::exchange(all.reached[to], there) != there;
    }
  }
  return all;
}

Truth may_skip(RuleRun& run, View& view, const model::Process& process, const Made& move) {
  const std::size_t to = place_of(process, move.to);
  return to < process.stages.size() ? forward_from(run, view, process, move).reached[to] : Truth::no;
}

Truth may_move(RuleRun& run, View& view, const model::Process& process, const Made& move) {
  Truth any = Truth::no;
  for (const Move& arrow : process.moves) {
    if (arrow.from != move.from || arrow.to != move.to) continue;
    if (arrow.at_most_times && move.times >= *arrow.at_most_times) continue;
    const bool too_often = arrow.at_most_times && move.times + move.perhaps >= *arrow.at_most_times;
    const Truth allowed = when(run, view, arrow.when, move.last);
    any = either(any, too_often ? both(allowed, Truth::unknown) : allowed);
  }
  return any == Truth::yes ? any : either(any, may_skip(run, view, process, move));
}

std::int64_t number(Id<model::Stage> stage) { return stage ? static_cast<std::int64_t>(stage.index()) : -1; }

// The atoms of a `when` that make it what it is.
void explain_when(RuleRun& run, View& view, Id<model::Expr> condition, Instant at) {
  const Context context = context_at(run, view, at);
  if (condition) explain(condition, context, holds(condition, context));
}

// The stages from which the arrows of the path lead to a stage, or (`backwards` false) to which they lead from it.
std::vector<bool> along_path(const model::Process& process, Id<model::Stage> end, bool backwards) {
  std::vector<bool> found(process.stages.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (const Move& arrow : process.moves) {
      const Id<model::Stage> near = backwards ? arrow.to : arrow.from, far = backwards ? arrow.from : arrow.to;
      if (arrow.kind != MoveKind::path || !(near == end || found[place_of(process, near)])) continue;
      changed |= !found[place_of(process, far)];
      found[place_of(process, far)] = true;
    }
  }
  return found;
}

// Why a move forward may not pass by what lies between.
void explain_skip(RuleRun& run, View& view, const model::Process& process, const Made& move) {
  if (!move.from || !move.to) return;
  const std::vector<bool> before = along_path(process, move.to, true), after = along_path(process, move.from, false);
  for (std::size_t i = 0; i < process.stages.size(); ++i) {
    const model::Stage& stage = run.plan.book.stages[process.stages[i]];
    const bool end = process.stages[i] == move.from || process.stages[i] == move.to;
    if (end || !before[i] || !after[i]) continue;
    const Truth skippable = stage.may_be_skipped ? when(run, view, stage.may_be_skipped_when, move.last) : Truth::no;
    if (skippable == Truth::yes) continue;
    if (skippable == Truth::no) {
      run.trace.reasons.push_back({Ground::not_skippable, {}, {}, 0, number(process.stages[i])});
    }
    if (stage.may_be_skipped) explain_when(run, view, stage.may_be_skipped_when, move.last);
  }
}

// Why a move that the process has may not be made now, and which it has from there.
void explain_moves(RuleRun& run, View& view, const model::Process& process, const Made& move) {
  Context untraced = context_at(run, view, move.last);
  untraced.trace = nullptr;
  std::vector<Id<model::Stage>> others;
  for (const Move& arrow : process.moves) {
    if (arrow.from != move.from) continue;
    const bool used_up = arrow.at_most_times && move.times >= *arrow.at_most_times;
    if (arrow.to == move.to && used_up) {
      run.trace.reasons.push_back({Ground::used_up, {}, {}, *arrow.at_most_times, 0});
    } else if (arrow.to == move.to) {
      explain_when(run, view, arrow.when, move.last);
    } else if (!arrow.when || holds(arrow.when, untraced) == Truth::yes) {
      others.push_back(arrow.to);
    }
  }
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  for (Id<model::Stage> to : others) {
    run.trace.reasons.push_back({Ground::would_allow, {}, {}, number(move.from), number(to)});
  }
}

void explain_beginning(RuleRun& run, View& view, const model::Process& process, const Made& move) {
  const model::Stage& begun = run.plan.book.stages[move.to];
  if (begun.may_be_first) explain_when(run, view, begun.may_be_first_when, move.last);
  for (Id<model::Stage> id : process.stages) {
    const Made other{move.index, move.at, move.last, {}, id};
    if (id == move.to || may_begin(run, view, process, other) != Truth::yes) continue;
    run.trace.reasons.push_back({Ground::would_allow, {}, {}, -1, number(id)});
  }
}

void emit_move(RuleRun& run, View& view, const Made& move, Truth allowed) {
  tell(run, {}, {}, context_at(run, view, move.last));
  const std::uint32_t owner = debtor(run.plan, run.rule, view, move.at.known() ? move.last : run.plan.horizon);
  Verdict verdict = allowed == Truth::yes  ? Verdict::kept
                    : allowed == Truth::no ? Verdict::missed
                                           : Verdict::cannot_tell;
  const bool by_day = move.at.known() && view.timeline().by_day[move.index] != 0,
             due = by_day && move.last >= run.plan.horizon;
  if (due) verdict = Verdict::due;
  const Instant deadline = by_day ? Instant{move.last.micros + 1} : move.at;
  emit(run,
       {run.rule_index, view.subject(), owner, move.at, deadline, due ? Instant::unknown() : move.at, verdict, {}});
}

// A move of which the history does not tell enough.
void judge_untold(RuleRun& run, View& view, const Made& move) {
  if (view.process_unknown()) {
    applies(run, view, move.at.known() ? move.at : run.plan.horizon, UINT32_MAX);  // says what would tell it
  } else {
    const bool named = lack_origin(view.plan(), move.index, run.trace);
    if (!named || !move.to) run.trace.lack({FactKind::stage, {}, {}});
  }
  const Ground ground = view.process_unknown() ? Ground::unknown_process : Ground::unknown;
  run.trace.reasons = {{ground, {}, {}, number(move.from), number(move.to)}};
  emit_move(run, view, move, Truth::unknown);
}

// Whether the row itself says that nobody knows where it came from. To every stage of a process some way leads, so that
// it may have been allowed.
bool is_from_unknown(const View& view, const Visit& visit) {
  const history::Column* from = view.plan().move_from;
  const bool told = history::is_value(visit.from_word) && !visit.perhaps_from;  // by the row before it
  return from && !told && from->values[view.timeline().row[visit.index]] == history::unreadable;
}

void judge(RuleRun& run, View& view, const model::Process& process, const Made& move, bool begins) {
  const Truth allowed = begins ? may_begin(run, view, process, move) : may_move(run, view, process, move);
  const Ground ground = allowed == Truth::yes  ? Ground::allowed
                        : allowed == Truth::no ? Ground::not_allowed
                                               : Ground::unknown;
  run.trace.reasons = {{ground, {}, {}, number(move.from), number(move.to)}};
  if (allowed == Truth::unknown && !move.at.known()) {
    run.trace.lack({.kind = FactKind::event_time, .member = view.ref(move.index)});
    return emit_move(run, view, move, allowed);
  }
  if (allowed != Truth::yes && begins) explain_beginning(run, view, process, move);
  if (allowed != Truth::yes && !begins) {
    explain_skip(run, view, process, move);
    explain_moves(run, view, process, move);
  }
  // It may have been made too often already.
  if (allowed == Truth::unknown && run.trace.facts.empty()) run.trace.lack({FactKind::stage, {}, {}});
  emit_move(run, view, move, allowed);
}

// How often the same move was made before: in this life, or where a move has no instant perhaps.
void count_made(const View& view, const Visit& visit, std::int64_t made, Made& move) {
  std::int64_t others = 0, undated = 0;
  for (const Visit& other : view.visits()) {
    const bool same = &other != &visit && other.from == visit.from && other.stage == visit.stage && !only_stands(other);
    if (!same || is_implied(view, other)) continue;
    ++others, undated += !other.at.known();
  }
  const bool open = !visit.at.known() || view.lives_unknown();
  move.times = open ? 0 : made, move.perhaps = open ? others : undated;
}

}  // namespace

// A move out of a closed stage begins a new life and is asked nothing.
void run_path(RuleRun& run, View& view) {
  if (!view.may_follow(run.rule.subject.process)) return;
  const model::Process& process = run.plan.book.processes[run.rule.subject.process];
  std::map<std::pair<std::size_t, std::size_t>, std::int64_t> made;  // in this life, by the stages' numbers
  bool first = true;
  bool hidden = false;  // in this life, moves of which nobody knows from where to where
  for (const Visit& visit : view.visits()) {
    Made move{visit.index, visit.at, visit.at.known() ? last_of(view, visit.index) : visit.at, visit.from,
              led_to(view, visit, run.rule.subject.process)};
    const bool begins = std::exchange(first, false);
    if (is_implied(view, visit) || only_stands(visit)) continue;
    const bool reopened = move.from && run.plan.book.stages[move.from].end != model::StageEnd::open;
    if (reopened) made.clear(), hidden = false;
    if (move.from && move.to) {
      std::int64_t& so_often = made[{move.from.index(), move.to.index()}];
      move.times = so_often;
      if (view.stage_unknown()) count_made(view, visit, so_often, move);
      so_often += visit.at.known();
    }
    const bool from_unknown = is_from_unknown(view, visit);
    hidden |= from_unknown;
    if (hidden) move.perhaps = any_number;
    hidden |= visit.word == history::unreadable;
    if (reopened || (visit.at.known() && !in_force(run, visit.at))) continue;
    run.trace.clear();
    run.trace.use(view.ref(visit.index));
    const bool from_nowhere = !move.from && !history::is_value(visit.from_word) && !visit.perhaps_from;
    const bool beginning = from_nowhere && (begins || view.stage_unknown());
    // Neither the deal's creation nor the move has an instant: others may have come between.
    const bool unplaced = move.to && beginning && !view.created().known() && !visit.at.known() &&
                          may_begin(run, view, process, move) == Truth::no;
    if (from_unknown) move.from = {};
    if (from_unknown || !move.to || (!move.from && !beginning) || unplaced || visit.perhaps_from) {
      judge_untold(run, view, move);
    } else {
      judge(run, view, process, move, beginning);
    }
  }
}

}  // namespace plumb::eval
