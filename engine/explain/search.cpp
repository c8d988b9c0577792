#include "explain/search.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "explain/ends.h"
#include "explain/moves.h"
#include "explain/nearer.h"
#include "explain/never.h"
#include "explain/offers.h"
#include "explain/people.h"
#include "explain/units.h"
#include "explain/why.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using eval::Verdict;
using model::Shape;
using What = history::Revision::What;

// One attempt after the other, while they last.
struct Search {
  const Case& c;
  Verdict was;
  std::size_t affordable;
  std::size_t attempts = affordable;
  std::size_t before = 0;  // obligations of the subject that are not kept as things stand
  std::string never;       // why no fact keeps it; empty: that is not proved
  std::string endless;     // why it is never settled as kept; empty: that is not proved
  std::string doubted;     // why it cannot be kept, whatever still comes; empty: that is not proved
  std::size_t tried = 0;
  bool for_good = false;  // only what leaves fewer that are not kept will do: no other lapse may follow
  bool cut = false;       // there was more to try than is affordable
  std::size_t read_before = *c.read;

  Judged attempt(const Revisions& revisions, Instant as_of) {
    ++tried;
    return evaluate(c, history::revised(c.part, revisions), as_of);
  }
  bool keeps(const Judged& judged) const {
    return explain::keeps(c, was, judged, before) && (!for_good || judged.unkept < before);
  }
  bool hopeless() const { return !never.empty() || !endless.empty(); }
  // What was evaluated to find out what to try is paid for, too.
  std::size_t spent() const { return tried + *c.read - read_before; }
  bool over() { return over(attempts); }
  bool over(std::size_t most) {
    const bool over = spent() >= most;
    cut |= over;
    return over;
  }
};

// So far: not kept yet.
struct Sofar {
  Revisions revisions;
  Instant as_of;
  Judged judged;
};

// Whether what was known of a field is said otherwise.
bool restates(const Case& c, const history::Revision& r) {
  if (r.what != What::happens || r.of != history::KindClass::change) {
    return r.what == What::alters || r.what == What::alters_contact;
  }
  const std::uint32_t deal = find_deal(c.part, r.subject);
  return deal != UINT32_MAX && history::is_value(field_of_deal(c.part, deal, r.kind, r.at));
}

bool takes_back(const history::Revision& r) { return r.what == What::leaves_out || r.what == What::no_contact; }

// What nobody would wish for: moves that the process does not allow, and somebody who leaves.
std::size_t unwanted(const Case& c, const Revisions& revisions) {
  constexpr std::size_t no_move_is_as_much = 100;
  const auto leaves = [](const history::Revision& r) { return r.what == What::leaves; };
  const auto gone = static_cast<std::size_t>(std::count_if(revisions.begin(), revisions.end(), leaves));
  return strange_moves(c, revisions) + no_move_is_as_much * gone;
}

// What is taken back weighs more than what is said otherwise, and that more than what is added.
std::size_t weight(const Case& c, const Revisions& revisions) {
  std::size_t sum = 0;
  for (const history::Revision& r : revisions) sum += takes_back(r) ? 2 : restates(c, r);
  return sum;
}

// The smaller ones first, as grammar/README.md has it; every one once.
void order(const Case& c, std::vector<Offer>& offers) {
  using Weighed = std::pair<std::array<std::size_t, 3>, Offer>;
  std::vector<Weighed> weighed;
  for (Offer& offer : offers) {
    const Revisions& facts = offer.revisions;
    weighed.push_back({{unwanted(c, facts), facts.size(), weight(c, facts)}, std::move(offer)});
  }
  std::stable_sort(weighed.begin(), weighed.end(),
                   [](const Weighed& a, const Weighed& b) { return a.first < b.first; });
  offers.clear();
  for (Weighed& each : weighed) offers.push_back(std::move(each.second));
  std::vector<Offer> once;
  for (Offer& offer : offers) {
    const auto same = [&](const Offer& o) { return o.as_of == offer.as_of && o.revisions == offer.revisions; };
    if (offer.revisions.size() <= static_cast<std::size_t>(most_facts) &&
        std::none_of(once.begin(), once.end(), same)) {
      once.push_back(std::move(offer));
    }
  }
  offers = std::move(once);
}

// Rows of the history that was looked at, as rows of the part. False: one of them is not there.
bool of_part(Revisions& revisions, const history::Rows& were) {
  for (history::Revision& revision : revisions) {
    if (revision.what != What::alters && revision.what != What::leaves_out) continue;
    const std::vector<std::uint32_t>& rows = revision.of_person ? were.people : were.deals;
    if (rows.empty()) continue;
    revision.index = rows[revision.index];
    if (revision.index == UINT32_MAX) return false;
  }
  return true;
}

