#include "eval/view.h"

#include <algorithm>

#include "eval/condition.h"

namespace plumb::eval {

View::View(const Plan& plan)
    : plan_(plan),
      by_kind_(plan.history.kinds.size() + 1),
      found_(plan.book.events.size()),
      found_certain_(plan.book.events.size(), 1),
      found_for_(plan.book.events.size(), 0) {}

void View::load_deal(std::uint32_t deal) {
  of_person_ = false;
  load(plan_.history.deal_events, deal);
  choose_process();
  load_visits();
  load_lives();
}

void View::load_person(std::uint32_t person) {
  of_person_ = true;
  load(plan_.history.person_events, person);
  process_ = {};
  processes_.clear();
  process_unknown_ = undated_moves_ = lives_unknown_ = false;
  visits_.clear();
  lives_.assign(1, Life{Instant{INT64_MIN + 1}, Instant::unknown(), UINT32_MAX});
}

void View::load(const history::Timeline& timeline, std::uint32_t subject) {
  timeline_ = &timeline;
  subject_ = subject;
  ++loads_;
  for (std::uint16_t kind : kinds_used_) by_kind_[kind].clear();
  kinds_used_.clear();
  begin_ = dated_ = end_ = 0;
  by_day_ = false;
  created_ = Instant::unknown();
  if (subject + 1 >= timeline.first.size()) return;
  begin_ = timeline.first[subject];
  const std::uint32_t last = timeline.first[subject + 1];
  for (dated_ = begin_; dated_ < last && !timeline.at[dated_].known();) ++dated_;
  for (end_ = begin_; end_ < last && timeline.at[end_] < plan_.horizon; ++end_) {
    std::vector<std::uint32_t>& rows = by_kind_[timeline.kind[end_]];
    if (rows.empty()) kinds_used_.push_back(timeline.kind[end_]);
    rows.push_back(end_);
    by_day_ |= timeline.by_day[end_] != 0;
  }
}

const std::vector<std::uint32_t>& View::of_kind(int kind) const {
  return kind < 0 ? by_kind_.back() : by_kind_[static_cast<std::size_t>(kind)];
}

// A deal follows the one process whose condition is true when it is created; several or an unknown one: it cannot be
// told.
void View::choose_process() {
  process_ = {};
  processes_.clear();
  process_unknown_ = undated_moves_ = lives_unknown_ = false;
  visits_.clear();
  lives_.clear();
  for (std::uint32_t index : of_kind(plan_.created_kind)) created_ = timeline_->at[index];
  const Instant cut{created_.known() ? created_.micros + 1 : INT64_MIN + 2};
  for (std::size_t i = 0; i < plan_.book.processes.size(); ++i) {
    const Id<model::Process> id(i);
    const Id<model::Expr> where = plan_.book.processes[id].for_deals_where;
    const Context context{.view = *this, .cut = cut, .calendar = &plan_.calendars.front()};
    const Truth applies = where ? holds(where, context) : Truth::yes;
    if (applies == Truth::unknown) process_unknown_ = true;
    if (applies != Truth::no) processes_.push_back(id);
  }
  if (processes_.size() > 1) process_unknown_ = true;
  if (processes_.size() == 1 && !process_unknown_) process_ = processes_.front();
  ++loads_;  // what the condition looked up was found without stages
}

bool View::may_follow(Id<model::Process> process) const {
  return std::find(processes_.begin(), processes_.end(), process) != processes_.end();
}

Id<model::Stage> View::stage_of(std::int64_t word, Id<model::Process> process) const {
  if (!history::is_value(word) || !process) return {};
  const auto& stages = plan_.stage_of_word[process.index()];
  const auto found = stages.find(static_cast<std::uint32_t>(word));
  return found == stages.end() ? Id<model::Stage>() : found->second;
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

void View::load_visits() {
  std::int64_t before = history::unobserved;
  for (std::uint32_t index : of_kind(plan_.moved_kind)) {
    const std::uint32_t row = timeline_->row[index];
    const std::int64_t to = plan_.move_to->values[row];
    const std::int64_t from = plan_.move_from ? plan_.move_from->values[row] : history::unobserved;
    if (!timeline_->at[index].known()) {
      undated_moves_ = true;
      lives_unknown_ |= is_closed(to) || is_closed(from) || is_foreign(to);
    }
    // The first row may tell of a stage that the deal was in before anything was recorded.
    if (visits_.empty() && history::is_value(from)) {
      visits_.push_back({Instant::unknown(), index, stage_of(from, process_), {}, from, history::unobserved});
      before = from;
    }
    // A row that changes nothing is no move.
    if (history::is_value(before) && to == before) continue;
    visits_.push_back({timeline_->at[index], index, stage_of(to, process_), stage_of(before, process_), to, before});
    before = to;
  }
}

// A move to a stage that the rulebook does not have may close or reopen the deal; the next to one that it has tells.
void View::load_lives() {
  Life life{Instant{INT64_MIN + 1}, Instant::unknown()};
  bool open = true;
  for (const Visit& visit : visits_) {
    const bool foreign = is_foreign(visit.word), closed = is_closed(visit.word);
    if (open && foreign) {
      if (!life.doubt.known()) life.doubt = std::max(life.begin, visit.at);
    } else if (open && (closed || life.doubt.known())) {
      life.end = visit.at, life.closing = closed ? visit.index : UINT32_MAX;
      lives_.push_back(life);
      open = false;
    }
    if (!open && !closed) {
      life = {visit.at, Instant::unknown(), UINT32_MAX, foreign ? visit.at : Instant::unknown()};
      open = true;
    }
  }
  if (open) lives_.push_back(life);
}

// At an instant that ends one life and begins another the new one counts.
const Life* View::life_at(Instant at) const {
  const auto after = std::upper_bound(lives_.begin(), lives_.end(), at,
                                      [](Instant instant, const Life& life) { return instant < life.begin; });
  if (after == lives_.begin()) return nullptr;
  const Life& life = *std::prev(after);
  return !life.end.known() || at <= life.end ? &life : nullptr;
}

// The last change up to an instant; before the first one what it changed from. An undated change leaves it open.
std::int64_t View::owner_word(Instant at) const {
  if (!plan_.owner) return history::unobserved;
  const FieldBinding& owner = plan_.fields[plan_.owner.index()];
  const std::vector<std::uint32_t>& changes = of_kind(owner.change_kind);
  if (!changes.empty() && !timeline_->at[changes.front()].known()) return history::unobserved;
  const auto after = std::upper_bound(changes.begin(), changes.end(), at, [&](Instant instant, std::uint32_t index) {
    return instant < timeline_->at[index];
  });
  if (after != changes.begin()) return owner.change_to->values[timeline_->row[*std::prev(after)]];
  if (!changes.empty() && owner.change_from) {
    const std::int64_t from = owner.change_from->values[timeline_->row[changes.front()]];
    if (from == history::missing || history::is_value(from)) return from;
  }
  return owner.initial ? owner.initial->values[subject_] : history::unobserved;
}

std::uint32_t View::owner_at(Instant at) const {
  if (of_person_) return subject_;
  const std::int64_t word = owner_word(at);
  if (!history::is_value(word)) return nobody;
  const auto found = plan_.person_of_word.find(static_cast<std::uint32_t>(word));
  return found == plan_.person_of_word.end() ? nobody : found->second;
}

bool View::owner_observed(Instant at) const {
  const std::int64_t word = owner_word(at);
  return word == history::missing || history::is_value(word);
}

}  // namespace plumb::eval
