#include "syntax/antlr/recovery.h"

#include <algorithm>
#include <unordered_map>

#include "PlumbParser.h"

namespace plumb::syntax::antlr {

namespace {

using P = PlumbParser;

constexpr std::size_t max_attempts = 500;

/// Keywords that start a clause even in the middle of a line: nothing else in the language is spelt like them.
constexpr std::array unmistakable{P::EXPECT, P::BECAUSE, P::WITHIN, P::IF, P::THROUGHOUT};

/// The clause that the innermost body around the parser repeats; a body whose `{` has not been read is none.
std::size_t clause_around(antlr4::Parser& parser) {
  for (antlr4::tree::ParseTree* at = parser.getContext(); at != nullptr; at = at->parent) {
    const auto clause = clause_of_body(static_cast<antlr4::ParserRuleContext*>(at)->getRuleIndex());
    if (clause && !at->children.empty()) return *clause;
  }
  return P::RuleDeclaration;
}

bool is_clause(std::size_t rule) {
  static const std::set<std::size_t> clauses = [] {
    std::set<std::size_t> found;
    for (std::size_t rule = 0; rule <= P::RuleReservedWord; ++rule) {
      if (const auto clause = clause_of_body(rule)) found.insert(*clause);
    }
    return found;
  }();
  return clauses.count(rule) > 0;
}

const antlr4::misc::IntervalSet& starts_of(antlr4::Parser& parser, std::size_t rule) {
  return parser.getATN().nextTokens(parser.getATN().ruleToStartState[rule]);
}

}  // namespace

std::optional<std::size_t> clause_of_body(std::size_t rule) {
  static const std::unordered_map<std::size_t, std::size_t> clauses{
      {P::RuleFile, P::RuleDeclaration},          {P::RuleRulebookBody, P::RuleRulebookClause},
      {P::RuleHeaderBody, P::RuleHeaderClause},   {P::RuleCalendarBody, P::RuleCalendarPart},
      {P::RuleFieldsBody, P::RuleFieldsClause},   {P::RuleProcessBody, P::RuleProcessClause},
      {P::RuleStageBody, P::RuleStagePart},       {P::RuleChecklistBody, P::RuleChecklistClause},
      {P::RuleItemBody, P::RuleItemPart},         {P::RuleRuleBody, P::RuleRuleClause},
      {P::RuleTargetBody, P::RuleTargetClause},   {P::RulePlanBody, P::RulePlanClause},
      {P::RuleLadderBody, P::RuleLadderPart},     {P::RuleRungBody, P::RuleRungStep},
      {P::RuleTestBody, P::RuleTestPart},         {P::RuleCastBody, P::RuleCastFact}};
  const auto found = clauses.find(rule);
  return found == clauses.end() ? std::nullopt : std::optional(found->second);
}

void Recovery::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) {
  if (inErrorRecoveryMode(parser)) return;
  beginErrorCondition(parser);
  reader_.had_errors = true;
  report_unexpected(reader_, *parser, *error.getOffendingToken(), expected(*parser, error));
}

void Recovery::remember(antlr4::Parser& parser) {
  const std::size_t index = parser.getTokenStream()->index();
  if (index != passed_at_) passed_.clear();
  passed_at_ = index;
  passed_.push_back(parser.getState());
}

std::set<std::size_t> Recovery::expected(antlr4::Parser& parser, const antlr4::RecognitionException& error) const {
  std::set<std::size_t> types = expected_at(parser, error);
  if (error.getOffendingToken()->getTokenIndex() != passed_at_) return types;
  for (const std::size_t state : passed_) {
    for (const std::ptrdiff_t type : parser.getATN().nextTokens(parser.getATN().states[state]).toList()) {
      if (type != static_cast<std::ptrdiff_t>(antlr4::Token::EPSILON)) types.insert(static_cast<std::size_t>(type));
    }
  }
  return types;
}

antlr4::Token* Recovery::recoverInline(antlr4::Parser* parser) { throw antlr4::InputMismatchException(parser); }

void Recovery::recover(antlr4::Parser* parser, std::exception_ptr error) {
  const std::size_t here = parser->getTokenStream()->index();
  std::size_t from = here;
  try {
    std::rethrow_exception(error);
  } catch (const antlr4::RecognitionException& e) {
    // Lookahead may have gone past words that begin a clause elsewhere.
    from = std::max(from, e.getOffendingToken()->getTokenIndex());
  }
  antlr4::ParserRuleContext& context = *parser->getContext();
  // A clause that failed before its first word was taken would fail there again.
  const bool stuck = is_clause(context.getRuleIndex()) && context.start->getTokenIndex() == here;
  skip(*parser, std::max(from, here + (stuck ? 1 : 0)));
}

void Recovery::sync(antlr4::Parser* parser) {
  remember(*parser);
  antlr4::ParserRuleContext& context = *parser->getContext();
  const auto clause = clause_of_body(context.getRuleIndex());
  if (!clause) return;
  const std::size_t brace = P::BRACE_CLOSE;
  const std::size_t end = context.getRuleIndex() == P::RuleFile ? antlr4::Token::EOF : brace;
  const std::size_t type = parser->getTokenStream()->LA(1);
  if (type == end || type == antlr4::Token::EOF || starts_of(*parser, *clause).contains(type)) return;
  if (!inErrorRecoveryMode(parser)) {
    const antlr4::InputMismatchException error(parser);
    reportError(parser, error);
  }
  skip(*parser, parser->getTokenStream()->index() + 1);
}

bool Recovery::resumes_at(antlr4::Parser& parser, std::size_t index, const antlr4::misc::IntervalSet& starts) const {
  const std::size_t type = parser.getTokenStream()->get(index)->getType();
  if (!starts.contains(type)) return false;
  const bool alone = std::find(unmistakable.begin(), unmistakable.end(), type) != unmistakable.end();
  return alone || reader_.facts[index].starts_line;
}

/// From the parser's place on, at the depth of braces of that place; what stands before `from` is never resumed at.
void Recovery::skip(antlr4::Parser& parser, std::size_t from) {
  antlr4::TokenStream& stream = *parser.getTokenStream();
  const bool give_up = ++attempts_ > max_attempts;
  const auto& starts = starts_of(parser, clause_around(parser));
  const std::size_t depth = reader_.facts[stream.index()].depth;
  while (stream.LA(1) != antlr4::Token::EOF) {
    const std::size_t index = stream.index();
    const TokenFacts& fact = reader_.facts[index];
    const bool ends_body = stream.LA(1) == P::BRACE_CLOSE && fact.depth <= depth;
    if (!give_up && ends_body) return;
    if (!give_up && index >= from && fact.depth == depth && resumes_at(parser, index, starts)) return;
    stream.consume();
  }
}

}  // namespace plumb::syntax::antlr
