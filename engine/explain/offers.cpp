#include "explain/offers.h"

#include <algorithm>
#include <utility>

#include "explain/people.h"

namespace plumb::explain {

namespace {

using model::Shape;
using model::SubjectKind;
constexpr std::int64_t minute = 60 * time::micros_per_second;

const model::Rule& rule_of(const Case& c) { return c.book.rules[c.rule]; }

struct Gathering {
  const Case& c;
  eval::Verdict verdict;
  Instant now;  // as of when it was judged
  const history::History& history;
  Instant deadline = Instant::unknown();
  const time::Calendar* calendar = nullptr;  // of the obligation; nullptr: none was looked at
  std::vector<Offer> offers = {};
  mutable std::string looked_up = {};  // the deal that begins then: one fact after the other is of the same
  mutable Instant begin = Instant::unknown();

  bool still() const { return verdict == eval::Verdict::due; }
  // Facts are put before it, and all of them are seen.
  Instant as_of(Instant at) const {
    if (!still()) return now;
    const Instant after{at.micros + minute};
    return deadline.known() && deadline != Instant::max() ? std::max(deadline, after) : after;
  }
  // Where something may still be done, what has happened is not undone, and what was said not said otherwise; and no
  // deal is taken back.
  bool may_be(const history::Revision& revision) const {
    using What = history::Revision::What;
    if (revision.what == What::happens && !may_happen(revision)) return false;
    if (revision.what != What::leaves_out && revision.what != What::alters) return true;
    const history::Timeline& events = revision.of_person ? history.person_events : history.deal_events;
    const history::Kind& kind = history.kinds[events.kind[revision.index]];
    if (revision.what == What::leaves_out) return !still() && kind.of != history::KindClass::created;
    const auto says = [&](const history::Column& column) {
      const bool named = std::any_of(revision.values.begin(), revision.values.end(),
                                     [&](const history::Stated& stated) { return stated.field == column.name; });
      return named && history::is_value(column.values[events.row[revision.index]]);
    };
    return !still() || std::none_of(kind.columns.begin(), kind.columns.end(), says);
  }
  // Whether the person is with the company then, as far as anybody says.
  bool there(std::string_view person, Instant at) const {
    const std::uint32_t row = person.empty() || !calendar ? UINT32_MAX : find_person(history, person);
    if (row == UINT32_MAX || !at.known()) return true;
    const history::People& people = history.people;
    const time::Day day = calendar->day_of(at);
    return !(people.joined[row].known() && day < people.joined[row]) &&
           !(people.left[row].known() && day >= people.left[row]);
  }
  // Nothing happens in a deal that is not there yet, or is done by somebody who is not.
  bool may_happen(const history::Revision& revision) const {
    if (!there(revision.actor, revision.at)) return false;
    if (revision.of_person) return there(revision.subject, revision.at);
    if (revision.subject != looked_up) looked_up = revision.subject, begin = begin_of(history, looked_up);
    return !begin.known() || !revision.at.known() || revision.at >= begin;
  }
  void add(const Ways& ways, Instant at) {
    for (const Revisions& way : ways) {
      const bool possible = std::all_of(way.begin(), way.end(), [&](const history::Revision& r) { return may_be(r); });
      if (!way.empty() && possible) offers.push_back({way, as_of(at)});
    }
  }
};

// When facts may be put so that they count, the best first.
std::vector<Instant> times_between(Instant from, Instant until) {
  std::vector<Instant> times;
  const auto take = [&](Instant at) {
    if (at >= from && at < until && std::find(times.begin(), times.end(), at) == times.end()) times.push_back(at);
  };
  if (until != Instant::max()) take({until.micros - minute});
  take({from.micros + minute});
  take(from);
  if (until != Instant::max()) take({until.micros - 1});
  return times;
}

std::vector<Instant> times_for(const Gathering& g, const Decided& decided) {
  const model::Rule& rule = rule_of(g.c);
  const eval::Verdicts& v = decided.verdicts;
  const Instant opened = v.opened[decided.row];
  // On hold there is none yet.
  const Instant deadline = v.deadline[decided.row].known() ? v.deadline[decided.row] : Instant::max();
  const Instant now = g.still() ? g.now : Instant::unknown();
  switch (rule.shape) {
    case Shape::after: return times_between(std::max(opened, now), deadline);
    case Shape::before: return {{(rule.ahead ? deadline : opened).micros - minute}, {opened.micros - 1}, opened};
    case Shape::at: return {{opened.micros - minute}, opened};
    case Shape::while_: {
      if (decided.looked.empty()) return {};
      if (g.still()) return times_between(now, deadline);
      const Instant lapsed = decided.looked.back().context.now();
      std::vector<Instant> times{lapsed};
      // Where a lapse is tolerated it may be mended before the deadline; else it must not begin.
      if (rule.lapse && deadline > lapsed && deadline != Instant::max()) times = times_between(lapsed, deadline);
      times.push_back({lapsed.micros - 1});
      return times;
    }
    case Shape::every: {
      const Instant from = std::max(decided.looked.empty() ? opened : decided.looked.back().context.window_from, now);
      std::vector<Instant> times = times_between(from, deadline);
      if (deadline != Instant::max()) {
        const std::int64_t quarter = (deadline.micros - from.micros) / 4;
        const auto behind = times.begin() + std::min<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(times.size()));
        times.insert(behind, {Instant{from.micros + 2 * quarter}, Instant{from.micros + quarter}});
      }
      const Instant ends = v.period[decided.row].until;
      if (!g.still() && ends.known() && ends < deadline) times.push_back({ends.micros - minute});
      return times;
    }
    case Shape::throughout: return {std::max(opened, now)};
  }
  return {};
}

// From when on facts count.
Instant from_when(const Gathering& g, const Decided& decided) {
  const Instant now = g.still() ? g.now : Instant::unknown();
  const Shape shape = rule_of(g.c).shape;
  if (shape == Shape::after) return std::max(decided.verdicts.opened[decided.row], now);
  if (shape != Shape::every || decided.looked.empty()) return Instant::unknown();
  const eval::Context& context = decided.looked.back().context;
  const std::uint32_t person = decided.verdicts.subject[decided.row];
  const bool own = rule_of(g.c).subject.kind == SubjectKind::person;
  const time::Day joined = own ? decided.history.people.joined[person] : time::Day::unknown();
  const Instant came = joined.known() ? context.calendar->start_of(joined) : Instant::unknown();
  return std::max({context.window_from, now, came});
}

Put put_at(const Gathering& g, const Decided& decided, Instant at) {
  const model::Rule& rule = rule_of(g.c);
  const history::History& history = decided.history;
  Put put{g.c, at, from_when(g, decided), {}, {}, rule.subject.kind == SubjectKind::deal};
  const std::uint32_t owed = decided.verdicts.owed_by[decided.row];
  if (owed != eval::nobody) put.person = history.words[history.people.names.ids[owed]];
  if (rule.subject.kind == SubjectKind::deal) {
    put.deals = {g.c.key.subject};
    if (!g.there(put.person, at)) put.person.clear();  // somebody else may do it
    return put;
  }
  if (rule.subject.kind == SubjectKind::person) put.person = g.c.key.subject;
  if (rule.subject.kind == SubjectKind::team) {
    const std::vector<std::string> members = members_of(history, g.c.key.subject, at);
    if (!members.empty()) put.person = members.front();
  }
  if (rule.subject.kind == SubjectKind::company) put.person = anybody_at(history);
  const bool company = rule.subject.kind == SubjectKind::company;
  put.deals = deals_owned(g.c.book, history, company ? std::string() : put.person, at);
  // Where nobody owns deals, what is counted is whose who did it.
  if (rule.subject.kind == SubjectKind::person && put.deals.empty()) {
    put.deals = deals_worked_in(g.c.book, history, put.person, at);
  }
  if (rule.subject.kind != SubjectKind::team) return put;
  for (const std::string& other : members_of(history, g.c.key.subject, at)) {
    if (other == put.person) continue;
    for (std::string& deal : deals_owned(g.c.book, history, other, at)) put.deals.push_back(std::move(deal));
  }
  if (!g.there(put.person, at)) put.person.clear();
  return put;
}

// The deal is closed, or leaves what the rule is about, before anything else happens.
void gather_ends(Gathering& g, const eval::Context& context, const Put& put) {
  const model::Rule& rule = rule_of(g.c);
  const model::Rulebook& book = g.c.book;
  if (rule.while_condition) g.add(ways_to(rule.while_condition, false, context, put), put.at);
  for (std::size_t i = 0; i < book.stages.size() && !put.deals.empty(); ++i) {
    const model::Stage& stage = book.stages[Id<model::Stage>(i)];
    const bool own = !context.view.process() || stage.process == context.view.process();
    if (stage.end == model::StageEnd::open || !own) continue;
    history::Revision move;
    move.subject = put.deals.front();
    move.of = history::KindClass::move;
    move.at = move.recorded = put.at;
    move.values = {{"to", history::ValueType::text, 0, stage.name}};
    g.add({{move}}, put.at);
  }
}

// A move that the process does not allow: what would have allowed it, and where else it may have gone.
void gather_moves(Gathering& g, const Decided& decided, const Looked& looked) {
  const model::Process& process = g.c.book.processes[rule_of(g.c).subject.process];
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
      life && life->end.known() && !rule_of(g.c).even_when_closed) {
    whole.cut = std::min(whole.cut, Instant{life->end.micros + 1});
  }
  g.add(ways_to(looked.condition, true, whole, put), put.at);
  g.add(ways_to(looked.condition, true, looked.context, put), put.at);
}

