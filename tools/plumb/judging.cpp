#include "plumb/judging.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "eval/beyond.h"
#include "plumb/command.h"
#include "plumb/console.h"
#include "plumb/waiting.h"
#include "time/parse_time.h"

namespace plumb::tool {

namespace {

/// True when the rulebook can be evaluated. What cannot be evaluated yet is said in either case.
bool may_run(const model::Rulebook& rulebook, const source::Map& texts, bool skip) {
  const std::vector<model::Unevaluated> found = eval::unevaluated(rulebook);
  for (const model::Unevaluated& declaration : found) {
    const source::Place place = texts.begin(declaration.span);
    say(fmt::format("{}:{}:{}: {} `{}` is understood and not evaluated yet{}{}", texts[declaration.span.text].path(),
                    place.line, place.column, declaration.keyword, declaration.name,
                    eval::beyond_text(eval::words_beyond(rulebook, declaration), texts), skip ? ": left out" : ""));
  }
  if (found.empty() || skip) return true;
  complain(fmt::format("{} cannot be evaluated yet; --skip-unevaluated runs the rest",
                       counted(found.size(), "declaration", "declarations")));
  return false;
}

bool has_rule(const model::Rulebook& rulebook, const std::string& name) {
  std::vector<std::string> names;
  for (const model::Rule& rule : rulebook.rules) names.push_back(rule.name);
  if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return true;
  complain(fmt::format("--rule: there is no rule `{}`{}", name, did_you_mean(name, names)));
  return false;
}

/// Whether the rule is left after what cannot be evaluated was taken out.
bool is_evaluated(const model::Rulebook& evaluated, const std::string& name) {
  const auto named = [&](const model::Rule& rule) { return rule.name == name; };
  if (name.empty() || std::any_of(evaluated.rules.begin(), evaluated.rules.end(), named)) return true;
  complain(fmt::format("--rule: `{}` cannot be evaluated yet", name));
  return false;
}

/// What an option that is a time says; a date means the end of that day. Missing: unknown when it is not given.
Result<time::Instant> asked_time(const std::string& option, const std::string& text, const time::Zone& zone) {
  if (text.empty()) return time::Instant::unknown();
  const Result<time::Reading> reading = time::parse_reading(text, zone);
  if (!reading) return Failure{fmt::format("{}: {}", option, reading.error())};
  return reading->at.known() ? reading->at : zone.start_of(reading->day + 1);
}

/// The latest instant of which the history tells. What was recorded before it happens is planned; so may be an activity
/// or a record of which nobody knows when it was recorded, and it tells of an instant only where nothing else does.
/// Missing: unknown.
time::Instant last_told(const history::History& history) {
  const time::Instant latest = history.extent.last;
  time::Instant last = time::Instant::unknown(), perhaps_planned = last, recorded_last = last;
  for (const history::Timeline* events : {&history.deal_events, &history.person_events}) {
    for (std::size_t i = 0; i < events->size(); ++i) {
      const time::Instant at = events->at[i], recorded = events->recorded[i];
      if (at > latest) continue;
      if (recorded.known()) {
        recorded_last = std::max(recorded_last, std::min(recorded, at));
      } else if (history.kinds[events->kind[i]].of >= history::KindClass::activity) {
        perhaps_planned = std::max(perhaps_planned, at);
      } else {
        last = std::max(last, at);
      }
    }
  }
  return recorded_last.known() ? std::max(last, recorded_last) : std::max(last, perhaps_planned);
}

Result<time::Instant> end_of(const history::History& history) {
  const time::Instant last = last_told(history);
  if (!last.known()) return Failure{"no event of this history has a date: say with --as-of as of when to judge"};
  // Facts before the as-of are seen: the last event is one of them.
  const time::Instant end{last.micros + 1};
  say(fmt::format("as of {}, just after {}: --as-of says otherwise", time::to_text_utc(end),
                  history.extent.last > last
                      ? "the last event that is known to be recorded; what is later is planned, or may be"
                      : "the history's last event"));
  return end;
}

}  // namespace

std::optional<model::Rulebook> compile_given(const HistoryOptions& options, source::Map& texts, int& exit) {
  exit = bad_input;
  if (const std::string wrong = wrong_with(options); !wrong.empty()) {
    complain(wrong);
    return std::nullopt;
  }
  diagnostics::Sink sink;
  Result<model::Rulebook> rulebook = compile(options.rulebook, Depth::analysed, texts, sink, options.search);
  if (!rulebook) {
    complain(rulebook.error());
    return std::nullopt;
  }
  show(sink, texts);
  exit = sink.has_errors() ? does_not_compile : all_well;
  if (sink.has_errors()) return std::nullopt;
  return std::move(*rulebook);
}

std::optional<model::Rulebook> compile_to_judge(const JudgingOptions& options, source::Map& texts, int& exit) {
  std::optional<model::Rulebook> rulebook = compile_given(options, texts, exit);
  if (!rulebook) return std::nullopt;
  exit = does_not_compile;
  if (!may_run(*rulebook, texts, options.skip_unevaluated)) return std::nullopt;
  exit = bad_input;
  if (!has_rule(*rulebook, options.rule)) return std::nullopt;
  model::Rulebook evaluated = eval::evaluated_part(std::move(*rulebook));
  if (!is_evaluated(evaluated, options.rule)) return std::nullopt;
  exit = all_well;
  return evaluated;
}

Result<eval::Options> clocks_of(const JudgingOptions& options, const time::Zone& zone) {
  const Result<time::Instant> as_of = asked_time("--as-of", options.as_of, zone);
  if (!as_of) return Failure{as_of.error()};
  const Result<time::Instant> known_at = asked_time("--known-at", options.known_at, zone);
  if (!known_at) return Failure{known_at.error()};
  eval::Options clocks{*as_of};
  if (known_at->known()) clocks.known_at = *known_at;
  return clocks;
}

Result<Judged> judge(const JudgingOptions& options, const eval::Options& clocks, const model::Rulebook& rulebook,
                     const history::History& history, const source::Map& texts) {
  Judged judged{clocks, !clocks.as_of.known(), {}};
  if (judged.at_end) {
    const Result<time::Instant> end = end_of(history);
    if (!end) return Failure{end.error()};
    judged.how.as_of = *end;
  }
  Result<eval::Evaluation> evaluation = [&] {
    const Waiting waiting("evaluating");
    return eval::run(rulebook, history, judged.how);
  }();
  if (!evaluation) return Failure{evaluation.error()};
  judged.evaluation = std::move(*evaluation);
  if (const std::string lost = lost_by_output(texts, options.output); !lost.empty()) return Failure{lost};
  return judged;
}

std::string lost_by_output(const source::Map& texts, const std::string& output) {
  if (output.empty() || !was_read(texts, output)) return {};
  return fmt::format("--output: `{}` is an input of this command and would be lost", output);
}

}  // namespace plumb::tool
