#include "explain/reach.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string_view>

#include "eval/order.h"
#include "report/words.h"

namespace plumb::explain {

using model::Op;
using model::SubjectKind;

Reads::Reads(const model::Rulebook& b) : book(b), seen_exprs(b.exprs.size()), seen_events(b.events.size()) {}

void Reads::of(Id<model::Event> id) {
  if (!id || seen_events[id.index()]) return;
  seen_events[id.index()] = true;
  const model::Event& event = book.events[id];
  by_account |= event.for_each_account;
  for (Id<model::Event> part : event.parts) of(part);
  of(event.where);
}

void Reads::of(const model::Tails& tails) { of(tails.since), of(tails.last_of); }

void Reads::of(Id<model::Expr> id) {
  if (!id || seen_exprs[id.index()]) return;
  seen_exprs[id.index()] = true;
  const model::Expr& expr = book.exprs[id];
  verdicts |= expr.op == Op::verdict;
  wholes |= expr.op == Op::verdict && expr.verdict_of != model::VerdictOf::rule;
  for (Id<model::Expr> arg : expr.args) of(arg);
  of(expr.event), of(expr.tails);
  if (expr.measure) of(book.measures[expr.measure].value);
  if (expr.op == Op::target) {
    for (const model::TargetCase& one : book.targets[expr.target].cases) of(one.value), of(one.where);
  }
  if (!expr.aggregate) return;
  const model::Aggregate& of_many = *expr.aggregate;
  groups |= !of_many.of.empty();
  by_actor |= of_many.by_actor;
  of(of_many.event), of(of_many.value), of(of_many.where), of(of_many.followed_by);
  of(of_many.span_from), of(of_many.span_to), of(of_many.read_at), of(of_many.tails);
}

void Reads::of(const model::Rule& rule) {
  of(rule.trigger), of(rule.while_condition), of(rule.expect), of(rule.expect_event), of(rule.subject.where);
  for (const model::Given& given : rule.given) of(given.population);
}

std::vector<bool> rules_needed(const model::Rulebook& book, std::uint32_t rule) {
  std::vector<bool> needed(book.rules.size(), false), before;
  needed[rule] = true;
  while (needed != before) {
    before = needed;
    needed = eval::with_all_read(book, std::move(needed));
    // What a row is a version of, or responds to, stands before it.
    for (std::size_t row = needed.size(); row-- > 0;) {
      if (!needed[row]) continue;
      if (book.rules[row].same_as) needed[*book.rules[row].same_as] = true;
      if (book.rules[row].responds_to) needed[book.rules[row].responds_to->rule] = true;
    }
  }
  return needed;
}

namespace {

std::vector<std::uint32_t> all_deals(const history::History& history) {
  std::vector<std::uint32_t> deals(history.deals.size());
  std::iota(deals.begin(), deals.end(), 0u);
  return deals;
}

// Of a deal of which nobody knows the account it may be any.
bool may_share_account(const history::History& history, std::uint32_t one, std::uint32_t other) {
  const std::uint32_t a = history.account_of(one), b = history.account_of(other);
  if (a == history::no_account || b == history::no_account) return false;
  return a == b || a == history::unknown_account || b == history::unknown_account;
}

std::vector<std::uint32_t> of_account(const history::History& history, std::uint32_t deal) {
  std::vector<std::uint32_t> deals;
  for (std::uint32_t other = 0; other < history.deals.size(); ++other) {
    if (other == deal || may_share_account(history, deal, other)) deals.push_back(other);
  }
  return deals;
}

// Some people, by their numbers and by their words.
struct Some {
  std::vector<bool> people, words;

