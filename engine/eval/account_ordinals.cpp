#include "eval/account_ordinals.h"

#include <algorithm>

#include "eval/condition.h"
#include "eval/ordinal.h"

namespace plumb::eval {

namespace {

struct Candidate {
  std::uint32_t account;
  Nth nth;
};

// The accounts' candidates in order. A deal of no known account counts by itself. Where no column names accounts,
// nobody knows which deals share one.
std::vector<Candidate> account_candidates(const Plan& plan, View& view, Id<model::Event> event) {
  const auto accounts = static_cast<std::uint32_t>(plan.history.accounts.size());
  const auto deals = static_cast<std::uint32_t>(plan.history.deals.size());
  std::vector<Instant> since(accounts + deals, Instant::max());  // anything of an account is there to be seen
  std::vector<Candidate> candidates;
  for (std::uint32_t deal = 0; deal < deals; ++deal) {
    view.load_deal(deal, deals);
    const std::uint32_t account =
        deal < plan.history.deal_account.size() ? plan.history.deal_account[deal] : UINT32_MAX;
    const std::uint32_t key = account == UINT32_MAX ? accounts + deal : account;
    if (view.begin() != view.end()) since[key] = std::min(since[key], view.created());
    for (const Occurrence& found : view.occurrences(event)) {
      candidates.push_back({key, {found, last_of(view, found.index), deal}});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.account != b.account) return a.account < b.account;
    const Occurrence &x = a.nth.found, &y = b.nth.found;
    return x.at != y.at ? x.at < y.at : x.index < y.index;
  });
  for (Candidate& one : candidates) {
    const Instant until = one.nth.latest.known() ? one.nth.latest : plan.horizon;
    one.nth.unseen = !plan.accounts_told || !is_observed(plan, event, since[one.account], until);
  }
  return candidates;
}

}  // namespace

AccountOrdinals account_ordinals(const Plan& plan) {
  AccountOrdinals chosen(plan.book.events.size());
  View view(plan);
  view.set_account_ordinals(&chosen);  // an event stands behind those it is made of
  std::vector<Nth> of_account;
  for (std::size_t i = 0; i < plan.book.events.size(); ++i) {
    const model::Event& event = plan.book.events[Id<model::Event>(i)];
    if (event.kind != model::EventKind::ordinal || !event.for_each_account) continue;
    const Id<model::Event> part = event.parts.front();
    const std::vector<Candidate> all = account_candidates(plan, view, part);
    for (auto one = all.begin(); one != all.end();) {
      const std::uint32_t account = one->account;
      of_account.clear();
      for (; one != all.end() && one->account == account; ++one) of_account.push_back(one->nth);
      find_nth(event, at_most_once(plan.book, part), plan.calendars.front(), of_account, chosen[i]);
    }
    std::sort(chosen[i].begin(), chosen[i].end(),
              [](const Occurrence& a, const Occurrence& b) { return a.index < b.index; });
  }
  return chosen;
}

}  // namespace plumb::eval
