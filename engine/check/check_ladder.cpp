#include <algorithm>
#include <array>
#include <variant>

#include "check/shape.h"

namespace plumb::check {

namespace {

using model::SubjectKind;

std::string text_or_empty(const std::optional<ast::Text>& text) { return text ? text->text : std::string(); }

void report_lacking(Context& context, const ast::Ladder& written, std::string_view what, std::string_view clause) {
  if (was_reported_in(context, written.span)) return;
  context.sink.report(written.name.span, diag::LadderLacks, written.name.text, what).hint("say it: `{}`", clause);
}

std::string subject_noun(ast::SubjectKind kind) {
  static constexpr std::array<std::string_view, 5> nouns{"a deal", "a person", "a team", "the company",
                                                         "something else"};
  return std::string(nouns[static_cast<std::size_t>(kind)]);
}

// ---- rules that a ladder reads --------------------------------------------------------------------------------------

/// Reports why a rule is none that a ladder follows. Whether it is one.
bool follows(Context& context, const ast::Name& name, const ast::Rule& rule) {
  const auto refuse = [&](const std::string& what) -> Diagnostic& {
    return context.sink.report(name.span, diag::NotForLadder, rule.name.text, what).label(rule.name.span, "it is here");
  };
  if (rule.strength != ast::Strength::must) {
    refuse(rule.strength == ast::Strength::should ? "a should" : "a trial")
        .hint("a ladder counts what must be: only the misses of a `must` have consequences");
    return false;
  }
  const bool group =
      rule.subject && (rule.subject->kind == ast::SubjectKind::team || rule.subject->kind == ast::SubjectKind::company);
  if (!group) return true;
  refuse(fmt::format("about {}", subject_noun(rule.subject->kind)))
      .hint("a ladder is one person's: a rule `for each person`, or `for each deal`, whose owner owes it");
  return false;
}

/// What a person owes every period: the duty whose interval a rung changes.
void check_duty(Context& context, const ast::Name& name) {
  const ast::Rule* rule = rule_written(context, name);
  if (!rule || !rule->subject || !rule->shape) return;
  const bool fits = rule->subject->kind == ast::SubjectKind::person && rule->shape->shape == ast::Shape::every;
  if (fits) return;
  context.sink.report(name.span, diag::NotADuty, name.text)
      .label(rule->name.span, "it is here")
      .hint("a rung changes how often a duty is due: a rule `for each person` with `every` period");
}

// ---- the parts of a ladder ------------------------------------------------------------------------------------------

void check_subject(Context& context, const ast::Ladder& written, Scope& scope, model::Ladder& ladder) {
  scope.about = About::person;
  ladder.subject.kind = SubjectKind::person;
  if (!written.subject || written.subject->kind == ast::SubjectKind::other) return;
  if (written.subject->kind == ast::SubjectKind::person) {
    ladder.subject = check_subject(context, *written.subject, scope).value_or(ladder.subject);
    return;
  }
  context.sink.report(written.subject->span, diag::LadderSubject, words(context, written.subject->span))
      .hint("only people are helped and asked again: `for each person`");
}

model::Right right_in(std::string_view words) {
  if (words.ends_with("thing")) return model::Right::thing;
  return words.ends_with("way") ? model::Right::way : model::Right::time;
}

void check_start(Context& context, const ast::Ladder& written, model::Ladder& ladder) {
  if (!written.starts) {
    return report_lacking(context, written, "when it starts", "starts when the same right is missed in 2 of 3 months");
  }
  const ast::LadderStart& start = *written.starts;
  ladder.starts.of = static_cast<model::LadderStart::Of>(start.of);
  ladder.starts.missed = start.missed;
  ladder.starts.out_of = start.out_of;
  ladder.starts.period = start.period;
  check_period(context, start.period, start.span);
  check_not_zero(context, start.missed, start.span);
  if (start.missed > start.out_of) {
    context.sink.report(start.span, diag::MoreMissesThanPeriods, start.missed, start.out_of)
        .hint("at most as many as are looked at: `missed in 2 of 3 months`");
  }
  if (start.of == ast::LadderStart::Of::right) ladder.starts.right = right_in(start.what.text);
  if (start.of != ast::LadderStart::Of::rule) return;
  ladder.starts.rule = start.what.text;
  if (const ast::Rule* rule = rule_written(context, start.what)) follows(context, start.what, *rule);
}

/// The manager, the person, or a role. Missing: nothing is said of a word that may be a role.
void check_who(Context& context, const ast::Name& who) {
  if (!who.written() || who.text == "manager" || who.text == "person") return;
  const model::Field& role = context.book.fields[fields_of(context, model::OwnerKind::person).at("role")];
  if (role.type.kind != TypeKind::choice) return;
  std::vector<std::string> candidates{"manager", "person"};
  candidates.insert(candidates.end(), role.choices.begin(), role.choices.end());
  if (std::ranges::find(candidates, who.text) != candidates.end()) return;
  Diagnostic* diagnostic = unknown(context, who, candidates, diag::UnknownDebtor, who.text);
  if (diagnostic) diagnostic->hint("the person, a manager, or one of the roles of a person");
}

void check_act(Context& context, const Scope& scope, const ast::RungStep& written, model::RungStep& step) {
  switch (written.act) {
    case ast::RungStep::Act::tells:
      check_who(context, written.what);
      step.told = written.what.text;
      break;
    case ast::RungStep::Act::records: step.record = record_named(context, written.what); break;
    case ast::RungStep::Act::holds:
      check_not_zero(context, written.times, written.span);
      step.event = event_named(context, scope, written.what);
      step.record = context.book.events[step.event].record;
      break;
    case ast::RungStep::Act::owes:
      check_duty(context, written.what);
      step.rule = written.what.text;
      if (written.every_business_day) check_business_days(context, written.span);
      if (written.every) check_period(context, *written.every, written.span);
      break;
  }
}

model::RungStep check_step(Context& context, const Scope& scope, const ast::RungStep& written) {
  model::RungStep step;
  step.act = static_cast<model::RungStep::Act>(written.act);
  step.who = written.who.text;
  step.times = written.times;
  step.every_business_day = written.every_business_day;
  step.every = written.every;
  step.span = written.span;
  check_who(context, written.who);
  check_act(context, scope, written, step);
  step.at_most = check_duration(context, written.at_most);
  step.within = check_duration(context, written.within);
  if (written.only_after && written.only_after->written()) step.only_after = record_named(context, *written.only_after);
  return step;
}

void check_rungs(Context& context, const Scope& scope, const ast::Ladder& written, model::Ladder& ladder) {
  std::map<std::string, Span> seen;
  for (const ast::Rung& line : written.rungs) {
    if (!line.name.written()) continue;
    const auto [first, is_new] = seen.try_emplace(line.name.text, line.name.span);
    if (!is_new) {
      report_duplicate(context, line.name, "a rung", first->second);
      continue;
    }
    model::Rung rung{line.name.text, text_or_empty(line.title), {}, line.name.span};
    for (const ast::RungStep& step : line.steps) rung.steps.push_back(check_step(context, scope, step));
    if (rung.steps.empty() && !was_reported_in(context, line.span)) {
      context.sink.report(line.name.span, diag::EmptyRung, line.name.text)
          .hint("say who does what: `manager tells person within 1 business day`");
    }
    ladder.rungs.push_back(std::move(rung));
  }
  if (ladder.rungs.empty())
    report_lacking(context, written, "what happens", "rung notice { manager tells person within 1 business day }");
  if (ladder.rungs.size() > 1 && !written.climbs_in_next)
    report_lacking(context, written, "when the next rung comes", "climbs when missed again in the next month");
}

void check_waits(Context& context, const Scope& scope, const ast::Ladder& written, model::Ladder& ladder) {
  for (const ast::LadderWait& line : written.waits) {
    model::LadderWait wait;
    wait.condition = check_condition(context, scope, line.condition);
    if (line.at && line.at->written()) wait.rung = rung_named(context, ladder, *line.at);
    ladder.waits.push_back(wait);
  }
}

void check_ladder(Context& context, const ast::Ladder& written, Id<model::Ladder> id) {
  model::Ladder ladder = context.book.ladders[id];
  Scope scope;
  check_subject(context, written, scope, ladder);
  check_start(context, written, ladder);
  check_rungs(context, scope, written, ladder);
  ladder.climbs_in_next = written.climbs_in_next;
  if (written.climbs_in_next) check_period(context, *written.climbs_in_next, written.name.span);
  check_waits(context, scope, written, ladder);
  if (written.clears) {
    check_not_zero(context, written.clears->count, written.clears->span);
    check_period(context, written.clears->period, written.clears->span);
    ladder.clears_after = written.clears->count;
    ladder.clears_period = written.clears->period;
  } else if (!was_reported_in(context, written.span)) {
    context.sink.report(written.name.span, diag::LadderNeverClears, written.name.text)
        .hint("say how somebody gets off it: `clears after 2 months kept`");
  }
  context.book.ladders[id] = std::move(ladder);
}

// ---- which rules feed it --------------------------------------------------------------------------------------------

/// What a rule names is its ladder; what a must that has a right does not name is the rulebook's.
void name_ladder(Context& context, const ast::Rule& written, Id<model::Ladder> of_all, model::Rule& rule) {
  const bool one_person = rule.subject.kind == SubjectKind::person || rule.subject.kind == SubjectKind::deal;
  if (!written.ladder) {
    if (rule.strength == model::Strength::must && rule.right != model::Right::none && one_person) rule.ladder = of_all;
    return;
  }
  const Id<model::Ladder> ladder = ladder_named(context, *written.ladder);
  if (!ladder || !follows(context, *written.ladder, written)) return;
  rule.ladder = ladder;
  if (rule.right != model::Right::none) return;
  context.sink.report(written.ladder->span, diag::LadderWithoutRight, written.name.text)
      .hint("a ladder is climbed for one right: say `right thing`, `right way` or `right time` in the rule");
}

void name_ladders(Context& context) {
  Id<model::Ladder> of_all;
  const auto& header = context.file.rulebook;
  if (header && header->ladder && header->ladder->written()) of_all = ladder_named(context, *header->ladder);
  context.book.ladder = of_all;
  std::map<std::string, model::Rule*> by_name;
  for (model::Rule& rule : context.book.rules) {
    if (rule.origin == model::RuleOrigin::rule) by_name.try_emplace(rule.name, &rule);
  }
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Rule>(&declaration);
    if (!written) continue;
    model::Rule other;  // of a rule that is broken: what is wrong with its ladder is said all the same
    other.right = written->right ? model::Right::thing : model::Right::none;
    const auto found = by_name.find(written->name.text);
    name_ladder(context, *written, of_all, found == by_name.end() ? other : *found->second);
  }
}

}  // namespace

