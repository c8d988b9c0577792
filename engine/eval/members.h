#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/condition.h"

/// The events of all deals by whom they belong to: what aggregates of people, teams and the company run over.
namespace plumb::eval {

/// The key of what may belong to each and all: the data does not say whose it is.
inline constexpr std::uint32_t anybody = nobody - 1;

/// One list for each key: a person, a team's word, 0 for the company, or `anybody`.
class MemberList {
 public:
  struct Row {
    Instant at;
    std::uint32_t index;
    std::uint32_t subject : 28;   // of the timeline
    std::uint32_t of_person : 1;  // of whose timeline: a person's or a deal's
    std::uint32_t certain : 1;
    std::uint32_t worth : 2;  // a Truth, see where()

    /// Decided already when the filter reads the event only; else unknown until asked.
    Truth where() const { return static_cast<Truth>(worth); }
    bool plain() const { return certain && where() != Truth::unknown; }
  };
  static_assert(sizeof(Row) == 16);

  /// What else is known of a row. `followed by`: when it was, for certain and perhaps; a span: from and until, and
  /// whether that can be told; deals that stand: until when the deal is one, when it shows that the row
  /// begins or ends with the last instant of a day (else unknown), and (second_by_day) since a date alone.
  struct Upon {
    Row row;  // whose
    Instant first, second;
    bool told = true;
    bool first_by_day = false, second_by_day = false;  // or later on that day
  };

  /// A stretch at the beginning of a deal of which its history does not tell whether what is listed happened; `row`, of
  /// the deals' timeline, is the first that tells of it.
  struct Untold {
    Instant from, until;
    std::uint32_t row;
  };

  /// Rows: put in order when first asked for by time: by at, then by timeline, subject and index; undated ones first.
  class OfKey {
   public:
    explicit OfKey(std::uint32_t key) : key(key) {}
    const std::uint32_t key;

    void add(Instant at, EventRef event, std::uint32_t subject, bool certain, Truth worth) {
      if (parts_.empty() || parts_.back().size() == parts_.back().capacity()) make_room();
      parts_.back().emplace_back(at, event.index, subject, event.of_person, certain, static_cast<std::uint32_t>(worth));
      ++size_;
      plain_ &= certain && worth != Truth::unknown;
      counting_ += worth == Truth::yes;
      undated_ += !at.known();
      if (at.known()) first_ = std::min(first_, at), last_ = std::max(last_, at);
    }
    /// What is known of the row added last. Of all rows of a list or of none.
    void add_upon(Instant first, Instant second, bool told, bool first_by_day = false, bool second_by_day = false);
    void add_untold(const Untold& stretch) { untold_.push_back(stretch); }
    /// Takes the rows of another, which has none then.
    void add(OfKey&& more);

    std::size_t size() const { return size_; }
    std::size_t undated() const { return undated_; }
    /// All are certain, and decided.
    bool plain() const { return plain_; }
    /// So many of them the filter lets count.
    std::int64_t counting() const { return counting_; }
    /// Where in order those of the subjects stand that `several` says; as `MemberList::several` has it.
    const std::vector<std::uint32_t>& of_several(const std::vector<bool>& several) const;
    /// The first `most` that the filter lets count.
    std::vector<Row> first(std::size_t most, bool counting) const;
    bool all_between(Instant from, Instant until) const { return undated_ == 0 && first_ >= from && last_ < until; }

    const std::vector<Row>& in_order() const;
    /// As many as rows, in their order, or none.
    const std::vector<Upon>& upon_in_order() const;
    /// Of the rows in order: how many before each, and in all, the filter lets count. Empty when they are not plain.
    const std::vector<std::uint32_t>& counting_before() const;
    /// What has been found of all rows, a `T` for each list, made when first asked for.
    template <class T, class Make>
    const T& made(Make make) const {
      std::call_once(made_once_, [&] { made_ = make(); });
      return *static_cast<const T*>(made_.get());
    }
    /// Appends the stretches that overlap [from, until) until there are so many. Cost: O(log n) where there are none.
    void untold(Instant from, Instant until, std::size_t most, std::vector<Untold>& out) const;

   private:
    void make_room();
    void sort() const;
    void sort_untold() const;

    // As they came, in parts of which none is moved when more come; in one piece when they are in order.
    mutable std::vector<std::vector<Row>> parts_;
    std::size_t size_ = 0;
    mutable std::vector<Row> rows_;
    mutable std::vector<Upon> upon_;
    mutable std::vector<std::uint32_t> counting_before_;
    mutable std::vector<Untold> untold_;
    mutable std::vector<Instant> untold_until_;  // the latest end of those up to each, in order
    mutable std::shared_ptr<const void> made_;
    mutable std::vector<std::uint32_t> of_several_;
    mutable std::once_flag sorted_, untold_sorted_, made_once_, several_found_;
    mutable std::mutex sorting_;  // who looks at the rows as they are waits for who puts them in order
    Instant first_ = Instant::max(), last_ = Instant::unknown();  // of those that have an instant
    std::size_t undated_ = 0;
    std::int64_t counting_ = 0;
    bool plain_ = true;
  };

