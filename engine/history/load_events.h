#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "history/history.h"
#include "history/load_following.h"

/// The events of files, as they are read.
namespace plumb::history::loading {

inline constexpr std::uint32_t nobody = UINT32_MAX;

/// A row of a file: `file` into Raw::files, `row` counts its data rows from 0.
struct Place {
  std::uint32_t file = UINT32_MAX;
  std::uint32_t row = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// Where an event has its sequence from. `place`: files one after the other, each in its own order, and the parts of a
/// table in that of all its rows; `cell`: it stood in a column, and is a fact of the row.
enum class Sequence : std::uint8_t { none, place, cell };

/// Who did what stands in a file that has no column for it, or of which account a deal there is, until all files are
/// read: no cell can say this.
inline constexpr std::string_view unsaid{"\0", 1};

struct RawEvent {
  Instant at, recorded;
  std::int64_t cell = missing;   // Sequence::cell: what stood there; ::place: in a part of a table; missing: nothing
  std::uint32_t subject = 0;     // a word; nobody: the event is left out
  std::uint32_t actor = nobody;  // a word
  std::uint32_t row = 0;         // of its kind; of a creation, which has no columns: of the deals
  std::uint32_t contact = 0;     // a word
  std::uint32_t id = 0;          // a word; 0: the row has none
  Place place;
  std::uint16_t kind = 0;
  Source source = Source::none;
  Sequence sequence = Sequence::none;
  bool by_day = false;

  bool is_sequence_fact() const { return sequence == Sequence::cell; }
  std::int64_t sequence_number() const {
    const bool by_place = sequence == Sequence::place && cell == missing;
    return by_place ? place_number(place.file, place.row) : cell;
  }
  /// Of a row of a file.
  static std::int64_t place_number(std::uint32_t file, std::uint32_t row) {
    return (static_cast<std::int64_t>(file) << 33) + row;
  }
};

/// Over rows that Cells::extend made, if it made any: those of `from`, which are `count` or none; then nothing is said.
void put_cells(Cells& to, std::size_t begin, const Cells& from, std::size_t count);

/// Events in columns; what hardly any history has takes no room where none has it. Rows: in the order of reading.
class RawEvents {
 public:
  std::size_t size() const { return bits_.size(); }
  bool empty() const { return bits_.empty(); }
  RawEvent operator[](std::size_t i) const {
    const std::uint8_t bits = bits_[i];
    RawEvent event;
    event.at = at_[i];
    event.recorded = recorded(i);
    event.cell = cell_.empty() ? missing : cell_[i];
    event.subject = who_[i].subject;
    event.actor = who_[i].actor;
    event.row = row_[i];
    event.contact = contact(i);
    event.id = id(i);
    event.place = place(i);
    event.kind = kind_[i];
    event.source = static_cast<Source>(bits & source_bits);
    event.sequence = static_cast<Sequence>(bits >> sequence_shift & 3U);
    event.by_day = by_day(i);
    return event;
  }

  Instant at(std::size_t i) const { return at_[i]; }
  Instant recorded(std::size_t i) const {
    return !recorded_.empty() ? recorded_[i] : (bits_[i] & recorded_bit) != 0 ? at_[i] : Instant::unknown();
  }
  std::uint32_t subject(std::size_t i) const { return who_[i].subject; }
  std::uint32_t actor(std::size_t i) const { return who_[i].actor; }
  std::uint32_t row(std::size_t i) const { return row_[i]; }
  std::uint16_t kind(std::size_t i) const { return kind_[i]; }
  Place place(std::size_t i) const {
    const std::uint32_t row = place_[i];
    const auto behind = std::upper_bound(rows_before_.begin(), rows_before_.end(), row);
    const auto file = static_cast<std::uint32_t>(behind - rows_before_.begin()) - 1;
    return {file, row - rows_before_[file]};
  }
  std::uint32_t contact(std::size_t i) const { return contact_.empty() ? 0 : contact_[i]; }
  std::uint32_t id(std::size_t i) const { return id_.empty() ? 0 : id_[i]; }
  Source source(std::size_t i) const { return static_cast<Source>(bits_[i] & source_bits); }
  bool by_day(std::size_t i) const { return (bits_[i] & day_bit) != 0; }
  /// Whether every event's `recorded` is its `at`; whether that of any is known; whether any is with somebody.
  bool recorded_at_once() const;
  bool has_recorded() const;
  /// Whether any has a date alone; whether the source of any is known.
  bool any_by_day() const;
  bool any_source() const;
  bool has_contacts() const { return !contact_.empty(); }
  bool has_ids() const { return !id_.empty(); }

