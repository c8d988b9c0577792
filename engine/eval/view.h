#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "eval/batch.h"
#include "eval/holds.h"
#include "eval/plan.h"
#include "eval/value.h"
#include "eval/verdict.h"

/// One subject's history as the conditions see it: loaded once per subject, its buffers reused for the next.
namespace plumb::eval {

/// One time that an event happened. `certain` is false where it may or may not count (an unknown filter, an ordinal
/// whose earlier candidates are undecided).
struct Occurrence {
  std::uint32_t index = 0;  // into the timeline
  Instant at;               // unknown: nobody gave the instant
  bool certain = true;
  /// One of several that may be the n-th: if none before it was, this is.
  bool at_the_latest = false;
  /// The entry into the stage that the row, a move, says the deal came from.
  bool implied = false;
  /// Without an instant, or a time of day: it came no sooner than this row. None: it may have come at any time.
  std::uint32_t not_before = UINT32_MAX;
  /// Known: be it this row or a move before it that nobody recorded, one came for certain, from then on and up to `at`.
  Instant since = Instant::unknown();

  /// Whether it may have come before a cut.
  bool may_precede(Instant cut, const history::Timeline& timeline) const {
    return at < cut && (not_before == UINT32_MAX || timeline.at[not_before] < cut);
  }
};

/// The deal's stage from `at` on. Rows of View::visits: in order; the first may have an unknown `at` (in that stage
/// before the first row).
struct Visit {
  Instant at;
  std::uint32_t index = 0;  // the move
  Id<model::Stage> stage;   // none: a stage that the rulebook does not have, or of a process that cannot be told
  Id<model::Stage> from;
  std::int64_t word = 0, from_word = 0;  // what the history calls them
  /// It may have been recorded too late for the known-at, or change nothing, so that it is not there; or where it came
  /// from cannot be told, since one before it may not be there or nobody observed what came between.
  bool perhaps = false, perhaps_from = false;
  bool hidden = false;  // View::hidden has a stretch before it
  /// Known: a row that has a time says that the deal was there then, so that a date alone had come by that.
  Instant by = Instant::unknown();
};

/// When a deal may have made moves that nobody recorded: in [from, until), before a move that says that nobody knows
/// where it came from, and since the deal's creation or behind the row of a move before it; from unknown: since ever.
struct Hidden {
  Instant from, until;
  std::uint32_t row = 0;  // that move
  StageBits never = 0;    // into which none of them was
};

/// A stretch in which the deal is open: [begin, end], the closing event included. end unknown: still open.
struct Life {
  Instant begin;
  Instant end;
  std::uint32_t closing = UINT32_MAX;  // the move; none: one from where it may have closed to an open stage
  /// From there to the end it is in a stage that the rulebook does not have, and may be closed. Unknown: nowhere.
  Instant doubt = Instant::unknown();
  bool perhaps = false;  // it is in doubt from its begin on: nobody knows whether what began it reopened the deal

  bool doubtful(Instant at) const { return doubt.known() && at >= doubt; }
  /// Whether it may be closed when something happens: what may close it still belongs to it.
  bool doubtful_for(Instant event) const { return doubtful(event) && (doubt < event || perhaps); }
};

class VerdictFacts;
struct Members;
struct Nth;

class View {
 public:
  explicit View(const Plan& plan);

  /// What belongs to people, teams and the company, for what counts it. Missing: nullptr, only the subject's own is
  /// looked at.
  const Members* members() const { return members_; }
  void set_members(const Members* members) { members_ = members; }

  /// `until`: up to which deal (exclusive) others will be loaded after it, in their order; what can be is then found
  /// for many at once.
  void load_deal(std::uint32_t deal, std::uint32_t until = 0);
  void load_person(std::uint32_t person);
  /// What is found for a deal and those after it at once, before any of them is loaded.
  Batch& batch_at(std::uint32_t deal, std::uint32_t until) {
    batch_.go_to(plan_.history.deal_events, deal, until);
    return batch_;
  }

  const Plan& plan() const { return plan_; }
  bool of_person() const { return of_person_; }
  std::uint32_t subject() const { return subject_; }
  const history::Timeline& timeline() const { return *timeline_; }
  EventRef ref(std::uint32_t index) const { return {of_person_, index}; }

