#include "sources/xes.h"

#include <memory>
#include <unordered_map>
#include <utility>

#include <libxml/xmlreader.h>

#include <fmt/format.h>

namespace plumb::sources {

namespace {

constexpr std::size_t most_columns = 2000;
constexpr std::size_t most_bytes = std::size_t{1} << 31;  // what libxml2 takes at once

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
  explicit Log(Reader reader) : reader_(std::move(reader)) {
    for (const char* name : {"case:concept:name", "concept:name", "time:timestamp"})
      columns_[name] = cells_.add_column(name);
  }

  Result<Cells> read(const Complaint& complaint) {
    int more = 0;
    while ((more = xmlTextReaderRead(reader_.get())) == 1) {
      if (std::string wrong = see(); !wrong.empty()) return Failure{std::move(wrong)};
    }
    if (more != 0 || !complaint.message.empty()) {
      return Failure{fmt::format("line {}: it is no well-formed XML: {}", complaint.line, complaint.message)};
    }
    if (!is_log_) return Failure{"it holds no event log"};
    return std::move(cells_);
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
    first_of_trace_ = cells_.size();
    trace_line_ = line();
  }

  void begin_event() {
    in_event_ = true;
    cells_.add_row();
    cells_.lines.push_back(line());
  }

  void end(int depth, std::string_view element) {
    if (depth == 2 && element == "event") in_event_ = false;
    if (depth != 1 || !in_trace_) return;
    in_trace_ = false;
    if (first_of_trace_ == cells_.size()) {
      cells_.add_row();
      cells_.lines.push_back(trace_line_);
    }
    // What a trace says may stand behind its events.
    for (std::size_t row = first_of_trace_; row < cells_.size(); ++row) {
      for (const auto& [column, value] : trace_) cells_.put(row, column, value);
    }
  }

  std::string take_attribute() {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> key(
        xmlTextReaderGetAttribute(reader_.get(), reinterpret_cast<const xmlChar*>("key")), xmlFree);
    const std::unique_ptr<xmlChar, decltype(xmlFree)> value(
        xmlTextReaderGetAttribute(reader_.get(), reinterpret_cast<const xmlChar*>("value")), xmlFree);
    if (!key || !value) return {};
    const std::string header = in_event_ ? std::string(view(key.get())) : fmt::format("case:{}", view(key.get()));
    const auto [at, fresh] = columns_.emplace(header, cells_.header.size());
    if (fresh) cells_.add_column(header);
    if (cells_.header.size() > most_columns) {
      return fmt::format("line {}: its events have more than {} different attributes", line(), most_columns);
    }
    if (in_event_) {
      cells_.put(cells_.size() - 1, at->second, view(value.get()));
    } else {
      trace_.emplace_back(at->second, view(value.get()));
    }
    return {};
  }

  Reader reader_;
  Cells cells_;
  std::unordered_map<std::string, std::size_t> columns_;
  std::vector<std::pair<std::size_t, std::string>> trace_;
  std::size_t first_of_trace_ = 0;
  std::uint32_t trace_line_ = 0;
  bool is_log_ = false;
  bool in_trace_ = false;
  bool in_event_ = false;
};

}  // namespace

Result<Cells> read_xes(std::string_view bytes) {
  if (bytes.size() >= most_bytes) return Failure{"it is larger than 2 GB"};
  Complaint complaint;
  // No entity is replaced, nothing fetched; depth and size of texts are limited by the library.
  Reader reader(xmlReaderForMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr,
                                   XML_PARSE_NONET | XML_PARSE_BIG_LINES));
  if (!reader) return Failure{"there is not enough memory to read it"};
  xmlTextReaderSetErrorHandler(reader.get(), note, &complaint);
  Result<Cells> cells = Log(std::move(reader)).read(complaint);
  const std::size_t last = bytes.find_last_not_of(" \t\r\n");
  const bool whole = last != std::string_view::npos && bytes.substr(0, last + 1).ends_with("log>");
  if (!cells && !whole && bytes.find("<log") != std::string_view::npos) {
    return Failure{"it ends before its log does: the file was not copied to its end"};
  }
  return cells;
}

}  // namespace plumb::sources
