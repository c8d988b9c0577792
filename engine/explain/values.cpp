#include <algorithm>

#include <fmt/ranges.h>

#include "explain/ways.h"
#include "model/comparison.h"

namespace plumb::explain {

namespace {

using model::Comparison;
using model::Op;
using model::TypeKind;

history::ValueType column_type(TypeKind kind) {
  switch (kind) {
    case TypeKind::money: return history::ValueType::money;
    case TypeKind::percent:
    case TypeKind::count:
    case TypeKind::duration:
    case TypeKind::number: return history::ValueType::decimal;
    case TypeKind::date: return history::ValueType::date;
    case TypeKind::instant: return history::ValueType::instant;
    case TypeKind::boolean: return history::ValueType::boolean;
    default: return history::ValueType::text;
  }
}

// The least step by which a value of the type is told from another.
std::int64_t step_of(TypeKind kind) { return kind == TypeKind::percent ? Decimal::scale / 100 : Decimal::scale; }

std::int64_t millionths(const eval::Rational& r, bool up) {
  const eval::Wide n = r.n * Decimal::scale;
  const eval::Wide down = n / r.d - (n % r.d < 0);
  return static_cast<std::int64_t>(up && down * r.d != n ? down + 1 : down);
}

std::string some_currency(const eval::Context& context) {
  const history::History& history = context.view.plan().history;
  for (const history::Column& column : history.deals.columns) {
    for (std::uint32_t word : column.currency) {
      if (word != 0) return std::string(history.words[word]);
    }
  }
  return "USD";
}

std::string somebody(const eval::Context& context, Instant at) {
  const history::History& history = context.view.plan().history;
  const std::uint32_t owner = context.view.owner_at(at);
  const std::uint32_t person = owner != eval::nobody ? owner : 0;
  return std::string(person < history.people.names.size() ? history.words[history.people.names.ids[person]]
                                                          : "somebody");
}

// The choices that are none of these words.
std::vector<std::string> other_choices(const model::Field& field, const std::vector<std::string>& words) {
  std::vector<std::string> others;
  for (const std::string& choice : field.choices) {
    if (std::find(words.begin(), words.end(), choice) == words.end()) others.push_back(choice);
  }
  return others;
}

// Another word than these. Missing: empty where there are no more choices.
std::string other_word(const model::Field& field, const std::vector<std::string>& words) {
  const std::vector<std::string> others = other_choices(field, words);
  if (!others.empty() || !field.choices.empty()) return others.empty() ? std::string() : others.front();
  return words.empty() ? "something" : another_than(field, fmt::format("{}", fmt::join(words, " or ")));
}

history::Stated number(const model::Field& field, Comparison c, const eval::Value& right, const std::string& currency) {
  const bool up = c == Comparison::at_least || c == Comparison::is;
  const eval::Rational bound = divide(right.low, one_of(field.type));
  std::int64_t value = millionths(bound, up);
  if (c == Comparison::more_than || c == Comparison::is_not) value += step_of(field.type.kind);
  if (c == Comparison::less_than) value = millionths(bound, true) - step_of(field.type.kind);
  history::Stated stated{field.name, column_type(field.type.kind), value, {}};
  if (stated.type == history::ValueType::money) stated.word = currency;
  return stated;
}

std::int64_t shifted(Comparison c, std::int64_t value, std::int64_t step) {
  switch (c) {
    case Comparison::before:
    case Comparison::less_than: return value - step;
    case Comparison::after:
    case Comparison::more_than:
    case Comparison::is_not: return value + step;
    default: return value;
  }
}

}  // namespace

std::string another_than(const model::Field& field, const std::string& word) {
  return (field.type.kind == TypeKind::person ? "anybody but " : "anything but ") + word;
}

eval::Rational one_of(const model::Type& type) {
  return type.kind == TypeKind::duration ? eval::exact_length({1, type.unit}).low : eval::rational(1, 1);
}

history::Stated any_value(const eval::Context& context, Id<model::Field> id, Instant at) {
  const model::Field& field = context.view.plan().book.fields[id];
  history::Stated stated{field.name, column_type(field.type.kind), 0, {}};
  const time::Day tomorrow = context.calendar->day_of(at) + 1;
  switch (stated.type) {
    case history::ValueType::date: stated.value = tomorrow.days; break;
    case history::ValueType::instant: stated.value = context.calendar->start_of(tomorrow).micros; break;
    case history::ValueType::boolean: stated.value = 1; break;
    case history::ValueType::decimal: stated.value = step_of(field.type.kind); break;
    case history::ValueType::money:
      stated.value = Decimal::of(1000).millionths;
      stated.word = some_currency(context);
      break;
    case history::ValueType::text:
      stated.word = field.type.kind == TypeKind::person ? somebody(context, at) : other_word(field, {});
      break;
  }
  return stated;
}

namespace {

// A text or choice that is written in the rule, which the history's words may not hold.
std::string written_word(const model::Rulebook& book, const model::Expr& expr) {
  if (expr.op == Op::text || expr.op == Op::money) return expr.text;
  if (expr.op == Op::choice) return book.fields[expr.field].choices[expr.choice];
  return {};
}

std::string word_at(const history::History& history, std::int64_t id) {
  const bool known = id >= 0 && static_cast<std::size_t>(id) < history.words.size();
  return known ? std::string(history.words[static_cast<std::uint32_t>(id)]) : std::string();
}

}  // namespace

std::vector<history::Stated> values_for(const eval::Context& context, Id<model::Field> id, Comparison c,
                                        Id<model::Expr> right_id) {
  const eval::Plan& plan = context.view.plan();
  const model::Field& field = plan.book.fields[id];
  const history::ValueType type = column_type(field.type.kind);
  const eval::Value right = eval::value(right_id, context);
  std::string word = written_word(plan.book, plan.book.exprs[right_id]);
  if (!right.known() && word.empty()) return {};
  if (type == history::ValueType::decimal || type == history::ValueType::money) {
    if (!right.known() || !right.low.exact()) return {};
    if (word.empty() && right.currency) word = word_at(plan.history, right.currency);
    return {number(field, c, right, word.empty() ? some_currency(context) : word)};
  }
  history::Stated stated{field.name, type, right.id, {}};
  if (type != history::ValueType::text) {
    const bool instants = type == history::ValueType::instant;
    stated.value = type == history::ValueType::boolean ? (c == Comparison::is_not ? !right.id : right.id)
                                                       : shifted(c, right.id, instants ? time::micros_per_hour : 1);
    return {stated};
  }
  if (word.empty()) word = word_at(plan.history, right.id);
  stated.value = 0;
  stated.word = c == Comparison::is_not ? other_word(field, {word}) : word;
  if (stated.word.empty()) return {};
  std::vector<history::Stated> all{stated};
  for (const std::string& choice : field.choices) {
    if (c != Comparison::is_not || choice == word || choice == stated.word) continue;
    all.push_back(stated);
    all.back().word = choice;
  }
  return all;
}

namespace {

std::vector<Fields> joined(const std::vector<Fields>& a, const std::vector<Fields>& b) {
  std::vector<Fields> all;
  for (const Fields& one : a) {
    for (const Fields& other : b) {
      all.push_back(both_of(one, other));
      if (all.size() > 16) return all;
    }
  }
  return all;
}

// What a field says, where the event, its deal, the deal's account or a contact says it. Missing: nothing where neither
// does.
std::vector<Fields> as_fields(const model::Rulebook& book, const model::Expr& of, history::Stated stated) {
  std::vector<Fields> all;
  const bool subject = of.op == Op::subject_field;
  const bool deal = subject && book.fields[of.field].owner == model::OwnerKind::deal;
  const bool contact = subject && book.fields[of.field].owner == model::OwnerKind::contact;
  if (of.op == Op::event_field) all.emplace_back().event.push_back(std::move(stated));
  if (deal) {
    all.emplace_back().deal.push_back(std::move(stated));
  } else if (of.op == Op::account_field) {
    all.emplace_back().account.push_back(std::move(stated));
  } else if (contact) {
    all.emplace_back().contact.push_back(std::move(stated));
  }
  return all;
}

// Two fields of the deal: both are stated, the same or far from each other.
std::vector<Fields> fields_for_both(const model::Expr& expr, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = context.view.plan().book;
  const model::Expr &left = book.exprs[expr.args[0]], &right = book.exprs[expr.args[1]];
  if (left.op != Op::subject_field || right.op != Op::subject_field) return {};
  std::vector<Fields> all;
  for (const std::int64_t by : {0, 1, -1}) {
    history::Stated first = any_value(context, left.field, put.at), second = first;
    if (first.type == history::ValueType::text && by != 0)
      second.word = other_word(book.fields[right.field], {first.word});
    if (first.type == history::ValueType::date) second.value += by * 400;
    const bool number = first.type == history::ValueType::money || first.type == history::ValueType::decimal;
    if (number) second.value += by * first.value / 2;
    second.field = book.fields[right.field].name;
    all.push_back({{}, {std::move(first), std::move(second)}, {}, {}});
  }
  return all;
}

// The words that a comparison names. Missing: none for what is no word.
std::vector<std::string> words_of(const model::Rulebook& book, const model::Expr& compare) {
  std::vector<std::string> words;
  for (std::size_t i = 1; i < compare.args.size(); ++i) {
    const model::Expr& right = book.exprs[compare.args[i]];
    std::string word = right.op == Op::money ? std::string() : written_word(book, right);
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

bool may_be_stated(const model::Expr& field) {
  return field.op == Op::event_field || field.op == Op::subject_field || field.op == Op::account_field;
}

std::vector<Fields> fields_for_compare(const model::Expr& expr, bool wanted, const eval::Context& context,
                                       const Put& put) {
  const model::Rulebook& book = context.view.plan().book;
  const model::Expr& left = book.exprs[expr.args[0]];
  if (!may_be_stated(left)) return {};
  const model::Field& field = book.fields[left.field];
  const Comparison c = wanted ? expr.comparison : model::opposite(expr.comparison);
  std::vector<Fields> all;
  const auto add = [&](history::Stated stated) {
    for (Fields& fields : as_fields(book, left, std::move(stated))) all.push_back(std::move(fields));
  };
  const bool is = c == Comparison::is || c == Comparison::is_one_of;
  const std::vector<std::string> words = words_of(book, expr);
  std::vector<std::string> said = is ? words : other_choices(field, words);
  if (!is && !words.empty() && field.choices.empty()) said.push_back(other_word(field, words));
  for (const std::string& word : said) add({field.name, history::ValueType::text, 0, word});
  for (std::size_t i = 1; i < expr.args.size() && words.empty(); ++i) {
    for (history::Stated& stated : values_for(context, left.field, c, expr.args[i])) add(std::move(stated));
    // It may be asked about later than now.
    const bool ahead = c == Comparison::after || c == Comparison::not_before;
    if (!ahead || book.exprs[expr.args[i]].op != Op::today || !put.at.known()) continue;
    const time::Day later = context.calendar->day_of(std::max(context.view.plan().horizon, put.at)) + 1;
    add({field.name, history::ValueType::date, later.days, {}});
  }
  return all;
}

}  // namespace

Fields both_of(Fields a, const Fields& b) {
  using Stated = std::vector<history::Stated>;
  const auto say = [](Stated& all, const Stated& more) {
    for (const history::Stated& stated : more) {
      std::erase_if(all, [&](const history::Stated& s) { return s.field == stated.field; });
      all.push_back(stated);
    }
  };
  say(a.event, b.event), say(a.deal, b.deal), say(a.account, b.account), say(a.contact, b.contact);
  return a;
}

std::vector<Fields> fields_for(Id<model::Expr> id, bool wanted, const eval::Context& context, const Put& put) {
  if (!id) return {{}};
  const model::Rulebook& book = context.view.plan().book;
  const model::Expr& expr = book.exprs[id];
  const auto of_each = [&](bool all) {
    std::vector<Fields> out;
    if (all) out.push_back({});
    for (Id<model::Expr> arg : expr.args) {
      std::vector<Fields> some = fields_for(arg, wanted, context, put);
      if (all && !some.empty()) out = joined(out, some);
      if (!all) out.insert(out.end(), some.begin(), some.end());
    }
    return out;
  };
  switch (expr.op) {
    case Op::not_: return fields_for(expr.args.front(), !wanted, context, put);
    case Op::and_: return of_each(wanted);
    case Op::or_: return of_each(!wanted);
    case Op::at_least_of: return of_each(true);
    case Op::known:
    case Op::missing: {
      const model::Expr& of = book.exprs[expr.args.front()];
      if (!may_be_stated(of)) return {};
      history::Stated stated = any_value(context, of.field, put.at);
      if ((expr.op == Op::known) != wanted) stated.value = history::missing, stated.word.clear();
      return as_fields(book, of, std::move(stated));
    }
    case Op::compare: {
      std::vector<Fields> all = fields_for_compare(expr, wanted, context, put);
      return all.empty() ? fields_for_both(expr, context, put) : all;
    }
    case Op::apart:
    case Op::differs: return fields_for_both(expr, context, put);
    case Op::event_field:
    case Op::subject_field:
      if (expr.type.kind != TypeKind::boolean) return {};
      return as_fields(book, expr, {book.fields[expr.field].name, history::ValueType::boolean, wanted ? 1 : 0, {}});
    default: return {};
  }
}

}  // namespace plumb::explain
