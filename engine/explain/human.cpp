#include <algorithm>

#include <fmt/format.h>

#include "explain/explain.h"
#include "explain/tell.h"
#include "report/escape.h"
#include "report/page.h"
#include "report/periods.h"
#include "report/places.h"
#include "report/sections.h"
#include "report/told.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using eval::Verdict;
using report::Page;
using report::Tone;

struct Sheet {
  const report::View& view;
  const Explanation& e;
  Page page;

  const eval::Verdicts& verdicts() const { return view.verdicts(); }
  Verdict verdict() const { return verdicts().verdict[e.row]; }
  const model::Rule& rule() const { return view.rule(e.row); }
  Instant opened() const { return verdicts().opened[e.row]; }
  Instant deadline() const { return verdicts().deadline[e.row]; }
};

Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kept: return Tone::good;
    case Verdict::missed: return Tone::bad;
    case Verdict::late: return Tone::warning;
    default: return Tone::strong;
  }
}

// Whether something of which the day alone is known settled it.
bool settled_by_day(const Sheet& sheet, Instant settled) {
  if (settled == sheet.deadline() && sheet.verdict() != Verdict::late) return false;
  const eval::Verdicts& v = sheet.verdicts();
  const auto first = v.evidence.begin() + v.evidence_first[sheet.e.row];
  const std::size_t next = sheet.e.row + 1;
  const auto last = next < v.size() ? v.evidence.begin() + v.evidence_first[next] : v.evidence.end();
  return std::any_of(first, last, [&](const eval::EventRef& ref) {
    const report::EvidenceRow row = report::evidence_row(sheet.view.input, ref);
    return row.by_day && row.at == settled;
  });
}

std::string verdict_text(const Sheet& sheet) {
  std::string text(eval::to_text(sheet.verdict()));
  const Instant settled = sheet.verdicts().settled[sheet.e.row];
  if (!report::is_date(settled)) return text;
  if (settled_by_day(sheet, settled))
    return fmt::format("{}, settled on {}", text, report::day_text(sheet.view, settled));
  // What is settled as soon as it is asked is of the day that begins then.
  const bool at_once = settled == sheet.opened() && settled != sheet.deadline();
  return fmt::format("{}, settled at {}", text,
                     at_once ? report::minute_text(sheet.view, settled) : report::until_text(sheet.view, settled));
}

void put_head(Sheet& sheet) {
  const model::Rule& rule = sheet.rule();
  const std::string subject = report::who_text(sheet.view.input, sheet.e.row);
  const report::Input& input = sheet.view.input;
  const std::string name = report::name_apart(input.rulebook, input.evaluation.verdicts.rule[sheet.e.row]);
  sheet.page.heading(fmt::format("{}{}: {}{}", name, report::beside_text(rule), subject,
                                 report::beside_period(sheet.view, sheet.e.row)));
  sheet.page.line(2, {{verdict_text(sheet), tone_of(sheet.verdict())}});
  if (!rule.title.empty()) sheet.page.paragraph(2, report::filled(sheet.view, rule.title, sheet.e.row));
}

void put_item(Page& page, std::string_view name, std::string_view text) {
  page.paragraph(2, fmt::format("{}: {}", name, text));
}

void put_rule(Sheet& sheet) {
  put_item(sheet.page, "The rule", report::sentence_of(sheet.view, sheet.e.row));
  for (const std::string& value : sheet.e.values) sheet.page.line(4, value);
  put_item(sheet.page, "Owed by", sheet.e.owed_because);
}

std::string step_text(const Step& step, time::Day& before) {
  const std::string first = short_day(step.first, before);
  before = step.first;
  if (step.number > 0) return fmt::format("{} is {}", first, step.number);
  std::string days = first;
  if (step.last != step.first) {
    days += fmt::format("{} {}", step.last - step.first == 1 || step.first - step.last == 1 ? "," : " to",
                        short_day(step.last, before));
    before = step.last;
  }
  return fmt::format("{} {}", days, step.why);
}

// Where another time counts than from the opening on.
std::string window_text(const Sheet& sheet) {
  const Instant from = sheet.e.counts_from;
  if (!from.known() || from == sheet.opened()) return {};
  return fmt::format("; only what happens from {} on counts", report::minute_text(sheet.view, from));
}

