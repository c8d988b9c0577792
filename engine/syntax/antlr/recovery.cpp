#include "syntax/antlr/recovery.h"

#include <algorithm>
#include <unordered_map>

#include "PlumbParser.h"
#include "syntax/antlr/words.h"

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

/// Whether the last thing read of a clause is a condition: `expect close_date known` stopped in the middle of one.
bool ends_in_condition(const antlr4::ParserRuleContext& clause) {
  const antlr4::tree::ParseTree* at = &clause;
  while (!at->children.empty()) {
    at = at->children.back();
    const auto* inner = dynamic_cast<const antlr4::ParserRuleContext*>(at);
    if (inner == nullptr) continue;
    const std::size_t rule = inner->getRuleIndex();
    if (rule == P::RuleCondition || rule == P::RulePathClause || rule == P::RuleBackClause) return true;
  }
  return false;
}

/// What stops in the middle of a line is half a clause, although it could be a whole one: nothing is made of it.
/// Missing: null where the last clause is whole.
antlr4::ParserRuleContext* leave_out_half(antlr4::ParserRuleContext& body, const antlr4::RecognitionException& error) {
  auto* clause = body.children.empty() ? nullptr : dynamic_cast<antlr4::ParserRuleContext*>(body.children.back());
  if (clause == nullptr || clause->exception != nullptr || !ends_in_condition(*clause)) return nullptr;
  clause->exception = std::make_exception_ptr(error);
  return clause;
}

/// The first word of the clause that the parser is in, or of the rule where that is in none.
std::size_t start_of_clause(antlr4::ParserRuleContext& context) {
  for (antlr4::tree::ParseTree* at = &context; at != nullptr; at = at->parent) {
    auto* rule = static_cast<antlr4::ParserRuleContext*>(at);
    if (is_clause(rule->getRuleIndex())) return rule->start->getTokenIndex();
  }
  return context.start->getTokenIndex();
}

/// Whether the word before leaves something open: a list, a path.
bool goes_on(antlr4::Parser& parser, std::size_t index) {
  const std::size_t before = index > 0 ? parser.getTokenStream()->get(index - 1)->getType() : antlr4::Token::EOF;
  return before == P::COMMA || before == P::ARROW;
}

}  // namespace

std::optional<std::size_t> clause_of_body(std::size_t rule) {
  static const std::unordered_map<std::size_t, std::size_t> clauses{
      {P::RuleFile, P::RuleDeclaration},        {P::RuleRulebookBody, P::RuleRulebookClause},
      {P::RuleHeaderBody, P::RuleHeaderClause}, {P::RuleCalendarBody, P::RuleCalendarPart},
      {P::RuleFieldsBody, P::RuleFieldsClause}, {P::RuleProcessBody, P::RuleProcessClause},
      {P::RuleStageBody, P::RuleStagePart},     {P::RuleChecklistBody, P::RuleChecklistClause},
      {P::RuleItemBody, P::RuleItemPart},       {P::RuleRuleBody, P::RuleRuleClause},
      {P::RuleTargetBody, P::RuleTargetClause}, {P::RulePlanBody, P::RulePlanClause},
      {P::RuleLadderBody, P::RuleLadderPart},   {P::RuleRungBody, P::RuleRungStep},
      {P::RuleTestBody, P::RuleTestPart},       {P::RuleCastBody, P::RuleCastFact}};
  const auto found = clauses.find(rule);
  return found == clauses.end() ? std::nullopt : std::optional(found->second);
}

void Recovery::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) {
  if (inErrorRecoveryMode(parser)) return;
  beginErrorCondition(parser);
  reader_.had_errors = true;
  const std::set<std::size_t> types = expected(*parser, error);
  antlr4::Token& offending = *error.getOffendingToken();
  // A word that could have stood there was given up for what follows it.
  const bool given_up = types.count(offending.getType()) > 0 && offending.getType() != antlr4::Token::EOF;
  if (!given_up) return report_unexpected(reader_, *parser, offending, types);
  antlr4::TokenStream& stream = *parser->getTokenStream();
  const auto next = static_cast<std::ptrdiff_t>(offending.getTokenIndex() + 1);
  const std::ptrdiff_t ahead = next - static_cast<std::ptrdiff_t>(stream.index()) + 1;
  antlr4::Token* token = ahead > 0 ? stream.LT(ahead) : stream.get(static_cast<std::size_t>(next));
  report_unexpected(reader_, *parser, *token, {});
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
  lose(*parser, start_of_clause(context), parser->getTokenStream()->index());
}

