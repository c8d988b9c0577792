#include <algorithm>

#include <fmt/format.h>

#include "report/page.h"
#include "report/words.h"
#include "suite/render.h"

namespace plumb::suite {

namespace {

using report::Page;
using report::Tone;

struct Shown {
  Page& page;
  const source::Map& texts;
};

void put_turned(const Shown& shown, const Turned& turned) {
  std::string head = fmt::format("{}: {}", eval::to_text(turned.verdict), turned.clock);
  if (!turned.owed_by.empty()) head += ", owed by " + turned.owed_by;
  shown.page.paragraph(6, head);
  for (const std::string& reason : turned.reasons) shown.page.paragraph(8, reason);
  for (const std::string& missing : turned.missing) shown.page.paragraph(8, "it would have to be known: " + missing);
  for (const Evidence& evidence : turned.evidence) {
    const std::string place = place_text(shown.texts, evidence.line);
    shown.page.line(8, {{place.empty() ? evidence.text : fmt::format("{}: {}", place, evidence.text), Tone::quiet}});
  }
}

void put_checked(const Shown& shown, const Checked& checked) {
  if (checked.outcome == Outcome::passed) return;
  shown.page.paragraph(4, fmt::format("{}: {}", place_text(shown.texts, checked.line), checked.expected));
  shown.page.paragraph(6, checked.found, checked.outcome == Outcome::failed ? Tone::bad : Tone::warning);
  for (const Turned& turned : checked.turned) put_turned(shown, turned);
  if (checked.untold > 0) shown.page.paragraph(6, fmt::format("and {} more", checked.untold));
}

void put_trouble(const Shown& shown, const Trouble& trouble) {
  shown.page.paragraph(4, fmt::format("{}: {}", place_text(shown.texts, trouble.span), trouble.message), Tone::bad);
  if (!trouble.help.empty()) shown.page.paragraph(6, trouble.help);
}

void put_failed(const Shown& shown, const TestRun& test) {
  shown.page.line(2, {{"failed: ", Tone::bad}, {test.title, Tone::strong}});
  for (const Trouble& trouble : test.troubles) put_trouble(shown, trouble);
  for (const Checked& checked : test.checked) put_checked(shown, checked);
}

void put_left_out(const Shown& shown, const std::vector<LeftOut>& all) {
  for (const auto& [declaration, words] : all) {
    shown.page.paragraph(2, fmt::format("{}: {} `{}` is understood and not evaluated yet{}: left out",
                                        place_text(shown.texts, declaration.span), declaration.keyword,
                                        declaration.name, eval::beyond_text(words, shown.texts)));
  }
}

std::string counts_text(std::size_t tests, std::size_t passed) {
  std::string text = report::count_text(tests, "test", "tests");
  if (tests == 0) return text;
  if (passed == tests) return text + (tests == 1 ? ", passed" : ", all passed");
  return fmt::format("{}: {} passed, {} failed", text, passed, tests - passed);
}

std::string coverage_text(std::size_t per_mille, std::size_t exercised, std::size_t points) {
  if (points == 0) return "nothing in it can be tested";
  return fmt::format("the tests exercise {} ({} of {})", percent_text(per_mille), report::number_text(exercised),
                     report::number_text(points));
}

/// Of a rule that no test is about its conditions and deadlines are not listed one by one.
void put_gaps(const Shown& shown, const Coverage& coverage) {
  bool untouched = false;
  for (const Point& point : coverage.points) {
    const bool part_of_rule = point.part == Part::condition || point.part == Part::deadline;
    if (!part_of_rule) untouched = point.part == Part::rule && !point.exercised;
    if (point.exercised || (part_of_rule && untouched)) continue;
    shown.page.paragraph(4, fmt::format("{}: {}: {}", place_text(shown.texts, point.span), gap_text(point), point.why));
  }
}

void put_rulebook(const Shown& shown, const Ran& ran, bool gaps) {
  if (!ran.trouble.empty()) {
    shown.page.line(0, {{ran.path + ": ", Tone::strong}, {ran.trouble, Tone::bad}});
    return;
  }
  const auto passed = static_cast<std::size_t>(
      std::count_if(ran.suite.tests.begin(), ran.suite.tests.end(), [](const TestRun& test) { return test.passed(); }));
  const bool good = passed == ran.suite.tests.size();
  shown.page.line(0, {{ran.path + ": ", Tone::strong},
                      {counts_text(ran.suite.tests.size(), passed), good ? Tone::good : Tone::bad}});
  put_left_out(shown, ran.suite.left_out);
  for (const TestRun& test : ran.suite.tests) {
    if (!test.passed()) put_failed(shown, test);
  }
  shown.page.line(2, coverage_text(ran.coverage.per_mille(), ran.coverage.exercised(), ran.coverage.points.size()));
  if (gaps) put_gaps(shown, ran.coverage);
}

}  // namespace

Total total(const std::vector<Ran>& all) {
  Total sum;
  for (const Ran& ran : all) {
    sum.tests += ran.suite.tests.size();
    for (const TestRun& test : ran.suite.tests) sum.passed += test.passed() ? 1 : 0;
    sum.points += ran.coverage.points.size();
    sum.exercised += ran.coverage.exercised();
  }
  return sum;
}

std::string place_text(const source::Map& texts, source::Span span) {
  if (!span.known()) return {};
  return fmt::format("{}:{}", texts[span.text].path(), texts.begin(span).line);
}

std::string percent_text(std::size_t per_mille) {
  return per_mille % 10 == 0 ? fmt::format("{}%", per_mille / 10)
                             : fmt::format("{}.{}%", per_mille / 10, per_mille % 10);
}

std::string gap_text(const Point& point) {
  switch (point.part) {
    case Part::condition: return fmt::format("{}: `{}` is {}", point.of, point.what, point.side);
    case Part::deadline: return fmt::format("{}: the deadline is {}", point.of, point.side);
    case Part::move: return fmt::format("{}: the move {}", point.of, point.what);
    case Part::stage: return fmt::format("the stage {}", point.of);
    case Part::rule: break;
  }
  return point.of;
}

std::string render_human(const std::vector<Ran>& all, const source::Map& texts, const HumanStyle& style) {
  Page page(style.colour);
  const Shown shown{page, texts};
  for (const Ran& ran : all) put_rulebook(shown, ran, style.gaps);
  if (all.size() == 1) return page.take();
  const Total sum = total(all);
  page.line(0, {{fmt::format("{}, in {}; {}", counts_text(sum.tests, sum.passed),
                             report::count_text(all.size(), "rulebook", "rulebooks"),
                             coverage_text(sum.per_mille(), sum.exercised, sum.points)),
                 sum.failed() == 0 ? Tone::good : Tone::bad}});
  return page.take();
}

}  // namespace plumb::suite
