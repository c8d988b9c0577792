#include "history/load_events.h"

#include <algorithm>

namespace plumb::history::loading {

namespace {

template <class Is>
bool any_of(const Array<Instant>& at, const Unchanging<std::uint8_t>& bits, const Is& is) {
  bool any = false;
  bits.for_each_run(0, bits.size(), [&](std::uint32_t first, std::uint8_t value, std::uint32_t count) {
    const Instant* const begin = at.begin() + first;
    any = any || std::any_of(begin, begin + count, [&](Instant one) { return is(one, value); });
  });
  return any;
}

}  // namespace

void put_cells(Cells& to, std::size_t begin, const Cells& from, std::size_t count) {
  if (std::int64_t* const wide = to.wide.room(); wide != nullptr) {
    for (std::size_t row = 0; row < count; ++row) wide[begin + row] = from.empty() ? missing : from[row];
  } else if (std::int32_t* const narrow = to.narrow.room(); narrow != nullptr && from.empty()) {
    std::fill_n(narrow + begin, count, Cells::narrowed(missing));
  } else if (narrow != nullptr) {
    std::copy(from.narrow.begin(), from.narrow.end(), narrow + begin);
  }
}

bool RawEvents::recorded_at_once() const {
  if (!recorded_.empty()) return recorded_ == at_;
  return !any_of(at_, bits_, [](Instant at, std::uint8_t bits) { return (bits & recorded_bit) == 0 && at.known(); });
}

bool RawEvents::any_by_day() const {
  return any_of(at_, bits_, [](Instant, std::uint8_t bits) { return (bits & day_bit) != 0; });
}

bool RawEvents::any_source() const {
  return any_of(at_, bits_, [](Instant, std::uint8_t bits) { return (bits & source_bits) != 0; });
}

bool RawEvents::has_recorded() const {
  if (!recorded_.empty()) return true;
  return any_of(at_, bits_, [](Instant at, std::uint8_t bits) { return (bits & recorded_bit) != 0 && at.known(); });
}

// From now on every event has its own.
void RawEvents::have_recorded() {
  Array<Instant> all;
  all.reserve(std::max(size(), at_.capacity()));
  for (std::size_t i = 0; i < size(); ++i) all.push_back(recorded(i));
  recorded_ = std::move(all);
}

void RawEvents::push_back(const RawEvent& event) {
  const bool at_once = event.recorded == event.at;
  if (recorded_.empty() && event.recorded.known() && !at_once) have_recorded();
  const bool has_cell = event.cell != missing;
  if (cell_.empty() && has_cell) cell_.resize(size(), missing);
  if (contact_.empty() && event.contact != 0) contact_.resize(size(), 0);
  if (id_.empty() && event.id != 0) id_.resize(size(), 0);
  const bool own_time = !recorded_.empty() || (event.recorded.known() && !at_once);
  if (own_time) recorded_.push_back(event.recorded);
  if (!cell_.empty() || has_cell) cell_.push_back(event.cell);
  if (!contact_.empty() || event.contact != 0) contact_.push_back(event.contact);
  if (!id_.empty() || event.id != 0) id_.push_back(event.id);
  at_.push_back(event.at);
  who_.push_back({event.subject, event.actor});
  row_.push_back(event.row);
  place_.push_back(through(event.place));
  kind_.push_back(event.kind);
  bits_.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(event.source) | (event.by_day ? day_bit : 0U) |
                                            static_cast<unsigned>(event.sequence) << sequence_shift |
                                            (at_once ? recorded_bit : 0U)));
}

void RawEvents::reserve(std::size_t size, const RawEvents& like) {
  if (!like.cell_.empty()) cell_.reserve(size, like.cell_.is_wide());
  if (!like.contact_.empty()) contact_.reserve(size);
  if (!like.id_.empty()) id_.reserve(size);
  at_.reserve(size), who_.reserve(size);
  row_.reserve(size, like.row_), place_.reserve(size, like.place_);
  kind_.reserve(size, like.kind_), bits_.reserve(size, like.bits_);
}

void RawEvents::clear() {
  at_.clear(), who_.clear(), row_.clear(), place_.clear(), kind_.clear();
  bits_.clear(), recorded_.clear(), cell_ = {}, contact_.clear(), id_.clear();
}

bool RawEvents::fits(std::size_t more, const RawEvents& part) const {
  const std::size_t size = this->size() + more;
  const auto holds = [&](const auto& own, const auto& other) {
    return own.empty() ? other.empty() : own.capacity() >= size;
  };
  const bool cells = cell_.empty() ? part.cell_.empty() : cell_.fits(more, part.cell_.is_wide());
  return cells && at_.capacity() >= size && who_.capacity() >= size && holds(recorded_, part.recorded_) &&
         holds(contact_, part.contact_) && holds(id_, part.id_);
}

std::size_t RawEvents::extend(const RawEvents& part, Place first, const std::vector<std::uint32_t>& rows) {
  const std::size_t begin = size(), more = part.size();
  if (recorded_.empty() && !part.recorded_.empty()) have_recorded();
  if (cell_.empty() && !part.cell_.empty()) cell_.resize(begin, missing);
  if (contact_.empty() && !part.contact_.empty()) contact_.resize(begin, 0);
  if (id_.empty() && !part.id_.empty()) id_.resize(begin, 0);
  if (!recorded_.empty() || !part.recorded_.empty()) recorded_.extend(more);
  if (!cell_.empty() || !part.cell_.empty()) cell_.extend(more, part.cell_.is_wide());
  if (!contact_.empty() || !part.contact_.empty()) contact_.extend(more);
  if (!id_.empty() || !part.id_.empty()) id_.extend(more);
  place_.append(part.place_, through(first));
  kind_.append(part.kind_, 0), bits_.append(part.bits_, 0);
  part.kind_.for_each_run(0, part.kind_.size(), [&](std::uint32_t begin, std::uint16_t kind, std::uint32_t count) {
    part.row_.for_each_run(begin, begin + count, [&](std::uint32_t, std::uint32_t row, std::uint32_t following) {
      row_.push_back(row + rows[kind], following);
    });
  });
  at_.extend(more), who_.extend(more);
  return begin;
}

}  // namespace plumb::history::loading
