#include "explain/explain.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "explain/case.h"
#include "explain/parts.h"
#include "explain/search.h"
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
  std::stable_sort(lines.begin(), lines.end(), [](const FactLine& a, const FactLine& b) { return a.at < b.at; });
  return lines;
}

// What is done about a verdict has no condition that was looked at. Missing: where its clock is another calendar's, or
// stood still.
std::optional<Walk> walk_of_response(const Teller& teller, const Case& c, const Decided& decided) {
  const std::optional<time::Duration>& within = c.book.rules[c.rule].responses.front().within;
  const Instant opened = decided.verdicts.opened[decided.row], deadline = decided.verdicts.deadline[decided.row];
  const time::Calendar& calendar = teller.view.calendar;
  if (!within || !opened.known() || calendar.within(*within, opened) != deadline) return std::nullopt;
  return walk_of(c.book, {}, calendar, *within, opened, deadline, {});
}

std::optional<Walk> walk_for(const Teller& teller, const Case& c, const Decided& decided) {
  const model::Rule& rule = c.book.rules[c.rule];
  if (rule.responds_to) return walk_of_response(teller, c, decided);
  if (decided.looked.empty()) return std::nullopt;
  const eval::Context& context = decided.looked.back().context;
  const Instant opened = decided.verdicts.opened[decided.row], deadline = decided.verdicts.deadline[decided.row];
  const auto& calendars = context.view.plan().calendars;
  static const std::vector<eval::Hold> none;
  const auto& holds = context.view.plan().any_holds && !context.view.of_person() ? context.view.hold_times() : none;
  if (rule.shape == Shape::after && rule.within) {
    return walk_of(c.book, calendars, *context.calendar, *rule.within, opened, deadline, holds);
  }
  if (rule.shape == Shape::before && rule.ahead)
    return walk_ahead(c.book, calendars, *context.calendar, *rule.ahead, opened);
  if (rule.shape != Shape::while_ || !rule.lapse || deadline == Instant::max()) return std::nullopt;
  return walk_of(c.book, calendars, *context.calendar, *rule.lapse, context.now(), deadline, holds);
}

// The rows of what the evaluation has to say, found in the part as it decides.
void look(Explanation& out, const Teller& teller, const Case& c, const Decided& decided) {
  const model::Rule& rule = c.book.rules[c.rule];
  out.facts = facts_of(teller, decided);
  out.owed_because = owed_because(teller, rule, decided);
  out.walk = walk_for(teller, c, decided);
  out.nearest = nearest_to(teller, rule, decided);
  if (decided.looked.empty()) return;
  const Looked& looked = decided.looked.back();
  out.decided_at = looked.context.now();
  out.atoms = atoms_of(teller, looked);
  out.values = named_values(teller, looked);
}

std::vector<Fact> missing_of(const report::Input& input, std::size_t row) {
  const eval::Verdicts& v = input.evaluation.verdicts;
  std::vector<Fact> facts;
  for (std::uint32_t i = v.fact_first[row]; i < v.fact_first[row + 1]; ++i) {
    facts.push_back({report::fact_text(input, v.facts[i]), report::fact_source(input, v.facts[i]),
                     report::fact_remedy(input, v.facts[i])});
  }
  return facts;
}

std::string becomes(const Found& found) {
  if (!found.outcome) return "this lapse would not have begun";
  if (found.outcome->verdict == Verdict::due) return "then it would be due, and not missed";
  return std::string(eval::to_text(found.outcome->verdict));
}

void offer(Explanation& out, const Teller& teller, const Case& c, const Outcome& now, const Effort& effort) {
  std::string why;
  Found found = search(c, now, effort, why);
  if (!found.found) {
    const auto unknown = [](const Atom& atom) { return atom.truth == eval::Truth::unknown; };
    if (std::any_of(out.atoms.begin(), out.atoms.end(), unknown)) why += "; a part of the condition cannot be told";
    out.no_change = std::move(why);
    return;
  }
  // What comes before an event has no deadline but the event.
  const bool before = c.book.rules[c.rule].shape == Shape::before && !c.book.rules[c.rule].ahead;
  const Instant bound = before ? c.key.opened : now.deadline;
  Change change;
  change.words = change_texts(teller, found.revisions, bound);
  change.revisions = std::move(found.revisions);
  change.as_of = found.as_of;
  change.still = now.verdict == Verdict::due;
  change.becomes = becomes(found);
  out.change = std::move(change);
}

}  // namespace

Explainer::Explainer(const report::Input& input, const eval::Options& options, Effort effort)
    : input_(input), options_(options), effort_(effort), calendar_(report::default_calendar(input.rulebook)) {
  options_.as_of = input.evaluation.horizon;
  options_.threads = 1;
}

Explanation Explainer::explain(std::size_t row) const {
  const eval::Verdicts& v = input_.evaluation.verdicts;
  const model::Rule& rule = input_.rulebook.rules[v.rule[row]];
  const report::View view{input_, calendar_, report::chosen_rules(input_)};
  Explanation out;
  // The verdict of a part is that of the whole; where it is not, the whole is looked at.
  for (const bool whole : {false, true}) {
    Case c = case_of(input_, options_, row, whole);
    c.part.complete_until = Instant::max();
    const Teller teller{view, c.book, c.part};
    Explanation looked;
    const Judged judged =
        evaluate(c, c.part, options_.as_of, [&](const Decided& decided) { look(looked, teller, c, decided); });
    const bool same = judged.outcome && judged.outcome->verdict == v.verdict[row] &&
                      judged.outcome->deadline == v.deadline[row] && judged.outcome->settled == v.settled[row];
    if (!same && !whole) continue;
    out = std::move(looked);
    out.row = row;
    out.sentence = rule.sentence;
    out.missing = missing_of(input_, row);
    const Verdict verdict = v.verdict[row];
    if (verdict == Verdict::missed || verdict == Verdict::late || verdict == Verdict::due) {
      if (judged.outcome) offer(out, teller, c, *judged.outcome, effort_);
    } else if (verdict == Verdict::cannot_tell) {
      out.no_change = "what cannot be told was not missed; what has to be known first is named";
    }
    out.part = std::move(c.part);
    break;
  }
  return out;
}

}  // namespace plumb::explain
