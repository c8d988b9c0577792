#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "history/mapping.h"
#include "yaml/nodes.h"

namespace plumb::adapters {

using yaml::Entry;
using yaml::listed;
using yaml::Node;
using yaml::NodeKind;
using yaml::quoted;
using yaml::read_word;
using yaml::Reading;
using yaml::Table;

/// Where something is said, as a history remembers it.
history::MappingPlace written_at(source::Span span, const Reading& reading);

/// How the cells of a file are written, where a value does not say otherwise.
struct Defaults {
  time::DateOrder order = time::DateOrder::year_month_day;
  char decimal_point = '.';
  char group_mark = ',';
  std::vector<std::string> empty_words;
};

/// The keys that set Defaults; they may stand in the mapping, in a file and in a value.
void read_defaults(const Table& table, Defaults& defaults, const Reading& reading);

/// What a value is for, and so which keys it may have.
enum class Role : std::uint8_t {
  id,    // of a deal, an account, a person
  text,  // a name, a stage, an actor
  time,  // a date or an instant
  any,   // a field's value, whose type the rulebook declares
};

/// `column` or `{ column: …, … }` under the key `called`.
history::ValueFrom read_value(const Node& node, std::string_view called, Role role, const Defaults& defaults,
                              const Reading& reading);

/// The encoding of files, as `sources::encodings` has it. Missing: empty when there is none of this name, which is
/// reported.
std::string read_encoding(const Node& node, const Reading& reading);

/// A zone's name. Missing: empty when the tz database has none of this name, which is reported.
std::string read_zone(const Node& node, const Reading& reading);

}  // namespace plumb::adapters
