#include "eval/condition.h"

#include <algorithm>

#include "eval/verdict_facts.h"

namespace plumb::eval {

namespace {

using model::Comparison;
using model::Op;

// What a condition is about, as far as its tails let the facts count.
Value subject_value(const model::Expr& expr, const Context& context) {
  const Id<model::Expr> id = expr.args.front();
  const model::Expr& of = context.view.plan().book.exprs[id];
  if (!expr.tails.any()) return value(id, context);
  if (of.op == Op::subject_field) return field_value(of.field, context, &expr.tails);
  if (of.op != Op::aggregate) return Value::unknown();  // refused before evaluation
  model::Aggregate narrowed = *of.aggregate;
  narrowed.tails = expr.tails;
  return aggregate_value(id, narrowed, context);
}

Truth known_truth(const model::Expr& expr, const Context& context) {
  const Value found = subject_value(expr, context);
  if (found.state == Value::State::unknown) return Truth::unknown;
  return truth((found.state == Value::State::known) == (expr.op == Op::known));
}

// The comparison decided over the whole range of the left and of the right side.
Truth compare_ranges(const Value& a, const Value& b, Comparison c) {
  const int least = compare(a.low, b.high), most = compare(a.high, b.low);
  const auto decide = [](bool always, bool never) { return always ? Truth::yes : never ? Truth::no : Truth::unknown; };
  switch (c) {
    case Comparison::at_least: return decide(least >= 0, most < 0);
    case Comparison::more_than: return decide(least > 0, most <= 0);
    case Comparison::at_most: return decide(most <= 0, least > 0);
    case Comparison::less_than: return decide(most < 0, least >= 0);
    case Comparison::is:
    case Comparison::is_one_of: return decide(least == 0 && most == 0, least > 0 || most < 0);
    case Comparison::is_not: return decide(least > 0 || most < 0, least == 0 && most == 0);
    default: return Truth::unknown;
  }
}

Truth compare_ids(const Value& a, const Value& b, Comparison c) {
  switch (c) {
    case Comparison::is:
    case Comparison::is_one_of: return truth(a.id == b.id);
    case Comparison::is_not: return truth(a.id != b.id);
    case Comparison::before:
    case Comparison::less_than: return truth(a.id < b.id);
    case Comparison::after:
    case Comparison::more_than: return truth(a.id > b.id);
    case Comparison::not_before:
    case Comparison::at_least: return truth(a.id >= b.id);
    case Comparison::not_after:
    case Comparison::at_most: return truth(a.id <= b.id);
  }
  return Truth::unknown;
}

bool is_number(model::TypeKind kind) {
  using model::TypeKind;
  return kind == TypeKind::money || kind == TypeKind::percent || kind == TypeKind::count || kind == TypeKind::number ||
         kind == TypeKind::duration;
}

// Nothing is nothing in every currency; anything else needs a rate.
bool same_currency(const Value& a, const Value& b, const Context& context) {
  const bool same = a.currency == b.currency || a.zero() || b.zero();
  if (!same && context.trace) context.trace->lack({FactKind::rate, {}, {}});
  return same;
}

std::uint32_t common_currency(const Value& a, const Value& b) {
  return a.currency && (!a.zero() || !b.currency) ? a.currency : b.currency;
}

Truth compare_one(const Value& a, const Value& b, model::TypeKind type, Comparison c, const Context& context) {
  if (a.state == Value::State::absent) {
    return truth(c == Comparison::is_not || c == Comparison::not_before || c == Comparison::not_after);
  }
  // Missing is not a value: a comparison with it cannot be told, and `is known` is how to ask for one.
  if (!a.known() || !b.known()) return Truth::unknown;
  if (!is_number(type)) return compare_ids(a, b, c);
  if (type == model::TypeKind::money && !same_currency(a, b, context)) return Truth::unknown;
  return compare_ranges(a, b, c);
}

Rational rounded(Rational r, bool up) {
  if (!r.exact()) return r;
  const Wide below = r.n / r.d - (r.n % r.d < 0), above = r.n / r.d + (r.n % r.d > 0);
  return rational(up ? above : below, 1);
}

// In the favour of whoever is asked: a floor is rounded down, a ceiling up.
Rational in_favour(Rational r, Comparison c) {
  if (c == Comparison::at_least || c == Comparison::more_than) return rounded(r, false);
  return c == Comparison::at_most || c == Comparison::less_than ? rounded(r, true) : r;
}

// Nothing is compared with what is missing: the field is what would have to be known.
void lack_missing(Id<model::Expr> id, const Value& found, const Context& context) {
  const model::Rulebook& book = context.view.plan().book;
  const model::Expr& of = book.exprs[id];
  if (found.state != Value::State::missing || !context.trace || !of.field) return;
  const bool of_event = of.op == Op::event_field || of.op == Op::its_field;
  const bool of_person = book.fields[of.field].owner == model::OwnerKind::person;
  const bool of_account = book.fields[of.field].owner == model::OwnerKind::account;
  context.trace->lack({of_event     ? FactKind::attribute
                       : of_person  ? FactKind::person_field
                       : of_account ? FactKind::account_field
                                    : FactKind::deal_field,
                       of.field,
                       {}});
}

Truth elapsed_since(Comparison comparison, time::Duration asked, Instant since, const Context& context) {
  const Instant end = context.calendar->within(asked, since);
  if (!end.known()) return Truth::unknown;
  // A day counts as a whole; the end of hours is an instant, at which they are neither more nor less.
  const bool reached = context.now() >= end, passed = is_clock(asked.unit) ? context.now() > end : reached;
  switch (comparison) {
    case Comparison::at_least: return truth(reached);
    case Comparison::more_than: return truth(passed);
    case Comparison::at_most: return truth(!passed);
    default: return truth(!reached);
  }
}

// `time since E` against a duration asks whether the duration's end has come; the end is a matter of the calendar.
Truth elapsed_truth(const model::Expr& expr, const Context& context) {
  const model::Rulebook& book = context.view.plan().book;
  const Latest since = latest_before(book.exprs[expr.args[0]].event, context);
  if (since.undecided || !since.at.known()) return Truth::unknown;
  const time::Duration asked = book.exprs[expr.args[1]].duration;
  const Truth found = elapsed_since(expr.comparison, asked, since.at, context);
  if (!since.by_day || !is_clock(asked.unit)) return found;
  // A date without a time of day: whichever it was, the hours have to be over or not.
  const time::Calendar& days = context.view.plan().calendars.front();
  const Instant latest{days.end_of(days.day_of(since.at)).micros - 1};
  if (elapsed_since(expr.comparison, asked, latest, context) == found) return found;
  if (context.trace) context.trace->lack({FactKind::event_time, {}, book.exprs[expr.args[0]].event});
  return Truth::unknown;
}

Truth compare_truth(const model::Expr& expr, const Context& context) {
  const model::Rulebook& book = context.view.plan().book;
  const bool clock = book.exprs[expr.args.front()].op == Op::time_since;
  if (clock && book.exprs[expr.args[1]].op == Op::duration) return elapsed_truth(expr, context);
  const Value left = subject_value(expr, context);
  const model::TypeKind type = book.exprs[expr.args.front()].type.kind;
  lack_missing(expr.args.front(), left, context);
  Truth any = Truth::no;
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    Value right = value(expr.args[i], context);
    lack_missing(expr.args[i], right, context);
    if (context.periods > 1 || context.share) right = threshold(expr, right, context);
    any = either(any, compare_one(left, right, type, expr.comparison, context));
  }
  return any;
}

// The distance from b to a against a duration. Days are counted as days: the last one that is at most D away is the
// first that is at least D away.
Truth apart_truth(const model::Expr& expr, const Context& context) {
  const Value a = value(expr.args[0], context), b = value(expr.args[1], context);
  lack_missing(expr.args[0], a, context), lack_missing(expr.args[1], b, context);
  if (!a.known() || !b.known()) return Truth::unknown;
  const model::Rulebook& book = context.view.plan().book;
  const auto instant_of = [&](const Value& v, std::size_t arg) {
    const bool date = book.exprs[expr.args[arg]].type.kind == model::TypeKind::date;
    return date ? context.calendar->start_of(time::Day{static_cast<std::int32_t>(v.id)}) : Instant{v.id};
  };
  const Instant later = instant_of(expr.after ? a : b, expr.after ? 0 : 1);
  const Instant earlier = instant_of(expr.after ? b : a, expr.after ? 1 : 0);
  const Instant end = context.calendar->within(expr.duration, earlier);
  if (!later.known() || !earlier.known() || !end.known()) return Truth::unknown;
  if (later < earlier) return Truth::no;
  if (is_clock(expr.duration.unit)) return truth(expr.at_most ? later <= end : later >= end);
  const time::Day reached = context.calendar->day_of(later), last = context.calendar->day_of(Instant{end.micros - 1});
  return truth(expr.at_most ? reached <= last : reached >= last);
}

Truth differs_truth(const model::Expr& expr, const Context& context) {
  const Value a = value(expr.args[0], context), b = value(expr.args[1], context), by = value(expr.args[2], context);
  lack_missing(expr.args[0], a, context), lack_missing(expr.args[1], b, context);
  lack_missing(expr.args[2], by, context);
  if (!a.known() || !b.known() || !by.known() || !same_currency(a, b, context)) return Truth::unknown;
  const Rational one = subtract(a.high, b.low), other = subtract(b.high, a.low);
  if (!one.exact() || !other.exact()) return Truth::unknown;
  const Value most = Value::of(compare(one, other) > 0 ? one : other, common_currency(a, b));
  if (!same_currency(most, by, context)) return Truth::unknown;
  const bool exact = compare(a.low, a.high) == 0 && compare(b.low, b.high) == 0;
  const Truth near = compare_ranges(most, by, Comparison::at_most);
  return near == Truth::yes || exact ? near : Truth::unknown;
}

// `owner is on leave`, `person is on leave`: on the civil day of the instant that is asked about.
Truth leave_truth(const model::Expr& expr, const Context& context) {
  const Plan& plan = context.view.plan();
  std::uint32_t person = context.person;
  if (!expr.args.empty()) {
    const Value who = value(expr.args.front(), context);
    lack_missing(expr.args.front(), who, context);
    person = who.known() ? plan.person(who.id) : nobody;
  }
  if (person == nobody) return Truth::unknown;
  const Truth away = on_leave(plan, person, context.calendar->day_of(context.now()));
  if (away == Truth::unknown && context.trace) context.trace->lack({FactKind::leave, {}, {}});
  return away;
}

Truth situation_truth(const model::Expr& expr, const Context& context) {
  switch (expr.situation) {
    case model::Situation::on_leave: return leave_truth(expr, context);
    case model::Situation::on_hold: return on_hold(context);
    default: return Truth::unknown;  // refused before evaluation
  }
}

Truth state_truth(const model::Expr& expr, const Context& context) {
  bool unknown = false;
  const Id<model::Stage> stage = stage_at(context, unknown);
  const model::Rulebook& book = context.view.plan().book;
  // Of a deal that follows none of the processes nobody says which stages close it.
  if (unknown || (!context.view.process() && !book.processes.empty())) {
    if (context.trace) context.trace->lack({FactKind::stage, {}, {}});
    return Truth::unknown;
  }
  const model::StageEnd end = stage ? book.stages[stage].end : model::StageEnd::open;
  switch (expr.state) {
    case model::DealState::open: return truth(end == model::StageEnd::open);
    case model::DealState::closed: return truth(end != model::StageEnd::open);
    case model::DealState::won: return truth(end == model::StageEnd::won);
    case model::DealState::lost: return truth(end == model::StageEnd::lost);
  }
  return Truth::unknown;
}

Truth in_stage_truth(const model::Expr& expr, const Context& context) {
  bool unknown = false;
  const Id<model::Stage> stage = stage_at(context, unknown);
  if (unknown) {
    if (context.trace) context.trace->lack({FactKind::stage, {}, {}});
    return Truth::unknown;
  }
  return truth(stage && std::find(expr.stages.begin(), expr.stages.end(), stage) != expr.stages.end());
}

Truth at_least_of_truth(const model::Expr& expr, const Context& context) {
  std::int64_t yes = 0, possible = 0;
  for (Id<model::Expr> arg : expr.args) {
    const Truth found = holds(arg, context);
    yes += found == Truth::yes;
    possible += found != Truth::no;
  }
  return yes >= expr.count ? Truth::yes : possible < expr.count ? Truth::no : Truth::unknown;
}

// Exact time is compared with exact time: a day of it is 24 hours.
Value exact_length(time::Duration duration) {
  constexpr Wide hour = time::micros_per_hour;
  switch (duration.unit) {
    case time::Unit::minutes: return Value::of(rational(duration.count * hour / 60, 1));
    case time::Unit::hours: return Value::of(rational(duration.count * hour, 1));
    case time::Unit::days: return Value::of(rational(duration.count * 24 * hour, 1));
    case time::Unit::weeks: return Value::of(rational(duration.count * 7 * 24 * hour, 1));
    default: return Value::unknown();
  }
}

}  // namespace

