#include "sources/xml.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <libxml/parser.h>

#include <fmt/format.h>

namespace plumb::sources {

namespace {

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

std::optional<std::string_view> XmlAttributes::value(std::string_view name) const {
  for (const xmlChar** one = of; one != of + 5 * count; one += 5) {
    if (one[1] == nullptr && view(one[0]) == name)
      return std::string_view(reinterpret_cast<const char*>(one[3]), static_cast<std::size_t>(one[4] - one[3]));
  }
  return std::nullopt;
}

/// What the library calls.
struct XmlReader::Told {
  static void begin(void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**, int count,
                    int, const xmlChar** attributes) {
    static_cast<XmlReader*>(self)->begin(view(name), {attributes, static_cast<std::size_t>(count)});
  }
  static void end(void* self, const xmlChar*, const xmlChar*, const xmlChar*) { static_cast<XmlReader*>(self)->end(); }
  static void text(void* self, const xmlChar* text, int size) {
    static_cast<XmlReader*>(self)->text(
        std::string_view(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)));
  }
  static void type(void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
    static_cast<XmlReader*>(self)->stop("it has a document type, which no event log needs: it is not read");
  }
  static void error(void* self, xmlErrorPtr error) { static_cast<XmlReader*>(self)->note(*error); }
};

std::optional<Failure> XmlReader::parse(const Bytes& bytes) {
  xmlSAXHandler listener{};
  listener.initialized = XML_SAX2_MAGIC;
  listener.startElementNs = Told::begin;
  listener.endElementNs = Told::end;
  listener.characters = Told::text;
  listener.cdataBlock = Told::text;
  listener.internalSubset = Told::type;
  listener.serror = Told::error;
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
  if (whole && complaint_.empty()) return std::nullopt;
  return Failure{fmt::format("line {}: it is no well-formed XML: {}", complaint_line_, complaint_)};
}

std::optional<Failure> XmlReader::read(const Bytes& bytes) {
  std::optional<Failure> failure = parse(bytes);
  if (std::string gone = bytes.wrong(); !gone.empty()) return Failure{std::move(gone)};
  if (failure && wrong_.empty() && is_cut_short(bytes))
    return Failure{"it ends before its log does: the file was not copied to its end"};
  return failure;
}

void XmlReader::stop(std::string why) {
  if (wrong_.empty()) wrong_ = std::move(why);
  xmlStopParser(parser_);
}

void XmlReader::stop_for_two(std::uint32_t line, std::string_view key, std::string_view one, std::string_view other) {
  constexpr std::size_t shown = 60;
  stop(fmt::format("line {}: `{}` stands twice, as `{}` and as `{}`: nobody could tell which one counts", line, key,
                   one.substr(0, shown), other.substr(0, shown)));
}

void XmlReader::note(const xmlError& error) {
  if (!complaint_.empty() || error.level <= XML_ERR_WARNING || error.message == nullptr) return;
  complaint_ = error.message;
  while (complaint_.ends_with('\n')) complaint_.pop_back();
  complaint_line_ = error.line;
}

std::uint32_t XmlReader::line() const { return static_cast<std::uint32_t>(parser_->input->line); }

}  // namespace plumb::sources
