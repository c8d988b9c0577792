#include "explain/never.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "explain/changes.h"
#include "model/comparison.h"
#include "model/contradiction.h"

namespace plumb::explain {

namespace {

using model::AggregateFunction;
using model::Comparison;
using model::EventKind;
using model::Op;

constexpr std::int64_t no_end = INT64_MAX;

// Whether a comparison with a bound may come out so for something between 0 and `most`. Unit: as both are counted.
bool may_compare(Comparison c, std::int64_t most, eval::Rational bound) {
  const auto against = [&](std::int64_t n) { return eval::compare(eval::rational(n, 1), bound); };
  const bool endless = most == no_end;
  switch (c) {
    case Comparison::at_least: return endless || against(most) >= 0;
    case Comparison::more_than: return endless || against(most) > 0;
    case Comparison::at_most: return against(0) <= 0;
    case Comparison::less_than: return against(0) < 0;
    case Comparison::is: return against(0) <= 0 && (endless || against(most) >= 0);
    default: return true;
  }
}

class Possible {
 public:
  Possible(const Case& c, const Decided& decided, bool stays = false)
      : c_(c), stays_(stays), book_(c.book), rule_(c.book.rules[c.rule]), context_(decided.looked.back().context) {
    const eval::Verdicts& v = decided.verdicts;
    const Instant opened = v.opened[decided.row], deadline = v.deadline[decided.row];
    const bool moment = rule_.shape == model::Shape::at || rule_.shape == model::Shape::before;
    const bool stretch = rule_.shape == model::Shape::after || rule_.shape == model::Shape::every;
    if (opened.known() && deadline.known() && deadline != Instant::max() && (moment || stretch)) {
      first_ = std::min(opened, deadline), last_ = std::max(opened, deadline);
    }
  }

  const std::string& why() const { return why_; }

  bool may_be(Id<model::Expr> id, bool wanted) {
    const model::Expr& expr = book_.exprs[id];
    switch (expr.op) {
      case Op::not_: return may_be(expr.args.front(), !wanted);
      case Op::and_:
      case Op::or_: return (expr.op == Op::and_) == wanted ? may_be_all(id, wanted) : may_be_some(expr, wanted, 1);
      case Op::at_least_of: {
        const auto all = static_cast<std::int64_t>(expr.args.size());
        return may_be_some(expr, wanted, wanted ? expr.count : all - expr.count + 1);
      }
      case Op::known:
      case Op::missing:
      case Op::apart:
      case Op::differs: return all_told(expr);
      case Op::happened: return may_have_happened(expr, wanted);
      case Op::compare: return may_be_compared(id, wanted);
      case Op::measure: return may_be(book_.measures[expr.measure].value, wanted);
      case Op::situation:
        if (expr.situation == model::Situation::on_hold) return !wanted || may_hold();
        if (expr.situation != model::Situation::on_leave) return true;
        return context_.view.plan().history.supplier.count("leave") > 0 ||
               never("no file of this history says who is on leave");
      case Op::state: {
        const bool open = expr.state == model::DealState::open;
        return open == wanted || may_close_ever();
      }
      case Op::in_stage: {
        const auto may_enter = [&](Id<model::Stage> stage) { return may_move(book_.stages[stage].process); };
        return !wanted || may_be_any(expr.stages, may_enter);
      }
      default: return is_told(expr);
    }
  }

  // Whether the event may happen once more.
  bool may_happen(Id<model::Event> id) {
    const model::Event& event = book_.events[id];
    const auto part_may = [&](Id<model::Event> part) { return may_happen(part); };
    switch (event.kind) {
      case EventKind::enters:
      case EventKind::leaves: return may_move(book_.stages[event.stage].process);
      case EventKind::created: return !of_deal() || never("a deal is created once");
      case EventKind::won:
      case EventKind::lost:
      case EventKind::reopened: return may_close(event.kind);
      case EventKind::ordinal:
        return part_may(event.parts.front()) && (most_of(event.parts.front()) >= event.nth || never(once(event)));
      case EventKind::any_of: return may_be_any(event.parts, part_may);
      case EventKind::filtered: return part_may(event.parts.front()) && may_be(event.where, true);
      default: return true;
    }
  }

