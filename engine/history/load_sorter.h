#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "history/load_tables.h"

/// What putting the events of a subject in order and finding those that are one have in common.
namespace plumb::history::loading {

using Indexes = std::vector<std::uint32_t>;

/// An event, when it happened, and its class; activities and records are one.
struct Key {
  Instant at;
  std::uint32_t event = 0;
  KindClass of = KindClass::created;
};

/// An event whose row has an id.
struct Named {
  std::uint32_t id = 0, table = 0, event = 0;
  Place place;
  std::uint16_t kind = 0;
  bool same_row_as(const Named& b) const { return id == b.id && table == b.table && kind == b.kind; }
  auto key() const { return std::tuple(kind, table, id, place, event); }
};

/// An event that is left out, and the one that stands.
struct Pair {
  std::uint32_t event = 0, stands = 0;
};

/// From when on an event with a date alone may have come, where that is within its day: behind one with a time, with
/// which it is put in order by this `sequence`.
struct NotBefore {
  std::uint32_t event = 0;
  Instant at;
  std::int64_t sequence = 0;
};

/// The present day, where moves have a date alone: [start, end), that date; they came no sooner than `at`, and the first
/// row of those of it is the one at `from` in Sorter::out.
struct OpenDay {
  Instant at, start, end;
  std::size_t from = 0;
};

/// One for each range of subjects.
struct Sorter {
  const Raw& raw;
  const RawEvents& events;
  const Indexes& kind_rank;  // by class and name
  const AsCreated& as_created;
  std::vector<Key> keys;     // of the present subject
  std::vector<Named> named;  // likewise
  Indexes out;
  std::vector<Pair> merged;                // events that say again what another says
  std::vector<Pair> refused;               // events whose row has the id of another, and says something else
  const RowIdentity* identity = nullptr;   // which rows are the same; null: nobody has looked, those that say the same
  Indexes apart = {};                      // Ordered::apart
  Indexes alike = {};                      // events that say the same as others, of which some have no id
  const time::Zone* days = nullptr;        // in which what has a date alone has its day; null: nothing has
  std::vector<NotBefore> not_before = {};  // events
  std::size_t put_behind = 0;              // the first of these of the last day that has any
  Indexes placed = {};                     // Ordered::placed
  std::optional<OpenDay> day = {};
  std::size_t untold = 0;                  // no move of `out` before it tells where the deal was behind it
  std::uint32_t subject = 0;               // the present one
};

/// The canonical order of two events of one subject and instant; equal: they state the same.
std::strong_ordering compare(const Sorter& sorter, std::uint32_t a, std::uint32_t b);
/// Of activities and records there may be several that say the same; a deal moves and changes once.
bool may_be_several(const Raw& raw, const RawEvents& events, std::uint32_t event);
/// Whether two events were made of one row of an export.
bool of_one_row(const Raw& raw, Place a, Place b);

/// Of identical events the one that stands first in the files is kept. Rows of different ids are different facts,
/// whatever they say; one without an id may be any of them. Returns the new end of the range.
std::uint32_t* merge_identical(Sorter& sorter, std::uint32_t* from, std::uint32_t* until);
/// Of rows of one id, table, kind and subject the first stands; those that say something else are left out. What one
/// row is several times over is all its own. Returns how many are left.
std::size_t leave_out_other_values(Sorter& sorter, std::uint32_t* events, std::size_t size);

}  // namespace plumb::history::loading