  /// The stretches of `key`, and of anybody, that overlap [from, until): at most so many, the first ones.
  std::vector<Untold> untold(std::uint32_t key, Instant from, Instant until, std::size_t most) const;

  /// Some rows of one key, in order. Missing: none.
  struct Range {
    const OfKey* of = nullptr;
    const Row* begin = nullptr;
    const Row* end = nullptr;
    /// The rows that the filter lets count; asked only of plain ones.
    std::int64_t counting() const;
    /// Of a row among them. Missing: nullptr.
    const Upon* upon(const Row* row) const;
  };
  /// The rows of `key` in [from, until); those without an instant are in `undated`.
  Range between(std::uint32_t key, Instant from, Instant until) const;
  Range undated(std::uint32_t key) const;
  /// The list of `key`. Missing: nullptr.
  const OfKey* find(std::uint32_t key) const;
  /// The list of `key` when all of it lies in [from, until), which needs no order to be counted. Missing: nullptr.
  const OfKey* all_between(std::uint32_t key, Instant from, Instant until) const;

  /// By subject of the deals: whether there are several rows of it, whosever they are. Empty where of none there are.
  const std::vector<bool>& several() const;

  /// The list of a key, made when there is none yet.
  OfKey& of(std::uint32_t key);
  const std::vector<std::unique_ptr<OfKey>>& lists() const { return lists_; }

 private:
  struct Several {
    std::once_flag found;
    std::vector<bool> of;
  };
  std::unique_ptr<Several> several_ = std::make_unique<Several>();
  std::vector<std::unique_ptr<OfKey>> lists_;
  WordTable list_of_;                           // by key
  std::uint32_t anybody_ = WordTable::nothing;  // its list
};

/// What a list is filled with: an aggregate, a `happened` condition, or the events of `since E` and `time since E`.
struct WantedList {
  model::SubjectKind kind;
  Id<model::Expr> expr;    // none: `event`
  Id<model::Event> event;  // whose occurrences it holds; none: the deals that stand
};

/// By subject kind and Id<Expr> of the aggregate (or of the `happened` condition), or Id<Event>.
struct MemberLists {
  std::array<std::vector<MemberList>, 4> of, latest;
  std::vector<WantedList> wanted;
  bool of_deals = false;  // a rule about deals reads some: they are filled before the first is judged

  MemberList& list(const WantedList& wanted) {
    const auto kind = static_cast<std::size_t>(wanted.kind);
    return wanted.expr ? of[kind][wanted.expr.index()] : latest[kind][wanted.event.index()];
  }
  const MemberList& list(const WantedList& wanted) const {
    const auto kind = static_cast<std::size_t>(wanted.kind);
    return wanted.expr ? of[kind][wanted.expr.index()] : latest[kind][wanted.event.index()];
  }
};

/// The lists of all, and views of who reads them.
struct Members {
  const MemberLists& lists;
  View* view = nullptr;    // loads a deal where a filter reads its fields
  View* people = nullptr;  // loads a person who may be counted

  const MemberList& list(model::SubjectKind kind, Id<model::Expr> id) const {
    return lists.of[static_cast<std::size_t>(kind)][id.index()];
  }
  const MemberList& latest(model::SubjectKind kind, Id<model::Event> id) const {
    return lists.latest[static_cast<std::size_t>(kind)][id.index()];
  }
};

/// As counts_from() of where the row stands.
inline Instant counts_from(const Plan& plan, const MemberList::Row& row, bool timely) {
  if (!timely || !plan.any_records) return row.at;
  return counts_from(plan, row.of_person ? plan.history.person_events : plan.history.deal_events, row.index, timely);
}

/// Marks the lists that the rules will read.
MemberLists wanted_members(const Plan& plan);
/// Takes what another has collected; in which order they did shows nowhere.
void append_members(MemberLists& lists, MemberLists& more);

/// Whose events a measure or an aggregate counts that says `of team`, `of company` or nothing.
model::SubjectKind kind_of(std::string_view of, model::SubjectKind kind);
/// Whose events an aggregate counts in this context: a deal's own, or those of a list.
model::SubjectKind list_kind(const model::Aggregate& aggregate, const Context& context);
/// By which key. Missing: `nobody`.
std::uint32_t list_key(model::SubjectKind kind, const Context& context);

}  // namespace plumb::eval
