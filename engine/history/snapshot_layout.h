#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "history/load.h"

/// What stands where in a snapshot. One list of the parts, `visit`, is both how it is written and how it is read.
namespace plumb::history::layout {

/// Raised by whoever changes what `visit` visits, a struct whose arrays are written or what its numbers mean, or the hash
/// of the dictionary.
inline constexpr std::uint32_t version = 14;

inline constexpr std::string_view magic{"\x89PLUMB\r\n", 8};  // no text, and transfers that change line ends show
inline constexpr std::uint32_t this_order = 0x01020304, other_order = 0x04030201;
inline constexpr std::size_t alignment = 64;

struct Header {
  char magic[8];
  std::uint32_t order;  // this_order, as the machine that wrote it writes numbers
  std::uint32_t version;
  std::uint64_t size;      // of the whole file
  std::uint64_t head;      // of the head, padded
  std::uint64_t checksum;  // of all behind the header
  std::uint64_t unused[2];
  std::uint64_t own_checksum;  // of the 56 bytes before
};
static_assert(sizeof(Header) == 64 && std::is_trivially_copyable_v<Header>);

/// Everything that a snapshot holds.
struct Parts {
  std::vector<std::string> declarations;  // what it was made for, sorted
  Dictionary::Parts words;
  History history;
  LoadReport report;
};

/// What a history depends on besides its files: each declaration of the schema, and the zone, as one line for people.
std::vector<std::string> declarations_of(const Schema& schema, const time::Zone& default_zone);

template <class Archive, class C>
void visit_column(Archive& to, C& column) {
  to.text(column.name), to.number(column.type);
  to.array(column.values.narrow), to.array(column.values.wide);
  to.array(column.currency), to.array(column.recorded);
}

template <class Archive, class C>
void visit_columns(Archive& to, C& columns) {
  to.list(columns, [&](auto& column) { visit_column(to, column); });
}

template <class Archive, class S>
void visit_subjects(Archive& to, S& subjects) {
  to.array(subjects.ids), visit_columns(to, subjects.columns), to.array(subjects.origin);
}

template <class Archive, class T>
void visit_timeline(Archive& to, T& timeline) {
  to.array(timeline.first), to.array(timeline.at), to.array(timeline.recorded.rows), to.array(timeline.kind);
  to.array(timeline.row), to.array(timeline.actor), to.array(timeline.source.rows), to.array(timeline.by_day.rows);
  to.array(timeline.origin.lines_before), to.array(timeline.origin.line);
  to.array(timeline.contact), to.array(timeline.id);
  to.array(timeline.by_kind.first), to.array(timeline.by_kind.rows);
}

template <class Archive, class P>
void visit_people(Archive& to, P& people) {
  visit_subjects(to, people.names);
  to.array(people.first), to.array(people.from), visit_columns(to, people.columns);
  to.array(people.joined), to.array(people.left);
  to.list(people.leave, [&](auto& leave) {
    to.number(leave.person), to.number(leave.from.days), to.number(leave.to.days), to.number(leave.recorded.micros);
    to.number(leave.origin.file), to.number(leave.origin.line);
  });
}

template <class Archive, class C>
void visit_contacts(Archive& to, C& contacts) {
  to.array(contacts.first), to.array(contacts.ids), to.array(contacts.since), to.array(contacts.recorded);
  to.array(contacts.source), visit_columns(to, contacts.columns), to.array(contacts.origin);
  to.array(contacts.by_day);
}

template <class Archive, class I>
void visit_interval(Archive& to, I& interval) {
  to.number(interval.from.micros), to.number(interval.until.micros);
}

template <class Archive, class H>
void visit_history(Archive& to, H& history) {
  visit_subjects(to, history.deals), to.array(history.deal_account), visit_subjects(to, history.accounts);
  visit_contacts(to, history.contacts), to.array(history.rates), to.number(history.mapped);
  visit_people(to, history.people);
  to.list(history.kinds, [&](auto& kind) { to.text(kind.name), to.number(kind.of), visit_columns(to, kind.columns); });
  visit_timeline(to, history.deal_events), visit_timeline(to, history.person_events);
  to.number(history.extent.first.micros), to.number(history.extent.last.micros);
  to.number(history.extent.latest.micros);
  to.number(history.extent.untimed), to.number(history.extent.by_day);
  visit_interval(to, history.coverage.everything);
  to.map(history.coverage.of, [&](auto& interval) { visit_interval(to, interval); });
  to.number(history.complete_until.micros);
  to.list(history.files, [&](auto& file) { to.text(file); });
  to.map(history.supplier, [&](auto& column) { to.text(column); });
}

template <class Archive, class R>
void visit_report(Archive& to, R& report) {
  to.list(report.files, [&](auto& file) {
    to.text(file.path), to.text(file.stands_in);
    to.number(file.rows), to.number(file.used), to.number(file.in_part), to.number(file.ignored),
        to.number(file.merged);
    to.number(file.refused), to.number(file.unreadable_cells);
    to.list(file.twins, [&](auto& twin) { to.number(twin.line), to.number(twin.file), to.number(twin.of_line); });
  });
  to.list(report.problems, [&](auto& problem) {
    to.number(problem.file), to.number(problem.line), to.number(problem.refused), to.number(problem.used);
    to.text(problem.message);
  });
  to.number(report.problem_count);
  to.number(report.strangers.people);
  to.list(report.strangers.first,
          [&](auto& one) { to.text(one.name), to.text(one.as), to.number(one.file), to.number(one.line); });
}

template <class Archive, class D, class W, class H, class R>
void visit(Archive& to, D& declarations, W& words, H& history, R& report) {
  to.list(declarations, [&](auto& line) { to.text(line); });
  to.array(words.bytes), to.array(words.ends), to.array(words.slots);
  visit_history(to, history);
  visit_report(to, report);
}

/// Why rows of a history that was read could not be followed: an id that leads nowhere, arrays of different lengths.
/// Missing: empty when all is well.
std::string_view why_broken(const History& history);
std::string_view why_broken(const Dictionary::Parts& words);

}  // namespace plumb::history::layout
