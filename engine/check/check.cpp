#include "check/check.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

void check_definitions(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* event = std::get_if<ast::EventDecl>(&declaration)) {
      const auto found = context.names.events.find(event->name.text);
      if (found != context.names.events.end() && found->second.written == event) event_defined(context, event->name);
    } else if (const auto* measure = std::get_if<ast::Measure>(&declaration)) {
      const auto found = context.names.measures.find(measure->name.text);
      if (found != context.names.measures.end() && found->second.written == measure)
        measure_defined(context, measure->name);
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

/// Says of each version of a rule until when it is in force, and which stand before it: what is over sooner first.
void link_versions(Context& context) {
  std::vector<const ast::Rule*> written;
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* rule = std::get_if<ast::Rule>(&declaration)) written.push_back(rule);
  }
  std::vector<model::Rule>& rules = context.book.rules;
  if (written.size() != rules.size()) return;  // what is broken was reported
  for (std::uint32_t row = 0; row < rules.size(); ++row) {
    rules[row].effective_until = written[row]->until;
    if (row > 0 && is_same_rule(*written[row - 1], *written[row])) rules[row].same_as = row - 1;
  }
}

void check_rules(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* rule = std::get_if<ast::Rule>(&declaration)) check_rule(context, *rule);
  }
  link_versions(context);
  std::size_t row = 0;
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* process = std::get_if<ast::Process>(&declaration)) {
      check_stage_rules(context, *process, Id<model::Process>(row++));
    }
  }
  check_needs(context);
}

std::string name_of(const ast::Change& change) {
  const auto name = [](const auto& declaration) -> const ast::Name& {
    if constexpr (std::is_same_v<std::decay_t<decltype(declaration)>, ast::Fields>) {
      return declaration.of;
    } else {
      return declaration.name;
    }
  };
  return std::visit(name, change.to).text;
}

/// What belongs to a rulebook that was not read: nobody knows what it means.
void list_unread(Context& context) {
  std::vector<model::Unevaluated>& unread = context.book.unevaluated;
  const bool followed = is_followed(context.file);
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* use = std::get_if<ast::Use>(&declaration); use && !followed) {
      unread.push_back({"use", use->name.text, use->span});
    } else if (const auto* base = std::get_if<ast::Extends>(&declaration); base && !followed) {
      unread.push_back({"extends", base->name.text, base->span});
    } else if (const auto* change = std::get_if<ast::Change>(&declaration)) {
      unread.push_back({"change", name_of(*change), change->span});
    } else if (const auto* removal = std::get_if<ast::Remove>(&declaration)) {
      unread.push_back({"remove", removal->name.text, removal->span});
    }
  }
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

model::Rulebook check(const syntax::ast::File& file, const source::Map& texts, diagnostics::Sink& sink) {
  const std::size_t read_with = sink.all().size();
  std::optional<Overlaid> overlaid;
  if (is_overlaid(file)) overlaid = overlay(file, texts, sink);
  Context context{overlaid ? overlaid->file : file, texts, sink, {}, {}};
  if (overlaid) context.removed = std::move(overlaid->removed);
  context.read_with = read_with;
  for (const Span span : file.lost) add_words(texts.words(span), context.lost);
  // What stands on a line with a mistake may have been read as something else than it was meant as.
  for (std::size_t i = 0; i < context.read_with; ++i) {
    const Span span = sink.all()[i].span;
    if (span.known()) add_words(texts[span.text].line(texts.begin(span).line), context.lost);
  }
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
  add_responses(context);
  check_tests(context);
  check_dates(context);
  check_texts(context);
  // What a clause does not say of itself the rulebook that wrote it says for all: from when it is in force.
  for (model::Rule& rule : context.book.rules) {
    if (rule.responds_to) {
      const model::Rule& to = context.book.rules[rule.responds_to->rule];
      rule.effective_from = to.effective_from, rule.effective_until = to.effective_until;
    } else if (!rule.effective_from) {
      rule.effective_from = day_of_text(context.file, rule.span);
    }
  }
  name_governing(context);
  check_uses(context);
  check_contradictions(context);
  list_unread(context);
  return std::move(context.book);
}

}  // namespace plumb::check
