#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "property/twin/value.h"
#include "property/twin/world.h"

/// Conditions, values and events of one deal at one moment, as semantics.md §1 and §3 have them.
namespace plumb::twin {

struct Share;

/// A period of a quota: when it starts, and the window in which things count for it.
struct Part {
  Instant period, from, until;
  const Share* share = nullptr;  // where it is adjusted: how much of the number is asked
};

/// One way in which fields have what they may have: each that is read where nobody knows which of several values it has
/// takes one of them. Goes through all ways.
struct Choice {
  struct Pick {
    Id<model::Field> field;
    const model::Tails* tails;  // of which facts; null: of all
    Instant now;
    std::size_t which, many;
  };
  std::vector<Pick> picks;
  std::size_t read = 0;

  /// The same wherever the same is asked of a field.
  std::size_t pick(Id<model::Field> field, const model::Tails* tails, Instant now, std::size_t many);
  bool next() {
    read = 0;
    while (!picks.empty() && ++picks.back().which == picks.back().many) picks.pop_back();
    return !picks.empty();
  }
};

/// From where one looks. All of `now` is seen, and nothing after it.
struct Moment {
  Instant now;
  bool stated_by_then = false;      // what was stated counts only once it was recorded
  const Fact* except = nullptr;     // E itself, in `before E`
  const Fact* opener = nullptr;     // what opened the obligation: `its F`
  std::size_t contact = SIZE_MAX;   // inside a `where`: the row of contacts.csv that is being asked
  const Fact* candidate = nullptr;  // inside a `where`: what is being asked
  const Clock* clock = nullptr;     // the obligation's calendar
  bool by_the_clock = false;        // an order within the day matters: a date without a time of day may be later
  bool day_over = false;            // also until the end of the last instant of its day
  bool all_day = false;             // a check by a date alone: it may be made at any instant of the day that ends then
  bool in_order = false;            // on their day, changes with a date alone came as they stand
  std::vector<Part> parts;          // quotas: the periods that are judged together, the last its own
  Instant period, period_end;       // quotas: the start of the period, and the end of its days
  bool of_period = false;           // a quota: what is asked of a count is a whole number
  // A reading of one day: what came later, by Fact::order; then E's fields; then by the row of contacts.csv.
  const std::vector<bool>* later = nullptr;
  // Known: the order in which what has come of the day did, by Fact::order.
  const std::vector<std::size_t>* came = nullptr;
  Instant without;                  // known: what has a date alone of the day that starts then is not there
  Instant since;                    // known: what happened before is not counted (limits, quotas)
  Instant point;                    // quotas: before it things have to have happened
  Instant back;                     // known: a tail lets nothing count that is older, whichever period it names
  bool back_in_day = false;         // that is an instant within a day
  Day written;                      // known: the date of what is looked at, as it is written
  const Fact* last_move = nullptr;  // the moves of its day behind it have not come
  Tri missing = Tri::unknown;       // what a comparison with what is missing comes to
  Choice* choice = nullptr;         // null: a field that may have several values is unknown
  bool as_rows_say = false;  // A of `while A`: where moves may be hidden the deal is open or closed as its rows say

  /// Whether a time lies between two of the periods: terms may leave days that are in none of them.
  bool between_periods(Instant first, Instant last) const {
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (first >= parts[i - 1].until && last < parts[i].from) return true;
    }
    return false;
  }
  Day today() const { return written.known() ? written : clock->day_of(now); }
};

/// How many, of which some may be undecided. `most` unknown: any number.
struct Range {
  std::int64_t least = 0;
  std::optional<std::int64_t> most = 0;
};

/// Something that happened, or may have.
struct Occurrence {
  const Fact* fact = nullptr;
  Instant at;  // that of the fact; unknown for the stage in which the first move says the deal was before
  Tri is = Tri::no;
  bool when_unknown = false;  // an ordinal whose instant does not follow
  Instant earliest;           // unknown: from `at` on; an n-th with a date alone only after so many others
  Instant since;              // known: one has come from then on and up to `at`, this or one that nobody recorded
};

/// When moves may have been made that nobody recorded, before one that says `?`: [from, until).
struct Hidden {
  Instant from, until;
  const Fact* move;
  std::set<std::string> never = {};  // the stages that it was not in then, but for that where it was
};

/// One that may count in an aggregate, and whether it does.
struct Member {
  Tri counts = Tri::no;
  Tri part = Tri::yes;  // share: whether it is in the part
  Value amount;         // what is added up
};
/// The aggregate of those members. `open_ended`: there may be more that nobody wrote down.
Value aggregate_of(const model::Aggregate& of, const std::vector<Member>& members, bool open_ended);

