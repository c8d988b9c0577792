#include "explain/nearer.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/decimal.h"
#include "explain/people.h"

namespace plumb::explain {

namespace {

using history::ValueType;
using model::Op;
using What = history::Revision::What;

// The field of whose values one is compared. Missing: none for what is counted, added up or calculated.
Id<model::Field> field_of(const model::Rulebook& book, Id<model::Expr> id) {
  using model::AggregateFunction;
  const model::Expr& expr = book.exprs[id];
  if (expr.op == Op::measure) return field_of(book, book.measures[expr.measure].value);
  if (expr.op == Op::aggregate) {
    const bool added = expr.aggregate->function == AggregateFunction::sum;
    return expr.aggregate->value && !added ? field_of(book, expr.aggregate->value) : Id<model::Field>();
  }
  const bool field = expr.op == Op::subject_field || expr.op == Op::event_field || expr.op == Op::its_field;
  return field ? expr.field : Id<model::Field>();
}

void add_numbers(Id<model::Expr> id, const eval::Context& context, NumbersAsked& out) {
  const model::Rulebook& book = context.view.plan().book;
  const model::Expr& expr = book.exprs[id];
  if (expr.op != Op::compare) {
    for (Id<model::Expr> arg : expr.args) add_numbers(arg, context, out);
    return;
  }
  const Id<model::Field> field = field_of(book, expr.args.front());
  if (!field || expr.args.size() < 2) return;
  const eval::Value asked = eval::right_side(expr, 1, context);
  const eval::Rational scaled =
      multiply(divide(asked.low, one_of(book.fields[field].type)), eval::rational(Decimal::scale, 1));
  if (!asked.known() || !scaled.exact()) return;
  const eval::Wide whole = scaled.n / scaled.d;
  if (whole < INT64_MAX / 2) out[book.fields[field].name] = static_cast<std::int64_t>(whole);
}

// What a cell of the revised row says now.
std::optional<std::int64_t> cell(const history::History& history, const history::Revision& r,
                                 const history::Stated& stated) {
  const history::Timeline& events = r.of_person ? history.person_events : history.deal_events;
  for (const history::Column& column : history.kinds[events.kind[r.index]].columns) {
    if (column.name != stated.field || column.type != stated.type) continue;
    const std::int64_t value = column.values[events.row[r.index]];
    return history::is_value(value) ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

// What it is to be near to. Missing: nullopt where nothing is: one value is as good as another.
std::optional<std::int64_t> base_of(const Case& c, const history::Revision& r, const history::Stated& stated,
                                    const NumbersAsked& asked) {
  const bool change = r.what == What::happens && r.of == history::KindClass::change;
  if (r.what == What::alters) {
    if (const auto value = cell(c.part, r, stated)) return value;
  } else if (change) {
    const std::uint32_t deal = find_deal(c.part, r.subject);
    const std::int64_t value = deal == UINT32_MAX ? history::missing : field_of_deal(c.part, deal, r.kind, r.at);
    if (history::is_value(value)) return value;
  }
  const bool number = stated.type == ValueType::decimal || stated.type == ValueType::money;
  const auto found = asked.find(change ? r.kind : stated.field);
  return number && found != asked.end() ? std::optional(found->second) : std::nullopt;
}

bool is_percent(const model::Rulebook& book, const std::string& name) {
  for (std::size_t i = 0; i < book.fields.size(); ++i) {
    const model::Field& field = book.fields[Id<model::Field>(i)];
    if (field.name == name) return field.type.kind == model::TypeKind::percent;
  }
  return false;
}

std::int64_t step_of(const Case& c, const history::Stated& stated, const std::string& name) {
  switch (stated.type) {
    case ValueType::date: return 1;
    case ValueType::instant: return 60 * time::micros_per_second;
    case ValueType::decimal:
    case ValueType::money: return is_percent(c.book, name) ? Decimal::scale / 100 : Decimal::scale;
    default: return 0;
  }
}

// The facts that say the same of one field: one is as near as the others.
struct Same {
  std::vector<std::pair<std::size_t, std::size_t>> places;  // of revisions, and of what they state

  Revisions with(Revisions revisions, std::int64_t value) const {
    for (const auto& [r, s] : places) revisions[r].values[s].value = value;
    return revisions;
  }
};

Same same_as(const Revisions& revisions, std::size_t r, std::size_t s) {
  const history::Revision& first = revisions[r];
  Same same;
  for (std::size_t i = r; i < revisions.size(); ++i) {
    const history::Revision& other = revisions[i];
    const bool alike = other.what == first.what && other.of == first.of && other.kind == first.kind &&
                       s < other.values.size() && other.values[s] == first.values[s];
    if (alike && (other.what != What::alters || i == r)) same.places.emplace_back(i, s);
  }
  return same;
}

// What is stated after another change of the same field is not to be near to what was there before both.
bool is_first(const Revisions& revisions, std::size_t r) {
  return std::none_of(revisions.begin(), revisions.begin() + static_cast<std::ptrdiff_t>(r), [&](const auto& other) {
    return other.what == revisions[r].what && other.of == history::KindClass::change &&
           other.kind == revisions[r].kind && other.subject == revisions[r].subject;
  });
}

}  // namespace

NumbersAsked numbers_asked(const Looked& looked) {
  NumbersAsked asked;
  eval::Context context = looked.context;
  context.trace = nullptr;
  if (looked.condition) add_numbers(looked.condition, context, asked);
  return asked;
}

Revisions nearer(const Case& c, Revisions revisions, const NumbersAsked& asked,
                 const std::function<bool(const Revisions&)>& keeps) {
  for (std::size_t r = 0; r < revisions.size(); ++r) {
    for (std::size_t s = 0; s < revisions[r].values.size() && is_first(revisions, r); ++s) {
      const history::Stated& stated = revisions[r].values[s];
      const std::string& name = stated.field == "to" ? revisions[r].kind : stated.field;
      const std::int64_t step = step_of(c, stated, name);
      if (step == 0 || !history::is_value(stated.value)) continue;
      const std::optional<std::int64_t> base = base_of(c, revisions[r], stated, asked);
      if (!base || *base == stated.value) continue;
      const Same same = same_as(revisions, r, s);
      const std::int64_t value = stated.value, towards = *base > value ? step : -step;
      // So many steps nearer it is kept, so many it is not.
      std::int64_t kept = 0, broken = std::abs(*base - value) / step + 1;
      for (std::int64_t steps = broken - 1; broken - kept > 1; steps = kept + (broken - kept) / 2) {
        (keeps(same.with(revisions, value + steps * towards)) ? kept : broken) = steps;
      }
      revisions = same.with(std::move(revisions), value + kept * towards);
    }
  }
  return revisions;
}

}  // namespace plumb::explain
