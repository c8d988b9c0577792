#include "check/expr.h"

namespace plumb::check {

void declare_checklists(Context&) {}

void check_checklists(Context&) {}

Id<model::Checklist> checklist_named(Context& context, const ast::Name& name) {
  const auto found = context.names.checklists.find(name.text);
  if (found != context.names.checklists.end()) return found->second;
  unknown(context, name, keys(context, context.names.checklists), diag::UnknownChecklist, name.text);
  return {};
}

}  // namespace plumb::check
