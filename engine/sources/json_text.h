#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "sources/ocel.h"

/// Inside of this module only: its header is large.
namespace plumb::sources {

using Json = nlohmann::json;

/// Errors: no JSON, with where; a key twice in one object; more than 64 levels.
Result<Json> parse_json(std::string_view bytes);

/// A text as it is, nothing for null, anything else as JSON.
std::string json_text(const Json& value);

bool is_object_log(const Json& json);
/// OCEL 2.0 and 1.0. Errors: where it is none of the form.
Result<ObjectLog> read_object_log(const Json& log);

}  // namespace plumb::sources