  // Whether it may happen after what opened the obligation.
  bool may_follow(Id<model::Event> id) {
    if (!may_happen(id)) return false;
    return !is_over(id) || never(once(book_.events[id]) + ", and has by then");
  }

  // Whether there is time for that, of which it is certain.
  bool has_time(const time::Interval& sure) {
    if (rule_.shape != model::Shape::after || !sure.until.known() || sure.from < sure.until) return true;
    return never(fmt::format("`{}` has a date and no time of day, and {} may be over before that day is",
                             book_.events[rule_.trigger].words, time::to_text(*rule_.within)));
  }

  bool may_be_enough(const model::Given& given) {
    const model::Expr& count = book_.exprs[given.population];
    if (!count.aggregate || count.aggregate->function != AggregateFunction::count) return true;
    const std::int64_t most = most_counted(*count.aggregate);
    return most >= given.count || never(fmt::format("`given` asks for {} where there can be {}", given.count, most));
  }

 private:
  bool never(std::string why) {
    if (why_.empty()) why_ = std::move(why);
    return false;
  }
  bool of_deal() const { return rule_.subject.kind == model::SubjectKind::deal; }
  static std::string once(const model::Event& event) {
    return fmt::format("`{}` happens once", event.name.empty() ? event.words : event.name);
  }
  std::string said(const model::Part& part) const {
    return fmt::format("`{}{}`", part.denied ? "not " : "", book_.exprs[part.atom].words);
  }

  bool may_be_all(Id<model::Expr> id, bool wanted) {
    if (const auto parts = model::excluding(book_, id, !wanted)) {
      return never(fmt::format("{} and {} are never true together", said(parts->first), said(parts->second)));
    }
    const model::Expr& expr = book_.exprs[id];
    return std::all_of(expr.args.begin(), expr.args.end(), [&](Id<model::Expr> arg) { return may_be(arg, wanted); });
  }

  bool may_be_some(const model::Expr& expr, bool wanted, std::int64_t needed) {
    const std::string before = why_;
    const std::int64_t may =
        std::count_if(expr.args.begin(), expr.args.end(), [&](Id<model::Expr> arg) { return may_be(arg, wanted); });
    if (may >= needed) why_ = before;
    return may >= needed;
  }

  // ---- what files say -----------------------------------------------------------------------------------------------

  // Who has no row is only a name.
  bool is_listed(std::uint32_t person) const {
    const history::People& people = context_.view.plan().history.people;
    return people.first[person] < people.first[person + 1];
  }

  // Whether any file says the field, when it is asked about.
  bool is_told(const model::Expr& expr) {
    const bool field = is_field(expr) || expr.op == Op::event_field;
    if (!field || !expr.field) return true;
    const model::Field& of = book_.fields[expr.field];
    if (of.owner == model::OwnerKind::person && context_.view.of_person() && !is_listed(context_.view.subject())) {
      return never(fmt::format("no row says the `{}` of the person", of.name));
    }
    const time::Interval& seen = context_.view.plan().fields[expr.field.index()].observed;
    if (seen.from == Instant::max()) return never(fmt::format("no file of this history says `{}`", of.name));
    const bool attribute = of.owner == model::OwnerKind::activity || of.owner == model::OwnerKind::record;
    if (attribute || !first_.known()) return true;
    const bool then = !(seen.from.known() && seen.from > last_) && seen.until > first_;
    return then || never(fmt::format("nobody has observed `{}` at that time", of.name));
  }
  bool all_told(const model::Expr& expr) {
    return std::all_of(expr.args.begin(), expr.args.end(),
                       [&](Id<model::Expr> arg) { return is_told(book_.exprs[arg]); });
  }

  // ---- what happens -------------------------------------------------------------------------------------------------

  bool may_close(EventKind kind) {
    const auto ends = [&](const model::Stage& stage) {
      if (kind == EventKind::reopened) return stage.end != model::StageEnd::open;
      return stage.end == (kind == EventKind::won ? model::StageEnd::won : model::StageEnd::lost);
    };
    return std::any_of(book_.stages.begin(), book_.stages.end(), ends) ||
           never("the rulebook has no process in which a deal could be won or lost");
  }

  template <class Parts, class May>
  bool may_be_any(const Parts& parts, May may) {
    const std::string before = why_;
    if (!std::any_of(parts.begin(), parts.end(), may)) return false;
    why_ = before;
    return true;
  }

