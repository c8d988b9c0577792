#include "sources/json_text.h"

#include <set>
#include <vector>

#include <fmt/format.h>

namespace plumb::sources {

namespace {

constexpr int most_levels = 64;

bool is_too_deep(std::string_view bytes) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > most_levels) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

// A number keeps all of its digits: it is read as the text that it is written as. Of two values of one key nobody knows
// which is meant.
class Exact : public nlohmann::detail::json_sax_dom_parser<Json> {
 public:
  using json_sax_dom_parser::json_sax_dom_parser;
  bool start_object(std::size_t size) {
    keys_.emplace_back();
    return json_sax_dom_parser::start_object(size);
  }
  bool end_object() {
    keys_.pop_back();
    return json_sax_dom_parser::end_object();
  }
  bool key(std::string& name) {
    if (!keys_.back().insert(name).second) {
      twice = name;
      return false;
    }
    return json_sax_dom_parser::key(name);
  }
  std::string twice;
  bool number_float(double, const std::string& written) {
    std::string text = written;
    return string(text);
  }

 private:
  std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

Result<Json> parse_json(std::string_view bytes) {
  if (is_too_deep(bytes)) return Failure{fmt::format("it is nested more than {} levels deep", most_levels)};
  try {
    Json json;
    Exact exact(json);
    if (!Json::sax_parse(bytes, &exact))
      return Failure{
          fmt::format("the key `{}` stands twice in one object, and nobody knows which counts", exact.twice)};
    return json;
  } catch (const Json::parse_error& error) {
    const std::string_view said = error.what();
    const std::size_t at = said.find("parse error ");
    return Failure{fmt::format("it is no JSON: {}", said.substr(at == std::string_view::npos ? 0 : at))};
  }
}

std::string json_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  // An unreadable character was refused when the text was parsed.
  return value.dump();
}

}  // namespace plumb::sources
