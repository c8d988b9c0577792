#include "eval/account_ordinals.h"

#include <algorithm>

#include "eval/condition.h"
#include "eval/ordinal.h"

namespace plumb::eval {

namespace {

struct Candidate {
  std::uint32_t account;
  Occurrence found;
};

// The accounts' candidates in order, and since when anything of an account is there to be seen. A deal of no known
// account counts by itself.
std::vector<Candidate> account_candidates(const Plan& plan, View& view, Id<model::Event> event,
                                          std::vector<Instant>& since) {
  const auto accounts = static_cast<std::uint32_t>(plan.history.accounts.size());
  const auto deals = static_cast<std::uint32_t>(plan.history.deals.size());
  since.assign(accounts + deals, Instant::max());
  std::vector<Candidate> candidates;
  for (std::uint32_t deal = 0; deal < deals; ++deal) {
    view.load_deal(deal, deals);
    const std::uint32_t account =
        deal < plan.history.deal_account.size() ? plan.history.deal_account[deal] : UINT32_MAX;
    const std::uint32_t key = account == UINT32_MAX ? accounts + deal : account;
    if (view.begin() != view.end()) since[key] = std::min(since[key], view.created());
    for (const Occurrence& found : view.occurrences(event)) candidates.push_back({key, found});
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.account != b.account) return a.account < b.account;
    return a.found.at != b.found.at ? a.found.at < b.found.at : a.found.index < b.found.index;
  });
  return candidates;
}

}  // namespace

AccountOrdinals account_ordinals(const Plan& plan) {
  AccountOrdinals chosen(plan.book.events.size());
  View view(plan);
  // Where no column names accounts, nobody knows which deals share one.
  const bool accounts_observed = plan.history.supplier.count("account") > 0;
  view.set_account_ordinals(&chosen);  // an event stands behind those it is made of
  std::vector<Instant> since;
  for (std::size_t i = 0; i < plan.book.events.size(); ++i) {
    const model::Event& event = plan.book.events[Id<model::Event>(i)];
    if (event.kind != model::EventKind::ordinal || !event.for_each_account) continue;
    const Id<model::Event> part = event.parts.front();
    Ordinal ordinal(event);
    std::uint32_t account = UINT32_MAX;
    for (const Candidate& candidate : account_candidates(plan, view, part, since)) {
      if (candidate.account != account) ordinal = Ordinal(event), account = candidate.account;
      const Instant at = candidate.found.at;
      const bool unseen = !accounts_observed || (at.known() && !is_observed(plan, part, since[account], at));
      const auto found = ordinal.take(candidate.found, plan.calendars.front(), unseen);
      if (found) chosen[i].push_back(*found);
    }
    std::sort(chosen[i].begin(), chosen[i].end(),
              [](const Occurrence& a, const Occurrence& b) { return a.index < b.index; });
  }
  return chosen;
}

}  // namespace plumb::eval