const ast::Rule* rule_written(Context& context, const ast::Name& name) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* rule = std::get_if<ast::Rule>(&declaration);
    if (rule && rule->name.written() && rule->name.text == name.text) return rule;
  }
  unknown(context, name, keys(context, context.names.rules), diag::UnknownRule, name.text);
  return nullptr;
}

std::optional<std::uint32_t> rung_named(Context& context, const model::Ladder& ladder, const ast::Name& name) {
  std::vector<std::string> names;
  for (const model::Rung& rung : ladder.rungs) names.push_back(rung.name);
  const auto found = std::ranges::find(names, name.text);
  if (found != names.end()) return static_cast<std::uint32_t>(found - names.begin());
  Diagnostic* diagnostic = unknown(context, name, names, diag::UnknownRung, ladder.name, name.text);
  if (diagnostic && !names.empty() && names.size() <= 8) diagnostic->hint("its rungs are {}", listed(names));
  return std::nullopt;
}

Id<model::Ladder> ladder_named(Context& context, const ast::Name& name) {
  const auto found = context.names.ladders.find(name.text);
  if (found != context.names.ladders.end()) return found->second;
  Diagnostic* diagnostic = unknown(context, name, keys(context, context.names.ladders), diag::UnknownLadder, name.text);
  if (diagnostic && diagnostic->help.empty()) {
    if (context.names.ladders.empty()) {
      diagnostic->hint("declare one: `ladder {} for each person {{ … }}`", spelled(name.text));
    } else {
      diagnostic->hint("there {} {}", context.names.ladders.size() == 1 ? "is" : "are",
                       listed(keys(context, context.names.ladders)));
    }
  }
  return {};
}

void declare_ladders(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Ladder>(&declaration);
    if (!written) continue;
    model::Ladder ladder;
    ladder.name = written->name.text;
    ladder.title = text_or_empty(written->title);
    ladder.because = text_or_empty(written->because);
    ladder.header = header_from(written->header);
    ladder.span = written->name.span;
    const Id<model::Ladder> id = context.book.ladders.add(std::move(ladder));
    if (!written->name.written()) continue;
    const auto [first, is_new] = context.names.ladders.try_emplace(written->name.text, id);
    if (!is_new) report_duplicate(context, written->name, "a ladder", context.book.ladders[first->second].span);
  }
}

void check_ladders(Context& context) {
  std::size_t row = 0;
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Ladder>(&declaration);
    if (written) check_ladder(context, *written, Id<model::Ladder>(row++));
  }
  name_ladders(context);
}

}  // namespace plumb::check
