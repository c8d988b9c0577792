#include "eval/lack.h"

#include <algorithm>

#include "eval/day.h"
#include "eval/ordinal.h"
#include "eval/owned.h"

namespace plumb::eval {

bool lack_origin(const Plan& plan, std::uint32_t move, Trace& trace) {
  const history::Timeline& events = plan.history.deal_events;
  const bool untold = plan.move_from && events.kind[move] == plan.moved_kind &&
                      plan.move_from->values[events.row[move]] == history::unreadable;
  if (untold) trace.lack({.kind = FactKind::origin, .member = {false, move}});
  return untold;
}

bool lack_process(View& view, Id<model::Process> process, Instant created, Trace& trace) {
  const Plan& plan = view.plan();
  const Id<model::Expr> where = plan.book.processes[process].for_deals_where;
  if (!where) return false;
  Trace lacking;
  holds(where,
        {.view = view, .cut = Instant{created.micros + 1}, .calendar = &plan.calendars.front(), .trace = &lacking});
  for (const Fact& fact : lacking.facts) trace.lack(fact);
  return !lacking.facts.empty();
}

void lack_lives(View& view, Trace& trace) {
  bool named = false;
  if (view.process_unknown()) {
    const Instant created = view.created().known() ? view.created() : Instant{INT64_MIN + 1};
    for (const Id<model::Process> process : view.processes()) named |= lack_process(view, process, created, trace);
  }
  if (named) return;
  const bool follows_none = view.processes().empty() && !view.plan().book.processes.empty();
  trace.lack({.kind = follows_none ? FactKind::process : FactKind::stage});
}

void lack_day(const Context& context, std::uint32_t row, Id<model::Expr> asked, Trace& trace) {
  if (row == UINT32_MAX) return;
  const View& view = context.view;
  const history::Timeline& timeline = view.timeline();
  if (timeline.by_day[row] != 0) trace.lack({.kind = FactKind::time_of_day, .member = view.ref(row)});
  Context strict = context;
  const time::Calendar& days = view.plan().calendars.front();
  strict.day_cut = days.start_of(days.day_of(timeline.at[row])), strict.trace = &trace;
  const bool condition = view.plan().book.exprs[asked].type.kind == model::TypeKind::condition;
  condition ? void(holds(asked, strict)) : void(value(asked, strict));
}

namespace {

// What the filter of an event lacks for a row. False where it lacks nothing.
bool lack_filter(View& view, const model::Event& event, std::uint32_t row, Trace& trace) {
  const Instant at = view.timeline().at[row];
  Trace lacking;
  Context context{.view = view,
                  .cut = at.known() ? Instant{at.micros + 1} : view.plan().horizon,
                  .candidate = row,
                  .calendar = &view.plan().calendars.front(),
                  .trace = &lacking};
  const bool told = holds(event.where, context) != Truth::unknown;
  const bool in_doubt = at.known() && view.by_day() && !view.plan().filters[event.where.index()] &&
                        !view.plan().only_event[event.where.index()] && day_in_doubt(view, row);
  if (told && in_doubt) lack_day(context, row, event.where, lacking);
  for (Fact& fact : lacking.facts) {
    if (fact.kind != FactKind::time_of_day) fact.member = view.ref(row);
    trace.lack(fact);
  }
  return !lacking.facts.empty();
}

// Which other deals may be of its account: those of which nobody knows, and of which anything is told by then.
void lack_other_accounts(const View& view, std::uint32_t row, Trace& trace) {
  const Plan& plan = view.plan();
  const history::Timeline& timeline = view.timeline();
  std::size_t named = 0;
  for (const auto& [account, deal] : plan.deals_of_account.of(history::unknown_account)) {
    const std::uint32_t first = timeline.first[deal];
    const bool told = first < timeline.first[deal + 1] && timeline.at[first] <= timeline.at[row];
    if (!told) continue;
    if (named == most_named) return;
    trace.lack({.kind = FactKind::account, .member = {false, first}});
    ++named;
  }
}

// Before which moves of the deals of its account others may be hidden that are one.
void lack_origins_of_account(const View& view, Id<model::Event> part, std::uint32_t row, Trace& trace) {
  const Plan& plan = view.plan();
  const history::Timeline& timeline = view.timeline();
  if (!plan.untold_moves || !reads_moves(plan.book, part)) return;
  const std::uint32_t account = plan.account_of(view.subject()), own = view.subject();
  std::size_t named = 0;
  const auto take = [&](std::uint32_t deal) {
    for (std::uint32_t i = timeline.first[deal]; i < timeline.first[deal + 1] && named < most_named; ++i) {
      if (i != row) named += lack_origin(plan, i, trace);
    }
  };
  if (!history::is_account(account)) return take(own);
  for (const auto& [of, deal] : plan.deals_of_account.of(account)) {
    if (named == most_named) return;
    take(deal);
  }
}

// Among whose candidates the n-th is counted: of which account the deal is, and with whom each of them was.
void lack_group(View& view, const model::Event& event, std::uint32_t row, Trace& trace) {
  const Plan& plan = view.plan();
  if (event.for_each_account && plan.account_of(view.subject()) == history::unknown_account) {
    trace.lack({.kind = FactKind::account, .member = view.ref(row)});
  } else if (event.for_each_account && !plan.accounts_told) {
    trace.lack({.kind = FactKind::account});
  } else if (event.for_each_account) {
    lack_other_accounts(view, row, trace);
    lack_origins_of_account(view, event.parts.front(), row, trace);
  }
  if (!event.for_each_contact) return;
  const history::Array<std::uint32_t>& contact = view.timeline().contact;
  const Id<model::Event> part = event.parts.front();
  std::size_t named = 0;
  for (const Occurrence& one : view.occurrences(part)) {
    const bool nameless = contact.empty() || contact[one.index] == 0;
    if (!nameless || one.index > row || named == most_named) continue;
    trace.lack({.kind = FactKind::contact, .event = part, .member = view.ref(one.index)});
    ++named;
  }
}

}  // namespace

bool lack_origins(const View& view, Id<model::Event> event, Instant from, Instant until, Trace& trace) {
  std::size_t named = 0;
  for (const Hidden& others : untold_of(view, event)) {
    if (others.from >= until || others.until <= from || named == most_named) continue;
    named += lack_origin(view.plan(), others.row, trace) ? 1 : 0;
  }
  return named > 0;
}

bool lack_whose(const View& view, Id<model::Event> event, Instant from, Instant until, Trace& trace) {
  std::size_t named = 0;
  for (const Occurrence& one : of_nobody_known(view, event)) {
    const bool before = one.at.known() && last_of(view, one.index) < from;
    if (before || one.at >= until || named == most_named) continue;
    trace.lack({.kind = FactKind::whose, .event = event, .member = view.ref(one.index)});
    ++named;
  }
  return named > 0;
}

void lack_parts(View& view, Id<model::Event> id, std::uint32_t row, Trace& trace) {
  const model::Event& event = view.plan().book.events[id];
  const std::size_t before = trace.facts.size();
  if (view.doubtful(row)) trace.lack({.kind = FactKind::recorded, .event = id, .member = view.ref(row)});
  if (event.parts.empty() && !view.of_person()) lack_origin(view.plan(), row, trace);
  if (event.kind == model::EventKind::ordinal) {
    lack_group(view, event, row, trace);
    if (!view.of_person()) lack_origins(view, id, Instant::unknown(), view.timeline().at[row], trace);
  }
  for (const Id<model::Event> part : event.parts) {
    for (const Occurrence& one : view.occurrences(part)) {
      // The n-th is in doubt with any of those up to it.
      const bool asked = event.kind == model::EventKind::ordinal ? one.index <= row : one.index == row;
      if (!asked || trace.facts.size() >= before + most_named) continue;
      const bool filtered = event.kind == model::EventKind::filtered && lack_filter(view, event, one.index, trace);
      if (!filtered && !one.certain) lack_occurrence(view, part, one.index, trace);
    }
  }
}

void lack_occurrence(View& view, Id<model::Event> id, std::uint32_t row, Trace& trace) {
  const std::size_t before = trace.facts.size();
  lack_parts(view, id, row, trace);
  if (trace.facts.size() == before) trace.lack({.kind = FactKind::event, .event = id});
}

}  // namespace plumb::eval
