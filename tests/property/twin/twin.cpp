#include "property/twin/twin.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "property/twin/judge.h"
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

}  // namespace

namespace {

// Each rule when it is first asked for: what it reads of others before it.
class Judging {
 public:
  Judging(World& world, std::vector<Waiver> waivers)
      : world_(world), waivers_(std::move(waivers)), of_(world.book.rules.size()) {
    world.said_by = [this](std::size_t row) -> const std::vector<Said>& { return rule(row); };
  }

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
      waive(waivers_, rule, each.told);
      each.by_day &= settled == each.told.settled;
    }
    return of_[row].emplace(std::move(said));
  }

 private:
  World& world_;
  std::vector<Waiver> waivers_;
  std::vector<std::optional<std::vector<Said>>> of_;
};

}  // namespace

std::vector<property::Told> judge(const model::Rulebook& book, const property::Tables& tables, time::Instant as_of,
                                  time::Instant known_at) {
  const Tables known = known_by(tables, known_at);
  World world = look_at(book, known, std::min(as_of, known_at));
  Judging judging(world, waivers_of(world));
  std::vector<property::Told> all;
  for (std::size_t row = 0; row < book.rules.size(); ++row) {
    for (const Said& each : judging.rule(row)) all.push_back(each.told);
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace plumb::twin
