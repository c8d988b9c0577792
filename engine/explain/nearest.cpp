#include <algorithm>

#include <fmt/format.h>

#include "explain/parts.h"
#include "report/escape.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using model::Op;

struct Near {
  const Teller& teller;
  const model::Rule& rule;
  const Decided& decided;
  const Looked& looked;

  const eval::View& view() const { return looked.context.view; }
  const history::Timeline& events() const { return view().timeline(); }
  Instant deadline() const { return decided.verdicts.deadline[decided.row]; }
  Instant opened() const { return decided.verdicts.opened[decided.row]; }
  Candidate candidate(const FactLine& line, const std::string& why) const {
    const std::string at =
        line.by_day ? report::day_text(teller.view, line.at) : report::minute_text(teller.view, line.at);
    return {fmt::format("{} of {}: {}", line.words, at, why), line.where};
  }
  Candidate candidate(std::uint32_t index, const std::string& why) const {
    return candidate(fact_line(teller, view().ref(index)), why);
  }
  /// Whether it has a date alone, and counts from then.
  bool by_day(std::uint32_t index, Instant at) const { return events().by_day[index] != 0 && at == events().at[index]; }
};

// By how much, where the time of day is known.
std::string too_late(const Near& near, Instant at, bool by_day) {
  const Instant deadline = near.deadline();
  if (!deadline.known() || deadline == Instant::max() || at < deadline) return "it came too late";
  if (by_day) return "it came after the deadline";
  if (at == deadline) return "it came exactly at the deadline, which is too late";
  return fmt::format("it came {} after the deadline", report::length_text(at.micros - deadline.micros));
}

// Which parts of an event's filter were not true of a row.
std::string why_filtered(const Near& near, Id<model::Expr> where, std::uint32_t index) {
  eval::Context context = near.looked.context;
  context.trace = nullptr;
  context.candidate = index;
  context.timely = false;
  context.cut = Instant{near.events().at[index].micros + 1};
  const model::Expr& expr = near.teller.book.exprs[where];
  if (expr.op == Op::and_) {
    for (Id<model::Expr> arg : expr.args) {
      if (eval::holds(arg, context) != eval::Truth::yes) return why_filtered(near, arg, index);
    }
  }
  std::string is;
  if (expr.op == Op::compare) {
    const model::Expr& left = near.teller.book.exprs[expr.args[0]];
    is = fmt::format(" ({} is {})", left.words, value_text(near.teller, left.type, eval::value(expr.args[0], context)));
  }
  const bool unknown = eval::holds(where, context) == eval::Truth::unknown;
  return fmt::format("`{}` {}{}", expr.words, unknown ? "cannot be told" : "is not true of it", is);
}

// How many parts of a filter are not true of a row.
std::size_t failing_parts(const Near& near, Id<model::Expr> where, std::uint32_t index) {
  const model::Expr& expr = near.teller.book.exprs[where];
  eval::Context context = near.looked.context;
  context.trace = nullptr;
  context.candidate = index;
  context.timely = false;
  context.cut = Instant{near.events().at[index].micros + 1};
  if (expr.op != Op::and_) return eval::holds(where, context) != eval::Truth::yes;
  std::size_t count = 0;
  for (Id<model::Expr> arg : expr.args) count += failing_parts(near, arg, index);
  return count;
}

// A row of the kind that the event is made of, in the window, which its filter did not want.
std::optional<Candidate> filtered_out(const Near& near, Id<model::Event> id, Instant from, Instant until) {
  const model::Event& event = near.teller.book.events[id];
  eval::View& view = near.looked.context.view;
  if (event.kind == model::EventKind::filtered) {
    const auto& wanted = view.occurrences(id);
    std::optional<std::uint32_t> closest;
    std::size_t fewest = SIZE_MAX;
    for (const eval::Occurrence& o : view.occurrences(event.parts.front())) {
      const bool within = o.at.known() && o.at >= from && o.at < until && o.index != near.looked.context.opening;
      const bool counts =
          std::any_of(wanted.begin(), wanted.end(), [&](const auto& w) { return w.index == o.index && w.certain; });
      if (!within || counts) continue;
      const std::size_t failing = failing_parts(near, event.where, o.index);
      if (failing < fewest) closest = o.index, fewest = failing;
    }
    if (closest) return near.candidate(*closest, why_filtered(near, event.where, *closest));
  }
  for (Id<model::Event> part : event.parts) {
    if (std::optional<Candidate> found = filtered_out(near, part, from, until)) return found;
  }
  return std::nullopt;
}

