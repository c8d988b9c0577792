#include "eval/closing.h"

#include <algorithm>

#include "eval/by_stage.h"
#include "eval/untold_order.h"

namespace plumb::eval {

namespace {

bool by_day(const View& view, std::uint32_t row) { return view.timeline().by_day[row] != 0; }

// Whether a move opened a life of the deal.
bool begins(const View& view, const Life& life, const Visit& visit) {
  const Life* before = &life == &view.lives().front() ? nullptr : &life - 1;
  return before ? reopening(view, *before) == visit.index : life.begin.known() && life.begin == visit.at;
}

// Whether it did, or closed one.
bool turns(const View& view, const Visit& visit) {
  return std::ranges::any_of(
      view.lives(), [&](const Life& life) { return life.closing == visit.index || begins(view, life, visit); });
}

}  // namespace

Instant latest_end(const View& view, const Life& life) {
  if (life.closing == UINT32_MAX || !by_day(view, life.closing)) return life.end;
  const Instant latest = last_of(view, life.closing);
  const Life* next = &life == &view.lives().back() ? nullptr : &life + 1;
  if (!next || next->begin > latest) return latest;
  // What reopened it came after that, and may have a date alone, too.
  for (const Visit& visit : view.visits()) {
    if (visit.at == next->begin && visit.index > life.closing && by_day(view, visit.index)) return latest;
  }
  return std::max(next->begin, life.end);
}

std::uint32_t reopening(const View& view, const Life& life) {
  if (&life == &view.lives().back()) return UINT32_MAX;
  const auto is_closed = [&](Id<model::Stage> stage) {
    return stage && view.plan().book.stages[stage].end != model::StageEnd::open;
  };
  bool behind = life.closing == UINT32_MAX;
  for (const Visit& visit : view.visits()) {
    if (behind && visit.at == (&life + 1)->begin && !is_closed(visit.stage)) return visit.index;
    behind |= visit.index == life.closing;
  }
  return UINT32_MAX;
}

std::uint32_t closed_before_others(const View& view, const Life& life) {
  const std::uint32_t closing = life.closing;
  if (closing == UINT32_MAX || !by_day(view, closing) || order_untold(view, closing)) return UINT32_MAX;
  const history::Timeline& timeline = view.timeline();
  const bool others = std::ranges::any_of(view.visits(), [&](const Visit& visit) {
    return visit.index > closing && by_day(view, visit.index) && timeline.at[visit.index] == timeline.at[closing];
  });
  return others ? closing : UINT32_MAX;
}

bool reopens(const View& view, const Life& life) {
  if (&life == &view.lives().front()) return true;
  const Life& before = *(&life - 1);
  return before.closing != UINT32_MAX || closed_in(view, before);
}

Reopened reopened_by_day(const View& view, const Life& life) {
  if (!view.by_day() || !life.begin.known()) return {};
  for (const Visit& visit : view.visits()) {
    if (!begins(view, life, visit) || !by_day(view, visit.index)) continue;
    const Instant last = last_of(view, visit.index), end = latest_end(view, life);
    return {end.known() ? std::min(last, end) : last, visit.index};
  }
  return {};
}

std::uint32_t turned_that_day(const View& view, std::uint32_t row) {
  const history::Timeline& timeline = view.timeline();
  const Instant at = timeline.at[row];
  const int kind = timeline.kind[row];
  const bool day = by_day(view, row);
  const bool in_order = kind == view.plan().moved_kind || kind == view.plan().created_kind;
  if (!view.by_day() || view.of_person() || !at.known() || in_order) return UINT32_MAX;
  const Instant last = last_of(view, row);
  for (const Visit& visit : view.visits()) {
    if (!visit.at.known() || visit.index == row) continue;
    // A move with a date alone may stand behind one with a time of its day: the row may have come before or after it.
    const bool move_by_day = by_day(view, visit.index);
    const Instant end = last_of(view, visit.index);
    const bool same_day = day && move_by_day ? visit.at <= last && at <= end
                          : day              ? visit.at >= at && visit.at <= last
                                             : move_by_day && at > visit.at && at <= end;
    if (same_day && turns(view, visit)) return visit.index;
  }
  return UINT32_MAX;
}

}  // namespace plumb::eval
