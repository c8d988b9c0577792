#include "eval/verdict_facts.h"

#include <algorithm>

#include "eval/day.h"
#include "eval/order.h"
#include "eval/walk.h"

namespace plumb::eval {

VerdictFacts::VerdictFacts(const Plan& plan) : plan_(plan), of_rule_(plan.book.rules.size(), nullptr) {
  for (std::uint32_t row = 0; row < plan.book.rules.size(); ++row) named_[plan.book.rules[row].name].push_back(row);
}

void VerdictFacts::sort_for(const model::Rule& rule) {
  std::array<bool, 6> wanted{};
  const auto take = [&](const model::Expr& expr) {
    if (expr.op == model::Op::verdict) wanted[static_cast<std::size_t>(expr.verdict_of)] = true;
    return false;
  };
  Walk{plan_.book, take, [](const model::Event&) { return false; }}.rule(rule);
  for (std::size_t whole = 1; whole < wanted.size(); ++whole) {
    if (wanted[whole]) sort_by_debtor(static_cast<model::VerdictOf>(whole));
  }
}

void VerdictFacts::sort_by_debtor(model::VerdictOf whole) {
  auto& by_person = by_debtor_[static_cast<std::size_t>(whole)];
  by_person.assign(plan_.history.people.names.size(), {});
  for (std::uint32_t rule = 0; rule < of_rule_.size(); ++rule) {
    if (!of_rule_[rule] || !belongs_to(plan_.book.rules[rule], whole)) continue;
    const Verdicts& of = *of_rule_[rule];
    for (std::uint32_t row = 0; row < of.size(); ++row) {
      if (of.owed_by[row] != nobody) by_person[of.owed_by[row]].push_back({rule, row});
    }
  }
}

VerdictFacts::Range VerdictFacts::about(std::uint32_t rule, std::uint32_t subject) const {
  const std::vector<std::uint32_t>& subjects = of_rule_[rule]->subject;
  const auto [begin, end] = std::equal_range(subjects.begin(), subjects.end(), subject);
  return {static_cast<std::uint32_t>(begin - subjects.begin()), static_cast<std::uint32_t>(end - subjects.begin())};
}

const std::vector<std::uint32_t>& VerdictFacts::named(const std::string& rule) const {
  static const std::vector<std::uint32_t> none;
  const auto found = named_.find(rule);
  return found == named_.end() ? none : found->second;
}

const std::vector<VerdictFacts::Row>& VerdictFacts::owed_by(model::VerdictOf whole, std::uint32_t person) const {
  static const std::vector<Row> none;
  const auto& by_person = by_debtor_[static_cast<std::size_t>(whole)];
  return person < by_person.size() ? by_person[person] : none;
}

Earlier earlier_of(const Verdicts& verdicts, std::uint32_t row) {
  const auto found = std::ranges::lower_bound(verdicts.earlier, row, {}, &Earlier::row);
  const bool has = found != verdicts.earlier.end() && found->row == row;
  return has ? *found : Earlier{row, Instant::unknown(), Instant::unknown()};
}

bool late_some_time(const Verdicts& verdicts, std::size_t row, Instant as_of, Instant passed) {
  if (verdicts.verdict[row] != Verdict::late || verdicts.deadline[row].known() || verdicts.settled[row] < as_of)
    return false;
  const Instant surely = earlier_of(verdicts, static_cast<std::uint32_t>(row)).surely_missed;
  return !surely.known() || surely > passed;
}

std::uint32_t of_team(const Verdicts& verdicts, const Plan& plan, std::uint32_t team) {
  const std::vector<std::string>& teams = verdicts.teams;
  return static_cast<std::uint32_t>(std::ranges::find(teams, plan.history.words[team]) - teams.begin());
}

std::optional<Verdict> verdict_as_of(const Verdicts& verdicts, std::size_t row, Instant as_of, Instant passed) {
  const Verdict is = verdicts.verdict[row];
  const Instant opened = verdicts.opened[row], settled = verdicts.settled[row], deadline = verdicts.deadline[row];
  if (opened.known() && opened >= as_of) return std::nullopt;
  if (is == Verdict::due || !settled.known()) return is;
  // Of what is late without a known deadline nobody knows since when it was missed.
  if (late_some_time(verdicts, row, as_of, passed)) return Verdict::cannot_tell;
  if (is == Verdict::late && settled >= as_of) return deadline <= passed ? Verdict::missed : Verdict::due;
  const bool reached = settled == deadline ? settled <= passed : settled < as_of;
  return reached ? is : Verdict::due;
}

void verdict_points(const model::Expr& expr, const View& view, const Who& who, std::vector<Instant>& out) {
  const VerdictFacts* facts = view.facts();
  const Plan& plan = view.plan();
  if (!facts || expr.verdict_of != model::VerdictOf::rule) return;
  for (std::uint32_t rule : facts->named(expr.text)) {
    if (!facts->has(rule)) continue;
    const Verdicts& of = facts->of(rule);
    const std::uint32_t subject = !who.any()           ? view.subject()
                                  : who.team == nobody ? who.subject
                                                       : of_team(of, plan, who.team);
    const VerdictFacts::Range rows = facts->about(rule, subject);
    for (std::uint32_t row = rows.begin; row != rows.end; ++row) {
      const Earlier perhaps = earlier_of(of, row);
      for (Instant at :
           {of.opened[row], of.deadline[row], of.settled[row], perhaps.kept, perhaps.missed, perhaps.surely_missed}) {
        out.push_back(at);
        // What has a date alone has come when its day is over.
        if (plan.by_day && at.known() && at < plan.horizon) out.push_back(Instant{last_of_day(plan, at).micros + 1});
      }
    }
  }
}

}  // namespace plumb::eval
