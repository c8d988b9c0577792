#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/scratch.h"

namespace plumb::sources {

/// The encodings that a mapping may say, as it is to write them.
const std::vector<std::string>& encodings();

/// The one that is meant: case and signs do not matter, and some have other names (`cp1252`, `latin9`). Missing: empty.
std::string_view encoding_named(std::string_view name);

struct Decoded {
  Bytes text;       // UTF-8 without a byte order mark
  std::string was;  // the encoding, where it was another: `UTF-16`, `Windows-1252`
};

/// Bytes as text: UTF-8 and UTF-16 (either order, with or without a byte order mark) are known by their form; what is
/// no UTF-8 and no binary file is read as Windows-1252, the one that spreadsheets in the west write. UTF-8 stays where
/// it is, anything else is put aside. Errors: a binary file; bytes that none of them has; UTF-8 with some bytes that
/// are none.
Result<Decoded> decode(const Bytes& bytes, const Scratch& scratch);

/// The same, when it is said which of `encodings()` it is. `said_by`: who does, `the mapping says`. Errors: bytes that
/// do not belong to a character of it; a text with NUL.
Result<Decoded> decode(const Bytes& bytes, std::string_view encoding, std::string_view said_by, const Scratch& scratch);

}  // namespace plumb::sources
