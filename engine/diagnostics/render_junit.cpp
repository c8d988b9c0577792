#include <algorithm>

#include "diagnostics/render.h"
#include "diagnostics/shown.h"
#include "source/utf8.h"

namespace plumb::diagnostics {

namespace {

/// Text and attributes alike. What XML 1.0 cannot hold is `�`, which `shown` has made of most of it.
std::string xml(std::string_view text) {
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

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// `2 errors, 1 note`
std::string counts(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> parts;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    const auto count = static_cast<std::size_t>(
        std::count_if(diagnostics.begin(), diagnostics.end(), [&](const auto& d) { return d.severity == severity; }));
    if (count > 0) parts.push_back(counted(count, to_text(severity)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string lines(const std::vector<Diagnostic>& diagnostics, const source::Map& texts) {
  std::string result;
  for (const Diagnostic& diagnostic : diagnostics) result += xml(render_plain(diagnostic, texts)) + "\n";
  return result;
}

bool is_failed(const Report& report, const Checked& input) {
  return input.unreadable.empty() && std::any_of(input.diagnostics.begin(), input.diagnostics.end(),
                                                 [&](const auto& d) { return fails(report, d.severity); });
}

std::string test_case(const Report& report, const Checked& input, const source::Map& texts) {
  std::string body;
  std::vector<Diagnostic> failures, others;
  for (const Diagnostic& d : input.diagnostics) (fails(report, d.severity) ? failures : others).push_back(d);
  if (!input.unreadable.empty()) {
    body += fmt::format("      <error type=\"unreadable\" message=\"{}\"/>\n", xml(input.unreadable));
  }
  if (is_failed(report, input)) {
    body += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", failures.front().code,
                        xml(counts(failures)), lines(failures, texts));
  }
  if (!others.empty()) body += fmt::format("      <system-out>{}</system-out>\n", lines(others, texts));
  const std::string head = fmt::format("    <testcase classname=\"plumb.check\" name=\"{}\"", xml(input.path));
  return body.empty() ? head + "/>\n" : head + ">\n" + body + "    </testcase>\n";
}

}  // namespace

std::string render_junit(const Report& report, const source::Map& texts) {
  std::size_t failed = 0;
  std::size_t unreadable = 0;
  std::string cases;
  for (const Checked& input : report.inputs) {
    failed += is_failed(report, input) ? 1 : 0;
    unreadable += input.unreadable.empty() ? 0 : 1;
    cases += test_case(report, input, texts);
  }
  const std::string numbers = fmt::format("name=\"plumb check\" tests=\"{}\" failures=\"{}\" errors=\"{}\"",
                                          report.inputs.size(), failed, unreadable);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites {}>\n"
      "  <testsuite {} skipped=\"0\">\n{}  </testsuite>\n"
      "</testsuites>\n",
      numbers, numbers, cases);
}

}  // namespace plumb::diagnostics
