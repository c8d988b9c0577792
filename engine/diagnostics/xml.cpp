#include "diagnostics/xml.h"

#include "diagnostics/shown.h"
#include "source/utf8.h"

namespace plumb::diagnostics {

std::string xml_text(std::string_view text) {
  // Of most that XML cannot hold `shown` has made `�`.
  const std::string clean = shown(text);
  std::string result;
  for (std::size_t at = 0; at < clean.size();) {
    const source::Character character = source::decode(clean, at);
    switch (character.value) {
      case U'&': result += "&amp;"; break;
      case U'<': result += "&lt;"; break;
      case U'>': result += "&gt;"; break;
      case U'"': result += "&quot;"; break;
      case U'\'': result += "&apos;"; break;
      case char32_t{0xFFFE}:
      case char32_t{0xFFFF}: result += "\xEF\xBF\xBD"; break;
      default: result.append(clean, at, character.size);
    }
    at += character.size;
  }
  return result;
}

}  // namespace plumb::diagnostics
