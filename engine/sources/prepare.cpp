#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "history/words.h"
#include "sources/fit.h"
#include "sources/given.h"

namespace plumb::sources {

namespace {

using history::FileSpec;

bool same_file_name(const std::string& a, const std::string& b) { return history::same_letters(a, b); }

time::Zone zone_of(const history::Mapping& mapping) {
  const auto found = time::Zone::find(mapping.zone);
  return found ? *found : time::Zone::utc();
}

std::optional<PrepareFailure> as_failure(const std::optional<StepFailure>& failure, const WrittenAt& written = {}) {
  if (!failure) return std::nullopt;
  const auto word = written.find(failure->column);
  return PrepareFailure{failure->message, word == written.end() ? failure->place : word->second, failure->file};
}

/// The columns of a file that steps look at: its own and those of others. Missing: nullopt for all of them.
Wanted wanted_in(const Adapter& adapter, std::size_t file) {
  const std::string& path = adapter.mapping.files[file].path;
  const Steps& own = adapter.steps[file];
  std::vector<std::string> names = own.needed();
  for (const Compare& step : own.compared) names.push_back(step.column), names.push_back(step.with);
  for (const Steps& steps : adapter.steps) {
    const std::vector<std::string> others = steps.read_in(path);
    names.insert(names.end(), others.begin(), others.end());
    if (steps.unpivot && same_file_name(steps.unpivot->of, path)) names.push_back(steps.unpivot->present);
  }
  // A made file cannot be read in another order.
  if (own.is_made() && (!own.ordered_by.empty() || own.newest_first || !own.long_ids.empty())) return std::nullopt;
  return names;
}

/// The mapping's files that other steps speak of, in cells; read once.
class Sources {
 public:
  Sources(const Adapter& adapter, const Fit& fit, const std::vector<Table>& tables,
          const std::vector<std::string>& stages)
      : adapter_(adapter), fit_(fit), tables_(tables), stages_(stages), zone_(zone_of(adapter.mapping)) {}

  Times times_of(std::size_t file) const { return {zone_, adapter_.steps[file].order}; }
  /// Of the file of that name.
  Times times_of(const std::string& path) const {
    for (std::size_t file = 0; file < adapter_.mapping.files.size(); ++file) {
      if (same_file_name(adapter_.mapping.files[file].path, path)) return times_of(file);
    }
    return {zone_, time::DateOrder::year_month_day};
  }

  bool is_regrouped(std::size_t file) const {
    const std::string& path = adapter_.mapping.files[file].path;
    return std::any_of(adapter_.steps.begin(), adapter_.steps.end(),
                       [&](const Steps& steps) { return steps.groups && same_file_name(steps.groups->of, path); });
  }

  /// The file of the user in which the rows of one stand. Missing: empty.
  std::string stands_in(std::size_t file) const {
    const std::optional<std::size_t> given = given_of(file);
    return given && fit_.table_of[*given] ? tables_[*fit_.table_of[*given]].name : "";
  }
  /// What the mapping calls it.
  std::string source_of(std::size_t file) const { return adapter_.mapping.files[given_of(file).value_or(file)].path; }

  /// The file that is given of which one is made, or itself. Missing: nullopt for one that is made of itself.
  std::optional<std::size_t> given_of(std::size_t file) const {
    // A file may be made of one that is made; that they lead in a circle is said elsewhere.
    for (std::size_t steps = 0; steps < adapter_.steps.size(); ++steps) {
      if (!adapter_.steps[file].is_made()) return file;
      const std::string& of =
          adapter_.steps[file].unpivot ? adapter_.steps[file].unpivot->of : adapter_.steps[file].groups->of;
      for (std::size_t other = 0; other < adapter_.steps.size(); ++other) {
        if (!same_file_name(adapter_.mapping.files[other].path, of)) continue;
        file = other;
        break;
      }
    }
    return std::nullopt;
  }

