#include <algorithm>

#include <fmt/format.h>

#include "explain/parts.h"

namespace plumb::explain {

namespace {

using model::Op;

struct Fields {
  const model::Rulebook& book;
  std::vector<Id<model::Field>> of_deal;

  void of(Id<model::Expr> id) {
    if (!id) return;
    const model::Expr& expr = book.exprs[id];
    if (expr.op == Op::subject_field && book.fields[expr.field].owner == model::OwnerKind::deal &&
        std::find(of_deal.begin(), of_deal.end(), expr.field) == of_deal.end()) {
      of_deal.push_back(expr.field);
    }
    if (expr.measure) of(book.measures[expr.measure].value);
    for (Id<model::Expr> arg : expr.args) of(arg);
  }
};

std::string cell_words(const Teller& teller, const model::Field& field, const history::Column& column,
                       std::uint32_t row) {
  history::Stated stated{field.name, column.type, column.values[row], {}};
  if (column.type == history::ValueType::text)
    stated.word = teller.history.words[static_cast<std::uint32_t>(stated.value)];
  if (!column.currency.empty()) stated.word = teller.history.words[column.currency[row]];
  return field_text(teller, {model::OwnerKind::deal}, field.name, stated);
}

// What the row of a change says of the time before it.
std::optional<FactLine> before_change(const Teller& teller, const model::Field& field,
                                      const eval::FieldBinding& binding, eval::EventRef change) {
  const std::uint32_t row = teller.history.deal_events.row[change.index];
  if (!binding.change_from || !history::is_value(binding.change_from->values[row])) return std::nullopt;
  FactLine line = fact_line(teller, change);
  line.words = fmt::format("{} was {} until then", field.name, cell_words(teller, field, *binding.change_from, row));
  return line;
}

std::optional<FactLine> at_creation(const Teller& teller, const model::Field& field, const eval::FieldBinding& binding,
                                    const eval::View& view) {
  const std::uint32_t deal = view.subject();
  if (!binding.initial || !history::is_value(binding.initial->values[deal])) return std::nullopt;
  FactLine line;
  line.at = line.recorded = view.created();
  line.words = fmt::format("{} {}", field.name, cell_words(teller, field, *binding.initial, deal));
  line.where = origin_text(teller.history, teller.history.deals.origin[deal]);
  return line;
}

}  // namespace

std::vector<FactLine> first_values(const Teller& teller, const Looked& looked) {
  std::vector<FactLine> lines;
  const eval::View& view = looked.context.view;
  if (!looked.condition || view.of_person()) return lines;
  Fields fields{teller.book, {}};
  fields.of(looked.condition);
  const history::Timeline& events = teller.history.deal_events;
  for (const Id<model::Field> id : fields.of_deal) {
    const eval::FieldBinding& binding = view.plan().fields[id.index()];
    const auto& changes = view.of_kind(binding.change_kind);
    const bool changed = !changes.empty() && events.at[changes.front()] < looked.context.cut;
    if (changed) continue;
    std::optional<FactLine> line;
    if (!changes.empty() && events.at[changes.front()].known()) {
      line = before_change(teller, teller.book.fields[id], binding, view.ref(changes.front()));
    }
    if (!line) line = at_creation(teller, teller.book.fields[id], binding, view);
    if (line) lines.push_back(std::move(*line));
  }
  return lines;
}

}  // namespace plumb::explain
