#include <algorithm>

#include "diagnostics/render.h"
#include "diagnostics/xml.h"

namespace plumb::diagnostics {

namespace {

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
  for (const Diagnostic& diagnostic : diagnostics) result += xml_text(render_plain(diagnostic, texts)) + "\n";
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
    body += fmt::format("      <error type=\"unreadable\" message=\"{}\"/>\n", xml_text(input.unreadable));
  }
  if (is_failed(report, input)) {
    body += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", failures.front().code,
                        xml_text(counts(failures)), lines(failures, texts));
  }
  if (!others.empty()) body += fmt::format("      <system-out>{}</system-out>\n", lines(others, texts));
  const std::string head = fmt::format("    <testcase classname=\"plumb.check\" name=\"{}\"", xml_text(input.path));
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
