#pragma once

#include <cstddef>
#include <cstdint>
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

/// How long a file is and when it was last written to.
struct FileState {
  std::size_t size = 0;
  std::int64_t seconds = 0, nanoseconds = 0;
  bool operator==(const FileState&) const = default;
};
/// Missing: all 0 for what is no file.
FileState state_of(int descriptor);
/// How a file that is open was changed since it was as `before`: `it was made shorter while it was read`. Missing:
/// empty when it was not. Cost: a question to the system.
std::string how_changed(const FileState& before, int descriptor);

/// A file that can be read from its beginning. `name` is what messages call it.
struct OpenFile {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file;
  std::size_t size = 0;
  std::string name;
  FileState state = {};  // when it was opened
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
/// Whether it begins as what is packed with ZIP does, spreadsheets among it.
bool is_archive(std::string_view start);

/// Why bytes are no UTF-8 text. Missing: empty when they are.
std::string why_no_text(std::string_view bytes);
/// The same of bytes of which only the first few are there; nullopt: nothing is wrong with the others.
std::string why_no_text(std::string_view start, const std::optional<NoText>& fault);
/// Missing: nullopt when all are.
std::optional<NoText> fault_of(std::string_view bytes);
/// What `why_no_text` says, as it is said of a file.
Failure no_text(const std::string& name, const std::string& why);

}  // namespace plumb::history::loading