// A new deal of a later step is another one than those before it.
void rename_new(Revisions& more, const Revisions& sofar) {
  std::size_t deals = 0;
  for (const history::Revision& r : sofar) deals += r.what == What::new_deal;
  if (deals == 0) return;
  std::map<std::string, std::string> names;
  for (const history::Revision& r : more) {
    if (r.what == What::new_deal) names[r.subject] = fmt::format("new deal {}", ++deals);
  }
  for (history::Revision& r : more) {
    if (const auto found = names.find(r.subject); found != names.end()) r.subject = found->second;
  }
}

std::vector<Offer> look(Search& search, const Sofar& sofar) {
  history::Rows were;
  const history::History history = history::revised(search.c.part, sofar.revisions, &were);
  std::vector<Offer> offers;
  evaluate(search.c, history, sofar.as_of, [&](const Decided& decided) {
    const Verdict now = decided.verdicts.verdict[decided.row];
    offers = offers_for(search.c, search.was, sofar.as_of, decided);
    search.never = why_never_kept(search.c, decided, search.was == Verdict::due && !search.c.may_undo);
    if (search.never.empty() && now == Verdict::due) search.endless = why_endless(search.c, decided);
  });
  std::erase_if(offers, [&](Offer& offer) { return !of_part(offer.revisions, were); });
  for (Offer& offer : offers) rename_new(offer.revisions, sofar.revisions);
  order(search.c, offers);
  return offers;
}

bool is(const Judged& judged, Verdict verdict) { return judged.outcome && judged.outcome->verdict == verdict; }

// A change that keeps nothing yet, but gets further: it is decided later, or fewer are not kept.
bool gets_further(const Judged& judged, const Judged& now) {
  if (is(judged, Verdict::excused)) return false;
  if (is(now, Verdict::due)) return is(judged, Verdict::cannot_tell);
  if (judged.decided != now.decided) return judged.decided > now.decided;
  const bool untold = is(judged, Verdict::cannot_tell) && is(now, Verdict::cannot_tell);
  if (untold && judged.lacks != now.lacks) return judged.lacks < now.lacks;
  return judged.unkept < now.unkept;
}

// What was missed is not any more, but something before it cannot be told.
bool leaves_doubt(const Judged& judged, const Judged& now) {
  return is(judged, Verdict::cannot_tell) && (is(now, Verdict::missed) || is(now, Verdict::late));
}

constexpr const char* for_some_time =
    "for some of the time until now it cannot be told whether it was so, and what comes later does not tell";

// What lasts is due, and it has come to pass already that it cannot be told.
bool is_doubted(const Search& search, const Judged& judged) {
  const Shape shape = search.c.book.rules[search.c.rule].shape;
  const bool lasting = shape == Shape::while_ || shape == Shape::throughout;
  return lasting && search.was == Verdict::due && judged.untold && judged.decided < search.c.options.as_of;
}

// Leaves out what it does without: of facts alike as many as can be, found by halving.
Revisions smallest(Search& search, Revisions revisions, Instant as_of) {
  std::vector<Revisions> units = units_of(revisions);
  for (std::size_t at = 0; at < units.size() && units.size() > 1;) {
    std::size_t end = at + 1;
    while (end < units.size() && are_alike(units[at], units[end])) ++end;
    // Without so many of them it is kept, without so many it is not.
    std::size_t kept = 0, broken = end - at + 1;
    while (broken - kept > 1) {
      const std::size_t fewer = kept == 0 ? 1 : kept + (broken - kept) / 2;
      const Revisions rest = without(units, at, at + fewer);
      const bool keeps = !rest.empty() && !search.over() && search.keeps(search.attempt(rest, as_of));
      (keeps ? kept : broken) = fewer;
    }
    revisions = without(units, at, at + kept);
    // It may be the first of them that matter.
    for (std::size_t last = end - kept; kept == 0 && last > at + 1 && !search.over(); --last) {
      const Revisions rest = without(units_of(revisions), last - 1, last);
      if (rest.empty() || !search.keeps(search.attempt(rest, as_of))) break;
      revisions = rest, --end;
    }
    units = units_of(revisions);
    at = end - kept;
  }
  return revisions;
}

using Offered = std::vector<Offer> (*)(const Case&, Verdict, Instant, const Decided&);

