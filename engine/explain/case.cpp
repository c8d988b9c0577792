#include "explain/case.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "eval/watch.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using model::Op;
using model::SubjectKind;

std::uint32_t find(const history::History& history, const history::Subjects& subjects, std::string_view id) {
  for (std::uint32_t row = 0; row < subjects.size(); ++row) {
    if (history.words[subjects.ids[row]] == id) return row;
  }
  return UINT32_MAX;
}

// What a rule reads, with its measures and events.
struct Reads {
  const model::Rulebook& book;
  std::vector<bool> seen_exprs, seen_events;
  bool verdicts = false;    // asks about other rules
  bool by_account = false;  // counts over all deals of an account
  bool groups = false;      // counts for a team or the company
  bool by_actor = false;    // counts by who did it

  explicit Reads(const model::Rulebook& b) : book(b), seen_exprs(b.exprs.size()), seen_events(b.events.size()) {}

  void of(Id<model::Event> id) {
    if (!id || seen_events[id.index()]) return;
    seen_events[id.index()] = true;
    const model::Event& event = book.events[id];
    by_account |= event.for_each_account;
    for (Id<model::Event> part : event.parts) of(part);
    of(event.where);
  }
  void of(const model::Tails& tails) { of(tails.since), of(tails.last_of); }
  void of(Id<model::Expr> id) {
    if (!id || seen_exprs[id.index()]) return;
    seen_exprs[id.index()] = true;
    const model::Expr& expr = book.exprs[id];
    verdicts |= expr.op == Op::verdict || expr.op == Op::situation;
    for (Id<model::Expr> arg : expr.args) of(arg);
    of(expr.event), of(expr.tails);
    if (expr.measure) of(book.measures[expr.measure].value);
    if (!expr.aggregate) return;
    groups |= !expr.aggregate->of.empty();
    by_actor |= expr.aggregate->by_actor;
    of(expr.aggregate->event), of(expr.aggregate->value), of(expr.aggregate->where), of(expr.aggregate->followed_by);
    of(expr.aggregate->span_from), of(expr.aggregate->span_to), of(expr.aggregate->tails);
  }
  void of(const model::Rule& rule) {
    of(rule.trigger), of(rule.while_condition), of(rule.expect), of(rule.expect_event), of(rule.subject.where);
    for (const model::Given& given : rule.given) of(given.population);
  }
};

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
  const Instant first = history.extent.first;
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

}  // namespace

std::uint32_t find_deal(const history::History& history, std::string_view id) {
  return find(history, history.deals, id);
}

std::uint32_t find_person(const history::History& history, std::string_view id) {
  return find(history, history.people.names, id);
}

Key key_of(const report::Input& input, std::size_t row) {
  const eval::Verdicts& v = input.evaluation.verdicts;
  const auto alike = [&](std::size_t other) {
    return v.rule[other] == v.rule[row] && v.subject[other] == v.subject[row] && v.opened[other] == v.opened[row] &&
           v.period[other].from == v.period[row].from;
  };
  Key key{input.rulebook.rules[v.rule[row]].name, std::string(report::subject_of(input, row)), v.opened[row],
          v.period[row].from, 0};
  // Rows stand in the order of rule, subject and opening.
  for (std::size_t other = row; other > 0 && alike(other - 1); --other) ++key.nth;
  return key;
}

namespace {

// The deals that the verdict in a row can depend on.
std::vector<std::uint32_t> deals_of(const report::Input& input, const model::Rule& rule, const Reads& reads,
                                    std::size_t row, bool whole_history) {
  const history::History& history = input.history;
  const SubjectKind kind = rule.subject.kind;
  const std::uint32_t subject = input.evaluation.verdicts.subject[row];
  const bool response = rule.responds_to && kind != SubjectKind::deal;
  if (whole_history || kind == SubjectKind::company || reads.groups || reads.verdicts || response) {
    return all_deals(history);
  }
  if (kind == SubjectKind::deal) {
    return reads.by_account ? of_account(history, subject) : std::vector<std::uint32_t>{subject};
  }
  Some some(history);
  if (kind == SubjectKind::person) some.add(history, subject);
  if (kind == SubjectKind::team) add_team(some, history, report::subject_of(input, row));
  return of_people(history, some, reads.by_account);
}

}  // namespace

