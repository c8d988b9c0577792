#include "syntax/antlr/lower.h"

namespace plumb::syntax::antlr {

namespace {

using ast::AggregateFunction;

/// Subjects that are counted themselves, when written bare.
bool is_subject(P::WordContext& word) {
  const std::string text = word.getText();
  return text == "contact" || text == "person" || text == "account" || text == "team";
}

P::WordContext* only_word(P::PlainEventContext* event) {
  auto* named = event == nullptr ? nullptr : dynamic_cast<P::NamedEventContext*>(event->eventWord());
  return named == nullptr ? nullptr : named->word();
}

std::optional<ast::Name> state_before_deals(Reader& reader, P::PopulationContext& population) {
  if (auto* state = population.stateWord()) return lower_name(reader, *state);
  if (population.CREATED() == nullptr) return std::nullopt;
  return ast::Name{"created", reader.offsets.span(*population.CREATED()->getSymbol())};
}

void lower_part(Reader& reader, P::AggregatePartContext& part, ast::Aggregate& aggregate,
                std::vector<P::TailContext*>& tails) {
  const auto word = [&](antlr4::tree::TerminalNode& node) {
    return ast::Name{node.getText(), reader.offsets.span(*node.getSymbol())};
  };
  if (part.tail() != nullptr) {
    tails.push_back(part.tail());
  } else if (part.BY() != nullptr) {
    aggregate.by_actor = true;
  } else if (part.OF() != nullptr) {
    set_once(reader, aggregate.of, word(part.TEAM() != nullptr ? *part.TEAM() : *part.COMPANY()), part, "of");
  } else if (part.AT() != nullptr) {
    set_once(reader, aggregate.read_at, word(part.CREATED() != nullptr ? *part.CREATED() : *part.WON()), part, "at");
  } else {
    set_once(reader, aggregate.per, lower_period(*part.period()), part, "per");
  }
}

ast::ExprId finish(Reader& reader, ast::Aggregate aggregate, P::PopulationContext* population,
                   const std::vector<P::AggregatePartContext*>& parts, antlr4::ParserRuleContext& context) {
  Counted counted = lower_population(reader, *population);
  aggregate.population = std::move(counted.population);
  aggregate.where = counted.where;
  std::vector<P::TailContext*> tails;
  for (P::AggregatePartContext* part : parts) lower_part(reader, *part, aggregate, tails);
  aggregate.tails = lower_tails(reader, tails);
  return add_expr(reader, std::move(aggregate), reader.offsets.span(context));
}

template <class Context>
AggregateFunction average_of(Context& context) {
  return context.MEAN() != nullptr ? AggregateFunction::mean : AggregateFunction::median;
}

ast::ExprId lower_span_of(Reader& reader, P::SpanOfContext& span) {
  ast::Aggregate aggregate;
  aggregate.function = average_of(span);
  aggregate.span_in = lower_unit(*span.unit());
  aggregate.span_from = lower_event(reader, *span.event(0));
  aggregate.span_to = lower_event(reader, *span.event(1));
  return finish(reader, std::move(aggregate), span.population(), span.aggregatePart(), span);
}

ast::ExprId lower_share(Reader& reader, P::ShareOfContext& share) {
  ast::Aggregate aggregate;
  aggregate.function = AggregateFunction::share;
  if (share.word() != nullptr) aggregate.field = lower_name(reader, *share.word());
  if (auto* followed = share.followed()) {
    aggregate.followed_by = lower_event(reader, *followed->event());
    aggregate.followed_within = lower_duration(reader, *followed->duration());
  }
  return finish(reader, std::move(aggregate), share.population(), share.aggregatePart(), share);
}

}  // namespace

Counted lower_population(Reader& reader, P::PopulationContext& population) {
  Counted counted;
  if (population.DEALS() != nullptr) {
    counted.population.of = ast::Name{"deals", reader.offsets.span(*population.DEALS()->getSymbol())};
    counted.population.state = state_before_deals(reader, population);
    counted.where = lower_narrowing(reader, population.narrowing());
    return counted;
  }
  P::EventContext& event = *population.event();
  if (auto* ordinal = event.ordinalEvent()) {
    counted.population.event = lower_ordinal(reader, *ordinal);
    return counted;
  }
  // What the aggregate narrows is its own; only a parenthesis makes it the event's.
  counted.where = lower_narrowing(reader, event.narrowing());
  P::PlainEventContext& plain = *event.plainEvent();
  P::WordContext* word = only_word(&plain);
  if (word != nullptr && is_subject(*word)) {
    counted.population.of = lower_name(reader, *word);
  } else {
    counted.population.event =
        plain.event() != nullptr ? lower_event(reader, *plain.event()) : lower_event_word(reader, *plain.eventWord());
  }
  return counted;
}

ast::ExprId lower_aggregate(Reader& reader, P::AggregateContext& context) {
  ast::Aggregate aggregate;
  if (auto* count = dynamic_cast<P::CountOfContext*>(&context)) {
    return finish(reader, aggregate, count->population(), count->aggregatePart(), context);
  }
  if (auto* sum = dynamic_cast<P::SumOfContext*>(&context)) {
    aggregate.function = AggregateFunction::sum;
    aggregate.field = lower_name(reader, *sum->word());
    return finish(reader, std::move(aggregate), sum->population(), sum->aggregatePart(), context);
  }
  if (auto* span = dynamic_cast<P::SpanOfContext*>(&context)) return lower_span_of(reader, *span);
  if (auto* share = dynamic_cast<P::ShareOfContext*>(&context)) return lower_share(reader, *share);
  auto& average = static_cast<P::AverageOfContext&>(context);
  aggregate.function = average_of(average);
  aggregate.field = lower_name(reader, *average.word());
  return finish(reader, std::move(aggregate), average.population(), average.aggregatePart(), context);
}

ast::ExprId lower_name_of(Reader& reader, P::NameOfContext& of) {
  P::PopulationContext& population = *of.population();
  auto* event = population.event();
  const bool bare = event != nullptr && event->narrowing() == nullptr && of.aggregatePart().empty();
  P::WordContext* word = bare ? only_word(event->plainEvent()) : nullptr;
  if (word != nullptr) {
    const ast::OfName name{lower_name(reader, *of.word()), lower_name(reader, *word)};
    return add_expr(reader, name, reader.offsets.span(of));
  }
  ast::Aggregate aggregate;
  aggregate.function = AggregateFunction::sum;
  aggregate.field = lower_name(reader, *of.word());
  return finish(reader, std::move(aggregate), &population, of.aggregatePart(), of);
}

ast::ExprId lower_name_per(Reader& reader, P::NamePerContext& per) {
  ast::Aggregate aggregate;
  aggregate.function = AggregateFunction::sum;
  aggregate.field = lower_name(reader, *per.word());
  aggregate.per = lower_period(*per.period());
  aggregate.tails = lower_tails(reader, per.tail());
  return add_expr(reader, std::move(aggregate), reader.offsets.span(per));
}

}  // namespace plumb::syntax::antlr
