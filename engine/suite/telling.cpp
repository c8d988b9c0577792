#include "suite/telling.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "history/mapping.h"

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

namespace {

/// Of the units that have one length. Missing: 0.
std::int64_t minutes_of(time::Unit unit) {
  switch (unit) {
    case time::Unit::minutes: return 1;
    case time::Unit::hours: return 60;
    case time::Unit::days: return 24 * 60;
    case time::Unit::weeks: return 7 * 24 * 60;
    default: return 0;
  }
}

/// A history holds a duration as a number of its field's unit. Missing: nullopt where the one is no number of the
/// other.
std::optional<std::string> count_in(time::Duration duration, time::Unit unit) {
  if (duration.unit == unit) return fmt::format("{}", duration.count);
  const std::int64_t from = minutes_of(duration.unit), to = minutes_of(unit);
  if (from == 0 || to == 0 || duration.count * from % to != 0) return std::nullopt;
  return fmt::format("{}", duration.count * from / to);
}

// What stands for something in a canonical file is told as the text that it is.
std::string told(const std::string& text) { return history::needs_escape(text) ? "\\" + text : text; }

}  // namespace

std::optional<std::string> cell_of(Telling& telling, const model::Fact& fact) {
  if (!fact.value.literal) return told(fact.value.word);
  const model::Expr& literal = telling.book.exprs[fact.value.literal];
  switch (literal.op) {
    case model::Op::number:
    case model::Op::percent: return to_text(literal.decimal);
    case model::Op::money: return to_text(literal.decimal) + " " + literal.text;
    case model::Op::date: return time::to_text(literal.day);
    case model::Op::instant: return time::to_text_utc(literal.at);
    case model::Op::choice: return telling.book.fields[literal.field].choices[literal.choice];
    case model::Op::duration:
      if (const auto count = count_in(literal.duration, telling.book.fields[fact.field].type.unit)) return count;
      break;
    case model::Op::stage_name: return telling.book.stages[literal.stage].name;
    case model::Op::text: return told(literal.text);
    default: break;
  }
  const bool duration = literal.op == model::Op::duration;
  telling.troubles.push_back({fact.span,
                              duration ? fmt::format("`{}` is no whole number of the field's unit", literal.words)
                                       : fmt::format("`{}` is no value that stands by itself", literal.words),
                              duration ? fmt::format("write one that is, such as `{}`",
                                                     time::to_text({2, telling.book.fields[fact.field].type.unit}))
                                       : std::string("write a number, an amount, a date, a choice or a text")});
  return std::nullopt;
}

void add_fact(Telling& telling, const model::Fact& fact, Cells& cells) {
  if (!fact.field) {
    const bool day = static_cast<bool>(fact.value.literal);
    cells.emplace_back(day ? fact.value.word : std::string(contact_column),
                       day ? time::to_text(telling.book.exprs[fact.value.literal].day) : fact.value.word);
    return;
  }
  const std::string& name = telling.book.fields[fact.field].name;
  const std::optional<std::string> value = cell_of(telling, fact);
  if (!value) return;
  cells.emplace_back(field_column(name), *value);
  if (fact.recorded) cells.emplace_back(recorded_column(name), time_cell(fact.recorded));
}

void add_source(Telling& telling, const std::vector<model::Fact>& facts, Cells& cells) {
  model::SourceRank source = model::SourceRank::none;
  for (const model::Fact& fact : facts) {
    if (fact.source == model::SourceRank::none || fact.source == source) continue;
    if (source != model::SourceRank::none) {
      telling.troubles.push_back(
          {fact.span,
           fmt::format("one line comes from `{}` and from `{}`", source_word(source), source_word(fact.source)),
           "what comes from another source is a line of its own"});
    }
    source = fact.source;
  }
  cells.emplace_back("source", source_word(source));
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
