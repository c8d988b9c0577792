#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "base/decimal.h"
#include "syntax/antlr/translation.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::Diagnostic;
using diagnostics::diag::ForeignSpelling;

}  // namespace

void translate_percent(Translation& t) {
  const bool follows_number = !t.tokens.empty() && t.tokens.back()->getType() == L::NUMERAL;
  if (!follows_number) {
    if (Diagnostic* said = t.say(t.span(), ForeignSpelling, "%")) said->hint("a percentage is written `12.5%`");
    return t.drop();
  }
  const std::string text = t.tokens.back()->getText() + "%";
  const source::Span span = source::join(t.reader.offsets.span(*t.tokens.back()), t.span());
  suggest(t.say(span, ForeignSpelling, t.reader.text.content().substr(span.begin, span.end - span.begin)), span, text);
  auto token = stand_in(*t.tokens.back(), L::PERCENTAGE, text);
  token->setStopIndex(t.here().getStopIndex());
  t.tokens.back() = std::move(token);
  t.facts.back().reported = true;
}

namespace {

std::string_view currency_of(std::string_view text) {
  if (text.find('$') != std::string_view::npos) return "USD";
  if (text.find("€") != std::string_view::npos) return "EUR";
  if (text.find("£") != std::string_view::npos) return "GBP";
  return text.find("¥") != std::string_view::npos ? "JPY" : "";
}

/// The number in `$10k`, spelt out: 10,000.
std::string number_in(std::string_view text) {
  const std::size_t begin = text.find_first_of("0123456789");
  const std::size_t end = text.find_last_of("0123456789") + 1;
  const auto number = parse_decimal(text.substr(begin, end - begin));
  const char suffix = end < text.size() ? text[end] : ' ';
  const std::int64_t factor = suffix == 'k' || suffix == 'K' ? 1'000 : suffix == 'm' || suffix == 'M' ? 1'000'000 : 1;
  const bool fits = number && number->millionths < INT64_MAX / factor;
  return fits ? to_text(Decimal{number->millionths * factor}) : std::string(text.substr(begin, end - begin));
}

}  // namespace

namespace {

/// `5.000`, which is five thousand in half of Europe and five in the other: as thousands. Missing: empty for others.
std::string as_thousands(std::string_view number) {
  const std::size_t point = number.find('.');
  const bool three = point != std::string_view::npos && point <= 3 && number.size() == point + 4;
  if (!three || number.front() == '0') return {};
  return fmt::format("{},{}", number.substr(0, point), number.substr(point + 1));
}

}  // namespace

void translate_money(Translation& t) {
  const std::string text = t.here().getText();
  const std::string number = number_in(text);
  const std::string_view currency = currency_of(text);
  const std::size_t begin = text.find_first_of("0123456789");
  const std::string thousands =
      as_thousands(std::string_view(text).substr(begin, text.find_last_of("0123456789") + 1 - begin));
  if (Diagnostic* said = t.say(t.span(), ForeignSpelling, text)) {
    if (thousands.empty()) {
      said->hint("write the currency in three capitals after the number: `{} {}`", number, currency);
    } else {
      said->hint("write `{} {}` or `{} {}`, whichever is meant", thousands, currency, number, currency);
    }
    // A dollar and a yen may be of several countries, so those two are left to a person.
    const bool certain = thousands.empty() && (currency == "EUR" || currency == "GBP");
    if (certain) said->suggest(t.span(), fmt::format("{} {}", number, currency));
  }
  t.emit(L::NUMERAL, number);
  t.emit(L::CURRENCY, std::string(currency));
}

