#include "eval/obligation.h"

#include <algorithm>

#include "eval/asked.h"
#include "eval/day.h"
#include "eval/lack.h"
#include "eval/openings.h"
#include "eval/own_calendar.h"
#include "eval/standing.h"
#include "eval/watch.h"
#include "eval/written.h"

namespace plumb::eval {

namespace {

constexpr std::size_t most_evidence = 20;

Truth about_stage(const model::Rule& rule, const Context& context) {
  const std::vector<Id<model::Stage>>& asked = rule.subject.stages;
  if (asked.empty()) return Truth::yes;
  if (!may_be_in(context.view, asked)) return Truth::no;
  return stage_is(context,
                  [&](Id<model::Stage> stage) { return stage && std::ranges::find(asked, stage) != asked.end(); });
}

std::size_t position(const std::vector<Id<model::Stage>>& path, Id<model::Stage> stage) {
  return static_cast<std::size_t>(std::find(path.begin(), path.end(), stage) - path.begin());
}

}  // namespace

namespace {

// A deadline at a day's end is decided by that day, and so is a waiver of it.
Waivable waivable(const RuleRun& run, const Obligation& obligation) {
  const Plan& plan = run.plan;
  const model::Rule& rule = run.rule;
  const auto person = [&](std::uint32_t p) {
    return p == nobody ? history::Dictionary::none : plan.history.people.names.ids[p];
  };
  Waivable asked;
  if (rule.subject.kind == model::SubjectKind::deal) asked.deal = plan.history.deals.ids[obligation.subject];
  if (rule.subject.kind == model::SubjectKind::person) asked.person = person(obligation.subject);
  asked.debtor = person(obligation.owed_by);
  asked.rule = plan.rule_words[run.rule_index];
  asked.opened = obligation.opened;
  asked.settled = obligation.verdict == Verdict::late ? obligation.deadline : obligation.settled;
  const bool runs = rule.shape == model::Shape::after || rule.shape == model::Shape::every ||
                    (rule.shape == model::Shape::while_ && rule.lapse);
  const bool at_deadline = runs && asked.settled.known() && asked.settled == obligation.deadline;
  asked.covered = at_deadline ? Instant{asked.settled.micros - 1} : asked.settled;
  if (!asked.covered.known()) return asked;
  const time::Calendar& own =
      own_calendar(plan, obligation.period, obligation.calendar, obligation.owed_by, obligation.opened);
  asked.day = at_deadline ? own.day_of(asked.covered) : day_in(plan, own, asked.covered);
  return asked;
}

// Kept stands before excused, and excused before what cannot be told and what was missed.
bool may_be_waived(const RuleRun& run, Verdict verdict) {
  const bool asked = verdict == Verdict::missed || verdict == Verdict::late || verdict == Verdict::cannot_tell;
  return asked && !run.plan.waivers.none();
}

Obligation waived(RuleRun& run, Obligation obligation) {
  const Verdict verdict = obligation.verdict;
  const Waivable what = waivable(run, obligation);
  const Waived found = run.plan.waivers.find(what);
  if (found.holds == Truth::no || (found.holds == Truth::unknown && verdict == Verdict::cannot_tell)) return obligation;
  obligation.verdict = found.holds == Truth::yes ? Verdict::excused : Verdict::cannot_tell;
  obligation.settled = what.settled;
  const Ground perhaps = found.in_time ? Ground::perhaps_covered : Ground::perhaps_waived;
  run.trace.reasons = {
      {found.holds == Truth::yes ? Ground::waived : perhaps, {}, {}, found.row.index, found.row.of_person}};
  run.trace.facts = {{.kind = FactKind::waiver, .member = found.row}};
  if (run.trace.evidence.size() >= most_evidence) run.trace.evidence.resize(most_evidence - 1);
  run.trace.use(found.row);
  return obligation;
}

void write_down(RuleRun& run, const Obligation& obligation) {
  Verdicts& out = run.verdicts;
  if (obligation.perhaps_kept.known() || obligation.perhaps_missed.known()) {
    out.earlier.push_back({static_cast<std::uint32_t>(out.size()), obligation.perhaps_kept, obligation.perhaps_missed,
                           false, obligation.surely_missed});
  }
  out.rule.push_back(run.rule_index);
  out.subject.push_back(obligation.subject);
  out.owed_by.push_back(obligation.owed_by);
  out.opened.push_back(obligation.opened);
  out.deadline.push_back(obligation.deadline);
  out.settled.push_back(obligation.settled);
  out.verdict.push_back(obligation.verdict);
  out.period.push_back(obligation.period);
  out.calendar.push_back(obligation.calendar);
  out.responds_to.push_back(obligation.responds_to);
  out.reason_first.push_back(static_cast<std::uint32_t>(out.reasons.size()));
  out.evidence_first.push_back(static_cast<std::uint32_t>(out.evidence.size()));
  out.fact_first.push_back(static_cast<std::uint32_t>(out.facts.size()));
  out.reasons.insert(out.reasons.end(), run.trace.reasons.begin(), run.trace.reasons.end());
  const std::size_t shown = std::min(run.trace.evidence.size(), most_evidence);
  out.evidence.insert(out.evidence.end(), run.trace.evidence.begin(),
                      run.trace.evidence.begin() + static_cast<std::ptrdiff_t>(shown));
  if (obligation.verdict == Verdict::cannot_tell) {
    out.facts.insert(out.facts.end(), run.trace.facts.begin(), run.trace.facts.end());
  }
  if (run.watch) run.watch->written(out);
}

// Where it is unknown which moves were recorded by then, that would tell the stage.
void name_recordings(RuleRun& run, std::uint32_t deal) {
  const Plan& plan = run.plan;
  const auto stage = [](const Fact& fact) { return fact.kind == FactKind::stage; };
  if (plan.known_at == Instant::max() || std::ranges::none_of(run.trace.facts, stage)) return;
  constexpr std::size_t most = 10;
  const history::Timeline& events = plan.history.deal_events;
  std::vector<Fact> moves;
  for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1] && moves.size() < most; ++i) {
    if (events.kind[i] != plan.moved_kind || events.recorded[i].known()) continue;
    moves.push_back({.kind = FactKind::recorded, .member = {false, i}});
  }
  if (moves.empty()) return;
  std::erase_if(run.trace.facts, stage);
  for (const Fact& move : moves) run.trace.lack(move);
}

}  // namespace

