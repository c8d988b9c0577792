#include "history/load_events.h"

#include <algorithm>

namespace plumb::history::loading {

bool RawEvents::recorded_at_once() const {
  const bool plain = recorded_.empty();
  for (std::size_t i = 0; i < size(); ++i) {
    if (plain ? (bits_[i] & recorded_bit) == 0 && at_[i].known() : recorded_[i] != at_[i]) return false;
  }
  return true;
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
  const bool has_cell = event.cell != INT64_MIN;
  if (cell_.empty() && has_cell) cell_.resize(size(), INT64_MIN);
  if (contact_.empty() && event.contact != 0) contact_.resize(size(), 0);
  if (id_.empty() && event.id != 0) id_.resize(size(), 0);
  const bool own_time = !recorded_.empty() || (event.recorded.known() && !at_once);
  if (own_time) recorded_.push_back(event.recorded);
  if (!cell_.empty() || has_cell) cell_.push_back(event.cell);
  if (!contact_.empty() || event.contact != 0) contact_.push_back(event.contact);
  if (!id_.empty() || event.id != 0) id_.push_back(event.id);
  at_.push_back(event.at);
  subject_.push_back(event.subject);
  actor_.push_back(event.actor);
  row_.push_back(event.row);
  place_.push_back(event.place.row);
  kind_.push_back(event.kind);
  file_.push_back(static_cast<std::uint16_t>(event.place.file));
  bits_.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(event.source) | (event.by_day ? day_bit : 0U) |
                                            static_cast<unsigned>(event.sequence) << sequence_shift |
                                            (at_once ? recorded_bit : 0U)));
}

void RawEvents::reserve(std::size_t size) {
  at_.reserve(size), subject_.reserve(size), actor_.reserve(size), row_.reserve(size), place_.reserve(size);
  kind_.reserve(size), file_.reserve(size), bits_.reserve(size);
}

void RawEvents::clear() {
  at_.clear(), subject_.clear(), actor_.clear(), row_.clear(), place_.clear(), kind_.clear(), file_.clear();
  bits_.clear(), recorded_.clear(), cell_.clear(), contact_.clear(), id_.clear();
}

bool RawEvents::fits(const RawEvents& like) const {
  const std::size_t size = at_.size() + like.size();
  const auto holds = [&](const auto& own, const auto& other) {
    return own.empty() ? other.empty() : own.capacity() >= size;
  };
  return at_.capacity() >= size && subject_.capacity() >= size && actor_.capacity() >= size &&
         row_.capacity() >= size && place_.capacity() >= size && kind_.capacity() >= size && file_.capacity() >= size &&
         bits_.capacity() >= size && holds(recorded_, like.recorded_) && holds(cell_, like.cell_) &&
         holds(contact_, like.contact_) && holds(id_, like.id_);
}

std::size_t RawEvents::extend(const RawEvents& like) {
  const std::size_t begin = size(), more = like.size();
  if (recorded_.empty() && !like.recorded_.empty()) have_recorded();
  if (cell_.empty() && !like.cell_.empty()) cell_.resize(begin, INT64_MIN);
  if (contact_.empty() && !like.contact_.empty()) contact_.resize(begin, 0);
  if (id_.empty() && !like.id_.empty()) id_.resize(begin, 0);
  if (!recorded_.empty() || !like.recorded_.empty()) recorded_.extend(more);
  if (!cell_.empty() || !like.cell_.empty()) cell_.extend(more);
  if (!contact_.empty() || !like.contact_.empty()) contact_.extend(more);
  if (!id_.empty() || !like.id_.empty()) id_.extend(more);
  at_.extend(more), subject_.extend(more), actor_.extend(more), row_.extend(more), place_.extend(more);
  kind_.extend(more), file_.extend(more), bits_.extend(more);
  return begin;
}

}  // namespace plumb::history::loading
