#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "history/array.h"
#include "history/columns.h"
#include "history/dictionary.h"
#include "time/time.h"

/// What happened, in columns. Made by `load`, immutable afterwards. Subjects (deals, people, accounts) are numbered in
/// the byte order of their ids, so that the order of rows in a file shows nowhere.
namespace plumb::history {

using time::Day;
using time::Instant;

/// How a column's int64 values are to be read: a dictionary id · Decimal::millionths · the same, with the currency in
/// `currency` · Day::days · Instant::micros · 0 or 1.
enum class ValueType : std::uint8_t { text, decimal, money, date, instant, boolean };

/// Rows: as its table. `currency` (dictionary ids; 0: none given) only for money, `recorded` only when the source gives
/// the attribute its own time; else empty, and the row's counts.
struct Column {
  std::string name;
  ValueType type = ValueType::text;
  Cells values;
  Array<std::uint32_t> currency;
  Array<Instant> recorded;
};

/// Whether a column says anything of any row, be it that nothing is there. Missing (nullptr): it does not.
bool tells(const Column* column);

/// The order of classes at one instant (semantics.md §1).
enum class KindClass : std::uint8_t { created, change, move, activity, record };

/// One kind of event with the columns of its attributes: change of F: `from`, `to` of F's type; move: `from`, `to`,
/// stage names as text; activity and record: the declared fields; created: none. Rows: `Timeline::row`.
struct Kind {
  std::string name;  // created · the field's name · moved · the activity's or record's name
  KindClass of = KindClass::created;
  std::vector<Column> columns;
};

enum class Source : std::uint8_t { none, claim, third_party, buyer, system };

/// Where the events of each kind stand. Rows: those of a timeline, by kind, each kind's in their order; kind k has
/// rows [first[k], first[k+1]), which are as many in `Kind::columns`, in the same order and behind each other.
struct ByKind {
  Array<std::uint32_t> first;  // kinds + 1
  Array<std::uint32_t> rows;
};

/// The events of all subjects of one sort. Rows: sorted by subject, then in the order that semantics.md §1 fixes;
/// subject s owns rows [first[s], first[s+1]). Events whose instant nobody gave have `at` unknown and stand first.
struct Timeline {
  Array<std::uint32_t> first;  // subjects + 1
  Array<Instant> at;           // date-only facts: the start of that day in the default calendar's zone
  Said<Instant> recorded;      // unknown where nobody said
  Array<std::uint16_t> kind;   // into History::kinds
  Array<std::uint32_t> row;    // into that kind's columns
  Array<std::uint32_t> actor;  // into History::people.ids; UINT32_MAX: nobody given
  Said<Source> source;
  Said<std::uint8_t> by_day;  // 1: the fact has a date and no time of day; 2: a change besides that came before those
                              // of its field behind it on that day; a move of which nobody knows its place among them
  Origins origin;
  Array<std::uint32_t> contact;  // dictionary ids, 0: with nobody in particular; empty where no row names one
  Array<std::uint32_t> id;       // of the row it was made of: dictionary ids, 0: none; empty where no row has one
  ByKind by_kind;                // what `by_kind` finds

