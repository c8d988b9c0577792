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
  bool put = false;
};

bool is_put(const history::Revision& r) { return r.what == What::happens && r.of == history::KindClass::move; }

std::vector<Moved> moves_of(const Case& c, const std::string& deal, const Revisions& revisions) {
  std::vector<Moved> moves;
  const std::uint32_t row = find_deal(c.part, deal);
  const history::Timeline& events = c.part.deal_events;
  const std::uint32_t first = row == UINT32_MAX ? 0 : events.first[row];
  const std::uint32_t end = row == UINT32_MAX ? 0 : events.first[row + 1];
  for (std::uint32_t i = first; i < end; ++i) {
    const history::Kind& kind = c.part.kinds[events.kind[i]];
    const bool undone = std::any_of(revisions.begin(), revisions.end(), [&](const history::Revision& r) {
      return r.what == What::leaves_out && !r.of_person && r.index == i;
    });
    if (kind.of != history::KindClass::move || !events.at[i].known() || undone) continue;
    for (const history::Column& column : kind.columns) {
      const std::int64_t to = column.values[events.row[i]];
      if (column.name != "to" || !history::is_value(to)) continue;
      moves.push_back({events.at[i], std::string(c.part.words[static_cast<std::uint32_t>(to)])});
    }
  }
  for (const history::Revision& r : revisions) {
    if (is_put(r) && r.subject == deal) moves.push_back({r.at, r.values.front().word, true});
  }
  std::stable_sort(moves.begin(), moves.end(), [](const Moved& a, const Moved& b) { return a.at < b.at; });
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

// `from` is empty where nobody says where the deal was.
bool is_allowed(const model::Rulebook& book, const std::string& from, const std::string& to) {
  if (from.empty()) return true;
  bool is_stage = false;
  for (std::size_t p = 0; p < book.processes.size(); ++p) {
    const model::Process& process = book.processes[Id<model::Process>(p)];
    const auto named = [&](const std::string& name) {
      return std::find_if(process.stages.begin(), process.stages.end(),
                          [&](Id<model::Stage> stage) { return book.stages[stage].name == name; });
    };
    const auto last = named(to), first = named(from);
    if (last == process.stages.end() || first == process.stages.end()) continue;
    is_stage = true;
    if (process.path.empty() || leads(book, process, *first, to, process.stages.size())) return true;
  }
  return !is_stage;
}

}  // namespace

std::size_t strange_moves(const Case& c, const Revisions& revisions) {
  std::size_t strange = 0;
  for (auto r = revisions.begin(); r != revisions.end(); ++r) {
    const auto same_deal = [&](const history::Revision& other) { return is_put(other) && other.subject == r->subject; };
    if (!is_put(*r) || std::any_of(revisions.begin(), r, same_deal)) continue;
    const std::vector<Moved> moves = moves_of(c, r->subject, revisions);
    for (std::size_t i = 0; i < moves.size(); ++i) {
      const bool after_put = i > 0 && moves[i - 1].put;
      if (!moves[i].put && !after_put) continue;
      const bool at_once = i > 0 && moves[i - 1].at == moves[i].at;
      strange += at_once || !is_allowed(c.book, i > 0 ? moves[i - 1].to : std::string(), moves[i].to);
    }
  }
  return strange;
}

}  // namespace plumb::explain
