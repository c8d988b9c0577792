#include <algorithm>

#include "eval/day.h"
#include "eval/lack.h"
#include "eval/openings.h"
#include "eval/order.h"
#include "eval/untold_order.h"
#include "eval/verdict_facts.h"

namespace plumb::eval {

namespace {

using model::VerdictWord;

// What is late counts as missed, unless its rule says otherwise.
bool counts_as_kept(const model::Rule& rule, Verdict verdict) {
  return verdict == Verdict::kept || (verdict == Verdict::late && rule.late_counts_as == VerdictWord::kept);
}

// The verdicts that several obligations have.
struct Found {
  std::array<bool, verdict_count> any{};
  bool kept = false, missed = false;
  bool hidden = false;  // the rule may have asked things of which nobody recorded that they were asked

  bool has(Verdict verdict) const { return any[static_cast<std::size_t>(verdict)]; }
  // `alone`: of an average that fell short the period by itself did not.
  void add(const model::Rule& rule, Verdict verdict, bool alone) {
    const bool enough = counts_as_kept(rule, verdict) || (alone && verdict == Verdict::missed);
    kept |= enough;
    missed |= !enough && (verdict == Verdict::missed || verdict == Verdict::late);
    any[static_cast<std::size_t>(verdict)] = true;
  }
};

// Where nothing was asked no verdict has been reached: none of the words is true.
Truth decide(VerdictWord word, const Found& found) {
  const bool missed = found.missed, kept = found.kept;
  const Truth doubt = found.hidden || found.has(Verdict::cannot_tell) ? Truth::unknown : Truth::no;
  switch (word) {
    case VerdictWord::kept: return missed ? Truth::no : doubt == Truth::unknown ? doubt : truth(kept);
    case VerdictWord::missed: return missed ? Truth::yes : doubt;
    case VerdictWord::late: return found.has(Verdict::late) ? Truth::yes : doubt;
    case VerdictWord::due: return found.has(Verdict::due) ? Truth::yes : found.hidden ? Truth::unknown : Truth::no;
    case VerdictWord::excused:
      return missed || kept ? Truth::no : doubt == Truth::unknown ? doubt : truth(found.has(Verdict::excused));
    case VerdictWord::cannot_tell: return truth(found.has(Verdict::cannot_tell) && !missed);
  }
  return Truth::unknown;
}

// The instant to which a verdict belongs: what a deadline decides is decided by the last instant before it.
Instant belongs_at(const Verdicts& verdicts, std::size_t row) {
  const Instant deadline = verdicts.deadline[row];
  const bool late = verdicts.verdict[row] == Verdict::late && deadline.known();
  const Instant reached = late ? deadline : verdicts.settled[row];
  return reached == deadline && verdicts.opened[row] < deadline ? Instant{reached.micros - 1} : reached;
}

bool lies_in(const time::Interval& period, Instant at) { return at >= period.from && at < period.until; }

Instant middle_of(const time::Interval& period) {
  return Instant{period.from.micros + (period.until.micros - period.from.micros) / 2};
}

bool alone_enough(const Verdicts& verdicts, std::size_t row) {
  const std::size_t last =
      row + 1 < verdicts.reason_first.size() ? verdicts.reason_first[row + 1] : verdicts.reasons.size();
  for (std::size_t i = verdicts.reason_first[row]; i < last; ++i) {
    if (verdicts.reasons[i].ground == Ground::alone_enough) return true;
  }
  return false;
}

class Reading {
 public:
  Reading(Id<model::Expr> id, const Context& context)
      : id_(id), expr_(context.view.plan().book.exprs[id]), context_(context), facts_(*context.view.facts()) {}

  Truth truth() {
    read();
    if (today_.size() > most_of_a_day) {
      found_.any[static_cast<std::size_t>(Verdict::cannot_tell)] = true;
      today_.clear();
    }
    const Truth found = in_every_order(found_, today_.begin());
    if (context_.trace) give_evidence(found);
    return found;
  }

  Counts counts() {
    read();
    return counts_;
  }

 private:
  void read() {
    if (expr_.verdict_of != model::VerdictOf::rule) {
      take_owed();
    } else {
      for (std::uint32_t rule : facts_.named(expr_.text)) {
        if (facts_.has(rule)) take_rule(rule), find_hidden(rule);
      }
    }
  }

