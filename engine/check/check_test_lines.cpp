#include <algorithm>
#include <set>
#include <variant>

#include "check/scene.h"

namespace plumb::check {

namespace {

using Kind = model::CastMember::Kind;
using DeedKind = ast::Deed::Kind;

/// More is no test that anybody reads.
constexpr std::int64_t most_times = 1'000;

const ast::Deed* deed_of(const std::variant<ast::Leave, ast::DatedLine, ast::RepeatedLine>& line) {
  if (const auto* dated = std::get_if<ast::DatedLine>(&line)) return &dated->deed;
  if (const auto* repeated = std::get_if<ast::RepeatedLine>(&line)) return &repeated->deed;
  return nullptr;
}

bool moves(const ast::Deed& deed) { return deed.kind == DeedKind::enters || deed.kind == DeedKind::leaves; }

// ---- the process of a deal ------------------------------------------------------------------------------------------

/// Whether what the cast says of a deal makes a condition false: a comparison, or one of several joined by `and`.
bool contradicts(const Context& context, const model::CastMember& deal, ExprId id) {
  if (!id) return false;
  const model::Expr& expr = context.book.exprs[id];
  if (expr.op == model::Op::and_)
    return std::ranges::any_of(expr.args, [&](ExprId arg) { return contradicts(context, deal, arg); });
  const bool equals =
      expr.op == model::Op::compare && expr.comparison == model::Comparison::is && expr.args.size() == 2;
  if (!equals || context.book.exprs[expr.args[0]].op != model::Op::subject_field) return false;
  const model::Expr& wanted = context.book.exprs[expr.args[1]];
  for (const model::Fact& fact : deal.facts) {
    if (fact.field != context.book.exprs[expr.args[0]].field) continue;
    if (wanted.op == model::Op::text) return !fact.value.word.empty() && fact.value.word != wanted.text;
    const ExprId said = fact.value.literal;
    return wanted.op == model::Op::choice && said && context.book.exprs[said].choice != wanted.choice;
  }
  return false;
}

bool has_stages(const Context& context, Id<model::Process> process, const std::set<std::string>& names) {
  return std::ranges::all_of(names, [&](const std::string& name) {
    const auto found = context.names.stages.find(name);
    return found != context.names.stages.end() && std::ranges::any_of(found->second, [&](Id<model::Stage> stage) {
             return context.book.stages[stage].process == process;
           });
  });
}

/// The process that has all stages a deal enters and leaves; of several, the one that is for such a deal. Missing: none
/// where that leaves none, or several.
Id<model::Process> process_of(const Scene& scene, std::uint32_t row, const std::set<std::string>& stages) {
  const Context& context = scene.context;
  std::vector<Id<model::Process>> found;
  for (std::size_t i = 0; i < context.book.processes.size(); ++i) {
    if (has_stages(context, Id<model::Process>(i), stages)) found.emplace_back(i);
  }
  if (found.size() > 1) {
    std::erase_if(found, [&](Id<model::Process> id) {
      return contradicts(context, scene.member(row), context.book.processes[id].for_deals_where);
    });
  }
  return found.size() == 1 ? found.front() : Id<model::Process>();
}

void find_processes(Scene& scene) {
  std::map<std::uint32_t, std::set<std::string>> stages;
  for (const auto& line : scene.written.lines) {
    const ast::Deed* deed = deed_of(line);
    const auto found = deed && moves(*deed) ? scene.cast.find(deed->subject.text) : scene.cast.end();
    if (found != scene.cast.end()) stages[found->second].insert(deed->what.text);
  }
  for (const auto& [row, names] : stages) scene.of[row] = process_of(scene, row, names);
}

// ---- deeds ----------------------------------------------------------------------------------------------------------

void check_move(Scene& scene, const ast::Deed& written, model::Deed& deed) {
  deed.kind = written.kind == DeedKind::enters ? model::Deed::Kind::enters : model::Deed::Kind::leaves;
  if (scene.member(deed.subject).kind != Kind::deal)
    return report_wrong_kind(scene, written.subject, deed.subject, "a deal is in a stage");
  if (!written.what.written()) return;
  Scope scope;
  const auto process = scene.of.find(deed.subject);
  if (process != scene.of.end()) scope.process = process->second;
  deed.stage = stage_named(scene.context, scope, written.what);
}

void check_sets(Scene& scene, const ast::Deed& written, model::Deed& deed) {
  deed.kind = model::Deed::Kind::sets;
  const Kind kind = scene.member(deed.subject).kind;
  if (kind == Kind::team) return report_wrong_kind(scene, written.subject, deed.subject, "others have fields");
  static constexpr model::OwnerKind owners[]{model::OwnerKind::person, model::OwnerKind::deal,
                                             model::OwnerKind::contact, model::OwnerKind::account};
  const model::OwnerKind owner = owners[static_cast<std::size_t>(kind)];
  const auto& fields = fields_of(scene.context, owner);
  const auto found = fields.find(written.what.text);
  if (found == fields.end()) {
    unknown(scene.context, written.what, keys(scene.context, fields), diag::UnknownField,
            fmt::format("{} have", plural(owner)), written.what.text);
    return;
  }
  model::Fact fact;
  fact.field = found->second;
  fact.value = value_of(scene, found->second, written.what, written.value);
  fact.source = source_of(scene.context, written.source);
  fact.span = written.span;
  deed.facts.push_back(std::move(fact));
}

std::map<std::string, Id<model::Field>> by_name(const Context& context, const std::vector<Id<model::Field>>& fields) {
  std::map<std::string, Id<model::Field>> result;
  for (const Id<model::Field> id : fields) result.emplace(context.book.fields[id].name, id);
  return result;
}

Braces braces_of(const Scene& scene, const model::Deed& deed) {
  const bool of_deal = scene.member(deed.subject).kind == Kind::deal;
  return {Braces::Whose::deed, of_deal ? std::optional(deed.subject) : std::nullopt};
}

void check_records(Scene& scene, const ast::Deed& written, model::Deed& deed) {
  Context& context = scene.context;
  deed.kind = model::Deed::Kind::records;
  const Kind kind = scene.member(deed.subject).kind;
  if (kind != Kind::person && kind != Kind::deal)
    return report_wrong_kind(scene, written.subject, deed.subject, "people record, for themselves or on a deal");
  if (!written.what.written()) return;
  deed.record = record_named(context, written.what);
  if (!deed.record) return;
  const model::Record& record = context.book.records[deed.record];
  deed.facts = facts_of(scene, written.facts, by_name(context, record.fields), fmt::format("`{}` has", record.name),
                        braces_of(scene, deed));
}

std::optional<model::EventKind> own_event(const std::string& name) {
  if (name == "created") return model::EventKind::created;
  if (name == "won") return model::EventKind::won;
  if (name == "lost") return model::EventKind::lost;
  if (name == "reopened") return model::EventKind::reopened;
  return std::nullopt;
}

void report_no_activity(Scene& scene, const ast::Deed& written) {
  Context& context = scene.context;
  const std::string& name = written.what.text;
  Diagnostic* diagnostic =
      unknown(context, written.what, keys(context, context.names.activities), diag::UnknownActivity, name);
  if (!diagnostic) return;
  if (context.names.events.contains(name)) {
    diagnostic->label(context.names.events.at(name).written->name.span, "it is declared as an event here")
        .hint("write what it consists of: the activity, with the attributes that make it one");
  } else if (context.names.records.contains(name)) {
    diagnostic->hint("it is a record: `{} records {}`", spelled(written.subject.text), spelled(name));
  } else if (diagnostic->help.empty()) {
    diagnostic->hint("an activity, `created`, `won`, `lost` or `reopened`, or `enters`, `leaves`, `sets`, `records`");
  }
}

void check_happens(Scene& scene, const ast::Deed& written, model::Deed& deed) {
  Context& context = scene.context;
  if (!written.what.written()) return;
  const auto found = context.names.activities.find(written.what.text);
  const auto own = own_event(written.what.text);
  if (found == context.names.activities.end() && !own) return report_no_activity(scene, written);
  if (scene.member(deed.subject).kind != Kind::deal)
    return report_wrong_kind(scene, written.subject, deed.subject, "a deal has activities, which belong to its owner");
  if (own) deed.happened = *own;
  std::map<std::string, Id<model::Field>> fields;
  if (found != context.names.activities.end()) {
    deed.activity = found->second;
    fields = by_name(context, context.book.activities[found->second].fields);
  }
  deed.facts =
      facts_of(scene, written.facts, fields, fmt::format("`{}` has", written.what.text), braces_of(scene, deed));
}

/// Missing: nothing where nobody does it (reported).
std::optional<model::Deed> check_deed(Scene& scene, const ast::Deed& written) {
  const auto subject =
      cast_named(scene, written.subject, written.kind == DeedKind::records ? "person" : std::string_view());
  if (!subject) return std::nullopt;
  model::Deed deed;
  deed.subject = *subject;
  deed.span = written.span;
  switch (written.kind) {
    case DeedKind::enters:
    case DeedKind::leaves: check_move(scene, written, deed); break;
    case DeedKind::sets: check_sets(scene, written, deed); break;
    case DeedKind::records: check_records(scene, written, deed); break;
    case DeedKind::happens: check_happens(scene, written, deed); break;
  }
  for (const ast::Leave& leave : written.leaves) {
    scene.context.sink.report(leave.span, diag::MisplacedClause, "leave", written.what.text)
        .hint("a person's leave is a line of its own: `ana on leave from 2026-03-09 to 2026-03-10`");
  }
  return deed;
}

// ---- lines ----------------------------------------------------------------------------------------------------------

/// What happens may be known before: a meeting is planned. What a system or a person states is not.
void check_recorded(Scene& scene, const ast::DatedLine& written, const model::Deed& deed) {
  if (!deed.recorded || !deed.recorded->known() || !deed.at.known() || *deed.recorded >= deed.at) return;
  if (deed.kind == model::Deed::Kind::happens && deed.happened == model::EventKind::activity) return;
  scene.context.sink.report(written.recorded->span, diag::RecordedFirst, words(scene.context, written.deed.span))
      .label(written.at.span, "it happens here")
      .hint("only an activity is known before it happens");
}

void check_line(Scene& scene, const ast::DatedLine& written) {
  auto deed = check_deed(scene, written.deed);
  const time::Instant at = instant_of(scene.context, written.at, Edge::start);
  const auto recorded = instant_of(scene.context, written.recorded);
  if (!deed) return;
  deed->at = at;
  if (!written.at.micros_of_day) deed->day = written.at.day;
  deed->recorded = recorded;
  check_recorded(scene, written, *deed);
  scene.test.deeds.push_back(std::move(*deed));
}

bool is_business_day(const time::CalendarSpec& spec, time::Day day) {
  return !spec.week[static_cast<std::size_t>(time::weekday_of(day) - 1)].empty() &&
         std::ranges::find(spec.holidays, day) == spec.holidays.end();
}

/// The same day so many months later, or the last of that month.
time::Day months_later(time::Day from, std::int64_t months) {
  const time::YearMonthDay parts = time::parts_of(from);
  const std::int64_t month = parts.month - 1 + months;
  const int year = parts.year + static_cast<int>(month / 12);
  for (int day = parts.day; day > 27; --day) {
    if (const auto found = time::day_of(year, static_cast<int>(month % 12) + 1, day)) return *found;
  }
  return time::day_of(year, static_cast<int>(month % 12) + 1, parts.day).value_or(time::Day::unknown());
}

std::vector<time::Day> business_days(const Context& context, const ast::RepeatedLine& written) {
  std::vector<time::Day> result;
  const model::Calendar* calendar = context.book.default_calendar();
  if (!calendar || !context.work_written) return result;
  const auto times = static_cast<std::size_t>(written.times);
  // Holidays may take all of it away.
  const int most = static_cast<int>(written.times) * 7 + 3 * 366;
  for (int day = 0; day < most && result.size() < times; ++day) {
    if (is_business_day(calendar->spec, written.from + day)) result.push_back(written.from + day);
  }
  return result;
}

std::vector<time::Day> term_days(const Context& context, const ast::RepeatedLine& written) {
  std::vector<time::Day> result;
  const model::Calendar* calendar = context.book.default_calendar();
  if (!calendar) return result;
  for (const time::Term& term : calendar->spec.terms) {
    if (term.from >= written.from && static_cast<std::int64_t>(result.size()) < written.times)
      result.push_back(term.from);
  }
  return result;
}

std::vector<time::Day> days_of(const Context& context, const ast::RepeatedLine& written) {
  if (written.business_days) return business_days(context, written);
  if (written.every == time::Period::term) return term_days(context, written);
  std::vector<time::Day> result;
  for (std::int64_t i = 0; i < written.times; ++i) {
    switch (written.every) {
      case time::Period::day: result.push_back(written.from + static_cast<int>(i)); break;
      case time::Period::week: result.push_back(written.from + static_cast<int>(7 * i)); break;
      case time::Period::month: result.push_back(months_later(written.from, i)); break;
      case time::Period::quarter: result.push_back(months_later(written.from, 3 * i)); break;
      case time::Period::half: result.push_back(months_later(written.from, 6 * i)); break;
      case time::Period::year: result.push_back(months_later(written.from, 12 * i)); break;
      case time::Period::term: break;
    }
  }
  return result;
}

void check_line(Scene& scene, const ast::RepeatedLine& written) {
  Context& context = scene.context;
  const auto deed = check_deed(scene, written.deed);
  check_not_zero(context, written.times, written.span);
  if (written.business_days) check_business_days(context, written.span);
  check_period(context, written.every, written.span);
  if (written.times > most_times) {
    context.sink.report(written.span, diag::TooManyTimes, words(context, written.span), most_times)
        .hint("a few are enough to show what a rule does");
    return;
  }
  if (!deed || !written.from.known()) return;
  for (const time::Day day : days_of(context, written)) {
    if (!day.known()) continue;
    model::Deed one = *deed;
    one.at = instant_of(context, ast::Moment{day, written.micros_of_day, std::nullopt, written.span}, Edge::start);
    if (!written.micros_of_day) one.day = day;
    if (!one.at.known()) return;  // said once
    scene.test.deeds.push_back(std::move(one));
  }
}

void check_line(Scene& scene, const ast::Leave& written) {
  if (!written.who) return;
  const auto person = cast_named(scene, *written.who);
  if (!person) return;
  if (scene.member(*person).kind != Kind::person)
    return report_wrong_kind(scene, *written.who, *person, "a person is on leave");
  check_leave(scene, written, *person);
}

}  // namespace

void check_lines(Scene& scene) {
  find_processes(scene);
  for (const auto& line : scene.written.lines) {
    std::visit([&](const auto& written) { check_line(scene, written); }, line);
  }
}

}  // namespace plumb::check
