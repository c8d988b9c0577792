#include "history/mapping.h"

#include <utility>

namespace plumb::history {

namespace {

ValueFrom column(std::string name) {
  ValueFrom from;
  from.column.names = {std::move(name)};
  return from;
}

ValueFrom maybe(std::string name) {
  ValueFrom from = column(std::move(name));
  from.column.optional = true;
  return from;
}

FileSpec file(std::string path, std::vector<RowSpec> rows) {
  FileSpec result;
  result.path = std::move(path);
  result.optional = result.path != "deals.csv";
  result.rows = std::move(rows);
  return result;
}

RowSpec row(RowKind kind, std::string subject) {
  RowSpec result;
  result.kind = kind;
  result.subject = column(std::move(subject));
  return result;
}

FileSpec deals() {
  RowSpec deal = row(RowKind::deal, "deal");
  deal.at = column("created");
  deal.recorded = maybe("recorded");
  deal.account = maybe("account");
  deal.owner = maybe("owner");
  deal.fields_by_header = true;
  return file("deals.csv", {deal});
}

RowSpec event(RowKind kind, std::string word) {
  RowSpec result = row(kind, "deal");
  RowCondition condition;
  condition.column.names = {"kind"};
  condition.is_one_of = {std::move(word)};
  result.when = {condition};
  result.at = column("at");
  result.recorded = maybe("recorded");
  result.actor = maybe("actor");
  result.source = maybe("source");
  result.sequence = maybe("sequence");
  result.id = maybe("id");
  return result;
}

FileSpec events() {
  RowSpec move = event(RowKind::move, "move");
  RowSpec change = event(RowKind::change, "change");
  RowSpec activity = event(RowKind::activity, "activity");
  RowSpec record = event(RowKind::record, "record");
  for (RowSpec* spec : {&move, &change}) {
    spec->from = maybe("from");
    spec->to = maybe("to");
  }
  // A move from nowhere is a deal's first; a change that leaves out the old value has one all the same.
  change.from.blank_is_unsaid = true;
  for (RowSpec* spec : {&change, &activity, &record}) spec->name = maybe("name");
  activity.fields_by_header = record.fields_by_header = true;
  activity.contact = record.contact = maybe("contact");
  FileSpec result = file("events.csv", {move, change, activity, record});
  result.every_row_counts = true;
  return result;
}

FileSpec people() {
  RowSpec person = row(RowKind::person, "person");
  person.from = maybe("from");
  person.joined = maybe("joined");
  person.left = maybe("left");
  person.fields_by_header = true;
  return file("people.csv", {person});
}

FileSpec leave() {
  RowSpec leave = row(RowKind::leave, "person");
  leave.from = column("from");
  leave.to = column("to");
  leave.recorded = maybe("recorded");
  return file("leave.csv", {leave});
}

FileSpec records() {
  RowSpec record = row(RowKind::record, "person");
  record.about_person = true;
  record.name = column("name");
  record.at = column("at");
  record.recorded = maybe("recorded");
  record.actor = maybe("actor");
  record.source = maybe("source");
  record.id = maybe("id");
  record.fields_by_header = true;
  return file("records.csv", {record});
}

FileSpec accounts() {
  RowSpec account = row(RowKind::account, "account");
  account.fields_by_header = true;
  return file("accounts.csv", {account});
}

FileSpec contacts() {
  RowSpec contact = row(RowKind::contact, "contact");
  contact.deal = column("deal");
  contact.at = maybe("created");
  contact.recorded = maybe("recorded");
  contact.source = maybe("source");
  contact.fields_by_header = true;
  return file("contacts.csv", {contact});
}

FileSpec rates() {
  RowSpec rate;
  rate.kind = RowKind::rate;
  rate.at = column("date");
  rate.from = column("from");
  rate.to = column("to");
  rate.rate = column("rate");
  return file("rates.csv", {rate});
}

FileSpec coverage() {
  RowSpec observed;
  observed.kind = RowKind::coverage;
  observed.name = column("what");
  observed.from = column("from");
  observed.to = column("until");
  return file("coverage.csv", {observed});
}

}  // namespace

Mapping canonical_mapping() {
  Mapping mapping;
  mapping.actors_are_people = true;
  mapping.recorded_is_at = true;
  mapping.files = {accounts(), people(), leave(), deals(), contacts(), events(), records(), rates(), coverage()};
  return mapping;
}

}  // namespace plumb::history