bool of_period(const Near& near) { return near.rule.shape == model::Shape::every && !near.rule.responds_to; }

// An event that was asked for: one that its filter did not want, unless what was wanted was done late; one that came
// too late, one that came before.
std::optional<Candidate> nearest_event(const Near& near, Id<model::Event> id, Instant from, Instant until) {
  const bool late = near.decided.verdicts.verdict[near.decided.row] == eval::Verdict::late;
  std::optional<Candidate> found = late ? std::nullopt : filtered_out(near, id, from, until);
  if (found) return found;
  const auto& all = near.looked.context.view.occurrences(id);
  const std::uint32_t opening = near.looked.context.opening;
  for (const eval::Occurrence& o : all) {
    if (!o.at.known() || o.index == opening) continue;
    const Instant counts = eval::counts_from(near.view(), o.index, true);
    if (o.at >= from && o.at < until && counts >= until) {
      return near.candidate(
          o.index, fmt::format("it was recorded at {}, too late", report::minute_text(near.teller.view, counts)));
    }
    if (o.at < until) continue;
    // What happens in a later period is not late for this one.
    const std::string why = too_late(near, o.at, near.by_day(o.index, o.at));
    return near.candidate(o.index, of_period(near) ? why + ", and counts for a later period" : why);
  }
  for (auto o = all.rbegin(); o != all.rend(); ++o) {
    if (!o->at.known() || o->index == opening || o->at >= from) continue;
    return near.candidate(o->index, of_period(near) ? "it came before, and counts for an earlier period"
                                                    : "it came before, and does not count");
  }
  return std::nullopt;
}

// A field that was asked for: a change that was stated too late, or came too late, or said something else.
std::optional<Candidate> nearest_change(const Near& near, Id<model::Field> id, Id<model::Expr> atom, bool wanted) {
  // What would not have done in time either did not come near.
  const auto would_do = [&](Instant at) {
    eval::Context then = near.looked.context;
    then.trace = nullptr;
    then.cut = Instant{at.micros + 1};
    return eval::holds(atom, then) == eval::truth(wanted);
  };
  const history::History& history = near.teller.history;
  const model::Field& field = near.teller.book.fields[id];
  const Instant cut = near.looked.context.cut;
  std::optional<Candidate> before;
  for (std::uint32_t i = near.view().dated(); i < near.view().end(); ++i) {
    const history::Kind& kind = history.kinds[near.events().kind[i]];
    if (kind.of != history::KindClass::change || kind.name != field.name) continue;
    const Instant at = near.events().at[i], recorded = near.events().recorded[i];
    if (at >= cut) {
      if (before) return before;
      if (would_do(at)) return near.candidate(i, too_late(near, at, near.by_day(i, at)));
      continue;
    }
    if (near.looked.context.timely && recorded.known() && recorded >= cut && would_do(recorded)) {
      return near.candidate(
          i, fmt::format("it was stated at {}, too late", report::minute_text(near.teller.view, recorded)));
    }
    before = near.candidate(i, "that does not satisfy the condition");
  }
  return before;
}

