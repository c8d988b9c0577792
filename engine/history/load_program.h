#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/digits.h"
#include "history/load_cells.h"
#include "history/load_tables.h"
#include "history/mapping.h"

/// A FileSpec compiled against the header of its file: no name is looked up per row any more.
namespace plumb::history::loading {

/// The words that conditions ask a column for, numbered from 1; 0 is every other word.
struct Dispatch {
  int column = -1;
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::uint32_t digits = 0;  // the number of every other word of digits alone; 0: nobody asks for them
  std::uint32_t size = 1;    // of all numbers
  std::uint32_t now = 0;     // of the present row

  Remembered known;
};

struct Test {
  std::uint32_t dispatch = 0;
  bool negated = false;
  bool digits = false;                 // words of digits are accepted (or not), whichever they are
  std::vector<std::uint8_t> accepted;  // per number
};

struct FieldPlan {
  CellPlan cell;
  CellPlan recorded;
};

/// What a row fills: `columns[i]` goes to column i of the table; columns beyond are unobserved.
struct Target {
  std::uint16_t kind = 0;
  std::vector<FieldPlan> columns;
};

inline constexpr std::uint32_t not_declared = UINT32_MAX;

struct RowPlan {
  const RowSpec* spec = nullptr;
  std::vector<Test> tests;
  bool never = false;  // a condition asks for a column that may be absent, is, and had to hold something
  CellPlan subject, at, recorded, actor, source, sequence, account, from, to, joined, left, name, deal, contact, rate,
      id;
  std::unordered_map<std::string_view, std::uint32_t> target_of;  // a name's cell → into targets, or not_declared
  Remembered known;                                               // the same, as it was found
  KindClass of = KindClass::activity;                             // what a name names
  std::map<std::string, UnknownName*, std::less<>> unknown_of;    // a name's cell → in Raw::unknown_names
  bool name_matters = false;                                      // else every row fills targets[0]
  std::vector<Target> targets;
};

struct FileProgram {
  std::vector<Dispatch> dispatch;
  std::vector<RowPlan> rows;
};

/// `added`: of the header, what is not the file's own; null: nothing. Errors: appended to `problems`; the program is
/// then not to be run. `notes`: fields that the mapping fills and the rulebook does not declare.
FileProgram compile(const Mapping& mapping, const FileSpec& file, const Schema& schema,
                    const std::vector<std::string>& header, const std::map<std::string, TakenFrom>* added, Raw& raw,
                    std::vector<MappingProblem>& problems, std::vector<MappingProblem>& notes);

/// Says what a file of a mapping that is not there would supply (`lacking_key`).
void note_absent(const Mapping& mapping, const FileSpec& file, const Schema& schema,
                 std::map<std::string, std::string>& supplier);

}  // namespace plumb::history::loading
