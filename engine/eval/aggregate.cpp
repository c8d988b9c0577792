#include <algorithm>
#include <utility>

#include "eval/day.h"
#include "eval/followed.h"
#include "eval/lack.h"
#include "eval/naming.h"
#include "eval/ordinal.h"
#include "eval/standing.h"
#include "eval/take.h"

namespace plumb::eval {

using model::AggregateFunction;
using model::PopulationKind;
using model::SubjectKind;

bool happens_as_record(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  // That a field changed is what its new value states.
  const bool changes = event.kind == model::EventKind::changed || event.kind == model::EventKind::moved_period;
  if (changes || event.kind == model::EventKind::record) return true;
  return std::any_of(event.parts.begin(), event.parts.end(),
                     [&](Id<model::Event> part) { return happens_as_record(book, part); });
}

const model::Tails* asked_source(const model::Aggregate& aggregate, const Context& context) {
  if (aggregate.tails.source != model::SourceRank::none) return &aggregate.tails;
  const bool outer = context.tails && context.tails->source != model::SourceRank::none;
  return outer ? context.tails : nullptr;
}

bool is_plain_count(const Tallier& tallier) {
  const model::Aggregate& aggregate = tallier.aggregate;
  return aggregate.function == AggregateFunction::count && !aggregate.where &&
         !asked_source(aggregate, tallier.context);
}

Context member_context(View& view, Instant cut, std::uint32_t index, const Context& context) {
  const bool as_written = context.written_later && cut == context.cut;
  return {.view = view,
          .cut = cut,
          .timely = context.timely,
          .day_cut = as_written ? context.day_cut : Instant::max(),
          .written_later = as_written,
          .candidate = index,
          .windows = context.windows,
          .calendar = context.calendar,
          .missing = context.missing};
}

Instant read_cut(View& view, const model::Aggregate& aggregate, std::uint32_t index, const Context& context) {
  if (!aggregate.read_at) return context.cut;
  Instant found{INT64_MIN};
  bool told = true, undated = false;
  for (const Occurrence& o : view.occurrences(aggregate.read_at)) {
    if (o.at.known() ? o.at >= context.cut : !o.may_precede(context.cut, view.timeline())) continue;
    const bool itself = o.index == index;
    told = o.at.known() && (o.certain || itself);
    undated = !itself && (undated || !o.at.known());
    if (told) found = o.at;
    if (itself) break;
  }
  return told && !undated ? Instant{found.micros + 1} : Instant::unknown();
}

Truth from_asked(const model::Aggregate& aggregate, const history::Timeline& timeline, std::uint32_t index,
                 const Context& context) {
  const model::Tails* asked = asked_source(aggregate, context);
  return asked ? source_counts(timeline.source[index], *asked) : Truth::yes;
}

namespace {

struct OwnRange {
  const Occurrence* begin;
  const Occurrence* end;
};

// The occurrences among which those that count lie. A record may count from later than it happened.
OwnRange own_range(Id<model::Event> event, const Context& context, const Counted& counted) {
  const std::vector<Occurrence>& all = context.view.occurrences(event);
  const bool at_decides =
      !counted.named.any && (!context.timely || !happens_as_record(context.view.plan().book, event));
  const time::Calendar& days = context.view.plan().calendars.front();
  Instant from = counted.from;
  const bool by_day = context.view.by_day();
  if (by_day && from.known()) from = days.start_of(days.day_of(from));
  // Those without an instant stand first and are looked at one by one, as is then everything else.
  const bool undated = !all.empty() && !all.front().at.known();
  const auto begin = undated ? all.begin() : std::partition_point(all.begin(), all.end(), [&](const Occurrence& o) {
    return (o.index < counted.first && !by_day) || (at_decides && from.known() && o.at < from);
  });
  const Instant until = counted.named.any ? context.cut : std::min(counted.until, last_counted(context));
  const auto end = std::partition_point(begin, all.end(), [&](const Occurrence& o) { return o.at < until; });
  return {all.data() + (begin - all.begin()), all.data() + (end - all.begin())};
}

// A plain count of what is certain needs no look at each.
bool count_at_once(Id<model::Event> event, const Context& context, const OwnRange& range, Instant from,
                   Tallier& tallier) {
  const bool exact = !context.timely || !happens_as_record(context.view.plan().book, event);
  const bool by_day = context.view.by_day() && (from.known() || context.day_cut != Instant::max());
  if (!is_plain_count(tallier) || !exact || by_day || !context.view.all_certain(event)) return false;
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

// Whether so many have come for certain that the n-th is among them, in whatever order those of a day came.
bool has_come(const model::Event& ordinal, const Context& context) {
  const time::Calendar& days = context.view.plan().calendars.front();
  std::int64_t number = 0;
  time::Day last = time::Day::unknown();
  for (const Occurrence& one : context.view.occurrences(ordinal.parts.front())) {
    if (one.at >= context.cut) break;
    bool sure = (one.certain || (one.since.known() && !ordinal.on_another_day)) && one.at.known();
    if (!sure || !counts(context, one, Instant::unknown(), sure) || !sure) continue;
    const time::Day day = ordinal.on_another_day ? days.day_of(one.at) : time::Day::unknown();
    number += !ordinal.on_another_day || day != last;
    last = day;
  }
  return number >= ordinal.nth;
}

// Of several that may be the n-th one is, once the last of them has come. Within a window all of them have to lie in
// it.
bool count_ordinal(Id<model::Event> event, const Context& context, const OwnRange& range, const Counted& within,
                   Tallier& tallier) {
  const Instant from = within.from;
  const bool clock = within.clock;
  const Plan& plan = context.view.plan();
  const model::Event& ordinal = plan.book.events[event];
  const bool counted_here =
      is_plain_count(tallier) && ordinal.kind == model::EventKind::ordinal && !ordinal.for_each_contact;
  if (!counted_here || context.view.all_certain(event)) return false;
  std::size_t counted = 0;
  bool come = false, dated = true, placed = true;
  for (const Occurrence* o = range.begin; o != range.end; ++o) {
    bool sure = true;
    if (within.precedes(*o, context.view) || !counts(context, *o, from, sure, clock)) continue;
    sure &= within.surely(*o);
    ++counted;
    come |= sure && (o->certain || o->at_the_latest);
    placed &= sure;
    dated &= o->at.known();
    if (context.trace) context.trace->use(context.view.ref(o->index));
  }
  if (counted == 0) return true;
  if (context.view.by_day() && !at_most_once(plan.book, ordinal.parts.front())) come = has_come(ordinal, context);
  const bool all_within = counted == context.view.occurrences(event).size() && placed && !ordinal.for_each_account &&
                          is_observed(context.view, event, context.view.created(), context.cut);
  const bool whole_life = within.told() && (!from.known() || (dated && from <= context.view.created()));
  const bool sure = come && (all_within || (whole_life && !ordinal.for_each_account));
  tallier.tally.add(sure, Truth::yes);
  if (!sure && context.trace) {
    context.trace->lack({.kind = dated ? FactKind::members : FactKind::event_time, .event = event});
  }
  return true;
}

void add_instants(View& view, const model::Aggregate& aggregate, const Occurrence& thing, Candidate& candidate) {
  if (aggregate.followed_by) {
    const Followed by = followed(view, aggregate.followed_by, thing, is_clock(aggregate.followed_within->unit));
    candidate.first = by.certain, candidate.second = by.possible;
    candidate.first_by_day = by.certain_by_day, candidate.second_by_day = by.possible_by_day;
  } else if (aggregate.span_from) {
    const Stretch span = stretch(view, aggregate.span_from, aggregate.span_to, thing);
    candidate.first = span.from, candidate.second = span.until, candidate.told = span.told;
    candidate.first_by_day = span.from_by_day, candidate.second_by_day = span.until_by_day;
  }
}

// A deal that was won several times is one: by the last time. Where nobody knows which that is, each that may be it may
// count.
void take_once(const OwnRange& range, const Counted& counted, const Context& context, Tallier& tallier) {
  struct Time {
    const Occurrence* one;
    bool certain;
  };
  std::vector<Time> times;
  for (const Occurrence* one = range.begin; one != range.end; ++one) {
    bool sure = true;
    if (counted.precedes(*one, context.view) || !counts(context, *one, counted.from, sure, counted.clock)) continue;
    sure = sure && one->certain && one->at.known() && counted.surely(*one);
    // Before the last that is certain only one may be the last of which nobody knows when it was.
    if (sure) std::erase_if(times, [](const Time& time) { return time.certain || time.one->at.known(); });
    times.push_back({one, sure});
  }
  if (times.empty()) return;
  const bool told = is_plain_count(tallier) || times.size() == 1;
  const auto certain = std::ranges::find(times, true, &Time::certain);
  const Time last = certain != times.end() ? *certain : times.back();
  const model::Aggregate& aggregate = tallier.aggregate;
  const auto take = [&](const Time& time) {
    Context at = context;
    at.choice = nullptr;
    at.candidate = time.one->index, at.trace = nullptr, at.tails = nullptr;
    at.cut = read_cut(context.view, aggregate, time.one->index, context);
    Candidate candidate{context.view.ref(time.one->index), time.one->at, told && time.certain, Truth::unknown, false};
    add_instants(context.view, aggregate, *time.one, candidate);
    tallier.take(candidate, at);
  };
  if (told) return take(last);
  std::ranges::for_each(times, take);
}

// The subject's own occurrences, a deal's or a person's.
void take_own(const Counted& counted, const Context& context, Tallier& tallier) {
  const model::Aggregate& aggregate = tallier.aggregate;
  const OwnRange range = own_range(aggregate.event, context, counted);
  const bool plain = is_plain_count(tallier);
  if (aggregate.population == PopulationKind::deals && range.end - range.begin > 1) {
    return take_once(range, counted, context, tallier);
  }
  if (counted.told() && !counted.named.any && count_at_once(aggregate.event, context, range, counted.from, tallier))
    return;
  if (!counted.named.any && count_ordinal(aggregate.event, context, range, counted, tallier)) return;
  for (const Occurrence* occurrence = range.begin; occurrence != range.end; ++occurrence) {
    bool placed = true;
    if (counted.precedes(*occurrence, context.view)) continue;
    const EventRef ref = context.view.ref(occurrence->index);
    const std::optional<Truth> by_name = counted.named.any ? counts_by_name(context, counted, ref) : std::nullopt;
    const bool over = counted.named.any && occurrence->at >= counted.until;
    const Instant begin = counted.begins_with(occurrence->index) ? Instant::unknown() : counted.from;
    if (by_name ? *by_name == Truth::no : over || !counts(context, *occurrence, begin, placed, counted.clock)) continue;
    if (by_name) placed = *by_name == Truth::yes;
    // Where it came by then, the window has to reach back to where it may have come.
    const bool by_then = plain && occurrence->since.known() && counted.from <= occurrence->since;
    const bool sure = (occurrence->certain || by_then) && placed && (by_name || counted.surely(*occurrence));
    const Truth from = from_asked(aggregate, context.view.timeline(), occurrence->index, context);
    if (from == Truth::no) continue;
    Context at = context;
    at.choice = nullptr;
    at.candidate = occurrence->index;
    at.trace = nullptr, at.tails = nullptr;
    at.cut = read_cut(context.view, aggregate, occurrence->index, context);
    Candidate candidate{ref, occurrence->at, sure && from == Truth::yes, Truth::unknown, false};
    candidate.sourced = from == Truth::yes, candidate.placed = placed;
    add_instants(context.view, aggregate, *occurrence, candidate);
    tallier.take(candidate, at);
    if (tallier.enough()) break;
  }
}

// A deal's own rule counts the deal itself.
void take_itself(const Context& context, Tallier& tallier) {
  const model::Rulebook& book = context.view.plan().book;
  const Truth open = stage_is(
      context, [&](Id<model::Stage> stage) { return !stage || book.stages[stage].end == model::StageEnd::open; });
  if (tallier.aggregate.deals_in && open == Truth::no) return;
  Context at = context;
  at.choice = nullptr;
  at.trace = nullptr, at.tails = nullptr;
  const bool sure = !tallier.aggregate.deals_in || open == Truth::yes;
  tallier.take({context.view.ref(context.view.begin()), context.view.created(), sure, Truth::unknown, false}, at);
}

// ---- all of them ----------------------------------------------------------------------------------------------------

/// What the aggregate counts under its own tails and those of the condition that it stands in. Missing: nullopt where
/// too little happened to look back over.
std::optional<Counted> window_of(const model::Aggregate& aggregate, SubjectKind kind, const Context& context) {
  const Counted all{.from = context.window_from, .of_rows = true};
  std::optional<Counted> counted = narrowed(all, aggregate.tails, kind, context);
  if (counted && context.tails) counted = narrowed(*counted, *context.tails, kind, context);
  const bool in_period = !context.windows.empty() && context.window_from.known();
  if (counted && in_period && aggregate.event && names_periods(context.view.plan(), aggregate.event)) {
    counted->named = named_under({&aggregate.tails, context.tails}, kind, context);
  }
  return counted;
}

// What is recorded about people counts for them, and nothing may say it.
bool about_people(const Plan& plan, Id<model::Event> id) {
  const model::Event& event = plan.book.events[id];
  if (event.kind == model::EventKind::record) return plan.records[event.record.index()].about_people;
  return std::ranges::all_of(event.parts, [&](Id<model::Event> part) { return about_people(plan, part); });
}

// Whether the histories of all deals that may be theirs tell of that time.
bool begun_by(Id<model::Expr> id, const model::Aggregate& aggregate, SubjectKind kind, Instant from, Instant until,
              const Context& context) {
  const std::size_t most = context.trace ? most_members : 1;
  const auto untold = context.view.members()->list(kind, id).untold(list_key(kind, context), from, until, most);
  for (const MemberList::Untold& one : untold) {
    if (!context.trace || lack_origin(context.view.plan(), one.row, *context.trace)) continue;
    context.trace->lack({.kind = FactKind::event, .event = aggregate.event, .member = {false, one.row}});
  }
  return untold.empty();
}

bool all_observed(Id<model::Expr> id, const model::Aggregate& aggregate, SubjectKind kind, const Counted& counted,
                  const Context& context) {
  const Plan& plan = context.view.plan();
  const Instant created = kind == SubjectKind::deal ? context.view.created() : Instant::unknown();
  Instant from = counted.from;
  // What names the period may have been made before its window opens.
  const Named& named = counted.named;
  if (named.any && from.known())
    from = std::min(from, named.from.known() ? named.from : context.windows.front().period);
  const bool own_life = !from.known() && kind == SubjectKind::deal;
  from = own_life ? created : std::max(from, created);
  const Instant until = std::min(counted.until, context.cut);
  bool all = true;
  if (from.known() && from >= until) return all;
  for (const Id<model::Event> event : {aggregate.event, aggregate.span_from, aggregate.span_to}) {
    const Instant since = event == aggregate.event ? from : Instant::unknown();
    const bool of_deal = kind == SubjectKind::deal;
    if (!event || (of_deal ? is_observed(context.view, event, since, until)
                           : is_observed(plan, event, since, until) && about_people(plan, event)))
      continue;
    const bool named = context.trace && of_deal && lack_origins(context.view, event, since, until, *context.trace);
    if (context.trace && !(named && is_observed(plan, event, since, until))) {
      context.trace->lack({.kind = FactKind::event, .event = event});
    }
    all = false;
  }
  if (kind == SubjectKind::deal || !all) return all;
  return begun_by(id, aggregate, kind, from, until, context);
}

// The stretches of what is counted, where it goes over several terms: they may have days between them, and what
// happened then is of none of them. Missing: none where there are no such days.
std::vector<time::Interval> apart(const model::Aggregate& aggregate, const Counted& counted, const Context& context) {
  const bool outer = context.tails && (context.tails->last_periods != 0 || context.tails->last != 0);
  const model::Tails& tails = outer ? *context.tails : aggregate.tails;
  std::vector<time::Interval> all;
  if (tails.last != 0 || aggregate.tails.last != 0) return all;
  const auto take = [&](Instant from, Instant until) {
    if (all.empty() || all.back().until < from) all.push_back({from, until});
    all.back().until = until;
  };
  if (tails.last_periods == 0) {
    if (context.windows.size() < 2) return all;
    for (const Window& window : context.windows) take(window.from, window.until);
  } else if (tails.last_period == time::Period::term) {
    for (const time::Term& term : context.calendar->spec().terms) {
      const Instant from = context.calendar->start_of(term.from), until = context.calendar->end_of(term.to);
      if (from >= counted.from && until <= counted.until) take(from, until);
    }
  }
  if (all.size() < 2) all.clear();
  return all;
}

Counted within(const time::Interval& stretch, const Counted& counted) {
  Counted part = counted;
  if (stretch.from > counted.from) part.from = stretch.from, part.clock = false, part.themselves.clear();
  part.until = std::min(counted.until, stretch.until);
  return part;
}

// Takes all that it counts into the tally. Gives whether everything was observed that may count; missing: nullopt where
// nobody can tell what counts.
std::optional<bool> take_all(Id<model::Expr> id, const model::Aggregate& aggregate, const Context& context,
                             Tallier& tallier) {
  const SubjectKind kind = list_kind(aggregate, context);
  PLUMB_ASSERT(kind == SubjectKind::deal || context.view.members(), "what counts others is asked where they are known");
  if (aggregate.population == PopulationKind::people) {
    PLUMB_ASSERT(context.view.members(), "people are counted where they are known");
    take_people(kind, context, tallier);
    return true;
  }
  if (aggregate.population == PopulationKind::contacts) {
    take_contacts(context, tallier);
    return contacts_observed(context);
  }
  const auto nobodys = [&] {
    if (context.trace) context.trace->lack({.kind = FactKind::person_field, .field = context.view.plan().team});
    return std::nullopt;
  };
  if (!aggregate.event) {
    if (kind == SubjectKind::deal) take_itself(context, tallier);
    if (kind != SubjectKind::deal && !take_standing(id, kind, context, tallier)) return nobodys();
    return true;
  }
  const std::optional<Counted> counted = window_of(aggregate, kind, context);
  if (!counted) return std::nullopt;
  // Nothing came yet from which on it counts: nor does what has no instant.
  const bool whose = kind == SubjectKind::deal || list_key(kind, context) != nobody;
  const bool none_yet = counted->told() && counted->from.known() && counted->from >= context.cut;
  if (whose && none_yet && !counted->named.any) return true;
  const auto take = [&](const Counted& part) -> std::optional<bool> {
    if (kind == SubjectKind::deal || kind == SubjectKind::person) take_own(part, context, tallier);
    if (kind != SubjectKind::deal && !take_lists(id, kind, part, context, tallier)) return nobodys();
    return all_observed(id, aggregate, kind, part, context);
  };
  const std::vector<time::Interval> stretches = apart(aggregate, *counted, context);
  if (stretches.empty() || counted->named.any) return take(*counted);
  bool all = true;
  for (const time::Interval& stretch : stretches) {
    const Counted part = within(stretch, *counted);
    if (part.from >= std::min(part.until, context.cut)) continue;
    const std::optional<bool> observed = take(part);
    if (!observed) return observed;
    all &= *observed;
  }
  return all;
}

// The currency of amounts that are held against nothing else: of several the first by name, so that which deal is the
// first does not matter. Missing: 0 where all have one.
std::uint32_t currency_of_all(Id<model::Expr> id, const model::Aggregate& aggregate, const Context& context) {
  const Plan& plan = context.view.plan();
  if (context.currency || !aggregate.value || plan.history.rates.empty()) return context.currency;
  if (plan.book.exprs[aggregate.value].type.kind != model::TypeKind::money) return 0;
  Context untraced = context;
  untraced.trace = nullptr;
  Tallier tallier{aggregate, untraced, false, {}};
  take_all(id, aggregate, untraced, tallier);
  return tallier.tally.several_currencies ? tallier.tally.first_currency : 0;
}

// `seen`: what it has seen.
Value tally_value(Id<model::Expr> id, const model::Aggregate& aggregate, bool one_is_enough, const Context& context,
                  Tally* seen = nullptr) {
  const std::uint32_t currency = currency_of_all(id, aggregate, context);
  if (currency != context.currency) {
    Context in_that = context;
    in_that.currency = currency;
    return tally_value(id, aggregate, one_is_enough, in_that, seen);
  }
  Tallier tallier{aggregate, context, one_is_enough, {}};
  const std::optional<bool> observed = take_all(id, aggregate, context, tallier);
  if (!observed) return Value::unknown();
  const Value result = tallier.result(*observed);
  if (seen) *seen = std::move(tallier.tally);
  return result;
}

// A number for each period: that of all of them together, shared out where it adds up.
Value per_period(Id<model::Expr> id, const model::Aggregate& aggregate, const Context& context) {
  const std::optional<Counted> counted = window_of(aggregate, list_kind(aggregate, context), context);
  if (!counted || !counted->told()) return Value::unknown();
  const std::int64_t periods = periods_between(*context.calendar, *aggregate.per, counted->from, counted->until);
  Context whole = context;
  whole.window_from = counted->from;
  whole.cut = std::min(context.cut, counted->until);
  whole.tails = nullptr;
  std::vector<Window> terms;
  for (const time::Interval& term : apart(aggregate, *counted, context))
    terms.push_back({term.from, term.until, term.from});
  if (!terms.empty()) whole.windows = terms;
  const Value all = aggregate.event ? tally_value(id, aggregate, false, context) : value(aggregate.value, whole);
  const bool total =
      aggregate.event ? aggregate.function == AggregateFunction::count || aggregate.function == AggregateFunction::sum
                      : is_total(context.view.plan().book, aggregate.value);
  if (!all.known() || !total || periods == 0) return all;
  Value each = Value::between(divide(all.low, rational(periods, 1)), divide(all.high, rational(periods, 1)));
  each.currency = all.currency;
  return each;
}

}  // namespace

// What a share is a share of: how many, or how much. Missing: unknown where that cannot be told.
Value whole_of_share(Id<model::Expr> id, const Context& context) {
  const model::Aggregate& aggregate = *context.view.plan().book.exprs[id].aggregate;
  Tally tally;
  tally_value(id, aggregate, false, context, &tally);
  if (!aggregate.value) return Value::between(rational(tally.certain, 1), rational(tally.certain + tally.possible, 1));
  if (tally.undecided_value || tally.possible > 0 || !tally.highs.empty()) return Value::unknown();
  Rational whole;
  for (const Rational& one : tally.values) whole = add(whole, one);
  return Value::of(whole, tally.currency);
}

Value aggregate_value(Id<model::Expr> id, const Context& context) {
  const model::Expr& expr = context.view.plan().book.exprs[id];
  if (!expr.aggregate) {
    model::Aggregate count;
    count.event = expr.event;
    count.tails = expr.tails;
    return tally_value(id, count, false, context);
  }
  const model::Aggregate& aggregate = *expr.aggregate;
  return aggregate.per ? per_period(id, aggregate, context) : tally_value(id, aggregate, false, context);
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

Truth event_happened(Id<model::Event> event, const Context& context) { return at_least_one({}, event, {}, context); }

}  // namespace plumb::eval
