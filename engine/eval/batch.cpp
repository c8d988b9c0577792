#include "eval/batch.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

#include "base/assert.h"

namespace plumb::eval {

namespace {

// So many rows and what is found of them stay in the nearer caches.
constexpr std::uint32_t rows_of_batch = 8192;

}  // namespace

Batch::Batch(const Plan& plan) : plan_(plan), of_kind_(plan.history.kinds.size()), of_filter_(plan.book.exprs.size()) {
  for (const history::Timeline* events : {&plan.history.deal_events, &plan.history.person_events}) {
    PLUMB_ASSERT(events->by_kind.first.size() == of_kind_.size() + 1, "a history says where its kinds stand");
  }
}

void Batch::go_to(const history::Timeline& timeline, std::uint32_t subject, std::uint32_t until) {
  const bool held = timeline_ == &timeline && subject >= at_hand_ && subject < until_;
  at_hand_ = subject;
  if (held) return;
  subject_ = subject;
  timeline_ = &timeline;
  const history::Array<std::uint32_t>& first = timeline.first;
  until_ = subject + 1;
  ++number_;
  first_ = last_ = 0;
  if (until_ >= first.size()) return;
  const auto last = std::min<std::size_t>(until, first.size() - 1);
  while (until_ < last && first[until_ + 1] - first[subject] <= rows_of_batch) ++until_;
  first_ = first[subject], last_ = first[until_];
}

// Found when first asked for: most kinds no rule asks for. What was recorded from the known-at on is not there.
Batch::OfKind& Batch::rows_of(int kind) {
  OfKind& of = of_kind_[static_cast<std::size_t>(kind)];
  if (of.batch == number_) return of;
  of.batch = number_, of.next = 0;
  const history::ByKind& all = timeline_->by_kind;
  const std::uint32_t* const begin = all.rows.data() + all.first[static_cast<std::size_t>(kind)];
  const std::uint32_t* const end = all.rows.data() + all.first[static_cast<std::size_t>(kind) + 1];
  // Most batches follow the one before.
  const auto size = static_cast<std::size_t>(end - begin);
  const bool follows = of.place <= size && (of.place == size || begin[of.place] >= first_) &&
                       (of.place == 0 || begin[of.place - 1] < first_);
  const std::uint32_t* const first = follows ? begin + of.place : std::lower_bound(begin, end, first_);
  const auto most = std::min<std::ptrdiff_t>(end - first, last_ - first_);
  const std::uint32_t* const last = std::lower_bound(first, first + most, last_);
  of.place = static_cast<std::size_t>(last - begin);
  of.rows = {first, last};
  if (plan_.known_at == Instant::max()) return of;
  of.seen.clear();
  std::copy_if(first, last, std::back_inserter(of.seen),
               [&](std::uint32_t row) { return plan_.recorded_by_then(timeline_->recorded[row]) != Truth::no; });
  of.rows = of.seen;
  return of;
}

std::span<const std::uint32_t> Batch::of_kind(int kind) {
  if (kind < 0) return {};
  return rows_of(kind).rows;
}

std::span<const std::uint32_t> Batch::of_kind(int kind, std::uint32_t begin, std::uint32_t end) {
  if (kind < 0) return {};
  OfKind& of = rows_of(kind);
  const std::size_t size = of.rows.size();
  while (of.next < size && of.rows[of.next] < begin) ++of.next;
  std::size_t last = of.next;
  while (last < size && of.rows[last] < end) ++last;
  return of.rows.subspan(of.next, last - of.next);
}

// The columns of a kind have the order of the timeline: its rows lie together there, too.
Batch::OfFilter& Batch::judged_of(Id<model::Expr> where, int kind) {
  OfFilter& found = of_filter_[where.index()];
  if (found.judged == number_) return found;
  found.judged = number_;
  const RowFilter& filter = plan_.filters[where.index()];
  const std::span<const std::uint32_t> rows = rows_of(kind).rows;
  const std::size_t size = rows.size();
  if (size == 0) return found;
  if (found.worth.size() < size) found.worth.resize(size);
  const std::uint32_t first = timeline_->row[rows.front()], last = timeline_->row[rows.back()];
  if (last - first + std::size_t{1} == size) {
    filter.judge(first, size, found.worth.data());
  } else {
    for (std::size_t i = 0; i < size; ++i) filter.judge(timeline_->row[rows[i]], 1, &found.worth[i]);
  }
  return found;
}

std::span<const Truth> Batch::judged(Id<model::Expr> where, int kind) {
  if (kind < 0) return {};
  return {judged_of(where, kind).worth.data(), rows_of(kind).rows.size()};
}

Batch::OfFilter& Batch::counted_of(Id<model::Expr> where, int kind) {
  OfFilter& found = judged_of(where, kind);
  if (found.counted != number_) {
    count(found, rows_of(kind));
    found.counted = number_;
    found.next = 0;
  }
  return found;
}

std::span<const Batch::Counted> Batch::counted(Id<model::Expr> where, int kind) {
  if (kind < 0) return {};
  const OfFilter& found = counted_of(where, kind);
  return {found.rows.data(), found.size};
}

std::span<const Batch::Counted> Batch::counted(Id<model::Expr> where, int kind, std::uint32_t begin,
                                               std::uint32_t end) {
  if (kind < 0) return {};
  OfFilter& found = counted_of(where, kind);
  while (found.next < found.size && found.rows[found.next].row < begin) ++found.next;
  std::size_t last = found.next;
  while (last < found.size && found.rows[last].row < end) ++last;
  return {found.rows.data() + found.next, last - found.next};
}

// What counts will be looked at soon: its instant and kind, which few others share a line with, are on their way then.
void Batch::count(OfFilter& found, const OfKind& of) const {
  found.size = 0;
  const std::size_t size = of.rows.size();
  if (found.rows.size() < size) found.rows.resize(size);
  static_assert(static_cast<int>(Truth::no) == 0);
  const Instant* const at = timeline_->at.data();
  const std::uint16_t* const kind = timeline_->kind.data();
  const auto take = [&](std::size_t i) {
    const std::uint32_t row = of.rows[i];
    found.rows[found.size++] = {row, static_cast<std::uint32_t>(i), found.worth[i]};
    __builtin_prefetch(at + row);
    __builtin_prefetch(kind + row);
  };
  // Most filters let few rows count: of eight only those that do are looked at.
  static_assert(std::endian::native == std::endian::little, "the first of eight bytes is the lowest");
  std::size_t i = 0;
  for (std::uint64_t eight = 0; i + sizeof(eight) <= size; i += sizeof(eight)) {
    std::memcpy(&eight, found.worth.data() + i, sizeof(eight));
    while (eight != 0) {
      const int byte = std::countr_zero(eight) / 8;
      take(i + static_cast<std::size_t>(byte));
      eight &= ~(std::uint64_t{0xff} << (8 * byte));
    }
  }
  for (; i < size; ++i) {
    if (found.worth[i] != Truth::no) take(i);
  }
}

}  // namespace plumb::eval
