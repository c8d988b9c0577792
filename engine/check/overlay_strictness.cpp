#include <algorithm>
#include <variant>

#include "check/overlay_parts.h"

namespace plumb::check {

namespace {

using ast::ClauseKind;

/// A declaration as it was and what a change says of it, with the clauses of both.
struct Two {
  const Overlay& overlay;
  const ast::Body& before;
  const ast::Body& after;
  Judgement& judgement;
};

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

Direction towards(std::strong_ordering order, bool less_is_stricter) {
  if (order == std::strong_ordering::equal) return Direction::same;
  return (order == std::strong_ordering::less) == less_is_stricter ? Direction::stricter : Direction::looser;
}

Direction of_durations(const ast::DurationLit& before, const ast::DurationLit& after, bool less_is_stricter) {
  const auto compared = order(after.duration, before.duration);
  return compared ? towards(*compared, less_is_stricter) : Direction::undecided;
}

Direction of_conditions(const Two& two, ast::ExprId before, ast::ExprId after) {
  return direction(two.overlay.file, two.overlay.texts, before, after);
}

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

constexpr std::string_view text_decides = "only what the text itself shows to be stricter is allowed";

// ---- header words, reasons, responses --------------------------------------------------------------------------------

/// Missing: false for a clause that this does not judge.
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

std::string text_of(const std::optional<ast::Name>& name) {
  return name ? name->text : std::string();
}

bool answers(const ast::Response& one, const ast::Response& other) {
  return one.verdict.text == other.verdict.text && one.by.text == other.by.text &&
         text_of(one.recorded_as) == text_of(other.recorded_as);
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

// ---- rules ----------------------------------------------------------------------------------------------------------

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

/// Goes through what the change says, leaving out what only repeats the base.
template <class T, class Judge>
void judge_clauses(const Two& two, const T& before, const T& after, Judge judge_one) {
  std::vector<ClauseKind> judged;
  for (const ast::Clause& clause : two.after.clauses) {
    if (std::ranges::find(judged, clause.kind) != judged.end()) continue;
    judged.push_back(clause.kind);
    if (same_clauses(two, clause.kind) || judge_header(two, clause.kind, before.header, after.header)) continue;
    judge_one(clause.kind);
  }
}

/// `must agreed_next_step`: from the first word of a declaration to its name.
Span to_name(Span from, Span name) { return from.text == name.text ? Span{from.text, from.begin, name.end} : name; }

void judge_rule(const Two& two, const ast::Change& change, const ast::Rule& before, const ast::Rule& after) {
  if (after.strength > before.strength)
    two.judgement.judge(Direction::looser, to_name(before.span, before.name.span),
                        to_name(change.kind.span, after.name.span), "a miss then counts for less");
  judge_clauses(two, before, after, [&](ClauseKind kind) { judge_clause(two, kind, before, after); });
}

// ---- stages and items -----------------------------------------------------------------------------------------------

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

// ---- the rest -------------------------------------------------------------------------------------------------------

/// A field that was not there asks nothing; one that was keeps its type and its choices.
template <class T>
void judge_fields(const Two& two, const T& before, const T& after) {
  judge_header(two, ClauseKind::effective, before.header, after.header);
  for (const ast::Field& field : after.fields) {
    const auto old = std::ranges::find_if(before.fields, [&](const ast::Field& f) { return f.name.text == field.name.text; });
    if (old == before.fields.end() || same_words(two.overlay.texts, old->span, field.span)) continue;
    two.judgement.judge(Direction::undecided, old->span, field.span,
                        "what the field may say decides what rules find in it");
  }
}

/// `is V`: what a definition of one line says.
template <class T>
Span behind_name(const T& written, const std::optional<ast::Text>& title) {
  const Span end = written.body.span;
  return {written.span.text, title ? title->span.end : written.name.span.end,
          end.known() ? end.begin : written.span.end};
}

template <class T>
void judge_value(const Two& two, const T& before, const T& after, Span old_value, Span value) {
  if (!same_words(two.overlay.texts, old_value, value))
    two.judgement.judge(Direction::undecided, old_value, value, "every rule that names it then asks something else");
  judge_clauses(two, before, after, [](ClauseKind) {});
}

template <class T>
void judge_any(const Two& two, const T& before, const T& after) {
  judge_clauses(two, before, after, [&](ClauseKind kind) {
    judge(two, kind, Direction::undecided, std::string(text_decides));
  });
}

void judge_rung(const Two& two) {
  if (!same_clauses(two, ClauseKind::step)) judge(two, ClauseKind::step, Direction::undecided, std::string(text_decides));
}

void judge_part(const Two& two, const Place& place, const ast::Change& change) {
  const ast::Declaration& whole = two.overlay.file.declarations[place.row];
  if (const auto* stage = std::get_if<ast::Stage>(&change.to))
    return judge_stage(two, std::get<ast::Process>(whole).stages[*place.part], *stage);
  if (const auto* item = std::get_if<ast::Item>(&change.to))
    return judge_item(two, std::get<ast::Checklist>(whole).items[*place.part], *item);
  judge_rung(two);
}

void judge_whole(const Two& two, const Place& place, const ast::Change& change) {
  const ast::File& file = two.overlay.file;
  const ast::Declaration& old = file.declarations[place.row];
  const auto judge_as = [&](const auto& after) {
    using T = std::decay_t<decltype(after)>;
    if constexpr (is_among<T, ast::Declaration>) {
      const T& before = std::get<T>(old);
      if constexpr (std::is_same_v<T, ast::Rule>) {
        judge_rule(two, change, before, after);
      } else if constexpr (std::is_same_v<T, ast::Target>) {
        judge_target(two.overlay, before, after, two.judgement);
        judge_clauses(two, before, after, [](ClauseKind) {});
      } else if constexpr (std::is_same_v<T, ast::Measure>) {
        judge_value(two, before, after, behind_name(before, before.title), behind_name(after, after.title));
      } else if constexpr (std::is_same_v<T, ast::EventDecl>) {
        judge_value(two, before, after, behind_name(before, {}), behind_name(after, {}));
      } else if constexpr (requires { before.fields; }) {
        judge_fields(two, before, after);
      } else {
        judge_any(two, before, after);
      }
    }
  };
  std::visit(judge_as, change.to);
}

/// What must not become looser, and where that is said.
struct Protected {
  std::string name;
  Span said;              // `tighten only`; unknown where the rulebook's header says it
  bool by_another = false;  // it is a rule that builds on what is changed
};

void report(Overlay& overlay, const Objection& objection, const Protected& what) {
  const bool looser = objection.direction == Direction::looser;
  const auto said = [&](Span span) { return words(overlay.texts, span); };
  std::string compared = fmt::format("`{}` {}", said(objection.after), looser ? "is looser than" : "is stricter than");
  compared += objection.before.known() ? fmt::format(" `{}`", said(objection.before)) : " nothing of the kind";
  Diagnostic& diagnostic =
      overlay.sink.report(objection.after, looser ? diag::Loosened : diag::StrictnessUndecided, what.name, compared);
  if (objection.before.known()) diagnostic.label(objection.before, "what it was");
  if (what.said.known()) diagnostic.label(what.said, what.by_another ? "this builds on it" : "said here");
  diagnostic.hint("{}", objection.why);
  diagnostic.hint("what is `tighten only` may be made stricter, and nothing else");
}

/// What the change would loosen. Missing: nothing where it may do as it likes.
std::optional<Protected> protected_from(const Overlay& overlay, const Place& place, const ast::Change& change) {
  const Guarded guard = guarded(overlay.file, place, Guard::tighten_only);
  if (guard.is) return Protected{name_of(change).text, guard.span, false};
  const auto held = overlay.held.find(name_of(change).text);
  const bool defines = std::holds_alternative<ast::EventDecl>(change.to) ||
                       std::holds_alternative<ast::Measure>(change.to) || std::holds_alternative<ast::Target>(change.to);
  if (!defines || held == overlay.held.end()) return std::nullopt;
  return Protected{held->second.name, held->second.span, true};
}

}  // namespace

void check_strictness(Overlay& overlay, const Place& place, const ast::Change& change) {
  const auto what = protected_from(overlay, place, change);
  if (!what) return;
  static const ast::Body empty;
  const ast::Body* before = body_of(overlay.file, place);
  Judgement judgement;
  const Two two{overlay, before ? *before : empty, change.body, judgement};
  if (place.part) {
    judge_part(two, place, change);
  } else {
    judge_whole(two, place, change);
  }
  for (const Objection& objection : judgement.objections) report(overlay, objection, *what);
}

}  // namespace plumb::check
