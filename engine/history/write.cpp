#include "history/write.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/assert.h"
#include "history/who_is_there.h"
#include "history/write_table.h"

namespace plumb::history {

namespace {

using namespace writing;

// The event that made the deal. Missing: its timeline's size.
std::size_t creation_of(const History& history, std::uint32_t deal) {
  const Timeline& events = history.deal_events;
  for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
    if (history.kinds[events.kind[i]].of == KindClass::created) return i;
  }
  return events.size();
}

// What a deal was created with where its changes only are told is nothing yet, and not something that nobody saw.
bool only_changes(const History& history, const std::string& field) {
  const int column = history.deals.column(field);
  return !tells(column < 0 ? nullptr : &history.deals.columns[static_cast<std::size_t>(column)]) &&
         std::any_of(history.kinds.begin(), history.kinds.end(),
                     [&](const Kind& kind) { return kind.of == KindClass::change && kind.name == field; });
}

std::string_view account_cell(const Writer& writer, std::uint32_t account) {
  if (account == unknown_account) return not_known;
  return is_account(account) ? writer.word(writer.history.accounts.ids[account]) : std::string_view();
}

Result<bool> deals_file(const Writer& writer) {
  const History& history = writer.history;
  std::vector<Header> headers;
  for (const Column& column : history.deals.columns) {
    if (column.name != "account") add_header(headers, writer, column);
  }
  for (Header& header : headers) header.only_changes = only_changes(history, header.name);
  const bool accounts = writer.supplied("account");
  Table table("deals.csv", writer.take);
  for (std::string_view name : {"deal", "created", "recorded"}) table.put(name);
  if (accounts) table.put("account");
  put_headers(table, headers);
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    if (!writer.kept[deal]) continue;
    const std::size_t i = creation_of(history, deal);
    const bool has = i < history.deal_events.size();
    const Instant at = has ? history.deal_events.at[i] : Instant::unknown();
    table.put(writer.word(history.deals.ids[deal]));
    table.put(writer.at_cell(at, has && history.deal_events.by_day[i]));
    table.put(Writer::recorded_cell(has ? history.deal_events.recorded[i] : at, at));
    if (accounts) table.put(account_cell(writer, history.account_of(deal)));
    put_fields(table, writer, headers, history.deals.columns, deal);
    if (!table.end()) return table.finish();
  }
  return table.finish();
}

// An account that no row describes is only a name.
bool described(const Subjects& accounts, std::uint32_t row) {
  return std::any_of(accounts.columns.begin(), accounts.columns.end(),
                     [&](const Column& column) { return column.values[row] != unobserved; });
}

Result<bool> accounts_file(const Writer& writer) {
  const Subjects& accounts = writer.history.accounts;
  const std::vector<Header> headers = headers_of(writer, accounts.columns);
  Table table("accounts.csv", writer.take);
  table.put("account");
  put_headers(table, headers);
  for (std::uint32_t row = 0; row < accounts.size(); ++row) {
    if (!accounts.columns.empty() && !described(accounts, row)) continue;
    table.put(writer.word(accounts.ids[row]));
    put_fields(table, writer, headers, accounts.columns, row);
    if (!table.end()) return table.finish();
  }
  return table.finish();
}

std::string day_cell(Day day) { return day.known() ? time::to_text(day) : std::string(); }

// Where nobody knows whether somebody is there, a day that is not known is none that there is not.
std::string day_cell(const People& people, std::uint32_t row, Day day) {
  const Column* active = who_is_there_in(people);
  const bool open = !day.known() && active != nullptr && active->values[row] == unreadable;
  return open ? std::string(not_known) : day_cell(day);
}