  std::size_t size() const { return at.size(); }
};

/// Whose row it is, of those that `first` divides among subjects as that of a timeline, of contacts or of people does.
/// The row is one of them. Cost: O(log n).
inline std::uint32_t owner_of_row(const Array<std::uint32_t>& first, std::uint32_t row) {
  return static_cast<std::uint32_t>(std::upper_bound(first.begin(), first.end(), row) - first.begin()) - 1;
}

/// Rows: one per subject. `ids` are dictionary ids, in byte order of their texts. `columns`: deals: the fields' values
/// as of creation (changes are events); accounts: the fields.
struct Subjects {
  Array<std::uint32_t> ids;
  std::vector<Column> columns;
  Array<Origin> origin;
  std::size_t size() const { return ids.size(); }
  /// Missing: -1.
  int column(std::string_view name) const;
};

/// Whom a deal is done with. Rows: sorted by deal, then the contact's id; deal d has rows [first[d], first[d+1]).
struct Contacts {
  Array<std::uint32_t> first;  // deals + 1
  Array<std::uint32_t> ids;    // dictionary ids
  Array<Instant> since;        // unknown: as long as the deal; a date alone: the start of that day
  Array<Instant> recorded;     // unknown where nobody said
  Array<Source> source;
  std::vector<Column> columns;
  Array<Origin> origin;
  Array<std::uint8_t> by_day;  // 1: `since` has a date and no time of day; 2: since when nobody knows
};

/// Dated facts about people. Rows: sorted by person, then `from` (unknown, meaning always, first); person p owns rows
/// [first[p], first[p+1]), of which the last with `from` <= the day holds. A person without rows is only a name.
struct People {
  Subjects names;              // ids only; columns unused
  Array<std::uint32_t> first;  // people + 1
  Array<Day> from;
  std::vector<Column> columns;  // role, team, manager (text: a person's id), active (yes or no) and the declared fields
  Array<Day> joined, left;      // per person; unknown: not given. `left`: the first day no longer there
  struct Leave {
    Instant recorded;  // unknown: nobody said
    std::uint32_t person = 0;
    Day from, to;  // to inclusive; unknown: nobody knows; until further notice: the last day that calendars tabulate
    Origin origin = {};
  };
  Array<Leave> leave;  // sorted by person, from, to, recorded
};

/// In History::deal_account: the deal is of no account, or nobody knows of which.
inline constexpr std::uint32_t no_account = UINT32_MAX, unknown_account = UINT32_MAX - 1;
inline constexpr bool is_account(std::uint32_t account) { return account < unknown_account; }

/// What one unit of a currency is worth in another, from a day on until the next such row. Rows: sorted by `earlier`.
struct Rate {
  std::uint32_t from = 0, into = 0;  // dictionary ids
  Day day;
  Origin origin = {};
  std::uint32_t unused = 0;  // no byte of a snapshot is left to chance
  Decimal rate;              // more than 0
};
inline bool earlier(const Rate& a, const Rate& b) {
  return a.from != b.from ? a.from < b.from : a.into != b.into ? a.into < b.into : a.day < b.day;
}

/// From when to when a field, activity or record kind is observed. Half open. `everything` where nothing more
/// particular is said.
struct Coverage {
  time::Interval everything{Instant::unknown(), Instant::max()};
  std::map<std::string, time::Interval> of;

  const time::Interval& at(std::string_view what) const;
};

/// What Coverage calls that a deal's last move into a stage is always among the rows: by then it was there last, and
/// never where there is none.
inline constexpr std::string_view last_entry = "last entry of ";

/// The activity that a leave's start is, where a rulebook asks for it: of the person, and of the deals that he owns.
/// Made from the rows of leave, never read from rows of its own.
inline constexpr std::string_view leave_start = "starts leave";

/// What History::supplier calls the instants of a fact, who did it, and when it was recorded.
inline std::string time_key(std::string_view fact) { return "at of " + std::string(fact); }
inline std::string actor_key(std::string_view fact) { return "actor of " + std::string(fact); }
/// What it calls the instants of what is recorded about people.
inline std::string person_key(std::string_view record) { return "about people: " + std::string(record); }
inline std::string recorded_key(std::string_view fact) { return "recorded of " + std::string(fact); }
inline std::string source_key(std::string_view fact) { return "source of " + std::string(fact); }
inline std::string until_key(std::string_view fact) { return "until of " + std::string(fact); }
/// What it calls from where a move came.
inline std::string origin_key(std::string_view fact) { return "from of " + std::string(fact); }
/// What it calls of whom a record is.
inline std::string subject_key(std::string_view record) { return "whose: " + std::string(record); }
/// What it calls a field as of the creation of its deal.
inline std::string created_key(std::string_view field) { return "created." + std::string(field); }

/// When the events of a history happened.
struct Extent {
  Instant first = Instant::unknown(),
          last = Instant::unknown();    // planned leave left out; unknown: none has an instant
  Instant latest = Instant::unknown();  // of all
  bool untimed = false;                 // there are some without an instant
  bool by_day = false;                  // some have a date and no time of day
};

struct History {
  Dictionary words;
  Subjects deals;
  Array<std::uint32_t> deal_account;  // per deal: into `accounts.ids`, or one of the two above
  Subjects accounts;
  Contacts contacts;
  People people;
  std::vector<Kind> kinds;
  Timeline deal_events;
  Timeline person_events;  // records about people, by person; and what people record
  Extent extent;           // what `extent_of` finds in the two
  Array<Rate> rates;
  Coverage coverage;
  Instant complete_until = Instant::max();
  std::vector<std::string> files;  // as the user named them
  bool mapped = false;             // a mapping file says what the columns mean; else the files are canonical
  /// For each fact (a field, an activity, `stage`, `created`, `recorded`): the file and column it came from, as text.
  std::map<std::string, std::string> supplier;
  /// What borrowed rows lie in; null when every array owns its rows.
  std::shared_ptr<const void> memory;

  /// Missing: no_account, also where no table says of which account any deal is.
  std::uint32_t account_of(std::uint32_t deal) const {
    return deal < deal_account.size() ? deal_account[deal] : no_account;
  }
};

/// Found in one pass over the events.
Extent extent_of(const History& history, unsigned threads = 1);
ByKind by_kind(const Timeline& events, std::size_t kinds, unsigned threads = 1);

}  // namespace plumb::history