// An instant on the clock of a zone; `end`: the end of a day is that day's 24:00.
std::string clock_text(const time::Zone& zone, Instant at, bool end) {
  if (!report::is_date(at)) return "no date";
  const time::Day day = zone.day_of(at);
  if (!end || zone.start_of(day) != at) {
    constexpr std::int64_t minute = 60 * time::micros_per_second;
    const std::int64_t rest = (at.micros % minute + minute) % minute;
    return time::to_text(Instant{at.micros - rest}, zone);
  }
  constexpr std::string_view midnight = "24:00";
  std::string text = time::to_text(zone.start_of(day - 1), zone);
  return text.replace(text.size() - midnight.size(), midnight.size(), midnight);
}

// By the clock of the calendar that counts, which may be the debtor's own.
std::string walk_text(const Sheet& sheet, const Walk& walk) {
  const Result<time::Zone> found = time::Zone::find(walk.zone);
  const time::Zone zone = found ? *found : sheet.view.calendar.zone();
  const bool ahead = sheet.rule().ahead.has_value();
  std::string text = ahead ? "before " : "opened ";
  const Instant from = sheet.rule().shape == model::Shape::while_ ? sheet.e.decided_at : sheet.opened();
  text += walk.written.known() ? report::day_text(sheet.view, sheet.opened()) : clock_text(zone, from, false);
  text += window_text(sheet);
  time::Day before = walk.written.known() ? walk.written : zone.day_of(sheet.opened());
  const std::size_t middle = walk.left_out > 0 ? walk.steps.size() / 2 : walk.steps.size();
  for (std::size_t i = 0; i < walk.steps.size(); ++i) {
    if (i == middle) text += fmt::format("; … {} more …", walk.left_out);
    text += (i == 0 || walk.steps[i - 1].number == 0 || walk.steps[i].number == 0 ? "; " : ", ") +
            step_text(walk.steps[i], before);
  }
  text += fmt::format("; deadline {} {}", clock_text(zone, sheet.deadline(), true), walk.zone);
  if (!walk.clock_change.empty()) text += fmt::format(" ({})", walk.clock_change);
  return text;
}

void put_clock(Sheet& sheet) {
  if (sheet.e.walk) return put_item(sheet.page, "The clock", walk_text(sheet, *sheet.e.walk));
  if (sheet.rule().within && sheet.deadline() == Instant::max()) {
    return put_item(sheet.page, "The clock", "it stands still while the deal is on hold: there is no deadline yet");
  }
  if (sheet.rule().shape == model::Shape::while_ && !sheet.rule().responds_to) return;  // nothing ran
  if (!report::is_date(sheet.deadline()) || sheet.deadline() == sheet.opened()) return;
  put_item(
      sheet.page, "The clock",
      fmt::format("opened {}{}; deadline {} {}", report::minute_text(sheet.view, sheet.opened()), window_text(sheet),
                  deadline_text(sheet.view, sheet.deadline()), sheet.view.calendar.zone().name()));
}

std::string at_text(const Sheet& sheet, const FactLine& line) {
  if (!report::is_date(line.at)) return "no date";
  return line.by_day ? report::day_text(sheet.view, line.at) : report::minute_text(sheet.view, line.at);
}

void put_facts(Sheet& sheet) {
  if (sheet.e.facts.empty()) return;
  sheet.page.line(2, "The facts, in order");
  report::Table table;
  for (const FactLine& line : sheet.e.facts) {
    std::string words = line.words;
    if (line.opened) words += ": this opened it";
    if (!line.recorded.known()) {
      words += " (nobody says when it was recorded)";
    } else if (line.recorded != line.at) {
      words += fmt::format(" (recorded {})", report::minute_text(sheet.view, line.recorded));
    }
    table.rows.push_back({{at_text(sheet, line), Tone::plain}, {words, Tone::plain}, {line.where, Tone::quiet}});
  }
  report::put_table(sheet.page, 4, table);
  if (sheet.e.more_facts) sheet.page.line(4, "(of what is counted the first are listed, and no more)");
}

std::string_view truth_word(eval::Truth truth) {
  return truth == eval::Truth::yes ? "yes" : truth == eval::Truth::no ? "no" : "unknown";
}

void put_atoms(Sheet& sheet) {
  if (sheet.e.atoms.empty()) return;
  const Instant at = sheet.e.decided_at;
  const bool end = report::until_text(sheet.view, Instant{at.micros + 1}).starts_with("the end of");
  const std::string when =
      end ? report::until_text(sheet.view, Instant{at.micros + 1}) : report::minute_text(sheet.view, at);
  sheet.page.line(2, fmt::format("The condition at {}", when));
  report::Table table;
  for (const Atom& atom : sheet.e.atoms) {
    const Tone tone = atom.truth == eval::Truth::yes  ? Tone::good
                      : atom.truth == eval::Truth::no ? Tone::bad
                                                      : Tone::warning;
    std::string sides = atom.left;
    if (!atom.right.empty()) sides += (sides.empty() ? "" : " · ") + atom.right;
    table.rows.push_back({{std::string(truth_word(atom.truth)), tone},
                          {std::string(2 * atom.depth, ' ') + atom.words, Tone::plain},
                          {sides, Tone::plain}});
  }
  report::put_table(sheet.page, 4, table);
}

