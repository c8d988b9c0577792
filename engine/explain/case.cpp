#include "explain/case.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "eval/day.h"
#include "eval/watch.h"
#include "explain/reach.h"
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

}  // namespace

void keep_rules(Case& c, const std::vector<bool>& kept) {
  std::vector<std::uint32_t> row_of(kept.size(), 0);
  std::vector<model::Rule> rules;
  for (std::size_t row = 0; row < kept.size(); ++row) {
    if (!kept[row]) continue;
    row_of[row] = static_cast<std::uint32_t>(rules.size());
    rules.push_back(std::move(c.book.rules[row]));
    model::Rule& rule = rules.back();
    if (rule.same_as) rule.same_as = row_of[*rule.same_as];
    if (rule.responds_to) rule.responds_to->rule = row_of[rule.responds_to->rule];
  }
  c.rule = row_of[c.rule];
  c.book.rules = std::move(rules);
}

std::size_t events_of(const Case& c) { return c.part.deal_events.size() + c.part.person_events.size() + 1; }

Case case_of(const report::Input& input, const eval::Options& options, std::size_t row, bool whole_history) {
  const std::uint32_t rule = input.evaluation.verdicts.rule[row];
  Reads reads(input.rulebook);
  reads.of(input.rulebook.rules[rule]);
  Case c{input.rulebook, rule, {}, options, key_of(input, row)};
  c.by_actor = reads.by_actor;
  const std::vector<bool> needed = rules_needed(input.rulebook, rule);
  keep_rules(c, needed);
  if (!reads.verdicts && !input.rulebook.rules[rule].responds_to) count_wholes(c, reads);
  const Instant horizon = input.evaluation.horizon;
  const std::vector<std::uint32_t> deals =
      history::there_by(input.history, deals_needed(input, needed, row, whole_history), horizon, options.known_at);
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

time::Interval surely_in_time(const Case& c, const Decided& decided) {
  const eval::Verdicts& v = decided.verdicts;
  const model::Rule& rule = c.book.rules[c.rule];
  time::Interval sure{v.opened[decided.row], v.deadline[decided.row]};
  const bool earlier = !v.earlier.empty() && v.earlier.back().row == decided.row;
  if (!sure.until.known() && earlier) sure.until = v.earlier.back().missed;
  if (rule.shape != model::Shape::after || !rule.within || !eval::is_clock(rule.within->unit)) return sure;
  if (rule.responds_to || decided.looked.empty()) return sure;
  const eval::Context& context = decided.looked.back().context;
  const bool by_day = context.opening != UINT32_MAX && context.view.timeline().by_day[context.opening] != 0;
  if (by_day) sure.from = Instant{eval::last_of(context.view, context.opening).micros + 1};
  return sure;
}

namespace {

// The same as if the moves of a day whose order no row tells had come as they stand. Missing: nullopt, there are none.
std::optional<history::History> in_the_order_given(const history::History& history) {
  const history::Timeline& events = history.deal_events;
  const auto any_order = [&](std::size_t row) {
    return events.by_day[row] == 2 && history.kinds[events.kind[row]].of == history::KindClass::move;
  };
  std::optional<history::History> told;
  for (std::size_t row = 0; row < events.by_day.rows.size(); ++row) {
    if (!any_order(row)) continue;
    if (!told) told = history;
    told->deal_events.by_day.rows[row] = 1;
  }
  return told;
}

Judged evaluate_once(const Case& c, const history::History& history, Instant as_of,
                     const std::function<void(const Decided&)>& decided) {
  Judged judged;
  std::vector<Looked> looked;
  std::size_t before = 0;
  const bool lasting = c.book.rules[c.rule].shape == model::Shape::while_;
  bool found = false;
  Instant until = Instant::unknown();
  eval::Watch watch;
  watch.looked = [&](Id<model::Expr> condition, Id<model::Event> event, const eval::Context& context) {
    looked.push_back({condition, event, context});
  };
  watch.written = [&](const eval::Verdicts& verdicts) {
    const std::size_t row = verdicts.size() - 1;
    const bool own = alike(c, history, verdicts, row) && before++ == c.key.nth;
    const bool next = lasting && !found && verdicts.rule[row] == c.rule && verdicts.opened[row] > c.key.opened &&
                      is_unkept(verdicts.verdict[row]) && subject_text(c, history, verdicts, row) == c.key.subject;
    if (own) until = surely_in_time(c, {history, verdicts, row, looked}).until;
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
      judged.outcome = Outcome{v.verdict[row], v.settled[row], v.deadline[row], until};
    }
  }
  return judged;
}

}  // namespace

