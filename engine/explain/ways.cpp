#include "explain/ways.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace plumb::explain {

namespace {

using model::Comparison;
using model::Op;

constexpr std::size_t most_ways = 40;

const model::Rulebook& book_of(const eval::Context& context) { return context.view.plan().book; }

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

// Stating what a field is: of the deal, its account, the person, or the event that opened the obligation.
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

Ways ways_to_know(Id<model::Expr> id, bool known, const eval::Context& context, const Put& put) {
  const model::Expr& expr = book_of(context).exprs[id];
  const Id<model::Expr> of = expr.args.front();
  const model::Expr& field = book_of(context).exprs[of];
  if (!is_field(field)) return {};
  history::Stated stated = any_value(context, field.field, put.at);
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

Ways ways_to_compare(const model::Expr& expr, bool wanted, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  const Comparison c = wanted ? expr.comparison : opposite(expr.comparison);
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
      before.at = Instant{put.at.micros - static_cast<std::int64_t>(right.low.n / right.low.d) - 60'000'000};
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

// `A is at least D before B`: just so far, where another part of the condition may not allow it to be further.
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

// `A is at most D after B`, `A differs from B by at most N`: one side becomes the other, or is far from it.
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

Ways each_with(const Ways& first, const Ways& then) {
  Ways both;
  for (const Revisions& before : first) {
    for (Revisions after : then) {
      after.insert(after.begin(), before.begin(), before.end());
      both.push_back(folded(after));
    }
  }
  return both;
}

// Nothing counts `since E` before there is an E, and `over last N E` before there are so many.
Ways ways_within(const model::Tails& tails, Ways ways, const eval::Context& context, const Put& put) {
  Put before = put;
  before.at = Instant{put.at.micros - 2 * 60 * time::micros_per_second};
  Ways all = ways;
  if (tails.since) {
    const eval::Latest latest = eval::latest_before(tails.since, context);
    // What was stated as it happened counts.
    add_ways(all, ways_to_happen(tails.since, {}, 1, context, put));
    if (!latest.at.known() && !latest.undecided) {
      add_ways(all, each_with(ways_to_happen(tails.since, {}, 1, context, before), ways));
    }
  }
  for (std::int64_t times = 1; tails.last_of && times <= tails.last; ++times) {
    const Ways first = ways_to_happen(tails.last_of, {}, times, context, before);
    add_ways(all, first);
    add_ways(all, each_with(first, ways));
  }
  return all;
}

Ways ways_to_stand(const model::Expr& expr, bool wanted, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  Ways ways;
  const auto suits = [&](Id<model::Stage> id) {
    const model::StageEnd end = book.stages[id].end;
    if (expr.op == Op::in_stage) {
      return (std::find(expr.stages.begin(), expr.stages.end(), id) != expr.stages.end()) == wanted;
    }
    switch (expr.state) {
      case model::DealState::open: return (end == model::StageEnd::open) == wanted;
      case model::DealState::closed: return (end != model::StageEnd::open) == wanted;
      case model::DealState::won: return (end == model::StageEnd::won) == wanted;
      case model::DealState::lost: return (end == model::StageEnd::lost) == wanted;
    }
    return false;
  };
  for (std::size_t i = 0; i < book.stages.size() && put.of_deal && !put.deals.empty(); ++i) {
    const Id<model::Stage> id(i);
    if (!suits(id) || (context.view.process() && book.stages[id].process != context.view.process())) continue;
    history::Revision move;
    move.subject = put.deals.front();
    move.of = history::KindClass::move;
    move.at = move.recorded = put.at;
    move.values = {{"to", history::ValueType::text, 0, book.stages[id].name}};
    ways.push_back({std::move(move)});
  }
  return ways;
}

Ways ways_of_all(const model::Expr& expr, bool wanted, const eval::Context& context, const Put& put) {
  Ways all{{}};
  for (Id<model::Expr> arg : expr.args) {
    if (eval::holds(arg, context) == eval::truth(wanted)) continue;
    all = all_of(all, ways_to(arg, wanted, context, put));
  }
  return all;
}

Ways ways_of_any(const model::Expr& expr, bool wanted, const eval::Context& context, const Put& put) {
  Ways any;
  for (Id<model::Expr> arg : expr.args) add_ways(any, ways_to(arg, wanted, context, put));
  return any;
}

// So many of several: those that are so already, and every choice of the others.
Ways ways_of_some(const model::Expr& expr, bool wanted, const eval::Context& context, const Put& put) {
  const auto all = static_cast<std::int64_t>(expr.args.size());
  std::vector<Id<model::Expr>> open;
  std::int64_t needed = wanted ? expr.count : all - expr.count + 1;
  for (Id<model::Expr> arg : expr.args) {
    if (eval::holds(arg, context) == eval::truth(wanted)) {
      --needed;
    } else {
      open.push_back(arg);
    }
  }
  Ways ways;
  if (needed < 1 || needed > static_cast<std::int64_t>(open.size()) || open.size() > 12) return ways;
  for (std::uint32_t chosen = 0; chosen < (1u << open.size()); ++chosen) {
    if (__builtin_popcount(chosen) != needed) continue;
    Ways these{{}};
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (chosen & (1u << i)) these = all_of(these, ways_to(open[i], wanted, context, put));
    }
    add_ways(ways, std::move(these));
  }
  return ways;
}

// `A differs from B by at most N` of what is counted: the one grows until it is as much as the other, or that shrinks.
Ways ways_to_even_out(const model::Expr& expr, const eval::Context& context, const Put& put) {
  Ways ways;
  const eval::Value left = eval::value(expr.args[0], context), right = eval::value(expr.args[1], context);
  if (!left.known() || !right.known()) return ways;
  const bool less = eval::compare(left.low, right.low) < 0;
  for (const bool turned : {false, true}) {
    model::Expr even = expr;
    even.op = Op::compare;
    even.comparison = less != turned ? Comparison::at_least : Comparison::at_most;
    even.args = {expr.args[turned ? 1 : 0], expr.args[turned ? 0 : 1]};
    add_ways(ways, ways_to_weigh(even, true, context, put));
  }
  return ways;
}

// A comparison's own tails, else those of what it compares.
const model::Tails& tails_of(const model::Rulebook& book, const model::Expr& compare) {
  const model::Expr& left = book.exprs[compare.args.front()];
  return compare.tails.any() || !left.aggregate ? compare.tails : left.aggregate->tails;
}

}  // namespace

Ways ways_to(Id<model::Expr> id, bool wanted, const eval::Context& context, const Put& put) {
  const model::Expr& expr = book_of(context).exprs[id];
  switch (expr.op) {
    case Op::not_: return ways_to(expr.args.front(), !wanted, context, put);
    case Op::and_:
      return sorted(wanted ? ways_of_all(expr, true, context, put) : ways_of_any(expr, false, context, put));
    case Op::or_:
      return sorted(wanted ? ways_of_any(expr, true, context, put) : ways_of_all(expr, false, context, put));
    case Op::at_least_of: return sorted(ways_of_some(expr, wanted, context, put));
    case Op::known: return sorted(ways_within(expr.tails, ways_to_know(id, wanted, context, put), context, put));
    case Op::missing: return sorted(ways_within(expr.tails, ways_to_know(id, !wanted, context, put), context, put));
    case Op::happened: {
      if (wanted) return sorted(ways_within(expr.tails, ways_to_happen(expr.event, {}, 1, context, put), context, put));
      const std::vector<eval::EventRef> counted = rows_of(id, context, Rows::possible);
      return sorted(ways_within(expr.tails, ways_to_leave_out(counted, 1, static_cast<std::int64_t>(counted.size())),
                                context, put));
    }
    case Op::compare:
      return sorted(
          ways_within(tails_of(book_of(context), expr), ways_to_compare(expr, wanted, context, put), context, put));
    case Op::apart: {
      Ways ways = ways_to_be_apart(expr, context, put);
      add_ways(ways, ways_to_be_near(expr, wanted, context, put));
      return sorted(std::move(ways));
    }
    case Op::differs: {
      Ways ways = ways_to_be_near(expr, wanted, context, put);
      if (wanted) add_ways(ways, ways_to_even_out(expr, context, put));
      return sorted(std::move(ways));
    }
    case Op::state:
    case Op::in_stage: return sorted(ways_to_stand(expr, wanted, context, put));
    case Op::measure: return ways_to(book_of(context).measures[expr.measure].value, wanted, context, put);
    default: {
      const bool boolean = is_field(expr) && expr.type.kind == model::TypeKind::boolean;
      if (!boolean) return {};
      return ways_to_state(id, {{}, history::ValueType::boolean, wanted ? 1 : 0, {}}, context, put, nullptr);
    }
  }
}

Comparison opposite(Comparison c) {
  switch (c) {
    case Comparison::is:
    case Comparison::is_one_of: return Comparison::is_not;
    case Comparison::is_not: return Comparison::is;
    case Comparison::at_least: return Comparison::less_than;
    case Comparison::less_than: return Comparison::at_least;
    case Comparison::at_most: return Comparison::more_than;
    case Comparison::more_than: return Comparison::at_most;
    case Comparison::before: return Comparison::not_before;
    case Comparison::not_before: return Comparison::before;
    case Comparison::after: return Comparison::not_after;
    case Comparison::not_after: return Comparison::after;
  }
  return c;
}

Ways all_of(const Ways& a, const Ways& b) {
  // One fact may serve both: each side alone is tried, too.
  Ways all = a;
  if (a.size() == 1 && a.front().empty()) return b;
  all.insert(all.end(), b.begin(), b.end());
  const auto same_place = [](const history::Revision& x, const history::Revision& y) {
    return x.what == y.what && x.of == y.of && x.kind == y.kind && x.at == y.at && x.subject == y.subject &&
           x.index == y.index && x.of == history::KindClass::change;
  };
  for (const Revisions& one : a) {
    for (const Revisions& other : b) {
      Revisions both = one;
      if (one.size() * other.size() > 10'000) {
        both.insert(both.end(), other.begin(), other.end());
        all.push_back(folded(both));
        continue;
      }
      for (const history::Revision& more : other) {
        const auto clash = std::find_if(both.begin(), both.end(), [&](const auto& r) { return same_place(r, more); });
        if (clash != both.end()) both.erase(clash);
        if (std::find(both.begin(), both.end(), more) == both.end()) both.push_back(more);
      }
      all.push_back(folded(both));
      if (all.size() > 8 * most_ways) return sorted(std::move(all));
    }
  }
  return sorted(std::move(all));
}

Revisions folded(const Revisions& way) {
  Revisions out;
  std::map<std::string, std::size_t> deals;
  for (const history::Revision& revision : way) {
    const bool deal = revision.what == history::Revision::What::new_deal;
    const auto found = deal ? deals.find(revision.subject) : deals.end();
    if (deal && found == deals.end()) deals[revision.subject] = out.size();
    if (found == deals.end()) {
      out.push_back(revision);
      continue;
    }
    history::Revision& first = out[found->second];
    if (revision.at.known()) first.at = std::min(first.at, revision.at);
    if (revision.recorded.known()) first.recorded = std::min(first.recorded, revision.recorded);
    for (const history::Stated& stated : revision.values) {
      std::erase_if(first.values, [&](const history::Stated& s) { return s.field == stated.field; });
      first.values.push_back(stated);
    }
  }
  return out;
}

void add_ways(Ways& to, Ways more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Ways sorted(Ways ways) {
  std::stable_sort(ways.begin(), ways.end(),
                   [](const Revisions& a, const Revisions& b) { return a.size() < b.size(); });
  Ways out;
  for (Revisions& way : ways) {
    if (std::find(out.begin(), out.end(), way) == out.end()) out.push_back(std::move(way));
    if (out.size() == most_ways) break;
  }
  return out;
}

}  // namespace plumb::explain
