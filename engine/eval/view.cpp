#include "eval/view.h"

#include <algorithm>
#include <utility>

#include "eval/day.h"
#include "eval/day_changes.h"
#include "eval/openings.h"
#include "eval/untold_order.h"

namespace plumb::eval {

namespace {

// So many rows are judged at a time where they are asked for one after the other.
constexpr std::size_t fewest_judged = 32, most_judged = 4096;

}  // namespace

View::View(const Plan& plan)
    : plan_(plan),
      batch_(plan),
      judged_(plan.book.exprs.size()),
      found_(plan.book.events.size()),
      found_certain_(plan.book.events.size(), Certain::not_asked),
      found_for_(plan.book.events.size(), 0) {}

void View::load_deal(std::uint32_t deal, std::uint32_t until) {
  of_person_ = false;
  load(plan_.history.deal_events, deal, until);
  choose_process();
}

void View::load_person(std::uint32_t person) {
  of_person_ = true;
  load(plan_.history.person_events, person, 0);
  process_ = {};
  processes_.clear();
  process_unknown_ = false;
  moves_.found = true;
  moves_.undated = moves_.lives_unknown = false;
  moves_.visits.clear();
  moves_.lives.assign(1, Life{Instant{INT64_MIN + 1}, Instant::unknown(), UINT32_MAX});
}

void View::load(const history::Timeline& timeline, std::uint32_t subject, std::uint32_t until) {
  timeline_ = &timeline;
  subject_ = subject;
  ++loads_;
  batch_.go_to(timeline, subject, until);
  begin_ = dated_ = end_ = 0;
  by_day_ = false;
  hidden_.clear();
  if (subject + 1 >= timeline.first.size()) return;
  begin_ = timeline.first[subject];
  const std::uint32_t last = timeline.first[subject + 1];
  dated_ = begin_, end_ = last;
  // Where the whole history has instants that are seen, no row has to be looked at.
  const history::Extent& extent = plan_.history.extent;
  while (extent.untimed && dated_ < last && !timeline.at[dated_].known()) ++dated_;
  while (extent.latest >= plan_.horizon && end_ > begin_ && timeline.at[end_ - 1] >= plan_.horizon) --end_;
  if (end_ < last && created_later(last)) end_ = begin_;
  dated_ = std::min(dated_, end_);
  if (plan_.by_day) find_by_day(subject);
  if (plan_.known_at != Instant::max()) hide_rows();
  if (plan_.untold_moves && !of_person_) find_hidden();
}

void View::find_by_day(std::uint32_t subject) {
  for (std::uint32_t i = begin_; i < end_; ++i) by_day_ |= timeline_->by_day[i] != 0;
  const history::Contacts& contacts = plan_.history.contacts;
  if (of_person_ || subject + 1 >= contacts.first.size()) return;
  for (std::uint32_t i = contacts.first[subject]; i < contacts.first[subject + 1]; ++i)
    by_day_ |= contacts.by_day[i] != 0;
}

// The subject begins with the first row that is there as of the known-at. A deal that is not there itself has none.
void View::hide_rows() {
  const auto hidden = [&](std::uint32_t index) {
    return plan_.recorded_by_then(timeline_->recorded[index]) == Truth::no;
  };
  for (std::uint32_t i = begin_; i < end_; ++i) {
    if (timeline_->kind[i] == plan_.created_kind && hidden(i)) end_ = dated_ = begin_;
  }
  while (begin_ < end_ && hidden(begin_)) ++begin_;
  dated_ = std::min(std::max(dated_, begin_), end_);
  while (dated_ < end_ && hidden(dated_)) ++dated_;
}

// A deal that is created later is not there yet, even if something without an instant is told of it.
bool View::created_later(std::uint32_t last) const {
  const auto kind = timeline_->kind.begin();
  return !of_person_ && std::find(kind + end_, kind + last, plan_.created_kind) != kind + last;
}

// Deals asked for one after the other have their rows of a kind one after the other, too.
Truth View::judge(Id<model::Expr> where, Judged& judged, std::uint32_t row) const {
  const RowFilter& filter = plan_.filters[where.index()];
  const bool follows = !judged.worth.empty() && row - judged.first < judged.worth.size() + fewest_judged;
  const std::size_t wanted = follows ? std::min(judged.worth.size() * 2, most_judged) : fewest_judged;
  judged.first = row;
  judged.worth.resize(std::min(wanted, filter.rows() - row));
  filter.judge(row, judged.worth.size(), judged.worth.data());
  return judged.worth.front();
}

// A deal follows the one process whose condition is true when it is created; several or an unknown one: it cannot be
// told.
void View::choose_process() {
  process_unknown_ = false;
  if (plan_.only_process) {
    process_ = plan_.only_process;
    processes_.assign(1, process_);
    moves_.found = false;
    return;
  }
  process_ = {};
  processes_.clear();
  // Which process it follows is no matter of its stages: there are none until that is known.
  moves_.found = true;
  moves_.undated = moves_.lives_unknown = false;
  moves_.visits.clear();
  moves_.lives.clear();
  bool asked = false;
  const Instant cut{created().known() ? created().micros + 1 : INT64_MIN + 2};
  for (std::size_t i = 0; i < plan_.book.processes.size(); ++i) {
    const Id<model::Process> id(i);
    const Id<model::Expr> where = plan_.book.processes[id].for_deals_where;
    const Context context{.view = *this, .cut = cut, .calendar = &plan_.calendars.front()};
    const Truth applies = where ? holds(where, context) : Truth::yes;
    asked |= bool(where);
    if (applies == Truth::unknown) process_unknown_ = true;
    if (applies != Truth::no) processes_.push_back(id);
  }
  if (processes_.size() > 1) process_unknown_ = true;
  if (processes_.size() == 1 && !process_unknown_) process_ = processes_.front();
  moves_.found = false;
  if (asked) ++loads_;  // what the condition looked up was found without stages
}

bool View::may_follow(Id<model::Process> process) const {
  return std::find(processes_.begin(), processes_.end(), process) != processes_.end();
}

Id<model::Stage> View::stage_of(std::int64_t word, Id<model::Process> process) const {
  if (!history::is_value(word) || !process) return {};
  const std::uint32_t stage = plan_.stage_of_word[process.index()][word];
  return stage == WordTable::nothing ? Id<model::Stage>() : Id<model::Stage>(stage);
}

// By the first of the processes it may follow that has the stage.
bool View::is_closed(std::int64_t word) const {
  for (Id<model::Process> process : processes_) {
    const Id<model::Stage> stage = stage_of(word, process);
    if (stage) return plan_.book.stages[stage].end != model::StageEnd::open;
  }
  return false;
}

// Whether none of the processes has the stage. A rulebook without processes says nothing of stages.
bool View::is_foreign(std::int64_t word) const {
  return !plan_.book.processes.empty() &&
         std::none_of(processes_.begin(), processes_.end(),
                      [&](Id<model::Process> process) { return bool(stage_of(word, process)); });
}

time::Interval View::stages_observed() const {
  time::Interval observed = plan_.stages_observed;
  const std::span<const std::uint32_t> moves =
      of_person_ ? std::span<const std::uint32_t>() : of_kind(plan_.moved_kind);
  const auto dated = std::ranges::find_if(moves, [&](std::uint32_t move) { return timeline_->at[move].known(); });
  if (dated == moves.end() || !plan_.move_from) return observed;
  const std::uint32_t row = timeline_->row[*dated];
  const std::int64_t from = plan_.move_from->values[row];
  const bool stands = history::is_value(from) && from == plan_.move_to->values[row] && !doubtful(*dated);
  // One with the date of the creation alone may have come at any time of that day.
  const Instant at = timeline_->at[*dated], last = last_of(*this, *dated);
  const Instant told = created() < at ? at : Instant{last.micros + 1};
  if (stands && created() < last) observed.from = std::max(observed.from, told);
  return observed;
}

// Whether the history tells of all that happened between a move and the one before it, or the deal's creation.
bool View::told_from(std::uint32_t index, Instant before) const {
  const time::Interval observed = stages_observed();
  const Instant at = timeline_->at[index];
  return !(at.known() && at >= observed.until) && (!observed.from.known() || before >= observed.from);
}

namespace {

// Which of several moves came before one without an instant nobody knows: each came from where its own row says, and
// the one that came from nowhere, where it is one, was the first.
bool in_order(const View& view, std::span<const std::uint32_t> moves) {
  return moves.size() < 2 || view.timeline().at[moves.front()].known();
}

// The row that tells of a stage that the deal was in before anything was recorded: the first, or where nobody knows
// which that is, one from a stage that no other leads to. Missing: UINT32_MAX.
std::uint32_t row_from_before(const View& view, std::span<const std::uint32_t> moves) {
  const Plan& plan = view.plan();
  const auto word = [&](const history::Column* of, std::uint32_t index) {
    return of ? of->values[view.timeline().row[index]] : history::unobserved;
  };
  const bool first_known = in_order(view, moves);
  for (const std::uint32_t index : moves) {
    const std::int64_t from = word(plan.move_from, index);
    const auto leads_there = [&](std::uint32_t other) {
      return word(plan.move_to, other) == from && word(plan.move_from, other) != from;
    };
    const bool said = history::is_value(from) && (first_known || std::ranges::none_of(moves, leads_there));
    if (said) return index;
    if (first_known) break;
  }
  return UINT32_MAX;
}

// Whether one of which nobody knows when it was made, nor from where, may be the one that reopened a closed deal. The
// only one that came from nowhere was the first.
bool may_reopen(const View& view, std::span<const std::uint32_t> moves) {
  const history::Column* column = view.plan().move_from;
  const auto from = [&](std::uint32_t index) {
    return column ? column->values[view.timeline().row[index]] : history::unobserved;
  };
  const auto from_nowhere = [&](std::uint32_t index) { return from(index) == history::missing; };
  const bool one_first = std::ranges::count_if(moves, from_nowhere) == 1;
  return std::ranges::any_of(moves, [&](std::uint32_t index) {
    const bool said = history::is_value(from(index)) || (one_first && from_nowhere(index));
    return !view.timeline().at[index].known() && !said;
  });
}

}  // namespace

void View::find_moves() const {
  moves_.found = true;
  moves_.undated = moves_.lives_unknown = false;
  moves_.visits.clear();
  moves_.lives.clear();
  find_visits();
  find_lives();
  const bool closes = moves_.lives.size() != 1 || moves_.lives.front().end.known();
  moves_.lives_unknown |= moves_.undated && closes && may_reopen(*this, of_kind(plan_.moved_kind));
}

// Into which stages the moves lead that come after the horizon. Missing: nullopt where a move of the deal has no
// instant, a date alone or a stage that the process does not have: which of them led there last it does not say then;
// nor does it where one left a stage into which the one before did not lead, for then rows are lacking.
std::optional<StageBits> View::entered_behind() const {
  if (plan_.last_entries == 0) return std::nullopt;
  StageBits entered = 0, here = 0, left = 0, before = 0;  // of the moves of one instant, and those of the one before
  Instant at = Instant::unknown();
  for (std::uint32_t i = begin_; i < timeline_->first[subject_ + 1]; ++i) {
    if (timeline_->kind[i] != plan_.moved_kind) continue;
    const std::int64_t from = plan_.move_from->values[timeline_->row[i]];
    const Id<model::Stage> to = stage_of(plan_.move_to->values[timeline_->row[i]], plan_.only_process);
    const Id<model::Stage> stage = stage_of(from, plan_.only_process);
    if (!to || !timeline_->at[i].known() || timeline_->by_day[i] != 0) return std::nullopt;
    if (history::is_value(from) && !stage) return std::nullopt;
    if (timeline_->at[i] != at && (left & ~(before | here)) != 0) return std::nullopt;
    if (timeline_->at[i] != at) before = std::exchange(here, 0), left = 0, at = timeline_->at[i];
    here |= bit_of(to);
    if (history::is_value(from)) left |= bit_of(stage);
    if (i >= end_) entered |= bit_of(to);
  }
  if ((left & ~(before | here)) != 0) return std::nullopt;
  return entered;
}

// Where the order of the moves is not known, others may have come at any time. Where the last entry of a stage is
// among the rows it was not entered after that; and where it was entered nowhere else, a move came from the row before.
void View::find_hidden() {
  const std::span<const std::uint32_t> moves = of_kind(plan_.moved_kind);
  const Instant first = in_order(*this, moves) ? created() : Instant::unknown();
  std::optional<StageBits> entered = entered_behind();
  for (std::size_t i = moves.size(); i-- > 0;) {
    const std::uint32_t move = moves[i], row = timeline_->row[move];
    const Instant at = timeline_->at[move], last = i > 0 ? timeline_->at[moves[i - 1]] : Instant::unknown();
    const Instant from = i == 0 ? first : last.known() ? Instant{last.micros + 1} : last;
    const Instant until = at.known() ? last_of(*this, move) : plan_.horizon;
    const Id<model::Stage> to = entered ? stage_of(plan_.move_to->values[row], plan_.only_process) : Id<model::Stage>();
    if (entered) *entered |= bit_of(to);
    const StageBits never = entered ? plan_.last_entries & ~*entered : 0;
    const auto no_other = [&](Id<model::Stage> stage) { return stage == to || (bit_of(stage) & never) != 0; };
    const bool told =
        never != 0 && i > 0 && std::ranges::all_of(plan_.book.processes[plan_.only_process].stages, no_other);
    const bool untold = plan_.move_from->values[row] == history::unreadable && !told;
    // Where one of them may have closed the deal, what else is asked then may not have been asked.
    const bool open = (plan_.closing & ~never) == 0;
    if (untold && (from < until || !at.known())) hidden_.push_back({from, until, move, open ? never : 0});
  }
  std::ranges::reverse(hidden_);
}

namespace {

// Where the deal may be behind moves of one day of which nobody knows the order: where those led to, and before them
// where it was.
struct ThatDay {
  Instant at;
  std::int64_t before = history::unobserved;
  std::vector<std::int64_t> led_to;

