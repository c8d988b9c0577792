#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

/// `over last 4 quarters`, `over last 2 held_meeting`, `over last 20 lost deals`.
void lower_last(Reader& reader, P::LastTailContext& last, ast::Tails& tails) {
  tails.last = lower_whole(reader, *last.NUMERAL());
  const ast::Thing thing = lower_thing(reader, *last.thing());
  tails.last_periods = thing.periods;
  tails.last_of = thing.event;
}

void lower_tail(Reader& reader, P::TailContext& tail, ast::Tails& tails) {
  if (auto* source = tail.sourceTail()) {
    if (is_repeated(reader, tails.source.has_value(), tail, "from")) return;
    tails.source = lower_name(reader, *source->word());
    tails.or_better = source->BETTER() != nullptr;
  } else if (auto* since = tail.sinceTail()) {
    if (!is_repeated(reader, static_cast<bool>(tails.since), tail, "since")) {
      tails.since = lower_event(reader, *since->event());
    }
  } else if (auto* in = tail.inTail()) {
    set_once(reader, tails.in, lower_duration(reader, *in->duration()), tail, "in");
  } else if (!is_repeated(reader, tails.last.has_value(), tail, "over last")) {
    lower_last(reader, *tail.lastTail(), tails);
  }
}

}  // namespace

ast::Thing lower_thing(Reader& reader, P::ThingContext& thing) {
  if (auto* periods = thing.periods()) return {lower_periods(*periods), {}};
  if (auto* event = thing.event()) return {{}, lower_event(reader, *event)};
  // Deals are counted by the event that made them so: `lost deals` are the latest `lost`.
  ast::Name name;
  if (auto* word = thing.plainWord()) {
    name = lower_name(reader, *word);
  } else if (auto* state = thing.stateWord()) {
    name = lower_name(reader, *state);
  } else {
    name = name_of_tokens(reader, thing.CREATED() != nullptr ? "created" : "deals", thing);
  }
  const source::Span span = name.span;
  return {{}, reader.file.events.add(ast::Event{ast::NamedEvent{std::move(name)}, span})};
}

ast::Tails lower_tails(Reader& reader, const std::vector<P::TailContext*>& tails) {
  ast::Tails lowered;
  for (P::TailContext* tail : tails) {
    lower_tail(reader, *tail, lowered);
    lowered.span = source::join(lowered.span, reader.offsets.span(*tail));
  }
  return lowered;
}

}  // namespace plumb::syntax::antlr
