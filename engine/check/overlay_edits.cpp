#include "check/overlay_edits.h"

#include <algorithm>
#include <variant>

namespace plumb::check {

namespace {

std::string face(const Wanted& wanted) {
  std::string result = fmt::format("{} `{}`", to_text(wanted.kind), wanted.name.text);
  if (wanted.in && wanted.in->written()) result += fmt::format(" in `{}`", wanted.in->text);
  return result;
}

/// `change event pushed`.
std::string rewritten(const Overlay& overlay, const Edit& edit, Kind kind, const Place& place) {
  std::string_view keyword = to_text(kind);
  const ast::Declaration& declaration = overlay.file.declarations[place.row];
  if (const auto* rule = std::get_if<ast::Rule>(&declaration)) {
    keyword = rule->strength == ast::Strength::must ? "must" : rule->strength == ast::Strength::should ? "should" : "trial";
  }
  std::string result = fmt::format("{} {} {}", edit.verb(), keyword, spelled(edit.wanted.name.text));
  if (!place.part) return result;
  const auto name = [](const auto& whole) { return spelled(whole.name.text); };
  if (const auto* process = std::get_if<ast::Process>(&declaration)) return result + " in " + name(*process);
  if (const auto* list = std::get_if<ast::Checklist>(&declaration)) return result + " in " + name(*list);
  return result + " in " + name(std::get<ast::Ladder>(declaration));
}

/// The same name among the declarations of other kinds.
void hint_other_kind(const Overlay& overlay, const Edit& edit, std::size_t rank, Diagnostic& diagnostic) {
  for (std::size_t i = 0; i < kinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    if (kind == edit.wanted.kind) continue;
    for (const Place& place : places_of(overlay, {kind, edit.wanted.name, {}, {}})) {
      const Span span = name_span(overlay.file, place);
      if (rank_of(overlay.file, span) >= rank) continue;
      diagnostic.label(span, fmt::format("a {} of this name", to_text(kind)))
          .hint("`{}` means the {}", rewritten(overlay, edit, kind, place), to_text(kind));
      return;
    }
  }
}

/// `proposal.at_most` is no rule by itself.
bool hint_stage_clause(const Edit& edit, Diagnostic& diagnostic) {
  const std::string& name = edit.wanted.name.text;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return false;
  const std::string_view clause = std::string_view(name).substr(dot + 1);
  if (clause != "to_enter" && clause != "to_move_on" && clause != "while_in" && clause != "at_most") return false;
  diagnostic.hint("what a stage expects is changed with its stage: `change stage NAME in PROCESS {{ … }}`");
  return true;
}

void report_nothing(Overlay& overlay, const Edit& edit, std::size_t rank) {
  Wanted wanted = edit.wanted;
  ast::Name name = wanted.name;
  // Where even the container is not there, that is the mistake.
  if (const auto outer = container_of(wanted.kind); outer && wanted.in && wanted.in->written()) {
    const Wanted container{*outer, *wanted.in, {}, {}};
    const std::vector<std::string> there = names_of(overlay, container, rank);
    if (std::ranges::find(there, wanted.in->text) == there.end()) {
      wanted = container;
      name = *edit.wanted.in;
    }
  }
  Diagnostic& diagnostic = overlay.sink.report(name.span, diag::NothingToChange, face(wanted), edit.verb());
  if (hint_stage_clause(edit, diagnostic)) return;
  if (wanted.kind == edit.wanted.kind) hint_other_kind(overlay, edit, rank, diagnostic);
  const std::vector<std::string> names = names_of(overlay, wanted, rank);
  const std::string_view near = diagnostics::nearest(name.text, names);
  if (!near.empty() && near != name.text) diagnostic.hint("did you mean `{}`?", near).suggest(name.span, spelled(near));
  if (names.empty()) diagnostic.hint("no {} is declared in what this rulebook builds on", to_text(wanted.kind));
}

void report_own(Overlay& overlay, const Edit& edit, const Place& place) {
  overlay.sink.report(edit.wanted.name.span, diag::ChangeOfOwn, edit.wanted.name.text, edit.done())
      .label(name_span(overlay.file, place), "declared here")
      .hint("{}", edit.change
                      ? "change it where it stands; `change` is for what another rulebook declares"
                      : "take it out where it stands; `remove` is for what another rulebook declares");
}

/// Whether the rulebook says so, or was joined with one before it.
bool builds_on_something(const ast::File& file, std::size_t rank) {
  const auto is_before = [&](const ast::Source& source) { return rank_of(file, Span{source.text, 0, 0}) < rank; };
  if (std::ranges::any_of(file.sources, is_before)) return true;
  return std::ranges::any_of(file.declarations, [&](const ast::Declaration& declaration) {
    const auto* use = std::get_if<ast::Use>(&declaration);
    const auto* base = std::get_if<ast::Extends>(&declaration);
    return (use && rank_of(file, use->span) == rank) || (base && rank_of(file, base->span) == rank);
  });
}

/// A removal says how strong the rule is that it removes; another one may be meant.
bool is_as_strong(const Overlay& overlay, const Edit& edit, const Place& place) {
  const auto* rule = std::get_if<ast::Rule>(&overlay.file.declarations[place.row]);
  if (!edit.remove || !rule) return true;
  const std::string& keyword = edit.remove->kind.text;
  return rule->strength == (keyword == "must"     ? ast::Strength::must
                            : keyword == "should" ? ast::Strength::should
                                                  : ast::Strength::trial);
}

void report_strength(Overlay& overlay, const Edit& edit) {
  const Place& place = edit.places.front();
  overlay.sink
      .report(edit.keyword().span, diag::NothingToChange,
              fmt::format("`{} {}`", edit.keyword().text, edit.wanted.name.text), edit.verb())
      .label(name_span(overlay.file, place), "the rule of this name")
      .hint("`{}` is what it is called", rewritten(overlay, edit, Kind::rule, place));
}

void report_ambiguous(Overlay& overlay, const Edit& edit) {
  std::vector<std::string> ways;
  Diagnostic& diagnostic =
      overlay.sink.report(edit.wanted.name.span, diag::AmbiguousPart, to_text(edit.wanted.kind), edit.wanted.name.text);
  for (const Place& place : edit.places) {
    diagnostic.label(name_span(overlay.file, place), "one of them");
    ways.push_back(rewritten(overlay, edit, edit.wanted.kind, place));
  }
  diagnostic.hint("say which: {}", listed(ways, "or"));
}

// ---- what goes together ---------------------------------------------------------------------------------------------

bool same_place(const Edit& a, const Edit& b) {
  const Place& one = a.places.front();
  const Place& other = b.places.front();
  return one.row == other.row && one.part == other.part;
}

/// Whether both say what becomes of the same: not so the changes for two parts, or for a part and for all.
bool clash(const Overlay& overlay, const Edit& a, const Edit& b) {
  if (!same_place(a, b)) return false;
  if (!a.change || !b.change) return true;
  const ast::Subject* part = part_of(*a.change);
  const ast::Subject* other = part_of(*b.change);
  if (!part || !other) return !part && !other;
  return same_words(overlay.texts, part->span, other->span);
}

/// What is removed is not changed, nor is what it stands in.
bool removes_around(const Edit& a, const Edit& b) {
  return a.remove && !a.places.front().part && b.places.front().part && a.places.front().row == b.places.front().row;
}

bool report_clash(Overlay& overlay, const Edit& edit, const std::vector<Edit>& before) {
  for (const Edit& other : before) {
    const bool around = removes_around(other, edit) || removes_around(edit, other);
    if (!around && !clash(overlay, other, edit)) continue;
    const bool alike = (edit.change != nullptr) == (other.change != nullptr);
    Diagnostic& diagnostic =
        alike ? overlay.sink.report(edit.wanted.name.span, diag::ChangedTwice, edit.wanted.name.text, edit.done())
              : overlay.sink.report(edit.wanted.name.span, diag::ChangedAndRemoved, edit.wanted.name.text);
    diagnostic.label(other.wanted.name.span, fmt::format("{} here", other.done()));
    if (!alike) diagnostic.hint("what is to be another thing is removed and declared anew; what is changed stays");
    if (alike && edit.change) diagnostic.hint("say in one `change` all that becomes different");
    if (alike && edit.remove) diagnostic.hint("leave one of them out");
    return true;
  }
  return false;
}

// ---- what does not go ------------------------------------------------------------------------------------------------

/// Whether a rule stays one of the same subjects.
bool check_subject_kind(Overlay& overlay, const Edit& edit) {
  const auto* said = edit.change ? std::get_if<ast::Rule>(&edit.change->to) : nullptr;
  const auto* rule = std::get_if<ast::Rule>(&overlay.file.declarations[edit.places.front().row]);
  if (!said || !said->subject || !rule || !rule->subject) return true;
  const auto process = [](const ast::Subject& subject) { return subject.process ? subject.process->text : std::string(); };
  const bool fits = said->subject->kind == rule->subject->kind &&
                    (!part_of(*edit.change) || process(*said->subject).empty() ||
                     process(*said->subject) == process(*rule->subject));
  if (fits || said->subject->kind == ast::SubjectKind::other) return fits;
  overlay.sink
      .report(said->subject->span, diag::SubjectKindChanged, edit.wanted.name.text,
              words(overlay.texts, rule->subject->span), words(overlay.texts, said->subject->span))
      .label(rule->subject->span, "for these")
      .hint("what is changed for a part of them names the part: `where …`, or `in STAGE`")
      .hint("a rule for others is another rule: declare one, under a name of its own");
  return false;
}

void check_removal(Overlay& overlay, const ast::Remove& remove) {
  if (remove.in && remove.in->written() && !container_of(kind_of(remove.kind.text).value_or(Kind::stage))) {
    overlay.sink
        .report(remove.in->span, diag::MisplacedClause, fmt::format("in {}", remove.in->text),
                fmt::format("remove {}", remove.kind.text))
        .hint("only stages, items and rungs stand in something");
  }
  for (const ast::Clause& clause : remove.body.clauses) {
    if (clause.kind != ast::ClauseKind::sealed && clause.kind != ast::ClauseKind::tighten &&
        clause.kind != ast::ClauseKind::effective)
      continue;
    overlay.sink.report(clause.span, diag::MisplacedClause, words(overlay.texts, clause.span), "remove")
        .hint("a removal may say who proposed it and when to look at it again: `author`, `proposed by`, `review by`");
  }
}

}  // namespace

Found find(Overlay& overlay, Edit& edit) {
  const ast::File& file = overlay.file;
  if (edit.remove) check_removal(overlay, *edit.remove);
  if (!edit.wanted.name.written() || !kind_of(edit.keyword().text)) return Found::reported;
  const std::size_t rank = rank_of(file, edit.span());
  std::optional<Place> own;
  for (const Place& place : places_of(overlay, edit.wanted)) {
    const std::size_t declared = rank_of(file, name_span(file, place));
    if (declared < rank) edit.places.push_back(place);
    if (declared == rank) own = place;
  }
  const bool elsewhere = file.open || (file.sources.empty() && builds_on_something(file, rank));
  if (edit.places.empty()) {
    if (own) {
      report_own(overlay, edit, *own);
    } else if (elsewhere) {
      return Found::elsewhere;
    } else if (!builds_on_something(file, rank)) {
      overlay.sink.report(edit.span(), diag::ChangeWithoutBase, edit.verb())
          .hint("say first what it builds on: `extends acme.new_business`, or `use` for a library");
    } else {
      report_nothing(overlay, edit, rank);
    }
    return Found::reported;
  }
  if (!std::ranges::all_of(edit.places, [&](const Place& place) { return is_as_strong(overlay, edit, place); })) {
    report_strength(overlay, edit);
    return Found::reported;
  }
  if (edit.places.front().part && edit.places.size() > 1) {
    report_ambiguous(overlay, edit);
    return Found::reported;
  }
  return Found::yes;
}

std::vector<Edit> check_edits(Overlay& overlay, std::vector<Edit> edits) {
  std::vector<Edit> result;
  for (Edit& edit : edits) {
    if (report_clash(overlay, edit, result) || !check_subject_kind(overlay, edit)) continue;
    check_guards(overlay, edit);
    result.push_back(std::move(edit));
  }
  return result;
}

}  // namespace plumb::check
