#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::diagnostics {

/// A JSON string with its quotes. Bytes that are no UTF-8 become `�`, controls and all that
/// anybody may take for a line break are escaped.
std::string json_quoted(std::string_view text);

/// Writes one JSON document, indented, member by member. A member's name is empty inside an array.
class JsonWriter {
 public:
  void open(std::string_view name, char bracket);  // '{' or '['
  void close(char bracket);                        // '}' or ']'
  void text(std::string_view name, std::string_view value) { member(name, json_quoted(value)); }
  void number(std::string_view name, std::uint64_t value) { member(name, std::to_string(value)); }
  void truth(std::string_view name, bool value) { member(name, value ? "true" : "false"); }
  /// The document, when everything that was opened is closed.
  std::string take();

 private:
  void begin(std::string_view name);
  void member(std::string_view name, std::string_view value);
  void indent();

  std::string out_;
  std::size_t depth_ = 0;
  bool first_ = true;  // of what was opened last
};

}  // namespace plumb::diagnostics
