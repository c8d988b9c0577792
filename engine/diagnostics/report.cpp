#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "diagnostics/render.h"

namespace plumb::diagnostics {

namespace {

using Place = std::vector<Diagnostic>::const_iterator;

void add_first(Place begin, Place end, std::vector<Diagnostic>& shown) {
  std::array<std::size_t, 3> kept{};
  std::size_t left_out = 0;
  source::Span first_left_out;
  for (Place at = begin; at != end; ++at) {
    std::size_t& of_severity = kept.at(static_cast<std::size_t>(at->severity));
    if (of_severity++ < most_shown) {
      shown.push_back(*at);
    } else if (left_out++ == 0) {
      first_left_out = at->span;
    }
  }
  if (left_out == 0) return;
  Sink sink;
  sink.report(first_left_out, diag::NotAllShown, left_out).hint("what is repaired first may repair others with it");
  shown.push_back(sink.all().front());
}

}  // namespace

std::vector<Diagnostic> bounded(const std::vector<Diagnostic>& sorted) {
  std::vector<Diagnostic> shown;
  for (Place at = sorted.begin(); at != sorted.end();) {
    const Place end = std::find_if(at, sorted.end(), [&](const auto& d) { return d.span.text != at->span.text; });
    add_first(at, end, shown);
    at = end;
  }
  return shown;
}

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
