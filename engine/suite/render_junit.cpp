#include <algorithm>

#include <fmt/format.h>

#include "diagnostics/xml.h"
#include "suite/render.h"

namespace plumb::suite {

namespace {

using diagnostics::xml_text;

void add_line(std::string& text, std::size_t indent, std::string_view words) {
  text += std::string(indent, ' ') + xml_text(words) + "\n";
}

void add_turned(std::string& text, const source::Map& texts, const Turned& turned) {
  add_line(text, 2, fmt::format("{}: {}", eval::to_text(turned.verdict), turned.clock));
  for (const std::string& reason : turned.reasons) add_line(text, 4, reason);
  for (const std::string& missing : turned.missing) add_line(text, 4, "it would have to be known: " + missing);
  for (const Evidence& evidence : turned.evidence) {
    add_line(text, 4, fmt::format("{}: {}", place_text(texts, evidence.line), evidence.text));
  }
}

std::string failure(const TestRun& test, const source::Map& texts) {
  std::string first, body;
  const auto say = [&](source::Span line, const std::string& expected, const std::string& found) {
    if (first.empty()) first = found;
    add_line(body, 0,
             fmt::format("{}: {}{}{}", place_text(texts, line), expected, expected.empty() ? "" : ": ", found));
  };
  for (const Trouble& trouble : test.troubles) say(trouble.span, {}, trouble.message);
  for (const Checked& checked : test.checked) {
    if (checked.outcome == Outcome::passed) continue;
    say(checked.line, checked.expected, checked.found);
    for (const Turned& turned : checked.turned) add_turned(body, texts, turned);
    if (checked.untold > 0) add_line(body, 2, fmt::format("and {} more", checked.untold));
  }
  const bool unevaluated =
      test.troubles.empty() && std::none_of(test.checked.begin(), test.checked.end(),
                                            [](const Checked& checked) { return checked.outcome == Outcome::failed; });
  return fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                     unevaluated ? "not-evaluated" : "unmet", xml_text(first), body);
}

std::string test_case(const Ran& ran, const TestRun& test, const source::Map& texts) {
  const std::string head =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"", xml_text(ran.path),
                  xml_text(test.title), xml_text(texts[test.line.text].path()), texts.begin(test.line).line);
  return test.passed() ? head + "/>\n" : head + ">\n" + failure(test, texts) + "    </testcase>\n";
}

std::string test_suite(const Ran& ran, const source::Map& texts) {
  std::string cases;
  std::size_t failed = 0;
  if (!ran.trouble.empty()) {
    cases = fmt::format(
        "    <testcase classname=\"{0}\" name=\"{0}\">\n      <error type=\"not-run\" message=\"{1}\"/>\n"
        "    </testcase>\n",
        xml_text(ran.path), xml_text(ran.trouble));
  }
  for (const TestRun& test : ran.suite.tests) {
    failed += test.passed() ? 0 : 1;
    cases += test_case(ran, test, texts);
  }
  const std::size_t errors = ran.trouble.empty() ? 0 : 1;
  return fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\">\n{}  </testsuite>\n",
      xml_text(ran.path), ran.suite.tests.size() + errors, failed, errors, cases);
}

}  // namespace

std::string render_junit(const std::vector<Ran>& all, const source::Map& texts) {
  std::string suites;
  std::size_t errors = 0;
  for (const Ran& ran : all) {
    errors += ran.trouble.empty() ? 0 : 1;
    suites += test_suite(ran, texts);
  }
  const Total sum = total(all);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"plumb test\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n{}</testsuites>\n",
      sum.tests + errors, sum.failed(), errors, suites);
}

}  // namespace plumb::suite
