#include "eval/ordinal.h"

#include <algorithm>
#include <unordered_set>

namespace plumb::eval {

namespace {

using model::EventKind;

class Walk {
 public:
  Walk(const model::Event& event, bool once, const time::Calendar& days, std::span<const Nth> all,
       std::vector<Occurrence>& out)
      : nth_(event.nth), of_days_(event.on_another_day), once_(once), days_(days), all_(all), out_(out) {}

  void run();

 private:
  bool sure(const Nth& one) const { return one.found.certain && one.found.at.known(); }
  void count(const Nth& one);
  std::int64_t subjects() const;
  std::int64_t others(const Nth& one) const { return possible_ - (once_ && had_.count(one.subject) > 0); }
  void take_undated();
  std::size_t end_of_block(std::size_t begin) const;
  void take_block(std::size_t begin, std::size_t end);
  void take_day(std::size_t begin, std::size_t end);
  Truth first_of_day(std::size_t begin, std::size_t end, std::size_t at) const;
  std::uint32_t earliest(const Nth& one) const;
  std::uint32_t not_before(std::size_t begin, std::size_t end, std::size_t at, std::int64_t possible) const;
  void offer(const Nth& one, std::int64_t least, std::int64_t most, Truth first);

  std::int64_t nth_;
  bool of_days_, once_;
  const time::Calendar& days_;
  std::span<const Nth> all_;
  std::vector<Occurrence>& out_;
  std::size_t dated_ = 0;                  // before it stand those without an instant
  bool by_day_ = false;                    // some have a date alone
  std::int64_t certain_ = 0;               // of the blocks that are behind, or days
  std::int64_t possible_ = 0;              // likewise, with those that have no instant
  std::unordered_set<std::uint32_t> had_;  // once: whose are counted
};

void Walk::count(const Nth& one) {
  if (!once_ || had_.insert(one.subject).second) ++possible_;
}

void Walk::offer(const Nth& one, std::int64_t least, std::int64_t most, Truth first) {
  if (first == Truth::no || least >= nth_ || (!one.unseen && most < nth_ - 1)) return;
  const bool exact = least == nth_ - 1 && most == nth_ - 1 && !one.unseen && first == Truth::yes;
  out_.emplace_back(one.found.index, one.found.at, exact && one.found.certain);
  if (!one.found.at.known()) out_.back().not_before = earliest(one);
}

// One without an instant is the n-th only after so many others have come, of which the undated ones may be some.
std::uint32_t Walk::earliest(const Nth& one) const {
  std::int64_t needed = nth_ - static_cast<std::int64_t>(dated_);
  std::size_t i = dated_;
  for (time::Day last = time::Day::unknown(); i < all_.size() && needed > 0; ++i) {
    const time::Day day = of_days_ ? days_.day_of(all_[i].found.at) : time::Day::unknown();
    if (!of_days_ || day != last) --needed;
    last = day;
  }
  const bool bounded = i > dated_ && needed == 0 && !one.unseen;
  return bounded ? all_[i - 1].found.index : one.found.not_before;
}

std::int64_t Walk::subjects() const {
  std::unordered_set<std::uint32_t> whose;
  for (const Nth& one : all_) whose.insert(one.subject);
  return static_cast<std::int64_t>(whose.size());
}

// One without an instant may have come after all others; of what comes once those of its own subject are none.
void Walk::take_undated() {
  if (dated_ == 0) return;
  std::int64_t days = 0;
  time::Day last = time::Day::unknown();
  for (std::size_t i = dated_; i < all_.size() && of_days_; ++i) {
    const time::Day day = days_.day_of(all_[i].found.at);
    days += day != last, last = day;
  }
  const auto undated = static_cast<std::int64_t>(dated_);
  const std::int64_t all = of_days_ ? undated + days : once_ ? subjects() : static_cast<std::int64_t>(all_.size());
  for (std::size_t i = 0; i < dated_; ++i) offer(all_[i], 0, all - 1, all == 1 ? Truth::yes : Truth::unknown);
  for (std::size_t i = 0; i < dated_; ++i) count(all_[i]);
}

// The rows of a civil day, where an order within it cannot be told or days are counted.
std::size_t Walk::end_of_block(std::size_t begin) const {
  std::size_t end = begin + 1;
  if (!of_days_ && !by_day_) return end;
  const time::Day day = days_.day_of(all_[begin].found.at);
  while (end < all_.size() && days_.day_of(all_[end].found.at) == day) ++end;
  return end;
}

// One with a date alone is the n-th only after so many others have come, of which those with a date alone may have come
// at the start of the day. Missing: UINT32_MAX, from the start of its day on.
std::uint32_t Walk::not_before(std::size_t begin, std::size_t end, std::size_t at, std::int64_t possible) const {
  std::int64_t needed = nth_ - 1 - possible;
  for (std::size_t i = begin; i < end; ++i) needed -= i != at && all_[i].by_day();
  if (needed <= 0 || all_[at].unseen || once_) return UINT32_MAX;
  for (std::size_t i = begin; i < end; ++i) {
    if (!all_[i].by_day() && --needed == 0) return all_[i].found.index;
  }
  return UINT32_MAX;
}

void Walk::take_block(std::size_t begin, std::size_t end) {
  const std::int64_t certain = certain_, others_of_day = static_cast<std::int64_t>(end - begin) - 1;
  const std::int64_t possible = possible_;
  for (std::size_t i = begin; i < end; ++i) {
    if (all_[i].by_day() || once_) count(all_[i]);
  }
  std::int64_t later = 0;  // those with a date alone, certain only when the day is over
  for (std::size_t i = begin; i < end; ++i) {
    const Nth& one = all_[i];
    if (one.by_day()) {
      const std::size_t before = out_.size();
      offer(one, certain, once_ ? others(one) : possible + others_of_day, Truth::yes);
      if (out_.size() > before) out_.back().not_before = not_before(begin, end, i, possible);
      later += sure(one);
      continue;
    }
    offer(one, certain_, others(one), Truth::yes);
    if (!once_) count(one);
    certain_ += sure(one);
  }
  certain_ += later;
}

// Whether one is the first of its day.
Truth Walk::first_of_day(std::size_t begin, std::size_t end, std::size_t at) const {
  Truth first = dated_ > 0 ? Truth::unknown : Truth::yes;
  for (std::size_t i = begin; i < end; ++i) {
    if (i == at) continue;
    const bool either_way = all_[i].by_day() || all_[at].by_day();
    if (i > at && !either_way) break;
    if (!either_way && sure(all_[i])) return Truth::no;
    first = Truth::unknown;
  }
  return first;
}

void Walk::take_day(std::size_t begin, std::size_t end) {
  bool certain = false;
  for (std::size_t i = begin; i < end; ++i) {
    const Truth first = first_of_day(begin, end, i);
    if (first == Truth::no && !by_day_) break;  // nor are those after it
    offer(all_[i], certain_, possible_, first);
  }
  for (std::size_t i = begin; i < end; ++i) certain |= sure(all_[i]);
  certain_ += certain;
  ++possible_;
}

void Walk::run() {
  while (dated_ < all_.size() && !all_[dated_].found.at.known()) ++dated_;
  by_day_ = std::any_of(all_.begin(), all_.end(), [](const Nth& one) { return one.by_day(); });
  take_undated();
  for (std::size_t begin = dated_, end = begin; begin < all_.size() && certain_ < nth_; begin = end) {
    end = end_of_block(begin);
    const std::size_t before = out_.size();
    of_days_ ? take_day(begin, end) : take_block(begin, end);
    if (certain_ < nth_) continue;
    // By then it has come for certain, whichever it was; of days with the first thing of the last one.
    if (!out_.empty() && out_.back().at.known()) out_.back().at_the_latest = true;
    bool come = false;
    for (std::size_t i = begin, next = before; of_days_ && i < end && next < out_.size(); ++i) {
      if (all_[i].found.index != out_[next].index) continue;
      come |= sure(all_[i]);
      out_[next++].at_the_latest |= come;
    }
  }
}

}  // namespace

void find_nth(const model::Event& event, bool once, const time::Calendar& days, std::span<const Nth> all,
              std::vector<Occurrence>& out) {
  Walk(event, once, days, all, out).run();
}

void find_plain_nth(const model::Event& event, const time::Calendar& days, std::span<const Occurrence> all,
                    std::vector<Occurrence>& out) {
  std::int64_t number = 0;
  time::Day last = time::Day::unknown();
  for (const Occurrence& one : all) {
    const time::Day day = event.on_another_day ? days.day_of(one.at) : time::Day::unknown();
    if (event.on_another_day && number > 0 && day == last) continue;
    last = day;
    if (++number < event.nth) continue;
    out.push_back(one);
    return;
  }
}

bool at_most_once(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  if (event.kind == EventKind::filtered) return at_most_once(book, event.parts.front());
  return event.kind == EventKind::created || (event.kind == EventKind::ordinal && !event.for_each_contact);
}

}  // namespace plumb::eval
