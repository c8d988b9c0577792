#include "explain/moves.h"

#include <algorithm>
#include <string>
#include <vector>

namespace plumb::explain {

namespace {

using What = history::Revision::What;

struct Moved {
  Instant at;
  std::string to;
  std::string from = {};  // where its row says it
  bool put = false;
};

// The moves of a deal, in order.
struct Moves {
  std::vector<Moved> all;
  bool untold = false;  // nobody says of some when, or to where
};

bool is_put(const history::Revision& r) { return r.what == What::happens && r.of == history::KindClass::move; }

Moves moves_of(const history::History& history, const std::string& deal, const Revisions& revisions) {
  Moves moves;
  const std::uint32_t row = find_deal(history, deal);
  const history::Timeline& events = history.deal_events;
  const std::uint32_t first = row == UINT32_MAX ? 0 : events.first[row];
  const std::uint32_t end = row == UINT32_MAX ? 0 : events.first[row + 1];
  for (std::uint32_t i = first; i < end; ++i) {
    const history::Kind& kind = history.kinds[events.kind[i]];
    const bool undone = std::any_of(revisions.begin(), revisions.end(), [&](const history::Revision& r) {
      return r.what == What::leaves_out && !r.of_person && r.index == i;
    });
    if (kind.of != history::KindClass::move || undone) continue;
    Moved moved{events.at[i], {}};
    for (const history::Column& column : kind.columns) {
      const std::int64_t word = column.values[events.row[i]];
      if (!history::is_value(word)) continue;
      if (column.name == "to") moved.to = history.words[static_cast<std::uint32_t>(word)];
      if (column.name == "from") moved.from = history.words[static_cast<std::uint32_t>(word)];
    }
    const bool told = moved.at.known() && !moved.to.empty();
    if (told) moves.all.push_back(std::move(moved));
    moves.untold |= !told;
  }
  for (const history::Revision& r : revisions) {
    if (is_put(r) && r.subject == deal) moves.all.push_back({r.at, r.values.front().word, {}, true});
  }
  std::stable_sort(moves.all.begin(), moves.all.end(), [](const Moved& a, const Moved& b) { return a.at < b.at; });
  return moves;
}

// Along the process's arrows, over stages that may be skipped. What is allowed only when a condition holds is not taken
// for allowed: nobody has looked whether it does.
bool leads(const model::Rulebook& book, const model::Process& process, Id<model::Stage> from, const std::string& to,
           std::size_t over) {
  return std::any_of(process.moves.begin(), process.moves.end(), [&](const model::Move& move) {
    if (move.from != from || move.when) return false;
    const model::Stage& next = book.stages[move.to];
    if (next.name == to) return true;
    const bool skipped = next.may_be_skipped && !next.may_be_skipped_when;
    return skipped && move.kind == model::MoveKind::path && over > 0 && leads(book, process, move.to, to, over - 1);
  });
}

// Whether a deal may begin in a stage, as far as nobody has to look whether a condition holds.
bool may_begin_in(const model::Rulebook& book, const model::Process& process, Id<model::Stage> stage) {
  const model::Stage& first = book.stages[stage];
  if (process.path.empty() || process.path.front() == stage) return true;
  return first.may_be_first && !first.may_be_first_when;
}

// `from` is empty for a first move.
bool is_allowed(const model::Rulebook& book, const std::string& from, const std::string& to) {
  bool is_stage = false;
  for (std::size_t p = 0; p < book.processes.size(); ++p) {
    const model::Process& process = book.processes[Id<model::Process>(p)];
    const auto named = [&](const std::string& name) {
      return std::find_if(process.stages.begin(), process.stages.end(),
                          [&](Id<model::Stage> stage) { return book.stages[stage].name == name; });
    };
    const auto last = named(to), first = named(from);
    if (last == process.stages.end() || (first == process.stages.end() && !from.empty())) continue;
    is_stage = true;
    if (from.empty() ? may_begin_in(book, process, *last)
                     : process.path.empty() || leads(book, process, *first, to, process.stages.size())) {
      return true;
    }
  }
  return !is_stage;
}

// Where the deal was before the i-th of its moves. Missing: empty before the first, unless that says it.
std::string before(const Moves& moves, std::size_t i) {
  if (i > 0) return moves.all[i - 1].to;
  const auto told = std::ranges::find_if(moves.all, [](const Moved& moved) { return !moved.put; });
  return told == moves.all.end() ? std::string() : told->from;
}

}  // namespace

std::size_t strange_moves(const Case& c, const Revisions& revisions) {
  std::size_t strange = 0;
  for (auto r = revisions.begin(); r != revisions.end(); ++r) {
    const auto same_deal = [&](const history::Revision& other) { return is_put(other) && other.subject == r->subject; };
    if (!is_put(*r) || std::any_of(revisions.begin(), r, same_deal)) continue;
    const Moves moves = moves_of(c.part, r->subject, revisions);
    for (std::size_t i = 0; i < moves.all.size(); ++i) {
      const bool after_put = i > 0 && moves.all[i - 1].put;
      if (!moves.all[i].put && !after_put) continue;
      const bool at_once = i > 0 && moves.all[i - 1].at == moves.all[i].at;
      const std::string from = before(moves, i);
      strange += at_once || !(is_allowed(c.book, from, moves.all[i].to) || (from.empty() && moves.untold));
    }
  }
  return strange;
}

std::vector<Id<model::Stage>> stages_before(const model::Rulebook& book, const history::History& history,
                                            const std::string& deal, Instant at, Id<model::Stage> to) {
  const Moves moves = moves_of(history, deal, {});
  const auto later = std::upper_bound(moves.all.begin(), moves.all.end(), at,
                                      [](Instant then, const Moved& moved) { return then < moved.at; });
  const std::string is_in = before(moves, static_cast<std::size_t>(later - moves.all.begin()));
  const std::string& goes_to = book.stages[to].name;
  if (is_allowed(book, is_in, goes_to) || (is_in.empty() && moves.untold)) return {};
  // Breadth first: each stage is reached by the fewest moves.
  struct Reached {
    Id<model::Stage> stage;
    std::size_t by;
  };
  constexpr std::size_t start = SIZE_MAX;
  std::vector<Reached> reached;
  const auto reach = [&](const std::string& from, std::size_t by) {
    for (const Id<model::Stage> stage : book.processes[book.stages[to].process].stages) {
      const bool again = std::ranges::any_of(reached, [&](const Reached& r) { return r.stage == stage; });
      const bool passes = book.stages[stage].end == model::StageEnd::open && book.stages[stage].name != from;
      if (passes && !again && is_allowed(book, from, book.stages[stage].name)) reached.push_back({stage, by});
    }
  };
  reach(is_in, start);
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (!is_allowed(book, book.stages[reached[i].stage].name, goes_to)) {
      reach(book.stages[reached[i].stage].name, i);
      continue;
    }
    std::vector<Id<model::Stage>> way;
    for (std::size_t at_one = i; at_one != start; at_one = reached[at_one].by) way.push_back(reached[at_one].stage);
    return {way.rbegin(), way.rend()};
  }
  return {};
}

}  // namespace plumb::explain
