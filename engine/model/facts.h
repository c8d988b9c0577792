#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "source/source.h"
#include "time/time.h"

/// Types, and what a history may hold: fields, activities, records.
namespace plumb::model {

using source::Span;

struct Field;
struct Activity;
struct Record;

// ---- types ----------------------------------------------------------------------------------------------------------

enum class TypeKind : std::uint8_t {
  error, money, percent, count, number, text, note, choice, boolean, date, instant, duration, person, stage, condition,
};

/// The header words, which any declaration may have. Missing: empty texts, no dates.
struct Header {
  std::string author;
  std::string proposed_by;
  std::optional<time::Day> proposed_on;
  std::optional<time::Day> effective_from;
  std::optional<time::Day> review_by;
};

/// `choice` types compare by the field that lists the choices; a duration by its unit.
struct Type {
  TypeKind kind = TypeKind::error;
  Id<Field> choices;                      // choice: whose list
  time::Unit unit = time::Unit::days;     // duration
};

// ---- what a history may hold ----------------------------------------------------------------------------------------

enum class OwnerKind : std::uint8_t { deal, account, contact, person, activity, record };

struct Field {
  std::string name;
  OwnerKind owner = OwnerKind::deal;
  Id<Activity> activity;                  // owner == activity
  Id<Record> record;                      // owner == record
  Type type;
  std::vector<std::string> choices;       // type.kind == choice: in the order of the text
  bool built_in = false;                  // deal: owner (person), account (text); person: team (text), manager (person)
  Span span;
};

struct Activity {
  std::string name;
  bool with_buyer = false;
  std::vector<Id<Field>> fields;
  Span span;
};

struct Record {
  std::string name;
  std::vector<Id<Field>> fields;
  bool built_in = false;                  // told, waiver, action … of semantics.md §1
  Span span;
};

}  // namespace plumb::model