Value threshold(const model::Expr& expr, const Value& bound, const Context& context) {
  const model::Rulebook& book = context.view.plan().book;
  if (!bound.known() || !is_total(book, expr.args.front())) return bound;
  const Rational times = rational(context.periods, 1);
  const Rational low = context.share ? context.share->low : times, high = context.share ? context.share->high : times;
  if (context.share && !context.share->known) return Value::unknown();
  Value out = Value::between(multiply(bound.low, low), multiply(bound.high, high));
  out.currency = bound.currency;
  const bool counts = book.exprs[expr.args.front()].type.kind == model::TypeKind::count;
  if (!out.known() || !counts || !context.share || !context.share->reduced) return out;
  out.low = in_favour(out.low, expr.comparison), out.high = in_favour(out.high, expr.comparison);
  return out;
}

// A count or a sum grows with its window, and so do their sums; shares, means, medians and ratios do not.
bool is_total(const model::Rulebook& book, Id<model::Expr> id) {
  const model::Expr& expr = book.exprs[id];
  if (expr.op == Op::measure) return is_total(book, book.measures[expr.measure].value);
  if (expr.op == Op::arithmetic) {
    return expr.arithmetic != model::Arithmetic::divided_by &&
           std::any_of(expr.args.begin(), expr.args.end(), [&](Id<model::Expr> arg) { return is_total(book, arg); });
  }
  return expr.aggregate && (expr.aggregate->function == model::AggregateFunction::count ||
                            expr.aggregate->function == model::AggregateFunction::sum);
}