  // A verdict that what has a date alone brought about on the day that is asked about: what it may be by then.
  struct OfToday {
    VerdictFacts::Row row;
    bool alone;
    std::array<bool, verdict_count> may{};
    bool nothing = false;  // it may not be opened yet

    void add(Verdict verdict) { may[static_cast<std::size_t>(verdict)] = true; }
  };
  static constexpr std::size_t most_of_a_day = 6;

  // What comes of all that the verdicts of today may be.
  Truth in_every_order(const Found& found, std::vector<OfToday>::const_iterator next) const {
    if (next == today_.end()) return decide(expr_.verdict, found);
    std::optional<Truth> all;
    const auto take = [&](const Found& more) {
      const Truth one = in_every_order(more, next + 1);
      all = all.value_or(one) == one ? one : Truth::unknown;
    };
    for (std::size_t i = 0; i < verdict_count; ++i) {
      if (!next->may[i]) continue;
      Found more = found;
      more.add(rule_at(next->row.rule), static_cast<Verdict>(i), next->alone);
      take(more);
    }
    if (next->nothing) take(found);
    return *all;
  }

  const model::Rule& rule_at(std::uint32_t rule) const { return context_.view.plan().book.rules[rule]; }

  // A deadline passes at its instant; the end of a period decides what ends with it.
  Instant passed() const { return context_.period.from.known() ? context_.cut : context_.now(); }

  std::optional<Verdict> as_of_now(const Verdicts& of, std::size_t row) const {
    const Instant over = their_end(of, row);
    if (over > context_.cut) return verdict_as_of(of, row, over, over);
    return verdict_as_of(of, row, context_.cut, passed());
  }

  // Where the period is over: the end of the same one where whoever owes that is. Missing: unknown.
  Instant their_end(const Verdicts& of, std::size_t row) const {
    const time::Interval& period = context_.period;
    if (!period.from.known() || context_.cut < period.until || !of.period[row].from.known()) return Instant::unknown();
    return context_.view.plan().calendars[of.calendar[row]].start_of(context_.calendar->day_of(period.until));
  }

  // Missed by one of two deadlines, since nobody knows whether the deal was on hold, or when in its day a lapse began.
  bool some_time_ago(std::uint32_t rule, std::uint32_t row) const {
    const Verdicts& of = facts_.of(rule);
    if (of.deadline[row].known()) return false;
    return (rule_at(rule).shape == model::Shape::after && of.verdict[row] == Verdict::missed) ||
           of.verdict[row] == Verdict::late;
  }

  // The move of a deal that has a date alone, of a day that begins then. Missing: no_event.
  EventRef move_by_day(std::uint32_t deal, Instant day) const {
    const Plan& plan = context_.view.plan();
    const history::Timeline& events = plan.history.deal_events;
    for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1] && events.at[i] <= day; ++i) {
      if (events.at[i] == day && events.by_day[i] != 0 && events.kind[i] == plan.moved_kind) return {false, i};
    }
    return no_event;
  }

  EventRef row_by_day(std::uint32_t deal, Instant day) const {
    return eval::row_by_day(context_.view.plan().history, false, deal, day);
  }

  // Whether a row stands before an instant of its day.
  bool is_day_of(const history::Timeline& events, EventRef row, Instant at) const {
    const Instant stands = events.at[row.index];
    return stands.known() && stands < at && at <= last_of_day(context_.view.plan(), stands);
  }

  // Whether an instant was on the day that is asked about, so that what has that day alone may come later on it, as
  // nothing does behind its last instant.
  bool is_today(Instant at) const {
    const Plan& plan = context_.view.plan();
    if (!plan.by_day || !at.known() || at >= context_.cut) return false;
    const Instant last = last_of_day(plan, at);
    return at < last && context_.cut.micros <= last.micros + 1;
  }

  // The row that has a date alone and by which what is late was missed. What a deadline decides no row does: only a
  // lapse that nothing is allowed for is missed when it begins. Missing: no_event.
  EventRef missed_by_day(std::uint32_t rule, std::uint32_t row) const {
    const Verdicts& of = facts_.of(rule);
    const model::Rule& of_rule = rule_at(rule);
    const bool lapses = of_rule.shape == model::Shape::while_ && of_rule.subject.kind == model::SubjectKind::deal;
    const bool at_once = of.deadline[row] == of.opened[row] || !of_rule.lapse;
    return lapses && at_once ? row_by_day(of.subject[row], of.deadline[row]) : no_event;
  }

