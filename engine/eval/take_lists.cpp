#include <algorithm>
#include <array>
#include <utility>

#include "eval/day.h"
#include "eval/member_worth.h"
#include "eval/naming.h"
#include "eval/owned.h"
#include "eval/standing_totals.h"
#include "eval/take.h"

namespace plumb::eval {

bool counts_only(const Tallier& tallier) {
  const model::Aggregate& aggregate = tallier.aggregate;
  const bool number =
      aggregate.function == model::AggregateFunction::share || aggregate.function == model::AggregateFunction::count;
  return number && !aggregate.value && !aggregate.followed_by && !asked_source(aggregate, tallier.context);
}

namespace {

using model::AggregateFunction;
using model::SubjectKind;

// Those of one deal one after the other, so that a deal is loaded once.
std::vector<const MemberList::Row*> by_subject(const MemberList::Range& range) {
  std::vector<const MemberList::Row*> rows;
  for (const MemberList::Row* row = range.begin; row != range.end; ++row) rows.push_back(row);
  std::stable_sort(rows.begin(), rows.end(), [](const MemberList::Row* a, const MemberList::Row* b) {
    return std::pair(+a->of_person, +a->subject) < std::pair(+b->of_person, +b->subject);
  });
  return rows;
}

struct Taking {
  const Context& context;
  Tallier& tallier;
  bool sure;             // that they are whose they are said to be
  bool placed;           // on a side of each end of the window
  bool decided;          // the filter, by the event alone
  bool load;             // something reads the deal
  bool assumed = false;  // that it is one for certain
};

// So many members, of which the filter lets so many count.
void count_members(std::int64_t rows, std::int64_t part, Tallier& tallier, bool sure) {
  Tally& tally = tallier.tally;
  const std::int64_t whole = tallier.aggregate.function == AggregateFunction::share ? rows : part;
  (sure ? tally.certain : tally.possible) += whole;
  (sure ? tally.part_yes : tally.possible_part) += part;
  if (!sure) tally.possible_rest += whole - part;
}

// A count or share of what is certain and decided needs no look at each, but for those that are shown or named.
bool count_range(const MemberList::Range& range, const Context& context, Tallier& tallier, bool sure) {
  if (!counts_only(tallier) || !range.of->plain()) return false;
  if (!sure && context.trace) return false;
  count_members(range.end - range.begin, range.counting(), tallier, sure);
  for (const MemberList::Row* row = range.begin; row != range.end && sure && context.trace; ++row) {
    if (context.trace->evidence.size() >= most_members) break;
    if (tallier.shows(row->where())) context.trace->use({row->of_person != 0, row->index});
  }
  return true;
}

// All that somebody has need not even be put in order.
bool count_all(const MemberList::OfKey* all, const Context& context, Tallier& tallier) {
  if (!all || !all->plain() || !counts_only(tallier)) return false;
  count_members(static_cast<std::int64_t>(all->size()), all->counting(), tallier, true);
  if (!context.trace || context.trace->evidence.size() >= most_members) return true;
  for (const MemberList::Row& row : all->first(most_members - context.trace->evidence.size(), !tallier.is_share())) {
    context.trace->use({row.of_person != 0, row.index});
  }
  return true;
}

void take_member(const MemberList::Range& range, const MemberList::Row& row, const Taking& taking) {
  const Context& context = taking.context;
  const history::History& history = context.view.plan().history;
  const history::Timeline& timeline = row.of_person ? history.person_events : history.deal_events;
  const Truth from = from_asked(taking.tallier.aggregate, timeline, row.index, context);
  if (from == Truth::no) return;
  View& view = *context.view.members()->view;
  const bool loaded =
      view.of_person() == bool(row.of_person) && view.subject() == row.subject && view.end() != view.begin();
  const bool load = taking.load || (context.trace && !row.certain);
  if (load && !loaded) row.of_person ? view.load_person(row.subject) : view.load_deal(row.subject);
  const Instant cut = taking.load ? read_cut(view, taking.tallier.aggregate, row.index, context) : context.cut;
  const bool certain = row.certain && taking.sure && taking.placed && from == Truth::yes;
  const bool sure = taking.assumed || certain;
  Candidate candidate{{row.of_person != 0, row.index}, row.at, sure, row.where(), taking.decided};
  candidate.whose = range.of->key != anybody;
  candidate.sourced = from == Truth::yes, candidate.placed = taking.placed;
  if (const MemberList::Upon* upon = range.upon(&row)) {
    candidate.first = upon->first, candidate.second = upon->second, candidate.told = upon->told;
    candidate.first_by_day = upon->first_by_day, candidate.second_by_day = upon->second_by_day;
  }
  taking.tallier.take(candidate, member_context(view, cut, row.index, context));
}

// Missing: unknown, nobody recorded it.
Instant created(const Plan& plan, std::uint32_t deal) {
  const history::Timeline& events = plan.history.deal_events;
  for (std::uint32_t row = events.first[deal]; row < events.first[deal + 1]; ++row) {
    if (events.kind[row] == plan.created_kind) return events.at[row];
  }
  return Instant::unknown();
}

// Whether one without an instant lies in the window. The stage that a row says a deal came from was entered by then,
// and since the deal's creation.
Truth undated_counts(const MemberList::Row& row, const Context& context, Instant from, Instant until) {
  const Plan& plan = context.view.plan();
  const history::Timeline& timeline = row.of_person ? plan.history.person_events : plan.history.deal_events;
  const Instant at = timeline.at[row.index];
  if (!at.known()) return Truth::unknown;
  const Instant by = timeline.by_day[row.index] == 0 ? at : last_of_day(plan, at), since = created(plan, row.subject);
  if (by < from || (since.known() && since >= until)) return Truth::no;
  const bool inside = since.known() && since >= from && by < until && !context.timely;
  return inside && row.certain ? Truth::yes : Truth::unknown;
}

// A member in doubt may count or not; outside the window it does not.
Truth member_counts(const MemberList::Row& row, const Context& context, const Counted& counted) {
  if (counted.named.any) {
    if (const auto by_name = counts_by_name(context, counted, {row.of_person != 0, row.index})) return *by_name;
    if (row.at >= counted.until) return Truth::no;
  }
  if (!row.at.known()) return undated_counts(row, context, counted.from, counted.until);
  const Plan& plan = context.view.plan();
  const history::Timeline& timeline = row.of_person ? plan.history.person_events : plan.history.deal_events;
  const Instant when = counts_from(plan, row, context.timely);
  if (!when.known()) return row.at < context.cut ? Truth::unknown : Truth::no;
  const bool by_day = timeline.by_day[row.index] != 0 && when == row.at;
  return lies_in(context, when, by_day, counted.from, counted.clock);
}

// What a row of a list is to its deal: one of several that may be the n-th.
const Occurrence* occurrence_of(View& view, Id<model::Event> event, const MemberList::Row& row) {
  const bool loaded =
      view.of_person() == bool(row.of_person) && view.subject() == row.subject && view.end() != view.begin();
  if (!loaded) row.of_person ? view.load_person(row.subject) : view.load_deal(row.subject);
  const std::vector<Occurrence>& all = view.occurrences(event);
  const auto dated = std::ranges::partition_point(all, [](const Occurrence& o) { return !o.at.known(); });
  const auto is_row = [&](const Occurrence& o) { return o.index == row.index; };
  const auto found = row.at.known() ? std::ranges::lower_bound(dated, all.end(), row.index, {}, &Occurrence::index)
                                    : std::find_if(all.begin(), dated, is_row);
  return found != all.end() && found->index == row.index ? &*found : nullptr;
}

// Whether an event is an n-th, or made of such: of what has no instant it then is known what came before.
bool is_nth(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  return event.kind == model::EventKind::ordinal ||
         std::ranges::any_of(event.parts, [&](Id<model::Event> part) { return is_nth(book, part); });
}

struct OfOrdinal {
  Id<model::Event> event;
  bool counted;  // how many there are is all that is asked
  SubjectKind kind;
};

// Whether other deals may be of the deal's account.
bool shares(const Plan& plan, const MemberList::Row& row) {
  return !plan.accounts_told || plan.account_of(row.subject) != history::no_account;
}

// Whether the rows of a deal are all that may be its n-th, and one of them is.
bool one_of_them(const std::vector<const MemberList::Row*>& rows, const OfOrdinal& of, const Context& context) {
  const Plan& plan = context.view.plan();
  const Occurrence* last = of.counted ? occurrence_of(*context.view.members()->view, of.event, *rows.back()) : nullptr;
  if (last == nullptr || !last->at_the_latest ||
      (plan.book.events[of.event].for_each_account && shares(plan, *rows.back())))
    return false;
  View& view = *context.view.members()->view;
  // Each has an instant, and is this one's for certain.
  const bool dated = std::all_of(rows.begin(), rows.end(), [&](const auto* row) {
    return row->at.known() && blurs_owner(view, {.index = row->index, .at = row->at}, of.kind) == UINT32_MAX;
  });
  return dated && rows.size() == view.occurrences(of.event).size() &&
         is_observed(view, of.event, view.created(), context.cut);
}

// Of several that may be the n-th of a deal one counts where all of them do.
template <class Inside, class Take>
void take_ordinals(const MemberList::Range& range, const OfOrdinal& of, const Context& context, Tallier& tallier,
                   Inside inside, Take take) {
  const std::vector<const MemberList::Row*> rows = by_subject(range);
  std::vector<const MemberList::Row*> of_deal;
  for (auto row = rows.begin(); row != rows.end();) {
    of_deal.clear();
    const MemberList::Row& first = **row;
    for (; row != rows.end() && (*row)->subject == first.subject && (*row)->of_person == first.of_person; ++row) {
      of_deal.push_back(*row);
    }
    if (!first.of_person && !first.certain && std::ranges::all_of(of_deal, inside) &&
        one_of_them(of_deal, of, context)) {
      if (context.trace) context.trace->use({false, of_deal.back()->index});
      tallier.tally.add(true, Truth::yes);
    } else {
      for (const MemberList::Row* one : of_deal) take(*one);
    }
  }
}

// `each`: whether each has to be asked if it lies in the window.
void take_members(const MemberList::Range& range, const Context& context, Tallier& tallier, const Counted& counted,
                  bool sure, bool each) {
  if (range.begin == range.end) return;
  const model::Aggregate& aggregate = tallier.aggregate;
  // What an attribute was by a point is not what it came to be.
  const bool decided = !aggregate.where || (!context.timely && context.view.plan().only_event[aggregate.where.index()]);
  const bool dated = range.begin->at.known();
  const Instant last = std::min(counted.until, context.cut);
  if (!each && dated && decided && count_range(range, context, tallier, sure)) return;
  const bool ordinal = context.view.plan().book.events[aggregate.event].kind == model::EventKind::ordinal;
  const bool made_of_nth = is_nth(context.view.plan().book, aggregate.event);
  const bool asked = decided || ordinal || !range.begin->at.known();
  const MemberWorth* worth = asked ? nullptr : MemberWorth::of(*range.of, tallier);
  // What would decide a member is looked for in its deal.
  const bool named = context.trace && (aggregate.where || (range.of && range.of->key == anybody));
  const bool load = !decided || aggregate.value || aggregate.read_at || named;
  const auto may_have_come = [&](const MemberList::Row& row) {
    if (row.at.known() || !made_of_nth) return true;
    const Occurrence* one = occurrence_of(*context.view.members()->view, aggregate.event, row);
    return one == nullptr || one->may_precede(context.cut, context.view.members()->view->timeline());
  };
  const auto inside = [&](const auto* row) { return !each || member_counts(*row, context, counted) == Truth::yes; };
  const auto take = [&](const MemberList::Row& row) {
    const Truth lies = dated || each ? Truth::yes : undated_counts(row, context, counted.from, last);
    const bool none = lies == Truth::no || !may_have_come(row);
    const Truth counts = none ? Truth::no : each ? member_counts(row, context, counted) : Truth::yes;
    const bool told = dated || each ? sure : lies == Truth::yes && range.of->key != anybody;
    if (counts != Truth::no) take_member(range, row, {context, tallier, told, counts == Truth::yes, decided, load});
  };
  if (worth) {
    MemberList::Range inside_window = range;  // each has a time of day, or is apart
    while (inside_window.begin != range.end && inside_window.begin->at < counted.from) ++inside_window.begin;
    worth->take(inside_window, sure, tallier);
    for (const std::uint32_t number : worth->apart()) {
      const MemberList::Row* row = range.of->in_order().data() + number;
      if (row >= range.begin && row < range.end) take(*row);
    }
    return;
  }
  if (ordinal && sure && !range.of->plain())
    return take_ordinals(range, {aggregate.event, is_plain_count(tallier), list_kind(aggregate, context)}, context,
                         tallier, inside, take);
  if (decided && !aggregate.value) {
    for (const MemberList::Row* row = range.begin; row != range.end && !tallier.enough(); ++row) take(*row);
  } else {
    for (const MemberList::Row* row : by_subject(range)) take(*row);
  }
}

// A part of a list. `sure`: whose the rows are is certain; `each`: each has to be asked if it lies in the window.
struct Part {
  MemberList::Range range;
  bool sure, each;
};

// One of several times at which a deal was won, or lost, or closed.
struct Time {
  const MemberList::Row* row;
  const Part* part;
  Truth counts;

