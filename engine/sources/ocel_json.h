#pragma once

#include "sources/json_text.h"
#include "sources/ocel.h"

/// Inside of this module only.
namespace plumb::sources {

bool is_object_log(const Outline& outline);

/// OCEL 2.0 and 1.0. Errors: where it is none of the form; what `each_value` says.
Result<ObjectLog> read_object_log(const Bytes& bytes, const Outline& outline, const Scratch& scratch);

}  // namespace plumb::sources
