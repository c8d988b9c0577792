#include "explain/gathering.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "explain/people.h"

namespace plumb::explain {

namespace {

using model::Shape;
using model::SubjectKind;
constexpr std::int64_t minute = 60 * time::micros_per_second;

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

// A deal comes to be before anything happens in it. `since`: from when on it may; unknown: at any time.
void begin_in_time(Revisions& way, Instant since) {
  std::map<std::string_view, Instant> first;
  for (const history::Revision& r : way) {
    if (r.what != history::Revision::What::happens || r.of_person || !r.at.known()) continue;
    const auto found = first.emplace(r.subject, r.at).first;
    found->second = std::min(found->second, r.at);
  }
  for (history::Revision& r : way) {
    const auto found = r.what == history::Revision::What::new_deal ? first.find(r.subject) : first.end();
    if (found == first.end() || !r.at.known() || r.at <= found->second) continue;
    const Instant before{found->second.micros - time::micros_per_hour};
    r.at = r.recorded = since.known() ? std::max(before, std::min(since, found->second)) : before;
  }
}

}  // namespace

Instant Gathering::as_of(Instant at) const {
  if (!still()) return now;
  const Instant after{at.micros + minute};
  return deadline.known() && deadline != Instant::max() ? std::max({deadline, after, now}) : std::max(after, now);
}

bool Gathering::may_be(const history::Revision& revision) const {
  using What = history::Revision::What;
  const bool put = revision.what == What::happens || revision.what == What::new_contact;
  if (stays() && (put || revision.what == What::new_deal) && revision.at < since()) return false;
  if (put && !may_happen(revision)) return false;
  // What is said of a contact stands in one row, from the first.
  if (revision.what == What::no_contact || revision.what == What::alters_contact) return !stays();
  if (revision.what != What::leaves_out && revision.what != What::alters) return true;
  const history::Timeline& events = revision.of_person ? history.person_events : history.deal_events;
  const history::Kind& kind = history.kinds[events.kind[revision.index]];
  if (revision.what == What::leaves_out) return !stays() && kind.of != history::KindClass::created;
  const auto says = [&](const history::Column& column) {
    const bool named = std::any_of(revision.values.begin(), revision.values.end(),
                                   [&](const history::Stated& stated) { return stated.field == column.name; });
    return named && history::is_value(column.values[events.row[revision.index]]);
  };
  return !stays() || std::none_of(kind.columns.begin(), kind.columns.end(), says);
}

bool Gathering::there(std::string_view person, Instant at) const {
  const std::uint32_t row = person.empty() || !calendar ? UINT32_MAX : find_person(history, person);
  if (row == UINT32_MAX || !at.known()) return true;
  const history::People& people = history.people;
  const time::Day day = calendar->day_of(at);
  return !(people.joined[row].known() && day < people.joined[row]) &&
         !(people.left[row].known() && day >= people.left[row]);
}

bool Gathering::may_happen(const history::Revision& revision) const {
  if (!there(revision.actor, revision.at)) return false;
  if (revision.of_person) return there(revision.subject, revision.at);
  if (revision.subject != looked_up) looked_up = revision.subject, begin = begin_of(history, looked_up);
  return !begin.known() || !revision.at.known() || revision.at >= begin;
}

void Gathering::add(const Ways& ways, Instant at) {
  for (Revisions way : ways) {
    begin_in_time(way, since());
    const bool possible = std::all_of(way.begin(), way.end(), [&](const history::Revision& r) { return may_be(r); });
    if (!way.empty() && possible) offers.push_back({std::move(way), as_of(at)});
  }
}

std::vector<Instant> times_for(const Gathering& g, const Decided& decided) {
  const model::Rule& rule = g.rule();
  const eval::Verdicts& v = decided.verdicts;
  const time::Interval sure = surely_in_time(g.c, decided);
  const Instant opened = sure.from;
  // On hold there is none yet.
  const Instant deadline = sure.until.known() ? sure.until : Instant::max();
  const Instant now = g.since();
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
  const Instant now = g.since();
  const Shape shape = g.rule().shape;
  if (shape == Shape::after) return std::max(surely_in_time(g.c, decided).from, now);
  if (shape != Shape::every || decided.looked.empty()) return Instant::unknown();
  const eval::Context& context = decided.looked.back().context;
  const std::uint32_t person = decided.verdicts.subject[decided.row];
  const bool own = g.rule().subject.kind == SubjectKind::person;
  const time::Day joined = own ? decided.history.people.joined[person] : time::Day::unknown();
  const Instant came = joined.known() ? context.calendar->start_of(joined) : Instant::unknown();
  return std::max({context.window_from, now, came});
}

Put put_at(const Gathering& g, const Decided& decided, Instant at) {
  const model::Rule& rule = g.rule();
  const history::History& history = decided.history;
  Put put{g.c, at, from_when(g, decided), {}, {}, false, rule.subject.kind == SubjectKind::deal};
  const std::uint32_t owed = decided.verdicts.owed_by[decided.row];
  if (g.stays()) put.not_before = g.since();
  if (owed != eval::nobody) put.person = history.words[history.people.names.ids[owed]];
  if (rule.subject.kind == SubjectKind::deal) {
    put.deals = {g.c.key.subject};
    if (!g.there(put.person, at)) put.person.clear();  // somebody else may do it
    return put;
  }
  if (rule.subject.kind == SubjectKind::person) put.person = g.c.key.subject;
  if (rule.subject.kind == SubjectKind::team) {
    const std::vector<std::string> members = members_of(history, g.c.key.subject, at);
    const auto is_there = [&](const std::string& member) { return g.there(member, at); };
    const auto one = std::find_if(members.begin(), members.end(), is_there);
    if (!members.empty()) put.person = one == members.end() ? members.front() : *one;
  }
  if (rule.subject.kind == SubjectKind::company) {
    put.person = anybody_at(history);
    if (!g.there(put.person, at)) put.person.clear();
  }
  const bool company = rule.subject.kind == SubjectKind::company;
  put.deals = deals_owned(g.c.book, history, company ? std::string() : put.person, at);
  // Where nobody owns deals, what is counted is whose who did it.
  if (rule.subject.kind == SubjectKind::person && put.deals.empty()) {
    put.deals = deals_worked_in(g.c.book, history, put.person, at);
  }
  // What is counted may be of others, too, or of nobody.
  if (put.deals.empty()) put.deals = deals_owned(g.c.book, history, {}, at), put.others = !company;
  if (rule.subject.kind != SubjectKind::team) return put;
  for (const std::string& other : members_of(history, g.c.key.subject, at)) {
    if (other == put.person) continue;
    for (std::string& deal : deals_owned(g.c.book, history, other, at)) put.deals.push_back(std::move(deal));
  }
  if (!g.there(put.person, at)) put.person.clear();
  return put;
}

}  // namespace plumb::explain
