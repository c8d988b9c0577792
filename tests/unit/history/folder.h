#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "history/load.h"

namespace plumb::history {

/// A folder of files for one test, removed with it.
class Folder {
 public:
  Folder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() / fmt::format("plumb_history_{}_{}", getpid(), count++);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  Folder& with(const std::string& name, std::string_view text) {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return *this;
  }
  std::string path(const std::string& name = "") const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A small rulebook's fields, activities, records and stages.
inline Schema acme() {
  Schema schema;
  schema.deal_fields = {
      {"amount", ValueType::money, {}},    {"segment", ValueType::text, {"smb", "mid_market", "enterprise"}},
      {"close_date", ValueType::date, {}}, {"share", ValueType::decimal, {}},
      {"signed", ValueType::boolean, {}},  {"seen", ValueType::instant, {}}};
  schema.account_fields = {{"industry", ValueType::text, {}}};
  schema.contact_fields = {{"decides", ValueType::boolean, {}}};
  schema.person_fields = {{"role", ValueType::text, {"rep", "manager"}}, {"workload", ValueType::decimal, {}}};
  schema.activities = {{"meeting", {{"goal", ValueType::text, {}}, {"held", ValueType::boolean, {}}}}, {"call", {}}};
  schema.records = {{"report", {{"new_deals", ValueType::decimal, {}}}}};
  schema.stages = {"lead", "prospecting", "proposal", "won"};
  return schema;
}

inline ValueFrom from_column(std::string name) {
  ValueFrom from;
  from.column.names = {std::move(name)};
  return from;
}

inline ValueFrom always(std::string constant) {
  ValueFrom from;
  from.constant = std::move(constant);
  return from;
}

inline std::string text_of(const History& history, const Column& column, std::size_t row) {
  const std::int64_t value = column.values[row];
  if (value == missing) return "-";
  if (value == unreadable) return "!";
  if (value == unobserved) return "?";
  switch (column.type) {
    case ValueType::text: return std::string(history.words[static_cast<std::uint32_t>(value)]);
    case ValueType::decimal: return to_text(Decimal{value});
    case ValueType::money: return fmt::format("{} {}", to_text(Decimal{value}), history.words[column.currency[row]]);
    case ValueType::date: return time::to_text(Day{static_cast<std::int32_t>(value)});
    case ValueType::instant: return time::to_text_utc(Instant{value});
    case ValueType::boolean: return value ? "yes" : "no";
  }
  return "";
}

inline std::string cells_of(const History& history, const std::vector<Column>& columns, std::size_t row) {
  std::string result;
  for (const Column& column : columns) {
    result += fmt::format(" {}={}", column.name, text_of(history, column, row));
    if (!column.recorded.empty()) result += "@" + time::to_text_utc(column.recorded[row]);
  }
  return result;
}

inline std::string instant_text(Instant at) { return at.known() ? time::to_text_utc(at) : "unknown"; }

inline std::string day_text(Day day) { return day.known() ? time::to_text(day) : "unknown"; }

inline std::string name_of(const History& history, std::uint32_t person) {
  return std::string(history.words[history.people.names.ids[person]]);
}

/// Everything that an event says, in texts, without its place in the files.
inline std::string event_text(const History& history, const Timeline& timeline, std::size_t i) {
  const Kind& kind = history.kinds[timeline.kind[i]];
  std::string result = instant_text(timeline.at[i]) + (timeline.by_day[i] ? " (day) " : " ") + kind.name;
  result += cells_of(history, kind.columns, timeline.row[i]);
  if (timeline.actor[i] != UINT32_MAX) result += " by " + name_of(history, timeline.actor[i]);
  if (timeline.source[i] != Source::none) result += fmt::format(" source {}", static_cast<int>(timeline.source[i]));
  return result + " recorded " + instant_text(timeline.recorded[i]);
}

inline std::vector<std::string> events_of(const History& history, const Timeline& timeline, std::size_t subject) {
  std::vector<std::string> result;
  for (std::uint32_t i = timeline.first[subject]; i < timeline.first[subject + 1]; ++i) {
    result.push_back(event_text(history, timeline, i));
  }
  return result;
}

/// The whole history as texts, places in files left out.
inline std::string dump(const History& history) {
  std::string result;
  const auto line = [&](std::string text) { result += std::move(text) + "\n"; };
  for (std::size_t s = 0; s < history.accounts.size(); ++s) {
    line(fmt::format("account {}{}", history.words[history.accounts.ids[s]],
                     cells_of(history, history.accounts.columns, s)));
  }
  for (std::size_t s = 0; s < history.deals.size(); ++s) {
    const std::uint32_t account = history.deal_account[s];
    line(fmt::format("deal {}{}", history.words[history.deals.ids[s]], cells_of(history, history.deals.columns, s)) +
         (account == UINT32_MAX ? "" : fmt::format(" of {}", history.words[history.accounts.ids[account]])));
    for (const std::string& event : events_of(history, history.deal_events, s)) line("  " + event);
  }
  const People& people = history.people;
  for (std::size_t p = 0; p < people.names.size(); ++p) {
    line(fmt::format("person {} joined {} left {}", history.words[people.names.ids[p]], day_text(people.joined[p]),
                     day_text(people.left[p])));
    for (std::uint32_t i = people.first[p]; i < people.first[p + 1]; ++i) {
      line("  from " + day_text(people.from[i]) + cells_of(history, people.columns, i));
    }
    for (const std::string& event : events_of(history, history.person_events, p)) line("  " + event);
  }
  for (const People::Leave& leave : people.leave) {
    line(fmt::format("leave {} {} {}", leave.person, day_text(leave.from), day_text(leave.to)));
  }
  return result;
}

/// What was loaded; a failure or a problem of the mapping fails the test.
inline Loaded load_well(const Folder& folder, const Mapping& mapping, const Schema& schema, LoadOptions options = {}) {
  Result<Loaded> loaded = load(folder.path(), mapping, schema, options);
  if (!loaded) {
    ADD_FAILURE() << loaded.error();
    return {};
  }
  for (const MappingProblem& problem : loaded->mapping_problems)
    ADD_FAILURE() << problem.message << " " << problem.help;
  for (const FileReport& file : loaded->report.files) {
    EXPECT_EQ(file.rows, file.used + file.ignored + file.merged + file.refused) << file.path;
  }
  return std::move(*loaded);
}

/// file:line message, each problem; refused rows with a !.
inline std::vector<std::string> problems_of(const Loaded& loaded) {
  std::vector<std::string> result;
  for (const Problem& problem : loaded.report.problems) {
    result.push_back(fmt::format("{}:{}{} {}", loaded.report.files[problem.file].path, problem.line,
                                 problem.refused ? "!" : "", problem.message));
  }
  return result;
}

inline std::vector<std::string> mapping_problems_of(const Folder& folder, const Mapping& mapping,
                                                    const Schema& schema) {
  Result<Loaded> loaded = load(folder.path(), mapping, schema, {});
  if (!loaded) return {"failure: " + loaded.error()};
  std::vector<std::string> result;
  for (const MappingProblem& p : loaded->mapping_problems) result.push_back(p.message + " | " + p.help);
  return result;
}

using Lines = std::vector<std::string>;

}  // namespace plumb::history
