#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "history/history.h"
#include "history/load.h"
#include "time/calendar.h"

namespace plumb::history {

/// Every deal, or these, as indexes into History::deals.
using Deals = std::optional<std::vector<std::uint32_t>>;

/// Takes the next piece of a file of a folder. Pieces end with a row; those of a file come one behind the other, the
/// first with its header. Errors: those of whoever takes it; nothing more comes then.
using TakePiece = std::function<Result<bool>(const std::string& file, std::string_view piece)>;

/// Hands over a history as the files of the canonical folder. Loaded again with `canonical_mapping` (its
/// `complete_until` set to the history's) and the schema and zone that it was loaded with, they give the same history,
/// but for where its rows stand. Rows: the deals asked for with their events and contacts; all accounts, people, leave,
/// rates and records; people whom nothing that is kept mentions are left out. Missing: an unknown `recorded`, and a
/// value that could not be read or is not observed in a column that is, are written as `?`, which the loader takes as
/// unknown. What the canonical folder has no column for is left out: the actor and source of a deal's creation. Errors:
/// the first of `take`. Cost: linear; one piece of a file is held at a time.
Result<bool> write_canonical(const History& history, const time::Zone& default_zone, const TakePiece& take,
                             const Deals& deals = {});
/// The same, held as a whole.
std::vector<TextFile> write_canonical(const History& history, const time::Zone& default_zone, const Deals& deals = {});

/// The text of a value in a canonical file: `20000 USD`, `2026-03-02`, `yes`. Missing: empty; `?` for what could not be
/// read or is not observed.
std::string canonical_cell(const Dictionary& words, const Column& column, std::uint32_t row);

/// A cell of a CSV file, quoted where RFC 4180 asks for it.
void append_cell(std::string& line, std::string_view cell);

}  // namespace plumb::history
