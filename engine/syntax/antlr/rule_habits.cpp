#include <algorithm>
#include <array>
#include <string_view>

#include "PlumbParser.h"
#include "syntax/antlr/place.h"
#include "syntax/antlr/recovery.h"

/// What is written in a rule as one would say it, and how the language says it.
namespace plumb::syntax::antlr {

namespace {

using diagnostics::Diagnostic;

// for each rep · each deal · every deal after …
bool add_subject(Place& at) {
  if (at.follows(P::EACH) && is_one_of(at.word(), {"rep", "reps", "seller", "salesperson", "user", "agent", "owner",
                                                   "employee", "people", "persons", "manager"})) {
    at.said.hint("whoever sells is a `person`: `for each person`").suggest(at.said.span, "person");
    return true;
  }
  if (at.follows(P::EACH) && is_one_of(at.word(), {"opportunity", "opp", "lead", "case", "order", "account"})) {
    at.said.hint("what is sold is a `deal`: `for each deal`").suggest(at.said.span, "deal");
    return true;
  }
  if (at.follows(P::EACH) && at.offending.getType() == P::COMPANY) {
    at.said.hint("there is one company: `for the company`");
    return true;
  }
  constexpr std::array subjects{P::DEAL, P::PERSON, P::TEAM};
  const bool subject = std::ranges::find(subjects, at.offending.getType()) != subjects.end();
  if (!subject || !(at.follows(P::EVERY) || at.follows(P::EACH))) return false;
  at.said.hint("whom a rule is about stands behind `for each`: `for each {}`", at.word());
  return true;
}

// expect a call · expect that call happens · expect next step is known
bool add_spoken(Place& at) {
  if (!at.comparison_may_begin() || at.reader.facts[at.index()].starts_line || !is_wordlike(at.offending)) return false;
  const std::string before = at.text_before();
  if (is_one_of(before, {"a", "an", "the", "that", "some"})) {
    at.said.hint("nothing is said with `{}`: leave it out", before)
        .suggest(source::join(at.reader.offsets.span(*at.before()), at.said.span), at.word());
    return true;
  }
  if (is_one_of(at.word(), {"happens", "happened", "occurs", "occurred"})) {
    at.said.hint("that something happened is `{} has happened`; what is to happen is named alone: `expect {}`", before,
                 before);
    return true;
  }
  const bool of_two_words = is_wordlike(*at.before()) && at.type_behind() == P::IS;
  if (!of_two_words) return false;
  at.said.hint(
      "a name is one word: did you mean `{}_{}`? One that is declared of several stands in quotes: `\"{} {}\"`", before,
      at.word(), before, at.word());
  return true;
}

// count of call over last 2 amount changed · … over last 1 enters talk
bool add_last(Place& at) {
  if (at.offending.getType() == P::LAST && at.follows(P::OVER) && at.type_behind() == P::NUMERAL) {
    at.said.hint(
        "what is counted behind `over last` is one word, or stands in parentheses: `over last 1 (enters talk)`");
    return true;
  }
  if (!is_wordlike(at.offending)) return false;
  const std::size_t number = at.follows(P::NUMERAL) ? 1 : 2;
  if (!at.follows(P::NUMERAL, number) || !at.follows(P::LAST, number + 1) || !at.follows(P::OVER, number + 2))
    return false;
  at.said.hint("an event of several words stands in parentheses there: `over last {} (amount changed)`",
               at.text_before(number));
  return true;
}

// expect at least 3 calls · expect 3 calls · expect amount at least 3 USD
bool add_counted(Place& at) {
  const bool bound =
      at.follows(P::NUMERAL) && at.follows(P::AT, 3) && (at.follows(P::LEAST, 2) || at.follows(P::MOST, 2));
  if (bound && at.before(4) && is_wordlike(*at.before(4)) && !at.follows(P::IS, 4) && !at.follows(P::EXPECT, 4)) {
    at.said.hint("what is compared has an `is` behind it: `{} is at {} {}`", at.text_before(4), at.text_before(2),
                 at.text_before());
    return true;
  }
  if (at.follows(P::AT) && at.offending.getType() == P::MOST && at.expected.count(P::LEAST) > 0) {
    at.said.hint("what is counted is said first: `count of EVENT is at most …`");
    return true;
  }
  if (!at.follows(P::NUMERAL) || at.offending.getType() != P::IDENT) return false;
  if (!at.comparison_may_begin() && at.expected.count(P::OF) == 0) return false;
  const bool most = at.follows(P::MOST, 2);
  at.said.hint("what is counted is said first: `count of EVENT is at {} {}`, with the event that `{}` are",
               most ? "most" : "least", at.text_before(), at.word());
  return true;
}

// expect call in 2 days · within 2 days of created · expect call by friday
bool add_deadline(Place& at) {
  if (at.offending.getType() == P::IN && at.type_behind() == P::NUMERAL && at.comparison_may_begin()) {
    at.said.hint("by when something is expected stands in a clause of its own: `within` and how long")
        .suggest(at.said.span, "within");
    return true;
  }
  if (at.offending.getType() != P::OF || !at.clause_may_begin()) return false;
  if (!at.follows(P::NUMERAL, 2) && !at.follows(P::NUMERAL, 3)) return false;  // 2 days, 2 business days
  const std::string kind = at.follows(P::NUMERAL, 2) ? "" : at.text_before(2) + " ";
  at.said.hint("a deadline counts from what the rule begins with: `after EVENT`, and then `within {} {}{}`",
               at.text_before(kind.empty() ? 2 : 3), kind, at.text_before());
  return true;
}

// in stage talk · after stage talk · after deal created
bool add_named_twice(Place& at) {
  if (!is_wordlike(at.offending) || at.reader.facts[at.index()].starts_line) return false;
  const bool at_event = at.follows(P::AFTER, 2) || at.follows(P::BEFORE, 2) || at.follows(P::AT, 2);
  if (at.follows(P::STAGE) && at_event) {
    at.said.hint("what happens is that a deal comes into the stage: `{} enters {}`", at.text_before(2), at.word());
    return true;
  }
  if (at.follows(P::STAGE) && (at.follows(P::IN, 2) || at.follows(P::ENTERS, 2) || at.follows(P::LEAVES, 2))) {
    at.said.hint("a stage is called by its name alone: `{} {}`", at.text_before(2), at.word());
    return true;
  }
  if (!at.follows(P::DEAL) || !at_event) return false;
  at.said.hint("that it is the deal's is said by `for each deal`: `{} {}`", at.text_before(2), at.word());
  return true;
}

// for each deal when won … · if won … · … created must call
bool add_clause(Place& at) {
  if (at.follows(P::IF) && at.expected.count(P::MISSED) > 0) {
    at.said.hint(
        "`if` begins what follows a verdict, as in `if missed`; which deals a rule is about is said by `for each "
        "deal where …`, and what it begins with by `after …`");
    return true;
  }
  if (!at.clause_may_begin()) return false;
  if (at.comparison_may_begin() && is_one_of(at.word(), {"must", "should", "shall", "needs"})) {
    at.said.hint("what is expected of it is said with `is` or `has`: `expect {} is known`", at.text_before());
    return true;
  }
  if (is_one_of(at.word(), {"when", "whenever", "upon", "once", "on"})) {
    if (at.type_behind() == P::BRACE_CLOSE) return false;
    at.said.hint(
        "what follows something that happens stands `after` it: `after meeting`; `before` and `at` are the others");
    return true;
  }
  if (!is_one_of(at.word(), {"must", "should", "then", "require", "requires", "ensure", "shall", "needs", "check"}))
    return false;
  at.said.hint("what is expected stands behind `expect`").suggest(at.said.span, "expect");
  return true;
}

// rule r { · currency USD
bool add_declaration(Place& at) {
  if (!at.declaration_may_begin()) return false;
  if (is_one_of(at.word(), {"rule", "policy", "expectation"})) {
    at.said.hint("a rule begins with how much it binds: `must`, `should` or `trial`, and its name")
        .suggest(at.said.span, "must");
    return true;
  }
  if (is_one_of(at.word(), {"stage", "stages", "pipeline", "path"})) {
    at.said.hint("stages and the path through them stand in a `process`: `process sales {{ stage talk {{ }} … }}`");
    return true;
  }
  if (at.word() == "currency") {
    at.said.hint("an amount says its own currency: `20,000 USD`; a field of amounts is `money`");
    return true;
  }
  if (!is_one_of(at.word(), {"field", "property", "properties", "attribute", "type"})) return false;
  at.said.hint("what is known of a deal stands in `fields deal {{ … }}`, of an activity in `activity call {{ … }}`");
  return true;
}

}  // namespace

bool add_rule_habit(const Reader& reader, antlr4::TokenStream& stream, const antlr4::Token& offending,
                    const std::set<std::size_t>& expected, Diagnostic& said) {
  Place at{reader, stream, offending, expected, said};
  return add_subject(at) || add_named_twice(at) || add_deadline(at) || add_last(at) || add_counted(at) ||
         add_spoken(at) || add_clause(at) || add_declaration(at);
}

}  // namespace plumb::syntax::antlr
