#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace plumb::tool {

/// More than any rulebook or mapping has; what reads them has its own, lower limits and says so at the place.
inline constexpr std::size_t most_bytes_read = 64'000'000;

/// What the system says (an errno), for a reader who knows none.
std::string reason_of(int error);

/// The whole file, or what the pipe behind /dev/stdin or /dev/fd/… has to give; a stand-in where there is one. Errors:
/// with the path, in the user's words: no such file, a folder, no ordinary file, not to be read, more than
/// `most_bytes_read`.
Result<std::string> read_file(const std::string& path);

/// While it lives, `read_file` gives these texts instead of what lies at their paths: so a change can be judged before
/// it is written. There is one at a time.
class StandIns {
 public:
  StandIns();
  ~StandIns();
  StandIns(const StandIns&) = delete;
  StandIns& operator=(const StandIns&) = delete;

  void put(const std::string& path, std::string text) { texts_[path] = std::move(text); }
  void take_back(const std::string& path) { texts_.erase(path); }
  /// Missing: nullptr where the file itself is to be read.
  const std::string* find(const std::string& path) const;

 private:
  std::map<std::string, std::string> texts_;
};

/// Written: how it went. A reader that has gone away has had enough and is no mistake.
enum class Written { all, reader_left };

/// Errors: what the system says, for example that the disk is full.
Result<Written> write_all(int descriptor, std::string_view text);

/// Whether two paths lead to one ordinary file that is there.
bool same_file(const std::string& a, const std::string& b);

/// The file directly in a folder that `path` leads to. Missing: empty.
std::string file_inside(const std::string& folder, const std::string& path);

/// Puts `after` into a file from which `before` was read, whole or not at all; what is the same already keeps its date.
/// Errors: with the path; it may not be written to, or says something else by now.
Result<Written> rewrite_file(const std::string& path, std::string_view before, std::string_view after);

/// Puts a text where the user wants it: to standard output when the path is empty. A file is written whole or not at
/// all: whoever reads it meanwhile sees the old one. Errors: with the path.
Result<Written> write_output(const std::string& path, std::string_view text);

/// The same for a text in pieces, one behind the other.
using Pieces = std::span<const std::string_view>;
Result<Written> write_output(const std::string& path, Pieces pieces);

/// Makes sure that the descriptors 0 to 2 are in use, so that no file that is opened later becomes standard output, and
/// that writing to a reader who left is an error instead of a signal; a signal that ends the program (Ctrl-C) takes
/// away the file that is just being written. To be called first.
void settle_descriptors();

}  // namespace plumb::tool
