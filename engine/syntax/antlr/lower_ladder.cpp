#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

using Act = ast::RungStep::Act;

ast::LadderStart lower_starts(Reader& reader, P::StartsClauseContext& clause) {
  ast::LadderStart start;
  if (auto* right = clause.rightOf()) {
    start.of = ast::LadderStart::Of::right;
    start.what = lower_name(reader, *right);
  } else if (auto* rule = clause.word()) {
    start.of = ast::LadderStart::Of::rule;
    start.what = lower_name(reader, *rule);
  } else {
    const source::Span from = reader.offsets.span(*clause.THE()->getSymbol());
    start.what = {"the same right", source::join(from, reader.offsets.span(*clause.RIGHT()->getSymbol()))};
  }
  start.missed = lower_whole(reader, *clause.NUMERAL(0));
  start.out_of = lower_whole(reader, *clause.NUMERAL(1));
  start.period = lower_periods(*clause.periods());
  start.span = reader.offsets.span(clause);
  return start;
}

void lower_duty(Reader& reader, P::OwesDutyContext& duty, ast::RungStep& step) {
  step.act = Act::owes;
  step.what = lower_name(reader, *duty.word());
  step.every_business_day = duty.BUSINESS() != nullptr;
  if (auto* period = duty.period()) step.every = lower_period(*period);
  step.at_most = lower_duration(reader, duty.duration());
}

ast::RungStep lower_step(Reader& reader, P::RungStepContext& context) {
  ast::RungStep step;
  step.who = lower_name(reader, *context.who(0));
  if (context.TELLS() != nullptr) {
    step.what = lower_name(reader, *context.who(1));
  } else if (auto* duty = context.owesDuty()) {
    lower_duty(reader, *duty, step);
  } else {
    step.act = context.RECORDS() != nullptr ? Act::records : Act::holds;
    step.what = lower_name(reader, *context.anyName());
    if (context.NUMERAL() != nullptr) step.times = lower_whole(reader, *context.NUMERAL());
  }
  step.within = lower_duration(reader, context.duration());
  step.only_after = lower_name(reader, static_cast<antlr4::ParserRuleContext*>(context.word()));
  step.span = reader.offsets.span(context);
  return step;
}

ast::Rung lower_rung(Reader& reader, P::RungClauseContext& clause) {
  ast::Rung rung;
  rung.name = lower_name(reader, *clause.anyName());
  rung.title = lower_text(reader, clause.text());
  rung.span = reader.offsets.span(clause);
  lower_rung_body(reader, *clause.rungBody(), rung);
  return rung;
}

void lower_ladder_part(Reader& reader, P::LadderPartContext& part, ast::Ladder& ladder) {
  if (auto* each = part.forEachClause()) {
    set_once(reader, ladder.subject, lower_subject(reader, *each), *each, "for");
  } else if (auto* starts = part.startsClause()) {
    set_once(reader, ladder.starts, lower_starts(reader, *starts), *starts, "starts when");
  } else if (auto* rung = part.rungClause()) {
    ladder.rungs.push_back(lower_rung(reader, *rung));
  } else if (auto* climbs = part.climbsClause()) {
    set_once(reader, ladder.climbs_in_next, lower_period(*climbs->period()), *climbs, "climbs when");
  } else if (auto* waits = part.waitsClause()) {
    ladder.waits.push_back({lower_name(reader, static_cast<antlr4::ParserRuleContext*>(waits->anyName())),
                            lower_condition(reader, *waits->condition()), reader.offsets.span(*waits)});
  } else if (auto* clears = part.clearsClause()) {
    const ast::LadderClear clear{lower_whole(reader, *clears->NUMERAL()), lower_periods(*clears->periods()),
                                 reader.offsets.span(*clears)};
    set_once(reader, ladder.clears, clear, *clears, "clears after");
  } else if (auto* because = part.becauseClause()) {
    set_once(reader, ladder.because, lower_text(reader, *because->text()), *because, "because");
  } else {
    lower_header(reader, *part.headerClause(), ladder.header);
  }
}

}  // namespace

void lower_rung_body(Reader& reader, P::RungBodyContext& body, ast::Rung& rung) {
  for (P::RungStepContext* step : body.rungStep()) {
    if (!is_broken(reader, *step)) rung.steps.push_back(lower_step(reader, *step));
  }
}

void lower_ladder_body(Reader& reader, P::LadderBodyContext& body, ast::Ladder& ladder) {
  for (P::LadderPartContext* part : body.ladderPart()) {
    if (!is_broken(reader, *part)) lower_ladder_part(reader, *part, ladder);
  }
}

ast::Ladder lower_ladder(Reader& reader, P::LadderDeclarationContext& context) {
  ast::Ladder ladder;
  ladder.name = lower_name(reader, *context.anyName());
  ladder.title = lower_text(reader, context.text());
  if (auto* each = context.forEachClause()) ladder.subject = lower_subject(reader, *each);
  ladder.span = reader.offsets.span(context);
  lower_ladder_body(reader, *context.ladderBody(), ladder);
  ladder.body = lower_body(reader, context.ladderBody());
  return ladder;
}

// ---- proofs ---------------------------------------------------------------------------------------------------------

namespace {

decltype(ast::Prove::is) lower_proposition(Reader& reader, P::PropositionContext& context) {
  if (auto* passes = dynamic_cast<P::PathPassesContext*>(&context)) {
    return ast::PathPasses{lower_name(reader, *passes->word(0)), lower_name(reader, *passes->word(1))};
  }
  if (auto* reaches = dynamic_cast<P::StageReachesContext*>(&context)) {
    ast::StageReaches stages;
    for (P::WordContext* stage : reaches->word()) stages.stages.push_back(lower_name(reader, *stage));
    return stages;
  }
  if (auto* before = dynamic_cast<P::RungBeforeContext*>(&context)) {
    return ast::RungBefore{lower_name(reader, *before->word(0)), lower_name(reader, *before->word(1)),
                           lower_name(reader, *before->word(2))};
  }
  auto& longest = static_cast<P::LongestPathContext&>(context);
  return ast::LongestPath{lower_name(reader, *longest.word(0)), lower_name(reader, *longest.word(1)),
                          longest.WITHOUT() != nullptr, lower_duration(reader, *longest.duration())};
}

}  // namespace

ast::Prove lower_prove(Reader& reader, P::ProveDeclarationContext& context) {
  ast::Prove prove;
  prove.claim = lower_text(reader, *context.text());
  prove.is = lower_proposition(reader, *context.proposition());
  prove.process = lower_name(reader, static_cast<antlr4::ParserRuleContext*>(context.anyName()));
  lower_header(reader, context.headerBody(), prove.header);
  prove.body = lower_body(reader, context.headerBody());
  prove.span = reader.offsets.span(context);
  return prove;
}

}  // namespace plumb::syntax::antlr
