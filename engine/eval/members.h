#pragma once

#include <array>
#include <utility>
#include <vector>

#include "eval/condition.h"

/// The events of all deals by whom they belong to: what aggregates of people, teams and the company run over.
namespace plumb::eval {

/// The key of what may belong to each and all: the data does not say whose it is.
inline constexpr std::uint32_t anybody = nobody - 1;

/// One list for each key: a person, a team's word, 0 for the company, or `anybody`. Rows: sorted by at, then by
/// timeline, subject and index; undated rows come first.
struct MemberList {
  struct Row {
    Instant at;
    std::uint32_t index;
    std::uint32_t subject : 28;   // of the timeline
    std::uint32_t of_person : 1;  // of whose timeline: a person's or a deal's
    std::uint32_t certain : 1;
    std::uint32_t worth : 2;  // a Truth, see where()

    /// Decided already when the filter reads the event only; else unknown until asked.
    Truth where() const { return static_cast<Truth>(worth); }
  };
  static_assert(sizeof(Row) == 16);

  struct OfKey {
    std::uint32_t key;
    std::vector<Row> rows;
    bool plain = true;  // all are certain, and decided
    /// Of plain ones with a filter: how many rows before each, and in all, it lets count.
    std::vector<std::uint32_t> counting;
  };

  bool wanted = false;

  /// Some rows of one key. Missing: none.
  struct Range {
    const OfKey* of = nullptr;
    const Row* begin = nullptr;
    const Row* end = nullptr;
    /// The rows that the filter lets count; asked only of plain ones.
    std::int64_t counting() const;
  };
  /// The rows of `key` in [from, until); those without an instant are in `undated`.
  Range between(std::uint32_t key, Instant from, Instant until) const;
  Range undated(std::uint32_t key) const;

  /// The list of a key, made when there is none yet.
  OfKey& of(std::uint32_t key);
  std::vector<OfKey>& lists() { return lists_; }
  const std::vector<OfKey>& lists() const { return lists_; }

 private:
  const OfKey* find(std::uint32_t key) const;

  std::vector<OfKey> lists_;
  WordTable list_of_;                           // by key
  std::uint32_t anybody_ = WordTable::nothing;  // its list
};

/// By subject kind and Id<Expr> of the aggregate (or of the `happened` condition).
struct MemberLists {
  std::array<std::vector<MemberList>, 4> of;
  std::vector<std::pair<model::SubjectKind, Id<model::Expr>>> wanted;
};

/// The lists of all, and a view of who reads them.
struct Members {
  const MemberLists& lists;
  View* view = nullptr;  // loads a deal where a filter reads its fields

  const MemberList& list(model::SubjectKind kind, Id<model::Expr> id) const {
    return lists.of[static_cast<std::size_t>(kind)][id.index()];
  }
};

/// Marks the lists that the rules of people, teams and the company will read.
MemberLists wanted_members(const Plan& plan);
/// Adds the loaded deal's or person's events to every wanted list; a person's own are read from his timeline.
void collect_members(View& view, MemberLists& lists);
/// Adds what another has collected; the order in which they did is none of the lists' once they are sorted.
void append_members(MemberLists& lists, const MemberLists& more);
void sort_members(MemberLists& lists, unsigned threads);

/// Whose lists an aggregate reads in this context, and by which key. Missing: `nobody`.
model::SubjectKind list_kind(const model::Aggregate& aggregate, const Context& context);
std::uint32_t list_key(model::SubjectKind kind, const Context& context);

}  // namespace plumb::eval
