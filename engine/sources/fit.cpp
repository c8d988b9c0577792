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

/// `Row`: a RowSpec, const or not.
template <class Row, class Take>
void each_value(Row& row, Take&& take) {
  for (auto* from :
       {&row.subject, &row.name, &row.at, &row.recorded, &row.actor, &row.source, &row.sequence, &row.from, &row.to,
        &row.account, &row.owner, &row.joined, &row.left, &row.deal, &row.contact, &row.rate, &row.id}) {
    take(*from);
  }
  for (auto& [name, from] : row.fields) take(from);
}

/// The columns of a file that its rows and steps ask for: those that must be there, or those that may be absent.
class AskedFor {
 public:
  AskedFor(const FileSpec& file, const Steps& steps, bool optional) : added_(steps.added()), optional_(optional) {
    for (const RowSpec& row : file.rows) take(row);
    for (const std::string& name : steps.needed()) take(ColumnRef{{name}, {}, false});
  }
  std::vector<Alternatives> columns;

 private:
  void take(const ColumnRef& column) {
    if (!column.given() || column.optional != optional_) return;
    const auto is_added = [&](const std::string& name) {
      return std::any_of(added_.begin(), added_.end(), [&](const auto& a) { return history::same_letters(a, name); });
    };
    if (std::any_of(column.names.begin(), column.names.end(), is_added)) return;
    if (std::find(columns.begin(), columns.end(), column.names) == columns.end()) columns.push_back(column.names);
  }

  void take(const ValueFrom& from) {
    take(from.column);
    take(from.currency_column);
  }

  void take(const RowSpec& row) {
    for (const auto& condition : row.when) take(condition.column);
    each_value(row, [&](const ValueFrom& from) { take(from); });
  }

  std::vector<std::string> added_;
  bool optional_;
};

bool has(const std::vector<std::string>& header, const Alternatives& names) {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) {
    return std::any_of(header.begin(), header.end(), [&](const auto& h) { return history::same_letters(h, name); });
  });
}

/// What programs put behind the name of what they export: `accountData.csv`. Missing: the name itself.
std::string without_tail(std::string stem) {
  for (const std::string_view tail : {"data", "export", "extract", "report"}) {
    if (stem.size() > tail.size() && stem.ends_with(tail)) return stem_of(stem.substr(0, stem.size() - tail.size()));
  }
  return stem;
}

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
      if (other != file && !is_made(other) && !result.table_of[other] && !needed[other].empty() &&
          covers(table, other) && shared(table, other) > shared(table, file))
        return true;
    }
    return false;
  }

  /// `Deals.csv` has no column `Id`; did you mean `ID 1`?
  std::string what_lacks(std::size_t table, std::size_t file) {
    if (headers[table].empty()) {
      ++result.missing;
      return fmt::format("`{}` is empty", tables[table].name);
    }
    std::vector<std::string> lacking;
    std::string_view near;
    const std::vector<std::string> own = header(table, file);
    for (const Alternatives& names : needed[file]) {
      if (has(own, names)) continue;
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

  /// `tailed`: also of `accountData.csv` for `Account.csv`, if it has the columns.
  void by_name(bool tailed) {
    for (std::size_t file = 0; file < adapter.mapping.files.size(); ++file) {
      const std::string& path = adapter.mapping.files[file].path;
      for (std::size_t table = 0; !is_made(file) && !result.table_of[file] && table < tables.size(); ++table) {
        const std::string stem = stem_of(tables[table].name);
        if (taken.contains(table) || (tailed ? without_tail(stem) : stem) != stem_of(path)) continue;
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
      if (!history::same_letters(adapter.mapping.files[of].path, step->of) || !result.table_of[of]) continue;
      const std::vector<std::string> own = header(*result.table_of[of], of);
      if (std::any_of(own.begin(), own.end(), [&](const auto& name) { return fits(*step, name); })) return;
      lack_nearly(fmt::format("`{}` has no column like `{}`", tables[*result.table_of[of]].name, step->columns));
    }
  }

  void by_header(std::size_t file) {
    const FileSpec& spec = adapter.mapping.files[file];
    if (is_made(file) || result.table_of[file] || (spec.optional && needed[file].empty())) return;
    if (needed[file].empty()) {  // any file would have all that it needs
      if (!spec.optional) result.lacking.push_back(fmt::format("no file is `{}`", spec.path));
      return;
    }
    std::vector<std::size_t> found;
    for (std::size_t table = 0; table < tables.size(); ++table) {
      if (taken.contains(table) || !covers(table, file)) continue;
      if (spec.optional && (shared(table, file) < columns_that_tell || fits_another_better(table, file))) continue;
      found.push_back(table);
    }
    if (found.size() == 1) {
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

bool same_columns(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto in = [](const std::vector<std::string>& all) {
    return [&all](const std::string& name) { return column_in(all, name) >= 0; };
  };
  return std::ranges::all_of(a, in(b)) && std::ranges::all_of(b, in(a));
}

Fit fit(const Adapter& adapter, const std::vector<Table>& tables) {
  Fitter fitter{adapter, tables, {}, {}, {}, {}, {}};
  const std::size_t files = adapter.mapping.files.size();
  fitter.result.table_of.resize(files);
  for (const Table& table : tables) fitter.headers.push_back(header_of(table));
  for (std::size_t file = 0; file < files; ++file) {
    fitter.needed.push_back(AskedFor(adapter.mapping.files[file], adapter.steps[file], false).columns);
    fitter.optional.push_back(AskedFor(adapter.mapping.files[file], adapter.steps[file], true).columns);
  }
  for (const bool tailed : {false, true}) fitter.by_name(tailed);
  // What must be there is looked for first.
  for (const bool optional : {false, true}) {
    for (std::size_t file = 0; file < files; ++file) {
      if (adapter.mapping.files[file].optional == optional) fitter.by_header(file);
    }
  }
  for (std::size_t file = 0; file < files; ++file) fitter.in_circles(file), fitter.by_pattern(file);
  return std::move(fitter.result);
}

void read_dates_as(time::DateOrder order, Adapter& adapter, std::size_t file) {
  adapter.steps[file].order = order;
  for (RowSpec& row : adapter.mapping.files[file].rows) each_value(row, [&](ValueFrom& from) { from.order = order; });
}

void read_dates_as(time::DateOrder order, Adapter& adapter) {
  for (std::size_t file = 0; file < adapter.steps.size(); ++file) read_dates_as(order, adapter, file);
}

Encodings encodings_of(const Adapter& adapter) {
  Encodings encodings{{adapter.encoding}, {}};
  for (std::size_t file = 0; file < adapter.steps.size(); ++file) {
    const std::string& encoding = adapter.steps[file].encoding;
    if (!encoding.empty()) encodings.of[stem_of(adapter.mapping.files[file].path)].name = encoding;
  }
  return encodings;
}

}  // namespace plumb::sources