namespace {

// Of how many a share is one is counted, too: as a sample of which nothing is asked.
void count_wholes(Case& c, const Reads& reads) {
  model::Rule& rule = c.book.rules[c.rule];
  for (std::size_t i = 0; rule.shape == model::Shape::every && i < reads.seen_exprs.size(); ++i) {
    const Id<model::Expr> share(i);
    if (!reads.seen_exprs[i] || !c.book.exprs[share].aggregate) continue;
    model::Expr whole;
    whole.op = Op::aggregate;
    whole.type.kind = model::TypeKind::count;
    whole.aggregate = c.book.exprs[share].aggregate;
    if (whole.aggregate->function != model::AggregateFunction::share || whole.aggregate->value) continue;
    whole.aggregate->function = model::AggregateFunction::count;
    whole.aggregate->where = whole.aggregate->value = {};
    whole.aggregate->followed_by = {};
    whole.aggregate->followed_within.reset();
    c.wholes[share] = c.book.exprs.add(std::move(whole));
    rule.given.push_back({0, c.wholes[share]});
  }
}

// The rule, behind the versions of it that stand before it.
std::vector<model::Rule> with_versions(const model::Rulebook& book, std::uint32_t row) {
  std::vector<model::Rule> rules;
  for (std::optional<std::uint32_t> at = row; at; at = book.rules[*at].same_as) rules.push_back(book.rules[*at]);
  std::ranges::reverse(rules);
  for (std::uint32_t i = 1; i < rules.size(); ++i) rules[i].same_as = i - 1;
  return rules;
}

}  // namespace

Case case_of(const report::Input& input, const eval::Options& options, std::size_t row, bool whole_history) {
  const eval::Verdicts& v = input.evaluation.verdicts;
  const model::Rule& rule = input.rulebook.rules[v.rule[row]];
  Reads reads(input.rulebook);
  reads.of(rule);
  for (std::size_t p = 0; p < input.rulebook.processes.size(); ++p) {
    reads.of(input.rulebook.processes[Id<model::Process>(p)].for_deals_where);
  }
  Case c{input.rulebook, v.rule[row], {}, options, key_of(input, row)};
  c.by_actor = reads.by_actor;
  if (!reads.verdicts && !rule.responds_to) {
    c.book.rules = with_versions(input.rulebook, v.rule[row]);
    c.rule = static_cast<std::uint32_t>(c.book.rules.size() - 1);
    count_wholes(c, reads);
  }
  const Instant horizon = input.evaluation.horizon;
  const std::vector<std::uint32_t> deals =
      history::there_by(input.history, deals_of(input, rule, reads, row, whole_history), horizon, options.known_at);
  c.part = history::part_of(input.history, deals, horizon, options.known_at);
  return c;
}

namespace {

// While it runs, the verdicts of what is done about a team's have no names of teams: they are numbered in their order.
std::string team_of(const history::History& history, std::uint32_t number) {
  std::set<std::string> names;
  for (const history::Column& column : history.people.columns) {
    if (column.name != "team") continue;
    for (std::int64_t word : column.values) {
      if (history::is_value(word)) names.emplace(history.words[static_cast<std::uint32_t>(word)]);
    }
  }
  return number < names.size() ? *std::next(names.begin(), number) : std::string();
}

// Who or what a row of verdicts is about, in a history at hand.
std::string subject_text(const Case& c, const history::History& history, const eval::Verdicts& v, std::size_t row) {
  switch (c.book.rules[v.rule[row]].subject.kind) {
    case SubjectKind::deal: return std::string(history.words[history.deals.ids[v.subject[row]]]);
    case SubjectKind::person: return std::string(history.words[history.people.names.ids[v.subject[row]]]);
    case SubjectKind::team:
      return v.subject[row] < v.teams.size() ? v.teams[v.subject[row]] : team_of(history, v.subject[row]);
    case SubjectKind::company: break;
  }
  return "the company";
}

// The case's obligation, but for how many alike stand before it.
bool alike(const Case& c, const history::History& history, const eval::Verdicts& v, std::size_t row) {
  return v.rule[row] == c.rule && v.opened[row] == c.key.opened && v.period[row].from == c.key.period &&
         subject_text(c, history, v, row) == c.key.subject;
}

bool is_unkept(eval::Verdict verdict) {
  return verdict == eval::Verdict::missed || verdict == eval::Verdict::late || verdict == eval::Verdict::cannot_tell;
}

// Whether what comes later leaves it as it is: what is lacking is none of what may be said afterwards, too.
bool untold_for_good(const model::Rulebook& book, const eval::Verdicts& v, std::size_t row) {
  return std::all_of(v.facts.begin() + v.fact_first[row], v.facts.end(), [&](const eval::Fact& fact) {
    switch (fact.kind) {
      case eval::FactKind::deal_field:
      case eval::FactKind::event:
      case eval::FactKind::event_time:
      case eval::FactKind::time_of_day:
      case eval::FactKind::recorded:
      case eval::FactKind::actor:
      case eval::FactKind::source:
      case eval::FactKind::stage:
      case eval::FactKind::process:
      case eval::FactKind::rate:
      case eval::FactKind::target:
      case eval::FactKind::periods: return true;
      case eval::FactKind::members: return !fact.field || book.fields[fact.field].owner == model::OwnerKind::deal;
      default: return false;
    }
  });
}

}  // namespace

