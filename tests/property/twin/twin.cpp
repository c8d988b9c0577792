#include "property/twin/twin.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "property/twin/judge.h"
#include "property/twin/merge.h"
#include "property/twin/waivers.h"

namespace plumb::twin {

namespace {

void judge_rule(Bench& bench, const model::Rule& rule) {
  if (rule.origin == model::RuleOrigin::path) return judge_path(bench, rule);
  switch (rule.shape) {
    case model::Shape::after: return judge_responses(bench, rule);
    case model::Shape::before: return judge_precedence(bench, rule);
    case model::Shape::at: return judge_checks(bench, rule);
    case model::Shape::while_: return judge_invariants(bench, rule);
    case model::Shape::throughout: return judge_limits(bench, rule);
    case model::Shape::every: return judge_quotas(bench, rule);
  }
}

// A deal of several worlds, and what is said of it in all of them.
struct Apart {
  std::string deal;
  Answers said;
};

// Each rule when it is first asked for: what it reads of others before it.
class Judging {
 public:
  Judging(World& world, const std::vector<Apart>& apart)
      : world_(world), apart_(apart), waivers_(waivers_of(world)), of_(world.book.rules.size()) {
    world.said_by = [this](std::size_t row) -> const std::vector<Said>& { return rule(row); };
  }
  Judging(const Judging&) = delete;

  const std::vector<Said>& rule(std::size_t row) {
    if (of_[row]) return *of_[row];
    const model::Rule& rule = world_.book.rules[row];
    std::vector<Said> said;
    Bench bench{world_, said};
    if (rule.responds_to) {
      judge_remedies(bench, rule, this->rule(rule.responds_to->rule));
    } else {
      judge_rule(bench, rule);
    }
    for (Said& each : said) {
      const std::int64_t settled = each.told.settled;
      waive(world_, waivers_, rule, each.told);
      each.by_day &= settled == each.told.settled;
    }
    for (const Apart& each : apart_) {
      if (!is_about_deals(world_.book, rule)) continue;
      std::erase_if(said, [&](const Said& one) { return one.told.subject == each.deal; });
      said.insert(said.end(), each.said[row].begin(), each.said[row].end());
    }
    return of_[row].emplace(std::move(said));
  }

 private:
  World& world_;
  const std::vector<Apart>& apart_;
  std::vector<Waiver> waivers_;
  std::vector<std::optional<std::vector<Said>>> of_;
};

// What is asked of a deal, judged in each of the orders in which its moves may have come. `worlds`: they stay, since
// what is said points to their facts.
Answers in_every_order(const World& world, std::size_t deal, std::deque<World>& worlds) {
  const model::Rulebook& book = world.book;
  const std::vector<Apart> none;
  std::vector<Answers> all;
  for (const std::vector<Fact>& facts : world.deals[deal].orders) {
    World& one = worlds.emplace_back(world);
    one.only = deal, one.deals[deal].facts = facts;
    Judging judging(one, none);
    all.emplace_back(book.rules.size());
    for (std::size_t row = 0; row < book.rules.size(); ++row) {
      if (is_about_deals(book, book.rules[row])) all.back()[row] = judging.rule(row);
    }
  }
  return merged(book, all);
}

}  // namespace

std::vector<property::Told> judge(const model::Rulebook& book, const property::Tables& tables, time::Instant as_of,
                                  time::Instant known_at) {
  const Tables known = known_by(tables, known_at);
  World world = look_at(book, known, std::min(as_of, known_at));
  std::deque<World> worlds;
  std::vector<Apart> apart;
  for (std::size_t deal = 0; deal < world.deals.size(); ++deal) {
    if (world.deals[deal].orders.empty() || reads_of_people(book)) continue;
    apart.push_back({world.deals[deal].id, in_every_order(world, deal, worlds)});
  }
  Judging judging(world, apart);
  std::vector<property::Told> all;
  for (std::size_t row = 0; row < book.rules.size(); ++row) {
    for (const Said& each : judging.rule(row)) all.push_back(each.told);
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace plumb::twin