void emit(RuleRun& run, const Obligation& found) {
  if (run.tried) return run.tried->push_back(found);
  if (run.rule.subject.kind == model::SubjectKind::deal) name_recordings(run, found.subject);
  const bool as_found = run.plan.calendars_told && run.plan.all_work && run.plan.waivers.none();
  if (as_found) return write_down(run, found);
  Obligation obligation = found;
  heed_calendar(run, obligation);
  if (may_be_waived(run, obligation.verdict)) return write_down(run, waived(run, obligation));
  write_down(run, obligation);
}

void emit_untold(RuleRun& run, View& view, Instant opened, Instant as_of) {
  const Instant then = opened.known() && as_of.known() ? as_of : opened;
  const std::uint32_t owner = debtor_of(run, view, then.known() ? then : run.plan.horizon);
  emit(run,
       {run.rule_index, subject_of(run, view), owner, opened, Instant::unknown(), opened, Verdict::cannot_tell, {}});
}

namespace {

// The `at most` of a stage on hold runs.
bool stands_still(const RuleRun& run) {
  const bool runs_on = run.rule.origin == model::RuleOrigin::at_most && run.plan.book.stages[run.rule.stage].on_hold;
  return run.plan.any_holds && !runs_on && !run.who.any();
}

}  // namespace

Instant deadline_of(const RuleRun& run, View& view, time::Duration d, Instant at, const time::Calendar& calendar,
                    Doubt doubt) {
  if (!stands_still(run)) return calendar.within(d, at);
  const bool by_date = view.by_day() && !is_clock(d.unit) && &calendar != &run.plan.calendars.front();
  if (!by_date) return within(calendar, d, at, view.hold_times(), doubt);
  return within(calendar, d, at, as_written(run.plan, view.hold_times(), calendar), doubt);
}

