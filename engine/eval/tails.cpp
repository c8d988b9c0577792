#include "eval/tails.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "eval/day.h"
#include "eval/lack.h"

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

// Whether the history tells of all that happened with one's own deals, or those of somebody.
bool tells_of(Id<model::Event> event, SubjectKind kind, Instant from, const Context& context) {
  if (!is_observed(context.view, event, from, context.cut)) return false;
  const Members* members = context.view.members();
  if (kind == SubjectKind::deal || !members) return true;
  return members->latest(kind, event).untold(list_key(kind, context), from, context.cut, 1).empty();
}

// Since when facts count: at the earliest and at the latest. `surely` max: perhaps not at all so far. `themselves`: the
// rows with which they begin, where no others can be it; some may have a date alone. `earlier`: as in Counted, where
// the context has the day in one order (`in_order`).
struct Since {
  Instant perhaps, surely;
  std::vector<std::uint32_t> themselves = {};
  bool in_order = false;
  std::vector<std::uint32_t> earlier = {};
};

// From when on one that has no instant may have come, before the cut; unknown: at any time. Missing: nullopt where
// there is none.
std::optional<Instant> undated_from(const std::vector<Occurrence>& all, const Context& context) {
  const history::Timeline& timeline = context.view.timeline();
  Instant from = Instant::max();
  for (const Occurrence& one : all) {
    if (one.at.known()) break;
    if (!one.may_precede(context.cut, timeline)) continue;
    from = std::min(from, one.not_before == UINT32_MAX ? Instant::unknown() : timeline.at[one.not_before]);
  }
  return from == Instant::max() ? std::nullopt : std::optional(from);
}

// The instants at which one may have come: with a date alone at any of its day, on that of the deal's creation behind
// that, but for the move by which the deal was there from the start. `behind`: from when on all has come behind it.
struct Came {
  Instant at, behind;
};

Came came(const View& view, const Occurrence& one) {
  const history::Timeline& timeline = view.timeline();
  const std::uint16_t kind = timeline.kind[one.index];
  const Instant created = view.created(), last = last_of(view, one.index);
  if (timeline.by_day[one.index] == 0 || kind == view.plan().created_kind) return {one.at, one.at};
  const Instant over{last.micros + 1};
  if (created < one.at || created > last) return {one.at, over};
  const history::Column* from = view.plan().move_from;
  const bool move = kind == view.plan().moved_kind;
  const std::int64_t before = move && from ? from->values[timeline.row[one.index]] : history::missing;
  if (move && before == history::missing) return {one.at, one.at};
  const bool timed = timeline.by_day[view.of_kind(view.plan().created_kind).back()] == 0;
  return {timed && !(move && !history::is_value(before)) ? Instant{created.micros + 1} : one.at, over};
}

// The start of the day that holds an instant.
Instant day_of(const View& view, Instant at) {
  const time::Calendar& days = view.plan().calendars.front();
  return view.by_day() ? days.start_of(days.day_of(at)) : at;
}

// A deal's last things, the latest first, some of which have a date alone.
struct LastThings {
  struct Thing {
    Came came;
    bool sure;
    std::uint32_t index;
  };
  const View& view;
  std::size_t number;
  bool behind_it;  // what comes at its instant, too, may be before the n-th last: of what comes at once no order is
                   // known
  std::vector<Thing> things = {};
  Instant from = Instant::unknown();  // of the first of them that are sure; unknown: there are not enough yet
  std::size_t sure = 0;

  void add(const Occurrence& one, bool is_sure) {
    Came at = came(view, one);
    if (behind_it) at.behind = std::max(at.behind, Instant{at.at.micros + 1});
    things.push_back({at, is_sure, one.index});
    if (is_sure && ++sure == number) from = day_of(view, one.at);
  }
  /// When the n-th last came: the n-th last of the first instants at which they may have, and of the last. Of all that
  /// may have come on its day. Missing: unknown where there are not so many.
  Since since() const {
    std::vector<Instant> at, behind;
    for (const Thing& thing : things) {
      if (thing.sure) at.push_back(thing.came.at);
      behind.push_back(thing.came.behind);
    }
    for (auto* all : {&at, &behind}) std::ranges::sort(*all, std::greater<>());
    const auto nth = [&](const std::vector<Instant>& all) {
      return all.size() < number ? Instant::unknown() : all[number - 1];
    };
    Since found{nth(at), nth(behind)};
    std::size_t last = 0;  // that may be among the last
    bool all_sure = true;
    for (const Thing& thing : things) {
      if (thing.came.behind <= found.perhaps && thing.came.at < found.perhaps) continue;
      ++last, all_sure &= thing.sure || thing.came.at >= found.surely;
      if (thing.came.at < found.surely) found.themselves.push_back(thing.index);
    }
    // Where others of its day may be it in its place, none of them begins it for certain.
    if (!all_sure || (found.themselves.size() > 1 && last != number)) found.themselves.clear();
    return found;
  }
  /// The first instant at which any may have come. There are some.
  Instant first() const {
    return std::ranges::min(things, {}, [](const Thing& thing) { return thing.came.at; }).came.at;
  }
};

