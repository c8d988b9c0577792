#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "history/csv.h"

/// The disk, as far as loading needs it.
namespace plumb::history::loading {

/// Errors: the folder does not exist, is a file, or may not be read.
Result<std::vector<std::string>> csv_files_in(const std::string& folder);

enum class Presence { absent, file, directory };
Presence presence_of(const std::string& path);

/// The file as it stands. Errors: it cannot be read; it is UTF-16, binary, or not UTF-8. `name` is what messages call
/// it.
Result<Text> read_text(const std::string& path, const std::string& name);

/// Why bytes are no UTF-8 text. Missing: empty when they are.
std::string why_no_text(std::string_view bytes);

}  // namespace plumb::history::loading
