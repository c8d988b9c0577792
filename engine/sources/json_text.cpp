#include "sources/json_text.h"

#include <cstdint>
#include <iterator>
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

// Counts the lines that are read, for all of its copies.
class Counted {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Counted(const char* at, std::uint32_t& line) : at_(at), line_(&line) {}
  reference operator*() const { return *at_; }
  Counted& operator++() {
    *line_ += *at_ == '\n' ? 1 : 0;
    ++at_;
    return *this;
  }
  Counted operator++(int) {
    const Counted before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Counted& a, const Counted& b) { return a.at_ == b.at_; }
  friend bool operator!=(const Counted& a, const Counted& b) { return a.at_ != b.at_; }

 private:
  const char* at_;
  std::uint32_t* line_;
};

// A number keeps all of its digits: it is read as the text that it is written as. Of two values of one key nobody knows
// which is meant.
class Exact : public nlohmann::detail::json_sax_dom_parser<Json> {
 public:
  Exact(Json& into, const std::uint32_t& line) : json_sax_dom_parser(into), line_(line) {}
  bool start_object(std::size_t size) {
    std::string key(line_key);
    keys_.push_back({key});
    return json_sax_dom_parser::start_object(size) && json_sax_dom_parser::key(key) &&
           json_sax_dom_parser::number_unsigned(line_);
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
  const std::uint32_t& line_;
  std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

Result<Json> parse_json(std::string_view bytes) {
  if (is_too_deep(bytes)) return Failure{fmt::format("it is nested more than {} levels deep", most_levels)};
  try {
    Json json;
    std::uint32_t line = 1;
    Exact exact(json, line);
    const Counted begin(bytes.data(), line), end(bytes.data() + bytes.size(), line);
    if (!Json::sax_parse(begin, end, &exact))
      return Failure{
          fmt::format("the key `{}` stands twice in one object, and nobody knows which counts", exact.twice)};
    return json;
  } catch (const Json::parse_error& error) {
    const std::string_view said = error.what();
    const std::size_t at = said.find("parse error ");
    return Failure{fmt::format("it is no JSON: {}", said.substr(at == std::string_view::npos ? 0 : at))};
  }
}

std::uint32_t line_of(const Json& object) { return object.at(std::string(line_key)).get<std::uint32_t>(); }

void forget_lines(Json& json) {
  if (json.is_object()) json.erase(std::string(line_key));
  if (json.is_structured()) {
    for (Json& inner : json) forget_lines(inner);
  }
}

std::string json_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  if (!value.is_structured()) return value.dump();
  Json copy = value;
  forget_lines(copy);
  // An unreadable character was refused when the text was parsed.
  return copy.dump();
}

}  // namespace plumb::sources
