#include "explain/ways.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "explain/changes.h"

namespace plumb::explain {

namespace {

using model::Comparison;
using model::Op;

constexpr std::size_t most_ways = 40;

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

// The deal is where its clocks stand still, or is not.
Ways ways_to_hold(bool wanted, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  const Id<model::Process> process = context.view.process();
  if (!process || !put.of_deal || put.deals.empty()) return {};
  model::Expr there;
  there.op = Op::in_stage;
  for (Id<model::Stage> stage : book.processes[process].stages) {
    if (book.stages[stage].on_hold) there.stages.push_back(stage);
  }
  Ways ways = there.stages.empty() ? Ways{} : ways_to_stand(there, wanted, context, put);
  const Id<model::Expr> condition = book.processes[process].on_hold_while;
  if (!condition) return ways;
  const Ways so = ways_to(condition, wanted, context, put);
  add_ways(ways, wanted ? Ways{} : all_of(ways, so));
  add_ways(ways, so);
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
    case Op::situation:
      if (expr.situation != model::Situation::on_hold) return {};
      return sorted(ways_to_hold(wanted, context, put));
    case Op::verdict: {
      const history::History& history = context.view.plan().history;
      const history::Subjects& subjects = context.view.of_person() ? history.people.names : history.deals;
      const std::uint32_t subject = context.view.subject();
      if (!put.of_deal && !context.view.of_person()) return {};
      return sorted(ways_to_be_judged(expr, wanted, std::string(history.words[subjects.ids[subject]]), context, put));
    }
    case Op::measure: return ways_to(book_of(context).measures[expr.measure].value, wanted, context, put);
    default: {
      const bool boolean = is_field(expr) && expr.type.kind == model::TypeKind::boolean;
      if (!boolean) return {};
      return ways_to_state(id, {{}, history::ValueType::boolean, wanted ? 1 : 0, {}}, context, put, nullptr);
    }
  }
}

Ways all_of(const Ways& a, const Ways& b) {
  constexpr std::size_t most_alone = most_ways / 4;
  if (a.size() == 1 && a.front().empty()) return b;
  // One fact may serve both: the first of each side alone are tried, too.
  Ways all(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), most_alone)));
  all.insert(all.end(), b.begin(), b.begin() + static_cast<std::ptrdiff_t>(std::min(b.size(), most_alone)));
  all = sorted(std::move(all));
  Ways together;
  const auto same_place = [](const history::Revision& x, const history::Revision& y) {
    return x.what == y.what && x.of == y.of && x.kind == y.kind && x.at == y.at && x.subject == y.subject &&
           x.index == y.index && x.of == history::KindClass::change;
  };
  const auto add = [&](const Revisions& one, const Revisions& other) {
    Revisions both = one;
    if (one.size() * other.size() > 10'000) {
      both.insert(both.end(), other.begin(), other.end());
      together.push_back(folded(both));
      return;
    }
    for (const history::Revision& more : other) {
      const auto clash = std::find_if(both.begin(), both.end(), [&](const auto& r) { return same_place(r, more); });
      if (clash != both.end()) both.erase(clash);
      if (std::find(both.begin(), both.end(), more) == both.end()) both.push_back(more);
    }
    together.push_back(folded(both));
  };
  // The first of either with the first of the other before the rest.
  for (std::size_t sum = 0; sum + 1 < a.size() + b.size() && together.size() <= 8 * most_ways; ++sum) {
    for (std::size_t i = sum < b.size() ? 0 : sum - b.size() + 1; i <= sum && i < a.size(); ++i) add(a[i], b[sum - i]);
  }
  together = sorted(std::move(together));
  together.resize(std::min(together.size(), most_ways - all.size()));
  add_ways(all, std::move(together));
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

namespace {

// What ways have in common that differ only in when, in what is said, and in which deals: how many facts, in how many
// deals, and whether these are new.
auto form_of(const Revisions& way) {
  std::set<std::string_view> subjects;
  for (std::size_t i = 0; i < way.size() && i < static_cast<std::size_t>(many_facts); ++i) {
    subjects.insert(way[i].subject);
  }
  const bool begins = !way.empty() && way.front().what == history::Revision::What::new_deal;
  return std::tuple(way.size(), begins, subjects.size());
}

// Too many of one form leave no room for those that differ in more: the first of each form come before the rest.
Ways first_of_each_form(Ways ways) {
  constexpr std::size_t most_of_a_form = 6;
  std::map<std::tuple<std::size_t, bool, std::size_t>, std::size_t> seen;
  const auto behind = std::stable_partition(
      ways.begin(), ways.end(), [&](const Revisions& way) { return seen[form_of(way)]++ < most_of_a_form; });
  const auto first = static_cast<std::size_t>(behind - ways.begin());
  if (first < most_ways) {
    ways.resize(most_ways);
    return sorted(std::move(ways));
  }
  ways.resize(most_ways);
  return ways;
}

}  // namespace

Ways sorted(Ways ways) {
  std::stable_sort(ways.begin(), ways.end(),
                   [](const Revisions& a, const Revisions& b) { return a.size() < b.size(); });
  Ways out;
  for (Revisions& way : ways) {
    if (std::find(out.begin(), out.end(), way) == out.end()) out.push_back(std::move(way));
  }
  return out.size() > most_ways ? first_of_each_form(std::move(out)) : out;
}

}  // namespace plumb::explain
