#pragma once

#include <utility>
#include <vector>

#include "eval/collect.h"
#include "eval/obligation.h"
#include "eval/prospects.h"
#include "eval/respond.h"
#include "eval/verdict_facts.h"

/// The runs of all rules: in which order they are made, by whom, and what they have found.
namespace plumb::eval {

using AccountOrdinals = std::vector<std::vector<Occurrence>>;

/// Rows: of the rules that are evaluated, in the order of the rulebook. No list has responses, which are made with what
/// they respond to. In each a rule stands behind those whose verdicts it reads.
struct RunOrder {
  std::vector<std::uint32_t> rules;                 // by row: into Rulebook::rules
  std::vector<std::vector<std::size_t>> responses;  // by row
  std::vector<std::size_t> deals, people, groups;   // people, groups: those that read no verdicts
  std::vector<std::size_t> readers;                 // people and groups that do
};
RunOrder run_order(const Plan& plan);

/// What is recorded about obligations: that somebody acted, and what the responses ask to be recorded.
Statements statements_of(const Plan& plan);

/// What one thread needs for itself.
struct Worker {
  View view, member_view, people_view;
  MemberLists collected;
  Members members;
  std::vector<RuleRun> runs;
  const RunOrder& order;
  VerdictFacts facts;                // the verdicts of the deals at hand
  Prospects prospects;               // of them
  std::vector<std::size_t> of_rule;  // by row: whom the prospects are asked for
  // Of MemberLists::wanted: what each deal is asked for, and what is taken of many at once.
  struct OfDeal {
    std::size_t wanted, number;
  };
  struct OfRows {
    std::size_t wanted;
    RowCollector collector;
  };
  std::vector<OfDeal> lists_of_deal;
  std::vector<OfRows> lists_of_rows;
  std::uint32_t collected_until = 0;  // of deals before it the rows are collected

  Worker(const Plan& plan, const AccountOrdinals& ordinals, const MemberLists& lists, const RunOrder& order);
  Worker(const Worker&) = delete;

  /// False where nothing is asked of a deal, which is not loaded then. `until` as View::load_deal has it.
  bool load_deal(std::uint32_t deal, std::uint32_t until);
  /// Whether the loaded deal has anything that a rule begins with.
  bool may_open(std::size_t row) const { return prospects.may(of_rule[row]); }
  /// Adds to the lists what they hold of a deal, for which `load_deal` was asked, whether it is loaded or not. Deals
  /// are given in their order.
  void collect_deal(std::uint32_t deal, std::uint32_t until);
  /// Runs a rule for the loaded subject, and what responds to what it finds.
  template <class Run>
  void run(std::size_t row, const Statements& statements, Run make) {
    const std::size_t before = runs[row].verdicts.size();
    make(runs[row]);
    for (std::size_t response : order.responses[row]) {
      run_responses(runs[response], runs[row], before, view, statements);
    }
  }
  /// From now on conditions read these verdicts.
  void read(const VerdictFacts& whole) {
    for (View* one : {&view, &member_view, &people_view}) one->set_facts(&whole);
  }
  /// The verdicts since the last time, by row.
  std::vector<Verdicts> take();
};

/// What the tasks have said, in their order.
class Pieces {
 public:
  explicit Pieces(const model::Rulebook& book) : book_(book), of_(book.rules.size()), rows_(book.rules.size(), 0) {}

  /// The verdicts of one task, by row. What responds to a row of the task then responds to one of all rows.
  void add(std::vector<Verdicts> task);
  /// Makes all verdicts readable, each rule's in one piece.
  void show(const std::vector<RuleRun>& runs, VerdictFacts& facts);
  std::vector<std::vector<Verdicts>> take() { return std::move(of_); }

 private:
  const model::Rulebook& book_;
  std::vector<std::vector<Verdicts>> of_;  // by row
  std::vector<std::uint32_t> rows_;        // by Rulebook::rules: so many obligations
};

}  // namespace plumb::eval
