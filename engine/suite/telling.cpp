#include "suite/telling.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace plumb::suite {

std::string field_column(const std::string& field) { return "field " + field; }

std::string recorded_column(const std::string& field) { return "recorded " + field; }

std::string_view source_word(model::SourceRank source) {
  static constexpr std::array<std::string_view, 5> words{"", "claim", "third_party", "buyer", "system"};
  return words[static_cast<std::size_t>(source)];
}

std::string time_cell(time::Instant at, const std::optional<time::Day>& day) {
  if (day) return time::to_text(*day);
  return at.known() ? time::to_text_utc(at) : std::string();
}

std::string time_cell(const std::optional<time::Instant>& at) {
  return at && at->known() ? time::to_text_utc(*at) : std::string();
}

std::optional<std::string> cell_of(Telling& telling, const model::Fact& fact) {
  if (!fact.value.literal) return fact.value.word;
  const model::Expr& literal = telling.book.exprs[fact.value.literal];
  switch (literal.op) {
    case model::Op::number:
    case model::Op::percent: return to_text(literal.decimal);
    case model::Op::money: return to_text(literal.decimal) + " " + literal.text;
    case model::Op::date: return time::to_text(literal.day);
    case model::Op::instant: return time::to_text_utc(literal.at);
    case model::Op::choice: return telling.book.fields[literal.field].choices[literal.choice];
    case model::Op::duration: return time::to_text(literal.duration);
    case model::Op::stage_name: return telling.book.stages[literal.stage].name;
    case model::Op::text: return literal.text;
    default: break;
  }
  telling.troubles.push_back({fact.span, fmt::format("`{}` is no value that stands by itself", literal.words),
                              "write a number, an amount, a date, a choice or a text"});
  return std::nullopt;
}

void add_fact(Telling& telling, const model::Fact& fact, Cells& cells) {
  const std::string& name = telling.book.fields[fact.field].name;
  const std::optional<std::string> value = cell_of(telling, fact);
  if (!value) return;
  cells.emplace_back(field_column(name), *value);
  if (fact.recorded) cells.emplace_back(recorded_column(name), time_cell(fact.recorded));
}

std::string owner_at(const Telling& telling, std::uint32_t deal, time::Instant at) {
  const auto owner_in = [&](const std::vector<model::Fact>& facts) -> const model::Fact* {
    const auto found = std::find_if(facts.begin(), facts.end(), [&](const model::Fact& fact) {
      const model::Field& field = telling.book.fields[fact.field];
      return field.built_in && field.owner == model::OwnerKind::deal && field.name == "owner";
    });
    return found == facts.end() ? nullptr : &*found;
  };
  const model::Fact* owner = owner_in(telling.member(deal).facts);
  time::Instant since = time::Instant::unknown();
  for (const model::Deed& deed : telling.test.deeds) {
    if (deed.kind != model::Deed::Kind::sets || deed.subject != deal || deed.at > at || deed.at < since) continue;
    if (const model::Fact* changed = owner_in(deed.facts)) owner = changed, since = deed.at;
  }
  return owner ? owner->value.word : std::string();
}

}  // namespace plumb::suite
