#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

using ast::Comparison;

ast::ExprId lower_negated(Reader& reader, const std::vector<antlr4::tree::TerminalNode*>& nots, ast::ExprId operand,
                          source::Span span) {
  // The outermost `not` is the first; two cancel out only in logic, and the text says both.
  for (std::size_t i = nots.size(); i-- > 0;) {
    source::Span from = reader.offsets.span(*nots[i]->getSymbol());
    operand = add_expr(reader, ast::Not{operand}, source::join(from, span));
  }
  return operand;
}

ast::ExprId lower_in_stage(Reader& reader, P::InStageContext& in) {
  ast::InStage stage{lower_name(reader, *in.stageRange()->word()), in.stageRange()->LATER() != nullptr};
  return add_expr(reader, std::move(stage), reader.offsets.span(in));
}

ast::ExprId lower_at_least_of(Reader& reader, P::AtLeastOfContext& of) {
  ast::AtLeastOf least;
  least.least = lower_whole(reader, *of.NUMERAL());
  for (P::PartContext* part : of.part()) least.conditions.push_back(lower_part(reader, *part));
  if (of.word().size() == 2 || of.KNOWN() != nullptr) {
    least.checklist = lower_name(reader, *of.word(0));
    least.level = of.KNOWN() != nullptr ? ast::Name{"known", reader.offsets.span(*of.KNOWN()->getSymbol())}
                                        : lower_name(reader, *of.word(1));
  }
  return add_expr(reader, std::move(least), reader.offsets.span(of));
}

ast::DealState state_of(P::StateWordContext& state) {
  switch (state.start->getType()) {
    case P::OPEN: return ast::DealState::open;
    case P::CLOSED: return ast::DealState::closed;
    case P::WON: return ast::DealState::won;
    default: return ast::DealState::lost;
  }
}

ast::ExprId lower_state(Reader& reader, P::StateWordContext& state) {
  return add_expr(reader, ast::InState{state_of(state)}, reader.offsets.span(state));
}

P::StateWordContext* only_state(P::ValueContext& value) {
  if (value.operand().size() != 1) return nullptr;
  auto* event = dynamic_cast<P::EventOperandContext*>(value.operand(0)->bareOperand());
  if (event == nullptr || event->narrowing() != nullptr) return nullptr;
  auto* named = dynamic_cast<P::NamedEventContext*>(event->eventWord());
  return named == nullptr ? nullptr : named->word()->stateWord();
}

// ---- predicates: what is said of a value --------------------------------------------------------------------------

/// What a predicate is about, which is one of these: an expression where it is compared, an event where it happens.
struct Subject {
  P::ValueContext* value = nullptr;
  P::BareOperandContext* bare = nullptr;
  P::ParenthesisContext* parenthesis = nullptr;

  ast::ExprId lower(Reader& reader) const {
    if (value != nullptr) return lower_value(reader, *value, Side::left);
    return bare != nullptr ? lower_bare(reader, *bare, Side::left)
                           : lower_parenthesis(reader, *parenthesis, Side::left);
  }
  ast::EventId event(Reader& reader) const {
    if (value != nullptr) return event_of_value(reader, *value);
    return bare != nullptr ? event_of_bare(reader, *bare) : event_of_parenthesis(reader, *parenthesis);
  }
};

Comparison comparison_of(P::ComparisonContext* comparison) {
  if (comparison == nullptr) return Comparison::is;
  const bool negated = comparison->NOT() != nullptr;
  if (comparison->BEFORE() != nullptr) return negated ? Comparison::not_before : Comparison::before;
  if (comparison->AFTER() != nullptr) return negated ? Comparison::not_after : Comparison::after;
  if (comparison->LEAST() != nullptr) return Comparison::at_least;
  if (comparison->MOST() != nullptr) return Comparison::at_most;
  if (comparison->MORE_WORD() != nullptr) return Comparison::more_than;
  return comparison->LESS() != nullptr ? Comparison::less_than : Comparison::is_not;
}

/// `right thing`, `effort`, `result`: what a verdict may be asked of besides rules.
std::optional<ast::Name> judged(Reader& reader, const ast::Expr& left) {
  const auto* ref = std::get_if<ast::NameRef>(&left.is);
  if (ref == nullptr) return std::nullopt;
  const std::string& text = ref->name.text;
  const bool right = text == "right thing" || text == "right way" || text == "right time";
  const bool bare = text == "effort" || text == "result";
  const bool quoted = reader.text.content()[ref->name.span.begin] == '"';
  return (right || bare) && !quoted ? std::optional(ref->name) : std::nullopt;
}

/// Reports tails behind a predicate that has no use for them.
void report_tails(Reader& reader, const ast::Tails& tails, std::string_view predicate) {
  if (!tails.span.known()) return;
  const std::string_view said = reader.text.content().substr(tails.span.begin, tails.span.end - tails.span.begin);
  reader.sink.report(tails.span, diagnostics::diag::MisplacedClause, said, predicate)
      .hint("it chooses among facts: of one field, of an event that has happened, of what is counted");
}

