#include "eval/join.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/parallel.h"
#include "eval/obligation.h"
#include "eval/watch.h"

namespace plumb::eval {

namespace {

// A piece, and what stands before its rows in the whole.
struct Placed {
  Verdicts* piece;
  std::uint32_t reasons, evidence, facts, teams;
  std::uint32_t rows = 0;
  std::uint32_t answered = 0;  // where the rows begin that these respond to
};

// Where the rows and the teams of a rule begin.
struct Begin {
  std::uint32_t row = 0, team = 0;
};

struct Joining {
  std::vector<Placed> placed;
  std::size_t rows = 0, reasons = 0, evidence = 0, facts = 0;
  std::vector<std::function<void()>> columns;

  // What was copied is given back at once: the verdicts of a large history stand in memory once and a column.
  template <class T>
  void column(std::vector<T>& to, std::vector<T> Verdicts::*of, std::size_t size) {
    columns.push_back([this, &to, of, size] {
      to.reserve(size + 1);
      for (const Placed& at : placed) {
        std::vector<T> from = std::move(at.piece->*of);
        to.insert(to.end(), from.begin(), from.end());
      }
    });
  }

  void numbers(std::vector<std::uint32_t>& to, std::vector<std::uint32_t> Verdicts::*of, std::uint32_t Placed::*base) {
    columns.push_back([this, &to, of, base] {
      to.reserve(rows + 1);
      for (const Placed& at : placed) {
        const std::vector<std::uint32_t> from = std::move(at.piece->*of);
        for (std::uint32_t number : from) to.push_back(number + at.*base);
      }
    });
  }
};

void place(Joining& joining, Verdicts& piece, std::vector<std::string>& teams) {
  const auto number = [](std::size_t size) { return static_cast<std::uint32_t>(size); };
  joining.placed.push_back({&piece, number(joining.reasons), number(joining.evidence), number(joining.facts),
                            number(teams.size()), number(joining.rows)});
  joining.rows += piece.size();
  joining.reasons += piece.reasons.size();
  joining.evidence += piece.evidence.size();
  joining.facts += piece.facts.size();
  PLUMB_ASSERT(std::max({joining.rows, joining.reasons, joining.evidence, joining.facts}) < UINT32_MAX,
               "the verdicts and their reasons are numbered in 32 bits");
  teams.insert(teams.end(), piece.teams.begin(), piece.teams.end());
}

}  // namespace

namespace {

// The end of what a row has of others: where the next row's begin.
std::uint32_t end_of(const std::vector<std::uint32_t>& first, std::size_t row, std::size_t size) {
  return row < first.size() ? first[row] : static_cast<std::uint32_t>(size);
}

}  // namespace

void append(Verdicts& to, const Verdicts& from, std::uint32_t first, std::uint32_t last) {
  if (first == last) return;
  const auto rows = static_cast<std::uint32_t>(to.size());
  const auto take = [&](auto Verdicts::*column) {
    const auto begin = (from.*column).begin();
    (to.*column).insert((to.*column).end(), begin + first, begin + last);
  };
  auto earlier = std::ranges::lower_bound(from.earlier, first, {}, &Earlier::row);
  for (; earlier != from.earlier.end() && earlier->row < last; ++earlier) {
    to.earlier.push_back(*earlier);
    to.earlier.back().row += rows - first;
  }
  take(&Verdicts::rule), take(&Verdicts::subject), take(&Verdicts::owed_by), take(&Verdicts::opened);
  take(&Verdicts::deadline), take(&Verdicts::settled), take(&Verdicts::verdict), take(&Verdicts::period);
  take(&Verdicts::calendar), take(&Verdicts::responds_to);
  const auto take_some = [&](std::vector<std::uint32_t> Verdicts::*starts, auto Verdicts::*column) {
    const std::vector<std::uint32_t>& start = from.*starts;
    const std::uint32_t begin = start[first], end = end_of(start, last, (from.*column).size());
    const auto base = static_cast<std::uint32_t>((to.*column).size());
    for (std::uint32_t row = first; row < last; ++row) (to.*starts).push_back(start[row] - begin + base);
    (to.*column).insert((to.*column).end(), (from.*column).begin() + begin, (from.*column).begin() + end);
  };
  take_some(&Verdicts::reason_first, &Verdicts::reasons);
  take_some(&Verdicts::evidence_first, &Verdicts::evidence);
  take_some(&Verdicts::fact_first, &Verdicts::facts);
}

void append(Verdicts& to, const Verdicts& from) {
  append(to, from, 0, static_cast<std::uint32_t>(from.size()));
  to.teams.insert(to.teams.end(), from.teams.begin(), from.teams.end());
}

void add_to(RuleRun& run, const Verdicts& from, std::uint32_t first, std::uint32_t last, std::uint32_t answered) {
  // Who watches hears of one after the other.
  const std::uint32_t step = run.watch ? 1 : std::max(last - first, 1U);
  for (; first < last; first += step) {
    const std::size_t before = run.verdicts.size();
    append(run.verdicts, from, first, first + step);
    for (std::size_t row = before; row < run.verdicts.size(); ++row) {
      if (run.verdicts.responds_to[row] != no_row) run.verdicts.responds_to[row] += answered;
    }
    if (run.watch) run.watch->written(run.verdicts);
  }
}

Verdicts room_like(const Verdicts& other) {
  Verdicts room;
  const auto take = [](auto& to, const auto& from) { to.reserve(from.size() + from.size() / 4); };
  take(room.rule, other.rule);
  take(room.subject, other.subject);
  take(room.owed_by, other.owed_by);
  take(room.opened, other.opened);
  take(room.deadline, other.deadline);
  take(room.settled, other.settled);
  take(room.verdict, other.verdict);
  take(room.period, other.period);
  take(room.calendar, other.calendar);
  take(room.responds_to, other.responds_to);
  take(room.reason_first, other.reason_first);
  take(room.evidence_first, other.evidence_first);
  take(room.fact_first, other.fact_first);
  take(room.reasons, other.reasons);
  take(room.evidence, other.evidence);
  take(room.facts, other.facts);
  return room;
}

Verdicts join(const model::Rulebook& rulebook, std::vector<std::vector<Verdicts>> pieces, unsigned threads) {
  Verdicts all;
  Joining joining;
  std::vector<Begin> begins(rulebook.rules.size());
  for (std::vector<Verdicts>& of_rule : pieces) {
    bool first = true;
    for (Verdicts& piece : of_rule) {
      const std::uint32_t row = piece.rule.empty() ? 0 : piece.rule.front();
      if (std::exchange(first, false))
        begins[row] = {static_cast<std::uint32_t>(joining.rows), static_cast<std::uint32_t>(all.teams.size())};
      place(joining, piece, all.teams);
      const model::Rule& rule = rulebook.rules[row];
      // A response is about the subjects of what it responds to.
      const Begin answered = rule.responds_to ? begins[rule.responds_to->rule] : Begin{};
      Placed& placed = joining.placed.back();
      placed.answered = answered.row;
      if (rule.responds_to) placed.teams = answered.team;
      const bool group =
          rule.subject.kind == model::SubjectKind::team || rule.subject.kind == model::SubjectKind::company;
      if (!group) placed.teams = 0;
    }
  }
  joining.column(all.rule, &Verdicts::rule, joining.rows);
  joining.numbers(all.subject, &Verdicts::subject, &Placed::teams);
  joining.column(all.owed_by, &Verdicts::owed_by, joining.rows);
  joining.column(all.opened, &Verdicts::opened, joining.rows);
  joining.column(all.deadline, &Verdicts::deadline, joining.rows);
  joining.column(all.settled, &Verdicts::settled, joining.rows);
  joining.column(all.period, &Verdicts::period, joining.rows);
  joining.column(all.calendar, &Verdicts::calendar, joining.rows);
  joining.numbers(all.responds_to, &Verdicts::responds_to, &Placed::answered);
  joining.column(all.reasons, &Verdicts::reasons, joining.reasons);
  joining.column(all.evidence, &Verdicts::evidence, joining.evidence);
  joining.column(all.facts, &Verdicts::facts, joining.facts);
  joining.numbers(all.reason_first, &Verdicts::reason_first, &Placed::reasons);
  joining.numbers(all.evidence_first, &Verdicts::evidence_first, &Placed::evidence);
  joining.numbers(all.fact_first, &Verdicts::fact_first, &Placed::facts);
  joining.column(all.verdict, &Verdicts::verdict, joining.rows);
  joining.columns.push_back([&] {
    for (const Placed& at : joining.placed) {
      for (Earlier one : at.piece->earlier) one.row += at.rows, all.earlier.push_back(one);
    }
  });
  in_parallel(threads, joining.columns.size(), [&](unsigned, std::size_t task) { joining.columns[task](); });
  all.reason_first.push_back(static_cast<std::uint32_t>(all.reasons.size()));
  all.evidence_first.push_back(static_cast<std::uint32_t>(all.evidence.size()));
  all.fact_first.push_back(static_cast<std::uint32_t>(all.facts.size()));
  return all;
}

}  // namespace plumb::eval
