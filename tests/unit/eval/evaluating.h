#pragma once

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "check/check.h"
#include "eval/run.h"
#include "history/load.h"
#include "syntax/parse.h"

namespace plumb::eval::testing {

/// A rulebook of a test; broken ones fail it.
inline model::Rulebook rulebook(std::string text) {
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> id = texts.add("rules.plumb", std::move(text));
  model::Rulebook book = check::check(syntax::parse(texts, id, sink), texts, sink);
  for (const diagnostics::Diagnostic& said : sink.sorted()) {
    if (said.severity == diagnostics::Severity::error) ADD_FAILURE() << said.code << ": " << said.message;
  }
  for (const model::Unevaluated& left_out : unevaluated(book)) ADD_FAILURE() << "not evaluated: " << left_out.name;
  return book;
}

/// Rows of the canonical files, without headers, in any order.
struct Rows {
  std::vector<std::string> deals, events, people, records;
};

inline void write(const std::filesystem::path& path, std::string_view header, const std::vector<std::string>& rows) {
  std::ofstream out(path, std::ios::binary);
  out << header << '\n';
  for (const std::string& row : rows) out << row << '\n';
}

/// Errors: fails the test when a row is refused.
inline history::History load(const Rows& rows, const model::Rulebook& book) {
  static int count = 0;
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("plumb_eval_{}_{}", getpid(), count++);
  std::filesystem::create_directories(folder);
  write(folder / "deals.csv", "deal,created,owner,account,size,next_step", rows.deals);
  write(folder / "events.csv", "deal,at,recorded,kind,name,from,to,actor,channel", rows.events);
  write(folder / "people.csv", "person,from,joined,left,role,team,manager", rows.people);
  write(folder / "records.csv", "person,name,at", rows.records);
  auto loaded = history::load(folder.string(), history::canonical_mapping(), schema_of(book), {});
  std::filesystem::remove_all(folder);
  if (!loaded) {
    ADD_FAILURE() << loaded.error();
    return {};
  }
  for (const history::Problem& problem : loaded->report.problems) {
    if (problem.refused) ADD_FAILURE() << problem.message;
  }
  return std::move(loaded->history);
}

/// An obligation as people would tell it apart from others, in the terms of no particular history.
struct Told {
  std::string rule, subject, owed_by;
  std::int64_t opened, deadline, settled, period;
  Verdict verdict;
  friend auto operator<=>(const Told&, const Told&) = default;
};

inline std::string to_text(const Told& told) {
  return fmt::format("{} {} owed by {} opened {} deadline {} settled {} period {}: {}", told.rule, told.subject,
                     told.owed_by, time::to_text_utc({told.opened}), time::to_text_utc({told.deadline}),
                     time::to_text_utc({told.settled}), time::to_text_utc({told.period}), to_text(told.verdict));
}

/// Everything that is said as of an instant, sorted.
inline std::vector<Told> evaluate(const model::Rulebook& book, const history::History& history, Instant as_of,
                                  Instant known_at = Instant::max()) {
  const Result<Evaluation> evaluation = run(book, history, {as_of, known_at});
  if (!evaluation) {
    ADD_FAILURE() << evaluation.error();
    return {};
  }
  const Verdicts& v = evaluation->verdicts;
  std::vector<Told> all;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const model::Rule& rule = book.rules[v.rule[i]];
    const auto person = [&](std::uint32_t p) {
      return std::string(p == nobody ? std::string_view{} : history.words[history.people.names.ids[p]]);
    };
    std::string subject = "the company";
    if (rule.subject.kind == model::SubjectKind::deal) subject = history.words[history.deals.ids[v.subject[i]]];
    if (rule.subject.kind == model::SubjectKind::person) subject = person(v.subject[i]);
    if (rule.subject.kind == model::SubjectKind::team) subject = v.teams[v.subject[i]];
    all.push_back({rule.name, subject, person(v.owed_by[i]), v.opened[i].micros, v.deadline[i].micros,
                   v.settled[i].micros, v.period[i].from.micros, v.verdict[i]});
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// The first obligation that only one of two sorted lists has; empty when they are the same.
inline std::string difference(const std::vector<Told>& a, const std::vector<Told>& b) {
  std::vector<Told> only_a, only_b;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only_a));
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(only_b));
  if (!only_a.empty()) return "only the first: " + to_text(only_a.front());
  return only_b.empty() ? std::string() : "only the second: " + to_text(only_b.front());
}

}  // namespace plumb::eval::testing
