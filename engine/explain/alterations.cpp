#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/decimal.h"
#include "explain/happening.h"
#include "explain/people.h"
#include "explain/quantities.h"

namespace plumb::explain {

namespace {

using model::AggregateFunction;
using model::Op;
using What = history::Revision::What;
constexpr std::int64_t minute = 60 * time::micros_per_second;

// Whether a row of this kind may be the event, or what it is made of.
bool may_be(const model::Rulebook& book, Id<model::Event> id, const history::Kind& kind) {
  const model::Event& event = book.events[id];
  if (event.kind == model::EventKind::activity) return book.activities[event.activity].name == kind.name;
  if (event.kind == model::EventKind::record) return book.records[event.record].name == kind.name;
  const auto part_may_be = [&](Id<model::Event> part) { return may_be(book, part, kind); };
  return std::any_of(event.parts.begin(), event.parts.end(), part_may_be);
}

}  // namespace

Ways ways_to_follow(const model::Aggregate& aggregate, const eval::Context& context, const Put& put) {
  constexpr std::size_t most_rows = 60;
  const history::History& history = context.view.plan().history;
  const history::Timeline& events = history.deal_events;
  const Instant from = context.window_from;
  Ways ways;
  Revisions all;
  for (const std::string& id : put.deals) {
    const std::uint32_t deal = find_deal(history, id);
    for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1] && all.size() < most_rows; ++i) {
      const Instant at = events.at[i];
      if (!at.known() || at < from || at >= put.at) continue;
      if (!may_be(book_of(context), aggregate.event, history.kinds[events.kind[i]])) continue;
      Put there = put;
      there.of_deal = true;
      there.at = Instant{at.micros + 60 * time::micros_per_second};
      there.deals = {id};
      const Ways once = ways_to_happen(aggregate.followed_by, {}, 1, context, there);
      if (once.empty()) continue;
      ways.push_back(once.front());
      all.insert(all.end(), once.front().begin(), once.front().end());
    }
  }
  if (ways.size() > 1) ways.push_back(std::move(all));
  return ways;
}

Ways ways_to_fit(const std::vector<Fields>& fields, std::int64_t times, const eval::Context& context, const Put& put) {
  constexpr std::int64_t most_deals = 12;
  const auto all = std::min(static_cast<std::int64_t>(put.deals.size()), most_deals);
  Ways ways;
  for (const Fields& asked : fields) {
    // Nobody has looked which are like this already: as many from each on, and all of them.
    for (std::int64_t from = 0; from <= all && !asked.deal.empty(); ++from) {
      const std::int64_t first = from == all ? 0 : from, end = from == all ? all : from + times;
      if (end > all) continue;
      Revisions way;
      for (std::int64_t i = first; i < end; ++i) {
        const Happening in{context, put, put.deals[static_cast<std::size_t>(i)], false, false, put.at};
        way = joined(std::move(way), stated_of_deal(in, asked.deal, {}));
      }
      ways.push_back(std::move(way));
    }
  }
  return ways;
}

Ways ways_to_close(const std::vector<std::int64_t>& numbers, const eval::Context& context, const Put& put) {
  constexpr std::int64_t most_deals = 12;
  const auto all = static_cast<std::int64_t>(put.deals.size());
  std::vector<std::int64_t> times = numbers;
  times.push_back(all);
  Ways ways;
  for (const model::Stage& stage : book_of(context).stages) {
    for (const std::int64_t number : times) {
      if (stage.end == model::StageEnd::open || number > std::min(all, most_deals)) continue;
      Revisions way;
      for (std::int64_t i = 0; i < number; ++i) {
        history::Revision move;
        move.subject = put.deals[static_cast<std::size_t>(i)];
        move.of = history::KindClass::move;
        move.at = move.recorded = put.at;
        move.values = {{"to", history::ValueType::text, 0, stage.name}};
        way.push_back(std::move(move));
      }
      ways.push_back(std::move(way));
    }
  }
  return ways;
}

