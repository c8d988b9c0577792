#include "eval/run.h"

#include <algorithm>

#include "eval/obligation.h"

namespace plumb::eval {

bool evaluated(const model::Rulebook& book, const model::Rule& rule);  // unevaluated.cpp

namespace {

using AccountOrdinals = std::vector<std::vector<std::uint32_t>>;

// `1st E for each account` counts over all deals of an account, so it is known before any deal is looked at.
AccountOrdinals account_ordinals(const Plan& plan) {
  struct Candidate {
    std::uint32_t account;
    Instant at;
    std::uint32_t index;
  };
  AccountOrdinals chosen(plan.book.events.size());
  View view(plan);
  for (std::size_t i = 0; i < plan.book.events.size(); ++i) {
    const model::Event& event = plan.book.events[Id<model::Event>(i)];
    if (event.kind != model::EventKind::ordinal || !event.for_each_account) continue;
    std::vector<Candidate> candidates;
    const auto deals = static_cast<std::uint32_t>(plan.history.deals.size());
    for (std::uint32_t deal = 0; deal < deals; ++deal) {
      view.load_deal(deal);
      // A deal of no known account counts by itself.
      const std::uint32_t account = deal < plan.history.deal_account.size() ? plan.history.deal_account[deal] : UINT32_MAX;
      const std::uint32_t key = account == UINT32_MAX ? static_cast<std::uint32_t>(plan.history.accounts.size()) + deal : account;
      for (const Occurrence& found : view.occurrences(event.parts.front())) {
        if (found.certain && found.at.known()) candidates.push_back({key, found.at, found.index});
      }
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
      return a.account != b.account ? a.account < b.account : a.at != b.at ? a.at < b.at : a.index < b.index;
    });
    std::int64_t nth = 0;
    time::Day last_day = time::Day::unknown();
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      const bool fresh = c == 0 || candidates[c].account != candidates[c - 1].account;
      if (fresh) nth = 0, last_day = time::Day::unknown();
      const time::Day day = plan.calendars.front().day_of(candidates[c].at);
      if (event.on_another_day && day == last_day) continue;
      last_day = day;
      if (++nth == event.nth) chosen[i].push_back(candidates[c].index);
    }
    std::sort(chosen[i].begin(), chosen[i].end());
  }
  return chosen;
}

void run_deal_rule(RuleRun& run, View& view) {
  switch (run.rule.shape) {
    case model::Shape::after: return run_response(run, view);
    case model::Shape::before: return run_precedence(run, view);
    case model::Shape::at: return run_check(run, view);
    case model::Shape::while_: return run_invariant(run, view);
    case model::Shape::throughout: return run_limit(run, view);
    case model::Shape::every: return run_quota(run, view, Instant::unknown());
  }
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append_offsets(std::vector<std::uint32_t>& to, const std::vector<std::uint32_t>& from, std::size_t base) {
  for (std::uint32_t offset : from) to.push_back(static_cast<std::uint32_t>(offset + base));
}

void append(Verdicts& to, const Verdicts& from, model::SubjectKind kind) {
  const auto teams = static_cast<std::uint32_t>(to.teams.size());
  append(to.rule, from.rule);
  for (std::uint32_t subject : from.subject) {
    to.subject.push_back(kind == model::SubjectKind::team || kind == model::SubjectKind::company ? subject + teams : subject);
  }
  append(to.owed_by, from.owed_by);
  append(to.opened, from.opened);
  append(to.deadline, from.deadline);
  append(to.settled, from.settled);
  append(to.verdict, from.verdict);
  append(to.period, from.period);
  append_offsets(to.reason_first, from.reason_first, to.reasons.size());
  append_offsets(to.evidence_first, from.evidence_first, to.evidence.size());
  append_offsets(to.fact_first, from.fact_first, to.facts.size());
  append(to.reasons, from.reasons);
  append(to.evidence, from.evidence);
  append(to.facts, from.facts);
  append(to.teams, from.teams);
}

Instant history_begin(const history::History& history) {
  const Instant first = history.first_event();
  const Instant covered = history.coverage.everything.from;
  return covered.known() && (!first.known() || covered < first) ? covered : first;
}

void run_deals(const Plan& plan, View& view, std::vector<RuleRun>& runs, Members& members) {
  const auto deals = static_cast<std::uint32_t>(plan.history.deals.size());
  for (std::uint32_t deal = 0; deal < deals; ++deal) {
    view.load_deal(deal);
    for (RuleRun& run : runs) {
      if (run.rule.subject.kind == model::SubjectKind::deal) run_deal_rule(run, view);
    }
    collect_members(view, members);
  }
  sort_members(members);
}

void run_people_and_groups(const Plan& plan, View& view, std::vector<RuleRun>& runs) {
  const Instant begin = history_begin(plan.history);
  if (!begin.known()) return;
  const auto people = static_cast<std::uint32_t>(plan.history.people.names.size());
  for (std::uint32_t person = 0; person < people; ++person) {
    view.load_person(person);
    for (RuleRun& run : runs) {
      if (run.rule.subject.kind == model::SubjectKind::person) run_quota(run, view, begin);
    }
  }
  view.load_person(people);  // nobody's own timeline
  for (RuleRun& run : runs) {
    const model::SubjectKind kind = run.rule.subject.kind;
    if (kind == model::SubjectKind::team || kind == model::SubjectKind::company) run_group_quota(run, view, begin);
  }
}

}  // namespace

Result<Evaluation> run(const model::Rulebook& rulebook, const history::History& history, const Options& options) {
  PLUMB_ASSERT(options.as_of.known(), "an evaluation has an as-of");
  Evaluation out;
  out.horizon = std::min(options.as_of, history.complete_until);
  out.horizon_from = history.complete_until < options.as_of ? HorizonFrom::complete_until : HorizonFrom::as_of;
  Result<Plan> bound = bind(rulebook, history, out.horizon);
  if (!bound) return Failure{bound.error()};
  const Plan& plan = *bound;
  const AccountOrdinals ordinals = account_ordinals(plan);
  View view(plan), member_view(plan);
  view.set_account_ordinals(&ordinals);
  member_view.set_account_ordinals(&ordinals);
  Members members = wanted_members(plan);
  members.deals = &member_view;
  std::vector<RuleRun> runs;
  for (std::uint32_t i = 0; i < rulebook.rules.size(); ++i) {
    if (!evaluated(rulebook, rulebook.rules[i])) continue;
    runs.emplace_back(plan, i);
    if (rulebook.rules[i].subject.kind != model::SubjectKind::deal) runs.back().members = &members;
  }
  run_deals(plan, view, runs, members);
  run_people_and_groups(plan, view, runs);
  for (const RuleRun& run : runs) append(out.verdicts, run.verdicts, run.rule.subject.kind);
  Verdicts& all = out.verdicts;
  all.reason_first.push_back(static_cast<std::uint32_t>(all.reasons.size()));
  all.evidence_first.push_back(static_cast<std::uint32_t>(all.evidence.size()));
  all.fact_first.push_back(static_cast<std::uint32_t>(all.facts.size()));
  return out;
}

}  // namespace plumb::eval
