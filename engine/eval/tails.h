#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "eval/condition.h"
#include "eval/members.h"

/// Which of the facts count: `from SOURCE`, `since E`, `in D`, `over last N`.
namespace plumb::eval {

/// Of records that name the period that they belong to: those of the periods that are judged, whenever they were made,
/// or under `since` and `in` from `from` on; under `over last N PERIODS` those of these.
struct Named {
  bool any = false;      // such records are looked at by the day that they name
  bool periods = false;  // `over last N PERIODS`, Counted::from to `until`
  Instant from = Instant::unknown();
  Instant surely_from = Instant::unknown();  // before that they count perhaps
  bool clock = false;                        // as in Counted

  bool told() const { return surely_from <= from || !surely_from.known(); }
};

/// The facts that count happened in [from, until); of a subject's own timeline those from `first` on.
struct Counted {
  Instant from = Instant::unknown();
  Instant until = Instant::max();
  std::uint32_t first = 0;
  Instant surely_from = Instant::unknown();  // before that they count perhaps
  bool clock = false;  // `from` is an instant within a day: a date alone of that day counts perhaps
  std::vector<std::uint32_t> themselves = {};  // the rows with which they begin; some have a date alone
  /// It is asked of rows: where the context has a day in one order `from` may be the start of that day, and what came
  /// on it before the thing with which it begins is `earlier`.
  bool of_rows = false;
  std::vector<std::uint32_t> earlier = {};
  Named named = {};

  bool told() const { return surely_from <= from || !surely_from.known(); }
  bool begins_with(std::uint32_t row) const { return std::ranges::find(themselves, row) != themselves.end(); }
  bool surely(const Occurrence& one) const { return told() || one.at >= surely_from || begins_with(one.index); }
  /// Whether it comes before `first`, which says nothing of what has a date alone, or is among the earlier.
  bool precedes(const Occurrence& one, const View& view) const {
    return (one.index < first && view.timeline().by_day[one.index] == 0) || is_earlier(one.index);
  }
  bool is_earlier(std::uint32_t row) const { return std::ranges::find(earlier, row) != earlier.end(); }
};

/// What is left of `counted` under tails; `kind`: whose events `since` and `over last` are. `over last` looks back over
/// the window of a period. Missing: nullopt where too little happened to look back over, or that
/// cannot be told; the trace then has what would tell it.
std::optional<Counted> narrowed(const Counted& counted, const model::Tails& tails, model::SubjectKind kind,
                                const Context& context);

/// Whether what comes from the source counts; unknown where nobody says whence it comes.
Truth source_counts(history::Source source, const model::Tails& tails);

/// Whether an occurrence of the subject's own timeline counts at the cut, from `from` on; `sure` is cleared where that
/// cannot be told. `clock`: as in Counted.
bool counts(const Context& context, const Occurrence& occurrence, Instant from, bool& sure, bool clock = false);

/// So many periods of a kind are there in [from, until).
std::int64_t periods_between(const time::Calendar& calendar, time::Period period, Instant from, Instant until);

}  // namespace plumb::eval
