#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"
#include "time/time.h"

/// A small world, put together by hand, for the tests of the renderings.
namespace plumb::report {

inline time::Instant at(int year, int month, int day, int hour = 0, int minute = 0) {
  const std::int64_t minutes = hour * 60 + minute;
  return time::Instant{(std::int64_t{time::day_of(year, month, day)->days} * 1440 + minutes) * 60 *
                       time::micros_per_second};
}

/// One row of the verdicts; what is left out is unknown.
struct Obligation {
  std::uint32_t rule = 0;
  std::uint32_t subject = 0;
  std::uint32_t owed_by = eval::nobody;
  eval::Verdict verdict = eval::Verdict::kept;
  time::Instant opened, deadline, settled;
  time::Interval period;
  std::vector<eval::Reason> reasons;
  std::vector<eval::EventRef> evidence;
  std::vector<eval::Fact> facts;
};

struct Sample {
  model::Rulebook rulebook;
  history::History history;
  eval::Evaluation evaluation;

  enum : std::uint32_t { next_step, phone, report, way };  // the rules
  enum : std::uint32_t { ana, ben, zoe };                  // the people
  Id<model::Field> next_step_on, goal;
  Id<model::Activity> meeting;
  Id<model::Event> held, enters;
  Id<model::Expr> next_step_known, share;

  Sample() {
    make_rulebook();
    make_history();
    evaluation.horizon = at(2026, 3, 31);
    for (auto* first : {&verdicts().reason_first, &verdicts().evidence_first, &verdicts().fact_first}) {
      first->push_back(0);
    }
  }

  eval::Verdicts& verdicts() { return evaluation.verdicts; }

  void add(const Obligation& o) {
    eval::Verdicts& v = verdicts();
    v.rule.push_back(o.rule);
    v.subject.push_back(o.subject);
    v.owed_by.push_back(o.owed_by);
    v.opened.push_back(o.opened);
    v.deadline.push_back(o.deadline);
    v.settled.push_back(o.settled);
    v.verdict.push_back(o.verdict);
    v.period.push_back(o.period);
    v.calendar.push_back(0);
    v.responds_to.push_back(eval::no_row);
    v.reasons.insert(v.reasons.end(), o.reasons.begin(), o.reasons.end());
    v.evidence.insert(v.evidence.end(), o.evidence.begin(), o.evidence.end());
    v.facts.insert(v.facts.end(), o.facts.begin(), o.facts.end());
    v.reason_first.push_back(static_cast<std::uint32_t>(v.reasons.size()));
    v.evidence_first.push_back(static_cast<std::uint32_t>(v.evidence.size()));
    v.fact_first.push_back(static_cast<std::uint32_t>(v.facts.size()));
  }

  Input input() const { return {rulebook, history, evaluation, "rules.plumb", "history", false, ""}; }

 private:
  void make_rulebook() {
    rulebook.name = "acme.sales";
    rulebook.title = "How Acme sells";
    rulebook.version = "1.2.0";
    model::Activity activity;
    activity.name = "meeting";
    meeting = rulebook.activities.add(activity);
    model::Field field;
    field.name = "next_step_on";
    field.type.kind = model::TypeKind::date;
    next_step_on = rulebook.fields.add(field);
    field.name = "goal";
    field.owner = model::OwnerKind::activity;
    field.activity = meeting;
    goal = rulebook.fields.add(field);
    make_events();
    model::Expr known;
    known.op = model::Op::known;
    known.words = "next_step_on is known";
    next_step_known = rulebook.exprs.add(known);
    model::Expr measured;
    measured.type.kind = model::TypeKind::percent;
    const Id<model::Expr> of = rulebook.exprs.add(measured);
    model::Expr compared;
    compared.op = model::Op::compare;
    compared.args = {of, of};
    compared.words = "share of calls where channel is phone is at least 60%";
    share = rulebook.exprs.add(compared);
    make_rules();
  }

  void make_events() {
    model::Event event;
    event.kind = model::EventKind::activity;
    event.activity = meeting;
    event.words = "meeting";
    event.name = "held_meeting";
    held = rulebook.events.add(event);
    event = {};
    event.kind = model::EventKind::enters;
    event.words = "enters proposal";
    enters = rulebook.events.add(event);
  }

  void make_rules() {
    model::Rule rule;
    rule.name = "agreed_next_step";
    rule.title = "A next step is agreed";
    rule.right = model::Right::time;
    rule.expect = next_step_known;
    rule.sentence = "After each held_meeting, next_step_on is known within 2 business days.";
    model::Response response;
    response.verdict = "missed";
    response.text = "Agree the date with the buyer.";
    response.by = "owner";
    response.within = time::Duration{2, time::Unit::business_days};
    rule.responses = {response};
    rulebook.rules.push_back(rule);
    rule = {};
    rule.name = "phone_first";
    rule.strength = model::Strength::should;
    rule.right = model::Right::way;
    rule.subject.kind = model::SubjectKind::person;
    rule.expect = share;
    rulebook.rules.push_back(rule);
    rule = {};
    rule.name = "weekly_report";
    rule.right = model::Right::time;
    rule.subject.kind = model::SubjectKind::team;
    rule.period = time::Period::week;
    rule.expect_event = held;
    rulebook.rules.push_back(rule);
    rule = {};
    rule.name = "new_business.needs.to_enter";
    rule.origin = model::RuleOrigin::to_enter;
    rule.expect = next_step_known;
    rulebook.rules.push_back(rule);
  }

  void make_history() {
    for (const char* id : {"D1", "D2", "D3"}) history.deals.ids.push_back(history.words.add(id));
    for (const char* id : {"ana", "ben", "zoe"}) history.people.names.ids.push_back(history.words.add(id));
    history.files = {"deals.csv", "events.csv"};
    history.supplier = {{"next_step_on", "deals.csv column `next step`"}, {"meeting", "events.csv"}};
    history.kinds = {{"created", history::KindClass::created, {}},
                     {"meeting", history::KindClass::activity, {}},
                     {"moved", history::KindClass::move, {}}};
    history::Column to;
    to.name = "to";
    to.values = {history::missing, history.words.add("proposal")};
    history.kinds[2].columns = {to};
    history::Timeline& events = history.deal_events;
    events.at = {at(2026, 3, 3, 10), time::Instant::unknown(), at(2026, 3, 4), at(2026, 3, 5)};
    events.kind = {1, 0, 2, 2};
    events.row = {0, 0, 1, 0};
    events.by_day = {0, 0, 1, 0};
    events.origin.lines_before = {0, 100};
    for (const history::Origin row : {history::Origin{1, 12}, {}, {1, 13}, {1, 14}}) events.origin.push_back(row);
    verdicts().teams = {"north"};
  }
};

}  // namespace plumb::report
