#include <set>
#include <tuple>

#include "diagnostics/render.h"

namespace plumb::diagnostics {

bool fails(const Report& report, Severity severity) { return report.fails_at && severity <= *report.fails_at; }

std::vector<Found> without_repeats(const Report& report, const source::Map& texts) {
  using Key = std::tuple<std::string_view, std::uint32_t, std::uint32_t, std::string_view, std::string_view>;
  std::set<Key> seen;
  std::vector<Found> once;
  for (const Checked& input : report.inputs) {
    for (const Diagnostic& diagnostic : input.diagnostics) {
      const source::Span span = diagnostic.span;
      const Key key{span.known() ? std::string_view(texts[span.text].path()) : std::string_view(input.path), span.begin,
                    span.end, diagnostic.code, diagnostic.message};
      if (seen.insert(key).second) once.push_back({diagnostic, input.path});
    }
  }
  return once;
}

}  // namespace plumb::diagnostics
