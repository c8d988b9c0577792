#include "property/twin/twin.h"

#include <algorithm>

#include "property/twin/judge.h"

namespace plumb::twin {

std::vector<property::Told> judge(const model::Rulebook& book, const property::Tables& tables, time::Instant as_of,
                                  time::Instant known_at) {
  const World world = look_at(book, tables, std::min(as_of, known_at), known_at);
  std::vector<property::Told> all;
  Bench bench{world, all};
  for (const model::Rule& rule : book.rules) {
    if (rule.origin == model::RuleOrigin::path) {
      judge_path(bench, rule);
      continue;
    }
    switch (rule.shape) {
      case model::Shape::after: judge_responses(bench, rule); break;
      case model::Shape::before: judge_precedence(bench, rule); break;
      case model::Shape::at: judge_checks(bench, rule); break;
      case model::Shape::while_: judge_invariants(bench, rule); break;
      case model::Shape::throughout: judge_limits(bench, rule); break;
      case model::Shape::every: judge_quotas(bench, rule); break;
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace plumb::twin
