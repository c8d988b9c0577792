#include <fmt/format.h>

#include "history/words.h"
#include "sources/steps.h"

namespace plumb::sources {

namespace {

std::string pairs_text(const std::vector<std::pair<std::string, std::string>>& same) {
  std::vector<std::string> parts;
  for (const auto& [here, there] : same) parts.push_back(fmt::format("`{}` is `{}` there", here, there));
  return fmt::format("{}", fmt::join(parts, " and "));
}

std::string unlike_text(const std::vector<std::pair<std::string, std::string>>& unlike) {
  std::string text;
  for (const auto& [here, there] : unlike) text += fmt::format(" and `{}` is not its `{}`", here, there);
  return text;
}

std::string where_text(const std::vector<Where>& where) {
  std::string text;
  for (const Where& one : where) {
    std::vector<std::string> words;
    for (const std::string& word : one.words) words.push_back(word.empty() ? "empty" : fmt::format("`{}`", word));
    text += fmt::format(" and `{}` is {}{}", one.column, one.negated ? "not " : "", fmt::join(words, " or "));
  }
  return text;
}

std::string names_text(const ChangesIn& step) {
  std::vector<std::string> names;
  for (const auto& [here, there] : step.columns) names.push_back(fmt::format("`{}`", here));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string log_text(const ChangesIn& step) {
  return fmt::format("by the log `{}`, whose rows are about it where {}{}, by the times in `{}`{}", step.in,
                     pairs_text(step.same), where_text(step.where), step.by,
                     step.sequence.empty() ? "" : fmt::format(" and then `{}`", step.sequence));
}

void say_made(const Steps& steps, std::vector<std::string>& said) {
  if (steps.unpivot) {
    const Unpivot& step = *steps.unpivot;
    std::vector<std::string> but;
    for (const std::string& name : step.but) {
      std::string header = step.columns;
      but.push_back(fmt::format("`{}`", header.replace(header.find('*'), 1, name)));
    }
    said.push_back(fmt::format("It is made of `{}`: each row once for each column like `{}`{}, whose cell is in `{}`.",
                               step.of, step.columns, but.empty() ? "" : fmt::format(" but {}", fmt::join(but, ", ")),
                               step.value));
    if (!step.between.empty()) {
      said.push_back(
          fmt::format("A cell holds several texts with `{}` between them{}, of which each is a row.", step.between,
                      step.without.empty() ? "" : fmt::format(" and without `{}` at their ends", step.without)));
    }
    if (step.last_entries) {
      said.push_back(
          fmt::format("`{}` says when a deal came into a stage last; where it is empty it never did.", step.value));
    }
    if (!step.none.empty()) {
      said.push_back(fmt::format(
          "`{}` is `yes` once for a row in which all of these cells are empty{}.", step.none,
          step.present.empty() ? "" : fmt::format(", and `others` where only that of its `{}` is", step.present)));
    }
  }
  if (steps.groups) {
    said.push_back(fmt::format("It is made of `{}`: each row once for each group of {} cells behind the first {}.",
                               steps.groups->of, steps.groups->each.size(), steps.groups->keep.size()));
  }
}

void say_looked_up(const Steps& steps, std::vector<std::string>& said) {
  for (const LookUp& step : steps.look_ups) {
    std::vector<std::string> names;
    for (const Taken& taken : step.columns) names.push_back(fmt::format("`{}`", taken.here));
    said.push_back(fmt::format("{} {} looked up in `{}`, in the {} row{} where {}{}.", fmt::join(names, ", "),
                               names.size() == 1 ? "is" : "are", step.in, step.last ? "last" : "first",
                               step.by.empty() ? "" : fmt::format(" by `{}`", step.by), pairs_text(step.same),
                               unlike_text(step.unlike) + where_text(step.where)));
  }
  for (const AtFirst& step : steps.at_first) {
    said.push_back(
        fmt::format("What {} was at first is found {}{}.", names_text(step), log_text(step),
                    step.since.empty() ? "" : fmt::format("; what is of before `{}` does not count", step.since)));
  }
  for (const AtTheTime& step : steps.at_the_time) {
    said.push_back(fmt::format("What {} was at `{}` is found {}.", names_text(step), step.at, log_text(step)));
  }
}

}  // namespace

std::vector<std::string> sentences(const Steps& steps, const std::string& encoding) {
  std::vector<std::string> said;
  if (!steps.not_read.empty()) said.push_back(fmt::format("It is not read: {}.", steps.not_read));
  for (const auto& [column, why] : steps.columns_not_read)
    said.push_back(fmt::format("Its `{}` is not read: {}.", column, why));
  say_made(steps, said);
  const std::string& own = steps.encoding.empty() ? encoding : steps.encoding;
  if (!own.empty() && !steps.is_made()) said.push_back(fmt::format("It is read as {}.", own));
  for (const auto& [name, others] : steps.also_called) {
    said.push_back(
        fmt::format("Where it has no column `{}`, `{}` is that one.", name, fmt::join(others, "` or else `")));
  }
  if (!steps.parts.empty()) {
    std::vector<std::string> names;
    for (const PartNames& part : steps.parts) {
      const bool pattern = part.name.find('*') != std::string::npos;
      names.push_back(fmt::format("{}`{}`", pattern ? "all that are called like " : "", part.name));
    }
    said.push_back(fmt::format("It is the rows of several files, read as one table: {}.", fmt::join(names, ", ")));
  }
  if (!steps.ordered_by.empty()) {
    said.push_back(fmt::format("Its rows are put into the order of `{}`, where it has that column.", steps.ordered_by));
  }
  for (const LongIds& ids : steps.long_ids) {
    said.push_back(
        fmt::format("Ids of 15 characters in {} are made long, and those of 18 whose letters are of one case have "
                    "the capitals that their last three letters tell of.",
                    history::listed(ids.columns)));
  }
  if (steps.merges)
    said.push_back(fmt::format("Ids that `{}` says are merged are those they became.", steps.merges->in));
  say_looked_up(steps, said);
  for (const Compare& step : steps.compared) {
    said.push_back(fmt::format(
        "`{}` says whether `{}` is earlier than `{}`, the same or later{}{}{}.", step.as, step.column, step.with,
        step.within == 0
            ? ""
            : fmt::format("; what is {} seconds apart or less is the same", step.within / time::micros_per_second),
        step.without_seconds.empty()
            ? ""
            : fmt::format("; two of one minute, of which one is written without seconds, are `{}`",
                          step.without_seconds),
        step.empty.empty() ? "" : fmt::format("; where `{}` is empty it is `{}`", step.column, step.empty)));
  }
  if (steps.row_before) {
    said.push_back(fmt::format("Each row is compared with the one before it of the same {}, by `{}`.",
                               history::listed(steps.row_before->same), steps.row_before->by));
  }
  return said;
}

}  // namespace plumb::sources
