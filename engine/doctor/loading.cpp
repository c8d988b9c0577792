#include <utility>

#include <fmt/format.h>

#include "doctor/subject.h"
#include "report/words.h"

/// What the loader could not take as it is.
namespace plumb::doctor {

namespace {

/// A problem with a cell begins with its column in ticks; what is said about whole files has findings of its own here.
bool is_about_a_cell(const history::Problem& problem) {
  return !problem.refused && problem.message.starts_with("column `");
}

void add_problems(const history::LoadReport& load, std::uint32_t file, bool refused, Finding& finding) {
  const history::Problem* last = nullptr;
  for (const history::Problem& problem : load.problems) {
    // What a row would have been twice is refused twice.
    const history::Problem* before = std::exchange(last, &problem);
    if (before != nullptr && before->file == problem.file && before->line == problem.line &&
        before->message == problem.message) {
      continue;
    }
    if (problem.file != file || (refused ? !problem.refused : !is_about_a_cell(problem))) continue;
    add_example(finding, fmt::format("{}:{}", load.files[file].stands_in, problem.line),
                [&] { return problem.message; });
  }
}

Finding of_file(const history::FileReport& file, Kind kind, std::uint64_t count) {
  return {kind, file.path, count, file.rows, {}, {}, {}, {}};
}

void look_at_strangers(const history::LoadReport& load, Findings& findings) {
  const history::Strangers& strangers = load.strangers;
  if (strangers.people == 0) return;
  Finding found{Kind::unlisted_people, {}, strangers.people, 0, {}, {}, {}, {}};
  found.says = fmt::format(
      "{} in the data as who acts, owns or manages, and no row says that {}: to the rules that is nobody, who owes "
      "nothing and of whom nothing is counted.",
      strangers.people == 1 ? "1 is named" : fmt::format("{} are named", report::number_text(strangers.people)),
      strangers.people == 1 ? "this is a person" : "these are people");
  found.to_do =
      "Say `people: { actors: true }` in the mapping: then whoever acts, owns or manages is a person, listed or not. "
      "Or "
      "describe them in the file whose rows are people (`is: person`), or map one.";
  for (const history::Strangers::One& one : strangers.first) {
    add_example(found, fmt::format("{}:{}", load.files[one.file].stands_in, one.line),
                [&] { return fmt::format("`{}` {}", one.name, one.as); });
  }
  findings.push_back(std::move(found));
}

}  // namespace

void look_at_loading(const Input& input, Findings& findings) {
  const history::LoadReport& load = input.load;
  look_at_strangers(load, findings);
  for (std::uint32_t i = 0; i < load.files.size(); ++i) {
    const history::FileReport& file = load.files[i];
    const std::string rows = rows_text(file.rows);
    if (const std::uint64_t refused = file.refused + file.in_part; refused > 0) {
      Finding found = of_file(file, Kind::refused_rows, refused);
      found.says =
          fmt::format("{} of {} of {} could not be read and {} left out{}.", report::number_text(refused), rows,
                      file.path, refused == 1 ? "was" : "were",
                      file.in_part == 0 ? "" : fmt::format(", {} of them in part", report::number_text(file.in_part)));
      found.to_do =
          "Put these rows right and export again, or say in the mapping how they are to be read: until then what they "
          "say is "
          "not in the history.";
      add_problems(load, i, true, found);
      findings.push_back(std::move(found));
    }
    if (file.unreadable_cells > 0) {
      Finding found = of_file(file, Kind::unreadable_cells, file.unreadable_cells);
      found.of = 0;
      found.says = fmt::format("{} of {} cannot be read: {} unknown there, and nobody is judged by {}.",
                               report::count_text(file.unreadable_cells, "cell", "cells"), file.path,
                               file.unreadable_cells == 1 ? "the value is" : "the values are",
                               file.unreadable_cells == 1 ? "it" : "them");
      found.to_do =
          "Put these cells right, or say in the mapping how they are written (`dates`, `decimal`, `names`, `empty`).";
      add_problems(load, i, false, found);
      findings.push_back(std::move(found));
    }
    if (file.merged > 0) {
      Finding found = of_file(file, Kind::identical_rows, file.merged);
      found.says =
          fmt::format("{} of {} of {} {} the same as another, and count{} once.", report::number_text(file.merged),
                      rows, file.path, file.merged == 1 ? "is" : "are", file.merged == 1 ? "s" : "");
      found.to_do =
          "If the export was put together of parts, one of them is in it twice. If these are different things, the id "
          "of "
          "the row tells them apart: the column `id` of the canonical folder, or what a mapping reads by the key `id`.";
      for (const history::Twin& twin : file.twins) {
        add_example(found, fmt::format("{}:{}", file.stands_in, twin.line), [&] {
          return fmt::format("says the same as {}:{}", load.files[twin.file].stands_in, twin.of_line);
        });
      }
      findings.push_back(std::move(found));
    }
  }
}

}  // namespace plumb::doctor
