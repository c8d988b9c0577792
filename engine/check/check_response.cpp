#include <algorithm>
#include <array>

#include "check/passes.h"

namespace plumb::check {

namespace {

std::vector<std::string> person_fields(Context& context, model::OwnerKind owner) {
  std::vector<std::string> result;
  for (const auto& [name, id] : fields_of(context, owner)) {
    if (context.book.fields[id].type.kind == TypeKind::person) result.push_back(name);
  }
  return result;
}

/// Roles are words of our people's `role`; where it is text, any word may be one.
bool may_be_role(Context& context, const std::string& word, std::vector<std::string>& roles) {
  const model::Field& role = context.book.fields[fields_of(context, model::OwnerKind::person).at("role")];
  if (role.type.kind != TypeKind::choice) return true;
  roles.insert(roles.end(), role.choices.begin(), role.choices.end());
  return std::ranges::find(role.choices, word) != role.choices.end();
}

bool stands_for_somebody(std::string_view word) {
  return word == "owner" || word == "manager" || word == "person" || word == "team manager";
}

void check_responsible(Context& context, const ast::Name& by) {
  std::vector<std::string> candidates{"owner", "manager", "person"};
  if (!by.written() || stands_for_somebody(by.text) || may_be_role(context, by.text, candidates)) return;
  Diagnostic* diagnostic = unknown(context, by, candidates, diag::UnknownDebtor, by.text);
  if (diagnostic) diagnostic->hint("the owner, the person, a manager, or one of the roles of a person");
}

}  // namespace

std::vector<model::Response> check_responses(Context& context, const std::vector<ast::Response>& written) {
  std::vector<model::Response> result;
  for (const ast::Response& line : written) {
    check_responsible(context, line.by);
    model::Response response{line.verdict.text, line.text.text, {}, line.by.text, check_duration(context, line.within)};
    if (line.recorded_as && line.recorded_as->written())
      response.recorded_as = record_named(context, *line.recorded_as);
    result.push_back(std::move(response));
  }
  return result;
}

std::string check_debtor(Context& context, About about, const ast::Name& name) {
  const model::OwnerKind owner = about == About::person ? model::OwnerKind::person : model::OwnerKind::deal;
  std::vector<std::string> candidates;
  if (about != About::nothing) candidates = person_fields(context, owner);
  const bool known = name.text == "manager" || name.text == "team manager" ||
                     (about == About::person && name.text == "person") ||
                     std::ranges::find(candidates, name.text) != candidates.end();
  if (known || !name.written()) return name.text;
  candidates.insert(candidates.end(), {"manager", "team manager"});
  Diagnostic* diagnostic = unknown(context, name, candidates, diag::UnknownDebtor, name.text);
  if (diagnostic) diagnostic->hint("owed by {}", listed(candidates, "or"));
  return name.text;
}

}  // namespace plumb::check