  // The row that has a date alone and by which a verdict came to be what it is. What made a stretch begin or end, or a
  // lapse, may be any of that day; what a tolerance decides none of them does. Missing: no_event.
  EventRef settled_by_day(std::uint32_t rule, std::uint32_t row) const {
    const Verdicts& of = facts_.of(rule);
    const Plan& plan = context_.view.plan();
    if (earlier_of(of, row).timed) return no_event;
    const Instant settled = of.settled[row];
    const bool late = of.verdict[row] == Verdict::late;
    const model::Shape shape = rule_at(rule).shape;
    const bool of_deal = rule_at(rule).subject.kind == model::SubjectKind::deal;
    if (shape == model::Shape::while_ && of_deal) {
      const bool by_clock = settled == of.deadline[row] && missed_by_day(rule, row) == no_event;
      return by_clock && !late ? no_event : row_by_day(of.subject[row], settled);
    }
    const bool closed = of.verdict[row] == Verdict::excused && settled != of.deadline[row];
    if (of_deal && (shape == model::Shape::throughout || closed)) {
      if (const EventRef move = move_by_day(of.subject[row], settled); move != no_event) return move;
    }
    const std::size_t last = row + 1 < of.evidence_first.size() ? of.evidence_first[row + 1] : of.evidence.size();
    for (std::size_t i = of.evidence_first[row]; i < last; ++i) {
      const EventRef ref = of.evidence[i];
      const history::Timeline& events = ref.of_person ? plan.history.person_events : plan.history.deal_events;
      // What opened on its day was answered by it no sooner than that.
      const bool then =
          events.at[ref.index] == settled || (settled == of.opened[row] && is_day_of(events, ref, settled));
      if (events.by_day[ref.index] != 0 && then) return ref;
    }
    // What makes a condition on the stage true is among no evidence.
    const bool by_condition = shape == model::Shape::after && of_deal && rule_at(rule).expect;
    const bool done = of.verdict[row] == Verdict::kept || late;
    return by_condition && done ? row_by_day(of.subject[row], settled) : no_event;
  }

  // It may have been reached later on its day: until then it was due, or not opened either, and what is late missed.
  // False where no row that has a date alone brought it about.
  bool take_of_today(std::uint32_t rule, std::uint32_t row, Verdict is, bool alone) {
    const Verdicts& of = facts_.of(rule);
    const bool late = of.verdict[row] == Verdict::late;
    OfToday today{{rule, row}, alone};
    today.add(is);
    const std::size_t rows = by_day_.size();
    const auto turned = [&](EventRef by, Verdict before) {
      if (by == no_event) return false;
      by_day_.push_back(by), today.add(before);
      return true;
    };
    bool reached = false;
    if (is == of.verdict[row] && is_today(of.settled[row])) {
      reached = turned(settled_by_day(rule, row), late ? Verdict::missed : Verdict::due) && !late;
    }
    if (late && is_today(of.deadline[row])) reached = turned(missed_by_day(rule, row), Verdict::due);
    today.nothing = reached && of.opened[row] == (late ? of.deadline[row] : of.settled[row]);
    if (by_day_.size() == rows) return false;
    today_.push_back(today);
    return true;
  }

  void take_untold(std::uint32_t rule, std::uint32_t row) {
    ++counts_[static_cast<std::size_t>(Verdict::cannot_tell)];
    found_.any[static_cast<std::size_t>(Verdict::cannot_tell)] = true;
    untold_.push_back({rule, row});
  }

  // What is not settled yet: due for certain before it may have been kept or missed. False where that is so.
  bool take_perhaps_done(std::uint32_t rule, std::uint32_t row, bool alone) {
    const Earlier perhaps = earlier_of(facts_.of(rule), row);
    const bool perhaps_missed = perhaps.missed.known() ? perhaps.missed <= passed() : some_time_ago(rule, row);
    const bool perhaps_kept = perhaps.kept.known() && perhaps.kept < context_.cut;
    if (!perhaps_missed && !perhaps_kept) return false;
    ++counts_[static_cast<std::size_t>(Verdict::due)];
    OfToday either{{rule, row}, alone};
    either.add(Verdict::due);
    if (perhaps_missed) either.add(Verdict::missed), untold_.push_back({rule, row});
    if (perhaps_kept) either.add(Verdict::kept), perhaps_kept_.push_back({rule, row});
    today_.push_back(either);
    return true;
  }

