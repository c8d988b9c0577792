#include <algorithm>
#include <map>

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

/// Roles are words of our people's `role`; where it is declared as text, any word may be one.
bool may_be_role(Context& context, const std::string& word, std::vector<std::string>& roles) {
  const model::Field& role = context.book.fields[fields_of(context, model::OwnerKind::person).at("role")];
  if (role.type.kind != TypeKind::choice) return role.span.known();
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
  if (!diagnostic) return;
  const bool roles = candidates.size() > 3 || !diagnostic->help.empty();
  diagnostic->hint("the owner, the person, the manager, or one of the roles of a person");
  const std::vector<std::string> fields = person_fields(context, model::OwnerKind::deal);
  if (std::ranges::find(fields, by.text) != fields.end()) {
    diagnostic->hint("a person in a field of the deal may owe what a rule expects, `owed by {}`, and no response",
                     spelled(by.text));
    return;
  }
  if (!roles) diagnostic->hint("say which roles there are: `fields person {{ role one of {}, … }}`", spelled(by.text));
}

/// What is done about a rule's verdicts: its own clauses, and for a must those of the rulebook for every verdict of
/// which it says nothing itself.
std::vector<model::Response> responses_to(const model::Rulebook& book, const model::Rule& rule) {
  std::vector<model::Response> result = rule.responses;
  if (rule.strength != model::Strength::must) return result;
  for (const model::Response& general : book.responses) {
    const auto same = [&](const model::Response& own) { return own.verdict == general.verdict; };
    if (std::ranges::none_of(rule.responses, same)) result.push_back(general);
  }
  return result;
}

std::string sentence_of(const model::Rulebook& book, const model::Rule& to, const model::Response& response) {
  std::string text = response.text;
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  std::string result = fmt::format("When {} is {}: {}", to.name, response.verdict, text);
  if (response.recorded_as) result += fmt::format(", recorded as {}", book.records[response.recorded_as].name);
  if (response.within) result += fmt::format(", within {}", time::to_text(*response.within));
  return result + fmt::format("; owed by the {}.", response.by);
}

/// A clause as a rule of its own, which opens with the verdict that it names.
model::Rule rule_of(const Context& context, std::uint32_t row, const model::Response& response, std::uint32_t clause) {
  const model::Rule& to = context.book.rules[row];
  model::Rule rule;
  std::string verdict = response.verdict;
  std::ranges::replace(verdict, ' ', '_');
  rule.name = fmt::format("{}.if_{}.{}", to.name, verdict, clause);
  rule.title = response.text;
  rule.origin = model::RuleOrigin::response;
  rule.strength = to.strength;
  rule.subject.kind = to.subject.kind;
  rule.shape = model::Shape::after;
  rule.within = response.within;
  rule.owed_by = response.by;
  rule.because = to.because;
  rule.responses = {response};
  rule.responds_to = {row, clause};
  rule.sentence = sentence_of(context.book, to, response);
  rule.span = to.span;
  return rule;
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

void add_responses(Context& context) {
  const auto written = static_cast<std::uint32_t>(context.book.rules.size());
  for (std::uint32_t row = 0; row < written; ++row) {
    std::map<std::string, std::uint32_t> clauses;
    for (const model::Response& response : responses_to(context.book, context.book.rules[row])) {
      model::Rule rule = rule_of(context, row, response, ++clauses[response.verdict]);
      context.book.rules.push_back(std::move(rule));
    }
  }
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
