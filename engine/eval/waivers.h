#pragma once

#include <unordered_map>
#include <vector>

#include "eval/value.h"
#include "eval/verdict.h"
#include "history/history.h"
#include "model/model.h"
#include "time/calendar.h"

/// `waiver` records: what somebody has let somebody off (semantics.md §4, `excused`).
namespace plumb::eval {

/// A waiver as it narrows itself; what it leaves open fits all. Words are the history's.
struct Waiver {
  std::uint32_t deal = history::Dictionary::none;
  std::uint32_t person = history::Dictionary::none;
  std::uint32_t rule = history::Dictionary::none;
  std::uint32_t by = history::Dictionary::none;  // who stated it about himself: it lets everybody off but him
  Instant opened = Instant::unknown();           // only the obligation that opened then
  Instant since = Instant::unknown();            // when it was stated: from then on it covers what no first day narrows
  time::Day from, to;                            // the first and the last day that it covers; unknown: it says none
  /// When it was recorded, at the earliest and at the latest; unknown: nobody said.
  Instant recorded = Instant::unknown(), recorded_at_latest = Instant::unknown();
  bool readable = true;  // false: a cell that would narrow it cannot be read
  EventRef row;
};

/// What is asked of a waiver: an obligation, and the instant that decides it.
struct Waivable {
  std::uint32_t deal = history::Dictionary::none;    // words; none: it is about no deal
  std::uint32_t person = history::Dictionary::none;  // whom it is about
  std::uint32_t debtor = history::Dictionary::none;
  std::uint32_t rule = history::Dictionary::none;
  Instant opened;
  Instant covered;  // that a waiver has to cover
  time::Day day;    // of that, in the obligation's calendar
  Instant settled;  // that it has to be recorded before
};

struct Waived {
  Truth holds = Truth::no;
  EventRef row;
  bool in_time = true;  // false: whether it was recorded before cannot be told
};

/// Rows: by the most particular thing that they name. Cost: one look-up for what is waived at all.
class Waivers {
 public:
  bool none() const { return by_deal_.empty() && by_person_.empty() && by_rule_.empty(); }
  void add(const Waiver& waiver);
  /// The first that is certain, in the order of the history; else whether one may be.
  Waived find(const Waivable& asked) const;

 private:
  using ByWord = std::unordered_map<std::uint32_t, std::vector<Waiver>>;
  ByWord by_deal_, by_person_, by_rule_;
};

/// The waivers of a history that were recorded before `known_at`. Missing: none where the history has no such record.
Waivers waivers_of(const history::History& history, const time::Calendar& days, Instant horizon, Instant known_at);

}  // namespace plumb::eval
