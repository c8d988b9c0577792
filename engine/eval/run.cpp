#include "eval/run.h"

#include <algorithm>
#include <deque>

#include "base/parallel.h"
#include "eval/account_ordinals.h"
#include "eval/asked.h"
#include "eval/collect.h"
#include "eval/in_orders.h"
#include "eval/join.h"
#include "eval/known_people.h"
#include "eval/obligation.h"
#include "eval/order.h"
#include "eval/respond.h"
#include "eval/runs.h"
#include "eval/verdict_facts.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

bool lasts(const model::Rule& rule) {
  return rule.shape == model::Shape::while_ || rule.shape == model::Shape::throughout;
}

void run_rule(RuleRun& run, View& view) {
  if (run.rule.origin == model::RuleOrigin::path) return run_path(run, view);
  switch (run.rule.shape) {
    case model::Shape::after: return run_response(run, view);
    case model::Shape::before: return run_precedence(run, view);
    case model::Shape::at: return run_check(run, view);
    case model::Shape::while_: return run_invariant(run, view);
    case model::Shape::throughout: return run.who.any() ? run_lasting_limit(run, view) : run_limit(run, view);
    case model::Shape::every: return run_quota(run, view, Instant::unknown());
  }
}

// A task has at least so many events, and there are at most so many tasks: enough to share the work out evenly.
constexpr std::size_t fewest_events = 16'000, most_tasks = 256;
constexpr std::uint32_t people_of_task = 4;

struct Running {
  const Plan& plan;
  unsigned threads;
  MemberLists lists;
  RunOrder order;
  Statements statements;
  std::deque<Worker> workers;
  Pieces pieces;
  std::vector<std::uint8_t> known;  // known_people(), once anything is asked of people
};

// The first deal of each task, and the end of the last.
std::vector<std::uint32_t> deal_tasks(const history::History& history) {
  std::vector<std::uint32_t> starts{0};
  const history::Array<std::uint32_t>& first = history.deal_events.first;
  const auto deals = static_cast<std::uint32_t>(history.deals.size());
  const std::size_t events = std::max(fewest_events, history.deal_events.size() / most_tasks);
  for (std::uint32_t deal = 0; deal < deals && deal + 1 < first.size(); ++deal) {
    if (first[deal + 1] - first[starts.back()] >= events) starts.push_back(deal + 1);
  }
  if (starts.back() < deals) starts.push_back(deals);
  return starts;
}

// Tasks of subjects [starts[i], starts[i + 1]); their verdicts are put behind each other whoever found them.
template <class Work>
void run_tasks(Running& running, const std::vector<std::uint32_t>& starts, Work work) {
  std::vector<std::vector<Verdicts>> found(starts.size() - 1);
  in_parallel(running.threads, found.size(), [&](unsigned number, std::size_t task) {
    Worker& worker = running.workers[number];
    const std::uint32_t until = starts[task + 1];
    for (std::uint32_t subject = starts[task]; subject < until; ++subject) work(worker, subject, until);
    found[task] = worker.take();
  });
  for (std::vector<Verdicts>& task : found) running.pieces.add(std::move(task));
}

void judge_deal(Worker& worker, const Statements& statements) {
  for (std::size_t row : worker.order.deals) {
    if (worker.may_open(row)) worker.run(row, statements, [&](RuleRun& run) { run_rule(run, worker.view); });
  }
}

void run_deals(Running& running) {
  const InOrders in_orders(running.plan, running.order, running.threads, judge_deal);
  run_tasks(running, deal_tasks(running.plan.history), [&](Worker& worker, std::uint32_t deal, std::uint32_t until) {
    const bool loaded = worker.load_deal(deal, until);
    if (!in_orders.take(deal, worker) && loaded) judge_deal(worker, running.statements);
    if (!worker.members.lists.of_deals) worker.collect_deal(deal, until);
  });
}

// Before the deals, where a rule about one of them reads what belongs to others.
void collect_deals(Running& running) {
  run_tasks(running, deal_tasks(running.plan.history), [](Worker& worker, std::uint32_t deal, std::uint32_t until) {
    worker.load_deal(deal, until);
    worker.collect_deal(deal, until);
  });
}

// What belongs to whom is known when all deals have been looked at.
void gather_members(Running& running) {
  Worker& first = running.workers.front();
  for (std::uint32_t person = 0; person < running.plan.history.people.names.size(); ++person) {
    first.view.load_person(person);
    collect_members(first.view, first.collected);
  }
  running.lists = std::move(first.collected);
  for (std::size_t i = 1; i < running.workers.size(); ++i) append_members(running.lists, running.workers[i].collected);
}

