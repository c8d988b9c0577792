#include "sources/fit.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "history/words.h"

namespace plumb::sources {

namespace {

using history::ColumnRef;
using history::FileSpec;
using history::RowSpec;
using history::ValueFrom;

constexpr std::size_t columns_that_tell = 4;

using Alternatives = std::vector<std::string>;  // one of these headers

void need(std::vector<Alternatives>& needed, const ColumnRef& column, const std::vector<std::string>& added) {
  if (!column.given() || column.optional) return;
  const auto is_added = [&](const std::string& name) {
    return std::any_of(added.begin(), added.end(), [&](const auto& a) { return history::same_letters(a, name); });
  };
  if (std::any_of(column.names.begin(), column.names.end(), is_added)) return;
  if (std::find(needed.begin(), needed.end(), column.names) == needed.end()) needed.push_back(column.names);
}

std::vector<Alternatives> needed_by(const FileSpec& file, const Steps& steps) {
  const std::vector<std::string> added = steps.added();
  std::vector<Alternatives> needed;
  const auto value = [&](const ValueFrom& from) {
    need(needed, from.column, added);
    need(needed, from.currency_column, added);
  };
  for (const RowSpec& row : file.rows) {
    for (const auto& condition : row.when) need(needed, condition.column, added);
    for (const ValueFrom* from :
         {&row.subject, &row.name, &row.at, &row.recorded, &row.actor, &row.source, &row.sequence, &row.from, &row.to,
          &row.account, &row.owner, &row.joined, &row.left, &row.deal, &row.contact, &row.rate, &row.id}) {
      value(*from);
    }
    for (const auto& [name, from] : row.fields) value(from);
  }
  for (const std::string& name : steps.needed()) need(needed, ColumnRef{{name}, {}, false}, added);
  return needed;
}

bool has(const std::vector<std::string>& header, const Alternatives& names) {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) {
    return std::any_of(header.begin(), header.end(), [&](const auto& h) { return history::same_letters(h, name); });
  });
}

struct Fitter {
  const Adapter& adapter;
  const std::vector<Table>& tables;
  Fit result;
  std::vector<std::vector<std::string>> headers;
  std::vector<std::vector<Alternatives>> needed;
  std::set<std::size_t> taken;

  bool covers(std::size_t table, std::size_t file) const {
    return std::all_of(needed[file].begin(), needed[file].end(),
                       [&](const auto& names) { return has(headers[table], names); });
  }

  /// `Deals.csv` has no column `Id`; did you mean `ID 1`?
  std::string what_lacks(std::size_t table, std::size_t file) {
    if (headers[table].empty()) {
      ++result.missing;
      return fmt::format("`{}` is empty", tables[table].name);
    }
    std::vector<std::string> lacking;
    std::string_view near;
    for (const Alternatives& names : needed[file]) {
      if (has(headers[table], names)) continue;
      if (near.empty()) near = history::nearest_word(names.front(), headers[table]);
      lacking.push_back(fmt::format("`{}`", fmt::join(names, "` or `")));
    }
    result.missing += lacking.size();
    return fmt::format("`{}` has no column {}{}", tables[table].name, fmt::join(lacking, " and "),
                       near.empty() ? "" : fmt::format(" (did you mean `{}`?)", near));
  }

  void take(std::size_t file, std::size_t table, const std::string& why) {
    taken.insert(table);
    result.table_of[file] = table;
    ++result.read;
    result.reasons.push_back(why);
  }

  bool is_made(std::size_t file) const { return adapter.steps[file].is_made(); }

  void by_name() {
    for (std::size_t file = 0; file < adapter.mapping.files.size(); ++file) {
      for (std::size_t table = 0; !is_made(file) && table < tables.size(); ++table) {
        if (taken.contains(table) || stem_of(tables[table].name) != stem_of(adapter.mapping.files[file].path)) continue;
        take(file, table,
             fmt::format("`{}` is `{}` by its name", tables[table].name, adapter.mapping.files[file].path));
        if (!covers(table, file)) result.partial.push_back(what_lacks(table, file));
        break;
      }
    }
  }