// One of these offers that keeps it. `strange`: the process need not allow a move.
std::optional<Sofar> by_one_of(Search& search, Offered offered, bool strange) {
  constexpr std::size_t most_attempts = 400;
  const Instant as_of = search.c.options.as_of;
  std::vector<Offer> offers;
  evaluate(search.c, search.c.part, as_of,
           [&](const Decided& decided) { offers = offered(search.c, search.was, as_of, decided); });
  order(search.c, offers);
  std::erase_if(offers, [&](const Offer& o) { return !strange && strange_moves(search.c, o.revisions) > 0; });
  const std::size_t until = search.spent() + std::min(most_attempts, search.affordable / 2);
  for (const Offer& offer : offers) {
    if (search.over(until)) break;
    Sofar next{offer.revisions, offer.as_of, search.attempt(offer.revisions, offer.as_of)};
    if (search.keeps(next.judged)) return next;
  }
  return std::nullopt;
}

// What happens in a new deal happens in one that is there, where that keeps it, too: a new deal is a fact more.
Revisions in_deals_that_are_there(Search& search, Revisions revisions, Instant as_of) {
  constexpr std::size_t most_deals = 8;
  const Case& c = search.c;
  if (c.book.rules[c.rule].subject.kind == model::SubjectKind::deal) return revisions;
  const std::size_t strange = unwanted(c, revisions);
  std::set<std::string> taken;
  Revisions begun;
  for (const history::Revision& r : revisions) {
    if (r.what == What::new_deal) begun.push_back(r);
    if (!r.of_person) taken.insert(r.subject);
  }
  for (const history::Revision& deal : begun) {
    std::string owner;
    for (const history::Stated& stated : deal.values) owner = stated.field == "owner" ? stated.word : owner;
    std::size_t tried = 0;
    for (const std::string& other : deals_owned(c.book, c.part, owner, deal.at)) {
      if (search.over() || tried == most_deals) break;
      if (taken.contains(other) || begin_of(c.part, other) > deal.at) continue;
      Revisions there = revisions;
      std::erase_if(there,
                    [&](const history::Revision& r) { return r.what == What::new_deal && r.subject == deal.subject; });
      for (history::Revision& r : there) {
        if (!r.of_person && r.subject == deal.subject) r.subject = other;
      }
      ++tried;
      if (unwanted(c, there) > strange || there.empty() || !search.keeps(search.attempt(there, as_of))) continue;
      revisions = std::move(there);
      taken.insert(other);
      break;
    }
  }
  return revisions;
}

// The subjects of all that happens in deals.
std::set<std::string> deals_in(const Revisions& revisions) {
  std::set<std::string> deals;
  for (const history::Revision& r : revisions) {
    if (!r.of_person) deals.insert(r.subject);
  }
  return deals;
}

// One fact in a deal that was open for some of the time does what several do in a new one.
Revisions by_single_facts(Search& search, Revisions revisions, Instant as_of) {
  const Case& c = search.c;
  if (c.book.rules[c.rule].subject.kind == model::SubjectKind::deal) return revisions;
  std::vector<std::string> begun;
  for (const history::Revision& r : revisions) {
    if (r.what == What::new_deal) begun.push_back(r.subject);
  }
  for (const std::string& deal : begun) {
    Revisions rest = revisions;
    std::erase_if(rest, [&](const history::Revision& r) { return !r.of_person && r.subject == deal; });
    if (revisions.size() - rest.size() < 2 || search.over()) continue;
    std::vector<Offer> offers;
    evaluate(c, history::revised(c.part, rest), as_of,
             [&](const Decided& decided) { offers = offers_of_one_fact(c, search.was, as_of, decided); });
    std::erase_if(offers, [&](const Offer& o) {
      return o.revisions.front().what != What::happens || unwanted(c, o.revisions) > 0;
    });
    order(c, offers);
    for (const Offer& offer : offers) {
      if (search.over()) return revisions;
      if (deals_in(rest).contains(offer.revisions.front().subject)) continue;
      Revisions next = offer.revisions;
      next.insert(next.end(), rest.begin(), rest.end());
      if (!search.keeps(search.attempt(next, as_of))) continue;
      revisions = std::move(next);
      break;
    }
  }
  return revisions;
}

// New deals are counted from 1 on, whichever were left out.
void count_new_deals(Revisions& revisions) {
  std::map<std::string, std::string> names;
  for (const history::Revision& r : revisions) {
    if (r.what == What::new_deal) names.try_emplace(r.subject, fmt::format("new deal {}", names.size() + 1));
  }
  for (history::Revision& r : revisions) {
    if (const auto found = names.find(r.subject); found != names.end() && !r.of_person) r.subject = found->second;
  }
}