Judged evaluate(const Case& c, const history::History& history, Instant as_of,
                const std::function<void(const Decided&)>& decided) {
  Judged judged;
  std::vector<Looked> looked;
  std::size_t before = 0;
  const bool lasting = c.book.rules[c.rule].shape == model::Shape::while_;
  bool found = false;
  eval::Watch watch;
  watch.looked = [&](Id<model::Expr> condition, Id<model::Event> event, const eval::Context& context) {
    looked.push_back({condition, event, context});
  };
  watch.written = [&](const eval::Verdicts& verdicts) {
    const std::size_t row = verdicts.size() - 1;
    const bool own = alike(c, history, verdicts, row) && before++ == c.key.nth;
    const bool next = lasting && !found && verdicts.rule[row] == c.rule && verdicts.opened[row] > c.key.opened &&
                      is_unkept(verdicts.verdict[row]) && subject_text(c, history, verdicts, row) == c.key.subject;
    if (own || next) {
      found = true;
      if (is_unkept(verdicts.verdict[row]) && !looked.empty()) {
        judged.decided = looked.back().context.now();
        judged.lacks = verdicts.facts.size() - verdicts.fact_first[row];
        judged.untold = verdicts.verdict[row] == eval::Verdict::cannot_tell && untold_for_good(c.book, verdicts, row);
      }
      if (decided) decided({history, verdicts, row, looked});
    }
    looked.clear();
  };
  eval::Options options = c.options;
  options.as_of = as_of;
  // What may still be done is recorded after what is known now.
  if (as_of > c.options.as_of) options.known_at = Instant::max();
  const Result<eval::Evaluation> evaluation = eval::run_watched(c.book, history, options, watch);
  if (!evaluation) return judged;
  const eval::Verdicts& v = evaluation->verdicts;
  std::size_t nth = 0;
  for (std::size_t row = 0; row < v.size(); ++row) {
    if (v.rule[row] != c.rule || subject_text(c, history, v, row) != c.key.subject) continue;
    judged.unkept += is_unkept(v.verdict[row]);
    if (alike(c, history, v, row) && nth++ == c.key.nth) {
      judged.outcome = Outcome{v.verdict[row], v.settled[row], v.deadline[row]};
    }
  }
  return judged;
}

std::vector<Each> evaluate_all(const Case& c, Instant as_of,
                               const std::function<void(const Decided&, const Each&)>& decided) {
  using Alike = std::pair<Instant, Instant>;
  std::vector<Looked> looked;
  std::map<Alike, std::size_t> written, found;
  eval::Watch watch;
  watch.looked = [&](Id<model::Expr> condition, Id<model::Event> event, const eval::Context& context) {
    looked.push_back({condition, event, context});
  };
  const auto own = [&](const eval::Verdicts& v, std::size_t row) {
    return v.rule[row] == c.rule && subject_text(c, c.part, v, row) == c.key.subject;
  };
  const auto each_of = [](const eval::Verdicts& v, std::size_t row, std::map<Alike, std::size_t>& counts) {
    const Alike alike{v.opened[row], v.period[row].from};
    return Each{alike.first, alike.second, counts[alike]++, {v.verdict[row], v.settled[row], v.deadline[row]}};
  };
  watch.written = [&](const eval::Verdicts& verdicts) {
    const std::size_t row = verdicts.size() - 1;
    if (own(verdicts, row)) decided({c.part, verdicts, row, looked}, each_of(verdicts, row, written));
    looked.clear();
  };
  eval::Options options = c.options;
  options.as_of = as_of;
  const Result<eval::Evaluation> evaluation = eval::run_watched(c.book, c.part, options, watch);
  std::vector<Each> all;
  if (!evaluation) return all;
  for (std::size_t row = 0; row < evaluation->verdicts.size(); ++row) {
    if (own(evaluation->verdicts, row)) all.push_back(each_of(evaluation->verdicts, row, found));
  }
  return all;
}

}  // namespace plumb::explain
