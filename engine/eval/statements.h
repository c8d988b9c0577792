#pragma once

#include <array>
#include <unordered_map>
#include <vector>

#include "eval/obligation.h"

/// What people record about an obligation: that they acted, why it happened, that they know of it.
namespace plumb::eval {

/// A record, and what it says that it is about. A cell that says nothing leaves it open.
struct Statement {
  EventRef ref;
  std::uint32_t subject = 0;      // the deal or person on whose timeline it stands
  Instant happened;               // unknown: nobody gave the instant
  Instant counts;                 // the later of at and recorded; unknown: nobody said
  Instant until;                  // of a date without a time of day: the end of its day; else `counts`
  std::uint32_t rule = nobody;    // a dictionary word
  std::uint32_t deal = nobody;    // a dictionary word
  std::uint32_t person = nobody;  // into History::people
  time::Day opened;               // unknown: not said
  bool readable = true;           // false: a cell is there that nobody could read
};

/// What a statement has to be about.
struct Matter {
  model::SubjectKind kind = model::SubjectKind::deal;
  std::uint32_t subject = 0;                             // deal or person; team: its word
  std::uint32_t rule = nobody, response = nobody;        // the words of their names
  std::uint32_t owed_by = nobody, answered_by = nobody;  // who owes what the rule asks, and who owes the response
  time::Day opened;
};

/// The records of all timelines that may be about an obligation.
class Statements {
 public:
  /// Rows: the records that are `wanted`, by Id<Record>. Cost: one pass over the events of people.
  Statements(const Plan& plan, const std::vector<bool>& wanted);

  /// Calls `take(statement, truth)` for every statement of a kind that is about the matter, or of which that cannot be
  /// told. `view` holds the matter's own timeline.
  template <class Take>
  void for_each(Id<model::Record> record, const Matter& matter, const View& view, Take take) const {
    const auto offer = [&](const Statement& statement) {
      const Truth about = is_about(statement, matter);
      if (about != Truth::no) take(statement, about);
    };
    if (matter.kind == model::SubjectKind::deal) {
      for (std::uint32_t index : view.of_kind(plan_.records[record.index()].kind)) offer(at(view, record, index));
    }
    for (const std::vector<std::uint32_t>* rows : candidates(record, matter)) {
      if (!rows) continue;
      for (std::uint32_t row : *rows) offer(rows_[row]);
    }
  }

 private:
  struct Columns {
    const history::Column *rule = nullptr, *deal = nullptr, *person = nullptr, *opened = nullptr;
  };
  using Rows = std::unordered_map<std::uint64_t, std::vector<std::uint32_t>>;

  Statement at(const View& view, Id<model::Record> record, std::uint32_t index) const;
  Statement read(const history::Timeline& timeline, Id<model::Record> record, std::uint32_t index) const;
  void note(Id<model::Record> record, const Statement& statement);
  std::array<const std::vector<std::uint32_t>*, 4> candidates(Id<model::Record> record, const Matter& matter) const;
  Truth is_about(const Statement& statement, const Matter& matter) const;
  bool is_of_somebody(const Statement& statement) const;
  bool is_about_subject(const Statement& statement, const Matter& matter) const;

  const Plan& plan_;
  std::vector<Columns> columns_;  // by Id<Record>
  std::vector<Statement> rows_;   // of people's timelines
  Rows by_deal_, by_person_, by_rule_;
};

}  // namespace plumb::eval
