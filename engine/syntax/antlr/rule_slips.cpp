#include "syntax/antlr/place.h"
#include "syntax/antlr/recovery.h"

/// Where one word is wrong in what is otherwise as the language has it, and a list of what may stand there would lead
/// astray.
namespace plumb::syntax::antlr {

namespace {

/// Behind what an event stands: `after`, `before`, `at`.
bool at_event(const Place& at, std::size_t back) { return at.follows_one_of({P::AFTER, P::BEFORE, P::AT}, back); }

/// Whether a condition begins behind the so-many-th token before.
bool condition_begins(const Place& at, std::size_t back) {
  return at.follows_one_of({P::EXPECT, P::AND, P::OR, P::NOT, P::WHERE, P::WHILE, P::WHEN, P::PAREN_OPEN}, back);
}

/// The name before the last `is` of the line. Missing: empty.
std::string compared(const Place& at) {
  const auto in_line = [&](std::size_t back) {
    return at.before(back) != nullptr && !at.reader.facts[at.index() - back + 1].starts_line;
  };
  for (std::size_t back = 1; in_line(back); ++back) {
    const antlr4::Token* const name = at.before(back + 1);
    if (at.follows(P::IS, back)) return name != nullptr && is_wordlike(*name) ? name->getText() : std::string();
  }
  return {};
}

/// Whether the innermost `{` before it is that of a test.
bool in_test(const Place& at) {
  std::size_t closed = 0;
  for (std::size_t back = 1; at.before(back) != nullptr; ++back) {
    if (at.follows(P::BRACE_CLOSE, back)) ++closed;
    if (at.follows(P::BRACE_OPEN, back) && closed-- == 0) return at.follows(P::TEST, back + 2);
  }
  return false;
}

// is at least 5 USD and less than 10 USD
bool add_second_bound(const Place& at) {
  const std::size_t type = at.offending.getType();
  const bool bound = type == P::LESS || type == P::MORE_WORD || type == P::AT || type == P::MOST || type == P::LEAST;
  const bool behind_at = at.follows(P::AT) && at.follows_one_of({P::AND, P::OR}, 2);
  const std::string name = bound && (behind_at || at.follows_one_of({P::AND, P::OR})) ? compared(at) : std::string();
  if (name.empty()) return false;
  const std::string_view is = type == P::LESS ? "is less than" : type == P::MORE_WORD ? "is more than" : "is at most";
  at.said.hint("each comparison says what it compares: `{} {} {} …`", at.text_before(behind_at ? 2 : 1), name, is);
  return true;
}

// sum of amount of won deals · average amount of won deals
bool add_summed(const Place& at) {
  if (at.offending.getType() == P::OF && at.follows_one_of({P::SUM, P::MEAN, P::MEDIAN})) {
    at.said.hint("what is summed stands right behind it: `{} FIELD of THINGS`", at.text_before())
        .suggest(source::join(at.reader.offsets.span(*at.before()), at.said.span), at.text_before());
    return true;
  }
  const std::string before = at.text_before();
  const bool mean = is_one_of(before, {"average", "avg"}), sum = is_one_of(before, {"total", "summed"});
  if (!(mean || sum) || !is_wordlike(at.offending) || at.type_behind() != P::OF) return false;
  at.said.hint("write `{}`: `{} {} of …`", mean ? "mean" : "sum", mean ? "mean" : "sum", at.word())
      .suggest(at.reader.offsets.span(*at.before()), mean ? "mean" : "sum");
  return true;
}

// expect has happened call · call has not happened
bool add_happened(const Place& at) {
  if (at.offending.getType() == P::NOT && at.follows(P::HAS)) {
    at.said.hint("what did not happen is `not ({} has happened)`", at.text_before(2));
    return true;
  }
  if (at.offending.getType() != P::HAS || at.type_behind() != P::HAPPENED || !condition_begins(at, 1)) return false;
  at.said.hint("what happened is said first: `call has happened`");
  return true;
}

// D1 moves to offer · D1 call expect …
bool add_test_line(const Place& at) {
  if (at.offending.getType() == P::TO && is_one_of(at.text_before(), {"moves", "moved", "goes", "advances"})) {
    at.said.hint("a deal enters a stage: `{} enters STAGE`", at.text_before(2))
        .suggest(source::join(at.reader.offsets.span(*at.before()), at.said.span), "enters");
    return true;
  }
  if (at.offending.getType() != P::EXPECT || !in_test(at)) return false;
  at.said.hint("what is expected is so as of a day: `as of 2026-03-05 expect …`");
  return true;
}

// after a meeting · after call or meeting · after meeting amount is known
bool add_event(const Place& at) {
  if (at.reader.facts[at.index()].starts_line || !is_wordlike(at.offending)) return false;
  if (at_event(at, 2) && is_one_of(at.text_before(), {"a", "an", "some"})) {
    at.said.hint("nothing is said with `{}`: leave it out", at.text_before())
        .suggest(source::join(at.reader.offsets.span(*at.before()), at.said.span), at.word());
    return true;
  }
  if (!at_event(at, 2) || !at.clause_may_begin()) return false;
  if (at.offending.getType() == P::OR) {
    at.said.hint("one of several is `any of`: `{} any of ({}, …)`", at.text_before(2), at.text_before());
    return true;
  }
  const std::size_t behind = at.type_behind();
  if (at.offending.getType() != P::IDENT || (behind != P::IS && behind != P::HAS)) return false;
  at.said.hint("what is expected stands behind `expect`").suggest(at.said.span, "expect " + at.word());
  return true;
}

// is in the future · is at least 3 days from today · is within 3 days of today
bool add_date(const Place& at) {
  if (at.follows(P::IN) && at.follows(P::IS, 2) && at.word() == "the") {
    at.said.hint("a date that lies ahead `is after today`, one that is over `is before today`");
    return true;
  }
  if (at.offending.getType() == P::WITHIN && at.follows(P::IS) && !at.reader.facts[at.index()].starts_line) {
    at.said.hint(
        "how far two dates are apart is said in one direction: `{0} is at most 3 days after today`, or `before`; by "
        "when something is expected is a clause of its own, `within`",
        at.text_before(2));
    return true;
  }
  if (!at.follows(P::FROM) || !(at.follows(P::NUMERAL, 3) || at.follows(P::NUMERAL, 4)) || !is_wordlike(at.offending))
    return false;
  at.said.hint("a date lies `after` or `before` another: `is at least {} {} after {}`", at.text_before(3),
               at.text_before(2), at.word())
      .suggest(at.reader.offsets.span(*at.before()), "after");
  return true;
}

// count of call in last 5 days · 2nd call on different day · 2nd call for each deal
bool add_counted_span(const Place& at) {
  if (at.offending.getType() == P::LAST && at.follows(P::IN)) {
    at.said.hint("a span that ends now is `over last 5 days`").suggest(at.reader.offsets.span(*at.before()), "over");
    return true;
  }
  if (!at.follows(P::ORDINAL, 3)) return false;
  if (at.follows(P::ON) && is_one_of(at.word(), {"different", "a", "other", "separate"})) {
    at.said.hint("of several of one day one counts with `on another day`");
    return true;
  }
  if (!at.follows(P::FOR) || at.offending.getType() != P::EACH) return false;
  at.said.hint("the {} of a deal is what it is anyway; else it is `for each account` or `for each contact`",
               at.text_before(3));
  return true;
}

// by monday at 16:30
bool add_clock(const Place& at) {
  if (at.offending.getType() != P::CLOCK || !at.follows(P::AT) || !at.follows(P::BY, 3)) return false;
  at.said.hint("the time of day stands right behind the day: `by {} {}`", at.text_before(2), at.word())
      .suggest(source::join(at.reader.offsets.span(*at.before()), at.said.span), at.word());
  return true;
}

// expect close date is known
bool add_two_words(const Place& at) {
  const auto is_name = [](const antlr4::Token* token) { return token != nullptr && is_wordlike(*token); };
  if (at.reader.facts[at.index()].starts_line || !is_name(&at.offending) || !is_name(at.before())) return false;
  if (!condition_begins(at, 2) || condition_begins(at, 1) || at.type_behind() != P::IS) return false;
  if (is_one_of(at.text_before(), {"a", "an", "the", "that", "some"})) return false;
  at.said.hint(
      "a name is one word: did you mean `{0}_{1}`? One that is declared of several stands in quotes: `\"{0} {1}\"`",
      at.text_before(), at.word());
  return true;
}

}  // namespace

bool add_slip(const Reader& reader, antlr4::TokenStream& stream, const antlr4::Token& offending,
              const std::set<std::size_t>& expected, diagnostics::Diagnostic& said) {
  const Place at{reader, stream, offending, expected, said};
  return add_second_bound(at) || add_summed(at) || add_happened(at) || add_test_line(at) || add_event(at) ||
         add_date(at) || add_counted_span(at) || add_clock(at) || add_two_words(at);
}

}  // namespace plumb::syntax::antlr
