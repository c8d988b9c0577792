#include "property/twin/twin.h"

#include <algorithm>

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

std::vector<property::Told> judge(const model::Rulebook& book, const property::Tables& tables, time::Instant as_of,
                                  time::Instant known_at) {
  const Tables known = known_by(tables, known_at);
  const World world = look_at(book, known, std::min(as_of, known_at));
  const std::vector<Waiver> waivers = waivers_of(world);
  std::vector<std::vector<Said>> by_rule(book.rules.size());
  std::vector<property::Told> all;
  for (std::size_t i = 0; i < book.rules.size(); ++i) {
    const model::Rule& rule = book.rules[i];
    Bench bench{world, by_rule[i]};
    if (rule.responds_to) {
      judge_remedies(bench, rule, by_rule[rule.responds_to->rule]);
    } else {
      judge_rule(bench, rule);
    }
    for (Said& each : by_rule[i]) {
      const std::int64_t settled = each.told.settled;
      waive(waivers, rule, each.told);
      each.by_day &= settled == each.told.settled;
      all.push_back(each.told);
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace plumb::twin
