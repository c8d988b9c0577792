
#include <fmt/format.h>

#include "time/calendar.h"
#include "time/names.h"
#include "time/zone_table.h"

namespace plumb::time {

namespace {

constexpr std::int64_t micros_per_day = 24 * micros_per_hour;

// More than any offset from UTC, so that a reading's instant lies no farther than this from the reading taken as UTC.
constexpr std::int64_t widest_offset = 26 * micros_per_hour;

// Days whose midnights, moved by any offset, still are instants.
constexpr std::int32_t farthest_day = 106'000'000;

const ZoneTable& table_of(const void* zone) {
  return zone == nullptr ? utc_table() : *static_cast<const ZoneTable*>(zone);
}

// Microseconds of the wall clock since its 1970-01-01 00:00.
std::int64_t wall_clock(const ZoneTable& table, Instant at) {
  std::int64_t sum = 0;
  const std::int64_t offset = table.offset[table.row_at(at.micros)];
  if (__builtin_add_overflow(at.micros, offset, &sum)) return at.micros;
  return sum;
}

std::int64_t whole_days(std::int64_t micros) { return micros / micros_per_day - (micros % micros_per_day < 0 ? 1 : 0); }

}  // namespace

Result<Zone> Zone::find(std::string_view name) {
  const auto table = find_zone_table(std::string(name));
  if (!table) return Failure{table.error()};
  Zone zone;
  zone.zone_ = *table;
  return zone;
}

const Zone& Zone::utc() {
  static const Zone zone;
  return zone;
}

std::vector<std::string> Zone::names() { return zone_names(); }

const std::string& Zone::name() const { return table_of(zone_).name; }

Day Zone::day_of(Instant at) const {
  if (!at.known()) return Day::unknown();
  return Day{static_cast<std::int32_t>(whole_days(wall_clock(table_of(zone_), at)))};
}

std::int64_t Zone::time_of_day(Instant at) const {
  if (!at.known()) return 0;
  const std::int64_t clock = wall_clock(table_of(zone_), at);
  return clock - whole_days(clock) * micros_per_day;
}

Instant Zone::start_of(Day day) const { return local(day, 0).at; }

Zone::Found Zone::local(Day day, std::int64_t micros_of_day) const {
  if (day.days < -farthest_day || day.days > farthest_day) return {Local::never, {}, {}};
  const std::int64_t clock = day.days * micros_per_day + micros_of_day;
  if (zone_ == nullptr) return {Local::once, Instant{clock}, {}};
  const ZoneTable& table = table_of(zone_);
  Found found{Local::never, {}, {}};
  for (std::size_t row = table.row_at(clock - widest_offset); row < table.from.size(); ++row) {
    if (row > 0 && table.from[row] > clock + widest_offset) break;
    const std::int64_t at = clock - table.offset[row];
    const bool begun = row == 0 || at >= table.from[row];
    const bool over = row + 1 < table.from.size() && at >= table.from[row + 1];
    if (begun && !over) {
      if (found.how == Local::once) return {Local::twice, found.at, Instant{at}};
      found = {Local::once, Instant{at}, {}};
    } else if (!begun && found.how == Local::never && !found.at.known()) {
      // Before this row the clock showed less, in it more: if no row shows the reading, the gap lies here.
      found.at = Instant{table.from[row]};
    }
  }
  return found;
}

std::optional<std::int64_t> Zone::offset_all_day(Day day) const {
  if (day.days < -farthest_day || day.days > farthest_day) return std::nullopt;
  const ZoneTable& table = table_of(zone_);
  const std::int64_t midnight = day.days * micros_per_day;
  const std::size_t row = table.row_at(midnight - widest_offset);
  const bool stays = row + 1 == table.from.size() || table.from[row + 1] > midnight + micros_per_day + widest_offset;
  return stays ? std::optional(table.offset[row]) : std::nullopt;
}

int Zone::offset_seconds(Instant at) const {
  const ZoneTable& table = table_of(zone_);
  return static_cast<int>(table.offset[table.row_at(at.micros)] / micros_per_second);
}

std::string to_text(Instant at, const Zone& zone) {
  if (!at.known()) return "unknown";
  if (at == Instant::max()) return "never";
  const Day day = zone.day_of(at);
  const YearMonthDay parts = parts_of(day);
  const std::int64_t time = zone.time_of_day(at);
  const std::int64_t seconds = time / micros_per_second;
  std::string text = fmt::format("{} {} {} {} {:02}:{:02}", short_name(weekday_name(weekday_of(day))), parts.day,
                                 short_name(month_name(parts.month)), parts.year, seconds / 3'600, seconds / 60 % 60);
  if (time % (60 * micros_per_second) != 0) text += fmt::format(":{:02}", seconds % 60);
  if (time % micros_per_second != 0) text += fmt::format(".{:06}", time % micros_per_second);
  return text;
}

}  // namespace plumb::time
