#include "property/rulebooks.h"

#include <algorithm>
#include <deque>
#include <iterator>

#include <fmt/format.h>

#include "check/check.h"
#include "eval/run.h"
#include "property/pen.h"
#include "syntax/parse.h"
#include "time/calendar.h"

namespace plumb::property {

namespace {

time::Day day(int year, int month, int of_month) { return *time::day_of(year, month, of_month); }

const std::vector<Era>& eras() {
  static const std::vector<Era> all = {
      {day(2026, 2, 23)},   // New York changes its clock on 8 March
      {day(2026, 3, 16)},   // Berlin on 29 March, Lord Howe on 5 April
      {day(2026, 10, 12)},  // Berlin on 25 October, New York on 1 November
      {day(2024, 2, 12)},   // a leap day
      {day(2011, 12, 12)},  // Apia had no 30 December
      {day(2025, 12, 8)},   // two years
  };
  return all;
}

std::string calendar(Chance& chance, const Era& era, const std::string& zone) {
  std::string text = fmt::format("calendar office {{ zone \"{}\"", zone);
  switch (chance.below(4)) {
    case 0: text += " work monday to friday 09:00 to 17:00"; break;
    case 1: text += " work monday to thursday 08:00 to 12:00 work monday to thursday 13:00 to 17:30"; break;
    case 2: text += " work sunday to thursday 00:00 to 24:00"; break;
    default: text += " work monday to saturday 01:00 to 04:00 work friday 21:00 to 23:30"; break;
  }
  for (int i = chance.below(4); i > 0; --i) {
    const time::Day holiday = era.first + chance.below(era.days + 14);
    if (text.find(time::to_text(holiday)) == std::string::npos)
      text += fmt::format(" holiday {}", time::to_text(holiday));
  }
  if (chance.one_in(2)) text += " fiscal year starts " + chance.word({"february", "april", "november"});
  if (chance.one_in(3)) text += " week starts " + chance.word({"sunday", "wednesday"});
  if (chance.one_in(3)) {
    const time::Day from = era.first + chance.below(10);
    text += fmt::format(" term \"one\" {} to {} term \"two\" {} to {}", time::to_text(from), time::to_text(from + 8),
                        time::to_text(from + 9 + chance.below(2)), time::to_text(from + 20));
  }
  return text + " }";
}

}  // namespace

namespace {

const std::string own_file = "--- file own.plumb\nrulebook own { version 1.0.0 }\nextends base\n";

}  // namespace

std::string Draft::text() const {
  std::string text;
  if (!changes.empty()) text += "rulebook base { version 1.0.0 }\n";
  for (const std::string& each : declarations) text += each + "\n";
  if (!changes.empty()) text += own_file;
  for (const std::string& each : changes) text += each + "\n";
  return text;
}

namespace {

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

// What a rule asks from a day on. Missing: empty for what the twin does not judge by versions: windows and answers that
// go on from one to the next.
std::string other_clause(const std::string& rule, Chance& chance) {
  for (const char* part :
       {" by monday", " by friday", " by wednesday", " by sunday", " by day", " by business", "averaged over"}) {
    if (has(rule, part)) return {};
  }
  if (has(rule, "\n  after ") && chance.one_in(2)) {
    return "within " + chance.word({"3 days", "1 week", "5 hours", "36 hours", "2 weeks"});
  }
  if (has(rule, "lapse at most") && chance.one_in(2)) {
    return "lapse at most " + chance.word({"3 days", "5 hours", "36 hours", "2 weeks"}) + " at a time";
  }
  const std::string number = std::to_string(chance.below(4));
  if (has(rule, "\n  throughout")) return "expect count of call is at most " + number;
  if (has(rule, "for each person") || has(rule, "for each team") || has(rule, "for the company")) {
    return "expect count of " + chance.word({"call", "meeting", "any of (call, email)"}) + " is at least " + number;
  }
  return "expect " + chance.word({"next_step is known", "size is not small", "call has happened", "open",
                                  "count of call is 1", "amount is at least 100 USD", "in talk"});
}

}  // namespace

void add_changes(Draft& draft, Chance& chance) {
  for (const std::string& rule : draft.declarations) {
    if (!rule.starts_with("must ") || !chance.one_in(2)) continue;
    const std::string name = rule.substr(5, rule.find(' ', 5) - 5);
    for (int i = chance.between(1, 2); i > 0; --i) {
      const std::string clause = other_clause(rule, chance);
      if (clause.empty()) continue;
      Draft longer = draft;
      longer.changes.push_back("change must " + name + " { " + clause + " effective from " +
                               time::to_text(draft.era.first + chance.below(draft.era.days)) + " }");
      if (compile(longer.text()).book) draft.changes = std::move(longer.changes);
    }
  }
}

Draft random_draft(Chance& chance, Chance& of_calendar, bool reading_verdicts, bool lasting) {
  Draft draft;
  draft.era = of_calendar.of(eras());
  draft.zone = of_calendar.word(
      {"America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "UTC"});
  const bool office = !of_calendar.one_in(6);
  if (office) {
    draft.declarations.push_back(calendar(of_calendar, draft.era, draft.zone));
    if (of_calendar.one_in(3))
      draft.declarations.push_back("calendar away { zone \"Europe/Berlin\" work monday to friday 10:00 to 16:00 }");
  } else {
    draft.zone = "UTC";
  }
  Pen pen(chance, draft.era, office, reading_verdicts);
  pen.declare(draft.declarations);
  for (int i = chance.between(2, 6); i > 0; --i) draft.declarations.push_back(pen.rule());
  const Chance rest = chance;  // all else is as it was without these
  chance = Chance(static_cast<std::uint64_t>(chance.below(1 << 30)));
  for (int i = lasting ? chance.below(3) : 0; i > 0; --i) draft.declarations.push_back(pen.lasting_rule());
  chance = rest;
  return draft;
}

namespace {

// Calendars share their tables while one of them is there, and making these costs more than all the rest.
void keep_calendars(const std::string& text, const model::Rulebook& book) {
  struct Kept {
    std::string text;
    std::vector<time::Calendar> calendars;
  };
  static std::deque<Kept> last;
  const std::string declared = text.substr(0, text.find("\nfields"));
  if (std::any_of(last.begin(), last.end(), [&](const Kept& kept) { return kept.text == declared; })) return;
  Kept now{declared, {}};
  for (const model::Calendar& each : book.calendars) now.calendars.push_back(time::Calendar::make(each.spec).value());
  last.push_back(std::move(now));
  if (last.size() > 4) last.pop_front();
}

}  // namespace

syntax::ast::File joined(const std::string& base_text, const std::string& own_text, source::Map& texts,
                         diagnostics::Sink& sink) {
  namespace ast = syntax::ast;
  syntax::Stores stores;
  const Id<source::Text> base_id = texts.add("base.plumb", base_text), own_id = texts.add("own.plumb", own_text);
  ast::File base = syntax::parse(texts, base_id, sink, stores);
  ast::File own = syntax::parse(texts, own_id, sink, stores);
  ast::File whole;
  whole.sources = {{base_id, ast::Role::base, "base"}, {own_id, ast::Role::own, "own"}};
  for (ast::File* part : {&base, &own}) {
    std::move(part->declarations.begin(), part->declarations.end(), std::back_inserter(whole.declarations));
  }
  whole.text = own_id;
  whole.rulebook = std::move(own.rulebook);
  whole.bases.push_back(std::move(*base.rulebook));
  whole.exprs = std::move(stores.exprs);
  whole.events = std::move(stores.events);
  return whole;
}

Compiled compile(const std::string& text) {
  source::Map texts;
  diagnostics::Sink sink;
  const std::size_t own = text.find(own_file);
  const auto parsed = [&] {
    if (own == std::string::npos) return syntax::parse(texts, texts.add("rules.plumb", text), sink);
    return joined(text.substr(0, own), text.substr(text.find('\n', own) + 1), texts, sink);
  };
  auto book = std::make_shared<model::Rulebook>(check::check(parsed(), texts, sink));
  for (const diagnostics::Diagnostic& said : sink.sorted()) {
    if (said.severity == diagnostics::Severity::error) return {nullptr, std::string(said.code) + ": " + said.message};
  }
  for (const model::Unevaluated& left_out : eval::unevaluated(*book)) {
    return {nullptr, fmt::format("not evaluated: {} {}", left_out.keyword, left_out.name)};
  }
  keep_calendars(text, *book);
  return {std::move(book), {}};
}

// A declaration names those before it only.
Compiled compile_what_can_be(Draft& draft, int& refused) {
  Compiled whole = compile(draft.text());
  if (whole.book) return whole;
  Draft kept = draft;
  kept.declarations.clear();
  for (const std::string& each : draft.declarations) {
    kept.declarations.push_back(each);
    Compiled longer = compile(kept.text());
    if (longer.book) {
      whole = std::move(longer);
    } else {
      kept.declarations.pop_back();
      ++refused;
    }
  }
  draft = std::move(kept);
  return whole;
}

}  // namespace plumb::property
