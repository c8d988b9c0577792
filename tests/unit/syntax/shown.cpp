#include "unit/syntax/shown.h"

#include <fmt/format.h>

namespace plumb::syntax {

namespace {

using namespace ast;

struct Shower {
  const File& file;

  std::string expr(ExprId id) const { return id ? std::visit(*this, file.exprs[id].is) : "none"; }
  std::string event(EventId id) const { return id ? std::visit(*this, file.events[id].is) : "none"; }

  template <class Ids>
  std::string list(const Ids& ids) const {
    std::string text;
    for (const auto id : ids) text += " " + shown(file, id);
    return text;
  }
  std::string tails(const Tails& t) const {
    std::string text;
    if (t.source) text += " from:" + t.source->text + (t.or_better ? "+" : "");
    if (t.since) text += " since:" + event(t.since);
    if (t.in) text += " in:" + to_text(t.in->duration);
    if (t.last) text += fmt::format(" last:{}", *t.last);
    if (t.last_of) text += " of:" + event(t.last_of);
    if (t.last_periods) text += fmt::format(" {}s", to_text(*t.last_periods));
    return text;
  }

  std::string operator()(const Broken&) const { return "broken"; }
  std::string operator()(const NameRef& e) const { return e.name.text; }
  std::string operator()(const ItsField& e) const { return "its." + e.field.text; }
  std::string operator()(const OfName& e) const { return e.of.text + "." + e.name.text; }
  std::string operator()(const NumberLit& e) const { return to_text(e.value); }
  std::string operator()(const PercentLit& e) const { return to_text(e.fraction) + "p"; }
  std::string operator()(const MoneyLit& e) const { return to_text(e.value) + e.currency.text; }
  std::string operator()(const DateLit& e) const { return to_text(e.day); }
  std::string operator()(const InstantLit& e) const {
    const std::string offset = e.offset_seconds ? fmt::format("{:+}s", *e.offset_seconds) : "";
    return fmt::format("{}@{}s{}", to_text(e.day), e.micros_of_day / 1'000'000, offset);
  }
  std::string operator()(const TextLit& e) const { return "'" + e.text.text + "'"; }
  std::string operator()(const DurationValue& e) const { return "<" + to_text(e.duration.duration) + ">"; }
  std::string operator()(const Today&) const { return "today"; }
  std::string operator()(const Not& e) const { return "(not " + expr(e.operand) + ")"; }
  std::string operator()(const And& e) const { return "(and" + list(e.operands) + ")"; }
  std::string operator()(const Or& e) const { return "(or" + list(e.operands) + ")"; }
  std::string operator()(const AtLeastOf& e) const {
    if (e.checklist) return fmt::format("(at-least {} of {} are {})", e.least, e.checklist->text, e.level->text);
    return fmt::format("(at-least {}{})", e.least, list(e.conditions));
  }
  std::string operator()(const Known& e) const {
    return fmt::format("({} {}{})", e.missing ? "missing" : "known", expr(e.value), tails(e.tails));
  }
  std::string operator()(const Happened& e) const { return "(happened " + event(e.event) + tails(e.tails) + ")"; }
  std::string operator()(const Compare& e) const {
    static constexpr const char* names[] = {"is",        "is-not", "one-of", "at-least",   "at-most",  "more-than",
                                            "less-than", "before", "after",  "not-before", "not-after"};
    const char* name = names[static_cast<int>(e.comparison)];
    return fmt::format("({} {}{}{})", name, expr(e.left), list(e.right), tails(e.tails));
  }
  std::string operator()(const Apart& e) const {
    return fmt::format("(apart {} {} {} {} {})", expr(e.left), e.at_most ? "at-most" : "at-least",
                       to_text(e.by.duration), e.after ? "after" : "before", expr(e.right));
  }
  std::string operator()(const Differs& e) const {
    return fmt::format("(differs {} {} {})", expr(e.left), expr(e.right), expr(e.at_most));
  }
  std::string operator()(const InState& e) const {
    static constexpr const char* names[] = {"open", "closed", "won", "lost"};
    return fmt::format("(state {})", names[static_cast<int>(e.state)]);
  }
  std::string operator()(const InStage& e) const { return "(in " + e.stage.text + (e.or_later ? "+" : "") + ")"; }
  std::string operator()(const VerdictIs& e) const { return "(verdict '" + e.of.text + "' " + e.verdict.text + ")"; }
  std::string operator()(const Aggregate& e) const {
    static constexpr const char* names[] = {"count", "sum", "mean", "median", "share"};
    std::string text = fmt::format("({}", names[static_cast<int>(e.function)]);
    if (e.field) text += " field:" + e.field->text;
    if (e.span_in) text += " between:" + event(e.span_from) + ".." + event(e.span_to);
    if (e.population.event) text += " " + event(e.population.event);
    if (e.population.of)
      text += " " + (e.population.state ? e.population.state->text + "-" : "") + e.population.of->text;
    if (e.where) text += " where:" + expr(e.where);
    if (e.followed_by) text += " then:" + event(e.followed_by) + "/" + to_text(e.followed_within->duration);
    if (e.by_actor) text += " by-actor";
    if (e.of) text += " of:" + e.of->text;
    if (e.per) text += fmt::format(" per:{}", to_text(*e.per));
    if (e.read_at) text += " at:" + e.read_at->text;
    return text + tails(e.tails) + ")";
  }
  std::string operator()(const TimeSince& e) const { return "(time-since " + event(e.event) + ")"; }
  std::string operator()(const TotalTimeIn& e) const { return "(total-time " + e.stage.text + ")"; }
  std::string operator()(const QuotaFor& e) const { return "(quota " + e.measure.text + ")"; }
  std::string operator()(const Arithmetic& e) const {
    return fmt::format("({} {} {})", "+-*/"[static_cast<int>(e.op)], expr(e.left), expr(e.right));
  }