void lack_holds(RuleRun& run, View& view) {
  run.trace.reasons.push_back({Ground::unknown_hold, {}, {}, 0, 0});
  for (const Hold& hold : view.hold_times()) {
    if (!hold.perhaps) continue;
    if (hold.in_part) {
      for (std::uint32_t row : view.rows_by_day(hold.from))
        run.trace.lack({.kind = FactKind::time_of_day, .member = view.ref(row)});
      continue;
    }
    on_hold({.view = view,
             .cut = Instant{hold.from.micros + 1},
             .calendar = &run.plan.calendars.front(),
             .trace = &run.trace});
  }
}

// The process whose deals the rule asks something of: the one it names, or that of the stage it waits for.
Id<model::Process> process_of(const RuleRun& run) {
  if (run.rule.subject.process || !run.rule.trigger) return run.rule.subject.process;
  const Id<model::Stage> stage = run.plan.book.events[run.rule.trigger].stage;
  return stage ? run.plan.book.stages[stage].process : Id<model::Process>();
}

Truth applies(RuleRun& run, View& view, Instant at, std::uint32_t opening, const time::Calendar* calendar) {
  const model::Subject& subject = run.rule.subject;
  const Id<model::Process> process = process_of(run);
  if (process && !view.of_person() && !view.may_follow(process)) return Truth::no;
  if (process && view.process_unknown()) {
    run.trace.reasons.push_back({Ground::unknown_process, {}, {}, 0, 0});
    lack_process(view, process, view.created().known() ? view.created() : at, run.trace);
    return Truth::unknown;
  }
  if (subject.stages.empty() && !subject.where) return Truth::yes;
  const std::uint32_t person = view.of_person() ? view.subject() : nobody;
  const std::uint32_t whose =
      person != nobody || !run.plan.person_calendar ? person : debtor(run.plan, run.rule, view, at);
  const time::Calendar& days = calendar ? *calendar : run.plan.calendar_at(whose, at);
  Context context{.view = view, .cut = Instant{at.micros + 1}, .opening = opening, .calendar = &days};
  context.person = person;
  context.subject = subject.kind;
  const auto staged = [&](const Context& then) { return about_stage(run.rule, then); };
  const auto filtered = [&](const Context& then) { return subject.where ? holds(subject.where, then) : Truth::yes; };
  const auto asks = [&](const Context& then) { return both(staged(then), filtered(then)); };
  // What has a date alone may have come on that day before it, or after; a stretch begins with the day.
  const bool in_doubt = view.by_day() && run.rule.shape != model::Shape::while_;
  if (in_doubt) context.day_cut = run.plan.calendars.front().start_of(run.plan.calendars.front().day_of(at));
  const bool at_move = opening != UINT32_MAX && view.timeline().kind[opening] == run.plan.moved_kind;
  const auto told = [&](const auto& ask) {
    return in_doubt ? in_every_order(context, ask, at_move ? opening : UINT32_MAX) : ask(context);
  };
  const Truth about = told(asks);
  if (about != Truth::unknown) return about;
  const bool by_filter = told(filtered) == Truth::unknown;
  context.trace = &run.trace;
  if (staged(context) == Truth::unknown) lack_stage(context);
  filtered(context);
  run.trace.reasons.push_back({Ground::unknown_subject, by_filter ? subject.where : Id<model::Expr>(), {}, 0, 0});
  return Truth::unknown;
}

std::uint32_t manager_of(const Plan& plan, std::uint32_t person, time::Day day) {
  if (person == nobody || !plan.manager || !plan.fields[plan.manager.index()].dated) return nobody;
  const std::uint32_t row = person_row(plan.history.people, person, day);
  if (row == UINT32_MAX) return nobody;
  const std::int64_t word = plan.fields[plan.manager.index()].dated->values[row];
  return plan.person(word);
}

std::vector<std::uint32_t> members_of(const Plan& plan, std::uint32_t team, time::Day day) {
  const history::People& people = plan.history.people;
  std::vector<std::uint32_t> members;
  for (std::uint32_t p = 0; p < people.names.size(); ++p) {
    if (person_row(people, p, day) == UINT32_MAX || !employed(plan, p, day)) continue;
    if (team == nobody || team_of(plan, p, day) == team) members.push_back(p);
  }
  return members;
}

