#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "history/most_files.h"
#include "history/words.h"
#include "sources/fit.h"
#include "sources/given.h"
#include "sources/joined.h"
#include "sources/last_entries.h"

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

/// The columns of a file that steps look at: its own and those of others; `several`: it is several tables. Missing:
/// nullopt for all of them.
Wanted wanted_in(const Adapter& adapter, std::size_t file, bool several) {
  const std::string& path = adapter.mapping.files[file].path;
  const Steps& own = adapter.steps[file];
  std::vector<std::string> names = own.needed();
  for (const Compare& step : own.compared) names.push_back(step.column), names.push_back(step.with);
  for (const Steps& steps : adapter.steps) {
    const std::vector<std::string> others = steps.read_in(path);
    names.insert(names.end(), others.begin(), others.end());
    if (steps.unpivot && same_file_name(steps.unpivot->of, path)) names.push_back(steps.unpivot->present);
  }
  if (several && !own.ordered_by.empty()) names.push_back(own.ordered_by);
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

  /// A file, all its parts as one, with what is looked up for it, where `columns` asks for that. Missing: nullptr when
  /// the file is not among them, or `wrong` says why it cannot be taken apart.
  std::shared_ptr<Cells> find(const std::string& path, const std::vector<std::string>& columns,
                              std::optional<PrepareFailure>& wrong) {
    for (std::size_t file = 0; file < adapter_.mapping.files.size(); ++file) {
      if (!same_file_name(adapter_.mapping.files[file].path, path)) continue;
      Found* const known = find_parts(file, wrong);
      if (known == nullptr) return nullptr;
      if (known->whole == nullptr) known->whole = std::make_shared<Cells>(as_one(known->parts));
      const std::vector<LookUp>& look_ups = adapter_.steps[file].look_ups;
      const bool whole = std::none_of(columns.begin(), columns.end(), [&](const std::string& column) {
        return known->whole->column(column) < 0 &&
               std::any_of(look_ups.begin(), look_ups.end(), [&](const LookUp& step) {
                 return std::any_of(step.columns.begin(), step.columns.end(),
                                    [&](const Taken& taken) { return history::same_letters(taken.here, column); });
               });
      });
      // Of two that look things up in each other the second sees the first as it is written.
      if (whole || !looked_up_.insert(file).second) return known->whole;
      auto more = std::make_shared<Cells>(*known->whole);
      wrong = run_look_ups(adapter_.steps[file], times_of(file), *more);
      known->whole = std::move(more);
      return wrong ? nullptr : known->whole;
    }
    return nullptr;
  }

  /// The parts of a file as `begin` gives them, for its own steps: what was found for others is handed over where none
  /// of those behind it asks for it again.
  std::vector<Cells> take(std::size_t file, std::optional<PrepareFailure>& wrong) {
    const auto known = found_.find(file);
    if (known == found_.end() || looked_up_.contains(file) || is_asked_for_behind(file)) return begin(file, wrong);
    known->second.whole = nullptr;
    std::vector<Cells> parts;
    for (std::shared_ptr<Cells>& cells : known->second.parts)
      parts.push_back(cells.use_count() == 1 ? std::move(*cells) : *cells);
    found_.erase(known);
    return parts;
  }

  /// By the merges as they are written. Without their file nothing was merged.
  std::optional<PrepareFailure> run_merges(const Steps& steps, Cells& cells) {
    if (!steps.merges) return std::nullopt;
    std::optional<PrepareFailure> wrong;
    std::vector<std::shared_ptr<Cells>> in;
    for (std::size_t file = 0; file < adapter_.mapping.files.size() && in.empty() && !wrong; ++file) {
      if (same_file_name(adapter_.mapping.files[file].path, steps.merges->in)) in = shared(begin(file, wrong));
    }
    if (wrong) return wrong;
    return as_failure(merge(*steps.merges, in.empty() ? Cells() : as_one(in), cells));
  }

  /// A file that the user may leave out leaves empty what would be looked up in it.
  std::optional<PrepareFailure> run_look_ups(const Steps& steps, const Times& ours, Cells& cells) {
    for (const LookUp& step : steps.look_ups) {
      std::vector<std::string> columns;
      for (const auto* pairs : {&step.same, &step.unlike}) {
        for (const auto& [here, there] : *pairs) columns.push_back(there);
      }
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
  /// What was read of a file: its parts, and all of them as one, once somebody asked for it.
  struct Found {
    std::vector<std::shared_ptr<Cells>> parts;
    std::shared_ptr<Cells> whole;
  };

  static std::vector<std::shared_ptr<Cells>> shared(std::vector<Cells> parts) {
    std::vector<std::shared_ptr<Cells>> all;
    for (Cells& cells : parts) all.push_back(std::make_shared<Cells>(std::move(cells)));
    return all;
  }

  static Cells as_one(const std::vector<std::shared_ptr<Cells>>& parts) {
    if (parts.size() == 1) return *parts.front();
    std::vector<const Cells*> all;
    for (const auto& cells : parts) all.push_back(cells.get());
    return join(all).cells;
  }

  /// Merged already. Missing: nullptr for a file that is not there, or `wrong` says why.
  Found* find_parts(std::size_t file, std::optional<PrepareFailure>& wrong) {
    if (const auto known = found_.find(file); known != found_.end()) return &known->second;
    std::vector<Cells> parts = begin(file, wrong);
    if (parts.empty()) return nullptr;
    if (adapter_.steps[file].merges) found_[file].parts = shared(parts);  // which the merges may ask for
    for (Cells& cells : parts) {
      if ((wrong = run_merges(adapter_.steps[file], cells))) return nullptr;
    }
    Found& found = found_[file];
    found.parts = shared(std::move(parts));
    found.whole = found.parts.size() == 1 ? found.parts.front() : nullptr;
    return &found;
  }

  /// The parts of a file as they are given, or as they are made of those of another. Missing: empty, as `find`.
  std::vector<Cells> begin(std::size_t file, std::optional<PrepareFailure>& wrong) {
    const Steps& steps = adapter_.steps[file];
    std::vector<Cells> parts;
    if (!steps.is_made()) {
      const std::vector<std::size_t>& tables = fit_.tables_of[file];
      const Wanted wanted = wanted_in(adapter_, file, tables.size() > 1);
      for (const std::size_t table : tables) {
        Result<Cells> cells =
            cells_of(tables_[table], {wanted, steps.also_called, steps.long_ids, steps.ordered_by, steps.newest_first});
        if (!cells) return failed(PrepareFailure{cells.error(), {}}, wrong);
        cells->stands_in = tables_[table].name;
        parts.push_back(std::move(*cells));
      }
      return parts;
    }
    const history::MappingPlace place = steps.unpivot ? steps.unpivot->place : steps.groups->place;
    if (!making_.insert(file).second) {
      return failed(PrepareFailure{fmt::format("`{}` is made of itself", adapter_.mapping.files[file].path), place},
                    wrong);
    }
    const std::string& path = steps.unpivot ? steps.unpivot->of : steps.groups->of;
    Found* of = nullptr;
    for (std::size_t other = 0; of == nullptr && !wrong && other < adapter_.mapping.files.size(); ++other) {
      if (same_file_name(adapter_.mapping.files[other].path, path)) of = find_parts(other, wrong);
    }
    making_.erase(file);
    if (of == nullptr) return {};
    const Wanted wanted = wanted_in(adapter_, file, of->parts.size() > 1);
    for (const std::shared_ptr<Cells>& part : of->parts) {
      Result<Cells> cells =
          steps.unpivot ? unpivot(*steps.unpivot, part, stages_, wanted) : regroup(*steps.groups, part, wanted);
      if (!cells) return failed(PrepareFailure{cells.error(), place}, wrong);
      if (!wanted) {
        if (const auto changed = hold_all(*cells)) return failed(PrepareFailure{changed->message, {}}, wrong);
      }
      if (!steps.ordered_by.empty()) put_in_order(steps.ordered_by, *cells);
      if (steps.newest_first) turn_round(*cells);
      long_ids_of(steps.long_ids, *cells);
      cells->stands_in = part->stands_in;
      parts.push_back(std::move(*cells));
    }
    return parts;
  }

  static std::vector<Cells> failed(PrepareFailure why, std::optional<PrepareFailure>& wrong) {
    wrong = std::move(why);
    return {};
  }

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
  std::map<std::size_t, Found> found_;
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

std::optional<PrepareFailure> run_steps_on(const Adapter& adapter, std::size_t file, Sources& sources, Cells& cells) {
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

/// `ranks`: of each part, where the order of the rows of all is not that of the parts.
std::optional<PrepareFailure> run_steps(const Adapter& adapter, std::size_t file, Sources& sources,
                                        std::vector<Cells>& parts, std::vector<std::vector<std::uint32_t>>& ranks) {
  const Steps& steps = adapter.steps[file];
  if (parts.size() == 1) return run_steps_on(adapter, file, sources, parts.front());
  std::vector<const Cells*> all;
  for (const Cells& cells : parts) all.push_back(&cells);
  Joined joined = join(all, steps.ordered_by, steps.newest_first);
  if (auto wrong = run_steps_on(adapter, file, sources, joined.cells)) return wrong;
  give_back(joined, parts);
  if (!steps.ordered_by.empty() || steps.newest_first) ranks = ranks_of(joined, parts.size());
  return std::nullopt;
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

/// What the loader reads of a file of the mapping, or of a part of it.
struct Made {
  FileSpec spec;
  std::optional<history::TextFile> given;
  std::shared_ptr<Cells> cells;
  std::vector<std::uint32_t> ranks = {};
};

/// Files of one role say whose table they are a part of, and what they lack of it.
void say_parts(const std::string& whole, const std::vector<std::vector<std::string>>& headers,
               std::vector<Made>& parts) {
  if (parts.size() < 2) return;
  std::vector<std::string> all;
  for (const std::vector<std::string>& header : headers) {
    std::ranges::copy_if(header, std::back_inserter(all), [&](const auto& name) { return column_in(all, name) < 0; });
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].spec.part_of = whole;
    std::ranges::copy_if(all, std::back_inserter(parts[i].spec.elsewhere),
                         [&](const auto& name) { return column_in(headers[i], name) < 0; });
  }
}

/// `tables` may be told what separates their cells.
std::vector<Made> as_given_parts(const Adapter& adapter, const Fit& fit, std::size_t file, std::vector<Table>& tables) {
  std::vector<Made> parts;
  std::vector<std::vector<std::string>> headers;
  const FileSpec& whole = adapter.mapping.files[file];
  for (const std::size_t number : fit.tables_of[file]) {
    Table& table = tables[number];
    if (whole.delimiter == '|') table.delimiter = '|';  // is never recognised
    Made& part = parts.emplace_back(Made{whole, as_given(table), nullptr});
    part.spec.path = table.name;
    part.spec.delimiter = table.delimiter;
    headers.push_back(header_of(table));
  }
  say_parts(whole.path, headers, parts);
  return parts;
}

/// Or why it cannot be made. Missing: empty for a file that is not there; `spec`: what the loader is to know of it
/// then.
std::vector<Made> prepare_file(const Adapter& adapter, const Fit& fit, std::size_t file, FileSpec& spec,
                               std::vector<Table>& tables, Sources& sources, PrepareFailure& failure) {
  const Steps& steps = adapter.steps[file];
  // What a table of groups is made of has rows of any length, and each is in that table.
  if (spec.rows.empty() && (steps.is_made() || !steps.not_read.empty() || sources.is_regrouped(file))) {
    spec.optional = true;
    return {};
  }
  for (const std::size_t number : fit.tables_of[file]) {
    const Table& table = tables[number];
    if (steps.encoding.empty() || !steps.query.empty() || table.encoding == steps.encoding) continue;
    failure = {fmt::format("`{}` is `{}` by its columns, and an `encoding` is that of the file of the same name: call "
                           "them the same, or say the `encoding` of all files beside `zone`",
                           table.name, spec.path),
               spec.place};
    return {};
  }
  std::vector<Made> made = as_given_parts(adapter, fit, file, tables);
  if (!steps.is_made() && (made.empty() || !steps.any())) return made;
  std::optional<PrepareFailure> missed;
  std::vector<Cells> parts = sources.take(file, missed);
  if (parts.empty()) {
    if (missed) failure = missed->file.empty() ? *missed : said_of(missed->file, *missed);
    if (!missed && steps.is_made()) spec.path = sources.source_of(file);
    return {};
  }
  for (Cells& cells : parts) say_ragged(cells);
  std::vector<std::vector<std::uint32_t>> ranks;
  if (auto wrong = run_steps(adapter, file, sources, parts, ranks)) {
    const std::string& of = made.empty() ? spec.path : made.front().spec.path;
    failure = said_of(wrong->file.empty() ? of : wrong->file, *wrong);
    return {};
  }
  std::vector<std::vector<std::string>> headers;
  if (steps.is_made()) made.resize(parts.size(), Made{spec, std::nullopt, nullptr});
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Made& part = made[i];
    if (steps.is_made() && parts.size() > 1) part.spec.path = fmt::format("{} of {}", spec.path, parts[i].stands_in);
    part.spec.delimiter = ',';
    part.given = std::nullopt;
    if (i < ranks.size()) part.ranks = std::move(ranks[i]);
    headers.push_back(parts[i].header);
    part.cells = std::make_shared<Cells>(std::move(parts[i]));
  }
  for (Made& part : made) part.spec.elsewhere.clear();
  say_parts(spec.path, headers, made);
  return made;
}

}  // namespace

std::optional<Prepared> prepare(const Adapter& adapter, const Fit& fit, std::vector<Table> tables,
                                PrepareFailure& failure, const std::vector<std::string>& stages) {
  Prepared prepared;
  prepared.mapping = adapter.mapping;
  prepared.mapping.files.clear();
  std::size_t files = 0;
  for (const std::vector<std::size_t>& parts : fit.tables_of) files += parts.size();
  failure = {history::too_many_files(files), {}};
  if (!failure.message.empty()) return std::nullopt;
  std::vector<Made> all;
  {
    Sources sources(adapter, fit, tables, stages);
    for (std::size_t file = 0; file < adapter.mapping.files.size(); ++file) {
      FileSpec spec = adapter.mapping.files[file];
      std::vector<Made> made = prepare_file(adapter, fit, file, spec, tables, sources, failure);
      if (!failure.message.empty()) return std::nullopt;
      const std::optional<Unpivot>& turned = adapter.steps[file].unpivot;
      if (turned && turned->last_entries && !made.empty()) {
        std::vector<const Cells*> parts;
        for (const Made& part : made) parts.push_back(part.cells.get());
        const Times times = sources.times_of(file);
        std::string denied = cover_last_entries(*turned, spec, parts, times, prepared.mapping.coverage);
        if (!denied.empty()) prepared.said.push_back(std::move(denied));
      }
      if (made.empty()) prepared.mapping.files.push_back(std::move(spec));
      for (Made& part : made) prepared.mapping.files.push_back(part.spec), all.push_back(std::move(part));
    }
  }
  // No step looks at anything any more.
  for (Made& made : all) {
    if (made.cells) made.cells->forget_given();
  }
  for (Made& made : all) {
    prepared.files.push_back(made.given ? std::move(*made.given) : streamed(made.spec.path, std::move(made.cells)));
    prepared.files.back().ranks = std::move(made.ranks);
  }
  for (const std::vector<std::size_t>& of : fit.tables_of) {
    for (const std::size_t table : of) prepared.originals.push_back(tables[table]);
  }
  return prepared;
}

}  // namespace plumb::sources
