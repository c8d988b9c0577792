#include "sources/fit.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "history/words.h"
#include "sources/asked_for.h"
#include "sources/names.h"

namespace plumb::sources {

namespace {

using history::FileSpec;

constexpr std::size_t columns_that_tell = 4;

struct Fitter {
  const Adapter& adapter;
  const std::vector<Table>& tables;
  Fit result;
  std::vector<std::vector<std::string>> headers;
  std::vector<std::vector<Alternatives>> needed, optional;
  std::set<std::size_t> taken;

  /// As the file of the mapping calls its columns.
  std::vector<std::string> header(std::size_t table, std::size_t file) const {
    std::vector<std::string> header = headers[table];
    call_columns(adapter.steps[file].also_called, header);
    return header;
  }

  bool covers(std::size_t table, std::size_t file) const {
    const std::vector<std::string> own = header(table, file);
    return std::all_of(needed[file].begin(), needed[file].end(), [&](const auto& names) { return has(own, names); });
  }

  /// How many of the columns that a file asks for a table has.
  std::size_t shared(std::size_t table, std::size_t file) const {
    const std::vector<std::string> own = header(table, file);
    const auto count = [&](const std::vector<Alternatives>& all) {
      return std::count_if(all.begin(), all.end(), [&](const auto& names) { return has(own, names); });
    };
    return static_cast<std::size_t>(count(needed[file]) + count(optional[file]));
  }

  /// Whether another file that is not found yet would have more of a table's columns.
  bool fits_another_better(std::size_t table, std::size_t file) const {
    for (std::size_t other = 0; other < adapter.mapping.files.size(); ++other) {
      if (other != file && !is_made(other) && !is_found(other) && !needed[other].empty() && covers(table, other) &&
          shared(table, other) > shared(table, file))
        return true;
    }
    return false;
  }

  /// `Deals.csv` has no column `Id`; did you mean `ID 1`?
  std::string what_lacks(std::size_t table, std::size_t file) {
    const Lacks lacks = lacks_of(table, file);
    result.missing += lacks.columns;
    return fmt::format("`{}` {}", tables[table].name, lacks.says);
  }

  struct Lacks {
    std::string says;  // `has no column `Id`; did you mean `ID 1`?`
    std::size_t columns;
  };
  Lacks lacks_of(std::size_t table, std::size_t file) const {
    if (headers[table].empty()) return {"is empty", 1};
    std::vector<std::string> lacking;
    std::string_view near;
    const std::vector<std::string> own = header(table, file);
    for (const Alternatives& names : needed[file]) {
      if (has(own, names)) continue;
      if (near.empty()) near = history::nearest_word(names.front(), headers[table]);
      lacking.push_back(fmt::format("`{}`", fmt::join(names, "` or `")));
    }
    return {fmt::format("has no column {}{}", fmt::join(lacking, " and "),
                        near.empty() ? "" : fmt::format(" (did you mean `{}`?)", near)),
            lacking.size()};
  }

  void take(std::size_t file, std::size_t table, const std::string& why) {
    taken.insert(table);
    result.tables_of[file].push_back(table);
    ++result.read;
    if (!why.empty()) result.reasons.push_back(why);
  }

  bool is_found(std::size_t file) const { return !result.tables_of[file].empty(); }

  bool is_made(std::size_t file) const { return adapter.steps[file].is_made(); }

