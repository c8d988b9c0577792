#include "check/overlay_judge.h"

namespace plumb::check {

namespace {

Direction towards(std::strong_ordering order, bool less_is_stricter) {
  if (order == std::strong_ordering::equal) return Direction::same;
  return (order == std::strong_ordering::less) == less_is_stricter ? Direction::stricter : Direction::looser;
}

std::string text_of(const std::optional<ast::Name>& name) {
  return name ? name->text : std::string();
}

bool answers(const ast::Response& one, const ast::Response& other) {
  return one.verdict.text == other.verdict.text && one.by.text == other.by.text &&
         text_of(one.recorded_as) == text_of(other.recorded_as);
}

}  // namespace

Span clauses(const ast::Body& body, ClauseKind kind) {
  Span result;
  for (const ast::Clause& clause : body.clauses) {
    // What was changed before stands in another text.
    if (clause.kind == kind && (!result.known() || result.text == clause.span.text)) result = join(result, clause.span);
  }
  return result;
}

bool same_clauses(const Two& two, ClauseKind kind) {
  const auto of_kind = [kind](const ast::Clause& clause) { return clause.kind == kind; };
  std::vector<Span> before, after;
  for (const ast::Clause& clause : two.before.clauses) {
    if (of_kind(clause)) before.push_back(clause.span);
  }
  for (const ast::Clause& clause : two.after.clauses) {
    if (of_kind(clause)) after.push_back(clause.span);
  }
  return std::ranges::equal(before, after,
                            [&](Span a, Span b) { return same_words(two.overlay.texts, a, b); });
}

void judge(const Two& two, ClauseKind kind, Direction direction, std::string why) {
  two.judgement.judge(direction, clauses(two.before, kind), clauses(two.after, kind), std::move(why));
}

Direction reversed(Direction direction) {
  if (direction == Direction::stricter) return Direction::looser;
  return direction == Direction::looser ? Direction::stricter : direction;
}

Direction of_durations(const ast::DurationLit& before, const ast::DurationLit& after, bool less_is_stricter) {
  const auto compared = order(after.duration, before.duration);
  return compared ? towards(*compared, less_is_stricter) : Direction::undecided;
}

Direction of_conditions(const Two& two, ast::ExprId before, ast::ExprId after) {
  return direction(two.overlay.file, two.overlay.texts, before, after);
}

bool judge_header(const Two& two, ClauseKind kind, const ast::Header& before, const ast::Header& after) {
  switch (kind) {
    case ClauseKind::title:
    case ClauseKind::proposed:
    case ClauseKind::review:
    case ClauseKind::author:
    case ClauseKind::sealed:
    case ClauseKind::tighten:
    case ClauseKind::because:
    case ClauseKind::based_on:
    case ClauseKind::buyer:
    case ClauseKind::manager: return true;
    case ClauseKind::effective: {
      const bool later = after.effective_from && (!before.effective_from || *after.effective_from > *before.effective_from);
      judge(two, kind, later ? Direction::looser : Direction::stricter, "until that day nothing is asked");
      return true;
    }
    default: return false;
  }
}

void judge_responses(const Two& two, const std::vector<ast::Response>& before, const std::vector<ast::Response>& after) {
  for (const ast::Response& response : before) {
    const auto found =
        std::ranges::find_if(after, [&](const ast::Response& other) { return answers(other, response); });
    if (found == after.end()) {
      two.judgement.judge(Direction::looser, response.span, clauses(two.after, ClauseKind::response),
                          "what was to be done is left out; a change says all the `if missed` of a rule anew");
    } else if (response.within && found->within) {
      two.judgement.judge(of_durations(*response.within, *found->within, true), response.span, found->span,
                          "there is more time to answer");
    }
  }
}

}  // namespace plumb::check
