#include "explain/explain.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/ranges.h>

#include "eval/day.h"
#include "eval/tally.h"
#include "explain/case.h"
#include "explain/parts.h"
#include "explain/search.h"
#include "explain/told.h"
#include "explain/ways.h"
#include "report/escape.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using eval::Verdict;
using model::Shape;

std::vector<FactLine> facts_of(const Teller& teller, const Decided& decided) {
  const eval::Verdicts& v = decided.verdicts;
  std::vector<FactLine> lines;
  const std::size_t first = v.evidence_first[decided.row];
  const bool opens = !decided.looked.empty() && decided.looked.back().context.opening != UINT32_MAX;
  for (std::size_t i = first; i < v.evidence.size(); ++i) {
    lines.push_back(fact_line(teller, v.evidence[i]));
    lines.back().opened = opens && v.evidence[i].index == decided.looked.back().context.opening;
  }
  if (!decided.looked.empty()) {
    for (FactLine& line : first_values(teller, decided.looked.back())) lines.push_back(std::move(line));
  }
  std::stable_sort(lines.begin(), lines.end(), [](const FactLine& a, const FactLine& b) { return a.at < b.at; });
  return lines;
}

// Where no condition was looked at the clock is that of whoever owes it: what is done about a verdict, what was
// answered already, and a period of which nothing is asked. Missing: where it stood still.
std::optional<Walk> walk_of_debtor(const Case& c, const Decided& decided) {
  const model::Rule& rule = c.book.rules[c.rule];
  const std::optional<time::Duration>& within = rule.responds_to ? rule.responses.front().within : rule.within;
  const eval::Verdicts& v = decided.verdicts;
  const Instant opened = v.opened[decided.row], deadline = v.deadline[decided.row];
  const Result<eval::Plan> plan = eval::bind(c.book, c.part, c.options.as_of);
  if (!opened.known() || !plan) return std::nullopt;
  const bool own = rule.subject.kind == model::SubjectKind::person && !rule.responds_to;
  const std::uint32_t who = own ? v.subject[decided.row] : v.owed_by[decided.row];
  if (who == eval::nobody) return std::nullopt;
  const time::Calendar& calendar = plan->calendar_at(who, opened);
  if (rule.shape == Shape::every && !rule.responds_to) {
    return walk_to_point(c.book, plan->calendars, calendar, rule, v.period[decided.row], deadline);
  }
  if (!within) return std::nullopt;
  // A date alone starts days as it is written.
  const Instant written = eval::as_written(*plan, opened, calendar);
  const Instant from = calendar.within(*within, opened) == deadline ? opened : written;
  if (calendar.within(*within, from) != deadline) return std::nullopt;
  return walk_of(c.book, plan->calendars, calendar, *within, from, deadline, {});
}

// A lapse has a clock; what was so all the time, or could not be told, has none.
bool has_lapsed(const Decided& decided) {
  const eval::Verdicts& v = decided.verdicts;
  return std::any_of(v.reasons.begin() + v.reason_first[decided.row], v.reasons.end(),
                     [](const eval::Reason& reason) { return reason.ground == eval::Ground::lapse; });
}

std::optional<Walk> walk_for(const Case& c, const Decided& decided) {
  const model::Rule& rule = c.book.rules[c.rule];
  if (rule.responds_to || decided.looked.empty()) return walk_of_debtor(c, decided);
  const eval::Context& context = decided.looked.back().context;
  const Instant opened = decided.verdicts.opened[decided.row], deadline = decided.verdicts.deadline[decided.row];
  const auto& calendars = context.view.plan().calendars;
  static const std::vector<eval::Hold> none;
  const auto& holds = context.view.plan().any_holds && !context.view.of_person() ? context.view.hold_times() : none;
  if (rule.shape == Shape::after && rule.within) {
    const bool by_date = !eval::is_clock(rule.within->unit) && context.opening != UINT32_MAX &&
                         context.view.timeline().by_day[context.opening] != 0;
    const Instant from = by_date ? eval::as_written(context.view.plan(), opened, *context.calendar) : opened;
    std::optional<Walk> walk = walk_of(c.book, calendars, *context.calendar, *rule.within, from, deadline, holds);
    if (walk && by_date) walk->written = context.view.plan().calendars.front().day_of(opened);
    return walk;
  }
  if (rule.shape == Shape::before && rule.ahead)
    return walk_ahead(c.book, calendars, *context.calendar, *rule.ahead, opened);
  if (rule.shape == Shape::every) {
    return walk_to_point(c.book, calendars, *context.calendar, rule, decided.verdicts.period[decided.row], deadline);
  }
  if (rule.shape != Shape::while_ || !rule.lapse || deadline == Instant::max()) return std::nullopt;
  if (!has_lapsed(decided) && context.calendar->within(*rule.lapse, context.now()) != deadline) return std::nullopt;
  return walk_of(c.book, calendars, *context.calendar, *rule.lapse, context.now(), deadline, holds);
}

