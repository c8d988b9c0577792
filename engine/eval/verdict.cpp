#include "eval/verdict.h"

namespace plumb::eval {

std::string_view to_text(Verdict verdict) {
  static constexpr std::array<std::string_view, verdict_count> words{"kept", "late",    "missed",
                                                                     "due",  "excused", "cannot tell"};
  return words[static_cast<std::size_t>(verdict)];
}

bool counts_as_missed(const model::Rule& rule, Verdict verdict) {
  const bool late_is_kept = rule.late_counts_as == model::VerdictWord::kept;
  return verdict == Verdict::missed || (verdict == Verdict::late && !late_is_kept);
}

std::vector<Counts> count_by_rule(const Verdicts& verdicts, std::size_t rules) {
  std::vector<Counts> counts(rules, Counts{});
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    ++counts[verdicts.rule[row]][static_cast<std::size_t>(verdicts.verdict[row])];
  }
  return counts;
}

}  // namespace plumb::eval