  /// Rows of the timeline seen before the horizon: [begin, end); those without an instant are [begin, dated).
  std::uint32_t begin() const { return begin_; }
  std::uint32_t dated() const { return dated_; }
  std::uint32_t end() const { return end_; }

  /// The rows of one kind, in order. Missing: empty.
  std::span<const std::uint32_t> of_kind(int kind) const { return batch_.of_kind(kind, begin_, end_); }

  /// Whether a row may have been recorded too late for the known-at: nobody said when.
  bool doubtful(std::uint32_t index) const {
    return plan_.known_at != Instant::max() && !timeline_->recorded[index].known();
  }

  /// Whether any fact has a date and no time of day.
  bool by_day() const { return by_day_; }
  /// The rows that stand at an instant, the start of their day, since they have a date alone. Missing: empty.
  std::vector<std::uint32_t> rows_by_day(Instant at) const;

  /// Everything up to the horizon that counts as `event`, in order; those of unknown instant first.
  const std::vector<Occurrence>& occurrences(Id<model::Event> event);
  /// Whether all of `occurrences(event)` are certain and dated.
  bool all_certain(Id<model::Event> event);
  /// What the `where` of an event or aggregate is worth for a row, where Plan::filters has it.
  Truth filtered(Id<model::Expr> where, std::uint32_t index) {
    Judged& judged = judged_[where.index()];
    const std::size_t row = timeline_->row[index] - std::size_t{judged.first};
    return row < judged.worth.size() ? judged.worth[row] : judge(where, judged, timeline_->row[index]);
  }

  /// Makes the ordinals that count per account known (computed over all deals of an account beforehand), by Id<Event>,
  /// each sorted by index.
  void set_account_ordinals(const std::vector<std::vector<Occurrence>>* of_event) { account_ordinals_ = of_event; }

  /// The verdicts that conditions may read; nullptr: of none.
  void set_facts(const VerdictFacts* facts) { facts_ = facts; }
  const VerdictFacts* facts() const { return facts_; }

  /// deals: the process it follows; none where it follows none.
  Id<model::Process> process() const { return process_; }
  bool process_unknown() const { return process_unknown_; }
  /// Those that the deal follows, or may.
  const std::vector<Id<model::Process>>& processes() const { return processes_; }
  /// Whether the deal follows this process, or may.
  bool may_follow(Id<model::Process> process) const;
  /// Unknown: nobody recorded it.
  Instant created() const {
    const auto rows = of_kind(plan_.created_kind);
    return rows.empty() ? Instant::unknown() : timeline_->at[rows.back()];
  }
  /// Since when the deal is there: its creation, else the first that is told of it. There is a dated fact.
  Instant begins() const {
    const Instant at = created();
    return at.known() ? at : timeline_->at[dated_];
  }
  const std::vector<Visit>& visits() const { return moves().visits; }
  /// What a process calls a stage of the history. Missing: none.
  Id<model::Stage> stage_of(std::int64_t word, Id<model::Process> process) const;
  /// When the history tells of the deal's stages: as coverage says; and where the deal's first dated row of stages says
  /// that it stood in one already, from that row on. What was between its creation and that row nobody recorded.
  time::Interval stages_observed() const;
  /// By when what a row tells of a deal's past was so: when it stood there, or the end of that day where it has the
  /// date of the creation alone. Missing: unknown, where it has no instant.
  Instant told_by(std::uint32_t row) const;
  /// In the order of their rows. At the very instant of the row before it, or of the creation, a move came from there.
  const std::vector<Hidden>& hidden() const { return hidden_; }
  /// Before that move. Missing: nullptr. Cost: O(log n).
  const Hidden* hidden_before(std::uint32_t move) const {
    const auto found = std::ranges::lower_bound(hidden_, move, {}, &Hidden::row);
    return found == hidden_.end() || found->row != move ? nullptr : &*found;
  }
  bool stage_unknown() const { return moves().undated; }
  const std::vector<Life>& lives() const { return moves().lives; }
  /// A move that closes or reopens the deal has no instant: when it was open cannot be told.
  bool lives_unknown() const { return moves().lives_unknown; }
  /// Where the deal is on hold, or may be: sorted and apart; found when first asked for.
  const std::vector<Hold>& hold_times();

  /// The life that holds an instant, its closing event included. Missing: nullptr when the deal is closed then.
  const Life* life_at(Instant at) const;
  /// The life to which a row belongs that has an instant: of what closes and reopens the deal at one instant the moves
  /// and the creation stand in their order. Missing: nullptr when the deal is closed then.
  const Life* life_of(std::uint32_t row) const;

