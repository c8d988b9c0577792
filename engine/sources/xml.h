#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sources/bytes.h"

struct _xmlParserCtxt;
struct _xmlError;

/// XML while it goes by; inside of this module only.
namespace plumb::sources {

/// Of an element, as the parser says them: name, prefix, address, and the beginning and end of the value.
struct XmlAttributes {
  const unsigned char** of;
  std::size_t count;

  /// Of one without a prefix. Missing: nullopt.
  std::optional<std::string_view> value(std::string_view name) const;
};

/// Is told the elements of a log in XML as they begin and end.
class XmlReader {
 public:
  virtual ~XmlReader() = default;

  /// Errors: no well-formed XML, with the line; a log that is cut short; a document type, which none needs; what `stop`
  /// said; it cannot be read. Memory: a piece of the text.
  std::optional<Failure> read(const Bytes& bytes);

 protected:
  virtual void begin(std::string_view element, const XmlAttributes& attributes) = 0;
  virtual void end() = 0;
  /// A piece of what stands between.
  virtual void text(std::string_view) {}

  /// Nothing more is told. Of several the first counts.
  void stop(std::string why);
  /// The same for a key that has two values in one element.
  void stop_for_two(std::uint32_t line, std::string_view key, std::string_view one, std::string_view other);
  /// Of what was told last, from 1.
  std::uint32_t line() const;

 private:
  struct Told;
  void note(const _xmlError& error);
  std::optional<Failure> parse(const Bytes& bytes);

  _xmlParserCtxt* parser_ = nullptr;
  std::string wrong_, complaint_;  // what we say, and what the parser does
  int complaint_line_ = 0;
};

}  // namespace plumb::sources