  /// A file with what is looked up for it, where `columns` asks for that. Missing: nullptr when the file is not among
  /// them, or `wrong` says why it cannot be taken apart.
  std::shared_ptr<Cells> find(const std::string& path, const std::vector<std::string>& columns,
                              std::optional<PrepareFailure>& wrong) {
    for (std::size_t file = 0; file < adapter_.mapping.files.size(); ++file) {
      if (!same_file_name(adapter_.mapping.files[file].path, path)) continue;
      auto known = cells_.find(file);
      if (known == cells_.end()) {
        std::optional<Cells> cells = begin(file, wrong);
        if (!cells) return nullptr;
        const bool merges = adapter_.steps[file].merges.has_value();
        known = cells_.emplace(file, std::make_shared<Cells>(merges ? *cells : std::move(*cells))).first;
        if (merges) {
          if ((wrong = run_merges(adapter_.steps[file], *cells))) return nullptr;
          *known->second = std::move(*cells);
        }
      }
      const std::vector<LookUp>& look_ups = adapter_.steps[file].look_ups;
      const bool whole = std::none_of(columns.begin(), columns.end(), [&](const std::string& column) {
        return known->second->column(column) < 0 &&
               std::any_of(look_ups.begin(), look_ups.end(), [&](const LookUp& step) {
                 return std::any_of(step.columns.begin(), step.columns.end(),
                                    [&](const Taken& taken) { return history::same_letters(taken.here, column); });
               });
      });
      // Of two that look things up in each other the second sees the first as it is written.
      if (whole || !looked_up_.insert(file).second) return known->second;
      auto more = std::make_shared<Cells>(*known->second);
      wrong = run_look_ups(adapter_.steps[file], times_of(file), *more);
      known->second = std::move(more);
      return wrong ? nullptr : known->second;
    }
    return nullptr;
  }

  /// A file as `begin` gives it, for its own steps: what was found for others is handed over where none of those behind
  /// it asks for it again.
  std::optional<Cells> take(std::size_t file, std::optional<PrepareFailure>& wrong) {
    const auto known = cells_.find(file);
    if (known == cells_.end() || looked_up_.contains(file) || is_asked_for_behind(file)) return begin(file, wrong);
    const std::shared_ptr<Cells> cells = std::move(known->second);
    cells_.erase(known);
    return cells.use_count() == 1 ? std::move(*cells) : *cells;
  }

  /// A file as it is given, or as it is made of another. Missing: as `find`.
  std::optional<Cells> begin(std::size_t file, std::optional<PrepareFailure>& wrong) {
    const Steps& steps = adapter_.steps[file];
    const Wanted wanted = wanted_in(adapter_, file);
    Result<Cells> cells{Cells{}};
    if (steps.is_made()) {
      if (!making_.insert(file).second) {
        wrong = PrepareFailure{fmt::format("`{}` is made of itself", adapter_.mapping.files[file].path),
                               steps.unpivot ? steps.unpivot->place : steps.groups->place};
        return std::nullopt;
      }
      const std::shared_ptr<Cells> of = find(steps.unpivot ? steps.unpivot->of : steps.groups->of, {}, wrong);
      making_.erase(file);
      if (of == nullptr) return std::nullopt;
      cells = steps.unpivot ? unpivot(*steps.unpivot, of, stages_, wanted) : regroup(*steps.groups, of, wanted);
      if (!cells) wrong = PrepareFailure{cells.error(), steps.unpivot ? steps.unpivot->place : steps.groups->place};
    } else {
      if (!fit_.table_of[file]) return std::nullopt;
      cells = cells_of(tables_[*fit_.table_of[file]],
                       {wanted, steps.also_called, steps.long_ids, steps.ordered_by, steps.newest_first});
      if (!cells) wrong = PrepareFailure{cells.error(), {}};
    }
    if (!cells) return std::nullopt;
    if (steps.is_made()) {
      if (!wanted) {
        if (const auto changed = hold_all(*cells)) {
          wrong = PrepareFailure{changed->message, {}};
          return std::nullopt;
        }
      }
      if (!steps.ordered_by.empty()) put_in_order(steps.ordered_by, *cells);
      if (steps.newest_first) turn_round(*cells);
      long_ids_of(steps.long_ids, *cells);
    }
    cells->stands_in = stands_in(file);
    return std::move(*cells);
  }

  /// By the merges as they are written. Without their file nothing was merged.
  std::optional<PrepareFailure> run_merges(const Steps& steps, Cells& cells) {
    if (!steps.merges) return std::nullopt;
    std::optional<PrepareFailure> wrong;
    std::optional<Cells> in;
    for (std::size_t file = 0; file < adapter_.mapping.files.size() && !in && !wrong; ++file) {
      if (same_file_name(adapter_.mapping.files[file].path, steps.merges->in)) in = begin(file, wrong);
    }
    if (wrong) return wrong;
    return as_failure(merge(*steps.merges, in ? *in : Cells(), cells));
  }