/// Whoever asks later why a name is not there is told that it may stand in here.
void Recovery::lose(antlr4::Parser& parser, std::size_t first, std::size_t end) {
  if (first >= end) return;
  antlr4::TokenStream& stream = *parser.getTokenStream();
  reader_.file.lost.push_back(
      source::join(reader_.offsets.span(*stream.get(first)), reader_.offsets.span(*stream.get(end - 1))));
}

void Recovery::sync(antlr4::Parser* parser) {
  remember(*parser);
  antlr4::ParserRuleContext& context = *parser->getContext();
  const auto clause = clause_of_body(context.getRuleIndex());
  if (!clause) return;
  const std::size_t brace = P::BRACE_CLOSE;
  const std::size_t end = context.getRuleIndex() == P::RuleFile ? antlr4::Token::EOF : brace;
  const auto& starts = starts_of(*parser, *clause);
  const auto stands = [&] { return parser->getTokenStream()->LA(1); };
  while (stands() != end && stands() != antlr4::Token::EOF && !starts.contains(stands())) {
    if (parser->getTokenStream()->index() == misspelt_) endErrorCondition(parser);
    if (!inErrorRecoveryMode(parser)) {
      const antlr4::InputMismatchException error(parser);
      reportError(parser, error);
      const std::size_t here = parser->getTokenStream()->index();
      auto* half = reader_.facts[here].starts_line ? nullptr : leave_out_half(context, error);
      if (half != nullptr) lose(*parser, half->start->getTokenIndex(), here);
    }
    const std::size_t first = parser->getTokenStream()->index();
    skip(*parser, first + 1);
    lose(*parser, first, parser->getTokenStream()->index());
  }
}

/// `becuase` at the start of a line: a clause that is reported, not a part of the one before.
bool Recovery::is_misspelt_start(const antlr4::Token& token, const antlr4::misc::IntervalSet& starts) const {
  if (token.getType() != P::IDENT || starts.contains(std::size_t{P::IDENT})) return false;
  std::vector<std::string> keywords;
  for (const std::ptrdiff_t type : starts.toList()) keywords.emplace_back(keyword_of(static_cast<std::size_t>(type)));
  return !diagnostics::nearest(token.getText(), keywords).empty();
}

bool Recovery::resumes_at(antlr4::Parser& parser, std::size_t index, const antlr4::misc::IntervalSet& starts) const {
  const std::size_t type = parser.getTokenStream()->get(index)->getType();
  if (!starts.contains(type) || goes_on(parser, index)) return false;
  if (reader_.facts[index].starts_line) return true;
  if (std::find(unmistakable.begin(), unmistakable.end(), type) == unmistakable.end()) return false;
  if (type != P::WITHIN) return true;
  // `if missed "…" by owner within 2 days` has one of its own, and `is within` is no clause.
  const auto type_at = [&](std::size_t at) { return parser.getTokenStream()->get(at)->getType(); };
  if (index > 0 && type_at(index - 1) == P::IS) return false;
  for (std::size_t at = index; at > 0 && !reader_.facts[at].starts_line;) {
    if (type_at(--at) == P::IF) return false;
    if (type_at(at) == P::EXPECT) return true;
  }
  return true;
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
    const bool reachable = !give_up && index >= from && fact.depth == depth;
    if (reachable && resumes_at(parser, index, starts)) return;
    if (reachable && fact.starts_line && is_misspelt_start(*stream.get(index), starts)) {
      misspelt_ = index;
      return;
    }
    stream.consume();
  }
}

}  // namespace plumb::syntax::antlr
