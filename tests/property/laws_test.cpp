#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "format/format.h"
#include "property/histories.h"
#include "property/laws.h"
#include "property/reads.h"
#include "property/twin/clock.h"
#include "property/twin/value.h"
#include "syntax/parse.h"

/// The laws of evaluation over random rulebooks and histories.
namespace plumb::property {
namespace {

// The rows whose facts lie before an instant; those of unknown instant, too.
Tables cut(const Tables& whole, time::Instant until, const twin::Clock& clock) {
  Tables tables = whole;
  const auto begun = [&](const std::string& cell) {
    const twin::When when = twin::read_time(cell);
    if (when.day.known()) return clock.start_of(when.day) < until;
    return !when.at.known() || when.at < until;
  };
  const auto keep = [&](Table& table, const std::string& column, auto more) {
    Table kept{table.file, table.columns, {}};
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      if (begun(table.cell(row, column)) && more(row)) kept.rows.push_back(table.rows[row]);
    }
    table = kept;
  };
  const auto all = [](std::size_t) { return true; };
  keep(tables.deals, "created", all);
  std::set<std::string> deals;
  for (std::size_t row = 0; row < tables.deals.rows.size(); ++row) deals.insert(tables.deals.cell(row, "deal"));
  keep(tables.events, "at", [&](std::size_t row) { return deals.count(tables.events.cell(row, "deal")) > 0; });
  keep(tables.contacts, "created", [&](std::size_t row) { return deals.count(tables.contacts.cell(row, "deal")) > 0; });
  keep(tables.records, "at", all);
  return tables;
}

Tables of_deals(const Tables& whole, const std::set<std::string>& deals) {
  Tables tables = whole;
  for (Table* table : {&tables.deals, &tables.events, &tables.contacts}) {
    Table kept{table->file, table->columns, {}};
    for (std::size_t row = 0; row < table->rows.size(); ++row) {
      if (deals.count(table->cell(row, "deal")) > 0) kept.rows.push_back(table->rows[row]);
    }
    *table = kept;
  }
  return tables;
}

// Nobody is asked about the time before the first event of the whole history, whichever part of it is looked at.
void observed_from_the_first_event(Tables& tables) {
  std::string first;
  for (const auto& [table, column] :
       {std::pair(&tables.deals, "created"), std::pair(&tables.events, "at"), std::pair(&tables.records, "at")}) {
    for (std::size_t row = 0; row < table->rows.size(); ++row) {
      const std::string& cell = table->cell(row, column);
      if (cell.size() > 10 && (first.empty() || cell < first)) first = cell;
    }
  }
  if (tables.coverage.columns.empty()) tables.coverage.columns = {"what", "from", "until"};
  tables.coverage.add({{"what", "everything"}, {"from", first}});
}

// ---- the laws, by their numbers ------------------------------------------------------------------------------------

// Whether a step with a date alone may stand behind one with a time of its day, by what is recorded of both, and that
// one is cut off: it came no sooner, which the rest does not tell. Nor does the rest hold each last entry of a stage.
bool placed_by_what_is_cut_off(const Tables& tables, time::Instant as_of, const twin::Clock& clock) {
  const Table &events = tables.events, &coverage = tables.coverage;
  for (std::size_t row = 0; row < coverage.rows.size(); ++row) {
    if (coverage.cell(row, "what").starts_with("last entry of ")) return true;
  }
  const auto step = [&](std::size_t row, const char* column) { return events.cell(row, column); };
  for (std::size_t row = 0; row < events.rows.size(); ++row) {
    const time::Day day = twin::read_time(step(row, "at")).day;
    if (!day.known() || (step(row, "kind") != "move" && step(row, "kind") != "change")) continue;
    for (std::size_t other = 0; other < events.rows.size(); ++other) {
      const time::Instant at = twin::read_time(step(other, "at")).at;
      const bool same = step(row, "deal") == step(other, "deal") && step(row, "kind") == step(other, "kind") &&
                        step(row, "name") == step(other, "name");
      if (same && at.known() && at >= as_of && clock.day_of(at) == day) return true;
    }
  }
  return false;
}

// What cannot be told yet: whether something that lasts holds already, which it does for certain later, and is asked
// from then on; which of two deadlines it is, since the deal may be on hold; and what reads or answers such a verdict.
bool is_provisional(const Drawn& drawn, const Told& told) {
  const model::Rule &rule = drawn.rule(told), &asked = drawn.asked(told);
  const bool answers = rule.responds_to && rule.responses.front().verdict == "cannot tell";
  const bool waived = told.verdict == "excused" && told.settled == told.opened;  // and not told whether it is asked
  if (told.verdict != "cannot tell" && !answers && !waived) return false;
  return asked.shape == model::Shape::while_ || drawn.has_holds() || reads_verdicts(drawn.book(), asked);
}

// (1)
TEST(Laws, RaisingTheHorizonOnlyAddsAndSettles) {
  Doubts doubts;
  doubts.recorded = doubts.undated = false;
  for_random_cases(doubts, [](Drawn& drawn) -> std::string {
    const time::Instant later{drawn.of.as_of.micros + drawn.chance.between(1, 400) * std::int64_t{3'600'000'000}};
    if (placed_by_what_is_cut_off(drawn.of.tables, drawn.of.as_of, drawn.clock())) return {};
    std::vector<Told> after = drawn.told(drawn.of.tables, later), before = drawn.told(drawn.of.tables);
    // Of several that opened at one instant what is settled stays, and what is due comes to what is left.
    std::ranges::stable_partition(before, [](const Told& told) { return told.verdict != "due"; });
    for (const Told& was : before) {
      if (is_provisional(drawn, was)) continue;
      const auto found = std::find_if(after.begin(), after.end(), [&](const Told& is) {
        // Of what nobody dated whoever owns the deal now is named.
        const bool undated = time::Instant{was.opened} == time::Instant::unknown();
        const bool same = is.rule == was.rule && is.subject == was.subject && is.opened == was.opened &&
                          is.period == was.period && (undated || is.owed_by == was.owed_by);
        const bool made_up_for = was.verdict == "missed" && is.verdict == "late" && was.deadline == is.deadline;
        // A hold moves the deadline also of what is settled.
        const auto known = [](std::int64_t at) { return time::Instant{at}.known(); };
        const bool later = is.deadline > was.deadline || !known(is.deadline) || !known(was.deadline);
        const bool by_then = was.deadline == is.deadline || (later && drawn.has_holds());
        const bool stays = was.verdict == is.verdict && was.settled == is.settled && by_then;
        return same && (was.verdict == "due" || made_up_for || stays);
      });
      if (found == after.end()) {
        return fmt::format("as of {} there is no more: {}\n{}", time::to_text_utc(later), to_text(was), to_text(after));
      }
      after.erase(found);
    }
    return {};
  });
}

// (2)
TEST(Laws, AsOfAnInstantIsTheHistoryCutOffThere) {
  for_random_cases(Doubts{}, [](Drawn& drawn) -> std::string {
    if (placed_by_what_is_cut_off(drawn.of.tables, drawn.of.as_of, drawn.clock())) return {};
    const Tables tables = cut(drawn.of.tables, drawn.of.as_of, drawn.clock());
    return difference(drawn.told(drawn.of.tables), drawn.told(tables), "whole", "cut off");
  });
}

const std::vector<std::pair<std::string, std::string>>& new_names() {
  static const std::vector<std::pair<std::string, std::string>> all = {{"next_step", "aa_step"},
                                                                       {"seats", "zz_seats"},
                                                                       {"close_date", "done_by"},
                                                                       {"meeting", "visit"},
                                                                       {"note_made", "a_note"},
                                                                       {"offer", "an_offer"},
                                                                       {"sales", "process1"},
                                                                       {"office", "the_office"},
                                                                       {"e0", "zzz"},
                                                                       {"e1", "aaa"},
                                                                       {"m0", "zz_measure"},
                                                                       {"report", "z_report"}};
  return all;
}

std::string renamed(std::string text) {
  for (const auto& [from, to] : new_names()) {
    text = std::regex_replace(text, std::regex("\\b" + from + "\\b(?!\")"), to);
  }
  return text;
}

void rename(Table& table) {
  for (auto& row : table.rows) {
    for (std::string& cell : row) cell = renamed(cell);
  }
  for (std::string& column : table.columns) {
    const bool own_time = column.ends_with(".recorded");
    column = renamed(own_time ? column.substr(0, column.size() - 9) : column) + (own_time ? ".recorded" : "");
  }
}

std::string formatted(const std::string& text) {
  source::Map texts;
  diagnostics::Sink sink;
  const Id<source::Text> id = texts.add("rules.plumb", text);
  return format::format(syntax::parse(texts, id, sink), texts);
}

// (3)
TEST(Laws, OrderNamesAndLayoutOfDeclarationsSayNothing) {
  for_random_cases(Doubts{}, [](Drawn& drawn) -> std::string {
    const std::vector<Told> told = drawn.told(drawn.of.tables);
    Draft other = drawn.of.draft;
    // The first calendar is the default one.
    const std::size_t fixed = other.declarations.front().starts_with("calendar") ? 1 : 0;
    for (std::size_t i = other.declarations.size() - 1; i > fixed; --i) {
      const auto j = fixed + static_cast<std::size_t>(drawn.chance.below(static_cast<int>(i - fixed + 1)));
      std::swap(other.declarations[i], other.declarations[j]);
    }
    const Compiled shuffled = compile(other.text());
    if (!shuffled.book) return "in another order: " + shuffled.why + "\n" + other.text();
    const auto run = [&](const model::Rulebook& book, const Tables& tables) {
      return evaluate(book, tables, drawn.of.as_of, time::Instant::max());
    };
    std::string wrong = difference(told, run(*shuffled.book, drawn.of.tables), "as drawn", "in another order");
    if (!wrong.empty()) return wrong;
    const Compiled laid_out = compile(formatted(drawn.of.draft.text()));
    if (!laid_out.book) return "formatted: " + laid_out.why;
    wrong = difference(told, run(*laid_out.book, drawn.of.tables), "as drawn", "formatted");
    if (!wrong.empty()) return wrong;
    const Compiled named = compile(renamed(drawn.of.draft.text()));
    if (!named.book) return "renamed: " + named.why + "\n" + renamed(drawn.of.draft.text());
    Tables tables = drawn.of.tables;
    for (Table* table : tables.all()) rename(*table);
    std::vector<Told> with_new_names = told;
    for (Told& each : with_new_names) each.rule = renamed(each.rule);
    std::sort(with_new_names.begin(), with_new_names.end());
    return difference(with_new_names, run(*named.book, tables), "as drawn", "renamed");
  });
}

// (4)
TEST(Laws, DealByDealIsTheWhole) {
  for_random_cases(Doubts{}, [](Drawn& drawn) -> std::string {
    const auto counts = [&](const Told& told) {
      return drawn.of_deal(told) && !reads_accounts(drawn.book(), drawn.asked(told));
    };
    std::vector<Told> merged;
    const Table& deals = drawn.of.tables.deals;
    for (std::size_t row = 0; row < deals.rows.size(); ++row) {
      for (const Told& each : only(drawn.told(of_deals(drawn.of.tables, {deals.cell(row, "deal")})), counts)) {
        merged.push_back(each);
      }
    }
    std::sort(merged.begin(), merged.end());
    return difference(only(drawn.told(drawn.of.tables), counts), merged, "whole", "deal by deal");
  });
}

// (4), with all the deals a person ever owned
TEST(Laws, PersonByPersonIsTheWhole) {
  Doubts doubts;
  doubts.gaps = doubts.lacking = false;
  for_random_cases(doubts, [](Drawn& drawn) -> std::string {
    Tables whole = drawn.of.tables;
    observed_from_the_first_event(whole);
    const std::vector<Told> all = drawn.told(whole);
    for (const std::string person : {"ana", "ben", "cid", "max"}) {
      const auto counts = [&](const Told& told) {
        const model::Rule& rule = drawn.asked(told);
        return rule.subject.kind == model::SubjectKind::person && told.subject == person &&
               !reads_others(drawn.book(), rule);
      };
      std::set<std::string> owned;
      for (std::size_t row = 0; row < whole.deals.rows.size(); ++row) {
        if (whole.deals.cell(row, "owner") == person) owned.insert(whole.deals.cell(row, "deal"));
      }
      for (std::size_t row = 0; row < whole.events.rows.size(); ++row) {
        if (whole.events.cell(row, "name") == "owner" && whole.events.cell(row, "to") == person) {
          owned.insert(whole.events.cell(row, "deal"));
        }
      }
      Tables part = of_deals(whole, owned);
      part.people.add({{"person", person}});  // who is known only by what he did elsewhere is known still
      Tables with = whole;
      with.people.add({{"person", person}});
      const std::string wrong =
          difference(only(drawn.told(with), counts), only(drawn.told(part), counts), "whole", "his own deals");
      if (!wrong.empty()) return wrong;
    }
    return {};
  });
}

// (5)
TEST(Laws, TheOrderOfRowsSaysNothing) {
  for_random_cases(Doubts{}, [](Drawn& drawn) {
    Tables tables = drawn.of.tables;
    for (Table* table : tables.all()) {
      for (std::size_t i = table->rows.size(); i > 1; --i) {
        std::swap(table->rows[i - 1], table->rows[static_cast<std::size_t>(drawn.chance.below(static_cast<int>(i)))]);
      }
    }
    return difference(drawn.told(drawn.of.tables), drawn.told(tables), "as drawn", "in another order");
  });
}

// (6)
TEST(Laws, AFactThatComesToBeObservedChangesOnlyWhatReadsIt) {
  Doubts doubts;
  doubts.gaps = false;  // its coverage is said once
  for_random_cases(doubts, [](Drawn& drawn) -> std::string {
    const std::string name = drawn.chance.word({"size", "next_step", "amount", "close_date", "seats", "chance"});
    Id<model::Field> field;
    for (std::size_t i = 0; i < drawn.book().fields.size(); ++i) {
      const model::Field& each = drawn.book().fields[Id<model::Field>{i}];
      if (each.owner == model::OwnerKind::deal && each.name == name) field = Id<model::Field>{i};
    }
    if (!field || !drawn.of.tables.deals.has(name)) return {};
    Tables unobserved = drawn.of.tables;
    if (unobserved.coverage.columns.empty()) unobserved.coverage.columns = {"what", "from", "until"};
    unobserved.coverage.add({{"what", name}, {"from", "2200-01-01T00:00:00Z"}});
    const auto blind = [&](const Told& told) { return !reads(drawn.book(), drawn.asked(told), field); };
    return difference(only(drawn.told(drawn.of.tables), blind), only(drawn.told(unobserved), blind), "observed",
                      "unobserved");
  });
}

// (7)
TEST(Laws, AnUnrelatedDealChangesNoDealsVerdict) {
  for_random_cases(Doubts{}, [](Drawn& drawn) {
    Tables tables = drawn.of.tables;
    const Tables other = random_history(drawn.chance, drawn.of.draft, Doubts{});
    const auto take = [](Table& into, const Table& from) {
      for (std::size_t row = 0; row < from.rows.size(); ++row) {
        std::vector<std::pair<std::string, std::string>> cells;
        for (const std::string& column : from.columns) {
          std::string cell = from.cell(row, column);
          if (column == "deal") cell = "X" + cell;
          if (column == "owner" || column == "account") cell = "another";
          cells.emplace_back(column, cell);
        }
        into.add(cells);
      }
    };
    take(tables.deals, other.deals);
    take(tables.events, other.events);
    std::set<std::string> related;  // nobody knows of which account they are: perhaps of that of the other
    const Table& deals = drawn.of.tables.deals;
    for (std::size_t row = 0; row < deals.rows.size() && deals.has("account"); ++row) {
      if (deals.cell(row, "account") == "?") related.insert(deals.cell(row, "deal"));
    }
    const auto ours = [&](const Told& told) {
      return drawn.of_deal(told) && told.subject.front() != 'X' && !related.contains(told.subject);
    };
    return difference(only(drawn.told(drawn.of.tables), ours), only(drawn.told(tables), ours), "alone",
                      "beside another");
  });
}

// What the laws and the twin are held against says something: every shape comes to all of its verdicts.
TEST(Laws, TheCasesReachEveryVerdict) {
  std::map<model::Shape, std::set<std::string>> seen;
  for_random_cases(Doubts{}, [&](Drawn& drawn) -> std::string {
    for (const Told& each : drawn.told(drawn.of.tables)) {
      if (!drawn.rule(each).responds_to) seen[drawn.rule(each).shape].insert(each.verdict);
    }
    return {};
  });
  const std::map<model::Shape, std::size_t> verdicts = {{model::Shape::after, 6},      {model::Shape::before, 3},
                                                        {model::Shape::at, 3},         {model::Shape::while_, 5},
                                                        {model::Shape::throughout, 3}, {model::Shape::every, 5}};
  for (const auto& [shape, wanted] : verdicts) EXPECT_GE(seen[shape].size(), wanted) << model::to_text(shape);
}

}  // namespace
}  // namespace plumb::property
