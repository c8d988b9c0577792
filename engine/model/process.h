#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "model/facts.h"

/// Processes: stages, and the moves between them.
namespace plumb::model {

using source::Span;

struct Expr;
struct Process;

enum class StageEnd : std::uint8_t { open, won, lost };

struct Stage {
  std::string name;
  std::string label;                      // empty: none given
  std::string buyer, manager;
  Id<Process> process;
  StageEnd end = StageEnd::open;
  bool on_hold = false;
  bool may_be_first = false;              // the path's first stage always may
  Id<Expr> may_be_first_when;
  bool may_be_skipped = false;
  Id<Expr> may_be_skipped_when;
  std::vector<std::string> was;
  Span span;                              // the name
};

enum class MoveKind : std::uint8_t { path, back, from_any };

/// One arrow; a path of n stages gives n − 1 of them, `from any open stage -> S` one per open stage.
struct Move {
  Id<Stage> from, to;
  MoveKind kind = MoveKind::path;
  std::optional<std::int64_t> at_most_times;  // back
  Id<Expr> when;
  Span span;
};

struct Process {
  std::string name;
  Id<Expr> for_deals_where;               // none: every deal
  Id<Expr> on_hold_while;
  std::vector<Id<Stage>> stages;          // in the order of the text
  std::vector<Id<Stage>> path;            // in the order of the first `path` line; empty: none written, any move may be made
  std::vector<Move> moves;
  Span span;                              // the name
};

}  // namespace plumb::model