/// A stretch in which a deal is open.
struct Life {
  Instant begin;  // unknown: always
  Instant close =
      Instant::max();   // it closes, or it is open again after it may have been closed; that instant included
  bool closed = false;  // the former
  Instant doubt = Instant::max();  // from there on to its end it may be closed
  bool perhaps = false;            // also when it begins: nobody knows whether that reopened it
  Instant latest =
      Instant::max();  // the last instant at which it may close, within the day of a move with a date alone
  bool begins_by_day = false, closes_by_day = false;  // the move has a date alone
  bool perhaps_same = false;                          // it may be the life before it, which did not end
  const Fact* closing = nullptr;                      // where it is closed
  const Fact* reopening = nullptr;                    // the move that begins the next, where this one was closed
};

class Look {
 public:
  Look(const World& world, const Deal& deal);
  virtual ~Look() = default;

  Tri holds(Id<model::Expr> id, const Moment& m) const;
  Value value(Id<model::Expr> id, const Moment& m) const;

  /// Whether a fact can be seen. `stated`: it counts from when it was recorded where the moment says so.
  Tri sees(const Fact& fact, const Moment& m, bool stated) const;
  /// What an event's occurrences of this deal are, whenever.
  std::vector<Occurrence> occurrences(Id<model::Event> id) const;
  /// Whether one has come by a moment.
  Tri came(Id<model::Event> id, const Occurrence& each, const Moment& m) const;
  /// The last of those that may be an n-th which has certainly come, all of them within the moment's window. Missing:
  /// nullptr where that is not so.
  const Fact* one_of(Id<model::Event> id, const std::vector<Occurrence>& all, const Moment& m) const;
  /// How many of what an ordinal counts have come by a moment.
  Range ordinal_so_far(const model::Event& event, const Moment& m) const;
  /// Whether a fact is one.
  Tri is(Id<model::Event> id, const Fact& fact) const;
  /// Whether there may be some that nobody wrote down, in [from, to].
  Span observed_stages() const;
  std::vector<Hidden> hidden() const;
  std::set<std::string> never_before(const Fact& move) const;
  const Hidden* hidden_before(const std::vector<Hidden>& all, const Fact& move) const;
  Instant come_since(Id<model::Event> id, const Fact& fact) const;
  /// `behind`: a move, before which those that may be hidden came.
  bool gap(Id<model::Event> id, Instant from, Instant to, const Fact* behind = nullptr) const;
  /// Whether it has a date alone, of the day in which a point lies: it may have come before or after that.
  static bool straddles(const Fact& fact, Instant point) {
    return fact.by_day && point.known() && fact.at < point && fact.latest >= point;
  }
  /// From when to when something may have come; of a quota, whose days are those of its calendar, a date alone is one
  /// of them as it is written, unless an end lies `within_a_day`.
  struct Times {
    Instant first, last;
    bool straddles(Instant point) const { return point.known() && first < point && last >= point; }
  };
  Times times_of(const Fact& fact, const Moment& m, bool within_a_day) const;
  /// Records count from when they were stated, and so do changes of fields.
  static bool is_stated(const Fact& fact) { return fact.record || fact.of == Class::change; }

  // The deal.
  virtual std::vector<Value> field_versions(Id<model::Field> id, const Moment& m, const model::Tails& tails) const;
  Value field(Id<model::Field> id, const Moment& m) const;
  /// Of several values that it may be the one that the moment's way has. Missing: unknown.
  /// The value of a field as of the facts that the tails let count, where it may have several.
  Value one_of(Id<model::Field> field, const model::Tails& tails, const Moment& m) const;
  template <class Ask>
  Tri whichever(const Moment& m, Ask ask) const;
  Value attribute(Id<model::Field> id, const Fact& fact) const;
  Value attribute_by_then(Id<model::Field> id, const Fact& fact, const Moment& m) const;
  /// Whether an attribute of it is.
  bool observes(Id<model::Field> id, const Fact& fact) const;
  std::optional<Instant> recorded(const std::string& field, const Fact& fact) const;
  /// The stage: its name, "" for none yet; nullopt where nobody can tell.
  std::optional<std::string> stage(const Moment& m) const;
  std::optional<std::string> told_stage(const std::string& name) const;
  /// Any of them it may be.
  std::vector<std::optional<std::string>> possible_stages(const Moment& m) const;
  std::optional<std::string> stage_before(const Fact& move) const;
  /// Whether the row before it, or any that may have been, went to where it goes.
  bool may_lead_there(const Fact& move) const;
  /// Whether a deal in that stage is open, as far as the processes that it may follow tell.
  Tri open_by(const Fact& move) const;
  bool stands_behind_unknown(const Fact& fact) const;
  Tri open_in(const std::string& stage) const;
  std::vector<Life> lives() const;
  bool lives_unknown() const;
  /// The life that holds an instant, its last instant included. Missing: nullopt when it is closed then.
  std::optional<Life> life_at(Instant at) const;
  /// The same of a fact: of what closes and reopens the deal at one instant the moves and the creation have an order.
  std::optional<Life> life_of(const Fact& fact) const;
  /// Whether the deal is open when an instant is over.
  Tri open_at(Instant at) const;
  /// Whether that stage of the deal's process has that end.
  Tri ends(const std::string& stage, model::StageEnd end) const;
  Tri is_state(model::DealState state, const Moment& m) const;
  Tri joined(const model::Expr& expr, const Moment& m) const;
  bool only_untold(const Moment& m) const;
  Tri on_hold(const Moment& m) const;
  Tri in_stages(const std::vector<Id<model::Stage>>& stages, const Moment& m) const;
  Tri follows(Id<model::Process> process) const;
  Tri may_follow(Id<model::Process> process) const;
  /// unknown: it may follow several; no: none.
  Tri process_known() const;
  /// Who owns it then: "" for nobody, nullopt where nobody can tell.
  std::optional<std::string> owner(Instant at) const;
  /// Whoever may have owned it when something happened: what has a date alone came at any time of its day. The fact has
  /// an instant.
  std::vector<std::optional<std::string>> owners(const Fact& fact) const;

