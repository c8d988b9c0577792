#include <algorithm>
#include <array>

#include "diagnostics/json_writer.h"
#include "report/escape.h"
#include "suite/render.h"

namespace plumb::suite {

namespace {

using diagnostics::JsonWriter;

struct Writing {
  JsonWriter& out;
  const source::Map& texts;
};

void put_place(const Writing& w, source::Span span) {
  if (!span.known()) return;
  w.out.text("file", w.texts[span.text].path());
  w.out.number("line", w.texts.begin(span).line);
}

void put_instant(const Writing& w, std::string_view name, time::Instant at) {
  if (report::is_date(at)) w.out.text(name, time::to_text_utc(at));
}

void put_texts(const Writing& w, std::string_view name, const std::vector<std::string>& all) {
  w.out.open(name, '[');
  for (const std::string& one : all) w.out.text("", one);
  w.out.close(']');
}

void put_turned(const Writing& w, const Turned& turned) {
  w.out.open("", '{');
  w.out.text("verdict", eval::to_text(turned.verdict));
  if (!turned.owed_by.empty()) w.out.text("owed_by", turned.owed_by);
  put_instant(w, "opened", turned.opened);
  put_instant(w, "deadline", turned.deadline);
  put_instant(w, "settled", turned.settled);
  put_texts(w, "reasons", turned.reasons);
  put_texts(w, "missing", turned.missing);
  w.out.open("evidence", '[');
  for (const Evidence& evidence : turned.evidence) {
    w.out.open("", '{');
    put_place(w, evidence.line);
    w.out.text("fact", evidence.text);
    w.out.close('}');
  }
  w.out.close(']');
  w.out.close('}');
}

std::string_view word(Outcome outcome) {
  static constexpr std::array<std::string_view, 3> words{"passed", "failed", "not evaluated"};
  return words[static_cast<std::size_t>(outcome)];
}

void put_checked(const Writing& w, const Checked& checked) {
  w.out.open("", '{');
  put_place(w, checked.line);
  w.out.text("expected", checked.expected);
  w.out.text("outcome", word(checked.outcome));
  if (!checked.found.empty()) w.out.text("found", checked.found);
  if (checked.outcome != Outcome::passed) {
    w.out.open("obligations", '[');
    for (const Turned& turned : checked.turned) put_turned(w, turned);
    w.out.close(']');
    if (checked.untold > 0) w.out.number("more", checked.untold);
  }
  w.out.close('}');
}

void put_test(const Writing& w, const TestRun& test) {
  w.out.open("", '{');
  w.out.text("title", test.title);
  put_place(w, test.line);
  w.out.text("outcome", test.passed() ? "passed" : "failed");
  if (!test.troubles.empty()) {
    w.out.open("troubles", '[');
    for (const Trouble& trouble : test.troubles) {
      w.out.open("", '{');
      put_place(w, trouble.span);
      w.out.text("message", trouble.message);
      if (!trouble.help.empty()) w.out.text("help", trouble.help);
      w.out.close('}');
    }
    w.out.close(']');
  }
  w.out.open("expectations", '[');
  for (const Checked& checked : test.checked) put_checked(w, checked);
  w.out.close(']');
  w.out.close('}');
}

void put_numbers(const Writing& w, std::size_t per_mille, std::size_t exercised, std::size_t points) {
  w.out.text("percent", percent_text(per_mille));
  w.out.number("exercised", exercised);
  w.out.number("of", points);
}

void put_coverage(const Writing& w, const Coverage& coverage) {
  w.out.open("coverage", '{');
  put_numbers(w, coverage.per_mille(), coverage.exercised(), coverage.points.size());
  w.out.open("gaps", '[');
  for (const Point& point : coverage.points) {
    if (point.exercised) continue;
    w.out.open("", '{');
    w.out.text("part", to_text(point.part));
    w.out.text("of", point.of);
    if (!point.what.empty()) w.out.text("what", point.what);
    if (!point.side.empty()) w.out.text("side", point.side);
    put_place(w, point.span);
    w.out.text("why", point.why);
    w.out.close('}');
  }
  w.out.close(']');
  w.out.close('}');
}

void put_left_out(const Writing& w, const LeftOut& left_out) {
  w.out.open("", '{');
  w.out.text("keyword", left_out.declaration.keyword);
  w.out.text("name", left_out.declaration.name);
  put_place(w, left_out.declaration.span);
  if (!left_out.words.empty()) {
    w.out.open("words", '[');
    for (const eval::Beyond& one : left_out.words) {
      w.out.open("", '{');
      w.out.text("says", one.words);
      put_place(w, one.span);
      w.out.close('}');
    }
    w.out.close(']');
  }
  w.out.close('}');
}

void put_rulebook(const Writing& w, const Ran& ran) {
  w.out.open("", '{');
  w.out.text("path", ran.path);
  if (!ran.trouble.empty()) w.out.text("trouble", ran.trouble);
  w.out.open("tests", '[');
  for (const TestRun& test : ran.suite.tests) put_test(w, test);
  w.out.close(']');
  w.out.open("left_out", '[');
  for (const LeftOut& one : ran.suite.left_out) put_left_out(w, one);
  w.out.close(']');
  put_coverage(w, ran.coverage);
  w.out.close('}');
}

}  // namespace

std::string render_json(const std::vector<Ran>& all, const source::Map& texts) {
  JsonWriter out;
  const Writing w{out, texts};
  const Total sum = total(all);
  out.open("", '{');
  out.number("tests", sum.tests);
  out.number("passed", sum.passed);
  out.number("failed", sum.failed());
  out.open("coverage", '{');
  put_numbers(w, sum.per_mille(), sum.exercised, sum.points);
  out.close('}');
  out.open("rulebooks", '[');
  for (const Ran& ran : all) put_rulebook(w, ran);
  out.close(']');
  out.close('}');
  return out.take();
}

}  // namespace plumb::suite
