#include "eval/members.h"

#include <algorithm>
#include <tuple>

#include "eval/run.h"

namespace plumb::eval {

namespace {

using model::Op;
using model::SubjectKind;
using Row = MemberList::Row;

void want(const Plan& plan, Id<model::Expr> id, SubjectKind kind, Members& members) {
  if (!id) return;
  const model::Expr& expr = plan.book.exprs[id];
  SubjectKind of = kind;
  if (expr.aggregate && expr.aggregate->of == "team") of = SubjectKind::team;
  if (expr.aggregate && expr.aggregate->of == "company") of = SubjectKind::company;
  if (expr.op == Op::aggregate || expr.op == Op::happened) {
    members.of[static_cast<std::size_t>(of)][id.index()].wanted = true;
  }
  if (expr.op == Op::measure) want(plan, plan.book.measures[expr.measure].value, kind, members);
  for (Id<model::Expr> arg : expr.args) want(plan, arg, kind, members);
}

std::uint32_t owner_of(const View& view, const Row& row, bool by_actor) {
  const history::Timeline& timeline = view.timeline();
  if (by_actor) {
    const std::uint32_t actor = timeline.actor[row.index];
    return actor == nobody && !view.plan().actors_observed[timeline.kind[row.index]] ? anybody : actor;
  }
  const Instant at = row.at.known() ? row.at : view.plan().horizon;
  return view.of_person() || view.owner_observed(at) ? view.owner_at(at) : anybody;
}

// The key of a row in the lists of a subject kind. Missing: `nobody`, and the row belongs to no list of that kind.
std::uint32_t key_of(const View& view, const Row& row, bool by_actor, SubjectKind kind) {
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
  for (const Occurrence& occurrence : view.occurrences(event)) {
    Row row{0, occurrence.at, view.of_person(), view.subject(), occurrence.index, occurrence.certain, Truth::yes};
    row.key = key_of(view, row, aggregate && aggregate->by_actor, kind);
    if (row.key == nobody) continue;
    if (where && decided) {
      Context context{
          .view = view, .cut = view.plan().horizon, .candidate = row.index, .calendar = &view.plan().calendars.front()};
      row.where = holds(where, context);
    } else if (where) {
      row.where = Truth::unknown;
    }
    list.rows.push_back(row);
  }
}

bool before(const Row& a, const Row& b) {
  return std::tie(a.key, a.at, a.of_person, a.subject, a.index) <
         std::tie(b.key, b.at, b.of_person, b.subject, b.index);
}

}  // namespace

MemberList::Range MemberList::between(std::uint32_t key, Instant from, Instant until) const {
  const auto at = [&](Instant instant) {
    return std::lower_bound(rows.begin(), rows.end(), std::pair(key, instant),
                            [](const Row& row, const auto& wanted) { return std::pair(row.key, row.at) < wanted; });
  };
  const Instant first = std::max(from, Instant{INT64_MIN + 1});
  return {rows.data() + (at(first) - rows.begin()), rows.data() + (at(std::max(first, until)) - rows.begin())};
}

MemberList::Range MemberList::undated(std::uint32_t key) const {
  const auto first = std::lower_bound(rows.begin(), rows.end(), key,
                                      [](const Row& row, std::uint32_t wanted) { return row.key < wanted; });
  return {rows.data() + (first - rows.begin()), between(key, Instant{INT64_MIN + 1}, Instant{INT64_MIN + 1}).begin};
}

Members wanted_members(const Plan& plan) {
  Members members;
  for (auto& lists : members.of) lists.resize(plan.book.exprs.size());
  for (const model::Rule& rule : plan.book.rules) {
    if (rule.subject.kind == SubjectKind::deal || !evaluated(plan.book, rule)) continue;
    want(plan, rule.expect, rule.subject.kind, members);
    for (const model::Given& given : rule.given) want(plan, given.population, rule.subject.kind, members);
  }
  return members;
}

void collect_members(View& view, Members& members) {
  for (SubjectKind kind : {SubjectKind::person, SubjectKind::team, SubjectKind::company}) {
    if (view.of_person() && kind == SubjectKind::person) continue;
    std::vector<MemberList>& lists = members.of[static_cast<std::size_t>(kind)];
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (lists[i].wanted) collect(view, Id<model::Expr>(i), kind, lists[i]);
    }
  }
}

void sort_members(Members& members) {
  for (auto& lists : members.of) {
    for (MemberList& list : lists) std::sort(list.rows.begin(), list.rows.end(), before);
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
