#include <algorithm>
#include <utility>

#include "eval/condition.h"
#include "eval/members.h"
#include "eval/tally.h"

namespace plumb::eval {

namespace {

using model::AggregateFunction;

bool covers(const time::Interval& observed, Instant from, Instant until) {
  const bool from_start = !observed.from.known() || (from.known() && observed.from <= from);
  return from_start && observed.until >= until;
}

}  // namespace

bool is_observed(const Plan& plan, Id<model::Event> id, Instant from, Instant until) {
  const model::Event& event = plan.book.events[id];
  switch (event.kind) {
    case model::EventKind::activity: return covers(plan.activities[event.activity.index()].observed, from, until);
    case model::EventKind::record: return covers(plan.records[event.record.index()].observed, from, until);
    case model::EventKind::changed:
    case model::EventKind::moved_period: return covers(plan.fields[event.field.index()].observed, from, until);
    case model::EventKind::created: return covers(plan.history.coverage.at("created"), from, until);
    case model::EventKind::starts_leave: return covers(plan.leave_observed, from, until);
    case model::EventKind::won:
    case model::EventKind::lost:
    case model::EventKind::reopened:
    case model::EventKind::enters:
    case model::EventKind::leaves: return covers(plan.history.coverage.at("stage"), from, until);
    default: break;
  }
  for (Id<model::Event> part : event.parts) {
    if (!is_observed(plan, part, from, until)) return false;
  }
  return true;
}

Truth lies_in(const Context& context, Instant when, bool by_day, Instant from) {
  const bool in = when < context.cut && (!from.known() || when >= from);
  if (!by_day || !context.window_from.known()) return truth(in);
  const time::Calendar& days = context.view.plan().calendars.front();
  const Instant latest{days.end_of(days.day_of(when)).micros - 1};
  const auto within_day = [&](Instant end) { return end > when && end <= latest; };
  if (from == context.window_from && within_day(from)) return when < context.cut ? Truth::unknown : Truth::no;
  return in && context.cut == context.deadline && within_day(context.cut) ? Truth::unknown : truth(in);
}

namespace {

// Whether an occurrence of the subject's own timeline counts at the cut; `sure` is cleared where that cannot be told.
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

// Where the facts that count begin: `in D`, `since E`, `over last N THINGS`; false when that cannot be told.
bool counted_from(const model::Tails& tails, const Context& context, Instant& from, std::uint32_t& first_index) {
  from = context.window_from;
  if (tails.in) from = std::max(from, context.calendar->back_from(*tails.in, context.now()));
  if (tails.since) {
    const Latest latest = latest_before(tails.since, context);
    if (latest.undecided) return false;
    from = latest.at.known() ? std::max(from, latest.at) : context.cut;
  }
  if (tails.last == 0) return true;
  const std::vector<Occurrence>& things = context.view.occurrences(tails.last_of);
  auto thing =
      std::partition_point(things.begin(), things.end(), [&](const Occurrence& o) { return o.at < context.cut; });
  std::int64_t still = tails.last;
  while (thing != things.begin() && still > 0) {
    --thing;
    bool sure = thing->certain;
    if (!counts(context, *thing, from, sure)) continue;
    if (!sure) return false;
    first_index = thing->index;
    --still;
  }
  return still == 0;
}

bool happens_as_record(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  if (event.kind == model::EventKind::record) return true;
  return std::any_of(event.parts.begin(), event.parts.end(),
                     [&](Id<model::Event> part) { return happens_as_record(book, part); });
}

struct OwnRange {
  const Occurrence* begin;
  const Occurrence* end;
};

// The occurrences among which those that count lie. A record may count from later than it happened.
OwnRange own_range(Id<model::Event> event, const Context& context, Instant from, std::uint32_t first_index) {
  const std::vector<Occurrence>& all = context.view.occurrences(event);
  const bool at_decides = !context.timely || !happens_as_record(context.view.plan().book, event);
  const time::Calendar& days = context.view.plan().calendars.front();
  if (context.view.by_day() && from.known()) from = days.start_of(days.day_of(from));
  const auto begin = std::partition_point(all.begin(), all.end(), [&](const Occurrence& o) {
    return o.index < first_index || (at_decides && o.at.known() && from.known() && o.at < from);
  });
  const auto end = std::partition_point(begin, all.end(), [&](const Occurrence& o) { return o.at < context.cut; });
  return {all.data() + (begin - all.begin()), all.data() + (end - all.begin())};
}

// A plain count of what is certain needs no look at each.
bool count_at_once(Id<model::Event> event, const Context& context, const OwnRange& range, Tallier& tallier) {
  const bool plain = tallier.aggregate.function == AggregateFunction::count && !tallier.aggregate.where;
  const bool exact = !context.timely || !happens_as_record(context.view.plan().book, event);
  const bool by_day = context.view.by_day() && (context.window_from.known() || context.day_cut != Instant::max());
  if (!plain || !exact || by_day || !context.view.all_certain(event)) return false;
  for (const Occurrence* o = range.begin; o != range.end && context.trace; ++o) {
    if (context.trace->evidence.size() >= most_members) break;
    if (o->index != context.except) context.trace->use(context.view.ref(o->index));
  }
  tallier.tally.certain += range.end - range.begin;
  if (context.except == UINT32_MAX) return true;
  const auto found = std::lower_bound(range.begin, range.end, context.except,
                                      [](const Occurrence& o, std::uint32_t index) { return o.index < index; });
  tallier.tally.certain -= found != range.end && found->index == context.except;
  return true;
}

// Of several that may be the n-th one is, once the last of them has come. Within a window all of them have to lie in
// it.
bool count_ordinal(Id<model::Event> event, const Context& context, const OwnRange& range, Instant from,
                   Tallier& tallier) {
  const Plan& plan = context.view.plan();
  const bool plain = tallier.aggregate.function == AggregateFunction::count && !tallier.aggregate.where;
  const model::Event& ordinal = plan.book.events[event];
  if (!plain || ordinal.kind != model::EventKind::ordinal || context.view.all_certain(event)) return false;
  std::size_t counted = 0;
  bool come = false, dated = true;
  for (const Occurrence* o = range.begin; o != range.end; ++o) {
    bool sure = true;
    if (!counts(context, *o, from, sure)) continue;
    ++counted;
    come |= o->certain || o->at_the_latest;
    dated &= o->at.known();
    if (context.trace) context.trace->use(context.view.ref(o->index));
  }
  if (counted == 0) return true;
  const bool all_within = counted == context.view.occurrences(event).size() && dated && !ordinal.for_each_account &&
                          is_observed(plan, event, context.view.created(), context.cut);
  tallier.tally.add(come && (all_within || (!from.known() && !ordinal.for_each_account)), Truth::yes);
  return true;
}

// The subject's own occurrences, a deal's or a person's.
bool take_own(Id<model::Event> event, const model::Tails& tails, const Context& context, Tallier& tallier) {
  Instant from;
  std::uint32_t first_index = 0;
  if (!counted_from(tails, context, from, first_index)) return false;
  const OwnRange range = own_range(event, context, from, first_index);
  if (count_at_once(event, context, range, tallier)) return true;
  if (count_ordinal(event, context, range, from, tallier)) return true;
  for (const Occurrence* occurrence = range.begin; occurrence != range.end; ++occurrence) {
    bool sure = occurrence->certain;
    if (!counts(context, *occurrence, from, sure)) continue;
    Context at = context;
    at.candidate = occurrence->index;
    at.trace = nullptr;
    tallier.take({context.view.ref(occurrence->index), sure, Truth::unknown, false}, at);
    if (tallier.enough()) break;
  }
  return true;
}

// Those of one deal one after the other, so that a deal is loaded once.
std::vector<const MemberList::Row*> by_subject(const MemberList::Range& range) {
  std::vector<const MemberList::Row*> rows;
  for (const MemberList::Row* row = range.begin; row != range.end; ++row) rows.push_back(row);
  std::stable_sort(rows.begin(), rows.end(), [](const MemberList::Row* a, const MemberList::Row* b) {
    return std::pair(+a->of_person, +a->subject) < std::pair(+b->of_person, +b->subject);
  });
  return rows;
}

bool counts_only(const model::Aggregate& aggregate) {
  return !aggregate.value &&
         (aggregate.function == AggregateFunction::share || aggregate.function == AggregateFunction::count);
}

// So many members, of which the filter lets so many count.
void count_members(std::int64_t rows, std::int64_t part, const Context& context, Tallier& tallier, bool sure) {
  const model::Aggregate& aggregate = tallier.aggregate;
  Tally& tally = tallier.tally;
  const std::int64_t whole = aggregate.function == AggregateFunction::share ? rows : part;
  (sure ? tally.certain : tally.possible) += whole;
  (sure ? tally.part_yes : tally.possible_part) += part;
  if (!sure) tally.possible_rest += whole - part;
  if (!sure && whole > 0 && context.trace) context.trace->lack({FactKind::members, {}, aggregate.event});
}

// A count or share of what is certain and decided needs no look at each, but for those that are shown.
bool count_range(const MemberList::Range& range, const Context& context, Tallier& tallier, bool sure) {
  if (!counts_only(tallier.aggregate) || (range.begin != range.end && !range.of->plain())) return false;
  count_members(range.end - range.begin, range.counting(), context, tallier, sure);
  for (const MemberList::Row* row = range.begin; row != range.end && sure && context.trace; ++row) {
    if (context.trace->evidence.size() >= most_members) break;
    if (row->where() == Truth::yes) context.trace->use({row->of_person != 0, row->index});
  }
  return true;
}

// All that somebody has need not even be put in order.
bool count_all(const MemberList::OfKey* all, const Context& context, Tallier& tallier) {
  if (!all || !all->plain() || !counts_only(tallier.aggregate)) return false;
  count_members(static_cast<std::int64_t>(all->size()), all->counting(), context, tallier, true);
  if (!context.trace || context.trace->evidence.size() >= most_members) return true;
  for (const MemberList::Row& row : all->first_counting(most_members - context.trace->evidence.size())) {
    context.trace->use({row.of_person != 0, row.index});
  }
  return true;
}

void take_member(const MemberList::Row& row, const Context& context, Tallier& tallier, bool sure, bool decided,
                 bool load) {
  View& view = *context.members->view;
  const bool loaded =
      view.of_person() == bool(row.of_person) && view.subject() == row.subject && view.end() != view.begin();
  if (load && !loaded) row.of_person ? view.load_person(row.subject) : view.load_deal(row.subject);
  const Context at{.view = view, .cut = context.cut, .candidate = row.index, .calendar = context.calendar};
  tallier.take({{row.of_person != 0, row.index}, row.certain && sure, row.where(), decided}, at);
}

// A member in doubt may count or not; outside the window it does not.
Truth member_counts(const MemberList::Row& row, const Context& context, Instant from) {
  if (!row.at.known()) return Truth::unknown;
  const Plan& plan = context.view.plan();
  const history::Timeline& timeline = row.of_person ? plan.history.person_events : plan.history.deal_events;
  const Instant when = counts_from(plan, timeline, row.index, context.timely);
  if (!when.known()) return row.at < context.cut ? Truth::unknown : Truth::no;
  return lies_in(context, when, timeline.by_day[row.index] != 0 && when == row.at, from);
}

// `each`: whether each has to be asked if it lies in the window, which begins at `from`.
void take_members(const MemberList::Range& range, const Context& context, Tallier& tallier, Instant from, bool sure,
                  bool each) {
  const model::Aggregate& aggregate = tallier.aggregate;
  if (!each && count_range(range, context, tallier, sure)) return;
  const bool decided = !aggregate.where || context.view.plan().only_event[aggregate.where.index()];
  if (decided && !aggregate.value) {
    for (const MemberList::Row* row = range.begin; row != range.end && !tallier.enough(); ++row) {
      const Truth counts = each ? member_counts(*row, context, from) : Truth::yes;
      if (counts == Truth::no) continue;
      take_member(*row, context, tallier, sure && counts == Truth::yes, true, false);
    }
  } else {
    for (const MemberList::Row* row : by_subject(range)) {
      const Truth counts = each ? member_counts(*row, context, from) : Truth::yes;
      if (counts != Truth::no) take_member(*row, context, tallier, sure && counts == Truth::yes, decided, true);
    }
  }
}

// The members of a person, team or the company; false when it cannot be told whose they are.
bool take_lists(Id<model::Expr> id, const model::Aggregate& aggregate, model::SubjectKind kind, const Context& context,
                Tallier& tallier) {
  const std::uint32_t key = list_key(kind, context);
  if (key == nobody) return false;
  const MemberList& list = context.members->list(kind, id);
  Instant from = context.window_from;
  if (aggregate.tails.in) from = std::max(from, context.calendar->back_from(*aggregate.tails.in, context.now()));
  // A record counts from when it was stated, a date without a time of day perhaps from later in its day.
  const Plan& plan = context.view.plan();
  const time::Calendar& days = plan.calendars.front();
  const bool later = context.timely && happens_as_record(plan.book, aggregate.event);
  const bool each = later || (plan.by_day && context.window_from.known());
  const Instant first = later || !from.known() ? Instant::unknown() : each ? days.start_of(days.day_of(from)) : from;
  take_members(list.undated(key), context, tallier, from, false, false);
  if (each || !count_all(list.all_between(key, from, context.cut), context, tallier)) {
    take_members(list.between(key, first, context.cut), context, tallier, from, true, each);
  }
  // Nobody can say whose these are: they may be the one's who is asked.
  take_members(list.undated(anybody), context, tallier, from, false, false);
  take_members(list.between(anybody, first, context.cut), context, tallier, from, false, each);
  return true;
}

// `aggregate` of the expression `id`; a `happened` condition is the count of its event being at least one.
Value tally_value(Id<model::Expr> id, const model::Aggregate& aggregate, bool one_is_enough, const Context& context) {
  Tallier tallier{aggregate, context, one_is_enough, {}};
  const Plan& plan = context.view.plan();
  const bool deal = context.subject == model::SubjectKind::deal || !context.members;
  const model::SubjectKind kind = deal ? model::SubjectKind::deal : list_kind(aggregate, context);
  if ((deal || kind == model::SubjectKind::person) && !take_own(aggregate.event, aggregate.tails, context, tallier)) {
    if (context.trace) context.trace->lack({FactKind::members, {}, aggregate.event});
    return Value::unknown();
  }
  if (!deal && !take_lists(id, aggregate, kind, context, tallier)) {
    if (context.trace) context.trace->lack({FactKind::person_field, plan.team, {}});
    return Value::unknown();
  }
  const Instant from = context.window_from.known() || !deal ? context.window_from : context.view.created();
  const bool whole_observed = is_observed(plan, aggregate.event, from, context.cut);
  if (!whole_observed && context.trace) context.trace->lack({FactKind::event, {}, aggregate.event});
  return tallier.result(whole_observed);
}

}  // namespace

Value aggregate_value(Id<model::Expr> id, const Context& context) {
  return tally_value(id, *context.view.plan().book.exprs[id].aggregate, false, context);
}

Value aggregate_value(Id<model::Expr> id, const model::Aggregate& aggregate, const Context& context) {
  return tally_value(id, aggregate, false, context);
}

namespace {

Truth at_least_one(Id<model::Expr> id, Id<model::Event> event, const model::Tails& tails, const Context& context) {
  model::Aggregate count;
  count.event = event;
  count.tails = tails;
  const Value found = tally_value(id, count, true, context);
  if (!found.known()) return Truth::unknown;
  return found.low.n >= 1 ? Truth::yes : found.high.n == 0 ? Truth::no : Truth::unknown;
}

}  // namespace

Truth happened_truth(Id<model::Expr> id, const Context& context) {
  const model::Expr& expr = context.view.plan().book.exprs[id];
  return at_least_one(id, expr.event, expr.tails, context);
}

Truth event_happened(Id<model::Event> event, const Context& context) {
  PLUMB_ASSERT(!context.members, "an expected event of a quota is checked as `E has happened`");
  return at_least_one({}, event, {}, context);
}

Latest latest_before(Id<model::Event> event, const Context& context) {
  const std::vector<Occurrence>& all = context.view.occurrences(event);
  Latest latest;
  latest.undecided = !all.empty() && !all.front().at.known();
  const auto after =
      std::partition_point(all.begin(), all.end(), [&](const Occurrence& o) { return o.at < context.cut; });
  for (auto next = after; next != all.begin() && !latest.undecided; --next) {
    const Occurrence& occurrence = *(next - 1);
    bool sure = occurrence.certain;
    if (!counts(context, occurrence, context.window_from, sure)) continue;
    latest.undecided = !sure;
    if (context.trace) context.trace->use(context.view.ref(occurrence.index));
    if (!sure) continue;
    latest.at = occurrence.at;
    latest.by_day = context.view.timeline().by_day[occurrence.index] != 0;
    return latest;
  }
  return latest;
}

Value time_since_value(const model::Expr& expr, const Context& context) {
  const Latest latest = latest_before(expr.event, context);
  if (latest.undecided) return Value::unknown();
  return latest.at.known() ? Value::of_id(latest.at.micros) : Value::missing();
}

Value total_time_value(const model::Expr& expr, const Context& context) {
  bool unknown = false;
  stage_at(context, unknown);
  Wide total = 0;
  const auto& visits = context.view.visits();
  for (std::size_t i = 0; i < visits.size() && visits[i].at < context.cut; ++i) {
    unknown |= context.view.process() && !visits[i].stage;
  }
  if (unknown) {
    if (context.trace) context.trace->lack({FactKind::stage, {}, {}});
    return Value::unknown();
  }
  for (std::size_t i = 0; i < visits.size() && visits[i].at < context.cut; ++i) {
    if (visits[i].stage != expr.stage) continue;
    if (!visits[i].at.known()) return Value::unknown();
    const Instant end = i + 1 < visits.size() && visits[i + 1].at < context.cut ? visits[i + 1].at : context.now();
    total += end.micros - visits[i].at.micros;
  }
  return Value::of(rational(total, 1));
}

}  // namespace plumb::eval
