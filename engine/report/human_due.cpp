#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "report/escape.h"
#include "report/periods.h"
#include "report/places.h"
#include "report/sections.h"
#include "report/words.h"

namespace plumb::report {

namespace {

constexpr std::size_t most_due_shown = 15;

struct Due {
  std::vector<std::size_t> dated;  // rows, the soonest deadline first
  std::vector<std::size_t>
      held;                   // rows of which nobody knows by when, mostly since the clock stands still; as evaluated
  std::uint64_t undated = 0;  // limits and `while`: they run on, there is no day on which to act
};

bool is_held(const eval::Verdicts& verdicts, std::size_t row) {
  const auto first = verdicts.reasons.begin();
  return std::any_of(first + verdicts.reason_first[row], first + verdicts.reason_first[row + 1],
                     [](const eval::Reason& reason) { return reason.ground == eval::Ground::on_hold; });
}

Due due_rows(const View& view) {
  const eval::Verdicts& verdicts = view.verdicts();
  Due due;
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    if (verdicts.verdict[row] != eval::Verdict::due || !view.shows(row)) continue;
    if (is_date(verdicts.deadline[row])) {
      due.dated.push_back(row);
    } else if (!verdicts.deadline[row].known()) {
      due.held.push_back(row);
    } else {
      ++due.undated;
    }
  }
  const std::size_t shown = std::min(most_due_shown, due.dated.size());
  std::partial_sort(due.dated.begin(), due.dated.begin() + static_cast<std::ptrdiff_t>(shown), due.dated.end(),
                    [&](std::size_t a, std::size_t b) {
                      // Rows are numbered by the evaluation, which is the same every time: a tie has one order.
                      return std::pair(verdicts.deadline[a], a) < std::pair(verdicts.deadline[b], b);
                    });
  return due;
}

bool is_progress(eval::Ground ground) {
  return ground == eval::Ground::progress || ground == eval::Ground::progress_in_units ||
         ground == eval::Ground::pace || ground == eval::Ground::still_asked || ground == eval::Ground::still_allowed;
}

/// `3 so far, 8 asked; 5 of 8 by now; 5 still needed`. Missing: empty when the verdict carries no progress.
std::string progress_of(const View& view, std::size_t row) {
  const eval::Verdicts& verdicts = view.verdicts();
  std::string text;
  for (std::uint32_t i = verdicts.reason_first[row]; i < verdicts.reason_first[row + 1]; ++i) {
    if (!is_progress(verdicts.reasons[i].ground)) continue;
    text += (text.empty() ? "" : "; ") + reason_text(view.input, verdicts.reasons[i], verdicts.verdict[row]);
  }
  return text;
}

void put_due(Page& page, const View& view, std::size_t row) {
  const model::Rule& rule = view.rule(row);
  const time::Instant deadline = view.verdicts().deadline[row];
  const std::string when = deadline.known()                ? "by " + until_text(view, deadline)
                           : is_held(view.verdicts(), row) ? "on hold, without a date"
                                                           : "nobody can tell by when";
  page.line(2, {{when, Tone::strong}, {": " + who_text(view.input, row) + beside_period(view, row), Tone::plain}});
  std::string keeps = expected_of(view, row);
  if (const std::string progress = progress_of(view, row); !progress.empty()) keeps += fmt::format(" ({})", progress);
  page.paragraph(4, fmt::format("{}{} is kept by: {}", name_apart(view.input.rulebook, view.verdicts().rule[row]),
                                beside_text(rule), keeps));
}

}  // namespace

void put_due_next(Page& page, const View& view) {
  page.heading("What is due next");
  const Due due = due_rows(view);
  const std::size_t shown = std::min(most_due_shown, due.dated.size());
  for (std::size_t i = 0; i < shown; ++i) put_due(page, view, due.dated[i]);
  if (due.dated.empty()) page.line(2, "Nothing has a date that is still ahead.");
  if (due.dated.size() > shown) {
    page.paragraph(2, fmt::format("and {} more, due then or later", number_text(due.dated.size() - shown)));
  }
  const std::size_t held = std::min(most_due_shown, due.held.size());
  for (std::size_t i = 0; i < held; ++i) put_due(page, view, due.held[i]);
  if (due.held.size() > held) {
    page.paragraph(2, fmt::format("and {} more without a date", number_text(due.held.size() - held)));
  }
  if (due.undated == 1) page.paragraph(2, "1 expectation is without a date: it holds for as long as it lasts");
  if (due.undated > 1) {
    page.paragraph(2, fmt::format("{} expectations are without a date: they hold for as long as they last",
                                  number_text(due.undated)));
  }
}

}  // namespace plumb::report