// The same with less of it, and nearer to what stands there.
Found found_by(Search& search, const Sofar& change) {
  search.attempts = search.spent() + std::clamp<std::size_t>(search.affordable / 2, 20, 60);
  Found found;
  found.found = true, found.as_of = change.as_of, found.before = search.before;
  found.revisions = smallest(search, change.revisions, change.as_of);
  search.attempts = search.spent() + std::clamp<std::size_t>(search.affordable / 8, 8, 60);
  found.revisions = in_deals_that_are_there(search, std::move(found.revisions), change.as_of);
  found.revisions = smallest(search, std::move(found.revisions), change.as_of);
  search.attempts = search.spent() + std::clamp<std::size_t>(search.affordable / 4, 8, 150);
  found.revisions = by_single_facts(search, std::move(found.revisions), change.as_of);
  count_new_deals(found.revisions);
  NumbersAsked asked;
  evaluate(search.c, search.c.part, search.c.options.as_of, [&](const Decided& decided) {
    if (!decided.looked.empty()) asked = numbers_asked(decided.looked.back());
  });
  search.attempts = search.spent() + search.affordable / 4;
  found.revisions = nearer(search.c, std::move(found.revisions), asked, [&](const Revisions& revisions) {
    return !search.over() && search.keeps(search.attempt(revisions, found.as_of));
  });
  found.outcome = evaluate(search.c, history::revised(search.c.part, found.revisions), found.as_of).outcome;
  found.attempts = search.tried;
  return found;
}

// One change after the other, each of which gets further than those before it. Missing: nullopt, and `why` where
// nothing could be offered at all.
std::optional<Sofar> step_by_step(Search& search, Sofar sofar, std::size_t most_steps, std::string& why) {
  const bool lasting = search.c.book.rules[search.c.rule].shape == Shape::while_;
  for (std::size_t steps = 0; steps < most_steps && !search.over(); ++steps) {
    const std::vector<Offer> offers = look(search, sofar);
    if (search.hopeless()) return std::nullopt;
    if (offers.empty() && steps == 0) why = why_nothing(search.c);
    std::optional<Sofar> best, doubtful;
    auto enough = static_cast<std::size_t>(most_facts);  // what lasts is mended step by step
    for (const Offer& offer : offers) {
      if (search.over()) break;
      if (offer.revisions.size() > enough) continue;
      Sofar next{sofar.revisions, std::max(offer.as_of, sofar.as_of), {}};
      next.revisions.insert(next.revisions.end(), offer.revisions.begin(), offer.revisions.end());
      next.judged = search.attempt(next.revisions, next.as_of);
      if (search.keeps(next.judged)) return next;
      if (steps == 0 && is_doubted(search, next.judged)) search.doubted = for_some_time;
      if (gets_further(next.judged, best ? best->judged : sofar.judged)) {
        best = std::move(next);
        if (lasting) enough = offer.revisions.size();
      } else if (!doubtful && leaves_doubt(next.judged, sofar.judged)) {
        doubtful = std::move(next);
      }
    }
    if (!best) best = std::move(doubtful);
    if (!best) return std::nullopt;
    sofar = std::move(*best);
  }
  return std::nullopt;
}

}  // namespace

// A change for a whole company is evaluated on all of its deals, and one that makes a verdict another that is read by
// all rules that are read: fewer are tried.
std::size_t affordable(const Case& c, const Effort& effort) {
  constexpr std::size_t most_events = 20'000'000;  // each counted once for every rule
  return std::min(effort.attempts, std::max<std::size_t>(most_events / (events_of(c) * c.book.rules.size()), 16));
}

bool keeps(const Case& c, Verdict was, const Judged& judged, std::size_t before) {
  const Shape shape = c.book.rules[c.rule].shape;
  if (judged.outcome && judged.outcome->verdict == Verdict::kept) return true;
  if (was == Verdict::due || c.book.rules[c.rule].responds_to) return false;
  const bool lasting = shape == Shape::while_ || shape == Shape::throughout;
  // A quota is missed before its time is over only by what it may not exceed.
  if (judged.outcome) return (lasting || shape == Shape::every) && judged.outcome->verdict == Verdict::due;
  // A lapse that never begins has no obligation of its own.
  return shape == Shape::while_ && judged.unkept < before;
}

