#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

using Changed = decltype(ast::Change::to);

/// The declaration that `change` says anew: its name, and its span without the word `change`.
template <class T>
T begun(Reader& reader, P::ChangedContext& changed) {
  T declaration;
  declaration.name = lower_name(reader, *changed.anyName(0));
  declaration.span = reader.offsets.span(changed);
  return declaration;
}

ast::Rule lower_changed_rule(Reader& reader, P::ChangedContext& changed) {
  ast::Rule rule;
  rule.strength = lower_strength(*changed.strength());
  rule.name = lower_name(reader, *changed.dottedName());
  rule.span = reader.offsets.span(changed);
  if (auto* each = changed.forEachClause()) rule.subject = lower_subject(reader, *each);
  lower_rule_body(reader, *changed.ruleBody(), rule);
  return rule;
}

Changed lower_changed_definition(Reader& reader, P::ChangedContext& changed) {
  if (changed.MEASURE() != nullptr) {
    auto measure = begun<ast::Measure>(reader, changed);
    measure.value = lower_value(reader, *changed.value(), Side::left);
    lower_header(reader, changed.headerBody(), measure.header);
    return measure;
  }
  auto event = begun<ast::EventDecl>(reader, changed);
  event.event = lower_event(reader, *changed.event());
  lower_header(reader, changed.headerBody(), event.header);
  return event;
}

Changed lower_changed_fields(Reader& reader, P::ChangedContext& changed) {
  P::FieldsBodyContext* body = changed.fieldsBody();
  if (changed.FIELDS() != nullptr) {
    ast::Fields fields;
    fields.of = lower_name(reader, *changed.anyName(0));
    fields.span = reader.offsets.span(changed);
    fields.fields = lower_fields(reader, body, fields.header);
    return fields;
  }
  if (changed.ACTIVITY() != nullptr) {
    auto activity = begun<ast::Activity>(reader, changed);
    activity.fields = lower_fields(reader, body, activity.header);
    return activity;
  }
  auto record = begun<ast::Record>(reader, changed);
  record.fields = lower_fields(reader, body, record.header);
  return record;
}

/// A part of a declaration, which says in which one it stands. Missing: nothing for a whole one.
std::optional<Changed> lower_changed_part(Reader& reader, P::ChangedContext& changed) {
  if (auto* body = changed.stageBody()) {
    auto stage = begun<ast::Stage>(reader, changed);
    lower_stage_body(reader, body, stage);
    return stage;
  }
  if (auto* body = changed.itemBody()) {
    auto item = begun<ast::Item>(reader, changed);
    lower_item_body(reader, body, item);
    return item;
  }
  if (auto* body = changed.rungBody()) {
    auto rung = begun<ast::Rung>(reader, changed);
    lower_rung_body(reader, *body, rung);
    return rung;
  }
  return std::nullopt;
}

template <class T, class Body>
T changed_whole(Reader& reader, P::ChangedContext& changed, Body& body, void (*lower)(Reader&, Body&, T&)) {
  T declaration = begun<T>(reader, changed);
  lower(reader, body, declaration);
  return declaration;
}

Changed lower_changed(Reader& reader, P::ChangedContext& changed) {
  if (changed.strength() != nullptr) return lower_changed_rule(reader, changed);
  if (auto part = lower_changed_part(reader, changed)) return std::move(*part);
  if (auto* body = changed.targetBody()) return changed_whole(reader, changed, *body, lower_target_body);
  if (auto* body = changed.planBody()) return changed_whole(reader, changed, *body, lower_plan_body);
  if (auto* body = changed.ladderBody()) return changed_whole(reader, changed, *body, lower_ladder_body);
  if (auto* body = changed.checklistBody()) return changed_whole(reader, changed, *body, lower_checklist_body);
  if (auto* body = changed.processBody()) return changed_whole(reader, changed, *body, lower_process_body);
  if (auto* body = changed.calendarBody()) return changed_whole(reader, changed, *body, lower_calendar_body);
  if (changed.fieldsBody() != nullptr) return lower_changed_fields(reader, changed);
  return lower_changed_definition(reader, changed);
}

}  // namespace

ast::Change lower_change(Reader& reader, P::ChangeDeclarationContext& context) {
  P::ChangedContext& changed = *context.changed();
  const bool part = changed.stageBody() != nullptr || changed.itemBody() != nullptr || changed.rungBody() != nullptr;
  ast::Change change{ast::Name{changed.start->getText(), reader.offsets.span(*changed.start)},
                     {},
                     lower_changed(reader, changed),
                     lower_body(reader, body_within(changed)),
                     reader.offsets.span(context)};
  if (part) change.in = lower_name(reader, *changed.anyName(1));
  return change;
}

ast::Remove lower_remove(Reader& reader, P::RemoveDeclarationContext& context) {
  ast::Remove remove;
  remove.kind = lower_name(reader, *context.removedKind());
  remove.name = lower_name(reader, *context.dottedName());
  remove.in = lower_name(reader, static_cast<antlr4::ParserRuleContext*>(context.anyName()));
  remove.because = lower_text(reader, *context.becauseClause()->text());
  lower_header(reader, context.headerBody(), remove.header);
  remove.body = lower_body(reader, context.headerBody());
  remove.span = reader.offsets.span(context);
  return remove;
}

}  // namespace plumb::syntax::antlr
