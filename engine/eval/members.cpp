#include "eval/members.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

#include "eval/followed.h"
#include "eval/ordinal.h"
#include "eval/owned.h"
#include "eval/run.h"
#include "eval/standing.h"

namespace plumb::eval {

namespace {

using model::Op;
using model::SubjectKind;
using Row = MemberList::Row;

/// What the rules of one kind of subject read of lists.
struct Wanting {
  const Plan& plan;
  MemberLists& lists;

  void list(const WantedList& wanted) {
    const auto same = [&](const WantedList& w) {
      return w.kind == wanted.kind && w.expr == wanted.expr && w.event == wanted.event;
    };
    if (std::ranges::any_of(lists.wanted, same)) return;
    lists.wanted.push_back(wanted);
  }
  void latest(Id<model::Event> event, SubjectKind kind) {
    if (event && kind != SubjectKind::deal) list({kind, {}, event});
  }
  void tails(const model::Tails& tails, SubjectKind kind) {
    latest(tails.since, kind);
    latest(tails.last_of, kind);
  }
  void aggregate(Id<model::Expr> id, const model::Aggregate& of, SubjectKind kind) {
    tails(of.tails, kind);
    // The people who are counted are asked one by one; what is counted of deals is asked of its deal.
    if (of.population == model::PopulationKind::people) return expr(of.where, SubjectKind::person);
    if (of.per && !of.event) return expr(of.value, kind);
    if (kind != SubjectKind::deal && of.population != model::PopulationKind::contacts) list({kind, id, of.event});
  }
  void expr(Id<model::Expr> id, SubjectKind kind) {
    if (!id) return;
    const model::Expr& at = plan.book.exprs[id];
    tails_below(at, kind);
    if (at.op == Op::happened && kind != SubjectKind::deal) list({kind, id, at.event});
    if (at.op == Op::time_since) latest(at.event, kind);
    if (at.op == Op::aggregate) aggregate(id, *at.aggregate, kind_of(at.aggregate->of, kind));
    if (at.op == Op::measure) expr(plan.book.measures[at.measure].value, kind_of(at.text, kind));
    if (at.op == Op::target) target(plan.book.targets[at.target], kind);
    for (Id<model::Expr> arg : at.args) expr(arg, kind);
  }
  // The tails of a condition are those of all that it compares, also of a team's measure.
  void tails_below(const model::Expr& at, SubjectKind kind) {
    if (!at.tails.any()) return;
    tails(at.tails, kind);
    for (const auto& [of, other] : {std::pair("team", SubjectKind::team), {"company", SubjectKind::company}}) {
      if (std::ranges::any_of(at.args, [&](Id<model::Expr> arg) { return measures_of(arg, of); }))
        tails(at.tails, other);
    }
  }
  bool measures_of(Id<model::Expr> id, std::string_view of) const {
    if (!id) return false;
    const model::Expr& at = plan.book.exprs[id];
    const auto below = [&](Id<model::Expr> one) { return measures_of(one, of); };
    if (at.op == Op::aggregate && at.aggregate->of == of) return true;
    if (at.op == Op::measure && (at.text == of || below(plan.book.measures[at.measure].value))) return true;
    const auto in_case = [&](const model::TargetCase& one) { return below(one.value); };
    if (at.op == Op::target && std::ranges::any_of(plan.book.targets[at.target].cases, in_case)) return true;
    return std::ranges::any_of(at.args, below);
  }
  void target(const model::Target& target, SubjectKind kind) {
    for (const model::TargetCase& one : target.cases) expr(one.value, kind), expr(one.where, kind);
  }
};

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

void MemberList::OfKey::make_room() {
  constexpr std::size_t fewest = 32, most = 4096;  // rows of a part
  const std::size_t room = parts_.empty() ? fewest : std::min(most, 2 * parts_.back().capacity());
  parts_.emplace_back().reserve(room);
}

void MemberList::OfKey::add_upon(Instant first, Instant second, bool told, bool first_by_day, bool second_by_day) {
  upon_.push_back({parts_.back().back(), first, second, told, first_by_day, second_by_day});
}

void MemberList::OfKey::add(OfKey&& more) {
  parts_.insert(parts_.end(), std::move_iterator(more.parts_.begin()), std::move_iterator(more.parts_.end()));
  more.parts_.clear();
  size_ += std::exchange(more.size_, 0);
  upon_.insert(upon_.end(), more.upon_.begin(), more.upon_.end());
  untold_.insert(untold_.end(), more.untold_.begin(), more.untold_.end());
  plain_ &= more.plain_;
  counting_ += more.counting_;
  undated_ += more.undated_;
  first_ = std::min(first_, more.first_), last_ = std::max(last_, more.last_);
}

std::vector<Row> MemberList::OfKey::first(std::size_t most, bool counting) const {
  const std::lock_guard lock(sorting_);
  std::vector<Row> found;
  const auto look_at = [&](const Row& row) {
    if ((counting && row.where() != Truth::yes) || (found.size() == most && !before(row, found.front()))) return;
    if (found.size() == most) std::pop_heap(found.begin(), found.end(), before), found.pop_back();
    found.push_back(row);
    std::push_heap(found.begin(), found.end(), before);
  };
  for (const std::vector<Row>& part : parts_) std::ranges::for_each(part, look_at);
  std::ranges::for_each(rows_, look_at);
  std::sort_heap(found.begin(), found.end(), before);
  return found;
}

const std::vector<std::uint32_t>& MemberList::OfKey::of_several(const std::vector<bool>& several) const {
  std::call_once(several_found_, [&] {
    const std::vector<Row>& rows = in_order();
    for (std::uint32_t i = 0; i < rows.size() && !several.empty(); ++i) {
      if (several[rows[i].subject]) of_several_.push_back(i);
    }
  });
  return of_several_;
}

const std::vector<bool>& MemberList::several() const {
  std::call_once(several_->found, [this] {
    std::vector<bool> any;
    for (const std::unique_ptr<OfKey>& list : lists_) {
      for (const Row& row : list->in_order()) {
        if (any.size() <= row.subject) any.resize(row.subject + 1), several_->of.resize(row.subject + 1);
        if (any[row.subject]) several_->of[row.subject] = true;
        any[row.subject] = true;
      }
    }
    if (std::ranges::find(several_->of, true) == several_->of.end()) several_->of.clear();
  });
  return several_->of;
}

const std::vector<Row>& MemberList::OfKey::in_order() const {
  std::call_once(sorted_, [this] { sort(); });
  return rows_;
}

const std::vector<MemberList::Upon>& MemberList::OfKey::upon_in_order() const {
  in_order();
  return upon_;
}

const std::vector<std::uint32_t>& MemberList::OfKey::counting_before() const {
  in_order();
  return counting_before_;
}

void MemberList::OfKey::sort() const {
  const std::lock_guard lock(sorting_);
  rows_.reserve(size_);
  for (std::vector<Row>& part : parts_) {
    rows_.insert(rows_.end(), part.begin(), part.end());
    part = {};
  }
  parts_.clear();
  sort_rows(rows_);
  std::sort(upon_.begin(), upon_.end(), [](const Upon& a, const Upon& b) { return before(a.row, b.row); });
  if (!plain_) return;
  std::uint32_t counting = 0;
  counting_before_.reserve(rows_.size() + 1);
  for (const Row& row : rows_) {
    counting_before_.push_back(counting);
    counting += row.where() == Truth::yes;
  }
  counting_before_.push_back(counting);
}

void MemberList::OfKey::sort_untold() const {
  std::ranges::sort(
      untold_, [](const Untold& a, const Untold& b) { return a.from != b.from ? a.from < b.from : a.row < b.row; });
  for (const Untold& one : untold_) {
    untold_until_.push_back(untold_until_.empty() ? one.until : std::max(untold_until_.back(), one.until));
  }
}

void MemberList::OfKey::untold(Instant from, Instant until, std::size_t most, std::vector<Untold>& out) const {
  std::call_once(untold_sorted_, [this] { sort_untold(); });
  const auto before = std::ranges::partition_point(untold_, [&](const Untold& one) { return one.from < until; });
  const auto count = static_cast<std::size_t>(before - untold_.begin());
  if (count == 0 || untold_until_[count - 1] <= from) return;
  for (auto one = untold_.begin(); one != before && out.size() < most; ++one) {
    if (one->until > from) out.push_back(*one);
  }
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

const MemberList::Upon* MemberList::Range::upon(const Row* row) const {
  const std::vector<Upon>& all = of->upon_in_order();
  return all.empty() ? nullptr : &all[static_cast<std::size_t>(row - of->in_order().data())];
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

std::vector<MemberList::Untold> MemberList::untold(std::uint32_t key, Instant from, Instant until,
                                                   std::size_t most) const {
  std::vector<Untold> found;
  for (const std::uint32_t whose : {key, anybody}) {
    if (const OfKey* of = find(whose)) of->untold(from, until, most, found);
  }
  return found;
}

MemberLists wanted_members(const Plan& plan) {
  MemberLists lists;
  for (auto& of_kind : lists.of) of_kind.resize(plan.book.exprs.size());
  for (auto& of_kind : lists.latest) of_kind.resize(plan.book.events.size());
  Wanting wanting{plan, lists};
  for (const model::Rule& rule : plan.book.rules) {
    if (!evaluated(plan.book, rule)) continue;
    const std::size_t before = lists.wanted.size();
    for (Id<model::Expr> id : {rule.expect, rule.while_condition, rule.subject.where}) {
      wanting.expr(id, rule.subject.kind);
    }
    for (const model::Given& given : rule.given) wanting.expr(given.population, rule.subject.kind);
    lists.of_deals |= rule.subject.kind == SubjectKind::deal && lists.wanted.size() > before;
  }
  return lists;
}

void append_members(MemberLists& lists, MemberLists& more) {
  for (const WantedList& wanted : lists.wanted) {
    MemberList& to = lists.list(wanted);
    for (const auto& from : more.list(wanted).lists()) to.of(from->key).add(std::move(*from));
  }
}

SubjectKind kind_of(std::string_view of, SubjectKind kind) {
  return of == "team" ? SubjectKind::team : of == "company" ? SubjectKind::company : kind;
}

SubjectKind list_kind(const model::Aggregate& aggregate, const Context& context) {
  if (aggregate.of == "team") return SubjectKind::team;
  if (aggregate.of == "company") return SubjectKind::company;
  return context.view.members() ? context.subject : SubjectKind::deal;
}

std::uint32_t list_key(SubjectKind kind, const Context& context) {
  if (kind == SubjectKind::company) return 0;
  const bool of_deal = context.subject == SubjectKind::deal && context.person == nobody;
  const std::uint32_t person = of_deal ? context.view.owner_at(context.now()) : context.person;
  if (kind == SubjectKind::person || (!of_deal && context.team != nobody)) {
    return kind == SubjectKind::person ? person : context.team;
  }
  if (person == nobody) return context.team;
  return team_of(context.view.plan(), person, context.calendar->day_of(context.now()));
}

}  // namespace plumb::eval
