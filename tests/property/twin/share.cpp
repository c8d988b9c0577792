#include "property/twin/share.h"

#include <algorithm>

#include "property/twin/judge.h"

namespace plumb::twin {

namespace {

using Adjustment = model::Adjustment;

struct Leave {
  Day from, to;  // the last day included
};

// Rows that touch are one.
std::vector<Leave> leave_of(const World& world, const std::string& person) {
  const property::Table& table = world.tables.leave;
  std::vector<Leave> rows, all;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.cell(row, "person") != person) continue;
    Leave leave{read_time(table.cell(row, "from")).day, read_time(table.cell(row, "to")).day};
    if (!leave.to.known()) leave.to = Day{60'000};  // until further notice
    if (clock_of(world, person, leave.from).start_of(leave.from) < world.horizon) rows.push_back(leave);
  }
  std::sort(rows.begin(), rows.end(), [](const Leave& a, const Leave& b) { return a.from < b.from; });
  for (const Leave& row : rows) {
    if (!all.empty() && row.from <= all.back().to + 1) {
      all.back().to = std::max(all.back().to, row.to);
    } else {
      all.push_back(row);
    }
  }
  return all;
}

bool observed(const World& world, Day day) {
  const Instant at = world.usual().start_of(day);
  const Span& span = world.observed("leave");
  return !world.tables.leave.columns.empty() && at >= span.from && at < span.until;
}

bool holds_day(const std::vector<Leave>& all, Day day) {
  return std::any_of(all.begin(), all.end(), [&](const Leave& each) { return each.from <= day && day <= each.to; });
}

bool longer(const Leave& leave, Duration than, const Clock& clock) {
  std::int64_t days = 0;
  for (Day day = leave.from; day <= leave.to && days <= than.count; day = day + 1) {
    days += than.unit == time::Unit::days || clock.is_business_day(day);
  }
  return days > than.count;
}

// A percentage that holds of a person on a day. Missing: nullopt.
std::optional<Ratio> percentage(const World& world, const std::string& person, const model::Field& field, Day day) {
  const Person* who = world.person(person);
  if (who == nullptr || !world.tables.people.has(field.name)) return std::nullopt;
  Value found;
  for (const std::size_t row : who->rows) {
    const Day from = read_time(world.tables.people.cell(row, "from")).day;
    if (!from.known() || from <= day) {
      found = read_cell(world.tables.people.cell(row, field.name), field.type, field.choices);
    }
  }
  return found.known() ? std::optional(found.number) : std::nullopt;
}

const Adjustment* adjusts(const model::Rule& rule, Adjustment::For by) {
  for (const Adjustment& each : rule.adjusted_for) {
    if (each.by == by) return &each;
  }
  return nullptr;
}

void add_day(const World& world, const model::Rule& rule, const std::string& person, const Clock& clock, Day day,
             Share& share) {
  Tri away = Tri::no;
  if (const Adjustment* leave = adjusts(rule, Adjustment::For::leave)) {
    std::vector<Leave> all = leave_of(world, person);
    if (leave->longer_than) {
      std::erase_if(all, [&](const Leave& each) { return !longer(each, *leave->longer_than, clock); });
    }
    away = holds_day(all, day) ? Tri::yes : observed(world, day) ? Tri::no : Tri::unknown;
  }
  Ratio part{1, 1};
  for (const Adjustment& each : rule.adjusted_for) {
    if (each.by != Adjustment::For::field || away == Tri::yes) continue;  // of who is away nothing is asked
    const std::optional<Ratio> found = percentage(world, person, world.book.fields[each.field], day);
    share.known &= found.has_value();
    if (found && !(*found == Ratio{1, 1})) share.reduced = true;
    if (found) part = times(part, *found);
  }
  if (away != Tri::no) share.reduced = true;
  if (away == Tri::no) share.least = plus(share.least, part);
  if (away != Tri::yes) share.most = plus(share.most, part);
}

}  // namespace

Tri on_leave(const World& world, const std::string& person, Day day) {
  if (holds_day(leave_of(world, person), day)) return Tri::yes;
  return observed(world, day) ? Tri::no : Tri::unknown;
}

Share share_of(const World& world, const model::Rule& rule, const std::vector<std::string>& people, const Clock& clock,
               Interval period) {
  const auto& week = clock.spec().week;
  const bool no_hours = std::all_of(week.begin(), week.end(), [](const auto& hours) { return hours.empty(); });
  const bool holidays = adjusts(rule, Adjustment::For::holidays) != nullptr;
  Share share;
  std::int64_t whole = 0;
  for (Day day = clock.day_of(period.from); clock.start_of(day) < period.until; day = day + 1) {
    if (!no_hours && week[static_cast<std::size_t>(weekday(day) - 1)].empty()) continue;
    const bool works = no_hours || clock.is_business_day(day);
    if (works || holidays) ++whole;
    if (!works && holidays) share.reduced = true;
    for (const std::string& each : people) {
      if (works) add_day(world, rule, each, clock, day, share);
    }
  }
  if (whole == 0) return {{1, 1}, {1, 1}};
  const Ratio by{whole * std::ssize(people), 1};
  share.least = divided(share.least, by), share.most = divided(share.most, by);
  return share;
}

}  // namespace plumb::twin
