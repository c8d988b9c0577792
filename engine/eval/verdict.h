#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "model/model.h"
#include "time/time.h"

/// What an evaluation says: one obligation for each time that a rule asked something of somebody.
namespace plumb::eval {

using time::Instant;

enum class Verdict : std::uint8_t { kept, late, missed, due, excused, cannot_tell };
inline constexpr std::size_t verdict_count = 6;

/// The language's word: kept, late, missed, due, excused, cannot tell.
std::string_view to_text(Verdict verdict);

/// Why a verdict is what it is.
enum class Ground : std::uint8_t {
  holds,             // atom: was true at the instant that decides
  fails,             // atom: was false
  unknown,           // atom: could not be told
  nothing_happened,  // event: no occurrence in the window
  happened_late,     // event: `amount` microseconds after the deadline; less than 0: nobody knows how many
  happened,          // event: in time
  allowed,           // a move from stage `amount` (-1: none) to stage `of_amount`, by Id
  not_allowed,       // the same
  would_allow,       // the same, of another move that could have been made
  used_up,           // a return that may be made `amount` times, and was
  not_skippable,     // the stage `of_amount`, by Id, which a move passed by
  limit_exceeded,    // atom: the event that exceeded the limit is the last of the evidence
  lapse,             // atom: was false for `amount` microseconds
  closed_first,      // the deal closed before the deadline
  left_filter,       // the person was no longer one of those the rule is about
  undated,           // event: happened at an instant that nobody gave
  day_only,  // event; or else row `amount` of the timeline of deals (`of_amount` 0) or people (1): has a date and
             // no time of day, and the rule asks for an order or a clock within the day
  too_few,   // `amount` of `of_amount` that `given at least` asks
  progress,  // `amount` so far, `of_amount` asked (millionths)
  progress_in_units,  // the same in whole units, where they are too many for millionths
  pace,               // of a total that is due: `amount` by now at an even pace over the working days, of `of_amount`
  still_asked,        // the same: `amount` more are needed (millionths)
  still_allowed,      // the same of a total that may not exceed its threshold
  unknown_subject,    // atom: whether the rule is about this subject cannot be told
  unknown_process,    // which process the deal follows cannot be told
  waived,             // row `amount` of the timeline of deals (`of_amount` 0) or people (1) waives it
  perhaps_waived,     // the same may waive it: nobody said when it was recorded
  on_hold,            // the deal is on hold: the clock stands still
  unknown_hold,       // whether the deal was on hold cannot be told, and so not when it was due
  adjusted,           // `amount` millionths of the whole are asked, after holidays, leave and what else reduces it; of
                      // `of_amount` working days, 0: of several periods
  away,               // by what it is adjusted: leave, row `amount` of People::leave, on `of_amount` working days
  holiday,            // the same: day `amount` is a holiday of calendar `of_amount`
  percentage,         // the same: what row `amount` of People says of the field `of_amount`, by Id
  nothing_asked,      // nothing is left of what is asked: holidays, leave
  alone_enough,       // atom: an average fell short, and the period by itself did not
  recorded,           // a response: the record `amount`, by Id, was made
  subject_closed,     // a response: the deal closed, or the person left
  of_nothing,         // a share, mean or median of nothing; `event`: what there was none of
  unanswered,  // a response: none of what would answer it; `amount`: the record it asks for, by Id, or -1; `of_amount`:
               // 1 while it is due
  unknown_answer,    // a response: whether it was given cannot be told
  debtor_left,       // whoever owed it left first
  perhaps_covered,   // as perhaps_waived: a cell that narrows the waiver cannot be read, or nobody knows it
  unknown_calendar,  // which calendar the person `amount` has cannot be told, and so not when it was due
  no_working_hours,  // the same, since calendar `amount` has no working hours
  never_asked,       // atom: reads verdicts, and by then nothing had been asked that has one
  fewer,             // event: happened `amount` times, and `of_amount` are looked back over
};

struct Reason {
  Ground ground = Ground::holds;
  Id<model::Expr> atom;
  Id<model::Event> event;
  std::int64_t amount = 0;
  std::int64_t of_amount = 0;
  std::uint32_t currency = 0;  // of amounts of money: a word of the history or the rulebook; 0: they are none
};

/// A fact that would have to be known.
enum class FactKind : std::uint8_t {
  deal_field,
  account_field,
  contact_field,
  person_field,
  attribute,       // field
  event,           // event: whether it happened (outside coverage)
  event_time,      // event: when it happened
  time_of_day,     // of `member`, which has a date alone; of a contact, when it was added
  recorded,        // field or event: when it was stated
  actor,           // event: who did it
  contact,         // event: with whom of the deal it was
  account,         // of which account the deal of `member` is; no member: each deal
  source,          // field or event: where it comes from
  stage,           // in which stage the deal was
  process,         // of a deal that follows no process: which stages close it
  origin,          // from which stage it came with the move `member`, and by which moves before it
  rate,            // from one currency to another, on a day; without the former, the currency of an amount: of `field`
  members,         // field or event of an undecided member of an aggregate
  leave,           // of the person
  leave_from,      // of `person`: since when he is on leave
  leave_until,     // of `person`: until when
  leave_recorded,  // of `person`: when it was recorded
  calendar,        // of `person`
  since,           // since when `contact` is one
  whose,           // event: of whom it was recorded
  departure,       // of `person`: since when he is no longer there
  waiver,          // whether it was waived before
  statement,       // record: whether it was made (outside coverage), or about what
  target,          // target: which of its cases governs, or that one does
  periods,         // so many whole periods (`over last 4 quarters`) before the instant
};

inline constexpr std::uint32_t nobody = UINT32_MAX;

/// A row of the history's timelines.
struct EventRef {
  bool of_person = false;  // in person_events, else deal_events
  std::uint32_t index = 0;
  friend auto operator<=>(const EventRef&, const EventRef&) = default;
};
inline constexpr EventRef no_event{false, UINT32_MAX};

/// In Verdicts::responds_to: the obligation is no response.
inline constexpr std::uint32_t no_row = UINT32_MAX;

struct Fact {
  FactKind kind = FactKind::deal_field;
  Id<model::Field> field;
  Id<model::Event> event;
  Id<model::Record> record = {};
  EventRef member = no_event;                       // of which member of an aggregate; the first ten are named
  std::uint32_t person = nobody, contact = nobody;  // likewise
  Id<model::Target> target;
  std::uint32_t currency = 0, into = 0;  // rate: dictionary words
  time::Day day;                         // rate
  friend bool operator==(const Fact&, const Fact&) = default;
};

/// What an obligation may have been before it came to be what it is, for what reads it as of then.
struct Earlier {
  std::uint32_t row = 0;
  Instant kept;        // from then on it may have been kept; unknown: not before it was settled
  Instant missed;      // from then on it may have been missed, where its deadline cannot be told; else unknown
  bool timed = false;  // what it was settled by is so whatever has a date alone had come by then
  Instant surely_missed = Instant::unknown();  // the last of those deadlines: what is late by then was missed
};

/// Rows: obligations, in the order rule, subject, opened, settled. `*_first` have one entry more than there are rows.
struct Verdicts {
  std::vector<std::uint32_t> rule;     // into Rulebook::rules
  std::vector<std::uint32_t> subject;  // deal, person: into the history's; team: into `teams`; company: 0
  std::vector<std::uint32_t> owed_by;  // into History::people; `nobody` when the data does not say
  std::vector<Instant> opened;         // unknown: the trigger has no known instant
  std::vector<Instant> deadline;       // exclusive; unknown: none can be told (yet); Instant::max(): while it lasts
  std::vector<Instant> settled;        // unknown while due
  std::vector<Verdict> verdict;
  std::vector<time::Interval> period;      // quotas: the period; else both ends unknown
  std::vector<std::uint32_t> calendar;     // that made the period, into Rulebook::calendars
  std::vector<std::uint32_t> responds_to;  // a response: the row whose verdict opened it; else `no_row`
  std::vector<std::uint32_t> reason_first, evidence_first, fact_first;
  std::vector<Reason> reasons;
  std::vector<EventRef> evidence;  // in the order of the facts; the trigger first
  std::vector<Fact> facts;         // what `cannot tell` is missing

  std::vector<Earlier> earlier;  // of the few rows that have any, in their order

  std::vector<std::string> teams;

  std::size_t size() const { return verdict.size(); }
};

/// Whether a verdict of the rule counts as not kept: missed does, and late unless the rule says otherwise.
bool counts_as_missed(const model::Rule& rule, Verdict verdict);

/// Counts of each verdict, in the order of the enumeration.
using Counts = std::array<std::uint64_t, verdict_count>;

/// Rows: one per rule of the rulebook, in its order; a rule without obligations has zeros.
std::vector<Counts> count_by_rule(const Verdicts& verdicts, std::size_t rules);

}  // namespace plumb::eval
