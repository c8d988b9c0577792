#include <algorithm>
#include <ranges>

#include "property/twin/look.h"
#include "property/twin/verdicts.h"

/// When to ask a condition again.
namespace plumb::twin {

using model::Expr;
using model::Op;

void Look::durations(Id<Expr> id, std::vector<Duration>& all) const {
  if (!id) return;
  const Expr& expr = book().exprs[id];
  if (expr.op == Op::duration) all.push_back(expr.duration);
  if (expr.tails.in) all.push_back(*expr.tails.in);
  for (const Id<Expr> arg : expr.args) durations(arg, all);
  if (expr.op == Op::situation && expr.situation == model::Situation::on_hold) {
    for (const model::Process& process : book().processes) durations(process.on_hold_while, all);
  }
  if (expr.op == Op::measure && expr.measure) durations(book().measures[expr.measure].value, all);
  if (expr.op == Op::target) {
    for (const model::TargetCase& each : book().targets[expr.target].cases) {
      durations(each.value, all), durations(each.where, all);
    }
  }
  if (!expr.aggregate) return;
  if (expr.aggregate->tails.in) all.push_back(*expr.aggregate->tails.in);
  durations(expr.aggregate->value, all), durations(expr.aggregate->where, all);
}

// More of them than needed does no harm: every fact's instants, every midnight, and whenever a clock that a fact
// started runs out.
std::vector<Instant> Look::turns(Id<Expr> id, Instant from, Instant until, const Clock& clock) const {
  std::vector<Instant> all;
  const auto add = [&](Instant at) {
    if (at.known() && at >= from && at < until) all.push_back(at);
  };
  std::vector<Duration> spans;
  durations(id, spans);
  std::vector<Instant> starts;
  for (const Fact& fact : deal_.facts) {
    if (fact.at.known()) starts.push_back(fact.at), starts.push_back({fact.latest.micros});
    if (fact.recorded) starts.push_back(*fact.recorded);
    for (const std::string& column : fact.table->columns) {
      if (!column.ends_with(".recorded")) continue;
      const When own = read_time(fact.table->cell(fact.row, column));
      if (own.at.known()) starts.push_back(own.at);
    }
  }
  for (const Hidden& others : hidden()) starts.push_back(others.from);
  // Of what is counted for each account others decide.
  const bool of_others =
      std::ranges::any_of(std::views::iota(std::size_t{0}, book().events.size()),
                          [&](std::size_t each) { return book().events[Id<model::Event>{each}].for_each_account; });
  for (const Deal& other : world_.deals) {
    for (const Fact& fact : other.facts) {
      if (of_others && fact.at.known()) starts.push_back(fact.at);
    }
  }
  for (const Fact& contact : contacts_of(world_, deal_)) {
    if (contact.at.known()) starts.push_back(contact.at), starts.push_back(contact.latest);
    if (contact.recorded) starts.push_back(*contact.recorded);
  }
  for (const auto& [name, span] : world_.coverage) starts.push_back(span.from), starts.push_back(span.until);
  starts.push_back(world_.everything.from), starts.push_back(world_.everything.until);
  // Who is in which team counts by days.
  for (const Person& person : world_.people) {
    for (const std::size_t row : person.rows) {
      const Day day = read_time(world_.tables.people.cell(row, "from")).day;
      if (day.known()) starts.push_back(world_.usual().start_of(day));
    }
  }
  std::erase_if(starts, [](Instant at) { return !at.known() || at == Instant::max(); });
  std::vector<Instant> ends = starts;
  verdict_turns(world_, deal_.id, id, ends);
  for (const Duration& span : spans) {
    const Value exact = length_of(span);
    for (const Instant start : starts) {
      if (exact.known()) ends.push_back({start.micros + static_cast<std::int64_t>(exact.number.over)});
      if (span.unit != time::Unit::working_hours) continue;
      for (const Clock& each : world_.clocks) {
        const Instant end = each.within(span, start);
        ends.push_back(end);
        ends.push_back(each.worked_from(end, 1));  // what was so long ago is so until work goes on
      }
    }
    if (!exact.known()) continue;
    for (std::size_t i = 0; i < book().stages.size(); ++i) {
      for (const Fact& fact : deal_.facts) {
        if (fact.of != Class::move || !fact.at.known()) continue;
        for (const Instant now : {fact.at, fact.latest}) {
          Moment m;
          m.now = now, m.clock = &clock;
          const Value so_far = total_time(Id<model::Stage>{i}, m);
          if (!so_far.known()) continue;
          for (const Ratio& spent : {so_far.number, most(so_far)}) {
            ends.push_back({now.micros + static_cast<std::int64_t>(minus(exact.number, spent).over)});
          }
        }
      }
    }
  }
  for (const Instant end : ends) {
    add(end), add({end.micros + 1});
  }
  for (const Span* span : {&world_.everything}) add(span->from), add(span->until);
  for (const auto& [name, span] : world_.coverage) add(span.from), add(span.until);
  for (const Clock& each : world_.clocks) {
    Day day = each.day_of(from);
    for (int i = 0; i < 1000 && each.start_of(day) < until; ++i, day = day + 1) add(each.start_of(day));
  }
  add(from);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace plumb::twin
