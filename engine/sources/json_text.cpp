#include "sources/json_text.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace plumb::sources {

namespace {

constexpr std::size_t most_levels = 64;
// A record is held as a whole, and as values it takes several times the room of its text.
constexpr std::size_t most_of_record = std::size_t{64} << 20U;

/// Ends the reading of a text at once: the parser would put all that it holds into what it says.
struct TooLarge {};

/// The characters of a text while they go by, and the lines among them.
class Characters {
 public:
  /// `most`: how many bytes a record may have.
  Characters(const Bytes& bytes, std::size_t most) : bytes_(bytes), most_of_record_(most) { fill(); }

  bool is_at_end() const { return at_ == held_; }
  const char& now() const { return room_[at_]; }
  void next() {
    line_ += room_[at_] == '\n' ? 1 : 0;
    if (++at_ == held_) fill();
  }
  const std::uint32_t& line() const { return line_; }
  /// What comes next is held as a whole, until this is called again.
  void begin_record() { record_ = read_ - held_ + at_, record_line_ = line_; }
  /// Missing: empty when all could be read.
  std::string wrong() const {
    if (!is_too_large_) return bytes_.wrong();
    return fmt::format("what stands behind byte {}, in line {}, is one record or text of more than {} MB", record_,
                       record_line_, most_of_record_ >> 20U);
  }

 private:
  void fill() {
    is_too_large_ = read_ - record_ > most_of_record_;
    if (is_too_large_) throw TooLarge();
    const Result<std::size_t> size = bytes_.read(read_, room_.data(), room_.size());
    held_ = size ? *size : 0;
    read_ += held_, at_ = 0;
  }

  const Bytes& bytes_;
  const std::size_t most_of_record_;
  std::string room_ = std::string(std::size_t{1} << 16U, '\0');
  std::size_t read_ = 0, held_ = 0, at_ = 0;
  std::uint32_t line_ = 1;
  std::size_t record_ = 0;  // where it begins, in bytes
  std::uint32_t record_line_ = 1;
  bool is_too_large_ = false;
};

class Character {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  /// nullptr: the end.
  explicit Character(Characters* of) : of_(of) {}
  reference operator*() const { return of_->now(); }
  Character& operator++() {
    of_->next();
    return *this;
  }
  Character operator++(int) { return ++*this; }
  friend bool operator==(const Character& a, const Character& b) { return a.is_end() == b.is_end(); }
  friend bool operator!=(const Character& a, const Character& b) { return !(a == b); }

 private:
  bool is_end() const { return of_ == nullptr || of_->is_at_end(); }
  Characters* of_;
};

/// The keys of an object that is open.
class Keys {
 public:
  void clear() {
    count_ = 0;
    many_.reset();
  }
  /// Missing: false when it is there already.
  bool add(const std::string& key) {
    if (many_) return many_->insert(key).second;
    const auto end = few_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (std::find(few_.begin(), end, key) != end) return false;
    if (count_ == most_few) {
      many_.emplace(few_.begin(), few_.end());
      return many_->insert(key).second;
    }
    if (count_ == few_.size()) few_.emplace_back();
    few_[count_++] = key;
    return true;
  }

 private:
  static constexpr std::size_t most_few = 16;
  std::vector<std::string> few_;  // whose room is used again
  std::size_t count_ = 0;
  std::optional<std::set<std::string>> many_;
};

/// What the parser says of a text, as far as all who listen do the same. `Of` has `begin(kind)` and `end()` for what
/// holds values, `name(key)`, and `plain(put)` for any other value, where `put` says it to a parser.
template <class Of>
class Listening : public nlohmann::json_sax<Json> {
 public:
  bool null() override {
    return plain([](auto& to) { return to.null(); });
  }
  bool boolean(bool value) override {
    return plain([&](auto& to) { return to.boolean(value); });
  }
  bool number_integer(number_integer_t value) override {
    return plain([&](auto& to) { return to.number_integer(value); });
  }
  bool number_unsigned(number_unsigned_t value) override {
    return plain([&](auto& to) { return to.number_unsigned(value); });
  }
  // It keeps all of its digits: it is read as the text that it is written as.
  bool number_float(number_float_t, const std::string& written) override {
    std::string text = written;
    return string(text);
  }
  bool string(std::string& value) override {
    return plain([&](auto& to) { return to.string(value); });
  }
  bool binary(Json::binary_t&) override { return false; }  // JSON has none
  bool start_object(std::size_t) override { return own().begin(Outline::Kind::object); }
  bool start_array(std::size_t) override { return own().begin(Outline::Kind::list); }
  bool end_object() override { return own().end(Outline::Kind::object); }
  bool end_array() override { return own().end(Outline::Kind::list); }
  bool key(std::string& name) override { return own().name(name); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    const std::string_view said = error.what();
    // What it says stands behind the name of the error.
    const std::size_t at = said.find("parse error "), name = said.find("] ");
    wrong = at != std::string_view::npos ? fmt::format("it is no JSON: {}", said.substr(at))
                                         : said.substr(name == std::string_view::npos ? 0 : name + 2);
    return false;
  }
  std::string wrong;

 private:
  template <class Put>
  bool plain(Put&& put) {
    return own().plain(put);
  }
  Of& own() { return static_cast<Of&>(*this); }
};

/// Finds the outline, and what is wrong.
class Outlining : public Listening<Outlining> {
 public:
  explicit Outlining(Characters& characters) : characters_(characters) {}
  Outline outline;

