#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "property/laws.h"
#include "property/reads.h"
#include "property/twin/value.h"
#include "property/twin/world.h"

/// What is told although something is unknown is so however that turns out.
namespace plumb::property {
namespace {

// Turns what is unknown into something that it may be: times within a day or a life, instants of recording, cells that
// cannot be read, stages, and moves that nobody recorded. When a move or a change was stays as it is: where one came
// from says it.
class Filling {
 public:
  Filling(Drawn& drawn, Tables& tables)
      : drawn_(drawn), chance_(drawn.chance), clock_(drawn.clock()), tables_(tables) {}

  void fill() {
    for (std::size_t row = 0; row < tables_.deals.rows.size(); ++row) {
      std::string& account = tables_.deals.cell(row, "account");
      if (account == "?") account = chance_.word({"A", "B", ""});
    }
    fill_orders();
    for (std::size_t row = 0; row < tables_.deals.rows.size(); ++row) fill_stages(tables_.deals.cell(row, "deal"));
    for (Table* table : {&tables_.events, &tables_.records}) {
      for (std::size_t row = 0; row < table->rows.size(); ++row) fill_time(*table, row);
    }
    for (Table* table : tables_.all()) {
      for (const std::string& column : table->columns) {
        for (std::size_t row = 0; row < table->rows.size(); ++row) fill_cell(*table, row, column);
      }
    }
  }
  /// Whether a deal has moves now that no row told of.
  bool added_to(const std::string& deal) const { return added_.count(deal) > 0; }
  /// Whether it has a move to where nobody knew.
  bool redirected(const std::string& deal) const { return redirected_.count(deal) > 0; }