// What is the same in every order of such moves is seen in the one in which they stand.
Judged evaluate(const Case& c, const history::History& history, Instant as_of,
                const std::function<void(const Decided&)>& decided) {
  const std::optional<history::History> told = decided ? in_the_order_given(history) : std::nullopt;
  if (!told) return evaluate_once(c, history, as_of, decided);
  const Judged judged = evaluate_once(c, history, as_of, {});
  bool heard = false;
  Judged seen = evaluate_once(c, *told, as_of, [&](const Decided& now) {
    if (!judged.outcome || now.verdicts.verdict[now.row] != judged.outcome->verdict) return;
    heard = true;
    decided(now);
  });
  if (!heard) return evaluate_once(c, history, as_of, decided);
  seen.outcome = judged.outcome, seen.unkept = judged.unkept;
  return seen;
}

namespace {

std::vector<Each> evaluate_all_once(const Case& c, const history::History& history, Instant as_of,
                                    const std::function<void(const Decided&, const Each&)>& decided) {
  using Alike = std::pair<Instant, Instant>;
  std::vector<Looked> looked;
  std::map<Alike, std::size_t> written, found;
  std::map<std::pair<Alike, std::size_t>, Instant> until;
  eval::Watch watch;
  watch.looked = [&](Id<model::Expr> condition, Id<model::Event> event, const eval::Context& context) {
    looked.push_back({condition, event, context});
  };
  const auto own = [&](const eval::Verdicts& v, std::size_t row) {
    return v.rule[row] == c.rule && subject_text(c, history, v, row) == c.key.subject;
  };
  const auto each_of = [](const eval::Verdicts& v, std::size_t row, std::map<Alike, std::size_t>& counts) {
    const Alike alike{v.opened[row], v.period[row].from};
    return Each{alike.first, alike.second, counts[alike]++, {v.verdict[row], v.settled[row], v.deadline[row]}};
  };
  watch.written = [&](const eval::Verdicts& verdicts) {
    const std::size_t row = verdicts.size() - 1;
    if (own(verdicts, row)) {
      const Decided now{history, verdicts, row, looked};
      const Each each = each_of(verdicts, row, written);
      until[{{each.opened, each.period}, each.nth}] = surely_in_time(c, now).until;
      decided(now, each);
    }
    looked.clear();
  };
  eval::Options options = c.options;
  options.as_of = as_of;
  const Result<eval::Evaluation> evaluation = eval::run_watched(c.book, history, options, watch);
  std::vector<Each> all;
  if (!evaluation) return all;
  for (std::size_t row = 0; row < evaluation->verdicts.size(); ++row) {
    if (!own(evaluation->verdicts, row)) continue;
    Each each = each_of(evaluation->verdicts, row, found);
    each.outcome.until = until[{{each.opened, each.period}, each.nth}];
    all.push_back(each);
  }
  return all;
}

}  // namespace

std::vector<Each> evaluate_all(const Case& c, Instant as_of,
                               const std::function<void(const Decided&, const Each&)>& decided) {
  const std::optional<history::History> told = in_the_order_given(c.part);
  if (!told) return evaluate_all_once(c, c.part, as_of, decided);
  const std::vector<Each> all = evaluate_all_once(c, c.part, as_of, [](const Decided&, const Each&) {});
  const auto index_of = [&](const Each& each) {
    return static_cast<std::size_t>(std::ranges::find_if(all,
                                                         [&](const Each& other) {
                                                           return other.opened == each.opened &&
                                                                  other.period == each.period && other.nth == each.nth;
                                                         }) -
                                    all.begin());
  };
  std::vector<bool> heard(all.size());
  evaluate_all_once(c, *told, as_of, [&](const Decided& now, const Each& each) {
    const std::size_t place = index_of(each);
    if (place == all.size() || all[place].outcome.verdict != each.outcome.verdict) return;
    heard[place] = true;
    decided(now, all[place]);
  });
  evaluate_all_once(c, c.part, as_of, [&](const Decided& now, const Each& each) {
    const std::size_t place = index_of(each);
    if (place == all.size() || !heard[place]) decided(now, each);
  });
  return all;
}

}  // namespace plumb::explain
