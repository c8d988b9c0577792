#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "eval/money.h"
#include "eval/verdict_facts.h"
#include "explain/parts.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using model::Op;

struct Atoms {
  const Teller& teller;
  const eval::Context& context;
  std::vector<Atom> out;

  const model::Expr& expr(Id<model::Expr> id) const { return teller.book.exprs[id]; }
};

bool is_written(const model::Expr& expr) {
  switch (expr.op) {
    case Op::number:
    case Op::percent:
    case Op::money:
    case Op::date:
    case Op::instant:
    case Op::text:
    case Op::choice:
    case Op::duration:
    case Op::stage_name: return true;
    default: return false;
  }
}

// What stands on the left, as far as the condition's tails let the facts count; amounts are added up in the currency of
// the right.
eval::Value left_value(const Atoms& atoms, const model::Expr& expr) {
  const bool money = expr.op == Op::compare && atoms.expr(expr.args.front()).type.kind == model::TypeKind::money;
  if (expr.tails.any() || money) return eval::left_side(expr, atoms.context);
  return eval::value(expr.args.front(), atoms.context);
}

// The one number that a comparison asks for.
std::optional<eval::Rational> asked_of(const Atoms& atoms, const model::Expr& expr) {
  if (expr.op != Op::compare || expr.args.size() != 2) return std::nullopt;
  const eval::Value right = eval::right_side(expr, 1, atoms.context);
  return right.known() && right.low.exact() ? std::optional(right.low) : std::nullopt;
}

std::string side_text(const Atoms& atoms, Id<model::Expr> id, const eval::Value& value,
                      std::optional<eval::Rational> asked = std::nullopt) {
  const model::Expr& of = atoms.expr(id);
  const std::string text = value_text(atoms.teller, of.type, value, asked);
  return of.op == Op::time_since && value.known() ? text + " ago" : text;
}

// What is asked where it is another number than the right side says: rounded, adjusted, or of several periods.
std::string asked_text(const Atoms& atoms, const model::Expr& expr, std::size_t arg) {
  const eval::Context& context = atoms.context;
  if (context.windows.empty() && !context.share) return {};
  eval::Context whole = context;
  whole.share = nullptr;
  const eval::Value written = eval::value(expr.args[arg], context), together = eval::right_side(expr, arg, whole);
  const eval::Value asked = eval::right_side(expr, arg, context);
  const auto differ = [](const eval::Value& a, const eval::Value& b) {
    const auto settled = [](const eval::Value& v) {
      return v.known() && v.low.exact() && v.high.exact() && compare(v.low, v.high) == 0;
    };
    return settled(a) && settled(b) && compare(a.low, b.low) != 0;
  };
  const auto number = [&](const eval::Value& v) {
    return value_text(atoms.teller, atoms.expr(expr.args[arg]).type, v);
  };
  const auto periods = static_cast<std::int64_t>(context.windows.size());
  // Of periods that ask for different numbers only the last one's is written.
  const auto each = [&] {
    const eval::Rational all = multiply(written.low, eval::rational(periods, 1));
    return all.exact() && compare(all, together.low) == 0;
  };
  std::string text;
  if (differ(written, together))
    text += (periods < 2 ? ", so " : each() ? " each, together " : " in the last period, together ") + number(together);
  if (context.share && differ(together, asked)) text += ", adjusted to " + number(asked);
  return text;
}

// An amount that is compared in another currency, and the row that gives the rate.
std::string converted_text(const Atoms& atoms, const model::Expr& expr) {
  if (atoms.expr(expr.args[0]).type.kind != model::TypeKind::money || expr.args.size() != 2) return {};
  const eval::Value own = left_value(atoms, expr), asked = eval::value(expr.args[1], atoms.context);
  if (!own.known() || !asked.known() || !own.currency || !asked.currency || own.currency == asked.currency) return {};
  const std::optional<eval::Value> there = eval::converted(own, asked, atoms.context);
  if (!there) return {};
  const time::Day day = atoms.context.calendar->day_of(atoms.context.now());
  const history::Rate* rate = eval::rate_between(atoms.context.view.plan(), own.currency, asked.currency, day);
  const std::string where = rate ? origin_text(atoms.teller.history, rate->origin) : "";
  return fmt::format(", {}{}", value_text(atoms.teller, atoms.expr(expr.args[0]).type, *there),
                     where.empty() ? "" : fmt::format(" by the rate of {} ({})", time::to_text(rate->day), where));
}

std::string count_text(const Atoms& atoms, Id<model::Expr> id) {
  const eval::Value value = eval::aggregate_value(id, atoms.context);
  if (!value.known()) return "unknown how often";
  const auto low = static_cast<std::uint64_t>(value.low.n), high = static_cast<std::uint64_t>(value.high.n);
  if (low == high) return low == 0 ? "not once" : report::count_text(low, "time", "times");
  // Where it is not observed it may have happened any number of times.
  constexpr std::uint64_t countless = 1'000'000'000;
  if (high >= countless)
    return low == 0 ? "unknown how often" : fmt::format("at least {}", report::count_text(low, "time", "times"));
  return fmt::format("between {} and {} times", low, high);
}

std::string stage_text(const Atoms& atoms) {
  bool unknown = false;
  const Id<model::Stage> stage = eval::stage_at(atoms.context, unknown);
  if (unknown) return "unknown";
  return stage ? "in " + atoms.teller.book.stages[stage].name : "in no stage";
}

// `2 kept, 1 missed`; of a single one its word alone.
std::string verdicts_text(const eval::Counts& counts) {
  const std::uint64_t all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (all == 0) return "nothing was asked";
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const std::string_view word = eval::to_text(static_cast<eval::Verdict>(i));
    if (!text.empty()) text += ", ";
    text += all == 1 ? std::string(word) : fmt::format("{} {}", report::number_text(counts[i]), word);
  }
  return text;
}

