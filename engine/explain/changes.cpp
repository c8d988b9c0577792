#include "explain/changes.h"

#include <algorithm>
#include <utility>

#include "base/decimal.h"
#include "model/comparison.h"

namespace plumb::explain {

using model::Comparison;
using model::Op;

namespace {

// ---- changes of fields ----------------------------------------------------------------------------------------------

history::Revision change_of(const Put& put, const std::string& field, history::Stated stated, history::Source source) {
  history::Revision revision;
  revision.what = history::Revision::What::happens;
  revision.subject = put.deals.empty() ? std::string() : put.deals.front();
  revision.of = history::KindClass::change;
  revision.kind = field;
  revision.at = revision.recorded = put.at;
  revision.source = source;
  stated.field = "to";
  revision.values = {std::move(stated)};
  return revision;
}

history::Source asked_source(const model::Tails* tails) {
  if (!tails || tails->source == model::SourceRank::none) return history::Source::none;
  return static_cast<history::Source>(tails->source);
}

std::string account_of(const Put& put) {
  const history::History& part = put.c.part;
  const std::uint32_t deal = put.deals.empty() ? UINT32_MAX : find_deal(part, put.deals.front());
  const std::uint32_t account = part.account_of(deal);
  return history::is_account(account) ? std::string(part.words[part.accounts.ids[account]]) : std::string();
}

}  // namespace

Ways ways_to_state(Id<model::Expr> id, history::Stated stated, const eval::Context& context, const Put& put,
                   const model::Tails* tails) {
  using What = history::Revision::What;
  const model::Expr& expr = book_of(context).exprs[id];
  const model::Field& field = book_of(context).fields[expr.field];
  history::Revision revision;
  revision.at = revision.recorded = put.at;
  switch (field.owner) {
    case model::OwnerKind::deal:
      if (put.deals.empty() || !put.of_deal) return {};
      return {{change_of(put, field.name, std::move(stated), asked_source(tails))}};
    case model::OwnerKind::account:
      revision.what = What::alters_account;
      revision.subject = account_of(put);
      if (revision.subject.empty()) return {};
      break;
    case model::OwnerKind::person:
      revision.what = What::alters_person;
      revision.subject = put.person;
      if (revision.subject.empty() || expr.op != Op::subject_field) return {};
      break;
    default:
      if (expr.op != Op::its_field || context.opening == UINT32_MAX) return {};
      revision.what = What::alters;
      revision.of_person = context.view.of_person();
      revision.index = context.opening;
      break;
  }
  stated.field = field.name;
  revision.values = {std::move(stated)};
  return {{std::move(revision)}};
}

bool is_field(const model::Expr& expr) {
  return expr.op == Op::subject_field || expr.op == Op::account_field || expr.op == Op::its_field;
}

namespace {

// ---- atoms ----------------------------------------------------------------------------------------------------------

// The same with its sides exchanged.
Comparison turned(Comparison c) {
  switch (c) {
    case Comparison::at_least: return Comparison::at_most;
    case Comparison::at_most: return Comparison::at_least;
    case Comparison::more_than: return Comparison::less_than;
    case Comparison::less_than: return Comparison::more_than;
    case Comparison::before: return Comparison::after;
    case Comparison::after: return Comparison::before;
    case Comparison::not_before: return Comparison::not_after;
    case Comparison::not_after: return Comparison::not_before;
    default: return c;
  }
}

// What is said of an event too late is what was to be said of it.
void say_what_was_said_later(history::Stated& stated, const eval::Context& context) {
  const std::uint32_t opening = context.opening;
  if (opening == UINT32_MAX || opening >= context.view.timeline().size()) return;
  const history::History& history = context.view.plan().history;
  const history::Kind& kind = history.kinds[context.view.timeline().kind[opening]];
  for (const history::Column& column : kind.columns) {
    const std::int64_t value = column.values[context.view.timeline().row[opening]];
    if (column.name != stated.field || !history::is_value(value)) continue;
    stated.value = value;
    if (!column.currency.empty()) stated.word = history.words[column.currency[context.view.timeline().row[opening]]];
    if (column.type == history::ValueType::text)
      stated.value = 0, stated.word = history.words[static_cast<std::uint32_t>(value)];
  }
}

}  // namespace

Ways ways_to_know(Id<model::Expr> id, bool known, const eval::Context& context, const Put& put) {
  const model::Expr& expr = book_of(context).exprs[id];
  const Id<model::Expr> of = expr.args.front();
  const model::Expr& field = book_of(context).exprs[of];
  if (!is_field(field)) return {};
  history::Stated stated = any_value(context, field.field, put.at);
  if (field.op == Op::its_field) say_what_was_said_later(stated, context);
  if (!known) stated.value = history::missing, stated.word.clear();
  Ways ways = ways_to_state(of, stated, context, put, &expr.tails);
  if (known || !expr.tails.any()) return ways;
  // What was stated is missing only once nobody has: it is left out, or said to be nothing by anybody.
  const std::vector<eval::EventRef> counted = rows_of(id, context, Rows::possible);
  const auto all = static_cast<std::int64_t>(counted.size());
  add_ways(ways, ways_to_state(of, std::move(stated), context, put, nullptr));
  add_ways(ways, ways_to_leave_out(counted, 1, all));
  return ways;
}

namespace {

bool is_amount(const model::Rulebook& book, Id<model::Expr> id) {
  const Op op = book.exprs[id].op;
  return op == Op::aggregate || op == Op::measure || op == Op::arithmetic;
}

// The deal has been in a stage longer, or not so long: it goes there, or goes on, at another time.
Ways ways_to_stay(const model::Expr& total, bool longer, const eval::Value& bound, const eval::Context& context,
                  const Put& put) {
  const model::Rulebook& book = book_of(context);
  if (!put.of_deal || put.deals.empty() || !bound.known() || !bound.low.exact()) return {};
  const auto length = static_cast<std::int64_t>(bound.low.n / bound.low.d);
  const auto move = [&](Instant at, Id<model::Stage> to) {
    history::Revision revision;
    revision.subject = put.deals.front();
    revision.of = history::KindClass::move;
    revision.at = revision.recorded = at;
    revision.values = {{"to", history::ValueType::text, 0, book.stages[to].name}};
    return Revisions{revision};
  };
  Ways ways;
  constexpr std::int64_t minute = 60 * time::micros_per_second;
  if (longer) {
    ways.push_back(move(Instant{put.at.micros - length - minute}, total.stage));
    return ways;
  }
  for (Id<model::Stage> other : book.processes[book.stages[total.stage].process].stages) {
    if (other == total.stage || book.stages[other].end != model::StageEnd::open) continue;
    Revisions all;
    for (const eval::Visit& visit : context.view.visits()) {
      if (visit.stage != total.stage || !visit.at.known() || visit.at >= put.at) continue;
      ways.push_back(move(Instant{visit.at.micros + minute}, other));
      all.push_back(ways.back().front());
    }
    if (all.size() > 1) ways.push_back(std::move(all));
  }
  return ways;
}

}  // namespace

Ways ways_to_compare(const model::Expr& expr, bool wanted, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  const Comparison c = wanted ? expr.comparison : model::opposite(expr.comparison);
  const Id<model::Expr> left = expr.args[0];
  const bool recent = c == Comparison::at_most || c == Comparison::less_than;
  Ways ways;
  if (book.exprs[left].op == Op::time_since) {
    const Id<model::Event> event = book.exprs[left].event;
    if (recent) return ways_to_happen(event, {}, 1, context, put);
    // Long ago, and no more since.
    const eval::Value right = eval::value(expr.args[1], context);
    Put before = put;
    if (right.known() && right.low.exact()) {
      const std::int64_t day_more =
          c == Comparison::more_than ? 24 * time::micros_per_hour : 0;  // a day counts as a whole
      before.at = Instant{put.at.micros - static_cast<std::int64_t>(right.low.n / right.low.d) - day_more - 60'000'000};
    }
    const std::vector<eval::EventRef> counted = rows_of(left, context, Rows::possible);
    add_ways(ways, ways_to_leave_out(counted, 1, 4));
    add_ways(ways, ways_to_happen(event, {}, 1, context, before));
    add_ways(ways, all_of(ways_to_leave_out(counted, 1, 4), ways_to_happen(event, {}, 1, context, before)));
    return ways;
  }
  if (book.exprs[left].op == Op::total_time_in) {
    return ways_to_stay(book.exprs[left], !recent, eval::value(expr.args[1], context), context, put);
  }
  if (is_amount(book, left) || is_amount(book, expr.args[1])) {
    add_ways(ways, ways_to_weigh(expr, wanted, context, put));
  }
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    const eval::Value right = eval::value(expr.args[i], context);
    if (is_field(book.exprs[left])) {
      for (history::Stated& stated : values_for(context, book.exprs[left].field, c, expr.args[i])) {
        add_ways(ways, ways_to_state(left, std::move(stated), context, put, &expr.tails));
      }
      // A day that stays ahead, for what is asked every day.
      if (book.exprs[expr.args[i]].op == Op::today && (c == Comparison::after || c == Comparison::not_before)) {
        const time::Day ahead = context.calendar->day_of(std::max(context.view.plan().horizon, put.at)) + 1;
        add_ways(ways, ways_to_state(left, {{}, history::ValueType::date, ahead.days, {}}, context, put, &expr.tails));
      }
    }
    const eval::Value own = eval::value(left, context);
    if (is_field(book.exprs[expr.args[i]]) && own.known()) {
      for (history::Stated& stated : values_for(context, book.exprs[expr.args[i]].field, turned(c), left)) {
        add_ways(ways, ways_to_state(expr.args[i], std::move(stated), context, put, nullptr));
      }
    }
    // Two fields, of which nothing is known: the same of both.
    if (is_field(book.exprs[left]) && is_field(book.exprs[expr.args[i]]) && !right.known() && !own.known()) {
      const history::Stated same = any_value(context, book.exprs[left].field, put.at);
      add_ways(ways, all_of(ways_to_state(left, same, context, put, nullptr),
                            ways_to_state(expr.args[i], same, context, put, nullptr)));
    }
  }
  return ways;
}

