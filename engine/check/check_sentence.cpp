#include "check/passes.h"
#include "time/names.h"

namespace plumb::check {

namespace {

using model::EventKind;
using model::Rule;
using model::RuleOrigin;
using model::Shape;

/// What opens an obligation, after "each"; the stage's and the field's own event get their noun.
std::string occurrence(const model::Rulebook& book, Id<model::Event> id) {
  const model::Event& event = book.events[id];
  if (!event.name.empty()) return fmt::format("each {}", event.name);
  switch (event.kind) {
    case EventKind::enters: return fmt::format("each entry into {}", book.stages[event.stage].name);
    case EventKind::leaves: return fmt::format("each exit from {}", book.stages[event.stage].name);
    case EventKind::changed: return fmt::format("each change of {}", book.fields[event.field].name);
    case EventKind::created: return "its creation";
    case EventKind::won: return "each win";
    case EventKind::lost: return "each loss";
    case EventKind::reopened: return "each reopening";
    case EventKind::starts_leave: return "each start of leave";
    case EventKind::any_of: return event.words;
    default: return fmt::format("each {}", event.words);
  }
}

std::string point(const model::Point& point) {
  std::string result;
  if (point.weekday) result += fmt::format(" {}", time::weekday_word(*point.weekday));
  if (point.day_number) result += fmt::format(" {}day {}", point.business ? "business " : "", *point.day_number);
  if (point.micros_of_day) {
    const std::int64_t minutes = *point.micros_of_day / (60 * time::micros_per_second);
    result += fmt::format(" {:02}:{:02}", minutes / 60, minutes % 60);
  }
  return result;
}

std::string period(const Rule& rule) {
  const std::string_view name = rule.period ? time::to_text(*rule.period) : "period";
  std::string result = fmt::format("Every {}", name);
  if (!rule.point) return result;
  result += fmt::format(" by{}", point(*rule.point));
  if (rule.point->of_period_after) result += fmt::format(" of the {} after", name);
  if (rule.point->or_next_business_day) result += " or the next business day";
  return result;
}

std::string opening(const model::Rulebook& book, const Rule& rule) {
  if (rule.origin == RuleOrigin::to_move_on)
    return fmt::format("At each move on from {}", book.stages[rule.stage].name);
  switch (rule.shape) {
    case Shape::after: return fmt::format("After {}", occurrence(book, rule.trigger));
    case Shape::before: return fmt::format("Before {}", occurrence(book, rule.trigger));
    case Shape::at: return fmt::format("At {}", occurrence(book, rule.trigger));
    case Shape::while_: return fmt::format("While {}", book.exprs[rule.while_condition].words);
    case Shape::every: return period(rule);
    case Shape::throughout: return "Throughout";
  }
  return {};
}

std::string adjustment(const model::Rulebook& book, const model::Adjustment& by) {
  switch (by.by) {
    case model::Adjustment::For::holidays: return "holidays";
    case model::Adjustment::For::ramp: return "ramp";
    case model::Adjustment::For::field: return book.fields[by.field].name;
    case model::Adjustment::For::leave: break;
  }
  return by.longer_than ? fmt::format("leave longer than {}", time::to_text(*by.longer_than)) : "leave";
}

std::string limits(const model::Rulebook& book, const Rule& rule) {
  std::string result;
  if (rule.within) result += fmt::format(", within {}", time::to_text(*rule.within));
  if (rule.ahead) result += fmt::format(", at least {} ahead", time::to_text(*rule.ahead));
  if (rule.lapse) result += fmt::format(", with a lapse of at most {} at a time", time::to_text(*rule.lapse));
  for (const model::Given& given : rule.given) {
    result += fmt::format(", given at least {} {}", given.count, book.exprs[given.population].words);
  }
  if (rule.averaged_over) {
    const auto& [count, unit] = *rule.averaged_over;
    result += fmt::format(", averaged over {} {}{}", count, time::to_text(unit), count == 1 ? "" : "s");
  }
  for (std::size_t i = 0; i < rule.adjusted_for.size(); ++i) {
    result += fmt::format("{}{}", i == 0 ? ", adjusted for " : ", ", adjustment(book, rule.adjusted_for[i]));
  }
  if (rule.each_its_own) result += ", each its own";
  if (rule.even_when_closed) result += ", even when closed";
  if (rule.late_counts_as)
    result += fmt::format(", late counts as {}", *rule.late_counts_as == model::VerdictWord::kept ? "kept" : "missed");
  return result;
}

std::string debtor(const Rule& rule) {
  const bool deal = rule.subject.kind == model::SubjectKind::deal;
  if (!rule.owed_by.empty() && rule.owed_by != "person") {
    if (rule.owed_by == "manager") return deal ? "the owner's manager" : "the manager";
    if (rule.owed_by == "team manager") return "the team's manager";
    return fmt::format("the {} {}", deal ? "deal's" : "person's", rule.owed_by);
  }
  if (deal) return "the deal's owner";
  if (rule.subject.kind == model::SubjectKind::person) return "the person";
  return rule.subject.kind == model::SubjectKind::team ? "the team's manager" : "the company";
}

}  // namespace

std::string sentence_of(const model::Rulebook& book, const Rule& rule, std::string_view subject) {
  const std::string& expected =
      rule.expect_event ? book.events[rule.expect_event].words : book.exprs[rule.expect].words;
  return fmt::format("{}, for {}: {}{}; owed by {}.", opening(book, rule), subject, expected, limits(book, rule),
                     debtor(rule));
}

}  // namespace plumb::check