  /// `tailed`: also of `accountData.csv` and `Account_1.csv` for `Account.csv`, if it has the columns.
  void by_name(bool tailed) {
    for (std::size_t file = 0; file < adapter.mapping.files.size(); ++file) {
      const std::string& path = adapter.mapping.files[file].path;
      const bool said = !adapter.steps[file].parts.empty();
      for (std::size_t table = 0; !is_made(file) && !said && !is_found(file) && table < tables.size(); ++table) {
        const std::string& name = tables[table].name;
        const bool called = tailed ? akin(name, path) : stem_of(name) == stem_of(path);
        if (taken.contains(table) || !called) continue;
        if (tailed && !covers(table, file)) continue;
        take(file, table, fmt::format("`{}` is `{}` by its name", tables[table].name, path));
        if (!covers(table, file)) result.partial.push_back(what_lacks(table, file));
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

  void lack_nearly(const std::string& what) {
    result.lacking.push_back(what);
    result.nearly.push_back(what);
    ++result.missing;
  }

  /// A file that is made of columns that another does not have is not there.
  void by_pattern(std::size_t file) {
    const std::optional<Unpivot>& step = adapter.steps[file].unpivot;
    if (!step) return;
    for (std::size_t of = 0; of < adapter.mapping.files.size(); ++of) {
      if (!history::same_letters(adapter.mapping.files[of].path, step->of) || !is_found(of)) continue;
      const std::size_t first = result.tables_of[of].front();
      const std::vector<std::string> own = header(first, of);
      if (std::any_of(own.begin(), own.end(), [&](const auto& name) { return fits(*step, name); })) return;
      lack_nearly(fmt::format("`{}` has no column like `{}`", tables[first].name, step->columns));
    }
  }

  bool may_be_one(std::size_t a, std::size_t b) const {
    return same_columns(headers[a], headers[b]) || akin(tables[a].name, tables[b].name);
  }

  /// Whether tables that a file could be are parts of it, and of no other that is not found yet.
  bool are_parts(const std::vector<std::size_t>& found, std::size_t file) const {
    const auto fits_another = [&](std::size_t table) {
      for (std::size_t other = 0; other < adapter.mapping.files.size(); ++other) {
        if (other != file && !is_made(other) && !is_found(other) && !needed[other].empty() && covers(table, other) &&
            shared(table, other) >= shared(table, file))
          return true;
      }
      return false;
    };
    return std::ranges::all_of(found, [&](std::size_t table) { return may_be_one(found.front(), table); }) &&
           std::ranges::none_of(found, fits_another);
  }

  /// Why a table cannot be a part of a file beside its first one. Missing: empty.
  std::string why_apart(std::size_t table, std::size_t file) const {
    const std::size_t first = result.tables_of[file].front();
    if (!covers(table, file)) return "it " + lacks_of(table, file).says;
    const std::vector<std::string> theirs = header(first, file), own = header(table, file);
    for (const Steps& steps : adapter.steps) {
      const std::string& path = adapter.mapping.files[file].path;
      if (steps.groups && history::same_letters(steps.groups->of, path) && own != theirs)
        return fmt::format("its header is not that of `{}`, and its rows have cells behind the header",
                           tables[first].name);
      if (!steps.unpivot || !history::same_letters(steps.unpivot->of, path)) continue;
      if (same_columns(turned(*steps.unpivot, own), turned(*steps.unpivot, theirs))) continue;
      return fmt::format(
          "its columns like `{}` are not those of `{}`: of what only one of them has, nobody could tell "
          "whether it happened",
          steps.unpivot->columns, tables[first].name);
    }
    return {};
  }

  static std::vector<std::string> turned(const Unpivot& step, const std::vector<std::string>& header) {
    std::vector<std::string> columns;
    std::ranges::copy_if(header, std::back_inserter(columns),
                         [&](const std::string& name) { return fits(step, name); });
    return columns;
  }

  /// The file that a table is another part of, by its columns and its name. Missing: nullopt, also where several are.
  std::optional<std::size_t> whole_of(std::size_t table) const {
    std::optional<std::size_t> best;
    int most = 0;
    bool only = true;
    for (std::size_t file = 0; file < adapter.mapping.files.size(); ++file) {
      if (!is_found(file) || !adapter.steps[file].parts.empty() || headers[table].empty()) continue;
      const std::size_t first = result.tables_of[file].front();
      const std::string& name = tables[table].name;
      const bool called = akin(name, adapter.mapping.files[file].path) || akin(name, tables[first].name);
      if (tables[table].is_within && !called) continue;
      const int likeness = (same_columns(headers[table], headers[first]) ? 2 : 0) + (called ? 1 : 0);
      if (likeness == 0 || likeness < most) continue;
      only = likeness > most;
      most = likeness;
      best = file;
    }
    return only ? best : std::nullopt;
  }

  void by_likeness() {
    for (std::size_t table = 0; table < tables.size(); ++table) {
      const auto file = taken.contains(table) ? std::nullopt : whole_of(table);
      if (!file) continue;
      if (std::string why = why_apart(table, *file); !why.empty()) {
        result.apart.emplace(table, std::move(why));
      } else {
        take(*file, table, {});
      }
    }
  }

  /// The tables that the mapping says are one.
  void by_parts(std::size_t file) {
    const FileSpec& spec = adapter.mapping.files[file];
    std::vector<std::string> absent;
    const PartNames* first_absent = nullptr;
    for (const PartNames& part : adapter.steps[file].parts) {
      bool any = false;
      for (std::size_t table = 0; table < tables.size(); ++table) {
        if (!is_called(part, tables[table].name, tables[table].is_within)) continue;
        any = true;
        if (taken.contains(table)) continue;
        const bool first = !is_found(file);
        take(file, table, first ? fmt::format("`{}` is `{}`, as the mapping says", tables[table].name, spec.path) : "");
        const std::string why = why_apart(table, file);
        if (!why.empty())
          result.misplaced.push_back({part.place, fmt::format("`{}`: {}", tables[table].name, why), {}});
      }
      if (!any && first_absent == nullptr) first_absent = &part;
    }
    if (first_absent == nullptr || (spec.optional && !is_found(file))) return;
    std::vector<std::string> names;
    for (const Table& table : tables) names.push_back(table.name);
    result.misplaced.push_back(
        {first_absent->place,
         fmt::format("the export has no file {}`{}`", first_absent->name.find('*') == std::string::npos ? "" : "like ",
                     first_absent->name),
         fmt::format("it holds {}", history::listed(names))});
  }

  void put_parts_in_order() {
    for (std::vector<std::size_t>& of : result.tables_of) {
      std::ranges::stable_sort(
          of, [&](std::size_t a, std::size_t b) { return comes_before(tables[a].name, tables[b].name); });
    }
  }

  /// How the first of some tables that has a column calls it. Missing: empty.
  std::string called_in(const std::vector<std::size_t>& of, std::size_t file, const Alternatives& names) const {
    for (const std::size_t table : of) {
      for (const std::string& name : names) {
        const std::vector<std::string> own = header(table, file);
        if (const int at = column_in(own, name); at >= 0) return headers[table][static_cast<std::size_t>(at)];
      }
    }
    return {};
  }

  /// What a part lacks that others have: its rows say nothing of it.
  void say_together() {
    for (std::size_t file = 0; file < adapter.mapping.files.size(); ++file) {
      const std::vector<std::size_t>& of = result.tables_of[file];
      if (of.size() < 2) continue;
      std::vector<std::string> names, lacks, called;
      for (const Alternatives& columns : optional[file]) called.push_back(called_in(of, file, columns));
      for (const std::size_t table : of) {
        names.push_back(tables[table].name);
        std::vector<std::string> lacking;
        for (std::size_t i = 0; i < called.size(); ++i) {
          if (!called[i].empty() && !has(header(table, file), optional[file][i]))
            lacking.push_back(fmt::format("`{}`", called[i]));
        }
        if (!lacking.empty())
          lacks.push_back(fmt::format("; `{}` has no {}, which is not known of its rows", tables[table].name,
                                      fmt::join(lacking, ", ")));
      }
      result.together.push_back(fmt::format("`{}` is {} files, read as one table: {}{}",
                                            adapter.mapping.files[file].path, of.size(), history::listed(names),
                                            fmt::join(lacks, "")));
    }
  }

  void by_header(std::size_t file) {
    const FileSpec& spec = adapter.mapping.files[file];
    if (is_made(file) || is_found(file) || (spec.optional && needed[file].empty())) return;
    if (!adapter.steps[file].parts.empty()) return;
    if (needed[file].empty()) {  // any file would have all that it needs
      if (!spec.optional) result.lacking.push_back(fmt::format("no file is `{}`", spec.path));
      return;
    }
    std::vector<std::size_t> found;
    for (std::size_t table = 0; table < tables.size(); ++table) {
      if (taken.contains(table) || tables[table].is_within || !covers(table, file)) continue;
      if (spec.optional && (shared(table, file) < columns_that_tell || fits_another_better(table, file))) continue;
      found.push_back(table);
    }
    if (found.size() == 1 || (found.size() > 1 && are_parts(found, file))) {
      take(file, found.front(), fmt::format("`{}` is `{}` by its columns", tables[found.front()].name, spec.path));
    } else if (found.size() > 1 && !spec.optional) {
      const std::string& first = tables[found[0]].name;
      const std::string& second = tables[found[1]].name;
      const char* const what_to_do = same_columns(headers[found[0]], headers[found[1]])
                                         ? "put what belongs together into one file"
                                         : "take the other away, or call the right one so";
      lack_nearly(fmt::format("`{}` could be `{}` and `{}`: {}", spec.path, first, second, what_to_do));
    } else if (!spec.optional) {
      result.lacking.push_back(fmt::format("no file is `{}`", spec.path));
    }
  }
};

}  // namespace

Fit fit(const Adapter& adapter, const std::vector<Table>& tables) {
  Fitter fitter{adapter, tables, {}, {}, {}, {}, {}};
  const std::size_t files = adapter.mapping.files.size();
  fitter.result.tables_of.resize(files);
  for (const Table& table : tables) fitter.headers.push_back(header_of(table));
  for (std::size_t file = 0; file < files; ++file) {
    fitter.needed.push_back(asked_for(adapter.mapping.files[file], adapter.steps[file], false));
    fitter.optional.push_back(asked_for(adapter.mapping.files[file], adapter.steps[file], true));
  }
  for (std::size_t file = 0; file < files; ++file) {
    if (!adapter.steps[file].parts.empty()) fitter.by_parts(file);
  }
  for (const bool tailed : {false, true}) fitter.by_name(tailed);
  // What must be there is looked for first.
  for (const bool optional : {false, true}) {
    for (std::size_t file = 0; file < files; ++file) {
      if (adapter.mapping.files[file].optional == optional) fitter.by_header(file);
    }
  }
  fitter.by_likeness();
  fitter.put_parts_in_order();
  fitter.say_together();
  for (std::size_t file = 0; file < files; ++file) fitter.in_circles(file), fitter.by_pattern(file);
  return std::move(fitter.result);
}

}  // namespace plumb::sources
