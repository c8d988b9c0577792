#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "eval/run.h"
#include "explain/explain.h"
#include "plumb/command.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/judging.h"
#include "plumb/loading.h"
#include "report/page.h"
#include "report/periods.h"
#include "report/report.h"
#include "report/words.h"
#include "sources/postgres.h"
#include "time/parse_time.h"

namespace plumb::tool {

namespace {

struct ExplainOptions : JudgingOptions {
  std::string deal, person, team;
  bool company = false;
  std::string opened, verdict;
  std::string format = "human";
};

std::vector<std::string> names_of(const history::History& history, const history::Subjects& subjects) {
  std::vector<std::string> names;
  for (std::uint32_t id : subjects.ids) names.emplace_back(history.words[id]);
  return names;
}

bool among(const std::string& option, std::string_view what, const std::string& name,
           const std::vector<std::string>& names) {
  if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return true;
  complain(fmt::format("{}: the history has no {} `{}`{}", option, what, name, did_you_mean(name, names)));
  return false;
}

std::vector<std::string> teams_of(const history::History& history) {
  std::vector<std::string> teams;
  for (const history::Column& column : history.people.columns) {
    if (column.name != "team") continue;
    for (std::int64_t word : column.values) {
      if (history::is_value(word)) teams.emplace_back(history.words[static_cast<std::uint32_t>(word)]);
    }
  }
  std::sort(teams.begin(), teams.end());
  teams.erase(std::unique(teams.begin(), teams.end()), teams.end());
  return teams;
}

/// The subject that was asked for: its kind and name.
struct Asked {
  model::SubjectKind kind;
  std::string name;
};

Asked asked_of(const ExplainOptions& options) {
  if (!options.deal.empty()) return {model::SubjectKind::deal, options.deal};
  if (!options.person.empty()) return {model::SubjectKind::person, options.person};
  if (!options.team.empty()) return {model::SubjectKind::team, options.team};
  return {model::SubjectKind::company, "the company"};
}

/// Rows: the obligations that were asked for, in order.
std::vector<std::size_t> chosen_rows(const report::Input& input, const ExplainOptions& options,
                                     const time::Reading& opened) {
  const Asked asked = asked_of(options);
  const eval::Verdicts& v = input.evaluation.verdicts;
  std::string verdict = options.verdict;
  std::replace(verdict.begin(), verdict.end(), '-', ' ');
  const report::Calendars calendars = opened.day.known() ? report::calendars_of(input.rulebook) : report::Calendars();
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < v.size(); ++row) {
    const model::Rule& rule = input.rulebook.rules[v.rule[row]];
    if (rule.subject.kind != asked.kind || report::subject_of(input, row) != asked.name) continue;
    if (!options.rule.empty() && rule.name != options.rule) continue;
    if (opened.at.known() && v.opened[row] != opened.at) continue;
    if (opened.day.known() && !report::opened_on(calendars, v, rule, row, opened.day)) continue;
    if (!verdict.empty() && eval::to_text(v.verdict[row]) != verdict) continue;
    rows.push_back(row);
  }
  return rows;
}

/// Where nothing was asked of the subject: why, by each of the rules that were asked for.
/// What somebody owes on deals, of whom no rule about people asked anything: by which question it is shown. `rule`: of
/// that rule alone; empty for any.
void tell_of_deals(const report::Input& input, const Asked& asked, const std::string& rule, report::Page& page) {
  constexpr std::size_t most_named = 3;
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  std::vector<std::string> deals;
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    const model::Rule& r = input.rulebook.rules[verdicts.rule[row]];
    if (r.subject.kind != model::SubjectKind::deal || (!rule.empty() && r.name != rule)) continue;
    if (report::owed_by(input, row) != asked.name) continue;
    const std::string deal(report::subject_of(input, row));
    if (std::find(deals.begin(), deals.end(), deal) == deals.end()) deals.push_back(deal);
  }
  if (deals.empty()) return;
  const std::size_t named = std::min(deals.size(), most_named);
  const std::string more = deals.size() > named ? fmt::format(" and {} more", deals.size() - named) : "";
  page.paragraph(2, fmt::format("{} owes what was asked of deals: {}{}; `--deal {}` explains it", asked.name,
                                fmt::join(deals.begin(), deals.begin() + static_cast<std::ptrdiff_t>(named), ", "),
                                more, deals.front()));
}

std::string why_nothing(const report::Input& input, const eval::Options& options, const ExplainOptions& asked_for,
                        bool colour) {
  const Asked asked = asked_of(asked_for);
  report::Page page(colour);
  if (!asked_for.opened.empty() || !asked_for.verdict.empty()) {
    page.paragraph(0, "no obligation is as asked: leave out --opened or --verdict to see all");
    return page.take();
  }
  for (std::uint32_t rule = 0; rule < input.rulebook.rules.size(); ++rule) {
    const model::Rule& r = input.rulebook.rules[rule];
    if (r.name != asked_for.rule) continue;
    page.paragraph(0, fmt::format("{} asked nothing of {}", report::name_apart(input.rulebook, rule), asked.name));
    if (r.subject.kind != asked.kind) {
      page.paragraph(2, "the rule is about another kind of subject: " + r.sentence);
      continue;
    }
    const history::Subjects& subjects =
        asked.kind == model::SubjectKind::deal ? input.history.deals : input.history.people.names;
    const std::vector<std::string> names = names_of(input.history, subjects);
    const auto at = std::find(names.begin(), names.end(), asked.name);
    page.paragraph(2, r.sentence);
    if (asked.kind == model::SubjectKind::team || asked.kind == model::SubjectKind::company || at == names.end())
      continue;
    for (const std::string& why :
         explain::why_none(input, options, rule, static_cast<std::uint32_t>(at - names.begin()))) {
      page.paragraph(2, why);
    }
  }
  if (asked_for.rule.empty()) page.paragraph(0, fmt::format("no rule asked anything of {}", asked.name));
  if (asked.kind == model::SubjectKind::person) tell_of_deals(input, asked, asked_for.rule, page);
  return page.take();
}

