#include "suite/judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "report/periods.h"
#include "report/words.h"
#include "suite/because.h"
#include "suite/nothing.h"

namespace plumb::suite {

namespace {

using model::TestExpectation;
using model::VerdictWord;

static_assert(static_cast<int>(VerdictWord::cannot_tell) == static_cast<int>(eval::Verdict::cannot_tell) &&
                  static_cast<int>(VerdictWord::due) == static_cast<int>(eval::Verdict::due) &&
                  static_cast<int>(VerdictWord::excused) == static_cast<int>(eval::Verdict::excused),
              "a verdict is the same word in a test and in an evaluation");

eval::Verdict verdict_of(VerdictWord word) { return static_cast<eval::Verdict>(word); }

std::string subject_name(const model::Test& test, const TestExpectation& expectation) {
  return expectation.subject == model::the_company ? std::string("company") : test.cast[expectation.subject].name;
}

// How many obligations are listed: a test says what it means of a few.
constexpr std::size_t most_listed = 6;

void list(const Evaluated& evaluated, const std::vector<std::size_t>& rows, Checked& checked) {
  for (std::size_t i = 0; i < rows.size() && i < most_listed; ++i) {
    checked.turned.push_back(turned(evaluated, rows[i]));
  }
  checked.untold = rows.size() - checked.turned.size();
}

std::string verdict_text(eval::Verdict verdict) {
  return verdict == eval::Verdict::cannot_tell ? std::string("it cannot be told")
                                               : fmt::format("it is {}", eval::to_text(verdict));
}

std::string counted(std::size_t count) { return count == 1 ? "one thing" : fmt::format("{} things", count); }

void judge_none(const Evaluated& evaluated, const std::string& who, const TestExpectation& expectation,
                const Matches& matches, Checked& checked) {
  if (matches.all.empty()) {
    checked.outcome = Outcome::passed;
    return;
  }
  checked.found = fmt::format("`{}` asks {} of `{}`", expectation.rule, counted(matches.all.size()), who);
  list(evaluated, matches.all, checked);
}

// None, or several that the test does not tell apart.
void judge_number(const Evaluated& evaluated, const std::string& who, const TestExpectation& expectation,
                  const Matches& matches, Checked& checked) {
  if (matches.all.empty()) {
    checked.found = fmt::format("`{}` asks nothing of `{}`", expectation.rule, who);
    const auto named = [&](const model::Rule& rule) { return rule.name == expectation.rule; };
    const auto rule = std::find_if(evaluated.book.rules.begin(), evaluated.book.rules.end(), named);
    const std::string why = rule == evaluated.book.rules.end() ? "" : why_nothing(evaluated, *rule, who);
    if (!why.empty()) checked.found += ": " + why;
  } else if (matches.chosen.empty()) {
    checked.found = fmt::format("`{}` asks {} of `{}`, and nothing that opened then", expectation.rule,
                                counted(matches.all.size()), who);
  } else {
    checked.found = fmt::format("`{}` asks {} of `{}`{}: say with `opened` which is meant", expectation.rule,
                                counted(matches.chosen.size()), who, expectation.opened ? " that opened then" : "");
  }
  list(evaluated, matches.chosen.empty() ? matches.all : matches.chosen, checked);
}

// What opened at one instant a test cannot tell apart.
bool at_one_instant(const eval::Verdicts& verdicts, const std::vector<std::size_t>& rows) {
  return std::ranges::all_of(rows,
                             [&](std::size_t row) { return verdicts.opened[row] == verdicts.opened[rows.front()]; });
}

bool fits(const Evaluated& evaluated, const TestExpectation& expectation, std::size_t row) {
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  return verdicts.verdict[row] == verdict_of(expectation.verdict) &&
         (!expectation.because || bears_out(evaluated.book, expectation.because, reasons_of(verdicts, row)));
}

// Of several that opened at once one has to be so.
void judge_together(const Evaluated& evaluated, const std::string& who, const TestExpectation& expectation,
                    const Matches& matches, Checked& checked) {
  const auto so = [&](std::size_t row) { return fits(evaluated, expectation, row); };
  if (std::ranges::any_of(matches.chosen, so)) {
    checked.outcome = Outcome::passed;
    return;
  }
  checked.found = fmt::format("`{}` asks {} of `{}` that opened then, and none of them is so", expectation.rule,
                              counted(matches.chosen.size()), who);
  list(evaluated, matches.chosen, checked);
}

void judge_verdict(const Evaluated& evaluated, const TestExpectation& expectation, std::size_t row, Checked& checked) {
  const eval::Verdict found = evaluated.evaluation.verdicts.verdict[row];
  if (fits(evaluated, expectation, row)) {
    checked.outcome = Outcome::passed;
    return;
  }
  if (found != verdict_of(expectation.verdict)) {
    checked.found = verdict_text(found);
  } else {
    checked.found = verdict_text(found) + ", and not because of that";
  }
  list(evaluated, {row}, checked);
}

}  // namespace

std::vector<eval::Reason> reasons_of(const eval::Verdicts& verdicts, std::size_t row) {
  return {verdicts.reasons.begin() + verdicts.reason_first[row],
          verdicts.reasons.begin() + verdicts.reason_first[row + 1]};
}

Matches matches_of(const Evaluated& evaluated, const model::Test& test, const TestExpectation& expectation) {
  const report::Input input{evaluated.book, evaluated.told.history, evaluated.evaluation, {}, {}, false, {}};
  const eval::Verdicts& verdicts = evaluated.evaluation.verdicts;
  const report::Calendars calendars =
      expectation.opened_on ? report::calendars_of(evaluated.book) : report::Calendars();
  const bool company = expectation.subject == model::the_company;
  Matches matches;
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    const model::Rule& rule = evaluated.book.rules[verdicts.rule[row]];
    if (rule.name != expectation.rule || company != (rule.subject.kind == model::SubjectKind::company)) continue;
    if (!company && report::subject_of(input, row) != test.cast[expectation.subject].name) continue;
    matches.all.push_back(row);
    const bool on_day =
        expectation.opened_on && report::opened_on(calendars, verdicts, rule, row, *expectation.opened_on);
    if (!expectation.opened || on_day || verdicts.opened[row] == *expectation.opened) matches.chosen.push_back(row);
  }
  return matches;
}

std::vector<std::size_t> meant(const Evaluated& evaluated, const model::Test& test,
                               const TestExpectation& expectation) {
  std::vector<std::size_t> rows = matches_of(evaluated, test, expectation).chosen;
  if (rows.size() < 2) return rows;
  if (!expectation.opened || !at_one_instant(evaluated.evaluation.verdicts, rows)) return {};
  std::erase_if(rows, [&](std::size_t row) { return !fits(evaluated, expectation, row); });
  return rows;
}

void judge(const Evaluated& evaluated, const model::Test& test, const TestExpectation& expectation, Checked& checked) {
  const Matches matches = matches_of(evaluated, test, expectation);
  const std::string who = subject_name(test, expectation);
  checked.outcome = Outcome::failed;
  if (expectation.none) return judge_none(evaluated, who, expectation, matches, checked);
  if (matches.chosen.size() > 1 && expectation.opened &&
      at_one_instant(evaluated.evaluation.verdicts, matches.chosen)) {
    return judge_together(evaluated, who, expectation, matches, checked);
  }
  if (matches.chosen.size() != 1) return judge_number(evaluated, who, expectation, matches, checked);
  judge_verdict(evaluated, expectation, matches.chosen.front(), checked);
}

}  // namespace plumb::suite
