#include "eval/account_ordinals.h"

#include <algorithm>
#include <utility>

#include "eval/condition.h"
#include "eval/ordinal.h"

namespace plumb::eval {

namespace {

struct Candidate {
  std::uint32_t account;
  Nth nth;
};

// The two deals that have the first candidates: of one of them there is always another.
class Earliest {
 public:
  void add(std::uint32_t deal, Instant at) {
    if (deal == first_.deal) {
      first_.at = std::min(first_.at, at);
    } else if (at < first_.at) {
      second_ = std::exchange(first_, {deal, at});
    } else if (at < second_.at) {
      second_ = {deal, at};
    }
  }
  /// Of the other deals. Missing: Instant::max().
  Instant of_others(std::uint32_t deal) const { return deal == first_.deal ? second_.at : first_.at; }

 private:
  struct Of {
    std::uint32_t deal = UINT32_MAX;
    Instant at = Instant::max();
  };
  Of first_, second_;
};

// The accounts' candidates in order. A deal of no account counts by itself, and so does one of which nobody knows the
// account: there any of the others may have come before, and its own may have come before any of theirs. Where no
// column names accounts, nobody knows which deals share one.
class Accounts {
 public:
  Accounts(const Plan& plan, Id<model::Event> event)
      : plan_(plan),
        event_(event),
        accounts_(static_cast<std::uint32_t>(plan.history.accounts.size())),
        since_(accounts_ + plan.history.deals.size(), Instant::max()) {}

  std::vector<Candidate> candidates(View& view) {
    const auto deals = static_cast<std::uint32_t>(plan_.history.deals.size());
    for (std::uint32_t deal = 0; deal < deals; ++deal) {
      view.load_deal(deal, deals);
      take(view, deal);
    }
    std::stable_sort(all_.begin(), all_.end(), [](const Candidate& a, const Candidate& b) {
      if (a.account != b.account) return a.account < b.account;
      const Occurrence &x = a.nth.found, &y = b.nth.found;
      return x.at != y.at ? x.at < y.at : x.index < y.index;
    });
    for (Candidate& one : all_) one.nth.unseen = is_unseen(one);
    return std::move(all_);
  }

 private:
  void take(View& view, std::uint32_t deal) {
    const std::uint32_t account = plan_.account_of(deal);
    const std::uint32_t key = history::is_account(account) ? account : accounts_ + deal;
    if (view.begin() != view.end()) since_[key] = std::min(since_[key], view.created());
    for (const Occurrence& found : view.occurrences(event_)) {
      all_.push_back({key, {found, last_of(view, found.index), deal}});
      if (account == history::unknown_account) of_unknown_.add(deal, found.at);
      if (history::is_account(account)) of_known_.add(deal, found.at);
    }
  }
  bool is_unseen(const Candidate& one) const {
    const Instant until = one.nth.latest.known() ? one.nth.latest : plan_.horizon;
    if (!plan_.accounts_told || !is_observed(plan_, event_, since_[one.account], until)) return true;
    const std::uint32_t deal = one.nth.subject, account = plan_.account_of(deal);
    if (account == history::no_account) return false;
    const bool unknown = account == history::unknown_account;
    return of_unknown_.of_others(deal) <= until || (unknown && of_known_.of_others(deal) <= until);
  }

  const Plan& plan_;
  Id<model::Event> event_;
  std::uint32_t accounts_;
  std::vector<Instant> since_;  // anything of an account is there to be seen
  std::vector<Candidate> all_;
  Earliest of_unknown_, of_known_;
};

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
    const std::vector<Candidate> all = Accounts(plan, part).candidates(view);
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
