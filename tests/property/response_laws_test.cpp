#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "property/laws.h"

/// What is done about verdicts. The other laws hold of responses, too, since every case has some.
namespace plumb::property {
namespace {

bool is_response(const Told& told) { return told.rule.find(".if_") != std::string::npos; }

struct Response {
  std::string rule, subject;
  std::int64_t opened = 0;
  friend auto operator<=>(const Response&, const Response&) = default;
};

// Those that the verdicts of the rules call for, each as often as it is called for.
std::multiset<Response> called_for(const Drawn& drawn, const std::vector<Told>& all) {
  std::multiset<Response> wanted;
  for (const model::Rule& response : drawn.book().rules) {
    if (!response.responds_to) continue;
    const std::string& answered = drawn.book().rules[response.responds_to->rule].name;
    const std::string& verdict = response.responses.front().verdict;
    for (const Told& told : all) {
      if (told.rule != answered) continue;
      if (told.verdict == verdict) wanted.insert({response.name, told.subject, told.settled});
      // What is late was missed first.
      if (told.verdict == "late" && verdict == "missed") wanted.insert({response.name, told.subject, told.deadline});
    }
  }
  return wanted;
}

TEST(Laws, EveryFindingHasEachOfItsResponsesOnce) {
  int responses = 0;
  for_random_cases(Doubts{}, [&](Drawn& drawn) -> std::string {
    const std::vector<Told> all = drawn.told(drawn.of.tables);
    std::multiset<Response> wanted = called_for(drawn, all);
    for (const Told& told : all) {
      if (!is_response(told)) continue;
      ++responses;
      const auto found = wanted.find({told.rule, told.subject, told.opened});
      if (found == wanted.end()) return "nothing calls for " + to_text(told);
      wanted.erase(found);
    }
    if (wanted.empty()) return {};
    return fmt::format("no {} of {}, opened {}", wanted.begin()->rule, wanted.begin()->subject,
                       time::to_text_utc({wanted.begin()->opened}));
  });
  EXPECT_GT(responses, 0);  // that they have every verdict the comparison with the twin sees to
}

}  // namespace
}  // namespace plumb::property
