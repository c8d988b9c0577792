#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "sources/bytes.h"

/// JSON that is read from its beginning to its end as often as somebody asks for what stands in it, of which only one
/// record at a time is in memory. Inside of this module only: its header is large.
namespace plumb::sources {

using Json = nlohmann::json;

/// The outermost value of a text, and the members that it has.
struct Outline {
  enum class Kind : std::uint8_t { list, object, other };
  struct Member {
    std::string key;  // empty for the outermost value
    Kind kind = Kind::other;
    std::size_t size = 0;  // how many values stand in it
    bool records = false;  // it is a list of objects, and there is one
  };
  Member outermost;
  std::vector<Member> members;  // of an object, in the order of the text

  /// Missing: nullptr.
  const Member* member(std::string_view key) const;
};

/// Errors: no JSON, with where; a key twice in one object; more than 64 levels; a record of more than 64 MB; the bytes
/// cannot be read.
Result<Outline> outline_of(const Bytes& bytes);

/// Is given the `key` of a member of the outermost value, the `name` of a value in that (where it is an object), and
/// the value. Says whether to go on.
using TakeValue = std::function<bool(const std::string& key, const std::string& name, const Json& value)>;

/// The values in the members of these keys, in the order of the text; without any key those in the outermost value. A
/// member that is no list and no object is a value itself, and null none. `lines`: each object has the line in which it
/// begins, as `line_key`. Of a text that has an outline. Errors: it has none any more.
std::optional<Failure> each_value(const Bytes& bytes, const std::vector<std::string>& keys, bool lines,
                                  const TakeValue& take);

/// No key that anybody writes.
inline constexpr std::string_view line_key = "\x01line";
std::uint32_t line_of(const Json& object);

/// A text as it is, nothing for null, anything else as JSON.
std::string json_text(const Json& value);

}  // namespace plumb::sources