  /// Who owned the deal at an instant, or the person himself. Missing: nobody.
  std::uint32_t owner_at(Instant at) const;
  /// False where the data does not say who owned the deal, or whether anybody did.
  bool owner_observed(Instant at) const;

 private:
  // What the moves of the deal come to, found when first asked for.
  struct Moves {
    bool found = false;
    bool undated = false;
    bool lives_unknown = false;
    std::vector<Visit> visits;
    std::vector<Life> lives;
  };
  // The truths of a filter for rows [first, first + worth.size()) of its kind.
  struct Judged {
    std::uint32_t first = 0;
    std::vector<Truth> worth;
  };

  void load(const history::Timeline& timeline, std::uint32_t subject, std::uint32_t until);
  void hide_rows();
  void find_hidden();
  std::optional<StageBits> entered_behind() const;
  void find_by_day(std::uint32_t subject);
  bool created_later(std::uint32_t last) const;
  Truth judge(Id<model::Expr> where, Judged& judged, std::uint32_t row) const;
  const Moves& moves() const {
    if (!moves_.found) find_moves();
    return moves_;
  }
  void find_moves() const;
  void find_visits() const;
  bool told_from(std::uint32_t index, Instant before) const;
  void find_lives() const;
  void find_holds();
  void blur_holds();
  void choose_process();
  bool is_closed(std::int64_t word) const;
  bool is_foreign(std::int64_t word) const;
  struct Moved {
    Id<model::Stage> from, to;
    bool foreign, from_foreign;  // no process has that stage
  };
  enum class Certain : std::uint8_t { not_asked, all, some };

  Truth is_move(const model::Event& event, const Visit& visit, const Moved& moved) const;
  Truth may_be_move(const model::Event& event, const Visit& visit, Id<model::Process> process) const;
  bool has_left(const model::Event& event, const Visit& one, const Visit& next) const;
  std::int64_t owner_word(Instant at) const;
  void find_occurrences(Id<model::Event> event, std::vector<Occurrence>& out);
  Truth at_any_time(Id<model::Expr> where, const Occurrence& candidate, const std::vector<Instant>& points);
  void find_filtered(const model::Event& event, std::vector<Occurrence>& out);
  void find_move_events(const model::Event& event, std::vector<Occurrence>& out);
  void find_changes(const model::Event& event, std::vector<Occurrence>& out);
  void find_leave(std::vector<Occurrence>& out);
  void find_ordinal(Id<model::Event> id, std::vector<Occurrence>& out);
  Nth as_nth(Id<model::Event> part, const Occurrence& candidate) const;
  void find_ordinal_of_contacts(const model::Event& event, std::vector<Occurrence>& out);

  const Plan& plan_;
  bool of_person_ = false;
  std::uint32_t subject_ = 0;
  const history::Timeline* timeline_ = nullptr;
  std::uint32_t begin_ = 0, dated_ = 0, end_ = 0;
  mutable Batch batch_;
  std::vector<Judged> judged_;                  // by Id<Expr>
  std::vector<std::vector<Occurrence>> found_;  // by Id<Event>
  std::vector<Certain> found_certain_;
  std::vector<std::uint32_t> found_for_;  // the load that filled it
  std::uint32_t loads_ = 0;
  Id<model::Process> process_;
  std::vector<Id<model::Process>> processes_;  // that it follows, or may
  bool process_unknown_ = false;
  bool by_day_ = false;
  std::vector<Hidden> hidden_;
  mutable Moves moves_;
  std::vector<Hold> holds_;
  std::uint32_t holds_for_ = 0;  // the load that filled it
  const std::vector<std::vector<Occurrence>>* account_ordinals_ = nullptr;
  const VerdictFacts* facts_ = nullptr;
  const Members* members_ = nullptr;
};

/// The last instant at which a row may have been: a date without a time of day is its whole day. Missing: unknown.
inline Instant last_of(const View& view, std::uint32_t index) {
  const history::Timeline& timeline = view.timeline();
  const Instant at = timeline.at[index];
  if (timeline.by_day[index] == 0 || !at.known()) return at;
  const time::Calendar& days = view.plan().calendars.front();
  return Instant{days.end_of(days.day_of(at)).micros - 1};
}

}  // namespace plumb::eval