  bool begin(Outline::Kind kind) {
    see(kind);
    if (open_.size() == most_levels) {
      wrong = fmt::format("it is nested more than {} levels deep", most_levels);
      return false;
    }
    open_.push_back(kind);
    if (keys_.size() < open_.size()) keys_.emplace_back();
    if (kind == Outline::Kind::object) {
      keys_[open_.size() - 1].clear();
      keys_[open_.size() - 1].add(std::string(line_key));
    }
    return true;
  }
  bool end(Outline::Kind) {
    open_.pop_back();
    return true;
  }
  bool name(const std::string& key) {
    if (open_.size() == 1) outline.members.push_back({key, Outline::Kind::other, 0, false});
    if (keys_[open_.size() - 1].add(key)) return true;
    wrong = fmt::format("the key `{}` stands twice in one object, and nobody knows which counts", key);
    return false;
  }
  template <class Put>
  bool plain(Put&&) {
    see(Outline::Kind::other);
    return true;
  }

 private:
  void see(Outline::Kind kind) {
    // Records stand in the outermost list, or in the members of the outermost object.
    const bool in_list = !open_.empty() && open_.front() == Outline::Kind::list;
    if (open_.size() <= (in_list ? 1 : 2)) characters_.begin_record();
    if (open_.empty()) outline.outermost.kind = kind;
    if (open_.size() == 1) count(outline.outermost, kind);
    if (open_.empty() || open_.front() != Outline::Kind::object || open_.size() > 2) return;
    if (open_.size() == 1) outline.members.back().kind = kind;
    if (open_.size() == 2) count(outline.members.back(), kind);
  }

  static void count(Outline::Member& in, Outline::Kind kind) {
    const bool is_record = in.kind == Outline::Kind::list && kind == Outline::Kind::object;
    in.records = is_record && (in.records || in.size == 0);
    ++in.size;
  }

  Characters& characters_;
  std::vector<Outline::Kind> open_;
  std::vector<Keys> keys_;  // of objects, by their level
};

/// Builds one value after the other.
class Taking : public Listening<Taking> {
 public:
  Taking(const std::vector<std::string>& keys, const std::uint32_t* line, const TakeValue& take)
      : keys_(keys), line_(line), take_(take) {}

  bool begin(Outline::Kind kind) {
    if (!builder_ && !is_inside_) {
      is_inside_ = level_ == 0 ? keys_.empty() : is_wanted();
      ++level_;
      return true;
    }
    if (!builder_) start();
    ++inner_;
    if (kind == Outline::Kind::list) return builder_->start_array(no_size);
    if (!builder_->start_object(no_size)) return false;
    std::string key(line_key);
    return line_ == nullptr || (builder_->key(key) && builder_->number_unsigned(*line_));
  }
  bool end(Outline::Kind kind) {
    if (builder_) {
      const bool fits = kind == Outline::Kind::list ? builder_->end_array() : builder_->end_object();
      return fits && (--inner_ > 0 || finish());
    }
    --level_;
    is_inside_ = false;
    return true;
  }
  bool name(std::string& key) {
    if (builder_) return builder_->key(key);
    if (is_inside_) name_ = key;
    if (level_ == 1) key_ = key;
    return true;
  }
  template <class Put>
  bool plain(Put&& put) {
    if (builder_) return put(*builder_);
    if (!is_inside_ && !is_wanted()) return true;
    start();
    if (!put(*builder_)) return false;
    if (is_inside_ || !value_.is_null()) return finish();
    builder_.reset();
    return true;
  }

 private:
  using Builder = nlohmann::detail::json_sax_dom_parser<Json>;
  static constexpr auto no_size = static_cast<std::size_t>(-1);

  /// Whether what comes next is a member that is asked for.
  bool is_wanted() const { return level_ == 1 && std::find(keys_.begin(), keys_.end(), key_) != keys_.end(); }
  void start() {
    value_ = Json();
    builder_.emplace(value_, false);
  }
  bool finish() {
    builder_.reset();
    return take_(key_, name_, value_);
  }

  const std::vector<std::string>& keys_;
  const std::uint32_t* line_;
  const TakeValue& take_;
  std::size_t level_ = 0, inner_ = 0;  // what is open, without a value that is built; and in that
  bool is_inside_ = false;             // values stand in the innermost that is open
  std::string key_, name_;             // of the member of the outermost value, and of the value in it
  Json value_;
  std::optional<Builder> builder_;
};

/// Errors: what the listener says, or that the bytes cannot be read.
template <class Listener>
std::optional<Failure> parse(Characters& characters, Listener& listener) {
  bool done = false;
  try {
    done = Json::sax_parse(Character(&characters), Character(nullptr), &listener);
  } catch (const TooLarge&) {
    return Failure{characters.wrong()};
  }
  if (std::string gone = characters.wrong(); !gone.empty()) return Failure{std::move(gone)};
  if (!done && !listener.wrong.empty()) return Failure{listener.wrong};
  return std::nullopt;
}

}  // namespace

const Outline::Member* Outline::member(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& one) { return one.key == key; });
  return found == members.end() ? nullptr : &*found;
}

Result<Outline> outline_of(const Bytes& bytes) {
  Characters characters(bytes, most_of_record);
  Outlining outlining(characters);
  if (auto wrong = parse(characters, outlining)) return std::move(*wrong);
  return std::move(outlining.outline);
}

std::optional<Failure> each_value(const Bytes& bytes, const std::vector<std::string>& keys, bool lines,
                                  const TakeValue& take) {
  Characters characters(bytes, SIZE_MAX);  // a text that has an outline has no larger one
  Taking taking(keys, lines ? &characters.line() : nullptr, take);
  return parse(characters, taking);
}

std::uint32_t line_of(const Json& object) { return object.at(std::string(line_key)).get<std::uint32_t>(); }

namespace {

void forget_lines(Json& json) {
  if (json.is_object()) json.erase(std::string(line_key));
  if (json.is_structured()) {
    for (Json& inner : json) forget_lines(inner);
  }
}

}  // namespace

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
