#include "eval/runs.h"

#include "eval/join.h"
#include "eval/order.h"
#include "eval/run.h"

namespace plumb::eval {

RunOrder run_order(const Plan& plan) {
  const model::Rulebook& book = plan.book;
  const std::vector<bool> evaluated = evaluated_rules(book);
  RunOrder order;
  std::vector<std::size_t> row_of(book.rules.size());
  for (std::uint32_t rule = 0; rule < book.rules.size(); ++rule) {
    if (!evaluated[rule]) continue;
    row_of[rule] = order.rules.size();
    if (const auto& to = book.rules[rule].responds_to) order.responses[row_of[to->rule]].push_back(row_of[rule]);
    order.rules.push_back(rule);
    order.responses.emplace_back();
  }
  for (std::uint32_t rule : evaluation_order(book)) {
    if (!evaluated[rule] || book.rules[rule].responds_to) continue;
    const model::SubjectKind kind = book.rules[rule].subject.kind;
    std::vector<std::size_t>& list = kind == model::SubjectKind::deal         ? order.deals
                                     : reads_verdicts(book, book.rules[rule]) ? order.readers
                                     : kind == model::SubjectKind::person     ? order.people
                                                                              : order.groups;
    list.push_back(row_of[rule]);
  }
  return order;
}

Statements statements_of(const Plan& plan) {
  std::vector<bool> wanted;
  for (const model::Record& record : plan.book.records) wanted.push_back(record.name == "action");
  for (const model::Rule& rule : plan.book.rules) {
    const Id<model::Record> asked = rule.responds_to ? rule.responses.front().recorded_as : Id<model::Record>();
    if (asked) wanted[asked.index()] = true;
  }
  return Statements(plan, wanted);
}

Worker::Worker(const Plan& plan, const AccountOrdinals& ordinals, const MemberLists& lists, const RunOrder& order)
    : view(plan),
      member_view(plan),
      people_view(plan),
      collected(wanted_members(plan)),
      members{lists, &member_view, &people_view},
      order(order),
      facts(plan),
      prospects(plan),
      of_rule(order.rules.size()) {
  for (View* one : {&view, &member_view, &people_view}) one->set_account_ordinals(&ordinals);
  view.set_members(&members);
  people_view.set_members(&members);
  runs.reserve(order.rules.size());
  for (std::uint32_t rule : order.rules) {
    runs.emplace_back(plan, rule);
    facts.add(rule, runs.back().verdicts);
  }
  read(facts);
  for (const std::size_t row : order.deals) of_rule[row] = prospects.add(plan.book.rules[order.rules[row]]);
  for (std::size_t i = 0; i < collected.wanted.size(); ++i) {
    const WantedList& wanted = collected.wanted[i];
    if (const RowCollector collector = RowCollector::make(plan, wanted)) {
      lists_of_rows.push_back({i, collector});
    } else {
      lists_of_deal.push_back({i, prospects.add(wanted)});
    }
  }
}

bool Worker::load_deal(std::uint32_t deal, std::uint32_t until) {
  prospects.go_to(view, deal, until);
  if (prospects.any()) view.load_deal(deal, until);
  return prospects.any();
}

void Worker::collect_deal(std::uint32_t deal, std::uint32_t until) {
  if (deal >= collected_until && !lists_of_rows.empty()) {
    Batch& batch = view.batch_at(deal, until);
    for (const OfRows& of : lists_of_rows) {
      of.collector.collect(view.plan(), batch, deal, collected.list(collected.wanted[of.wanted]));
    }
    collected_until = batch.until();
  }
  for (const OfDeal& of : lists_of_deal) {
    if (prospects.may(of.number)) collect_members(view, collected, collected.wanted[of.wanted]);
  }
}

std::vector<Verdicts> Worker::take() {
  std::vector<Verdicts> all;
  for (RuleRun& run : runs) all.push_back(std::exchange(run.verdicts, room_like(run.verdicts)));
  return all;
}

void Pieces::add(std::vector<Verdicts> task) {
  const std::vector<std::uint32_t> before = rows_;
  for (std::size_t row = 0; row < task.size(); ++row) {
    Verdicts& piece = task[row];
    if (piece.size() == 0) continue;
    const std::uint32_t rule = piece.rule.front();
    if (const auto& to = book_.rules[rule].responds_to) {
      for (std::uint32_t& answered : piece.responds_to) answered += before[to->rule];
    }
    rows_[rule] += static_cast<std::uint32_t>(piece.size());
    of_[row].push_back(std::move(piece));
  }
}

void Pieces::show(const std::vector<RuleRun>& runs, VerdictFacts& facts) {
  for (std::size_t row = 0; row < runs.size(); ++row) {
    if (of_[row].empty()) continue;
    for (std::size_t i = 1; i < of_[row].size(); ++i) append(of_[row].front(), of_[row][i]);
    of_[row].resize(1);
    facts.add(runs[row].rule_index, of_[row].front());
  }
}

}  // namespace plumb::eval
