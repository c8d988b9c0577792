#include "plumb/judging.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "eval/run.h"
#include "plumb/console.h"
#include "time/parse_time.h"

namespace plumb::tool {

bool may_run(const model::Rulebook& rulebook, const source::Map& texts, bool skip) {
  const std::vector<model::Unevaluated> found = eval::unevaluated(rulebook);
  for (const model::Unevaluated& declaration : found) {
    const source::Place place = texts.begin(declaration.span);
    say(fmt::format("{}:{}:{}: {} `{}` is understood and not evaluated yet{}", texts[declaration.span.text].path(),
                    place.line, place.column, declaration.keyword, declaration.name, skip ? ": left out" : ""));
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

bool is_evaluated(const model::Rulebook& evaluated, const std::string& name) {
  const auto named = [&](const model::Rule& rule) { return rule.name == name; };
  if (name.empty() || std::any_of(evaluated.rules.begin(), evaluated.rules.end(), named)) return true;
  complain(fmt::format("--rule: `{}` cannot be evaluated yet", name));
  return false;
}

Result<time::Instant> asked_time(const std::string& option, const std::string& text, const time::Zone& zone) {
  if (text.empty()) return time::Instant::unknown();
  const Result<time::Reading> reading = time::parse_reading(text, zone);
  if (!reading) return Failure{fmt::format("{}: {}", option, reading.error())};
  return reading->at.known() ? reading->at : zone.start_of(reading->day + 1);
}

Result<time::Instant> end_of(const history::History& history) {
  const time::Instant last = history.last_event();
  if (!last.known()) return Failure{"no event of this history has a date: say with --as-of as of when to judge"};
  // Facts before the as-of are seen: the last event is one of them.
  const time::Instant end{last.micros + 1};
  say(fmt::format("as of {}, just after the history's last event: --as-of says otherwise", time::to_text_utc(end)));
  return end;
}

}  // namespace plumb::tool
