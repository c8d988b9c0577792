#include "sources/renamed.h"

#include <algorithm>
#include <initializer_list>

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

/// What programs write in one language only.
bool is_yes_or_no(std::string_view word) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"true", "false", "yes", "no", "1", "0"},
                             [&](std::string_view one) { return history::same_letters(one, word); });
}

/// The words by which rows are chosen, in the file's own columns; not each in small letters as well.
std::vector<std::pair<std::string, std::vector<std::string>>> words_of(const history::FileSpec& spec,
                                                                       const Steps& steps) {
  std::vector<std::pair<std::string, std::vector<std::string>>> result;
  const std::vector<std::string> added = steps.added();
  for (const history::RowSpec& row : spec.rows) {
    for (const history::RowCondition& condition : row.when) {
      if (condition.column.names.empty() || has(added, condition.column.names)) continue;
      const std::string& column = condition.column.names.front();
      auto of = std::ranges::find(result, column, [](const auto& one) { return one.first; });
      if (of == result.end()) of = result.insert(result.end(), {column, {}});
      for (const std::string& word : condition.is_one_of) {
        if (!word.empty() && !is_yes_or_no(word) && !has(of->second, {word})) of->second.push_back(word);
      }
    }
  }
  std::erase_if(result, [](const auto& one) { return one.second.empty(); });
  return result;
}

Renamed compared(const history::FileSpec& file, const Steps& steps, const std::vector<Alternatives>& asked,
                 const Table& table) {
  Renamed result{file.path, table.name, {}, {}, {}, words_of(file, steps)};
  std::vector<std::string> header = header_of(table);
  call_columns(steps.also_called, header);
  std::vector<std::string> free = header;
  for (const Alternatives& names : asked)
    std::erase_if(free, [&](const std::string& column) { return has({column}, names); });
  const auto compare = [&](const Alternatives& names, Lacking& lacking) {
    if (has(header, names)) return;
    const std::string near = near_to(names.front(), free);
    lacking.emplace_back(names.front(), near);
    std::erase(free, near);
  };
  for (const Alternatives& names : asked) {
    result.asked.push_back(names.front());
    compare(names, result.lacking);
  }
  for (const Alternatives& names : asked_for(file, steps, true)) {
    if (!has(result.asked, names)) compare(names, result.optional);
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
      Renamed one = compared(spec, steps, asked, tables[table]);
      if (!best || comes_nearer(one, *best)) best = std::move(one);
    }
    return best;
  }
  return std::nullopt;
}

}  // namespace plumb::sources
