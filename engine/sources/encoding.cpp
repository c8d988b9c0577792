#include "sources/encoding.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <iconv.h>

#include <fmt/format.h>

#include "history/load_file.h"

namespace plumb::sources {

namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

constexpr std::size_t at_once = std::size_t{1} << 18U;

std::size_t lines_in(std::string_view bytes) {
  return static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

/// How many bytes at the end of a piece may begin a character that goes on behind it.
std::size_t begun_at_end(std::string_view piece) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, piece.size()); ++back) {
    const auto byte = static_cast<unsigned char>(piece[piece.size() - back]);
    if ((byte & 0xC0U) == 0x80U) continue;
    const std::size_t size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return size > back ? back : 0;
  }
  return 0;
}

/// In pieces that do not cut a character in two. `see`: says whether it wants another. Errors: they cannot be read.
template <class See>
std::optional<Failure> each_piece(const Bytes& bytes, See&& see) {
  std::string held;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t left = held.size();
    held.resize(std::min(left + at_once, left + bytes.size() - at));
    const Result<std::size_t> size = bytes.read(at, held.data() + left, held.size() - left);
    if (!size) return Failure{size.error()};
    at += *size;
    const std::size_t begun = at == bytes.size() ? 0 : begun_at_end(held);
    if (!see(std::string_view(held).substr(0, held.size() - begun))) return std::nullopt;
    held.erase(0, held.size() - begun);
  }
  return std::nullopt;
}

/// Whether it is UTF-8 without a NUL.
Result<bool> is_text(const Bytes& bytes) {
  bool is = true;
  const auto wrong = each_piece(bytes, [&](std::string_view piece) { return is = history::loading::is_text(piece); });
  return wrong ? Result<bool>(*wrong) : is;
}

/// What a text is that is not UTF-8 throughout.
struct Looked {
  std::optional<history::loading::NoText> nul, broken;  // the first
  std::size_t characters = 0;                           // of more than one byte
  std::size_t broken_bytes = 0;
};

Result<Looked> look(const Bytes& bytes) {
  Looked looked;
  std::size_t begin = 0, lines = 1;
  const auto wrong = each_piece(bytes, [&](std::string_view piece) {
    const auto fault = [&](std::size_t at) {
      return history::loading::NoText{begin + at, lines + lines_in(piece.substr(0, at)),
                                      static_cast<unsigned char>(piece[at])};
    };
    if (const std::size_t nul = piece.find('\0'); nul != std::string_view::npos && !looked.nul) looked.nul = fault(nul);
    for (std::size_t at = 0; at < piece.size(); ++at) {
      const std::string_view rest = piece.substr(at);
      const std::string_view good = rest.substr(0, history::loading::first_broken(rest));
      looked.characters += static_cast<std::size_t>(
          std::count_if(good.begin(), good.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC2; }));
      at += good.size();
      if (at < piece.size() && looked.broken_bytes++ == 0) looked.broken = fault(at);
    }
    begin += piece.size(), lines += lines_in(piece);
    return true;
  });
  if (wrong) return *wrong;
  return looked;
}

/// A text in UTF-8.
struct Converted {
  Bytes text;
  std::size_t nul_line = 0;  // that of the first NUL in it; 0: there is none
};

/// Writes bytes of an encoding as UTF-8 while they go by.
class Converter {
 public:
  Converter(iconv_t converter, const Scratch& scratch) : converter_(converter), text_(scratch) {}
  ~Converter() { iconv_close(converter_); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  /// Errors: they cannot be read.
  std::optional<Failure> convert(const Bytes& bytes) {
    std::string held;
    for (std::size_t at = 0; at < bytes.size() && !misfit_;) {
      const std::size_t left = held.size();
      held.resize(left + std::min(at_once, bytes.size() - at));
      const Result<std::size_t> size = bytes.read(at, held.data() + left, held.size() - left);
      if (!size) return Failure{size.error()};
      at += *size;
      held.erase(0, put(held, at == bytes.size()));
    }
    put({}, true);
    return std::nullopt;
  }
  /// Which byte belongs to no character, from 1, and in which line. Missing: nullopt when all do.
  std::optional<std::pair<std::size_t, std::size_t>> misfit() const {
    return misfit_ ? std::optional(std::pair(read_ + 1, lines_)) : std::nullopt;
  }
  Result<Converted> finish() {
    Result<Bytes> text = text_.finish();
    if (!text) return Failure{text.error()};
    return Converted{std::move(*text), nul_line_};
  }

 private:
  /// How much of it is converted; a character that goes on behind it is not. Nothing: what the converter still has.
  std::size_t put(std::string_view piece, bool last) {
    char* in = const_cast<char*>(piece.data());
    std::size_t left = piece.size();
    for (bool more = !misfit_; more;) {
      char* out = room_.data();
      std::size_t room = room_.size();
      const std::size_t done = iconv(converter_, piece.empty() ? nullptr : &in, &left, &out, &room);
      const int why = done == static_cast<std::size_t>(-1) ? errno : 0;
      take(std::string_view(room_).substr(0, room_.size() - room));
      more = why == E2BIG;
      misfit_ = why == EILSEQ || (why == EINVAL && last);
    }
    read_ += piece.size() - left;
    return piece.size() - left;
  }

  void take(std::string_view text) {
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos && nul_line_ == 0)
      nul_line_ = lines_ + lines_in(text.substr(0, nul));
    lines_ += lines_in(text);
    text_.append(text);
  }

  iconv_t converter_;
  Aside text_;
  std::string room_ = std::string(at_once, '\0');
  std::size_t read_ = 0, lines_ = 1, nul_line_ = 0;
  bool misfit_ = false;
};

