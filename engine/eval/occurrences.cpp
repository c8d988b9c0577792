#include <algorithm>
#include <set>

#include "eval/condition.h"
#include "eval/view.h"

namespace plumb::eval {

namespace {

bool in_order(const Occurrence& a, const Occurrence& b) { return a.index < b.index; }

// An occurrence that two alternatives name counts once, certainly if either is certain.
void merge(std::vector<Occurrence>& out) {
  std::sort(out.begin(), out.end(), in_order);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (kept > 0 && out[kept - 1].index == out[i].index) {
      out[kept - 1].certain |= out[i].certain;
    } else {
      out[kept++] = out[i];
    }
  }
  out.resize(kept);
}

}  // namespace

const std::vector<Occurrence>& View::occurrences(Id<model::Event> event) {
  std::vector<Occurrence>& out = found_[event.index()];
  if (found_for_[event.index()] != loads_) {
    out.clear();
    find_occurrences(event, out);
    found_for_[event.index()] = loads_;
  }
  return out;
}

void View::find_occurrences(Id<model::Event> id, std::vector<Occurrence>& out) {
  const model::Event& event = plan_.book.events[id];
  const auto take_kind = [&](int kind) {
    for (std::uint32_t index : of_kind(kind)) out.push_back({index, timeline_->at[index], true});
  };
  switch (event.kind) {
    case model::EventKind::error: return;
    case model::EventKind::created: return of_person_ ? void() : take_kind(plan_.created_kind);
    case model::EventKind::won: case model::EventKind::lost: case model::EventKind::reopened:
    case model::EventKind::enters: case model::EventKind::leaves: return find_moves(event, out);
    case model::EventKind::changed: case model::EventKind::moved_period: return find_changes(event, out);
    case model::EventKind::starts_leave: return;  // refused before evaluation
    case model::EventKind::activity: return take_kind(plan_.activities[event.activity.index()].kind);
    case model::EventKind::record: return take_kind(plan_.records[event.record.index()].kind);
    case model::EventKind::ordinal: return find_ordinal(id, out);
    case model::EventKind::any_of:
      for (Id<model::Event> part : event.parts) {
        const auto& found = occurrences(part);
        out.insert(out.end(), found.begin(), found.end());
      }
      return merge(out);
    case model::EventKind::filtered:
      for (const Occurrence& base : occurrences(event.parts.front())) {
        const Instant cut = base.at.known() ? Instant{base.at.micros + 1} : plan_.horizon;
        Context context{.view = *this, .cut = cut, .candidate = base.index, .calendar = &plan_.calendars.front()};
        const Truth counts = holds(event.where, context);
        if (counts != Truth::no) out.push_back({base.index, base.at, base.certain && counts == Truth::yes});
      }
      return;
  }
}

void View::find_moves(const model::Event& event, std::vector<Occurrence>& out) {
  const auto ends = [&](Id<model::Stage> stage, model::StageEnd end) {
    return stage && plan_.book.stages[stage].end == end;
  };
  const auto closed = [&](Id<model::Stage> stage) { return stage && !ends(stage, model::StageEnd::open); };
  for (const Visit& visit : visits_) {
    // The stage that the first row says the deal came from was entered at an instant nobody recorded.
    const bool implied = !visit.at.known() && timeline_->at[visit.index].known();
    bool counts = false;
    switch (event.kind) {
      case model::EventKind::enters: counts = visit.stage == event.stage; break;
      case model::EventKind::leaves: counts = !implied && visit.from == event.stage && visit.stage != event.stage; break;
      case model::EventKind::won:
        counts = ends(visit.stage, model::StageEnd::won) && !ends(visit.from, model::StageEnd::won);
        break;
      case model::EventKind::lost:
        counts = ends(visit.stage, model::StageEnd::lost) && !ends(visit.from, model::StageEnd::lost);
        break;
      default: counts = !implied && closed(visit.from) && visit.stage && !closed(visit.stage); break;
    }
    if (counts) out.push_back({visit.index, visit.at, true});
  }
}

void View::find_changes(const model::Event& event, std::vector<Occurrence>& out) {
  const FieldBinding& field = plan_.fields[event.field.index()];
  std::int64_t before = field.initial && !of_person_ ? field.initial->values[subject_] : history::unobserved;
  for (std::uint32_t index : of_kind(field.change_kind)) {
    const std::uint32_t row = timeline_->row[index];
    const std::int64_t to = field.change_to->values[row];
    const std::int64_t said = field.change_from ? field.change_from->values[row] : history::unobserved;
    const std::int64_t from = said == history::unobserved ? before : said;
    before = to;
    if (from == to && (!field.change_to->currency.size() || field.change_from == nullptr ||
                       field.change_to->currency[row] == field.change_from->currency[row])) {
      continue;
    }
    if (event.kind == model::EventKind::changed) {
      out.push_back({index, timeline_->at[index], from != history::unreadable && to != history::unreadable});
      continue;
    }
    if (from == history::missing || to == history::missing) continue;
    if (!history::is_value(from) || !history::is_value(to)) {
      out.push_back({index, timeline_->at[index], false});
      continue;
    }
    const time::Calendar& calendar = plan_.calendars.front();
    const auto period_of = [&](std::int64_t day) {
      return calendar.period_of(event.period, calendar.start_of(time::Day{static_cast<std::int32_t>(day)})).from;
    };
    const Instant old_period = period_of(from), new_period = period_of(to);
    if (event.later ? new_period > old_period : new_period < old_period) {
      out.push_back({index, timeline_->at[index], true});
    }
  }
}

// The n-th among candidates of which some are uncertain: it is certain when all before it are, possible when settling
// them could make it the n-th.
void View::find_ordinal(Id<model::Event> id, std::vector<Occurrence>& out) {
  const model::Event& event = plan_.book.events[id];
  const auto& candidates = occurrences(event.parts.front());
  if (event.for_each_account && account_ordinals_) {
    const std::vector<std::uint32_t>& chosen = (*account_ordinals_)[id.index()];
    for (const Occurrence& candidate : candidates) {
      if (std::binary_search(chosen.begin(), chosen.end(), candidate.index)) out.push_back(candidate);
    }
    return;
  }
  std::set<time::Day> days;
  std::int64_t certain = 0, possible = 0;
  for (const Occurrence& candidate : candidates) {
    if (event.on_another_day && candidate.at.known()) {
      const bool first_of_day = days.insert(plan_.calendars.front().day_of(candidate.at)).second;
      if (!first_of_day) continue;
    }
    const bool sure = candidate.certain && candidate.at.known();
    if (certain <= event.nth - 1 && event.nth - 1 <= certain + possible) {
      out.push_back({candidate.index, candidate.at, sure && possible == 0});
    }
    sure ? ++certain : ++possible;
  }
}

}  // namespace plumb::eval