bool is_clock(time::Unit unit) {
  return unit == time::Unit::hours || unit == time::Unit::minutes || unit == time::Unit::working_hours;
}

// In aggregate.cpp.
Truth happened_truth(Id<model::Expr> id, const Context& context);
Value time_since_value(const model::Expr& expr, const Context& context);
Value total_time_value(const model::Expr& expr, const Context& context);

Truth holds(Id<model::Expr> condition, const Context& context) {
  const model::Expr& expr = context.view.plan().book.exprs[condition];
  switch (expr.op) {
    case Op::not_: return negate(holds(expr.args.front(), context));
    case Op::and_: {
      Truth all = Truth::yes;
      for (Id<model::Expr> arg : expr.args) {
        all = both(all, holds(arg, context));
        if (all == Truth::no && !context.trace) break;
      }
      return all;
    }
    case Op::or_: {
      Truth any = Truth::no;
      for (Id<model::Expr> arg : expr.args) {
        any = either(any, holds(arg, context));
        if (any == Truth::yes && !context.trace) break;
      }
      return any;
    }
    case Op::at_least_of: return at_least_of_truth(expr, context);
    case Op::known:
    case Op::missing: return known_truth(expr, context);
    case Op::happened: return happened_truth(condition, context);
    case Op::compare: return compare_truth(expr, context);
    case Op::apart: return apart_truth(expr, context);
    case Op::differs: return differs_truth(expr, context);
    case Op::state: return state_truth(expr, context);
    case Op::in_stage: return in_stage_truth(expr, context);
    case Op::situation: return situation_truth(expr, context);
    case Op::verdict: return verdict_truth(expr, context);
    case Op::measure: return holds(context.view.plan().book.measures[expr.measure].value, context);
    default: {
      // A yes-or-no field on its own.
      const Value found = value(condition, context);
      return found.known() ? truth(found.id != 0) : Truth::unknown;
    }
  }
}