ast::ExprId lower_compare(Reader& reader, const Subject& subject, P::ComparePredicateContext& predicate,
                          ast::Tails tails, source::Span span) {
  const Comparison comparison = comparison_of(predicate.comparison());
  const ast::ExprId left = subject.lower(reader);
  const auto of = judged(reader, reader.file.exprs[left]);
  if (of && (comparison == Comparison::is || comparison == Comparison::is_not)) {
    report_tails(reader, tails, of->text);
    const ast::ExprId is = add_expr(reader, ast::VerdictIs{*of, lower_name(reader, *predicate.value())}, span);
    return comparison == Comparison::is ? is : add_expr(reader, ast::Not{is}, span);
  }
  std::vector<ast::ExprId> right{lower_value(reader, *predicate.value(), Side::right)};
  return add_expr(reader, ast::Compare{left, comparison, std::move(right), std::move(tails)}, span);
}

ast::ExprId lower_choice(Reader& reader, P::ChoiceContext& choice) {
  if (auto* literal = choice.literal()) return lower_literal(reader, *literal);
  return lower_word(reader, *choice.word(), Side::right);
}

ast::ExprId lower_one_of(Reader& reader, const Subject& subject, P::OneOfPredicateContext& predicate, ast::Tails tails,
                         source::Span span) {
  ast::Compare compare{subject.lower(reader), Comparison::is_one_of, {}, std::move(tails)};
  for (P::ChoiceContext* choice : predicate.choice()) compare.right.push_back(lower_choice(reader, *choice));
  const ast::ExprId is = add_expr(reader, std::move(compare), span);
  return predicate.NOT() == nullptr ? is : add_expr(reader, ast::Not{is}, span);
}

ast::ExprId lower_apart(Reader& reader, const Subject& subject, P::ApartPredicateContext& predicate,
                        source::Span span) {
  ast::Apart apart{subject.lower(reader),
                   predicate.MOST() != nullptr,
                   lower_duration(reader, *predicate.duration()),
                   predicate.AFTER() != nullptr,
                   {}};
  apart.right = lower_bare(reader, *predicate.bareOperand(), Side::right);
  return add_expr(reader, std::move(apart), span);
}

/// `is on leave`, `is in ramp`, `is on hold`, `owes a step`: a state of a person or deal, by its words.
ast::ExprId lower_situation(Reader& reader, const Subject& subject, antlr4::ParserRuleContext& predicate,
                            std::string words, bool negated, source::Span span) {
  const ast::Name name = name_of_tokens(reader, std::move(words), predicate);
  const ast::ExprId situation = add_expr(reader, ast::NameRef{name}, name.span);
  const Comparison comparison = negated ? Comparison::is_not : Comparison::is;
  return add_expr(reader, ast::Compare{subject.lower(reader), comparison, {situation}, {}}, span);
}

ast::ExprId lower_happened(Reader& reader, const Subject& subject, ast::Tails tails, source::Span span) {
  const ast::EventId event = subject.event(reader);
  if (!event) return add_expr(reader, ast::Broken{}, span);
  return add_expr(reader, ast::Happened{event, std::move(tails)}, span);
}

ast::ExprId lower_predicate(Reader& reader, const Subject& subject, P::PredicateContext& predicate, ast::Tails tails,
                            source::Span span) {
  if (auto* known = dynamic_cast<P::KnownPredicateContext*>(&predicate)) {
    const bool missing = known->MISSING() != nullptr;
    return add_expr(reader, ast::Known{subject.lower(reader), missing, std::move(tails)}, span);
  }
  if (auto* compare = dynamic_cast<P::ComparePredicateContext*>(&predicate)) {
    return lower_compare(reader, subject, *compare, std::move(tails), span);
  }
  if (auto* one_of = dynamic_cast<P::OneOfPredicateContext*>(&predicate)) {
    return lower_one_of(reader, subject, *one_of, std::move(tails), span);
  }
  if (auto* apart = dynamic_cast<P::ApartPredicateContext*>(&predicate)) {
    report_tails(reader, tails, apart->AFTER() ? "is … after" : "is … before");
    return lower_apart(reader, subject, *apart, span);
  }
  if (auto* differs = dynamic_cast<P::DiffersPredicateContext*>(&predicate)) {
    report_tails(reader, tails, "differs from");
    const ast::ExprId right = lower_value(reader, *differs->value(0), Side::right);
    const ast::ExprId by = lower_value(reader, *differs->value(1), Side::right);
    return add_expr(reader, ast::Differs{subject.lower(reader), right, by}, span);
  }
  if (auto* situation = dynamic_cast<P::SituationPredicateContext*>(&predicate)) {
    const std::string words = situation->LEAVE() ? "on leave" : situation->RAMP() ? "in ramp" : "on hold";
    report_tails(reader, tails, "is " + words);
    return lower_situation(reader, subject, *situation, words, situation->NOT() != nullptr, span);
  }
  if (dynamic_cast<P::OwesPredicateContext*>(&predicate) != nullptr) {
    report_tails(reader, tails, "owes a step");
    return lower_situation(reader, subject, predicate, "owes a step", false, span);
  }
  return lower_happened(reader, subject, std::move(tails), span);
}

