#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/page.h"
#include "report/report.h"
#include "time/calendar.h"

/// The parts of the report for people, in the order in which they stand there.
namespace plumb::report {

/// What every part reads.
struct View {
  const Input& input;
  time::Calendar calendar;   // the default: its zone is that of every date shown
  std::vector<bool> chosen;  // per rule

  const eval::Verdicts& verdicts() const { return input.evaluation.verdicts; }
  const model::Rule& rule(std::size_t row) const { return input.rulebook.rules[verdicts().rule[row]]; }
  bool shows(std::size_t row) const { return chosen[verdicts().rule[row]]; }
  /// Whether what a rule responds to is left out.
  bool alone(std::size_t rule) const {
    const auto& to = input.rulebook.rules[rule].responds_to;
    return !to || !chosen[to->rule];
  }
  /// Whether a row stands by itself, and not with what it responds to.
  bool shown_itself(std::size_t row) const { return !is_response(row) || alone(verdicts().rule[row]); }
  bool is_response(std::size_t row) const { return verdicts().responds_to[row] != eval::no_row; }
};

/// `Thu 5 Mar 2026 10:00`: people act by the minute, seconds are left to the other formats. Missing: `no date`.
std::string minute_text(const View& view, time::Instant at);
/// The same; the end of a day is called `the end of Thu 5 Mar 2026`. Missing: `no date`.
std::string until_text(const View& view, time::Instant at);
/// `Thu 5 Mar 2026`. Missing: `no date`.
std::string day_text(const View& view, time::Instant at);

/// ` (should)` for what counts for nothing, else empty.
std::string beside_text(const model::Rule& rule);

void put_due_next(Page& page, const View& view);
void put_help(Page& page, const View& view);
void put_not_kept(Page& page, const View& view);
/// Findings about which nothing was done that was agreed to be done. Nothing where no rule shown says what to do.
void put_not_acted_on(Page& page, const View& view);
void put_cannot_tell(Page& page, const View& view);

}  // namespace plumb::report