// In the one order in which the context has a day: since the n-th last of those things that came on it. `at_once`: what
// has that instant, too, counts though it stands before it. Missing: nullopt where there is no such order, where not so
// many came on that day, or one of them not for certain.
std::optional<Since> since_in_order(const LastThings& last, bool at_once, const Context& context) {
  const std::vector<DayReading::Row>* so_far = context.reading ? context.reading->so_far() : nullptr;
  if (!so_far) return std::nullopt;
  const auto is_row = [](const DayReading::Row& one) { return one.of != DayReading::Of::contact; };
  std::size_t left = last.number;
  auto row = so_far->rbegin();
  for (; row != so_far->rend(); ++row) {
    const auto thing = std::ranges::find(last.things, row->index, &LastThings::Thing::index);
    if (!is_row(*row) || thing == last.things.end()) continue;
    if (!thing->sure) return std::nullopt;
    if (--left == 0) break;
  }
  if (row == so_far->rend()) return std::nullopt;
  const history::Timeline& timeline = context.view.timeline();
  const std::uint32_t begin = row->index;
  const Instant day = day_of(context.view, timeline.at[begin]);
  Since since{day, day, {begin}, true};
  const bool timed = at_once && timeline.by_day[begin] == 0;
  while (++row != so_far->rend()) {
    const std::uint32_t one = row->index;
    const bool with_it =
        timed && is_row(*row) && timeline.by_day[one] == 0 && timeline.at[one] == timeline.at[begin];
    if (is_row(*row) && !with_it) since.earlier.push_back(one);
  }
  return since;
}

// Where nobody knows of one in a stretch, or when one was, it may have been at any time.
Since since_latest(Id<model::Event> event, SubjectKind kind, const Context& context, bool of_rows = false) {
  Since since{Instant::unknown(), Instant::unknown()};
  Instant first = Instant::unknown();  // of those that may be one
  const auto note = [&](Instant at, bool sure) {
    since.surely = std::max(since.surely, at);
    if (sure) since.perhaps = std::max(since.perhaps, at);
    first = at;
    return sure;
  };
  bool undated = false;
  if (kind == SubjectKind::deal) {
    const View& view = context.view;
    const std::vector<Occurrence>& all = context.view.occurrences(event);
    auto next = std::partition_point(all.begin(), all.end(), [&](const Occurrence& o) { return o.at < context.cut; });
    // One with a date alone may have come behind those of its day that have a time.
    LastThings last{view, 1, false};
    for (bool done = false; next != all.begin() && (next - 1)->at.known();) {
      const Occurrence& one = *--next;
      if (done && (!view.by_day() || one.at < last.from)) break;
      bool sure = one.certain;
      if (!counts(context, one, Instant::unknown(), sure)) continue;
      if (context.trace && last.things.size() < most_named) context.trace->use(view.ref(one.index));
      view.by_day() ? last.add(one, sure) : void(note(one.at, sure));
      done |= sure;
    }
    if (!last.things.empty()) first = last.first();
    const auto in_order = of_rows ? since_in_order(last, true, context) : std::nullopt;
    if (!last.things.empty()) since = in_order ? *in_order : last.since();
    const std::optional<Instant> other = undated_from(all, context);
    undated = other.has_value();
    if (undated) first = first.known() ? std::min(first, *other) : *other;
  } else {
    Backwards things(event, kind, context);
    undated = things.undated();
    for (bool sure = true;; sure = true) {
      const Instant at = things.next(sure);
      if (!at.known() || note(at, sure)) break;
    }
    if (undated) first = Instant::unknown();
  }
  const Instant begin = kind == SubjectKind::deal ? context.view.created() : Instant::unknown();
  const Instant from = since.perhaps.known() ? since.perhaps : begin;
  const bool told = tells_of(event, kind, from, context);
  if (undated || !told) since.surely = Instant::max(), since.themselves.clear();  // another may have come since
  if (since.perhaps.known() || !since.surely.known()) return since;
  return {told ? first : Instant::unknown(), Instant::max()};  // there may be none
}

