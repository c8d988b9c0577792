#include "property/census.h"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "property/twin/value.h"

namespace plumb::property {

namespace {

const std::vector<std::string>& clauses() {
  static const std::vector<std::string> all = {"on hold }",
                                               "on hold while",
                                               "if missed",
                                               "if late",
                                               "if kept",
                                               "if cannot tell",
                                               "recorded as",
                                               "adjusted for",
                                               "leave longer",
                                               "averaged over",
                                               "given at least",
                                               " by monday",
                                               " by business",
                                               "even when",
                                               "each its own",
                                               "owed by",
                                               "effective from",
                                               "change must",
                                               " ahead",
                                               "lapse at",
                                               "for each team",
                                               "for each person\n  while",
                                               "for each person\n  throughout",
                                               "for each team\n  while",
                                               "for the company\n  while",
                                               "count of open deals",
                                               "open deals where",
                                               "the company",
                                               "by actor",
                                               "of team",
                                               "of company",
                                               "each account",
                                               "another day",
                                               " 2nd ",
                                               "any of",
                                               "moved to",
                                               "over last",
                                               " since ",
                                               "time since",
                                               "total time",
                                               "is on leave",
                                               "is on hold",
                                               "from claim",
                                               "or better",
                                               "may be first",
                                               "may be skip",
                                               "at most 1 tim",
                                               "for deals where",
                                               "reopened",
                                               "of account",
                                               "share of",
                                               "median",
                                               "working hours",
                                               "business day",
                                               "month",
                                               "divided by",
                                               "path talk",
                                               "today",
                                               "differs",
                                               "or the next busi",
                                               "of the week after",
                                               "of contact",
                                               "target t",
                                               "at least t",
                                               "r0 is ",
                                               "at most t"};
  return all;
}

bool any_cell(const Table& table, const std::string& column, const std::function<bool(const std::string&)>& is) {
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (is(table.cell(row, column))) return true;
  }
  return false;
}

bool any_unreadable(const Tables& tables) {
  for (const Table* table : tables.all()) {
    for (const auto& row : table->rows) {
      if (std::find(row.begin(), row.end(), "?!") != row.end()) return true;
    }
  }
  return false;
}

bool any_recorded_late(const Table& events) {
  for (std::size_t row = 0; row < events.rows.size(); ++row) {
    const twin::When at = twin::read_time(events.cell(row, "at")),
                     recorded = twin::read_time(events.cell(row, "recorded"));
    if (at.at.known() && recorded.at > at.at) return true;
  }
  return false;
}

// Whether some deal has two facts of one instant, and whether one enters a stage again.
void look_at_rows(const Table& events, bool& ties, bool& again) {
  std::set<std::pair<std::string, std::string>> instants, entered;
  for (std::size_t row = 0; row < events.rows.size(); ++row) {
    const std::string& deal = events.cell(row, "deal");
    const std::string& at = events.cell(row, "at");
    if (!at.empty() && !instants.emplace(deal, at).second) ties = true;
    if (events.cell(row, "kind") == "move" && !entered.emplace(deal, events.cell(row, "to")).second) again = true;
  }
}

// Days of a deal on which it moved more than once, in an order that no row tells: with the date alone, without a
// sequence, and some do not say from where.
void look_at_days(const Table& events, std::map<std::string, int>& history) {
  struct Moves {
    std::set<std::string> ways;
    bool empty = false, unsaid = false;
    bool untold() const { return ways.size() > 1 && (empty || unsaid); }
  };
  std::map<std::pair<std::string, std::int32_t>, Moves> days;
  std::map<std::string, time::Day> last;  // of a deal
  bool empty = false, on_end = false, said = false;
  for (std::size_t row = 0; row < events.rows.size(); ++row) {
    if (events.cell(row, "kind") != "move" || !events.cell(row, "sequence").empty()) continue;
    const time::Day day = twin::read_time(events.cell(row, "at")).day;
    if (!day.known()) continue;
    Moves& moves = days[{events.cell(row, "deal"), day.days}];
    const std::string& from = events.cell(row, "from");
    moves.ways.insert(from + " -> " + events.cell(row, "to"));
    moves.empty |= from.empty() && events.has("from"), moves.unsaid |= from == "?" || !events.has("from");
  }
  for (const auto& [deal_and_day, moves] : days) {
    if (!moves.untold()) continue;
    const auto& [deal, day] = deal_and_day;
    empty |= moves.empty;
    const auto next = days.find({deal, day + 1});
    on_end |= next != days.end() && next->second.untold();
    for (std::size_t row = 0; row < events.rows.size(); ++row) {
      const twin::When at = twin::read_time(events.cell(row, "at"));
      const bool later = at.day.known() ? at.day.days > day : at.at.micros / 86'400'000'000 > day;
      const std::string& from = events.cell(row, "from");
      said |= events.cell(row, "deal") == deal && events.cell(row, "kind") == "move" && later && !from.empty() &&
              from != "?";
    }
    ++history["moves of a day in no order"];
    history["moves of a day in no order, without a column from"] += !events.has("from");
  }
  history["moves of a day in no order, with empty cells"] += empty;
  history["moves of a day in no order on two days on end"] += on_end;
  history["moves of a day in no order, a later one says from where"] += said;
}

const char* const verdicts[] = {"kept", "late", "missed", "due", "excused", "cannot tell"};

}  // namespace

