#include <algorithm>

#include <fmt/format.h>

#include "doctor/subject.h"
#include "history/unknown_person.h"
#include "report/page.h"
#include "report/sections.h"
#include "report/words.h"

namespace plumb::doctor {

namespace {

using report::Page;
using report::Tone;

std::string_view heading_of(Remedy remedy) {
  switch (remedy) {
    case Remedy::supply: return "What would have to be known";
    case Remedy::say: return "What the rulebook, its calendar or the mapping could say";
    case Remedy::read_again: return "What to look at in the export";
    case Remedy::clear_up: return "What to clear up where the data is kept";
  }
  return {};
}

void put_header(Page& page, const Input& input) {
  const history::History& history = input.judged.history;
  const time::Calendar calendar = report::default_calendar(input.judged.rulebook);
  page.heading("What this history can tell");
  page.line(2, fmt::format("rulebook  {}", input.judged.rulebook_path));
  page.line(
      2, fmt::format("history   {}: {}, {}, {}", input.judged.history_path,
                     report::count_text(history.deals.size(), "deal", "deals"),
                     report::count_text(history::count_people(history), "person", "people"),
                     report::count_text(history.deal_events.size() + history.person_events.size(), "event", "events")));
  const report::View view{input.judged, calendar, {}};
  page.line(2, fmt::format("as of     {}{}", report::until_text(view, input.judged.evaluation.horizon),
                           input.judged.as_of_from_history ? " (just after the last event)" : ""));
}

std::string state_text(const RuleState& rule) {
  if (!rule.evaluated) return "this version does not evaluate it";
  if (rule.obligations == 0) return "nothing was asked";
  if (rule.cannot_tell == 0) return "can be decided";
  if (rule.cannot_tell == rule.obligations) return "cannot be decided";
  return fmt::format("cannot be decided {}", report::count_text(rule.cannot_tell, "time", "times"));
}

void put_rules(Page& page, const Examination& examination) {
  page.heading("Rules");
  if (examination.rules.empty()) page.line(2, "The rulebook has none.");
  report::Table table;
  table.right = {false, true, false};
  for (const RuleState& rule : examination.rules) {
    const Tone tone = rule.cannot_tell > 0 ? Tone::warning : Tone::plain;
    table.rows.push_back({{rule.name, Tone::plain},
                          {rule.evaluated ? report::number_text(rule.obligations) : "", Tone::quiet},
                          {state_text(rule), tone}});
  }
  report::put_table(page, 2, table);
}

void put_files(Page& page, const Input& input) {
  if (input.load.files.empty()) return;
  page.heading("What was read");
  report::Table table;
  table.right = {false, true, true, true, true, true, true};
  table.rows.push_back({{"file", Tone::quiet},
                        {"rows", Tone::quiet},
                        {"used", Tone::quiet},
                        {"ignored", Tone::quiet},
                        {"merged", Tone::quiet},
                        {"refused", Tone::quiet},
                        {"unreadable cells", Tone::quiet}});
  for (const history::FileReport& file : input.load.files) {
    std::vector<report::Piece> row{{file.path, Tone::plain}};
    for (const std::uint64_t count :
         {file.rows, file.used, file.ignored, file.merged, file.refused, file.unreadable_cells}) {
      row.push_back({report::number_text(count), count == 0 ? Tone::quiet : Tone::plain});
    }
    table.rows.push_back(std::move(row));
  }
  report::put_table(page, 2, table);
}

void put_finding(Page& page, const Finding& finding) {
  page.line(2, {{std::string(name_of(finding.kind)), Tone::strong},
                {finding.about.empty() ? "" : ": " + finding.about, Tone::plain}});
  page.paragraph(4, finding.says);
  page.paragraph(4, finding.to_do, Tone::good);
  for (const Example& example : finding.examples) {
    page.paragraph(6, fmt::format("{}{}{}", example.where, example.where.empty() ? "" : "  ", example.says),
                   Tone::quiet);
  }
  if (finding.count > most_examples && finding.examples.size() == most_examples && finding.kind != Kind::bulk_edit) {
    page.line(
        6, {{fmt::format("and {} more", report::number_text(finding.count - finding.examples.size())), Tone::quiet}});
  }
}

}  // namespace

std::string human(const Input& input, const Examination& examination, bool colour) {
  Page page(colour);
  put_header(page, input);
  put_rules(page, examination);
  put_files(page, input);
  const Finding* last = nullptr;
  for (const Finding& finding : examination.findings) {
    if (last == nullptr || remedy_for(last->kind) != remedy_for(finding.kind)) {
      page.heading(heading_of(remedy_for(finding.kind)));
    } else {
      page.blank();
    }
    put_finding(page, finding);
    last = &finding;
  }
  if (last == nullptr) {
    page.heading("Nothing was found");
    page.line(2, "All that is asked can be decided, and nothing in this history looks wrong.");
  }
  return page.take();
}

}  // namespace plumb::doctor