// Names those with a date alone of which one may be where it begins, the first of them. False where there is none.
bool lack_times(Id<model::Event> event, const Since& since, const Context& context) {
  const std::vector<Occurrence>& all = context.view.occurrences(event);
  const Instant day = since.perhaps.known() ? day_of(context.view, since.perhaps) : Instant::unknown();
  auto one =
      std::partition_point(all.begin(), all.end(), [&](const Occurrence& o) { return !o.at.known() || o.at < day; });
  std::size_t named = 0;
  for (; one != all.end() && one->at < context.cut && named < most_named; ++one) {
    const bool by_day = context.view.timeline().by_day[one->index] != 0;
    const Came at = by_day ? came(context.view, *one) : Came{};
    if (!by_day || at.at >= since.surely || at.behind <= since.perhaps) continue;
    lack_time(context, one->index);
    ++named;
  }
  return named > 0;
}

void take_since(const model::Tails& tails, SubjectKind kind, const Context& context, Counted& counted) {
  const Since since = since_latest(tails.since, kind, context, counted.of_rows);
  if (!since.surely.known()) {
    counted.from = context.cut;  // no E yet: nothing counts
    return;
  }
  counted.themselves = since.perhaps >= counted.from ? since.themselves : std::vector<std::uint32_t>();
  counted.earlier.insert(counted.earlier.end(), since.earlier.begin(), since.earlier.end());
  counted.from = std::max(counted.from, since.perhaps);
  counted.surely_from = std::max(counted.surely_from, since.surely);
  if (!context.trace || counted.told()) return;
  const bool told = kind == SubjectKind::deal && since.surely != Instant::max();
  if (told && lack_times(tails.since, since, context)) return;
  context.trace->lack({.kind = FactKind::event_time, .event = tails.since});
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
  const Instant begin = kind == SubjectKind::deal ? context.view.created() : context.view.plan().began.surely;
  if (!begin.known() || begin == Instant::max()) return Instant::max();
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

// Looks back over n things, of which some are sure and some may not be.
struct LookBack {
  std::int64_t sure_left, left;  // still to be seen
  Since since{Instant::unknown(), Instant::unknown()};

  // Whether it goes back far enough.
  bool note(Instant at, bool sure) {
    if (--left == 0) since.surely = Instant{at.micros + 1};  // behind it
    if (sure && --sure_left == 0) since.perhaps = at;
    return sure_left == 0;
  }
};

// From the n-th last thing on, that one included; of a deal's own by its row. False where there are not so many.
bool take_things(const model::Tails& tails, SubjectKind kind, const Context& context, Counted& counted) {
  LookBack back{tails.last, tails.last};
  bool undated = false;
  std::uint32_t first = 0;
  if (kind == SubjectKind::deal) {
    const std::vector<Occurrence>& things = context.view.occurrences(tails.last_of);
    undated = undated_from(things, context).has_value();
    auto next =
        std::partition_point(things.begin(), things.end(), [&](const Occurrence& o) { return o.at < context.cut; });
    const bool by_day = context.view.by_day();
    LastThings last{context.view, static_cast<std::size_t>(tails.last), true};
    for (bool done = false; next != things.begin() && (next - 1)->at.known();) {
      const Occurrence& one = *--next;
      if (done && (!by_day || one.at < last.from)) break;
      bool sure = one.certain;
      if (!counts(context, one, counted.from, sure)) continue;
      if (by_day) last.add(one, sure);
      if (!done) first = one.index, done = back.note(one.at, sure);
    }
    const auto in_order = counted.of_rows ? since_in_order(last, false, context) : std::nullopt;
    if (by_day && back.sure_left == 0) back.since = in_order ? *in_order : last.since();
  } else {
    Backwards things(tails.last_of, kind, context);
    undated = things.undated();
    for (bool done = false, sure = true; !done; sure = true) {
      const Instant at = things.next(sure);
      done = !at.known() || back.note(at, sure);
    }
  }
  const bool enough = back.sure_left == 0;
  undated |= enough && !tells_of(tails.last_of, kind, back.since.perhaps, context);
  const bool begins = !undated && back.since.perhaps >= counted.from;
  counted.themselves = begins ? back.since.themselves : std::vector<std::uint32_t>();
  if (enough) counted.from = std::max(counted.from, back.since.perhaps);
  const bool in_order = back.since.in_order;
  counted.earlier.insert(counted.earlier.end(), back.since.earlier.begin(), back.since.earlier.end());
  const bool exact = enough && !undated && (in_order || back.since.surely.micros == back.since.perhaps.micros + 1);
  // All that is of the day of the deal's creation came behind that.
  const View& view = context.view;
  const bool created = kind == SubjectKind::deal && view.timeline().kind[first] == view.plan().created_kind;
  if (exact && !created && !in_order) counted.first = first;
  if (enough && !exact)
    counted.surely_from = undated ? Instant::max() : std::max(counted.surely_from, back.since.surely);
  if (exact || !context.trace) return enough;
  // Where all is told and nothing in doubt only time is missing.
  const Instant begin = kind == SubjectKind::deal ? context.view.created() : Instant::unknown();
  const bool fewer = back.left == back.sure_left && !undated && tells_of(tails.last_of, kind, begin, context);
  if (fewer && !enough) {
    context.trace->reasons.push_back({Ground::fewer, {}, tails.last_of, tails.last - back.left, tails.last});
    return enough;
  }
  const std::size_t named = context.trace->facts.size();
  if (enough && !undated && kind == SubjectKind::deal) lack_times(tails.last_of, back.since, context);
  if (kind == SubjectKind::deal) {
    for (const Occurrence& one : context.view.occurrences(tails.last_of)) {
      if (!one.certain && one.at < context.cut) lack_parts(context.view, tails.last_of, one.index, *context.trace);
    }
  }
  if (context.trace->facts.size() == named) context.trace->lack({.kind = FactKind::members, .event = tails.last_of});
  return enough;
}

}  // namespace

