#include "explain/search.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "explain/people.h"

namespace plumb::explain {

namespace {

using model::Shape;
using model::SubjectKind;
constexpr std::int64_t minute = 60 * time::micros_per_second;

const model::Rule& rule_of(const Case& c) { return c.book.rules[c.rule]; }

// What one look at the case offers: ways, and as of when each would have to be evaluated again.
struct Offer {
  Revisions revisions;
  Instant as_of;
};

struct Gathering {
  const Case& c;
  eval::Verdict verdict;
  Instant horizon;
  Instant deadline;
  std::vector<Offer> offers;

  bool still() const { return verdict == eval::Verdict::due; }
  // Facts are put before it, and all of them are seen.
  Instant as_of(Instant at) const {
    if (!still()) return horizon;
    const Instant after{at.micros + minute};
    return deadline.known() && deadline != Instant::max() ? std::max(deadline, after) : after;
  }
  void add(const Ways& ways, Instant at) {
    for (const Revisions& way : ways) {
      if (!way.empty()) offers.push_back({way, as_of(at)});
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
  const Instant opened = v.opened[decided.row], deadline = v.deadline[decided.row];
  const Instant now = g.still() ? g.horizon : Instant::unknown();
  switch (rule.shape) {
    case Shape::after: return times_between(std::max(opened, now), deadline);
    case Shape::before: return {{(rule.ahead ? deadline : opened).micros - minute}, {opened.micros - 1}, opened};
    case Shape::at: return {opened, {opened.micros - minute}};
    case Shape::while_: {
      if (decided.looked.empty()) return {};
      if (g.still()) return times_between(now, deadline);
      const Instant lapsed = decided.looked.back().context.now();
      std::vector<Instant> times{lapsed};
      if (deadline.known() && deadline > lapsed && deadline != Instant::max()) times = times_between(lapsed, deadline);
      times.push_back({lapsed.micros - 1});
      return times;
    }
    case Shape::every: {
      const Instant from = std::max(decided.looked.empty() ? opened : decided.looked.back().context.window_from, now);
      std::vector<Instant> times = times_between(from, deadline);
      const Instant ends = v.period[decided.row].until;
      if (!g.still() && ends.known() && ends < deadline) times.push_back({ends.micros - minute});
      if (deadline != Instant::max()) times.push_back({from.micros + (deadline.micros - from.micros) / 2});
      return times;
    }
    case Shape::throughout: return {std::max(opened, now)};
  }
  return {};
}

Put put_at(const Gathering& g, const Decided& decided, Instant at) {
  const model::Rule& rule = rule_of(g.c);
  const history::History& history = decided.history;
  Put put{g.c, at, {}, {}, rule.subject.kind == SubjectKind::deal};
  const std::uint32_t owed = decided.verdicts.owed_by[decided.row];
  if (owed != eval::nobody) put.person = history.words[history.people.names.ids[owed]];
  if (rule.subject.kind == SubjectKind::deal) {
    put.deals = {g.c.key.subject};
    return put;
  }
  if (rule.subject.kind == SubjectKind::person) put.person = g.c.key.subject;
  if (rule.subject.kind == SubjectKind::team) put.person = member_of(history, g.c.key.subject, at);
  if (rule.subject.kind == SubjectKind::company) put.person = anybody_at(history);
  put.deals = deals_owned(g.c.book, history, put.person, at);
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
  whole.cut = g.horizon;
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

void gather(Gathering& g, const Decided& decided) {
  const model::Rule& rule = rule_of(g.c);
  g.deadline = decided.verdicts.deadline[decided.row];
  if (rule.responds_to) return gather_records(g, decided);
  if (decided.looked.empty()) return;
  Looked looked = decided.looked.back();
  looked.context.trace = nullptr;
  if (rule.origin == model::RuleOrigin::path) return gather_moves(g, decided, looked);
  const bool lasting = rule.shape == Shape::throughout || rule.shape == Shape::while_;
  if (lasting && g.still() && g.deadline == Instant::max()) {
    return gather_ends(g, looked.context, put_at(g, decided, g.horizon));
  }
  for (Instant at : times_for(g, decided)) {
    const Put put = put_at(g, decided, at);
    eval::Context context = looked.context;
    const bool of_time = rule.shape == Shape::after || rule.shape == Shape::while_;
    if (of_time) context.cut = Instant{at.micros + 1};
    if (rule.shape == Shape::throughout) {
      gather_limit(g, decided, looked, put);
    } else if (looked.condition) {
      g.add(ways_to(looked.condition, true, context, put), at);
    } else {
      // Where a response is used up, those before it use some.
      for (std::int64_t times = 1; times <= (rule.each_its_own ? 4 : 1); ++times) {
        g.add(ways_to_happen(looked.event, {}, times, context, put), at);
      }
    }
  }
}

// Those of few facts first; every one once.
void order(std::vector<Offer>& offers) {
  std::stable_sort(offers.begin(), offers.end(),
                   [](const Offer& a, const Offer& b) { return a.revisions.size() < b.revisions.size(); });
  std::vector<Offer> once;
  for (Offer& offer : offers) {
    const auto same = [&](const Offer& o) { return o.revisions == offer.revisions && o.as_of == offer.as_of; };
    if (std::none_of(once.begin(), once.end(), same)) once.push_back(std::move(offer));
  }
  offers = std::move(once);
}

bool only_adds(const Revisions& revisions) {
  return std::all_of(revisions.begin(), revisions.end(), [](const history::Revision& r) {
    return r.what != history::Revision::What::alters && r.what != history::Revision::What::leaves_out;
  });
}

// A change that keeps nothing yet, but gets further: the obligation is settled later, or fewer are not kept.
bool gets_further(const Judged& judged, const Judged& now) {
  if (judged.unkept != now.unkept) return judged.unkept < now.unkept;
  return judged.outcome && now.outcome && judged.outcome->settled > now.outcome->settled;
}

}  // namespace

bool keeps(const Case& c, eval::Verdict was, const Judged& judged, std::size_t before) {
  const Shape shape = rule_of(c).shape;
  const bool lasting = shape == Shape::while_ || shape == Shape::throughout;
  if (judged.outcome && judged.outcome->verdict == eval::Verdict::kept) return true;
  if (!lasting || was == eval::Verdict::due) return false;
  if (judged.outcome) return judged.outcome->verdict == eval::Verdict::due;
  // A lapse that never begins has no obligation of its own.
  return shape == Shape::while_ && judged.unkept <= before;
}

namespace {

// A change for a whole company is evaluated on all of its deals: fewer are tried.
std::size_t affordable(const Case& c, const Effort& effort) {
  constexpr std::size_t most_events = 20'000'000;
  const std::size_t events = c.part.deal_events.size() + c.part.person_events.size() + 1;
  return std::min(effort.attempts, std::max<std::size_t>(most_events / events, 20));
}

Found search_for(const Case& c, const Outcome& now, const Effort& effort, std::string& why) {
  Found found;
  Revisions sofar;
  history::History history = history::revised(c.part, {});
  Instant as_of = c.options.as_of;
  Judged current = evaluate(c, history, as_of);
  const std::size_t before = current.unkept;
  // It may be kept as things stand.
  const bool ends = now.deadline.known() && now.deadline != Instant::max();
  if (now.verdict == eval::Verdict::due && ends) {
    const Judged left_alone = evaluate(c, history, now.deadline);
    if (keeps(c, now.verdict, left_alone, before)) {
      found.as_of = now.deadline;
      found.outcome = left_alone.outcome;
      found.found = true;
      return found;
    }
  }
  while (sofar.size() < effort.largest) {
    Gathering g{c, current.outcome ? current.outcome->verdict : now.verdict, c.options.as_of, now.deadline, {}};
    evaluate(c, history, as_of, [&](const Decided& decided) { gather(g, decided); });
    order(g.offers);
    if (g.offers.empty()) {
      if (why.empty()) why = "no fact that could be stated decides the condition";
      return found;
    }
    std::optional<std::pair<Revisions, Judged>> step;
    for (const Offer& offer : g.offers) {
      if (found.attempts == effort.attempts) break;
      if (sofar.size() + offer.revisions.size() > effort.largest) continue;
      if (!sofar.empty() && !only_adds(offer.revisions)) continue;
      ++found.attempts;
      const Judged judged = evaluate(c, history::revised(history, offer.revisions), offer.as_of);
      if (keeps(c, now.verdict, judged, before)) {
        found.revisions = sofar;
        found.revisions.insert(found.revisions.end(), offer.revisions.begin(), offer.revisions.end());
        found.as_of = offer.as_of;
        found.outcome = judged.outcome;
        found.found = true;
        return found;
      }
      if (!step && only_adds(offer.revisions) && gets_further(judged, current)) step = {offer.revisions, judged};
    }
    why = fmt::format("none of the {} changes of up to {} facts that were tried keeps it", found.attempts,
                      effort.largest);
    if (!step || found.attempts == effort.attempts) return found;
    history = history::revised(history, step->first);
    sofar.insert(sofar.end(), step->first.begin(), step->first.end());
    current = step->second;
  }
  return found;
}

}  // namespace

Found search(const Case& c, const Outcome& now, const Effort& effort, std::string& why) {
  Effort possible = effort;
  possible.attempts = affordable(c, effort);
  return search_for(c, now, possible, why);
}

}  // namespace plumb::explain
