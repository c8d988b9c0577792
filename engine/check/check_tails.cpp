#include <algorithm>
#include <array>

#include "check/expr.h"

namespace plumb::check {

namespace {

/// Whether facts that happened or were stated stand behind a value, of which a tail may choose some.
bool has_facts(model::Op op) {
  switch (op) {
    case model::Op::error:  // reported
    case model::Op::subject_field:
    case model::Op::account_field:
    case model::Op::its_field:
    case model::Op::event_field:
    case model::Op::person_field:
    case model::Op::aggregate:
    case model::Op::measure:
    case model::Op::arithmetic: return true;
    default: return false;
  }
}

}  // namespace

model::Tails check_tails(Context& context, const Scope& scope, const ast::Tails& written) {
  static constexpr std::array<std::string_view, 5> sources{"", "claim", "third_party", "buyer", "system"};
  model::Tails tails;
  tails.or_better = written.or_better;
  if (written.source && written.source->written()) {
    const auto found = std::ranges::find(sources, written.source->text);
    tails.source = static_cast<model::SourceRank>(found == sources.end() ? 0 : found - sources.begin());
    if (found == sources.end()) {
      Diagnostic& diagnostic = context.sink.report(written.source->span, diag::UnknownSource, written.source->text);
      suggest_nearest(diagnostic, *written.source, {"claim", "third_party", "buyer", "system"});
      diagnostic.hint("from the least trusted to the most: `claim`, `third_party`, `buyer`, `system`");
    }
  }
  if (written.since) tails.since = check_event(context, scope, written.since);
  tails.in = check_duration(context, written.in);
  note_month_end(context, written.in);
  if (written.in) check_not_zero(context, written.in->duration.count, written.in->span);
  if (written.last) check_not_zero(context, *written.last, written.span);
  if (written.last_of) tails.last_of = latest_of(context, scope, written.last_of);
  if (written.last_periods) {
    check_period(context, *written.last_periods, written.span);
    tails.last_period = *written.last_periods;
    tails.last_periods = written.last.value_or(0);
  } else {
    tails.last = written.last.value_or(0);
  }
  return tails;
}

bool report_tails(Context& context, const ast::Tails& written, Span of) {
  if (!written.span.known()) return false;
  context.sink.report(written.span, diag::MisplacedClause, words(context, written.span), words(context, of))
      .hint("it chooses among facts: of a field, of an event that has happened, of what is counted");
  return true;
}

bool report_tails(Context& context, const ast::Tails& written, ExprId of) {
  return !has_facts(context.book.exprs[of].op) && report_tails(context, written, context.book.exprs[of].span);
}

}  // namespace plumb::check