/// `known`: how it is known, `it looks like UTF-16`; `otherwise`: what there is to do.
Result<Converted> convert(const Bytes& bytes, const std::string& from, std::string_view known,
                          std::string_view otherwise, const Scratch& scratch) {
  const iconv_t opened = iconv_open("UTF-8", from.c_str());
  if (opened == reinterpret_cast<iconv_t>(-1)) {
    return Failure{fmt::format("{}, which this system cannot convert; save it as UTF-8", known)};
  }
  Converter converter(opened, scratch);
  if (const auto wrong = converter.convert(bytes)) return *wrong;
  if (const auto misfit = converter.misfit()) {
    return Failure{fmt::format("{}, and byte {} (line {}) does not belong to a character of it; {}", known,
                               misfit->first, misfit->second, otherwise)};
  }
  return converter.finish();
}

/// Which half of every pair of bytes is nothing in what is mostly ASCII. Missing: nullptr when neither.
const char* utf16_order(std::string_view start) {
  if (start.starts_with("\xFF\xFE")) return "UTF-16LE";
  if (start.starts_with("\xFE\xFF")) return "UTF-16BE";
  std::size_t even = 0;
  std::size_t odd = 0;
  const std::size_t looked_at = start.size() & ~std::size_t{1};
  for (std::size_t i = 0; i < looked_at; ++i) (i % 2 == 0 ? even : odd) += start[i] == '\0' ? 1 : 0;
  if (looked_at >= 4 && odd * 3 > looked_at && even == 0) return "UTF-16LE";
  if (looked_at >= 4 && even * 3 > looked_at && odd == 0) return "UTF-16BE";
  return nullptr;
}

/// Of a text that is UTF-8 but for a few bytes which those are. Missing: empty when it is another encoding, in which
/// what looks like a character of UTF-8 is chance.
std::string damage_of(const Looked& looked) {
  if (looked.broken_bytes >= looked.characters) return {};
  return fmt::format(
      "it is UTF-8, but {} {} no part of it, first in line {} (byte {:#04x}): put that right, or say its `encoding` in "
      "a "
      "mapping",
      looked.broken_bytes == 1 ? std::string("1 byte") : fmt::format("{} bytes", looked.broken_bytes),
      looked.broken_bytes == 1 ? "is" : "are", looked.broken->line, looked.broken->byte);
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

Result<Decoded> decode(const Bytes& bytes, std::string_view encoding, std::string_view said_by,
                       const Scratch& scratch) {
  if (encoding.empty()) return decode(bytes, scratch);
  const std::string start = bytes.beginning(utf8_mark.size());
  const std::string known = fmt::format("{} that it is {}", said_by, encoding);
  const std::string_view otherwise = "say another `encoding`, or none, so that it is recognised";
  std::string from(encoding);
  std::size_t mark = encoding == "UTF-8" && start.starts_with(utf8_mark) ? utf8_mark.size() : 0;
  if (encoding == "UTF-8") {
    const Result<bool> fits = is_text(bytes);
    if (!fits) return Failure{fits.error()};
    if (*fits) return Decoded{bytes.from(mark), std::string(encoding)};
  }
  if (encoding.starts_with("UTF-16")) {
    const bool little = start.starts_with("\xFF\xFE"), big = start.starts_with("\xFE\xFF");
    if (little || big) mark = 2;
    if (encoding == "UTF-16") from = big ? "UTF-16BE" : "UTF-16LE";
  }
  Result<Converted> converted = convert(bytes.from(mark), from, known, otherwise, scratch);
  if (!converted) return Failure{converted.error()};
  if (converted->nul_line > 0)
    return Failure{fmt::format("{}, and line {} holds a NUL then; {}", known, converted->nul_line, otherwise)};
  return Decoded{std::move(converted->text), std::string(encoding)};
}

Result<Decoded> decode(const Bytes& given, const Scratch& scratch) {
  constexpr std::size_t looked_at = 400;
  const bool marked = given.beginning(utf8_mark.size()) == utf8_mark;
  const Bytes bytes = given.from(marked ? utf8_mark.size() : 0);
  const std::string start = bytes.beginning(looked_at);
  const bool is_archive = history::loading::is_archive(start);
  const Result<bool> fits = is_archive ? false : is_text(bytes);
  if (!fits) return Failure{fits.error()};
  if (*fits) return Decoded{bytes, {}};
  const Result<Looked> looked = look(bytes);
  if (!looked) return Failure{looked.error()};
  const std::string why = history::loading::why_no_text(start, looked->nul ? looked->nul : looked->broken);
  // Who writes the mark means it.
  if (marked) return Failure{fmt::format("it begins with the byte order mark of UTF-8, and {}", why)};
  const auto converted = [&](const Bytes& text, const char* from, const char* name, std::string_view otherwise) {
    Result<Converted> utf8 = convert(text, from, fmt::format("it looks like {}", name), otherwise, scratch);
    return utf8 ? Result<Decoded>(Decoded{std::move(utf8->text), name}) : Failure{utf8.error()};
  };
  if (const char* order = utf16_order(start)) {
    const bool is_marked = start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF");
    return converted(bytes.from(is_marked ? 2 : 0), order, "UTF-16", "save it as UTF-8");
  }
  if (is_archive || looked->nul) return Failure{why};
  if (std::string damage = damage_of(*looked); !damage.empty()) return Failure{std::move(damage)};
  return converted(bytes, "WINDOWS-1252", "Windows-1252", "save it as UTF-8, or say its `encoding` in a mapping");
}

}  // namespace plumb::sources
