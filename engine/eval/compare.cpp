#include <algorithm>

#include "eval/day.h"
#include "eval/money.h"

namespace plumb::eval {

Value whole_of_share(Id<model::Expr> id, const Context& context);  // aggregate.cpp

namespace {

using model::Comparison;
using model::Op;
using model::TypeKind;

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

Truth compare_ids(std::int64_t a, std::int64_t b, Comparison c) {
  switch (c) {
    case Comparison::is:
    case Comparison::is_one_of: return truth(a == b);
    case Comparison::is_not: return truth(a != b);
    case Comparison::before:
    case Comparison::less_than: return truth(a < b);
    case Comparison::after:
    case Comparison::more_than: return truth(a > b);
    case Comparison::not_before:
    case Comparison::at_least: return truth(a >= b);
    case Comparison::not_after:
    case Comparison::at_most: return truth(a <= b);
  }
  return Truth::unknown;
}

// Missing is not a value: a comparison with it cannot be told, and `is known` is how to ask for one.
template <class... Values>
Truth untold(const Context& context, const Values&... of) {
  return ((of.state == Value::State::missing) || ...) ? context.missing : Truth::unknown;
}

bool is_number(TypeKind kind) {
  return kind == TypeKind::money || kind == TypeKind::percent || kind == TypeKind::count || kind == TypeKind::number ||
         kind == TypeKind::duration;
}

Truth compare_money(const Value& a, const Value& b, Comparison c, const Context& context) {
  const std::optional<Value> same = converted(a, b, context);
  return same ? compare_ranges(*same, b, c) : Truth::unknown;
}

Truth compare_one(const Value& a, const Value& b, TypeKind type, Comparison c, const Context& context) {
  if (a.state == Value::State::absent) {
    return truth(c == Comparison::is_not || c == Comparison::not_before || c == Comparison::not_after);
  }
  if (!a.known() || !b.known()) return untold(context, a, b);
  if (!is_number(type)) return compare_ids(a.id, b.id, c);
  return type == TypeKind::money ? compare_money(a, b, c, context) : compare_ranges(a, b, c);
}

Id<model::Stage> stage_called(const Plan& plan, std::int64_t word, Id<model::Process> process) {
  const std::uint32_t found = plan.stage_of_word[process.index()][word];
  return found == WordTable::nothing ? Id<model::Stage>() : Id<model::Stage>(found);
}

// Whether a word that the history calls a stage means this one. A word that no process has may be its name of old.
Truth is_stage(const Plan& plan, std::int64_t word, Id<model::Stage> stage) {
  if (const auto found = stage_called(plan, word, plan.book.stages[stage].process)) return truth(found == stage);
  for (std::size_t i = 0; i < plan.book.processes.size(); ++i) {
    if (stage_called(plan, word, Id<model::Process>(i))) return Truth::no;
  }
  return Truth::unknown;
}

Truth compare_stages(const Value& a, const Value& b, const model::Expr& right, Comparison c, const Context& context) {
  if (a.state == Value::State::absent) return truth(c == Comparison::is_not);
  if (!a.known() || !b.known()) return untold(context, a, b);
  const Plan& plan = context.view.plan();
  Truth same = truth(a.id == b.id);
  if (right.op == Op::stage_name) {
    same = is_stage(plan, a.id, right.stage);
  } else if (same == Truth::no && context.view.process()) {
    const auto other = stage_called(plan, b.id, context.view.process());
    same = other ? is_stage(plan, a.id, other) : Truth::unknown;
  }
  return c == Comparison::is_not ? negate(same) : same;
}

Truth elapsed_since(Comparison comparison, time::Duration asked, Instant since, const Context& context) {
  const Instant end = context.calendar->within(asked, since);
  if (!end.known()) return Truth::unknown;
  // The end of hours is an instant, at which they are neither more nor less, and of working hours all the time until
  // work goes on. A day counts as a whole: the last that is at most so many days away is the first that is at least so
  // many away.
  const bool clock = is_clock(asked.unit);
  Instant exactly = end;
  if (asked.unit == time::Unit::working_hours) {
    const time::Duration hour{1, time::Unit::working_hours};
    exactly = context.calendar->ahead_of(hour, context.calendar->within(hour, end));
    if (!exactly.known()) exactly = Instant::max();
  }
  const time::Day last = context.calendar->day_of(Instant{end.micros - 1});
  const bool begun = asked.count == 0 ? context.now() >= since : context.today() >= last;
  const bool reached = clock ? context.now() >= end : begun;
  const bool passed = clock ? context.now() > exactly : context.today() > last;
  switch (comparison) {
    case Comparison::at_least: return truth(reached);
    case Comparison::more_than: return truth(passed);
    case Comparison::at_most: return truth(!passed);
    case Comparison::less_than: return truth(!reached);
    case Comparison::is_not: return truth(!reached || passed);
    default: return truth(reached && !passed);
  }
}

// `time since E` against a duration asks whether the duration's end has come; the end is a matter of the calendar.
Truth elapsed_truth(const model::Expr& expr, Id<model::Event> event, const Context& context) {
  const auto untimed = [&] {
    if (context.trace) context.trace->lack({.kind = FactKind::event_time, .event = event});
    return Truth::unknown;
  };
  const Latest since = latest_before(event, context);
  if (since.undecided || !since.at.known()) return untimed();
  const std::optional<time::Duration> asked = duration_value(expr.args[1], context);
  if (!asked) return Truth::unknown;
  const bool by_date = since.by_day && !is_clock(asked->unit);
  const Instant from = by_date ? as_written(context.view.plan(), since.at, *context.calendar) : since.at;
  const Truth found = elapsed_since(expr.comparison, *asked, from, context);
  if (!since.by_day || by_date) return found;
  // A date without a time of day: whichever it was, the hours have to be over or not.
  const Instant latest = last_of_day(context.view.plan(), since.at);
  return elapsed_since(expr.comparison, *asked, latest, context) == found ? found : untimed();
}

// What is compared, behind the names of measures.
const model::Expr& named_by(const model::Rulebook& book, Id<model::Expr> id) {
  const model::Expr* at = &book.exprs[id];
  while (at->op == Op::measure && at->text.empty()) at = &book.exprs[book.measures[at->measure].value];
  return *at;
}

Rational up(Rational r) { return r.exact() ? rational(r.n / r.d + (r.n % r.d > 0), 1) : r; }
Rational down(Rational r) { return r.exact() ? rational(r.n / r.d - (r.n % r.d < 0), 1) : r; }

// In the favour of whoever is asked: a floor is rounded down, a ceiling up.
Rational in_favour(Rational r, Comparison c) {
  if (c == Comparison::at_least || c == Comparison::more_than) return down(r);
  return c == Comparison::at_most || c == Comparison::less_than ? up(r) : r;
}

// One of several periods that are judged together, by itself.
Context in_window(const Window& window, const Context& context) {
  Context one = context;
  one.windows = {&window, 1};
  one.window_from = window.from;
  one.cut = std::min(context.cut, window.until);
  one.deadline = window.until;
  const auto number = static_cast<std::size_t>(&window - context.windows.data());
  if (context.share && context.windows.size() > 1) one.share = &context.share->each[number];
  return one;
}

// What is left of a number that is asked after what it is adjusted for.
Value left_of(const Value& asked, const Share* share) {
  if (!share || !asked.known()) return asked;
  if (!share->known) return Value::unknown();
  Value left = Value::between(multiply(asked.low, share->low), multiply(asked.high, share->high));
  left.currency = asked.currency;
  return left;
}

// Added up over the periods that are judged together; `asked`: a number of which each period takes off its own.
Value over_all_windows(Id<model::Expr> id, const Context& context, bool asked) {
  Value sum;
  for (const Window& window : context.windows) {
    const Context one = in_window(window, context);
    const Value v = asked ? left_of(value(id, one), one.share) : value(id, one);
    sum = &window == context.windows.data() ? v : combined(sum, v, model::Arithmetic::plus, context);
    if (!sum.known()) return Value::unknown();
  }
  return sum;
}

// The share that is compared. Missing: none where something else is.
Id<model::Expr> share_of(const model::Rulebook& book, Id<model::Expr> id) {
  while (book.exprs[id].op == Op::measure && book.exprs[id].text.empty())
    id = book.measures[book.exprs[id].measure].value;
  const std::optional<model::Aggregate>& of = book.exprs[id].aggregate;
  return of && !of->per && of->function == model::AggregateFunction::share ? id : Id<model::Expr>();
}

// What a share of several periods is held against: each period promised its own target of what it had. Where nobody
// knows how much that was, it lies between the targets.
Value promised(Id<model::Expr> share, Id<model::Expr> target, const Context& context) {
  Rational promised, whole, least, most;
  bool told = true;
  for (const Window& window : context.windows) {
    Context one = in_window(window, context);
    const Value asked = value(target, one);
    one.trace = nullptr;
    if (!asked.known()) return Value::unknown();
    const bool first = &window == context.windows.data();
    if (first || compare(asked.low, least) < 0) least = asked.low;
    if (first || compare(asked.high, most) > 0) most = asked.high;
    const Value of = whole_of_share(share, one);
    told &= of.known() && compare(of.low, of.high) == 0 && compare(asked.low, asked.high) == 0;
    if (!told) continue;
    promised = add(promised, multiply(asked.low, of.low));
    whole = add(whole, of.low);
  }
  const bool same = compare(least, most) == 0;
  if (same || !told || !whole.exact() || whole.n == 0) return Value::between(least, most);
  return Value::of(divide(promised, whole));
}

// The currency of what amounts are held against, into which they are added up. Missing: 0 where it has none that is
// known.
std::uint32_t currency_of(Id<model::Expr> id, const Context& context) {
  const Plan& plan = context.view.plan();
  if (plan.book.exprs[id].op == Op::money) return plan.literal[id.index()];
  Context untraced = context;
  untraced.trace = nullptr;
  const Value asked = value(id, untraced);
  return asked.known() ? asked.currency : 0;
}

// Whether amounts are added up there, and not read from one field.
bool adds_up(const model::Rulebook& book, Id<model::Expr> id) {
  const model::Expr& expr = named_by(book, id);
  return expr.type.kind == TypeKind::money && (expr.aggregate || !expr.args.empty());
}

}  // namespace

FactKind fact_of(const model::Rulebook& book, const model::Expr& expr) {
  if (expr.op == Op::event_field || expr.op == Op::its_field) return FactKind::attribute;
  switch (book.fields[expr.field].owner) {
    case model::OwnerKind::person: return FactKind::person_field;
    case model::OwnerKind::account: return FactKind::account_field;
    case model::OwnerKind::contact: return FactKind::contact_field;
    case model::OwnerKind::deal: return FactKind::deal_field;
    default: return FactKind::attribute;
  }
}

void lack_missing(Id<model::Expr> id, const Value& found, const Context& context) {
  const model::Rulebook& book = context.view.plan().book;
  const model::Expr& of = named_by(book, id);
  if (found.state != Value::State::missing || !context.trace || !of.field) return;
  context.trace->lack({.kind = fact_of(book, of), .field = of.field});
}

bool is_total(const model::Rulebook& book, Id<model::Expr> id) {
  const model::Expr& expr = book.exprs[id];
  if (expr.op == Op::measure) return is_total(book, book.measures[expr.measure].value);
  if (expr.op == Op::arithmetic) {
    return expr.arithmetic != model::Arithmetic::divided_by &&
           std::any_of(expr.args.begin(), expr.args.end(), [&](Id<model::Expr> arg) { return is_total(book, arg); });
  }
  return expr.aggregate && !expr.aggregate->per && expr.aggregate->tails.last_periods == 0 &&
         (expr.aggregate->function == model::AggregateFunction::count ||
          expr.aggregate->function == model::AggregateFunction::sum);
}

Value left_side(const model::Expr& expr, const Context& context) {
  const Id<model::Expr> id = expr.args.front();
  const model::Rulebook& book = context.view.plan().book;
  Context at = context;
  if (expr.tails.any()) at.tails = &expr.tails;
  if (expr.args.size() > 1 && adds_up(book, id)) at.currency = currency_of(expr.args[1], context);
  // The counts and sums of one window after the other are those of all of them.
  const bool written_in = context.windows.size() > 1 && named_by(book, id).op == Op::arithmetic && is_total(book, id);
  return written_in ? over_all_windows(id, at, false) : value(id, at);
}

Value right_side(const model::Expr& expr, std::size_t arg, const Context& given) {
  const model::Rulebook& book = given.view.plan().book;
  Context context = given;
  const bool into_left = adds_up(book, expr.args[arg]) && !adds_up(book, expr.args.front());
  if (into_left) context.currency = currency_of(expr.args.front(), given);
  const bool total = is_total(book, expr.args.front());
  const bool summed = context.windows.size() > 1 && total;
  const Id<model::Expr> share = context.windows.size() > 1 ? share_of(book, expr.args.front()) : Id<model::Expr>();
  const bool adjusted = context.share && total;
  const Value asked = summed     ? over_all_windows(expr.args[arg], context, true)
                      : share    ? promised(share, expr.args[arg], context)
                      : adjusted ? left_of(value(expr.args[arg], context), context.share)
                                 : value(expr.args[arg], context);
  const bool counted = !context.windows.empty() && book.exprs[expr.args.front()].type.kind == TypeKind::count;
  if (!counted || !asked.known()) return asked;
  // Half a call cannot be made: what a period asks for is exact until it is compared.
  const bool reduced = adjusted && context.share->reduced;
  return Value::between(reduced ? in_favour(asked.low, expr.comparison) : up(asked.low),
                        reduced ? in_favour(asked.high, expr.comparison) : up(asked.high));
}

Truth compare_truth(const model::Expr& expr, const Context& context) {
  const model::Rulebook& book = context.view.plan().book;
  const model::Expr& measured = named_by(book, expr.args.front());
  if (measured.op == Op::time_since) return elapsed_truth(expr, measured.event, context);
  const Value left = left_side(expr, context);
  const TypeKind type = book.exprs[expr.args.front()].type.kind;
  lack_missing(expr.args.front(), left, context);
  Truth any = Truth::no;
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    const Value right = right_side(expr, i, context);
    lack_missing(expr.args[i], right, context);
    any = either(any, type == TypeKind::stage
                          ? compare_stages(left, right, book.exprs[expr.args[i]], expr.comparison, context)
                          : compare_one(left, right, type, expr.comparison, context));
    if (type == TypeKind::money && any == Truth::unknown && context.trace)
      name_currency(context, expr.args[left.currency == 0 ? 0 : i]);
  }
  // A word that the rulebook does not have may be an old name of any stage.
  const bool foreign = type == TypeKind::stage && any == Truth::unknown && left.known() && measured.field;
  if (foreign && context.trace) context.trace->lack({.kind = fact_of(book, measured), .field = measured.field});
  return any;
}

