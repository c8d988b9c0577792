#include "eval/account_ordinals.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "eval/condition.h"
#include "eval/ordinal.h"

namespace plumb::eval {

namespace {

struct Candidate {
  std::uint32_t account;
  Nth nth;
  bool others = false;  // unseen for no other reason than that deals are there of which nobody knows the account
};

bool in_time(const Nth& a, const Nth& b) {
  return a.found.at != b.found.at ? a.found.at < b.found.at : a.found.index < b.found.index;
}

// The first candidates of two deals: of one of them there is always another.
class Earliest {
 public:
  void add(std::uint32_t deal, const Nth& nth) {
    const Of found{nth.found.at, nth.by_day() ? 0 : nth.found.index, deal};
    if (deal == first_.deal) {
      if (found < first_) first_ = found;
    } else if (found < first_) {
      second_ = std::exchange(first_, found);
    } else if (found < second_) {
      second_ = found;
    }
  }
  /// Whether one of another deal may have come before.
  bool may_precede(const Nth& nth, Instant latest) const {
    const Of& other = nth.subject == first_.deal ? second_ : first_;
    return other < Of{latest, nth.by_day() ? UINT32_MAX : nth.found.index, UINT32_MAX};
  }

 private:
  struct Of {
    Instant at = Instant::max();
    std::uint32_t index = UINT32_MAX;  // of the timeline, which orders what is of one instant; a date alone: 0
    std::uint32_t deal = UINT32_MAX;
    friend auto operator<=>(const Of&, const Of&) = default;
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
        since_(accounts_ + plan.history.deals.size(), Instant::max()),
        untold_(since_.size(), Instant::max()) {}

  std::vector<Candidate> candidates(View& view) {
    const auto deals = static_cast<std::uint32_t>(plan_.history.deals.size());
    for (std::uint32_t deal = 0; deal < deals; ++deal) {
      view.load_deal(deal, deals);
      take(view, deal);
    }
    std::stable_sort(all_.begin(), all_.end(), [](const Candidate& a, const Candidate& b) {
      if (a.account != b.account) return a.account < b.account;
      return in_time(a.nth, b.nth);
    });
    for (Candidate& one : all_) {
      const bool seen = is_seen(one);
      one.others = seen && others_may_precede(one);
      one.nth.unseen = !seen || one.others;
    }
    for (std::vector<Nth>* each : {&unknown_, &every_}) std::ranges::sort(*each, in_time);
    return std::move(all_);
  }

  /// The first row with which so many may have come of an account, or of any: one of them without an instant is the
  /// n-th no sooner. Missing: UINT32_MAX. Cost: O(n-th).
  std::uint32_t earliest(const model::Event& event, std::span<const Nth> of_account) const {
    const bool unknown = plan_.account_of(of_account.front().subject) == history::unknown_account;
    std::array<std::span<const Nth>, 2> lists{of_account, unknown_};
    if (unknown) lists = {every_, {}};
    std::int64_t needed = event.nth;
    for (std::span<const Nth>& list : lists) {
      while (!list.empty() && !list.front().found.at.known()) list = list.subspan(1), --needed;
    }
    const time::Calendar& days = plan_.calendars.front();
    for (time::Day last = time::Day::unknown(); needed > 0;) {
      std::span<const Nth>& from = lists[lists[0].empty() || (!lists[1].empty() && in_time(lists[1][0], lists[0][0]))];
      if (from.empty()) break;
      const Occurrence& found = from.front().found;
      from = from.subspan(1);
      const time::Day day = event.on_another_day ? days.day_of(found.at) : time::Day::unknown();
      if (!event.on_another_day || day != last) --needed;
      last = day;
      if (needed == 0) return found.index;
    }
    return UINT32_MAX;
  }