// From when on only what happens counts: the window of a quota, the trigger of an event that is asked for.
Instant counts_from(const Case& c, const Decided& decided) {
  const model::Rule& rule = c.book.rules[c.rule];
  const Looked& looked = decided.looked.back();
  if (rule.shape == Shape::every) return looked.context.window_from;
  return rule.shape == Shape::after && looked.event ? surely_in_time(c, decided).from : Instant::unknown();
}

// Whether more is counted or added up than is listed.
bool has_more_members(const model::Rulebook& book, const Looked& looked) {
  const auto has = [&](auto self, Id<model::Expr> id) -> bool {
    const model::Expr& expr = book.exprs[id];
    if (expr.aggregate && rows_of(id, looked.context, Rows::counted).size() >= eval::most_members) return true;
    if (expr.measure && self(self, book.measures[expr.measure].value)) return true;
    return std::ranges::any_of(expr.args, [&](Id<model::Expr> arg) { return self(self, arg); });
  };
  return looked.condition && has(has, looked.condition);
}

// The rows of what the evaluation has to say, found in the part as it decides.
void look(Explanation& out, const Teller& teller, const Case& c, const Decided& decided) {
  const model::Rule& rule = c.book.rules[c.rule];
  out.facts = facts_of(teller, decided);
  out.owed_because = owed_because(teller, rule, decided);
  out.walk = walk_for(c, decided);
  out.nearest = nearest_to(teller, rule, decided);
  if (decided.looked.empty()) return;
  Looked looked = decided.looked.back();
  // What happened in time was decided then, and not when the time was over.
  const Instant settled = decided.verdicts.settled[decided.row];
  const bool kept = decided.verdicts.verdict[decided.row] == Verdict::kept;
  if (looked.event && kept && settled.known() && settled < looked.context.cut) {
    looked.context.cut = Instant{settled.micros + 1};
  }
  out.counts_from = counts_from(c, decided);
  out.decided_at = looked.context.now();
  out.atoms = atoms_of(teller, looked);
  out.more_facts = has_more_members(c.book, looked);
  out.values = named_values(teller, looked);
}

// The leave that a number was adjusted by stands in no timeline.
void add_leave(Explanation& out, const report::Input& input) {
  const eval::Verdicts& v = input.evaluation.verdicts;
  const time::Calendar calendar = report::default_calendar(input.rulebook);
  for (std::uint32_t i = v.reason_first[out.row]; i < v.reason_first[out.row + 1]; ++i) {
    const history::People::Leave* leave = report::leave_of(input, v.reasons[i]);
    if (!leave) continue;
    FactLine line;
    line.at = leave->from.known() ? calendar.start_of(leave->from) : Instant::unknown();
    line.recorded = leave->recorded;
    line.by_day = true;
    line.words = report::away_text(input, v.reasons[i]);
    line.where = origin_text(input.history, leave->origin);
    out.facts.push_back(std::move(line));
  }
  std::stable_sort(out.facts.begin(), out.facts.end(),
                   [](const FactLine& a, const FactLine& b) { return a.at < b.at; });
}

std::vector<Fact> missing_of(const report::Input& input, std::size_t row) {
  const eval::Verdicts& v = input.evaluation.verdicts;
  const report::View view{input, report::default_calendar(input.rulebook), report::chosen_rules(input)};
  std::vector<Fact> facts;
  for (std::uint32_t i = v.fact_first[row]; i < v.fact_first[row + 1]; ++i) {
    if (const std::optional<Instant> until = report::may_follow_until(input, view.calendar, row, v.facts[i])) {
      facts.push_back({report::fact_text(input, v.facts[i]),
                       {},
                       report::not_over_text(input, *until, report::until_text(view, *until))});
      continue;
    }
    facts.push_back({report::fact_text(input, v.facts[i]), report::fact_source(input, v.facts[i]),
                     report::fact_remedy(input, v.facts[i])});
  }
  return facts;
}

std::string becomes(const Found& found, Verdict was) {
  if (!found.outcome) return "this lapse would not have begun";
  if (found.outcome->verdict == Verdict::due)
    return fmt::format("then it would be due, and not {}", eval::to_text(was));
  return std::string(eval::to_text(found.outcome->verdict));
}

std::string why_not(const Explanation& out, const Teller& teller, const Found& found) {
  if (found.hope == Hope::undone_only) {
    const std::vector<std::string> words = change_texts(teller, found.revisions, {});
    return fmt::format("{}; had the past been another, it would be kept: {}", found.why, fmt::join(words, "; "));
  }
  const auto unknown = [](const Atom& atom) { return atom.truth == eval::Truth::unknown; };
  const bool doubt = found.hope == Hope::none_found && std::any_of(out.atoms.begin(), out.atoms.end(), unknown);
  return found.why + (doubt ? "; a part of the condition cannot be told" : "");
}