  explicit Some(const history::History& history) : people(history.people.names.size()), words(history.words.size()) {}
  void add(const history::History& history, std::uint32_t person) {
    people[person] = true;
    words[history.people.names.ids[person]] = true;
  }
  bool is(std::int64_t word) const { return history::is_value(word) && words[static_cast<std::size_t>(word)]; }
};

// Whether one of them ever owned the deal, or may have since nobody knows who did, or did something in it.
bool have_part_in(const history::History& history, std::uint32_t deal, const Some& some) {
  const auto may_be = [&](std::int64_t word) {
    return some.is(word) || !(word == history::missing || history::is_value(word));
  };
  const int owner = history.deals.column("owner");
  if (owner < 0 || may_be(history.deals.columns[static_cast<std::size_t>(owner)].values[deal])) return true;
  const history::Timeline& events = history.deal_events;
  for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
    if (events.actor[i] != UINT32_MAX && some.people[events.actor[i]]) return true;
    const history::Kind& kind = history.kinds[events.kind[i]];
    if (kind.of != history::KindClass::change || kind.name != "owner") continue;
    if (!events.at[i].known() || !events.recorded[i].known()) return true;
    for (const history::Column& column : kind.columns) {
      if (some.is(column.values[events.row[i]])) return true;
    }
  }
  return false;
}

// Everybody who was ever in the team.
void add_team(Some& some, const history::History& history, std::string_view team) {
  const history::People& people = history.people;
  for (const history::Column& column : people.columns) {
    if (column.name != "team") continue;
    for (std::uint32_t person = 0; person < people.names.size(); ++person) {
      for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
        const std::int64_t word = column.values[row];
        if (history::is_value(word) && history.words[static_cast<std::uint32_t>(word)] == team) {
          some.add(history, person);
        }
      }
    }
  }
}

// A person's first period is the one that holds the history's first event.
std::uint32_t first_deal(const history::History& history) {
  const time::Instant first = history.extent.first;
  const history::Timeline& events = history.deal_events;
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
      if (events.at[i] == first) return deal;
    }
  }
  return UINT32_MAX;
}

std::vector<std::uint32_t> of_people(const history::History& history, const Some& some, bool by_account) {
  const std::uint32_t first = first_deal(history);
  std::vector<bool> kept(history.deals.size(), false), accounts(history.accounts.size(), false);
  bool any = false, unknown = false;  // of what is kept: has an account · has one that nobody knows
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    kept[deal] = deal == first || have_part_in(history, deal, some);
    const std::uint32_t account = history.account_of(deal);
    if (!kept[deal] || account == history::no_account) continue;
    any = true;
    history::is_account(account) ? void(accounts[account] = true) : void(unknown = true);
  }
  std::vector<std::uint32_t> deals;
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    const std::uint32_t account = history.account_of(deal);
    const bool shared =
        history::is_account(account) ? unknown || accounts[account] : account == history::unknown_account && any;
    if (kept[deal] || (by_account && shared)) deals.push_back(deal);
  }
  return deals;
}

// Whether all that the rules are about is of one deal, one person or one team and theirs.
bool stays_within(const model::Rulebook& book, const std::vector<bool>& rules, const Reads& reads, SubjectKind kind) {
  if (kind == SubjectKind::company || reads.groups) return false;
  for (std::size_t row = 0; row < rules.size() && reads.verdicts; ++row) {
    if (!rules[row]) continue;
    const model::Rule& rule = book.rules[row];
    const SubjectKind of = rule.subject.kind;
    const bool own = rule.owed_by.empty() || rule.owed_by == "owner" || rule.owed_by == "person";
    if (of != kind && (kind == SubjectKind::deal || of == SubjectKind::team || of == SubjectKind::company))
      return false;
    // What somebody owes under a right may be about others.
    if (reads.wholes && (!own || of == SubjectKind::team)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::uint32_t> deals_needed(const report::Input& input, const std::vector<bool>& rules, std::size_t row,
                                        bool whole_history) {
  const history::History& history = input.history;
  const model::Rulebook& book = input.rulebook;
  const model::Rule& rule = book.rules[input.evaluation.verdicts.rule[row]];
  const SubjectKind kind = rule.subject.kind;
  Reads reads(book);
  for (std::size_t each = 0; each < rules.size(); ++each) {
    if (rules[each]) reads.of(book.rules[each]);
  }
  for (std::size_t p = 0; p < book.processes.size(); ++p) {
    reads.of(book.processes[Id<model::Process>(p)].for_deals_where);
    reads.of(book.processes[Id<model::Process>(p)].on_hold_while);
  }
  const bool response = rule.responds_to && kind != SubjectKind::deal;
  if (whole_history || response || !stays_within(book, rules, reads, kind)) return all_deals(history);
  const std::uint32_t subject = input.evaluation.verdicts.subject[row];
  if (kind == SubjectKind::deal) {
    return reads.by_account ? of_account(history, subject) : std::vector<std::uint32_t>{subject};
  }
  Some some(history);
  if (kind == SubjectKind::person) some.add(history, subject);
  if (kind == SubjectKind::team) add_team(some, history, report::subject_of(input, row));
  return of_people(history, some, reads.by_account);
}

}  // namespace plumb::explain
