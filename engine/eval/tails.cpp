#include "eval/tails.h"

#include <algorithm>

namespace plumb::eval {

namespace {

using model::SubjectKind;

// The things of somebody before the cut, the latest first: his own, those of deals, and those that may be his.
class Backwards {
 public:
  Backwards(Id<model::Event> event, SubjectKind kind, const Context& context) {
    if (const Members* members = context.view.members()) {
      const MemberList& list = members->latest(kind, event);
      const std::uint32_t key = list_key(kind, context);
      his_ = list.between(key, Instant::unknown(), context.cut);
      perhaps_ = list.between(anybody, Instant::unknown(), context.cut);
      const MemberList::Range undated = list.undated(key), nobodys = list.undated(anybody);
      undated_ = key == nobody || undated.begin != undated.end || nobodys.begin != nobodys.end;
    }
    if (kind != SubjectKind::person) return;
    const std::vector<Occurrence>& all = context.view.occurrences(event);
    undated_ |= !all.empty() && !all.front().at.known();
    own_begin_ = all.data();
    own_end_ = std::partition_point(all.data(), all.data() + all.size(),
                                    [&](const Occurrence& o) { return o.at < context.cut; });
  }

  // One may have been at any time.
  bool undated() const { return undated_; }
  /// Missing: unknown where there is none left. `sure`: it is known to count.
  Instant next(bool& sure) {
    const Instant own = own_end_ == own_begin_ ? Instant::unknown() : own_end_[-1].at;
    const Instant his = his_.begin == his_.end ? Instant::unknown() : his_.end[-1].at;
    const Instant perhaps = perhaps_.begin == perhaps_.end ? Instant::unknown() : perhaps_.end[-1].at;
    const Instant last = std::max({own, his, perhaps});
    if (!last.known()) return last;
    if (perhaps == last) {
      --perhaps_.end, sure = false;
    } else if (his == last) {
      sure = (--his_.end)->certain;
    } else {
      sure = (--own_end_)->certain;
    }
    return last;
  }