// The distance from b to a against a duration. Days are counted as days: the last one that is at most D away is the
// first that is at least D away.
Truth apart_truth(const model::Expr& expr, const Context& context) {
  const Value a = value(expr.args[0], context), b = value(expr.args[1], context);
  lack_missing(expr.args[0], a, context), lack_missing(expr.args[1], b, context);
  if (!a.known() || !b.known()) return untold(context, a, b);
  const model::Rulebook& book = context.view.plan().book;
  const auto is_date = [&](std::size_t arg) { return book.exprs[expr.args[arg]].type.kind == TypeKind::date; };
  const auto instant_of = [&](const Value& v, std::size_t arg) {
    return is_date(arg) ? context.calendar->start_of(time::Day{static_cast<std::int32_t>(v.id)}) : Instant{v.id};
  };
  const std::size_t late = expr.after ? 0 : 1, early = 1 - late;
  const Instant later = instant_of(late == 0 ? a : b, late), earlier = instant_of(late == 0 ? b : a, early);
  const Instant end = context.calendar->within(expr.duration, earlier);
  if (!later.known() || !earlier.known() || !end.known()) return Truth::unknown;
  // A zone may have skipped a day, which then begins as the next one does.
  const bool days = is_date(0) && is_date(1);
  if (days ? (late == 0 ? a.id < b.id : b.id < a.id) : later < earlier) return Truth::no;
  if (is_clock(expr.duration.unit)) return truth(expr.at_most ? later <= end : later >= end);
  const time::Day reached = context.calendar->day_of(later), last = context.calendar->day_of(Instant{end.micros - 1});
  return truth(expr.at_most ? reached <= last : reached >= last);
}

Truth differs_truth(const model::Expr& expr, const Context& context) {
  const Value left = value(expr.args[0], context), b = value(expr.args[1], context), by = value(expr.args[2], context);
  lack_missing(expr.args[0], left, context), lack_missing(expr.args[1], b, context);
  lack_missing(expr.args[2], by, context);
  if (!left.known() || !b.known() || !by.known()) return untold(context, left, b, by);
  const std::optional<Value> a = converted(left, b, context);
  if (!a) name_currency(context, expr.args[left.currency == 0 ? 0 : 1]);
  if (!a) return Truth::unknown;
  const Rational one = subtract(a->high, b.low), other = subtract(b.high, a->low);
  if (!one.exact() || !other.exact()) return Truth::unknown;
  const Value apart = Value::of(compare(one, other) > 0 ? one : other, common_currency(*a, b));
  const std::optional<Value> most = converted(apart, by, context);
  if (!most) name_currency(context, expr.args[0]);
  if (!most) return Truth::unknown;
  const bool exact = compare(a->low, a->high) == 0 && compare(b.low, b.high) == 0;
  const Truth near = compare_ranges(*most, by, Comparison::at_most);
  return near == Truth::yes || exact ? near : Truth::unknown;
}

}  // namespace plumb::eval
