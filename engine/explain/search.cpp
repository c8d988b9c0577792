#include "explain/search.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "explain/moves.h"
#include "explain/nearer.h"
#include "explain/offers.h"
#include "explain/people.h"
#include "explain/units.h"
#include "explain/why.h"

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
  bool endless = false;    // the deal follows no process in which it could end
  std::size_t tried = 0;

  Judged attempt(const Revisions& revisions, Instant as_of) {
    ++tried;
    return evaluate(c, history::revised(c.part, revisions), as_of);
  }
  bool keeps(const Judged& judged) const { return explain::keeps(c, was, judged, before); }
  bool over() const { return tried >= attempts; }
};

// So far: not kept yet.
struct Sofar {
  Revisions revisions;
  Instant as_of;
  Judged judged;
};

// Whether what was known of a field is said otherwise.
bool restates(const Case& c, const history::Revision& r) {
  if (r.what != What::happens || r.of != history::KindClass::change) return r.what == What::alters;
  const std::uint32_t deal = find_deal(c.part, r.subject);
  return deal != UINT32_MAX && history::is_value(field_of_deal(c.part, deal, r.kind, r.at));
}

// What is taken back weighs more than what is said otherwise, and that more than what is added.
std::size_t weight(const Case& c, const Revisions& revisions) {
  std::size_t sum = 0;
  for (const history::Revision& r : revisions) sum += r.what == What::leaves_out ? 2 : restates(c, r);
  return sum;
}

// The smaller ones first, as grammar/README.md has it; every one once.
void order(const Case& c, std::vector<Offer>& offers) {
  using Weighed = std::pair<std::array<std::size_t, 3>, Offer>;
  std::vector<Weighed> weighed;
  for (Offer& offer : offers) {
    const Revisions& facts = offer.revisions;
    weighed.push_back({{strange_moves(c, facts), facts.size(), weight(c, facts)}, std::move(offer)});
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
    offers = offers_for(search.c, now, sofar.as_of, decided);
    const eval::View* view = decided.looked.empty() ? nullptr : &decided.looked.back().context.view;
    search.endless = view != nullptr && !view->of_person() && !view->process();
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
  return judged.unkept < now.unkept;
}

// What was missed is not any more, but something before it cannot be told.
bool leaves_doubt(const Judged& judged, const Judged& now) {
  return is(judged, Verdict::cannot_tell) && (is(now, Verdict::missed) || is(now, Verdict::late));
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

using OneFact = std::vector<Offer> (*)(const Case&, Verdict, Instant, const Decided&);

// One fact alone that keeps it. `strange`: the process need not allow a move.
std::optional<Sofar> by_one_fact(Search& search, OneFact offered, bool strange) {
  constexpr std::size_t most_attempts = 400;
  const Instant as_of = search.c.options.as_of;
  std::vector<Offer> offers;
  evaluate(search.c, search.c.part, as_of, [&](const Decided& decided) {
    offers = offered(search.c, decided.verdicts.verdict[decided.row], as_of, decided);
  });
  order(search.c, offers);
  std::erase_if(offers, [&](const Offer& o) { return !strange && strange_moves(search.c, o.revisions) > 0; });
  const std::size_t until = search.tried + std::min(most_attempts, search.affordable / 2);
  for (const Offer& offer : offers) {
    if (search.tried >= until) break;
    Sofar next{offer.revisions, as_of, search.attempt(offer.revisions, as_of)};
    if (search.keeps(next.judged)) return next;
  }
  return std::nullopt;
}

// The same with less of it, and nearer to what stands there.
Found found_by(Search& search, const Sofar& change) {
  search.attempts = search.tried + std::clamp<std::size_t>(search.affordable / 2, 20, 60);
  Found found{true, smallest(search, change.revisions, change.as_of), change.as_of, {}, 0, search.before};
  NumbersAsked asked;
  evaluate(search.c, search.c.part, search.c.options.as_of, [&](const Decided& decided) {
    if (!decided.looked.empty()) asked = numbers_asked(decided.looked.back());
  });
  search.attempts = search.tried + search.affordable / 4;
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
    if (offers.empty() && steps == 0) why = why_never(search.c);
    std::optional<Sofar> best, doubtful;
    auto enough = static_cast<std::size_t>(most_facts);  // what lasts is mended step by step
    for (const Offer& offer : offers) {
      if (search.over()) break;
      if (offer.revisions.size() > enough) continue;
      Sofar next{sofar.revisions, std::max(offer.as_of, sofar.as_of), {}};
      next.revisions.insert(next.revisions.end(), offer.revisions.begin(), offer.revisions.end());
      next.judged = search.attempt(next.revisions, next.as_of);
      if (search.keeps(next.judged)) return next;
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

// A change for a whole company is evaluated on all of its deals: fewer are tried.
std::size_t affordable(const Case& c, const Effort& effort) {
  constexpr std::size_t most_events = 20'000'000;
  const std::size_t events = c.part.deal_events.size() + c.part.person_events.size() + 1;
  return std::min(effort.attempts, std::max<std::size_t>(most_events / events, 16));
}

bool keeps(const Case& c, Verdict was, const Judged& judged, std::size_t before) {
  const Shape shape = c.book.rules[c.rule].shape;
  const bool lasting = shape == Shape::while_ || shape == Shape::throughout;
  if (judged.outcome && judged.outcome->verdict == Verdict::kept) return true;
  if (!lasting || was == Verdict::due) return false;
  if (judged.outcome) return judged.outcome->verdict == Verdict::due;
  // A lapse that never begins has no obligation of its own.
  return shape == Shape::while_ && judged.unkept < before;
}

Found search(const Case& c, const Outcome& now, const Effort& effort, std::string& why) {
  Search search{c, now.verdict, affordable(c, effort)};
  Sofar sofar{{}, c.options.as_of, search.attempt({}, c.options.as_of)};
  search.before = sofar.judged.unkept;
  // It may be kept as things stand.
  const bool ends = now.deadline.known() && now.deadline != Instant::max();
  if (now.verdict == Verdict::due && ends) {
    const Judged left_alone = search.attempt({}, now.deadline);
    if (search.keeps(left_alone)) return {true, {}, now.deadline, left_alone.outcome, search.tried, search.before};
    if (is(left_alone, Verdict::excused)) {
      why = "as things stand nothing will be left to be asked, and it is excused then";
      return {};
    }
  }
  std::optional<Sofar> found = step_by_step(search, std::move(sofar), effort.steps, why);
  if (!found || found->revisions.size() > 1) {
    const bool strange = !found || strange_moves(c, found->revisions) > 0;
    if (std::optional<Sofar> smaller = by_one_fact(search, offers_of_one_fact, strange)) found = std::move(smaller);
  }
  if (!found) found = by_one_fact(search, offers_to_end_it, true);
  if (found) return found_by(search, *found);
  const model::Rule& rule = c.book.rules[c.rule];
  const bool lasting = rule.shape == Shape::while_, limit = rule.shape == Shape::throughout;
  const bool endless = search.endless || (limit && rule.even_when_closed);
  if ((lasting || limit) && now.verdict == Verdict::due && endless) why = why_endless(c);
  if (why.empty()) why = why_none_keeps(c, search.tried);
  return {};
}

}  // namespace plumb::explain
