#include "eval/collect.h"

#include <algorithm>

#include "eval/followed.h"
#include "eval/ordinal.h"
#include "eval/owned.h"
#include "eval/standing.h"

namespace plumb::eval {

namespace {

using model::SubjectKind;

// Who is told of; `anybody` where that is whoever nobody knows.
std::uint32_t person_of(const View& view) {
  return view.subject() == view.plan().unknown_person ? anybody : view.subject();
}

std::uint32_t owner_at(const View& view, Instant at) {
  if (view.of_person()) return person_of(view);
  return view.owner_observed(at) ? view.owner_at(at) : anybody;
}

// Whose what an actor did is, where `told` says that rows of its kind name one. Nobody knows who `?` is.
std::uint32_t key_of_actor(const Plan& plan, std::uint32_t actor, bool told) {
  if (actor == nobody) return told ? nobody : anybody;
  return actor == plan.unknown_person ? anybody : actor;
}

// Who did it. What is recorded about a person counts for that person, whoever wrote it down.
std::uint32_t doer_of(const View& view, std::uint32_t row) {
  if (view.of_person()) return person_of(view);
  const history::Timeline& timeline = view.timeline();
  return key_of_actor(view.plan(), timeline.actor[row], view.plan().actors_observed[timeline.kind[row]]);
}

void add_once(std::vector<std::uint32_t>& keys, std::uint32_t key) {
  if (key != nobody && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
}

// A person, or every team that he was ever in; `since` then, or he may have been in another.
void add_person(std::vector<std::uint32_t>& keys, const Plan& plan, std::uint32_t person, SubjectKind kind,
                Instant since) {
  if (kind == SubjectKind::person || person == nobody || person == anybody) return add_once(keys, person);
  const history::Column* team = plan.team ? plan.fields[plan.team.index()].dated : nullptr;
  const history::People& people = plan.history.people;
  const std::uint32_t first = people.first[person], last = people.first[person + 1];
  const auto untold = [&](std::int64_t word) { return word != history::missing && !history::is_value(word); };
  const time::Day from = first < last ? people.from[first] : time::Day::unknown();
  bool told = team && first < last && (!from.known() || plan.calendars.front().start_of(from) <= since);
  for (std::uint32_t row = first; team && row < last; ++row) {
    told &= !untold(team->values[row]);
    if (history::is_value(team->values[row])) add_once(keys, static_cast<std::uint32_t>(team->values[row]));
  }
  if (!told) keys.assign(1, anybody);
}

// Whose it is what nobody dated, where nobody else ever owned the deal.
std::uint32_t first_of(const View& view, const Occurrence& row, bool by_actor) {
  const Instant created = view.created();
  return by_actor ? doer_of(view, row.index) : owner_at(view, created.known() ? created : Instant{INT64_MIN + 1});
}

// Whether his rows, of which there is one, tell of one team all the time.
bool of_one_team(const Plan& plan, std::uint32_t person) {
  const history::Column& team = *plan.fields[plan.team.index()].dated;
  const history::People& people = plan.history.people;
  for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
    if (team.values[row] != team.values[people.first[person]]) return false;
  }
  return true;
}

// What nobody dated may be anybody's who ever owned the deal.
std::vector<std::uint32_t> undated_keys(const View& view, const Occurrence& row, bool by_actor, SubjectKind kind) {
  const Plan& plan = view.plan();
  std::vector<std::uint32_t> keys;
  const Instant first = view.created().known() ? view.created() : Instant{INT64_MIN + 1};
  add_person(keys, plan, first_of(view, row, by_actor), kind, first);
  if (by_actor || view.of_person() || !plan.owner) return keys;
  for (std::uint32_t change : view.of_kind(plan.fields[plan.owner.index()].change_kind)) {
    add_person(keys, plan, owner_at(view, view.timeline().at[change]), kind, first);
  }
  // What may be anybody's stands once, among what is.
  if (std::find(keys.begin(), keys.end(), anybody) != keys.end()) keys.assign(1, anybody);
  return keys;
}

// The key of a dated row in the lists of a subject kind, where who owned its deal then is told. Missing: `nobody`, and
// the row belongs to no list of that kind.
std::uint32_t key_of(const View& view, const Occurrence& row, bool by_actor, SubjectKind kind) {
  const std::uint32_t person = by_actor ? doer_of(view, row.index) : owner_at(view, row.at);
  if (kind == SubjectKind::person || person == nobody || person == anybody) return person;
  return team_key(view.plan(), person, view.plan().calendars.front().day_of(row.at));
}

// `take(key, sure)`: whether it is that one's, or perhaps another's of those.
template <class Take>
void for_each_key(const View& view, const Occurrence& row, bool by_actor, SubjectKind kind, Take take) {
  if (kind == SubjectKind::company) return take(0u, true);
  const Plan& plan = view.plan();
  if (!row.at.known()) {
    const std::vector<std::uint32_t> keys = undated_keys(view, row, by_actor, kind);
    const bool changes = !by_actor && plan.owner && !view.of_kind(plan.fields[plan.owner.index()].change_kind).empty();
    const bool one = keys.size() == 1 && (view.of_person() || !changes);
    const bool sure = one && (kind == SubjectKind::person ||
                              (keys.front() != anybody && of_one_team(plan, first_of(view, row, by_actor))));
    for (const std::uint32_t key : keys) take(key, sure);
  } else if (view.by_day() && !by_actor && !view.of_person()) {
    const std::vector<std::uint32_t> keys = keys_of_owner(view, row, kind);
    for (const std::uint32_t key : keys) {
      if (key != nobody) take(key, keys.size() == 1);
    }
  } else if (const std::uint32_t key = key_of(view, row, by_actor, kind); key != nobody) {
    take(key, true);
  }
}

void add_upon(View& view, const model::Aggregate& aggregate, const Occurrence& thing, MemberList::OfKey& of) {
  if (aggregate.followed_by) {
    const Followed by = followed(view, aggregate.followed_by, thing, is_clock(aggregate.followed_within->unit));
    of.add_upon(by.certain, by.possible, true, by.certain_by_day, by.possible_by_day);
  } else if (aggregate.span_from) {
    const Stretch span = stretch(view, aggregate.span_from, aggregate.span_to, thing);
    of.add_upon(span.from, span.until, span.told, span.from_by_day, span.until_by_day);
  }
}

// What the filter is worth for a row, where the row itself says it.
Truth worth_of(View& view, Id<model::Expr> where, std::uint32_t row) {
  if (!where) return Truth::yes;
  if (view.plan().filters[where.index()]) return view.filtered(where, row);
  if (!view.plan().only_event[where.index()]) return Truth::unknown;
  return holds(
      where, {.view = view, .cut = view.plan().horizon, .candidate = row, .calendar = &view.plan().calendars.front()});
}

// What a deal's history leaves out belongs to whoever owned the deal then; who did it nobody knows.
void add_untold(View& view, const WantedList& wanted, bool by_actor, MemberList& list) {
  for (const Hidden& untold : untold_of(view, wanted.event)) {
    const auto take = [&](std::uint32_t key, Instant from, Instant until, bool, Instant) {
      if (key != nobody) list.of(key).add_untold({from, until, untold.row});
    };
    const Instant from = std::max(untold.from, view.created());
    if (from >= untold.until) continue;  // there was no deal yet
    if (by_actor && wanted.kind != SubjectKind::company) {
      take(anybody, from, untold.until, true, Instant::unknown());
    } else {
      Owned<decltype(take)>{view, wanted.kind, take}.divide(from, untold.until);
    }
  }
}

void collect(View& view, const WantedList& wanted, MemberList& list) {
  const model::Aggregate* aggregate = nullptr;
  if (wanted.expr && view.plan().book.exprs[wanted.expr].aggregate) {
    aggregate = &*view.plan().book.exprs[wanted.expr].aggregate;
  }
  const Id<model::Expr> where = aggregate ? aggregate->where : Id<model::Expr>();
  const bool by_actor = aggregate && aggregate->by_actor;
  const bool upon = aggregate && (aggregate->followed_by || aggregate->span_from);
  // Much of a deal is one person's.
  MemberList::OfKey* of = nullptr;
  for (const Occurrence& occurrence : view.occurrences(wanted.event)) {
    for_each_key(view, occurrence, by_actor, wanted.kind, [&](std::uint32_t key, bool sure) {
      if (!of || of->key != key) of = &list.of(key);
      of->add(occurrence.at, view.ref(occurrence.index), view.subject(), occurrence.certain && sure,
              worth_of(view, where, occurrence.index));
      if (upon) add_upon(view, *aggregate, occurrence, *of);
    });
  }
  if (!view.of_person()) add_untold(view, wanted, by_actor, list);
}

}  // namespace

void collect_members(View& view, MemberLists& lists) {
  for (const WantedList& wanted : lists.wanted) collect_members(view, lists, wanted);
}

void collect_members(View& view, MemberLists& lists, const WantedList& wanted) {
  PLUMB_ASSERT(view.subject() < (1u << 28), "an evaluation numbers its subjects in 28 bits");
  // A person's own are read from his timeline; what is told of nobody known may be each one's.
  const bool own = view.of_person() && view.subject() != view.plan().unknown_person;
  if (own && wanted.kind == SubjectKind::person) return;
  if (wanted.event) {
    collect(view, wanted, lists.list(wanted));
  } else if (!view.of_person()) {
    collect_standing(view, wanted, lists.list(wanted));
  }
}

// ---- from rows alone ------------------------------------------------------------------------------------------------

RowCollector RowCollector::make(const Plan& plan, const WantedList& wanted) {
  RowCollector of;
  const history::Extent& extent = plan.history.extent;
  const bool all_seen = plan.known_at == Instant::max() && !extent.untimed && extent.latest < plan.horizon;
  if (!all_seen || !wanted.event) return of;
  const model::Event& event = plan.book.events[wanted.event];
  const bool filtered = event.kind == model::EventKind::filtered;
  const model::Event& base = filtered ? plan.book.events[event.parts.front()] : event;
  if (base.kind != model::EventKind::activity || (filtered && !plan.filters[event.where.index()])) return of;
  if (filtered) of.event_ = event.where;
  if (wanted.expr && plan.book.exprs[wanted.expr].aggregate) {
    const model::Aggregate& aggregate = *plan.book.exprs[wanted.expr].aggregate;
    if (aggregate.followed_by || aggregate.span_from) return of;
    of.where_ = aggregate.where;
    if (of.where_ && !plan.filters[of.where_.index()]) return of;
    of.by_actor_ = aggregate.by_actor;
  }
  if (!of.by_actor_ && wanted.kind != SubjectKind::company) return of;
  of.subject_ = wanted.kind;
  of.kind_ = plan.activities[base.activity.index()].kind;
  return of;
}

void RowCollector::collect(const Plan& plan, Batch& batch, std::uint32_t from, MemberList& list) const {
  const history::Timeline& timeline = plan.history.deal_events;
  const std::span<const std::uint32_t> rows = batch.of_kind(kind_);
  const std::span<const Truth> worth = where_ ? batch.judged(where_, kind_) : std::span<const Truth>();
  const bool actors = plan.actors_observed[static_cast<std::size_t>(kind_)];
  const time::Calendar& days = plan.calendars.front();
  const history::Array<std::uint32_t>& first = timeline.first;
  std::uint32_t deal = from;
  MemberList::OfKey* of = nullptr;
  const auto take = [&](std::size_t place, Truth certain) {
    const std::uint32_t row = rows[place];
    if (row < first[from]) return;
    while (row >= first[deal + 1]) ++deal;
    const Instant at = timeline.at[row];
    std::uint32_t key = subject_ == SubjectKind::company ? 0 : key_of_actor(plan, timeline.actor[row], actors);
    if (subject_ == SubjectKind::team && key < anybody) key = team_key(plan, key, days.day_of(at));
    if (key == nobody) return;
    if (!of || of->key != key) of = &list.of(key);
    of->add(at, {false, row}, deal, certain == Truth::yes, where_ ? worth[place] : Truth::yes);
  };
  if (!event_) {
    for (std::size_t place = 0; place < rows.size(); ++place) take(place, Truth::yes);
    return;
  }
  // Who did what will be looked at a little later is on its way then.
  constexpr std::size_t ahead = 16;
  const std::span<const Batch::Counted> counted = batch.counted(event_, kind_);
  for (std::size_t i = 0; i < counted.size(); ++i) {
    if (i + ahead < counted.size()) __builtin_prefetch(timeline.actor.data() + counted[i + ahead].row);
    take(counted[i].place, counted[i].worth);
  }
}

}  // namespace plumb::eval
