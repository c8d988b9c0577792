#include <map>

#include <fmt/format.h>

#include "doctor/subject.h"
#include "report/words.h"

/// What lies behind the closing of a deal.
namespace plumb::doctor {

namespace {

struct After {
  Finding finding;
  std::map<std::string, std::uint64_t> kinds;
  std::uint64_t deals = 0, last_deal = UINT64_MAX;
};

/// Whether an event is certainly later than the close: at a later instant, of dates on a later day.
bool is_after(const Subject& subject, std::uint32_t event, std::uint32_t close) {
  const history::Timeline& events = subject.events();
  if (!events.at[event].known() || !events.at[close].known()) return false;
  if (events.by_day[event] == 0 && events.by_day[close] == 0) return events.at[event] > events.at[close];
  return subject.calendar.day_of(events.at[event]) > subject.calendar.day_of(events.at[close]);
}

std::string kind_text(const Subject& subject, std::uint32_t event) {
  const history::Kind& kind = subject.kind(event);
  switch (kind.of) {
    case history::KindClass::move: return "moves between closed stages";
    case history::KindClass::change: return fmt::format("changes of `{}`", kind.name);
    default: return fmt::format("`{}`", kind.name);
  }
}

void add(const Subject& subject, std::size_t deal, std::uint32_t event, std::uint32_t close, After& after) {
  ++after.finding.count;
  ++after.kinds[kind_text(subject, event)];
  if (after.last_deal != deal) ++after.deals, after.last_deal = deal;
  add_example(after.finding, subject.where(event), [&] {
    return fmt::format("{} on {}, closed in {} since {} ({})", subject.deal(deal), subject.when(event),
                       subject.shown(close, 1), subject.when(close), subject.where(close));
  });
}

/// No move has closed the deal.
constexpr std::uint32_t open = UINT32_MAX;

void look_at_deal(const Subject& subject, std::size_t deal, After& after) {
  const history::Timeline& events = subject.events();
  std::uint32_t close = open;  // the move that closed it
  for (std::uint32_t event = events.first[deal]; event < events.first[deal + 1]; ++event) {
    const history::KindClass of = subject.kind(event).of;
    if (!subject.seen(event) || !events.at[event].known()) continue;
    if (of == history::KindClass::move && !subject.stages.closed(subject.to(event))) {
      close = open;  // reopened
    } else if (of == history::KindClass::move && close == open) {
      close = event;
    } else if (close != open && of != history::KindClass::record && is_after(subject, event, close)) {
      // A row that says again what is so already is no move.
      if (of == history::KindClass::move && subject.stages.same(subject.from(event), subject.to(event))) continue;
      add(subject, deal, event, close, after);
    }
  }
}

}  // namespace

void look_at_closing(const Subject& subject, Findings& findings) {
  if (subject.moves < 0) return;
  After after;
  for (std::size_t deal = 0; deal < subject.history.deals.size(); ++deal) look_at_deal(subject, deal, after);
  Finding& found = after.finding;
  if (found.count == 0) return;
  found.kind = Kind::after_closing;
  std::vector<std::string> kinds;
  for (const auto& [kind, count] : after.kinds) kinds.push_back(fmt::format("{} {}", kind, report::number_text(count)));
  found.says = fmt::format("{} of {} {} after the deal had closed: {}.", rows_text(found.count),
                           deals_text(after.deals), found.count == 1 ? "lies" : "lie", names_text(kinds));
  found.to_do =
      "A rule about deals opens nothing there unless it says `even when closed`. What belongs to another deal (a "
      "renewal, one "
      "that was merged) is better put there; a deal that goes on is better reopened; and a stage in which work is "
      "meant to go "
      "on is better not declared `won` or `lost`.";
  findings.push_back(std::move(found));
}

void look_at_outcomes(const Subject& subject, Findings& findings) {
  constexpr std::uint64_t enough = 10;
  if (subject.moves < 0 || !subject.stages.any(model::StageEnd::lost)) return;
  const history::Timeline& events = subject.events();
  std::uint64_t won = 0;
  for (std::size_t deal = 0; deal < subject.history.deals.size(); ++deal) {
    bool is_won = false;
    for (std::uint32_t event = events.first[deal]; event < events.first[deal + 1]; ++event) {
      if (!subject.is_move(event) || !subject.seen(event)) continue;
      if (subject.stages.ends(subject.to(event), model::StageEnd::lost)) return;
      is_won |= subject.stages.ends(subject.to(event), model::StageEnd::won);
    }
    won += is_won ? 1 : 0;
  }
  if (won < enough) return;
  Finding found;
  found.kind = Kind::nothing_lost;
  found.count = won;
  found.says = fmt::format("{} were won, and none was lost.", deals_text(won));
  found.to_do =
      "An export may leave out the lost deals, as it does where these are archived: export them, too. Without them the "
      "share of deals that are won comes out too high, and what is asked when a deal is lost is asked of nobody. Where "
      "nothing was lost there is nothing to do.";
  findings.push_back(std::move(found));
}

}  // namespace plumb::doctor