  /// A fact as one that may count in an aggregate.
  Member member_of(const model::Aggregate& of, const Fact& fact, Tri counts, const Moment& m) const;

  /// When something may change between two instants: every instant at which a condition has to be asked again.
  virtual std::vector<Instant> turns(Id<model::Expr> id, Instant from, Instant until, const Clock& clock) const;

  const World& world() const { return world_; }
  const Deal& deal() const { return deal_; }
  const model::Rulebook& book() const { return world_.book; }
  Instant created() const;

 protected:
  std::optional<std::string> owner_before(Instant start) const;
  virtual Tri happened(Id<model::Event> id, const model::Tails& tails, const Moment& m) const;
  Instant begin_of(Instant tail, const Moment& m) const;
  virtual Value aggregate(const model::Aggregate& of, const model::Tails& tails, const Moment& m) const;
  Value of_contacts(const model::Aggregate& of, const Moment& m) const;
  Value contact_field(const model::Field& field, const Moment& m) const;
  Tri compare(const model::Expr& expr, const Moment& m) const;
  Tri situation(const model::Expr& expr, const Moment& m) const;
  /// Whom the rule is about, where that is somebody.
  virtual Value himself() const { return {}; }
  Tri apart(const model::Expr& expr, const Moment& m) const;
  Tri differs(const model::Expr& expr, const Moment& m) const;
  Value asked_number(const model::Expr& expr, std::size_t arg, const Moment& m) const;
  Value promised(const model::Aggregate& share, Id<model::Expr> target, const Moment& m) const;
  std::vector<Id<model::Expr>> governing(const model::Target& target, const Moment& m, bool& certain) const;
  Value target(const model::Target& target, const Moment& m) const;
  std::optional<Duration> length(Id<model::Expr> id, const Moment& m) const;
  Value calculate(const model::Expr& expr, const Moment& m) const;
  bool is_total(Id<model::Expr> id) const;
  Tri elapsed(const model::Expr& expr, const Moment& m) const;
  bool once(Id<model::Event> id) const;
  std::int64_t may_have_come(const model::Event& event, const Moment& m) const;
  bool has_all(const model::Event& event) const;
  bool all_seen(const model::Event& event) const;
  Instant earliest_of(const model::Event& event, const Fact& fact) const;
  Tri ordinal(const model::Event& event, const Fact& fact) const;
  Tri moves(const model::Event& event, const Fact& fact) const;
  Tri filtered(Id<model::Expr> where, const Fact& fact) const;
  Tri moves_in(Id<model::Process> process, const model::Event& event, const std::optional<std::string>& from,
               const std::string& to) const;
  Value time_since(Id<model::Event> id, const Moment& m) const;
  Value total_time(Id<model::Stage> id, const Moment& m) const;
  bool gap_of_stage(const Moment& m) const;
  Tri of_one_account(const Deal& other) const;
  std::vector<const Fact*> candidates(const model::Event& event) const;
  void durations(Id<model::Expr> id, std::vector<Duration>& all) const;

  const World& world_;
  const Deal& deal_;
};

/// What has a date alone came before a point within its day or after it, one as the other: what holds however that was.
/// `itself`: E itself has come by the point.
Tri in_every_reading(const Look& look, Id<model::Expr> condition, Moment m, bool itself = false);
/// The same of any question. `at_move`: it is asked when the opener, a move, was made.
Tri in_every_reading(const Look& look, const std::function<Tri(const Moment&)>& ask, Moment m, bool itself,
                     bool at_move);

/// Whether `a OP b` for two known values; unknown where they cannot be compared.
Tri compare_values(model::Comparison comparison, const Value& a, const Value& b);

}  // namespace plumb::twin
