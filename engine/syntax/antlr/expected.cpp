#include "PlumbParser.h"
#include "syntax/antlr/recovery.h"

namespace plumb::syntax::antlr {

namespace {

using antlr4::Parser;
using antlr4::atn::ATN;
using antlr4::atn::ATNState;
using antlr4::atn::PredictionContext;
using antlr4::misc::IntervalSet;

/// The tokens that may follow a set of parser states; a state at the end of its rule goes on in the rule that called
/// it.
struct Following {
  const ATN& atn;
  antlr4::RuleContext* caller;  // of the rule in which prediction began
  std::set<std::size_t> types;
  std::set<std::pair<const ATNState*, const PredictionContext*>> seen;

  bool add(const ATNState* state) {
    const IntervalSet& next = atn.nextTokens(const_cast<ATNState*>(state));
    for (const std::ptrdiff_t type : next.toList()) {
      if (type != static_cast<std::ptrdiff_t>(antlr4::Token::EPSILON)) types.insert(static_cast<std::size_t>(type));
    }
    return next.contains(antlr4::Token::EPSILON);
  }

  void add_callers() {
    for (antlr4::RuleContext* at = caller; at != nullptr && at->invokingState != static_cast<std::size_t>(-1);
         at = static_cast<antlr4::RuleContext*>(at->parent)) {
      const auto* call = static_cast<const antlr4::atn::RuleTransition*>(atn.states[at->invokingState]->transitions[0]);
      if (!add(call->followState)) return;
    }
  }

  void add(const ATNState* state, const Ref<PredictionContext>& context) {
    if (!seen.emplace(state, context.get()).second || !add(state)) return;
    if (!context || context->isEmpty()) return add_callers();
    for (std::size_t i = 0; i < context->size(); ++i) {
      const std::size_t back = context->getReturnState(i);
      if (back == PredictionContext::EMPTY_RETURN_STATE) {
        add_callers();
      } else {
        add(atn.states[back], context->getParent(i));
      }
    }
  }
};

}  // namespace

std::set<std::size_t> expected_at(Parser& parser, const antlr4::RecognitionException& error) {
  const auto* dead_end = dynamic_cast<const antlr4::NoViableAltException*>(&error);
  if (dead_end == nullptr || dead_end->getDeadEndConfigs() == nullptr) {
    std::set<std::size_t> types;
    for (const std::ptrdiff_t type : error.getExpectedTokens().toList()) types.insert(static_cast<std::size_t>(type));
    return types;
  }
  Following following{parser.getATN(), dead_end->getCtx(), {}, {}};
  for (const auto& config : dead_end->getDeadEndConfigs()->configs) following.add(config->state, config->context);
  return following.types;
}

}  // namespace plumb::syntax::antlr
