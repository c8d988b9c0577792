#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sources/scratch.h"

namespace plumb::sources {

/// By its first two bytes.
bool is_gzip(std::string_view start);

/// What a gzip file holds, all its members, put aside. Errors: it is damaged or ends too early; it holds more than
/// `most`; there is no room for it.
Result<Bytes> gunzip(const Bytes& packed, std::size_t most, const Scratch& scratch);

}  // namespace plumb::sources
