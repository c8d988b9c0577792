#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "syntax/antlr/translation.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::Diagnostic;
using diagnostics::diag::ForeignSpelling;

/// How a comparison is said elsewhere: what it is here, and what it is behind `is not`. Empty: not in that place.
struct Comparison {
  std::string_view written;
  std::string_view plain;
  std::string_view negated;
  bool before_number = false;  // only there: the words alone may be a name
};

// The longer ones first.
constexpr std::array comparisons{
    Comparison{"greater than or equal to", "is at least", "is less than"},
    Comparison{"less than or equal to", "is at most", "is more than"},
    Comparison{"more than or equal to", "is at least", "is less than"},
    Comparison{"greater than", "is more than", "is at most"},
    Comparison{"higher than", "is more than", "is at most"},
    Comparison{"bigger than", "is more than", "is at most"},
    Comparison{"larger than", "is more than", "is at most"},
    Comparison{"fewer than", "is less than", "is at least"},
    Comparison{"smaller than", "is less than", "is at least"},
    Comparison{"lower than", "is less than", "is at least"},
    Comparison{"more than", "", "is at most"},
    Comparison{"less than", "", "is at least"},
    Comparison{"at most", "", "is more than"},
    Comparison{"at least", "", "is less than"},
    Comparison{"no more than", "is at most", ""},
    Comparison{"no less than", "is at least", ""},
    Comparison{"no fewer than", "is at least", ""},
    Comparison{"at a minimum", "is at least", ""},
    Comparison{"at minimum", "is at least", ""},
    Comparison{"at a maximum", "is at most", ""},
    Comparison{"at maximum", "is at most", ""},
    Comparison{"equal to", "is", "is not"},
    Comparison{"later than", "is after", "is not after"},
    Comparison{"earlier than", "is before", "is not before"},
    Comparison{"on or after", "is not before", ""},
    Comparison{"on or before", "is not after", ""},
    Comparison{"known", "", "is missing"},
    Comparison{"missing", "", "is known"},
    Comparison{"above", "is more than", "is at most", true},
    Comparison{"over", "is more than", "is at most", true},
    Comparison{"below", "is less than", "is at least", true},
    Comparison{"under", "is less than", "is at least", true},
    Comparison{"up to", "is at most", "is more than", true},
};

/// A unit as it is said or cut short elsewhere. It stands behind a number, where no name can.
struct Unit {
  std::string_view written;
  std::string_view plumb;
};

constexpr std::array units{
    Unit{"working days", "business days"},
    Unit{"working day", "business day"},
    Unit{"work days", "business days"},
    Unit{"work day", "business day"},
    Unit{"workdays", "business days"},
    Unit{"workday", "business day"},
    Unit{"weekdays", "business days"},
    Unit{"bus . days", "business days"},
    Unit{"bus . day", "business day"},
    Unit{"bus days", "business days"},
    Unit{"bus day", "business day"},
    Unit{"biz days", "business days"},
    Unit{"biz day", "business day"},
    Unit{"bd", "business days"},
    Unit{"business hours", "working hours"},
    Unit{"business hour", "working hour"},
    Unit{"work hours", "working hours"},
    Unit{"work hour", "working hour"},
    Unit{"hrs", "hours"},
    Unit{"hr", "hours"},
    Unit{"h", "hours"},
    Unit{"mins", "minutes"},
    Unit{"min", "minutes"},
    Unit{"wks", "weeks"},
    Unit{"wk", "weeks"},
    Unit{"yrs", "years"},
    Unit{"yr", "years"},
    Unit{"d", "days"},
    Unit{"w", "weeks"},
};