Result<bool> people_file(const Writer& writer) {
  const People& people = writer.history.people;
  const std::vector<Header> headers = headers_of(writer, people.columns);
  Table table("people.csv", writer.take);
  for (std::string_view name : {"person", "from"}) table.put(name);
  for (std::string_view name : {"joined", "left"}) {
    if (writer.supplied(name)) table.put(name);
  }
  put_headers(table, headers);
  for (std::uint32_t person = 0; person < people.names.size(); ++person) {
    for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
      table.put(writer.word(people.names.ids[person]));
      table.put(day_cell(people.from[row]));
      if (writer.supplied("joined")) table.put(day_cell(people, row, people.joined[person]));
      if (writer.supplied("left")) table.put(day_cell(people, row, people.left[person]));
      put_fields(table, writer, headers, people.columns, row);
      if (!table.end()) return table.finish();
    }
  }
  return table.finish();
}

Result<bool> leave_file(const Writer& writer) {
  Table table("leave.csv", writer.take);
  for (std::string_view name : {"person", "from", "to", "recorded"}) table.put(name);
  table.end();
  for (const People::Leave& leave : writer.history.people.leave) {
    const Instant at = leave.from.known() ? writer.zone.start_of(leave.from) : Instant::unknown();
    table.put(writer.word(writer.history.people.names.ids[leave.person]));
    for (const Day day : {leave.from, leave.to}) table.put(day.known() ? day_cell(day) : std::string(not_known));
    table.put(Writer::recorded_cell(leave.recorded, at));
    if (!table.end()) return table.finish();
  }
  return table.finish();
}

Result<bool> contacts_file(const Writer& writer) {
  const Contacts& contacts = writer.history.contacts;
  const std::vector<Header> headers = headers_of(writer, contacts.columns);
  Table table("contacts.csv", writer.take);
  for (std::string_view name : {"contact", "deal", "created", "recorded", "source"}) table.put(name);
  put_headers(table, headers);
  for (std::uint32_t deal = 0; deal + 1 < contacts.first.size(); ++deal) {
    if (!writer.kept[deal]) continue;
    for (std::uint32_t row = contacts.first[deal]; row < contacts.first[deal + 1]; ++row) {
      table.put(writer.word(contacts.ids[row]));
      table.put(writer.word(writer.history.deals.ids[deal]));
      table.put(contacts.by_day[row] == 2 ? std::string(not_known)
                                          : writer.at_cell(contacts.since[row], contacts.by_day[row] != 0));
      table.put(Writer::recorded_cell(contacts.recorded[row], contacts.since[row]));
      table.put(source_word(contacts.source[row]));
      put_fields(table, writer, headers, contacts.columns, row);
      if (!table.end()) return table.finish();
    }
  }
  return table.finish();
}

Result<bool> rates_file(const Writer& writer) {
  Table table("rates.csv", writer.take);
  for (std::string_view name : {"date", "from", "to", "rate"}) table.put(name);
  table.end();
  for (const Rate& rate : writer.history.rates) {
    table.put(day_cell(rate.day));
    table.put(writer.word(rate.from));
    table.put(writer.word(rate.into));
    table.put(number_cell(rate.rate.millionths));
    if (!table.end()) return table.finish();
  }
  return table.finish();
}

// Whether what some field says is observed, which is called so.
bool is_field(const Writer& writer, const std::string& name) {
  const auto named = [&](const Column& column) { return column.name == name; };
  const auto has = [&](const std::vector<Column>& columns) {
    return std::any_of(columns.begin(), columns.end(), named);
  };
  const History& history = writer.history;
  return writer.supplied(name) &&
         (has(history.deals.columns) || has(history.accounts.columns) || has(history.people.columns) ||
          has(history.contacts.columns) ||
          std::any_of(history.kinds.begin(), history.kinds.end(), [&](const Kind& kind) { return has(kind.columns); }));
}

