#include <algorithm>
#include <array>
#include <variant>

#include "check/scene.h"
#include "check/shape.h"
#include "model/atom.h"

namespace plumb::check {

namespace {

using Kind = model::CastMember::Kind;
using model::SubjectKind;

constexpr std::array<std::pair<std::string_view, model::VerdictWord>, 6> verdicts{{
    {"kept", model::VerdictWord::kept},
    {"late", model::VerdictWord::late},
    {"missed", model::VerdictWord::missed},
    {"due", model::VerdictWord::due},
    {"excused", model::VerdictWord::excused},
    {"cannot tell", model::VerdictWord::cannot_tell},
}};

// ---- what is expected of which rule ---------------------------------------------------------------------------------

/// A rule as the model has it. Missing: none for a rule that is broken.
const model::Rule* rule_in_book(const Context& context, const std::string& name) {
  const auto found = std::ranges::find(context.book.rules, name, &model::Rule::name);
  return found == context.book.rules.end() ? nullptr : &*found;
}

bool is_rule(const Context& context, const std::string& name) {
  return context.names.rules.contains(name) || rule_in_book(context, name);
}

std::vector<std::string> names_of_all(const Context& context) {
  std::vector<std::string> result = keys(context, context.names.rules);
  if (!still_suggests(context)) return result;
  for (const model::Rule& rule : context.book.rules) result.push_back(rule.name);
  for (const auto& [name, unused] : context.names.measures) result.push_back(name);
  return result;
}

void report_no_rule(Scene& scene, const ast::Expectation& written) {
  Diagnostic* diagnostic =
      unknown(scene.context, written.of, names_of_all(scene.context), diag::UnknownRule, written.of.text);
  if (diagnostic && diagnostic->help.empty())
    diagnostic->hint("a rule, a clause of a stage as `PROCESS.STAGE.to_enter`, an item as `LIST.ITEM`, or a measure");
}

void check_verdict(Scene& scene, const ast::Expectation& written, model::TestExpectation& expectation) {
  if (written.none) return;
  const std::string said = written.verdict ? written.verdict->text
                           : written.value ? words(scene.context, scene.context.file.exprs[written.value].span)
                                           : "";
  const auto found = std::ranges::find(verdicts, std::string_view(said), &decltype(verdicts)::value_type::first);
  if (found != verdicts.end()) {
    expectation.verdict = found->second;
    return;
  }
  if (said.empty()) return;
  const Span span = written.verdict ? written.verdict->span : scene.context.file.exprs[written.value].span;
  Diagnostic& diagnostic = scene.context.sink.report(span, diag::UnknownVerdict, said);
  suggest_nearest(diagnostic, {said, span}, {"kept", "missed", "late", "due", "excused"});
  diagnostic.hint("verdicts are `kept`, `missed`, `late`, `due`, `excused` and `cannot tell`");
}

std::string_view about(SubjectKind kind) {
  static constexpr std::array<std::string_view, 4> nouns{"a deal", "a person", "a team", "the company"};
  return nouns[static_cast<std::size_t>(kind)];
}

bool fits(SubjectKind about, Kind kind) {
  return (about == SubjectKind::deal && kind == Kind::deal) || (about == SubjectKind::person && kind == Kind::person) ||
         (about == SubjectKind::team && kind == Kind::team);
}

/// Missing: false for nobody, reported.
bool check_subject(Scene& scene, const ast::Expectation& written, std::optional<SubjectKind> of,
                   model::TestExpectation& expectation) {
  const bool company = written.subject.text == "company" && !scene.cast.contains("company");
  if (company && (!of || of == SubjectKind::company)) {
    expectation.subject = model::the_company;
    return true;
  }
  static constexpr std::array<std::string_view, 4> words{"deal", "person", "team", ""};
  const auto row = cast_named(scene, written.subject, of ? words[static_cast<std::size_t>(*of)] : std::string_view{});
  if (!row) return false;
  expectation.subject = *row;
  if (!of || fits(*of, scene.member(*row).kind)) return true;
  Diagnostic& diagnostic =
      scene.context.sink.report(written.subject.span, diag::ExpectationSubject, written.subject.text,
                                noun(scene.member(*row).kind), written.of.text, about(*of));
  diagnostic.label(scene.member(*row).span, "it is in the cast here");
  if (of == SubjectKind::company) diagnostic.hint("write `for company`");
  return false;
}

// ---- because --------------------------------------------------------------------------------------------------------

bool joins(model::Op op) {
  return op == model::Op::and_ || op == model::Op::or_ || op == model::Op::not_ || op == model::Op::at_least_of;
}

void collect_atoms(const Context& context, ExprId id, std::vector<std::string>& atoms) {
  if (!id) return;
  const model::Expr& expr = context.book.exprs[id];
  if (!joins(expr.op)) {
    atoms.push_back(expr.words);
  } else {
    for (const ExprId arg : expr.args) collect_atoms(context, arg, atoms);
  }
}

std::vector<std::string> atoms_of(const Context& context, const model::Rule& rule) {
  std::vector<std::string> atoms;
  collect_atoms(context, rule.expect, atoms);
  collect_atoms(context, rule.while_condition, atoms);
  collect_atoms(context, rule.subject.where, atoms);
  if (rule.expect_event) {
    const model::Event& event = context.book.events[rule.expect_event];
    atoms.push_back(fmt::format("{} has happened", event.name.empty() ? event.words : event.name));
  }
  return atoms;
}

void check_because(Scene& scene, const ast::Expectation& written, const model::Rule& rule,
                   model::TestExpectation& expectation) {
  Context& context = scene.context;
  Scope scope;
  scope.about = rule.subject.kind == SubjectKind::deal     ? About::deal
                : rule.subject.kind == SubjectKind::person ? About::person
                                                           : About::nothing;
  scope.process = rule.subject.process;
  if (rule.trigger) scope.trigger = rule.trigger;
  const std::vector<std::string> atoms = atoms_of(context, rule);
  expectation.because = check_condition(context, scope, written.because);
  if (atoms.empty() || is_broken(context, expectation.because)) return;
  std::vector<std::string> asked;
  collect_atoms(context, expectation.because, asked);
  for (const std::string& atom : asked) {
    const std::string plain = model::plain_atom(atom).words;
    const auto same = [&](const std::string& other) { return model::plain_atom(other).words == plain; };
    if (std::ranges::any_of(atoms, same)) continue;
    context.sink.report(context.file.exprs[written.because].span, diag::AtomNotInRule, atom, written.of.text)
        .label(rule.span, "it is here")
        .hint("it asks {}", listed({atoms.begin(), atoms.begin() + std::min<std::ptrdiff_t>(6, std::ssize(atoms))}));
    return;
  }
}

// ---- measures -------------------------------------------------------------------------------------------------------

/// What only an obligation has: an opening, and reasons.
void report_obligation_words(Scene& scene, const ast::Expectation& written) {
  const auto report = [&](Span span, std::string_view clause) {
    scene.context.sink.report(span, diag::MisplacedClause, clause, written.of.text)
        .hint("a measure has a value as of a day, and neither an opening nor reasons");
  };
  if (written.opened) report(written.opened->span, "opened");
  if (written.because) report(scene.context.file.exprs[written.because].span, "because");
}

void check_measure(Scene& scene, const ast::Expectation& written, model::TestExpectation& expectation) {
  Context& context = scene.context;
  report_obligation_words(scene, written);
  expectation.measure = measure_defined(context, written.of);
  check_subject(scene, written, std::nullopt, expectation);
  if (!written.value) {
    const Span span = written.verdict ? written.verdict->span : written.of.span;
    context.sink.report(span, diag::MeasureVerdict, written.of.text)
        .hint("expect a value of it: `{} is 40%`", spelled(written.of.text));
    return;
  }
  expectation.value = check_value(context, {}, written.value);
  if (!expectation.measure) return;
  const ExprId of = context.book.measures[expectation.measure].value;
  if (is_broken(context, of) || is_broken(context, expectation.value)) return;
  if (comparable(type_of(context, of), type_of(context, expectation.value))) return;
  model::Expr named = make(context, model::Op::measure, type_of(context, of), written.of.span);
  named.measure = expectation.measure;
  report_types_differ(context, add(context, std::move(named)), expectation.value, written.span);
}

// ---- all of it ------------------------------------------------------------------------------------------------------

/// The first thing that happens. Missing: unknown where nothing does.
time::Instant begin_of(const model::Test& test) {
  time::Instant first = time::Instant::unknown();
  for (const model::Deed& deed : test.deeds) {
    if (deed.at.known() && (!first.known() || deed.at < first)) first = deed.at;
  }
  return first;
}

void check_as_of(Scene& scene, const ast::Expectation& written, const model::TestExpectation& expectation) {
  const time::Instant first = begin_of(scene.test);
  if (written.none || !first.known() || !expectation.as_of.known() || expectation.as_of > first) return;
  scene.context.sink.report(written.as_of.span, diag::NothingHappened, words(scene.context, written.as_of.span))
      .hint("what is expected as of a day is what was true at its end");
}

void check_expectation(Scene& scene, const ast::Expectation& written) {
  Context& context = scene.context;
  model::TestExpectation expectation;
  expectation.span = written.span;
  expectation.none = written.none;
  expectation.as_of = instant_of(context, written.as_of, Edge::end);
  if (written.known_at) expectation.known_at = instant_of(context, *written.known_at, Edge::end);
  if (written.opened) {
    expectation.opened = instant_of(context, *written.opened, Edge::start);
    if (!written.opened->micros_of_day) expectation.opened_on = written.opened->day;
  }
  check_as_of(scene, written, expectation);
  const bool measure = context.names.measures.contains(written.of.text);
  if (measure && (written.value || !is_rule(context, written.of.text))) {
    check_measure(scene, written, expectation);
  } else if (!is_rule(context, written.of.text)) {
    report_no_rule(scene, written);
    check_subject(scene, written, std::nullopt, expectation);
  } else {
    expectation.rule = written.of.text;
    check_verdict(scene, written, expectation);
    const model::Rule* rule = rule_in_book(context, written.of.text);
    const auto kind = rule ? std::optional(rule->subject.kind) : std::nullopt;
    check_subject(scene, written, kind, expectation);
    if (written.because && rule) check_because(scene, written, *rule, expectation);
  }
  scene.test.expectations.push_back(std::move(expectation));
}

}  // namespace

void check_expectations(Scene& scene) {
  for (const ast::Expectation& written : scene.written.expectations) check_expectation(scene, written);
  if (!scene.written.expectations.empty() || was_reported_in(scene.context, scene.written.span)) return;
  scene.context.sink.report(scene.written.title.span, diag::TestExpectsNothing)
      .hint("say what comes of it: `as of 2026-03-05 expect agreed_next_step is missed for D1`");
}

}  // namespace plumb::check
