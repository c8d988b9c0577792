#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eval/condition.h"
#include "eval/who.h"

/// Verdicts as facts: what conditions such as `RULE is kept` and `right thing is missed` read.
namespace plumb::eval {

/// The verdicts that stand when a rule is run. A rule stands behind all whose verdicts it reads (`evaluation_order`).
class VerdictFacts {
 public:
  explicit VerdictFacts(const Plan& plan);

  /// Makes the verdicts of a rule readable; they outlive this. Rows: by subject.
  void add(std::uint32_t rule, const Verdicts& verdicts) { of_rule_[rule] = &verdicts; }
  /// Sorts what has been added by whoever owes it, for every right that a rule reads.
  void sort_for(const model::Rule& rule);

  /// One obligation.
  struct Row {
    std::uint32_t rule;
    std::uint32_t row;  // of that rule's verdicts
  };
  const Verdicts& of(std::uint32_t rule) const { return *of_rule_[rule]; }
  /// The rows of a rule about a subject.
  struct Range {
    std::uint32_t begin, end;
  };
  Range about(std::uint32_t rule, std::uint32_t subject) const;
  const std::vector<std::uint32_t>& named(const std::string& rule) const;
  /// What a person owes under a right.
  const std::vector<Row>& owed_by(model::VerdictOf whole, std::uint32_t person) const;
  bool has(std::uint32_t rule) const { return of_rule_[rule] != nullptr; }

 private:
  void sort_by_debtor(model::VerdictOf whole);

  const Plan& plan_;
  std::vector<const Verdicts*> of_rule_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> named_;
  std::array<std::vector<std::vector<Row>>, 6> by_debtor_;  // by VerdictOf, person
};

/// What an obligation's verdict is as of an instant, by what it came to in the end; of deadlines those have passed that
/// are not after `passed`. Missing: nothing, for one that opens later.
std::optional<Verdict> verdict_as_of(const Verdicts& verdicts, std::size_t row, Instant as_of, Instant passed);

/// Whether it is late without a known deadline, and had not come by then: nobody knows since when it was missed, unless
/// the last of its deadlines has passed.
bool late_some_time(const Verdicts& verdicts, std::size_t row, Instant as_of, Instant passed);

/// What an obligation may have been before it was settled. Missing: both instants unknown. Cost: O(log n).
Earlier earlier_of(const Verdicts& verdicts, std::uint32_t row);

/// The number that a team (a dictionary word) has in verdicts. Missing: how many teams there are.
std::uint32_t of_team(const Verdicts& verdicts, const Plan& plan, std::uint32_t team);

/// A condition of the kind Op::verdict.
Truth verdict_truth(Id<model::Expr> id, const Context& context);

/// How many obligations it reads, by what each is as of the instant that is asked about.
Counts verdicts_read(Id<model::Expr> id, const Context& context);

/// The instants at which a verdict about whoever is asked (nobody: the view's subject) may change what a condition is.
void verdict_points(const model::Expr& expr, const View& view, const Who& who, std::vector<Instant>& out);

}  // namespace plumb::eval