  // What cannot be told since before its deadline is so since the deal closed, or may have: it was not missed.
  bool untold_in_time(std::uint32_t rule, std::uint32_t row) const {
    const Verdicts& of = facts_.of(rule);
    return of.verdict[row] == Verdict::cannot_tell && expr_.verdict != VerdictWord::cannot_tell &&
           rule_at(rule).shape == model::Shape::after && of.deadline[row].known() && of.settled[row] < of.deadline[row];
  }

  // Excused since the deal closed, and perhaps kept before that. False where it was not.
  bool take_perhaps_excused(std::uint32_t rule, std::uint32_t row, Verdict is, bool alone) {
    const Verdicts& of = facts_.of(rule);
    const Earlier perhaps = earlier_of(of, row);
    if (!perhaps.kept.known() || perhaps.kept >= context_.cut) return false;
    ++counts_[static_cast<std::size_t>(is)];
    OfToday either{{rule, row}, alone};
    either.add(Verdict::excused), either.add(Verdict::kept);
    const EventRef by = is_today(of.settled[row]) ? settled_by_day(rule, row) : no_event;
    if (by != no_event) either.add(Verdict::due), by_day_.push_back(by);
    today_.push_back(either);
    perhaps_kept_.push_back({rule, row});
    return true;
  }

  // Whether what has a date alone and opened it has come, as the context reads that day.
  Truth has_opened(std::uint32_t rule, std::uint32_t row) const {
    const model::Rule& of = rule_at(rule);
    const Instant opened = facts_.of(rule).opened[row];
    const bool by_event = of.shape == model::Shape::after && of.trigger && of.subject.kind == model::SubjectKind::deal;
    if (!by_event || !is_today(opened) || opened < context_.day_cut) return Truth::yes;
    const View& view = context_.view;
    const history::Timeline& timeline = view.timeline();
    // The moves of a day come in their order: what came before the one that is asked about has come.
    const auto precedes = [&](std::uint32_t move) {
      const std::uint32_t asked = context_.opening;
      const std::uint16_t moved = view.plan().moved_kind;
      return asked != UINT32_MAX && move < asked && timeline.kind[move] == moved && timeline.kind[asked] == moved &&
             !order_untold(view, move) && !order_untold(view, asked);
    };
    std::optional<Truth> all;
    for (const Occurrence& one : context_.view.occurrences(of.trigger)) {
      if (one.at != opened) continue;
      const Truth come = precedes(one.index) ? Truth::yes : has_come(context_, one.index);
      all = all.value_or(come) == come ? come : Truth::unknown;
    }
    return all.value_or(Truth::yes);
  }

  // A check by what has a date alone may be made at any instant of its day: before it was missed it was due. False
  // where it was missed all day.
  bool take_of_check(std::uint32_t rule, std::uint32_t row, Verdict is, bool alone) {
    const bool any_time = !context_.timely && context_.written.known() && context_.day_cut == Instant::max();
    if (!any_time || (is != Verdict::missed && is != Verdict::late)) return false;
    const Verdicts& of = facts_.of(rule);
    const Instant settled = is == Verdict::missed && is == of.verdict[row] ? of.settled[row] : Instant::unknown();
    const Instant surely = settled.known() ? settled : earlier_of(of, row).surely_missed;
    const Instant missed = of.deadline[row].known() ? of.deadline[row] : surely;
    const bool then = missed.known() && missed > first_of(context_.view, context_.opening) && missed < context_.cut;
    if (!then || (settled.known() && settled_by_day(rule, row) != no_event)) return false;
    OfToday either{{rule, row}, alone};
    for (const Verdict may : {is, Verdict::missed, Verdict::due}) either.add(may);
    today_.push_back(either);
    by_day_.push_back(context_.view.ref(context_.opening));
    return true;
  }

