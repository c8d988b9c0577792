#include "property/twin/waivers.h"

#include <algorithm>

namespace plumb::twin {

namespace {

Waiver waiver_of(const World& world, const Fact& fact) {
  const Clock& clock = world.usual();
  const auto cell = [&](const char* column) { return fact.table->cell(fact.row, column); };
  Waiver waiver{cell("rule"), {}, cell("owed_by"), {}, fact.at, Instant::max(), fact.recorded, {}, true, {}};
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
  if (const Day from = day("from"); from.known()) waiver.from = clock.start_of(from);
  if (const Day to = day("to"); to.known()) waiver.until = clock.end_of(to);
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

Tri covers(const Waiver& waiver, Instant covered, Instant settled) {
  if (covered < waiver.from || covered >= waiver.until) return Tri::no;
  if (waiver.recorded && *waiver.recorded >= settled) return Tri::no;
  const bool in_time = waiver.recorded && waiver.recorded_at_latest <= settled;
  return in_time && waiver.readable && waiver.from.known() ? Tri::yes : Tri::unknown;
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

void waive(const std::vector<Waiver>& waivers, const model::Rule& rule, Told& told) {
  const bool cannot_tell = told.verdict == "cannot tell";
  if (told.verdict != "missed" && told.verdict != "late" && !cannot_tell) return;
  const Instant settled{told.verdict == "late" ? told.deadline : told.settled};
  // A deadline at a day's end is of that day.
  const bool clock = rule.shape == model::Shape::after || rule.shape == model::Shape::every ||
                     (rule.shape == model::Shape::while_ && rule.lapse);
  const bool at_deadline = clock && settled.known() && settled.micros == told.deadline;
  const Instant covered = at_deadline ? Instant{settled.micros - 1} : settled;
  Tri waived = Tri::no;
  for (const Waiver& each : waivers) {
    if (fits(each, rule, told)) waived = either(waived, covers(each, covered, settled));
  }
  if (waived == Tri::no || (waived == Tri::unknown && cannot_tell)) return;
  const bool sure = waived == Tri::yes;
  settle(told, sure ? "excused" : "cannot tell", {told.deadline}, settled, sure ? "waived" : "perhaps waived");
}

}  // namespace plumb::twin
