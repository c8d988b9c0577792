#include "time/zone_table.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

#include <date/tz.h>
#include <fmt/format.h>

#include "time/posix_rule.h"
#include "time/time.h"

namespace plumb::time {

namespace {

constexpr int first_year = 1899;
constexpr int last_year = 2202;

// These follow the machine and not a place: with them the same rulebook would mean different things on two machines.
bool follows_machine(std::string_view name) { return name == "localtime" || name == "posixrules" || name == "Factory"; }

// The last line of a zone's file, which says what holds after its last transition. The date library does not read
// it: without it summer time would end in 2037, or wherever the installed files stop listing transitions.
std::optional<PosixRule> rule_after_last_transition(const std::string& name) {
  for (const char* folder : {"/usr/share/zoneinfo/", "/var/db/timezone/zoneinfo/"}) {
    std::ifstream file(folder + name, std::ios::binary | std::ios::ate);
    if (!file) continue;
    const std::streamoff size = file.tellg();
    const std::streamoff length = std::min<std::streamoff>(size, 256);
    std::string tail(static_cast<std::size_t>(std::max<std::streamoff>(length, 0)), '\0');
    file.seekg(size - length);
    if (!file.read(tail.data(), length) || tail.empty() || tail.back() != '\n') continue;
    tail.pop_back();
    const auto line = tail.rfind('\n');
    if (line != std::string::npos) return parse_posix_rule(std::string_view(tail).substr(line + 1));
  }
  return std::nullopt;
}

void append(ZoneTable& table, std::int64_t from, std::int64_t offset) {
  if (!table.from.empty() && table.from.back() == from) {
    table.from.pop_back();
    table.offset.pop_back();
  }
  if (!table.offset.empty() && table.offset.back() == offset) return;
  table.from.push_back(from);
  table.offset.push_back(offset);
}

void append_listed(ZoneTable& table, const date::time_zone& zone) {
  const date::sys_seconds end = date::sys_days{date::year{last_year} / 12 / 31};
  date::sys_info info = zone.get_info(date::sys_seconds{date::sys_days{date::year{first_year} / 1 / 1}});
  append(table, INT64_MIN, info.offset.count() * micros_per_second);
  while (info.end < end) {
    info = zone.get_info(info.end);
    append(table, info.begin.time_since_epoch().count() * micros_per_second, info.offset.count() * micros_per_second);
  }
}

void append_ruled(ZoneTable& table, const PosixRule& rule) {
  if (!rule.summer) return;
  const std::int64_t listed_until = table.from.back();
  for (int year = first_year; year <= last_year; ++year) {
    for (const OffsetChange& change : changes_in(*rule.summer, rule.offset, year)) {
      const std::int64_t at = change.at * micros_per_second;
      if (at > listed_until) append(table, at, change.offset * micros_per_second);
    }
  }
}

// Missing: null when the database has no such zone.
std::unique_ptr<const ZoneTable> load(const std::string& name) {
  if (follows_machine(name)) return nullptr;
  try {
    const date::time_zone* zone = date::locate_zone(name);
    auto table = std::make_unique<ZoneTable>();
    table->name = name;
    append_listed(*table, *zone);
    if (const auto rule = rule_after_last_transition(name)) append_ruled(*table, *rule);
    return table;
  } catch (const std::exception&) {
    return nullptr;
  }
}

}  // namespace

std::size_t ZoneTable::row_at(std::int64_t micros) const {
  return static_cast<std::size_t>(std::upper_bound(from.begin() + 1, from.end(), micros) - from.begin()) - 1;
}

const ZoneTable& utc_table() {
  static const ZoneTable table{"UTC", {INT64_MIN}, {0}};
  return table;
}

Result<const ZoneTable*> find_zone_table(const std::string& name) {
  if (name == "UTC") return &utc_table();
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<const ZoneTable>, std::less<>> tables;
  const std::lock_guard lock(mutex);
  auto found = tables.find(name);
  if (found == tables.end()) {
    auto table = load(name);
    // What is not found is not kept: hostile input could ask for any number of names.
    if (!table) return Failure{fmt::format("the time zone database has no zone `{}`", name)};
    found = tables.emplace(name, std::move(table)).first;
  }
  return found->second.get();
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) {
      if (!follows_machine(zone.name())) names.push_back(zone.name());
    }
  } catch (const std::exception&) {
    // No database on this machine: UTC is all there is.
  }
  names.push_back("UTC");
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace plumb::time
