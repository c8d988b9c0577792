#include "sources/encoding.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <iconv.h>

#include <fmt/format.h>

#include "history/load_file.h"

namespace plumb::sources {

namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

std::size_t line_of(std::string_view bytes) {
  return 1 + static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

Result<std::string> convert(std::string_view bytes, const char* from, std::string_view called) {
  const iconv_t converter = iconv_open("UTF-8", from);
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return Failure{fmt::format("it is {}, which this system cannot convert; save it as UTF-8", called)};
  }
  std::string text(bytes.size() * 3 + 4, '\0');
  char* in = const_cast<char*>(bytes.data());
  char* out = text.data();
  std::size_t left = bytes.size();
  std::size_t room = text.size();
  const bool converted = iconv(converter, &in, &left, &out, &room) != static_cast<std::size_t>(-1);
  iconv_close(converter);
  text.resize(text.size() - room);
  if (converted) return text;
  return Failure{
      fmt::format("it looks like {}, and byte {} (line {}) does not belong to a character of it; save it as UTF-8",
                  called, bytes.size() - left + 1, line_of(text))};
}

/// Which half of every pair of bytes is nothing in what is mostly ASCII. Missing: nullptr when neither.
const char* utf16_order(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 2);
  if (start == "\xFF\xFE") return "UTF-16LE";
  if (start == "\xFE\xFF") return "UTF-16BE";
  std::size_t even = 0;
  std::size_t odd = 0;
  const std::size_t looked_at = std::min<std::size_t>(bytes.size(), 400) & ~std::size_t{1};
  for (std::size_t i = 0; i < looked_at; ++i) (i % 2 == 0 ? even : odd) += bytes[i] == '\0' ? 1 : 0;
  if (looked_at >= 4 && odd * 3 > looked_at && even == 0) return "UTF-16LE";
  if (looked_at >= 4 && even * 3 > looked_at && odd == 0) return "UTF-16BE";
  return nullptr;
}

Result<Decoded> from_utf16(std::string_view bytes, const char* order) {
  const bool marked = bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF";
  Result<std::string> text = convert(bytes.substr(marked ? 2 : 0), order, "UTF-16");
  if (!text) return Failure{text.error()};
  return Decoded{std::move(*text), "UTF-16"};
}

}  // namespace

Result<Decoded> decode(std::string bytes) {
  if (bytes.starts_with(utf8_mark)) bytes.erase(0, utf8_mark.size());
  if (const char* order = utf16_order(bytes)) return from_utf16(bytes, order);
  const std::string why = history::loading::why_no_text(bytes);
  if (why.empty()) return Decoded{std::move(bytes), {}};
  if (bytes.starts_with("PK") || bytes.find('\0') != std::string::npos) return Failure{why};
  Result<std::string> text = convert(bytes, "WINDOWS-1252", "Windows-1252");
  if (!text) return Failure{text.error()};
  return Decoded{std::move(*text), "Windows-1252"};
}

}  // namespace plumb::sources