  void take(std::uint32_t rule, std::uint32_t row, bool alone) {
    auto is = as_of_now(facts_.of(rule), row);
    if (!is) return;
    const Truth opened = has_opened(rule, row);
    found_.hidden |= opened == Truth::unknown;
    if (opened != Truth::yes) return;
    const bool open = *is == Verdict::due || late_some_time(facts_.of(rule), row, context_.cut, passed());
    if (open && take_perhaps_done(rule, row, alone)) return;
    if (open) is = Verdict::due;
    const bool perhaps_kept = *is == Verdict::excused || (*is == Verdict::cannot_tell && untold_in_time(rule, row));
    if (perhaps_kept && take_perhaps_excused(rule, row, *is, alone)) return;
    ++counts_[static_cast<std::size_t>(*is)];
    if (*is == Verdict::cannot_tell) untold_.push_back({rule, row});
    if (take_of_check(rule, row, *is, alone)) return;
    if (*is != Verdict::due && take_of_today(rule, row, *is, alone)) return;
    found_.add(rule_at(rule), *is, alone);
    if (context_.trace) used_.push_back({rule, row});
  }

  // What asks something of a deal may have come without anybody recording it: then nobody knows what became of that.
  void find_hidden(std::uint32_t rule) {
    const model::Rule& asks = rule_at(rule);
    const bool by_event =
        asks.shape == model::Shape::after || asks.shape == model::Shape::before || asks.shape == model::Shape::at;
    if (!by_event || !asks.trigger || asks.subject.kind != model::SubjectKind::deal) return;
    if (context_.cut <= context_.view.created()) return;  // nothing came of the deal before it was created
    if (is_observed(context_.view, asks.trigger, context_.view.created(), context_.cut)) return;
    found_.hidden = true;
    if (context_.trace) hidden_.push_back(asks.trigger);
  }

  // A week is the same week wherever somebody is: what is judged by another calendar lies in it by its dates there.
  bool is_of_period(const Verdicts& of, std::size_t row, Instant at) const {
    const time::Interval& period = context_.period;
    const time::Calendar& days = *context_.calendar;
    const time::Calendar& theirs = context_.view.plan().calendars[of.calendar[row]];
    if (!of.period[row].from.known() || &theirs == &days) return lies_in(period, at);
    const time::Day day = theirs.day_of(at);
    return day >= days.day_of(period.from) && day < days.day_of(period.until);
  }

  void take_rule(std::uint32_t rule) {
    const VerdictFacts::Range rows = facts_.about(rule, subject_of(rule));
    const Verdicts& of = facts_.of(rule);
    const time::Interval& period = context_.period;
    if (rule_at(rule).shape == model::Shape::every && !period.from.known()) return take_latest(rule, rows);
    for (std::uint32_t row = rows.begin; row != rows.end; ++row) {
      if (!period.from.known()) {
        take(rule, row, false);
      } else if (rule_at(rule).shape == model::Shape::every) {
        if (is_of_period(of, row, middle_of(of.period[row]))) take(rule, row, false);
      } else if (some_time_ago(rule, row) && lies_in(period, of.opened[row]) != lies_in(period, belongs_at(of, row))) {
        take_untold(rule, row);
      } else if (of.verdict[row] == Verdict::due || belongs_at(of, row) >= period.from) {
        // What is settled later was due as the period ended, if it was asked by then.
        take(rule, row, false);
      }
    }
  }

  // Outside of any period that of the one that was over last counts.
  void take_latest(std::uint32_t rule, const VerdictFacts::Range& rows) {
    const Verdicts& of = facts_.of(rule);
    std::uint32_t latest = rows.end;
    for (std::uint32_t row = rows.begin; row != rows.end; ++row) {
      const auto is = as_of_now(of, row);
      if (is && *is != Verdict::due && (latest == rows.end || of.period[row].from > of.period[latest].from))
        latest = row;
    }
    if (latest != rows.end) take(rule, latest, false);
  }

  void take_owed() {
    for (const VerdictFacts::Row& row : facts_.owed_by(expr_.verdict_of, person())) {
      const Verdicts& of = facts_.of(row.rule);
      const bool within = is_of_period(of, row.row, belongs_at(of, row.row));
      if (some_time_ago(row.rule, row.row) && is_of_period(of, row.row, of.opened[row.row]) != within) {
        take_untold(row.rule, row.row);
      } else if (within) {
        take(row.rule, row.row, alone_enough(of, row.row));
      }
    }
  }

  std::uint32_t person() const { return context_.person != nobody ? context_.person : context_.view.subject(); }

  std::uint32_t subject_of(std::uint32_t rule) const {
    switch (rule_at(rule).subject.kind) {
      case model::SubjectKind::deal: return context_.view.subject();
      case model::SubjectKind::person: return person();
      case model::SubjectKind::company: return 0;
      case model::SubjectKind::team: break;
    }
    return context_.team == nobody ? nobody : of_team(facts_.of(rule), context_.view.plan(), context_.team);
  }

