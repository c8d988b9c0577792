#include <algorithm>
#include <span>

#include "eval/day.h"
#include "eval/lack.h"

namespace plumb::eval {

namespace {

// How much longer or shorter a stay may have been, since moves that have a date alone were made at any time of it.
// Those of one day are made one after the other, before the next move that has a time: the first so many of them at its
// start and the others as late as can be. Unit: microseconds.
struct Give {
  Wide less = 0, more = 0;
};

// The stays of a deal before a cut, between one row of a move and the next.
struct Stays {
  const View& view;
  std::span<const std::uint32_t> moves;
  Id<model::Stage> stage;
  Instant cut;
  std::size_t number;  // of moves that have been made
  bool most;           // of what nobody recorded all counts that may have been there, else nothing

  bool made(std::size_t i) const { return i < number; }
  bool by_day(std::size_t i) const { return view.timeline().by_day[moves[i]] != 0; }
  Instant at(std::size_t i) const { return view.timeline().at[moves[i]]; }
  /// When the move was made, or until when the stay before it is looked at.
  Instant end(std::size_t i) const { return made(i) ? at(i) : Instant{cut.micros - 1}; }
  const Hidden* hidden(std::size_t i) const { return i < moves.size() ? view.hidden_before(moves[i]) : nullptr; }
  bool counts(std::size_t i) const {
    const std::int64_t word = view.plan().move_to->values[view.timeline().row[moves[i]]];
    const bool there = view.stage_of(word, view.process()) == stage;
    const Hidden* const others = hidden(i + 1);
    return others ? most && (there || may_be(*others)) : there;
  }
  bool counts_before() const { return most && hidden(0) && may_be(*hidden(0)); }
  bool may_be(const Hidden& others) const { return (bit_of(stage) & others.never) == 0; }
  bool counts_up_to(std::size_t i) const { return i == 0 ? counts_before() : counts(i - 1); }
};

Wide total_of(const Stays& of) {
  constexpr Wide endless = Wide{1} << 60;
  const Instant created = of.view.created();
  Wide total = 0;
  if (of.counts_before()) total = created.known() ? Wide{of.end(0).micros} - created.micros : endless;
  for (std::size_t i = 0; of.made(i); ++i) {
    if (of.counts(i)) total += Wide{of.end(i + 1).micros} - of.at(i).micros;
  }
  return total;
}

// The first row behind one that has a time of day, also where it changes nothing: the deal was there by then.
Instant next_timed(const Stays& of, std::size_t i) {
  while (++i < of.moves.size()) {
    if (!of.by_day(i)) return of.at(i);
  }
  return Instant::unknown();
}

Give give_of(const Stays& of) {
  Give give;
  for (std::size_t i = 0; of.made(i);) {
    std::size_t end = i + 1;
    while (of.by_day(i) && end < of.moves.size() && of.by_day(end) && of.at(end) == of.at(i)) ++end;
    if (of.by_day(i)) {
      Instant latest = std::min(last_of_day(of.view.plan(), of.at(i)), Instant{of.cut.micros - 1});
      if (const Instant next = next_timed(of, end - 1); next.known()) latest = std::min(latest, next);
      const Wide delay = std::max<Wide>(0, Wide{latest.micros} - of.at(i).micros);
      int later = 0, least = 0, most = 0;  // what the last so many add when they are late
      for (std::size_t j = end; j-- > i;) {
        later += of.counts_up_to(j) - of.counts(j);
        least = std::min(least, later), most = std::max(most, later);
      }
      give.less += -least * delay, give.more += most * delay;
    }
    i = end;
  }
  return give;
}

// So many moves have been made; those of a day that may lie behind the cut have not where it is known.
std::size_t made_by(const Context& context, std::span<const std::uint32_t> moves) {
  const auto at = [&](std::size_t i) { return context.view.timeline().at[moves[i]]; };
  std::size_t made = 0;
  while (made < moves.size() && at(made) < context.cut) ++made;
  while (made > 0 && at(made - 1) >= context.day_cut && has_come(context, moves[made - 1]) == Truth::no) --made;
  return made;
}

}  // namespace

Value total_time_value(const model::Expr& expr, const Context& context) {
  const View& view = context.view;
  if (!view.may_follow(view.plan().book.stages[expr.stage].process)) return Value::of(rational(0, 1));
  const Instant observed = view.stages_observed().from, now = context.now();
  bool unknown = view.stage_unknown() || view.process_unknown() || now >= view.stages_observed().until;
  unknown |= observed.known() && view.created() < observed;
  const std::vector<Visit>& visits = view.visits();
  const std::span<const std::uint32_t> moves = view.of_kind(view.plan().moved_kind);
  const std::size_t made = made_by(context, moves);
  const std::uint32_t next = made < moves.size() ? moves[made] : UINT32_MAX;
  for (std::size_t i = 0; i < visits.size() && visits[i].at < context.cut; ++i) {
    if (visits[i].at.known() && visits[i].index >= next) break;
    unknown |= view.process() && !visits[i].stage;
  }
  if (unknown) {
    lack_stage(context);
    return Value::unknown();
  }
  const auto undated = [&](const Visit& visit) { return visit.stage == expr.stage && !visit.at.known(); };
  if (std::ranges::any_of(visits, undated)) return Value::unknown();
  const Stays least{view, moves, expr.stage, context.cut, made, false};
  const Stays most{view, moves, expr.stage, context.cut, made, true};
  const Wide low = total_of(least), high = total_of(most);
  if (low != high && context.trace) {
    for (const Hidden& others : view.hidden()) {
      if (others.from < context.cut) lack_origin(view.plan(), others.row, *context.trace);
    }
  }
  if (!view.by_day()) return Value::between(rational(low, 1), rational(high, 1));
  const Give less = give_of(least), more = give_of(most);
  for (std::size_t i = 0; least.made(i) && less.less + more.more != 0; ++i) {
    if (least.by_day(i)) lack_time(context, moves[i]);
  }
  return Value::between(rational(low - less.less, 1), rational(high + more.more, 1));
}

}  // namespace plumb::eval
