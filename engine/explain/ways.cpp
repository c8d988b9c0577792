#include "explain/ways.h"

#include <algorithm>
#include <utility>

namespace plumb::explain {

namespace {

using model::Comparison;
using model::Op;

constexpr std::size_t most_ways = 40;
constexpr std::int64_t most_more = 10;  // facts of one kind in a change

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
  const bool has = deal < part.deal_account.size() && part.deal_account[deal] != UINT32_MAX;
  return has ? std::string(part.words[part.accounts.ids[part.deal_account[deal]]]) : std::string();
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

Ways ways_to_know(const model::Expr& expr, bool known, const eval::Context& context, const Put& put) {
  const Id<model::Expr> of = expr.args.front();
  const model::Expr& field = book_of(context).exprs[of];
  if (!is_field(field)) return {};
  history::Stated stated = any_value(context, field.field, put.at);
  if (!known) stated.value = history::missing, stated.word.clear();
  return ways_to_state(of, std::move(stated), context, put, &expr.tails);
}

std::vector<eval::EventRef> counted_by(Id<model::Expr> id, const eval::Context& context) {
  eval::Trace trace;
  eval::Context traced = context;
  traced.trace = &trace;
  const model::Expr& expr = book_of(context).exprs[id];
  if (expr.op == Op::happened || expr.op == Op::compare) {
    eval::holds(id, traced);
  } else {
    eval::value(id, traced);
  }
  return trace.evidence;
}

const model::Aggregate* aggregate_of(const model::Rulebook& book, Id<model::Expr> id) {
  while (book.exprs[id].op == Op::measure) id = book.measures[book.exprs[id].measure].value;
  const model::Expr& expr = book.exprs[id];
  return expr.aggregate ? &*expr.aggregate : nullptr;
}

// So many whole things as satisfy the comparison.
std::int64_t wanted_count(Comparison c, const eval::Value& right, std::int64_t periods) {
  const eval::Wide n = right.low.n * periods, d = right.low.d;
  const std::int64_t down = static_cast<std::int64_t>(n / d);
  const bool whole = n % d == 0;
  switch (c) {
    case Comparison::at_least: return whole ? down : down + 1;
    case Comparison::more_than: return down + 1;
    case Comparison::less_than: return whole ? down - 1 : down;
    default: return down;
  }
}

bool asks_for_more(Comparison c) { return c == Comparison::at_least || c == Comparison::more_than; }

Ways ways_to_count(Id<model::Expr> left, const model::Aggregate& aggregate, Comparison c, const eval::Value& right,
                   const eval::Context& context, const Put& put) {
  const eval::Value have = eval::value(left, context);
  if (!right.known() || !right.low.exact()) return {};
  const std::int64_t wanted = wanted_count(c, right, static_cast<std::int64_t>(std::max<std::size_t>(context.windows.size(), 1)));
  const std::int64_t now = have.known() ? static_cast<std::int64_t>(have.low.n / have.low.d) : 0;
  if (c == Comparison::is_not) return ways_to_happen(aggregate.event, aggregate.where, 1, context, put);
  Ways ways;
  if (wanted > now && c != Comparison::at_most && c != Comparison::less_than) {
    for (std::int64_t more = wanted - now; more <= std::min(wanted - now + 1, most_more); ++more) {
      add_ways(ways, ways_to_happen(aggregate.event, aggregate.where, more, context, put));
    }
  }
  const std::int64_t most = have.known() ? static_cast<std::int64_t>(have.high.n / have.high.d) : now;
  if (wanted < most && !asks_for_more(c)) {
    add_ways(ways, ways_to_leave_out(counted_by(left, context), most - wanted, most - wanted));
  }
  return ways;
}

// A share, a sum or a mean: a few more of those that help, or a few fewer of the others; whoever asks finds how many.
Ways ways_to_weigh(Id<model::Expr> left, const model::Aggregate& aggregate, bool more, const eval::Context& context,
                   const Put& put) {
  Ways ways;
  const bool share = aggregate.function == model::AggregateFunction::share;
  const std::vector<eval::EventRef> counted = counted_by(left, context);
  for (std::int64_t times = 1; times <= most_more; ++times) {
    if (share && aggregate.where) {
      for (const auto& fields : fields_for(aggregate.where, more, context, put)) {
        Revisions altered;
        for (std::size_t i = 0; i < counted.size() && altered.size() < static_cast<std::size_t>(times); ++i) {
          history::Revision revision;
          revision.what = history::Revision::What::alters;
          revision.of_person = counted[i].of_person;
          revision.index = counted[i].index;
          revision.at = revision.recorded = put.at;
          revision.values = fields;
          altered.push_back(std::move(revision));
        }
        if (altered.size() == static_cast<std::size_t>(times) && !fields.empty()) add_ways(ways, {altered});
      }
    }
    if (more || !share)
      add_ways(ways, ways_to_happen(aggregate.event, more && share ? aggregate.where : Id<model::Expr>(), times,
                                    context, put));
  }
  add_ways(ways, ways_to_leave_out(counted, 1, most_more));
  return ways;
}

Ways ways_to_compare(const model::Expr& expr, bool wanted, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  const Comparison c = wanted ? expr.comparison : opposite(expr.comparison);
  const Id<model::Expr> left = expr.args[0];
  Ways ways;
  if (book.exprs[left].op == Op::time_since) {
    const bool recent = c == Comparison::at_most || c == Comparison::less_than;
    if (recent) return ways_to_happen(book.exprs[left].event, {}, 1, context, put);
    return ways_to_leave_out(counted_by(left, context), 1, 1);
  }
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    const eval::Value right = eval::value(expr.args[i], context);
    if (const model::Aggregate* aggregate = aggregate_of(book, left)) {
      const bool count = aggregate->function == model::AggregateFunction::count;
      add_ways(ways, count ? ways_to_count(left, *aggregate, c, right, context, put)
                           : ways_to_weigh(left, *aggregate, asks_for_more(c), context, put));
    }
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

// `A is at most D after B`, `A differs from B by at most N`: one side becomes the other.
Ways ways_to_be_near(const model::Expr& expr, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  Ways ways;
  for (std::size_t side : {0u, 1u}) {
    const eval::Value other = eval::value(expr.args[1 - side], context);
    if (!is_field(book.exprs[expr.args[side]]) || !other.known()) continue;
    for (history::Stated& stated :
         values_for(context, book.exprs[expr.args[side]].field, Comparison::is, expr.args[1 - side])) {
      add_ways(ways, ways_to_state(expr.args[side], std::move(stated), context, put, nullptr));
    }
  }
  return ways;
}

// Nothing counts `since E` before there is an E.
Ways ways_since(const model::Tails& tails, Ways ways, const eval::Context& context, const Put& put) {
  if (!tails.since) return ways;
  const eval::Latest latest = eval::latest_before(tails.since, context);
  if (latest.at.known() || latest.undecided) return ways;
  Put before = put;
  before.at = Instant{put.at.micros - 2 * 60 * time::micros_per_second};
  Ways both;
  for (const Revisions& first : ways_to_happen(tails.since, {}, 1, context, before)) {
    for (Revisions then : ways) {
      then.insert(then.begin(), first.begin(), first.end());
      both.push_back(std::move(then));
    }
  }
  add_ways(ways, std::move(both));
  return ways;
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
    case Op::known: return sorted(ways_to_know(expr, wanted, context, put));
    case Op::missing: return sorted(ways_to_know(expr, !wanted, context, put));
    case Op::happened:
      return sorted(wanted ? ways_since(expr.tails, ways_to_happen(expr.event, {}, 1, context, put), context, put)
                           : ways_to_leave_out(counted_by(id, context), 1, most_more));
    case Op::compare: return sorted(ways_to_compare(expr, wanted, context, put));
    case Op::apart:
    case Op::differs: return wanted ? sorted(ways_to_be_near(expr, context, put)) : Ways{};
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

Ways ways_to_leave_out(const std::vector<eval::EventRef>& counted, std::int64_t from, std::int64_t until) {
  Ways ways;
  for (std::int64_t count = std::max<std::int64_t>(from, 1);
       count <= until && count <= static_cast<std::int64_t>(counted.size()); ++count) {
    Revisions out;
    for (std::int64_t i = 0; i < count; ++i) {
      const eval::EventRef ref = counted[counted.size() - 1 - static_cast<std::size_t>(i)];
      history::Revision revision;
      revision.what = history::Revision::What::leaves_out;
      revision.of_person = ref.of_person;
      revision.index = ref.index;
      out.push_back(std::move(revision));
    }
    ways.push_back(std::move(out));
  }
  return ways;
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
      for (const history::Revision& more : other) {
        const auto clash = std::find_if(both.begin(), both.end(), [&](const auto& r) { return same_place(r, more); });
        if (clash != both.end()) both.erase(clash);
        if (std::find(both.begin(), both.end(), more) == both.end()) both.push_back(more);
      }
      all.push_back(std::move(both));
      if (all.size() > 8 * most_ways) return sorted(std::move(all));
    }
  }
  return sorted(std::move(all));
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