void run_people(Running& running, Instant begin, const std::vector<std::size_t>& rows) {
  const auto people = static_cast<std::uint32_t>(running.plan.history.people.names.size());
  std::vector<std::uint32_t> starts;
  for (std::uint32_t person = 0; person < people; person += people_of_task) starts.push_back(person);
  starts.push_back(people);
  if (rows.empty()) return;
  if (running.known.empty()) running.known = known_people(running.plan);
  run_tasks(running, starts, [&](Worker& worker, std::uint32_t person, std::uint32_t) {
    if (running.known[person] == 0) return;
    worker.view.load_person(person);
    for (std::size_t row : rows) {
      worker.run(row, running.statements, [&](RuleRun& run) {
        if (run.rule.shape == model::Shape::every) return run_quota(run, worker.view, begin);
        run.by_day.clear();
        run.who = lasts(run.rule) ? Who{person, person, nobody} : Who{};
        run_rule(run, worker.view);
      });
    }
  });
}

// Something that lasts is asked of one team after the other.
void run_lasting_group(RuleRun& run, View& view) {
  const bool company = run.rule.subject.kind == model::SubjectKind::company;
  run.by_day.clear();
  for (const std::string& name : company ? std::vector<std::string>{"the company"} : team_names(run.plan)) {
    run.who = {static_cast<std::uint32_t>(run.verdicts.teams.size()), nobody,
               company ? nobody : run.plan.history.words.find(name)};
    run.verdicts.teams.push_back(name);
    run.members = company ? std::vector<std::uint32_t>() : ever_in(run.plan, run.who.team);
    run_rule(run, view);
  }
}

void run_group(Running& running, Instant begin, std::size_t row) {
  Worker& first = running.workers.front();
  first.view.load_person(static_cast<std::uint32_t>(running.plan.history.people.names.size()));  // nobody's timeline
  first.run(row, running.statements, [&](RuleRun& run) {
    lasts(run.rule) ? run_lasting_group(run, first.view) : run_group_quota(run, first.view, begin);
  });
  running.pieces.add(first.take());
}

// First what reads no verdict, person by person; then rule by rule what does, behind all that it reads.
void run_people_and_groups(Running& running, Instant begin) {
  run_people(running, begin, running.order.people);
  for (std::size_t row : running.order.groups) run_group(running, begin, row);
  for (std::size_t row : running.order.readers) {
    const model::Rule& rule = running.workers.front().runs[row].rule;
    VerdictFacts facts(running.plan);
    running.pieces.show(running.workers.front().runs, facts);
    facts.sort_for(rule);
    for (Worker& worker : running.workers) worker.read(facts);
    if (rule.subject.kind == model::SubjectKind::person) {
      run_people(running, begin, {row});
    } else {
      run_group(running, begin, row);
    }
  }
}

Result<Evaluation> run_for(const model::Rulebook& rulebook, const history::History& history, const Options& options,
                           const Watch* watch) {
  PLUMB_ASSERT(options.as_of.known(), "an evaluation has an as-of");
  Evaluation out;
  out.horizon = std::min({options.as_of, options.known_at, history.complete_until});
  out.horizon_from = out.horizon == options.as_of      ? HorizonFrom::as_of
                     : out.horizon == options.known_at ? HorizonFrom::known_at
                                                       : HorizonFrom::complete_until;
  out.known_at = options.known_at;
  Result<Plan> bound = bind(rulebook, history, out.horizon, options.known_at);
  if (!bound) return Failure{bound.error()};
  const Plan& plan = *bound;
  const AccountOrdinals ordinals = account_ordinals(plan);
  // Who watches hears of one thing after the other.
  const unsigned threads = watch ? 1 : threads_for(options.threads);
  const RunOrder order = run_order(plan);
  Running running{plan, threads, wanted_members(plan), order, statements_of(plan), {}, Pieces(rulebook), {}};
  for (unsigned i = 0; i < threads; ++i) running.workers.emplace_back(plan, ordinals, running.lists, order);
  for (RuleRun& each : running.workers.front().runs) each.watch = watch;
  const bool first = running.lists.of_deals;
  if (first) collect_deals(running), gather_members(running);
  run_deals(running);
  if (!first) gather_members(running);
  const Instant begin = plan.began.perhaps;
  if (begin.known() && begin < out.horizon) run_people_and_groups(running, begin);
  out.verdicts = join(rulebook, running.pieces.take(), threads);
  return out;
}

}  // namespace

Result<Evaluation> run(const model::Rulebook& rulebook, const history::History& history, const Options& options) {
  return run_for(rulebook, history, options, nullptr);
}

Result<Evaluation> run_watched(const model::Rulebook& rulebook, const history::History& history, const Options& options,
                               const Watch& watch) {
  return run_for(rulebook, history, options, &watch);
}

}  // namespace plumb::eval
