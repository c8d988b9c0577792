#pragma once

#include <optional>
#include <string>
#include <vector>

#include "history/load.h"
#include "history/progress.h"
#include "model/model.h"
#include "plumb/given.h"
#include "source/source.h"
#include "sources/fit.h"
#include "time/calendar.h"

namespace plumb::tool {

/// What a mapping file says, what is wrong with it said. Missing: when it cannot be used.
std::optional<sources::Adapter> load_adapter(const std::string& path, source::Map& texts);

/// The history that the options speak of: a canonical folder, a snapshot, a folder with its mapping, or what a system
/// exported, by the adapter that `--from` names or that the columns decide; everything that is wrong with it said on
/// standard error: rows that were refused, cells that cannot be read, and how many rows became what. Missing: when it
/// cannot be used, which then was said too. `threads`: as LoadOptions.
std::optional<history::Loaded> load_with_report(const HistoryOptions& options, const model::Rulebook& rulebook,
                                                const time::Zone& zone, source::Map& texts, unsigned threads = 0);
/// The same, without the report of how it was read.
std::optional<history::History> load_history(const HistoryOptions& options, const model::Rulebook& rulebook,
                                             const time::Zone& zone, source::Map& texts, unsigned threads = 0);

/// Says which files are not read, one sentence each, the first few of them as they are.
void say_unread(const std::vector<std::string>& files);

/// Says of a mapping's queries that they are not asked, where no database is read.
void say_unasked(const std::string& mapping_path, const sources::Adapter& adapter);

/// Says what of a mapping has no effect: names that the rulebook does not declare.
void say_notes(const std::string& mapping_path, const history::Loaded& loaded);

/// Says of rows that have no time, by the name of the column that a mapping takes it from: what they say happened, and
/// nobody knows when. Cost: linear in the deals and in those rows.
void say_untimed(const history::Mapping& mapping, const history::History& history);

/// Says where a mapping and the files do not fit. Missing: `mapping_text` where the mapping is the built-in one.
void show_misfits(const std::vector<history::MappingProblem>& problems, Id<source::Text> mapping_text,
                  const source::Map& texts);

/// Says what could not be read, the first few of each file as they are, and how many rows became what. `folder` is
/// where the files lie, in the user's words; empty: their names say it.
void show_report(const std::string& folder, const history::LoadReport& report);

/// How far a load is, in one line for whoever waits: bytes, rows, what was refused.
std::string how_far(const history::Progress& progress);

}  // namespace plumb::tool
