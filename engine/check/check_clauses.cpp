#include "check/expr.h"

namespace plumb::check {

namespace {

using model::SubjectKind;

About about_of(SubjectKind kind) {
  if (kind == SubjectKind::deal) return About::deal;
  return kind == SubjectKind::person ? About::person : About::nothing;
}

Id<model::Process> process_named(Context& context, const ast::Name& name) {
  const auto found = context.names.processes.find(name.text);
  if (found != context.names.processes.end()) return found->second;
  unknown(context, name, keys(context, context.names.processes), diag::UnknownProcess, name.text);
  return {};
}

void check_stages(Context& context, const ast::Subject& written, model::Subject& subject, Scope& scope) {
  if (written.process) scope.process = subject.process = process_named(context, *written.process);
  if (!written.stage || !written.stage->written()) return;
  if (subject.kind != SubjectKind::deal) {
    context.sink.report(written.stage->span, diag::StageOfNoDeal, written.word.written() ? written.word.text : "person")
        .hint("only deals are in a stage: `for each deal in {}`", spelled(written.stage->text));
    return;
  }
  const Id<model::Stage> stage = stage_named(context, scope, *written.stage);
  if (!stage) return;
  scope.process = subject.process = context.book.stages[stage].process;
  subject.stages = written.or_later ? stage_or_later(context, stage) : std::vector{stage};
}

}  // namespace

std::optional<model::Subject> check_subject(Context& context, const ast::Subject& written, Scope& scope) {
  // The reader has reported a subject of another kind.
  if (written.kind == ast::SubjectKind::other) return std::nullopt;
  model::Subject subject;
  subject.kind = static_cast<SubjectKind>(written.kind);
  scope.about = about_of(subject.kind);
  check_stages(context, written, subject, scope);
  subject.where = check_condition(context, scope, written.where);
  return subject;
}

model::Given check_given(Context& context, const Scope& scope, const ast::GivenAtLeast& written) {
  ast::Aggregate count;
  count.population = written.population;
  count.where = written.where;
  const ExprId population = check_node(context, scope, count, written.span);
  std::string said = words(context, written.span);
  for (int word = 0; word < 4; ++word) said.erase(0, said.find(' ') + 1);  // given at least N
  context.book.exprs[population].words = std::move(said);
  return {written.count, population};
}

model::Header header_from(const ast::Header& written) {
  model::Header header;
  header.author = written.author ? written.author->text : "";
  header.proposed_by = written.proposed_by ? written.proposed_by->text : "";
  header.proposed_on = written.proposed_on;
  header.effective_from = written.effective_from;
  header.review_by = written.review_by;
  return header;
}

}  // namespace plumb::check
