#pragma once

#include <span>
#include <vector>

#include "history/load_tables.h"

/// From what was gathered to a History: who the subjects are, their numbers, their events in order.
namespace plumb::history::loading {

/// What coverage may speak of: every name that the rulebook declares, what every history has, and of each stage the last
/// moves into it.
class ObservableNames {
 public:
  explicit ObservableNames(const Schema& schema);
  bool has(const std::string& name) const;
  /// The one that was meant, where a name is none of those. Missing: empty.
  std::string_view near(const std::string& name) const;
  /// That `what`, which speaks of such a name, has no effect.
  std::string unknown(std::string_view what, const std::string& name) const;

 private:
  std::vector<std::string> names_, stages_;
};

/// The column's rows in another order. `row_time`: per new row, what stands for `as_row`; needed only with `own_time`.
Column gather(const Column& column, bool own_time, std::span<const std::uint32_t> rows,
              std::span<const Instant> row_time, unsigned threads = 1);

/// Rows of `ids` in the byte order of their texts.
std::vector<std::uint32_t> by_text(const Words& words, const std::vector<std::uint32_t>& ids);

/// Whether some file of the mapping has rows of that kind.
bool has_rows(const Mapping& mapping, RowKind kind);

/// Who is a person: refuses what is said about anybody else. Fills History::people and gives word → person.
WordIndex finish_people(Raw& raw, const Mapping& mapping, const Schema& schema, History& history);

/// The starts of leave as events of people and of the deals that they own, where the schema asks for them.
void make_leave_starts(Raw& raw);

/// All of it, but for `coverage` of files and the names of files. Takes the words out of `raw`; afterwards only its
/// files and problems are good. `zone`: that of the default calendar.
History finish(Raw& raw, const Mapping& mapping, const Schema& schema, const time::Zone& zone, unsigned threads);

/// The contacts of the deals, in order; those of no deal are refused.
void finish_contacts(Raw& raw, History& history);
/// The rates in order; of two for one day the first in the files stands.
void finish_rates(Raw& raw, History& history);

}  // namespace plumb::history::loading
