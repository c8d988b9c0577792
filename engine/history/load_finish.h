#pragma once

#include <span>
#include <vector>

#include "history/load_order.h"
#include "history/load_tables.h"

/// From what was gathered to a History: who the subjects are, their numbers, their events in order.
namespace plumb::history::loading {

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

/// Says what does not fit together, and counts all the same: stages that no process has, names that nothing declares,
/// moves and changes that say they begin where the one before did not end.
void report_misfits(Raw& raw, const Schema& schema, const Ordered& ordered, const Subjects& deals,
                    const AsCreated& as_created, unsigned threads);

/// The contacts of the deals, in order; those of no deal are refused.
void finish_contacts(Raw& raw, History& history);
/// The rates in order; of two for one day the first in the files stands.
void finish_rates(Raw& raw, History& history);

}  // namespace plumb::history::loading
