#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "explain/happening.h"
#include "explain/people.h"

namespace plumb::explain {

namespace {

using model::EventKind;
constexpr std::size_t most_deals = 2;
constexpr std::int64_t minute = 60 * time::micros_per_second;

// So many times the same, the last as it is, each of the others a step earlier.
Revisions repeated(const Revisions& way, std::int64_t times, std::int64_t step, bool renamed) {
  Revisions all;
  for (std::int64_t i = times - 1; i >= 0; --i) {
    for (history::Revision revision : way) {
      revision.at = Instant{revision.at.micros - i * step};
      revision.recorded = Instant{revision.recorded.micros - i * step};
      if (renamed) revision.subject = fmt::format("new deal {}", times - i);
      all.push_back(std::move(revision));
    }
  }
  return all;
}

// Of several changes to a later period, or an earlier one, each goes further than the one before.
Revisions going_further(Revisions way, const model::Rulebook& book, Id<model::Event> id, std::int64_t times) {
  const model::Event& event = book.events[id];
  for (const Id<model::Event> part : event.parts) way = going_further(std::move(way), book, part, times);
  if (event.kind != EventKind::moved_period || static_cast<std::int64_t>(way.size()) != times) return way;
  const std::int64_t days = event.period == time::Period::month || event.period == time::Period::quarter ? 100 : 400;
  for (std::size_t i = 1; i < way.size(); ++i) {
    if (way[i].of != history::KindClass::change || way[i].kind != book.fields[event.field].name) continue;
    way[i].values.front().value += static_cast<std::int64_t>(i) * (event.later ? days : -days);
  }
  return way;
}

// How far apart so many are: close to the end of the time that there is, or spread over all of it.
std::vector<std::int64_t> steps_of(const Put& put, std::int64_t times) {
  if (times == 1) return {minute};
  if (!put.from.known() || put.from >= put.at) return {3 * minute};
  const std::int64_t spread = std::max<std::int64_t>((put.at.micros - put.from.micros) / times, 1);
  if (times > many_facts) return {spread};
  const std::int64_t close = std::min(3 * minute, 90 * minute / times);
  return spread <= close ? std::vector<std::int64_t>{spread} : std::vector<std::int64_t>{close, spread};
}

Ways ways_with(const std::vector<Fields>& fields, Id<model::Event> event, const Happening& h) {
  Ways ways;
  for (const Fields& asked : fields) add_ways(ways, ways_once(event, asked, h));
  ways = sorted(std::move(ways));
  if (ways.size() > 6) ways.resize(6);
  return ways;
}

// What has to be so all the time has to become so at once.
bool lasts(const Put& put) { return put.c.book.rules[put.c.rule].shape == model::Shape::while_; }

Ways ways_in_new_deals(Id<model::Event> event, const std::vector<Fields>& fields, std::int64_t times,
                       const eval::Context& context, const Put& put, std::int64_t step) {
  const Happening last{context, put, "new deal 1", false, true, put.at};
  const Ways once = ways_with(fields, event, last);
  Ways all;
  for (const Revisions& way : once) {
    const Revisions begun = new_deal(earlier(last, time::micros_per_hour));
    all.push_back(repeated(folded(joined(begun, way)), times, step, true));
    if (lasts(put)) all.push_back(repeated(folded(joined(new_deal(last), way)), times, 0, true));
    if (times == 1 || way.empty()) continue;
    // All of them in one new deal.
    const Revisions early = new_deal(earlier(last, time::micros_per_hour + (times - 1) * step));
    all.push_back(folded(joined(early, repeated(way, times, step, false))));
  }
  return all;
}

Ways ways_in(const std::string& subject, bool of_person, Id<model::Event> event, const std::vector<Fields>& fields,
             std::int64_t times, const eval::Context& context, const Put& put, std::int64_t step) {
  const Happening last{context, put, subject, of_person, false, put.at};
  if (times > 3) {
    Ways many;
    for (const Revisions& way : ways_with(fields, event, last)) {
      many.push_back(going_further(repeated(way, times, step, false), context.view.plan().book, event, times));
      if (times > many_facts) break;
    }
    return many;
  }
  Ways all{{}};
  for (std::int64_t i = times - 1; i >= 0; --i) {
    const Ways once = ways_with(fields, event, earlier(last, i * step));
    Ways next;
    for (const Revisions& way : all) {
      for (const Revisions& more : once) next.push_back(joined(way, more));
    }
    all = sorted(std::move(next));
    if (all.size() > 6) all.resize(6);
  }
  for (Revisions& way : all) way = going_further(std::move(way), context.view.plan().book, event, times);
  // The first of them may take less than each of those that follow upon it.
  const Ways first = ways_with(fields, event, earlier(last, (times - 1) * step));
  for (std::size_t again = 0; times > 1 && again < first.size(); ++again) {
    for (const Revisions& way : first) {
      Revisions facts = way;
      for (std::int64_t i = times - 2; i >= 0; --i) {
        const Ways then = ways_with(fields, event, earlier(last, i * step));
        if (again < then.size()) facts = joined(std::move(facts), then[again]);
      }
      if (way.size() < first[again].size()) all.push_back(std::move(facts));
    }
  }
  return sorted(std::move(all));
}

// So far apart, or closer where there is no room for so many after the deal came to be. Missing: 0 where none has room.
std::int64_t step_within(const Put& put, const std::string& deal, std::int64_t times, std::int64_t step) {
  const Instant begin = begin_of(put.c.part, deal);
  if (!begin.known()) return step;
  const std::int64_t room = put.at.micros - begin.micros;
  return room < 0 ? 0 : std::max<std::int64_t>(std::min(step, room / std::max<std::int64_t>(times - 1, 1)), 1);
}

// Another deal may be as is asked: its account is asked about, or its stage, or each account has its own first.
bool may_fit_already(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  if (event.for_each_account) return true;
  const auto asks = [&](auto self, Id<model::Expr> where) -> bool {
    const model::Expr& expr = book.exprs[where];
    const auto of = [&](Id<model::Expr> arg) { return self(self, arg); };
    return expr.op == model::Op::account_field || std::any_of(expr.args.begin(), expr.args.end(), of);
  };
  if (event.where && (asks(asks, event.where) || asks_of_stage(book, event.where))) return true;
  return std::any_of(event.parts.begin(), event.parts.end(),
                     [&](Id<model::Event> part) { return may_fit_already(book, part); });
}

// The deals that one event is put into: the best, and more where another deal may fit already.
std::vector<std::string> deals_to_try(const Put& put, std::int64_t times, bool any_may_fit) {
  constexpr std::size_t most_that_may_fit = 8;
  const std::size_t deals = times > many_facts || put.others ? 1
                            : any_may_fit && times <= 3      ? most_that_may_fit
                                                             : most_deals;
  return {put.deals.begin(), put.deals.begin() + static_cast<std::ptrdiff_t>(std::min(deals, put.deals.size()))};
}

// One in each of several deals, at the end of the time or as soon as each deal is there.
Ways ways_in_several(Id<model::Event> event, const std::vector<Fields>& fields, std::int64_t times,
                     const eval::Context& context, const Put& put) {
  constexpr std::int64_t most_apart = 12;
  constexpr std::size_t most_windows = 6;
  Ways ways;
  const auto all = static_cast<std::int64_t>(put.deals.size());
  if (put.of_deal || times < 2 || times > 2 * most_apart || all < 2) return ways;
  const std::int64_t each = std::min({times, all, most_apart});
  const auto way = [&](std::size_t from, bool early) {
    Revisions facts;
    for (std::int64_t i = 0; i < each; ++i) {
      const std::string& deal = put.deals[from + static_cast<std::size_t>(i)];
      Instant at = put.at;
      const Instant begin = begin_of(put.c.part, deal);
      if (begin.known() && early) at = Instant{std::max(begin, put.from).micros + minute};
      const Ways once = ways_with(fields, event, {context, put, deal, false, false, at});
      if (once.empty()) return;
      facts.insert(facts.end(), once.front().begin(), once.front().end());
    }
    ways.push_back(folded(facts));
  };
  for (std::size_t from = 0; from < most_windows && static_cast<std::int64_t>(from) + each <= all; ++from) {
    way(from, false), way(from, true);
  }
  return ways;
}

bool is_record(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  if (event.kind == EventKind::record) return true;
  return !event.parts.empty() && std::all_of(event.parts.begin(), event.parts.end(),
                                             [&](Id<model::Event> part) { return is_record(book, part); });
}

}  // namespace

Ways ways_to_happen(Id<model::Event> event, const std::vector<Fields>& asked, std::int64_t times,
                    const eval::Context& context, const Put& put) {
  if (!event || times < 1) return {};
  const std::vector<Fields> fields = asked.empty() ? std::vector<Fields>{{}} : asked;
  const auto asks = [](const Fields& f) { return !f.deal.empty() || !f.account.empty(); };
  const bool any_may_fit = !put.of_deal && (std::any_of(fields.begin(), fields.end(), asks) ||
                                            may_fit_already(context.view.plan().book, event));
  Ways ways;
  for (const std::int64_t step : steps_of(put, times)) {
    if (!put.of_deal && !put.person.empty() && is_record(context.view.plan().book, event)) {
      add_ways(ways, ways_in(put.person, true, event, fields, times, context, put, step));
    }
    for (const std::string& deal : deals_to_try(put, times, any_may_fit)) {
      const std::int64_t within = step_within(put, deal, times, step);
      if (within > 0) add_ways(ways, ways_in(deal, false, event, fields, times, context, put, within));
    }
    if (times > many_facts && !ways.empty()) {
      ways.resize(1);
      continue;
    }
    if (!put.of_deal) add_ways(ways, ways_in_new_deals(event, fields, times, context, put, step));
  }
  add_ways(ways, ways_in_several(event, fields, times, context, put));
  return sorted(std::move(ways));
}

Ways ways_to_begin(const std::vector<Fields>& fields, std::int64_t times, const eval::Context& context,
                   const Put& put) {
  Ways ways;
  const Happening last{context, put, "new deal 1", false, true, put.at};
  for (const Fields& asked : fields) {
    const Revisions begun = folded(joined(new_deal(last), stated_of_deal(last, asked.deal, Revisions{})));
    ways.push_back(repeated(begun, times, steps_of(put, times).front(), true));
    if (lasts(put) && times > 1) ways.push_back(repeated(begun, times, 0, true));
  }
  return ways;
}

}  // namespace plumb::explain