 private:
  time::Instant between(time::Instant from, time::Instant until) {
    const std::int64_t minutes = (until.micros - from.micros) / (60 * time::micros_per_second);
    if (minutes <= 0) return from;
    return {from.micros + chance_.below(static_cast<int>(minutes)) * 60 * time::micros_per_second};
  }
  time::Instant created(const std::string& deal) const {
    for (std::size_t row = 0; row < tables_.deals.rows.size(); ++row) {
      if (tables_.deals.cell(row, "deal") != deal) continue;
      const twin::When when = twin::read_time(tables_.deals.cell(row, "created"));
      return when.day.known() ? clock_.start_of(when.day) : when.at;
    }
    return time::Instant::unknown();
  }
  static bool is_step(const Table& table, std::size_t row) {
    return table.has("kind") && (table.cell(row, "kind") == "move" || table.cell(row, "kind") == "change");
  }
  void fill_time(Table& table, std::size_t row) {
    if (is_step(table, row) || (table.has("sequence") && !table.cell(row, "sequence").empty())) return;
    std::string& at = table.cell(row, "at");
    const time::Instant begin = table.has("deal") ? created(table.cell(row, "deal")) : time::Instant::unknown();
    const twin::When when = twin::read_time(at);
    if (when.day.known()) {
      const time::Instant first = clock_.start_of(when.day), end = clock_.start_of(when.day + 1);
      if (begin < end) at = time::to_text_utc(between(std::max(first, begin), end));
    } else if (!when.at.known() && begin.known()) {
      at = time::to_text_utc(between(begin, drawn_.of.as_of));
    }
  }
  // Moves of a day of which no row tells the order came in one that they allow.
  void fill_orders() {
    Table& events = tables_.events;
    std::map<std::string, std::string> orders;  // rows of moves as text, and their number
    std::set<std::string> told;                 // deals
    for (const twin::Deal& deal : twin::look_at(drawn_.book(), tables_, time::Instant::max()).deals) {
      if (deal.orders.empty()) continue;
      const auto text = [&](const twin::Fact& fact) { return fmt::to_string(fmt::join(events.rows[fact.row], ",")); };
      std::set<std::string> untold;
      for (const twin::Fact& fact : deal.facts) {
        if (fact.any_order) untold.insert(text(fact));
      }
      for (const twin::Fact& fact : chance_.of(deal.orders)) {
        if (fact.of == twin::Class::move && untold.contains(text(fact)))
          orders.emplace(text(fact), std::to_string(orders.size()));
      }
      told.insert(deal.id);
    }
    for (std::size_t row = 0; row < events.rows.size(); ++row) {
      if (!told.contains(events.cell(row, "deal"))) continue;
      const auto found = orders.find(fmt::to_string(fmt::join(events.rows[row], ",")));
      std::string& sequence = events.cell(row, "sequence");
      if (found != orders.end()) {
        sequence = found->second;
      } else if (!sequence.empty()) {
        sequence = std::to_string(std::stoi(sequence) + 100);  // behind all of these, as without a number they were
      }
    }
  }
  // Its rows of moves, as they were made as far as is known.
  std::vector<std::size_t> moves_of(const std::string& deal) const {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < tables_.events.rows.size(); ++row) {
      if (tables_.events.cell(row, "deal") == deal && tables_.events.cell(row, "kind") == "move") rows.push_back(row);
    }
    std::ranges::stable_sort(rows, {}, [&](std::size_t row) {
      const twin::When when = twin::read_time(tables_.events.cell(row, "at"));
      const std::string& sequence = tables_.events.cell(row, "sequence");
      const time::Instant at = when.day.known() ? std::max(clock_.start_of(when.day), created(deal)) : when.at;
      return std::pair(at, sequence.empty() ? -1 : std::stoi(sequence));
    });
    return rows;
  }
  // Where the deal went, and by which moves it came to where the next row begins. A row is a move unless the one before
  // it led there.
  void fill_stages(const std::string& deal) {
    std::string stage;
    time::Instant last = created(deal);
    Table& events = tables_.events;
    for (const std::size_t row : moves_of(deal)) {
      const twin::When when = twin::read_time(events.cell(row, "at"));
      const std::string to = events.cell(row, "to");
      const std::string& said = events.cell(row, "recorded");
      const std::string recorded = said.empty() ? events.cell(row, "at") : said;  // as late as what tells of them
      if (events.has("from") && events.cell(row, "from") == "?") {
        // Of moves that only a row behind the as-of tells of nobody knows yet.
        const bool told = when.at.known() && when.at < drawn_.of.as_of && last.known();
        for (int more = told ? chance_.below(3) : 0; more > 0; --more) {
          const time::Instant at = between({last.micros + 1}, when.at);
          const std::string next = another(stage, to);
          // The deal is open or closed as its rows say.
          if (at <= last || at >= when.at || is_closed(next) != is_closed(stage) || is_last(next, deal, row)) break;
          events.add({{"deal", deal},
                      {"at", time::to_text_utc(at)},
                      {"recorded", recorded},
                      {"kind", "move"},
                      {"from", stage},
                      {"to", next}});
          stage = next, last = at, added_.insert(deal);
        }
        events.cell(row, "from") = stage;
      }
      if (to == "?") events.cell(row, "to") = another(stage, stage);
      stage = events.cell(row, "to"), last = when.at;
      if (to == "?") redirected_.insert(deal);
    }
  }
  // Whether the rows hold a deal's last move into a stage, and it came before one of them.
  bool is_last(const std::string& stage, const std::string& deal, std::size_t row) const {
    const Table& coverage = tables_.coverage;
    bool told = false, later = false;
    for (std::size_t i = 0; i < coverage.rows.size(); ++i) told |= coverage.cell(i, "what") == "last entry of " + stage;
    const std::vector<std::size_t> moves = moves_of(deal);
    for (auto move = std::ranges::find(moves, row); move != moves.end(); ++move)
      later |= tables_.events.cell(*move, "to") == stage;
    return told && !later;
  }
  static bool is_closed(const std::string& stage) { return stage == "won" || stage == "lost"; }
  // One that the rulebook has: any other may be each of them by another name, and is as unknown.
  std::string another(const std::string& one, const std::string& other) {
    const auto declared = [&](const std::string& name) {
      return drawn_.book().stages.empty() ||
             std::ranges::any_of(drawn_.book().stages, [&](const model::Stage& each) { return each.name == name; });
    };
    std::string found;
    do found = chance_.word({"talk", "offer", "deal", "won", "lost", "waiting"});
    while (found == one || found == other || !declared(found));
    return found;
  }
  void fill_cell(Table& table, std::size_t row, const std::string& column) {
    std::string& cell = table.cell(row, column);
    // Of a deal the facts that were recorded of it say that it was known.
    if (cell == "sometime" && &table != &tables_.deals && !is_step(table, row))
      cell = time::to_text_utc({drawn_.of.as_of.micros + chance_.between(-200, 100) * time::micros_per_hour});
    if (cell != "?!") return;
    std::vector<std::string> readable;
    for (std::size_t other = 0; other < table.rows.size(); ++other) {
      const std::string& found = table.cell(other, column);
      if (found != "?!" && !found.empty()) readable.push_back(found);
    }
    if (!readable.empty()) cell = chance_.of(readable);
  }