  /// The file of which another is made. Missing: nullopt.
  std::optional<std::size_t> source_of(std::size_t file) const {
    const Steps& steps = adapter.steps[file];
    if (!steps.is_made()) return std::nullopt;
    const std::string& path = steps.unpivot ? steps.unpivot->of : steps.groups->of;
    for (std::size_t of = 0; of < adapter.mapping.files.size(); ++of) {
      if (history::same_letters(adapter.mapping.files[of].path, path)) return of;
    }
    return std::nullopt;
  }

  /// What is made of itself is nothing.
  void in_circles(std::size_t file) {
    std::string by;
    std::optional<std::size_t> of = source_of(file);
    for (std::size_t steps = 0; of && steps < adapter.steps.size(); ++steps, of = source_of(*of)) {
      if (*of < file) return;  // of several in a circle the first is said
      if (*of == file) {
        result.circular.push_back(fmt::format("`{}` is made of itself{}", adapter.mapping.files[file].path, by));
        return;
      }
      by += fmt::format("{}`{}`", by.empty() ? ", by way of " : " and ", adapter.mapping.files[*of].path);
    }
  }

  /// A file that is made of columns that another does not have is not there.
  void by_pattern(std::size_t file) {
    const std::optional<Unpivot>& step = adapter.steps[file].unpivot;
    if (!step) return;
    for (std::size_t of = 0; of < adapter.mapping.files.size(); ++of) {
      if (!history::same_letters(adapter.mapping.files[of].path, step->of) || !result.table_of[of]) continue;
      const auto& header = headers[*result.table_of[of]];
      if (std::any_of(header.begin(), header.end(), [&](const auto& name) { return fits(*step, name); })) return;
      result.lacking.push_back(
          fmt::format("`{}` has no column like `{}`", tables[*result.table_of[of]].name, step->columns));
    }
  }

  void by_header(std::size_t file) {
    const FileSpec& spec = adapter.mapping.files[file];
    if (is_made(file) || result.table_of[file] || (spec.optional && needed[file].size() < columns_that_tell)) return;
    if (needed[file].empty()) {  // any file would have all that it needs
      if (!spec.optional) result.lacking.push_back(fmt::format("no file is `{}`", spec.path));
      return;
    }
    std::vector<std::size_t> found;
    for (std::size_t table = 0; table < tables.size(); ++table) {
      if (!taken.contains(table) && covers(table, file)) found.push_back(table);
    }
    if (found.size() == 1) {
      take(file, found.front(), fmt::format("`{}` is `{}` by its columns", tables[found.front()].name, spec.path));
    } else if (found.size() > 1 && !spec.optional) {
      result.lacking.push_back(
          fmt::format("`{}` could be `{}` and `{}`", spec.path, tables[found[0]].name, tables[found[1]].name));
    } else if (!spec.optional) {
      result.lacking.push_back(fmt::format("no file is `{}`", spec.path));
    }
  }
};

}  // namespace

Fit fit(const Adapter& adapter, const std::vector<Table>& tables) {
  Fitter fitter{adapter, tables, {}, {}, {}, {}};
  const std::size_t files = adapter.mapping.files.size();
  fitter.result.table_of.resize(files);
  for (const Table& table : tables) fitter.headers.push_back(header_of(table));
  for (std::size_t file = 0; file < files; ++file) {
    fitter.needed.push_back(needed_by(adapter.mapping.files[file], adapter.steps[file]));
  }
  fitter.by_name();
  // What must be there is looked for first.
  for (const bool optional : {false, true}) {
    for (std::size_t file = 0; file < files; ++file) {
      if (adapter.mapping.files[file].optional == optional) fitter.by_header(file);
    }
  }
  for (std::size_t file = 0; file < files; ++file) fitter.in_circles(file), fitter.by_pattern(file);
  return std::move(fitter.result);
}

Encodings encodings_of(const Adapter& adapter) {
  Encodings encodings{adapter.encoding, {}};
  for (std::size_t file = 0; file < adapter.steps.size(); ++file) {
    const std::string& encoding = adapter.steps[file].encoding;
    if (!encoding.empty()) encodings.of.emplace(stem_of(adapter.mapping.files[file].path), encoding);
  }
  return encodings;
}

}  // namespace plumb::sources