// Whether all that the change does is to close the deal that is asked, which ends the asking.
bool closes_deal(const Sheet& sheet, const Change& change) {
  const auto& stages = sheet.view.input.rulebook.stages;
  const auto closes = [&](const history::Revision& r) {
    if (r.what != history::Revision::What::happens || r.of != history::KindClass::move) return false;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      const model::Stage& stage = stages[Id<model::Stage>(i)];
      if (stage.name == r.values.front().word) return stage.end != model::StageEnd::open;
    }
    return false;
  };
  return sheet.rule().subject.kind == model::SubjectKind::deal && std::ranges::all_of(change.revisions, closes);
}

// `lasts`: it is asked until something ends it; `so`: what is asked is so at present.
std::string change_text(const Sheet& sheet, const Change& change, bool lasts, bool so) {
  if (change.words.empty()) return "nothing more: it is kept if nothing else happens";
  if (lasts && so && closes_deal(sheet, change)) return "that it stays so until the deal closes";
  // What has commas of its own is kept apart from the rest.
  const bool apart = std::ranges::any_of(change.words, [](const std::string& w) { return w.find(',') != w.npos; });
  const char* const between = apart ? "; " : ", ";
  const char* const last = apart ? "; and " : " and ";
  std::string text;
  for (std::size_t i = 0; i < change.words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == change.words.size() ? last : between) + change.words[i];
  }
  if (change.becomes != "kept") text += fmt::format(" ({})", change.becomes);
  return lasts ? "that it stays so until it is asked no more, for example " + text : text;
}

void put_change(Sheet& sheet) {
  if (sheet.e.nearest) {
    const std::string where = sheet.e.nearest->where.empty() ? "" : fmt::format(" ({})", sheet.e.nearest->where);
    put_item(sheet.page, "What came nearest", sheet.e.nearest->words + where);
  }
  if (sheet.e.change) {
    const bool so =
        std::ranges::all_of(sheet.e.atoms, [](const Atom& a) { return a.depth > 0 || a.truth == eval::Truth::yes; });
    put_item(sheet.page, sheet.e.change->still ? "What would still keep it" : "What would have kept it",
             change_text(sheet, *sheet.e.change, sheet.e.change->still && sheet.deadline() == Instant::max(), so));
  } else if (!sheet.e.no_change.empty()) {
    put_item(sheet.page, "No change is offered", sheet.e.no_change);
  }
}

void put_missing(Sheet& sheet) {
  if (sheet.e.missing.empty()) return;
  sheet.page.line(2, "What would have to be known");
  for (const Fact& fact : sheet.e.missing) {
    std::string text = fact.words + ": ";
    text += !fact.remedy.empty()       ? fact.remedy
            : fact.supplied_by.empty() ? "no file of this history supplies it"
                                       : "it would stand in " + fact.supplied_by;
    sheet.page.paragraph(4, text);
  }
}

void put_reasons(Sheet& sheet) {
  const eval::Verdicts& v = sheet.verdicts();
  for (std::uint32_t i = v.reason_first[sheet.e.row]; i < v.reason_first[sheet.e.row + 1]; ++i) {
    const eval::Ground ground = v.reasons[i].ground;
    const bool said = ground == eval::Ground::holds || ground == eval::Ground::fails || ground == eval::Ground::unknown;
    if (said && v.reasons[i].atom && !sheet.e.atoms.empty()) continue;  // the atoms say it better
    if (ground == eval::Ground::away) continue;                         // the facts say it
    if (report::is_told_before(v, sheet.e.row, i)) continue;
    put_item(sheet.page, "Because", report::reason_text(sheet.view.input, v.reasons[i], v.verdict[sheet.e.row]));
  }
}

}  // namespace

std::string human(const report::Input& input, const Explanation& explanation, bool colour) {
  const report::View view{input, report::default_calendar(input.rulebook), report::chosen_rules(input)};
  Sheet sheet{view, explanation, Page(colour)};
  put_head(sheet);
  put_rule(sheet);
  put_facts(sheet);
  put_clock(sheet);
  put_atoms(sheet);
  put_reasons(sheet);
  put_missing(sheet);
  put_change(sheet);
  return sheet.page.take();
}

}  // namespace plumb::explain