// An attribute of what opened the obligation that was stated too late, or says something else.
std::optional<Candidate> nearest_attribute(const Near& near, Id<model::Field> id) {
  const std::uint32_t opening = near.looked.context.opening;
  if (opening == UINT32_MAX) return std::nullopt;
  const history::Kind& kind = near.teller.history.kinds[near.events().kind[opening]];
  const std::uint32_t row = near.events().row[opening];
  for (const history::Column& column : kind.columns) {
    if (column.name != near.teller.book.fields[id].name || !history::is_value(column.values[row])) continue;
    const Instant recorded = column.recorded.empty() ? near.events().recorded[opening] : column.recorded[row];
    if (recorded.known() && recorded >= near.looked.context.cut) {
      return near.candidate(opening, fmt::format("its {} was stated at {}, too late", column.name,
                                                 report::minute_text(near.teller.view, recorded)));
    }
    return near.candidate(opening, fmt::format("its {} does not satisfy the condition", column.name));
  }
  return std::nullopt;
}

std::optional<Candidate> nearest_atom(const Near& near, Id<model::Expr> id, bool wanted) {
  const model::Expr& expr = near.teller.book.exprs[id];
  eval::Context context = near.looked.context;
  context.trace = nullptr;
  if (eval::holds(id, context) == eval::truth(wanted)) return std::nullopt;
  const bool inner = expr.op == Op::and_ || expr.op == Op::or_ || expr.op == Op::at_least_of || expr.op == Op::not_;
  if (expr.op == Op::happened && wanted)
    return nearest_event(near, expr.event, near.looked.context.window_from, context.cut);
  for (Id<model::Expr> arg : expr.args) {
    const model::Expr& of = near.teller.book.exprs[arg];
    std::optional<Candidate> found;
    if (inner) found = nearest_atom(near, arg, wanted != (expr.op == Op::not_));
    if (of.op == Op::subject_field && near.teller.book.fields[of.field].owner == model::OwnerKind::deal) {
      found = nearest_change(near, of.field, id, wanted);
    }
    if (of.op == Op::its_field) found = nearest_attribute(near, of.field);
    if (of.op == Op::time_since && wanted) found = nearest_event(near, of.event, Instant(), context.cut);
    // Where less is asked nothing more would have come near.
    const bool more = expr.comparison != model::Comparison::at_most && expr.comparison != model::Comparison::less_than;
    if (of.aggregate && of.aggregate->event && wanted && more && !inner && !near.view().of_person()) {
      found = filtered_out(near, of.aggregate->event, near.looked.context.window_from, context.cut);
    }
    if (found) return found;
  }
  return std::nullopt;
}

// What made the condition true, too late: the last of the evidence.
std::optional<Candidate> what_came_late(const Near& near) {
  const eval::Verdicts& v = near.decided.verdicts;
  const Instant settled = v.settled[near.decided.row];
  for (std::size_t i = v.evidence.size(); i > v.evidence_first[near.decided.row]; --i) {
    const FactLine line = fact_line(near.teller, v.evidence[i - 1]);
    if (line.at != settled && line.recorded != settled) continue;
    return near.candidate(line, too_late(near, settled, line.by_day && line.at == settled));
  }
  return std::nullopt;
}

// What mended a lapse, too late: the only thing that happened just then.
std::optional<Candidate> what_mended_late(const Near& near) {
  const Instant settled = near.decided.verdicts.settled[near.decided.row];
  std::optional<std::uint32_t> found;
  for (std::uint32_t i = near.view().dated(); i < near.view().end(); ++i) {
    if (near.events().at[i] != settled) continue;
    if (found) return std::nullopt;
    found = i;
  }
  if (!found) return std::nullopt;
  return near.candidate(*found, too_late(near, settled, near.by_day(*found, settled)));
}

