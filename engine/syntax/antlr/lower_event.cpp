#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

using diagnostics::diag::NotAnEvent;

ast::EventId add_event(Reader& reader, decltype(ast::Event::is) is, source::Span span) {
  return reader.file.events.add(ast::Event{std::move(is), span});
}

/// The name of what is no name in the grammar: `owner` of `owner starts leave`.
ast::EventId named(Reader& reader, P::WordContext& word) {
  return add_event(reader, ast::NamedEvent{lower_name(reader, word)}, reader.offsets.span(word));
}

}  // namespace

ast::EventId narrow_event(Reader& reader, ast::EventId event, P::NarrowingContext* narrowing, source::Span span) {
  if (narrowing == nullptr) return event;
  return add_event(reader, ast::FilteredEvent{event, lower_narrowing(reader, narrowing)}, span);
}

ast::EventId lower_event_list(Reader& reader, P::EventListContext& list, source::Span span) {
  const auto events = list.event();
  ast::AnyEvent any;
  for (P::EventContext* event : events) any.events.push_back(lower_event(reader, *event));
  return add_event(reader, std::move(any), span);
}

ast::EventId lower_event_word(Reader& reader, P::EventWordContext& event) {
  const source::Span span = reader.offsets.span(event);
  if (auto* any = dynamic_cast<P::AnyOfContext*>(&event)) return lower_event_list(reader, *any->eventList(), span);
  if (auto* enters = dynamic_cast<P::EntersStageContext*>(&event)) {
    return add_event(reader, ast::EntersStage{lower_name(reader, *enters->word())}, span);
  }
  if (auto* leaves = dynamic_cast<P::LeavesStageContext*>(&event)) {
    return add_event(reader, ast::LeavesStage{lower_name(reader, *leaves->word())}, span);
  }
  if (auto* changed = dynamic_cast<P::FieldChangedContext*>(&event)) {
    return add_event(reader, ast::FieldChanged{lower_name(reader, *changed->word())}, span);
  }
  if (auto* moved = dynamic_cast<P::FieldMovedContext*>(&event)) {
    const bool later = moved->LATER() != nullptr;
    return add_event(reader, ast::FieldMoved{lower_name(reader, *moved->word()), later, lower_period(*moved->period())},
                     span);
  }
  if (auto* starts = dynamic_cast<P::StartsLeaveContext*>(&event)) {
    return add_event(reader, ast::StartsLeave{lower_name(reader, *starts->word())}, span);
  }
  return named(reader, *static_cast<P::NamedEventContext&>(event).word());
}

namespace {

ast::EventId lower_plain(Reader& reader, P::PlainEventContext& event) {
  if (auto* inner = event.event()) return lower_event(reader, *inner);
  return lower_event_word(reader, *event.eventWord());
}

}  // namespace

ast::EventId lower_ordinal(Reader& reader, P::OrdinalEventContext& event) {
  ast::OrdinalEvent ordinal;
  const std::string number = event.ORDINAL()->getText();
  ordinal.ordinal = std::strtoll(number.c_str(), nullptr, 10);
  antlr4::ParserRuleContext* counted = event.eventList();
  if (counted == nullptr) counted = event.plainEvent();
  ordinal.event = event.eventList() != nullptr
                      ? lower_event_list(reader, *event.eventList(), reader.offsets.span(*counted))
                      : lower_plain(reader, *event.plainEvent());
  if (auto* narrowing = event.narrowing()) {
    const source::Span span = source::join(reader.offsets.span(*counted), reader.offsets.span(*narrowing));
    ordinal.event = narrow_event(reader, ordinal.event, narrowing, span);
  }
  for (P::OrdinalPartContext* part : event.ordinalPart()) {
    if (part->ANOTHER() != nullptr) ordinal.on_another_day = true;
    auto* subject = part->ACCOUNT() != nullptr ? part->ACCOUNT() : part->CONTACT();
    if (subject != nullptr) {
      ordinal.for_each = ast::Name{subject->getText(), reader.offsets.span(*subject->getSymbol())};
    }
  }
  return add_event(reader, std::move(ordinal), reader.offsets.span(event));
}

ast::EventId lower_event(Reader& reader, P::EventContext& event) {
  if (auto* ordinal = event.ordinalEvent()) return lower_ordinal(reader, *ordinal);
  const ast::EventId plain = lower_plain(reader, *event.plainEvent());
  return narrow_event(reader, plain, event.narrowing(), reader.offsets.span(event));
}

// ---- events that the grammar reads as values, because only what follows tells them apart
// ------------------------------

P::ValueContext* only_value(P::ConditionContext& condition) {
  if (condition.conjunction().size() != 1) return nullptr;
  P::ConjunctionContext& conjunction = *condition.conjunction(0);
  if (conjunction.negation().size() != 1 || !conjunction.negation(0)->NOT().empty()) return nullptr;
  P::StatementContext& statement = *conjunction.negation(0)->statement();
  return statement.predicate() == nullptr ? statement.value() : nullptr;
}

namespace {

P::EventOperandContext* event_operand(P::ValueContext& value) {
  if (value.operand().size() != 1) return nullptr;
  return dynamic_cast<P::EventOperandContext*>(value.operand(0)->bareOperand());
}

P::ParenthesisContext* parenthesis(P::ValueContext& value) {
  return value.operand().size() == 1 ? value.operand(0)->parenthesis() : nullptr;
}

ast::EventId not_an_event(Reader& reader, antlr4::ParserRuleContext& context) {
  if (reader.may_report()) {
    const source::Span span = reader.offsets.span(context);
    reader.sink.report(span, NotAnEvent, reader.text.content().substr(span.begin, span.end - span.begin))
        .hint("an activity, a record, a declared event, or one of `created`, `won`, `lost`, `reopened` happens");
  }
  return ast::EventId::none();
}

}  // namespace

bool is_event(P::ValueContext& value) {
  if (auto* inner = parenthesis(value)) {
    P::ValueContext* only = only_value(*inner->condition());
    return inner->narrowing() != nullptr || (only != nullptr && is_event(*only));
  }
  P::EventOperandContext* event = event_operand(value);
  if (event == nullptr) return false;
  // The states of a deal are conditions by themselves.
  auto* named = dynamic_cast<P::NamedEventContext*>(event->eventWord());
  return named == nullptr || event->narrowing() != nullptr || named->word()->stateWord() == nullptr;
}

ast::EventId event_of_parenthesis(Reader& reader, P::ParenthesisContext& parenthesis) {
  P::ValueContext* value = only_value(*parenthesis.condition());
  if (value == nullptr) return not_an_event(reader, *parenthesis.condition());
  const ast::EventId event = event_of_value(reader, *value);
  return event ? narrow_event(reader, event, parenthesis.narrowing(), reader.offsets.span(parenthesis)) : event;
}

ast::EventId event_of_bare(Reader& reader, P::BareOperandContext& operand) {
  auto* event = dynamic_cast<P::EventOperandContext*>(&operand);
  if (event == nullptr) return not_an_event(reader, operand);
  if (auto* ordinal = event->ordinalEvent()) return lower_ordinal(reader, *ordinal);
  const ast::EventId plain = lower_event_word(reader, *event->eventWord());
  return narrow_event(reader, plain, event->narrowing(), reader.offsets.span(*event));
}

ast::EventId event_of_value(Reader& reader, P::ValueContext& value) {
  if (auto* inner = parenthesis(value)) return event_of_parenthesis(reader, *inner);
  if (event_operand(value) == nullptr) return not_an_event(reader, value);
  return event_of_bare(reader, *value.operand(0)->bareOperand());
}

}  // namespace plumb::syntax::antlr
