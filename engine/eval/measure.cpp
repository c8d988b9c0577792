#include "eval/measure.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "eval/account_ordinals.h"
#include "eval/collect.h"
#include "eval/condition.h"
#include "eval/order.h"

namespace plumb::eval {

namespace {

/// The rulebook with one rule: that the measure is what was asked. What its members are is found as for any rule.
struct Question {
  model::Rulebook book;
  Id<model::Expr> measure, comparison;
};

Question question(const model::Rulebook& rulebook, Id<model::Measure> id, Id<model::Expr> asked,
                  model::SubjectKind kind) {
  Question q{rulebook, {}, {}};
  q.book.rules.clear();
  model::Expr measure;
  measure.op = model::Op::measure;
  measure.measure = id;
  measure.type = q.book.exprs[q.book.measures[id].value].type;
  q.measure = q.book.exprs.add(std::move(measure));
  model::Expr comparison;
  comparison.op = model::Op::compare;
  comparison.comparison = model::Comparison::is;
  comparison.args = {q.measure, asked};
  q.comparison = q.book.exprs.add(std::move(comparison));
  model::Rule rule;
  rule.name = q.book.measures[id].name;
  rule.shape = model::Shape::every;
  rule.period = time::Period::day;
  rule.subject.kind = kind;
  rule.expect = q.comparison;
  q.book.rules.push_back(std::move(rule));
  return q;
}

std::uint32_t find(const history::History& history, const history::Subjects& subjects, std::string_view name) {
  for (std::uint32_t i = 0; i < subjects.size(); ++i) {
    if (history.words[subjects.ids[i]] == name) return i;
  }
  return nobody;
}

void collect_all(const Plan& plan, View& view, MemberLists& lists) {
  const auto deals = static_cast<std::uint32_t>(plan.history.deals.size());
  for (std::uint32_t deal = 0; deal < deals; ++deal) {
    view.load_deal(deal, deals);
    collect_members(view, lists);
  }
  for (std::uint32_t person = 0; person < plan.history.people.names.size(); ++person) {
    view.load_person(person);
    collect_members(view, lists);
  }
}

/// Asks something about a subject, of all that happened before an instant. Errors: there is no such subject.
template <class Ask>
auto ask_about(const Plan& plan, model::SubjectKind kind, std::string_view subject, Instant before, Ask ask)
    -> Result<decltype(ask(std::declval<const Context&>()))> {
  const history::History& history = plan.history;
  const AccountOrdinals ordinals = account_ordinals(plan);
  View view(plan), member_view(plan), people_view(plan);
  for (View* one : {&view, &member_view, &people_view}) one->set_account_ordinals(&ordinals);
  Context context{.view = view, .cut = before, .calendar = &plan.calendars.front()};
  context.subject = kind;
  MemberLists lists = wanted_members(plan);
  collect_all(plan, view, lists);
  const Members members{lists, &member_view, &people_view};
  view.set_members(&members), people_view.set_members(&members);
  if (kind == model::SubjectKind::deal) {
    const std::uint32_t deal = find(history, history.deals, subject);
    if (deal == nobody) return Failure{fmt::format("there is no deal `{}`", subject)};
    view.load_deal(deal);
    return ask(context);
  }
  std::uint32_t person = static_cast<std::uint32_t>(history.people.names.size());  // nobody's own timeline
  if (kind == model::SubjectKind::person) {
    person = find(history, history.people.names, subject);
    if (person == nobody) return Failure{fmt::format("there is no person `{}`", subject)};
    context.person = person;
    context.team = team_of(plan, person, context.calendar->day_of(context.now()));
  }
  if (kind == model::SubjectKind::team) context.team = history.words.find(subject);
  view.load_person(person);
  return ask(context);
}

}  // namespace

Result<Measured> measure_as_of(const model::Rulebook& rulebook, const history::History& history, const Options& options,
                               Id<model::Measure> measure, Id<model::Expr> asked, model::SubjectKind kind,
                               std::string_view subject) {
  const Question q = question(rulebook, measure, asked, kind);
  const std::string& name = q.book.measures[measure].name;
  if (!evaluated(q.book, q.book.rules.front())) {
    return Failure{fmt::format("`{}` is not evaluated by this version yet", name)};
  }
  const Instant horizon = std::min({options.as_of, options.known_at, history.complete_until});
  const Result<Plan> plan = bind(q.book, history, horizon, options.known_at);
  if (!plan) return Failure{plan.error()};
  return ask_about(*plan, kind, subject, horizon, [&](const Context& context) {
    return Measured{value(q.measure, context), value(asked, context), holds(q.comparison, context)};
  });
}

std::vector<Truth> conditions_as_of(const model::Rulebook& rulebook, const history::History& history, Instant horizon,
                                    const std::vector<Id<model::Expr>>& conditions, model::SubjectKind kind,
                                    std::string_view subject, Instant before) {
  std::vector<Truth> all(conditions.size(), Truth::unknown);
  const Result<Plan> plan = bind(rulebook, history, horizon);
  if (!plan) return all;
  const Result<bool> asked = ask_about(*plan, kind, subject, before, [&](const Context& context) {
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      if (!reads_verdicts(rulebook, conditions[i])) all[i] = holds(conditions[i], context);
    }
    return true;
  });
  return all;
}

}  // namespace plumb::eval
