#include "suite/test_history.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/assert.h"
#include "eval/run.h"
#include "report/words.h"
#include "suite/telling.h"

namespace plumb::suite {

namespace {

using history::RowKind;
using history::SchemaField;

history::ValueFrom column(std::string name, bool optional = false) {
  history::ValueFrom from;
  from.column.names = {std::move(name)};
  from.column.optional = optional;
  return from;
}

void take(const std::vector<SchemaField>& fields, std::set<std::string>& names) {
  for (const SchemaField& field : fields) names.insert(field.name);
}

std::set<std::string> names_of(const std::vector<SchemaField>& fields) {
  std::set<std::string> names;
  take(fields, names);
  return names;
}

std::set<std::string> stated_names(const history::Schema& schema) {
  std::set<std::string> names;
  for (const auto* kinds : {&schema.activities, &schema.records}) {
    for (const history::SchemaKind& kind : *kinds) take(kind.fields, names);
  }
  return names;
}

Table table(std::string name, std::vector<std::string> columns, const std::set<std::string>& fields) {
  for (const std::string& field : fields) columns.push_back(field_column(field));
  return {std::move(name), std::move(columns)};
}

history::RowSpec row_of(RowKind kind, std::string subject, const std::set<std::string>& fields) {
  history::RowSpec row;
  row.kind = kind;
  row.subject = column(std::move(subject));
  for (const std::string& field : fields) {
    row.fields.emplace_back(field, column(field_column(field)));
    row.fields.emplace_back(field + ".recorded", column(recorded_column(field), true));
  }
  return row;
}

history::FileSpec file_of(std::string path, std::vector<history::RowSpec> rows) {
  history::FileSpec file;
  file.path = std::move(path);
  file.file_order_is_sequence = true;
  file.rows = std::move(rows);
  return file;
}

history::RowSpec event_of(RowKind kind, const char* word, const std::set<std::string>& fields) {
  history::RowSpec row = row_of(kind, "deal", fields);
  history::RowCondition when;
  when.column.names = {"kind"};
  when.is_one_of = {word};
  row.when = {when};
  row.at = column("at"), row.recorded = column("recorded");
  row.actor = column("actor"), row.source = column("source");
  if (kind == RowKind::activity || kind == RowKind::record) row.contact = column(contact_column, true);
  if (kind != RowKind::move) row.name = column("name");
  if (kind == RowKind::move || kind == RowKind::change) row.from = column("from"), row.to = column("to");
  row.from.blank_is_unsaid = kind == RowKind::change;
  return row;
}

history::FileSpec deals_file(const history::Schema& schema) {
  history::RowSpec deal = row_of(RowKind::deal, "deal", names_of(schema.deal_fields));
  deal.at = column("created"), deal.recorded = column("recorded");
  deal.owner = column("owner"), deal.account = column("account");
  return file_of("deals.csv", {deal});
}

history::FileSpec contacts_file(const history::Schema& schema) {
  history::RowSpec contact = row_of(RowKind::contact, "contact", names_of(schema.contact_fields));
  contact.deal = column("deal"), contact.source = column("source");
  return file_of("contacts.csv", {contact});
}

history::FileSpec records_file(const std::set<std::string>& stated) {
  history::RowSpec record = row_of(RowKind::record, "person", stated);
  record.about_person = true;
  record.name = column("name"), record.at = column("at"), record.recorded = column("recorded");
  record.actor = column("actor"), record.source = column("source");
  return file_of("records.csv", {record});
}

/// The canonical mapping, of columns that no field of the rulebook can be called.
history::Mapping mapping_of(const history::Schema& schema) {
  const std::set<std::string> stated = stated_names(schema);
  history::RowSpec person = row_of(RowKind::person, "person", names_of(schema.person_fields));
  person.from = column("from");
  person.joined = column("joined", true), person.left = column("left", true);
  history::RowSpec leave = row_of(RowKind::leave, "person", {});
  leave.from = column("from"), leave.to = column("to"), leave.recorded = column("recorded");
  history::Mapping mapping;
  mapping.actors_are_people = true;
  mapping.recorded_is_at = true;
  mapping.files = {file_of("accounts.csv", {row_of(RowKind::account, "account", names_of(schema.account_fields))}),
                   file_of("people.csv", {person}),
                   file_of("leave.csv", {leave}),
                   deals_file(schema),
                   contacts_file(schema),
                   file_of("events.csv", {event_of(RowKind::move, "move", {}), event_of(RowKind::change, "change", {}),
                                          event_of(RowKind::activity, "activity", stated),
                                          event_of(RowKind::record, "record", stated)}),
                   records_file(stated)};
  return mapping;
}

Telling begin_telling(const model::Rulebook& book, const model::Test& test, const history::Schema& schema) {
  const std::set<std::string> stated = stated_names(schema);
  std::set<std::string> of_deals = names_of(schema.deal_fields);
  return {book,
          test,
          report::default_calendar(book).zone(),
          table("accounts.csv", {"account"}, names_of(schema.account_fields)),
          table("people.csv", {"person", "from"}, names_of(schema.person_fields)),
          table("leave.csv", {"person", "from", "to", "recorded"}, {}),
          table("deals.csv", {"deal", "created", "recorded", "owner", "account"}, of_deals),
          table("contacts.csv", {"contact", "deal", "source"}, names_of(schema.contact_fields)),
          table("events.csv", {"kind", "deal", "at", "recorded", "actor", "source", "name", "from", "to"}, stated),
          table("records.csv", {"person", "at", "recorded", "actor", "source", "name"}, stated),
          {},
          {}};
}

/// A row that the loader refuses is a thing that the test says and no history can hold.
void note_refused(const history::LoadReport& report, TestHistory& told) {
  for (const history::Problem& problem : report.problems) {
    const bool cell = problem.message.starts_with("column ");
    if (!problem.refused && !cell) continue;
    told.troubles.push_back({told.origin(report.files[problem.file].path, problem.line), problem.message, {}});
  }
}

/// Everything is observed, always: whoever joined is asked from then on, also where nothing happens before anything is
/// expected, or that late.
void begin_with_people(history::History& history, const time::Zone& zone) {
  time::Instant& first = history.extent.first;
  for (const time::Day joined : history.people.joined) {
    if (!joined.known()) continue;
    const time::Instant from = zone.start_of(joined);
    if (!first.known() || from < first) first = from;
  }
}

}  // namespace

source::Span TestHistory::origin(std::string_view file, std::uint32_t line) const {
  for (const Table& table : tables) {
    if (table.name() == file) return table.origin(line);
  }
  return {};
}

bool TestHistory::went_elsewhere(const model::Rulebook& book, std::uint32_t deal) const {
  return std::any_of(moves.begin(), moves.end(), [&](const ToldMove& move) {
    return move.deal == deal && move.to && book.stages[move.to].name == elsewhere;
  });
}

namespace {

void add_stage(model::Rulebook& book, Id<model::Process> process, const char* name, model::StageEnd end) {
  model::Stage stage;
  stage.name = name;
  stage.process = process;
  stage.end = end;
  book.processes[process].stages.push_back(book.stages.add(std::move(stage)));
}

}  // namespace

model::Rulebook for_tests(model::Rulebook book) {
  if (book.processes.empty()) {
    model::Process process;
    process.name = "deal";
    const Id<model::Process> id = book.processes.add(std::move(process));
    add_stage(book, id, "won", model::StageEnd::won);
    add_stage(book, id, "lost", model::StageEnd::lost);
  }
  for (std::size_t i = 0; i < book.processes.size(); ++i) {
    add_stage(book, Id<model::Process>(i), elsewhere, model::StageEnd::open);
  }
  return book;
}

TestHistory history_of(const model::Rulebook& book, const model::Test& test) {
  const history::Schema schema = eval::schema_of(book);
  Telling telling = begin_telling(book, test, schema);
  tell_cast(telling);
  tell_deeds(telling);
  TestHistory told;
  told.moves = std::move(telling.moves);
  told.troubles = std::move(telling.troubles);
  told.tables = {telling.accounts, telling.people, telling.leave,  telling.deals,
                 telling.contacts, telling.events, telling.records};
  std::vector<history::TextFile> files;
  for (const Table& table : told.tables) files.push_back(table.file());
  history::LoadOptions options;
  options.default_zone = telling.zone;
  Result<history::Loaded> loaded = history::load_texts(files, mapping_of(schema), schema, options);
  if (!loaded) {
    told.troubles.push_back({test.span, loaded.error(), {}});
    return told;
  }
  PLUMB_ASSERT(loaded->mapping_problems.empty(), "the files of a test have the columns that are read");
  note_refused(loaded->report, told);
  told.history = std::move(loaded->history);
  begin_with_people(told.history, telling.zone);
  return told;
}

}  // namespace plumb::suite
