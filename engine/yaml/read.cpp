#include "yaml/read.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "yaml/plain_text.h"

// The only file that includes yaml-cpp, and catches what it throws.
namespace plumb::yaml {

namespace diag = diagnostics::diag;
using source::Span;

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Thrown out of the parser's callbacks, caught below: the file is YAML, but not such as we use.
struct Refused {
  Span span;
  enum class Why : std::uint8_t { depth, anchor, alias, tag, open_quote } why;
};

/// The stretches of a text that the parser gives only the first byte of.
class Places {
 public:
  Places(Id<source::Text> text, std::string_view content) : text_(text), content_(content) {
    if (content.substr(0, 3) == byte_order_mark) skipped_ = 3;
  }

  std::uint32_t offset(const YAML::Mark& mark) const {
    const std::size_t at = mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos) + skipped_;
    return static_cast<std::uint32_t>(std::min(at, content_.size()));
  }
  Span first_character(const YAML::Mark& mark) const {
    const std::uint32_t at = offset(mark);
    return {text_, at, std::min(at + 1, static_cast<std::uint32_t>(content_.size()))};
  }
  Span scalar(const YAML::Mark& mark, const std::string& value) const {
    const std::uint32_t at = offset(mark);
    const std::string_view rest = content_.substr(at);
    std::size_t size = value.size();
    if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) {
      size = quoted_size(rest);
    } else if (rest.substr(0, size) != value || size == 0) {
      size = line_size(rest);
    }
    return {text_, at, at + static_cast<std::uint32_t>(size)};
  }
  /// Up to the next blank or comma: an anchor, an alias, a tag.
  Span mark_word(const YAML::Mark& mark) const {
    const std::string_view rest = content_.substr(offset(mark));
    return words(mark, rest.substr(0, rest.find_first_of(" \t\r\n,]}")));
  }
  /// YAML lets a quoted text go on in the next lines, and the parser even lets it end with the file; here it is a quote
  /// that somebody forgot.
  bool is_open_quote(Span scalar) const {
    const std::string_view written = content_.substr(scalar.begin, scalar.end - scalar.begin);
    if (written.empty() || (written[0] != '"' && written[0] != '\'')) return false;
    return written.size() < 2 || written.back() != written[0] ||
           written.find_first_of("\r\n") != std::string_view::npos;
  }
  /// `~` and the spellings of `null`, which the parser reports as nothing. Missing: empty where nothing is written.
  std::string_view null_word(const YAML::Mark& mark, bool is_key) const {
    const std::string_view rest = content_.substr(offset(mark));
    for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
      if (rest.substr(0, word.size()) != word) continue;
      const std::string_view after = rest.substr(word.size(), 1);
      const bool ends = after.empty() || std::string_view(" \t\r\n,]}").find(after[0]) != std::string_view::npos;
      // A key before a colon is no value: then the mark is that of the next key.
      if (ends || (is_key && after[0] == ':')) return word;
    }
    return {};
  }
  Span words(const YAML::Mark& mark, std::string_view word) const {
    return {text_, offset(mark), offset(mark) + static_cast<std::uint32_t>(word.size())};
  }

 private:
  static std::size_t quoted_size(std::string_view rest) {
    const char quote = rest[0];
    for (std::size_t at = 1; at < rest.size(); ++at) {
      if (quote == '"' && rest[at] == '\\') {
        ++at;
      } else if (rest[at] == quote) {
        if (quote == '"' || rest.substr(at + 1, 1) != "'") return at + 1;
        ++at;
      }
    }
    return rest.size();
  }
  static std::size_t line_size(std::string_view rest) {
    const std::string_view line = rest.substr(0, rest.find_first_of("\r\n"));
    const std::size_t last = line.find_last_not_of(' ');
    return last == std::string_view::npos ? 0 : last + 1;
  }

  Id<source::Text> text_;
  std::string_view content_;
  std::size_t skipped_ = 0;
};

