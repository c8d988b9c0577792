#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "suite/telling.h"

namespace plumb::suite {

namespace {

using model::Deed;
using model::EventKind;
using model::StageEnd;
using StageId = Id<model::Stage>;

/// One deal while its moves are told in their order.
struct Way {
  Telling& telling;
  std::uint32_t deal;
  StageId at;             // none before its first move
  StageId last_open;      // before it was closed
  Id<model::Process> of;  // the process of the stages that its lines name; none: they name none
  std::map<std::size_t, MoveRow>& rows;
};

bool moves(const Deed& deed) {
  if (deed.kind == Deed::Kind::enters || deed.kind == Deed::Kind::leaves) return true;
  const bool own = deed.happened == EventKind::won || deed.happened == EventKind::lost;
  return deed.kind == Deed::Kind::happens && (own || deed.happened == EventKind::reopened);
}

void complain(Way& way, const Deed& deed, std::string message, std::string help) {
  way.telling.troubles.push_back({deed.span, std::move(message), std::move(help)});
}

const std::string& name_of(const Way& way, StageId stage) { return way.telling.book.stages[stage].name; }

void go(Way& way, std::size_t row, StageId to) {
  way.rows[row] = {way.at ? name_of(way, way.at) : std::string(), name_of(way, to)};
  way.telling.moves.push_back({way.deal, way.telling.test.deeds[row].at, way.at, to});
  if (way.telling.book.stages[to].end == StageEnd::open) way.last_open = to;
  way.at = to;
}

/// A deal of which no line says that it entered a stage, as one of a library, is open elsewhere.
StageId elsewhere_of(const Way& way) {
  const Id<model::Process> process = way.of ? way.of : Id<model::Process>(0);
  for (const StageId stage : way.telling.book.processes[process].stages) {
    if (name_of(way, stage) == elsewhere) return stage;
  }
  return {};
}

/// The stage in which the deal's process ends so. Missing: none where there is none, or several (said).
StageId closing_stage(Way& way, const Deed& deed, StageEnd end) {
  std::vector<StageId> found;
  std::set<std::string> names;
  for (const model::Process& process : way.telling.book.processes) {
    for (const StageId id : process.stages) {
      const model::Stage& stage = way.telling.book.stages[id];
      const bool own = !way.of || stage.process == way.of;
      if (stage.end == end && own && names.insert(stage.name).second) found.push_back(id);
    }
  }
  if (found.size() == 1) return found.front();
  const std::string& who = way.telling.member(way.deal).name;
  const std::string_view word = model::to_text(end);
  if (found.empty()) {
    complain(way, deed, fmt::format("`{}` cannot be {}: no stage of its process is `{}`", who, word, word), {});
  } else {
    complain(way, deed, fmt::format("`{} {}` could be any of `{}`", who, word, fmt::join(names, "`, `")),
             fmt::format("name the stage: `{} enters {}`", who, *names.begin()));
  }
  return {};
}

void tell_move(Way& way, std::size_t row) {
  const Deed& deed = way.telling.test.deeds[row];
  if (deed.kind == Deed::Kind::enters) return go(way, row, deed.stage);
  if (deed.happened == EventKind::reopened) {
    const bool closed = way.at && way.telling.book.stages[way.at].end != StageEnd::open;
    if (closed) return go(way, row, way.last_open ? way.last_open : elsewhere_of(way));
    return complain(way, deed, fmt::format("`{}` was not closed before", way.telling.member(way.deal).name),
                    "only a deal that was won or lost is reopened, into the stage in which it was");
  }
  const StageEnd end = deed.happened == EventKind::won ? StageEnd::won : StageEnd::lost;
  if (const StageId stage = closing_stage(way, deed, end)) go(way, row, stage);
}

/// Rows of lines of one deal at one instant.
using Rows = std::vector<std::size_t>;

bool enters_one_of(const Way& way, const Rows& goes, StageId stage) {
  return std::any_of(goes.begin(), goes.end(),
                     [&](std::size_t row) { return way.telling.test.deeds[row].stage == stage; });
}

/// A line `leaves` says where a deal was; where it goes says another line of the same instant, or nobody.
void tell_leaving(Way& way, std::size_t row, StageId before, const Rows& goes) {
  const Deed& deed = way.telling.test.deeds[row];
  if (before != deed.stage && !enters_one_of(way, goes, deed.stage)) {
    const bool known = before && name_of(way, before) != elsewhere;
    const std::string where =
        known ? fmt::format("but in `{}`", name_of(way, before)) : std::string("and no line says where it is");
    return complain(
        way, deed,
        fmt::format("`{}` is not in `{}` then, {}", way.telling.member(way.deal).name, name_of(way, deed.stage), where),
        {});
  }
  if (goes.empty()) go(way, row, elsewhere_of(way));
}

/// The lines of one instant.
void tell_instant(Way& way, const Rows& lines) {
  const auto leaves = [&](std::size_t row) { return way.telling.test.deeds[row].kind == Deed::Kind::leaves; };
  Rows goes;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(goes), [&](std::size_t row) { return !leaves(row); });
  // A deal that leaves a stage with its first line was there before, since nobody knows when.
  for (const std::size_t row : lines) {
    const StageId left = way.telling.test.deeds[row].stage;
    if (!way.at && leaves(row) && !enters_one_of(way, goes, left)) way.at = left;
  }
  const StageId before = way.at;
  for (const std::size_t row : lines) leaves(row) ? tell_leaving(way, row, before, goes) : tell_move(way, row);
}

void tell_way(Telling& telling, std::uint32_t deal, std::map<std::size_t, MoveRow>& rows) {
  const auto& deeds = telling.test.deeds;
  Rows own;
  Way way{telling, deal, {}, {}, {}, rows};
  for (std::size_t row = 0; row < deeds.size(); ++row) {
    if (deeds[row].subject != deal || !moves(deeds[row])) continue;
    own.push_back(row);
    if (deeds[row].stage) way.of = telling.book.stages[deeds[row].stage].process;
  }
  std::stable_sort(own.begin(), own.end(), [&](std::size_t a, std::size_t b) { return deeds[a].at < deeds[b].at; });
  for (auto first = own.begin(); first != own.end();) {
    const auto last =
        std::find_if(first, own.end(), [&](std::size_t row) { return deeds[row].at != deeds[*first].at; });
    tell_instant(way, Rows(first, last));
    first = last;
  }
}

}  // namespace

std::map<std::size_t, MoveRow> moves_of(Telling& telling) {
  std::map<std::size_t, MoveRow> rows;
  for (std::uint32_t row = 0; row < telling.test.cast.size(); ++row) {
    if (telling.member(row).kind == model::CastMember::Kind::deal) tell_way(telling, row, rows);
  }
  return rows;
}

}  // namespace plumb::suite