namespace {

// So many days, or microseconds of a clock, as a distance is written in.
std::vector<std::int64_t> distances(const time::Duration& duration, bool days) {
  constexpr std::int64_t hours = time::micros_per_hour;
  std::int64_t length = duration.count;
  switch (duration.unit) {
    case time::Unit::weeks: length *= 7; break;
    case time::Unit::business_days:
      if (days) return {length, length + 2, length + 2 * (length / 5 + 1)};
      break;
    case time::Unit::months: length *= 31; break;
    case time::Unit::quarters: length *= 92; break;
    case time::Unit::years: length *= 366; break;
    case time::Unit::days: break;
    default: return {days ? length / 24 + 1 : length * hours};
  }
  if (!days) return {length * 24 * hours, (length + 1) * 24 * hours};
  return {length, length + 1};
}

}  // namespace

Ways ways_to_be_apart(const model::Expr& expr, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  Ways ways;
  for (std::size_t side : {0u, 1u}) {
    const Id<model::Expr> own = expr.args[side], other = expr.args[1 - side];
    if (!is_field(book.exprs[own])) continue;
    const bool later = expr.after == (side == 0);
    for (history::Stated stated : values_for(context, book.exprs[own].field, Comparison::is, other)) {
      for (const std::int64_t by : distances(expr.duration, stated.type == history::ValueType::date)) {
        history::Stated distant = stated;
        distant.value += later ? by : -by;
        add_ways(ways, ways_to_state(own, std::move(distant), context, put, nullptr));
      }
    }
  }
  return ways;
}

