#include "explain/offers.h"

#include <algorithm>
#include <utility>

#include "explain/ends.h"
#include "explain/gathering.h"

namespace plumb::explain {

namespace {

using model::Shape;
constexpr std::int64_t minute = 60 * time::micros_per_second;

// A move that the process does not allow: what would have allowed it, and where else it may have gone.
void gather_moves(Gathering& g, const Decided& decided, const Looked& looked) {
  const model::Process& process = g.c.book.processes[g.rule().subject.process];
  eval::Reason reason;
  for (std::size_t i = decided.verdicts.reason_first[decided.row]; i < decided.verdicts.reasons.size(); ++i) {
    if (decided.verdicts.reasons[i].ground == eval::Ground::not_allowed) reason = decided.verdicts.reasons[i];
  }
  if (reason.ground != eval::Ground::not_allowed) return;
  const std::int64_t from = reason.amount, to = reason.of_amount;
  const Instant opened = decided.verdicts.opened[decided.row];
  const Put put = put_at(g, decided, opened);
  const auto is = [](Id<model::Stage> stage, std::int64_t number) {
    return stage && static_cast<std::int64_t>(stage.index()) == number;
  };
  for (const model::Move& move : process.moves) {
    if (is(move.from, from) && is(move.to, to) && move.when)
      g.add(ways_to(move.when, true, looked.context, put), opened);
  }
  if (to >= 0 && from < 0) {
    const model::Stage& stage = g.c.book.stages[Id<model::Stage>(static_cast<std::size_t>(to))];
    if (stage.may_be_first_when) g.add(ways_to(stage.may_be_first_when, true, looked.context, put), opened);
  }
  const eval::EventRef moved = decided.verdicts.evidence[decided.verdicts.evidence_first[decided.row]];
  const auto alter = [&](Id<model::Stage> stage) {
    history::Revision revision;
    revision.what = history::Revision::What::alters;
    revision.index = moved.index;
    revision.at = opened;
    revision.recorded = opened;
    revision.values = {{"to", history::ValueType::text, 0, g.c.book.stages[stage].name}};
    g.add({{revision}}, opened);
  };
  if (from < 0 && !process.path.empty()) alter(process.path.front());
  for (const model::Move& move : process.moves) {
    if (is(move.from, from) && !is(move.to, to)) alter(move.to);
  }
}

void gather_limit(Gathering& g, const Decided& decided, const Looked& looked, const Put& put) {
  eval::Context whole = looked.context;
  whole.cut = g.now;
  if (const eval::Life* life = whole.view.life_at(decided.verdicts.opened[decided.row]);
      life && life->end.known() && !g.rule().even_when_closed) {
    whole.cut = std::min(whole.cut, Instant{life->end.micros + 1});
  }
  g.add(ways_to(looked.condition, true, whole, put), put.at);
  g.add(ways_to(looked.condition, true, looked.context, put), put.at);
}

// A response is answered by a record: the one that it asks for, or an action.
void gather_records(Gathering& g, const Decided& decided) {
  const model::Rule& rule = g.rule();
  const Id<model::Record> asked = rule.responses.front().recorded_as;
  const std::string name = asked ? g.c.book.records[asked].name : "action";
  const auto is = [&](const history::Kind& kind) { return kind.of == history::KindClass::record && kind.name == name; };
  if (std::none_of(decided.history.kinds.begin(), decided.history.kinds.end(), is)) return;
  for (Instant at : times_for(g, decided)) {
    const Put put = put_at(g, decided, at);
    history::Revision record;
    record.of = history::KindClass::record;
    record.kind = name;
    record.of_person = !put.of_deal;
    record.subject = put.of_deal ? g.c.key.subject : put.person;
    record.at = record.recorded = at;
    record.actor = put.person;
    // About several people it has to say what it is about.
    const model::SubjectKind about = rule.subject.kind;
    if (about == model::SubjectKind::team || about == model::SubjectKind::company) {
      record.values = {{"rule", history::ValueType::text, 0, g.c.book.rules[rule.responds_to->rule].name}};
    }
    if (!record.subject.empty()) g.add({{record}}, at);
  }
}

// What is added says 0 of all that could be added up: what is not known of it would leave a sum open.
Revisions saying_nothing(Revisions way, const history::History& history) {
  for (history::Revision& r : way) {
    if (r.what != history::Revision::What::happens || r.of != history::KindClass::activity) continue;
    for (const history::Kind& kind : history.kinds) {
      if (kind.of != r.of || kind.name != r.kind) continue;
      for (const history::Column& column : kind.columns) {
        const bool said = std::any_of(r.values.begin(), r.values.end(),
                                      [&](const history::Stated& stated) { return stated.field == column.name; });
        if (!said && column.type == history::ValueType::decimal) r.values.push_back({column.name, column.type, 0, {}});
      }
    }
  }
  return way;
}

// Nothing is judged before there are as many as `given at least` asks.
Ways with_sample(const Gathering& g, Ways ways, const eval::Context& context, const Put& put) {
  for (const model::Given& given : g.rule().given) {
    const eval::Value have = eval::value(given.population, context);
    const std::int64_t certain =
        have.known() && have.low.exact() ? static_cast<std::int64_t>(have.low.n / have.low.d) : 0;
    if (certain >= given.count) continue;
    Ways more = ways_to_grow(given.population, given.count - certain, context, put);
    const Ways plain = more;
    for (const Revisions& way : plain) more.push_back(saying_nothing(way, g.history));
    more = sorted(std::move(more));
    ways = ways.empty() ? more : all_of(ways, more);
  }
  return ways;
}

// Where each answer is used up a condition has to become true anew, so many times: what is so is undone in between.
void gather_anew(Gathering& g, const Looked& looked, const eval::Context& context, const Put& put) {
  constexpr std::size_t most_undone = 4;
  constexpr std::int64_t most_times = 3;
  const model::Rulebook& book = g.c.book;
  std::size_t undone = 0;
  for (const Revisions& way : ways_to(looked.condition, false, context, put)) {
    const bool one = way.size() == 1 && way.front().what == history::Revision::What::happens &&
                     way.front().of == history::KindClass::change;
    if (!one || undone++ == most_undone) continue;
    Id<model::Field> field;
    for (std::size_t i = 0; i < book.fields.size(); ++i) {
      const model::Field& each = book.fields[Id<model::Field>(i)];
      if (each.owner == model::OwnerKind::deal && each.name == way.front().kind) field = Id<model::Field>(i);
    }
    if (!field) continue;
    history::Stated value = any_value(context, field, put.at);
    value.field = "to";
    const auto at = [&](history::Revision revision, std::int64_t before) {
      revision.at = revision.recorded = Instant{put.at.micros - before * minute};
      return revision;
    };
    history::Revision done = way.front();
    done.values = {value};
    Revisions chain = {done};
    for (std::int64_t times = 1; times <= most_times; ++times) {
      chain.insert(chain.begin(), at(way.front(), 2 * times - 1));
      g.add({chain}, put.at);
      chain.insert(chain.begin(), at(done, 2 * times));
      g.add({chain}, put.at);
    }
  }
}

void gather(Gathering& g, const Decided& decided) {
  const model::Rule& rule = g.rule();
  g.deadline = surely_in_time(g.c, decided).until;
  if (rule.responds_to) return gather_records(g, decided);
  if (decided.looked.empty()) return;
  Looked looked = decided.looked.back();
  looked.context.trace = nullptr;
  g.calendar = looked.context.calendar;
  if (rule.origin == model::RuleOrigin::path) return gather_moves(g, decided, looked);
  const bool lasting = rule.shape == Shape::throughout || rule.shape == Shape::while_;
  if (lasting && g.still() && g.deadline == Instant::max()) {
    return gather_ends(g, decided, looked);
  }
  gather_at(g, decided, times_for(g, decided));
  // What was not said may still be.
  if (lasting && g.still() && looked.condition && looked.context.now() < g.since()) {
    g.add(ways_to(looked.condition, true, looked.context, put_at(g, decided, g.since())), g.since());
  }
}

}  // namespace

void gather_at(Gathering& g, const Decided& decided, const std::vector<Instant>& times) {
  const model::Rule& rule = g.rule();
  Looked looked = decided.looked.back();
  looked.context.trace = nullptr;
  const auto many = [](const Offer& offer) { return offer.revisions.size() > static_cast<std::size_t>(many_facts); };
  for (Instant at : times) {
    if (std::any_of(g.offers.begin(), g.offers.end(), many)) break;
    const Put put = put_at(g, decided, at);
    eval::Context context = looked.context;
    const bool of_time = rule.shape == Shape::after || rule.shape == Shape::while_;
    if (of_time) context.cut = Instant{at.micros + 1};
    if (rule.shape == Shape::throughout) {
      gather_limit(g, decided, looked, put);
    } else if (looked.condition) {
      const Ways ways = ways_to(looked.condition, true, context, put);
      if (!rule.given.empty()) g.add(ways, at);
      g.add(with_sample(g, ways, context, put), at);
      if (rule.each_its_own) gather_anew(g, looked, context, put);
    } else {
      // Where a response is used up, those before it use some.
      for (std::int64_t times = 1; times <= (rule.each_its_own ? 4 : 1); ++times) {
        g.add(ways_to_happen(looked.event, {}, times, context, put), at);
      }
    }
  }
}

std::vector<Offer> offers_for(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided) {
  Gathering g{c, verdict, now, decided.history};
  gather(g, decided);
  return std::move(g.offers);
}

}  // namespace plumb::explain
