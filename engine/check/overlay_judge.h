#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "check/overlay_parts.h"

/// What the judges of a change share: whether each clause of it is certainly stricter than what it replaces. Nothing
/// outside of the overlay pass includes it.
namespace plumb::check {

using ast::ClauseKind;

/// A declaration as it was and what a change says of it, with the clauses of both.
struct Two {
  const Overlay& overlay;
  const ast::Body& before;
  const ast::Body& after;
  Judgement& judgement;
};

inline constexpr std::string_view text_decides = "only what the text itself shows to be stricter is allowed";

/// Where a body says clauses of the kind. Missing: unknown where it says none.
Span clauses(const ast::Body& body, ClauseKind kind);
/// Whether the change only repeats what was said.
bool same_clauses(const Two& two, ClauseKind kind);
/// Notes how the clauses of one kind compare.
void judge(const Two& two, ClauseKind kind, Direction direction, std::string why);
Direction reversed(Direction direction);
Direction of_durations(const ast::DurationLit& before, const ast::DurationLit& after, bool less_is_stricter);
Direction of_conditions(const Two& two, ast::ExprId before, ast::ExprId after);

/// Of two lists of conditions that all have to hold.
template <class T, class Stronger>
Direction of_lists(const std::vector<T>& before, const std::vector<T>& after, Stronger stronger) {
  const auto covered = [&](const std::vector<T>& from, const std::vector<T>& to) {
    return std::ranges::all_of(
        from, [&](const T& one) { return std::ranges::any_of(to, [&](const T& other) { return stronger(other, one); }); });
  };
  const bool up = covered(before, after);
  const bool down = covered(after, before);
  if (up) return down ? Direction::same : Direction::stricter;
  return down ? Direction::looser : Direction::undecided;
}

/// Missing: false for a clause that this does not judge.
bool judge_header(const Two& two, ClauseKind kind, const ast::Header& before, const ast::Header& after);
void judge_responses(const Two& two, const std::vector<ast::Response>& before, const std::vector<ast::Response>& after);

/// Goes through what the change says, leaving out what only repeats the base.
template <class T, class Judge>
void judge_clauses(const Two& two, const T& before, const T& after, Judge judge_one) {
  std::vector<ClauseKind> judged;
  for (const ast::Clause& clause : two.after.clauses) {
    if (std::ranges::find(judged, clause.kind) != judged.end()) continue;
    judged.push_back(clause.kind);
    // A rule stays as it is until the day on which its change takes effect.
    if (std::is_same_v<T, ast::Rule> && clause.kind == ClauseKind::effective) continue;
    if (same_clauses(two, clause.kind) || judge_header(two, clause.kind, before.header, after.header)) continue;
    judge_one(clause.kind);
  }
}

void judge_rule(const Two& two, const ast::Change& change, const ast::Rule& before, const ast::Rule& after);
void judge_stage(const Two& two, const ast::Stage& before, const ast::Stage& after);
void judge_item(const Two& two, const ast::Item& before, const ast::Item& after);

}  // namespace plumb::check