  void give_evidence(Truth found) {
    const bool asked = counts_ != Counts{};
    if (found == Truth::no && !asked) context_.trace->reasons.push_back({Ground::never_asked, id_, {}, 0, 0});
    for (const VerdictFacts::Row& row : used_) {
      const Verdicts& of = facts_.of(row.rule);
      const std::size_t first = of.evidence_first[row.row];
      const std::size_t last =
          row.row + 1 < of.evidence_first.size() ? of.evidence_first[row.row + 1] : of.evidence.size();
      if (first < last) context_.trace->use(of.evidence[first]);
    }
    if (found != Truth::unknown) return;
    for (const EventRef& ref : by_day_) context_.trace->lack({.kind = FactKind::time_of_day, .member = ref});
    for (const VerdictFacts::Row& row : untold_) {
      const Verdicts& of = facts_.of(row.rule);
      const std::size_t last = row.row + 1 < of.fact_first.size() ? of.fact_first[row.row + 1] : of.facts.size();
      for (std::size_t i = of.fact_first[row.row]; i < last; ++i) context_.trace->lack(of.facts[i]);
      if (!of.deadline[row.row].known()) lack_times_of(of, row.row);
    }
    for (const VerdictFacts::Row& row : perhaps_kept_) lack_kept(row);
    for (const Id<model::Event> event : hidden_) {
      const View& view = context_.view;
      if (!lack_origins(view, event, view.created(), context_.cut, *context_.trace))
        context_.trace->lack({FactKind::event, {}, event});
    }
  }

  // What would tell whether it was kept by then.
  void lack_kept(const VerdictFacts::Row& row) {
    const Verdicts& of = facts_.of(row.rule);
    const Instant since = earlier_of(of, row.row).kept;
    const time::Calendar& days = context_.view.plan().calendars.front();
    const EventRef by_day = rule_at(row.rule).subject.kind == model::SubjectKind::deal
                                ? row_by_day(of.subject[row.row], days.start_of(days.day_of(since)))
                                : no_event;
    if (by_day != no_event) return context_.trace->lack({.kind = FactKind::time_of_day, .member = by_day});
    const std::size_t first = of.fact_first[row.row];
    const std::size_t last = row.row + 1 < of.fact_first.size() ? of.fact_first[row.row + 1] : of.facts.size();
    for (std::size_t i = first; i < last; ++i) context_.trace->lack(of.facts[i]);
    if (first == last && rule_at(row.rule).expect_event)
      context_.trace->lack({FactKind::event, {}, rule_at(row.rule).expect_event});
  }

  // What is missed, or late, has no deadline where something it was judged by has no time of day.
  void lack_times_of(const Verdicts& of, std::size_t row) {
    const history::History& history = context_.view.plan().history;
    const std::size_t last = row + 1 < of.evidence_first.size() ? of.evidence_first[row + 1] : of.evidence.size();
    for (std::size_t i = of.evidence_first[row]; i < last; ++i) {
      const EventRef ref = of.evidence[i];
      const bool by_day = (ref.of_person ? history.person_events : history.deal_events).by_day[ref.index] != 0;
      if (by_day) context_.trace->lack({.kind = FactKind::time_of_day, .member = ref});
    }
  }

  const Id<model::Expr> id_;
  const model::Expr& expr_;
  const Context& context_;
  const VerdictFacts& facts_;
  Found found_;
  Counts counts_{};  // of what is read, by what it is taken for
  std::vector<OfToday> today_;
  std::vector<EventRef> by_day_;  // rows without a time of day by which some were reached
  std::vector<VerdictFacts::Row> used_, untold_, perhaps_kept_;
  std::vector<Id<model::Event>> hidden_;  // that may have asked something
};

}  // namespace

Truth verdict_truth(Id<model::Expr> id, const Context& context) {
  PLUMB_ASSERT(context.view.facts(), "a rule stands behind those whose verdicts it reads");
  return Reading(id, context).truth();
}

Counts verdicts_read(Id<model::Expr> id, const Context& context) {
  PLUMB_ASSERT(context.view.facts(), "a rule stands behind those whose verdicts it reads");
  return Reading(id, context).counts();
}

}  // namespace plumb::eval
