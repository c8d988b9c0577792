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
  scope.company = subject.kind == SubjectKind::company;
  check_stages(context, written, subject, scope);
  subject.where = check_condition(context, scope, written.where);
  return subject;
}

model::Given check_given(Context& context, const Scope& scope, const ast::GivenAtLeast& written) {
  ast::Aggregate count;
  count.population = written.population;
  count.where = written.where;
  const ExprId population = check_node(context, scope, count, written.span);
  check_not_zero(context, written.count, written.span);
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

namespace {

using For = model::Adjustment::For;

void report_longer_than(Context& context, const ast::Adjustment& written) {
  const std::string said = words(context, written.span);
  const std::size_t from = said.find("longer than");
  context.sink
      .report(written.span, diag::MisplacedClause, from == std::string::npos ? said : said.substr(from),
              written.name.text)
      .hint("only leave is `longer than` some days");
}

/// A percentage that is known of the person. Missing: nullopt, reported.
std::optional<model::Adjustment> field_adjustment(Context& context, const ast::Adjustment& written) {
  const auto& fields = fields_of(context, model::OwnerKind::person);
  const auto found = fields.find(written.name.text);
  if (found == fields.end()) {
    std::vector<std::string> candidates{"holidays", "leave", "ramp"};
    for (const auto& [name, id] : fields) {
      if (context.book.fields[id].type.kind == TypeKind::percent) candidates.push_back(name);
    }
    Diagnostic* diagnostic =
        unknown(context, written.name, candidates, diag::UnknownAdjustment, written.name.text);
    if (diagnostic) diagnostic->hint("there {} {}", candidates.size() == 1 ? "is" : "are", listed(candidates));
    return std::nullopt;
  }
  const model::Field& field = context.book.fields[found->second];
  if (field.type.kind == TypeKind::error) return std::nullopt;
  if (field.type.kind != TypeKind::percent) {
    context.sink.report(written.name.span, diag::NotAPercentage, field.name, described(field.type))
        .label(field.span, "declared here")
        .hint("a percentage says how much of the whole is expected: 50% is half of it");
    return std::nullopt;
  }
  return model::Adjustment{For::field, found->second, {}};
}

/// Missing: nullopt, reported.
std::optional<model::Adjustment> adjustment_of(Context& context, const ast::Adjustment& written) {
  model::Adjustment adjustment;
  const std::string& name = written.name.text;
  if (name == "leave") {
    adjustment.by = For::leave;
    adjustment.longer_than = check_duration(context, written.longer_than);
    return adjustment;
  }
  if (written.longer_than) {
    report_longer_than(context, written);
    return std::nullopt;
  }
  if (name != "holidays" && name != "ramp") return field_adjustment(context, written);
  adjustment.by = name == "ramp" ? For::ramp : For::holidays;
  return adjustment;
}

}  // namespace

std::vector<model::Adjustment> check_adjusted(Context& context, const std::optional<ast::AdjustedFor>& written) {
  std::vector<model::Adjustment> result;
  if (!written) return result;
  std::map<std::string, Span> seen;
  for (const ast::Adjustment& line : written->adjustments) {
    if (!line.name.written()) continue;
    const auto [first, is_new] = seen.try_emplace(line.name.text, line.name.span);
    if (!is_new) {
      report_duplicate(context, line.name, "an adjustment for", first->second);
    } else if (const auto adjustment = adjustment_of(context, line)) {
      result.push_back(*adjustment);
    }
  }
  return result;
}

std::optional<model::Basis> check_basis(Context& context, const std::optional<ast::Basis>& written) {
  if (!written) return std::nullopt;
  model::Basis basis;
  basis.judgement = !written->count;
  if (basis.judgement) return basis;
  basis.count = *written->count;
  basis.until = written->until;
  check_not_zero(context, basis.count, written->span);
  basis.periods = written->thing.periods;
  if (basis.periods) check_period(context, *basis.periods, written->span);
  if (written->thing.event) basis.event = latest_of(context, {}, written->thing.event);
  return basis;
}

}  // namespace plumb::check
