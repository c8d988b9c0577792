#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/id.h"
#include "model/expr.h"
#include "model/facts.h"
#include "model/process.h"

/// Checklists: what has to be known of a deal, and how well.
namespace plumb::model {

using source::Span;

struct Checklist;

/// An item stands at the highest level whose condition, and those of all levels below it, hold.
struct Item {
  std::string name;
  std::string title;
  Id<Checklist> checklist;
  std::vector<Id<Expr>> levels;           // rows: by Checklist::levels; none for the lowest, which needs nothing
  std::string because;
  Header header;
  Span span;
};
struct Checklist {
  std::string name;
  std::string title;
  Id<Expr> for_deals_where;               // none: every deal
  std::vector<std::string> levels;        // lowest first; `open` and `known` where none are written
  std::vector<Id<Item>> items;            // in the order of the text
  std::string because;
  Header header;
  Span span;
};

}  // namespace plumb::model
