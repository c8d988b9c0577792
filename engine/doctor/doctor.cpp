#include "doctor/doctor.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "doctor/subject.h"
#include "history/write.h"
#include "model/stage_names.h"
#include "report/words.h"

namespace plumb::doctor {

namespace {

struct Named {
  std::string_view name;
  Remedy remedy;
};

/// In the order of Kind.
constexpr std::array<Named, kind_count> kinds{{
    {"missing-column", Remedy::supply},
    {"currency-without-rate", Remedy::supply},
    {"empty-column", Remedy::supply},
    {"nothing-of-a-kind", Remedy::supply},
    {"unknown-fact", Remedy::supply},
    {"undecided", Remedy::supply},
    {"unknown-stage", Remedy::say},
    {"same-instant", Remedy::say},
    {"stage-with-activity", Remedy::say},
    {"bulk-edit", Remedy::say},
    {"work-on-free-days", Remedy::say},
    {"missing-holiday", Remedy::say},
    {"unlisted-people", Remedy::say},
    {"refused-rows", Remedy::read_again},
    {"unreadable-cells", Remedy::read_again},
    {"identical-rows", Remedy::read_again},
    {"truncated-history", Remedy::read_again},
    {"deal-without-stage", Remedy::read_again},
    {"broken-chain", Remedy::read_again},
    {"nothing-lost", Remedy::read_again},
    {"after-closing", Remedy::clear_up},
    {"owner-had-left", Remedy::clear_up},
    {"owner-left", Remedy::clear_up},
    {"backdated", Remedy::clear_up},
}};
static_assert(static_cast<std::size_t>(Kind::backdated) + 1 == kind_count);

int find_moves(const history::History& history) {
  for (std::size_t i = 0; i < history.kinds.size(); ++i) {
    if (history.kinds[i].of == history::KindClass::move) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

std::string_view name_of(Kind kind) { return kinds[static_cast<std::size_t>(kind)].name; }
Remedy remedy_for(Kind kind) { return kinds[static_cast<std::size_t>(kind)].remedy; }

std::string_view name_of(Remedy remedy) {
  switch (remedy) {
    case Remedy::supply: return "supply";
    case Remedy::say: return "say";
    case Remedy::read_again: return "export";
    case Remedy::clear_up: return "clear up";
  }
  return {};
}

Stages::Stages(const model::Rulebook& rulebook, const history::Dictionary& words) {
  std::map<std::string, std::uint32_t> index;
  for (const model::Stage& stage : rulebook.stages) {
    const auto [at, fresh] = index.emplace(stage.name, static_cast<std::uint32_t>(names_.size()));
    if (fresh) names_.push_back(stage.name), end_.push_back(stage.end);
    if (stage.end == model::StageEnd::open) end_[at->second] = stage.end;
    stage_.set(words.find(stage.name), at->second);
  }
  std::vector<Id<model::Stage>> all;
  for (std::size_t i = 0; i < rulebook.stages.size(); ++i) all.emplace_back(i);
  for (const auto& [text, id] : model::other_names(rulebook, all)) {
    const std::uint32_t word = words.find(text);
    if (word != history::Dictionary::none) stage_.set(word, index.at(rulebook.stages[id].name));
  }
}

Subject::Subject(const report::Input& input)
    : judged(input),
      history(input.history),
      rulebook(input.rulebook),
      calendar(report::default_calendar(input.rulebook)),
      horizon(input.evaluation.horizon),
      stages(input.rulebook, input.history.words),
      moves(find_moves(input.history)) {}

std::string Subject::shown(std::uint32_t event, std::size_t column) const {
  const history::Column& cells = kind(event).columns[column];
  const std::uint32_t row = events().row[event];
  if (!history::is_value(cells.values[row])) return "nothing";
  return fmt::format("`{}`", history::canonical_cell(history.words, cells, row));
}

std::string Subject::where(const history::Origin& origin) const {
  if (origin.file >= history.files.size()) return {};
  return fmt::format("{}:{}", history.files[origin.file], origin.line);
}

std::string Subject::when(std::uint32_t event) const {
  const time::Instant at = events().at[event];
  if (!at.known()) return "at no known time";
  const std::string day = time::to_text(calendar.day_of(at));
  if (events().by_day[event] != 0) return day;
  const std::int64_t minutes = calendar.zone().time_of_day(at) / (60 * time::micros_per_second);
  return fmt::format("{} {:02}:{:02}", day, minutes / 60, minutes % 60);
}

std::string rows_text(std::uint64_t count) { return report::count_text(count, "row", "rows"); }
std::string deals_text(std::uint64_t count) { return report::count_text(count, "deal", "deals"); }

std::string names_text(const std::vector<std::string>& names) {
  constexpr std::size_t most = 8;
  if (names.size() > most + 1) {
    return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + most, ", "), names.size() - most);
  }
  if (names.size() < 2) return names.empty() ? std::string() : names.front();
  return fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

Examination examine(const Input& input) {
  const Subject subject(input.judged);
  Examination result;
  result.rules = look_at_rules(subject, input, result.findings);
  look_at_columns(subject, result.findings);
  look_at_stages(subject, result.findings);
  look_at_chains(subject, result.findings);
  look_at_instants(subject, result.findings);
  look_at_calendar(subject, result.findings);
  look_at_loading(input, result.findings);
  look_at_closing(subject, result.findings);
  look_at_outcomes(subject, result.findings);
  look_at_people(subject, result.findings);
  look_at_recording(subject, result.findings);
  std::stable_sort(result.findings.begin(), result.findings.end(), [](const Finding& a, const Finding& b) {
    return std::pair(remedy_for(a.kind), a.kind) < std::pair(remedy_for(b.kind), b.kind);
  });
  return result;
}

}  // namespace plumb::doctor
