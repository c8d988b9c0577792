#include <fmt/format.h>

#include "explain/parts.h"
#include "explain/people.h"
#include "report/escape.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using model::SubjectKind;

// The row that says who owned the deal at an instant: the last change of its owner, else the deal's own.
std::string owner_row(const Teller& teller, std::uint32_t deal, Instant at) {
  const history::History& history = teller.history;
  const history::Timeline& events = history.deal_events;
  std::string since, where;
  for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1] && events.at[i] <= at; ++i) {
    const history::Kind& kind = history.kinds[events.kind[i]];
    const bool created = kind.of == history::KindClass::created;
    if (!created && (kind.of != history::KindClass::change || kind.name != "owner")) continue;
    since =
        report::is_date(events.at[i]) ? "since " + report::minute_text(teller.view, events.at[i]) : "from the first";
    where = origin_text(history, events.origin[i]);
  }
  return where.empty() ? since : fmt::format("{} ({})", since, where);
}

std::string person_text(const Teller& teller, std::uint32_t person) {
  return std::string(teller.history.words[teller.history.people.names.ids[person]]);
}

std::string people_row(const Teller& teller, std::uint32_t person) {
  const std::string where = origin_text(teller.history, teller.history.people.names.origin[person]);
  return where.empty() ? "" : fmt::format(" ({})", where);
}

// Where somebody has several rows, which of them says it has no place of its own.
std::string only_row(const Teller& teller, std::uint32_t person) {
  const history::Array<std::uint32_t>& first = teller.history.people.first;
  return first[person + 1] - first[person] == 1 ? people_row(teller, person) : std::string();
}

// The rows of people name somebody's manager.
bool is_managed_by(const Teller& teller, std::uint32_t person, std::uint32_t manager) {
  const history::People& people = teller.history.people;
  for (const history::Column& column : people.columns) {
    for (std::uint32_t row = people.first[person]; column.name == "manager" && row < people.first[person + 1]; ++row) {
      if (column.values[row] == people.names.ids[manager]) return true;
    }
  }
  return false;
}

std::string manager_text(const Teller& teller, const model::Rule& rule, const Decided& decided, std::string_view name,
                         std::string_view at) {
  const eval::Verdicts& v = decided.verdicts;
  const std::uint32_t subject = v.subject[decided.row];
  const bool deal = rule.subject.kind == SubjectKind::deal;
  std::uint32_t person = rule.subject.kind == SubjectKind::person ? subject : eval::nobody;
  if (deal) person = find_person(teller.history, owner_of(teller.history, subject, v.opened[decided.row]));
  if (person == UINT32_MAX || !is_managed_by(teller, person, v.owed_by[decided.row])) {
    return fmt::format("{}: manager {}on the day of {}", name, deal ? "of the owner " : "", at);
  }
  return fmt::format("{}: manager of {}{} on the day of {}{}", name, person_text(teller, person),
                     deal ? ", the owner," : "", at, only_row(teller, person));
}

}  // namespace

std::string owed_because(const Teller& teller, const model::Rule& rule, const Decided& decided) {
  const eval::Verdicts& v = decided.verdicts;
  const std::uint32_t person = v.owed_by[decided.row];
  const Instant opened = v.opened[decided.row];
  const std::string at = report::is_date(opened) ? report::minute_text(teller.view, opened) : "that time";
  if (person == eval::nobody && rule.subject.kind == SubjectKind::company) return "the company: the rule is about it";
  if (person == eval::nobody) return fmt::format("nobody: the data does not say who owes it at {}", at);
  const std::string name = person_text(teller, person);
  const bool deal = rule.subject.kind == SubjectKind::deal;
  if (rule.subject.kind == SubjectKind::person && person == v.subject[decided.row]) {
    return fmt::format("{}: the rule is about the person{}", name, people_row(teller, person));
  }
  if (deal && (rule.owed_by.empty() || rule.owed_by == "owner")) {
    return fmt::format("{}: owner of the deal at {}, {}", name, at, owner_row(teller, v.subject[decided.row], opened));
  }
  if (rule.owed_by == "manager") return manager_text(teller, rule, decided, name, at);
  if (deal) return fmt::format("{}: named by {} of the deal at {}", name, rule.owed_by, at);
  if (rule.subject.kind == SubjectKind::team) {
    return fmt::format("{}: manager of everybody in the team on the day of {}", name, at);
  }
  return fmt::format("{}: {} at {}", name, rule.owed_by.empty() ? "as the rule says" : rule.owed_by, at);
}

}  // namespace plumb::explain
