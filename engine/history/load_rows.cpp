#include "history/load_rows.h"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "history/header_again.h"
#include "history/load_facts.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

void classify(Run& run) {
  for (Dispatch& dispatch : run.program.dispatch) {
    const std::string_view text = trimmed(run.reader.cells[static_cast<std::size_t>(dispatch.column)]);
    if (const std::int64_t* known = dispatch.known.find(text)) {
      dispatch.now = static_cast<std::uint32_t>(*known);
      continue;
    }
    const auto found = dispatch.numbers.find(text);
    const bool digits = dispatch.digits != 0 && is_digits(text);
    dispatch.now = found != dispatch.numbers.end() ? found->second : digits ? dispatch.digits : 0;
    dispatch.known.keep(text, dispatch.now);
  }
}

bool wanted(const Run& run, const RowPlan& plan) {
  if (plan.never) return false;
  return std::all_of(plan.tests.begin(), plan.tests.end(),
                     [&](const Test& test) { return test.accepted[run.program.dispatch[test.dispatch].now] != 0; });
}

void note_fate(Run& run, Fate fate) {
  FileRows& rows = run.raw.files[run.place.file];
  if (fate == Fate::used) ++rows.facts[run.place.row];
  if (fate == Fate::refused) rows.fate[run.place.row] |= FileRows::refused_bit;
  if (fate == Fate::merged) rows.fate[run.place.row] |= FileRows::merged_bit;
}

/// The words by which a file's one column tells its rows apart, as ": it has `a`, `b`". Missing: empty where several
/// columns do, or the words are too many to be read.
std::string kinds_of_rows(const Run& run) {
  constexpr std::size_t most = 8;
  std::vector<std::string> words;
  if (run.program.dispatch.size() != 1) return {};
  for (const RowSpec& row : run.spec.rows) {
    for (const RowCondition& condition : row.when) {
      if (condition.negated || condition.numbers) return {};
      for (const std::string& word : condition.is_one_of) {
        const std::string shown = in_ticks(word);
        if (!word.empty() && std::find(words.begin(), words.end(), shown) == words.end()) words.push_back(shown);
      }
    }
  }
  if (words.empty() || words.size() > most) return {};
  return fmt::format(": it has {}", fmt::join(words, ", "));
}

void refuse_unwanted(Run& run) {
  std::string cells;
  for (const Dispatch& dispatch : run.program.dispatch) {
    if (!cells.empty()) cells += " and ";
    cells += in_ticks(run.reader.cells[static_cast<std::size_t>(dispatch.column)]);
  }
  note_fate(run, refuse(run, fmt::format("{} is no kind of row that this file may have{}", cells, kinds_of_rows(run))));
}

// A name that the rulebook does not declare is said once, with the number of rows that are ignored because of it.
void note_unknown_name(Run& run, RowPlan& plan) {
  const std::string_view cell = run.reader.text(plan.name);
  auto found = plan.unknown_of.find(cell);
  if (found == plan.unknown_of.end()) {
    const auto renamed = plan.name.rename.find(cell);
    std::string name(renamed == plan.name.rename.end() ? cell : renamed->second);
    found = plan.unknown_of.emplace(cell, &run.raw.unknown_names[{plan.of, std::move(name)}]).first;
  }
  UnknownName& unknown = *found->second;
  if (unknown.rows++ == 0) unknown.first = run.place;
}

void run_cells(Run& run) {
  classify(run);
  bool any = false;
  run.unknown.clear();
  for (RowPlan& plan : run.program.rows) {
    if (!wanted(run, plan)) continue;
    any = true;
    note_fate(run, run_row(run, plan));
  }
  if (!any && run.spec.rows.empty()) note_fate(run, Fate::used);
  if (!any && run.spec.every_row_counts) refuse_unwanted(run);
  const FileRows& rows = run.raw.files[run.place.file];
  if (rows.facts[run.place.row] > 0 || rows.fate[run.place.row] != 0) return;
  for (RowPlan* plan : run.unknown) note_unknown_name(run, *plan);
}

std::string why_malformed(const CsvReader& reader, std::size_t columns) {
  switch (reader.fault()) {
    case CsvFault::quote_never_closed:
      return "a quote that opens in this row is never closed; the rest of the file is in it";
    case CsvFault::text_after_quote:
      return "text follows a closing quote; a quote inside a quoted cell is written twice";
    case CsvFault::none: break;
  }
  return fmt::format("the row has {} {}, and the header {}", reader.cells().size(),
                     reader.cells().size() == 1 ? "cell" : "cells", columns);
}

}  // namespace

void report_offsets(Raw& raw, std::uint32_t file, const std::vector<std::string>& header,
                    const std::vector<OffsetUse>& offsets) {
  for (std::size_t c = 0; c < offsets.size(); ++c) {
    const OffsetUse& use = offsets[c];
    if (use.with == UINT32_MAX || use.without == UINT32_MAX) continue;
    const Lines& line = raw.files[file].line;
    raw.complain({file, std::max(use.with, use.without)}, false, [&] {
      return fmt::format(
          "column `{}`: some times carry an offset ({} in line {}) and some do not ({} in line {}); those are read in "
          "{}",
          header[c], use.with_text, line[use.with], use.without_text, line[use.without], use.zone);
    });
  }
}

Running::Running(FileProgram program, const FileSpec& spec, const std::vector<std::string>& header, std::uint32_t file,
                 Raw& raw, const Mapping& mapping, const LoadOptions& options)
    : program_(std::move(program)),
      spec_(spec),
      mapping_(mapping),
      raw_(raw),
      place_{file, 0},
      header_(header),
      zone_(options.default_zone),
      offsets_(header.size()) {
  PLUMB_ASSERT(program_.rows.size() < UINT8_MAX, "a mapping makes fewer than 255 facts of a row");
  unnamed_actor_ = raw.words.add(mapping.unnamed_actor);
}

void Running::run(CsvReader& reader) {
  FileRows& rows = raw_.files[place_.file];
  Run state{program_, spec_,          mapping_, raw_, {raw_.words, zone_, {}, 0, std::move(offsets_), {}},
            place_,   unnamed_actor_, {}};
  for (; reader.next(); ++state.place.row) {
    PLUMB_ASSERT(state.place.row != UINT32_MAX, "a file has fewer than 2^32 rows");
    state.reader.row = state.place.row;
    state.reader.cells = reader.cells();
    rows.line.push_back(reader.line());
    rows.facts.push_back(0);
    rows.fate.push_back(0);
    if (reader.fault() != CsvFault::none || reader.cells().size() != header_.size()) {
      note_fate(state, refuse(state, why_malformed(reader, header_.size())));
      continue;
    }
    if (is_header_again(reader.cells(), header_)) {
      note_fate(state, refuse(state, std::string(header_again)));
      continue;
    }
    run_cells(state);
  }
  place_ = state.place;
  offsets_ = std::move(state.reader.offsets);
}

std::vector<OffsetUse> Running::restart() {
  place_.row = 0;
  return std::exchange(offsets_, std::vector<OffsetUse>(header_.size()));
}

}  // namespace plumb::history::loading
