#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb::sources {

bool is_gzip(std::string_view bytes);

/// What a gzip file holds, all its members. Errors: it is damaged or ends too early; it holds more than `most`.
Result<std::string> gunzip(std::string_view bytes, std::size_t most);

}  // namespace plumb::sources