 private:
  MemberList::Range his_, perhaps_;
  const Occurrence* own_begin_ = nullptr;
  const Occurrence* own_end_ = nullptr;
  bool undated_ = false;
};

// The n-th latest thing of a person, a team or the company. Missing: unknown where there are fewer.
Instant nth_latest(Id<model::Event> event, std::int64_t n, SubjectKind kind, const Context& context, bool& undecided) {
  Backwards things(event, kind, context);
  undecided |= things.undated();
  Instant found = Instant::unknown();
  for (; n > 0 && !undecided; --n) {
    bool sure = true;
    found = things.next(sure);
    if (!found.known()) return found;
    undecided |= !sure;
  }
  return found;
}

Instant latest(Id<model::Event> event, SubjectKind kind, const Context& context, bool& undecided) {
  if (kind != SubjectKind::deal) {
    const Instant found = nth_latest(event, 1, kind, context, undecided);
    undecided |= !is_observed(context.view.plan(), event, found, context.cut);
    return found;
  }
  const Latest found = latest_before(event, context);
  undecided |= found.undecided;
  return found.at;
}

// The last whole period before the cut. Missing: unknown where there is none.
time::Interval last_whole(const time::Calendar& calendar, time::Period period, Instant cut) {
  const time::Interval holding = calendar.period_of(period, cut);
  if (holding.from.known()) return calendar.previous(period, holding);
  time::Interval last{Instant::unknown(), Instant::unknown()};
  for (const time::Term& term : calendar.spec().terms) {
    if (calendar.end_of(term.to) <= cut) last = calendar.period_of(period, calendar.start_of(term.from));
  }
  return last;
}

// The first period of which the history knows anything.
Instant first_period(const model::Tails& tails, SubjectKind kind, const Context& context) {
  const Instant begin = kind == SubjectKind::deal ? context.view.created() : context.view.plan().begin;
  if (!begin.known()) return Instant::max();
  const time::Interval holding = context.calendar->period_of(tails.last_period, begin);
  return holding.from.known() ? holding.from : begin;
}

bool take_periods(const model::Tails& tails, SubjectKind kind, const Context& context, Counted& counted) {
  const time::Calendar& calendar = *context.calendar;
  time::Interval period = last_whole(calendar, tails.last_period, context.cut);
  counted.until = std::min(counted.until, period.until);
  for (std::int64_t left = tails.last_periods - 1; left > 0 && period.from.known(); --left) {
    period = calendar.previous(tails.last_period, period);
  }
  counted.from = period.from;
  if (period.from.known() && period.from >= first_period(tails, kind, context)) return true;
  if (context.trace) context.trace->lack({.kind = FactKind::periods});
  return false;
}

// From the n-th last thing of a deal on, that one included.
bool take_own_things(const model::Tails& tails, const Context& context, Counted& counted) {
  const std::vector<Occurrence>& things = context.view.occurrences(tails.last_of);
  auto thing =
      std::partition_point(things.begin(), things.end(), [&](const Occurrence& o) { return o.at < context.cut; });
  for (std::int64_t still = tails.last; still > 0;) {
    if (thing == things.begin()) return false;
    --thing;
    bool sure = thing->certain;
    if (!counts(context, *thing, counted.from, sure)) continue;
    if (!sure) return false;
    counted.first = thing->index;
    if (--still == 0) counted.from = std::max(counted.from, thing->at);
  }
  return true;
}

bool take_things(const model::Tails& tails, SubjectKind kind, const Context& context, Counted& counted) {
  bool told = true;
  if (kind == SubjectKind::deal) {
    told = take_own_things(tails, context, counted);
  } else {
    bool undecided = false;
    const Instant from = nth_latest(tails.last_of, tails.last, kind, context, undecided);
    told = !undecided && from.known();
    counted.from = std::max(counted.from, from);
  }
  if (!told && context.trace) context.trace->lack({.kind = FactKind::members, .event = tails.last_of});
  return told;
}

}  // namespace

std::optional<Counted> narrowed(const Counted& counted, const model::Tails& tails, SubjectKind kind,
                                const Context& context) {
  Counted left = counted;
  if (tails.last_periods != 0 || tails.last != 0) left.from = Instant::unknown();
  if (tails.last_periods != 0 && !take_periods(tails, kind, context, left)) return std::nullopt;
  if (tails.in) left.from = std::max(left.from, context.calendar->back_from(*tails.in, context.now()));
  if (tails.since) {
    bool undecided = false;
    const Instant since = latest(tails.since, kind, context, undecided);
    if (undecided && context.trace) context.trace->lack({.kind = FactKind::event_time, .event = tails.since});
    if (undecided) return std::nullopt;
    left.from = since.known() ? std::max(left.from, since) : context.cut;  // no E yet: nothing counts
  }
  if (tails.last != 0 && !take_things(tails, kind, context, left)) return std::nullopt;
  return left;
}

Truth source_counts(history::Source source, const model::Tails& tails) {
  const auto rank = static_cast<int>(source);
  const auto asked = static_cast<int>(tails.source);
  if (asked == 0) return Truth::yes;
  if (rank == 0) return Truth::unknown;
  return truth(tails.or_better ? rank >= asked : rank == asked);
}

bool counts(const Context& context, const Occurrence& occurrence, Instant from, bool& sure) {
  if (occurrence.index == context.except) return false;
  if (!occurrence.at.known()) {
    sure = false;
    return true;
  }
  const Instant when = counts_from(context.view, occurrence.index, context.timely);
  if (!when.known()) {
    sure = false;
    return occurrence.at < context.cut;
  }
  const bool by_day = context.view.timeline().by_day[occurrence.index] != 0 && when == occurrence.at;
  if (by_day && occurrence.at >= context.day_cut) return false;
  const Truth in = lies_in(context, when, by_day, from);
  sure &= in == Truth::yes;
  return in != Truth::no;
}

Latest latest_before(Id<model::Event> event, const Context& context) {
  Latest latest;
  const SubjectKind kind = context.view.members() ? context.subject : SubjectKind::deal;
  if (kind != SubjectKind::deal) {
    latest.at = nth_latest(event, 1, kind, context, latest.undecided);
    latest.undecided |= !is_observed(context.view.plan(), event, latest.at, context.cut);
    return latest;
  }
  const std::vector<Occurrence>& all = context.view.occurrences(event);
  latest.undecided = !all.empty() && !all.front().at.known();
  const auto after =
      std::partition_point(all.begin(), all.end(), [&](const Occurrence& o) { return o.at < context.cut; });
  for (auto next = after; next != all.begin() && !latest.undecided; --next) {
    const Occurrence& occurrence = *(next - 1);
    bool sure = occurrence.certain;
    if (!counts(context, occurrence, Instant::unknown(), sure)) continue;
    latest.undecided = !sure;
    if (context.trace) context.trace->use(context.view.ref(occurrence.index));
    if (!sure) continue;
    latest.at = occurrence.at;
    latest.by_day = context.view.timeline().by_day[occurrence.index] != 0;
    break;
  }
  const Instant since = latest.at.known() ? latest.at : context.view.created();
  latest.undecided |= !is_observed(context.view.plan(), event, since, context.cut);
  return latest;
}

Value time_since_value(const model::Expr& expr, const Context& context) {
  const Latest since = latest_before(expr.event, context);
  if (since.undecided && context.trace) context.trace->lack({.kind = FactKind::event_time, .event = expr.event});
  if (since.undecided) return Value::unknown();
  return since.at.known() ? Value::of(rational(Wide{context.now().micros} - since.at.micros, 1)) : Value::missing();
}

std::int64_t periods_between(const time::Calendar& calendar, time::Period period, Instant from, Instant until) {
  std::int64_t count = 0;
  for (time::Interval at = calendar.period_of(period, from); at.from.known() && at.from < until;
       at = calendar.next(period, at)) {
    ++count;
  }
  return count;
}

}  // namespace plumb::eval