// The event that exceeded a limit is the last of the evidence. Missing: nullopt where no event did, but what is allowed
// became less.
std::optional<Candidate> what_exceeded(const Near& near) {
  const eval::Verdicts& v = near.decided.verdicts;
  const std::size_t first = v.evidence_first[near.decided.row];
  const Instant settled = v.settled[near.decided.row];
  const model::Expr& expr = near.teller.book.exprs[near.rule.expect];
  const bool counted =
      expr.op == Op::compare && near.teller.book.exprs[expr.args.front()].type.kind == model::TypeKind::count;
  const model::Expr& left = near.teller.book.exprs[expr.args.empty() ? near.rule.expect : expr.args.front()];
  const bool one = counted && (!left.aggregate || left.aggregate->function == model::AggregateFunction::count);
  std::optional<Candidate> last;
  Instant at;
  for (std::size_t i = first; i < v.evidence.size(); ++i) {
    const FactLine line = fact_line(near.teller, v.evidence[i]);
    if ((last && line.at < at) || (line.at != settled && line.recorded != settled)) continue;
    at = line.at;
    last = near.candidate(line, one ? "it was one too many" : "with it it was too much");
  }
  return last;
}

// Why a waiver in the subject's history does not let anybody off here. Missing: empty where something else decides.
std::string why_not_waived(const Near& near, std::uint32_t index) {
  const history::History& history = near.teller.history;
  const history::Kind& kind = history.kinds[near.events().kind[index]];
  const auto cell = [&](std::string_view name) {
    for (const history::Column& column : kind.columns) {
      if (column.name == name) return column.values[near.events().row[index]];
    }
    return history::missing;
  };
  const std::int64_t rule = cell("rule"), opened = cell("opened"), from = cell("from"), to = cell("to");
  if (history::is_value(rule) && history.words[static_cast<std::uint32_t>(rule)] != near.rule.name) {
    return fmt::format("it is about {}", history.words[static_cast<std::uint32_t>(rule)]);
  }
  if (history::is_value(opened) && Instant{opened} != near.opened()) return "it is about what opened at another time";
  const Instant settled = near.decided.verdicts.settled[near.decided.row];
  if (!report::is_date(settled)) return {};
  const time::Day day = near.looked.context.calendar->day_of(Instant{settled.micros - 1});
  if (history::is_value(from) && day.days < from) return "it does not cover that day yet";
  if (history::is_value(to) && day.days > to) return "it does not cover that day any more";
  const Instant recorded = near.events().recorded[index];
  if (!recorded.known() || recorded < settled) return {};
  return fmt::format("it was recorded at {}, too late", report::minute_text(near.teller.view, recorded));
}

std::optional<Candidate> nearest_waiver(const Near& near) {
  for (std::uint32_t i = near.view().begin(); i < near.view().end(); ++i) {
    const history::Kind& kind = near.teller.history.kinds[near.events().kind[i]];
    if (kind.of != history::KindClass::record || kind.name != "waiver") continue;
    if (const std::string why = why_not_waived(near, i); !why.empty()) return near.candidate(i, why);
  }
  return std::nullopt;
}

std::optional<Candidate> nearest_fact(const Near& near, eval::Verdict verdict) {
  if (near.rule.shape == model::Shape::throughout)
    return verdict == eval::Verdict::missed ? what_exceeded(near) : std::nullopt;
  if (verdict == eval::Verdict::late && near.looked.condition) {
    if (std::optional<Candidate> late = what_came_late(near)) return late;
    if (near.rule.shape == model::Shape::while_) {
      if (std::optional<Candidate> late = what_mended_late(near)) return late;
    }
  }
  if (near.looked.event) return nearest_event(near, near.looked.event, near.opened(), near.looked.context.cut);
  return near.looked.condition ? nearest_atom(near, near.looked.condition, true) : std::nullopt;
}

}  // namespace

std::optional<Candidate> nearest_to(const Teller& teller, const model::Rule& rule, const Decided& decided) {
  const eval::Verdict verdict = decided.verdicts.verdict[decided.row];
  const bool asked =
      verdict == eval::Verdict::missed || verdict == eval::Verdict::late || verdict == eval::Verdict::due;
  if (!asked || decided.looked.empty()) return std::nullopt;
  const Near near{teller, rule, decided, decided.looked.back()};
  std::optional<Candidate> found = nearest_fact(near, verdict);
  if (!found && verdict != eval::Verdict::due) found = nearest_waiver(near);
  return found;
}

}  // namespace plumb::explain