std::optional<Counted> narrowed(const Counted& counted, const model::Tails& tails, SubjectKind kind,
                                const Context& context) {
  Counted left = counted;
  if (tails.last_periods != 0 || tails.last != 0) left.from = Instant::unknown(), left.clock = false;
  if (tails.last_periods != 0 && !take_periods(tails, kind, context, left)) return std::nullopt;
  if (tails.in) {
    const bool by_date = context.written.known() && !is_clock(tails.in->unit);
    const Instant now = by_date ? context.calendar->start_of(context.written) : context.now();
    const Instant back = context.calendar->back_from(*tails.in, now);
    if (back > left.from) left.from = back, left.clock = is_clock(tails.in->unit);
  }
  const Instant back = left.from;
  if (tails.since) take_since(tails, kind, context, left);
  if (left.from != back) left.clock = true;
  const Instant since = left.from;
  if (tails.last != 0 && !take_things(tails, kind, context, left)) return std::nullopt;
  if (left.from != since) left.clock = kind == SubjectKind::deal && context.view.by_day();
  return left;
}

Truth source_counts(history::Source source, const model::Tails& tails) {
  const auto rank = static_cast<int>(source);
  const auto asked = static_cast<int>(tails.source);
  // Nothing is trusted less than a claim: whatever it comes from is that or better.
  if (asked == 0 || (tails.source == model::SourceRank::claim && tails.or_better)) return Truth::yes;
  if (rank == 0) return Truth::unknown;
  return truth(tails.or_better ? rank >= asked : rank == asked);
}

bool counts(const Context& context, const Occurrence& occurrence, Instant from, bool& sure, bool clock) {
  if (occurrence.index == context.except) return false;
  if (!occurrence.at.known()) {
    sure = false;
    return occurrence.may_precede(context.cut, context.view.timeline());
  }
  const Instant when = counts_from(context.view, occurrence.index, context.timely);
  if (!when.known()) {
    sure = false;
    return occurrence.at < context.cut;
  }
  const bool by_day = context.view.timeline().by_day[occurrence.index] != 0 && when == occurrence.at;
  const Truth come = by_day ? has_come(context, occurrence.index) : Truth::yes;
  if (come == Truth::no) return false;
  sure &= come == Truth::yes;
  const bool bounded = occurrence.not_before != UINT32_MAX;
  const Instant first = bounded ? std::max(when, context.view.timeline().at[occurrence.not_before]) : when;
  const Truth in = lies_in(context, first, by_day, from, clock);
  sure &= in == Truth::yes;
  return in != Truth::no;
}

Latest latest_before(Id<model::Event> event, const Context& context) {
  Latest latest;
  const SubjectKind kind = context.view.members() ? context.subject : SubjectKind::deal;
  if (kind != SubjectKind::deal) {
    const Since since = since_latest(event, kind, context);
    return {.at = since.perhaps, .undecided = since.surely != since.perhaps};
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
  latest.undecided |= !is_observed(context.view, event, since, context.cut);
  return latest;
}

Value time_since_value(const model::Expr& expr, const Context& context) {
  const Latest since = latest_before(expr.event, context);
  if (since.undecided && context.trace) context.trace->lack({.kind = FactKind::event_time, .event = expr.event});
  if (since.undecided) return Value::unknown();
  if (!since.at.known()) return Value::missing();
  const Instant latest = since.by_day ? last_of_day(context.view.plan(), since.at) : since.at;
  const auto until_now = [&](Instant at) {
    return rational(std::max<Wide>(0, Wide{context.now().micros} - at.micros), 1);
  };
  return Value::between(until_now(latest), until_now(since.at));
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
