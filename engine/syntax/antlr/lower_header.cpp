#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

void lower_flag(Reader& reader, bool& flag, antlr4::ParserRuleContext& clause, std::string_view keyword) {
  if (!is_repeated(reader, flag, clause, keyword)) flag = true;
}

void lower_header(Reader& reader, P::HeaderClauseContext& clause, ast::Header& header) {
  if (auto* author = clause.authorClause()) {
    set_once(reader, header.author, lower_text(reader, *author->text()), clause, "author");
  } else if (auto* proposed = clause.proposedClause()) {
    set_once(reader, header.proposed_by, lower_text(reader, *proposed->text()), clause, "proposed by");
    if (!header.proposed_on) header.proposed_on = lower_date(*proposed->date());
  } else if (auto* effective = clause.effectiveClause()) {
    set_once(reader, header.effective_from, lower_date(*effective->date()), clause, "effective from");
  } else if (auto* review = clause.reviewClause()) {
    set_once(reader, header.review_by, lower_date(*review->date()), clause, "review by");
  } else if (clause.sealedClause() != nullptr) {
    lower_flag(reader, header.sealed, clause, "sealed");
  } else {
    lower_flag(reader, header.tighten_only, clause, "tighten only");
  }
}

void lower_header(Reader& reader, P::HeaderBodyContext* body, ast::Header& header) {
  if (body == nullptr) return;
  for (P::HeaderClauseContext* clause : body->headerClause()) {
    if (!is_broken(reader, *clause)) lower_header(reader, *clause, header);
  }
}

ast::Response lower_response(Reader& reader, P::ResponseClauseContext& clause) {
  ast::Response response;
  response.verdict = lower_name(reader, *clause.verdictWord());
  response.text = lower_text(reader, *clause.text());
  response.recorded_as = lower_name(reader, static_cast<antlr4::ParserRuleContext*>(clause.anyName()));
  response.by = lower_name(reader, *clause.who());
  response.within = lower_duration(reader, *clause.duration());
  response.span = reader.offsets.span(clause);
  return response;
}

ast::Subject lower_subject(Reader& reader, P::ForEachClauseContext& clause) {
  if (clause.subject() != nullptr) return lower_subject(reader, *clause.subject(), reader.offsets.span(clause));
  ast::Subject company;
  company.kind = ast::SubjectKind::company;
  company.span = reader.offsets.span(clause);
  company.word = ast::Name{clause.stop->getText(), reader.offsets.span(*clause.stop)};
  return company;
}

ast::Subject lower_subject(Reader& reader, P::SubjectContext& each, source::Span span) {
  ast::Subject subject;
  subject.span = span;
  subject.word = ast::Name{each.start->getText(), reader.offsets.span(*each.start)};
  if (each.PERSON() != nullptr) subject.kind = ast::SubjectKind::person;
  if (each.TEAM() != nullptr) subject.kind = ast::SubjectKind::team;
  subject.process = lower_name(reader, static_cast<antlr4::ParserRuleContext*>(each.anyName()));
  if (auto* range = each.stageRange()) {
    subject.stage = lower_name(reader, *range->word());
    subject.or_later = range->LATER() != nullptr;
  }
  subject.where = lower_condition(reader, each.condition());
  return subject;
}

ast::AdjustedFor lower_adjusted(Reader& reader, P::AdjustedClauseContext& clause) {
  ast::AdjustedFor adjusted;
  adjusted.span = reader.offsets.span(clause);
  for (P::AdjustmentContext* adjustment : clause.adjustment()) {
    adjusted.adjustments.push_back({lower_name(reader, *adjustment->word()),
                                    lower_duration(reader, adjustment->duration()), reader.offsets.span(*adjustment)});
  }
  return adjusted;
}

ast::Basis lower_basis(Reader& reader, P::BasedOnClauseContext& clause) {
  ast::Basis basis;
  basis.span = reader.offsets.span(clause);
  if (clause.JUDGEMENT() != nullptr) return basis;
  basis.count = lower_whole(reader, *clause.NUMERAL());
  basis.thing = lower_thing(reader, *clause.thing());
  basis.until = lower_date(*clause.date());
  return basis;
}

}  // namespace plumb::syntax::antlr
