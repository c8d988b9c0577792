#include <algorithm>
#include <array>
#include <iterator>
#include <variant>

#include "check/passes.h"

namespace plumb::check {

namespace {

constexpr std::array<std::string_view, 4> built_in_events{"created", "won", "lost", "reopened"};
constexpr std::size_t most_uses_shown = 3;  // of an unknown name, after the first

/// The only place of the text where a word stands. Missing: unknown for none and for several.
Span only_use(const Context& context, std::string_view word) {
  Span found;
  for (const Span span : context.file.words) {
    if (context.texts.words(span) != word) continue;
    if (found.known()) return {};
    found = span;
  }
  return found;
}

void declare_event(Context& context, const ast::EventDecl& written) {
  if (!written.name.written()) return;
  const auto [at, is_new] =
      context.names.happenings.try_emplace(written.name.text, Declared{"an event", written.name.span});
  if (!is_new) return report_duplicate(context, written.name, at->second.as, at->second.span);
  context.names.events[written.name.text].written = &written;
}

void declare_measure(Context& context, const ast::Measure& written) {
  if (!written.name.written()) return;
  auto& measure = context.names.measures[written.name.text];
  if (measure.written) return report_duplicate(context, written.name, "a measure", measure.written->name.span);
  measure.written = &written;
}

void declare_rule(Context& context, const ast::Rule& written) {
  // A rule that is changed for a part of its subjects, or on a day, stands there once for each part and version.
  if (!written.name.written() || written.part.known()) return;
  const auto [at, is_new] = context.names.rules.try_emplace(written.name.text, written.name.span);
  if (!is_new && at->second != written.name.span) report_duplicate(context, written.name, "a rule", at->second);
}

void declare_world(Context& context, const ast::Declaration& declaration) {
  if (is_followed(context.file)) return;
  if (std::holds_alternative<ast::Extends>(declaration)) context.world = World::extends;
  if (std::holds_alternative<ast::Use>(declaration) && context.world == World::closed) context.world = World::uses;
}

/// A stage that was called by what people call it. Whether there is one.
bool suggest_labelled(const Context& context, const ast::Name& name, Id<model::Process> process,
                      Diagnostic& diagnostic) {
  for (const model::Stage& stage : context.book.stages) {
    if (stage.label != name.text || (process && stage.process != process)) continue;
    diagnostic.hint("the stage with this label is called `{}`", spelled(stage.name));
    if (diagnostic.suggestions.empty()) diagnostic.suggest(name.span, spelled(stage.name));
    return true;
  }
  return false;
}

void report_unknown_stage(Context& context, const ast::Name& name, Id<model::Process> process) {
  std::vector<std::string> candidates;
  for (const auto& [stage_name, stages] : context.names.stages) {
    const auto in_process = [&](Id<model::Stage> id) { return !process || context.book.stages[id].process == process; };
    if (still_suggests(context) && std::ranges::any_of(stages, in_process)) candidates.push_back(stage_name);
  }
  const std::string who = process ? fmt::format("the process `{}` has no", context.book.processes[process].name)
                                  : std::string("no process has a");
  Diagnostic* diagnostic = unknown(context, name, candidates, diag::UnknownStage, who, name.text);
  if (diagnostic && suggest_labelled(context, name, process, *diagnostic)) return;
  if (diagnostic && !candidates.empty() && candidates.size() <= 8) {
    diagnostic->hint("the stages are {}", listed(candidates));
  }
}

Id<model::Stage> report_ambiguous(Context& context, const ast::Name& name, const std::vector<Id<model::Stage>>& found) {
  std::vector<std::string> processes;
  for (const Id<model::Stage> id : found)
    processes.push_back(context.book.processes[context.book.stages[id].process].name);
  Diagnostic& diagnostic = context.sink.report(name.span, diag::AmbiguousStage, name.text, listed(processes));
  for (const Id<model::Stage> id : found) diagnostic.label(context.book.stages[id].span, "one of them");
  diagnostic.hint("a rule names its process, `for each deal of {}`; anywhere else the stages need names of their own",
                  spelled(processes.front()));
  return {};
}

}  // namespace

bool still_suggests(const Context& context) { return context.sink.errors() < 100; }

bool is_followed(const ast::File& file) { return !file.open && !file.sources.empty(); }

bool from_elsewhere(Context& context, std::string_view near) {
  return context.world == World::extends || (context.world == World::uses && near.empty());
}

bool said_before(Context& context, const ast::Name& name, const diagnostics::Code& code) {
  const auto [at, is_new] =
      context.unknown.try_emplace(std::pair(code.name, name.text), Unknown{context.sink.all().size(), 0});
  if (is_new) return false;
  Diagnostic& said = context.sink.again(at->second.row);
  if (!said.suggestions.empty()) said.suggest(name.span, said.suggestions.front().text);
  if (++at->second.uses <= most_uses_shown) {
    said.label(name.span, "and here");
  } else {
    const std::size_t more = at->second.uses - most_uses_shown;
    said.labels.back().text = fmt::format("and here, and {} more time{}", more, more == 1 ? "" : "s");
  }
  return true;
}

void label_declared(const Context& context, Diagnostic& diagnostic, std::string_view near) {
  const Span declared = near.empty() ? Span{} : only_use(context, spelled(near));
  if (declared.known()) diagnostic.label(declared, fmt::format("declared here as `{}`", near));
}

namespace {

/// The one candidate of which a name is the beginning: `next_step` of `next_step_on`. Missing: empty for none, several.
std::string_view begun(const std::string& name, const std::vector<std::string>& candidates) {
  constexpr std::size_t shortest = 4;
  std::string_view found;
  for (const std::string& candidate : candidates) {
    if (name.size() < shortest || !candidate.starts_with(name + "_") || candidate == found) continue;
    if (!found.empty()) return {};
    found = candidate;
  }
  return found;
}

}  // namespace

void suggest_nearest(Diagnostic& diagnostic, const ast::Name& name, const std::vector<std::string>& candidates) {
  std::string_view near = diagnostics::nearest(name.text, candidates);
  if (near.empty()) near = begun(name.text, candidates);
  if (near.empty() || near == name.text) return;
  diagnostic.hint("did you mean `{}`?", near).suggest(name.span, spelled(near));
}

bool label_removed(const Context& context, Diagnostic& diagnostic, const std::string& name) {
  const auto [begin, end] = context.removed.equal_range(name);
  for (auto at = begin; at != end; ++at) {
    diagnostic.label(at->second.span, fmt::format("{} is removed here", at->second.as));
  }
  return begin != end;
}

void report_duplicate(Context& context, const ast::Name& name, std::string_view as, Span first) {
  const std::string_view theirs = another_rulebook(context.file, first, name.span);
  if (!theirs.empty()) {
    context.sink.report(name.span, diag::ShadowedName, name.text, as, theirs)
        .label(first, "the first is here")
        .hint("one name means one thing: `change` makes theirs another, and anything else is called something else");
    return;
  }
  Diagnostic& diagnostic = context.sink.report(name.span, diag::DuplicateName, as, name.text);
  if (first.known()) {
    diagnostic.label(first, "the first is here").hint("each needs a name of its own");
  } else {
    diagnostic.hint("every rulebook has it; this one needs another name");
  }
}

bool report_too_deep(Context& context, const ast::Name& name) {
  if (context.depth < deepest_definition) return false;
  context.sink.report(name.span, diag::TooDeep, deepest_definition)
      .hint("each definition here builds on one below it; write the lowest first");
  return true;
}

void report_circle(Context& context, const ast::Name& name, Span written) {
  context.sink.report(name.span, diag::CircularDefinition, name.text)
      .label(written, "it is defined here")
      .hint("one of the definitions in this circle has to do without the others");
}

void declare_names(Context& context) {
  for (const std::string_view name : built_in_events) {
    context.names.happenings.emplace(name, Declared{"an event", Span{}});
  }
  declare_fields(context);
  for (const ast::Declaration& declaration : context.file.declarations) {
    if (const auto* event = std::get_if<ast::EventDecl>(&declaration)) declare_event(context, *event);
    if (const auto* measure = std::get_if<ast::Measure>(&declaration)) declare_measure(context, *measure);
    if (const auto* rule = std::get_if<ast::Rule>(&declaration)) declare_rule(context, *rule);
    declare_world(context, declaration);
  }
}

std::map<std::string, Id<model::Field>>& fields_of(Context& context, model::OwnerKind owner) {
  return context.names.fields[static_cast<std::size_t>(owner)];
}

std::vector<std::string> event_names(const Context& context) { return keys(context, context.names.happenings); }

bool is_event(const Context& context, const std::string& name) { return context.names.happenings.contains(name); }

Id<model::Stage> stage_named(Context& context, const Scope& scope, const ast::Name& name) {
  std::vector<Id<model::Stage>> found;
  const auto named = context.names.stages.find(name.text);
  if (named != context.names.stages.end()) {
    std::ranges::copy_if(named->second, std::back_inserter(found), [&](Id<model::Stage> id) {
      return !scope.process || context.book.stages[id].process == scope.process;
    });
  }
  if (found.empty()) {
    report_unknown_stage(context, name, scope.process);
    return {};
  }
  return found.size() == 1 ? found.front() : report_ambiguous(context, name, found);
}

Id<model::Record> record_named(Context& context, const ast::Name& name) {
  const auto found = context.names.records.find(name.text);
  if (found != context.names.records.end()) return found->second;
  const std::vector<std::string> there = keys(context, context.names.records);
  Diagnostic* diagnostic = unknown(context, name, there, diag::UnknownRecord, name.text);
  if (diagnostic && diagnostic->help.empty()) {
    if (there.empty()) diagnostic->hint("declare it: `record {}`", spelled(name.text));
    if (!there.empty() && there.size() <= 8)
      diagnostic->hint("there {} {}", there.size() == 1 ? "is" : "are", listed(there));
  }
  return {};
}

std::vector<Id<model::Stage>> stage_or_later(const Context& context, Id<model::Stage> stage) {
  const model::Process& process = context.book.processes[context.book.stages[stage].process];
  const std::vector<Id<model::Stage>>& order = process.path.empty() ? process.stages : process.path;
  std::vector<Id<model::Stage>> result;
  for (auto at = std::ranges::find(order, stage); at != order.end(); ++at) {
    if (context.book.stages[*at].end == model::StageEnd::open) result.push_back(*at);
  }
  if (result.empty()) result.push_back(stage);
  return result;
}

}  // namespace plumb::check
