#include <algorithm>
#include <utility>

#include "explain/happening.h"
#include "explain/moves.h"
#include "explain/people.h"

namespace plumb::explain {

namespace {

using model::EventKind;
using What = history::Revision::What;
constexpr std::int64_t minute = 60 * time::micros_per_second;

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

}  // namespace

Happening earlier(const Happening& h, std::int64_t micros) {
  Happening out{h.context, h.put, h.subject, h.of_person, h.new_deal, Instant{h.at.micros - micros}};
  return out;
}

Revisions joined(Revisions a, const Revisions& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

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

namespace {

// Where a move of the deal has no instant, each row has to say itself where the deal came from.
Revisions move_to(const Happening& h, Id<model::Stage> stage, Id<model::Stage> from = {}) {
  const auto said = [&](const char* column, Id<model::Stage> of) {
    return history::Stated{column, history::ValueType::text, 0, h.book().stages[of].name};
  };
  std::vector<history::Stated> values{said("to", stage)};
  if (from && !h.context.view.of_person() && h.context.view.stage_unknown()) values.push_back(said("from", from));
  return {row(h, history::KindClass::move, "moved", std::move(values))};
}

// The same through the stages that its process asks for before. Missing: empty where it asks for none.
Ways ways_through(const Happening& h, Id<model::Stage> stage) {
  const history::History& history = h.context.view.plan().history;
  const std::vector<Id<model::Stage>> stages = stages_before(h.book(), history, h.subject, h.at, stage);
  Revisions moves;
  auto left = static_cast<std::int64_t>(stages.size());
  for (const Id<model::Stage> each : stages)
    moves = joined(std::move(moves), move_to(earlier(h, left-- * minute), each));
  return stages.empty() ? Ways{} : Ways{joined(std::move(moves), move_to(h, stage))};
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

Ways ways_to_move(const Happening& h, const model::Event& event) {
  const model::Rulebook& book = h.book();
  Ways ways;
  if (event.kind == EventKind::enters) {
    ways = ways_through(h, event.stage);
    if (h.new_deal && !ways.empty()) return ways;  // it does not begin anywhere else
    ways.push_back(move_to(h, event.stage));
    for (Id<model::Stage> other : other_stages(h, event.stage)) {
      if (ways.size() > 4) break;
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
    Ways through = reopened ? Ways{} : ways_through(h, stage);
    if (!h.new_deal || through.empty()) ways.push_back(std::move(move));
    add_ways(ways, std::move(through));
  }
  return ways;
}

// A deal that does not follow the process is in none of its stages: it is so at its creation that it does.
Ways ways_to_follow_process(const Happening& h, Id<model::Process> process) {
  const Instant created = h.of_person || h.new_deal ? Instant::unknown() : h.context.view.created();
  const Id<model::Expr> asked = h.book().processes[process].for_deals_where;
  if (!h.put.of_deal || !asked || !created.known() || h.context.view.may_follow(process)) return {};
  Ways ways;
  const Happening then{h.context, h.put, h.subject, false, false, created};
  for (const Fields& fields : fields_for(asked, true, h.context, h.put)) {
    if (!fields.deal.empty()) ways.push_back(stated_of_deal(then, fields.deal, {}));
  }
  return ways;
}

// The processes that the stages are of between which the deal moves.
std::vector<Id<model::Process>> processes_of(const Happening& h, const model::Event& event) {
  if (event.stage) return {h.book().stages[event.stage].process};
  std::vector<Id<model::Process>> all;
  for (std::size_t p = 0; p < h.book().processes.size(); ++p) all.emplace_back(p);
  return all;
}

// Where the deal does not follow the process yet both are needed.
Ways with_process(const Happening& h, const model::Event& event, Ways moves) {
  Ways all;
  for (const Id<model::Process> process : processes_of(h, event)) {
    for (const Revisions& follows : ways_to_follow_process(h, process)) {
      for (const Revisions& move : moves) all.push_back(joined(follows, move));
    }
  }
  add_ways(moves, std::move(all));
  return moves;
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
    const history::History& history = h.context.view.plan().history;
    const std::uint32_t deal = h.new_deal ? UINT32_MAX : find_deal(history, h.subject);
    const std::int64_t stands = deal == UINT32_MAX ? history::missing : field_of_deal(history, deal, field.name, h.at);
    Ways ways;
    for (const std::int64_t from : {stands, value.value}) {
      history::Stated later = value;
      for (const std::int64_t by : {100, 400}) {
        if (!history::is_value(from)) continue;
        later.value = from + (event.later ? by : -by);
        ways.push_back(change(later));
      }
    }
    history::Stated later = value;
    later.value += event.later ? 100 : -100;
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
  const auto times = [&](std::int64_t count) {
    Ways all{{}};
    for (std::int64_t i = count - 1; i >= 0; --i) {
      Ways next;
      const Ways once = ways_once(event.parts.front(), fields, earlier(h, i * apart));
      for (const Revisions& way : all) {
        for (const Revisions& more : once) next.push_back(joined(way, more));
      }
      all = sorted(std::move(next));
    }
    return all;
  };
  // Some may have happened already in one of somebody's deals.
  Ways ways;
  if (!h.put.of_deal && !h.new_deal && !h.of_person) {
    for (std::int64_t fewer = 1; fewer < missing; ++fewer) add_ways(ways, times(fewer));
  }
  add_ways(ways, times(missing));
  return sorted(std::move(ways));
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

// The stages of which a filter asks that the deal is in one.
std::vector<Id<model::Stage>> stages_asked(const model::Rulebook& book, Id<model::Expr> where) {
  const model::Expr& expr = book.exprs[where];
  if (expr.op == model::Op::in_stage) return {expr.stages.begin(), expr.stages.end()};
  std::vector<Id<model::Stage>> stages;
  for (std::size_t i = 0; expr.op == model::Op::and_ && stages.empty() && i < expr.args.size(); ++i)
    stages = stages_asked(book, expr.args[i]);
  return stages;
}

// The deal may be already as the filter asks, by its stage or by being open, or comes into such a stage just before.
Ways ways_with_stage(const model::Event& event, const Fields& fields, const Happening& h) {
  Ways all = ways_once(event.parts.front(), fields, h);
  const Ways once = all;
  for (const Id<model::Stage> stage : stages_asked(h.book(), event.where)) {
    const Happening before = earlier(h, minute);
    Ways moves = ways_through(before, stage);
    if (!h.new_deal || moves.empty()) moves.push_back(move_to(before, stage));
    for (const Revisions& move : moves) {
      for (const Revisions& way : once) all.push_back(joined(move, way));
    }
  }
  return all;
}

Ways ways_filtered(const model::Event& event, const Fields& fields, const Happening& h) {
  Ways all;
  const bool of_stage = asks_of_stage(h.book(), event.where) && !h.of_person;
  std::vector<Fields> asked = fields_for(event.where, true, h.context, h.put);
  if (of_stage && asked.empty()) asked.emplace_back();
  for (const Fields& more : asked) {
    const Fields both = both_of(fields, more);
    add_ways(all, of_stage ? ways_with_stage(event, both, h) : ways_once(event.parts.front(), both, h));
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

// Whether it has all the attributes that are to be said of it.
bool has_fields(const model::Rulebook& book, const std::vector<Id<model::Field>>& fields,
                const std::vector<history::Stated>& values) {
  return std::ranges::all_of(values, [&](const history::Stated& stated) {
    return std::ranges::any_of(fields, [&](Id<model::Field> id) { return book.fields[id].name == stated.field; });
  });
}

}  // namespace

bool asks_of_stage(const model::Rulebook& book, Id<model::Expr> where) {
  const model::Expr& expr = book.exprs[where];
  return expr.op == model::Op::in_stage || expr.op == model::Op::state ||
         std::ranges::any_of(expr.args, [&](Id<model::Expr> arg) { return asks_of_stage(book, arg); });
}

Ways ways_once(Id<model::Event> id, const Fields& fields, const Happening& h) {
  const model::Rulebook& book = h.book();
  const model::Event& event = book.events[id];
  switch (event.kind) {
    case EventKind::activity:
      if (h.of_person || !has_fields(book, book.activities[event.activity].fields, fields.event)) return {};
      return with_deal(h, fields,
                       {{row(h, history::KindClass::activity, book.activities[event.activity].name, fields.event)}});
    case EventKind::record:
      if (!has_fields(book, book.records[event.record].fields, fields.event)) return {};
      return with_deal(h, fields,
                       {{row(h, history::KindClass::record, book.records[event.record].name, fields.event)}});
    case EventKind::created: return h.new_deal ? Ways{stated_of_deal(h, fields.deal, Revisions{})} : Ways{};
    case EventKind::won:
    case EventKind::lost:
    case EventKind::reopened:
    case EventKind::enters:
    case EventKind::leaves:
      if (h.of_person) return {};
      return with_deal(h, fields, with_process(h, event, ways_to_move(h, event)));
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

Revisions new_deal(const Happening& h) {
  history::Revision deal;
  deal.what = What::new_deal;
  deal.subject = h.subject;
  deal.at = h.at;
  // Where something may still be done it comes to be from now on.
  if (h.put.not_before.known()) deal.at = std::min(std::max(deal.at, h.put.not_before), h.put.at);
  deal.recorded = deal.at;
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

}  // namespace plumb::explain
