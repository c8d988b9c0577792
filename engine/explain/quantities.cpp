#include <algorithm>
#include <utility>

#include "explain/people.h"
#include "explain/quantities.h"
#include "model/comparison.h"

namespace plumb::explain {

namespace {

using model::AggregateFunction;
using model::Comparison;
using model::Op;
using What = history::Revision::What;

void add_pulls(const model::Rulebook& book, Id<model::Expr> id, bool more, std::vector<Pull>& out) {
  const model::Expr& expr = book.exprs[id];
  if (expr.op == Op::measure) return add_pulls(book, book.measures[expr.measure].value, more, out);
  if (expr.op == Op::aggregate) out.push_back({id, more});
  if (expr.op == Op::target) {
    for (const model::TargetCase& one : book.targets[expr.target].cases) add_pulls(book, one.value, more, out);
  }
  if (expr.op != Op::arithmetic) return;
  const bool against = expr.arithmetic == model::Arithmetic::minus || expr.arithmetic == model::Arithmetic::divided_by;
  add_pulls(book, expr.args[0], more, out);
  if (expr.args.size() > 1) add_pulls(book, expr.args[1], more != against, out);
}

// What is compared with the number, where it is one aggregate and nothing is calculated.
Id<model::Expr> alone(const model::Rulebook& book, Id<model::Expr> id) {
  while (book.exprs[id].op == Op::measure) id = book.measures[book.exprs[id].measure].value;
  return book.exprs[id].op == Op::aggregate ? id : Id<model::Expr>();
}

// How many more, or fewer, whole things make a count right. Missing: 0 where they are.
std::int64_t lacking(const Asked& asked, bool more) {
  const std::int64_t floor = floor_of(asked.bound);
  const bool whole = eval::compare(asked.bound, eval::rational(floor, 1)) == 0;
  const std::int64_t low = asked.have.known() ? floor_of(asked.have.low) : 0;
  const std::int64_t high = asked.have.known() ? floor_of(asked.have.high) : 0;
  if (more) return floor + (whole ? asked.strict() : 1) - low;
  return high - (floor - (whole && asked.strict()));
}

// Numbers to try where nobody can say how many are needed; the smallest that does is found afterwards.
std::vector<std::int64_t> growing(std::int64_t from, std::int64_t most_times = 4) {
  std::vector<std::int64_t> times{from, from + 1};
  const std::int64_t most = std::min(std::max<std::int64_t>(most_times * from + 1, 128), most_facts);
  for (std::int64_t more = 2 * from + 1; more <= most; more *= 2) times.push_back(more);
  return times;
}

// Of how many the share is one. Missing: where that is not counted, at least as many as the fraction says.
std::int64_t size_of(Id<model::Expr> share, const Asked& asked, const eval::Context& context, const Put& put) {
  const auto whole = put.c.wholes.find(share);
  const eval::Value size = whole == put.c.wholes.end() ? eval::Value::unknown() : eval::value(whole->second, context);
  if (size.known()) return floor_of(size.high);
  const auto listed = static_cast<std::int64_t>(rows_of(share, context, Rows::counted).size());
  return std::max(listed, static_cast<std::int64_t>(std::min<eval::Wide>(asked.have.low.d, INT32_MAX)));
}

std::vector<std::int64_t> how_many(const Pull& pull, const model::Aggregate& aggregate,
                                   const std::optional<Asked>& asked, const eval::Context& context, const Put& put) {
  if (!asked) return growing(1);
  if (aggregate.function == AggregateFunction::count) {
    const std::int64_t lacks = lacking(*asked, pull.more);
    if (lacks < 1) return asked->comparison == Comparison::is_not ? std::vector<std::int64_t>{1} : growing(1);
    return {lacks, lacks + 1, 2 * lacks + 1};
  }
  if (aggregate.function != AggregateFunction::share || !asked->have.known() || aggregate.value) return growing(1);
  // (part + n) of (all + n) is the bound, or part of (all + n).
  const std::int64_t all = size_of(pull.aggregate, *asked, context, put);
  const eval::Rational have = multiply(pull.more ? asked->have.low : asked->have.high, eval::rational(all, 1));
  const eval::Rational whole = eval::rational(all, 1), one = eval::rational(1, 1);
  const eval::Rational over =
      pull.more ? subtract(multiply(asked->bound, whole), have) : subtract(have, multiply(asked->bound, whole));
  const eval::Rational each = pull.more ? subtract(one, asked->bound) : asked->bound;
  if (!over.exact() || !each.exact() || each.n <= 0 || over.n <= 0) return growing(1);
  const eval::Rational needed = divide(over, each);
  const std::int64_t down = floor_of(needed);
  const bool exactly = eval::compare(needed, eval::rational(down, 1)) == 0;
  return growing(std::max<std::int64_t>(down + !exactly + asked->strict(), 1),
                 put.of_deal || put.c.wholes.count(pull.aggregate) > 0 ? 4 : most_facts);
}

// ---- amounts --------------------------------------------------------------------------------------------------------

// What one more has to be worth. Missing: none where a number of them alone decides.
std::vector<eval::Rational> worths(const Pull& pull, const model::Aggregate& aggregate, const Asked& asked,
                                   const eval::Context& context) {
  if (!aggregate.value) return {};
  const auto all = eval::rational(static_cast<std::int64_t>(rows_of(pull.aggregate, context, Rows::counted).size()), 1);
  const eval::Rational none = eval::rational(0, 1);
  const eval::Rational have = asked.have.known() ? (pull.more ? asked.have.low : asked.have.high) : none;
  std::vector<eval::Rational> out;
  if (aggregate.function == AggregateFunction::sum) out.push_back(subtract(asked.bound, have));
  if (aggregate.function == AggregateFunction::mean) {
    out.push_back(subtract(multiply(asked.bound, add(all, eval::rational(1, 1))), multiply(have, all)));
  }
  out.push_back(asked.bound);
  if (pull.more) {
    const eval::Rational one = one_of(book_of(context).exprs[aggregate.value].type);
    for (std::int64_t big = 1'000; big <= 1'000'000'000; big *= 1'000) {
      out.push_back(multiply(one, eval::rational(big, 1)));
    }
  }
  if (!pull.more) out.push_back(none);
  std::erase_if(out, [&](const eval::Rational& r) { return !r.exact() || eval::compare(r, none) < 0; });
  return out;
}

std::vector<Fields> both(const std::vector<Fields>& a, const std::vector<Fields>& b) {
  std::vector<Fields> out;
  for (const Fields& one : a) {
    for (const Fields& other : b) {
      out.push_back(both_of(one, other));
    }
  }
  return out;
}

// ---- more and fewer -------------------------------------------------------------------------------------------------

// Those who may be counted: of the team that is asked, or all.
std::vector<std::string> people_of(const Put& put) {
  std::vector<std::string> people = members_of(put.c.part, put.c.key.subject, put.at);
  if (!people.empty()) return people;
  for (const std::uint32_t id : put.c.part.people.names.ids) people.emplace_back(put.c.part.words[id]);
  return people;
}

// The deals whose rows these are.
std::vector<std::string> deals_of(const std::vector<eval::EventRef>& rows, const history::History& history) {
  std::vector<std::string> deals;
  for (const eval::EventRef& row : rows) {
    if (row.of_person) continue;
    std::string deal = deal_of(history, row.index);
    if (std::find(deals.begin(), deals.end(), deal) == deals.end()) deals.push_back(std::move(deal));
  }
  return deals;
}

// One of the people counts: as much more happens in a deal of that person as is asked of each.
Ways ways_of_members(const model::Aggregate& aggregate, const eval::Context& context, const Put& put) {
  constexpr std::size_t most_people = 8;
  constexpr std::int64_t most_times = 6;
  const model::Rulebook& book = book_of(context);
  if (!aggregate.where || book.exprs[aggregate.where].op != Op::compare) return {};
  const model::Expr& asked = book.exprs[aggregate.where];
  const bool more = asked.comparison == Comparison::at_least || asked.comparison == Comparison::more_than;
  const Id<model::Expr> count = alone(book, asked.args[0]);
  const eval::Value bound = eval::value(asked.args[1], context);
  if (!more || !count || !bound.known() || !bound.low.exact()) return {};
  std::vector<std::string> people = people_of(put);
  people.resize(std::min(people.size(), most_people));
  Ways ways;
  for (std::int64_t times = 1; times <= std::min(floor_of(bound.low) + 1, most_times); ++times) {
    for (const std::string& person : people) {
      Put own = put;
      own.person = person;
      own.deals = deals_owned(book, put.c.part, person, put.at);
      add_ways(ways, ways_to_grow(count, times, context, own));
    }
  }
  return sorted(std::move(ways));
}

Ways ways_to_add(const model::Aggregate& aggregate, const std::vector<Fields>& fields, std::int64_t times,
                 const eval::Context& context, const Put& put) {
  if (aggregate.population == model::PopulationKind::contacts) {
    return ways_to_add_contacts(fields, times, context, put);
  }
  if (aggregate.population == model::PopulationKind::people) return ways_of_members(aggregate, context, put);
  if (!aggregate.event) {
    if (aggregate.population != model::PopulationKind::deals || put.of_deal) return {};
    Ways ways = ways_to_fit(fields, times, context, put);
    add_ways(ways, ways_to_begin(fields, times, context, put));
    return ways;
  }
  if (!aggregate.followed_by) return ways_to_happen(aggregate.event, fields, times, context, put);
  if (times > many_facts) return {};
  Put before = put;
  before.at = Instant{put.at.micros - 60 * time::micros_per_second};
  const Ways first = ways_to_happen(aggregate.event, fields, times, context, before);
  const Ways then = ways_to_happen(aggregate.followed_by, {}, times, context, put);
  Ways ways;
  for (const Revisions& one : first) {
    for (const Revisions& other : then) {
      Revisions way = one;
      for (const history::Revision& r : other) {
        if (r.what != What::new_deal) way.push_back(r);
      }
      const auto begun = [&](const history::Revision& r) {
        return r.what == What::new_deal || !r.subject.starts_with("new deal ") ||
               std::any_of(way.begin(), way.end(),
                           [&](const auto& d) { return d.what == What::new_deal && d.subject == r.subject; });
      };
      if (std::all_of(way.begin(), way.end(), begun)) ways.push_back(std::move(way));
    }
  }
  return sorted(std::move(ways));
}

// Nothing is judged before there are as many as `given at least` asks.
void add_sample(std::vector<std::int64_t>& numbers, const model::Aggregate& aggregate, const eval::Context& context,
                const Put& put) {
  for (const model::Given& given : put.c.book.rules[put.c.rule].given) {
    const auto& of = put.c.book.exprs[given.population].aggregate;
    const eval::Value have = eval::value(given.population, context);
    if (!of || of->event != aggregate.event || !have.known()) continue;
    const std::int64_t lacks = given.count - floor_of(have.low);
    if (lacks > 0 && std::find(numbers.begin(), numbers.end(), lacks) == numbers.end()) numbers.push_back(lacks);
  }
}

// `asked`: where the aggregate alone is compared; `about`: else what the whole is, of which it is a part.
Ways ways_to_pull(const Pull& pull, const std::optional<Asked>& asked, const std::optional<Asked>& about,
                  const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  const model::Aggregate& aggregate = *book.exprs[pull.aggregate].aggregate;
  const bool share = aggregate.function == AggregateFunction::share;
  const bool count = aggregate.function == AggregateFunction::count;
  const std::vector<Fields> part = fields_for(aggregate.where, !share || pull.more, context, put);
  std::vector<std::int64_t> numbers = how_many(pull, aggregate, asked, context, put);
  if (share) add_sample(numbers, aggregate, context, put);
  const std::vector<eval::EventRef> possible = rows_of(pull.aggregate, context, Rows::possible);
  const std::vector<eval::EventRef> undecided = rows_of(pull.aggregate, context, Rows::undecided);
  Ways ways;
  if (aggregate.where && book.exprs[aggregate.where].op == Op::verdict) {
    const bool people = aggregate.population == model::PopulationKind::people;
    add_ways(ways, ways_of_judged(aggregate, people ? people_of(put) : deals_of(possible, context.view.plan().history),
                                  pull.more, context, put));
  }
  if (aggregate.population == model::PopulationKind::contacts) {
    add_ways(ways, ways_of_contacts(pull, aggregate, context, put));
  }
  const bool adds = pull.more || !(count || aggregate.function == AggregateFunction::sum);
  if (aggregate.value && about) {
    if (adds) add_ways(ways, ways_to_add(aggregate, part, 1, context, put));
    for (eval::Rational worth : worths(pull, aggregate, *about, context)) {
      const std::vector<Fields> fields = both(part, saying(book, aggregate, *about, worth, context));
      for (std::int64_t times : {1, 2, 4, 8}) {
        if (adds) add_ways(ways, ways_to_add(aggregate, fields, times, context, put));
      }
      // What cannot be told says something; what was said is not said otherwise.
      const Ways told = ways_to_alter(undecided, fields, context, put);
      add_ways(ways, told);
      if (adds && !told.empty()) {
        add_ways(ways, all_of({told.back()}, ways_to_add(aggregate, fields, 1, context, put)));
      }
    }
    add_ways(ways, ways_to_say_otherwise(pull, *about, rows_of(pull.aggregate, context, Rows::counted), context, put));
  } else if (adds) {
    for (std::int64_t times : numbers) add_ways(ways, ways_to_add(aggregate, part, times, context, put));
  }
  const bool open_deals = aggregate.population == model::PopulationKind::deals && !aggregate.event &&
                          aggregate.deals_in == model::DealState::open;
  if (open_deals && !pull.more && !put.of_deal) add_ways(ways, ways_to_close(numbers, context, put));
  // Where very many are lacking a few that are other or fewer are no help.
  const bool few = numbers.front() <= 24;
  if (share && few) add_ways(ways, ways_to_alter(possible, part, context, put));
  add_ways(ways, ways_to_end_early(pull, aggregate, context, put));
  if (aggregate.span_to && !pull.more) {
    for (std::int64_t times : numbers) add_ways(ways, ways_to_be_quick(aggregate, times, context, put));
  }
  if (share && pull.more && aggregate.followed_by) {
    // What is counted may stand in deals that are closed by now.
    Put counted = put;
    for (std::string& deal : deals_of(possible, context.view.plan().history)) {
      if (std::ranges::find(counted.deals, deal) == counted.deals.end()) counted.deals.push_back(std::move(deal));
    }
    add_ways(ways, ways_to_follow(aggregate, context, counted));
  }
  if (!pull.more && !share && few) add_ways(ways, ways_to_be_other(aggregate, possible, context, put));
  if ((!pull.more || !count) && (few || !share)) {
    for (std::int64_t times : numbers) add_ways(ways, ways_to_leave_out(possible, times, times));
    add_ways(ways, ways_to_leave_out(undecided, static_cast<std::int64_t>(undecided.size()),
                                     static_cast<std::int64_t>(undecided.size())));
    add_ways(ways, ways_to_leave_out(possible, static_cast<std::int64_t>(possible.size()),
                                     static_cast<std::int64_t>(possible.size())));
  }
  return ways;
}

// The currency with which an amount is written, or the first case of a target. Missing: empty.
std::string currency_of(const model::Rulebook& book, Id<model::Expr> id) {
  const model::Expr& expr = book.exprs[id];
  if (expr.op == Op::money) return expr.text;
  const bool target = expr.op == Op::target && !book.targets[expr.target].cases.empty();
  return target ? currency_of(book, book.targets[expr.target].cases.front().value) : std::string();
}

std::optional<Asked> asked_by(const model::Expr& compare, std::size_t arg, Comparison c, const eval::Context& context) {
  eval::Context plain = context;
  plain.trace = nullptr;
  const eval::Value right = eval::right_side(compare, arg, plain);
  if (!right.known() || !right.low.exact()) return std::nullopt;
  const history::Dictionary& words = context.view.plan().history.words;
  std::string currency = currency_of(book_of(context), compare.args[arg]);
  if (currency.empty() && right.currency != 0 && right.currency < words.size()) currency = words[right.currency];
  return Asked{c, right.low, eval::left_side(compare, plain), std::move(currency)};
}

}  // namespace

std::int64_t floor_of(eval::Rational r) {
  if (!r.exact()) return 0;
  const eval::Wide down = r.n / r.d - (r.n % r.d < 0);
  return down > INT32_MAX ? INT32_MAX : static_cast<std::int64_t>(down);
}

Ways ways_to_weigh(const model::Expr& compare, bool wanted, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  const Comparison c = wanted ? compare.comparison : model::opposite(compare.comparison);
  Ways ways;
  for (std::size_t i = 1; i < compare.args.size(); ++i) {
    const std::optional<Asked> asked = asked_by(compare, i, c, context);
    std::vector<bool> directions{true, false};
    if (c == Comparison::at_least || c == Comparison::more_than) directions = {true};
    if (c == Comparison::at_most || c == Comparison::less_than) directions = {false};
    for (const bool more : directions) {
      std::vector<Pull> pulls;
      add_pulls(book, compare.args[0], more, pulls);
      add_pulls(book, compare.args[i], !more, pulls);
      for (const Pull& pull : pulls) {
        const bool direct = alone(book, compare.args[0]) == pull.aggregate;
        // Of a part it is not known how much is lacking: as much as of the whole is a guess.
        std::optional<Asked> about = asked;
        if (about && !direct) about->have = eval::Value::unknown();
        add_ways(ways, ways_to_pull(pull, direct ? asked : std::nullopt, about, context, put));
      }
    }
  }
  return ways;
}

Ways ways_to_grow(Id<model::Expr> count, std::int64_t by, const eval::Context& context, const Put& put) {
  const Id<model::Expr> id = alone(book_of(context), count);
  if (!id) return {};
  const model::Aggregate& aggregate = *book_of(context).exprs[id].aggregate;
  return sorted(ways_to_add(aggregate, fields_for(aggregate.where, true, context, put), by, context, put));
}

std::vector<eval::EventRef> rows_of(Id<model::Expr> id, const eval::Context& context, Rows which) {
  eval::Trace trace;
  eval::Context traced = context;
  traced.trace = &trace;
  const model::Expr& expr = book_of(context).exprs[id];
  if (expr.op == Op::happened || expr.op == Op::compare || expr.op == Op::known || expr.op == Op::missing) {
    eval::holds(id, traced);
  } else {
    eval::value(id, traced);
  }
  std::vector<eval::EventRef> rows;
  if (which != Rows::undecided) rows = std::move(trace.evidence);
  for (const eval::Fact& fact : trace.facts) {
    if (which != Rows::counted && fact.member != eval::no_event) rows.push_back(fact.member);
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

Ways ways_to_leave_out(const std::vector<eval::EventRef>& counted, std::int64_t from, std::int64_t until) {
  Ways ways;
  for (std::int64_t count = std::max<std::int64_t>(from, 1);
       count <= until && count <= static_cast<std::int64_t>(counted.size()); ++count) {
    Revisions out;
    for (std::int64_t i = 0; i < count; ++i) {
      const eval::EventRef ref = counted[counted.size() - 1 - static_cast<std::size_t>(i)];
      history::Revision revision;
      revision.what = What::leaves_out;
      revision.of_person = ref.of_person;
      revision.index = ref.index;
      out.push_back(std::move(revision));
    }
    ways.push_back(std::move(out));
  }
  return ways;
}

}  // namespace plumb::explain
