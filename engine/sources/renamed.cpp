#include "sources/renamed.h"

#include <algorithm>

#include "history/words.h"
#include "sources/asked_for.h"

namespace plumb::sources {

namespace {

bool is_taken(const Fit& fit, std::size_t table) {
  return std::ranges::any_of(fit.tables_of, [&](const auto& parts) { return std::ranges::count(parts, table) > 0; });
}

std::string last_word(std::string_view name) {
  const std::size_t before = name.find_last_of(" -_");
  return std::string(before == std::string_view::npos ? name : name.substr(before + 1));
}

/// Missing: empty; `Opportunity Name` is no `Opportunity ID`, however many letters are the same.
std::string near_to(const std::string& name, const std::vector<std::string>& columns) {
  const std::string near(history::nearest_word(name, columns));
  return history::nearest_word(last_word(name), {last_word(near)}).empty() ? std::string() : near;
}

Renamed compared(const std::string& file, const std::vector<Alternatives>& asked, const AlsoCalled& also,
                 const Table& table) {
  Renamed result{file, table.name, {}, {}};
  std::vector<std::string> header = header_of(table);
  call_columns(also, header);
  std::vector<std::string> free = header;
  for (const Alternatives& names : asked)
    std::erase_if(free, [&](const std::string& column) { return has({column}, names); });
  for (const Alternatives& names : asked) {
    result.asked.push_back(names.front());
    if (has(header, names)) continue;
    const std::string near = near_to(names.front(), free);
    result.lacking.emplace_back(names.front(), near);
    std::erase(free, near);
  }
  return result;
}

/// Whether one says more of what may be meant than the other.
bool comes_nearer(const Renamed& one, const Renamed& other) {
  const auto meant = [](const Renamed& of) {
    return std::ranges::count_if(of.lacking, [](const auto& column) { return !column.second.empty(); });
  };
  return one.has() != other.has() ? one.has() > other.has() : meant(one) > meant(other);
}

}  // namespace

std::optional<Renamed> renamed(const Adapter& adapter, const Fit& fit, const std::vector<Table>& tables) {
  for (std::size_t file = 0; file < adapter.mapping.files.size(); ++file) {
    const history::FileSpec& spec = adapter.mapping.files[file];
    const Steps& steps = adapter.steps[file];
    const std::vector<Alternatives> asked = asked_for(spec, steps, false);
    if (spec.optional || steps.is_made() || !steps.parts.empty() || asked.empty() || !fit.tables_of[file].empty())
      continue;
    std::optional<Renamed> best;
    for (std::size_t table = 0; table < tables.size(); ++table) {
      if (tables[table].is_within || is_taken(fit, table)) continue;
      Renamed one = compared(spec.path, asked, steps.also_called, tables[table]);
      if (!best || comes_nearer(one, *best)) best = std::move(one);
    }
    return best;
  }
  return std::nullopt;
}

}  // namespace plumb::sources
