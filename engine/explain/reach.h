#pragma once

#include <cstdint>
#include <vector>

#include "history/history.h"
#include "model/model.h"
#include "report/report.h"

/// What an obligation's verdict can depend on: rules, and deals.
namespace plumb::explain {

/// What rules ask about, with their measures and events.
struct Reads {
  const model::Rulebook& book;
  std::vector<bool> seen_exprs, seen_events;
  bool verdicts = false;    // asks about other rules
  bool wholes = false;      // asks about all that somebody owes under a right
  bool by_account = false;  // counts over all deals of an account
  bool groups = false;      // counts for a team or the company
  bool by_actor = false;    // counts by who did it

  explicit Reads(const model::Rulebook& book);
  void of(const model::Rule& rule);
  void of(Id<model::Event> id);
  void of(Id<model::Expr> id);

 private:
  void of(const model::Tails& tails);
};

/// Rows: the rules. Those without which what one of them asks cannot be worked out: itself, the versions before it,
/// what it responds to, and all whose verdicts any of these reads.
std::vector<bool> rules_needed(const model::Rulebook& book, std::uint32_t rule);

/// The deals that the verdict in a row can depend on where these rules are worked out, ascending; of the
/// `whole_history` all. Cost: one pass over the events of deals, where the row is about a person or a team.
std::vector<std::uint32_t> deals_needed(const report::Input& input, const std::vector<bool>& rules, std::size_t row,
                                        bool whole_history);

}  // namespace plumb::explain