namespace {

/// A currency as it is said, and whether that is only one country's.
struct Currency {
  std::string_view written;
  std::string_view code;
  bool certain;
};

constexpr std::array currencies{
    Currency{"usd", "USD", true},     Currency{"eur", "EUR", true},      Currency{"gbp", "GBP", true},
    Currency{"chf", "CHF", true},     Currency{"euro", "EUR", true},     Currency{"euros", "EUR", true},
    Currency{"dollar", "USD", false}, Currency{"dollars", "USD", false}, Currency{"pound", "GBP", false},
    Currency{"pounds", "GBP", false}, Currency{"francs", "CHF", false},  Currency{"bucks", "USD", false}};

/// A word for a large number: how many zeros it has. Missing: 0.
int zeros_of(const std::string& word) {
  if (word == "k" || word == "thousand") return 3;
  if (word == "million" || word == "millions" || word == "mio" || word == "mn" || word == "m") return 6;
  return word == "billion" || word == "bn" ? 9 : 0;
}

bool is_wanted(const Translation& t) {
  const std::size_t before = t.before(1);
  return before == L::THAN || before == L::LEAST || before == L::MOST || before == L::IS || before == L::NOT ||
         before == L::TARGET;
}

/// `USD 50,000`.
bool translate_currency_first(Translation& t) {
  if (t.type(t.at) != L::CURRENCY || !is_wanted(t) || !t.on_line(t.at + 1) || t.type(t.at + 1) != L::NUMERAL)
    return false;
  rewrite(t, 0, t.at + 1, t.raw[t.at + 1]->getText() + " " + t.here().getText());
  return true;
}

/// `50,000 dollars`.
bool translate_currency_word(Translation& t) {
  if (t.before(1) != L::NUMERAL || t.starts_line[t.at] || t.type(t.at) != L::IDENT) return false;
  for (const Currency& each : currencies) {
    if (t.matches(each.written) == none) continue;
    const std::string words = fmt::format("{} {}", t.tokens.back()->getText(), each.code);
    const bool counted = t.before(2) == L::LAST || t.before(4) == L::GIVEN;  // a name, as in `over last 2 euros`
    if (counted) return false;
    const source::Span span = source::join(t.reader.offsets.span(*t.tokens.back()), t.span());
    if (Diagnostic* said = t.say(span, ForeignSpelling, t.text_of(span))) {
      said->hint("write the currency in three capitals after the number: `{}`", words);
      if (each.certain) said->suggest(span, words);
    }
    t.replace(1, t.at, words);
    return true;
  }
  return false;
}

/// `20 percent`.
bool translate_percent_word(Translation& t) {
  if (t.type(t.at) != L::PERCENT || t.before(1) != L::NUMERAL || t.starts_line[t.at] || t.before(2) == L::LAST)
    return false;
  rewrite(t, 1, t.at, t.tokens.back()->getText() + "%");
  return true;
}

/// `50.000,00`, `50 000`, `50'000`: thousands as they are marked elsewhere.
bool translate_thousands(Translation& t) {
  if (t.type(t.at) != L::NUMERAL || t.starts_line[t.at]) return false;
  const std::string first = t.here().getText();
  if (first.find(',') != std::string::npos || !t.on_line(t.at + 1)) return false;
  const auto three = [&t](std::size_t i) {
    return t.on_line(i) && t.type(i) == L::NUMERAL &&
           t.raw[i]->getText().find_first_not_of("0123456789") == std::string::npos && t.raw[i]->getText().size() == 3;
  };
  const bool cents = !as_thousands(first).empty() && t.type(t.at + 1) == L::COMMA && t.type(t.at + 2) == L::NUMERAL &&
                     adjacent(t.here(), *t.raw[t.at + 1]) && adjacent(*t.raw[t.at + 1], *t.raw[t.at + 2]);
  if (cents) {
    const std::string decimals = t.raw[t.at + 2]->getText();
    const bool none_left = decimals.find_first_not_of('0') == std::string::npos;
    rewrite(t, 0, t.at + 2, as_thousands(first) + (none_left ? "" : "." + decimals));
    return true;
  }
  if (first.size() > 3 || first.find('.') != std::string::npos) return false;
  const bool quoted = t.type(t.at + 1) == L::FOREIGN_QUOTE && adjacent(t.here(), *t.raw[t.at + 1]) && three(t.at + 2);
  if (!quoted && !three(t.at + 1)) return false;
  const std::size_t last = t.at + (quoted ? 2 : 1);
  rewrite(t, 0, last, first + "," + t.raw[last]->getText());
  return true;
}

/// `5 million USD`.
bool translate_large_word(Translation& t) {
  if (t.before(1) != L::NUMERAL || t.starts_line[t.at] || t.type(t.at) != L::IDENT) return false;
  std::string word = t.here().getText();
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const int zeros = zeros_of(word);
  const auto number = parse_decimal(t.tokens.back()->getText());
  if (zeros == 0 || !number || number->millionths > 1'000 * Decimal::scale || t.before(2) == L::LAST) return false;
  std::int64_t factor = 1;
  for (int i = 0; i < zeros; ++i) factor *= 10;
  rewrite(t, 1, t.at, to_text(Decimal{number->millionths * factor}));
  return true;
}

/// `9am`, `11pm`. Missing: false for other words that are glued to a number.
bool translate_glued_hour(Translation& t, const std::string& number, const std::string& word) {
  const bool half = word == "am" || word == "pm" || word == "AM" || word == "PM";
  if (!half || number.size() > 2 || number.find_first_not_of("0123456789") != std::string::npos) return false;
  int hours = std::stoi(number) % 12;
  if (std::stoi(number) > 12) return false;
  if (word == "pm" || word == "PM") hours += 12;
  rewrite(t, 0, t.at, fmt::format("{:02}:00", hours));
  return true;
}

}  // namespace

bool translate_amount(Translation& t) {
  return translate_currency_first(t) || translate_currency_word(t) || translate_percent_word(t) ||
         translate_thousands(t) || translate_large_word(t);
}

/// `10k`, `5days`, `12USD`.
void translate_glued(Translation& t) {
  const std::string text = t.here().getText();
  const std::size_t digits = text.find_last_of("0123456789,.");
  const std::size_t split = text.find_first_not_of("0123456789,.");
  const std::string number = text.substr(0, split);
  const std::string word = text.substr(split);
  const bool capitals = std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  const auto keyword = type_of_keyword(word);
  if (translate_glued_hour(t, number, word)) return;
  Diagnostic* said = t.say(t.span(), ForeignSpelling, text);
  if (word == "k" || word == "K") {
    suggest(said, t.span(), number_in(text));
    return t.emit(L::NUMERAL, number_in(text));
  }
  t.emit(L::NUMERAL, number);
  if (capitals && word.size() == 3) {
    suggest(said, t.span(), number + " " + word);
    return t.emit(L::CURRENCY, word);
  }
  if (keyword) {
    suggest(said, t.span(), number + " " + word);
    return t.emit(*keyword, word);
  }
  if (said == nullptr) return;
  const bool name = digits > split || word.find('_') != std::string::npos;
  if (name) {
    const std::string quoted = "\"" + text + "\"";
    said->hint("a name that begins with a digit is written in quotes: `{}`", quoted).suggest(t.span(), quoted);
    return t.emit(L::STRING, quoted);
  }
  if (!name) said->hint("a number and its unit are two words, in full: `{} days`, `{} working hours`", number, number);
  t.drop();
}

}  // namespace plumb::syntax::antlr
