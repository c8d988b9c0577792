#include "eval/batch.h"

#include <algorithm>
#include <cstring>

namespace plumb::eval {

namespace {

// So many rows and what is found of them stay in the nearer caches.
constexpr std::uint32_t rows_of_batch = 8192;

}  // namespace

Batch::Batch(const Plan& plan) : plan_(plan), of_kind_(plan.history.kinds.size()), of_filter_(plan.book.exprs.size()) {}

void Batch::go_to(const history::Timeline& timeline, std::uint32_t subject, std::uint32_t until) {
  const bool held = timeline_ == &timeline && subject >= subject_ && subject < until_;
  subject_ = subject;
  if (held) return;
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
  if (of.rows.size() <= last_ - first_) of.rows.resize(last_ - first_ + 1);
  // Copies, so that what is written is known to be none of them.
  const std::uint16_t* kinds = timeline_->kind.data();
  const auto wanted = static_cast<std::uint16_t>(kind);
  const std::uint32_t last = last_;
  std::uint32_t* rows = of.rows.data();
  std::size_t size = 0;
#pragma GCC unroll 4
  for (std::uint32_t row = first_; row < last; ++row) {
    rows[size] = row;
    size += kinds[row] == wanted;
  }
  if (plan_.known_at != Instant::max()) {
    const auto hidden = [&](std::uint32_t row) {
      return plan_.recorded_by_then(timeline_->recorded[row]) == Truth::no;
    };
    size = static_cast<std::size_t>(std::remove_if(rows, rows + size, hidden) - rows);
  }
  of.size = size;
  return of;
}

std::span<const std::uint32_t> Batch::of_kind(int kind, std::uint32_t begin, std::uint32_t end) {
  if (kind < 0) return {};
  OfKind& of = rows_of(kind);
  while (of.next < of.size && of.rows[of.next] < begin) ++of.next;
  std::size_t last = of.next;
  while (last < of.size && of.rows[last] < end) ++last;
  return {of.rows.data() + of.next, last - of.next};
}

std::span<const Batch::Counted> Batch::counted(Id<model::Expr> where, int kind, std::uint32_t begin,
                                               std::uint32_t end) {
  if (kind < 0) return {};
  OfFilter& found = of_filter_[where.index()];
  if (found.batch != number_) {
    count(found, plan_.filters[where.index()], rows_of(kind));
    found.batch = number_;
    found.next = 0;
  }
  while (found.next < found.size && found.rows[found.next].row < begin) ++found.next;
  std::size_t last = found.next;
  while (last < found.size && found.rows[last].row < end) ++last;
  return {found.rows.data() + found.next, last - found.next};
}

// The columns of a kind have the order of the timeline: its rows lie together there, too.
void Batch::count(OfFilter& found, const RowFilter& filter, const OfKind& of) {
  found.size = 0;
  if (of.size == 0) return;
  if (found.rows.size() < of.size) found.rows.resize(of.size);
  if (worth_.size() < of.size) worth_.resize(of.size);
  const std::uint32_t first = timeline_->row[of.rows.front()], last = timeline_->row[of.rows[of.size - 1]];
  if (last - first + std::size_t{1} == of.size) {
    filter.judge(first, of.size, worth_.data());
  } else {
    for (std::size_t i = 0; i < of.size; ++i) filter.judge(timeline_->row[of.rows[i]], 1, &worth_[i]);
  }
  static_assert(static_cast<int>(Truth::no) == 0);
  const auto take = [&](std::size_t i) {
    found.rows[found.size] = {of.rows[i], worth_[i]};
    found.size += worth_[i] != Truth::no;
  };
  // Most filters let few rows count: eight that are false are passed by at once.
  std::size_t i = 0;
  for (std::uint64_t eight = 0; i + sizeof(eight) <= of.size; i += sizeof(eight)) {
    std::memcpy(&eight, worth_.data() + i, sizeof(eight));
    if (eight == 0) continue;
    for (std::size_t k = i; k < i + sizeof(eight); ++k) take(k);
  }
  for (; i < of.size; ++i) take(i);
}

}  // namespace plumb::eval
