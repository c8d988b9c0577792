#include "sources/fit.h"

#include <algorithm>
#include <cctype>
#include <iterator>
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

/// `*` is any text.
bool fits_pattern(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  text = text.substr(star);
  for (std::size_t skip = 0; skip <= text.size(); ++skip) {
    if (fits_pattern(rest, text.substr(skip))) return true;
  }
  return false;
}

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

/// `Tasks 2026-01.csv` is `tasks`. Missing: empty.
std::string without_numbers(const std::string& name) {
  std::string letters;
  std::copy_if(name.begin(), name.end(), std::back_inserter(letters), [](char c) { return c < '0' || c > '9'; });
  return without_tail(stem_of(letters));
}

/// In the order of names in which numbers count as such: `Tasks 2.csv` is before `Tasks 10.csv`.
bool comes_before(std::string_view a, std::string_view b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto number_at_begin = [&](std::string_view& text) {
    const std::size_t size = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
    std::string_view number = text.substr(0, size);
    text.remove_prefix(size);
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
  };
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view x = number_at_begin(a), y = number_at_begin(b);
      if (x != y) return std::pair(x.size(), x) < std::pair(y.size(), y);
      continue;
    }
    if (a.front() != b.front()) return a.front() < b.front();
    a.remove_prefix(1), b.remove_prefix(1);
  }
  return a.size() < b.size();
}

/// Whether two files are called alike but for numbers.
bool akin(const std::string& a, const std::string& b) {
  const std::string stem = without_numbers(a);
  return !stem.empty() && stem == without_numbers(b);
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
        if (!is_called(part, tables[table].name)) continue;
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
      std::vector<std::string> names, lacks;
      for (const std::size_t table : of) {
        names.push_back(fmt::format("`{}`", tables[table].name));
        std::vector<std::string> lacking;
        for (const Alternatives& columns : optional[file]) {
          const std::string name = has(header(table, file), columns) ? "" : called_in(of, file, columns);
          if (!name.empty()) lacking.push_back(fmt::format("`{}`", name));
        }
        if (!lacking.empty())
          lacks.push_back(fmt::format("; `{}` has no {}, which is not known of its rows", tables[table].name,
                                      fmt::join(lacking, ", ")));
      }
      result.together.push_back(fmt::format("`{}` is {} files, read as one table: {}{}",
                                            adapter.mapping.files[file].path, of.size(), fmt::join(names, ", "),
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
      if (taken.contains(table) || !covers(table, file)) continue;
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

bool same_columns(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto in = [](const std::vector<std::string>& all) {
    return [&all](const std::string& name) { return column_in(all, name) >= 0; };
  };
  return std::ranges::all_of(a, in(b)) && std::ranges::all_of(b, in(a));
}

bool is_called(const PartNames& part, std::string_view table) {
  const auto small = [](std::string_view text) {
    std::string letters(text);
    std::ranges::transform(letters, letters.begin(), [](unsigned char c) { return std::tolower(c); });
    return letters;
  };
  const std::string pattern = small(part.name), name = small(table);
  return fits_pattern(pattern, name) || fits_pattern(pattern, std::string_view(name).substr(0, name.find(": ")));
}

Fit fit(const Adapter& adapter, const std::vector<Table>& tables) {
  Fitter fitter{adapter, tables, {}, {}, {}, {}, {}};
  const std::size_t files = adapter.mapping.files.size();
  fitter.result.tables_of.resize(files);
  for (const Table& table : tables) fitter.headers.push_back(header_of(table));
  for (std::size_t file = 0; file < files; ++file) {
    fitter.needed.push_back(AskedFor(adapter.mapping.files[file], adapter.steps[file], false).columns);
    fitter.optional.push_back(AskedFor(adapter.mapping.files[file], adapter.steps[file], true).columns);
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
    if (encoding.empty()) continue;
    encodings.of[stem_of(adapter.mapping.files[file].path)].name = encoding;
    for (const PartNames& part : adapter.steps[file].parts) encodings.of[stem_of(part.name)].name = encoding;
  }
  return encodings;
}

}  // namespace plumb::sources
