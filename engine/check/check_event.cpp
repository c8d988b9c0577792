#include <optional>
#include <variant>

#include "check/expr.h"

namespace plumb::check {

namespace {

model::Event event_of(const Context& context, model::EventKind kind, Span span) {
  model::Event event;
  event.kind = kind;
  event.words = words(context, span);
  event.span = span;
  return event;
}

EventId add_event(Context& context, model::Event event) { return context.book.events.add(std::move(event)); }

bool is_event_broken(const Context& context, EventId id) {
  return context.book.events[id].kind == model::EventKind::error;
}

std::optional<model::EventKind> built_in_event(const std::string& name) {
  if (name == "created") return model::EventKind::created;
  if (name == "won") return model::EventKind::won;
  if (name == "lost") return model::EventKind::lost;
  if (name == "reopened") return model::EventKind::reopened;
  return std::nullopt;
}

EventId report_no_event(Context& context, const Scope& scope, const ast::Name& name) {
  const ExprId value = value_named(context, scope, name);
  Diagnostic* diagnostic = unknown(context, name, event_names(context), diag::UnknownEvent, name.text);
  if (!diagnostic) return broken_event(context, name.span);
  if (value && context.book.exprs[value].field) {
    diagnostic->hint("`{0}` is a field: its change is the event `{0} changed`", spelled(name.text));
  } else if (diagnostic->help.empty()) {
    diagnostic->hint("an activity, a record or an event, `created`, `won`, `lost` or `reopened`, or `enters` a stage");
  }
  return broken_event(context, name.span);
}

/// An activity, a record, or one of the events that every deal has. Missing: an error for none of them.
model::Event happening_named(const Context& context, const std::string& name, Span span) {
  model::Event event = event_of(context, model::EventKind::error, span);
  if (const auto found = context.names.activities.find(name); found != context.names.activities.end()) {
    event.kind = model::EventKind::activity;
    event.activity = found->second;
  }
  if (const auto found = context.names.records.find(name); found != context.names.records.end()) {
    event.kind = model::EventKind::record;
    event.record = found->second;
  }
  if (const auto kind = built_in_event(name)) event.kind = *kind;
  return event;
}

EventId check_node(Context& context, const Scope& scope, const ast::NamedEvent& node, Span) {
  return event_named(context, scope, node.name);
}

EventId stage_event(Context& context, const Scope& scope, model::EventKind kind, const ast::Name& stage, Span span) {
  model::Event event = event_of(context, kind, span);
  event.stage = stage_named(context, scope, stage);
  return event.stage ? add_event(context, std::move(event)) : broken_event(context, span);
}

EventId check_node(Context& context, const Scope& scope, const ast::EntersStage& node, Span span) {
  return stage_event(context, scope, model::EventKind::enters, node.stage, span);
}

EventId check_node(Context& context, const Scope& scope, const ast::LeavesStage& node, Span span) {
  return stage_event(context, scope, model::EventKind::leaves, node.stage, span);
}

/// A field of the deal, or of the person in a rule about people. Missing: none, reported.
Id<model::Field> changing_field(Context& context, const Scope& scope, const ast::Name& name) {
  const model::OwnerKind owner = scope.about == About::person ? model::OwnerKind::person : model::OwnerKind::deal;
  const auto& fields = fields_of(context, owner);
  if (const auto found = fields.find(name.text); found != fields.end()) return found->second;
  unknown(context, name, keys(context, fields), diag::UnknownField, fmt::format("{} have", plural(owner)), name.text);
  return {};
}

EventId check_node(Context& context, const Scope& scope, const ast::FieldChanged& node, Span span) {
  model::Event event = event_of(context, model::EventKind::changed, span);
  event.field = changing_field(context, scope, node.field);
  return event.field ? add_event(context, std::move(event)) : broken_event(context, span);
}

EventId check_node(Context& context, const Scope& scope, const ast::FieldMoved& node, Span span) {
  model::Event event = event_of(context, model::EventKind::moved_period, span);
  event.later = node.later;
  event.period = node.period;
  event.field = changing_field(context, scope, node.field);
  check_period(context, node.period, span);
  if (!event.field) return broken_event(context, span);
  const model::Type type = context.book.fields[event.field].type;
  if (type.kind == TypeKind::error) return broken_event(context, span);
  if (type.kind == TypeKind::date || type.kind == TypeKind::instant) return add_event(context, std::move(event));
  context.sink.report(node.field.span, diag::NotADate, node.field.text, described(type), time::to_text(node.period))
      .hint("any change of it is the event `{} changed`", spelled(node.field.text));
  return broken_event(context, span);
}

EventId check_node(Context& context, const Scope& scope, const ast::StartsLeave& node, Span span) {
  const std::string who = scope.about == About::person ? "person" : "owner";
  if (node.who.text != who && node.who.text != "owner") {
    unknown(context, node.who, {who}, diag::UnknownDebtor, node.who.text);
    return broken_event(context, span);
  }
  return add_event(context, event_of(context, model::EventKind::starts_leave, span));
}

EventId check_node(Context& context, const Scope& scope, const ast::OrdinalEvent& node, Span span) {
  model::Event event = event_of(context, model::EventKind::ordinal, span);
  event.nth = node.ordinal;
  event.on_another_day = node.on_another_day;
  check_not_zero(context, node.ordinal, span);
  const EventId counted = check_event(context, scope, node.event);
  event.parts.push_back(counted);
  if (node.for_each && node.for_each->text == "account") {
    event.for_each_account = true;
  } else if (node.for_each && node.for_each->text != "deal") {
    event.for_each_contact = true;
  }
  return is_event_broken(context, counted) ? broken_event(context, span) : add_event(context, std::move(event));
}

EventId check_node(Context& context, const Scope& scope, const ast::AnyEvent& node, Span span) {
  model::Event event = event_of(context, model::EventKind::any_of, span);
  bool whole = true;
  for (const ast::EventId part : node.events) {
    event.parts.push_back(check_event(context, scope, part));
    whole &= !is_event_broken(context, event.parts.back());
  }
  return whole ? add_event(context, std::move(event)) : broken_event(context, span);
}

EventId check_node(Context& context, const Scope& scope, const ast::FilteredEvent& node, Span span) {
  model::Event event = event_of(context, model::EventKind::filtered, span);
  const EventId candidate = check_event(context, scope, node.event);
  event.parts.push_back(candidate);
  Scope inner = scope;
  inner.about = About::deal;
  inner.candidate = candidate;
  event.where = check_condition(context, inner, node.where);
  return is_event_broken(context, candidate) ? broken_event(context, span) : add_event(context, std::move(event));
}

/// An event of events is looked for in each of them; doubled thirty times it would never be found.
constexpr std::size_t largest_event = 1'000;

/// Missing: nullopt where a part of it is said to be too large.
std::optional<std::size_t> size_of(const Context& context, EventId id) {
  if (const auto named = context.event_sizes.find(id); named != context.event_sizes.end()) return named->second;
  std::size_t size = 1;
  for (const EventId part : context.book.events[id].parts) {
    const auto of_part = size_of(context, part);
    if (!of_part) return of_part;
    size += *of_part;
  }
  return size;
}

void define(Context& context, const ast::EventDecl& written, Definition<ast::EventDecl, model::Event>& definition) {
  const EventId made = check_event(context, Scope{}, written.event);
  model::Event event = context.book.events[made];
  event.name = written.name.text;
  event.span = written.name.span;
  definition.made = add_event(context, std::move(event));
  std::optional<std::size_t> size = size_of(context, definition.made);
  if (size > largest_event) {
    context.sink.report(written.name.span, diag::EventTooLarge, written.name.text, largest_event);
    size.reset();
  }
  context.event_sizes.emplace(definition.made, size);
}

}  // namespace

EventId broken_event(Context& context, Span span) {
  return add_event(context, event_of(context, model::EventKind::error, span));
}

EventId event_named(Context& context, const Scope& scope, const ast::Name& name) {
  if (context.names.events.contains(name.text)) {
    const EventId id = event_defined(context, name);
    return id ? id : broken_event(context, name.span);
  }
  model::Event event = happening_named(context, name.text, name.span);
  if (event.kind == model::EventKind::error) return report_no_event(context, scope, name);
  return add_event(context, std::move(event));
}

EventId check_event(Context& context, const Scope& scope, ast::EventId id) {
  if (!id) return broken_event(context, Span{});
  const ast::Event& written = context.file.events[id];
  return std::visit([&](const auto& node) { return check_node(context, scope, node, written.span); }, written.is);
}

EventId latest_of(Context& context, const Scope& scope, ast::EventId id) {
  const ast::Event& written = context.file.events[id];
  const auto* named = std::get_if<ast::NamedEvent>(&written.is);
  if (!named || is_event(context, named->name.text)) return check_event(context, scope, id);
  const std::string& deals = named->name.text;
  if (deals == "deals") return add_event(context, event_of(context, model::EventKind::created, written.span));
  if (deals == "open") {
    context.sink.report(written.span, diag::NoLatest, deals)
        .hint("`deals`, `created deals`, `won deals`, `lost deals` and `closed deals` come one after the other");
    return broken_event(context, written.span);
  }
  return deals == "closed" ? closing(context, written.span) : check_event(context, scope, id);
}

EventId closing(Context& context, Span span) {
  model::Event either = event_of(context, model::EventKind::any_of, span);
  for (const model::EventKind end : {model::EventKind::won, model::EventKind::lost}) {
    either.parts.push_back(add_event(context, event_of(context, end, span)));
  }
  return add_event(context, std::move(either));
}

EventId event_defined(Context& context, const ast::Name& name) {
  return defined(context, context.names.events.at(name.text), name,
                 [&](auto& definition) { define(context, *definition.written, definition); });
}

}  // namespace plumb::check
