#pragma once

#include <algorithm>
#include <compare>
#include <span>
#include <vector>

#include "base/result.h"
#include "eval/row_filter.h"
#include "eval/verdict.h"
#include "eval/waivers.h"
#include "eval/word_table.h"
#include "history/history.h"
#include "model/model.h"
#include "time/calendar.h"

/// A rulebook bound to a history: every field, activity, stage and word found in its column before the first event is
/// looked at, so that evaluation compares numbers only.
namespace plumb::eval {

using time::Instant;

/// The first day of which every calendar knows the periods.
inline constexpr time::Day first_tabulated{-25567};  // 1900-01-01

struct FieldBinding {
  const history::Column* initial = nullptr;  // deals: as of creation; accounts
  int change_kind = -1;                      // deals: into History::kinds
  bool changes_only = false;                 // deals: what any was created with is told by nothing
  const history::Column* change_from = nullptr;
  const history::Column* change_to = nullptr;
  const history::Column* dated = nullptr;  // people
  std::vector<const history::Column*>
      attribute;  // activities, records: by kind; nullptr: that kind has no such attribute
  time::Interval observed;
  time::Interval changes_observed;  // deals: when it changed
  /// Whether any column gives the field at all.
  bool bound() const { return initial || change_kind >= 0 || dated || !attribute.empty(); }
};

struct KindBinding {
  int kind = -1;  // into History::kinds; -1: none ever happened
  time::Interval observed;
  bool about_people = true;  // records: rows about people could be there
};

/// The deals of each account, where a rule counts among them. Rows: sorted by account, then deal.
struct DealsOfAccount {
  struct Row {
    std::uint32_t account, deal;
    friend auto operator<=>(const Row&, const Row&) = default;
  };
  std::vector<Row> rows;

  /// Also of `unknown_account`. Cost: O(log n).
  std::span<const Row> of(std::uint32_t account) const {
    const auto found = std::ranges::equal_range(rows, account, {}, &Row::account);
    return {found.begin(), found.end()};
  }
};

/// Where the history begins: not before `perhaps` (unknown: nowhere), and by `surely` in any case (max: nobody knows).
/// Where the two differ it cannot be told whether what happened first was recorded before the known-at: `row`.
struct Began {
  Instant perhaps, surely;
  EventRef row = no_event;
};

/// A set of stages, by Id<Stage>; one with a number from 64 on is in none.
using StageBits = std::uint64_t;
inline StageBits bit_of(Id<model::Stage> stage) {
  return stage && stage.index() < 64 ? StageBits{1} << stage.index() : 0;
}

struct Plan {
  const model::Rulebook& book;
  const history::History& history;
  Instant horizon;
  Instant known_at = Instant::max();  // what was recorded from then on is not there