  std::string operator()(const NamedEvent& e) const { return "[" + e.name.text + "]"; }
  std::string operator()(const EntersStage& e) const { return "[enters " + e.stage.text + "]"; }
  std::string operator()(const LeavesStage& e) const { return "[leaves " + e.stage.text + "]"; }
  std::string operator()(const FieldChanged& e) const { return "[changed " + e.field.text + "]"; }
  std::string operator()(const FieldMoved& e) const {
    return fmt::format("[moved {} {} {}]", e.field.text, e.later ? "later" : "earlier", to_text(e.period));
  }
  std::string operator()(const StartsLeave& e) const { return "[leave " + e.who.text + "]"; }
  std::string operator()(const OrdinalEvent& e) const {
    const std::string each = e.for_each ? " each:" + e.for_each->text : "";
    return fmt::format("[#{} {}{}{}]", e.ordinal, event(e.event), each, e.on_another_day ? " another-day" : "");
  }
  std::string operator()(const AnyEvent& e) const { return "[any" + list(e.events) + "]"; }
  std::string operator()(const FilteredEvent& e) const { return "[" + event(e.event) + " | " + expr(e.where) + "]"; }
};

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

Parsed parsed(std::string text) {
  Parsed result;
  const Id<source::Text> id = result.texts.add("rules.plumb", std::move(text));
  result.file = parse(result.texts, id, result.sink);
  return result;
}

std::vector<std::string> said(const Parsed& parsed) {
  std::vector<std::string> lines;
  for (const diagnostics::Diagnostic& d : parsed.sink.sorted()) {
    const source::Place at = parsed.texts.begin(d.span);
    lines.push_back(fmt::format("{}:{} {}", at.line, at.column, d.code));
  }
  return lines;
}

std::string shown(const ast::File& file, ast::ExprId id) { return Shower{file}.expr(id); }
std::string shown(const ast::File& file, ast::EventId id) { return Shower{file}.event(id); }

std::string condition(const std::string& text) {
  const Parsed result = parsed("must a \"b\" { expect " + text + " }");
  if (!result.sink.all().empty()) return joined(said(result));
  const auto& rule = only<ast::Rule>(result.file);
  return rule.expect_event ? shown(result.file, rule.expect_event) : shown(result.file, rule.expect);
}

std::string event(const std::string& text) {
  const Parsed result = parsed("event e is " + text);
  if (!result.sink.all().empty()) return joined(said(result));
  return shown(result.file, only<ast::EventDecl>(result.file).event);
}

}  // namespace plumb::syntax
