#include <algorithm>

#include "eval/bind.h"

namespace plumb::eval {

namespace {

// The kinds of which the rows of an event may be.
void add_kinds(const Plan& plan, Id<model::Event> id, std::vector<int>& kinds) {
  if (!id) return;
  const model::Event& event = plan.book.events[id];
  switch (event.kind) {
    case model::EventKind::error: return;
    case model::EventKind::starts_leave: return kinds.push_back(plan.leave_kind);
    case model::EventKind::created: return kinds.push_back(plan.created_kind);
    case model::EventKind::won:
    case model::EventKind::lost:
    case model::EventKind::reopened:
    case model::EventKind::enters:
    case model::EventKind::leaves: return kinds.push_back(plan.moved_kind);
    case model::EventKind::changed:
    case model::EventKind::moved_period: return kinds.push_back(plan.fields[event.field.index()].change_kind);
    case model::EventKind::activity: return kinds.push_back(plan.activities[event.activity.index()].kind);
    case model::EventKind::record: return kinds.push_back(plan.records[event.record.index()].kind);
    case model::EventKind::ordinal:
    case model::EventKind::any_of:
    case model::EventKind::filtered:
      for (Id<model::Event> part : event.parts) add_kinds(plan, part, kinds);
      return;
  }
}

std::vector<int> kinds_of(const Plan& plan, Id<model::Event> event) {
  std::vector<int> kinds;
  add_kinds(plan, event, kinds);
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

// Of which account a deal is, is said of its creation.
void hide_accounts(Plan& plan, const time::Interval& observed) {
  const history::Timeline& events = plan.history.deal_events;
  for (std::uint32_t deal = 0; deal < plan.deal_account.size(); ++deal) {
    Instant created = Instant::unknown();
    for (std::uint32_t row = events.first[deal]; row < events.first[deal + 1]; ++row) {
      if (events.kind[row] == plan.created_kind) created = events.at[row];
    }
    const bool seen = created.known() && created >= observed.from && created < observed.until;
    if (!seen) plan.deal_account[deal] = history::unknown_account;
  }
}

}  // namespace

// Most kinds show an actor in their first rows: only of one that never does all rows are looked at.
void bind_actors(Plan& plan) {
  plan.actors_observed.assign(plan.history.kinds.size(), false);
  std::vector<bool> open(plan.history.kinds.size(), false);
  for (const model::Expr& expr : plan.book.exprs) {
    if (!expr.aggregate || !expr.aggregate->by_actor) continue;
    for (int kind : kinds_of(plan, expr.aggregate->event)) {
      if (kind >= 0) open[static_cast<std::size_t>(kind)] = true;
    }
  }
  auto left = std::count(open.begin(), open.end(), true);
  for (const history::Timeline* events : {&plan.history.deal_events, &plan.history.person_events}) {
    for (std::size_t i = 0; i < events->size() && left > 0; ++i) {
      const std::uint16_t kind = events->kind[i];
      if (!open[kind] || events->actor[i] == UINT32_MAX || events->at[i] >= plan.horizon) continue;
      if (plan.recorded_by_then(events->recorded[i]) == Truth::no) continue;
      plan.actors_observed[kind] = true;
      open[kind] = false, --left;
    }
  }
}

// A column may supply changes of the account, and none what it was from the start.
void bind_accounts(Plan& plan) {
  const history::History& history = plan.history;
  const int column = history.deals.column("account");
  const auto named = [](std::uint32_t account) { return account != history::no_account; };
  plan.accounts_told = (column >= 0 && history::tells(&history.deals.columns[static_cast<std::size_t>(column)])) ||
                       std::any_of(history.deal_account.begin(), history.deal_account.end(), named);
  plan.deal_account = history.deal_account;
  const time::Interval& observed = history.coverage.at("account");
  if (observed.from.known() || observed.until != Instant::max()) hide_accounts(plan, observed);
  const history::Array<std::uint32_t>& accounts = plan.deal_account;
  plan.some_account_unknown = std::find(accounts.begin(), accounts.end(), history::unknown_account) != accounts.end();
  const model::Rulebook& book = plan.book;
  bool counted = false;
  for (const model::Event& event : book.events) counted |= event.for_each_account;
  for (std::uint32_t deal = 0; counted && deal < accounts.size(); ++deal) {
    plan.deals_of_account.rows.push_back({accounts[deal], deal});
  }
  std::ranges::sort(plan.deals_of_account.rows);
}

// A `where` about words of one kind's columns is decided for many rows at once.
void bind_filters(Plan& plan) {
  plan.filters.resize(plan.book.exprs.size());
  const auto take = [&](Id<model::Expr> where, Id<model::Event> event) {
    const std::vector<int> kinds = kinds_of(plan, event);
    if (where && kinds.size() == 1) plan.filters[where.index()] = RowFilter::make(plan, where, kinds.front());
  };
  for (const model::Event& event : plan.book.events) {
    if (event.kind == model::EventKind::filtered) take(event.where, event.parts.front());
  }
  for (const model::Expr& expr : plan.book.exprs) {
    if (expr.aggregate) take(expr.aggregate->where, expr.aggregate->event);
  }
}

}  // namespace plumb::eval