  std::vector<time::Calendar> calendars;  // [0] is the default
  std::vector<std::string> calendar_names;
  std::vector<FieldBinding> fields;              // by Id<Field>
  std::vector<KindBinding> activities, records;  // by Id
  int created_kind = -1, moved_kind = -1, leave_kind = -1;
  const history::Column* move_from = nullptr;
  const history::Column* move_to = nullptr;
  bool untold_moves = false;  // some move says that nobody knows where it came from
  /// The stages of the one process, where the last entry of each is among the rows (`history::last_entry`); else none.
  StageBits last_entries = 0;
  StageBits closing = 0;  // and those of them that close a deal
  Id<model::Field> owner, team, manager;
  std::uint32_t unknown_person = UINT32_MAX;  // who stands for those of whom nobody knows who they are
  Id<model::Process> only_process;  // that every deal follows: there is no other, and nothing asks which deals do
  std::vector<std::vector<std::uint32_t>> choice_words;  // by Id<Field>: the word of each choice
  std::vector<std::uint32_t> literal;                    // by Id<Expr>: the word of a text literal
  std::vector<WordTable> stage_of_word;                  // by Id<Process>: Id<Stage>
  std::vector<RowFilter> filters;        // by Id<Expr>: the `where` of an event or aggregate, over columns
  std::vector<bool> uses_today;          // by Id<Expr>: may change at midnight
  std::vector<bool> only_event;          // by Id<Expr>: reads nothing but the candidate event
  std::vector<bool> verdict_read;        // by rule: whether a condition may read its verdicts
  std::vector<bool> uses_its, only_its;  // by Id<Expr>: reads (nothing but) the event that opened
  std::vector<Instant> coverage_ends;    // where some fact begins or ceases to be observed; sorted
  std::vector<bool> actors_observed;     // by History::kinds, where `by actor` counts them: any row says who did it
  WordTable person_of_word;
  bool accounts_told = false;  // some deal says of which account it is, or that it is of none
  bool some_account_unknown = false;
  DealsOfAccount deals_of_account;
  history::Array<std::uint32_t> deal_account;  // as in the history; unknown of deals created when nobody observed them
  time::Interval stages_observed;
  bool by_day = false;                         // any fact has a date and no time of day
  const history::Column* active = nullptr;     // people's
  std::vector<const history::Column*> naming;  // by History::kinds: see naming_columns
  const history::Column* person_calendar = nullptr;
  std::vector<std::uint16_t> row_calendar;  // by row of History::people: into `calendars`, or one of the two below
  static constexpr std::uint16_t no_calendar = UINT16_MAX, unknown_calendar = UINT16_MAX - 1;
  bool calendars_told = true;  // no row names a calendar that nobody knows
  bool all_work = true;        // every calendar has working hours
  time::Interval leave_observed;
  Waivers waivers;
  bool any_records = false;               // something is stated, which counts from when it is
  bool any_holds = false;                 // some process has a stage, or a condition, that stops the clocks
  std::vector<std::uint32_t> rule_words;  // by Rulebook::rules: the word of its name
  std::vector<std::vector<std::uint32_t>> target_order;  // by Id<Target>: its cases, the most particular first
  Began began;

  /// A person by the word of his id. Missing: UINT32_MAX, also for what is no word.
  std::uint32_t person(std::int64_t word) const { return person_of_word[word]; }

  /// As History::account_of.
  std::uint32_t account_of(std::uint32_t deal) const {
    return deal < deal_account.size() ? deal_account[deal] : history::no_account;
  }

  /// The default calendar, where nobody has one of his own; else that of a person at an instant.
  const time::Calendar& calendar_at(std::uint32_t person, Instant at) const {
    return person_calendar ? calendar_of(person, calendars.front().day_of(at)) : calendars.front();
  }
  /// The calendar of a person (nobody: the default) on a day; without one, the first that is named.
  const time::Calendar& calendar_of(std::uint32_t person, time::Day day = time::Day::unknown()) const;

  /// False where nobody knows which calendar a person has at an instant.
  bool calendar_told(std::uint32_t person, Instant at) const;

  /// Whether what was recorded at an instant is there as of the known-at. Missing: unknown where nobody said when.
  Truth recorded_by_then(Instant recorded) const {
    if (known_at == Instant::max()) return Truth::yes;
    return recorded.known() ? truth(recorded < known_at) : Truth::unknown;
  }
};

/// Errors: a calendar that cannot be made.
Result<Plan> bind(const model::Rulebook& book, const history::History& history, Instant horizon,
                  Instant known_at = Instant::max());

/// Whether a calendar has any working hours.
bool works(const time::Calendar& calendar);

/// A person's team on a day, a dictionary word. Missing: `nobody`.
std::uint32_t team_of(const Plan& plan, std::uint32_t person, time::Day day);

/// A person's field on a day, by the rows that were recorded before the known-at. Missing: unknown where the data does
/// not say.
Value person_value(const Plan& plan, Id<model::Field> field, std::uint32_t person, time::Day day);

/// The row of History::people in force on a day. Missing: UINT32_MAX.
std::uint32_t person_row(const history::People& people, std::uint32_t person, time::Day day);

}  // namespace plumb::eval