  /// A file that the user may leave out leaves empty what would be looked up in it.
  std::optional<PrepareFailure> run_look_ups(const Steps& steps, const Times& ours, Cells& cells) {
    for (const LookUp& step : steps.look_ups) {
      std::vector<std::string> columns;
      for (const auto& [here, there] : step.same) columns.push_back(there);
      for (const Where& where : step.where) columns.push_back(where.column);
      for (const Taken& column : step.columns) columns.push_back(column.there);
      std::optional<PrepareFailure> wrong;
      const std::shared_ptr<Cells> in = find(step.in, columns, wrong);
      if (wrong) return wrong;
      const auto failure = look_up(step, in == nullptr ? Cells() : *in, times_of(step.in), ours, cells);
      if (failure) return as_failure(failure, step.written);
    }
    return std::nullopt;
  }

 private:
  bool is_asked_for_behind(std::size_t file) const {
    const std::string& path = adapter_.mapping.files[file].path;
    const auto asks = [&](const Steps& steps) {
      const auto speaks_of = [&](const auto& step) { return same_file_name(step.in, path); };
      return (steps.merges && speaks_of(*steps.merges)) || std::ranges::any_of(steps.look_ups, speaks_of) ||
             std::ranges::any_of(steps.at_first, speaks_of) || std::ranges::any_of(steps.at_the_time, speaks_of) ||
             (steps.unpivot && same_file_name(steps.unpivot->of, path)) ||
             (steps.groups && same_file_name(steps.groups->of, path));
    };
    return std::any_of(adapter_.steps.begin() + static_cast<std::ptrdiff_t>(file), adapter_.steps.end(), asks);
  }

