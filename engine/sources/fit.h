#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "history/load.h"
#include "history/mapping.h"
#include "sources/read.h"
#include "sources/steps.h"

namespace plumb::sources {

/// A mapping of foreign files: what their columns mean, and what is done to them before.
struct Adapter {
  std::string name;  // `salesforce`; empty for a mapping file that is given by its path
  history::Mapping mapping;
  std::vector<Steps> steps;              // as mapping.files
  std::vector<std::string> assumes;      // what it takes for granted and a user should know, one sentence each
  std::vector<std::string> rather_than;  // adapters of older exports, which fit the same files and read less of them
  std::string encoding;                  // of all files of which nothing else is said; empty: it is recognised
};

/// Which table each file of a mapping is: those that it says, else the one of its name (whatever its case and ending,
/// and `accountData.csv` or `Account_1.csv` for `Account.csv`), else the one that has all the columns that must be
/// there. A file that may be absent is only found so if the table has four or more of the columns that it asks for, and
/// no other file has more of them. Further tables are parts of it, too: those with the same columns, and those that are
/// called as it but for numbers and have the columns that must be there.
struct Fit {
  /// As mapping.files, in the order of names, in which numbers count as such. Empty for made ones.
  std::vector<std::vector<std::size_t>> tables_of;
  std::vector<std::string> reasons;                // one sentence for each table that is read
  std::vector<std::string> together;               // and for each file of the mapping that is several of them
  std::map<std::size_t, std::string> apart;        // of a table that looks like a part, why it is not read
  std::vector<history::MappingProblem> misplaced;  // what the mapping says of files that are not so
  std::vector<std::string> lacking;                // what must be there and is not
  std::vector<std::string> partial;                // files that are there by their name and lack columns
  std::vector<std::string> nearly;                 // of what is lacking, that which is there but for a little
  std::vector<std::string> circular;               // files that are made of themselves
  std::size_t missing = 0;                         // columns, in the last two
  std::size_t read = 0;                            // tables
  bool fits() const { return lacking.empty() && partial.empty() && misplaced.empty() && read > 0; }
};

/// Whether two headers have the same names, in any order and case.
bool same_columns(const std::vector<std::string>& a, const std::vector<std::string>& b);

Fit fit(const Adapter& adapter, const std::vector<Table>& tables);

/// Dates in which day, month and year are numbers are of this order, whatever the mapping says; those of one file of
/// the mapping, or of all.
void read_dates_as(time::DateOrder order, Adapter& adapter, std::size_t file);
void read_dates_as(time::DateOrder order, Adapter& adapter);

/// In which encodings a mapping says that its files are.
Encodings encodings_of(const Adapter& adapter);

/// The files that `history::load_texts` reads and the mapping that names them as the user does, steps done.
struct Prepared {
  std::vector<history::TextFile> files;
  std::vector<Table> originals;  // as they were given
  history::Mapping mapping;
  std::vector<std::string> said;  // what a user should know of what was done, one sentence each
};
struct PrepareFailure {
  std::string message;
  history::MappingPlace place;  // in the mapping, where it is at fault; else line 0
  std::string file = {};        // of which it is said; empty: the message names it, or it is the file that is prepared
};
/// Tables that no file of the mapping is are no part of it. `stages`: how the rulebook calls and labels them. Missing:
/// nullopt, and `failure` says why.
std::optional<Prepared> prepare(const Adapter& adapter, const Fit& fit, std::vector<Table> tables,
                                PrepareFailure& failure, const std::vector<std::string>& stages = {});

}  // namespace plumb::sources
