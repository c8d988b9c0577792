#include "report/words.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "report/escape.h"
#include "report/told.h"

namespace plumb::report {

namespace {

std::string quoted(std::string_view words) { return fmt::format("`{}`", words); }

std::string atom_words(const Input& input, Id<model::Expr> atom) {
  return atom ? quoted(input.rulebook.exprs[atom].words) : std::string("the condition");
}

std::string event_words(const Input& input, Id<model::Event> event) {
  if (!event) return "what was expected";
  const model::Event& e = input.rulebook.events[event];
  return quoted(e.name.empty() ? e.words : e.name);
}

/// A measured value in the unit of the atom that compares it. Unit: millionths.
std::string value_text(const Input& input, const eval::Reason& reason, std::int64_t millionths) {
  model::Type type;
  if (reason.atom && !input.rulebook.exprs[reason.atom].args.empty()) {
    type = input.rulebook.exprs[input.rulebook.exprs[reason.atom].args[0]].type;
  }
  if (type.kind == model::TypeKind::duration) {
    const std::string unit = time::to_text(time::Duration{millionths == Decimal::scale ? 1 : 2, type.unit}).substr(2);
    return fmt::format("{} {}", plumb::to_text(Decimal{millionths}), unit);
  }
  if (type.kind == model::TypeKind::percent) return plumb::to_text(Decimal{millionths * 100}) + "%";
  const std::string number = plumb::to_text(Decimal{millionths});
  if (reason.currency == 0) return number;
  return fmt::format("{} {}", number, currency_text(input.rulebook, input.history, reason.currency));
}

/// The record that a reason names by its number.
std::string record_words(const Input& input, std::int64_t record) {
  return quoted(input.rulebook.records[Id<model::Record>(static_cast<std::size_t>(record))].name);
}

}  // namespace

std::vector<bool> chosen_rules(const Input& input) {
  std::vector<bool> chosen;
  chosen.reserve(input.rulebook.rules.size());
  for (const model::Rule& rule : input.rulebook.rules) {
    const bool answers = rule.responds_to && input.only_rule == input.rulebook.rules[rule.responds_to->rule].name;
    chosen.push_back(input.only_rule.empty() || input.only_rule == rule.name || answers);
  }
  return chosen;
}

std::string row_text(const Input& input, history::Origin origin) {
  const bool named = origin.file < input.history.files.size();
  return named ? fmt::format(" ({}:{})", input.history.files[origin.file], origin.line) : std::string();
}

std::string_view person_name(const Input& input, std::uint32_t person) {
  return input.history.words[input.history.people.names.ids[person]];
}

std::string_view subject_of(const Input& input, std::size_t row) {
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  const std::uint32_t subject = verdicts.subject[row];
  switch (input.rulebook.rules[verdicts.rule[row]].subject.kind) {
    case model::SubjectKind::deal: return input.history.words[input.history.deals.ids[subject]];
    case model::SubjectKind::person: return person_name(input, subject);
    case model::SubjectKind::team: return verdicts.teams[subject];
    case model::SubjectKind::company: break;
  }
  return "the company";
}

std::string_view owed_by(const Input& input, std::size_t row) {
  const std::uint32_t person = input.evaluation.verdicts.owed_by[row];
  return person == eval::nobody ? std::string_view{} : person_name(input, person);
}

std::string who_text(const Input& input, std::size_t row) {
  const std::string_view subject = subject_of(input, row);
  const eval::Verdicts& verdicts = input.evaluation.verdicts;
  const bool of_person = input.rulebook.rules[verdicts.rule[row]].subject.kind == model::SubjectKind::person;
  if (of_person && verdicts.owed_by[row] == verdicts.subject[row]) return std::string(subject);
  const std::string_view owner = owed_by(input, row);
  const bool company = input.rulebook.rules[verdicts.rule[row]].subject.kind == model::SubjectKind::company;
  if (owner.empty() && company) return std::string(subject);
  if (owner.empty()) return fmt::format("{}, the data does not say who owes it", subject);
  return fmt::format("{}, owed by {}", subject, owner);
}

std::string_view right_word(model::Right right) {
  static constexpr std::array<std::string_view, 4> words{"", "thing", "way", "time"};
  return words[static_cast<std::size_t>(right)];
}

std::string_view stage_words(const Input& input, std::int64_t id) {
  const auto row = static_cast<std::size_t>(id);
  return row < input.rulebook.stages.size() ? std::string_view(input.rulebook.stages[Id<model::Stage>(row)].name)
                                            : std::string_view("no stage");
}

// `needs` -> `won`; a beginning where there is no stage before.
std::string move_text(const Input& input, const eval::Reason& reason) {
  const auto stage = [&](std::int64_t id) {
    return id < 0 ? std::string("a stage that the rulebook does not have") : quoted(stage_words(input, id));
  };
  if (reason.amount < 0) return fmt::format("beginning in {}", stage(reason.of_amount));
  return fmt::format("move {} -> {}", stage(reason.amount), stage(reason.of_amount));
}

namespace {

/// `waived by max: she is on a course`, as far as the record says.
std::string waiver_text(const Input& input, const eval::Reason& reason, std::string_view start) {
  const history::History& history = input.history;
  const history::Timeline& events = reason.of_amount != 0 ? history.person_events : history.deal_events;
  const auto index = static_cast<std::size_t>(reason.amount);
  std::string text(start);
  if (events.actor[index] != UINT32_MAX) text += fmt::format(" by {}", person_name(input, events.actor[index]));
  for (const history::Column& column : history.kinds[events.kind[index]].columns) {
    const std::int64_t why = column.values[events.row[index]];
    if (column.name != "why" || column.type != history::ValueType::text || !history::is_value(why)) continue;
    text += fmt::format(": {}", history.words[static_cast<std::uint32_t>(why)]);
  }
  return text;
}

std::string calendar_words(const Input& input, std::int64_t number) {
  const auto row = static_cast<std::size_t>(number);
  const bool named = row < input.rulebook.calendars.size() && !input.rulebook.calendars[row].name.empty();
  return named ? fmt::format("the calendar {}", quoted(input.rulebook.calendars[row].name)) : "the calendar";
}

// Whole units, which may be too many for a decimal.
std::string units_text(std::int64_t units) { return plumb::to_text(Millionths{units} * Decimal::scale); }

/// `8 asked`; of what is not to be exceeded `2 allowed`. The value is in the words of its unit.
std::string asked_text(const Input& input, const eval::Reason& reason, const std::string& value) {
  const model::Comparison comparison =
      reason.atom ? input.rulebook.exprs[reason.atom].comparison : model::Comparison::is;
  switch (comparison) {
    case model::Comparison::more_than: return fmt::format("more than {} asked", value);
    case model::Comparison::at_most: return fmt::format("{} allowed", value);
    case model::Comparison::less_than: return fmt::format("less than {} allowed", value);
    default: return fmt::format("{} asked", value);
  }
}

// `more than` where more than an amount is asked, which has no least.
std::string still_asked_text(const Input& input, const eval::Reason& reason) {
  bool strict = false;
  if (reason.atom && !input.rulebook.exprs[reason.atom].args.empty()) {
    const model::Expr& atom = input.rulebook.exprs[reason.atom];
    const bool counted = input.rulebook.exprs[atom.args[0]].type.kind == model::TypeKind::count;
    strict = atom.comparison == model::Comparison::more_than && !counted;
  }
  return fmt::format("{}{} still needed", strict ? "more than " : "", value_text(input, reason, reason.amount));
}

/// `15 of 22 working days asked`: what is left of the whole.
std::string adjusted_text(const eval::Reason& reason) {
  const std::string percent = plumb::to_text(Decimal{reason.amount * 100});
  if (reason.of_amount == 0) return fmt::format("{}% of the whole asked, after what it is adjusted for", percent);
  constexpr std::int64_t hundredth = Decimal::scale / 100;
  const std::int64_t days = (reason.amount * reason.of_amount + hundredth / 2) / hundredth * hundredth;
  return fmt::format("{} of {} asked ({}%)", plumb::to_text(Decimal{days}),
                     count_text(static_cast<std::uint64_t>(reason.of_amount), "working day", "working days"), percent);
}

std::string holiday_text(const Input& input, const eval::Reason& reason) {
  const time::Day day{static_cast<std::int32_t>(reason.amount)};
  const auto number = static_cast<std::size_t>(reason.of_amount);
  std::string text = fmt::format("{} is a holiday", day_words(day));
  if (number >= input.rulebook.calendars.size()) return text;
  const model::Calendar& calendar = input.rulebook.calendars[number];
  const auto& holidays = calendar.spec.holidays;
  const auto row = static_cast<std::size_t>(std::find(holidays.begin(), holidays.end(), day) - holidays.begin());
  const bool named = row < calendar.holiday_names.size() && !calendar.holiday_names[row].empty();
  return named ? fmt::format("{} ({})", text, calendar.holiday_names[row]) : text;
}

// Rows about a person that are several have no place of their own.
std::string percentage_text(const Input& input, const eval::Reason& reason) {
  const history::People& people = input.history.people;
  const auto row = static_cast<std::uint32_t>(reason.amount);
  const std::string& name = input.rulebook.fields[Id<model::Field>(static_cast<std::size_t>(reason.of_amount))].name;
  const std::uint32_t person = history::owner_of_row(people.first, row);
  std::string value = "unknown";
  for (const history::Column& column : people.columns) {
    if (column.name == name) value = plumb::to_text(Millionths{column.values[row]} * 100) + "%";
  }
  const std::string since = people.from[row].known() ? fmt::format(" from {} on", day_words(people.from[row])) : "";
  const bool alone = people.first[person + 1] - people.first[person] == 1;
  return fmt::format("{} of {} is {}{}{}", name, person_name(input, person), value, since,
                     alone ? row_text(input, people.names.origin[person]) : "");
}

}  // namespace

std::string reason_text(const Input& input, const eval::Reason& reason, eval::Verdict verdict) {
  const std::string_view by_now = verdict == eval::Verdict::due ? "so far" : "by then";
  const auto atom = [&] { return atom_words(input, reason.atom); };
  const auto event = [&] { return event_words(input, reason.event); };
  switch (reason.ground) {
    case eval::Ground::holds: return atom() + " was true";
    case eval::Ground::fails: return atom() + " was not true";
    case eval::Ground::allowed: return fmt::format("the process allows {}", move_text(input, reason));
    case eval::Ground::not_allowed: return fmt::format("the process does not allow {}", move_text(input, reason));
    case eval::Ground::would_allow: return fmt::format("it would have allowed {}", move_text(input, reason));
    case eval::Ground::used_up:
      return fmt::format("that may be done {} in a deal's life, and was",
                         count_text(static_cast<std::uint64_t>(reason.amount), "time", "times"));
    case eval::Ground::not_skippable:
      return fmt::format("{} may not be skipped", quoted(stage_words(input, reason.of_amount)));
    case eval::Ground::unknown:
      if (!reason.atom && !reason.event) return "whether the process allows the move cannot be told";
      return reason.event ? event() + " cannot be told" : atom() + " cannot be told";
    case eval::Ground::nothing_happened:
      return reason.event ? event() + " did not happen in time" : "it was not done in time";
    case eval::Ground::happened_late:
      if (reason.amount < 0) return (reason.event ? event() + " happened" : "it was done") + " after the deadline";
      if (reason.amount == 0) {
        return fmt::format("{} exactly at the deadline, which is too late",
                           reason.event ? event() + " happened" : "it was done");
      }
      return fmt::format("{} {} after the deadline", reason.event ? event() + " happened" : "it was done",
                         length_text(reason.amount));
    case eval::Ground::happened: return reason.event ? event() + " happened in time" : "it was done in time";
    case eval::Ground::limit_exceeded: return atom() + " did not hold any longer";
    case eval::Ground::lapse: return fmt::format("{} was not true for {}", atom(), length_text(reason.amount));
    case eval::Ground::closed_first: return "the deal closed first";
    case eval::Ground::left_filter: return "the person was no longer one of those whom the rule is about";
    case eval::Ground::undated:
      if (reason.amount != 0) return fmt::format("whether {} happened, and when, no source says", event());
      return event() + " happened, and no source says when";
    case eval::Ground::day_only:
      return (reason.event ? event()
                           : row_words(input, {reason.of_amount != 0, static_cast<std::uint32_t>(reason.amount)})) +
             " has a date and no time of day";
    case eval::Ground::too_few:
      return fmt::format("{} of the {} that the rule asks for before it judges", reason.amount, reason.of_amount);
    case eval::Ground::progress:
      return fmt::format("{} {}, {}", value_text(input, reason, reason.amount), by_now,
                         asked_text(input, reason, value_text(input, reason, reason.of_amount)));
    case eval::Ground::progress_in_units:
      return fmt::format("{} {}, {}", units_text(reason.amount), by_now,
                         asked_text(input, reason, units_text(reason.of_amount)));
    case eval::Ground::pace:
      return fmt::format("{} of {} by now, by the working days gone", units_text(reason.amount),
                         value_text(input, reason, reason.of_amount));
    case eval::Ground::still_asked: return still_asked_text(input, reason);
    case eval::Ground::still_allowed: return fmt::format("{} more allowed", value_text(input, reason, reason.amount));
    case eval::Ground::unknown_subject:
      if (!reason.atom) return "whether the rule applies cannot be told";
      return fmt::format("{} cannot be told, so it is not known whether the rule applies", atom());
    case eval::Ground::unknown_process: return "which process the deal follows cannot be told";
    case eval::Ground::waived: return waiver_text(input, reason, "waived");
    case eval::Ground::perhaps_waived:
      return waiver_text(input, reason, "waived") + ", and whether that was recorded in time cannot be told";
    case eval::Ground::perhaps_covered:
      return waiver_text(input, reason, "waived") + ", and whether that is about this cannot be told";
    case eval::Ground::unknown_calendar:
      if (reason.of_amount != 0)
        return fmt::format("the rulebook declares no calendar {}, which {} has, and so nobody can say when it was due",
                           quoted(input.history.words[static_cast<std::uint32_t>(reason.of_amount)]),
                           person_name(input, static_cast<std::uint32_t>(reason.amount)));
      return fmt::format("which calendar {} has cannot be told, and so not when it was due",
                         person_name(input, static_cast<std::uint32_t>(reason.amount)));
    case eval::Ground::no_working_hours:
      return fmt::format("{} has no working hours, so that nobody can say when it was due",
                         calendar_words(input, reason.amount));
    case eval::Ground::never_asked:
      return verdict == eval::Verdict::due ? "nothing has been asked so far" : "nothing had been asked by then";
    case eval::Ground::fewer:
      return fmt::format("{} {} {}, and the last {} are looked at", event(),
                         reason.amount == 0
                             ? "has not happened"
                             : "has happened " + count_text(static_cast<std::uint64_t>(reason.amount), "time", "times"),
                         by_now, reason.of_amount);
    case eval::Ground::on_hold: return "the deal is on hold and the clock stands still";
    case eval::Ground::unknown_hold:
      return "whether the deal was on hold cannot be told, so it is not known when it was due";
    case eval::Ground::adjusted: return adjusted_text(reason);
    case eval::Ground::away: return away_text(input, reason) + row_text(input, leave_of(input, reason)->origin);
    case eval::Ground::holiday: return holiday_text(input, reason);
    case eval::Ground::percentage: return percentage_text(input, reason);
    case eval::Ground::nothing_asked: return "nothing is left to be asked, after what it is adjusted for";
    case eval::Ground::alone_enough: return atom() + " was true of the period by itself";
    case eval::Ground::recorded: return fmt::format("{} was recorded", record_words(input, reason.amount));
    case eval::Ground::subject_closed: return reason.of_amount == 0 ? "the deal closed" : "the person left";
    case eval::Ground::of_nothing:
      if (reason.atom) return atom() + " is 0, by which nothing can be divided";
      return reason.event ? fmt::format("there was no {}: of nothing there is no share, mean or median", event())
                          : "there was nothing to count: of nothing there is no share, mean or median";
    case eval::Ground::unanswered:
      if (reason.amount >= 0) {
        return fmt::format("no {} {} recorded", record_words(input, reason.amount),
                           reason.of_amount != 0 ? "has so far been" : "was");
      }
      return reason.of_amount != 0 ? "what was expected has not come about so far, and no `action` has been recorded"
                                   : "what was expected did not come about after all, and no `action` was recorded";
    case eval::Ground::unknown_answer:
      if (reason.amount >= 0)
        return fmt::format("whether {} was recorded cannot be told", record_words(input, reason.amount));
      return "whether anything was done about it cannot be told";
    case eval::Ground::debtor_left: return "whoever owed it left first";
  }
  return {};
}

std::string away_text(const Input& input, const eval::Reason& reason) {
  const history::People::Leave& leave = input.history.people.leave[static_cast<std::size_t>(reason.amount)];
  const bool endless = leave.to.known() && time::parts_of(leave.to).year >= 2200;
  const std::string from = leave.from.known() ? "from " + day_words(leave.from) : "since nobody knows when";
  const std::string days = leave.from.known() && leave.from == leave.to
                               ? fmt::format("on {}", day_words(leave.from))
                               : from + (endless            ? " on"
                                         : leave.to.known() ? " to " + day_words(leave.to)
                                                            : " until nobody knows when");
  const bool all = leave.from.known() && leave.to.known();
  return fmt::format("{} on leave {}: {}{}", person_name(input, leave.person), days, all ? "" : "up to ",
                     count_text(static_cast<std::uint64_t>(reason.of_amount), "working day", "working days"));
}

const history::People::Leave* leave_of(const Input& input, const eval::Reason& reason) {
  if (reason.ground != eval::Ground::away) return nullptr;
  return &input.history.people.leave[static_cast<std::size_t>(reason.amount)];
}

EvidenceRow evidence_row(const Input& input, eval::EventRef ref) {
  const history::History& history = input.history;
  const history::Timeline& events = ref.of_person ? history.person_events : history.deal_events;
  const history::Kind& kind = history.kinds[events.kind[ref.index]];
  EvidenceRow row;
  row.at = events.at[ref.index];
  row.kind = kind.name;
  row.by_day = events.by_day[ref.index] != 0;
  row.kind_number = events.kind[ref.index];
  const history::Origin origin = events.origin[ref.index];
  if (origin.file < history.files.size()) {
    row.file = history.files[origin.file];
    row.line = origin.line;
    row.file_number = origin.file;
  }
  return row;
}

std::string row_words(const Input& input, eval::EventRef ref) {
  const history::History& history = input.history;
  const history::Timeline& events = ref.of_person ? history.person_events : history.deal_events;
  const history::Kind& kind = history.kinds[events.kind[ref.index]];
  switch (kind.of) {
    case history::KindClass::created: return "the deal's creation";
    case history::KindClass::change: return fmt::format("the change of {}", quoted(kind.name));
    case history::KindClass::move: {
      const std::string_view to = stage_moved_to(input, ref);
      return to.empty() ? std::string("the move") : fmt::format("the move to {}", quoted(to));
    }
    case history::KindClass::activity:
    case history::KindClass::record: break;
  }
  return quoted(kind.name);
}

std::string_view stage_moved_to(const Input& input, eval::EventRef ref) {
  const history::History& history = input.history;
  const history::Timeline& events = ref.of_person ? history.person_events : history.deal_events;
  const history::Kind& kind = history.kinds[events.kind[ref.index]];
  if (kind.of != history::KindClass::move) return {};
  for (const history::Column& column : kind.columns) {
    const std::int64_t to = column.values[events.row[ref.index]];
    if (column.name == "to" && history::is_value(to)) return history.words[static_cast<std::uint32_t>(to)];
  }
  return {};
}

std::string where_text(const EvidenceRow& row) {
  std::string text;
  append_where(text, row);
  return text;
}

void append_where(std::string& out, const EvidenceRow& row) {
  if (row.file.empty()) return;
  const fmt::format_int line(row.line);
  out.append(row.file).append(1, ':').append(line.data(), line.size());
}

std::string response_text(const model::Rulebook& rulebook, const model::Response& response) {
  if (!response.recorded_as) return response.text;
  return fmt::format("{} (recorded as {})", response.text, rulebook.records[response.recorded_as].name);
}

bool is_one_of_several(const model::Rulebook& rulebook, std::size_t rule) {
  const std::vector<model::Rule>& rules = rulebook.rules;
  const std::size_t row = rules[rule].responds_to ? rules[rule].responds_to->rule : rule;
  return rules[row].same_as || (row + 1 < rules.size() && rules[row + 1].same_as == row);
}

std::string name_apart(const model::Rulebook& rulebook, std::size_t row) {
  const model::Rule& rule = rulebook.rules[row];
  if (!is_one_of_several(rulebook, row)) return rule.name;
  std::vector<std::string> what;
  if (!rule.governed_by.empty()) what.push_back(rule.governed_by);
  if (rule.effective_from) what.push_back("from " + time::to_text(*rule.effective_from));
  if (rule.effective_until) what.push_back("before " + time::to_text(*rule.effective_until));
  return what.empty() ? rule.name : fmt::format("{} ({})", rule.name, fmt::join(what, ", "));
}

std::string expectation_text(const model::Rulebook& rulebook, const model::Rule& rule) {
  if (rule.responds_to) return response_text(rulebook, rule.responses.front());
  if (rule.expect) return rulebook.exprs[rule.expect].words;
  if (!rule.expect_event) return {};
  const model::Event& event = rulebook.events[rule.expect_event];
  return event.name.empty() ? event.words : event.name;
}

Calendars calendars_of(const model::Rulebook& rulebook) {
  Calendars calendars{default_calendar(rulebook)};
  for (std::size_t i = 1; i < rulebook.calendars.size(); ++i) {
    Result<time::Calendar> made = time::Calendar::make(rulebook.calendars[i].spec);
    calendars.push_back(made ? made.value() : calendars.front());
  }
  return calendars;
}

std::string period_name(const Calendars& calendars, const eval::Verdicts& verdicts, const model::Rule& rule,
                        std::size_t row) {
  const time::Interval period = verdicts.period[row];
  if (!rule.period || !is_date(period.from) || !is_date(period.until)) return {};
  return calendars[verdicts.calendar[row]].name_of(*rule.period, period);
}

time::Calendar default_calendar(const model::Rulebook& rulebook) {
  if (const model::Calendar* declared = rulebook.default_calendar()) {
    if (Result<time::Calendar> made = time::Calendar::make(declared->spec)) return made.value();
  }
  Result<time::Calendar> plain = time::Calendar::make(time::CalendarSpec{});
  PLUMB_ASSERT(plain.ok(), "a calendar of UTC can always be made");
  return plain.value();
}

std::string length_text(std::int64_t micros) {
  if (micros == 0) return "no time";
  constexpr std::int64_t second = time::micros_per_second;
  static constexpr std::array<std::pair<std::int64_t, std::string_view>, 4> units{
      {{86'400 * second, "day"}, {3'600 * second, "hour"}, {60 * second, "minute"}, {second, "second"}}};
  std::string text;
  int parts = 0;
  for (const auto& [length, name] : units) {
    const std::int64_t count = micros / length;
    // The second part stands directly below the first: `2 days`, not `2 days 5 seconds`.
    if (count == 0 && parts == 0) continue;
    if (count != 0) text += fmt::format("{}{} {}{}", text.empty() ? "" : " ", count, name, count == 1 ? "" : "s");
    micros -= count * length;
    if (++parts == 2) break;
  }
  return text.empty() ? "less than a second" : text;
}

std::string number_text(std::uint64_t count) {
  const std::string digits = fmt::format("{}", count);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string count_text(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number_text(count), count == 1 ? one : many);
}

}  // namespace plumb::report
