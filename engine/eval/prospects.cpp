#include "eval/prospects.h"

#include <algorithm>

namespace plumb::eval {

namespace {

constexpr std::size_t bits_of_their_own = 63;
constexpr std::uint64_t everybody = std::uint64_t{1} << bits_of_their_own;

bool begins_with_event(const model::Rule& rule) {
  const bool shape =
      rule.shape == model::Shape::after || rule.shape == model::Shape::before || rule.shape == model::Shape::at;
  return shape && rule.trigger && rule.origin != model::RuleOrigin::path;
}

}  // namespace

std::size_t Prospects::add(const model::Rule& rule) { return add(rule.trigger, !begins_with_event(rule)); }

std::size_t Prospects::add(const WantedList& wanted) { return add(wanted.event, !wanted.event); }

std::size_t Prospects::add(Id<model::Event> event, bool anywhere) {
  const std::size_t number = asking_.size();
  std::vector<Source> found;
  if (anywhere || number >= bits_of_their_own || !sources_of(event, found)) {
    always_ |= everybody;
    asking_.push_back(everybody);
    return number;
  }
  const Bits bit = Bits{1} << number;
  asking_.push_back(bit);
  for (const Source& source : found) {
    if (source.move) {
      ask_for_move(plan_.book.events[source.move], bit);
      continue;
    }
    const auto same = [&](const Source& s) { return s.kind == source.kind && s.where == source.where; };
    const auto known = std::ranges::find_if(sources_, same);
    Source& asked = known == sources_.end() ? sources_.emplace_back(source) : *known;
    asked.asking |= bit;
  }
  return number;
}

// False where an occurrence needs no row of a kind.
bool Prospects::sources_of(Id<model::Event> id, std::vector<Source>& out) const {
  const model::Event& event = plan_.book.events[id];
  const auto take = [&](int kind, Id<model::Expr> where = {}, Id<model::Event> move = {}) {
    if (kind >= 0) out.push_back({kind, where, move, 0});
    return true;
  };
  const auto take_parts = [&] {
    return std::ranges::all_of(event.parts, [&](Id<model::Event> part) { return sources_of(part, out); });
  };
  switch (event.kind) {
    case model::EventKind::error: return true;
    case model::EventKind::created: return false;
    case model::EventKind::won:
    case model::EventKind::lost:
    case model::EventKind::reopened:
    case model::EventKind::enters:
    case model::EventKind::leaves: {
      // Where it may be unknown what came before a move, any move may be this one.
      const time::Interval& observed = plan_.stages_observed;
      const bool told = plan_.only_process && plan_.known_at == Instant::max() && !plan_.history.extent.untimed &&
                        !observed.from.known() && observed.until == Instant::max();
      return take(plan_.moved_kind, {}, told ? id : Id<model::Event>());
    }
    case model::EventKind::changed:
    case model::EventKind::moved_period: return take(plan_.fields[event.field.index()].change_kind);
    case model::EventKind::starts_leave: return take(plan_.leave_kind);
    case model::EventKind::activity: return take(plan_.activities[event.activity.index()].kind);
    case model::EventKind::record: return take(plan_.records[event.record.index()].kind);
    case model::EventKind::ordinal:
    case model::EventKind::any_of: return take_parts();
    case model::EventKind::filtered: {
      const model::Event& part = plan_.book.events[event.parts.front()];
      const bool at_once = part.kind == model::EventKind::activity && bool(plan_.filters[event.where.index()]);
      return at_once ? take(plan_.activities[part.activity.index()].kind, event.where) : take_parts();
    }
  }
  return false;
}

// By its two stages, of which the first may have been entered before anything was recorded.
void Prospects::ask_for_move(const model::Event& event, Bits asking) {
  moves_ |= asking;
  of_stage_.resize(plan_.book.stages.size());
  for (std::size_t i = 0; i < of_stage_.size(); ++i) {
    const Id<model::Stage> stage(i);
    const model::StageEnd end = plan_.book.stages[stage].end;
    const bool may = event.stage                            ? stage == event.stage
                     : event.kind == model::EventKind::won  ? end == model::StageEnd::won
                     : event.kind == model::EventKind::lost ? end == model::StageEnd::lost
                                                            : end != model::StageEnd::open;
    if (may) of_stage_[i] |= asking;
  }
}

// A row from a stage to itself says that the deal stood there: nothing before it was recorded.
Prospects::Bits Prospects::asking_for_move(std::uint32_t row) const {
  const WordTable& stages = plan_.stage_of_word[plan_.only_process.index()];
  const auto asking = [&](std::int64_t word) {
    const std::uint32_t stage = stages[word];
    return stage == WordTable::nothing ? moves_ : of_stage_[stage];
  };
  const std::int64_t to = plan_.move_to->values[row];
  const std::int64_t from = plan_.move_from ? plan_.move_from->values[row] : history::unobserved;
  if (from == to || from == history::unreadable) return moves_;
  return asking(to) | (history::is_value(from) ? asking(from) : 0);
}

void Prospects::go_to(View& view, std::uint32_t deal, std::uint32_t until) {
  Batch& batch = view.batch_at(deal, until);
  if (batch_ != batch.number()) find(batch);
  at_ = deal - first_;
}

void Prospects::find(Batch& batch) {
  batch_ = batch.number();
  first_ = batch.subject();
  of_deal_.assign(batch.until() - first_, always_);
  const history::Array<std::uint32_t>& first = plan_.history.deal_events.first;
  std::uint32_t deal = first_;
  const auto mark = [&](std::uint32_t row, Bits asking) {
    while (row >= first[deal + 1]) ++deal;
    of_deal_[deal - first_] |= asking;
  };
  for (const Source& source : sources_) {
    deal = first_;
    if (source.where) {
      for (const Batch::Counted& found : batch.counted(source.where, source.kind)) mark(found.row, source.asking);
    } else {
      for (const std::uint32_t row : batch.of_kind(source.kind)) mark(row, source.asking);
    }
  }
  if (moves_ == 0) return;
  deal = first_;
  const history::Array<std::uint32_t>& row_of = plan_.history.deal_events.row;
  for (const std::uint32_t row : batch.of_kind(plan_.moved_kind)) {
    if (const Bits asking = asking_for_move(row_of[row])) mark(row, asking);
  }
}

}  // namespace plumb::eval
