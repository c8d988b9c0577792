#include "sources/encoding.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include <iconv.h>

#include <fmt/format.h>

#include "history/load_file.h"

namespace plumb::sources {

namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

std::size_t line_of(std::string_view bytes) {
  return 1 + static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

/// `known`: how it is known, `it looks like UTF-16`; `otherwise`: what there is to do.
Result<std::string> convert(std::string_view bytes, const std::string& from, std::string_view known,
                            std::string_view otherwise) {
  const iconv_t converter = iconv_open("UTF-8", from.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return Failure{fmt::format("{}, which this system cannot convert; save it as UTF-8", known)};
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
  return Failure{fmt::format("{}, and byte {} (line {}) does not belong to a character of it; {}", known,
                             bytes.size() - left + 1, line_of(text), otherwise)};
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
  Result<std::string> text = convert(bytes.substr(marked ? 2 : 0), order, "it looks like UTF-16", "save it as UTF-8");
  if (!text) return Failure{text.error()};
  return Decoded{std::move(*text), "UTF-16"};
}

/// Of a text that is UTF-8 but for a few bytes which those are. Missing: empty when it is another encoding, in which
/// what looks like a character of UTF-8 is chance.
std::string damage_of(std::string_view bytes) {
  using history::loading::first_broken;
  std::size_t characters = 0, broken = 0, first = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const std::string_view rest = bytes.substr(at);
    const std::string_view good = rest.substr(0, first_broken(rest));
    characters += static_cast<std::size_t>(
        std::count_if(good.begin(), good.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC2; }));
    at += good.size();
    if (at < bytes.size() && broken++ == 0) first = at;
  }
  if (broken >= characters) return {};
  return fmt::format(
      "it is UTF-8, but {} {} no part of it, first in line {} (byte {:#04x}): put that right, or say its `encoding` in "
      "a "
      "mapping",
      broken == 1 ? std::string("1 byte") : fmt::format("{} bytes", broken), broken == 1 ? "is" : "are",
      line_of(bytes.substr(0, first)), static_cast<unsigned char>(bytes[first]));
}

/// Letters and digits, in small letters.
std::string plain(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) letters += static_cast<char>(std::tolower(byte));
  }
  return letters;
}

}  // namespace

const std::vector<std::string>& encodings() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE"};
    for (int page = 1250; page <= 1258; ++page) all.push_back(fmt::format("windows-{}", page));
    for (int part = 1; part <= 16; ++part) {
      if (part != 12) all.push_back(fmt::format("ISO-8859-{}", part));  // which there is not
    }
    for (const char* name : {"IBM437", "IBM850", "IBM852", "macintosh", "KOI8-R", "KOI8-U", "Shift_JIS", "EUC-JP",
                             "EUC-KR", "GBK", "GB18030", "Big5"}) {
      all.emplace_back(name);
    }
    return all;
  }();
  return names;
}

std::string_view encoding_named(std::string_view name) {
  std::string wanted = plain(name);
  for (const auto& [also, called] : {std::pair("latin1", "iso88591"), std::pair("latin2", "iso88592"),
                                     std::pair("latin9", "iso885915"), std::pair("macroman", "macintosh")}) {
    if (wanted == also) wanted = called;
  }
  for (const std::string& known : encodings()) {
    const std::string form = plain(known);
    if (form == wanted || (form.starts_with("windows") && "cp" + form.substr(7) == wanted) ||
        (form.starts_with("ibm") && "cp" + form.substr(3) == wanted)) {
      return known;
    }
  }
  return {};
}

namespace {

/// Whether it is UTF-8 without a NUL; of a file little is kept in memory meanwhile.
bool is_text(const Bytes& bytes) {
  constexpr std::size_t at_once = std::size_t{16} << 20U;
  const std::string_view text = bytes.view();
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(at + at_once, text.size());
    while (end < text.size() && end > at + 1 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    if (!history::loading::is_text(text.substr(at, end - at))) return false;
    bytes.let_go();
    at = end;
  }
  return true;
}

}  // namespace

Result<Decoded> decode(const Bytes& given, std::string_view encoding, std::string_view said_by) {
  if (encoding.empty()) return decode(given);
  const std::string_view bytes = given.view();
  const std::string known = fmt::format("{} that it is {}", said_by, encoding);
  const std::string_view otherwise = "say another `encoding`, or none, so that it is recognised";
  std::string from(encoding);
  std::size_t mark = encoding == "UTF-8" && bytes.starts_with(utf8_mark) ? utf8_mark.size() : 0;
  if (encoding == "UTF-8" && is_text(given)) return Decoded{given.from(mark), std::string(encoding)};
  if (encoding.starts_with("UTF-16")) {
    const bool little = bytes.starts_with("\xFF\xFE"), big = bytes.starts_with("\xFE\xFF");
    if (little || big) mark = 2;
    if (encoding == "UTF-16") from = big ? "UTF-16BE" : "UTF-16LE";
  }
  Result<std::string> text = convert(bytes.substr(mark), from, known, otherwise);
  if (!text) return Failure{text.error()};
  if (const std::size_t nul = text->find('\0'); nul != std::string::npos) {
    return Failure{fmt::format("{}, and line {} holds a NUL then; {}", known,
                               line_of(std::string_view(*text).substr(0, nul)), otherwise)};
  }
  return Decoded{std::move(*text), std::string(encoding)};
}

Result<Decoded> decode(const Bytes& given) {
  std::string_view bytes = given.view();
  const bool marked = bytes.starts_with(utf8_mark);
  const std::size_t begin = marked ? utf8_mark.size() : 0;
  bytes.remove_prefix(begin);
  if (!bytes.starts_with("PK") && is_text(given)) return Decoded{given.from(begin), {}};
  if (marked) {
    // Who writes the mark means it.
    return Failure{
        fmt::format("it begins with the byte order mark of UTF-8, and {}", history::loading::why_no_text(bytes))};
  }
  if (const char* order = utf16_order(bytes)) return from_utf16(bytes, order);
  const std::string why = history::loading::why_no_text(bytes);
  if (bytes.starts_with("PK") || bytes.find('\0') != std::string_view::npos) return Failure{why};
  if (std::string damage = damage_of(bytes); !damage.empty()) return Failure{std::move(damage)};
  Result<std::string> text = convert(bytes, "WINDOWS-1252", "it looks like Windows-1252",
                                     "save it as UTF-8, or say its `encoding` in a mapping");
  if (!text) return Failure{text.error()};
  return Decoded{std::move(*text), "Windows-1252"};
}

}  // namespace plumb::sources
