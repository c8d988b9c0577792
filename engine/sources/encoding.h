#pragma once

#include <string>

#include "base/result.h"

namespace plumb::sources {

struct Decoded {
  std::string text;  // UTF-8 without a byte order mark
  std::string was;   // the encoding, where it was another: `UTF-16`, `Windows-1252`
};

/// Bytes as text: UTF-8 and UTF-16 (either order, with or without a byte order mark) are known by their form; what is
/// no UTF-8 and no binary file is read as Windows-1252, the one that spreadsheets in the west write. Errors: a binary
/// file; bytes that none of them has.
Result<Decoded> decode(std::string bytes);

}  // namespace plumb::sources
