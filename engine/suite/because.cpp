#include "suite/because.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "model/atom.h"

namespace plumb::suite {

namespace {

using eval::Ground;

/// What a reason says of its atom: it was so or not. Missing: nullopt where it could not be told, or both can be said.
std::optional<bool> was_so(Ground ground) {
  switch (ground) {
    case Ground::holds:
    case Ground::happened: return true;
    case Ground::fails:
    case Ground::lapse:
    case Ground::limit_exceeded:
    case Ground::nothing_happened: return false;
    default: return std::nullopt;
  }
}

struct Bearing {
  const model::Rulebook& book;
  const std::vector<eval::Reason>& reasons;

  std::string words_of(const eval::Reason& reason) const {
    if (reason.atom) return book.exprs[reason.atom].words;
    if (!reason.event) return {};
    const model::Event& event = book.events[reason.event];
    return fmt::format("{} has happened", event.name.empty() ? event.words : event.name);
  }

  /// `affirmed`: the atom stands as it is written, under no `not`.
  bool atom(const std::string& words, bool affirmed) const {
    const model::PlainAtom named = model::plain_atom(words);
    return std::any_of(reasons.begin(), reasons.end(), [&](const eval::Reason& reason) {
      const model::PlainAtom asked = model::plain_atom(words_of(reason));
      if (asked.words != named.words) return false;
      const bool denies = (named.denied != asked.denied) == affirmed;
      return !denies || !was_so(reason.ground).value_or(false);
    });
  }

  bool holds(Id<model::Expr> id, bool affirmed) const {
    const model::Expr& expr = book.exprs[id];
    const auto part = [&](Id<model::Expr> arg) { return holds(arg, affirmed); };
    const auto parts = std::count_if(expr.args.begin(), expr.args.end(), part);
    const auto all = static_cast<std::int64_t>(expr.args.size());
    switch (expr.op) {
      case model::Op::not_: return holds(expr.args.front(), !affirmed);
      case model::Op::and_: return affirmed ? parts == all : parts > 0;
      case model::Op::or_: return affirmed ? parts > 0 : parts == all;
      case model::Op::at_least_of: return parts >= (affirmed ? expr.count : all - expr.count + 1);
      default: return atom(expr.words, affirmed);
    }
  }
};

}  // namespace

bool bears_out(const model::Rulebook& book, Id<model::Expr> because, const std::vector<eval::Reason>& reasons) {
  return Bearing{book, reasons}.holds(because, true);
}

}  // namespace plumb::suite
