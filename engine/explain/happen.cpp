#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "explain/people.h"
#include "explain/ways.h"

namespace plumb::explain {

namespace {

using model::EventKind;
using What = history::Revision::What;
constexpr std::size_t most_deals = 2;
constexpr std::int64_t minute = 60 * time::micros_per_second;

// One more occurrence in one deal (or about one person), at an instant.
struct Happening {
  const eval::Context& context;
  const Put& put;
  std::string subject;
  bool of_person;
  bool new_deal;  // nothing has happened there yet
  Instant at;

  const model::Rulebook& book() const { return context.view.plan().book; }
};

history::Revision row(const Happening& h, history::KindClass of, const std::string& kind,
                      std::vector<history::Stated> values) {
  history::Revision revision;
  revision.what = What::happens;
  revision.of_person = h.of_person;
  revision.subject = h.subject;
  revision.of = of;
  revision.kind = kind;
  revision.at = revision.recorded = h.at;
  revision.values = std::move(values);
  // Whose it is may be asked by who did it.
  revision.actor = h.put.person;
  return revision;
}

// Where a move of the deal has no instant, each row has to say itself where the deal came from.
Revisions move_to(const Happening& h, Id<model::Stage> stage, Id<model::Stage> from = {}) {
  const auto said = [&](const char* column, Id<model::Stage> of) {
    return history::Stated{column, history::ValueType::text, 0, h.book().stages[of].name};
  };
  std::vector<history::Stated> values{said("to", stage)};
  if (from && !h.context.view.of_person() && h.context.view.stage_unknown()) values.push_back(said("from", from));
  return {row(h, history::KindClass::move, "moved", std::move(values))};
}

// The stages of one process, those behind `from` on its path first.
std::vector<Id<model::Stage>> other_stages(const Happening& h, Id<model::Stage> from) {
  const model::Process& process = h.book().processes[h.book().stages[from].process];
  const auto& order = process.path.empty() ? process.stages : process.path;
  const auto at = std::find(order.begin(), order.end(), from);
  std::vector<Id<model::Stage>> stages;
  if (at != order.end()) stages.assign(at + 1, order.end());
  for (Id<model::Stage> stage : process.stages) {
    if (stage != from && std::find(stages.begin(), stages.end(), stage) == stages.end()) stages.push_back(stage);
  }
  return stages;
}

Happening earlier(const Happening& h, std::int64_t micros) {
  Happening out{h.context, h.put, h.subject, h.of_person, h.new_deal, Instant{h.at.micros - micros}};
  return out;
}

Revisions joined(Revisions a, const Revisions& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Ways ways_to_move(const Happening& h, const model::Event& event) {
  const model::Rulebook& book = h.book();
  Ways ways;
  if (event.kind == EventKind::enters) {
    ways.push_back(move_to(h, event.stage));
    for (Id<model::Stage> other : other_stages(h, event.stage)) {
      if (ways.size() > 3) break;
      ways.push_back(joined(move_to(earlier(h, minute), other), move_to(h, event.stage)));
    }
    return ways;
  }
  if (event.kind == EventKind::leaves) {
    for (Id<model::Stage> other : other_stages(h, event.stage)) {
      ways.push_back(move_to(h, other, event.stage));
      ways.push_back(joined(move_to(earlier(h, minute), event.stage), move_to(h, other, event.stage)));
    }
    return ways;
  }
  const bool reopened = event.kind == EventKind::reopened;
  const model::StageEnd end = event.kind == EventKind::won    ? model::StageEnd::won
                              : event.kind == EventKind::lost ? model::StageEnd::lost
                                                              : model::StageEnd::open;
  for (std::size_t i = 0; i < book.stages.size(); ++i) {
    const Id<model::Stage> stage(i);
    if (book.stages[stage].end != end) continue;
    Revisions move = move_to(h, stage);
    if (reopened) {
      for (Id<model::Stage> closed : other_stages(h, stage)) {
        if (book.stages[closed].end == model::StageEnd::open) continue;
        ways.push_back(joined(move_to(earlier(h, minute), closed), move));
        break;
      }
    }
    ways.push_back(std::move(move));
  }
  return ways;
}

Ways ways_to_change(const Happening& h, const model::Event& event) {
  const model::Field& field = h.book().fields[event.field];
  if (field.owner != model::OwnerKind::deal || h.of_person) return {};
  const auto change = [&](history::Stated to) {
    to.field = "to";
    return Revisions{row(h, history::KindClass::change, field.name, {std::move(to)})};
  };
  history::Stated value = any_value(h.context, event.field, h.at);
  if (event.kind == EventKind::moved_period) {
    history::Stated later = value;
    later.value += event.later ? 100 : -100;
    Ways ways{change(later)};
    later.value += event.later ? 300 : -300;
    ways.push_back(change(later));
    Happening before = earlier(h, minute);
    value.field = "to";
    ways.push_back(joined({row(before, history::KindClass::change, field.name, {value})}, change(later)));
    return ways;
  }
  Ways ways{change(value)};
  if (value.type == history::ValueType::text && field.choices.size() > 1) {
    value.word = field.choices[1];
  } else if (value.type == history::ValueType::text) {
    value.word = another_than(field, value.word);
  } else {
    const bool date = value.type == history::ValueType::date, instant = value.type == history::ValueType::instant;
    value.value = value.type == history::ValueType::boolean ? 0
                  : date                                    ? value.value + 1
                  : instant                                 ? value.value + time::micros_per_hour
                                                            : value.value + value.value / 2 + 1;
  }
  ways.push_back(change(value));
  return ways;
}

Ways ways_once(Id<model::Event> id, const Fields& fields, const Happening& h);

// How many there are in the deal already. People's deals are not looked into: whoever asks evaluates.
std::int64_t so_far(const Happening& h, Id<model::Event> part) {
  if (h.new_deal || h.context.view.of_person() != h.of_person || !h.put.of_deal) return 0;
  std::int64_t count = 0;
  for (const eval::Occurrence& o : h.context.view.occurrences(part)) count += o.at.known() && o.at <= h.at;
  return count;
}

Ways ways_to_be_nth(const model::Event& event, const Fields& fields, const Happening& h) {
  const std::int64_t missing = event.nth - so_far(h, event.parts.front());
  if (missing < 1 || missing > 6) return {};
  const std::int64_t apart = event.on_another_day ? 24 * time::micros_per_hour : minute;
  Ways all{{}};
  for (std::int64_t i = missing - 1; i >= 0; --i) {
    Ways next;
    const Ways once = ways_once(event.parts.front(), fields, earlier(h, i * apart));
    for (const Revisions& way : all) {
      for (const Revisions& more : once) next.push_back(joined(way, more));
    }
    all = sorted(std::move(next));
  }
  return all;
}

// What the deal itself has to be like then.
Revisions stated_of_deal(const Happening& h, const std::vector<history::Stated>& values, Revisions facts) {
  if (values.empty() || h.of_person) return facts;
  Revisions all;
  if (h.new_deal) {
    history::Revision deal;
    deal.what = What::new_deal;
    deal.subject = h.subject;
    deal.values = values;
    all.push_back(std::move(deal));
  }
  for (const history::Stated& stated : values) {
    if (h.new_deal) break;
    history::Stated to = stated;
    to.field = "to";
    all.push_back(row(h, history::KindClass::change, stated.field, {std::move(to)}));
  }
  return joined(std::move(all), facts);
}

// The same where the deal's account has to be like that.
Revisions stated_of_account(const Happening& h, const std::vector<history::Stated>& values, Revisions facts) {
  const history::History& part = h.put.c.part;
  const std::uint32_t account = part.account_of(find_deal(part, h.subject));
  if (!history::is_account(account)) return facts;
  history::Revision stated;
  stated.what = What::alters_account;
  stated.subject = part.words[part.accounts.ids[account]];
  stated.at = stated.recorded = h.at;
  stated.values = values;
  facts.push_back(std::move(stated));
  return facts;
}

// What the deal and its account have to be like. One of somebody's deals may be so already.
Ways with_deal(const Happening& h, const Fields& fields, const Ways& ways) {
  const bool is_there = !h.new_deal && !h.of_person;
  Ways all;
  for (const Revisions& way : ways) {
    Revisions stated = stated_of_deal(h, fields.deal, way);
    const bool may_fit = is_there && !h.put.of_deal && !way.empty() && stated != way;
    if (may_fit) all.push_back(way);
    all.push_back(stated);
    if (!is_there || fields.account.empty()) continue;
    all.push_back(stated_of_account(h, fields.account, std::move(stated)));
    if (all.back() == *(all.end() - 2)) all.pop_back();
  }
  return all;
}

Ways ways_filtered(const model::Event& event, const Fields& fields, const Happening& h) {
  Ways all;
  for (const Fields& more : fields_for(event.where, true, h.context, h.put)) {
    Fields both = fields;
    both.event.insert(both.event.end(), more.event.begin(), more.event.end());
    both.deal.insert(both.deal.end(), more.deal.begin(), more.deal.end());
    both.account.insert(both.account.end(), more.account.begin(), more.account.end());
    add_ways(all, ways_once(event.parts.front(), both, h));
  }
  // What the filter asks of the deal itself, however it asks.
  if (h.put.of_deal && !h.new_deal) {
    const Ways stated = ways_to(event.where, true, h.context, h.put);
    const Ways once = ways_once(event.parts.front(), fields, h);
    if (!stated.empty()) add_ways(all, all_of(once, stated));
    add_ways(all, once);
  }
  return all;
}

Ways ways_once(Id<model::Event> id, const Fields& fields, const Happening& h) {
  const model::Rulebook& book = h.book();
  const model::Event& event = book.events[id];
  switch (event.kind) {
    case EventKind::activity:
      if (h.of_person) return {};
      return with_deal(h, fields,
                       {{row(h, history::KindClass::activity, book.activities[event.activity].name, fields.event)}});
    case EventKind::record:
      return with_deal(h, fields,
                       {{row(h, history::KindClass::record, book.records[event.record].name, fields.event)}});
    case EventKind::created: return h.new_deal ? Ways{stated_of_deal(h, fields.deal, Revisions{})} : Ways{};
    case EventKind::won:
    case EventKind::lost:
    case EventKind::reopened:
    case EventKind::enters:
    case EventKind::leaves: return h.of_person ? Ways{} : with_deal(h, fields, ways_to_move(h, event));
    case EventKind::changed:
    case EventKind::moved_period: return with_deal(h, fields, ways_to_change(h, event));
    case EventKind::ordinal: return ways_to_be_nth(event, fields, h);
    case EventKind::any_of: {
      Ways any;
      for (Id<model::Event> part : event.parts) add_ways(any, ways_once(part, fields, h));
      return any;
    }
    case EventKind::filtered: return ways_filtered(event, fields, h);
    default: return {};
  }
}

// A deal that nobody has had yet, and that the processes are for.
Revisions new_deal(const Happening& h) {
  history::Revision deal;
  deal.what = What::new_deal;
  deal.subject = h.subject;
  deal.at = deal.recorded = h.at;
  const model::Rulebook& book = h.book();
  for (std::size_t p = 0; p < book.processes.size(); ++p) {
    const auto asked = fields_for(book.processes[Id<model::Process>(p)].for_deals_where, true, h.context, h.put);
    if (asked.empty()) continue;
    deal.values = asked.front().deal;
    break;
  }
  if (!h.put.person.empty()) deal.values.push_back({"owner", history::ValueType::text, 0, h.put.person});
  return {deal};
}

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

Ways ways_in_new_deals(Id<model::Event> event, const std::vector<Fields>& fields, std::int64_t times,
                       const eval::Context& context, const Put& put, std::int64_t step) {
  const Happening last{context, put, "new deal 1", false, true, put.at};
  const Ways once = ways_with(fields, event, last);
  Ways all;
  for (const Revisions& way : once) {
    const Revisions begun = new_deal(earlier(last, time::micros_per_hour));
    all.push_back(repeated(folded(joined(begun, way)), times, step, true));
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
      many.push_back(repeated(way, times, step, false));
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
  return all;
}

// So far apart, or closer where there is no room for so many after the deal came to be. Missing: 0 where none has room.
std::int64_t step_within(const Put& put, const std::string& deal, std::int64_t times, std::int64_t step) {
  const Instant begin = begin_of(put.c.part, deal);
  if (!begin.known()) return step;
  const std::int64_t room = put.at.micros - begin.micros;
  return room < 0 ? 0 : std::max<std::int64_t>(std::min(step, room / std::max<std::int64_t>(times - 1, 1)), 1);
}

// An account is asked about, or each has its own first.
bool is_by_account(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  if (event.for_each_account) return true;
  const auto asks = [&](auto self, Id<model::Expr> where) -> bool {
    const model::Expr& expr = book.exprs[where];
    const auto of = [&](Id<model::Expr> arg) { return self(self, arg); };
    return expr.op == model::Op::account_field || std::any_of(expr.args.begin(), expr.args.end(), of);
  };
  if (event.where && asks(asks, event.where)) return true;
  return std::any_of(event.parts.begin(), event.parts.end(),
                     [&](Id<model::Event> part) { return is_by_account(book, part); });
}

// The deals that one event is put into: the best, and more where another deal may fit already.
std::vector<std::string> deals_to_try(const Put& put, std::int64_t times, bool any_may_fit) {
  constexpr std::size_t most_that_may_fit = 8;
  const std::size_t deals = times > many_facts ? 1 : any_may_fit && times <= 3 ? most_that_may_fit : most_deals;
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
                                            is_by_account(context.view.plan().book, event));
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
  }
  return ways;
}

}  // namespace plumb::explain
