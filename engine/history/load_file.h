#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// The disk, as far as loading needs it.
namespace plumb::history::loading {

/// Errors: the folder does not exist, is a file, or may not be read.
Result<std::vector<std::string>> csv_files_in(const std::string& folder);

enum class Presence { absent, file, directory };
Presence presence_of(const std::string& path);

/// A file that can be read from its beginning. `name` is what messages call it.
struct OpenFile {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file;
  std::size_t size = 0;
  std::string name;
};

/// Errors: it is no ordinary file, or cannot be opened.
Result<OpenFile> open_file(const std::string& path, const std::string& name);

/// Whether all of it is UTF-8 without a NUL. Cost: some 0.1 ns a byte of ASCII.
bool is_text(std::string_view bytes);

/// The first byte that is no UTF-8. Missing: the size when all are.
std::size_t first_broken(std::string_view bytes);
/// What makes bytes no text: the first NUL, else the first byte that is no UTF-8.
struct NoText {
  std::size_t at = 0, line = 0;
  unsigned char byte = 0;
};
/// Why bytes are no UTF-8 text. Missing: empty when they are.
std::string why_no_text(std::string_view bytes);
/// The same of bytes of which only the first few are there; nullopt: nothing is wrong with the others.
std::string why_no_text(std::string_view start, const std::optional<NoText>& fault);
/// The same as what is said of a whole file.
Failure no_text(const std::string& name, std::string_view bytes);

}  // namespace plumb::history::loading