 private:
  void take(View& view, std::uint32_t deal) {
    const std::uint32_t account = plan_.account_of(deal);
    const std::uint32_t key = history::is_account(account) ? account : accounts_ + deal;
    const bool unknown = account == history::unknown_account, known = history::is_account(account);
    const auto seen_from = [&](Instant& since) { since = std::min(since, view.created()); };
    if (view.begin() != view.end()) {
      seen_from(since_[key]);
      if (unknown) seen_from(unknown_since_);
      if (known) seen_from(known_since_);
      const Instant untold = first_untold(view, event_, Instant::unknown());
      untold_[key] = std::min(untold_[key], untold);
      if (unknown) unknown_untold_ = std::min(unknown_untold_, untold);
      if (known) known_untold_ = std::min(known_untold_, untold);
    }
    for (const Occurrence& found : view.occurrences(event_)) {
      all_.push_back({key, {found, last_of(view, found.index), deal}});
      if (unknown) of_unknown_.add(deal, all_.back().nth), unknown_.push_back(all_.back().nth);
      if (known) of_known_.add(deal, all_.back().nth);
      if (unknown || known) every_.push_back(all_.back().nth);
    }
  }
  Instant until(const Candidate& one) const { return one.nth.latest.known() ? one.nth.latest : plan_.horizon; }
  bool is_seen(const Candidate& one) const {
    const std::uint32_t account = plan_.account_of(one.nth.subject);
    const bool alone = account == history::no_account, unknown = account == history::unknown_account;
    Instant since = since_[one.account];
    if (!alone) since = std::min(since, unknown_since_);
    if (unknown) since = std::min(since, known_since_);
    Instant untold = untold_[one.account];
    if (!alone) untold = std::min(untold, unknown_untold_);
    if (unknown) untold = std::min(untold, known_untold_);
    // Those of its own instant may have come before it.
    const Instant until = one.nth.latest.known() ? Instant{one.nth.latest.micros + 1} : plan_.horizon;
    return untold >= until && plan_.accounts_told && is_observed(plan_, event_, since, until);
  }
  bool others_may_precede(const Candidate& one) const {
    const std::uint32_t account = plan_.account_of(one.nth.subject);
    if (account == history::no_account) return false;
    const bool unknown = account == history::unknown_account;
    return of_unknown_.may_precede(one.nth, until(one)) || (unknown && of_known_.may_precede(one.nth, until(one)));
  }

  const Plan& plan_;
  Id<model::Event> event_;
  std::uint32_t accounts_;
  std::vector<Instant> since_;   // anything of an account is there to be seen
  std::vector<Instant> untold_;  // from then on a deal of it may have had one that nobody recorded
  std::vector<Candidate> all_;
  Instant unknown_since_ = Instant::max(), known_since_ = Instant::max();  // likewise of all such deals
  Instant unknown_untold_ = Instant::max(), known_untold_ = Instant::max();
  Earliest of_unknown_, of_known_;    // their candidates
  std::vector<Nth> unknown_, every_;  // in order: those of deals of which nobody knows the account, and with all others
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
    Accounts accounts(plan, part);
    const std::vector<Candidate> all = accounts.candidates(view);
    for (auto one = all.begin(); one != all.end();) {
      const std::uint32_t account = one->account;
      bool others = true;
      of_account.clear();
      for (; one != all.end() && one->account == account; ++one) {
        of_account.push_back(one->nth);
        if (!one->nth.found.at.known()) others &= one->others;
      }
      const std::size_t before = chosen[i].size();
      find_nth(event, at_most_once(plan.book, part), plan.calendars.front(), of_account, chosen[i]);
      // By the last of several one has come, but whose it is is told only where all are of one deal.
      const bool one_deal = std::ranges::all_of(
          of_account, [&](const Nth& nth) { return !nth.unseen && nth.subject == of_account.front().subject; });
      for (std::size_t row = before; row < chosen[i].size(); ++row) chosen[i][row].at_the_latest &= one_deal;
      if (!others || of_account.front().found.at.known()) continue;
      const std::uint32_t not_before = accounts.earliest(event, of_account);
      for (std::size_t row = before; row < chosen[i].size() && not_before != UINT32_MAX; ++row) {
        if (!chosen[i][row].at.known()) chosen[i][row].not_before = not_before;
      }
    }
    std::sort(chosen[i].begin(), chosen[i].end(),
              [](const Occurrence& a, const Occurrence& b) { return a.index < b.index; });
  }
  return chosen;
}

}  // namespace plumb::eval
