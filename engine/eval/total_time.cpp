#include <algorithm>
#include <span>

#include "eval/day.h"

namespace plumb::eval {

namespace {

// How much longer or shorter a stay may have been, since moves that have a date alone were made at any time of it.
// Those of one day are made one after the other, before the next move that has a time: the first so many of them at its
// start and the others as late as can be. Unit: microseconds.
struct Give {
  Wide less = 0, more = 0;
};

// The first row of a move behind one that has a time of day, also where it changes nothing: the deal was there by then.
Instant next_timed(const View& view, std::uint32_t move) {
  const history::Timeline& timeline = view.timeline();
  const std::span<const std::uint32_t> moves = view.of_kind(view.plan().moved_kind);
  const auto after = std::upper_bound(moves.begin(), moves.end(), move);
  const auto next = std::find_if(after, moves.end(), [&](std::uint32_t index) { return timeline.by_day[index] == 0; });
  return next == moves.end() ? Instant::unknown() : timeline.at[*next];
}

Give give_of(const View& view, Id<model::Stage> stage, Instant cut) {
  const std::vector<Visit>& visits = view.visits();
  const history::Timeline& timeline = view.timeline();
  Give give;
  for (std::size_t i = 0; i < visits.size() && visits[i].at < cut;) {
    std::size_t end = i + 1;
    const bool by_day = visits[i].at.known() && timeline.by_day[visits[i].index] != 0;
    const auto same = [&](const Visit& v) { return v.at == visits[i].at && timeline.by_day[v.index] != 0; };
    while (by_day && end < visits.size() && same(visits[end])) ++end;
    if (by_day) {
      Instant latest = std::min(last_of_day(view.plan(), visits[i].at), Instant{cut.micros - 1});
      if (const Instant next = next_timed(view, visits[end - 1].index); next.known()) latest = std::min(latest, next);
      const Wide delay = std::max<Wide>(0, Wide{latest.micros} - visits[i].at.micros);
      int later = 0, least = 0, most = 0;  // what the last so many add when they are late
      for (std::size_t j = end; j-- > i;) {
        later += (j > 0 && visits[j - 1].stage == stage) - (visits[j].stage == stage);
        least = std::min(least, later), most = std::max(most, later);
      }
      give.less += -least * delay, give.more += most * delay;
    }
    i = end;
  }
  return give;
}

}  // namespace

Value total_time_value(const model::Expr& expr, const Context& context) {
  const View& view = context.view;
  if (!view.may_follow(view.plan().book.stages[expr.stage].process)) return Value::of(rational(0, 1));
  bool unknown = false;
  stage_at(context, unknown);
  const Instant observed = view.stages_observed().from;
  unknown |= observed.known() && view.created() < observed;
  Wide total = 0;
  const auto& visits = view.visits();
  for (std::size_t i = 0; i < visits.size() && visits[i].at < context.cut; ++i) {
    unknown |= view.process() && !visits[i].stage;
  }
  if (unknown) {
    if (context.trace) context.trace->lack({.kind = FactKind::stage});
    return Value::unknown();
  }
  for (std::size_t i = 0; i < visits.size() && visits[i].at < context.cut; ++i) {
    if (visits[i].stage != expr.stage) continue;
    if (!visits[i].at.known()) return Value::unknown();
    const Instant end = i + 1 < visits.size() && visits[i + 1].at < context.cut ? visits[i + 1].at : context.now();
    total += end.micros - visits[i].at.micros;
  }
  if (!view.by_day()) return Value::of(rational(total, 1));
  const Give give = give_of(view, expr.stage, context.cut);
  for (const Visit& visit : visits) {
    const bool counts = give.less + give.more != 0 && visit.at.known() && visit.at < context.cut;
    if (counts && view.timeline().by_day[visit.index] != 0) lack_time(context, visit.index);
  }
  return Value::between(rational(total - give.less, 1), rational(total + give.more, 1));
}

}  // namespace plumb::eval
