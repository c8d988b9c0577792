#include <algorithm>
#include <utility>

#include "explain/people.h"
#include "explain/ways.h"

namespace plumb::explain {

namespace {

using model::AggregateFunction;
using model::Comparison;
using model::Op;
using What = history::Revision::What;

const model::Rulebook& book_of(const eval::Context& context) { return context.view.plan().book; }

// A part of what is compared, and which way it has to go.
struct Pull {
  Id<model::Expr> aggregate;
  bool more;
};

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

std::int64_t floor_of(eval::Rational r) {
  if (!r.exact()) return 0;
  const eval::Wide down = r.n / r.d - (r.n % r.d < 0);
  return down > INT32_MAX ? INT32_MAX : static_cast<std::int64_t>(down);
}

// The comparison with a number that is known.
struct Asked {
  Comparison comparison;
  eval::Rational bound;
  eval::Value have;  // what the left side is worth now
  bool strict() const { return comparison == Comparison::more_than || comparison == Comparison::less_than; }
};

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

// The field that an aggregate adds up, saying so much. Missing: none where it adds up something else.
std::vector<Fields> saying(const model::Rulebook& book, const model::Aggregate& aggregate, const Asked& asked,
                           eval::Rational worth, const eval::Context& context) {
  const model::Expr& of = book.exprs[aggregate.value];
  if (of.op != Op::event_field && of.op != Op::subject_field) return {};
  const model::Field& field = book.fields[of.field];
  const bool money = field.type.kind == model::TypeKind::money;
  const bool up = asked.comparison == Comparison::at_least || asked.comparison == Comparison::more_than;
  const std::int64_t step = field.type.kind == model::TypeKind::percent ? 1 : Decimal::scale;
  const eval::Rational steps = multiply(divide(worth, one_of(field.type)), eval::rational(Decimal::scale / step, 1));
  std::int64_t whole = floor_of(steps);
  if (up && eval::compare(steps, eval::rational(whole, 1)) != 0) ++whole;
  if (asked.strict()) whole = std::max<std::int64_t>(whole + (up ? 1 : -1), 0);
  history::Stated stated{field.name, money ? history::ValueType::money : history::ValueType::decimal, whole * step, {}};
  if (money) stated.word = any_value(context, of.field, context.now()).word;
  return of.op == Op::event_field ? std::vector<Fields>{{{stated}, {}}} : std::vector<Fields>{{{}, {stated}}};
}

std::vector<Fields> both(const std::vector<Fields>& a, const std::vector<Fields>& b) {
  std::vector<Fields> out;
  for (const Fields& one : a) {
    for (const Fields& other : b) {
      Fields all = one;
      all.event.insert(all.event.end(), other.event.begin(), other.event.end());
      all.deal.insert(all.deal.end(), other.deal.begin(), other.deal.end());
      out.push_back(std::move(all));
    }
  }
  return out;
}

// ---- more and fewer -------------------------------------------------------------------------------------------------

Ways ways_to_add(const model::Aggregate& aggregate, const std::vector<Fields>& fields, std::int64_t times,
                 const eval::Context& context, const Put& put) {
  if (aggregate.population == model::PopulationKind::contacts) return {};
  if (!aggregate.event) {
    return aggregate.population == model::PopulationKind::deals && !put.of_deal
               ? ways_to_begin(fields, times, context, put)
               : Ways{};
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

// The deal that a row of the timeline of deals is of.
std::string deal_of(const history::History& history, std::uint32_t index) {
  const auto& first = history.deal_events.first;
  const auto deal = static_cast<std::size_t>(std::upper_bound(first.begin(), first.end(), index) - first.begin()) - 1;
  return std::string(history.words[history.deals.ids[deal]]);
}

// Whether a row of this kind may be the event, or what it is made of.
bool may_be(const model::Rulebook& book, Id<model::Event> id, const history::Kind& kind) {
  const model::Event& event = book.events[id];
  if (event.kind == model::EventKind::activity) return book.activities[event.activity].name == kind.name;
  if (event.kind == model::EventKind::record) return book.records[event.record].name == kind.name;
  const auto part_may_be = [&](Id<model::Event> part) { return may_be(book, part, kind); };
  return std::any_of(event.parts.begin(), event.parts.end(), part_may_be);
}

// What was not followed in time is followed after all: in each of the deals, a minute later.
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

// Rows say something else, or their deals do: one of them, then so many that what is counted comes out right.
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

// One of the values that are added up is another.
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

// What took too long ended earlier: as soon as the deal was there.
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
    const Instant begin = begin_of(history, there.deals.front());
    if (!begin.known()) continue;
    there.at = Instant{begin.micros + 60 * time::micros_per_second};
    add_ways(ways, ways_to_happen(aggregate.span_to, {}, 1, context, there));
  }
  return ways;
}

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

// One of those that are counted is not one of them.
Ways ways_to_be_other(const model::Aggregate& aggregate, const std::vector<eval::EventRef>& rows,
                      const eval::Context& context, const Put& put) {
  Ways ways;
  for (const Id<model::Expr> filter : filters_of(book_of(context), aggregate)) {
    add_ways(ways, ways_to_alter(rows, fields_for(filter, false, context, put), context, put));
  }
  return ways;
}

// `asked`: where the aggregate alone is compared; `about`: else what the whole is, of which it is a part.
Ways ways_to_pull(const Pull& pull, const std::optional<Asked>& asked, const std::optional<Asked>& about,
                  const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  const model::Aggregate& aggregate = *book.exprs[pull.aggregate].aggregate;
  const bool share = aggregate.function == AggregateFunction::share;
  const bool count = aggregate.function == AggregateFunction::count;
  const std::vector<Fields> part = fields_for(aggregate.where, !share || pull.more, context, put);
  const std::vector<std::int64_t> numbers = how_many(pull, aggregate, asked, context, put);
  const std::vector<eval::EventRef> possible = rows_of(pull.aggregate, context, Rows::possible);
  const std::vector<eval::EventRef> undecided = rows_of(pull.aggregate, context, Rows::undecided);
  Ways ways;
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
  // Where very many are lacking a few that are other or fewer are no help.
  const bool few = numbers.front() <= 24;
  if (share && few) add_ways(ways, ways_to_alter(possible, part, context, put));
  add_ways(ways, ways_to_end_early(pull, aggregate, context, put));
  if (share && pull.more && aggregate.followed_by) add_ways(ways, ways_to_follow(aggregate, context, put));
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

std::optional<Asked> asked_by(const model::Expr& compare, std::size_t arg, Comparison c, const eval::Context& context) {
  eval::Context plain = context;
  plain.trace = nullptr;
  const eval::Value right = eval::right_side(compare, arg, plain);
  if (!right.known() || !right.low.exact()) return std::nullopt;
  return Asked{c, right.low, eval::left_side(compare, plain)};
}

}  // namespace

Ways ways_to_weigh(const model::Expr& compare, bool wanted, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = book_of(context);
  const Comparison c = wanted ? compare.comparison : opposite(compare.comparison);
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