  const Adapter& adapter_;
  const Fit& fit_;
  const std::vector<Table>& tables_;
  const std::vector<std::string>& stages_;
  time::Zone zone_;
  std::map<std::size_t, std::shared_ptr<Cells>> cells_;
  std::set<std::size_t> looked_up_, making_;
};

/// Missing: nullptr, and `wrong` says why.
std::shared_ptr<Cells> find_changes(const ChangesIn& step, Sources& sources, std::optional<PrepareFailure>& wrong) {
  std::vector<std::string> columns{step.by, step.name, step.was};
  for (const auto& [here, there] : step.same) columns.push_back(there);
  for (const Where& where : step.where) columns.push_back(where.column);
  std::shared_ptr<Cells> in = sources.find(step.in, columns, wrong);
  if (in == nullptr && !wrong)
    wrong = PrepareFailure{fmt::format("there is no file `{}` that says what changed", step.in), step.place};
  return in;
}

std::optional<PrepareFailure> run_changes(const Steps& steps, const Times& ours, Sources& sources, Cells& cells) {
  std::optional<PrepareFailure> wrong;
  for (const AtFirst& step : steps.at_first) {
    const std::shared_ptr<Cells> in = find_changes(step, sources, wrong);
    if (!wrong) wrong = as_failure(at_first(step, *in, sources.times_of(step.in), ours, cells), step.written);
    if (wrong) return wrong;
  }
  for (const AtTheTime& step : steps.at_the_time) {
    const std::shared_ptr<Cells> in = find_changes(step, sources, wrong);
    if (!wrong) wrong = as_failure(at_the_time(step, *in, sources.times_of(step.in), ours, cells), step.written);
    if (wrong) return wrong;
  }
  return std::nullopt;
}

std::optional<PrepareFailure> run_steps(const Adapter& adapter, std::size_t file, Sources& sources, Cells& cells) {
  const Steps& steps = adapter.steps[file];
  if (auto failure = sources.run_merges(steps, cells)) return failure;
  if (auto failure = sources.run_look_ups(steps, sources.times_of(file), cells)) return failure;
  if (auto failure = run_changes(steps, sources.times_of(file), sources, cells)) return failure;
  for (const Compare& step : steps.compared) {
    if (const auto failure = compare(step, sources.times_of(file), cells)) return as_failure(failure);
  }
  if (!steps.row_before) return std::nullopt;
  return as_failure(row_before(*steps.row_before, sources.times_of(file), cells));
}

/// Of rows that have not as many cells as the header, by what stands in the file, before cells are added to them.
void say_ragged(Cells& cells) {
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (cells.is_whole(row)) continue;
    const std::size_t size = cells.width(row);
    cells.wrong.emplace(
        static_cast<std::uint32_t>(row),
        fmt::format("the row has {} {}, and the header {}", size, size == 1 ? "cell" : "cells", cells.header.size()));
  }
}

PrepareFailure said_of(const std::string& file, const PrepareFailure& failure) {
  return {fmt::format("`{}`: {}", file, failure.message), failure.place};
}

/// A file that is read as it was given.
history::TextFile as_given(const Table& table) {
  history::TextFile file{table.name, {}};
  file.open = [text = table.text] { return text.reader(); };
  file.about = table.text.size();
  return file;
}

/// What the loader reads of a file of the mapping.
struct Made {
  std::optional<history::TextFile> given;
  std::shared_ptr<Cells> cells;
  std::string name;
};

/// Or why it cannot be made. Missing: nullopt for a file that is not there.
std::optional<Made> prepare_file(const Adapter& adapter, const Fit& fit, std::size_t file, FileSpec& spec,
                                 std::vector<Table>& tables, Sources& sources, PrepareFailure& failure) {
  const Steps& steps = adapter.steps[file];
  // What a table of groups is made of has rows of any length, and each is in that table.
  if (spec.rows.empty() && (steps.is_made() || !steps.not_read.empty() || sources.is_regrouped(file))) {
    spec.optional = true;
    return std::nullopt;
  }
  if (!steps.is_made()) {
    if (!fit.table_of[file]) return std::nullopt;
    Table& table = tables[*fit.table_of[file]];
    if (!steps.encoding.empty() && steps.query.empty() && table.encoding != steps.encoding) {
      failure = {
          fmt::format("`{}` is `{}` by its columns, and an `encoding` is that of the file of the same name: call "
                      "them the same, or say the `encoding` of all files beside `zone`",
                      table.name, spec.path),
          spec.place};
      return std::nullopt;
    }
    spec.path = table.name;
    if (spec.delimiter == '|') table.delimiter = '|';  // is never recognised
    spec.delimiter = table.delimiter;
    if (!steps.any()) return Made{as_given(table), nullptr, table.name};
  }
  std::optional<PrepareFailure> missed;
  std::optional<Cells> cells = sources.take(file, missed);
  if (!cells) {
    if (missed) failure = missed->file.empty() ? *missed : said_of(missed->file, *missed);
    if (!missed && steps.is_made()) spec.path = sources.source_of(file);
    return std::nullopt;
  }
  say_ragged(*cells);
  if (auto wrong = run_steps(adapter, file, sources, *cells)) {
    failure = said_of(wrong->file.empty() ? spec.path : wrong->file, *wrong);
    return std::nullopt;
  }
  spec.delimiter = ',';
  return Made{std::nullopt, std::make_shared<Cells>(std::move(*cells)), spec.path};
}

}  // namespace

std::optional<Prepared> prepare(const Adapter& adapter, const Fit& fit, std::vector<Table> tables,
                                PrepareFailure& failure, const std::vector<std::string>& stages) {
  Prepared prepared;
  prepared.mapping = adapter.mapping;
  failure = {};
  std::vector<Made> all;
  {
    Sources sources(adapter, fit, tables, stages);
    for (std::size_t file = 0; file < adapter.mapping.files.size(); ++file) {
      auto made = prepare_file(adapter, fit, file, prepared.mapping.files[file], tables, sources, failure);
      if (!failure.message.empty()) return std::nullopt;
      if (made) all.push_back(std::move(*made));
    }
  }
  // No step looks at anything any more.
  for (Made& made : all) {
    if (made.cells) made.cells->forget_given();
  }
  for (Made& made : all)
    prepared.files.push_back(made.given ? std::move(*made.given) : streamed(made.name, std::move(made.cells)));
  for (const auto& table : fit.table_of) {
    if (table) prepared.originals.push_back(tables[*table]);
  }
  return prepared;
}

}  // namespace plumb::sources
