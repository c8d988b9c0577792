#include "property/case.h"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "property/engine.h"
#include "property/twin/twin.h"

namespace plumb::property {

Case random_case(std::uint64_t seed, const Doubts& doubts, int& refused, bool reading_verdicts) {
  Chance chance(seed);
  Case of;
  Chance of_calendar(seed / 10 + 20'000'000);  // a calendar is made for ten cases
  of.draft = random_draft(chance, of_calendar, reading_verdicts, !doubts.day_only);
  of.book = compile_what_can_be(of.draft, refused).book;
  if (of.book && of.book->default_calendar()) of.draft.zone = of.book->default_calendar()->spec.zone;
  of.tables = random_history(chance, of.draft, doubts);
  of.as_of = random_as_of(chance, of.draft, of.tables);
  return of;
}

Case random_case(std::uint64_t seed, int& refused, bool reading_verdicts) {
  Chance chance(seed ^ 0x5eed);
  Doubts doubts;
  const bool plain = chance.one_in(2);
  for (bool* each :
       {&doubts.unreadable, &doubts.recorded, &doubts.undated, &doubts.day_only, &doubts.gaps, &doubts.lacking}) {
    *each = !plain && chance.one_in(2);
  }
  doubts.unknown = doubts.named = true;
  const bool known = doubts.recorded && chance.one_in(3);
  if (known)
    doubts.untold = doubts.undated = doubts.unknown =
        false;  // what may or may not have been known the twin does not judge yet
  Case of = random_case(seed, doubts, refused, reading_verdicts);
  if (known) of.known_at = random_as_of(chance, of.draft, of.tables);
  Chance of_changes(seed ^ 0xc4a9);
  if (of.book && of_changes.one_in(3)) {
    add_changes(of.draft, of_changes);
    if (!of.draft.changes.empty()) of.book = compile(of.draft.text()).book;
  }
  return of;
}

std::string disagreement(const Case& of, std::vector<Told>* told) {
  if (!of.book) return {};
  try {
    const std::vector<Told> said = evaluate(*of.book, of.tables, of.as_of, of.known_at);
    if (told != nullptr) *told = said;
    return difference(said, twin::judge(*of.book, of.tables, of.as_of, of.known_at));
  } catch (const std::exception& thrown) {
    return fmt::format("cannot be run: {}\n", thrown.what());
  }
}

namespace {

// Which rule the first difference is about: a smaller case has to differ about the same.
std::string topic(const std::string& difference) {
  const std::size_t from = difference.find(": ");
  if (from == std::string::npos) return {};
  return difference.substr(from + 2, difference.find(' ', from + 2) - from - 2);
}

// Whether some deal's first move says where it came from: no history is drawn so, but leaving out rows would make one.
bool begins_elsewhere(const Case& of) {
  std::string deal;
  bool first = true;
  const Table& events = of.tables.events;
  for (std::size_t row = 0; row < events.rows.size(); ++row) {
    if (events.cell(row, "deal") != deal) deal = events.cell(row, "deal"), first = true;
    if (events.cell(row, "kind") != "move") continue;
    const std::string& from = events.cell(row, "from");
    if (first && !from.empty() && from != "?") return true;
    first = false;
  }
  return false;
}

// Whether somebody has a calendar that is not there any more: what nobody knows would be another story.
bool lacks_calendar(const Case& of) {
  const Table& people = of.tables.people;
  for (std::size_t row = 0; row < people.rows.size(); ++row) {
    const std::string& named = people.cell(row, "calendar");
    const auto declares = [&](const std::string& text) { return text.starts_with("calendar " + named + " "); };
    if (!named.empty() && std::ranges::none_of(of.draft.declarations, declares)) return true;
  }
  return false;
}

template <class Change>
bool still_differs(Case& of, const std::string& about, Change change) {
  Case smaller = of;
  change(smaller);
  if (begins_elsewhere(smaller) || (lacks_calendar(smaller) && !lacks_calendar(of))) return false;
  const bool same = smaller.draft.declarations == of.draft.declarations && smaller.draft.changes == of.draft.changes;
  if (!same) smaller.book = compile(smaller.draft.text()).book;
  const std::string now = disagreement(smaller);
  if (now.empty() || topic(now) != about) return false;
  of = std::move(smaller);
  return true;
}

bool has_moves(const Case& of) {
  for (std::size_t row = 0; row < of.tables.events.rows.size(); ++row) {
    if (of.tables.events.cell(row, "kind") == "move") return true;
  }
  return false;
}

bool without_declarations(Case& of, const std::string& about) {
  bool smaller = false;
  for (std::size_t i = of.draft.declarations.size(); i-- > 0;) {
    if (of.draft.declarations[i].starts_with("process") && has_moves(of)) continue;
    smaller |= still_differs(of, about, [&](Case& c) {
      c.draft.declarations.erase(c.draft.declarations.begin() + static_cast<std::ptrdiff_t>(i));
    });
  }
  // Lines of what is left: clauses.
  for (std::size_t i = 0; i < of.draft.declarations.size(); ++i) {
    for (std::size_t line = of.draft.declarations[i].find('\n'); line != std::string::npos;) {
      const std::size_t end = of.draft.declarations[i].find('\n', line + 1);
      if (end == std::string::npos) break;
      if (of.draft.declarations[i].compare(line, 9, "\n  stage ") == 0) {  // rows would be of stages that nobody has
        line = end;
        continue;
      }
      if (still_differs(of, about, [&](Case& c) { c.draft.declarations[i].erase(line, end - line); })) {
        smaller = true;
      } else {
        line = end;
      }
    }
  }
  return smaller;
}

bool without_changes(Case& of, const std::string& about) {
  bool smaller = false;
  for (std::size_t i = of.draft.changes.size(); i-- > 0;) {
    smaller |= still_differs(
        of, about, [&](Case& c) { c.draft.changes.erase(c.draft.changes.begin() + static_cast<std::ptrdiff_t>(i)); });
  }
  return smaller;
}

bool without_rows(Case& of, const std::string& about) {
  bool smaller = false;
  for (std::size_t table = 0; table < of.tables.all().size(); ++table) {
    for (std::size_t row = of.tables.all()[table]->rows.size(); row-- > 0;) {
      smaller |= still_differs(of, about, [&](Case& c) {
        auto& rows = c.tables.all()[table]->rows;
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(row));
      });
    }
  }
  return smaller;
}

bool without_columns(Case& of, const std::string& about) {
  bool smaller = false;
  for (std::size_t table = 0; table < of.tables.all().size(); ++table) {
    for (std::size_t column = of.tables.all()[table]->columns.size(); column-- > 0;) {
      const std::string& name = of.tables.all()[table]->columns[column];
      const bool may_lack = name.ends_with(".recorded") || name == "source" || name == "recorded";
      if (!may_lack) continue;  // a file without it would be another story
      smaller |= still_differs(of, about, [&](Case& c) {
        Table& from = *c.tables.all()[table];
        from.columns.erase(from.columns.begin() + static_cast<std::ptrdiff_t>(column));
        for (auto& row : from.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
      });
    }
    for (std::size_t row = 0; row < of.tables.all()[table]->rows.size(); ++row) {
      for (std::size_t column = 0; column < of.tables.all()[table]->columns.size(); ++column) {
        const std::string& name = of.tables.all()[table]->columns[column];
        if (name == "deal" || name == "name" || name == "person" || name == "actor" || name == "at" || name == "kind" ||
            name == "created" || name == "what" || name == "sequence" || (name == "from" && table == 1) ||
            of.tables.all()[table]->rows[row][column].empty()) {
          continue;
        }
        smaller |= still_differs(of, about, [&](Case& c) { c.tables.all()[table]->rows[row][column].clear(); });
      }
    }
  }
  return smaller;
}

}  // namespace

Case shrink(Case of) {
  const std::string about = topic(disagreement(of));
  for (int round = 0; round < 6; ++round) {
    bool smaller = without_changes(of, about);
    smaller |= without_declarations(of, about);
    smaller |= without_rows(of, about);
    smaller |= without_columns(of, about);
    if (!smaller) break;
  }
  return of;
}

std::string to_text(const Case& of) {
  return fmt::format("--- file rules.plumb\n{}{}as of {}, known at {}\n", of.draft.text(), to_text(of.tables),
                     time::to_text_utc(of.as_of), time::to_text_utc(of.known_at));
}

}  // namespace plumb::property
