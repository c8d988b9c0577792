#include <fmt/format.h>
#include <gtest/gtest.h>

#include "explain/case.h"
#include "property/case.h"
#include "property/chance.h"
#include "property/engine.h"
#include "property/environment.h"
#include "unit/explain/flip.h"

namespace plumb::property {
namespace {

using history::Revision;

// A value that somebody could state in a column of the history.
history::Stated drawn_value(const history::History& history, const history::Column& column, time::Instant at,
                            Chance& chance) {
  history::Stated stated{column.name, column.type, 0, {}};
  switch (column.type) {
    case history::ValueType::text: {
      std::vector<std::int64_t> words;
      for (std::int64_t word : column.values) {
        if (history::is_value(word)) words.push_back(word);
      }
      stated.word = words.empty() ? "other" : std::string(history.words[static_cast<std::uint32_t>(chance.of(words))]);
      break;
    }
    case history::ValueType::money: stated.word = "USD"; [[fallthrough]];
    case history::ValueType::decimal:
      stated.value = chance.of(std::vector<int>{0, 1, 2, 10, 60, 1000}) * 1'000'000LL;
      break;
    case history::ValueType::date: stated.value = time::Zone::utc().day_of(at).days + chance.between(-30, 60); break;
    case history::ValueType::instant: stated.value = at.micros; break;
    case history::ValueType::boolean: stated.value = chance.below(2); break;
  }
  return stated;
}

// One fact more in a deal: an activity, a move to a stage, or what is said of a field.
Revision drawn_fact(const history::History& history, std::uint32_t deal, time::Instant until, Chance& chance) {
  using history::KindClass;
  std::vector<const history::Kind*> kinds;
  for (const history::Kind& kind : history.kinds) {
    const bool stated = kind.of == KindClass::change && kind.name != "owner";
    if (kind.of == KindClass::activity || stated) kinds.push_back(&kind);
  }
  const history::Timeline& events = history.deal_events;
  std::vector<time::Instant> times{time::Instant{until.micros - 60'000'000}};
  for (std::uint32_t i = events.first[deal]; i < events.first[deal + 1]; ++i) {
    for (std::int64_t by : {0, 60'000'000}) {
      if (events.at[i].known() && events.at[i].micros + by < until.micros) {
        times.push_back(time::Instant{events.at[i].micros + by});
      }
    }
  }
  Revision fact;
  if (kinds.empty()) return fact;
  const history::Kind& kind = *chance.of(kinds);
  fact.of = kind.of;
  fact.kind = kind.name;
  fact.subject = history.words[history.deals.ids[deal]];
  fact.at = fact.recorded = chance.of(times);
  for (const history::Column& column : kind.columns) {
    const bool said = kind.of == KindClass::change ? column.name == "to" : chance.one_in(2);
    if (said) fact.values.push_back(drawn_value(history, column, fact.at, chance));
  }
  return fact;
}

// Nothing is offered to happen in a deal that is closed then.
bool is_closed(const model::Rulebook& book, const history::History& history, const Revision& fact) {
  const std::uint32_t deal = explain::find_deal(history, fact.subject);
  bool closed = false;
  for (std::uint32_t i = history.deal_events.first[deal]; i < history.deal_events.first[deal + 1]; ++i) {
    const history::Kind& kind = history.kinds[history.deal_events.kind[i]];
    if (kind.of != history::KindClass::move || history.deal_events.at[i] > fact.at) continue;
    const std::int64_t to = kind.columns[1].values[history.deal_events.row[i]];
    for (std::size_t s = 0; s < book.stages.size(); ++s) {
      const model::Stage& stage = book.stages[Id<model::Stage>(s)];
      if (!history::is_value(to) || history.words[static_cast<std::uint32_t>(to)] != stage.name) continue;
      closed = stage.end != model::StageEnd::open;
    }
  }
  return closed;
}

// Whether one fact more keeps what was explained by several, or by none: one that was drawn, of many.
std::string kept_by_one_fact(const report::Input& input, std::size_t row, const eval::Options& options,
                             Chance& chance) {
  constexpr int draws = 40;
  const eval::Verdicts& v = input.evaluation.verdicts;
  const history::History whole = explain::testing::seen(input);
  const std::string subject(report::subject_of(input, row));
  std::vector<std::uint32_t> deals;
  for (std::uint32_t deal = 0; deal < whole.deals.size(); ++deal) {
    const bool own = input.rulebook.rules[v.rule[row]].subject.kind != model::SubjectKind::deal;
    if (own || whole.words[whole.deals.ids[deal]] == subject) deals.push_back(deal);
  }
  if (deals.empty()) return {};
  const time::Instant until = std::min(v.settled[row], input.evaluation.horizon);
  for (int i = 0; i < draws; ++i) {
    const Revision fact = drawn_fact(whole, chance.of(deals), until, chance);
    if (fact.kind.empty() || fact.values.empty() || is_closed(input.rulebook, whole, fact)) continue;
    const history::History history = history::revised(whole, {fact});
    const auto after = eval::run(input.rulebook, history, options);
    if (!after) continue;
    const std::vector<eval::Verdict> now =
        explain::testing::verdicts_of({input.rulebook, history, *after, {}, {}}, explain::testing::name_of(input, row));
    const std::size_t place = explain::testing::place_of(input, row);
    if (place >= now.size() || now[place] != eval::Verdict::kept) continue;
    std::string text = fmt::format("{} of {} at {}", fact.kind, fact.subject, time::to_text_utc(fact.at));
    for (const history::Stated& s : fact.values) text += fmt::format(" {}={}{}", s.field, s.value, s.word);
    return text;
  }
  return {};
}

// Where several facts are offered, or none, no single fact of those that are drawn keeps it.
TEST(Explain, NoSingleFactKeepsWhatSeveralAreOfferedFor) {
  const std::uint64_t first = from_environment("PLUMB_SEED", 1), cases = from_environment("PLUMB_SMALLER_CASES", 120);
  const bool show = from_environment("PLUMB_SHOW", 0) != 0;
  std::size_t asked = 0, several = 0, smaller = 0;
  int refused = 0;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    const Case each = random_case(seed, refused, false);
    const Compiled compiled = compile(each.draft.text());
    ASSERT_TRUE(compiled.book) << "seed " << seed;
    const history::History history = load(*compiled.book, each.tables);
    const eval::Options options{.as_of = each.as_of, .threads = 1};
    const auto evaluation = eval::run(*compiled.book, history, options);
    ASSERT_TRUE(evaluation);
    const report::Input input{*compiled.book, history, *evaluation, {}, {}};
    explain::Explainer explainer(input, options);
    Chance chance(seed);
    for (std::size_t row = 0; row < evaluation->verdicts.size(); ++row) {
      if (evaluation->verdicts.verdict[row] != eval::Verdict::missed) continue;
      ++asked;
      const explain::Explanation explanation = explainer.explain(row);
      if (explanation.change && explanation.change->revisions.size() <= 1) continue;
      ++several;
      const std::string fact = kept_by_one_fact(input, row, options, chance);
      smaller += !fact.empty();
      if (show && !fact.empty()) fmt::print("seed {}: {}\n{}", seed, fact, explain::human(input, explanation, false));
    }
  }
  fmt::print("{} missed, {} by several facts or none, {} of them by one that was drawn\n", asked, several, smaller);
  EXPECT_GT(several, cases / 10);
  // So many of a hundred are borne: where a person's own deals have to be asked for, those of others are not tried.
  EXPECT_LE(smaller * 100, asked);
}

// What is offered keeps the obligation, whatever the rulebook asks; where nothing is offered it is said why. Random
// rulebooks ask for much that no fact can bring about: what is promised of how often there is a change, unit_explain
// holds over rules that somebody would write.
TEST(Explain, TheChangeThatIsOfferedFlipsTheVerdict) {
  const std::uint64_t first = from_environment("PLUMB_SEED", 1), cases = from_environment("PLUMB_CASES", 300);
  explain::testing::Flips flips;
  int refused = 0;
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    const Case each = random_case(seed, refused, false);
    const Compiled compiled = compile(each.draft.text());
    ASSERT_TRUE(compiled.book) << "seed " << seed;
    const history::History history = load(*compiled.book, each.tables);
    const eval::Options options{.as_of = each.as_of, .threads = 1};
    const auto evaluation = eval::run(*compiled.book, history, options);
    ASSERT_TRUE(evaluation);
    flips.add({*compiled.book, history, *evaluation, {}, {}}, options, report::default_calendar(*compiled.book).zone(),
              fmt::format("seed {}", seed));
    if (HasFailure()) {
      fmt::print("{}", to_text(each));
      break;
    }
  }
  fmt::print("{} of {} missed and due obligations flip\n", flips.all.flipped, flips.all.asked);
  EXPECT_GT(flips.all.asked, cases);
}

}  // namespace
}  // namespace plumb::property
