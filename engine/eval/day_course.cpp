#include "eval/day_course.h"

#include <algorithm>

namespace plumb::eval {

namespace {

constexpr std::size_t most_looks = 512;

bool is_move(const View& view, std::uint32_t row) { return view.timeline().kind[row] == view.plan().moved_kind; }

bool is_among(const std::vector<DayReading::Row>& so_far, std::uint32_t row) {
  return std::ranges::any_of(
      so_far, [&](const DayReading::Row& one) { return one.of != DayReading::Of::contact && one.index == row; });
}

}  // namespace

DayCourse::DayCourse(const Context& context, const DayPart& part, const std::vector<Instant>& points, Ask ask)
    : context_(context), part_(part), ask_(std::move(ask)), witness_(context) {
  const View& view = context.view;
  const time::Calendar& days = view.plan().calendars.front();
  start_ = days.start_of(days.day_of(part.from));
  context_.day_cut = start_, context_.trace = nullptr;
  // All of the day of the creation came behind that.
  const Instant first = std::max(start_, view.created());
  cuts_ = {first};
  const history::Timeline& timeline = view.timeline();
  for (std::uint32_t row = view.dated(); row < view.end(); ++row) {
    const Instant at = timeline.at[row];
    if (timeline.by_day[row] == 0 && at > first && at < part.until) cuts_.push_back(at);
  }
  for (auto point = std::ranges::lower_bound(points, first); point != points.end() && *point < part.until; ++point)
    cuts_.push_back(*point);
  std::ranges::sort(cuts_);
  cuts_.erase(std::ranges::unique(cuts_).begin(), cuts_.end());
  for (const std::uint32_t row : {part.opening, part.closing}) {
    if (row != UINT32_MAX) take({{is_move(view, row) ? DayReading::Of::move : DayReading::Of::event, row}});
  }
}

std::size_t DayCourse::Field::place_of(std::uint32_t row) const {
  return static_cast<std::size_t>(std::ranges::find(rows, row) - rows.begin());
}

DayCourse::Field* DayCourse::field_of(std::uint32_t row) {
  const auto found = std::ranges::find(fields_, context_.view.timeline().kind[row], &Field::kind);
  return found == fields_.end() ? nullptr : &*found;
}

// Takes rows that were not gone through so far, and what tells their order.
bool DayCourse::take(const std::vector<Row>& rows) {
  const View& view = context_.view;
  bool any = false;
  for (const Row& row : rows) {
    if (std::ranges::find(rows_, row) != rows_.end()) continue;
    rows_.push_back(row), any = true;
    if (row.of != DayReading::Of::event || field_of(row.index)) continue;
    const int kind = view.timeline().kind[row.index];
    const auto field = std::ranges::find(view.plan().fields, kind, &FieldBinding::change_kind);
    if (field == view.plan().fields.end()) continue;
    const std::span<const std::uint32_t> changes = view.of_kind(kind);
    const auto one = static_cast<std::size_t>(std::ranges::find(changes, row.index) - changes.begin());
    DayOfChanges of = changes_of_day(view, *field, changes, one);
    const auto begin = changes.begin() + static_cast<std::ptrdiff_t>(of.begin);
    const auto size = static_cast<std::ptrdiff_t>(of.day.size());
    fields_.push_back({kind, std::vector<std::uint32_t>(begin, begin + size), std::move(of.day), {}});
  }
  return any;
}

bool DayCourse::has_come(const Row& row) const { return std::ranges::find(so_far_, row) != so_far_.end(); }

// Moves come in their order, and changes of a field as its rows tell.
bool DayCourse::may_come(const Row& row, std::size_t cut) const {
  const View& view = context_.view;
  if (has_come(row)) return false;
  if (row.of == DayReading::Of::contact) return view.plan().history.contacts.since[row.index] <= cuts_[cut];
  if (view.timeline().at[row.index] > cuts_[cut]) return false;
  if (row.of == DayReading::Of::move) {
    return std::ranges::none_of(
        rows_, [&](const Row& other) { return other.of == row.of && other.index < row.index && !has_come(other); });
  }
  const auto field = std::ranges::find(fields_, view.timeline().kind[row.index], &Field::kind);
  return field == fields_.end() || field->day.may_come_next(field->so_far, field->place_of(row.index));
}

// What is told of one that comes. False where it cannot come now.
bool DayCourse::come(const Row& row) {
  if (Field* field = row.of == DayReading::Of::event ? field_of(row.index) : nullptr) {
    const std::size_t place = field->place_of(row.index);
    if (!field->day.may_come_next(field->so_far, place)) return false;
    field->so_far.push_back(place);
  }
  so_far_.push_back(row);
  return true;
}

void DayCourse::take_back(std::size_t size) {
  for (; so_far_.size() > size; so_far_.pop_back()) {
    const Row& row = so_far_.back();
    if (Field* field = row.of == DayReading::Of::event ? field_of(row.index) : nullptr) field->so_far.pop_back();
  }
}

// Goes to a point of the day: what has a time and lies behind the one before it comes. Missing: nullopt where something
// has to come first.
std::optional<std::size_t> DayCourse::go_to(std::size_t cut) {
  const View& view = context_.view;
  const history::Timeline& timeline = view.timeline();
  const std::size_t size = so_far_.size();
  const Instant behind = cut == 0 ? Instant{start_.micros - 1} : cuts_[cut - 1];
  const auto begin = timeline.at.begin();
  auto at = std::upper_bound(begin + view.dated(), begin + view.end(), behind);
  for (; at != begin + view.end() && *at <= cuts_[cut]; ++at) {
    const auto index = static_cast<std::uint32_t>(at - begin);
    if (timeline.by_day[index] != 0) continue;
    const bool move = is_move(view, index);
    const bool too_soon = move && std::ranges::any_of(rows_, [&](const Row& other) {
                            return other.of == DayReading::Of::move && other.index < index && !has_come(other);
                          });
    if (too_soon || !come({move ? DayReading::Of::move : DayReading::Of::event, index})) {
      take_back(size);
      return std::nullopt;
    }
  }
  return size;
}

bool DayCourse::is_over(std::size_t cut) const {
  if (part_.closing != UINT32_MAX) return is_among(so_far_, part_.closing);
  if (cut + 1 < cuts_.size()) return false;
  return !part_.whole || std::ranges::all_of(rows_, [&](const Row& row) { return has_come(row); });
}

// Whether it is yes at some point from here on, whatever comes next. Where one is looked for: false as it is found.
bool DayCourse::goes_on(std::size_t cut) {
  const bool opened = part_.opening == UINT32_MAX || is_among(so_far_, part_.opening);
  if (cuts_[cut] >= part_.from && opened) {
    if (++looks_ > most_looks) return passed_ = any_, false;
    DayReading reading(so_far_);
    Context point = context_;
    point.cut = Instant{cuts_[cut].micros + 1}, point.reading = &reading;
    const Truth found = ask_(point);
    if (take(reading.to_come())) return more_rows_ = true, false;
    if (any_ && found != Truth::no) return passed_ = true, false;
    if (found == Truth::yes) {
      if (!passed_) witness_rows_ = so_far_, witness_.cut = point.cut, witness_.day_cut = start_;
      return passed_ = true;
    }
  }
  if (is_over(cut)) return any_;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!may_come(rows_[i], cut)) continue;
    const std::size_t size = so_far_.size();
    if (!come(rows_[i])) continue;
    const bool is = goes_on(cut);
    take_back(size);
    if (!is) return false;
  }
  if (cut + 1 == cuts_.size()) return true;
  const std::optional<std::size_t> size = go_to(cut + 1);
  if (!size) return true;
  const bool is = goes_on(cut + 1);
  take_back(*size);
  return is;
}

bool DayCourse::go_through(bool any) {
  any_ = any;
  bool each = false;
  do {
    more_rows_ = passed_ = false;
    so_far_.clear();
    for (Field& field : fields_) field.so_far.clear();
    each = go_to(0) && goes_on(0);
  } while (more_rows_ && looks_ <= most_looks);
  if (any_) return passed_;
  if (!each || !passed_) return false;
  witness_reading_.emplace(witness_rows_);
  witness_.reading = &*witness_reading_;
  return true;
}

}  // namespace plumb::eval
