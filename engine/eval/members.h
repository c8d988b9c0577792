#pragma once

#include <array>
#include <vector>

#include "eval/condition.h"

/// The events of all deals by whom they belong to: what aggregates of people, teams and the company run over.
namespace plumb::eval {

/// The key of what may belong to each and all: the data does not say whose it is.
inline constexpr std::uint32_t anybody = nobody - 1;

/// Rows: sorted by key, at, subject, index. `key`: a person, a team's word, 0 for the company, or `anybody`; undated
/// rows come first.
struct MemberList {
  struct Row {
    std::uint32_t key;
    Instant at;
    bool of_person;  // of whose timeline: a person's or a deal's
    std::uint32_t subject;
    std::uint32_t index;
    bool certain;
    Truth where;  // decided already when the filter reads the event only; else unknown until asked
  };
  std::vector<Row> rows;
  bool wanted = false;

  /// The rows of `key` in [from, until); those without an instant are in `undated`.
  struct Range {
    const Row* begin;
    const Row* end;
  };
  Range between(std::uint32_t key, Instant from, Instant until) const;
  Range undated(std::uint32_t key) const;
};

/// By subject kind and Id<Expr> of the aggregate (or of the `happened` condition).
struct Members {
  std::array<std::vector<MemberList>, 4> of;
  View* view = nullptr;  // loads a deal where a filter reads its fields

  const MemberList& list(model::SubjectKind kind, Id<model::Expr> id) const {
    return of[static_cast<std::size_t>(kind)][id.index()];
  }
};

/// Marks the lists that the rules of people, teams and the company will read.
Members wanted_members(const Plan& plan);
/// Adds the loaded deal's or person's events to every wanted list; a person's own are read from his timeline.
void collect_members(View& view, Members& members);
void sort_members(Members& members);

/// Whose lists an aggregate reads in this context, and by which key. Missing: `nobody`.
model::SubjectKind list_kind(const model::Aggregate& aggregate, const Context& context);
std::uint32_t list_key(model::SubjectKind kind, const Context& context);

}  // namespace plumb::eval