  // Which process a deal follows is decided at its creation.
  bool is_process_settled() const {
    return of_deal() && stays_ && !context_.view.of_person() && context_.view.created().known();
  }
  bool may_close_ever() {
    return !is_process_settled() || !context_.view.processes().empty() ||
           never("the deal follows no process in which it could close");
  }
  bool may_move(Id<model::Process> process) {
    return !is_process_settled() || context_.view.may_follow(process) ||
           never(fmt::format("the deal does not follow the process {}", book_.processes[process].name));
  }

  bool may_hold() {
    for (std::size_t i = 0; i < book_.processes.size(); ++i) {
      if (book_.processes[Id<model::Process>(i)].on_hold_while) return true;
    }
    for (std::size_t i = 0; i < book_.stages.size(); ++i) {
      if (book_.stages[Id<model::Stage>(i)].on_hold) return true;
    }
    return never("no process of the rulebook says what puts a deal on hold");
  }

  // How often it can happen in the deal.
  std::int64_t most_of(Id<model::Event> id) {
    const model::Event& event = book_.events[id];
    if (!of_deal()) return may_happen(id) ? no_end : 0;
    switch (event.kind) {
      case EventKind::created: return 1;
      case EventKind::ordinal: return event.for_each_contact ? no_end : 1;
      case EventKind::filtered: return most_of(event.parts.front());
      case EventKind::any_of: {
        std::int64_t sum = 0;
        for (Id<model::Event> part : event.parts) {
          const std::int64_t most = most_of(part);
          sum = most == no_end || sum == no_end ? no_end : sum + most;
        }
        return sum;
      }
      default: return no_end;
    }
  }
  std::int64_t most_counted(const model::Aggregate& aggregate) {
    if (aggregate.population == model::PopulationKind::contacts) return no_end;
    return aggregate.event ? most_of(aggregate.event) : no_end;
  }

  // Whether what opened the obligation is one of these.
  bool opened_by(Id<model::Event> id) const {
    if (id == rule_.trigger) return true;
    const model::Event &event = book_.events[id], &trigger = book_.events[rule_.trigger];
    if (event.kind == EventKind::any_of) {
      return std::any_of(event.parts.begin(), event.parts.end(),
                         [&](Id<model::Event> part) { return opened_by(part); });
    }
    const bool plain = event.kind != EventKind::ordinal && event.kind != EventKind::filtered;
    return plain && event.kind == trigger.kind && event.activity == trigger.activity &&
           event.record == trigger.record && event.stage == trigger.stage && event.field == trigger.field &&
           event.later == trigger.later && event.period == trigger.period;
  }

  // Whether it has happened for the only time by then.
  bool is_over(Id<model::Event> id) const {
    const model::Event& event = book_.events[id];
    switch (event.kind) {
      case EventKind::ordinal:
        return !event.for_each_contact && (id == rule_.trigger || (event.nth == 1 && opened_by(event.parts.front())));
      case EventKind::filtered: return is_over(event.parts.front());
      case EventKind::any_of:
        return std::all_of(event.parts.begin(), event.parts.end(),
                           [&](Id<model::Event> part) { return is_over(part); });
      default: return false;
    }
  }

  bool may_have_happened(const model::Expr& expr, bool wanted) {
    const bool created = book_.events[expr.event].kind == EventKind::created && of_deal();
    if (!wanted) return !created || expr.tails.any() || never("a deal that is there was created");
    return created || may_happen(expr.event);
  }

  // ---- numbers ------------------------------------------------------------------------------------------------------

  // The bounds that a right side may be, whatever happens: as it is written, or the cases of a target.
  std::vector<eval::Rational> bounds_of(Id<model::Expr> id) const {
    const model::Expr& expr = book_.exprs[id];
    if (expr.op == Op::target) {
      std::vector<eval::Rational> all;
      for (const model::TargetCase& one : book_.targets[expr.target].cases) {
        const std::vector<eval::Rational> some = bounds_of(one.value);
        if (some.empty()) return {};
        all.insert(all.end(), some.begin(), some.end());
      }
      return all;
    }
    const bool written =
        expr.op == Op::number || expr.op == Op::percent || expr.op == Op::duration || expr.op == Op::money;
    if (!written) return {};
    eval::Context context = context_;
    context.trace = nullptr;
    const eval::Value value = eval::value(id, context);
    return value.known() && value.low.exact() ? std::vector<eval::Rational>{value.low} : std::vector<eval::Rational>{};
  }

