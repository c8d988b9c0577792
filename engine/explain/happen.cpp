#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "explain/ways.h"

namespace plumb::explain {

namespace {

using model::EventKind;
using What = history::Revision::What;
using Fields = std::vector<history::Stated>;

constexpr std::size_t most_deals = 3;

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

history::Revision row(const Happening& h, history::KindClass of, const std::string& kind, Fields values) {
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

Revisions move_to(const Happening& h, Id<model::Stage> stage) {
  return {
      row(h, history::KindClass::move, "moved", {{"to", history::ValueType::text, 0, h.book().stages[stage].name}})};
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
  constexpr std::int64_t minute = 60 * time::micros_per_second;
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
      ways.push_back(move_to(h, other));
      ways.push_back(joined(move_to(earlier(h, minute), event.stage), move_to(h, other)));
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
    Happening before = earlier(h, 60 * time::micros_per_second);
    value.field = "to";
    ways.push_back(joined({row(before, history::KindClass::change, field.name, {value})}, change(later)));
    return ways;
  }
  Ways ways{change(value)};
  if (value.type == history::ValueType::text && field.choices.size() > 1) {
    value.word = field.choices[1];
  } else if (value.type == history::ValueType::text) {
    value.word += " else";
  } else {
    value.value = value.type == history::ValueType::boolean ? 0 : value.value + value.value / 2 + 1;
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
  const std::int64_t apart = event.on_another_day ? 24 * time::micros_per_hour : 60 * time::micros_per_second;
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

Ways ways_once(Id<model::Event> id, const Fields& fields, const Happening& h) {
  const model::Rulebook& book = h.book();
  const model::Event& event = book.events[id];
  switch (event.kind) {
    case EventKind::activity:
      if (h.of_person) return {};
      return {{row(h, history::KindClass::activity, book.activities[event.activity].name, fields)}};
    case EventKind::record: return {{row(h, history::KindClass::record, book.records[event.record].name, fields)}};
    case EventKind::created: return h.new_deal ? Ways{{}} : Ways{};
    case EventKind::won:
    case EventKind::lost:
    case EventKind::reopened:
    case EventKind::enters:
    case EventKind::leaves: return h.of_person ? Ways{} : ways_to_move(h, event);
    case EventKind::changed:
    case EventKind::moved_period: return ways_to_change(h, event);
    case EventKind::ordinal: return ways_to_be_nth(event, fields, h);
    case EventKind::any_of: {
      Ways any;
      for (Id<model::Event> part : event.parts) add_ways(any, ways_once(part, fields, h));
      return any;
    }
    case EventKind::filtered: {
      Ways all;
      for (const Fields& more : fields_for(event.where, true, h.context, h.put)) {
        Fields both = fields;
        both.insert(both.end(), more.begin(), more.end());
        add_ways(all, ways_once(event.parts.front(), both, h));
      }
      // What the filter asks of the deal itself.
      if (h.put.of_deal && !h.new_deal) {
        const Ways stated = ways_to(event.where, true, h.context, h.put);
        if (!stated.empty()) add_ways(all, all_of(ways_once(event.parts.front(), fields, h), stated));
      }
      return all;
    }
    default: return {};
  }
}

// A deal that nobody has had yet, and that the processes are for.
Revisions new_deal(const Happening& h, const Fields& fields) {
  history::Revision deal;
  deal.what = What::new_deal;
  deal.subject = h.subject;
  deal.at = deal.recorded = h.at;
  const model::Rulebook& book = h.book();
  for (std::size_t p = 0; p < book.processes.size(); ++p) {
    const auto asked = fields_for(book.processes[Id<model::Process>(p)].for_deals_where, true, h.context, h.put);
    if (asked.empty()) continue;
    deal.values = asked.front();
    break;
  }
  if (!h.put.person.empty()) deal.values.push_back({"owner", history::ValueType::text, 0, h.put.person});
  for (const history::Stated& stated : fields) {
    std::erase_if(deal.values, [&](const history::Stated& s) { return s.field == stated.field; });
    deal.values.push_back(stated);
  }
  return {deal};
}

// One new deal in which it happens so many times.
Ways ways_in_new_deal(Id<model::Event> event, const Fields& asked, std::int64_t times, const eval::Context& context,
                      const Put& put) {
  const Happening last{context, put, "new deal 1", false, true, put.at};
  Ways ways{new_deal(earlier(last, time::micros_per_hour), asked)};
  for (std::int64_t i = 0; i < times; ++i) {
    Ways next;
    for (const Revisions& more : ways_once(event, {}, earlier(last, i * 60 * time::micros_per_second))) {
      for (const Revisions& way : ways) next.push_back(joined(way, more));
    }
    ways = sorted(std::move(next));
    if (ways.size() > 4) ways.resize(4);
  }
  return ways;
}

// So many new deals, each with one occurrence.
Ways ways_in_new_deals(Id<model::Event> event, Id<model::Expr> where, std::int64_t times, const eval::Context& context,
                       const Put& put) {
  Ways all;
  std::vector<Fields> fields = fields_for(where, true, context, put);
  if (fields.empty()) fields.push_back({});
  for (const Fields& asked : fields) {
    Ways ways{{}};
    for (std::int64_t i = 0; i < times; ++i) {
      Happening h{context, put, fmt::format("new deal {}", i + 1), false, true, put.at};
      const Revisions begun = new_deal(earlier(h, time::micros_per_hour), asked);
      const Ways once = ways_once(event, {}, h);
      Ways next;
      for (const Revisions& way : ways) {
        for (const Revisions& more : once) next.push_back(joined(joined(way, begun), more));
      }
      ways = sorted(std::move(next));
      if (ways.size() > 4) ways.resize(4);
    }
    add_ways(all, std::move(ways));
    if (times > 1) add_ways(all, ways_in_new_deal(event, asked, times, context, put));
  }
  return all;
}

Ways ways_in(const std::string& subject, bool of_person, Id<model::Event> event, Id<model::Expr> where,
             std::int64_t times, const eval::Context& context, const Put& put) {
  Ways all;
  std::vector<Fields> fields = fields_for(where, true, context, put);
  if (fields.empty()) fields.push_back({});
  for (const Fields& asked : fields) {
    Ways ways{{}};
    for (std::int64_t i = 0; i < times; ++i) {
      const Happening last{context, put, subject, of_person, false, put.at};
      const Ways once = ways_once(event, asked, earlier(last, (times - 1 - i) * 60 * time::micros_per_second));
      Ways next;
      for (const Revisions& way : ways) {
        for (const Revisions& more : once) next.push_back(joined(way, more));
      }
      ways = sorted(std::move(next));
      if (ways.size() > 6) ways.resize(6);
    }
    add_ways(all, std::move(ways));
  }
  return all;
}

bool is_record(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  if (event.kind == EventKind::record) return true;
  return !event.parts.empty() && std::all_of(event.parts.begin(), event.parts.end(),
                                             [&](Id<model::Event> part) { return is_record(book, part); });
}

}  // namespace

Ways ways_to_happen(Id<model::Event> event, Id<model::Expr> where, std::int64_t times, const eval::Context& context,
                    const Put& put) {
  if (!event || times < 1) return {};
  Ways ways;
  if (!put.of_deal && !put.person.empty() && is_record(context.view.plan().book, event)) {
    add_ways(ways, ways_in(put.person, true, event, where, times, context, put));
  }
  for (std::size_t i = 0; i < put.deals.size() && i < most_deals; ++i) {
    add_ways(ways, ways_in(put.deals[i], false, event, where, times, context, put));
  }
  if (!put.of_deal) add_ways(ways, ways_in_new_deals(event, where, times, context, put));
  return sorted(std::move(ways));
}

}  // namespace plumb::explain
