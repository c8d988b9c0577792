#include "eval/ordinal.h"

namespace plumb::eval {

std::optional<Occurrence> Ordinal::take(const Occurrence& candidate, const time::Calendar& calendar, bool unseen) {
  const bool dated = candidate.at.known();
  const time::Day on = event_->on_another_day && dated ? calendar.day_of(candidate.at) : time::Day::unknown();
  if (!on.known() || on != day_) day_ = on, day_certain_ = day_possible_ = false;
  if (day_certain_) return std::nullopt;
  const std::int64_t earlier = possible_ - day_possible_;
  const bool sure = candidate.certain && dated;
  std::optional<Occurrence> found;
  if (certain_ < event_->nth && (unseen || event_->nth <= certain_ + earlier + 1)) {
    const bool none_open = earlier == 0 && !day_possible_ && !unseen;
    found = Occurrence{candidate.index, candidate.at, sure && none_open};
    found->at_the_latest = sure && certain_ + 1 == event_->nth;
  }
  if (sure) {
    ++certain_, day_certain_ = true;
    possible_ = earlier;
  } else if (!day_possible_) {
    ++possible_, day_possible_ = true;
  }
  return found;
}

}  // namespace plumb::eval
