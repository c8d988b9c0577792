#include "report/escape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

#include "source/utf8.h"

namespace plumb::report {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::int64_t micros_per_day = 24 * time::micros_per_hour;

/// What JSON wants to see in place of an ASCII character. Missing: empty where the character stands for itself.
std::string_view json_escape(unsigned char c) {
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    case '\b': return "\\b";
    case '\f': return "\\f";
    default: return {};
  }
}

/// The length of the run of bytes from `at` that need no second look.
std::size_t plain_run(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size()) {
    const auto c = static_cast<unsigned char>(text[end]);
    if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\') break;
    ++end;
  }
  return end - at;
}

/// Appends the character at `at`, or U+FFFD where there is none, and returns its size.
std::size_t append_character(Buffer& out, std::string_view text, std::size_t at) {
  const source::Character character = source::decode(text, at);
  append(out, character.valid ? text.substr(at, character.size) : replacement);
  return character.size;
}

char* put_two(char* to, int n) {
  *to++ = static_cast<char>('0' + n / 10);
  *to++ = static_cast<char>('0' + n % 10);
  return to;
}

char* put(char* to, char c) {
  *to++ = c;
  return to;
}

/// What a CSV cell has to look out for, by character.
enum : std::uint8_t { wants_quotes = 1, wants_a_look = 2 };
constexpr std::array<std::uint8_t, 256> csv_characters = [] {
  std::array<std::uint8_t, 256> all{};
  for (const char c : {',', '\r', '\n'}) all[static_cast<unsigned char>(c)] = wants_quotes;
  all['"'] = wants_quotes | wants_a_look;
  for (std::size_t c = 0x80; c < all.size(); ++c) all[c] = wants_a_look;
  return all;
}();

std::uint8_t look(std::string_view text) {
  std::uint8_t found = 0;
  for (const char c : text) found |= csv_characters[static_cast<unsigned char>(c)];
  return found;
}

/// What a spreadsheet would take for a formula, or put before one.
bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
}

/// The last day that was written, which the next instant most often has, too. For one thread.
struct WrittenDay {
  std::int64_t days = INT64_MIN;
  char text[10];
};

/// `2026-03-02`. Missing: false for a year that has not four digits.
bool write(WrittenDay& day, std::int64_t days) {
  const time::YearMonthDay date = time::parts_of(time::Day{static_cast<std::int32_t>(days)});
  if (date.year < 0 || date.year > 9999) return false;
  char* end = put_two(put_two(day.text, date.year / 100), date.year % 100);
  end = put_two(put(end, '-'), date.month);
  put_two(put(end, '-'), date.day);
  day.days = days;
  return true;
}

/// What would rewrite our own words on a screen: controls, direction marks, line and paragraph separators.
bool is_hidden(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

void append_json(Buffer& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t run = plain_run(text, at);
    append(out, text.substr(at, run));
    at += run;
    if (at == text.size()) break;
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x80) {
      at += append_character(out, text, at);
      continue;
    }
    if (const std::string_view escape = json_escape(c); !escape.empty()) {
      append(out, escape);
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
    ++at;
  }
  out.push_back('"');
}

void append_json(Buffer& out, time::Instant at) {
  if (!is_date(at)) return append(out, "null");
  out.push_back('"');
  append_utc(out, at);
  out.push_back('"');
}

bool is_csv(std::string_view text) { return !is_formula(text) && look(text) == 0; }

void append_csv(Buffer& out, std::string_view text) {
  const bool formula = is_formula(text);
  const std::uint8_t found = look(text);
  const bool quoted = found & wants_quotes, as_it_is = !(found & wants_a_look);
  if (quoted) out.push_back('"');
  if (formula) out.push_back('\'');
  if (as_it_is) append(out, text);
  for (std::size_t at = as_it_is ? text.size() : 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x80) {
      at += append_character(out, text, at);
      continue;
    }
    if (c == '"') out.push_back('"');
    out.push_back(text[at++]);
  }
  if (quoted) out.push_back('"');
}

void append_utc(Buffer& out, time::Instant at) {
  if (!is_date(at)) return;
  // Floor division: instants before 1970 have their day before the one that truncation gives.
  std::int64_t days = at.micros / micros_per_day;
  std::int64_t rest = at.micros % micros_per_day;
  if (rest < 0) {
    rest += micros_per_day;
    --days;
  }
  static thread_local WrittenDay day;
  if (day.days != days && !write(day, days)) return append(out, time::to_text_utc(at));
  const auto seconds = static_cast<int>(rest / time::micros_per_second);
  char text[32];
  char* end = std::copy_n(day.text, sizeof day.text, text);
  end = put_two(put(end, 'T'), seconds / 3600);
  end = put_two(put(end, ':'), seconds / 60 % 60);
  end = put_two(put(end, ':'), seconds % 60);
  if (const auto fraction = static_cast<int>(rest % time::micros_per_second); fraction != 0) {
    end = put_two(put(end, '.'), fraction / 10'000);
    end = put_two(put_two(end, fraction / 100 % 100), fraction % 100);
  }
  end = put(end, 'Z');
  append(out, {text, static_cast<std::size_t>(end - text)});
}

std::string shown(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const source::Character character = source::decode(text, at);
    const bool blank = character.value == U'\n' || character.value == U'\t' || character.value == U'\r';
    if (blank) {
      result += ' ';
    } else if (!character.valid || is_hidden(character.value)) {
      result += replacement;
    } else {
      result += text.substr(at, character.size);
    }
    at += character.size;
  }
  return result;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size(); at += source::decode(text, at).size) ++width;
  return width;
}

}  // namespace plumb::report
