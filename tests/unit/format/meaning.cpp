#include "unit/format/meaning.h"

#include <algorithm>
#include <tuple>
#include <type_traits>

#include <fmt/format.h>

namespace plumb::format {

namespace {

using namespace syntax::ast;

// ---- events ---------------------------------------------------------------------------------------------------------

auto parts(const DurationLit& x) { return std::tie(x.duration); }
auto parts(const NamedEvent& x) { return std::tie(x.name); }
auto parts(const EntersStage& x) { return std::tie(x.stage); }
auto parts(const LeavesStage& x) { return std::tie(x.stage); }
auto parts(const FieldChanged& x) { return std::tie(x.field); }
auto parts(const FieldMoved& x) { return std::tie(x.field, x.later, x.period); }
auto parts(const StartsLeave& x) { return std::tie(x.who); }
auto parts(const OrdinalEvent& x) { return std::tie(x.ordinal, x.event, x.for_each, x.on_another_day); }
auto parts(const AnyEvent& x) { return std::tie(x.events); }
auto parts(const FilteredEvent& x) { return std::tie(x.event, x.where); }
auto parts(const Event& x) { return std::tie(x.is); }

// ---- conditions and values ------------------------------------------------------------------------------------------

auto parts(const Tails& x) { return std::tie(x.source, x.or_better, x.since, x.in, x.last, x.last_of, x.last_periods); }
auto parts(const NameRef& x) { return std::tie(x.name); }
auto parts(const ItsField& x) { return std::tie(x.field); }
auto parts(const OfName& x) { return std::tie(x.name, x.of); }
auto parts(const NumberLit& x) { return std::tie(x.value); }
auto parts(const PercentLit& x) { return std::tie(x.fraction); }
auto parts(const MoneyLit& x) { return std::tie(x.value, x.currency); }
auto parts(const DateLit& x) { return std::tie(x.day); }
auto parts(const InstantLit& x) { return std::tie(x.day, x.micros_of_day, x.offset_seconds); }
auto parts(const TextLit& x) { return std::tie(x.text); }
auto parts(const DurationValue& x) { return std::tie(x.duration); }
std::tuple<> parts(const Today&) { return {}; }
std::tuple<> parts(const Broken&) { return {}; }
auto parts(const Not& x) { return std::tie(x.operand); }
auto parts(const And& x) { return std::tie(x.operands); }
auto parts(const Or& x) { return std::tie(x.operands); }
auto parts(const AtLeastOf& x) { return std::tie(x.least, x.conditions, x.checklist, x.level); }
auto parts(const Known& x) { return std::tie(x.value, x.missing, x.tails); }
auto parts(const Happened& x) { return std::tie(x.event, x.tails); }
auto parts(const Compare& x) { return std::tie(x.left, x.comparison, x.right, x.tails); }
auto parts(const Apart& x) { return std::tie(x.left, x.at_most, x.by, x.after, x.right); }
auto parts(const Differs& x) { return std::tie(x.left, x.right, x.at_most); }
auto parts(const InState& x) { return std::tie(x.state); }
auto parts(const InStage& x) { return std::tie(x.stage, x.or_later); }
auto parts(const VerdictIs& x) { return std::tie(x.of, x.verdict); }
auto parts(const Population& x) { return std::tie(x.event, x.of, x.state); }
auto parts(const Aggregate& x) {
  return std::tie(x.function, x.field, x.span_in, x.span_from, x.span_to, x.population, x.where, x.followed_by,
                  x.followed_within, x.by_actor, x.of, x.per, x.read_at, x.tails);
}
auto parts(const TimeSince& x) { return std::tie(x.event); }
auto parts(const TotalTimeIn& x) { return std::tie(x.stage); }
auto parts(const QuotaFor& x) { return std::tie(x.measure); }
auto parts(const Arithmetic& x) { return std::tie(x.op, x.left, x.right); }
auto parts(const Expr& x) { return std::tie(x.is); }

// ---- what many declarations have ------------------------------------------------------------------------------------

auto parts(const Header& x) {
  return std::tie(x.author, x.proposed_by, x.proposed_on, x.effective_from, x.review_by, x.sealed, x.tighten_only);
}
auto parts(const Response& x) { return std::tie(x.verdict, x.text, x.recorded_as, x.by, x.within); }
auto parts(const Subject& x) { return std::tie(x.kind, x.word, x.process, x.stage, x.or_later, x.where); }
auto parts(const GivenAtLeast& x) { return std::tie(x.count, x.population, x.where); }
auto parts(const AveragedOver& x) { return std::tie(x.count, x.period); }
auto parts(const Adjustment& x) { return std::tie(x.name, x.longer_than); }
auto parts(const AdjustedFor& x) { return std::tie(x.adjustments); }
auto parts(const Thing& x) { return std::tie(x.periods, x.event); }
auto parts(const Basis& x) { return std::tie(x.count, x.thing, x.until); }

// ---- rules, checklists, ladders, proofs -----------------------------------------------------------------------------

auto parts(const Point& x) {
  return std::tie(x.weekday, x.day_number, x.business, x.micros_of_day, x.of_period_after, x.or_next_business_day);
}
auto parts(const ShapeClause& x) { return std::tie(x.shape, x.event, x.condition, x.period, x.point); }
auto parts(const Rule& x) {
  return std::tie(x.strength, x.name, x.title, x.right, x.subject, x.shape, x.expect, x.expect_event, x.within,
                  x.at_least_ahead, x.lapse_at_most, x.even_when_closed, x.each_its_own, x.given, x.averaged_over,
                  x.adjusted, x.late_counts_as, x.owed_by, x.basis, x.because, x.responses, x.ladder, x.header);
}
auto parts(const Level& x) { return std::tie(x.name, x.when); }
auto parts(const Need& x) { return std::tie(x.level, x.stage, x.while_in, x.or_later); }
auto parts(const Item& x) { return std::tie(x.name, x.title, x.levels, x.needs, x.because, x.responses, x.header); }
auto parts(const Checklist& x) {
  return std::tie(x.name, x.title, x.for_deals_where, x.levels, x.items, x.because, x.header);
}
auto parts(const LadderStart& x) { return std::tie(x.of, x.what, x.missed, x.out_of, x.period); }
auto parts(const RungStep& x) {
  return std::tie(x.act, x.who, x.what, x.times, x.every_business_day, x.every, x.at_most, x.within, x.only_after);
}
auto parts(const Rung& x) { return std::tie(x.name, x.title, x.steps); }
auto parts(const LadderWait& x) { return std::tie(x.at, x.condition); }
auto parts(const LadderClear& x) { return std::tie(x.count, x.period); }
auto parts(const Ladder& x) {
  return std::tie(x.name, x.title, x.subject, x.starts, x.rungs, x.climbs_in_next, x.waits, x.clears, x.because,
                  x.header);
}
auto parts(const PathPasses& x) { return std::tie(x.to, x.passes); }
auto parts(const StageReaches& x) { return std::tie(x.stages); }
auto parts(const RungBefore& x) { return std::tie(x.ladder, x.first, x.second); }
auto parts(const LongestPath& x) { return std::tie(x.from, x.to, x.without_going_back, x.at_most); }
auto parts(const Prove& x) { return std::tie(x.claim, x.is, x.process, x.header); }

// ---- measures, targets, plans ---------------------------------------------------------------------------------------

auto parts(const Measure& x) { return std::tie(x.name, x.title, x.value, x.header); }
auto parts(const TargetCase& x) { return std::tie(x.value, x.stage, x.or_later, x.where, x.from); }
auto parts(const Target& x) { return std::tie(x.name, x.title, x.cases, x.basis, x.because, x.header); }
auto parts(const Fallback& x) { return std::tie(x.of, x.values); }
auto parts(const PlanTarget& x) { return std::tie(x.value, x.population, x.where); }
auto parts(const Worth& x) { return std::tie(x.value, x.given, x.fallbacks); }
auto parts(const Rates& x) { return std::tie(x.count, x.period, x.given, x.fallbacks); }
auto parts(const LeadTime& x) { return std::tie(x.average, x.fixed); }
auto parts(const Ramp& x) { return std::tie(x.steps, x.by); }
auto parts(const Plan& x) {
  return std::tie(x.name, x.title, x.target, x.period, x.subject, x.worth, x.work_back, x.rates, x.reached_within,
                  x.lead_time, x.ramp, x.adjusted, x.basis, x.because, x.header);
}

// ---- tests ----------------------------------------------------------------------------------------------------------

auto parts(const Moment& x) { return std::tie(x.day, x.micros_of_day, x.offset_seconds); }
auto parts(const Fact& x) { return std::tie(x.name, x.value, x.source, x.from, x.to, x.recorded); }
auto parts(const Leave& x) { return std::tie(x.who, x.from, x.to, x.recorded); }
auto parts(const Cast& x) { return std::tie(x.kind, x.name, x.of, x.facts, x.leaves); }
auto parts(const Deed& x) { return std::tie(x.kind, x.subject, x.what, x.value, x.source, x.facts, x.leaves); }
auto parts(const DatedLine& x) { return std::tie(x.at, x.deed, x.recorded); }
auto parts(const RepeatedLine& x) {
  return std::tie(x.times, x.from, x.business_days, x.every, x.micros_of_day, x.deed);
}
auto parts(const Expectation& x) {
  return std::tie(x.as_of, x.known_at, x.none, x.of, x.verdict, x.value, x.subject, x.opened, x.because);
}
auto parts(const Test& x) { return std::tie(x.title, x.cast, x.lines, x.expectations); }

// ---- declarations ---------------------------------------------------------------------------------------------------

auto parts(const Rulebook& x) {
  return std::tie(x.name, x.title, x.version, x.header, x.calendar, x.because, x.responses, x.ladder);
}
auto parts(const Use& x) { return std::tie(x.name); }
auto parts(const Extends& x) { return std::tie(x.name); }
auto parts(const WorkLine& x) { return std::tie(x.from_weekday, x.to_weekday, x.from_micros, x.until_micros); }
auto parts(const HolidayLine& x) { return std::tie(x.day, x.name); }
auto parts(const TermLine& x) { return std::tie(x.name, x.from, x.to); }
auto parts(const Calendar& x) {
  return std::tie(x.name, x.zone, x.work, x.holidays, x.terms, x.fiscal_year_starts_month, x.week_starts_weekday,
                  x.header);
}
auto parts(const Field& x) { return std::tie(x.name, x.type, x.choices); }
auto parts(const Fields& x) { return std::tie(x.of, x.parent, x.fields, x.header); }
auto parts(const Activity& x) { return std::tie(x.name, x.with_buyer, x.fields, x.header); }
auto parts(const Record& x) { return std::tie(x.name, x.fields, x.header); }
auto parts(const EventDecl& x) { return std::tie(x.name, x.event, x.header); }
auto parts(const StageCondition& x) { return std::tie(x.condition); }
auto parts(const StageLimit& x) { return std::tie(x.at_most); }
auto parts(const Stage& x) {
  return std::tie(x.name, x.label, x.buyer, x.manager, x.won, x.lost, x.on_hold, x.may_be_first, x.may_be_first_when,
                  x.may_be_skipped, x.may_be_skipped_when, x.to_enter, x.to_move_on, x.while_in, x.at_most, x.was,
                  x.header);
}
auto parts(const Move& x) { return std::tie(x.kind, x.stages, x.at_most_times, x.when); }
auto parts(const Process& x) {
  return std::tie(x.name, x.title, x.for_deals_where, x.on_hold_while, x.stages, x.moves, x.header);
}
auto parts(const Change& x) { return std::tie(x.kind, x.in, x.to); }
auto parts(const Remove& x) { return std::tie(x.kind, x.name, x.in, x.because, x.header); }
auto parts(const File& x) { return std::tie(x.rulebook, x.declarations); }

// ---- into a text ----------------------------------------------------------------------------------------------------

template <class T>
concept HasParts = requires(const T& x) {
  parts(x);
};

struct Teller {
  const File& file;
  std::string out;

