#pragma once

#include <string>
#include <vector>

#include "explain/ways.h"

/// How something happens once. Only ways include this.
namespace plumb::explain {

/// One more occurrence in one deal (or about one person), at an instant.
struct Happening {
  const eval::Context& context;
  const Put& put;
  std::string subject;
  bool of_person;
  bool new_deal;  // nothing has happened there yet
  Instant at;

  const model::Rulebook& book() const { return context.view.plan().book; }
};

/// The same so much earlier.
Happening earlier(const Happening& h, std::int64_t micros);
Revisions joined(Revisions a, const Revisions& b);
/// The facts, and before them what the deal itself has to be like then.
Revisions stated_of_deal(const Happening& h, const std::vector<history::Stated>& values, Revisions facts);
/// How the event may happen there, with these fields. Missing: empty where it cannot.
Ways ways_once(Id<model::Event> id, const Fields& fields, const Happening& h);
/// Whether a filter asks in which stage a deal is, or whether it is open, which no field of it says.
bool asks_of_stage(const model::Rulebook& book, Id<model::Expr> where);
/// A deal that nobody has had yet, and that the processes are for.
Revisions new_deal(const Happening& h);

}  // namespace plumb::explain
