#include <algorithm>
#include <array>
#include <variant>

#include "check/scene.h"

namespace plumb::check {

namespace {

/// A word: a bare name, or a text in quotes.
struct Word {
  std::string text;
  bool quoted = false;
};

std::optional<Word> word_of(const Context& context, ast::ExprId id) {
  const ast::Expr& written = context.file.exprs[id];
  if (const auto* ref = std::get_if<ast::NameRef>(&written.is)) return Word{ref->name.text, false};
  if (const auto* text = std::get_if<ast::TextLit>(&written.is)) return Word{text->text.text, true};
  return std::nullopt;
}

void report_word(Context& context, const ast::Name& name, model::Type type, Span span, const std::string& word) {
  Diagnostic& diagnostic =
      context.sink.report(span, diag::TypesDiffer, name.text, described(type), words(context, span), "a word");
  if (type.kind == TypeKind::text || type.kind == TypeKind::note) {
    diagnostic.hint("a text stands in quotes: `\"{}\"`", word).suggest(span, fmt::format("\"{}\"", word));
  } else if (type.kind == TypeKind::date) {
    diagnostic.hint("a date is written `2026-03-02`");
  } else if (type.kind == TypeKind::money) {
    diagnostic.hint("an amount of money has its currency: `10,000 USD`");
  } else {
    diagnostic.hint("write {} there", described(type));
  }
}

ExprId choice_of(Scene& scene, Id<model::Field> id, const std::string& word, Span span) {
  Context& context = scene.context;
  const model::Field& field = context.book.fields[id];
  const auto found = std::ranges::find(field.choices, word);
  if (found == field.choices.end()) {
    Diagnostic& diagnostic = context.sink.report(span, diag::UnknownChoice, word, field.name);
    suggest_nearest(diagnostic, {word, span}, field.choices);
    diagnostic.label(field.span, "the choices are declared here");
    if (field.choices.size() <= 8)
      diagnostic.hint("{} {}", field.choices.size() == 1 ? "the only one is" : "they are", listed(field.choices));
    return {};
  }
  model::Expr expr = make(context, model::Op::choice, field.type, span);
  expr.field = id;
  expr.choice = static_cast<std::uint32_t>(found - field.choices.begin());
  expr.text = word;
  return add(context, std::move(expr));
}

/// Somebody may be named who is not in the cast: then nothing is known of them but the name. A name that is nearly one
/// of the cast is more likely a slip.
void check_person(Scene& scene, const std::string& name, Span span) {
  std::vector<std::string> people;
  for (const auto& [other, row] : scene.cast) {
    if (scene.member(row).kind == model::CastMember::Kind::person) people.push_back(other);
  }
  if (std::ranges::find(people, name) != people.end() || diagnostics::nearest(name, people).empty()) return;
  Diagnostic& diagnostic = scene.context.sink.report(span, diag::PersonNotInCast, name);
  suggest_nearest(diagnostic, {name, span}, people);
}

bool names_calendar(const model::Field& field) { return field.built_in && field.name == "calendar"; }

/// Names that the cast may hold, and that of a calendar, stand without quotes.
bool is_name(const model::Field& field) {
  return field.built_in && (field.name == "team" || field.name == "account" || field.name == "calendar");
}

void check_calendar(Context& context, const std::string& name, Span span) {
  std::vector<std::string> calendars;
  for (const model::Calendar& calendar : context.book.calendars) calendars.push_back(calendar.name);
  if (std::ranges::find(calendars, name) == calendars.end()) {
    unknown(context, {name, span}, calendars, diag::UnknownCalendar, name);
  }
}

bool is_before(const std::optional<time::Instant>& from, const std::optional<time::Instant>& to) {
  return !from || !to || !from->known() || !to->known() || *from < *to;
}

void report_not_dated(Scene& scene, const ast::Fact& written, const Braces& braces) {
  const Span span = written.from ? written.from->span : written.to->span;
  Diagnostic& diagnostic =
      scene.context.sink.report(span, diag::MisplacedClause, written.from ? "from" : "to", written.name.text);
  switch (braces.whose) {
    case Braces::Whose::deal:
      diagnostic.hint(
          "only what is known of a person is in force for a time; a deal's field changes in a line of its own: "
          "`2026-03-02 09:00 D1 sets {} to …`",
          spelled(written.name.text));
      break;
    case Braces::Whose::deed:
      diagnostic.hint("what is done is done at the time of its line; `recorded` says when it was written down");
      break;
    default: diagnostic.hint("only what is known of a person is in force for a time"); break;
  }
}

void check_force(Scene& scene, const ast::Fact& written, model::Fact& fact) {
  if (written.from) fact.from = instant_of(scene.context, *written.from, Edge::start);
  if (written.to) fact.to = instant_of(scene.context, *written.to, Edge::end);
  if (!is_before(fact.from, fact.to))
    report_ends_first(scene.context, written.span, written.from->span, written.to->span);
}

void report_repeated(Context& context, const ast::Name& name, Span first) {
  context.sink.report(name.span, diag::RepeatedFact, name.text)
      .label(first, "the first is here")
      .hint("keep one of them; what changes later has a line of its own");
}

/// `from T to T` behind a fact: when that is in force, or the record's own days.
void take_force(Scene& scene, const ast::Fact& line, const std::map<std::string, Id<model::Field>>& fields,
                const Braces& braces, std::map<std::string, Span>& seen, std::vector<model::Fact>& facts) {
  if (braces.whose == Braces::Whose::person) return check_force(scene, line, facts.back());
  const auto take = [&](std::string_view word, const ast::Moment& moment) {
    auto own = own_day(scene, word, moment, fields);
    if (!own) return false;
    const auto [first, is_new] = seen.try_emplace(std::string(word), moment.span);
    if (!is_new) report_repeated(scene.context, {std::string(word), moment.span}, first->second);
    facts.push_back(std::move(*own));
    return true;
  };
  const bool begins = !line.from || take("from", *line.from);
  if (!begins || (line.to && !take("to", *line.to))) report_not_dated(scene, line, braces);
}

}  // namespace

void report_ends_first(Context& context, Span span, Span from, Span to) {
  context.sink.report(span, diag::EndsFirst, words(context, to), words(context, from))
      .hint("the first is when it starts, the second when it ends");
}

ExprId fitting(Scene& scene, Id<model::Field> id, const ast::Name& name, ExprId literal, Span span) {
  Context& context = scene.context;
  const model::Type type = context.book.fields[id].type;
  const model::Type given = type_of(context, literal);
  const bool whole = type.kind != TypeKind::count || given.kind != TypeKind::number;
  if (given.kind == TypeKind::error) return {};
  if (comparable(type, given) && whole) return literal;
  model::Expr field = make(context, model::Op::subject_field, type, name.span);
  field.field = id;
  field.words = name.text;
  const ExprId left = add(context, std::move(field));
  report_types_differ(context, left, literal, span);
  return {};
}

time::Instant instant_of(Context& context, const ast::Moment& moment, Edge edge) {
  if (!moment.day.known()) return time::Instant::unknown();
  if (!moment.micros_of_day) return context.zone.start_of(edge == Edge::start ? moment.day : moment.day + 1);
  const ExprId read =
      check_node(context, {}, ast::InstantLit{moment.day, *moment.micros_of_day, moment.offset_seconds}, moment.span);
  return context.book.exprs[read].op == model::Op::instant ? context.book.exprs[read].at : time::Instant::unknown();
}

std::optional<time::Instant> instant_of(Context& context, const std::optional<ast::Moment>& moment) {
  return moment ? std::optional(instant_of(context, *moment, Edge::start)) : std::nullopt;
}

model::SourceRank source_of(Context& context, const std::optional<ast::Name>& source) {
  static constexpr std::array<std::string_view, 5> sources{"", "claim", "third_party", "buyer", "system"};
  if (!source || !source->written()) return model::SourceRank::none;
  const auto found = std::ranges::find(sources, source->text);
  if (found != sources.end()) return static_cast<model::SourceRank>(found - sources.begin());
  Diagnostic& diagnostic = context.sink.report(source->span, diag::UnknownSource, source->text);
  suggest_nearest(diagnostic, *source, {"claim", "third_party", "buyer", "system"});
  diagnostic.hint("from the least trusted to the most: `claim`, `third_party`, `buyer`, `system`");
  return model::SourceRank::none;
}

model::FactValue value_of(Scene& scene, Id<model::Field> id, const ast::Name& name, ast::ExprId value) {
  Context& context = scene.context;
  const model::Field& field = context.book.fields[id];
  model::FactValue result{field.type, {}, {}};
  if (!value || field.type.kind == TypeKind::error) return result;
  const Span span = context.file.exprs[value].span;
  const std::optional<Word> word = word_of(context, value);
  if (field.type.kind == TypeKind::choice) {
    result.literal = choice_of(scene, id, word ? word->text : words(context, span), span);
  } else if (!word) {
    result.literal = fitting(scene, id, name, check_value(context, {}, value), span);
  } else if (field.type.kind == TypeKind::person) {
    result.word = word->text;
    check_person(scene, word->text, span);
  } else if (field.type.kind == TypeKind::stage) {
    if (const Id<model::Stage> stage = stage_named(context, {}, {word->text, span})) {
      model::Expr expr = make(context, model::Op::stage_name, field.type, span);
      expr.stage = stage;
      result.literal = add(context, std::move(expr));
    }
  } else {
    const bool text = field.type.kind == TypeKind::text || field.type.kind == TypeKind::note;
    if (!text || (!word->quoted && !is_name(field))) {
      report_word(context, name, field.type, span, word->text);
    } else {
      if (names_calendar(field)) check_calendar(context, word->text, span);
      result.word = word->text;
    }
  }
  return result;
}

std::vector<model::Fact> facts_of(Scene& scene, const std::vector<ast::Fact>& written,
                                  const std::map<std::string, Id<model::Field>>& fields, const std::string& who,
                                  const Braces& braces) {
  Context& context = scene.context;
  std::vector<model::Fact> result;
  std::map<std::string, Span> seen;
  for (const ast::Fact& line : written) {
    if (!line.name.written()) continue;
    const auto found = fields.find(line.name.text);
    auto built_in = found == fields.end() ? built_in_fact(scene, line, braces) : std::nullopt;
    if (found == fields.end() && !built_in) {
      Diagnostic* diagnostic =
          unknown(context, line.name, keys(context, fields), diag::UnknownField, who, line.name.text);
      if (diagnostic && fields.empty()) diagnostic->hint("nothing is known of it but its name");
      continue;
    }
    const auto [first, is_new] = seen.try_emplace(line.name.text, line.name.span);
    if (!is_new && (built_in || (!line.from && !line.to))) {
      report_repeated(context, line.name, first->second);
      continue;
    }
    if (built_in) {
      result.push_back(std::move(*built_in));
      if (braces.whose == Braces::Whose::person) continue;  // said: a day is in force for good
    } else {
      model::Fact fact;
      fact.field = found->second;
      fact.value = value_of(scene, found->second, line.name, line.value);
      fact.source = source_of(context, line.source);
      fact.recorded = instant_of(context, line.recorded);
      fact.span = line.span;
      result.push_back(std::move(fact));
    }
    take_force(scene, line, fields, braces, seen, result);
  }
  return result;
}

void check_leave(Scene& scene, const ast::Leave& written, std::uint32_t person) {
  model::TestLeave leave;
  leave.person = person;
  leave.from = instant_of(scene.context, written.from, Edge::start);
  leave.to = instant_of(scene.context, written.to, Edge::end);
  leave.recorded = instant_of(scene.context, written.recorded);
  leave.span = written.span;
  if (!is_before(leave.from, leave.to))
    report_ends_first(scene.context, written.span, written.from.span, written.to.span);
  scene.test.leaves.push_back(leave);
}

}  // namespace plumb::check
