#include "sources/xes.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <libxml/parser.h>

#include <fmt/format.h>

namespace plumb::sources {

namespace {

constexpr std::size_t most_columns = 2000;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

/// What the library reads from.
struct Input {
  const Bytes& bytes;
  std::size_t at = 0;
};

int read_more(void* context, char* into, int room) {
  auto& input = *static_cast<Input*>(context);
  const Result<std::size_t> size = input.bytes.read(input.at, into, static_cast<std::size_t>(room));
  if (!size) return -1;
  input.at += *size;
  return static_cast<int>(*size);
}

int close_nothing(void*) { return 0; }

/// Puts attributes into rows while the elements go by. Depths: log 0, trace 1, its attributes and events 2, theirs 3;
/// an event that is in no trace 1. An event anywhere else is a row that does not say of which case it is.
class Log {
 public:
  explicit Log(const Scratch& scratch) : table_(scratch) {
    for (const char* name : {"case:concept:name", "concept:name", "time:timestamp"}) table_.column(name);
  }

  Result<Gathered> read(const Bytes& bytes) {
    xmlSAXHandler listener{};
    listener.initialized = XML_SAX2_MAGIC;
    listener.startElementNs = [](void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**,
                                 int count, int, const xmlChar** attributes) {
      static_cast<Log*>(self)->begin(view(name), {attributes, static_cast<std::size_t>(count)});
    };
    listener.endElementNs = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
      static_cast<Log*>(self)->end();
    };
    listener.internalSubset = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
      static_cast<Log*>(self)->stop("it has a document type, which no event log needs: it is not read");
    };
    listener.serror = [](void* self, xmlErrorPtr error) { static_cast<Log*>(self)->note(*error); };
    Input input{bytes};
    const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser(
        xmlCreateIOParserCtxt(&listener, this, read_more, close_nothing, &input, XML_CHAR_ENCODING_NONE),
        xmlFreeParserCtxt);
    if (!parser) return Failure{"there is not enough memory to read it"};
    // Without a document type no entity is declared; depth and size of texts are limited by the library.
    xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_NOENT);
    parser_ = parser.get();
    const bool whole = xmlParseDocument(parser_) == 0;
    if (!wrong_.empty()) return Failure{wrong_};
    if (!whole || !complaint_.empty())
      return Failure{fmt::format("line {}: it is no well-formed XML: {}", complaint_line_, complaint_)};
    return std::move(table_);
  }

 private:
  /// Of an element, as the parser says them: name, prefix, address, and the beginning and end of the value.
  struct Attributes {
    const xmlChar** of;
    std::size_t count;

    /// Missing: nullopt.
    std::optional<std::string_view> value(std::string_view name) const {
      for (const xmlChar** one = of; one != of + 5 * count; one += 5) {
        if (one[1] == nullptr && view(one[0]) == name)
          return std::string_view(reinterpret_cast<const char*>(one[3]), static_cast<std::size_t>(one[4] - one[3]));
      }
      return std::nullopt;
    }
  };

  struct Event {
    std::uint32_t line;
    bool of_trace = true;       // else it says itself of which case it is, or nobody does
    bool says_of_case = false;  // it has attributes that are called as those of a trace are here
    std::uint64_t number = 0;   // among all events and traces
    Gathered::Row row = {};
  };
  /// An event whose end is not there yet.
  struct Open {
    int depth;
    std::size_t event;  // into events_
  };
  /// Where a column was last met.
  struct Met {
    std::uint64_t number = 0;  // in which event or trace; 0: in none
    std::size_t at = 0;        // in its row
  };

  void stop(std::string why) {
    if (wrong_.empty()) wrong_ = std::move(why);
    xmlStopParser(parser_);
  }

  void note(const xmlError& error) {
    if (!complaint_.empty() || error.level <= XML_ERR_WARNING || error.message == nullptr) return;
    complaint_ = error.message;
    while (complaint_.ends_with('\n')) complaint_.pop_back();
    complaint_line_ = error.line;
  }

  std::uint32_t line() const { return static_cast<std::uint32_t>(parser_->input->line); }

  void begin(std::string_view element, const Attributes& attributes) {
    const int depth = depth_++;
    if (depth == 0) {
      if (element != "log")
        stop(fmt::format("its outermost element is `{}`; that of an event log is `log`", element.substr(0, 60)));
    } else if (depth == 1 && element == "trace") {
      in_trace_ = true;
      trace_.clear();
      trace_line_ = line();
      trace_number_ = ++count_;
    } else if (element == "event") {
      events_.push_back({line(), in_trace_ && depth == 2, false, ++count_});
      open_.push_back({depth, events_.size() - 1});
    } else if (!open_.empty() ? depth == open_.back().depth + 1 : in_trace_ && depth == 2) {
      take(attributes);
    }
  }

  void end() {
    const int depth = --depth_;
    if (!open_.empty() && depth == open_.back().depth) open_.pop_back();
    if (depth != 1) return;
    const auto is_of_trace = [](const Event& event) { return event.of_trace; };
    if (in_trace_ && std::none_of(events_.begin(), events_.end(), is_of_trace)) {
      events_.insert(events_.begin(), Event{trace_line_});
    }
    // What a trace says may stand behind its events.
    for (Event& event : events_) {
      if (event.of_trace) take_from_trace(event);
      table_.add_row(event.line, event.row);
    }
    events_.clear();
    in_trace_ = false;
  }

  void take_from_trace(Event& event) {
    const std::size_t own = event.row.size();
    for (const auto& [column, value] : trace_) {
      for (std::size_t i = 0; event.says_of_case && i < own; ++i) {
        if (event.row[i].first == column && event.row[i].second != value)
          stop_for_two(event.line, table_.header()[column], event.row[i].second, value);
      }
      event.row.emplace_back(column, value);
    }
  }

  void take(const Attributes& attributes) {
    const auto key = attributes.value("key"), value = attributes.value("value");
    if (!key || !value) return;
    Event* const event = open_.empty() ? nullptr : &events_[open_.back().event];
    const std::size_t column = table_.column(event != nullptr ? std::string(*key) : fmt::format("case:{}", *key));
    if (table_.header().size() > most_columns)
      return stop(fmt::format("line {}: its events have more than {} different attributes", line(), most_columns));
    if (event != nullptr && key->starts_with("case:")) event->says_of_case = true;
    Gathered::Row& row = event != nullptr ? event->row : trace_;
    const std::uint64_t number = event != nullptr ? event->number : trace_number_;
    if (met_.size() <= column) met_.resize(column + 1);
    Met& met = met_[column];
    if (met.number == number && row[met.at].second != *value)
      return stop_for_two(line(), *key, row[met.at].second, *value);
    met = {number, row.size()};
    row.emplace_back(column, *value);
  }

  void stop_for_two(std::uint32_t line, std::string_view key, const std::string& one, std::string_view other) {
    constexpr std::size_t shown = 60;
    stop(fmt::format("line {}: `{}` stands twice, as `{}` and as `{}`: nobody could tell which one counts", line, key,
                     one.substr(0, shown), other.substr(0, shown)));
  }

  Gathered table_;
  xmlParserCtxt* parser_ = nullptr;
  Gathered::Row trace_;        // what it says
  std::vector<Event> events_;  // of it
  std::vector<Open> open_;     // each in the one before
  std::vector<Met> met_;       // by column
  std::uint32_t trace_line_ = 0;
  std::uint64_t trace_number_ = 0, count_ = 0;
  int depth_ = 0;
  bool in_trace_ = false;
  std::string wrong_, complaint_;  // what we say, and what the parser does
  int complaint_line_ = 0;
};

