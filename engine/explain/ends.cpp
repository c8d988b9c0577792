#include "explain/ends.h"

#include <algorithm>

#include <fmt/format.h>

#include "explain/never.h"
#include "explain/people.h"

namespace plumb::explain {

namespace {

using model::SubjectKind;
using What = history::Revision::What;

// The deal is closed, or is no longer what the rule is about.
Ways ways_to_end(const Gathering& g, const eval::Context& context, const Put& put) {
  const model::Rulebook& book = g.c.book;
  const model::Subject& about = g.rule().subject;
  const bool may_be_other = g.rule().shape == model::Shape::while_;  // a limit of a deal stays its limit
  Ways ways;
  if (g.rule().while_condition) ways = ways_to(g.rule().while_condition, false, context, put);
  if (about.where && put.of_deal && may_be_other) add_ways(ways, ways_to(about.where, false, context, put));
  for (std::size_t i = 0; i < book.stages.size() && put.of_deal; ++i) {
    const model::Stage& stage = book.stages[Id<model::Stage>(i)];
    const bool own = !context.view.process() || stage.process == context.view.process();
    const bool about_it = std::ranges::find(about.stages, Id<model::Stage>(i)) != about.stages.end();
    const bool ends = stage.end != model::StageEnd::open || (may_be_other && !about.stages.empty() && !about_it);
    if (!ends || !own) continue;
    history::Revision move;
    move.subject = put.deals.front();
    move.of = history::KindClass::move;
    move.at = move.recorded = put.at;
    move.values = {{"to", history::ValueType::text, 0, stage.name}};
    ways.push_back({std::move(move)});
  }
  return ways;
}

// Whether a file says when people leave, and anything of this one.
bool may_leave(const history::History& history, const std::string& person) {
  const std::uint32_t row = find_person(history, person);
  const bool listed = row != UINT32_MAX && history.people.first[row] < history.people.first[row + 1];
  return listed && history.supplier.count("left") > 0;
}

// Whoever is asked is with the company until this day and no more: the person, or everybody in the team.
Revisions leaving(const Gathering& g, const Decided& decided, time::Day last) {
  const SubjectKind kind = g.rule().subject.kind;
  std::vector<std::string> people;
  if (kind == SubjectKind::person) people = {g.c.key.subject};
  if (kind == SubjectKind::team) people = members_of(decided.history, g.c.key.subject, g.now);
  Revisions all;
  for (const std::string& person : people) {
    if (!g.there(person, g.now)) continue;
    if (!may_leave(decided.history, person)) return {};
    history::Revision leaves;
    leaves.what = What::leaves;
    leaves.subject = person;
    leaves.values = {{"left", history::ValueType::date, (last + 1).days, {}}};
    all.push_back(std::move(leaves));
  }
  return all;
}

}  // namespace

void gather_ends(Gathering& g, const Decided& decided, const Looked& looked) {
  const Put put = put_at(g, decided, g.now);
  g.add(ways_to_end(g, looked.context, put), g.now);
  if (put.of_deal) return;
  // By one calendar the day may be over later than by another.
  for (const int days : {0, 1}) {
    const time::Day last = g.calendar->day_of(Instant{g.now.micros - 1}) + days;
    const Revisions gone = leaving(g, decided, last);
    if (gone.empty()) return;
    const Instant at = g.calendar->start_of(last + 1);
    g.add({gone}, at);
    // What may not be so long unknown, or not so, is mended until then.
    if (!looked.condition || eval::holds(looked.condition, looked.context) == eval::Truth::yes) continue;
    g.add(all_of(ways_to(looked.condition, true, looked.context, put), {gone}), at);
  }
}

std::vector<Offer> offers_not_to_be_asked(const Case& c, eval::Verdict verdict, Instant now, const Decided& decided) {
  Gathering g{c, verdict, now, decided.history};
  const model::Rule& rule = g.rule();
  if (rule.shape != model::Shape::while_ || decided.looked.empty() || !rule.while_condition) return {};
  g.deadline = surely_in_time(c, decided).until;
  eval::Context context = decided.looked.back().context;
  context.trace = nullptr;
  g.calendar = context.calendar;
  for (const Instant at : times_for(g, decided)) {
    context.cut = Instant{at.micros + 1};
    g.add(ways_to(rule.while_condition, false, context, put_at(g, decided, at)), at);
  }
  return std::move(g.offers);
}

std::string why_endless(const Case& c, const Decided& decided) {
  const model::Rule& rule = c.book.rules[c.rule];
  const bool lasting = rule.shape == model::Shape::while_ || rule.shape == model::Shape::throughout;
  // A lapse has a deadline; else it may end with what it is asked as long as.
  if (!lasting || decided.looked.empty() || decided.verdicts.deadline[decided.row] != Instant::max()) return {};
  if (rule.while_condition && may_ever_be(rule.while_condition, false, c, decided)) return {};
  // A limit of a deal stays its limit.
  const bool may_be_other = rule.shape == model::Shape::while_ || rule.subject.kind != SubjectKind::deal;
  if (may_be_other && rule.subject.where && may_ever_be(rule.subject.where, false, c, decided)) return {};
  if (rule.subject.kind == SubjectKind::company) return "it is asked of the company without an end";
  if (rule.subject.kind == SubjectKind::team && decided.history.supplier.count("left") == 0) {
    return "it is asked as long as anybody is in the team, and no file of this history says when people leave";
  }
  if (rule.subject.kind == SubjectKind::person && !may_leave(decided.history, c.key.subject)) {
    return fmt::format("it is asked as long as {} is with the company, and no {} says when that ends", c.key.subject,
                       decided.history.supplier.count("left") > 0 ? "row of people" : "file of this history");
  }
  if (rule.subject.kind != SubjectKind::deal) return {};
  if (rule.even_when_closed) return "it is asked even when the deal is closed";
  const eval::View& view = decided.looked.back().context.view;
  if (view.process()) return {};
  if (view.process_unknown())
    return "it is asked as long as the deal is open, and which process it follows, in which it could close, cannot be "
           "told";
  return "it is asked as long as the deal is open, and the deal follows no process in which it could close";
}

}  // namespace plumb::explain