Census::Census() {
  for (const std::string& each : clauses()) all_["clause"][each];
  for (const char* each : {"ties",
                           "a stage entered again",
                           "recorded late",
                           "recorded early",
                           "recorded nobody knows when",
                           "a field with its own time",
                           "undated",
                           "unreadable",
                           "gaps",
                           "a file that lacks a column",
                           "waivers",
                           "leave",
                           "own calendars",
                           "known at",
                           "clocks change",
                           "as of a fact",
                           "a stage that nobody knows",
                           "a move from where nobody knows",
                           "a period that is named",
                           "moves of a day in no order",
                           "moves of a day in no order, without a column from",
                           "moves of a day in no order, with empty cells",
                           "moves of a day in no order on two days on end",
                           "moves of a day in no order, a later one says from where"}) {
    all_["history"][each];
  }
  const std::map<std::string, std::vector<const char*>> possible = {
      {"after", {verdicts, verdicts + 6}},
      {"before", {"kept", "missed", "excused", "cannot tell"}},
      {"at", {"kept", "missed", "excused", "cannot tell"}},
      {"while", {verdicts, verdicts + 6}},
      {"throughout", {"kept", "missed", "due", "excused", "cannot tell"}},
      {"while of people", {"kept", "late", "missed", "due", "cannot tell"}},
      {"throughout of people", {"kept", "missed", "due", "cannot tell"}},
      {"every", {verdicts, verdicts + 6}},
      {"path", {"kept", "missed", "excused", "cannot tell"}},
      {"if", {verdicts, verdicts + 6}}};
  for (const auto& [shape, some] : possible) {
    for (const char* each : some) all_[shape][each];
  }
}

void Census::count(const Case& of, const std::vector<Told>& told) {
  const std::string text = of.draft.text();
  for (const std::string& each : clauses()) all_["clause"][each] += text.find(each) != std::string::npos;
  auto& history = all_["history"];
  const Tables& tables = of.tables;
  bool ties = false, again = false;
  look_at_rows(tables.events, ties, again);
  history["ties"] += ties, history["a stage entered again"] += again;
  look_at_days(tables.events, history);
  history["recorded late"] += any_recorded_late(tables.events);
  history["recorded early"] += any_cell(tables.events, "recorded", [&](const std::string& cell) {
    return !cell.empty() && cell < tables.events.cell(0, "at");
  });
  history["recorded nobody knows when"] +=
      any_cell(tables.events, "recorded", [](const std::string& cell) { return cell == "sometime"; });
  const auto own = [](const std::string& column) { return column.ends_with(".recorded"); };
  history["a field with its own time"] += std::any_of(tables.deals.columns.begin(), tables.deals.columns.end(), own);
  history["undated"] += any_cell(tables.events, "at", [](const std::string& cell) { return cell.empty(); });
  history["unreadable"] += any_unreadable(tables);
  history["gaps"] += !tables.coverage.rows.empty();
  history["a file that lacks a column"] += !tables.deals.has("size") || !tables.deals.has("amount");
  history["waivers"] += any_cell(tables.events, "name", [](const std::string& cell) { return cell == "waiver"; });
  history["leave"] += !tables.leave.rows.empty();
  history["own calendars"] +=
      any_cell(tables.people, "calendar", [](const std::string& cell) { return cell == "away"; });
  const auto nobody_knows = [](const std::string& cell) { return cell == "?"; };
  history["a stage that nobody knows"] += any_cell(tables.events, "to", nobody_knows);
  history["a move from where nobody knows"] += any_cell(tables.events, "from", nobody_knows);
  for (std::size_t row = 0; row < tables.records.rows.size(); ++row) {
    if (tables.records.cell(row, "name") != "report" || tables.records.cell(row, "opened").empty()) continue;
    ++history["a period that is named"];
    break;
  }
  history["known at"] += of.known_at != time::Instant::max();
  history["clocks change"] += of.draft.zone != "UTC" && of.draft.zone != "Asia/Kolkata";
  history["as of a fact"] +=
      any_cell(tables.events, "at", [&](const std::string& cell) { return cell == time::to_text_utc(of.as_of); });
  std::map<std::string, std::string> shapes;
  for (const model::Rule& rule : of.book->rules) {
    const bool path = rule.origin == model::RuleOrigin::path;
    shapes[rule.name] = rule.responds_to ? "if" : path ? "path" : std::string(model::to_text(rule.shape));
    const bool lasts = rule.shape == model::Shape::while_ || rule.shape == model::Shape::throughout;
    if (lasts && !rule.responds_to && rule.subject.kind != model::SubjectKind::deal) shapes[rule.name] += " of people";
  }
  for (const Told& each : told) ++all_[shapes[each.rule]][each.verdict];
}

std::vector<std::string> Census::lacking() const {
  std::vector<std::string> none;
  for (const auto& [group, counts] : all_) {
    for (const auto& [name, count] : counts) {
      if (count == 0) none.push_back(group + ": " + name);
    }
  }
  return none;
}

std::string Census::to_text() const {
  std::string text;
  for (const auto& [group, counts] : all_) {
    text += fmt::format("{:>10}:", group);
    for (const auto& [name, count] : counts) text += fmt::format(" {} {},", name, count);
    text.back() = '\n';
  }
  return text;
}

}  // namespace plumb::property