Ways ways_to_be_near(const model::Expr& expr, bool near, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  constexpr std::int64_t far = 400;
  Ways ways;
  for (std::size_t side : {0u, 1u}) {
    const Id<model::Expr> own = expr.args[side], other = expr.args[1 - side];
    if (!is_field(book.exprs[own])) continue;
    for (history::Stated stated : values_for(context, book.exprs[own].field, Comparison::is, other)) {
      if (near) add_ways(ways, ways_to_state(own, stated, context, put, nullptr));
      const std::int64_t step = stated.type == history::ValueType::date ? 1 : Decimal::scale;
      for (const std::int64_t by : {far, -far}) {
        history::Stated distant = stated;
        distant.value += by * step;
        add_ways(ways, ways_to_state(own, std::move(distant), context, put, nullptr));
      }
    }
  }
  if (!ways.empty() || !is_field(book.exprs[expr.args[0]]) || !is_field(book.exprs[expr.args[1]])) return ways;
  // Nothing is known of either.
  const history::Stated first = any_value(context, book.exprs[expr.args[0]].field, put.at);
  const std::int64_t step = first.type == history::ValueType::date ? 1 : Decimal::scale;
  for (const std::int64_t by : {near ? std::int64_t{0} : far, far, -far}) {
    history::Stated second = first;
    second.value += by * step;
    add_ways(ways, all_of(ways_to_state(expr.args[0], first, context, put, nullptr),
                          ways_to_state(expr.args[1], second, context, put, nullptr)));
  }
  return ways;
}

}  // namespace plumb::explain