  void tell(const Name& name) { out += "`" + name.text + "`"; }
  void tell(const Text& text) { out += "\"" + text.text + "\""; }
  void tell(const Decimal& number) { out += to_text(number); }
  void tell(const time::Duration& duration) { out += to_text(duration); }
  void tell(const time::Day& day) { out += to_text(day); }
  void tell(ExprId id) { id ? tell(file.exprs[id]) : void(out += "-"); }
  void tell(EventId id) { id ? tell(file.events[id]) : void(out += "-"); }
  void tell(const std::vector<Move>& moves) {
    std::vector<Move> by_kind = moves;
    std::ranges::stable_sort(by_kind, {}, &Move::kind);
    for (const Move& move : by_kind) tell(move);
  }
  template <class T>
  requires std::is_enum_v<T> || std::is_arithmetic_v<T>
  void tell(const T& number) { out += fmt::format("{}", static_cast<std::int64_t>(number)); }
  template <class T>
  void tell(const std::optional<T>& one) {
    one ? tell(*one) : void(out += "-");
  }
  template <class T>
  void tell(const std::vector<T>& list) {
    out += '[';
    for (const T& one : list) tell(one);
    out += ']';
  }
  template <class... T>
  void tell(const std::variant<T...>& one) {
    out += fmt::format("{}:", one.index());
    std::visit([&](const auto& is) { tell(is); }, one);
  }
  template <HasParts T>
  void tell(const T& whole) {
    out += '(';
    std::apply([&](const auto&... part) { ((tell(part), out += ' '), ...); }, parts(whole));
    out += ")\n";
  }
};

}  // namespace

std::string meaning(const File& file) {
  Teller teller{file, {}};
  teller.tell(file);
  return teller.out;
}

}  // namespace plumb::format