namespace {

// Where an attribute of a row stands. Missing: nullptr for a row of a kind that has none.
const history::Column* column_of(const history::History& history, eval::EventRef row, const std::string& name) {
  const history::Timeline& events = row.of_person ? history.person_events : history.deal_events;
  for (const history::Column& column : history.kinds[events.kind[row.index]].columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

std::uint32_t row_in_kind(const history::History& history, eval::EventRef row) {
  return (row.of_person ? history.person_events : history.deal_events).row[row.index];
}

// Whether a row says what it is to say.
bool says(const history::History& history, eval::EventRef row, const history::Stated& stated) {
  const history::Column& column = *column_of(history, row, stated.field);
  const std::int64_t value = column.values[row_in_kind(history, row)];
  const bool word = stated.type == history::ValueType::text && stated.value != history::missing;
  if (!word || !history::is_value(value)) return !word && value == stated.value;
  return history.words[static_cast<std::uint32_t>(value)] == stated.word;
}

// One row says something else, or its deal does. Missing: empty where it cannot, or says it already.
Revisions altered(eval::EventRef row, const Fields& asked, const eval::Context& context, const Put& put) {
  const history::History& history = context.view.plan().history;
  Revisions all;
  for (const history::Stated& stated : asked.deal) {
    if (row.of_person) return {};
    history::Revision revision;
    revision.at = revision.recorded = put.at;
    revision.subject = deal_of(history, row.index);
    revision.of = history::KindClass::change;
    revision.kind = stated.field;
    revision.values = {stated};
    revision.values.front().field = "to";
    all.push_back(std::move(revision));
  }
  if (!asked.account.empty()) {
    const std::uint32_t deal = row.of_person ? UINT32_MAX : find_deal(history, deal_of(history, row.index));
    const std::uint32_t account = history.account_of(deal);
    if (!history::is_account(account)) return {};
    history::Revision revision;
    revision.what = What::alters_account;
    revision.at = revision.recorded = put.at;
    revision.subject = history.words[history.accounts.ids[account]];
    revision.values = asked.account;
    all.push_back(std::move(revision));
  }
  if (asked.event.empty()) return all;
  const auto lacks = [&](const history::Stated& stated) { return !column_of(history, row, stated.field); };
  if (std::any_of(asked.event.begin(), asked.event.end(), lacks)) return {};
  const auto said = [&](const history::Stated& stated) { return says(history, row, stated); };
  if (std::all_of(asked.event.begin(), asked.event.end(), said)) return all;
  history::Revision other;
  other.what = What::alters;
  other.of_person = row.of_person;
  other.index = row.index;
  other.at = other.recorded = put.at;
  other.values = asked.event;
  all.push_back(std::move(other));
  return all;
}

}  // namespace

Ways ways_to_alter(const std::vector<eval::EventRef>& rows, const std::vector<Fields>& fields,
                   const eval::Context& context, const Put& put) {
  constexpr std::size_t most_alone = 4, most_together = 10;
  Ways ways, together;
  for (const Fields& asked : fields) {
    Revisions all;
    std::size_t altered_rows = 0;
    for (std::size_t i = 0; i < rows.size() && altered_rows < most_together; ++i) {
      const Revisions one = altered(rows[i], asked, context, put);
      if (one.empty()) continue;
      if (altered_rows++ < most_alone) ways.push_back(one);
      for (const history::Revision& revision : one) {
        if (std::find(all.begin(), all.end(), revision) == all.end()) all.push_back(revision);
      }
      if (altered_rows > 1) together.push_back(all);
    }
  }
  add_ways(ways, std::move(together));
  return ways;
}

namespace {

// What a row would have to be worth so that the whole comes out right.
std::vector<eval::Rational> worths_instead(const model::Aggregate& aggregate, const Asked& asked, bool more,
                                           std::size_t rows, eval::Rational own) {
  const eval::Rational have = more ? asked.have.low : asked.have.high, none = eval::rational(0, 1);
  const auto all = eval::rational(static_cast<std::int64_t>(rows), 1);
  std::vector<eval::Rational> out;
  if (asked.have.known() && aggregate.function == AggregateFunction::sum) {
    out.push_back(add(own, subtract(asked.bound, have)));
  }
  if (asked.have.known() && aggregate.function == AggregateFunction::mean) {
    out.push_back(add(own, multiply(subtract(asked.bound, have), all)));
  }
  out.push_back(asked.bound);
  if (aggregate.function == AggregateFunction::median) {
    out.push_back(more ? eval::multiply(asked.bound, eval::rational(100, 1)) : none);
  }
  std::erase_if(out, [&](const eval::Rational& r) { return !r.exact() || eval::compare(r, none) < 0; });
  return out;
}

}  // namespace

Ways ways_to_say_otherwise(const Pull& pull, const Asked& asked, const std::vector<eval::EventRef>& rows,
                           const eval::Context& context, const Put& put) {
  constexpr std::size_t most_rows = 6;
  const model::Rulebook& book = book_of(context);
  const model::Aggregate& aggregate = *book.exprs[pull.aggregate].aggregate;
  const model::Expr& of = book.exprs[aggregate.value];
  if (of.op != Op::event_field && of.op != Op::subject_field) return {};
  const history::History& history = context.view.plan().history;
  Ways ways;
  for (std::size_t i = 0; i < rows.size() && i < most_rows; ++i) {
    eval::Rational own = eval::rational(0, 1);
    if (of.op == Op::event_field) {
      const history::Column* column = column_of(history, rows[i], book.fields[of.field].name);
      const std::int64_t value = column ? column->values[row_in_kind(history, rows[i])] : history::missing;
      if (!history::is_value(value)) continue;
      own = eval::rational(value, Decimal::scale);
    }
    for (const eval::Rational worth : worths_instead(aggregate, asked, pull.more, rows.size(), own)) {
      for (const Fields& fields : saying(book, aggregate, asked, worth, context)) {
        Revisions one = altered(rows[i], fields, context, put);
        if (!one.empty()) ways.push_back(std::move(one));
      }
    }
  }
  // As many as it takes say just what is asked.
  add_ways(ways, ways_to_alter(rows, saying(book, aggregate, asked, asked.bound, context), context, put));
  return ways;
}

Ways ways_to_end_early(const Pull& pull, const model::Aggregate& aggregate, const eval::Context& context,
                       const Put& put) {
  constexpr std::size_t most_rows = 6;
  if (!aggregate.span_to || pull.more) return {};
  const history::History& history = context.view.plan().history;
  const std::vector<eval::EventRef> rows = rows_of(pull.aggregate, context, Rows::counted);
  Ways ways;
  for (std::size_t i = 0; i < rows.size() && i < most_rows; ++i) {
    if (rows[i].of_person) continue;
    Put there = put;
    there.of_deal = true;
    there.deals = {deal_of(history, rows[i].index)};
    const history::Timeline& events = history.deal_events;
    const std::uint32_t deal = find_deal(history, there.deals.front());
    std::set<Instant> starts{begin_of(history, there.deals.front())};
    for (std::uint32_t e = events.first[deal]; e < events.first[deal + 1] && aggregate.span_from; ++e) {
      if (may_be(book_of(context), aggregate.span_from, history.kinds[events.kind[e]])) starts.insert(events.at[e]);
    }
    for (const Instant start : starts) {
      if (!start.known() || start >= put.at) continue;
      there.at = Instant{start.micros + minute};
      add_ways(ways, ways_to_happen(aggregate.span_to, {}, 1, context, there));
    }
  }
  return ways;
}

Ways ways_to_be_quick(const model::Aggregate& aggregate, std::int64_t times, const eval::Context& context,
                      const Put& put) {
  const bool created = aggregate.event && book_of(context).events[aggregate.event].kind == model::EventKind::created;
  if (put.of_deal || !created || times > 24) return {};
  Revisions all;
  for (std::int64_t i = 0; i < times; ++i) {
    const Happening h{context, put, fmt::format("new deal {}", i + 1), false, true, put.at};
    Revisions way = new_deal(earlier(h, time::micros_per_hour));
    const auto follow = [&](Id<model::Event> event, std::int64_t before) {
      if (!event || book_of(context).events[event].kind == model::EventKind::created) return true;
      const Ways once = ways_once(event, {}, earlier(h, before * minute));
      if (!once.empty()) way = folded(joined(std::move(way), once.front()));
      return !once.empty();
    };
    if (!follow(aggregate.span_from, 2) || !follow(aggregate.span_to, 1)) return {};
    all.insert(all.end(), way.begin(), way.end());
  }
  return {all};
}

namespace {

// The filters of what is counted: of it as such, and of the events that it is of.
std::vector<Id<model::Expr>> filters_of(const model::Rulebook& book, const model::Aggregate& aggregate) {
  std::vector<Id<model::Expr>> filters;
  if (aggregate.where) filters.push_back(aggregate.where);
  for (Id<model::Event> event = aggregate.event; event && book.events[event].kind == model::EventKind::filtered;
       event = book.events[event].parts.front()) {
    filters.push_back(book.events[event].where);
  }
  return filters;
}

}  // namespace

Ways ways_to_be_other(const model::Aggregate& aggregate, const std::vector<eval::EventRef>& rows,
                      const eval::Context& context, const Put& put) {
  Ways ways;
  for (const Id<model::Expr> filter : filters_of(book_of(context), aggregate)) {
    add_ways(ways, ways_to_alter(rows, fields_for(filter, false, context, put), context, put));
  }
  return ways;
}

std::vector<Fields> saying(const model::Rulebook& book, const model::Aggregate& aggregate, const Asked& asked,
                           eval::Rational worth, const eval::Context& context) {
  const model::Expr& of = book.exprs[aggregate.value];
  if (of.op != Op::event_field && of.op != Op::subject_field) return {};
  const model::Field& field = book.fields[of.field];
  const bool money = field.type.kind == model::TypeKind::money;
  // More than all is stated only where that is asked.
  const bool percent = field.type.kind == model::TypeKind::percent;
  const eval::Rational whole_of_it = eval::rational(1, 1);
  if (percent && eval::compare(worth, whole_of_it) > 0 && eval::compare(asked.bound, whole_of_it) < 0) return {};
  const bool up = asked.comparison == model::Comparison::at_least || asked.comparison == model::Comparison::more_than;
  const std::int64_t step = percent ? 1 : Decimal::scale;
  const eval::Rational steps = multiply(divide(worth, one_of(field.type)), eval::rational(Decimal::scale / step, 1));
  std::int64_t whole = floor_of(steps);
  if (up && eval::compare(steps, eval::rational(whole, 1)) != 0) ++whole;
  if (asked.strict()) whole = std::max<std::int64_t>(whole + (up ? 1 : -1), 0);
  history::Stated stated{field.name, money ? history::ValueType::money : history::ValueType::decimal, whole * step, {}};
  if (money) stated.word = asked.currency;
  if (money && stated.word.empty()) stated.word = any_value(context, of.field, context.now()).word;
  return of.op == Op::event_field ? std::vector<Fields>{{{stated}, {}, {}}} : std::vector<Fields>{{{}, {stated}, {}}};
}

}  // namespace plumb::explain
