#include "eval/run.h"

#include <algorithm>

#include "eval/obligation.h"
#include "eval/ordinal.h"

namespace plumb::eval {

namespace {

using AccountOrdinals = std::vector<std::vector<Occurrence>>;

struct Candidate {
  std::uint32_t account;
  Occurrence found;
};

// The accounts' candidates in order, and since when anything of an account is there to be seen. A deal of no known
// account counts by itself.
std::vector<Candidate> account_candidates(const Plan& plan, View& view, Id<model::Event> event,
                                          std::vector<Instant>& since) {
  const auto accounts = static_cast<std::uint32_t>(plan.history.accounts.size());
  const auto deals = static_cast<std::uint32_t>(plan.history.deals.size());
  since.assign(accounts + deals, Instant::max());
  std::vector<Candidate> candidates;
  for (std::uint32_t deal = 0; deal < deals; ++deal) {
    view.load_deal(deal);
    const std::uint32_t account =
        deal < plan.history.deal_account.size() ? plan.history.deal_account[deal] : UINT32_MAX;
    const std::uint32_t key = account == UINT32_MAX ? accounts + deal : account;
    if (view.begin() != view.end()) since[key] = std::min(since[key], view.created());
    for (const Occurrence& found : view.occurrences(event)) candidates.push_back({key, found});
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.account != b.account) return a.account < b.account;
    return a.found.at != b.found.at ? a.found.at < b.found.at : a.found.index < b.found.index;
  });
  return candidates;
}

// `1st E for each account` counts over all deals of an account, so it is known before any deal is looked at.
AccountOrdinals account_ordinals(const Plan& plan) {
  AccountOrdinals chosen(plan.book.events.size());
  View view(plan);
  // Where no column names accounts, nobody knows which deals share one.
  const bool accounts_observed = plan.history.supplier.count("account") > 0;
  view.set_account_ordinals(&chosen);  // an event stands behind those it is made of
  std::vector<Instant> since;
  for (std::size_t i = 0; i < plan.book.events.size(); ++i) {
    const model::Event& event = plan.book.events[Id<model::Event>(i)];
    if (event.kind != model::EventKind::ordinal || !event.for_each_account) continue;
    const Id<model::Event> part = event.parts.front();
    Ordinal ordinal(event);
    std::uint32_t account = UINT32_MAX;
    for (const Candidate& candidate : account_candidates(plan, view, part, since)) {
      if (candidate.account != account) ordinal = Ordinal(event), account = candidate.account;
      const Instant at = candidate.found.at;
      const bool unseen = !accounts_observed || (at.known() && !is_observed(plan, part, since[account], at));
      const auto found = ordinal.take(candidate.found, plan.calendars.front(), unseen);
      if (found) chosen[i].push_back(*found);
    }
    std::sort(chosen[i].begin(), chosen[i].end(),
              [](const Occurrence& a, const Occurrence& b) { return a.index < b.index; });
  }
  return chosen;
}

void run_deal_rule(RuleRun& run, View& view) {
  if (run.rule.origin == model::RuleOrigin::path) return run_path(run, view);
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
    to.subject.push_back(kind == model::SubjectKind::team || kind == model::SubjectKind::company ? subject + teams
                                                                                                 : subject);
  }
  append(to.owed_by, from.owed_by);
  append(to.opened, from.opened);
  append(to.deadline, from.deadline);
  append(to.settled, from.settled);
  append(to.verdict, from.verdict);
  append(to.period, from.period);
  append(to.calendar, from.calendar);
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
  for (std::uint32_t person = 0; person < plan.history.people.names.size(); ++person) {
    view.load_person(person);
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
  members.view = &member_view;
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
  PLUMB_ASSERT(std::max({all.reasons.size(), all.evidence.size(), all.facts.size()}) < UINT32_MAX,
               "the verdicts' reasons are numbered in 32 bits");
  all.reason_first.push_back(static_cast<std::uint32_t>(all.reasons.size()));
  all.evidence_first.push_back(static_cast<std::uint32_t>(all.evidence.size()));
  all.fact_first.push_back(static_cast<std::uint32_t>(all.facts.size()));
  return out;
}

}  // namespace plumb::eval
