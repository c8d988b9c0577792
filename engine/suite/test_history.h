#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "history/history.h"
#include "model/model.h"
#include "suite/table.h"

/// What a test tells, as a history.
namespace plumb::suite {

/// Something a test says that no history can hold. Nothing is judged by such a test.
struct Trouble {
  source::Span span;
  std::string message;  // lower case, the user's own words in backticks
  std::string help;     // what would be right; may be empty
};

/// A move of a deal that the test tells. Missing: `from` none for its first.
struct ToldMove {
  std::uint32_t deal = 0;  // row of the cast
  time::Instant at;
  Id<model::Stage> from, to;
};

struct TestHistory {
  history::History history;
  std::vector<Table> tables;  // where its rows come from
  std::vector<ToldMove> moves;
  std::vector<Trouble> troubles;

  /// Whether a line says that the deal left a stage, and none where to.
  bool went_elsewhere(const model::Rulebook& book, std::uint32_t deal) const;
  /// The line of the test behind a row of the history: `file` by name. Missing: unknown for none.
  source::Span origin(std::string_view file, std::uint32_t line) const;
};

/// Where a deal is that left a stage without a line saying where to. No stage of a rulebook is called so.
inline constexpr const char* elsewhere = "(another stage)";

/// The rulebook as its tests are judged by it: each process has a stage `elsewhere` besides its own, and where there is
/// no process (a library) there is one in which a deal is open from its creation on, until it is `won` or `lost`.
model::Rulebook for_tests(model::Rulebook book);

/// Everything is observed, always; what happened was recorded when it happened, unless a line says otherwise. A deal is
/// created by its line `created`, else with its first line, else with the test's. Its own deeds are its owner's of that
/// instant. Of lines at one instant, those of one class happen in the order of the text. `book` comes from `for_tests`.
TestHistory history_of(const model::Rulebook& book, const model::Test& test);

}  // namespace plumb::suite