constexpr std::array number_words{"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                  "seven", "eight", "nine", "ten",   "eleven", "twelve"};
constexpr std::array<std::string_view, 3> ordinal_words{"first", "second", "third"};
constexpr std::array<std::string_view, 3> ordinals{"1st", "2nd", "3rd"};

bool is_amount(std::size_t type) {
  return type == L::NUMERAL || type == L::PERCENTAGE || type == L::FOREIGN_MONEY || type == L::FOREIGN_GLUED;
}

bool is_one_of(std::size_t type, std::initializer_list<std::size_t> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

/// Where `no more than` stands without an `is`: `lapse at most`, `at most` of a stage or of a return.
bool needs_no_is(const Translation& t) {
  if (t.starts_line[t.at] || t.tokens.empty()) return true;
  return is_one_of(t.before(1), {L::LAPSE, L::BRACE_OPEN, L::FOR}) || t.before(2) == L::ARROW;
}

bool translate_comparison(Translation& t) {
  const bool negated = t.before(1) == L::NOT && t.before(2) == L::IS;
  const bool is = negated || t.before(1) == L::IS;
  if (!is && !(t.here().getType() == L::NO || t.here().getType() == L::IDENT)) return false;
  for (const Comparison& each : comparisons) {
    const std::size_t last = t.matches(each.written);
    std::string_view words = negated ? each.negated : each.plain;
    if (last == none || words.empty() || (each.before_number && !(is && is_amount(t.type(last + 1))))) continue;
    if (!is && each.written.starts_with("equal")) continue;  // `equal to enter`: a name and the next clause
    const bool bare = !is && needs_no_is(t);
    if (bare && !each.written.starts_with("no ")) continue;
    if (bare) words.remove_prefix(3);
    rewrite(t, negated ? 2 : is ? 1 : 0, last, words);
    return true;
  }
  return false;
}

/// `amount equals 5`.
bool translate_equals(Translation& t) {
  if (t.at == 0 || t.starts_line[t.at] || t.matches("equals") == none) return false;
  const bool between = is_one_of(t.before(1), {L::IDENT, L::STRING}) && t.on_line(t.at + 1) &&
                       (is_amount(t.type(t.at + 1)) || is_one_of(t.type(t.at + 1), {L::IDENT, L::STRING}));
  if (!between) return false;
  rewrite(t, 0, t.at, "is");
  return true;
}

/// The last token of the literal or name at `first`. Missing: none for anything else.
std::size_t end_of_operand(const Translation& t, std::size_t first) {
  if (!t.on_line(first)) return none;
  if (is_one_of(t.type(first), {L::CALENDAR_DATE, L::PERCENTAGE, L::IDENT, L::FOREIGN_MONEY})) return first;
  if (t.type(first) != L::NUMERAL) return none;
  const bool two = is_one_of(t.type(first + 1), {L::BUSINESS, L::WORKING});
  const bool unit = t.type(first + 1) == L::CURRENCY || t.is_unit(first + 1);
  return first + (two ? 2 : unit ? 1 : 0);
}

/// `is between 1 and 5`: two comparisons, of which reading goes on with the first.
bool translate_between(Translation& t) {
  if (t.before(1) != L::IS || t.matches("between") == none) return false;
  const std::size_t first = end_of_operand(t, t.at + 1);
  if (first == none || t.type(first + 1) != L::AND) return false;
  const std::size_t second = end_of_operand(t, first + 2);
  if (second == none) return false;
  const bool dates = t.type(t.at + 1) == L::CALENDAR_DATE;
  const std::string low(t.written(t.at + 1, first)), high(t.written(first + 2, second));
  const std::string from = fmt::format("is {} {}", dates ? "not before" : "at least", low);
  const std::string to = fmt::format("is {} {}", dates ? "not after" : "at most", high);
  // Only what is one word can be said again for sure.
  const bool simple = is_one_of(t.before(3), {L::EXPECT, L::AND, L::OR, L::WHEN, L::ENTER, L::PAREN_OPEN});
  const std::string left = simple ? t.tokens[t.tokens.size() - 2]->getText() : "…";
  const source::Span span = source::join(t.reader.offsets.span(*t.tokens.back()), t.span(t.at, second));
  if (Diagnostic* said = t.say(span, ForeignSpelling, t.text_of(span))) {
    said->hint("write `{} and {} {}`", from, left, to);
    if (simple) said->suggest(span, fmt::format("{} and {} {}", from, left, to));
  }
  for (std::size_t i = first + 1; i <= second; ++i) t.silent.insert(i);
  t.replace(1, t.at, dates ? "is not before" : "is at least");
  return true;
}

/// `segment in (smb, enterprise)`.
bool translate_in_list(Translation& t) {
  if (t.here().getType() != L::IN || !is_one_of(t.type(t.at + 1), {L::PAREN_OPEN, L::FOREIGN_BRACKET_OPEN}))
    return false;
  const bool negated = t.before(1) == L::NOT;
  const bool is = t.before(negated ? 2 : 1) == L::IS;
  if (!is && !is_one_of(t.before(negated ? 2 : 1), {L::IDENT, L::STRING})) return false;
  std::size_t close = t.at + 2;
  const auto closes = [&t](std::size_t i) { return is_one_of(t.type(i), {L::PAREN_CLOSE, L::FOREIGN_BRACKET_CLOSE}); };
  while (close < t.raw.size() && !closes(close) && t.type(close) != L::PAREN_OPEN && close - t.at < 200) ++close;
  if (close == t.at + 2 || !closes(close)) return false;
  const std::size_t before = (is ? 1 : 0) + (negated ? 1 : 0);
  const std::string words = negated ? "is not one of" : "is one of";
  const std::string all = words + " " + std::string(t.written(t.at + 2, close - 1));
  const source::Span from = before > 0 ? t.reader.offsets.span(*t.tokens[t.tokens.size() - before]) : t.span();
  suggest(t.say(from, ForeignSpelling, t.text_of(source::join(from, t.span(t.at, t.at + 1)))),
          source::join(from, t.span(close, close)), all);
  t.silent.insert(close);
  t.replace(before, t.at + 1, words);
  return true;
}

/// `expect if A then B`: what follows is left out, for it may be said in two ways.
bool translate_if(Translation& t) {
  if (t.here().getType() != L::IF || t.before(1) != L::EXPECT) return false;
  if (Diagnostic* said = t.say(t.span(), ForeignSpelling, "if")) {
    said->hint("what is asked of some deals only: `for each deal where …`")
        .hint("what is asked under a condition: `not (…) or …`");
  }
  while (t.on_line(t.at + 1) && t.type(t.at + 1) != L::BRACE_CLOSE) ++t.at;
  t.drop();
  return true;
}

/// Whether a word behind the number before may be a name: `over last 2 min`.
bool is_counted_name(const Translation& t) {
  return is_one_of(t.before(2), {L::LAST, L::HOLDS, L::ON}) ||
         (is_one_of(t.before(2), {L::LEAST}) && t.before(4) == L::GIVEN);
}

bool translate_unit(Translation& t) {
  if (t.before(1) != L::NUMERAL || t.starts_line[t.at] || is_counted_name(t)) return false;
  for (const Unit& unit : units) {
    const std::size_t last = t.matches(unit.written);
    if (last == none) continue;
    const bool one = t.tokens.back()->getText() == "1" && unit.plumb.ends_with('s');
    const std::string_view words = unit.plumb.substr(0, unit.plumb.size() - (one ? 1 : 0));
    rewrite(t, 1, last, fmt::format("{} {}", t.tokens.back()->getText(), words));
    return true;
  }
  return false;
}

/// `within two days`, `within a week`.
bool translate_number_word(Translation& t) {
  const bool unit =
      t.on_line(t.at + 1) && (t.is_unit(t.at + 1) || is_one_of(t.type(t.at + 1), {L::BUSINESS, L::WORKING}));
  const bool behind = is_one_of(t.before(1), {L::WITHIN, L::LEAST, L::MOST, L::THAN, L::LAST});
  if (!unit || !behind || t.starts_line[t.at]) return false;
  const bool article = is_one_of(t.here().getType(), {L::A, L::AN}) && t.before(1) == L::WITHIN;
  const auto* found = std::find(number_words.begin(), number_words.end(), t.here().getText());
  if (!article && found == number_words.end()) return false;
  rewrite(t, 0, t.at, article ? "1" : std::to_string(found - number_words.begin()));
  return true;
}

/// `is first held_meeting`.
bool translate_ordinal_word(Translation& t) {
  if (!is_one_of(t.before(1), {L::IS, L::AFTER, L::BEFORE, L::AT, L::EXPECT})) return false;
  if (!t.on_line(t.at + 1) || t.type(t.at + 1) != L::IDENT) return false;
  const auto* found = std::find(ordinal_words.begin(), ordinal_words.end(), t.here().getText());
  if (found == ordinal_words.end()) return false;
  rewrite(t, 0, t.at, ordinals[static_cast<std::size_t>(found - ordinal_words.begin())]);
  return true;
}

}  // namespace

bool translate_words(Translation& t) {
  return translate_comparison(t) || translate_equals(t) || translate_between(t) || translate_in_list(t) ||
         translate_if(t) || translate_unit(t) || translate_number_word(t) || translate_ordinal_word(t);
}

}  // namespace plumb::syntax::antlr