void offer(Explanation& out, const Teller& teller, const Case& c, const Outcome& now, const Effort& effort) {
  Found found = search(c, now, effort);
  if (!found.found) {
    out.hope = found.hope;
    out.no_change = why_not(out, teller, found);
    return;
  }
  // What comes before an event has no deadline but the event.
  const bool before = c.book.rules[c.rule].shape == Shape::before && !c.book.rules[c.rule].ahead;
  const Instant bound = before ? c.key.opened : now.until;
  Change change;
  const bool still = now.verdict == Verdict::due;
  change.told = told_of(c, now.verdict, found, out.counts_from, bound, affordable(c, effort) / 4);
  const Told& told = change.told;
  const auto put = std::ranges::count_if(found.revisions, [](const history::Revision& r) {
    using What = history::Revision::What;
    return r.what == What::happens || r.what == What::new_deal || r.what == What::new_contact;
  });
  // One fact that stands just before the end is told to be before it.
  const Instant until = told.until.known() || put > 1 ? told.until : bound;
  const bool on_hold = still && !report::is_date(now.until) && c.book.rules[c.rule].within.has_value();
  const bool of_people = c.book.rules[c.rule].subject.kind != model::SubjectKind::deal;
  change.words = change_texts(teller, found.revisions,
                              {told.since, until, !still && out.counts_from.known(), told.any_time, of_people,
                               of_people && c.by_actor, on_hold, told.within});
  change.revisions = std::move(found.revisions);
  change.as_of = found.as_of;
  change.still = still;
  change.becomes = becomes(found, now.verdict);
  out.change = std::move(change);
}

}  // namespace

struct Together {
  using Place = std::tuple<Instant, Instant, std::size_t>;  // opened, period, nth
  std::shared_ptr<Case> c;
  std::uint32_t rule = UINT32_MAX, subject = UINT32_MAX;  // of the verdicts that are explained
  std::map<Place, Explanation> seen;
  std::map<Place, Outcome> outcomes;
};

Explainer::Explainer(const report::Input& input, const eval::Options& options, Effort effort)
    : input_(input), options_(options), effort_(effort), calendar_(report::default_calendar(input.rulebook)) {
  options_.as_of = input.evaluation.horizon;
  options_.threads = 1;
}

Explainer::~Explainer() = default;

const Together& Explainer::together(std::size_t row, bool whole_history) {
  const eval::Verdicts& v = input_.evaluation.verdicts;
  std::unique_ptr<Together>& kept = together_[whole_history ? 1 : 0];
  if (kept && kept->rule == v.rule[row] && kept->subject == v.subject[row]) return *kept;
  kept = std::make_unique<Together>();
  kept->rule = v.rule[row], kept->subject = v.subject[row];
  kept->c = std::make_shared<Case>(case_of(input_, options_, row, whole_history));
  Case& c = *kept->c;
  c.part.complete_until = Instant::max();
  const Teller teller{{input_, calendar_, report::chosen_rules(input_)}, c.book, c.part};
  const auto look_at = [&](const Decided& decided, const Each& each) {
    look(kept->seen[{each.opened, each.period, each.nth}], teller, c, decided);
  };
  for (const Each& each : evaluate_all(c, options_.as_of, look_at)) {
    kept->outcomes[{each.opened, each.period, each.nth}] = each.outcome;
  }
  return *kept;
}

Explanation Explainer::explain(std::size_t row) {
  const eval::Verdicts& v = input_.evaluation.verdicts;
  const model::Rule& rule = input_.rulebook.rules[v.rule[row]];
  const Key key = key_of(input_, row);
  const Together::Place place{key.opened, key.period, key.nth};
  Explanation out;
  // The verdict of a part is that of the whole; where it is not, the whole is looked at.
  for (const bool whole : {false, true}) {
    const Together& of = together(row, whole);
    const auto found = of.outcomes.find(place);
    const Outcome* outcome = found == of.outcomes.end() ? nullptr : &found->second;
    const bool same = outcome && outcome->verdict == v.verdict[row] && outcome->deadline == v.deadline[row] &&
                      outcome->settled == v.settled[row];
    if (!same && !whole) continue;
    if (const auto seen = of.seen.find(place); seen != of.seen.end()) out = seen->second;
    out.row = row;
    out.sentence = rule.sentence;
    out.missing = missing_of(input_, row);
    of.c->key = key;
    const Verdict verdict = v.verdict[row];
    if (verdict == Verdict::missed || verdict == Verdict::late || verdict == Verdict::due) {
      const Teller teller{{input_, calendar_, report::chosen_rules(input_)}, of.c->book, of.c->part};
      if (outcome) offer(out, teller, *of.c, *outcome, effort_);
    } else if (verdict == Verdict::cannot_tell) {
      out.no_change = out.missing.empty() ? "what cannot be told was not missed"
                                          : "what cannot be told was not missed; what has to be known first is named";
    }
    out.part = {of.c, &of.c->part};
    break;
  }
  add_leave(out, input_);
  return out;
}

}  // namespace plumb::explain
