#include "doctor/row_text.h"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace plumb::doctor {

namespace {

using history::RowKind;
using history::RowSpec;
using history::ValueFrom;

std::string quoted(std::string_view text) { return fmt::format("`{}`", text); }

std::string any_of(const std::vector<std::string>& words) {
  std::vector<std::string> shown;
  for (const std::string& word : words) shown.push_back(word.empty() ? "empty" : quoted(word));
  return fmt::format("{}", fmt::join(shown, " or "));
}

std::string condition_text(const std::vector<history::RowCondition>& when) {
  std::vector<std::string> parts;
  for (const history::RowCondition& one : when) {
    const std::string words = one.numbers ? "a number" : any_of(one.is_one_of);
    parts.push_back(fmt::format("{} is {}{}", quoted(one.column.names.front()), one.negated ? "not " : "", words));
  }
  return fmt::format("{}", fmt::join(parts, " and "));
}

std::string renamed_text(const ValueFrom& value) {
  constexpr std::size_t most = 12;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < value.rename.size() && i < most; ++i) {
    names.push_back(fmt::format("{} becomes `{}`",
                                value.rename[i].first.empty() ? "an empty cell" : quoted(value.rename[i].first),
                                value.rename[i].second));
  }
  if (value.rename.size() > most) names.push_back(fmt::format("and {} more", value.rename.size() - most));
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  if (value.rename_all) text += ", any other cell is refused";
  return text;
}

/// `in `amount_req`, in EUR`, `always `won``.
std::string value_text(const ValueFrom& value) {
  if (value.constant && *value.constant == history::not_known) return "what nobody knows";
  if (value.constant)
    return value.constant->empty() ? "always empty" : fmt::format("always {}", quoted(*value.constant));
  std::vector<std::string> columns;
  for (const std::string& name : value.column.names) columns.push_back(quoted(name));
  std::string text = fmt::format("in {}", fmt::join(columns, ", else "));
  if (value.column.optional) text += " where the file has it";
  if (!value.currency.empty()) text += fmt::format(" in {}", value.currency);
  if (value.currency_column.given()) {
    std::vector<std::string> currencies;
    for (const std::string& name : value.currency_column.names) currencies.push_back(quoted(name));
    text += fmt::format(" with its currency in {}", fmt::join(currencies, ", else "));
  }
  if (value.percent) text += " (a number alone is so many percent)";
  if (value.day_alone) text += " (only its day, as it is written)";
  if (!value.zone.empty()) text += fmt::format(" (times without an offset are read as {})", value.zone);
  if (!value.rename.empty()) text += fmt::format(" ({})", renamed_text(value));
  return text;
}

struct Part {
  std::string_view called;
  const ValueFrom* value;
};

std::vector<Part> parts_of(const RowSpec& row) {
  switch (row.kind) {
    case RowKind::deal:
      return {{"the deal", &row.subject},
              {"when it was created", &row.at},
              {"its owner", &row.owner},
              {"its account", &row.account}};
    case RowKind::account: return {{"the account", &row.subject}};
    case RowKind::person:
      return {{"the person", &row.subject},
              {"since when it is so", &row.from},
              {"the day of joining", &row.joined},
              {"the first day no longer there", &row.left}};
    case RowKind::leave: return {{"the person", &row.subject}, {"the first day", &row.from}, {"the last day", &row.to}};
    case RowKind::contact: return {{"the contact", &row.subject}, {"the deal", &row.deal}, {"since when", &row.at}};
    case RowKind::rate:
      return {{"the day", &row.at},
              {"the currency", &row.from},
              {"the currency it is told in", &row.to},
              {"the rate", &row.rate}};
    case RowKind::move:
      return {
          {"the deal", &row.subject}, {"when", &row.at}, {"the stage before", &row.from}, {"the stage after", &row.to}};
    case RowKind::change:
      return {
          {"the deal", &row.subject}, {"when", &row.at}, {"the value before", &row.from}, {"the value after", &row.to}};
    case RowKind::activity:
      return {{"the deal", &row.subject}, {"when", &row.at}, {"with which contact", &row.contact}};
    case RowKind::record:
      return {{row.about_person ? "the person" : "the deal", &row.subject},
              {"when", &row.at},
              {"with which contact", &row.contact}};
    case RowKind::coverage: return {{"what is observed", &row.name}, {"from when", &row.from}, {"until when", &row.to}};
    case RowKind::refused: return {};
  }
  return {};
}

std::string named(std::string_view what, std::string_view joint, const ValueFrom& name) {
  if (name.constant) return fmt::format("{}{} {}", what, joint, quoted(*name.constant));
  return fmt::format("{}{} that is named {}", what, joint.empty() ? "" : " of the field", value_text(name));
}

/// Whether a move is from a stage to the same one: the deal is found there.
bool stays(const RowSpec& row) {
  if (!row.from.given()) return false;
  return row.from.constant ? row.to.constant == row.from.constant
                           : !row.to.constant && row.from.column.names == row.to.column.names;
}

std::string becomes(const RowSpec& row) {
  switch (row.kind) {
    case RowKind::deal: return "a deal";
    case RowKind::account: return "an account";
    case RowKind::person: return "a person";
    case RowKind::leave: return "a leave";
    case RowKind::contact: return "a contact of a deal";
    case RowKind::rate: return "a rate of exchange";
    case RowKind::move:
      return stays(row) ? "the stage in which the deal is found then, since nobody knows when"
                        : "a move to another stage";
    case RowKind::change: return named("a change", " of", row.name);
    case RowKind::activity: return named("an activity", "", row.name);
    case RowKind::record: return named("a record", "", row.name);
    case RowKind::coverage: return "the coverage of something";
    case RowKind::refused: return "refused";
  }
  return {};
}

/// How cells are written where not as usual, once for all values of the row.
std::string writing_text(const RowSpec& row) {
  std::set<std::string> notes;
  for_each_value(row, [&](const ValueFrom& value) {
    if (value.constant) return;
    if (value.order == time::DateOrder::day_month_year) notes.insert("Dates are written day first.");
    if (value.order == time::DateOrder::month_day_year) notes.insert("Dates are written month first.");
    if (value.decimal_point == ',') notes.insert("Decimals have a comma.");
    if (!value.empty_words.empty())
      notes.insert(fmt::format("{} means that nothing is there.", any_of(value.empty_words)));
    if (value.blank_is_unsaid && &value == &row.from)
      notes.insert("An empty value before says nothing of what was before.");
  });
  return notes.empty() ? std::string() : fmt::format(" {}", fmt::join(notes, " "));
}

}  // namespace

std::string row_text(const RowSpec& row) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view called, const ValueFrom& value) {
    if (value.given()) parts.push_back(fmt::format("{} is {}", called, value_text(value)));
  };
  for (const Part& part : parts_of(row)) add(part.called, *part.value);
  add("who did it", row.actor), add("when it was recorded", row.recorded);
  add("its source", row.source), add("what orders things at one instant", row.sequence);
  add("the id of the row", row.id);
  for (const auto& [name, value] : row.fields) add(fmt::format("the field `{}`", name), value);
  if (row.fields_by_header) parts.emplace_back("fields of the rulebook are in the columns of their names");
  const std::string which = row.when.empty() ? "Each row" : fmt::format("Each row where {}", condition_text(row.when));
  if (row.kind == history::RowKind::refused) return fmt::format("{} is refused: {}.", which, row.because);
  return fmt::format("{} is {}: {}.{}", which, becomes(row), fmt::join(parts, "; "), writing_text(row));
}

}  // namespace plumb::doctor
