#include "check/check.h"

#include <algorithm>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

void check_definitions(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const Watch watch(context);
    if (const auto* event = std::get_if<ast::EventDecl>(&declaration)) {
      const auto found = context.names.events.find(event->name.text);
      if (found == context.names.events.end() || found->second.written != event) continue;
      event_defined(context, event->name);
      if (watch.noticed()) add_unevaluated(context, "event", event->name.text, event->name.span);
    } else if (const auto* measure = std::get_if<ast::Measure>(&declaration)) {
      const auto found = context.names.measures.find(measure->name.text);
      if (found == context.names.measures.end() || found->second.written != measure) continue;
      measure_defined(context, measure->name);
      if (watch.noticed()) add_unevaluated(context, "measure", measure->name.text, measure->name.span);
    }
  }
}

void check_processes(Context& context) {
  std::size_t row = 0;
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* process = std::get_if<ast::Process>(&declaration)) {
      check_process(context, *process, Id<model::Process>(row++));
    }
  }
}

void check_rules(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* rule = std::get_if<ast::Rule>(&declaration)) check_rule(context, *rule);
  }
  std::size_t row = 0;
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* process = std::get_if<ast::Process>(&declaration)) {
      check_stage_rules(context, *process, Id<model::Process>(row++));
    }
  }
}

void list_others(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (auto other = unread(declaration)) add_unevaluated(context, other->keyword, std::move(other->name), other->span);
  }
  std::ranges::stable_sort(context.book.unevaluated, {},
                           [](const model::Unevaluated& item) { return item.span.begin; });
}

}  // namespace

void check_header(Context& context) {
  if (!context.file.rulebook) return;
  const ast::Rulebook& written = *context.file.rulebook;
  context.book.name = written.name.text;
  context.book.title = written.title ? written.title->text : "";
  context.book.version = written.version ? written.version->text : "";
  context.book.header = header_from(written.header);
  context.book.responses = check_responses(context, written.responses);
}

void add_unevaluated(Context& context, std::string_view keyword, std::string name, Span span) {
  context.book.unevaluated.push_back({std::string(keyword), std::move(name), span});
}

model::Rulebook check(const syntax::ast::File& file, const source::Map& texts, diagnostics::Sink& sink) {
  Context context{file, texts, sink, {}, {}};
  context.read_with = sink.all().size();
  declare_names(context);
  declare_calendars(context);
  declare_processes(context);
  declare_targets(context);
  declare_plans(context);
  declare_checklists(context);
  declare_ladders(context);
  check_header(context);
  check_definitions(context);
  check_processes(context);
  check_targets(context);
  check_plans(context);
  check_checklists(context);
  check_rules(context);
  check_ladders(context);
  check_proofs(context);
  check_tests(context);
  // What a rule does not say of itself the rulebook says for all: from when it is in force.
  for (model::Rule& rule : context.book.rules) {
    if (!rule.effective_from) rule.effective_from = context.book.header.effective_from;
  }
  list_others(context);
  return std::move(context.book);
}

}  // namespace plumb::check