// Who manages a team may stand in it, and is managed by somebody else or by nobody.
std::uint32_t manager_of_all(const Plan& plan, const std::vector<std::uint32_t>& people, time::Day day) {
  const auto manages_all = [&](std::uint32_t manager) {
    return manager != nobody && std::ranges::all_of(people, [&](std::uint32_t person) {
             return person == manager || manager_of(plan, person, day) == manager;
           });
  };
  for (const std::uint32_t person : people) {
    if (const std::uint32_t manager = manager_of(plan, person, day); manages_all(manager)) return manager;
  }
  return nobody;
}

namespace {

// The person whom a field of the deal or of the person names.
std::uint32_t named_debtor(const Plan& plan, const std::string& name, View& view, Instant at) {
  const model::OwnerKind owner = view.of_person() ? model::OwnerKind::person : model::OwnerKind::deal;
  for (std::size_t i = 0; i < plan.book.fields.size(); ++i) {
    const Id<model::Field> id(i);
    const model::Field& field = plan.book.fields[id];
    if (field.owner != owner || field.type.kind != model::TypeKind::person || field.name != name) continue;
    Context context{.view = view, .cut = Instant{at.micros + 1}, .calendar = &plan.calendars.front()};
    context.person = view.of_person() ? view.subject() : nobody;
    const Value named = field_value(id, context);
    return named.known() ? plan.person(named.id) : nobody;
  }
  return nobody;
}

}  // namespace

bool of_one_day(const RuleRun& run, const View& view, const std::vector<Occurrence>& perhaps_nth) {
  const model::Event& event = run.plan.book.events[run.rule.trigger];
  const Occurrence &first = perhaps_nth.front(), &last = perhaps_nth.back();
  const Instant over = last_of(view, first.index);
  if (event.for_each_account || event.for_each_contact || !last.at_the_latest || first.at == over) return false;
  // None that nobody observed was it.
  return first.at.known() && last.at <= over && over < run.plan.horizon &&
         is_observed(view, event.parts.front(), view.created(), Instant{over.micros + 1});
}

std::uint32_t debtor(const Plan& plan, const model::Rule& rule, View& view, Instant at) {
  const std::uint32_t owner = view.owner_at(at);
  if (rule.owed_by.empty() || rule.owed_by == "owner" || rule.owed_by == "person") return owner;
  const time::Day day = plan.calendar_at(owner, at).day_of(at);
  if (rule.owed_by == "manager") return manager_of(plan, owner, day);
  if (rule.owed_by != "team manager") return named_debtor(plan, rule.owed_by, view, at);
  const std::uint32_t team = owner == nobody ? nobody : team_of(plan, owner, day);
  return team == nobody ? nobody : manager_of_all(plan, members_of(plan, team, day), day);
}

Truth event_happened(Id<model::Event> event, const Context& context);  // aggregate.cpp

Truth expectation(const model::Rule& rule, const Context& context) {
  return rule.expect ? holds(rule.expect, context) : event_happened(rule.expect_event, context);
}

void explain_expectation(const model::Rule& rule, const Context& context, Truth outcome) {
  if (rule.expect) return explain(rule.expect, context, outcome);
  const Ground ground = outcome == Truth::yes  ? Ground::happened
                        : outcome == Truth::no ? Ground::nothing_happened
                                               : Ground::unknown;
  context.trace->reasons.push_back({ground, {}, rule.expect_event, 0, 0});
  event_happened(rule.expect_event, context);
}

void lack_time(RuleRun& run, EventRef row) {
  run.trace.lack({.kind = FactKind::time_of_day, .member = row});
  run.trace.reasons.push_back({Ground::day_only, {}, {}, row.index, row.of_person});
}

Unsettled unsettled(const RuleRun& run, View& view, Instant opened, Instant sooner, Instant later) {
  const std::vector<Hold> none, &holds = stands_still(run) ? view.hold_times() : none;
  const bool in_part = later != Instant::max() && std::all_of(holds.begin(), holds.end(), [&](const Hold& hold) {
                         return !hold.perhaps || hold.in_part || hold.until <= opened || hold.from >= later;
                       });
  if (!in_part) return {false, sooner};
  return later > run.plan.horizon ? Unsettled{true, Instant::unknown()} : Unsettled{false, later};
}

