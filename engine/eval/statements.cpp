#include "eval/statements.h"

#include <algorithm>

namespace plumb::eval {

namespace {

const history::Column* column_of(const history::Kind& kind, std::string_view name, history::ValueType type) {
  for (const history::Column& column : kind.columns) {
    if (column.name == name && column.type == type) return &column;
  }
  return nullptr;  // a record that declares such a field of another type means something else by it
}

// A cell. Missing: `history::missing` where nothing is said.
std::int64_t said(const history::Column* column, std::uint32_t row, bool& readable) {
  if (!column) return history::missing;
  const std::int64_t value = column->values[row];
  readable &= value != history::unreadable;
  return history::is_value(value) ? value : history::missing;
}

std::uint64_t key(Id<model::Record> record, std::uint32_t of) { return std::uint64_t{record.value} << 32 | of; }

}  // namespace

Statements::Statements(const Plan& plan, const std::vector<bool>& wanted) : plan_(plan) {
  columns_.resize(plan.book.records.size());
  std::vector<Id<model::Record>> record_of(plan.history.kinds.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i] || plan.records[i].kind < 0) continue;
    const auto number = static_cast<std::size_t>(plan.records[i].kind);
    const history::Kind& kind = plan.history.kinds[number];
    record_of[number] = Id<model::Record>(i);
    columns_[i] = {
        column_of(kind, "rule", history::ValueType::text), column_of(kind, "on_deal", history::ValueType::text),
        column_of(kind, "about", history::ValueType::text), column_of(kind, "opened", history::ValueType::date)};
  }
  const history::Timeline& timeline = plan.history.person_events;
  for (std::uint32_t person = 0; person + 1 < timeline.first.size(); ++person) {
    for (std::uint32_t index = timeline.first[person]; index < timeline.first[person + 1]; ++index) {
      const Id<model::Record> record = record_of[timeline.kind[index]];
      if (!record || timeline.at[index] >= plan.horizon) continue;
      if (plan.recorded_by_then(timeline.recorded[index]) == Truth::no) continue;
      Statement statement = read(timeline, record, index);
      statement.ref = {true, index};
      statement.subject = person;
      note(record, statement);
    }
  }
}

Statement Statements::read(const history::Timeline& timeline, Id<model::Record> record, std::uint32_t index) const {
  Statement statement;
  const Columns& columns = columns_[record.index()];
  const std::uint32_t row = timeline.row[index];
  const auto word = [&](const history::Column* column) {
    const std::int64_t value = said(column, row, statement.readable);
    return value == history::missing ? nobody : static_cast<std::uint32_t>(value);
  };
  statement.happened = timeline.at[index];
  const Instant recorded = timeline.recorded[index];
  if (statement.happened.known() && recorded.known()) statement.counts = std::max(statement.happened, recorded);
  statement.until = statement.counts;
  if (timeline.by_day[index] && statement.counts == statement.happened) {
    const time::Calendar& days = plan_.calendars.front();
    statement.until = days.end_of(days.day_of(statement.happened));
  }
  statement.rule = word(columns.rule);
  statement.deal = word(columns.deal);
  if (const std::uint32_t name = word(columns.person); name != nobody) {
    statement.person = plan_.person_of_word[name];
    statement.readable &= statement.person != nobody;
  }
  const std::int64_t day = said(columns.opened, row, statement.readable);
  if (day != history::missing) statement.opened = time::Day{static_cast<std::int32_t>(day)};
  return statement;
}

Statement Statements::at(const View& view, Id<model::Record> record, std::uint32_t index) const {
  Statement statement = read(view.timeline(), record, index);
  statement.ref = view.ref(index);
  statement.subject = view.subject();
  return statement;
}

void Statements::note(Id<model::Record> record, const Statement& statement) {
  const auto row = static_cast<std::uint32_t>(rows_.size());
  rows_.push_back(statement);
  if (statement.rule != nobody) by_rule_[key(record, statement.rule)].push_back(row);
  if (statement.deal != nobody) {
    by_deal_[key(record, statement.deal)].push_back(row);
    return;
  }
  by_person_[key(record, statement.subject)].push_back(row);
  if (statement.person != nobody && statement.person != statement.subject) {
    by_person_[key(record, statement.person)].push_back(row);
  }
}

std::array<const std::vector<std::uint32_t>*, 4> Statements::candidates(Id<model::Record> record,
                                                                        const Matter& matter) const {
  const auto find = [&](const Rows& rows, std::uint32_t of) -> const std::vector<std::uint32_t>* {
    const auto found = rows.find(key(record, of));
    return of == nobody || found == rows.end() ? nullptr : &found->second;
  };
  switch (matter.kind) {
    case model::SubjectKind::deal:
      return {find(by_deal_, plan_.history.deals.ids[matter.subject]), find(by_person_, matter.owed_by),
              find(by_person_, matter.answered_by), find(by_person_, plan_.unknown_person)};
    case model::SubjectKind::person:
      return {find(by_person_, matter.subject), find(by_person_, matter.owed_by), find(by_person_, matter.answered_by),
              find(by_person_, plan_.unknown_person)};
    default: return {find(by_rule_, matter.rule), find(by_rule_, matter.response), nullptr, nullptr};
  }
}

// Told of a person of whom nobody knows who it is.
bool Statements::is_of_somebody(const Statement& statement) const {
  const bool names = statement.deal != nobody || statement.person != nobody;
  return statement.ref.of_person && !names && statement.subject == plan_.unknown_person;
}

// Where a row names neither a deal nor a person it is about whoever's it is; on the timeline of those who owe something
// here the name of the rule tells that this is meant.
bool Statements::is_about_subject(const Statement& statement, const Matter& matter) const {
  const bool named = statement.rule != nobody;
  const bool by_those = is_of_somebody(statement) ||
                        (named && (statement.subject == matter.owed_by || statement.subject == matter.answered_by));
  switch (matter.kind) {
    case model::SubjectKind::deal:
      if (!statement.ref.of_person) return true;
      if (statement.deal != nobody) return statement.deal == plan_.history.deals.ids[matter.subject];
      return named && (statement.person != nobody ? statement.person == matter.owed_by : by_those);
    case model::SubjectKind::person:
      if (statement.deal != nobody) return false;
      if (statement.person != nobody) return statement.person == matter.subject;
      return statement.subject == matter.subject || by_those;
    case model::SubjectKind::team: {
      const std::uint32_t person = statement.person != nobody ? statement.person : statement.subject;
      const time::Day day =
          plan_.calendars.front().day_of(statement.happened.known() ? statement.happened : plan_.horizon);
      return named && (by_those || team_of(plan_, person, day) == matter.subject);
    }
    case model::SubjectKind::company: return named;
  }
  return false;
}

Truth Statements::is_about(const Statement& statement, const Matter& matter) const {
  const bool ruled = statement.rule == nobody || statement.rule == matter.rule || statement.rule == matter.response;
  const bool dated = !statement.opened.known() || !matter.opened.known() || statement.opened == matter.opened;
  if (!ruled || !dated || !is_about_subject(statement, matter)) return Truth::no;
  return statement.readable && !is_of_somebody(statement) ? Truth::yes : Truth::unknown;
}

}  // namespace plumb::eval
