#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "history/history.h"

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

struct RawEvent {
  Instant at, recorded;
  std::int64_t cell = INT64_MIN;  // Sequence::cell: what stood there; ::place: in a part of a table; INT64_MIN: nothing
  std::uint32_t subject = 0;      // a word; nobody: the event is left out
  std::uint32_t actor = nobody;   // a word
  std::uint32_t row = 0;          // of its kind
  std::uint32_t contact = 0;      // a word
  std::uint32_t id = 0;           // a word; 0: the row has none
  Place place;
  std::uint16_t kind = 0;
  Source source = Source::none;
  Sequence sequence = Sequence::none;
  bool by_day = false;

  bool is_sequence_fact() const { return sequence == Sequence::cell; }
  std::int64_t sequence_number() const {
    const bool by_place = sequence == Sequence::place && cell == INT64_MIN;
    return by_place ? place_number(place.file, place.row) : cell;
  }
  /// Of a row of a file.
  static std::int64_t place_number(std::uint32_t file, std::uint32_t row) {
    return (static_cast<std::int64_t>(file) << 33) + row;
  }
};

/// Events in columns; what hardly any history has takes no room where none has it. Rows: in the order of reading.
class RawEvents {
 public:
  std::size_t size() const { return at_.size(); }
  bool empty() const { return at_.empty(); }
  RawEvent operator[](std::size_t i) const {
    const std::uint8_t bits = bits_[i];
    RawEvent event;
    event.at = at_[i];
    event.recorded = recorded(i);
    event.cell = cell_.empty() ? INT64_MIN : cell_[i];
    event.subject = subject_[i];
    event.actor = actor_[i];
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
  std::uint32_t subject(std::size_t i) const { return subject_[i]; }
  std::uint32_t actor(std::size_t i) const { return actor_[i]; }
  std::uint32_t row(std::size_t i) const { return row_[i]; }
  std::uint16_t kind(std::size_t i) const { return kind_[i]; }
  Place place(std::size_t i) const { return {file_[i], place_[i]}; }
  std::uint32_t contact(std::size_t i) const { return contact_.empty() ? 0 : contact_[i]; }
  std::uint32_t id(std::size_t i) const { return id_.empty() ? 0 : id_[i]; }
  Source source(std::size_t i) const { return static_cast<Source>(bits_[i] & source_bits); }
  bool by_day(std::size_t i) const { return (bits_[i] & day_bit) != 0; }
  const Array<std::uint32_t>& subjects() const { return subject_; }
  const Array<std::uint16_t>& kinds() const { return kind_; }
  /// Whether every event's `recorded` is its `at`; whether any is with somebody.
  bool recorded_at_once() const;
  bool has_contacts() const { return !contact_.empty(); }
  bool has_ids() const { return !id_.empty(); }

  void push_back(const RawEvent& event);
  void reserve(std::size_t size);
  void clear();
  /// Whether `like` finds room behind these without moving them.
  bool fits(const RawEvents& like) const;
  /// Give back the memory of what is asked for no more: `row` · `place` · `subject`, `actor` and `cell`.
  void forget_rows() { row_ = {}; }
  void forget_places() { place_ = {}, file_ = {}; }
  void forget_people() { subject_ = {}, actor_ = {}, cell_ = {}; }
  void leave_out(std::size_t i) { subject_[i] = nobody; }
  /// Of a row that has none.
  void give_id(std::size_t i, std::uint32_t id) {
    if (id_.empty()) id_.resize(size(), 0);
    id_[i] = id;
  }
  /// Rows to be written by `put`. `like`: what those may have that not every event has.
  std::size_t extend(const RawEvents& like);
  /// Over rows that `extend` made: the events of a part, whose words and rows `words`, `rows` call by their new names,
  /// from row `first_row` of their file on.
  template <class Words, class Rows>
  void put(std::size_t begin, const RawEvents& part, const Words& words, const Rows& rows, std::uint32_t first_row);

 private:
  static constexpr std::uint8_t source_bits = 7, day_bit = 8, sequence_shift = 4, recorded_bit = 64;

  void have_recorded();

  Array<Instant> at_;
  Array<std::uint32_t> subject_, actor_, row_, place_;
  Array<std::uint16_t> kind_, file_;
  Array<std::uint8_t> bits_;
  Array<Instant> recorded_;       // empty: at once, or unknown, as the bit says
  Array<std::int64_t> cell_;      // empty: none has a sequence in a cell
  Array<std::uint32_t> contact_;  // empty: none is with anybody
  Array<std::uint32_t> id_;       // empty: none has one
};

template <class Words, class Rows>
void RawEvents::put(std::size_t begin, const RawEvents& part, const Words& words, const Rows& rows,
                    std::uint32_t first_row) {
  const std::size_t size = part.size();
  const auto each = [&](const auto& from, auto& to, const auto& made) {
    auto* const out = to.room() + begin;
    for (std::size_t i = 0; i < size; ++i) out[i] = made(from[i], i);
  };
  const auto word = [&](std::uint32_t w, std::size_t) { return words(w); };
  const auto same = [](auto value, std::size_t) { return value; };
  each(part.at_, at_, same);
  each(part.subject_, subject_, word);
  each(part.actor_, actor_, word);
  each(part.row_, row_, [&](std::uint32_t row, std::size_t i) { return row + rows(part.kind_[i]); });
  each(part.place_, place_, [&](std::uint32_t row, std::size_t) { return row + first_row; });
  each(part.kind_, kind_, same);
  each(part.file_, file_, same);
  each(part.bits_, bits_, same);
  if (recorded_.room() != nullptr) each(part.at_, recorded_, [&](Instant, std::size_t i) { return part.recorded(i); });
  if (cell_.room() != nullptr) {
    each(part.at_, cell_, [&](Instant, std::size_t i) { return part.cell_.empty() ? INT64_MIN : part.cell_[i]; });
  }
  if (contact_.room() != nullptr)
    each(part.at_, contact_, [&](Instant, std::size_t i) { return words(part.contact(i)); });
  if (id_.room() != nullptr) each(part.at_, id_, [&](Instant, std::size_t i) { return words(part.id(i)); });
}

}  // namespace plumb::history::loading