void lack_turn(RuleRun& run, View& view, Instant turn, Id<model::Expr> condition) {
  std::vector<EventRef> rows = rows_by_day(run, view, turn);
  if (rows.empty()) return;
  Trace used;
  holds(condition, {.view = view,
                    .cut = Instant{turn.micros + 1},
                    .person = run.who.any() || !view.of_person() ? run.who.person : view.subject(),
                    .team = run.who.team,
                    .subject = run.rule.subject.kind,
                    .calendar = &run.plan.calendars.front(),
                    .trace = &used});
  const auto is_used = [&](EventRef row) { return std::ranges::find(used.evidence, row) != used.evidence.end(); };
  if (std::ranges::any_of(rows, is_used)) std::erase_if(rows, [&](EventRef row) { return !is_used(row); });
  for (const EventRef row : rows) lack_time(run, row);
}

bool lack_times(RuleRun& run, Context strict) {
  Trace lacking;
  strict.trace = &lacking;
  expectation(run.rule, strict);
  bool any = false;
  for (const Fact& fact : lacking.facts) {
    if (fact.kind != FactKind::time_of_day) continue;
    any = true;
    if (fact.member != no_event) {
      lack_time(run, fact.member);
    } else {
      run.trace.lack(fact);
    }
  }
  return any;
}

bool in_force(const RuleRun& run, Instant at) {
  const time::Calendar& days = run.plan.calendars.front();
  const std::optional<time::Day> from = run.rule.effective_from, until = run.rule.effective_until;
  return (!from || at >= days.start_of(*from)) && (!until || at < days.start_of(*until));
}

bool is_first(const RuleRun& run, Instant before) {
  const std::optional<time::Day>& from = run.rule.effective_from;
  return earlier_versions(run).empty() && (!from || run.plan.calendars.front().start_of(*from) < before);
}

std::vector<std::uint32_t> earlier_versions(const RuleRun& run) {
  std::vector<std::uint32_t> rows;
  const std::vector<model::Rule>& rules = run.plan.book.rules;
  for (std::optional<std::uint32_t> row = run.rule.same_as; row; row = rules[*row].same_as) {
    const std::optional<time::Day>& until = rules[*row].effective_until;
    if (until && run.rule.effective_from && *until <= *run.rule.effective_from) rows.insert(rows.begin(), *row);
  }
  return rows;
}

std::vector<std::uint32_t> later_versions(const RuleRun& run) {
  std::vector<std::uint32_t> rows;
  const std::vector<model::Rule>& rules = run.plan.book.rules;
  if (!run.rule.effective_until) return rows;
  for (std::uint32_t row = run.rule_index + 1; row < rules.size() && rules[row].same_as == row - 1; ++row) {
    if (rules[row].effective_from && *rules[row].effective_from >= *run.rule.effective_until) rows.push_back(row);
  }
  return rows;
}

Truth moves_on(const RuleRun& run, const View& view, std::uint32_t move) {
  // As the stage's own process has it, which the deal may follow or does.
  const Id<model::Process> of = run.plan.book.stages[run.rule.stage].process;
  for (const Visit& visit : view.visits()) {
    Id<model::Stage> from = view.stage_of(visit.from_word, of);
    const Id<model::Stage> entered = view.stage_of(visit.word, of);
    // Where nobody knows which stage it came from, that one.
    const bool unknown = visit.from_word == history::unreadable;
    if (visit.index != move || (!from && !visit.hidden && !unknown)) continue;
    if (visit.perhaps_from || !from) from = run.rule.stage;
    if (!entered || visit.hidden) return Truth::unknown;
    const model::StageEnd end = run.plan.book.stages[entered].end;
    if (end != model::StageEnd::open) return truth(end == model::StageEnd::won);
    const model::Process& process = run.plan.book.processes[of];
    const auto& order = process.path.empty() ? process.stages : process.path;
    const std::size_t to = position(order, entered);
    return truth(to < order.size() && to > position(order, from));
  }
  return Truth::no;
}

}  // namespace plumb::eval
