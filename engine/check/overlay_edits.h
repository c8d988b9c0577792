#pragma once

#include <vector>

#include "check/overlay_parts.h"

/// The changes and removals of one rulebook, from looking up what they mean to making them. Only overlay*.cpp includes
/// it.
namespace plumb::check {

/// One `change` or `remove`, and what it means.
struct Edit {
  const ast::Change* change = nullptr;
  const ast::Remove* remove = nullptr;
  Wanted wanted;
  std::vector<Place> places;  // several: a rule changed for parts before, the fields of one owner
  Span span() const { return change ? change->span : remove->span; }
  const ast::Name& keyword() const { return change ? change->kind : remove->kind; }
  std::string_view done() const { return change ? "changed" : "removed"; }
  std::string_view verb() const { return change ? "change" : "remove"; }
};

/// What became of looking it up.
enum class Found : std::uint8_t { yes, reported, elsewhere };
Found find(Overlay& overlay, Edit& edit);

/// Reports an edit of what is sealed, or would loosen what is `tighten only`.
void check_guards(Overlay& overlay, const Edit& edit);

/// Reports what is edited twice, sealed, loosened or of other subjects. Missing: what is left can be made.
std::vector<Edit> check_edits(Overlay& overlay, std::vector<Edit> edits);

}  // namespace plumb::check
