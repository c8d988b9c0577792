#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/doctor.h"
#include "eval/word_table.h"
#include "time/calendar.h"

/// What all parts of the doctor share.
namespace plumb::doctor {

inline constexpr std::size_t most_examples = 5;

/// The stages that the rulebook knows, by the words of the history. A stage and its older names are one.
class Stages {
 public:
  Stages(const model::Rulebook& rulebook, const history::Dictionary& words);

  bool known(std::int64_t word) const { return stage_[word] != eval::WordTable::nothing; }
  /// Whether a deal there is closed, in whatever process it is. Missing: false for what is no stage.
  bool closed(std::int64_t word) const { return known(word) && end_[stage_[word]] != model::StageEnd::open; }
  /// Whether it is won, or lost, there.
  bool ends(std::int64_t word, model::StageEnd how) const { return known(word) && end_[stage_[word]] == how; }
  /// Whether there is such a stage.
  bool any(model::StageEnd how) const { return std::find(end_.begin(), end_.end(), how) != end_.end(); }
  /// Whether two words are one stage.
  bool same(std::int64_t a, std::int64_t b) const { return a == b || (known(a) && known(b) && stage_[a] == stage_[b]); }
  const std::vector<std::string>& names() const { return names_; }

 private:
  eval::WordTable stage_;
  std::vector<std::string> names_;    // once each, in the order of the rulebook
  std::vector<model::StageEnd> end_;  // by name: open where it is so in some process
};

/// A history with what is looked up again and again.
struct Subject {
  explicit Subject(const report::Input& judged);

  const report::Input& judged;
  const history::History& history;
  const model::Rulebook& rulebook;
  time::Calendar calendar;  // the default
  time::Instant horizon;
  Stages stages;
  int moves = -1;  // into History::kinds; -1: none

  const history::Timeline& events() const { return history.deal_events; }
  const history::Kind& kind(std::uint32_t event) const { return history.kinds[events().kind[event]]; }
  bool is_move(std::uint32_t event) const { return int{events().kind[event]} == moves; }
  bool seen(std::uint32_t event) const { return events().at[event] < horizon; }
  std::int64_t value(std::uint32_t event, std::size_t column) const {
    return kind(event).columns[column].values[events().row[event]];
  }
  /// Of a move or a change.
  std::int64_t from(std::uint32_t event) const { return value(event, 0); }
  std::int64_t to(std::uint32_t event) const { return value(event, 1); }
  /// A cell of a move or change in ticks. Missing: `nothing`.
  std::string shown(std::uint32_t event, std::size_t column) const;

  std::string_view deal(std::size_t deal) const { return history.words[history.deals.ids[deal]]; }
  std::string where(const history::Origin& origin) const;
  std::string where(std::uint32_t event) const { return where(events().origin[event]); }
  /// `2026-03-02 14:00`, by the default calendar; `2026-03-02` of what has no time of day.
  std::string when(std::uint32_t event) const;
};

/// Adds an example where there is room for one; `says` gives its text.
template <class Says>
void add_example(Finding& finding, std::string where, Says says) {
  if (finding.examples.size() < most_examples) finding.examples.push_back({std::move(where), says()});
}

/// `12 rows`, `1 row`.
std::string rows_text(std::uint64_t count);
std::string deals_text(std::uint64_t count);
/// `a`, `a and b`, `a, b and c`; of many the first eight, and how many more.
std::string names_text(const std::vector<std::string>& names);
/// `has` for one, `have` for more.
inline std::string_view has_text(std::uint64_t count) { return count == 1 ? "has" : "have"; }

// The parts, in files of their names. Each adds what it finds.
using Findings = std::vector<Finding>;
std::vector<RuleState> look_at_rules(const Subject& subject, const Input& input, Findings& findings);
void look_at_columns(const Subject& subject, Findings& findings);
void look_at_stages(const Subject& subject, Findings& findings);
void look_at_chains(const Subject& subject, Findings& findings);
void look_at_closing(const Subject& subject, Findings& findings);
void look_at_outcomes(const Subject& subject, Findings& findings);
void look_at_instants(const Subject& subject, Findings& findings);
void look_at_people(const Subject& subject, Findings& findings);
void look_at_recording(const Subject& subject, Findings& findings);
void look_at_calendar(const Subject& subject, Findings& findings);
void look_at_loading(const Input& input, Findings& findings);

}  // namespace plumb::doctor