// ---- conditions
// -------------------------------------------------------------------------------------------------------

ast::ExprId lower_statement(Reader& reader, P::StatementContext& statement) {
  if (auto* in = statement.inStage()) return lower_in_stage(reader, *in);
  if (auto* least = statement.atLeastOf()) return lower_at_least_of(reader, *least);
  P::ValueContext& value = *statement.value();
  if (auto* predicate = statement.predicate()) {
    return lower_predicate(reader, Subject{&value}, *predicate, lower_tails(reader, statement.tail()),
                           reader.offsets.span(statement));
  }
  if (auto* state = only_state(value)) return lower_state(reader, *state);
  return lower_value(reader, value, Side::left);
}

ast::ExprId lower_negation(Reader& reader, P::NegationContext& negation) {
  const ast::ExprId statement = lower_statement(reader, *negation.statement());
  return lower_negated(reader, negation.NOT(), statement, reader.offsets.span(negation));
}

ast::ExprId lower_conjunction(Reader& reader, P::ConjunctionContext& conjunction) {
  ast::And all;
  for (P::NegationContext* negation : conjunction.negation()) all.operands.push_back(lower_negation(reader, *negation));
  if (all.operands.size() == 1) return all.operands.front();
  return add_expr(reader, std::move(all), reader.offsets.span(conjunction));
}

ast::ExprId lower_simple(Reader& reader, P::SimpleContext& simple) {
  if (auto* in = simple.inStage()) return lower_in_stage(reader, *in);
  if (auto* least = simple.atLeastOf()) return lower_at_least_of(reader, *least);
  if (auto* state = simple.stateWord()) return lower_state(reader, *state);
  ast::Tails tails;
  if (auto* source = simple.sourceTail()) {
    tails.source = lower_name(reader, *source->word());
    tails.or_better = source->BETTER() != nullptr;
    tails.span = reader.offsets.span(*source);
  }
  const Subject subject{nullptr, simple.bareOperand()};
  return lower_predicate(reader, subject, *simple.predicate(), std::move(tails), reader.offsets.span(simple));
}

ast::ExprId lower_part_statement(Reader& reader, P::PartStatementContext& statement) {
  if (auto* in = statement.inStage()) return lower_in_stage(reader, *in);
  if (auto* least = statement.atLeastOf()) return lower_at_least_of(reader, *least);
  if (auto* state = statement.stateWord()) return lower_state(reader, *state);
  const Subject subject{nullptr, statement.bareOperand(), statement.parenthesis()};
  if (statement.predicate() == nullptr) return subject.lower(reader);
  return lower_predicate(reader, subject, *statement.predicate(), lower_tails(reader, statement.tail()),
                         reader.offsets.span(statement));
}

ast::ExprId lower_part_conjunction(Reader& reader, P::PartConjunctionContext& conjunction) {
  ast::And all;
  for (P::PartNegationContext* negation : conjunction.partNegation()) {
    const ast::ExprId statement = lower_part_statement(reader, *negation->partStatement());
    all.operands.push_back(lower_negated(reader, negation->NOT(), statement, reader.offsets.span(*negation)));
  }
  if (all.operands.size() == 1) return all.operands.front();
  return add_expr(reader, std::move(all), reader.offsets.span(conjunction));
}

}  // namespace

ast::ExprId add_expr(Reader& reader, decltype(ast::Expr::is) is, source::Span span) {
  return reader.file.exprs.add(ast::Expr{std::move(is), span});
}

ast::ExprId lower_part(Reader& reader, P::PartContext& part) {
  ast::Or any;
  for (P::PartConjunctionContext* conjunction : part.partConjunction()) {
    any.operands.push_back(lower_part_conjunction(reader, *conjunction));
  }
  if (any.operands.size() == 1) return any.operands.front();
  return add_expr(reader, std::move(any), reader.offsets.span(part));
}

ast::ExprId lower_condition(Reader& reader, P::ConditionContext& condition) {
  ast::Or any;
  for (P::ConjunctionContext* conjunction : condition.conjunction()) {
    any.operands.push_back(lower_conjunction(reader, *conjunction));
  }
  if (any.operands.size() == 1) return any.operands.front();
  return add_expr(reader, std::move(any), reader.offsets.span(condition));
}

ast::ExprId lower_condition(Reader& reader, P::ConditionContext* condition) {
  return condition == nullptr ? ast::ExprId::none() : lower_condition(reader, *condition);
}

ast::ExprId lower_narrowing(Reader& reader, P::NarrowingContext* narrowing) {
  if (narrowing == nullptr) return ast::ExprId::none();
  P::NarrowContext& narrow = *narrowing->narrow();
  if (narrow.condition() != nullptr) return lower_condition(reader, *narrow.condition());
  return lower_negated(reader, narrow.NOT(), lower_simple(reader, *narrow.simple()), reader.offsets.span(narrow));
}

}  // namespace plumb::syntax::antlr
