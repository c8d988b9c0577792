#include <algorithm>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

using Stages = std::vector<const ast::Name*>;

Stages stages_in(const ast::Prove& written) {
  if (const auto* passes = std::get_if<ast::PathPasses>(&written.is)) return {&passes->to, &passes->passes};
  if (const auto* longest = std::get_if<ast::LongestPath>(&written.is)) return {&longest->from, &longest->to};
  Stages result;
  if (const auto* reaches = std::get_if<ast::StageReaches>(&written.is)) {
    for (const ast::Name& name : reaches->stages) result.push_back(&name);
  }
  return result;
}

bool has_stage(const Context& context, Id<model::Process> process, const std::string& name) {
  const auto named = context.names.stages.find(name);
  return named != context.names.stages.end() && std::ranges::any_of(named->second, [&](Id<model::Stage> id) {
           return context.book.stages[id].process == process;
         });
}

/// The processes that have all stages of a proof.
std::vector<Id<model::Process>> processes_with(const Context& context, const Stages& stages) {
  std::vector<Id<model::Process>> result;
  for (std::size_t row = 0; row < context.book.processes.size(); ++row) {
    const Id<model::Process> id(row);
    if (std::ranges::all_of(stages, [&](const ast::Name* name) { return has_stage(context, id, name->text); }))
      result.push_back(id);
  }
  return result;
}

void report_several(Context& context, const ast::Name& name, const std::vector<Id<model::Process>>& found) {
  std::vector<std::string> names;
  for (const Id<model::Process> id : found) names.push_back(context.book.processes[id].name);
  Diagnostic& diagnostic = context.sink.report(name.span, diag::AmbiguousStage, name.text, listed(names));
  for (const Id<model::Process> id : found) diagnostic.label(context.book.processes[id].span, "one of them");
  diagnostic.hint("say which is meant, behind the claim: `in process {}`", spelled(names.front()));
}

/// Each stage is of some process, and they are not of the same one.
void report_apart(Context& context, const Stages& stages) {
  bool known = true;
  for (const ast::Name* name : stages) {
    if (context.names.stages.contains(name->text)) continue;
    known = false;
    stage_named(context, {}, *name);
  }
  if (!known) return;
  const auto process_of = [&](const ast::Name& name) {
    return context.book.processes[context.book.stages[context.names.stages.at(name.text).front()].process].name;
  };
  context.sink
      .report(stages.back()->span, diag::StagesApart, stages.front()->text, process_of(*stages.front()),
              stages.back()->text, process_of(*stages.back()))
      .hint("a proof is about the walks of one process");
}

/// `in process P`, or the one process that has all stages. Missing: none, reported.
Id<model::Process> process_of(Context& context, const ast::Prove& written, const Stages& stages) {
  if (written.process) {
    const auto found = context.names.processes.find(written.process->text);
    if (found != context.names.processes.end()) return found->second;
    unknown(context, *written.process, keys(context, context.names.processes), diag::UnknownProcess,
            written.process->text);
    return {};
  }
  if (!std::ranges::all_of(stages, [](const ast::Name* name) { return name->written(); })) return {};
  const std::vector<Id<model::Process>> found = processes_with(context, stages);
  if (found.size() == 1) return found.front();
  found.empty() ? report_apart(context, stages) : report_several(context, *stages.front(), found);
  return {};
}

struct Claim {
  Context& context;
  const ast::Prove& written;
  Scope scope;

  model::Proof proof() {
    model::Proof result;
    result.claim = written.claim.text;
    result.header = header_from(written.header);
    result.span = written.claim.span;
    if (const auto* rungs = std::get_if<ast::RungBefore>(&written.is)) {
      result.is = before(*rungs);
      return result;
    }
    result.process = scope.process = process_of(context, written, stages_in(written));
    if (const auto* passes = std::get_if<ast::PathPasses>(&written.is)) {
      result.is = model::PathPasses{stage(passes->to), stage(passes->passes)};
    } else if (const auto* reaches = std::get_if<ast::StageReaches>(&written.is)) {
      model::StageReaches goals;
      for (const ast::Name& name : reaches->stages) goals.stages.push_back(stage(name));
      result.is = std::move(goals);
    } else if (const auto* longest = std::get_if<ast::LongestPath>(&written.is)) {
      result.is = model::LongestPath{stage(longest->from), stage(longest->to), longest->without_going_back,
                                     check_duration(context, longest->at_most)};
    }
    return result;
  }

  /// Missing: none; reported here, or with the process.
  Id<model::Stage> stage(const ast::Name& name) {
    return scope.process && name.written() ? stage_named(context, scope, name) : Id<model::Stage>();
  }

  model::RungBefore before(const ast::RungBefore& rungs) {
    if (written.process) {
      context.sink.report(written.process->span, diag::MisplacedClause, "in process", "in ladder")
          .hint("a ladder is of no process");
    }
    model::RungBefore result;
    if (!rungs.ladder.written()) return result;
    const Id<model::Ladder> ladder = ladder_named(context, rungs.ladder);
    if (!ladder) return result;
    const auto first = rung_named(context, context.book.ladders[ladder], rungs.first);
    const auto second = rung_named(context, context.book.ladders[ladder], rungs.second);
    if (first && second) result = {ladder, *first, *second};
    return result;
  }
};

}  // namespace

void check_proofs(Context& context) {
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Prove>(&declaration);
    if (written) context.book.proofs.push_back(Claim{context, *written, {}}.proof());
  }
}

}  // namespace plumb::check
