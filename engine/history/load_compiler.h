#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "history/load_program.h"

/// One file's rows of a mapping on their way to a FileProgram. Nothing outside of load_compile* and load_program
/// includes this.
namespace plumb::history::loading {

/// What stands where in the header of one file, and what is wrong with the mapping's idea of it.
struct Compiler {
  const Mapping& mapping;
  const FileSpec& file;
  const Schema& schema;
  const std::vector<std::string>& header;
  // Of it, columns that are not the file's own; null: none. One without `columns` would have been taken from what its
  // `file` calls, and that is not there: nobody knows what it would tell.
  const std::map<std::string, TakenFrom>* added;
  Raw& raw;
  std::vector<MappingProblem>& problems;
  std::vector<MappingProblem>& notes;
  FileProgram program;
  std::vector<std::uint8_t> taken;  // header columns that the present RowSpec reads as something else than a field
  bool absent = false;              // there is no such file: only what it would supply is asked for
};

/// Where the header has this name: exactly so, else in other letters' case.
std::vector<int> columns_named(const Compiler& c, std::string_view name);
/// The first of the columns that the file has; one that was added, and of which nothing could tell, is there for
/// whoever must have it. Missing: -1, said unless the column is optional.
int resolve(Compiler& c, const ColumnRef& ref);

/// How a value is read: from a column, or the same for every row. Missing: not `given`.
CellPlan plan_cell(Compiler& c, const ValueFrom& from, ValueType type,
                   const std::vector<std::string>* choices = nullptr);
/// A cell that says what a field is.
CellPlan plan_value(Compiler& c, const ValueFrom& from, const SchemaField& field);
/// As plan_cell, for what is no field: fields_by_header leaves its column alone.
CellPlan plan_role(Compiler& c, const ValueFrom& from, ValueType type);
/// When a row was recorded; nobody knows it where the mapping calls a cell, or one that is not there, `?`.
CellPlan plan_recorded(Compiler& c, const ValueFrom& from);
/// Notes what says a fact, or what it lacks for that. Who is asked first for a fact supplies it.
void supply(Compiler& c, const std::string& fact, const CellPlan& plan);

/// Whether another part of the same table has one of the columns.
bool is_elsewhere(const Compiler& c, const std::vector<std::string>& names);

/// The fields that the rulebook declares, and `always` those besides that the row gives. `of`: the kind they are of.
Target plan_fields(Compiler& c, const RowSpec& spec, const std::vector<SchemaField>& declared,
                   const std::vector<std::string>& always, Table& table, const std::string& of);
/// A misspelt field would else be unknown for every deal, without a word.
void note_unknown_fields(Compiler& c, const RowSpec& spec, const RowPlan& plan);

}  // namespace plumb::history::loading