/// Whether it begins a log and does not end one.
bool is_cut_short(const Bytes& bytes) {
  constexpr std::size_t looked_at = 4096;
  std::string end(std::min(looked_at, bytes.size()), '\0');
  const Result<std::size_t> size = bytes.read(bytes.size() - end.size(), end.data(), end.size());
  const std::size_t last = end.find_last_not_of(" \t\r\n");
  if (!size || (last != std::string::npos && std::string_view(end).substr(0, last + 1).ends_with("log>"))) return false;
  const history::TextReader read = bytes.reader();
  std::string piece(std::size_t{1} << 18U, '\0');
  for (std::size_t left = 0;;) {
    const std::size_t more = read(piece.data() + left, piece.size() - left);
    if (more == 0) return false;
    const std::string_view text = std::string_view(piece).substr(0, left + more);
    if (text.find("<log") != std::string_view::npos) return true;
    left = std::min<std::size_t>(3, text.size());  // it may begin here
    piece.replace(0, left, text.substr(text.size() - left));
  }
}

}  // namespace

Result<Gathered> read_xes(const Bytes& bytes, const Scratch& scratch) {
  Result<Gathered> table = Log(scratch).read(bytes);
  if (std::string wrong = bytes.wrong(); !wrong.empty()) return Failure{std::move(wrong)};
  if (!table && is_cut_short(bytes)) return Failure{"it ends before its log does: the file was not copied to its end"};
  return table;
}

}  // namespace plumb::sources