  bool certain() const { return counts == Truth::yes && row->certain && part->sure && row->at.known(); }
};

// What the deal comes to if it counts by one of its times.
Tally worth_of(const Time& time, const Context& context, const Tallier& tallier, const Taking& of) {
  Context untraced = context;
  untraced.trace = nullptr;
  Tallier alone{tallier.aggregate, untraced, false, {}};
  take_member(time.part->range, *time.row, {untraced, alone, true, true, of.decided, of.load, true});
  return alone.tally;
}

bool same_worth(const Tally& a, const Tally& b) {
  const auto equal = [](const Rational& x, const Rational& y) { return compare(x, y) == 0; };
  return a.certain == b.certain && a.possible == b.possible && a.part_yes == b.part_yes && a.part_open == b.part_open &&
         a.undecided_value == b.undecided_value && a.currency == b.currency && a.in_part == b.in_part &&
         std::ranges::equal(a.values, b.values, equal) && std::ranges::equal(a.highs, b.highs, equal);
}

// The times of one deal, of which it counts by the last: where nobody knows which that is, and it is not the same by
// each, each that may be it may count. Rows: by index.
void take_last(const Time* begin, const Time* end, const Context& context, Tallier& tallier) {
  const Time* last = end - 1;
  for (const Time* time = begin; time != end; ++time) {
    if (time->certain() || !last->certain()) last = time;
  }
  const auto may_be_last = [&](const Time& time) {
    return &time == last || !last->certain() || !time.row->at.known() || (!time.certain() && &time > last);
  };
  const model::Aggregate& aggregate = tallier.aggregate;
  const bool decided = !aggregate.where || (!context.timely && context.view.plan().only_event[aggregate.where.index()]);
  const bool load = !decided || aggregate.value || aggregate.read_at || context.trace;
  const auto alike = [&] {
    const Taking of{context, tallier, true, true, decided, load};
    const Tally one = worth_of(*last, context, tallier, of);
    return std::all_of(begin, end, [&](const Time& time) {
      return !may_be_last(time) || same_worth(worth_of(time, context, tallier, of), one);
    });
  };
  const bool told = is_plain_count(tallier) || std::count_if(begin, end, may_be_last) == 1 || alike();
  for (const Time* time = begin; time != end; ++time) {
    if (told ? time != last : !may_be_last(*time)) continue;
    take_member(time->part->range, *time->row,
                {context, tallier, told && time->part->sure, time->counts == Truth::yes, decided, load});
  }
}

// Deals, of some of which there are several rows: each of those counts once.
void take_deals(const std::array<Part, 5>& parts, const std::vector<bool>& several, const Context& context,
                Tallier& tallier, const Counted& counted) {
  std::vector<Time> times;
  for (const Part& part : parts) {
    if (part.range.begin == part.range.end) continue;
    const MemberList::Row* const rows = part.range.of->in_order().data();
    const std::vector<std::uint32_t>& marked = part.range.of->of_several(several);
    MemberList::Range between = part.range;
    for (auto at = std::ranges::lower_bound(marked, part.range.begin - rows); at != marked.end(); ++at) {
      const MemberList::Row* const row = rows + *at;
      if (row >= part.range.end) break;
      between.end = row;
      take_members(between, context, tallier, counted, part.sure, part.each);
      between.begin = row + 1;
      const Truth counts = part.each || !row->at.known() ? member_counts(*row, context, counted) : Truth::yes;
      if (counts != Truth::no) times.push_back({row, &part, counts});
    }
    between.end = part.range.end;
    take_members(between, context, tallier, counted, part.sure, part.each);
  }
  std::ranges::sort(times, {}, [](const Time& time) { return std::pair(+time.row->subject, time.row->index); });
  for (auto begin = times.begin(), end = begin; begin != times.end(); begin = end) {
    end = std::find_if(begin, times.end(), [&](const Time& time) { return time.row->subject != begin->row->subject; });
    take_last(&*begin, &*begin + (end - begin), context, tallier);
  }
}

// What is added up of all that has happened so far is kept by instant, as are deals of which each counts once. False
// where it has to be added up one by one.
bool take_totals(const MemberList::Range& range, const std::vector<bool>& several, const Context& context,
                 Tallier& tallier) {
  const bool once = !several.empty() && !tallier.aggregate.where;
  if (range.begin == range.end || (!tallier.aggregate.value && !once)) return false;
  if (range.begin != range.of->in_order().data() + range.of->undated()) return false;
  const StandingTotals* totals = StandingTotals::of(*range.of, tallier.aggregate, context, several);
  if (!totals) return false;
  totals->add_to(tallier.tally, context.cut, context.view.plan().history.words);
  const Taking taking{context, tallier, range.of->key != anybody, true, false, true};
  for (const std::uint32_t number : totals->apart()) {
    const MemberList::Row* row = range.of->in_order().data() + number;
    if (row >= range.begin && row < range.end) take_member(range, *row, taking);
  }
  return true;
}

}  // namespace

// The members of a person, team or the company; false when it cannot be told whose they are.
bool take_lists(Id<model::Expr> id, SubjectKind kind, const Counted& counted, const Context& context,
                Tallier& tallier) {
  const std::uint32_t key = list_key(kind, context);
  if (key == nobody) return false;
  const MemberList& list = context.view.members()->list(kind, id);
  const Instant until = counted.named.any ? context.cut : std::min(counted.until, last_counted(context));
  const Instant from = counted.from;
  // A record counts from when it was stated, a date without a time of day perhaps from later in its day.
  const Plan& plan = context.view.plan();
  const time::Calendar& days = plan.calendars.front();
  const model::Expr& expr = plan.book.exprs[id];
  const bool later =
      counted.named.any ||
      (context.timely && happens_as_record(plan.book, expr.aggregate ? expr.aggregate->event : expr.event));
  const bool of_his_days = from.known() && context.calendar != &days;
  const bool each = later || (plan.by_day && (context.window_from.known() || counted.clock || of_his_days));
  const Instant first = later || !from.known() ? Instant::unknown() : each ? days.start_of(days.day_of(from)) : from;
  const bool told = counted.told(), named = counted.named.any;
  const Instant turn = told ? until : std::min(until, counted.surely_from);
  const bool any_deals = expr.aggregate && expr.aggregate->population == model::PopulationKind::deals;
  const bool several = any_deals && !list.several().empty();
  const bool stated = context.timely && expr.aggregate && expr.aggregate->where;
  const bool one_by_one = several || each || stated || !told;
  const bool all = !one_by_one && count_all(list.all_between(key, from, until), context, tallier);
  // Nobody can say whose those of anybody are: they may be the one's who is asked.
  const std::array<Part, 5> parts{
      {{list.undated(key), false, named},
       {all ? MemberList::Range{} : list.between(key, first, turn), told, each},
       {!all && turn < until ? list.between(key, std::max(first, turn), until) : MemberList::Range{}, true, each},
       {list.undated(anybody), false, named},
       {list.between(anybody, first, until), false, each}}};
  const bool totals = until == context.cut && told && !each && !named;
  if (several) {
    const auto empty = [](const Part& part) { return part.range.begin == part.range.end; };
    const bool his_alone = empty(parts[0]) && empty(parts[3]) && empty(parts[4]);
    if (!totals || !his_alone || !take_totals(parts[1].range, list.several(), context, tallier))
      take_deals(parts, list.several(), context, tallier, counted);
    return true;
  }
  for (const Part& part : parts) {
    if (totals && take_totals(part.range, {}, context, tallier)) continue;
    take_members(part.range, context, tallier, counted, part.sure, part.each);
  }
  return true;
}

// ---- what stands ----------------------------------------------------------------------------------------------------

namespace {

// `reach`: what turns with the last instant of a day that ends by then has turned, although that may be behind the cut.
void take_stretch(const MemberList::OfKey& of, const MemberList::Row& row, const MemberList::Upon& upon,
                  const Context& context, Instant reach, Tallier& tallier, bool sure) {
  // What begins or ends on a date that is behind the cut as it is written does so later.
  const auto later = [&](Instant at, bool by_day) { return context.written_later && by_day && at >= context.day_cut; };
  if (later(row.at, upon.second_by_day)) return;
  const Instant until = upon.first, over = upon.second;
  const bool day_over = over.known() && over > context.cut && over <= reach;
  const auto with_day = [&](Instant at) { return day_over && at.micros + 1 == over.micros; };
  if (row.at >= context.cut && !with_day(row.at)) return;
  if (until.known() && (with_day(until) || (until < context.cut && !later(until, upon.first_by_day)))) return;
  View& view = *context.view.members()->view;
  if (tallier.aggregate.where || tallier.aggregate.value || context.trace) view.load_deal(row.subject);
  const Instant cut = read_cut(view, tallier.aggregate, row.index, context);
  Candidate candidate{{false, row.index}, row.at, sure && row.certain, Truth::unknown, false};
  candidate.whose = of.key != anybody;
  tallier.take(candidate, member_context(view, cut, row.index, context));
}

void take_stretches(const MemberList::Range& range, const Context& context, Instant reach, Tallier& tallier,
                    bool sure) {
  for (const MemberList::Row* row = range.begin; row != range.end; ++row) {
    if (range.of->key == anybody && tallier.lost()) break;
    take_stretch(*range.of, *row, *range.upon(row), context, reach, tallier, sure);
  }
}

}  // namespace

bool take_standing(Id<model::Expr> id, SubjectKind kind, const Context& context, Tallier& tallier) {
  const std::uint32_t key = list_key(kind, context);
  if (key == nobody) return false;
  const MemberList& list = context.view.members()->list(kind, id);
  // A day that ends at the cut may go on in the default calendar: by then it is over, as it is written.
  const time::Calendar& days = context.view.plan().calendars.front();
  const time::Day next = context.calendar->day_of(context.cut);
  const bool ends_day = context.view.plan().by_day && context.calendar != &days &&
                        context.calendar->start_of(next) == context.cut && days.start_of(next) > context.cut;
  const Instant reach = ends_day ? days.start_of(next) : context.cut;
  const auto take = [&](std::uint32_t of, bool sure) {
    take_stretches(list.undated(of), context, reach, tallier, false);
    const MemberList::OfKey* rows = list.find(of);
    const bool any = rows && !context.written_later && !ends_day;
    const StandingTotals* totals = any ? StandingTotals::of(*rows, tallier.aggregate, context) : nullptr;
    if (totals) {
      totals->add_to(tallier.tally, context.cut, context.view.plan().history.words);
      for (const std::uint32_t number : totals->apart()) {
        const MemberList::Row& row = rows->in_order()[number];
        if (row.at >= context.cut || (of == anybody && tallier.lost())) break;
        take_stretch(*rows, row, rows->upon_in_order()[number], context, reach, tallier, sure);
      }
      return;
    }
    take_stretches(list.between(of, Instant::unknown(), reach), context, reach, tallier, sure);
  };
  take(key, true);
  take(anybody, false);
  return true;
}

}  // namespace plumb::eval
