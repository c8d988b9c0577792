#include <algorithm>
#include <set>

#include "explain/gathering.h"

namespace plumb::explain {

namespace {

constexpr std::int64_t minute = 60 * time::micros_per_second;
constexpr std::size_t most_deals = 6, most_rows = 40, most_instants = 24;

// Those that the verdict rests on, and those that facts would be put into.
std::vector<std::uint32_t> deals_about(const Gathering& g, const Decided& decided) {
  const history::Timeline& events = decided.history.deal_events;
  std::set<std::uint32_t> deals;
  const auto add_of = [&](const eval::EventRef& row) {
    if (row.of_person || deals.size() >= most_deals) return;
    deals.insert(history::owner_of_row(events.first, row.index));
  };
  const auto& evidence = decided.verdicts.evidence;
  std::for_each(evidence.begin() + decided.verdicts.evidence_first[decided.row], evidence.end(), add_of);
  for (const Instant at : times_for(g, decided)) {
    for (const std::string& id : put_at(g, decided, at).deals) {
      if (deals.size() < most_deals) deals.insert(find_deal(decided.history, id));
    }
  }
  return {deals.begin(), deals.end()};
}

// Before what facts are put: nothing later counts.
Instant end_of(const Gathering& g, const Decided& decided) {
  const model::Shape shape = g.rule().shape;
  const bool of_moment = shape == model::Shape::at || shape == model::Shape::before;
  const Instant end = of_moment ? Instant{decided.verdicts.opened[decided.row].micros + 1} : g.deadline;
  return end.known() ? std::min(end, g.now) : g.now;
}

// Just as something happens, and a minute later, and before a move, which may close the deal; evenly chosen where that
// is often.
std::vector<Instant> instants_of(const std::vector<std::uint32_t>& deals, const history::History& history,
                                 Instant until) {
  const history::Timeline& events = history.deal_events;
  std::set<Instant> all;
  for (const std::uint32_t deal : deals) {
    for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
      const bool moves = history.kinds[events.kind[i]].of == history::KindClass::move;
      for (const std::int64_t by : {moves ? -minute : 0, std::int64_t{0}, minute}) {
        const Instant at{events.at[i].micros + by};
        if (events.at[i].known() && at < until) all.insert(at);
      }
    }
  }
  std::vector<Instant> chosen;
  const std::size_t every = std::max<std::size_t>((all.size() + most_instants - 1) / most_instants, 1);
  std::size_t number = 0;
  for (auto at = all.rbegin(); at != all.rend(); ++at) {
    if (number++ % every == 0) chosen.push_back(*at);
  }
  return chosen;
}

void gather_stages(Gathering& g, const Decided& decided, const std::vector<std::uint32_t>& deals,
                   const std::vector<Instant>& times, bool closing) {
  const history::History& history = decided.history;
  for (const Instant at : times) {
    for (const std::uint32_t deal : deals) {
      for (std::size_t i = 0; i < g.c.book.stages.size(); ++i) {
        const model::Stage& stage = g.c.book.stages[Id<model::Stage>(i)];
        if ((stage.end != model::StageEnd::open) != closing) continue;
        history::Revision move;
        move.subject = history.words[history.deals.ids[deal]];
        move.of = history::KindClass::move;
        move.at = move.recorded = at;
        move.values = {{"to", history::ValueType::text, 0, stage.name}};
        g.add({{std::move(move)}}, at);
      }
    }
  }
}

void gather_undone(Gathering& g, const Decided& decided, const std::vector<std::uint32_t>& deals) {
  const history::Timeline& events = decided.history.deal_events;
  std::size_t rows = 0;
  for (const std::uint32_t deal : deals) {
    for (std::uint32_t i = events.first[deal + 1]; i-- > events.first[deal] && rows < most_rows; ++rows) {
      history::Revision undone;
      undone.what = history::Revision::What::leaves_out;
      undone.index = i;
      g.add({{std::move(undone)}}, g.now);
    }
  }
}

std::vector<Offer> one_fact(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided, bool to_end) {
  Gathering g{c, verdict, now, decided.history};
  const model::Rule& rule = g.rule();
  if (g.still() || rule.responds_to || rule.origin == model::RuleOrigin::path) return {};
  if (decided.looked.empty() && !to_end) return {};
  g.deadline = surely_in_time(c, decided).until;
  if (!decided.looked.empty()) g.calendar = decided.looked.back().context.calendar;
  const std::vector<std::uint32_t> deals = deals_about(g, decided);
  const std::vector<Instant> times = instants_of(deals, decided.history, end_of(g, decided));
  if (!to_end) gather_at(g, decided, times);
  if (to_end) gather_undone(g, decided, deals);
  gather_stages(g, decided, deals, times, to_end);
  std::erase_if(g.offers, [](const Offer& offer) { return offer.revisions.size() != 1; });
  return std::move(g.offers);
}

}  // namespace

std::vector<Offer> offers_of_one_fact(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided) {
  return one_fact(c, verdict, now, decided, false);
}

std::vector<Offer> offers_to_end_it(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided) {
  return one_fact(c, verdict, now, decided, true);
}

}  // namespace plumb::explain