std::string render(const report::Input& input, const eval::Options& options, const ExplainOptions& asked,
                   const time::Reading& opened) {
  const bool colour = asked.output.empty() && wants_colour(STDOUT_FILENO);
  const std::vector<std::size_t> rows = chosen_rows(input, asked, opened);
  const bool json = asked.format == "json";
  if (rows.empty() && !json) return why_nothing(input, options, asked, colour);
  explain::Explainer explainer(input, options);
  std::string text;
  if (!json && rows.size() > 1) text = report::count_text(rows.size(), "obligation", "obligations") + "\n";
  for (std::size_t row : rows) {
    const explain::Explanation explanation = explainer.explain(row);
    if (!json && !text.empty()) text += '\n';
    text += json ? explain::json(input, explanation) : explain::human(input, explanation, colour);
  }
  return text;
}

/// The instant or the day that --opened says. Missing: neither when it is not given.
Result<time::Reading> asked_opening(const ExplainOptions& options, const time::Zone& zone) {
  if (options.opened.empty()) return time::Reading{};
  Result<time::Reading> opened = time::parse_reading(options.opened, zone);
  if (!opened) return Failure{fmt::format("--opened: {}", opened.error())};
  return opened;
}

int explain_verdicts(const ExplainOptions& options, const model::Rulebook& rulebook, source::Map& texts) {
  const time::Zone zone = report::default_calendar(rulebook).zone();
  const Result<eval::Options> clocks = clocks_of(options, zone);
  if (!clocks) return fail(clocks.error());
  const Result<time::Reading> opened = asked_opening(options, zone);
  if (!opened) return fail(opened.error());
  const auto history = load_history(options, rulebook, zone, texts);
  if (!history) return bad_input;
  const bool known = among("--deal", "deal", options.deal, names_of(*history, history->deals)) &&
                     among("--person", "person", options.person, names_of(*history, history->people.names)) &&
                     among("--team", "team", options.team, teams_of(*history));
  if (!known) return bad_input;
  const auto judged = judge(options, *clocks, rulebook, *history, texts);
  if (!judged) return fail(judged.error());
  const report::Input input{
      rulebook,       *history,    judged->evaluation, options.rulebook, sources::shown_address(options.history),
      judged->at_end, options.rule};
  const auto written = write_output(options.output, render(input, judged->how, options, *opened));
  return written ? all_well : fail(written.error());
}

int explain_rulebook(const ExplainOptions& options) {
  const int subjects = !options.deal.empty() + !options.person.empty() + !options.team.empty() + options.company;
  if (options.empty_option.empty() && subjects != 1) {
    return fail("say of whom: one of --deal, --person, --team and --company");
  }
  source::Map texts;
  int exit = all_well;
  const auto rulebook = compile_to_judge(options, texts, exit);
  return rulebook ? explain_verdicts(options, *rulebook, texts) : exit;
}

void add_options(CLI::App& command, ExplainOptions& options) {
  add_judging_options(command, options);
  command.add_option("--deal", options.deal, "The obligations about this deal")->type_name("ID");
  command.add_option("--person", options.person, "The obligations about this person")->type_name("ID");
  command.add_option("--team", options.team, "The obligations about this team")->type_name("NAME");
  command.add_flag("--company", options.company, "The obligations of the company");
  command
      .add_option("--opened", options.opened,
                  "Only what opened at this instant, or on this date, read in the default calendar's zone")
      ->type_name("TIME");
  command.add_option("--verdict", options.verdict, "Only what has this verdict")
      ->check(CLI::IsMember({"kept", "late", "missed", "due", "excused", "cannot-tell"}))
      ->type_name("VERDICT");
  command.add_option("--format", options.format, "human or json (one object per obligation)")
      ->check(CLI::IsMember({"human", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  add_output_option(command, options.output);
}

}  // namespace

void add_explain(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("explain", "Why a verdict is what it is, and what would change it");
  auto options = std::make_shared<ExplainOptions>();
  add_options(*command, *options);
  command->footer(
      "Exit code: 0 done, 2 an input or the output does not work, 3 the rulebook does not compile.\n\n"
      "Examples:\n"
      "  plumb explain rules.plumb --history history --deal D1 --rule agreed_next_step\n"
      "  plumb explain rules.plumb --history history --person ana --verdict missed --as-of 2026-03-31");
  command->callback([command, options, &chosen] {
    options->empty_option = given_empty(*command);
    chosen = [options] { return explain_rulebook(*options); };
  });
}

}  // namespace plumb::tool
