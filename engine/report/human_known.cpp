#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/escape.h"
#include "report/places.h"
#include "report/sections.h"
#include "report/told.h"
#include "report/words.h"

namespace plumb::report {

namespace {

constexpr std::size_t most_known_shown = 20;

struct Known {
  std::vector<std::size_t> rows;  // responses that were missed: what settled last first
  std::uint64_t late = 0, due = 0, cannot_tell = 0;
};

/// A remedy is what is to be done at once; what is only recorded is another matter.
bool is_remedy(const model::Rule& rule) { return rule.responds_to && !rule.responses.front().recorded_as; }

Known known(const View& view) {
  const eval::Verdicts& verdicts = view.verdicts();
  Known found;
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    if (!view.shows(row) || !is_remedy(view.rule(row))) continue;
    switch (verdicts.verdict[row]) {
      case eval::Verdict::missed: found.rows.push_back(row); break;
      case eval::Verdict::late: ++found.late; break;
      case eval::Verdict::due: ++found.due; break;
      case eval::Verdict::cannot_tell: ++found.cannot_tell; break;
      default: break;
    }
  }
  std::stable_sort(found.rows.begin(), found.rows.end(),
                   [&](std::size_t a, std::size_t b) { return verdicts.settled[a] > verdicts.settled[b]; });
  return found;
}

void put_known(Page& page, const View& view, std::size_t row) {
  const eval::Verdicts& verdicts = view.verdicts();
  const std::uint32_t to = verdicts.responds_to[row];
  const model::Rule& rule = view.input.rulebook.rules[verdicts.rule[to]];
  const model::Response& response = view.rule(row).responses.front();
  page.line(
      2, {{fmt::format("{}{}: ", name_apart(view.input.rulebook, verdicts.rule[to]), beside_text(rule)), Tone::strong},
          {fmt::format("{}, {} since {}", who_text(view.input, to), response.verdict,
                       minute_text(view, verdicts.opened[row])),
           Tone::plain}});
  const std::string_view who = owed_by(view.input, row);
  page.paragraph(4, fmt::format("{} By {}, until {}: not done", as_sentence(filled(view, response.text, row)),
                                who.empty() ? fmt::format("the {}", response.by) : std::string(who),
                                until_text(view, verdicts.deadline[row])));
}

}  // namespace

void put_not_acted_on(Page& page, const View& view) {
  const std::vector<model::Rule>& rules = view.input.rulebook.rules;
  bool any = false;
  for (std::size_t i = 0; i < rules.size(); ++i) any |= view.chosen[i] && is_remedy(rules[i]);
  if (!any) return;
  page.heading("Known, not acted on");
  const Known found = known(view);
  const std::size_t shown = std::min(most_known_shown, found.rows.size());
  for (std::size_t i = 0; i < shown; ++i) put_known(page, view, found.rows[i]);
  if (found.rows.empty()) page.line(2, "Nothing: what was agreed to be done then was done, or is not due yet.");
  if (found.rows.size() > shown)
    page.paragraph(2, fmt::format("and {} earlier", number_text(found.rows.size() - shown)));
  std::vector<std::string> others;
  for (const auto& [count, what] : {std::pair{found.due, "still due"}, std::pair{found.late, "done late"},
                                    std::pair{found.cannot_tell, "not to be told"}}) {
    if (count > 0) others.push_back(fmt::format("{} {}", number_text(count), what));
  }
  if (!others.empty()) page.paragraph(2, fmt::format("Beside these: {}", fmt::join(others, ", ")));
}

}  // namespace plumb::report
