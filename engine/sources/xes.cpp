#include "sources/xes.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <libxml/xmlreader.h>

#include <fmt/format.h>

namespace plumb::sources {

namespace {

constexpr std::size_t most_columns = 2000;

struct Free {
  void operator()(xmlTextReader* reader) const { xmlFreeTextReader(reader); }
};
using Reader = std::unique_ptr<xmlTextReader, Free>;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

struct Complaint {
  std::string message;
  int line = 0;
};

void note(void* into, const char* message, xmlParserSeverities severity, xmlTextReaderLocatorPtr where) {
  auto& complaint = *static_cast<Complaint*>(into);
  if (!complaint.message.empty() || severity == XML_PARSER_SEVERITY_VALIDITY_WARNING ||
      severity == XML_PARSER_SEVERITY_WARNING) {
    return;
  }
  complaint.message = message;
  while (!complaint.message.empty() && complaint.message.back() == '\n') complaint.message.pop_back();
  complaint.line = xmlTextReaderLocatorLineNumber(where);
}

/// Puts attributes into rows while the elements go by. Depths: log 0, trace 1, its attributes and events 2, theirs 3.
class Log {
 public:
  Log(Reader reader, const Scratch& scratch) : reader_(std::move(reader)), table_(scratch) {
    for (const char* name : {"case:concept:name", "concept:name", "time:timestamp"}) table_.column(name);
  }

  Result<Gathered> read(const Complaint& complaint) {
    int more = 0;
    while ((more = xmlTextReaderRead(reader_.get())) == 1) {
      if (std::string wrong = see(); !wrong.empty()) return Failure{std::move(wrong)};
    }
    if (more != 0 || !complaint.message.empty()) {
      return Failure{fmt::format("line {}: it is no well-formed XML: {}", complaint.line, complaint.message)};
    }
    if (!is_log_) return Failure{"it holds no event log"};
    return std::move(table_);
  }

 private:
  std::string see() {
    const int type = xmlTextReaderNodeType(reader_.get());
    if (type == XML_READER_TYPE_DOCUMENT_TYPE)
      return "it has a document type, which no event log needs: it is not read";
    if (type == XML_READER_TYPE_ELEMENT) return begin();
    if (type == XML_READER_TYPE_END_ELEMENT) end(xmlTextReaderDepth(reader_.get()), name());
    return {};
  }

  std::string_view name() const { return view(xmlTextReaderConstLocalName(reader_.get())); }

  std::string begin() {
    const int depth = xmlTextReaderDepth(reader_.get());
    const std::string_view element = name();
    const bool closed = xmlTextReaderIsEmptyElement(reader_.get()) == 1;
    if (depth == 0) {
      is_log_ = element == "log";
      if (!is_log_)
        return fmt::format("its outermost element is `{}`; that of an event log is `log`", element.substr(0, 60));
    } else if (depth == 1) {
      in_trace_ = element == "trace";
      if (in_trace_) begin_trace();
    } else if (in_trace_ && depth == 2 && element == "event") {
      begin_event();
    } else if (in_trace_ && (depth == 2 || (depth == 3 && in_event_))) {
      return take_attribute();
    }
    if (closed) end(depth, element);
    return {};
  }

  // The parser is ahead of the element that it shows.
  std::uint32_t line() const {
    return static_cast<std::uint32_t>(xmlGetLineNo(xmlTextReaderCurrentNode(reader_.get())));
  }

  void begin_trace() {
    trace_.clear();
    events_.clear();
    trace_line_ = line();
  }

  void begin_event() {
    in_event_ = true;
    events_.push_back({line(), {}});
  }

  void end(int depth, std::string_view element) {
    if (depth == 2 && element == "event") in_event_ = false;
    if (depth != 1 || !in_trace_) return;
    in_trace_ = false;
    if (events_.empty()) events_.push_back({trace_line_, {}});
    // What a trace says may stand behind its events.
    for (Event& event : events_) {
      event.row.insert(event.row.end(), trace_.begin(), trace_.end());
      table_.add_row(event.line, event.row);
    }
  }

  std::string take_attribute() {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> key(
        xmlTextReaderGetAttribute(reader_.get(), reinterpret_cast<const xmlChar*>("key")), xmlFree);
    const std::unique_ptr<xmlChar, decltype(xmlFree)> value(
        xmlTextReaderGetAttribute(reader_.get(), reinterpret_cast<const xmlChar*>("value")), xmlFree);
    if (!key || !value) return {};
    const std::string header = in_event_ ? std::string(view(key.get())) : fmt::format("case:{}", view(key.get()));
    const std::size_t column = table_.column(header);
    if (table_.header().size() > most_columns) {
      return fmt::format("line {}: its events have more than {} different attributes", line(), most_columns);
    }
    (in_event_ ? events_.back().row : trace_).emplace_back(column, view(value.get()));
    return {};
  }

  struct Event {
    std::uint32_t line;
    Gathered::Row row;
  };

  Reader reader_;
  Gathered table_;
  Gathered::Row trace_;        // what it says
  std::vector<Event> events_;  // of it
  std::uint32_t trace_line_ = 0;
  bool is_log_ = false;
  bool in_trace_ = false;
  bool in_event_ = false;
};

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
  Complaint complaint;
  Input input{bytes};
  // No entity is replaced, nothing fetched; depth and size of texts are limited by the library.
  Reader reader(
      xmlReaderForIO(read_more, close_nothing, &input, nullptr, nullptr, XML_PARSE_NONET | XML_PARSE_BIG_LINES));
  if (!reader) return Failure{"there is not enough memory to read it"};
  xmlTextReaderSetErrorHandler(reader.get(), note, &complaint);
  Result<Gathered> table = Log(std::move(reader), scratch).read(complaint);
  if (std::string wrong = bytes.wrong(); !wrong.empty()) return Failure{std::move(wrong)};
  if (!table && is_cut_short(bytes)) return Failure{"it ends before its log does: the file was not copied to its end"};
  return table;
}

}  // namespace plumb::sources
