#include "check/overlay_judge.h"

namespace plumb::check {

namespace {

std::string text_of(const std::optional<ast::Name>& name) {
  return name ? name->text : std::string();
}

void judge_duration(const Two& two, ClauseKind kind, const std::optional<ast::DurationLit>& before,
                    const std::optional<ast::DurationLit>& after, bool less_is_stricter, Direction if_new,
                    std::string why) {
  if (!after) return;
  const Direction found = before ? of_durations(*before, *after, less_is_stricter) : if_new;
  if (found == Direction::undecided) why = "which of the two is longer depends on the calendar";
  judge(two, kind, found, std::move(why));
}

void judge_expect(const Two& two, const ast::Rule& before, const ast::Rule& after) {
  const Direction found =
      before.expect && after.expect ? of_conditions(two, before.expect, after.expect) : Direction::undecided;
  judge(two, ClauseKind::expect, found,
        found == Direction::looser ? std::string("it holds wherever the other does, and elsewhere too")
                                   : std::string(text_decides));
}

Direction of_subjects(const Two& two, const ast::Subject& before, const ast::Subject& after) {
  const Overlay& overlay = two.overlay;
  if (before.kind != after.kind) return Direction::undecided;
  const std::string process = text_of(after.process);
  if (process != text_of(before.process) && !process.empty()) return Direction::undecided;
  const std::string stage = text_of(after.stage);
  const bool same_stage = stage == text_of(before.stage);
  const bool wider_stage = stage.empty() || (same_stage && (after.or_later || !before.or_later));
  const bool narrower_stage =
      !before.stage || (same_stage && process == text_of(before.process) &&
                        (before.or_later || !after.or_later));
  const bool wider = !after.where || (before.where && implies(overlay.file, overlay.texts, before.where, after.where));
  const bool narrower = !before.where || (after.where && implies(overlay.file, overlay.texts, after.where, before.where));
  if (wider_stage && wider) return Direction::stricter;
  return narrower_stage && narrower ? Direction::looser : Direction::undecided;
}

void judge_subject(const Two& two, const ast::Rule& before, const ast::Rule& after) {
  if (!before.subject || !after.subject) return;
  judge(two, ClauseKind::for_each, of_subjects(two, *before.subject, *after.subject),
        "the rule is then asked of fewer, or of others");
}

void judge_given(const Two& two, const ast::Rule& before, const ast::Rule& after) {
  // The words behind the number say of what: `given at least 20 first_touch`.
  const auto of_what = [&](const ast::GivenAtLeast& given) {
    std::string said = whole_words(two.overlay.texts, given.span);
    for (int word = 0; word < 4; ++word) said.erase(0, said.find(' ') + 1);
    return said;
  };
  const auto weaker = [&](const ast::GivenAtLeast& one, const ast::GivenAtLeast& other) {
    return one.count <= other.count && of_what(one) == of_what(other);
  };
  judge(two, ClauseKind::given, reversed(of_lists(before.given, after.given, [&](const auto& one, const auto& other) {
          return weaker(other, one);
        })),
        "fewer are judged");
}

void judge_late(const Two& two, const ast::Rule& after) {
  const bool kept = after.late_counts_as && after.late_counts_as->text == "kept";
  judge(two, ClauseKind::late_counts, kept ? Direction::looser : Direction::stricter, "what is late is then no miss");
}

void judge_clause(const Two& two, ClauseKind kind, const ast::Rule& before, const ast::Rule& after) {
  switch (kind) {
    case ClauseKind::for_each: return judge_subject(two, before, after);
    case ClauseKind::expect: return judge_expect(two, before, after);
    case ClauseKind::within:
      return judge_duration(two, kind, before.within, after.within, true, Direction::undecided, "there is more time");
    case ClauseKind::ahead:
      return judge_duration(two, kind, before.at_least_ahead, after.at_least_ahead, false, Direction::stricter,
                            "it may be done later");
    case ClauseKind::lapse:
      return judge_duration(two, kind, before.lapse_at_most, after.lapse_at_most, true, Direction::looser,
                            "a lapse may last longer");
    case ClauseKind::even_when_closed:
    case ClauseKind::each_its_own: return;  // only added, and then more is asked
    case ClauseKind::given: return judge_given(two, before, after);
    case ClauseKind::late_counts: return judge_late(two, after);
    case ClauseKind::response: return judge_responses(two, before.responses, after.responses);
    case ClauseKind::averaged_over:
      return judge(two, kind, Direction::undecided, "a longer average forgives one month and brings another down");
    case ClauseKind::right:
    case ClauseKind::ladder:
    case ClauseKind::owed_by:
      return judge(two, kind, Direction::undecided, "it is then held against somebody or something else");
    default: return judge(two, kind, Direction::undecided, std::string(text_decides));
  }
}

/// `must agreed_next_step`: from the first word of a declaration to its name.
Span to_name(Span from, Span name) { return from.text == name.text ? Span{from.text, from.begin, name.end} : name; }

}  // namespace

void judge_rule(const Two& two, const ast::Change& change, const ast::Rule& before, const ast::Rule& after) {
  if (after.strength > before.strength)
    two.judgement.judge(Direction::looser, to_name(before.span, before.name.span),
                        to_name(change.kind.span, after.name.span), "a miss then counts for less");
  judge_clauses(two, before, after, [&](ClauseKind kind) { judge_clause(two, kind, before, after); });
}

}  // namespace plumb::check