// A response is answered by a record: the one that it asks for, or an action.
void gather_records(Gathering& g, const Decided& decided) {
  const model::Rule& rule = rule_of(g.c);
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
    if (!record.subject.empty()) g.add({{record}}, at);
  }
}

// Nothing is judged before there are as many as `given at least` asks.
Ways with_sample(const Gathering& g, Ways ways, const eval::Context& context, const Put& put) {
  for (const model::Given& given : rule_of(g.c).given) {
    const eval::Value have = eval::value(given.population, context);
    const std::int64_t certain =
        have.known() && have.low.exact() ? static_cast<std::int64_t>(have.low.n / have.low.d) : 0;
    if (certain >= given.count) continue;
    const Ways more = ways_to_grow(given.population, given.count - certain, context, put);
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
  const model::Rule& rule = rule_of(g.c);
  g.deadline = decided.verdicts.deadline[decided.row];
  if (rule.responds_to) return gather_records(g, decided);
  if (decided.looked.empty()) return;
  Looked looked = decided.looked.back();
  looked.context.trace = nullptr;
  g.calendar = looked.context.calendar;
  if (rule.origin == model::RuleOrigin::path) return gather_moves(g, decided, looked);
  const bool lasting = rule.shape == Shape::throughout || rule.shape == Shape::while_;
  if (lasting && g.still() && g.deadline == Instant::max()) {
    return gather_ends(g, looked.context, put_at(g, decided, g.now));
  }
  const auto many = [](const Offer& offer) { return offer.revisions.size() > static_cast<std::size_t>(many_facts); };
  for (Instant at : times_for(g, decided)) {
    if (std::any_of(g.offers.begin(), g.offers.end(), many)) break;
    const Put put = put_at(g, decided, at);
    eval::Context context = looked.context;
    const bool of_time = rule.shape == Shape::after || rule.shape == Shape::while_;
    if (of_time) context.cut = Instant{at.micros + 1};
    if (rule.shape == Shape::throughout) {
      gather_limit(g, decided, looked, put);
    } else if (looked.condition) {
      g.add(with_sample(g, ways_to(looked.condition, true, context, put), context, put), at);
      if (rule.each_its_own) gather_anew(g, looked, context, put);
    } else {
      // Where a response is used up, those before it use some.
      for (std::int64_t times = 1; times <= (rule.each_its_own ? 4 : 1); ++times) {
        g.add(ways_to_happen(looked.event, {}, times, context, put), at);
      }
    }
  }
}

}  // namespace

std::vector<Offer> offers_for(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided) {
  Gathering g{c, verdict, now, decided.history};
  gather(g, decided);
  return std::move(g.offers);
}

}  // namespace plumb::explain
