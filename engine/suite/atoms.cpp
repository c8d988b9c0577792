#include "suite/atoms.h"

#include <algorithm>
#include <optional>

#include "eval/condition.h"
#include "eval/measure.h"
#include "eval/run.h"

namespace plumb::suite {

namespace {

using eval::Ground;
using model::Op;
using ExprId = Id<model::Expr>;

bool joins(Op op) { return op == Op::and_ || op == Op::or_ || op == Op::not_ || op == Op::at_least_of; }

std::optional<bool> was_so(Ground ground) {
  if (ground == Ground::holds) return true;
  if (ground == Ground::fails || ground == Ground::lapse || ground == Ground::limit_exceeded) return false;
  return std::nullopt;
}

// What the conditions that say when a rule asks something are for a subject, of the facts before the cut.
void see_filters(const Evaluated& evaluated, const model::Rule& rule, std::string_view subject, time::Instant cut,
                 std::vector<SeenAtom>& seen) {
  std::vector<ExprId> atoms;
  for (const ExprId filter : {rule.subject.where, rule.while_condition}) {
    for (const ExprId atom : atoms_of(evaluated.book, filter)) atoms.push_back(atom);
  }
  if (atoms.empty()) return;
  const std::vector<eval::Truth> truths = eval::conditions_as_of(
      evaluated.book, evaluated.told.history, evaluated.evaluation.horizon, atoms, rule.subject.kind, subject, cut);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (truths[i] != eval::Truth::unknown) seen.push_back({atoms[i], truths[i] == eval::Truth::yes});
  }
}

// Whose verdict it is.
std::string_view subject_of(const Evaluated& evaluated, std::size_t row) {
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  const history::History& history = evaluated.told.history;
  const std::uint32_t subject = verdicts.subject[row];
  switch (evaluated.book.rules[verdicts.rule[row]].subject.kind) {
    case model::SubjectKind::deal: return history.words[history.deals.ids[subject]];
    case model::SubjectKind::person: return history.words[history.people.names.ids[subject]];
    case model::SubjectKind::team: return verdicts.teams[subject];
    case model::SubjectKind::company: break;
  }
  return {};
}

// A record that names the day of its period is told by the event: `report has happened` was so, or was not.
void see_record(const model::Rulebook& book, const model::Rule& rule, const eval::Reason& reason,
                std::vector<SeenAtom>& seen) {
  const bool late = reason.ground == Ground::happened_late;
  if (rule.shape != model::Shape::every || reason.atom || !reason.event) return;
  for (const ExprId atom : atoms_of(book, rule.expect)) {
    if (book.exprs[atom].op != Op::happened || book.exprs[atom].event != reason.event) continue;
    if (late || reason.ground == Ground::happened) seen.push_back({atom, true});
    if (late || reason.ground == Ground::nothing_happened) seen.push_back({atom, false});
  }
}

// Whether a condition is one, or joins several of which each has to be so.
bool asks_for_all(const model::Rulebook& book, ExprId condition) {
  const model::Expr& expr = book.exprs[condition];
  if (joins(expr.op) && expr.op != Op::and_) return false;
  return expr.op != Op::and_ || std::ranges::all_of(expr.args, [&](ExprId arg) { return asks_for_all(book, arg); });
}

// A denied atom is seen from its other side. What several make up says nothing of each.
void see_reason(const model::Rulebook& book, const eval::Reason& reason, std::vector<SeenAtom>& seen) {
  const std::optional<bool> held = was_so(reason.ground);
  if (!held || !reason.atom) return;
  const model::Expr& expr = book.exprs[reason.atom];
  const bool denied = expr.op == Op::not_;
  const ExprId atom = denied ? expr.args.front() : reason.atom;
  if (!joins(book.exprs[atom].op)) seen.push_back({atom, *held != denied});
}

// What a late count says was not so by the deadline came to be so, where all of it had to.
void see_late_count(const Evaluated& evaluated, std::size_t row, std::vector<SeenAtom>& seen) {
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  const model::Rule& rule = evaluated.book.rules[verdicts.rule[row]];
  const bool late = rule.shape == model::Shape::every && verdicts.verdict[row] == eval::Verdict::late;
  if (!late || !asks_for_all(evaluated.book, rule.expect)) return;
  for (const eval::Reason& reason : reasons_of(verdicts, row)) {
    if (reason.ground == Ground::fails && reason.atom) seen.push_back({reason.atom, true});
  }
}

// The same of what lasts of people, where it asks for one thing.
void see_outcome_of_people(const Evaluated& evaluated, std::size_t row, time::Instant cut, eval::Truth outcome,
                           std::vector<SeenAtom>& seen) {
  const model::Rule& rule = evaluated.book.rules[evaluated.evaluation.verdicts.rule[row]];
  const bool denied = evaluated.book.exprs[rule.expect].op == Op::not_;
  const ExprId atom = denied ? evaluated.book.exprs[rule.expect].args.front() : rule.expect;
  if (!cut.known() || joins(evaluated.book.exprs[atom].op)) return;
  const std::vector<eval::Truth> truth =
      eval::conditions_as_of(evaluated.book, evaluated.told.history, evaluated.evaluation.horizon, {rule.expect},
                             rule.subject.kind, subject_of(evaluated, row), cut);
  if (truth.front() == outcome) seen.push_back({atom, (outcome == eval::Truth::yes) != denied});
}

// What makes the rule's condition what it is of the facts before the cut, where it is that.
void see_outcome(const Evaluated& evaluated, std::size_t row, time::Instant cut, eval::Truth outcome,
                 std::vector<SeenAtom>& seen) {
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  const model::Rule& rule = evaluated.book.rules[verdicts.rule[row]];
  const Result<eval::Plan> plan = eval::bind(evaluated.book, evaluated.told.history, evaluated.evaluation.horizon);
  if (!plan || !cut.known()) return;
  eval::View view(*plan);
  const bool person = rule.subject.kind == model::SubjectKind::person;
  person ? view.load_person(verdicts.subject[row]) : view.load_deal(verdicts.subject[row]);
  eval::Trace trace;
  const time::Calendar& calendar = plan->calendar_at(verdicts.owed_by[row], verdicts.opened[row]);
  eval::Context context{.view = view, .cut = cut, .calendar = &calendar};
  context.timely = rule.shape == model::Shape::after, context.trace = &trace;
  if (person) context.person = verdicts.subject[row], context.subject = model::SubjectKind::person;
  const std::uint32_t first = verdicts.evidence_first[row];
  const bool opened = rule.trigger && first < verdicts.evidence_first[row + 1];
  if (opened) context.opening = verdicts.evidence[first].index;
  if (eval::holds(rule.expect, context) != outcome) return;
  trace.clear();
  eval::explain(rule.expect, context, outcome);
  for (const eval::Reason& reason : trace.reasons) see_reason(evaluated.book, reason, seen);
}

// What came late was not so at the deadline: that it is so later on is what the verdict says. What the verdict on a
// lapse says is that something was not so: that it is so again ends the lapse.
void see_turn(const Evaluated& evaluated, std::size_t row, std::vector<SeenAtom>& seen) {
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  const model::Rule& rule = evaluated.book.rules[verdicts.rule[row]];
  const bool late = verdicts.verdict[row] == eval::Verdict::late;
  if (!rule.expect) return;
  if (rule.shape == model::Shape::after && late) {
    see_outcome(evaluated, row, verdicts.deadline[row], eval::Truth::no, seen);
  }
  const time::Instant settled = verdicts.settled[row];
  const bool over = late || verdicts.verdict[row] == eval::Verdict::kept;
  if (rule.shape != model::Shape::while_ || !over || !settled.known()) return;
  const bool deal = rule.subject.kind == model::SubjectKind::deal;
  const auto see = deal ? see_outcome : see_outcome_of_people;
  see(evaluated, row, time::Instant{settled.micros + 1}, eval::Truth::yes, seen);
}

}  // namespace