/// Builds the tree from the parser's events; the parser's own tree knows neither anchors nor where a value ends.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const Places& places) : places_(places) {}

  Node take() { return std::move(root_); }
  Span begin() const { return begin_; }

  void OnDocumentStart(const YAML::Mark& mark) override { begin_ = places_.first_character(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse(mark, {}, anchor);
    const std::string_view word = places_.null_word(mark, expects_key());
    Node node;
    if (word.empty()) {
      node.span = expects_value() ? open_.back().keys.back().span : places_.first_character(mark);
    } else {
      node.kind = NodeKind::text;
      node.text = word;
      node.span = places_.words(mark, word);
    }
    put(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refused{places_.mark_word(mark), Refused::Why::alias};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse(mark, tag, anchor);
    const Span span = places_.scalar(mark, value);
    if (places_.is_open_quote(span)) throw Refused{{span.text, span.begin, span.begin + 1}, Refused::Why::open_quote};
    put({NodeKind::text, value, span, {}, {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(NodeKind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(NodeKind::map, mark, tag, anchor);
  }
  void OnMapEnd() override {
    if (!open_.back().keys.empty()) open_.back().span = open_.back().keys.front().span;
    close();
  }

 private:
  bool in_map() const { return !open_.empty() && open_.back().kind == NodeKind::map; }
  bool expects_key() const { return in_map() && open_.back().keys.size() == open_.back().items.size(); }
  bool expects_value() const { return in_map() && open_.back().keys.size() > open_.back().items.size(); }

  void refuse(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor) throw Refused{places_.mark_word(mark), Refused::Why::anchor};
    // The parser marks plain values with `?` and quoted ones with `!`.
    if (!tag.empty() && tag != "?" && tag != "!") throw Refused{places_.mark_word(mark), Refused::Why::tag};
  }
  void open(NodeKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse(mark, tag, anchor);
    if (open_.size() >= deepest) throw Refused{places_.first_character(mark), Refused::Why::depth};
    open_.push_back({kind, {}, places_.first_character(mark), {}, {}});
  }
  void close() {
    Node node = std::move(open_.back());
    open_.pop_back();
    put(std::move(node));
  }
  void put(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (expects_key()) {
      open_.back().keys.push_back(std::move(node));
    } else {
      open_.back().items.push_back(std::move(node));
    }
  }

  const Places& places_;
  std::vector<Node> open_;  // at most `deepest`
  Node root_;
  Span begin_;
};

struct Wording {
  const char* theirs;  // how the parser's message begins
  const char* ours;
  const char* help;
};

constexpr const char* quote_it = "put a text that holds special characters in double quotes";
constexpr const char* close_it = "close the text with the quote that opened it";
constexpr const char* open_quote = "open quote";  // our own, beside the parser's
constexpr const char* align_it = "keys that belong together begin in the same column, and so do the `-` of one list";
constexpr const char* close_bracket = "close it; a text that holds brackets, commas or colons needs double quotes";

const std::array wordings = {
    Wording{YAML::ErrorMsg::MAP_VALUE, "a colon cannot stand here",
            "a text that holds a colon and a blank needs double quotes; keys that belong together begin in one column"},
    Wording{YAML::ErrorMsg::MAP_KEY, "a key cannot stand here", align_it},
    Wording{YAML::ErrorMsg::BLOCK_ENTRY, "a list item cannot stand here",
            "the `-` of one list begin in the same column"},
    Wording{YAML::ErrorMsg::END_OF_MAP_FLOW, "a `{` before this is not closed by `}`", close_bracket},
    Wording{YAML::ErrorMsg::END_OF_SEQ_FLOW, "a `[` before this is not closed by `]`", close_bracket},
    Wording{YAML::ErrorMsg::END_OF_MAP, "this does not fit the indentation of the keys above it", align_it},
    Wording{YAML::ErrorMsg::END_OF_SEQ, "this does not fit the indentation of the list above it", align_it},
    Wording{YAML::ErrorMsg::FLOW_END, "a bracket is closed here that was never opened", quote_it},
    Wording{open_quote, "a quoted text begins here, and its line ends before the closing quote", close_it},
    Wording{YAML::ErrorMsg::EOF_IN_SCALAR, "the file ends inside a quoted text", close_it},
    Wording{YAML::ErrorMsg::DOC_IN_SCALAR, "a quoted text is still open here", close_it},
    Wording{YAML::ErrorMsg::CHAR_IN_SCALAR, "a text cannot begin with this character", quote_it},
    Wording{YAML::ErrorMsg::UNKNOWN_TOKEN, "a text cannot begin with this character", quote_it},
    Wording{YAML::ErrorMsg::INVALID_ESCAPE, "`\\` begins something unknown in a text in double quotes",
            "write `\\\\` for the character itself, or use single quotes"},
    Wording{YAML::ErrorMsg::INVALID_HEX, "`\\x` and `\\u` want hexadecimal digits",
            "write `\\\\` for the character itself"},
    Wording{YAML::ErrorMsg::INVALID_UNICODE, "no character has this number", "write the character itself"},
    Wording{YAML::ErrorMsg::CHAR_IN_BLOCK, "a text cannot begin with `|` or `>`", quote_it},
    Wording{YAML::ErrorMsg::ALIAS_NOT_FOUND, "a text cannot begin with `*`", quote_it},
    Wording{YAML::ErrorMsg::ANCHOR_NOT_FOUND, "a text cannot begin with `&`", quote_it},
    Wording{YAML::ErrorMsg::MULTIPLE_ANCHORS, "a text cannot begin with `&`", quote_it},
    Wording{YAML::ErrorMsg::TAG_WITH_NO_SUFFIX, "a text cannot begin with `!`", quote_it},
    Wording{YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab stands where blanks belong", "indent with blanks"},
};

void report_syntax(Span span, const std::string& message, diagnostics::Sink& sink) {
  const auto known = std::find_if(wordings.begin(), wordings.end(),
                                  [&](const Wording& wording) { return message.rfind(wording.theirs, 0) == 0; });
  if (known == wordings.end()) {
    sink.report(span, diag::MappingSyntax, message);
  } else {
    sink.report(span, diag::MappingSyntax, known->ours).hint("{}", known->help);
  }
}

void report(const Refused& refused, const Purpose& purpose, diagnostics::Sink& sink) {
  switch (refused.why) {
    case Refused::Why::depth: sink.report(refused.span, diag::MappingTooDeep, deepest); return;
    case Refused::Why::anchor:
      sink.report(refused.span, diag::MappingYamlFeature, "an anchor (`&`)", purpose.name)
          .hint("a text that begins with `&` needs quotes");
      return;
    case Refused::Why::alias:
      sink.report(refused.span, diag::MappingYamlFeature, "an alias (`*`)", purpose.name)
          .hint("a text that begins with `*` needs quotes; a {} says everything where it is meant", purpose.name);
      return;
    case Refused::Why::tag:
      sink.report(refused.span, diag::MappingYamlFeature, "a tag (`!`)", purpose.name)
          .hint("a text that begins with `!` needs quotes");
      return;
    case Refused::Why::open_quote: report_syntax(refused.span, open_quote, sink); return;
  }
}

void report(const YAML::ParserException& stopped, const Places& places, const Purpose& purpose,
            diagnostics::Sink& sink) {
  if (stopped.msg.rfind(YAML::ErrorMsg::UNKNOWN_ANCHOR, 0) == 0) {
    report(Refused{places.mark_word(stopped.mark), Refused::Why::alias}, purpose, sink);
  } else {
    report_syntax(places.first_character(stopped.mark), stopped.msg, sink);
  }
}

// What readers do not see and the parser stumbles over, byte by byte so that all places stay: lines that end with a
// carriage return alone, and tabs before a remark or in an empty line. Tabs before anything else were refused.
std::string tidied(std::string_view content) {
  std::string result(content);
  bool line_begins = true;
  for (std::size_t at = 0; at < result.size(); ++at) {
    char& c = result[at];
    if (c == '\r' && (at + 1 == result.size() || result[at + 1] != '\n')) c = '\n';
    if (c == '\t' && line_begins) c = ' ';
    line_begins = c == '\n' || (line_begins && c == ' ');
  }
  return result;
}

std::optional<Node> parse(const Places& places, const source::Map& texts, Id<source::Text> text,
                          const Purpose& purpose, diagnostics::Sink& sink) {
  std::istringstream stream(tidied(texts[text].content()));
  YAML::Parser parser(stream);
  TreeBuilder tree(places);
  if (!parser.HandleNextDocument(tree)) {
    sink.report({text, 0, 0}, diag::EmptyMapping, purpose.name).hint("{}", purpose.says);
    return std::nullopt;
  }
  TreeBuilder further(places);
  if (parser.HandleNextDocument(further)) {
    sink.report(further.begin(), diag::SeveralMappings).hint("leave one {} in this file, without `---`", purpose.name);
    return std::nullopt;
  }
  return tree.take();
}

}  // namespace

std::optional<Node> read(const source::Map& texts, Id<source::Text> text, const Purpose& purpose,
                         diagnostics::Sink& sink) {
  if (!is_plain_text(texts, text, purpose, sink)) return std::nullopt;
  const Places places(text, texts[text].content());
  try {
    return parse(places, texts, text, purpose, sink);
  } catch (const Refused& refused) {
    report(refused, purpose, sink);
  } catch (const YAML::ParserException& stopped) {
    report(stopped, places, purpose, sink);
  } catch (const YAML::Exception& stopped) {
    report_syntax({text, 0, 0}, stopped.msg, sink);
  }
  return std::nullopt;
}

}  // namespace plumb::yaml
