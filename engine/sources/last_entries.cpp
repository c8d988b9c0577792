#include "sources/last_entries.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "history/words.h"
#include "sources/given.h"

namespace plumb::sources {

namespace {

/// What the moves of a table call the stages that its columns name.
const std::vector<std::pair<std::string, std::string>>* stage_names(const history::FileSpec& spec,
                                                                    const Unpivot& step) {
  for (const history::RowSpec& row : spec.rows) {
    const std::vector<std::string>& columns = row.to.column.names;
    if (row.kind == history::RowKind::move && std::ranges::find(columns, step.name) != columns.end())
      return &row.to.rename;
  }
  return nullptr;
}

/// Why a row denies that its dates are of the last time, and that without one it was in a stage never: where it is now
/// has no date, or an older one than another, or than since when it is there. Missing: empty.
std::string denied_by(const Unpivot& step, const Given& given, const Times& times,
                      const std::vector<std::string_view>& row) {
  constexpr std::int64_t one_minute = 60'000'000;
  const int present = step.present.empty() ? -1 : given.of->column(step.present);
  const int since = step.since.empty() ? -1 : given.of->column(step.since);
  if (present < 0) return {};
  const std::string_view now = history::trimmed(row[static_cast<std::size_t>(present)]);
  constexpr std::int64_t never = INT64_MIN;
  std::int64_t entered = never, latest = never;
  std::size_t column_now = 0, column_of_latest = 0;
  bool has_column = false;
  for (const auto& [column, name] : given.turned) {
    const std::int64_t at = moment_in(row[column], times);
    const bool is_now = history::same_letters(name, now);
    if (is_now) has_column = true, column_now = column;
    if (at == no_moment) continue;
    if (at > latest) latest = at, column_of_latest = column;
    if (is_now) entered = std::max(entered, at);
  }
  if (!has_column) return {};
  const std::int64_t there = since < 0 ? no_moment : moment_in(row[static_cast<std::size_t>(since)], times);
  if (there != no_moment && there > latest) latest = there, column_of_latest = static_cast<std::size_t>(since);
  if (entered != never && entered >= latest - one_minute) return {};
  const std::string& header = given.of->header[column_now];
  if (entered == never) {
    const bool empty = history::trimmed(row[column_now]).empty();
    return fmt::format("it is in `{}`, and `{}` {}", now, header, empty ? "is empty" : "says no time");
  }
  return fmt::format("it is in `{}`, and `{}` is older than `{}`", now, header, given.of->header[column_of_latest]);
}

/// The first row of a table that denies it, and how many do.
struct Denied {
  std::string first;
  std::size_t count = 0;
};

void find_denied(const Unpivot& step, const Given& given, const Times& times, Denied& denied) {
  WholeRows rows(*given.of);
  for (std::size_t row = 0; rows.next(); ++row) {
    if (!given.of->is_whole(row)) continue;
    const std::string why = denied_by(step, given, times, rows.cells());
    if (why.empty() || denied.count++ > 0) continue;
    denied.first = fmt::format("{}:{}: {}", given.of->stands_in, given.of->lines[row], why);
  }
}

/// The stages of which a part has the column, or all columns that the mapping calls by its name.
std::set<std::string> stages_told(const Unpivot& step, const history::FileSpec& spec, const Given& given) {
  std::set<std::string> names, lacking;
  for (const auto& [column, name] : given.turned) names.insert(name);
  if (const auto* const renamed = stage_names(spec, step)) {
    for (const auto& [name, stage] : *renamed) {
      if (names.erase(name) > 0) names.insert(stage);
      if (std::ranges::none_of(given.turned, [&](const auto& one) { return one.second == name; }))
        lacking.insert(stage);
    }
  }
  std::erase_if(names, [&](const std::string& name) { return lacking.contains(name); });
  return names;
}

}  // namespace

std::string cover_last_entries(const Unpivot& step, const history::FileSpec& spec,
                               const std::vector<const Cells*>& parts, const Times& times,
                               history::Coverage& coverage) {
  std::map<std::string, std::size_t> told;
  Denied denied;
  for (const Cells* const part : parts) {
    const Given* const given = part->given();
    if (given == nullptr || given->of == nullptr) return {};
    find_denied(step, *given, times, denied);
    for (const std::string& name : stages_told(step, spec, *given)) ++told[name];
  }
  if (denied.count > 0) {
    const std::string such = denied.count > 1 ? fmt::format(" (such rows: {})", denied.count) : "";
    return fmt::format("{}{}; so a date may not be that of the last time at which a deal came into a stage, and where one "
                       "is empty the deal may have been there",
                       denied.first, such);
  }
  constexpr time::Interval always{time::Instant::unknown(), time::Instant::max()};
  for (const auto& [name, count] : told) {
    if (count == parts.size()) coverage.of.try_emplace(std::string(history::last_entry) + name, always);
  }
  return {};
}

}  // namespace plumb::sources
