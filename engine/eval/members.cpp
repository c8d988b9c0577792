#include "eval/members.h"

#include <algorithm>
#include <utility>

#include "eval/run.h"

namespace plumb::eval {

namespace {

using model::Op;
using model::SubjectKind;
using Row = MemberList::Row;

void want(const Plan& plan, Id<model::Expr> id, SubjectKind kind, MemberLists& lists) {
  if (!id) return;
  const model::Expr& expr = plan.book.exprs[id];
  SubjectKind of = kind;
  if (expr.aggregate && expr.aggregate->of == "team") of = SubjectKind::team;
  if (expr.aggregate && expr.aggregate->of == "company") of = SubjectKind::company;
  if (expr.op == Op::aggregate || expr.op == Op::happened) {
    MemberList& list = lists.of[static_cast<std::size_t>(of)][id.index()];
    if (!std::exchange(list.wanted, true)) lists.wanted.emplace_back(of, id);
  }
  if (expr.op == Op::measure) want(plan, plan.book.measures[expr.measure].value, kind, lists);
  for (Id<model::Expr> arg : expr.args) want(plan, arg, kind, lists);
}

std::uint32_t owner_of(const View& view, const Occurrence& row, bool by_actor) {
  const history::Timeline& timeline = view.timeline();
  if (by_actor) {
    const std::uint32_t actor = timeline.actor[row.index];
    return actor == nobody && !view.plan().actors_observed[timeline.kind[row.index]] ? anybody : actor;
  }
  const Instant at = row.at.known() ? row.at : view.plan().horizon;
  return view.of_person() || view.owner_observed(at) ? view.owner_at(at) : anybody;
}

// The key of a row in the lists of a subject kind. Missing: `nobody`, and the row belongs to no list of that kind.
std::uint32_t key_of(const View& view, const Occurrence& row, bool by_actor, SubjectKind kind) {
  if (kind == SubjectKind::company) return 0;
  const std::uint32_t person = owner_of(view, row, by_actor);
  if (kind == SubjectKind::person || person == nobody || person == anybody) return person;
  const Plan& plan = view.plan();
  const Instant at = row.at.known() ? row.at : plan.horizon;
  return team_of(plan, person, plan.calendars.front().day_of(at));
}

void collect(View& view, Id<model::Expr> id, SubjectKind kind, MemberList& list) {
  const model::Expr& expr = view.plan().book.exprs[id];
  const model::Aggregate* aggregate = expr.aggregate ? &*expr.aggregate : nullptr;
  const Id<model::Event> event = aggregate ? aggregate->event : expr.event;
  const Id<model::Expr> where = aggregate ? aggregate->where : Id<model::Expr>();
  const bool decided = !where || view.plan().only_event[where.index()];
  const bool at_once = where && view.plan().filters[where.index()];
  const bool by_actor = aggregate && aggregate->by_actor;
  for (const Occurrence& occurrence : view.occurrences(event)) {
    const std::uint32_t key = key_of(view, occurrence, by_actor, kind);
    if (key == nobody) continue;
    Truth worth = Truth::yes;
    if (at_once) {
      worth = view.filtered(where, occurrence.index);
    } else if (where && decided) {
      worth = holds(where, {.view = view,
                            .cut = view.plan().horizon,
                            .candidate = occurrence.index,
                            .calendar = &view.plan().calendars.front()});
    } else if (where) {
      worth = Truth::unknown;
    }
    list.of(key).add({occurrence.at, occurrence.index, view.subject(), view.of_person(), occurrence.certain,
                      static_cast<std::uint32_t>(worth)});
  }
}

// The rows of a timeline have the order of its subjects.
constexpr auto before = [](const Row& a, const Row& b) {
  if (a.at != b.at) return a.at < b.at;
  return a.of_person != b.of_person ? a.of_person < b.of_person : a.index < b.index;
};

// Rows are put into buckets of equal lengths of time first, of some rows each: then there is little left to sort.
void sort_rows(std::vector<Row>& rows) {
  constexpr std::size_t rows_of_bucket = 16;
  const auto micros = [](const Row& row) {
    return static_cast<std::uint64_t>(row.at.micros) ^ (std::uint64_t{1} << 63);
  };
  std::uint64_t least = UINT64_MAX, most = 0;
  for (const Row& row : rows) {
    if (row.at.known()) least = std::min(least, micros(row)), most = std::max(most, micros(row));
  }
  if (rows.size() < 64 * rows_of_bucket || least >= most) return std::sort(rows.begin(), rows.end(), before);
  const std::size_t buckets = rows.size() / rows_of_bucket;
  int shift = 0;
  while ((most - least) >> shift >= buckets) ++shift;
  // Those without an instant are before all.
  const auto bucket = [&](const Row& row) { return row.at.known() ? ((micros(row) - least) >> shift) + 1 : 0; };
  std::vector<std::uint32_t> ends(buckets + 2);
  for (const Row& row : rows) ++ends[bucket(row) + 1];
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  std::vector<Row> sorted(rows.size());
  for (const Row& row : rows) sorted[ends[bucket(row)]++] = row;
  for (std::size_t i = 0, begin = 0; i + 1 < ends.size(); begin = ends[i++]) {
    std::sort(sorted.begin() + static_cast<std::ptrdiff_t>(begin), sorted.begin() + ends[i], before);
  }
  rows = std::move(sorted);
}

const Row* first_from(const MemberList::OfKey& of, Instant at) {
  const std::vector<Row>& rows = of.in_order();
  const auto found = std::partition_point(rows.begin(), rows.end(), [&](const Row& row) { return row.at < at; });
  return rows.data() + (found - rows.begin());
}

}  // namespace

void MemberList::OfKey::add(const Row& row) {
  rows_.push_back(row);
  plain_ &= row.plain();
  counting_ += row.where() == Truth::yes;
  undated_ += !row.at.known();
  if (row.at.known()) first_ = std::min(first_, row.at), last_ = std::max(last_, row.at);
}

void MemberList::OfKey::add(const OfKey& more) {
  rows_.insert(rows_.end(), more.rows_.begin(), more.rows_.end());
  plain_ &= more.plain_;
  counting_ += more.counting_;
  undated_ += more.undated_;
  first_ = std::min(first_, more.first_), last_ = std::max(last_, more.last_);
}

std::vector<Row> MemberList::OfKey::first_counting(std::size_t most) const {
  std::vector<Row> found;
  for (const Row& row : rows_) {
    if (row.where() != Truth::yes || (found.size() == most && !before(row, found.front()))) continue;
    if (found.size() == most) std::pop_heap(found.begin(), found.end(), before), found.pop_back();
    found.push_back(row);
    std::push_heap(found.begin(), found.end(), before);
  }
  std::sort_heap(found.begin(), found.end(), before);
  return found;
}

const std::vector<Row>& MemberList::OfKey::in_order() const {
  std::call_once(sorted_, [this] { sort(); });
  return rows_;
}

const std::vector<std::uint32_t>& MemberList::OfKey::counting_before() const {
  in_order();
  return counting_before_;
}

void MemberList::OfKey::sort() const {
  sort_rows(rows_);
  if (!plain_) return;
  std::uint32_t counting = 0;
  counting_before_.reserve(rows_.size() + 1);
  for (const Row& row : rows_) {
    counting_before_.push_back(counting);
    counting += row.where() == Truth::yes;
  }
  counting_before_.push_back(counting);
}

MemberList::OfKey& MemberList::of(std::uint32_t key) {
  std::uint32_t list = key == anybody ? anybody_ : list_of_[key];
  if (list == WordTable::nothing) {
    list = static_cast<std::uint32_t>(lists_.size());
    lists_.push_back(std::make_unique<OfKey>(key));
    key == anybody ? void(anybody_ = list) : list_of_.set(key, list);
  }
  return *lists_[list];
}

const MemberList::OfKey* MemberList::find(std::uint32_t key) const {
  const std::uint32_t list = key == anybody ? anybody_ : list_of_[key];
  return list == WordTable::nothing ? nullptr : lists_[list].get();
}

const MemberList::OfKey* MemberList::all_between(std::uint32_t key, Instant from, Instant until) const {
  const OfKey* of = find(key);
  return of && of->all_between(from, until) ? of : nullptr;
}

std::int64_t MemberList::Range::counting() const {
  if (begin == end) return 0;
  const Row* rows = of->in_order().data();
  const std::vector<std::uint32_t>& before = of->counting_before();
  return std::int64_t{before[static_cast<std::size_t>(end - rows)]} - before[static_cast<std::size_t>(begin - rows)];
}

MemberList::Range MemberList::between(std::uint32_t key, Instant from, Instant until) const {
  const OfKey* of = find(key);
  if (!of || of->size() == of->undated()) return {};
  const Instant first = std::max(from, Instant{INT64_MIN + 1});
  return {of, first_from(*of, first), first_from(*of, std::max(first, until))};
}

MemberList::Range MemberList::undated(std::uint32_t key) const {
  const OfKey* of = find(key);
  if (!of || of->undated() == 0) return {};
  const Row* rows = of->in_order().data();
  return {of, rows, rows + of->undated()};
}

MemberLists wanted_members(const Plan& plan) {
  MemberLists lists;
  for (auto& of_kind : lists.of) of_kind.resize(plan.book.exprs.size());
  for (const model::Rule& rule : plan.book.rules) {
    if (rule.subject.kind == SubjectKind::deal || !evaluated(plan.book, rule)) continue;
    want(plan, rule.expect, rule.subject.kind, lists);
    for (const model::Given& given : rule.given) want(plan, given.population, rule.subject.kind, lists);
  }
  return lists;
}

void collect_members(View& view, MemberLists& lists) {
  PLUMB_ASSERT(view.subject() < (1u << 28), "an evaluation numbers its subjects in 28 bits");
  for (const auto& [kind, id] : lists.wanted) {
    if (view.of_person() && kind == SubjectKind::person) continue;
    collect(view, id, kind, lists.of[static_cast<std::size_t>(kind)][id.index()]);
  }
}

void append_members(MemberLists& lists, const MemberLists& more) {
  for (const auto& [kind, id] : lists.wanted) {
    MemberList& to = lists.of[static_cast<std::size_t>(kind)][id.index()];
    for (const auto& from : more.of[static_cast<std::size_t>(kind)][id.index()].lists()) {
      to.of(from->key).add(*from);
    }
  }
}

SubjectKind list_kind(const model::Aggregate& aggregate, const Context& context) {
  if (aggregate.of == "team") return SubjectKind::team;
  if (aggregate.of == "company") return SubjectKind::company;
  return context.subject;
}

std::uint32_t list_key(SubjectKind kind, const Context& context) {
  if (kind == SubjectKind::company) return 0;
  return kind == SubjectKind::team ? context.team : context.person;
}

}  // namespace plumb::eval
