#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "sources/ocel.h"

/// Inside of this module only: its header is large.
namespace plumb::sources {

using Json = nlohmann::json;

/// Errors: no JSON, with where; a key twice in one object; more than 64 levels.
/// Each object has the line in which it begins, as `line_key`.
Result<Json> parse_json(std::string_view bytes);

/// No key that anybody writes.
inline constexpr std::string_view line_key = "\x01line";
std::uint32_t line_of(const Json& object);
void forget_lines(Json& json);

/// A text as it is, nothing for null, anything else as JSON.
std::string json_text(const Json& value);

bool is_object_log(const Json& json);
/// OCEL 2.0 and 1.0. Errors: where it is none of the form.
Result<ObjectLog> read_object_log(const Json& log);

}  // namespace plumb::sources