  bool is_counted_through(Id<model::Event> id) const {
    const model::Event& event = book_.events[id];
    return event.kind == EventKind::ordinal ||
           std::any_of(event.parts.begin(), event.parts.end(),
                       [&](Id<model::Event> part) { return is_counted_through(part); });
  }

  // Whether what is added up has a part of which nobody says when it was: it stays so.
  bool may_be_any_time(Id<model::Expr> id, const model::Aggregate& of) const {
    if (!of.event || is_counted_through(of.event)) return false;
    eval::Trace trace;
    eval::Context context = context_;
    context.trace = &trace;
    eval::value(id, context);
    return std::any_of(trace.facts.begin(), trace.facts.end(), [](const eval::Fact& fact) {
      return fact.kind == eval::FactKind::event_time && fact.member != eval::no_event;
    });
  }

  bool may_be_compared(Id<model::Expr> id, bool wanted) {
    const std::string before = why_;
    if (!compares_so(id, wanted)) return false;
    why_ = before;
    return true;
  }

  bool compares_so(Id<model::Expr> id, bool wanted) {
    const model::Expr& expr = book_.exprs[id];
    if (!all_told(expr)) return false;
    const Comparison c = wanted ? expr.comparison : model::opposite(expr.comparison);
    const model::Expr* left = &book_.exprs[expr.args.front()];
    while (left->op == Op::measure) left = &book_.exprs[book_.measures[left->measure].value];
    const std::vector<eval::Rational> bounds =
        expr.args.size() == 2 ? bounds_of(expr.args[1]) : std::vector<eval::Rational>{};
    const auto compares = [&](std::int64_t most) {
      return bounds.empty() || std::any_of(bounds.begin(), bounds.end(),
                                           [&](eval::Rational bound) { return may_compare(c, most, bound); });
    };
    const auto checked = [&](std::int64_t most) {
      return compares(most) || never(fmt::format("`{}` {} be true", expr.words, wanted ? "cannot" : "must always"));
    };
    if (left->op == Op::time_since || left->op == Op::total_time_in) return checked(no_end);
    if (!left->aggregate) return true;
    const model::Aggregate& of = *left->aggregate;
    if (of.function == AggregateFunction::count) return checked(most_counted(of));
    if (of.function == AggregateFunction::share) return checked(1);
    // A sum of what no file says, or of what never happens, is known where there is nothing to add up.
    const bool told = (!of.value || is_told(book_.exprs[of.value])) && (!of.event || most_of(of.event) > 0);
    if (stays_ && told && may_be_any_time(expr.args.front(), of)) {
      return never(fmt::format("nobody says when each `{}` happened, and without it `{}` cannot be told",
                               book_.events[of.event].words, expr.words));
    }
    if (told) return true;
    return of.function == AggregateFunction::sum && compares(0);
  }

  const Case& c_;
  bool stays_;  // what has happened
  const model::Rulebook& book_;
  const model::Rule& rule_;
  const eval::Context& context_;
  Instant first_ = Instant::unknown(), last_ = Instant::unknown();  // when it is asked; unknown: at any time
  std::string why_;
};

}  // namespace

std::string why_never_kept(const Case& c, const Decided& decided, bool stays) {
  const model::Rule& rule = c.book.rules[c.rule];
  if (rule.responds_to || rule.origin == model::RuleOrigin::path || decided.looked.empty()) return {};
  Possible possible(c, decided, stays);
  bool may = !rule.expect || possible.may_be(rule.expect, true);
  if (may && rule.expect_event) may = possible.may_follow(rule.expect_event);
  may = may && possible.has_time(surely_in_time(c, decided));
  for (const model::Given& given : rule.given) may = may && possible.may_be_enough(given);
  return may ? std::string() : possible.why();
}

bool may_ever_be(Id<model::Expr> condition, bool wanted, const Case& c, const Decided& decided) {
  return decided.looked.empty() || Possible(c, decided, true).may_be(condition, wanted);
}

}  // namespace plumb::explain
