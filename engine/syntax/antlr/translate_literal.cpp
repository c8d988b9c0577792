#include <algorithm>

#include <fmt/format.h>

#include "base/decimal.h"
#include "syntax/antlr/translation.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::Diagnostic;
using diagnostics::diag::ForeignSpelling;
using diagnostics::diag::InvalidDate;
using diagnostics::diag::InvalidTime;

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

void translate_money(Translation& t) {
  const std::string text = t.here().getText();
  const std::string number = number_in(text);
  const std::string_view currency = currency_of(text);
  if (Diagnostic* said = t.say(t.span(), ForeignSpelling, text)) {
    said->hint("write the currency in three capitals after the number: `{} {}`", number, currency);
    // A dollar and a yen may be of several countries, so those two are left to a person.
    const bool certain = currency == "EUR" || currency == "GBP";
    if (certain) said->suggest(t.span(), fmt::format("{} {}", number, currency));
  }
  t.emit(L::NUMERAL, number);
  t.emit(L::CURRENCY, std::string(currency));
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
  const bool name = digits > split;
  if (name) said->hint("a name that begins with a digit is written in quotes: `\"{}\"`", text);
  if (!name) said->hint("a number and its unit are two words, in full: `{} days`, `{} working hours`", number, number);
  t.drop();
}

namespace {

std::string iso_date(int year, int month, int day) { return fmt::format("{:04}-{:02}-{:02}", year, month, day); }

/// Rows: as written, one per reading that a calendar has.
std::vector<std::string> readings_of(const std::string& text) {
  int parts[3] = {0, 0, 0};
  int part = 0;
  char mark = '-';
  for (const char c : text) {
    if (c >= '0' && c <= '9') parts[part] = parts[part] * 10 + (c - '0');
    if (c < '0' || c > '9') mark = c, ++part;
  }
  std::vector<std::string> readings;
  const auto add = [&readings](int year, int month, int day) {
    const std::string text = iso_date(year, month, day);
    const bool known = std::find(readings.begin(), readings.end(), text) != readings.end();
    if (time::day_of(year, month, day) && !known) readings.push_back(text);
  };
  if (parts[0] > 31) {
    add(parts[0], parts[1], parts[2]);
  } else {
    if (mark != '.') add(parts[2], parts[0], parts[1]);  // 5/25/2026
    add(parts[2], parts[1], parts[0]);                   // 25.5.2026
  }
  return readings;
}

}  // namespace

void translate_date(Translation& t) {
  const std::string text = t.here().getText();
  const auto readings = readings_of(text);
  if (readings.empty()) {
    if (Diagnostic* said = t.say(t.span(), InvalidDate, text)) said->hint("a date is written year, month, day");
    return t.emit(L::CALENDAR_DATE, "2000-01-01");  // never read: the text has an error
  }
  Diagnostic* said = t.say(t.span(), ForeignSpelling, text);
  if (readings.size() == 1) suggest(said, t.span(), readings.front());
  if (readings.size() == 2 && said != nullptr) {
    said->hint("write the year first: `{}` or `{}`, whichever is meant", readings[0], readings[1]);
  }
  t.emit(L::CALENDAR_DATE, readings.front());
}

void translate_instant(Translation& t) {
  const std::string text = t.here().getText();
  const std::string date = text.substr(0, 10);
  std::string clock = text.substr(11);
  const std::size_t fraction = clock.find('.');
  if (fraction != std::string::npos)
    clock.erase(fraction, clock.find_first_not_of("0123456789", fraction + 1) - fraction);
  suggest(t.say(t.span(), ForeignSpelling, text), t.span(), date + " " + clock);
  const bool has_offset = clock.find_first_of("+-Z") != std::string::npos;
  t.emit(L::CALENDAR_DATE, date);
  t.emit(has_offset ? L::CLOCK_OFFSET : L::CLOCK, clock);
}

void check_literal(Translation& t) {
  const std::string text = t.here().getText();
  const std::size_t type = t.here().getType();
  if (type == L::CALENDAR_DATE && !read_date(text)) {
    if (Diagnostic* said = t.say(t.span(), InvalidDate, text)) said->hint("a date is written year, month, day");
  }
  const bool clock = type == L::CLOCK && !read_clock(text);
  const bool offset = type == L::CLOCK_OFFSET && (!read_clock(text) || !read_offset(text));
  if (!clock && !offset) return;
  if (Diagnostic* said = t.say(t.span(), InvalidTime, text)) said->hint("a day runs from `00:00` to `24:00`");
}

}  // namespace plumb::syntax::antlr
