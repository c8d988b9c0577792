#include "eval/view.h"

#include <algorithm>

#include "eval/condition.h"

namespace plumb::eval {

View::View(const Plan& plan)
    : plan_(plan),
      by_kind_(plan.history.kinds.size() + 1),
      found_(plan.book.events.size()),
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
  process_unknown_ = undated_moves_ = false;
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
  if (subject + 1 >= timeline.first.size()) return;
  begin_ = timeline.first[subject];
  const std::uint32_t last = timeline.first[subject + 1];
  for (dated_ = begin_; dated_ < last && !timeline.at[dated_].known();) ++dated_;
  for (end_ = begin_; end_ < last && timeline.at[end_] < plan_.horizon; ++end_) {
    std::vector<std::uint32_t>& rows = by_kind_[timeline.kind[end_]];
    if (rows.empty()) kinds_used_.push_back(timeline.kind[end_]);
    rows.push_back(end_);
  }
}

const std::vector<std::uint32_t>& View::of_kind(int kind) const {
  return kind < 0 ? by_kind_.back() : by_kind_[static_cast<std::size_t>(kind)];
}

// A deal follows the one process whose condition is true when it is created; several or an unknown one: it cannot be told.
void View::choose_process() {
  process_ = {};
  process_unknown_ = false;
  undated_moves_ = false;
  visits_.clear();
  lives_.clear();
  Instant created = Instant{INT64_MIN + 1};
  for (std::uint32_t row : of_kind(plan_.created_kind)) {
    if (timeline_->at[row].known()) created = timeline_->at[row];
  }
  int chosen = 0;
  for (std::size_t i = 0; i < plan_.book.processes.size(); ++i) {
    const Id<model::Process> id(i);
    const Id<model::Expr> where = plan_.book.processes[id].for_deals_where;
    Context context{.view = *this, .cut = Instant{created.micros + 1}, .calendar = &plan_.calendars.front()};
    const Truth applies = where ? holds(where, context) : Truth::yes;
    if (applies == Truth::unknown) process_unknown_ = true;
    if (applies == Truth::yes) process_ = id, ++chosen;
  }
  if (chosen > 1) process_unknown_ = true;
  if (process_unknown_) process_ = {};
  ++loads_;  // what the condition looked up was found without stages
}

Id<model::Stage> View::stage_of(std::int64_t word) const {
  if (!history::is_value(word) || !process_) return {};
  const auto& stages = plan_.stage_of_word[process_.index()];
  const auto found = stages.find(static_cast<std::uint32_t>(word));
  return found == stages.end() ? Id<model::Stage>() : found->second;
}

void View::load_visits() {
  std::int64_t before = history::unobserved;
  for (std::uint32_t index : of_kind(plan_.moved_kind)) {
    const std::uint32_t row = timeline_->row[index];
    const std::int64_t to = plan_.move_to->values[row];
    const std::int64_t from = plan_.move_from ? plan_.move_from->values[row] : history::unobserved;
    if (!timeline_->at[index].known()) undated_moves_ = true;
    // The first row may tell of a stage that the deal was in before anything was recorded.
    if (visits_.empty() && history::is_value(from)) {
      visits_.push_back({Instant::unknown(), index, stage_of(from), {}});
      before = from;
    }
    // A row that changes nothing is no move.
    if (history::is_value(before) && to == before) continue;
    visits_.push_back({timeline_->at[index], index, stage_of(to),
                       history::is_value(before) ? stage_of(before) : Id<model::Stage>()});
    before = to;
  }
}

void View::load_lives() {
  Instant begin{INT64_MIN + 1};
  bool open = true;
  for (const Visit& visit : visits_) {
    const bool closed = visit.stage && plan_.book.stages[visit.stage].end != model::StageEnd::open;
    if (open && closed) {
      lives_.push_back({begin, visit.at, visit.index});
      open = false;
    } else if (!open && !closed && visit.stage) {
      begin = visit.at;
      open = true;
    }
  }
  if (open) lives_.push_back({begin, Instant::unknown(), UINT32_MAX});
}

const Life* View::life_at(Instant at) const {
  for (const Life& life : lives_) {
    if (at >= life.begin && (!life.end.known() || at <= life.end)) return &life;
  }
  return nullptr;
}

std::uint32_t View::owner_at(Instant at) const {
  if (of_person_) return subject_;
  if (!plan_.owner) return nobody;
  const FieldBinding& owner = plan_.fields[plan_.owner.index()];
  std::int64_t word = owner.initial ? owner.initial->values[subject_] : history::unobserved;
  bool first = true;
  for (std::uint32_t index : of_kind(owner.change_kind)) {
    const std::uint32_t row = timeline_->row[index];
    if (timeline_->at[index] > at) {
      if (first && owner.change_from && history::is_value(owner.change_from->values[row])) {
        word = owner.change_from->values[row];
      }
      break;
    }
    first = false;
    word = owner.change_to->values[row];
  }
  if (!history::is_value(word)) return nobody;
  const auto found = plan_.person_of_word.find(static_cast<std::uint32_t>(word));
  return found == plan_.person_of_word.end() ? nobody : found->second;
}

}  // namespace plumb::eval
