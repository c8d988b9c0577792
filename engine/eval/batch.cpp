#include "eval/batch.h"

#include <algorithm>

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
  if (until_ >= first.size()) return take(0, 0);
  const auto last = std::min<std::size_t>(until, first.size() - 1);
  while (until_ < last && first[until_ + 1] - first[subject] <= rows_of_batch) ++until_;
  take(first[subject], first[until_]);
}

void Batch::take(std::uint32_t first, std::uint32_t last) {
  ++number_;
  for (OfKind& kind : of_kind_) kind.rows.clear(), kind.next = 0;
  const std::uint16_t* kinds = timeline_->kind.data();
  const bool all = plan_.known_at == Instant::max();
  for (std::uint32_t row = first; row < last; ++row) {
    // What was recorded from the known-at on is not there.
    if (all || plan_.recorded_by_then(timeline_->recorded[row]) != Truth::no) of_kind_[kinds[row]].rows.push_back(row);
  }
}

std::span<const std::uint32_t> Batch::of_kind(int kind, std::uint32_t begin, std::uint32_t end) {
  if (kind < 0) return {};
  OfKind& of = of_kind_[static_cast<std::size_t>(kind)];
  while (of.next < of.rows.size() && of.rows[of.next] < begin) ++of.next;
  std::size_t last = of.next;
  while (last < of.rows.size() && of.rows[last] < end) ++last;
  return {of.rows.data() + of.next, last - of.next};
}

std::span<const Batch::Counted> Batch::counted(Id<model::Expr> where, int kind, std::uint32_t begin,
                                               std::uint32_t end) {
  if (kind < 0) return {};
  OfFilter& found = of_filter_[where.index()];
  if (found.batch != number_) {
    count(found, plan_.filters[where.index()], of_kind_[static_cast<std::size_t>(kind)].rows);
    found.batch = number_;
    found.next = 0;
  }
  while (found.next < found.rows.size() && found.rows[found.next].row < begin) ++found.next;
  std::size_t last = found.next;
  while (last < found.rows.size() && found.rows[last].row < end) ++last;
  return {found.rows.data() + found.next, last - found.next};
}

// The columns of a kind have the order of the timeline: its rows lie together there, too.
void Batch::count(OfFilter& found, const RowFilter& filter, const std::vector<std::uint32_t>& rows) {
  found.rows.resize(rows.size());
  if (rows.empty()) return;
  worth_.resize(rows.size());
  const std::uint32_t first = timeline_->row[rows.front()], last = timeline_->row[rows.back()];
  if (last - first + std::size_t{1} == rows.size()) {
    filter.judge(first, rows.size(), worth_.data());
  } else {
    for (std::size_t i = 0; i < rows.size(); ++i) filter.judge(timeline_->row[rows[i]], 1, &worth_[i]);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    found.rows[kept] = {rows[i], worth_[i]};
    kept += worth_[i] != Truth::no;
  }
  found.rows.resize(kept);
}

}  // namespace plumb::eval