  /// Whether it may have been there when one of them was made, or behind them all.
  bool may_be(std::int64_t stage, bool behind_all) const {
    const bool itself = !behind_all;
    const bool was = !behind_all && (stage == before || before == history::unreadable);
    return was || std::ranges::count(led_to, stage) > itself || std::ranges::count(led_to, history::unreadable) > 0;
  }
};

ThatDay that_day(const View& view, std::span<const std::uint32_t> moves, std::uint32_t first, std::int64_t before) {
  ThatDay day{view.timeline().at[first], before, {}};
  for (auto move = std::ranges::lower_bound(moves, first); move != moves.end(); ++move) {
    if (view.timeline().at[*move] != day.at) break;
    if (order_untold(view, *move)) day.led_to.push_back(view.plan().move_to->values[view.timeline().row[*move]]);
  }
  return day;
}

}  // namespace

void View::find_visits() const {
  std::vector<Visit>& visits = moves_.visits;
  std::int64_t before = history::unobserved, other = history::unobserved;
  std::int64_t left_for_unknown = history::unobserved;  // the stage from which it went to one that nobody knows
  bool unsure = false;                                  // the deal may be in `other` in place of `before`
  const time::Interval observed = stages_observed();
  const bool all_told = !observed.from.known() && observed.until == Instant::max();
  const std::span<const std::uint32_t> moves = of_kind(plan_.moved_kind);
  const bool in_order = eval::in_order(*this, moves);
  const auto from_nowhere = [&](std::uint32_t index) {
    return plan_.move_from && plan_.move_from->values[timeline_->row[index]] == history::missing;
  };
  // Where nobody knows their order any other may have led there before, but for those that came later, or not last.
  const auto leads_there = [&](std::uint32_t index) {
    if (in_order) return false;
    const std::int64_t to = plan_.move_to->values[timeline_->row[index]];
    const auto row = std::ranges::find(moves, index);
    const std::uint32_t last = row == moves.begin() ? index : *(row - 1);
    return std::ranges::any_of(moves, [&](std::uint32_t other) {
      const bool ordered = timeline_->at[index].known() && timeline_->at[other].known();
      const std::int64_t led_to = plan_.move_to->values[timeline_->row[other]];
      const bool left = plan_.move_from && plan_.move_from->values[timeline_->row[other]] == to;
      const bool there = led_to == to || (led_to == history::unreadable && !left);
      return other != index && (!ordered || other == last) && there;
    });
  };
  const bool one_first = !in_order && std::ranges::count_if(moves, from_nowhere) == 1;
  Instant since = created();
  ThatDay day;
  auto next_hidden = hidden_.begin();
  if (const std::uint32_t first = row_from_before(*this, moves); first != UINT32_MAX) {
    const std::int64_t from = plan_.move_from->values[timeline_->row[first]];
    const Id<model::Stage> stage = doubtful(first) ? Id<model::Stage>() : stage_of(from, process_);
    visits.push_back({Instant::unknown(), first, stage, {}, from, history::unobserved});
    before = from;
  }
  for (std::uint32_t index : moves) {
    const std::uint32_t row = timeline_->row[index];
    const std::int64_t to = plan_.move_to->values[row];
    const std::int64_t from = plan_.move_from ? plan_.move_from->values[row] : history::unobserved;
    if (!timeline_->at[index].known()) {
      moves_.undated = true;
      moves_.lives_unknown |= is_closed(to) || is_closed(from) || is_foreign(to);
    }
    const Instant at = timeline_->at[index];
    const bool told = all_told || told_from(index, std::exchange(since, at));
    const bool after_others = next_hidden != hidden_.end() && next_hidden->row == index;
    next_hidden += after_others;
    const bool any_order = order_untold(*this, index);
    if (any_order && day.at != at) day = that_day(*this, moves, index, unsure ? history::unreadable : before);
    const bool behind = !visits.empty() && order_untold(*this, visits.back().index);
    if (!told || !in_order || after_others || any_order || behind) {
      // What a row itself says that it came from needs no row before it.
      const bool said = history::is_value(from) || (one_first && from_nowhere(index));
      if (said) before = from;
      unsure = !said;
      if (unsure && !in_order) before = history::unobserved;
      if (unsure) other = before;
    }
    // Where nobody knows to where the last one went, this one may say it.
    const bool says = before == history::unreadable && history::is_value(from);
    if (says) before = from;
    // A row that changes nothing is no move, nor is one between two older names of a stage.
    const Id<model::Stage> last = visits.empty() ? Id<model::Stage>() : visits.back().stage;
    const bool same_word = !visits.empty() && before == visits.back().word;
    const Id<model::Stage> left = same_word && in_order && !behind ? last : stage_of(before, process_);
    const Id<model::Stage> stage = stage_of(to, process_);
    const bool same = to == before || (stage && stage == left);
    const bool nowhere = history::is_value(from) && from == to && (unsure || !history::is_value(before));
    const bool stands = history::is_value(before) && same && !unsure, doubt = doubtful(index);
    const bool told_then = stands && !doubt && at.known() && timeline_->by_day[index] == 0 && same_word;
    if (told_then && !visits.back().by.known()) visits.back().by = at;
    if (says && stands && !doubt) visits.emplace_back(at, index, stage, stage, to, to);
    if (nowhere || stands) continue;
    // By a move to a stage that nobody knows the deal may have come where this row leads, unless it left that by it.
    const bool unknown_before = before == history::unreadable || (unsure && other == history::unreadable);
    const bool untold = unknown_before && to != left_for_unknown;
    left_for_unknown = to == history::unreadable && !unsure && !doubt ? before : history::unobserved;
    const bool in_group = any_order || behind;
    const bool perhaps_there =
        leads_there(index) || (in_group ? day.may_be(to, !any_order) : to == other || to == before);
    const bool perhaps = doubt || untold || (unsure && perhaps_there);
    visits.emplace_back(at, index, doubt || any_order ? Id<model::Stage>() : stage, unsure ? Id<model::Stage>() : left,
                        to, before, perhaps, unsure, after_others);
    unsure = doubt;
    if (unsure) other = before;
    before = to;
  }
}

// The stage that a row says the deal came from, where no other leads there: how it got there nobody recorded.
bool is_implied(const View& view, const Visit& visit) {
  const history::Column* from = view.plan().move_from;
  const bool told = !visit.at.known() && history::is_value(visit.word);
  return told && from && from->values[view.timeline().row[visit.index]] == visit.word;
}

// A move to a stage that the rulebook does not have may close or reopen the deal; the next to one that it has tells.
// What one without an instant does to the deal nobody knows.
Instant View::told_by(std::uint32_t row) const {
  const Instant at = timeline_->at[row];
  return at.known() && at <= created() ? last_of(*this, row) : at;
}

void View::find_lives() const {
  // Of one day in any order, they leave the deal open or closed if they all do.
  // They stand together; the first of them tells.
  Instant day = Instant::unknown();
  Truth closed_by_day = Truth::unknown;
  const auto that_day_closes = [&](auto visit) {
    if (std::exchange(day, visit->at) == visit->at) return closed_by_day;
    bool some = false, others = false, foreign = false;
    for (; visit != moves_.visits.end() && visit->at == day; ++visit) {
      if (!order_untold(*this, visit->index)) continue;
      (is_closed(visit->word) ? some : others) = true, foreign |= is_foreign(visit->word);
    }
    return closed_by_day = foreign || (some && others) ? Truth::unknown : truth(some);
  };
  Life life{Instant{INT64_MIN + 1}, Instant::unknown()};
  bool open = true;
  for (const Visit& visit : moves_.visits) {
    if (!visit.at.known() && !is_implied(*this, visit)) continue;
    if (only_stands(visit) && is_closed(visit.word)) continue;  // nobody knows since when
    // A move that may not have been made is like one to a stage that nobody knows.
    const bool unsure = doubtful(visit.index);
    const bool any_order = order_untold(*this, visit.index) && !unsure;
    const auto here = moves_.visits.begin() + (&visit - moves_.visits.data());
    const Truth all_close = any_order ? that_day_closes(here) : Truth::unknown;
    const bool told = any_order ? all_close != Truth::unknown : process_ ? bool(visit.stage) : !is_foreign(visit.word);
    const bool ends = visit.stage && plan_.book.stages[visit.stage].end != model::StageEnd::open;
    const bool closes = any_order ? all_close == Truth::yes : process_ && !unsure ? ends : is_closed(visit.word);
    const bool foreign = unsure ? closes || !open || is_foreign(visit.word) : !told, closed = closes && !unsure;
    // It may still be closed, or open, where neither what did it nor what undid it may have been there.
    if (open && unsure && life.doubt.known()) continue;
    if (open && closed && !visit.at.known()) {
      // It was closed before anything was recorded: after its creation, and by when that was told.
      const Instant told = told_by(visit.index);
      if (told.known() && created() <= told) {
        life.end = told, life.doubt = std::max(life.begin, created());
        moves_.lives.push_back(life);
      }
      open = false;
      continue;
    }
    if (open && foreign) {
      if (!life.doubt.known()) life.doubt = std::max(life.begin, visit.at);
    } else if (open && (closed || life.doubt.known())) {
      life.end = visit.at, life.closing = closed ? visit.index : UINT32_MAX;
      moves_.lives.push_back(life);
      open = false;
    }
    if (!open && !closed) {
      const bool at_once = !moves_.lives.empty() && moves_.lives.back().end == visit.at;
      life = {visit.at, Instant::unknown(), UINT32_MAX, foreign ? visit.at : Instant::unknown(), foreign && !at_once};
      open = true;
    }
  }
  if (open) moves_.lives.push_back(life);
}

// At an instant that ends one life and begins another the new one counts.
const Life* View::life_at(Instant at) const {
  const std::vector<Life>& all = lives();
  const auto after = std::upper_bound(all.begin(), all.end(), at,
                                      [](Instant instant, const Life& life) { return instant < life.begin; });
  if (after == all.begin()) return nullptr;
  const Life& life = *std::prev(after);
  return !life.end.known() || at <= life.end ? &life : nullptr;
}

const Life* View::life_of(std::uint32_t row) const {
  const Instant at = timeline_->at[row];
  const int kind = timeline_->kind[row];
  const bool in_order = !of_person_ && (kind == plan_.moved_kind || kind == plan_.created_kind);
  std::uint32_t closing = UINT32_MAX;
  for (const Life& life : lives()) {
    // A deal is created open, whatever is told of before.
    const bool then = life.end == at || (life.end.known() && life.end < at && kind == plan_.moved_kind);
    if (!in_order || !then || life.closing == UINT32_MAX) continue;
    if (life.end == at && row <= life.closing) return &life;
    closing = life.closing;
  }
  // Behind the move that closed it the deal is closed, unless one up to the row reopened it, or may have.
  const auto reopens = [&](const Visit& visit) {
    return visit.index > closing && visit.index <= row && !is_closed(visit.word);
  };
  const bool closed = closing != UINT32_MAX && std::ranges::none_of(visits(), reopens);
  return closed ? nullptr : life_at(at);
}

// The last change up to an instant; before the first one what it changed from. An undated change leaves it open. What
// has the date of the creation alone came after that.
std::int64_t View::owner_word(Instant at) const {
  if (!plan_.owner) return history::unobserved;
  const FieldBinding& owner = plan_.fields[plan_.owner.index()];
  const std::span<const std::uint32_t> changes = of_kind(owner.change_kind);
  if (!changes.empty() && !timeline_->at[changes.front()].known()) return history::unobserved;
  auto after = std::upper_bound(changes.begin(), changes.end(), at,
                                [&](Instant instant, std::uint32_t index) { return instant < timeline_->at[index]; });
  if (by_day_ && at <= created()) {
    const auto that_day = [&](std::uint32_t change) {
      return timeline_->by_day[change] != 0 && last_of_day(plan_, timeline_->at[change]) >= at;
    };
    while (after != changes.begin() && that_day(*std::prev(after))) --after;
  }
  if (after != changes.begin() && doubtful(*std::prev(after))) return history::unobserved;
  if (after != changes.begin()) {
    const std::size_t last = static_cast<std::size_t>(after - changes.begin()) - 1;
    const auto word = [&](std::uint32_t change) { return owner.change_to->values[timeline_->row[change]]; };
    // On that day, up to its last instant, whoever may own it is looked for.
    if (!by_day_ || at < last_of_day(plan_, timeline_->at[changes[last]])) return word(changes[last]);
    const std::vector<std::uint32_t> lasts = may_have_come_last(*this, owner, changes, last);
    const auto same = [&](std::uint32_t other) { return !doubtful(other) && word(other) == word(lasts.front()); };
    return std::ranges::all_of(lasts, same) ? word(lasts.front()) : history::unobserved;
  }
  if (!changes.empty() && owner.change_from) {
    const std::int64_t from = owner.change_from->values[timeline_->row[changes.front()]];
    if (from == history::missing || history::is_value(from)) return from;
  }
  return owner.initial ? owner.initial->values[subject_] : history::unobserved;
}

std::uint32_t View::owner_at(Instant at) const {
  if (of_person_) return subject_;
  return plan_.person(owner_word(at));
}

bool View::owner_observed(Instant at) const {
  if (!of_person_ && plan_.owner) {
    const time::Interval& observed = plan_.fields[plan_.owner.index()].observed;
    if (at.known() && (at < observed.from || at >= observed.until)) return false;
  }
  const std::int64_t word = owner_word(at);
  return word == history::missing || history::is_value(word);
}

}  // namespace plumb::eval