void add_sides(Atoms& atoms, Id<model::Expr> id, Atom& atom) {
  const model::Expr& expr = atoms.expr(id);
  switch (expr.op) {
    case Op::known:
    case Op::missing: atom.left = side_text(atoms, expr.args[0], left_value(atoms, expr)); return;
    case Op::happened: atom.left = count_text(atoms, id); return;
    case Op::state:
    case Op::in_stage: atom.left = stage_text(atoms); return;
    case Op::verdict: atom.left = verdicts_text(eval::verdicts_read(id, atoms.context)); return;
    case Op::compare:
    case Op::apart:
    case Op::differs: break;
    default: return;
  }
  atom.left = side_text(atoms, expr.args[0], left_value(atoms, expr), asked_of(atoms, expr));
  if (expr.op == Op::compare) atom.left += converted_text(atoms, expr);
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    const std::string asked = expr.op == Op::compare ? asked_text(atoms, expr, i) : "";
    if (is_written(atoms.expr(expr.args[i])) && asked.empty()) continue;
    const std::string side = side_text(atoms, expr.args[i], eval::value(expr.args[i], atoms.context)) + asked;
    atom.right += (atom.right.empty() ? "" : ", ") + side;
  }
}

void collect(Atoms& atoms, Id<model::Expr> id, std::size_t depth) {
  const model::Expr& expr = atoms.expr(id);
  const eval::Truth truth = eval::holds(id, atoms.context);
  const auto children = [&](std::size_t deeper) {
    for (Id<model::Expr> arg : expr.args) collect(atoms, arg, deeper);
  };
  const auto group = [&](std::string words) {
    atoms.out.push_back({depth, std::move(words), truth, {}, {}});
    children(depth + 1);
  };
  switch (expr.op) {
    case Op::and_: return depth == 0 ? children(0) : group("all of these");
    case Op::or_: return group("one of these");
    case Op::at_least_of: return group(fmt::format("at least {} of these", expr.count));
    case Op::not_: {
      const model::Op inner = atoms.expr(expr.args[0]).op;
      if (inner == Op::and_ || inner == Op::or_ || inner == Op::at_least_of) return group("not");
      Atom atom{depth, expr.words, truth, {}, {}};
      add_sides(atoms, expr.args[0], atom);
      atoms.out.push_back(std::move(atom));
      return;
    }
    default: break;
  }
  Atom atom{depth, expr.words, truth, {}, {}};
  add_sides(atoms, id, atom);
  atoms.out.push_back(std::move(atom));
}

// `asked`: the number beside which it stands.
void name(const Atoms& atoms, Id<model::Expr> id, std::optional<eval::Rational> asked, std::vector<std::string>& out) {
  const model::Expr& expr = atoms.expr(id);
  std::string called;
  if (expr.op == Op::target) called = atoms.teller.book.targets[expr.target].name;
  if (expr.op == Op::measure) called = atoms.teller.book.measures[expr.measure].name;
  if (expr.op == Op::quota) called = expr.words;
  if (!called.empty() && expr.type.kind != model::TypeKind::condition) {
    const std::string text = value_text(atoms.teller, expr.type, eval::value(id, atoms.context), asked);
    std::string line = fmt::format("{} is {}", called, text);
    if (std::find(out.begin(), out.end(), line) == out.end()) out.push_back(std::move(line));
  }
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    name(atoms, expr.args[i], i == 0 ? asked_of(atoms, expr) : std::nullopt, out);
  }
}

// What is looked at shall not be evidence twice.
eval::Context untraced(const eval::Context& context) {
  eval::Context out = context;
  out.trace = nullptr;
  return out;
}

// An event that is expected has no condition: how often it happened before the instant that decides.
std::vector<Atom> atom_of_event(const Teller& teller, const Looked& looked) {
  const model::Event& event = teller.book.events[looked.event];
  std::uint64_t count = 0;
  bool certain = true;
  const history::Timeline& events = looked.context.view.timeline();
  // What comes before an event may have happened at any time.
  const bool before = looked.context.except != UINT32_MAX;
  const bool opens = !before && looked.context.opening < events.size();
  const Instant opened = opens ? events.at[looked.context.opening] : Instant();
  for (const eval::Occurrence& o : looked.context.view.occurrences(looked.event)) {
    const bool within = o.index != looked.context.opening && o.at >= opened && o.at < looked.context.cut;
    count += within && o.certain;
    certain &= !within || o.certain;
  }
  certain &= eval::is_observed(looked.context.view, looked.event, opened, looked.context.cut);
  const eval::Truth truth = count > 0 ? eval::Truth::yes : certain ? eval::Truth::no : eval::Truth::unknown;
  const std::string times =
      count == 0 ? (certain ? "not once" : "unknown how often") : report::count_text(count, "time", "times");
  return {
      {0,
       (event.name.empty() ? event.words : event.name) + (opens ? " has happened since it opened" : " has happened"),
       truth,
       times,
       {}}};
}

}  // namespace

std::vector<Atom> atoms_of(const Teller& teller, const Looked& looked) {
  if (looked.event) return atom_of_event(teller, looked);
  if (!looked.condition) return {};
  const eval::Context context = untraced(looked.context);
  Atoms atoms{teller, context, {}};
  collect(atoms, looked.condition, 0);
  return std::move(atoms.out);
}

std::vector<std::string> named_values(const Teller& teller, const Looked& looked) {
  std::vector<std::string> out;
  if (!looked.condition) return out;
  const eval::Context context = untraced(looked.context);
  const Atoms atoms{teller, context, {}};
  name(atoms, looked.condition, std::nullopt, out);
  return out;
}

}  // namespace plumb::explain
