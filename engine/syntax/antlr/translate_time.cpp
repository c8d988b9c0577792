#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "syntax/antlr/translation.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::Diagnostic;
using diagnostics::diag::ForeignSpelling;

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};

std::string lowered(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// `May`, `sept`: from 1. Missing: 0.
int month_of(const Translation& t, std::size_t i) {
  if (i >= t.raw.size() || !is_word(*t.raw[i])) return 0;
  const std::string word = lowered(t.raw[i]->getText());
  if (word.size() < 3) return 0;
  const auto* found = std::find_if(months.begin(), months.end(),
                                   [&](std::string_view month) { return month.substr(0, word.size()) == word; });
  return found == months.end() ? 0 : static_cast<int>(found - months.begin()) + 1;
}

int number_of(const Translation& t, std::size_t i, std::size_t digits) {
  if (!t.on_line(i) || (t.type(i) != L::NUMERAL && t.type(i) != L::ORDINAL)) return 0;
  const std::string text = t.raw[i]->getText();
  const std::size_t length = text.find_first_not_of("0123456789");
  const std::size_t size = std::min(length, text.size());
  if (size == 0 || size > digits || (t.type(i) == L::NUMERAL && size != text.size())) return 0;
  return std::stoi(text.substr(0, size));
}

/// `May 25, 2026`, `25 May 2026`, `25th of May 2026`.
bool translate_date_words(Translation& t) {
  int day = 0, month = month_of(t, t.at);
  std::size_t year_at = 0;
  if (month != 0) {
    day = number_of(t, t.at + 1, 2);
    year_at = t.at + (t.type(t.at + 2) == L::COMMA ? 3 : 2);
  } else if (t.type(t.at) == L::NUMERAL && t.here().getText().size() <= 2) {
    day = std::stoi(t.here().getText());
    month = t.on_line(t.at + 1) ? month_of(t, t.at + 1) : 0;
    year_at = t.at + (t.type(t.at + 2) == L::COMMA ? 3 : 2);
  }
  const int year = day != 0 && month != 0 ? number_of(t, year_at, 4) : 0;
  if (year < 1000 || !time::day_of(year, month, day)) return false;
  rewrite(t, 0, year_at, fmt::format("{:04}-{:02}-{:02}", year, month, day));
  return true;
}

bool is_half_of_day(const Translation& t, std::size_t i) {
  if (!t.on_line(i) || t.type(i) != L::IDENT) return false;
  const std::string word = lowered(t.raw[i]->getText());
  return word == "am" || word == "pm";
}

std::string clock_of(int hours, int minutes, std::string_view half) {
  if (half == "pm" && hours < 12) hours += 12;
  if (half == "am" && hours == 12) hours = 0;
  return fmt::format("{:02}:{:02}", hours, minutes);
}

/// `9 am`, `5:30 pm`.
bool translate_half_of_day(Translation& t) {
  if (!is_half_of_day(t, t.at + 1) || (t.type(t.at) != L::NUMERAL && t.type(t.at) != L::CLOCK)) return false;
  const std::string text = t.here().getText();
  const std::size_t colon = text.find(':');
  const bool whole = text.find_first_of(".,") == std::string::npos && std::min(colon, text.size()) <= 2;
  const int hours = whole ? std::stoi(text) : 13;
  if (hours > 12) return false;
  const int minutes = colon == std::string::npos ? 0 : std::stoi(text.substr(colon + 1, 2));
  rewrite(t, 0, t.at + 1, clock_of(hours, minutes, lowered(t.raw[t.at + 1]->getText())));
  return true;
}

/// On a `work` line: `9`, `17.30`.
bool translate_bare_clock(Translation& t) {
  if (t.type(t.at) != L::NUMERAL || t.starts_line[t.at] || !t.in_line_of(L::WORK)) return false;
  const std::string text = t.here().getText();
  const std::size_t point = text.find('.');
  const std::string hours = text.substr(0, point);
  const std::string minutes = point == std::string::npos ? "00" : text.substr(point + 1);
  if (hours.size() > 2 || minutes.size() != 2 || std::stoi(hours) > 24 || std::stoi(minutes) > 59) return false;
  rewrite(t, 0, t.at, fmt::format("{:02}:{}", std::stoi(hours), minutes));
  return true;
}

/// `25.05.26`: nobody knows for sure which of the numbers is the year.
bool translate_short_date(Translation& t) {
  if (t.type(t.at) != L::VERSION_NUMBER || t.before(1) == L::VERSION) return false;
  const std::string text = t.here().getText();
  if (Diagnostic* said = t.say(t.span(), ForeignSpelling, text)) {
    said->hint("a date has its year first, in four digits: `2026-05-25`");
  }
  t.replace(0, t.at, "2000-01-01");  // never read: the text has an error
  return true;
}

}  // namespace

bool translate_time_words(Translation& t) {
  return translate_date_words(t) || translate_half_of_day(t) || translate_bare_clock(t) || translate_short_date(t);
}

}  // namespace plumb::syntax::antlr