  Drawn& drawn_;
  Chance& chance_;
  const twin::Clock clock_;
  Tables& tables_;
  std::set<std::string> added_, redirected_;
};

std::string changes(const Tables& before, const Tables& after) {
  std::string text;
  const std::vector<const Table*> olds = before.all(), news = after.all();
  for (std::size_t i = 0; i < olds.size(); ++i) {
    for (std::size_t row = 0; row < olds[i]->rows.size(); ++row) {
      for (const std::string& column : olds[i]->columns) {
        const std::string &from = olds[i]->cell(row, column), &to = news[i]->cell(row, column);
        if (from != to) text += fmt::format("{}:{} {}: {} -> {}\n", olds[i]->file, row + 2, column, from, to);
      }
    }
    for (std::size_t row = olds[i]->rows.size(); row < news[i]->rows.size(); ++row) {
      text += fmt::format("{} has also: {}\n", news[i]->file, fmt::join(news[i]->rows[row], ","));
    }
  }
  return text;
}

bool is_unkept(const Told& told) { return told.verdict == "missed" || told.verdict == "late"; }

// Of a condition that lasts the stretches begin where it turns, which what is unknown may move, and so does a life that
// may have ended where nobody knows to which stage the deal went.
auto key_of(const Drawn& drawn, const Told& told, const Filling& filling) {
  const model::Shape shape = drawn.rule(told).shape;
  const bool turns =
      shape == model::Shape::while_ || (shape == model::Shape::throughout && filling.redirected(told.subject));
  return std::tuple(told.rule, told.subject, turns ? 0 : told.opened, turns ? 0 : told.period);
}

bool reads_or_responds(const Drawn& drawn, const Told& told) {
  return drawn.rule(told).responds_to || reads_verdicts(drawn.book(), drawn.rule(told));
}

using Key = std::tuple<std::string, std::string, std::int64_t, std::int64_t>;

// What is said of each; several obligations may have opened at one instant. Who reads verdicts may ask for what cannot
// be told, and be answered by that.
std::map<Key, std::set<std::string>> said_of(const Drawn& drawn, const std::vector<Told>& all, const Filling& filling) {
  std::map<Key, std::set<std::string>> said;
  for (const Told& told : all) {
    if (!reads_or_responds(drawn, told))
      said[key_of(drawn, told, filling)].insert(is_unkept(told) ? "not kept" : told.verdict);
  }
  return said;
}

std::string contradiction(const Drawn& drawn, const std::vector<Told>& before, const std::vector<Told>& filled,
                          const Filling& filling) {
  const auto said = said_of(drawn, before, filling), then = said_of(drawn, filled, filling);
  std::set<std::pair<std::string, std::string>> open;
  for (const Told& told : before) {
    if (told.verdict == "cannot tell" || told.verdict == "due") open.insert({told.rule, told.subject});
  }
  for (const Told& told : before) {
    const Key key = key_of(drawn, told, filling);
    const auto found = then.find(key);
    const bool unkept = found != then.end() && found->second.count("not kept") > 0;
    if (reads_or_responds(drawn, told)) continue;
    const bool untold = found != then.end() && found->second.count("cannot tell") > 0;
    if (is_unkept(told) && !unkept && !untold) return "told: " + to_text(told) + "\nand filled in it is not so\n";
    const bool one_kept = told.verdict == "kept" && said.at(key).size() == 1 && told.opened == std::get<2>(key);
    if (one_kept && unkept) return "told: " + to_text(told) + "\nand filled in it is missed\n";
  }
  for (const Told& told : filled) {
    // What nobody recorded asks nothing.
    const bool by_event = drawn.rule(told).trigger || drawn.rule(told).origin == model::RuleOrigin::path;
    const bool new_move = by_event && filling.added_to(told.subject);
    // A life may have ended there, and another begun.
    const bool new_life = drawn.rule(told).shape == model::Shape::throughout && filling.redirected(told.subject);
    const bool asked = said.count(key_of(drawn, told, filling)) > 0 || open.count({told.rule, told.subject}) > 0 ||
                       new_move || new_life;
    if (is_unkept(told) && !asked && !reads_or_responds(drawn, told))
      return "filled in: " + to_text(told) + "\nand nothing was said of it\n";
  }
  return {};
}

TEST(Laws, WhatIsToldIsSoHoweverTheUnknownTurnsOut) {
  Doubts doubts;
  doubts.unknown = true;
  for_random_cases(doubts, [](Drawn& drawn) -> std::string {
    const time::Instant known_at =
        drawn.chance.one_in(2) ? time::Instant::max() : random_as_of(drawn.chance, drawn.of.draft, drawn.of.tables);
    const std::vector<Told> before = evaluate(drawn.book(), drawn.of.tables, drawn.of.as_of, known_at);
    if (before.empty()) return {};
    for (int i = 0; i < 4; ++i) {
      Tables tables = drawn.of.tables;
      Filling filling(drawn, tables);
      filling.fill();
      const std::string wrong =
          contradiction(drawn, before, evaluate(drawn.book(), tables, drawn.of.as_of, known_at), filling);
      if (!wrong.empty())
        return wrong + "known at " + time::to_text_utc(known_at) + "\n" + changes(drawn.of.tables, tables);
    }
    return {};
  });
}

}  // namespace
}  // namespace plumb::property
