#include <algorithm>

#include <fmt/format.h>

#include "syntax/antlr/translation.h"
#include "syntax/antlr/words.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::Diagnostic;
using diagnostics::diag::ForeignSpelling;
using diagnostics::diag::InvalidDate;
using diagnostics::diag::InvalidTime;

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

namespace {

/// What would be right for a day that no calendar has.
void hint_date(Diagnostic& said, const std::string& text) {
  const int year = std::stoi(text.substr(0, 4)), month = std::stoi(text.substr(5, 2)),
            day = std::stoi(text.substr(8, 2));
  if (time::day_of(year, day, month)) {
    const std::string turned = iso_date(year, day, month);
    said.hint("a date is written year, month, day: `{}`", turned).suggest(said.span, turned);
    return;
  }
  int last = 31;
  while (last > 27 && !time::day_of(year, month, last)) --last;
  if (month >= 1 && month <= 12) {
    said.hint("the last day of that month is `{}`", iso_date(year, month, last));
  } else {
    said.hint("a date is written year, month, day");
  }
}

/// `3th`: how the number ends is not how it is said.
void check_ordinal(Translation& t) {
  const std::string text = t.here().getText();
  const std::string number = text.substr(0, text.size() - 2);
  const bool teen = number.size() > 1 && number[number.size() - 2] == '1';
  const char last = teen ? '0' : number.back();
  const std::string right = number + (last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th");
  if (right != text) suggest(t.say(t.span(), ForeignSpelling, text), t.span(), right);
}

}  // namespace

void check_literal(Translation& t) {
  const std::size_t type = t.here().getType();
  if (type == L::ORDINAL) return check_ordinal(t);
  if (type != L::CALENDAR_DATE && type != L::CLOCK && type != L::CLOCK_OFFSET) return;
  const std::string text = t.here().getText();
  if (type == L::CALENDAR_DATE && !read_date(text)) {
    if (Diagnostic* said = t.say(t.span(), InvalidDate, text)) hint_date(*said, text);
  }
  const bool clock = type == L::CLOCK && !read_clock(text);
  const bool offset = type == L::CLOCK_OFFSET && (!read_clock(text) || !read_offset(text));
  if (!clock && !offset) return;
  if (Diagnostic* said = t.say(t.span(), InvalidTime, text)) said->hint("a day runs from `00:00` to `24:00`");
}

}  // namespace plumb::syntax::antlr
