#include "plumb/reading.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "history/words.h"
#include "plumb/console.h"
#include "sources/encoding.h"
#include "time/calendar.h"
#include "time/parse_time.h"

namespace plumb::tool {

namespace {

/// `windows-1252`, or `tasks.csv=windows-1252`.
struct Said {
  std::string file;  // empty: all
  std::string what;
};

Said said(const std::string& option) {
  const std::size_t sign = option.rfind('=');
  if (sign == std::string::npos) return {{}, option};
  return {option.substr(0, sign), option.substr(sign + 1)};
}

std::optional<time::DateOrder> order_named(const std::string& dates) {
  if (dates == "year" || dates == "ymd") return time::DateOrder::year_month_day;
  if (dates == "day" || dates == "dmy") return time::DateOrder::day_month_year;
  if (dates == "month" || dates == "mdy") return time::DateOrder::month_day_year;
  return std::nullopt;
}

/// What is said of the same twice. Missing: empty.
std::string said_twice(const std::string& option, const std::vector<std::string>& values) {
  std::set<std::string> files;
  for (const std::string& value : values) {
    const auto [at, fresh] = files.insert(said(value).file);
    if (fresh) continue;
    if (!at->empty()) return fmt::format("{} is given more than once for `{}`", option, *at);
    return fmt::format("{} is given more than once; of one file it is said by {} FILE={}", option, option, value);
  }
  return {};
}

/// Whether a table is read from the file that somebody names: alone, or by the folder in which it lies. The tables of
/// a file that holds several are called `log.json: events`.
bool is_of(const sources::Table& table, std::string_view file) {
  const std::string_view name = file.substr(file.rfind('/') + 1);
  const std::string_view own = std::string_view(table.name).substr(0, table.name.find(": "));
  return !name.empty() && history::same_letters(own, name);
}

/// Whether a file of the mapping is read from such a table, by itself or because it is made of another.
bool is_of(const sources::Adapter& adapter, std::size_t file, const sources::Fit& fit,
           const std::vector<sources::Table>& tables, std::string_view name) {
  for (std::size_t steps = 0; steps < adapter.steps.size(); ++steps) {
    const std::vector<std::size_t>& parts = fit.tables_of[file];
    if (!parts.empty()) {
      return std::any_of(parts.begin(), parts.end(), [&](std::size_t part) { return is_of(tables[part], name); });
    }
    const sources::Steps& made = adapter.steps[file];
    if (!made.is_made()) return false;
    const std::string& of = made.unpivot ? made.unpivot->of : made.groups->of;
    const auto& files = adapter.mapping.files;
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const auto& other) { return history::same_letters(other.path, of); });
    if (found == files.end()) return false;
    file = static_cast<std::size_t>(found - files.begin());
  }
  return false;
}

}  // namespace

void add_reading_options(CLI::App& command, ReadingOptions& reading) {
  command
      .add_option(
          "--zone", reading.zone,
          "The time zone of times that carry no offset, such as Europe/Berlin, in place of what the adapter says")
      ->type_name("ZONE");
  command
      .add_option("--encoding", reading.encodings,
                  "The encoding of an export's tables, such as windows-1252, in place of what is recognised; "
                  "tasks.csv=windows-1252 is that of one file, and may be given several times")
      ->allow_extra_args(false)
      ->type_name("[FILE=]NAME");
  command
      .add_option(
          "--dates", reading.dates,
          "What comes first in dates such as 03/04/2026: year, day or month, in place of what the adapter says; "
          "tasks.csv=day is said of one file, and may be given several times")
      ->allow_extra_args(false)
      ->type_name("[FILE=]ORDER");
}

std::string wrong_with(const ReadingOptions& reading) {
  if (!reading.zone.empty()) {
    if (const auto found = time::Zone::find(reading.zone); !found) return fmt::format("--zone: {}", found.error());
  }
  for (const std::string& option : reading.encodings) {
    const std::string name = said(option).what;
    if (!sources::encoding_named(name).empty()) continue;
    return fmt::format("--encoding: there is no encoding `{}`{}", name, did_you_mean(name, sources::encodings()));
  }
  for (const std::string& option : reading.dates) {
    const std::string order = said(option).what;
    if (!order_named(order))
      return fmt::format("--dates: `{}` is no order: say what comes first, `year`, `day` or `month`", order);
  }
  const std::string twice = said_twice("--encoding", reading.encodings);
  return twice.empty() ? said_twice("--dates", reading.dates) : twice;
}

sources::Encodings encodings_of(const ReadingOptions& reading, const sources::Adapter* adapter) {
  sources::Encodings encodings = adapter == nullptr ? sources::Encodings() : sources::encodings_of(*adapter);
  for (const std::string& option : reading.encodings) {
    const Said one = said(option);
    sources::SaidEncoding encoding{std::string(sources::encoding_named(one.what)), "--encoding says"};
    (one.file.empty() ? encodings.all : encodings.of[sources::stem_of(one.file)]) = std::move(encoding);
  }
  return encodings;
}

void take_reading(const ReadingOptions& reading, sources::Adapter& adapter) {
  if (!reading.zone.empty()) adapter.mapping.zone = reading.zone;
  for (const std::string& option : reading.dates) {
    const Said one = said(option);
    if (const auto order = order_named(one.what); order && one.file.empty()) sources::read_dates_as(*order, adapter);
  }
  for (const std::string& option : reading.encodings) {
    if (!said(option).file.empty()) continue;
    for (sources::Steps& steps : adapter.steps) steps.encoding.clear();
  }
}

Result<bool> take_reading(const ReadingOptions& reading, const std::vector<sources::Table>& tables,
                          const sources::Fit& fit, sources::Adapter& adapter) {
  std::vector<std::string> names;
  for (const sources::Table& table : tables) names.push_back(table.name.substr(0, table.name.find(": ")));
  // Of the files of one table dates are written alike.
  for (std::size_t file = 0; file < adapter.steps.size(); ++file) {
    const std::vector<std::size_t>& parts = fit.tables_of[file];
    std::set<std::string> orders;
    for (const std::size_t part : parts) {
      std::string order;
      for (const std::string& option : reading.dates) {
        if (!said(option).file.empty() && is_of(tables[part], said(option).file)) order = said(option).what;
      }
      orders.insert(order);
    }
    if (orders.size() < 2) continue;
    return Failure{
        fmt::format("--dates: `{}` and `{}` are read as one table, whose dates have one order: say the same "
                    "of all its files",
                    tables[parts.front()].name, tables[parts.back()].name)};
  }
  const auto each = [&](const char* called, const std::vector<std::string>& options, auto&& take) -> Result<bool> {
    for (const std::string& option : options) {
      const Said one = said(option);
      if (one.file.empty()) continue;
      if (std::none_of(tables.begin(), tables.end(), [&](const auto& table) { return is_of(table, one.file); }))
        return Failure{
            fmt::format("{}: the export has no file `{}`{}", called, one.file, did_you_mean(one.file, names))};
      for (std::size_t file = 0; file < adapter.steps.size(); ++file) {
        if (is_of(adapter, file, fit, tables, one.file)) take(file, one.what);
      }
    }
    return true;
  };
  const auto encoded = each("--encoding", reading.encodings,
                            [&](std::size_t file, const std::string&) { adapter.steps[file].encoding.clear(); });
  if (!encoded) return encoded;
  return each("--dates", reading.dates, [&](std::size_t file, const std::string& order) {
    sources::read_dates_as(*order_named(order), adapter, file);
  });
}

}  // namespace plumb::tool