std::uint32_t find_subject(const history::History& history, const history::Subjects& subjects, std::string_view id) {
  for (std::uint32_t i = 0; i < subjects.size(); ++i) {
    if (history.words[subjects.ids[i]] == id) return i;
  }
  return eval::nobody;
}

std::vector<ExprId> atoms_of(const model::Rulebook& book, ExprId condition) {
  if (!condition) return {};
  const model::Expr& expr = book.exprs[condition];
  if (!joins(expr.op)) return {condition};
  std::vector<ExprId> all;
  for (const ExprId arg : expr.args) {
    const std::vector<ExprId> atoms = atoms_of(book, arg);
    all.insert(all.end(), atoms.begin(), atoms.end());
  }
  return all;
}

std::vector<SeenAtom> atoms_of_verdict(const Evaluated& evaluated, std::size_t row) {
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  std::vector<SeenAtom> seen;
  const model::Rule& rule = evaluated.book.rules[verdicts.rule[row]];
  for (const eval::Reason& reason : reasons_of(verdicts, row)) {
    see_reason(evaluated.book, reason, seen);
    see_record(evaluated.book, rule, reason, seen);
  }
  see_turn(evaluated, row, seen);
  see_late_count(evaluated, row, seen);
  const auto see_at = [&](time::Instant at) {
    if (at.known()) see_filters(evaluated, rule, subject_of(evaluated, row), time::Instant{at.micros + 1}, seen);
  };
  see_at(verdicts.opened[row]);
  // A stretch is settled where it ends.
  if (rule.while_condition) see_at(verdicts.settled[row]);
  return seen;
}

std::vector<SeenAtom> atoms_of_subject(const Evaluated& evaluated, std::uint32_t rule, std::string_view subject,
                                       time::Instant before) {
  std::vector<SeenAtom> seen;
  see_filters(evaluated, evaluated.book.rules[rule], subject, before, seen);
  return seen;
}

}  // namespace plumb::suite
