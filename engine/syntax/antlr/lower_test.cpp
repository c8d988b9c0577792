#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

using Kind = ast::Deed::Kind;

std::optional<ast::Moment> lower_recorded(Reader& reader, P::RecordedAtContext* recorded) {
  return recorded == nullptr ? std::nullopt : std::optional(lower_moment(reader, *recorded->instant()));
}

ast::ExprId lower_fact_value(Reader& reader, P::FactValueContext& value) {
  if (auto* literal = value.literal()) return lower_literal(reader, *literal);
  return lower_word(reader, *value.word(), Side::right);
}

std::optional<ast::Name> lower_fact_source(Reader& reader, P::FactSourceContext* source) {
  return source == nullptr ? std::nullopt : std::optional(lower_name(reader, *source->word()));
}

ast::Leave lower_leave(Reader& reader, P::WordContext* who, const std::vector<P::InstantContext*>& instants,
                       P::RecordedAtContext* recorded, antlr4::ParserRuleContext& context) {
  return {lower_name(reader, static_cast<antlr4::ParserRuleContext*>(who)), lower_moment(reader, *instants.at(0)),
          lower_moment(reader, *instants.at(1)), lower_recorded(reader, recorded), reader.offsets.span(context)};
}

ast::Fact lower_fact(Reader& reader, P::CastFactContext& context) {
  ast::Fact fact;
  fact.name = lower_name(reader, *context.factName());
  fact.value = lower_fact_value(reader, *context.factValue());
  fact.source = lower_fact_source(reader, context.factSource());
  if (auto* from = context.factFrom()) {
    // `from T`, `from T to T`, `to T`
    const auto instants = from->instant();
    if (from->FROM() != nullptr) fact.from = lower_moment(reader, *instants.front());
    if (from->TO() != nullptr) fact.to = lower_moment(reader, *instants.back());
  }
  fact.recorded = lower_recorded(reader, context.recordedAt());
  fact.span = reader.offsets.span(context);
  return fact;
}

/// Both a cast and a deed have facts and leaves in their braces.
template <class To>
void lower_cast_body(Reader& reader, P::CastBodyContext* body, To& to) {
  if (body == nullptr) return;
  for (P::CastFactContext* fact : body->castFact()) {
    if (is_broken(reader, *fact)) continue;
    if (fact->LEAVE() == nullptr) {
      to.facts.push_back(lower_fact(reader, *fact));
    } else {
      to.leaves.push_back(lower_leave(reader, nullptr, fact->instant(), fact->recordedAt(), *fact));
    }
  }
}

ast::Cast lower_cast(Reader& reader, P::CastClauseContext& context) {
  ast::Cast cast;
  cast.kind = lower_name(reader, *context.castKind());
  cast.name = lower_name(reader, *context.anyName(0));
  if (context.anyName().size() > 1) cast.of = lower_name(reader, *context.anyName(1));
  lower_cast_body(reader, context.castBody(), cast);
  cast.span = reader.offsets.span(context);
  return cast;
}

ast::Deed lower_deed(Reader& reader, P::ActContext& act) {
  P::DeedContext& context = *act.deed();
  ast::Deed deed;
  deed.subject = lower_name(reader, *act.anyName());
  deed.span = reader.offsets.span(act);
  if (auto* stage = context.word()) {
    deed.kind = context.ENTERS() != nullptr ? Kind::enters : Kind::leaves;
    deed.what = lower_name(reader, *stage);
  } else if (auto* name = context.anyName()) {
    deed.kind = context.SETS() != nullptr ? Kind::sets : Kind::records;
    deed.what = lower_name(reader, *name);
  } else {
    deed.what = lower_name(reader, *context.deedName());
  }
  if (context.factValue() != nullptr) deed.value = lower_fact_value(reader, *context.factValue());
  deed.source = lower_fact_source(reader, context.factSource());
  lower_cast_body(reader, context.castBody(), deed);
  return deed;
}

ast::DatedLine lower_dated(Reader& reader, P::DatedLineContext& line) {
  return {lower_moment(reader, *line.instant()), lower_deed(reader, *line.act()),
          lower_recorded(reader, line.recordedAt()), reader.offsets.span(line)};
}

ast::RepeatedLine lower_repeated(Reader& reader, P::RepeatLineContext& context) {
  ast::RepeatedLine line;
  line.times = lower_whole(reader, *context.NUMERAL());
  line.from = lower_date(*context.date());
  line.business_days = context.BUSINESS() != nullptr;
  if (auto* period = context.period()) line.every = lower_period(*period);
  if (auto* clock = context.clock()) line.micros_of_day = lower_clock(*clock);
  line.deed = lower_deed(reader, *context.act());
  line.span = reader.offsets.span(context);
  return line;
}

ast::Expectation lower_expectation(Reader& reader, P::ExpectationContext& context) {
  P::ExpectedContext& expected = *context.expected();
  ast::Expectation expectation;
  expectation.as_of = lower_moment(reader, *context.instant(0));
  if (context.instant().size() > 1) expectation.known_at = lower_moment(reader, *context.instant(1));
  expectation.none = expected.NO() != nullptr;
  expectation.of = lower_name(reader, *expected.clauseName());
  expectation.verdict = lower_name(reader, static_cast<antlr4::ParserRuleContext*>(expected.verdictName()));
  if (auto* literal = expected.literal()) expectation.value = lower_literal(reader, *literal);
  expectation.subject = lower_name(reader, *expected.anyName());
  if (auto* opened = expected.instant()) expectation.opened = lower_moment(reader, *opened);
  expectation.because = lower_condition(reader, expected.condition());
  expectation.span = reader.offsets.span(context);
  return expectation;
}

void lower_test_part(Reader& reader, P::TestPartContext& part, ast::Test& test) {
  if (auto* cast = part.castClause()) {
    test.cast.push_back(lower_cast(reader, *cast));
  } else if (auto* leave = part.leaveLine()) {
    test.lines.emplace_back(lower_leave(reader, leave->word(), leave->instant(), leave->recordedAt(), *leave));
  } else if (auto* dated = part.datedLine()) {
    test.lines.emplace_back(lower_dated(reader, *dated));
  } else if (auto* repeated = part.repeatLine()) {
    test.lines.emplace_back(lower_repeated(reader, *repeated));
  } else {
    test.expectations.push_back(lower_expectation(reader, *part.expectation()));
  }
}

}  // namespace

ast::Test lower_test(Reader& reader, P::TestDeclarationContext& context) {
  ast::Test test;
  test.title = lower_text(reader, *context.text());
  test.span = reader.offsets.span(context);
  for (P::TestPartContext* part : context.testBody()->testPart()) {
    if (!is_broken(reader, *part)) lower_test_part(reader, *part, test);
  }
  test.body = lower_body(reader, context.testBody());
  return test;
}

}  // namespace plumb::syntax::antlr
