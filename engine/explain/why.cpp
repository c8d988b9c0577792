#include "explain/why.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "report/words.h"

namespace plumb::explain {

namespace {

using model::EventKind;
using model::Op;

// What a rule speaks of that no fact changes which somebody could state.
struct Beyond {
  const model::Rulebook& book;
  bool of_deal;  // asks it of one deal: other deals may still come to be
  std::vector<std::string> why = {};

  void add(std::string text) {
    if (std::find(why.begin(), why.end(), text) == why.end()) why.push_back(std::move(text));
  }
  void of_event(Id<model::Event> id) {
    if (!id) return;
    const model::Event& event = book.events[id];
    if (event.kind == EventKind::created && of_deal) add("a deal is created once");
    const bool ends =
        event.kind == EventKind::won || event.kind == EventKind::lost || event.kind == EventKind::reopened;
    if (ends && book.processes.empty()) add("the rulebook has no process in which a deal could be won or lost");
    if (event.kind == EventKind::starts_leave) add("nobody's leave is offered as a change");
    for (Id<model::Event> part : event.parts) of_event(part);
  }
  void of(Id<model::Expr> id) {
    if (!id) return;
    const model::Expr& expr = book.exprs[id];
    if (expr.op == Op::verdict) add(fmt::format("`{}` is the verdict on another rule", expr.words));
    if (expr.op == Op::situation && expr.situation != model::Situation::on_hold)
      add(fmt::format("`{}` is nothing that is stated afterwards", expr.words));
    if (expr.measure) of(book.measures[expr.measure].value);
    if (expr.aggregate) of_aggregate(*expr.aggregate);
    of_event(expr.event);
    for (Id<model::Expr> arg : expr.args) of(arg);
  }
  void of_aggregate(const model::Aggregate& aggregate) {
    if (aggregate.population == model::PopulationKind::people) add("who is there is not offered as a change");
    of_event(aggregate.event);
  }
};

std::string with_grounds(const Case& c, std::string text) {
  const model::Rule& rule = c.book.rules[c.rule];
  Beyond beyond{c.book, rule.subject.kind == model::SubjectKind::deal};
  beyond.of(rule.expect);
  beyond.of_event(rule.expect_event);
  if (rule.each_its_own && rule.expect) beyond.add("an answer answers one, and the condition has to become true anew");
  for (const std::string& why : beyond.why) text += (&why == &beyond.why.front() ? ": " : "; ") + why;
  return text;
}

}  // namespace

std::string why_nothing(const Case& c) {
  const model::Rule& rule = c.book.rules[c.rule];
  if (rule.responds_to) {
    const Id<model::Record> asked = rule.responses.front().recorded_as;
    return fmt::format("it is answered by the record `{}`, which this history does not have",
                       asked ? c.book.records[asked].name : "action");
  }
  return with_grounds(c, "no fact that somebody could state decides it");
}

std::string why_none_keeps(const Case& c, std::size_t tried, bool cut) {
  std::string text =
      fmt::format("none of the {} that were tried keeps it", report::count_text(tried, "change", "changes"));
  if (cut) {
    text += fmt::format(", and there the search ended: each is held against {} and {}",
                        report::count_text(events_of(c) - 1, "event", "events"),
                        report::count_text(c.book.rules.size(), "rule", "rules"));
  }
  return with_grounds(c, std::move(text));
}

}  // namespace plumb::explain
