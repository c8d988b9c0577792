#include "check/overlay_judge.h"

namespace plumb::check {

namespace {

void judge_stage_conditions(const Two& two, ClauseKind kind, const std::vector<ast::StageCondition>& before,
                            const std::vector<ast::StageCondition>& after) {
  const auto stronger = [&](const ast::StageCondition& one, const ast::StageCondition& other) {
    return implies(two.overlay.file, two.overlay.texts, one.condition, other.condition);
  };
  // One condition may hold all that several did.
  ast::ExprId whole = after.size() == 1 ? after.front().condition : ast::ExprId();
  const bool covered = whole && std::ranges::all_of(before, [&](const ast::StageCondition& condition) {
    return implies(two.overlay.file, two.overlay.texts, whole, condition.condition);
  });
  judge(two, kind, covered ? Direction::stricter : of_lists(before, after, stronger),
        "a change says all conditions of the kind anew, and these do not show the old ones");
}

void judge_limits(const Two& two, const ast::Stage& before, const ast::Stage& after) {
  const auto shorter = [](const ast::StageLimit& one, const ast::StageLimit& other) {
    const auto compared = order(one.at_most.duration, other.at_most.duration);
    return compared && *compared != std::strong_ordering::greater;
  };
  const Direction found = of_lists(before.at_most, after.at_most, shorter);
  judge(two, ClauseKind::at_most, found,
        found == Direction::looser ? "the deal may stay longer" : "which is longer depends on the calendar");
}

/// `may be first`, `may be skipped`, with or without `when`.
void judge_leave(const Two& two, ClauseKind kind, bool had, ast::ExprId before, ast::ExprId after) {
  Direction found = Direction::looser;
  if (had && after) found = before ? of_conditions(two, before, after) : Direction::stricter;
  judge(two, kind, found, "more deals may");
}

}  // namespace

void judge_stage(const Two& two, const ast::Stage& before, const ast::Stage& after) {
  judge_clauses(two, before, after, [&](ClauseKind kind) {
    switch (kind) {
      case ClauseKind::to_enter: return judge_stage_conditions(two, kind, before.to_enter, after.to_enter);
      case ClauseKind::to_move_on: return judge_stage_conditions(two, kind, before.to_move_on, after.to_move_on);
      case ClauseKind::while_in: return judge_stage_conditions(two, kind, before.while_in, after.while_in);
      case ClauseKind::at_most: return judge_limits(two, before, after);
      case ClauseKind::may_be_first:
        return judge_leave(two, kind, before.may_be_first, before.may_be_first_when, after.may_be_first_when);
      case ClauseKind::may_be_skipped:
        return judge_leave(two, kind, before.may_be_skipped, before.may_be_skipped_when, after.may_be_skipped_when);
      default: return judge(two, kind, Direction::undecided, std::string(text_decides));
    }
  });
}

void judge_item(const Two& two, const ast::Item& before, const ast::Item& after) {
  const auto same = [&](const ast::Need& one, const ast::Need& other) {
    return same_words(two.overlay.texts, one.span, other.span);
  };
  judge_clauses(two, before, after, [&](ClauseKind kind) {
    if (kind == ClauseKind::response) return judge_responses(two, before.responses, after.responses);
    const bool needs = kind == ClauseKind::needs;
    judge(two, kind, needs ? of_lists(before.needs, after.needs, same) : Direction::undecided,
          std::string(text_decides));
  });
}

}  // namespace plumb::check