namespace {

// What lasts may end by itself, as a time goes by in which something has to have happened.
std::optional<Found> after_a_time(Search& search) {
  const Shape shape = search.c.book.rules[search.c.rule].shape;
  if (shape != Shape::while_) return std::nullopt;
  for (const std::int64_t days : {1, 8, 32, 100, 400}) {
    const Instant later{search.c.options.as_of.micros + days * 24 * time::micros_per_hour};
    const Judged judged = search.attempt({}, later);
    if (search.keeps(judged)) {
      return Found{true, {}, later, judged.outcome, search.tried, search.before, Hope::none_found, {}};
    }
    if (!is(judged, Verdict::due)) break;
  }
  return std::nullopt;
}

// As things stand nothing will be asked, or it is kept. Missing: nullopt where it is decided by what is done.
std::optional<Found> left_alone(Search& search, const Outcome& now) {
  const bool ends = now.deadline.known() && now.deadline != Instant::max();
  if (now.verdict != Verdict::due) return std::nullopt;
  if (!ends) return after_a_time(search);
  const Judged judged = search.attempt({}, now.deadline);
  if (search.keeps(judged)) {
    return Found{true, {}, now.deadline, judged.outcome, search.tried, search.before, Hope::none_found, {}};
  }
  if (!is(judged, Verdict::excused)) return std::nullopt;
  Found none;
  none.hope = Hope::never;
  none.why = "as things stand nothing will be left to be asked, and it is excused then";
  return none;
}

// A lapse that ends in time, and upon which another follows that does not, is mended by halves: where one fact would
// have been enough for both, that is the change.
std::optional<Sofar> for_good(Search& search, const Sofar& found) {
  const bool lapse = search.c.book.rules[search.c.rule].shape == Shape::while_ && search.was != Verdict::due;
  if (!lapse || found.judged.unkept < search.before) return std::nullopt;
  search.for_good = true;
  std::optional<Sofar> lasting = by_one_of(search, offers_of_one_fact, strange_moves(search.c, found.revisions) > 0);
  search.for_good = lasting.has_value();
  return lasting;
}

std::optional<Sofar> any_change(Search& search, Sofar sofar, const Effort& effort, std::string& why) {
  std::optional<Sofar> found = step_by_step(search, std::move(sofar), effort.steps, why);
  if (search.hopeless()) return std::nullopt;
  if (!found || found->revisions.size() > 1) {
    const bool strange = !found || strange_moves(search.c, found->revisions) > 0;
    if (std::optional<Sofar> smaller = by_one_of(search, offers_of_one_fact, strange)) found = std::move(smaller);
  }
  if (found) {
    std::optional<Sofar> lasting = for_good(search, *found);
    return lasting ? lasting : found;
  }
  found = by_one_of(search, offers_not_to_be_asked, true);
  return found ? found : by_one_of(search, offers_to_end_it, true);
}

// What may still be done does not keep it: what has happened may not have.
Found by_undoing(const Case& c, const Outcome& now, const Effort& effort) {
  Case other = c;
  other.part = history::revised(c.part, {});
  other.may_undo = true;
  Search search{other, now.verdict, affordable(c, effort) / 4, affordable(c, effort) / 4, {}};
  Sofar sofar{{}, c.options.as_of, search.attempt({}, c.options.as_of)};
  search.before = sofar.judged.unkept;
  std::string why;
  std::optional<Sofar> found = step_by_step(search, std::move(sofar), effort.steps / 4, why);
  return found ? found_by(search, *found) : Found{};
}

}  // namespace

Found search(const Case& c, const Outcome& now, const Effort& effort) {
  Search search{c, now.verdict, affordable(c, effort), affordable(c, effort), {}};
  Sofar sofar{{}, c.options.as_of, search.attempt({}, c.options.as_of)};
  search.before = sofar.judged.unkept;
  if (std::optional<Found> found = left_alone(search, now)) return std::move(*found);
  Found none;
  if (const std::optional<Sofar> found = any_change(search, std::move(sofar), effort, none.why)) {
    return found_by(search, *found);
  }
  if (search.never.empty() && search.endless.empty()) search.never = search.doubted;
  if (search.hopeless()) {
    none.hope = Hope::never;
    none.why = search.never.empty() ? "it is due as long as it is so, and never settled: " + search.endless
                                    : "no fact keeps it: " + search.never;
    return none;
  }
  if (now.verdict == Verdict::due) {
    if (Found undone = by_undoing(c, now, effort); undone.found) {
      undone.found = false, undone.hope = Hope::undone_only;
      undone.why = fmt::format("none of the {} that were tried and can still be made keeps it",
                               report::count_text(search.tried, "change", "changes"));
      return undone;
    }
  }
  if (none.why.empty()) none.why = why_none_keeps(c, search.tried, search.cut);
  return none;
}

}  // namespace plumb::explain
