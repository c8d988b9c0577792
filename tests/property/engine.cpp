#include "property/engine.h"

#include <algorithm>
#include <stdexcept>

#include "eval/run.h"
#include "history/load.h"

namespace plumb::property {

history::History load(const model::Rulebook& book, const Tables& tables) {
  std::vector<history::TextFile> files;
  for (const Table* table : tables.all()) {
    if (!table->columns.empty()) files.push_back({table->file, to_csv(*table)});
  }
  history::LoadOptions options;
  if (const model::Calendar* calendar = book.default_calendar())
    options.default_zone = *time::Zone::find(calendar->spec.zone);
  auto loaded = history::load_texts(files, history::canonical_mapping(), eval::schema_of(book), options);
  if (!loaded) throw std::runtime_error(loaded.error());
  for (const history::Problem& problem : loaded->report.problems) {
    if (problem.refused) throw std::runtime_error("row refused: " + problem.message);
  }
  return std::move(loaded->history);
}

namespace {

std::int64_t ended(time::Instant at) {
  return at == time::Instant::max() ? time::Instant::unknown().micros : at.micros;
}

}  // namespace

namespace {

std::string why(const eval::Verdicts& v, std::size_t row) {
  for (std::uint32_t i = v.reason_first[row]; i < v.reason_first[row + 1]; ++i) {
    switch (v.reasons[i].ground) {
      case eval::Ground::waived: return "waived";
      case eval::Ground::perhaps_covered:
      case eval::Ground::perhaps_waived: return "perhaps waived";
      case eval::Ground::closed_first:
      case eval::Ground::subject_closed: return v.verdict[row] == eval::Verdict::excused ? "closed" : "";
      case eval::Ground::left_filter: return "left";
      case eval::Ground::nothing_asked: return "nothing asked";
      case eval::Ground::debtor_left: return "debtor left";
      case eval::Ground::on_hold: return "on hold";
      default: break;
    }
  }
  return {};
}

}  // namespace

std::vector<Told> evaluate(const model::Rulebook& book, const Tables& tables, time::Instant as_of,
                           time::Instant known_at) {
  const history::History history = load(book, tables);
  const Result<eval::Evaluation> evaluation =
      eval::run(book, history, {.as_of = as_of, .known_at = known_at, .threads = 1});
  if (!evaluation) throw std::runtime_error(evaluation.error());
  const eval::Verdicts& v = evaluation->verdicts;
  std::vector<Told> all;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const model::Rule& rule = book.rules[v.rule[i]];
    const auto person = [&](std::uint32_t p) {
      return p == eval::nobody ? std::string() : history.words[history.people.names.ids[p]];
    };
    Told told;
    told.rule = rule.name, told.owed_by = person(v.owed_by[i]), told.verdict = eval::to_text(v.verdict[i]);
    told.subject = "the company";
    if (rule.subject.kind == model::SubjectKind::deal) told.subject = history.words[history.deals.ids[v.subject[i]]];
    if (rule.subject.kind == model::SubjectKind::person) told.subject = person(v.subject[i]);
    if (rule.subject.kind == model::SubjectKind::team) told.subject = v.teams[v.subject[i]];
    told.opened = v.opened[i].micros, told.deadline = ended(v.deadline[i]), told.settled = v.settled[i].micros;
    told.period = v.period[i].from.micros, told.why = why(v, i);
    all.push_back(std::move(told));
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace plumb::property