Value value(Id<model::Expr> id, const Context& context) {
  const Plan& plan = context.view.plan();
  const model::Expr& expr = plan.book.exprs[id];
  switch (expr.op) {
    case Op::subject_field:
    case Op::account_field: return field_value(expr.field, context);
    case Op::its_field:
      return context.opening == UINT32_MAX ? Value::unknown() : attribute_value(expr.field, context.opening, context);
    case Op::event_field:
      return context.candidate == UINT32_MAX ? Value::unknown()
                                             : attribute_value(expr.field, context.candidate, context);
    case Op::number:
    case Op::percent: return Value::of(rational(expr.decimal.millionths, Decimal::scale));
    case Op::money: return Value::of(rational(expr.decimal.millionths, Decimal::scale), plan.literal[id.index()]);
    case Op::date: return Value::of_id(expr.day.days);
    case Op::instant: return Value::of_id(expr.at.micros);
    case Op::text: return Value::of_id(plan.literal[id.index()]);
    case Op::choice: return Value::of_id(plan.choice_words[expr.field.index()][expr.choice]);
    case Op::duration: return exact_length(expr.duration);
    case Op::today: return Value::of_id(context.calendar->day_of(context.now()).days);
    case Op::aggregate: return aggregate_value(id, context);
    case Op::measure: return value(plan.book.measures[expr.measure].value, context);
    case Op::time_since: return time_since_value(expr, context);
    case Op::total_time_in: return total_time_value(expr, context);
    case Op::arithmetic: {
      const Value a = value(expr.args[0], context), b = value(expr.args[1], context);
      if (!a.known() || !b.known() || compare(a.low, a.high) != 0 || compare(b.low, b.high) != 0)
        return Value::unknown();
      const std::uint32_t currency = common_currency(a, b);
      if (a.currency && b.currency && !same_currency(a, b, context)) return Value::unknown();
      switch (expr.arithmetic) {
        case model::Arithmetic::plus: return Value::of(add(a.low, b.low), currency);
        case model::Arithmetic::minus: return Value::of(subtract(a.low, b.low), currency);
        case model::Arithmetic::times: return Value::of(multiply(a.low, b.low), currency);
        case model::Arithmetic::divided_by:
          return b.low.n == 0 ? Value::unknown() : Value::of(divide(a.low, b.low), b.currency ? 0 : currency);
      }
      return Value::unknown();
    }
    default: return Value::unknown();
  }
}

void explain(Id<model::Expr> condition, const Context& context, Truth outcome) {
  const model::Expr& expr = context.view.plan().book.exprs[condition];
  if (expr.op == Op::and_ || expr.op == Op::or_ || expr.op == Op::at_least_of) {
    for (Id<model::Expr> arg : expr.args) {
      if (holds(arg, context) == outcome) explain(arg, context, outcome);
    }
    return;
  }
  if (expr.op == Op::not_) {
    const model::Expr& inner = context.view.plan().book.exprs[expr.args.front()];
    if (inner.op == Op::and_ || inner.op == Op::or_) return explain(expr.args.front(), context, negate(outcome));
  }
  const Ground ground = outcome == Truth::yes ? Ground::holds : outcome == Truth::no ? Ground::fails : Ground::unknown;
  context.trace->reasons.push_back({ground, condition, {}, 0, 0});
  holds(condition, context);  // once more for the evidence and the lacking facts
}

}  // namespace plumb::eval
