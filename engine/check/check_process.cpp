#include <algorithm>
#include <set>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

using model::StageEnd;

std::string text_or_empty(const std::optional<ast::Text>& text) { return text ? text->text : std::string(); }

model::Stage stage_from(Context& context, const ast::Stage& written, Id<model::Process> process) {
  model::Stage stage;
  stage.name = written.name.text;
  stage.label = text_or_empty(written.label);
  stage.buyer = text_or_empty(written.buyer);
  stage.manager = text_or_empty(written.manager);
  stage.process = process;
  stage.end = written.won ? StageEnd::won : written.lost ? StageEnd::lost : StageEnd::open;
  stage.on_hold = written.on_hold;
  stage.may_be_first = written.may_be_first;
  stage.may_be_skipped = written.may_be_skipped;
  for (const ast::Name& was : written.was) stage.was.push_back(was.text);
  stage.span = written.name.span;
  if (written.won && written.lost) {
    context.sink.report(written.name.span, diag::WonAndLost, stage.name).hint("give each end a stage of its own");
  }
  return stage;
}

void declare_stages(Context& context, const ast::Process& written, Id<model::Process> id) {
  std::map<std::string, Span> seen;
  for (const ast::Stage& line : written.stages) {
    if (!line.name.written()) continue;
    const auto [first, is_new] = seen.try_emplace(line.name.text, line.name.span);
    if (!is_new) {
      report_duplicate(context, line.name, "a stage", first->second);
      continue;
    }
    const Id<model::Stage> stage = context.book.stages.add(stage_from(context, line, id));
    context.book.processes[id].stages.push_back(stage);
    context.names.stages[line.name.text].push_back(stage);
  }
}

Scope within_process(Id<model::Process> id) {
  Scope scope;
  scope.process = id;
  return scope;
}

/// The stages of a move, as far as they are known.
std::vector<Id<model::Stage>> stages_of(Context& context, const ast::Move& move, Id<model::Process> id) {
  std::vector<Id<model::Stage>> result;
  for (const ast::Name& name : move.stages) {
    if (!name.written()) continue;
    const Id<model::Stage> stage = stage_named(context, within_process(id), name);
    if (stage) result.push_back(stage);
  }
  return result;
}

void check_path(Context& context, const ast::Move& move, Id<model::Process> id) {
  const std::vector<Id<model::Stage>> stages = stages_of(context, move, id);
  std::vector<Id<model::Stage>> path;
  std::set<std::string> seen;
  for (const ast::Name& name : move.stages) {
    if (!seen.insert(name.text).second && name.written()) {
      context.sink.report(name.span, diag::StageTwiceOnPath, name.text)
          .hint("a path goes forward only; a return is a move of its own: `back {} -> …`", spelled(name.text));
    }
  }
  for (const Id<model::Stage> stage : stages) {
    if (std::ranges::find(path, stage) == path.end()) path.push_back(stage);
  }
  model::Process& process = context.book.processes[id];
  for (std::size_t i = 1; i < path.size(); ++i) {
    process.moves.push_back({path[i - 1], path[i], model::MoveKind::path, std::nullopt, {}, move.span});
  }
  if (process.path.empty()) process.path = std::move(path);
}

void check_from_any(Context& context, const ast::Move& move, Id<model::Process> id, ExprId when) {
  for (const Id<model::Stage> to : stages_of(context, move, id)) {
    for (const Id<model::Stage> from : context.book.processes[id].stages) {
      if (from == to || context.book.stages[from].end != StageEnd::open) continue;
      context.book.processes[id].moves.push_back({from, to, model::MoveKind::from_any, std::nullopt, when, move.span});
    }
  }
}

/// The paths come before all conditions: `in S or later` reads them.
void declare_paths(Context& context, const ast::Process& written, Id<model::Process> id) {
  for (const ast::Move& move : written.moves) {
    if (move.kind == ast::Move::Kind::path) check_path(context, move, id);
  }
}

void check_moves(Context& context, const ast::Process& written, Id<model::Process> id) {
  for (const ast::Move& move : written.moves) {
    if (move.kind == ast::Move::Kind::path) continue;
    const ExprId when = check_condition(context, within_process(id), move.when);
    if (move.kind == ast::Move::Kind::from_any) {
      check_from_any(context, move, id, when);
      continue;
    }
    const std::vector<Id<model::Stage>> ends = stages_of(context, move, id);
    if (ends.size() != 2) continue;
    context.book.processes[id].moves.push_back(
        {ends[0], ends[1], model::MoveKind::back, move.at_most_times, when, move.span});
  }
}

void check_stage(Context& context, const ast::Stage& written, Id<model::Stage> id) {
  const Scope scope = within_process(context.book.stages[id].process);
  const ExprId first = check_condition(context, scope, written.may_be_first_when);
  const ExprId skipped = check_condition(context, scope, written.may_be_skipped_when);
  context.book.stages[id].may_be_first_when = first;
  context.book.stages[id].may_be_skipped_when = skipped;
}

}  // namespace

void declare_processes(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Process>(&declaration);
    if (!written) continue;
    const Id<model::Process> id = context.book.processes.add({});
    context.book.processes[id].name = written->name.text;
    context.book.processes[id].span = written->name.span;
    const auto [first, is_new] = context.names.processes.try_emplace(written->name.text, id);
    if (!is_new && written->name.written()) {
      report_duplicate(context, written->name, "a process", context.book.processes[first->second].span);
    }
    declare_stages(context, *written, id);
    declare_paths(context, *written, id);
  }
}

std::vector<std::pair<const ast::Stage*, Id<model::Stage>>> declared_stages(const Context& context,
                                                                            const ast::Process& written,
                                                                            Id<model::Process> id) {
  std::vector<std::pair<const ast::Stage*, Id<model::Stage>>> result;
  const std::vector<Id<model::Stage>>& stages = context.book.processes[id].stages;
  for (const ast::Stage& line : written.stages) {
    if (result.size() == stages.size()) break;
    const Id<model::Stage> next = stages[result.size()];
    if (line.name.text == context.book.stages[next].name) result.emplace_back(&line, next);
  }
  return result;
}

void check_process(Context& context, const ast::Process& written, Id<model::Process> id) {
  const Scope scope = within_process(id);
  const ExprId filter = check_condition(context, scope, written.for_deals_where);
  const ExprId hold = check_condition(context, scope, written.on_hold_while);
  context.book.processes[id].for_deals_where = filter;
  context.book.processes[id].on_hold_while = hold;
  check_moves(context, written, id);
  for (const auto& [line, stage] : declared_stages(context, written, id)) {
    check_stage(context, *line, stage);
  }
}

}  // namespace plumb::check
