#include "property/twin/waivers.h"

#include <algorithm>

namespace plumb::twin {

namespace {

Waiver waiver_of(const World& world, const Fact& fact) {
  const auto cell = [&](const char* column) { return fact.table->cell(fact.row, column); };
  Waiver waiver{cell("rule"), {}, cell("owed_by"), {}, fact.at, {}, {}, fact.recorded, {}, true, {}};
  const auto day = [&](const char* column) {
    const std::string text = cell(column);
    const Day found = read_time(text).day;
    if (!text.empty() && !found.known()) waiver.readable = false;
    return found;
  };
  if (fact.deal != SIZE_MAX) {
    waiver.deal = world.deals[fact.deal].id;
  } else {
    waiver.deal = cell("deal");
    // Nobody lets himself off.
    if (fact.actor == fact.person) waiver.himself = fact.person;
    if (waiver.person.empty() && fact.actor != fact.person) waiver.person = fact.person;
  }
  if (const std::string text = cell("opened"); !text.empty()) {
    waiver.opened = read_time(text).at;
    if (!waiver.opened.known()) waiver.readable = false;
  }
  waiver.from = day("from"), waiver.to = day("to");
  waiver.recorded_at_latest = fact.recorded.value_or(Instant::unknown());
  if (fact.by_day && waiver.recorded_at_latest == fact.at) waiver.recorded_at_latest = {fact.latest.micros + 1};
  return waiver;
}

bool fits(const Waiver& waiver, const model::Rule& rule, const Told& told) {
  const bool of_deal = rule.subject.kind == model::SubjectKind::deal;
  const bool of_person = rule.subject.kind == model::SubjectKind::person;
  if (waiver.deal.empty() && waiver.person.empty() && waiver.rule.empty()) return false;  // it names nothing
  if (!waiver.deal.empty() && !(of_deal && waiver.deal == told.subject)) return false;
  const bool his = (of_person && waiver.person == told.subject) || waiver.person == told.owed_by;
  if (!waiver.person.empty() && !his) return false;
  const bool own = (of_person && waiver.himself == told.subject) || waiver.himself == told.owed_by;
  if (!waiver.himself.empty() && own) return false;
  if (!waiver.rule.empty() && waiver.rule != rule.name) return false;
  return !waiver.opened.known() || waiver.opened.micros == told.opened;
}

// The calendar in which it runs: a period's is that of whom it is asked of, everything else its debtor's.
const Clock& clock_of(const World& world, const model::Rule& rule, const Told& told) {
  const Instant opened{told.opened};
  const bool periodic = rule.shape == model::Shape::every && !rule.responds_to;
  if (!periodic) return twin::clock_of(world, told.owed_by, opened);
  const bool of_person = rule.subject.kind == model::SubjectKind::person;
  if (!of_person && rule.subject.kind != model::SubjectKind::deal) return world.usual();
  for (const Clock& clock : world.clocks) {
    const Day day = clock.day_of(opened);
    const bool his = &twin::clock_of(world, of_person ? told.subject : told.owed_by, day) == &clock;
    if (his && clock.start_of(day) == opened) return clock;
  }
  return world.usual();
}

// The day of what decides. What may have come with a date alone is of that date, wherever the calendar is.
Day day_of(const World& world, const Clock& clock, Instant covered, bool at_deadline) {
  const Day date = world.usual().day_of(covered);
  const bool begins = world.usual().start_of(date) == covered,
             ends = world.usual().end_of(date).micros - 1 == covered.micros;
  const auto dated = [](const auto& each) { return std::ranges::any_of(each.facts, &Fact::by_day); };
  const bool any = std::ranges::any_of(world.deals, dated) || std::ranges::any_of(world.people, dated);
  return any && !at_deadline && (begins || ends) ? date : clock.day_of(covered);
}

Tri covers(const Waiver& waiver, Instant covered, Day day, Instant settled) {
  if (waiver.from.known() ? day < waiver.from : covered < waiver.since) return Tri::no;
  if (waiver.to.known() && day > waiver.to) return Tri::no;
  if (waiver.recorded && *waiver.recorded >= settled) return Tri::no;
  const bool in_time = waiver.recorded && waiver.recorded_at_latest <= settled;
  const bool since = waiver.from.known() || waiver.since.known();
  return in_time && waiver.readable && since ? Tri::yes : Tri::unknown;
}

}  // namespace

std::vector<Waiver> waivers_of(const World& world) {
  std::vector<Waiver> all;
  const auto add = [&](const std::vector<Fact>& facts) {
    for (const Fact& fact : facts) {
      if (fact.record && fact.name == "waiver") all.push_back(waiver_of(world, fact));
    }
  };
  for (const Deal& deal : world.deals) add(deal.facts);
  for (const Person& person : world.people) add(person.facts);
  return all;
}

void waive(const World& world, const std::vector<Waiver>& waivers, const model::Rule& rule, Told& told) {
  const bool cannot_tell = told.verdict == "cannot tell";
  if (told.verdict != "missed" && told.verdict != "late" && !cannot_tell) return;
  const Instant settled{told.verdict == "late" ? told.deadline : told.settled};
  // A deadline at a day's end is of that day.
  const bool clock = rule.shape == model::Shape::after || rule.shape == model::Shape::every ||
                     (rule.shape == model::Shape::while_ && rule.lapse);
  const bool at_deadline = clock && settled.known() && settled.micros == told.deadline;
  const Instant covered = at_deadline ? Instant{settled.micros - 1} : settled;
  const Day day = covered.known() ? day_of(world, clock_of(world, rule, told), covered, at_deadline) : Day{};
  Tri waived = Tri::no;
  for (const Waiver& each : waivers) {
    if (fits(each, rule, told)) waived = either(waived, covers(each, covered, day, settled));
  }
  if (waived == Tri::no || (waived == Tri::unknown && cannot_tell)) return;
  const bool sure = waived == Tri::yes;
  settle(told, sure ? "excused" : "cannot tell", {told.deadline}, settled, sure ? "waived" : "perhaps waived");
}

}  // namespace plumb::twin