  /// From now on rows may be of the next file; so many rows stand in those before it.
  void begin_file(std::uint32_t rows_before) { rows_before_.push_back(rows_before); }
  void push_back(const RawEvent& event);
  /// `like`: some of them, which have what the others have.
  void reserve(std::size_t size, const RawEvents& like);
  void clear();
  /// Whether `more` events that have what those of `part` have find room behind these without moving them.
  bool fits(std::size_t more, const RawEvents& part) const;
  /// Give back the memory of what is asked for no more: `subject`, `actor` and `cell` · `recorded` · `at`.
  void forget_people() { who_ = {}, cell_ = {}; }
  void forget_recorded() { recorded_ = {}; }
  void forget_times() { at_ = {}; }
  void leave_out(std::size_t i) { who_[i].subject = nobody; }
  void set_subject(std::size_t i, std::uint32_t subject) { who_[i].subject = subject; }
  void set_at(std::size_t i, Instant at) { at_[i] = at; }
  void set_actor(std::size_t i, std::uint32_t actor) { who_[i].actor = actor; }
  /// Of a row that has none.
  void give_id(std::size_t i, std::uint32_t id) {
    if (id_.empty()) id_.resize(size(), 0);
    id_[i] = id;
  }
  /// Rows to be written by `put`, for the events of a part, which begins with the row `first`; those of a kind stand
  /// from the row `rows[kind]` of its table on.
  std::size_t extend(const RawEvents& part, Place first, const std::vector<std::uint32_t>& rows);
  /// Over rows that `extend` made: the events of a part, whose words `words` calls by their new names.
  template <class Words>
  void put(std::size_t begin, const RawEvents& part, const Words& words);

 private:
  static constexpr std::uint8_t source_bits = 7, day_bit = 8, sequence_shift = 4, recorded_bit = 64;

  void have_recorded();

  struct Who {
    std::uint32_t subject, actor;
  };
  std::uint32_t through(Place place) const { return rows_before_[place.file] + place.row; }

  std::vector<std::uint32_t> rows_before_;  // per file
  Array<Instant> at_;
  Array<Who> who_;
  Following row_;
  Following place_;  // the rows of all files counted through
  Unchanging<std::uint16_t> kind_;
  Unchanging<std::uint8_t> bits_;
  Array<Instant> recorded_;       // empty: at once, or unknown, as the bit says
  Cells cell_;                    // empty: none has a sequence in a cell
  Array<std::uint32_t> contact_;  // empty: none is with anybody
  Array<std::uint32_t> id_;       // empty: none has one
};

template <class Words>
void RawEvents::put(std::size_t begin, const RawEvents& part, const Words& words) {
  const std::size_t size = part.size();
  const auto each = [&](const auto& from, auto& to, const auto& made) {
    auto* const out = to.room() + begin;
    for (std::size_t i = 0; i < size; ++i) out[i] = made(from[i], i);
  };
  const auto same = [](auto value, std::size_t) { return value; };
  each(part.at_, at_, same);
  each(part.who_, who_, [&](Who who, std::size_t) { return Who{words(who.subject), words(who.actor)}; });
  if (recorded_.room() != nullptr) each(part.at_, recorded_, [&](Instant, std::size_t i) { return part.recorded(i); });
  put_cells(cell_, begin, part.cell_, size);
  if (contact_.room() != nullptr)
    each(part.at_, contact_, [&](Instant, std::size_t i) { return words(part.contact(i)); });
  if (id_.room() != nullptr) each(part.at_, id_, [&](Instant, std::size_t i) { return words(part.id(i)); });
}

}  // namespace plumb::history::loading