// A column of events.csv may name every field, activity and record: of those that nothing supplied, and of stages, it
// is said that they are observed at no time that anybody asks about.
std::vector<std::string> never_observed(const Writer& writer) {
  std::vector<std::string> names;
  if (!writer.supplied("stage")) names.emplace_back("stage");
  for (const Kind& kind : writer.history.kinds) {
    if (kind.of == KindClass::move || !has_row(kind)) continue;
    const bool field = kind.of == KindClass::change;
    if (writer.supplied(field ? kind.name : time_key(kind.name))) continue;
    const bool apart = !field && is_field(writer, kind.name);
    const std::string_view sort = !apart ? "" : kind.of == KindClass::record ? "record " : "activity ";
    names.push_back(fmt::format("{}{}", sort, kind.name));
  }
  std::erase_if(names, [&](const std::string& name) { return writer.history.coverage.of.count(name) > 0; });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// Where everything is observed always there is nothing to say, and no file.
Result<bool> coverage_file(const Writer& writer, bool events) {
  const Coverage& coverage = writer.history.coverage;
  const bool always = !coverage.everything.from.known() && coverage.everything.until == Instant::max();
  const bool complete = writer.history.complete_until == Instant::max();
  const std::vector<std::string> never = events ? never_observed(writer) : std::vector<std::string>();
  if (always && complete && coverage.of.empty() && never.empty()) return true;
  Table table("coverage.csv", writer.take);
  for (std::string_view name : {"what", "from", "until"}) table.put(name);
  table.end();
  const auto put = [&](std::string_view what, const time::Interval& observed) {
    table.put(what);
    table.put(observed.from.known() ? time::to_text_utc(observed.from) : std::string());
    table.put(observed.until == Instant::max() ? std::string() : time::to_text_utc(observed.until));
    table.end();
  };
  if (!always) put("everything", coverage.everything);
  for (const auto& [what, observed] : coverage.of) put(what, observed);
  if (!complete) put(complete_until_row, {Instant::unknown(), writer.history.complete_until});
  const Instant end_of_time = writer.zone.start_of(*time::day_of(2200, 12, 31));
  for (const std::string& what : never) {
    if (what.find(' ') == std::string::npos) {
      put(what, {end_of_time, Instant::max()});
      continue;
    }
    for (const std::string_view cell : {std::string_view(what), std::string_view("never"), std::string_view()})
      table.put(cell);
    table.end();
  }
  return table.finish();
}

bool any_supplied(const Writer& writer, KindClass of) {
  return std::any_of(writer.history.kinds.begin(), writer.history.kinds.end(),
                     [&](const Kind& kind) { return kind.of == of && writer.supplied(kind.name); });
}

}  // namespace

Result<bool> write_canonical(const History& history, const time::Zone& default_zone, const TakePiece& take,
                             const Deals& deals) {
  Writer writer{history, default_zone, take, {}};
  writer.kept.assign(history.deals.size(), deals ? 0 : 1);
  if (deals) {
    for (std::uint32_t deal : *deals) writer.kept[deal] = 1;
  }
  // A file that is there says that what it could tell is observed.
  const bool events = writer.supplied("stage") || any_supplied(writer, KindClass::activity) ||
                      history.deal_events.size() > history.deals.size();
  const bool records = history.person_events.size() > 0 || any_supplied(writer, KindClass::record);
  Result<bool> written = deals_file(writer);
  const auto then = [&](bool wanted, auto&& file) {
    if (wanted && written) written = file(writer);
  };
  then(events, events_file);
  then(!history.people.from.empty() || writer.supplied("role"), people_file);
  then(writer.supplied("leave"), leave_file);
  then(records, records_file);
  then(history.accounts.size() > 0, accounts_file);
  then(writer.supplied("contact"), contacts_file);
  then(!history.rates.empty(), rates_file);
  then(true, [&](const Writer& of) { return coverage_file(of, events); });
  return written;
}

std::vector<TextFile> write_canonical(const History& history, const time::Zone& default_zone, const Deals& deals) {
  std::vector<TextFile> files;
  const auto keep = [&](const std::string& file, std::string_view piece) -> Result<bool> {
    if (files.empty() || files.back().name != file) files.push_back({file, {}});
    files.back().text += piece;
    return true;
  };
  const Result<bool> written = write_canonical(history, default_zone, keep, deals);
  PLUMB_ASSERT(written.ok(), "memory takes every piece");
  return files;
}

}  // namespace plumb::history
