#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "doctor/subject.h"
#include "history/untold_stage.h"
#include "history/words.h"
#include "report/words.h"

/// Stages that no process has, and deals whose stages are not known from their beginning.
namespace plumb::doctor {

namespace {

// ---- unknown stages -------------------------------------------------------------------------------------------------

std::string to_do_about_stage(const Subject& subject, const std::string& name) {
  const std::string near(history::nearest_word(name, subject.stages.names()));
  const std::string stage = near.empty() ? "STAGE" : near;
  const std::string if_it_is =
      near.empty() ? "If it is a stage that the rulebook calls otherwise" : fmt::format("If it is `{}`", near);
  if (subject.history.mapped) {
    return fmt::format("{}, say `stages: {{ {}: {} }}` in the mapping; else declare the stage in its process.",
                       if_it_is, name, stage);
  }
  return fmt::format(
      "{}, write `{}` in its place, or say `was \"{}\"` in that stage; else declare the stage in its process.",
      if_it_is, stage, name);
}

void find_unknown_stages(const Subject& subject, Findings& findings) {
  if (subject.rulebook.stages.empty() || subject.moves < 0) return;
  std::map<std::string, Finding> unknown;
  std::uint64_t moves = 0;
  for (std::uint32_t event = 0; event < subject.events().size(); ++event) {
    if (!subject.is_move(event) || !subject.seen(event)) continue;
    ++moves;
    const std::int64_t from = subject.from(event), to = subject.to(event);
    const auto look = [&](std::int64_t word, std::string_view way) {
      if (!history::is_value(word) || subject.stages.known(word)) return;
      const std::string_view name = subject.history.words[static_cast<std::uint32_t>(word)];
      if (history::is_untold_stage(name)) return;
      Finding& finding = unknown[std::string(name)];
      ++finding.count;
      add_example(finding, subject.where(event), [&] { return fmt::format("a move {} it", way); });
    };
    look(to, "to");
    if (from != to) look(from, "from");
  }
  for (auto& [name, finding] : unknown) {
    finding.kind = Kind::unknown_stage;
    finding.about = name;
    finding.of = moves;
    finding.says = fmt::format("No process of the rulebook has a stage `{}`, which {} of the {} name{}.", name,
                               report::number_text(finding.count), report::count_text(moves, "move", "moves"),
                               finding.count == 1 ? "s" : "");
    finding.to_do = to_do_about_stage(subject, name);
    findings.push_back(std::move(finding));
  }
}

// ---- where stages begin ---------------------------------------------------------------------------------------------

constexpr std::int64_t much_later = 24 * time::micros_per_hour;

struct Beginning {
  std::optional<std::uint32_t> created, first_move;
};

Beginning beginning_of(const Subject& subject, std::size_t deal) {
  Beginning found;
  const history::Timeline& events = subject.events();
  for (std::uint32_t event = events.first[deal]; event < events.first[deal + 1]; ++event) {
    if (!subject.seen(event)) continue;
    if (!found.created && subject.kind(event).of == history::KindClass::created) found.created = event;
    if (!found.first_move && subject.is_move(event)) found.first_move = event;
    if (found.created && found.first_move) break;
  }
  return found;
}

/// Whether a first stage row comes much later than the deal: a day and more, of dates two.
bool comes_late(const Subject& subject, const Beginning& of) {
  const history::Timeline& events = subject.events();
  const time::Instant created = of.created ? events.at[*of.created] : time::Instant::unknown();
  const time::Instant moved = events.at[*of.first_move];
  if (!created.known() || !moved.known()) return false;
  const bool by_day = events.by_day[*of.created] != 0 || events.by_day[*of.first_move] != 0;
  if (by_day) return subject.calendar.day_of(moved) - subject.calendar.day_of(created) > 1;
  return moved.micros - created.micros > much_later;
}

/// Whether a deal was created so shortly before the horizon that its first stage row may still come.
bool is_new(const Subject& subject, std::uint32_t created) {
  const time::Instant at = subject.events().at[created];
  return at.known() && subject.horizon.micros - at.micros <= much_later;
}

/// Whether it is said already that the stage was not observed when the deal began.
bool is_said(const Subject& subject, const Beginning& of) {
  const time::Instant from = subject.history.coverage.at("stage").from;
  if (!from.known()) return false;
  const time::Instant created = of.created ? subject.events().at[*of.created] : time::Instant::unknown();
  return !created.known() || created < from;
}

std::string_view to_do_about_beginnings(const Subject& subject) {
  if (subject.history.mapped) {
    return "Export the history of stages from each deal's creation on. Where the system no longer has it, say in the "
           "mapping since when it is whole (`coverage: { stage: { from: DATE } }`): then rules about the time before "
           "cannot tell, and nothing is held against anybody.";
  }
  return "Write a row of events.csv for each move from the deal's creation on. Where nobody knows them, say in "
         "coverage.csv since when they are whole (`stage,DATE,`): then rules about the time before cannot tell, and "
         "nothing is held against anybody.";
}

struct Truncated {
  Finding finding;
  std::uint64_t from_elsewhere = 0, late = 0;
};

void take(const Subject& subject, std::size_t deal, const Beginning& beginning, Truncated& truncated) {
  const std::uint32_t move = *beginning.first_move;
  const std::int64_t from = subject.from(move);
  const bool elsewhere = history::is_value(from) && !subject.stages.same(from, subject.to(move));
  if (!elsewhere && !comes_late(subject, beginning)) return;
  ++truncated.finding.count;
  ++(elsewhere ? truncated.from_elsewhere : truncated.late);
  add_example(truncated.finding, subject.where(move), [&] {
    if (elsewhere)
      return fmt::format("{} came from {}, and no row says since when", subject.deal(deal), subject.shown(move, 0));
    return fmt::format("{} was created {}, and is in a stage only from {} on", subject.deal(deal),
                       subject.when(*beginning.created), subject.when(move));
  });
}

void find_beginnings(const Subject& subject, Findings& findings) {
  if (subject.rulebook.stages.empty() || subject.moves < 0) return;
  Truncated truncated;
  Finding without;
  std::uint64_t deals = 0, staged = 0;
  for (std::size_t deal = 0; deal < subject.history.deals.size(); ++deal) {
    const Beginning beginning = beginning_of(subject, deal);
    if (!beginning.created && !beginning.first_move) continue;  // not there by the horizon
    ++deals;
    if (beginning.first_move) ++staged;
    if (is_said(subject, beginning)) continue;
    if (beginning.first_move) {
      take(subject, deal, beginning, truncated);
    } else if (!is_new(subject, *beginning.created)) {
      ++without.count;
      add_example(without, subject.where(*beginning.created), [&] { return std::string(subject.deal(deal)); });
    }
  }
  if (Finding& found = truncated.finding; found.count > 0) {
    found.kind = Kind::truncated, found.of = staged;
    std::vector<std::string> ways;
    if (truncated.from_elsewhere > 0) {
      ways.push_back(fmt::format("of {} it says that the deal came from another stage",
                                 report::number_text(truncated.from_elsewhere)));
    }
    if (truncated.late > 0) {
      ways.push_back(fmt::format("of {} it comes more than a day later", report::number_text(truncated.late)));
    }
    found.says = fmt::format(
        "The first stage row of {} of {} is not the deal's beginning: {}. What was before is not in this "
        "history.",
        report::number_text(found.count), deals_text(staged), fmt::join(ways, ", "));
    found.to_do = to_do_about_beginnings(subject);
    findings.push_back(std::move(found));
  }
  if (without.count == 0) return;
  without.kind = Kind::without_stage, without.of = deals;
  without.says =
      without.count == 1
          ? fmt::format("1 of {} has no stage row: it is in no stage, and counts as open.", deals_text(deals))
          : fmt::format("{} of {} have no stage row: they are in no stage, and count as open.",
                        report::number_text(without.count), deals_text(deals));
  without.to_do = to_do_about_beginnings(subject);
  findings.push_back(std::move(without));
}

}  // namespace

void look_at_stages(const Subject& subject, Findings& findings) {
  find_unknown_stages(subject, findings);
  find_beginnings(subject, findings);
}

// ---- chains ---------------------------------------------------------------------------------------------------------

namespace {

bool is_said(std::int64_t value) { return history::is_value(value) || value == history::missing; }

/// Rows: by kind. The last row of the present deal, and what was found.
struct Chain {
  std::optional<std::uint32_t> last;
  Finding finding;
  std::uint64_t rows = 0;
};

bool breaks(const Subject& subject, std::uint32_t last, std::uint32_t event) {
  const std::int64_t before = subject.to(last), from = subject.from(event);
  if (!is_said(before) || !is_said(from)) return false;
  return subject.is_move(event) ? !subject.stages.same(before, from) : before != from;
}

void take(const Subject& subject, std::size_t deal, std::uint32_t event, Chain& chain) {
  ++chain.rows;
  if (chain.last && breaks(subject, *chain.last, event)) {
    ++chain.finding.count;
    add_example(chain.finding, subject.where(event), [&] {
      return fmt::format("{} comes from {}, and the row before it ({}) went to {}", subject.deal(deal),
                         subject.shown(event, 0), subject.where(*chain.last), subject.shown(*chain.last, 1));
    });
  }
  chain.last = event;
}

}  // namespace

void look_at_chains(const Subject& subject, Findings& findings) {
  std::vector<Chain> chains(subject.history.kinds.size());
  const history::Timeline& events = subject.events();
  for (std::size_t deal = 0; deal < subject.history.deals.size(); ++deal) {
    for (Chain& chain : chains) chain.last.reset();
    for (std::uint32_t event = events.first[deal]; event < events.first[deal + 1]; ++event) {
      const history::KindClass of = subject.kind(event).of;
      if (of != history::KindClass::move && of != history::KindClass::change) continue;
      // Of what has no time nobody knows what came before it.
      if (subject.seen(event) && events.at[event].known()) take(subject, deal, event, chains[events.kind[event]]);
    }
  }
  for (std::size_t i = 0; i < chains.size(); ++i) {
    Finding& found = chains[i].finding;
    if (found.count == 0) continue;
    const bool moves = static_cast<int>(i) == subject.moves;
    found.kind = Kind::broken_chain, found.of = chains[i].rows;
    found.about = moves ? "stage" : subject.history.kinds[i].name;
    const std::string rows =
        moves ? report::count_text(found.of, "move", "moves")
              : fmt::format("{} of `{}`", report::count_text(found.of, "change", "changes"), found.about);
    found.says = fmt::format(
        "{} of {} {} not begin where the row before ended: a row between them is missing, or their order is "
        "wrong. The new value counts.",
        report::number_text(found.count), rows, found.count == 1 ? "does" : "do");
    found.to_do =
        "Export all rows of the history, also those of archived and merged records; where several rows have one "
        "time, a `sequence` says which came first.";
    findings.push_back(std::move(found));
  }
}

}  // namespace plumb::doctor
